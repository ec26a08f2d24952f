//! Where redirects of an image lead. Unlike a poll's they may leave the origin, since no key goes with them; whether the
//! place may be fetched from is judged at each redirect by whoever asks.

use crate::error::{Error, Status};
use crate::wire::Url;

/// Redirects followed within one poll, or one try at an image.
pub(super) const MAX_REDIRECTS: usize = 5;

/// The redirects of one try at an image.
#[derive(Debug)]
pub struct Redirects(Vec<Url>);

impl Redirects {
    /// A try that begins here.
    pub fn from(url: Url) -> Redirects {
        Redirects(vec![url])
    }

    /// Where it stands.
    pub fn url(&self) -> &Url {
        &self.0[self.0.len() - 1]
    }

    /// Goes on to where a reply with a 3xx status leads.
    pub fn follow(&mut self, http_status: u16, location: Option<&str>) -> Result<(), Error> {
        let refuse = |reason: String| Err(Error::Refused { kind: Status::Redirect, text: reason });
        if !matches!(http_status, 301 | 302 | 303 | 307 | 308) {
            return refuse(format!("the image's server answered HTTP {http_status}, which leads nowhere"));
        }
        let Some(location) = location else {
            return refuse(format!("the image's server answered HTTP {http_status} without a Location"));
        };
        let next = match self.url().join(location.trim()) {
            Ok(url) => url,
            Err(reason) => return Err(Error::UnsafeUrl(format!("a redirect leads to a URL that {reason}"))),
        };
        if self.0.contains(&next) {
            return refuse("the image's server redirects in a circle".into());
        }
        if self.0.len() > MAX_REDIRECTS {
            return refuse(format!("the image's server redirects more than {MAX_REDIRECTS} times"));
        }
        self.0.push(next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_that_names_no_place_is_refused_and_the_try_stays_where_it_is() {
        let url = Url::parse("https://images.example/0.png").expect("a URL");
        for (http_status, location, says) in [
            (302, None, "HTTP 302 without a Location"),
            (308, None, "HTTP 308 without a Location"),
            (304, Some("/1.png"), "HTTP 304, which leads nowhere"),
        ] {
            let mut redirects = Redirects::from(url.clone());
            let refused = redirects.follow(http_status, location).expect_err("refused");
            assert_eq!(refused.status(), Status::Redirect, "{refused}");
            assert!(refused.to_string().contains(says), "{refused}");
            assert_eq!(redirects.url(), &url);
        }
    }
}
