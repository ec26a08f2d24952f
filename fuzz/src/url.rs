//! URLs from a caller and from servers: what is taken leads where it was judged to lead.

use super::lines;
use http::Uri;
use mlab_core::download::AddressPolicy;
use mlab_core::flow::poll::{Poll, Step};
use mlab_core::flow::redirects::Redirects;
use mlab_core::wire::{Endpoint, JobId, Key, RawReply, Request, Url};

/// The input: a URL or an endpoint's template, a Location, the id of a job.
pub fn run(data: &[u8]) {
    let [base, location, id] = lines(data);
    check_endpoint(&base, &location, &id);
    check_link(&base);
    let Ok(url) = Url::parse_link(&base) else {
        assert!(Url::parse(&base).is_err(), "{base} is a URL, but no link");
        return;
    };
    check_url(&url);
    if let Ok(as_it_is) = Url::parse(&base) {
        assert_eq!(as_it_is, url, "{base} needs no encoding");
    }
    if let Ok(joined) = url.join(&location) {
        check_url(&joined);
        compare_paths(&url, &location, &joined);
    }
    let mut way = Redirects::from(url);
    let hops = (0..20).take_while(|_| way.follow(302, Some(&location)).is_ok()).count();
    assert!(hops <= 5, "{hops} redirects followed");
    check_url(way.url());
}

/// What is sent is read by the HTTP library's reader of URLs: it must find the same origin and path in it.
fn check_url(url: &Url) {
    let text = url.to_string();
    assert_eq!(Url::parse(&text).as_ref(), Ok(url), "{text} is read as another URL");
    let origin = url.origin();
    let uri: Uri = text.parse().unwrap_or_else(|why| panic!("{text}: {why}"));
    assert_eq!(uri.scheme_str(), Some(if origin.https { "https" } else { "http" }), "{text}");
    assert_eq!(uri.host(), Some(&origin.host[..]), "{text}");
    assert_eq!(uri.port_u16().unwrap_or(if origin.https { 443 } else { 80 }), origin.port, "{text}");
    let authority = uri.authority().expect("an absolute URL").as_str();
    assert!(!authority.contains('@') && text.is_ascii(), "{text}");
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    assert!(text.ends_with(target) && target.starts_with('/'), "{text} {target}");
}

fn check_link(link: &str) {
    let Ok(url) = AddressPolicy::Public.check(link) else { return };
    let origin = url.origin();
    assert!(origin.https && origin.port == 443 && !origin.is_loopback(), "{link}");
    assert!(origin.host.contains('.') && origin.host.parse::<std::net::IpAddr>().is_err(), "{link}");
    assert!(!origin.host.starts_with('['), "{link}");
    assert!(
        AddressPolicy::Local.check(link).is_ok(),
        "{link} may be fetched only if the endpoint is elsewhere"
    );
}

/// RFC 3986, section 5.2.2, as it stands there, for references that have neither scheme nor authority.
fn compare_paths(base: &Url, location: &str, joined: &Url) {
    let has_scheme = location.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
    if has_scheme || location.starts_with("//") {
        return;
    }
    assert_eq!(joined.origin(), base.origin(), "{base} {location}");
    let base_target = target(base);
    let (base_path, base_query) = cut(&base_target);
    let reference = percent_encoded(location.split('#').next().unwrap_or_default());
    let (path, query) = cut(&reference);
    let wanted = if path.is_empty() {
        format!("{base_path}{}", if query.is_empty() { base_query } else { query })
    } else if path.starts_with('/') {
        format!("{}{query}", without_dots(path))
    } else {
        let merged = format!("{}{path}", &base_path[..base_path.rfind('/').map_or(0, |at| at + 1)]);
        format!("{}{query}", without_dots(&merged))
    };
    let got = target(joined);
    assert_eq!(got, wanted, "{base} and {location}");
}

fn percent_encoded(reference: &str) -> String {
    let stays = |byte: &u8| byte.is_ascii_graphic() && !b"\"<>^`{}|".contains(byte);
    reference
        .bytes()
        .map(|byte| if stays(&byte) { char::from(byte).into() } else { format!("%{byte:02X}") })
        .collect()
}

fn target(url: &Url) -> String {
    url.to_string()[url.origin().to_string().len()..].to_owned()
}

/// Path, and query with its question mark.
fn cut(target: &str) -> (&str, &str) {
    target.split_at(target.find('?').unwrap_or(target.len()))
}

/// RFC 3986, section 5.2.4, step by step.
fn without_dots(path: &str) -> String {
    let (mut input, mut output) = (path.to_owned(), String::new());
    while !input.is_empty() {
        if input.starts_with("../") {
            input.drain(..3);
        } else if input.starts_with("./") || input.starts_with("/./") {
            input.drain(..2);
        } else if input == "/." {
            input = "/".into();
        } else if input.starts_with("/../") || input == "/.." {
            input.replace_range(..3.min(input.len()), "");
            if input.is_empty() {
                input.push('/');
            }
            output.truncate(output.rfind('/').unwrap_or(0));
        } else if input == "." || input == ".." {
            input.clear();
        } else {
            let end = input[1..].find('/').map_or(input.len(), |at| at + 1);
            output.extend(input.drain(..end));
        }
    }
    output
}

/// An endpoint that was taken makes a URL for every id, and the key goes nowhere else.
fn check_endpoint(template: &str, location: &str, id: &str) {
    let (Ok(endpoint), Ok(id)) = (Endpoint::new(template), JobId::new(id)) else { return };
    let url = endpoint.url(&id);
    check_url(&url);
    assert_eq!(url.origin(), endpoint.origin(), "{template}");
    assert!(url.origin().https || url.origin().is_loopback(), "{template} sends the key in the clear");
    let text = url.to_string();
    assert!(
        cut(&text).0.split('/').skip(3).any(|segment| segment == id.as_str()),
        "{text} lacks {}",
        id.as_str()
    );
    let key = Key::new("test-key-not-real").expect("a valid key");
    let mut poll = Poll::new(Request::fetch(&endpoint, &id, &key));
    let reply = RawReply { http_status: 307, location: Some(location.to_owned()), ..RawReply::default() };
    for hops in 0.. {
        assert!(hops <= 5, "{text} is redirected without end");
        match poll.reply(&reply) {
            Step::Send => {
                assert_eq!(poll.request().url.origin(), endpoint.origin(), "the key leaves its origin")
            }
            Step::Rule => panic!("a redirect is no answer"),
            Step::Refuse(_) => break,
        }
    }
}
