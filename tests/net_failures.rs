//! Failures told apart: each has the status that says whose it is, and a message that says what to do.

#[path = "net_call/mod.rs"]
mod call;
#[path = "net_failures/child.rs"]
mod child;
#[path = "net_failures/privileged.rs"]
mod privileged;
#[path = "net_failures/proxies.rs"]
mod proxies;
#[path = "net_failures/scarce.rs"]
mod scarce;
#[path = "support/tool.rs"]
#[allow(dead_code, reason = "this binary uses its part")]
mod tool;
#[path = "net_failures/tunnel.rs"]
mod tunnel;

use call::{ID, KEY, fetch, links, settings, settings_trusting};
use mlab_core::engine::fetch_once;
use mlab_core::error::Status;
use mlab_core::net::{CancelToken, Names, ProxySetting};
use mlab_core::wire::{JobId, Key};
use mlab_standin::{Job, Options, Standin};
use std::io;
use std::net::IpAddr;
use std::thread;

#[test]
fn a_refused_connection_is_a_failure_to_connect() {
    // Port 1 (tcpmux, RFC 1078) is one that nobody has listened on for long.
    for origin in ["http://127.0.0.1", "https://127.0.0.1", "http://localhost", "https://localhost"] {
        let report = fetch(&settings(&format!("{origin}:1/{{id}}")));
        assert_eq!(report.status, Status::Connect, "{origin}: {}", report.message);
        let host = origin.split_once("//").expect("a URL").1;
        assert!(report.message.contains(&format!("cannot connect to {host}:1")), "{}", report.message);
        assert!(report.message.contains("refused; check network and firewall"), "{}", report.message);
        assert!(report.retryable && report.http_status == 0 && report.body.is_empty(), "{origin}");
        assert_eq!((report.id.as_str(), report.attempts), (ID, 1), "{origin}");
    }
}

#[test]
fn a_name_that_leads_nowhere_is_a_failure_to_look_it_up() {
    type Lookup = fn(&str) -> io::Result<Vec<IpAddr>>;
    let lookups: [(Lookup, &str); 3] = [
        (|_| Err(io::Error::other("no such name")), "no such name"),
        (|_| Ok(Vec::new()), "no address"),
        (|name| Err(io::Error::other(format!("{name}\r\n\x07is bad"))), "is bad"),
    ];
    for (lookup, says) in lookups {
        let mut settings = settings("https://elsewhere.invalid/{id}");
        settings.net.proxy = ProxySetting::None;
        settings.net.names = Names::with(lookup);
        let report = fetch(&settings);
        assert_eq!(report.status, Status::Resolve, "{}", report.message);
        assert!(report.message.starts_with("cannot look up elsewhere.invalid: "), "{}", report.message);
        assert!(
            report.message.contains(says) && !report.message.contains(char::is_control),
            "{}",
            report.message
        );
        assert!(report.retryable);
    }
}

#[test]
fn one_shot_calls_from_many_threads_get_each_its_own_answer() {
    const THREADS: usize = 8;
    const CALLS: usize = 12;
    let standin = Standin::start(Options::default()).expect("the stand-in");
    let key = Key::new(KEY).expect("a valid key");
    // Half of them share one TLS configuration from its first use on.
    let secure = settings_trusting(&standin.https_endpoint(), standin.ca_pem());
    let plain = settings(&standin.http_endpoint());
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (standin, key) = (&standin, &key);
            let settings = if number % 2 == 0 { &secure } else { &plain };
            scope.spawn(move || {
                for call in 0..CALLS {
                    let id = format!("job-{number}-{call}");
                    standin.add_job(Job::new(&id));
                    let job = JobId::new(&id).expect("a valid id");
                    let report = fetch_once(key, &job, settings, &CancelToken::new());
                    assert_eq!(report.status, Status::Ok, "{id}: {}", report.message);
                    assert_eq!(report.id, id);
                    assert!(links(&report)[0].contains(&id), "{id}: {:?}", links(&report));
                }
            });
        }
    });
    let calls = (THREADS * CALLS) as u64;
    assert_eq!((standin.counts().connections, standin.counts().requests), (calls, calls));
    assert!(standin.counts().resumed >= calls / 2 - THREADS as u64, "{:?}", standin.counts());
}
