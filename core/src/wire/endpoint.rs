//! Where a job is asked for: the endpoint template and the job's id.

use super::url::{Origin, Url};
use crate::error::Error;
use std::sync::Arc;

/// The place of the id in an endpoint template.
const PLACEHOLDER: &str = "{id}";

/// A URL template with `{id}` as one whole path segment; https, or http to this machine itself (contract, section 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    origin: Origin,
    /// Path and query around the id, as they were checked: each poll needs its URL, and to read it anew takes longer than
    /// to put it together.
    before: String,
    after: String,
}

impl Endpoint {
    /// The documented endpoint for queued Flux images.
    pub const DEFAULT: &'static str = "https://modelslab.com/api/v1/enterprise/flux/fetch/{id}";

    /// Checks a template. The error names the parameter `url_template`.
    pub fn new(template: &str) -> Result<Endpoint, Error> {
        let refuse = |reason: String| Error::argument("url_template", reason);
        let path = template.split(['?', '#']).next().unwrap_or_default();
        let whole = path.split('/').skip(3).filter(|segment| *segment == PLACEHOLDER).count();
        if whole != 1 || template.matches(PLACEHOLDER).count() != 1 {
            return Err(refuse("must hold {id} once, as a whole path segment: …/fetch/{id}".into()));
        }
        if template.contains('#') {
            return Err(refuse("holds a fragment, which is never sent; remove it from the # on".into()));
        }
        // With the longest id, so that no id makes a URL that is too long.
        let url = Url::parse(&template.replace(PLACEHOLDER, &"9".repeat(JobId::MAX_LEN))).map_err(refuse)?;
        let after = template.split(PLACEHOLDER).nth(1).unwrap_or_default();
        let before = &url.target()[..url.target().len() - after.len() - JobId::MAX_LEN];
        let origin = url.origin().clone();
        if !origin.https && !origin.is_loopback() {
            return Err(refuse("is http, which would send the key in the clear; use https".into()));
        }
        Ok(Endpoint { before: before.to_owned(), after: after.to_owned(), origin })
    }

    /// The URL of one job.
    pub fn url(&self, id: &JobId) -> Url {
        Url::at(self.origin.clone(), [&self.before, id.as_str(), &self.after].concat())
    }

    /// Scheme, host and port of every request to this endpoint.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Endpoint::new(Self::DEFAULT).expect("the built-in endpoint is valid")
    }
}

/// The id of a job: `[A-Za-z0-9._~-]{1,128}`, neither `.` nor `..`, so that it cannot leave its path segment.
/// Clones share the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(Arc<str>);

impl JobId {
    /// The longest id accepted, in bytes.
    pub const MAX_LEN: usize = 128;

    /// Checks an id. The error names the parameter `id`.
    pub fn new(id: &str) -> Result<JobId, Error> {
        let refuse = |reason: String| Err(Error::argument("id", reason));
        if id.is_empty() {
            return refuse("is empty; pass the id that the generation call returned".into());
        }
        if id.len() > Self::MAX_LEN {
            return refuse(format!("is longer than {} bytes", Self::MAX_LEN));
        }
        if let Some(bad) = id.chars().find(|c| !(c.is_ascii_alphanumeric() || "._~-".contains(*c))) {
            return refuse(format!("holds {bad:?}; letters, digits and . _ ~ - are allowed"));
        }
        if id == "." || id == ".." {
            return refuse("is . or .., which would name another path".into());
        }
        Ok(JobId(id.into()))
    }

    /// The id as it stands in the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_https_and_has_the_id_as_one_whole_segment() {
        for good in [
            Endpoint::DEFAULT,
            "https://modelslab.com/api/v6/images/fetch/{id}?v=1",
            "http://127.0.0.1:8080/fetch/{id}",
            "http://[::1]:8080/{id}/x",
            "HTTPS://Modelslab.com/{id}",
            "https://modelslab.com/999999999/{id}/9?9=9",
        ] {
            let endpoint = Endpoint::new(good).expect(good);
            let id = JobId::new("9").expect("an id");
            assert_eq!(Ok(endpoint.url(&id)), Url::parse(&good.replace("{id}", "9")), "{good}");
        }
        for bad in [
            "",
            "modelslab.com/{id}",
            "https://modelslab.com/fetch/",
            "https://modelslab.com/fetch/x{id}",
            "https://modelslab.com/{id}/{id}",
            "https://modelslab.com/fetch?id={id}",
            "https://{id}/fetch",
            "https://modelslab.com/{id}#x",
            "http://modelslab.com/fetch/{id}",
            "ftp://modelslab.com/{id}",
            "https://user@modelslab.com/{id}",
            "https://modelslab.com:99999/{id}",
            "https://modelslab.com/a b/{id}",
            "https://modelslab.com/{x}/{id}",
            "https:///{id}",
        ] {
            let refused = Endpoint::new(bad).expect_err(bad).to_string();
            assert!(refused.starts_with("url_template "), "{bad}: {refused}");
        }
    }

    #[test]
    fn the_longest_template_takes_the_longest_id() {
        let template = |path: usize| format!("https://modelslab.com/{}/{{id}}", "a".repeat(path));
        let longest = (0..8192).rev().find_map(|path| Endpoint::new(&template(path)).ok());
        let id = JobId::new(&"9".repeat(JobId::MAX_LEN)).expect("an id of the greatest length");
        let url = longest.expect("a template that is taken").url(&id).to_string();
        assert!(url.ends_with(id.as_str()), "{url}");
    }

    #[test]
    fn an_id_stays_within_its_path_segment() {
        for good in ["12202888", "abc123-def456", "a._~-Z", &"9".repeat(128)] {
            let url = Endpoint::default().url(&JobId::new(good).expect(good));
            assert_eq!(url.to_string(), Endpoint::DEFAULT.replace("{id}", good));
        }
        for bad in ["", ".", "..", "a/b", "a%2fb", "a b", "é", "1\n", "?", "a\0", &"9".repeat(129)] {
            assert!(JobId::new(bad).is_err(), "{bad:?}");
        }
    }
}
