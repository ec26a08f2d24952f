//! Redirects that are refused, as data.

/// One redirect and why it is refused.
pub(crate) struct Refused {
    /// What is wrong with it.
    pub(crate) name: &'static str,
    /// Status line and headers; `{authority}` becomes the redirecting server's own, `{port}` its port.
    pub(crate) head: String,
    /// Where the redirecting server stands: with TLS or without.
    pub(crate) from: &'static [bool],
    /// A part of the message: the origin of the target where there is one.
    pub(crate) says: String,
}

const PLAIN: &[bool] = &[false];
const TLS: &[bool] = &[true];
const BOTH: &[bool] = &[false, true];

/// `secure` and `plain` are the ports of two servers that must stay silent.
pub(crate) fn rows(secure: u16, plain: u16) -> Vec<Refused> {
    let mut rows = targets(secure, plain);
    rows.extend(codes());
    rows.extend(without_target());
    rows
}

fn targets(secure: u16, plain: u16) -> Vec<Refused> {
    let long = format!("https://elsewhere.invalid/{}", "x".repeat(20_000));
    [
        ("another port with TLS", BOTH, "https://localhost:{secure}/x", "https://localhost:{secure}"),
        ("another port", PLAIN, "http://127.0.0.1:{plain}/x", "http://127.0.0.1:{plain}"),
        ("another port without a scheme", PLAIN, "//127.0.0.1:{plain}/x", "http://127.0.0.1:{plain}"),
        (
            "another port with TLS and without a scheme",
            TLS,
            "//localhost:{secure}/x",
            "https://localhost:{secure}",
        ),
        ("the default port", TLS, "https://localhost/x", "https://localhost,"),
        ("another host", BOTH, "https://elsewhere.invalid/x?y#z", "https://elsewhere.invalid,"),
        ("a URL of 20 KiB", BOTH, &long, "longer than 4096 bytes"),
        ("another name of the same machine", PLAIN, "http://localhost:{port}/x", "http://localhost:"),
        ("another address of the same machine", TLS, "https://127.0.0.1:{port}/x", "https://127.0.0.1:"),
        ("an address of IPv6", PLAIN, "http://[::1]:{plain}/x", "http://[::1]:{plain}"),
        ("a host below the own", TLS, "https://a.localhost:{port}/x", "https://a.localhost:"),
        ("a host with a dot at its end", TLS, "https://localhost.:{port}/x", "https://localhost.:"),
        ("TLS given up", TLS, "http://{authority}/x", "http://localhost:"),
        ("TLS taken up", PLAIN, "https://{authority}/x", "https://127.0.0.1:"),
        ("the own name as a user name", PLAIN, "http://{authority}@127.0.0.1:{plain}/x", "user name"),
        ("a user name at the own origin", BOTH, "https://user:word@{authority}/x", "user name"),
        ("slashes the wrong way round", PLAIN, "/\\127.0.0.1:{plain}/x", "to a URL that"),
        (
            "slashes the wrong way round after a scheme",
            PLAIN,
            "http:\\\\127.0.0.1:{plain}/x",
            "to a URL that",
        ),
        ("one slash too few", BOTH, "https:/{authority}/x", "to a URL that"),
        ("another scheme", BOTH, "ftp://{authority}/x", "to a URL that"),
        ("a script", BOTH, "javascript:alert(1)", "to a URL that"),
        ("data", BOTH, "data:application/json,{}", "to a URL that"),
        ("a file", BOTH, "file:///etc/hostname", "to a URL that"),
        ("no host", BOTH, "https:///x", "to a URL that"),
        ("an open bracket", BOTH, "https://[::1/x", "to a URL that"),
        ("a space in the host", BOTH, "https://a b/x", "to a URL that"),
        ("a tab in the path", BOTH, "/a\tb", "to a URL that"),
        ("port 0", BOTH, "https://localhost:0/x", "to a URL that"),
        ("a port past 65535", BOTH, "https://localhost:65536/x", "to a URL that"),
        ("a port that is no number", BOTH, "https://localhost:x/x", "to a URL that"),
    ]
    .into_iter()
    .map(|(name, from, location, says)| {
        let filled =
            |text: &str| text.replace("{secure}", &secure.to_string()).replace("{plain}", &plain.to_string());
        Refused { name, head: super::head(307, &filled(location)), from, says: filled(says) }
    })
    .collect()
}

/// Codes that mean something else than "the same request, there", whether or not the target itself would be right.
fn codes() -> Vec<Refused> {
    let codes = [
        ("multiple choices", 300),
        ("see other", 303),
        ("not modified", 304),
        ("use proxy", 305),
        ("an unused code", 306),
        ("a code that nobody defined", 399),
    ];
    let places = [
        ("/v2", " points to http://127.0.0.1:"),
        ("https://Elsewhere.invalid:444/x", " points to https://elsewhere.invalid:444;"),
        ("https://a b/", " points to a URL that holds"),
    ];
    let row = |name, head, says| Refused { name, head, from: PLAIN, says };
    let mut rows = Vec::new();
    for (name, code) in codes {
        let why = format!("HTTP {code}, which is no redirect of this call");
        for (location, points) in places {
            rows.push(row(name, super::head(code, location), format!("{why}, and{points}")));
        }
        rows.push(row(name, format!("HTTP/1.1 {code} ServerText\r\nX: y"), format!("{why};")));
    }
    rows
}

fn without_target() -> Vec<Refused> {
    [("no Location", "HTTP/1.1 302 Found\r\nX: y")]
        .into_iter()
        .map(|(name, head)| Refused { name, head: head.into(), from: BOTH, says: "without a".into() })
        .collect()
}
