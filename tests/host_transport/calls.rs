//! Blocking calls: what a host answers them, and what ends them without it.

use crate::host::*;
use crate::quickest::one_of_three_within;
use mlab_core::engine::{Client, Exchange, HostTransport, JobRequest, Report, Transport, fetch_once};
use mlab_core::error::Status;
use mlab_core::flow::plan::Plan;
use mlab_core::net::CancelToken;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

#[test]
fn a_blocking_call_takes_an_answer_given_inside_the_ask() {
    let host = Host::new(|exchange| {
        assert_eq!(exchange.url().to_string(), "https://service.example/fetch/7");
        assert_eq!(exchange.body(), format!(r#"{{"key":"{KEY}"}}"#).into_bytes());
        exchange.reply(ready("a")).expect("the first answer");
    });
    let report = fetch_once(&key(), &id("7"), &settings(&host), &CancelToken::new());
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert_eq!(report.urls.len(), 1);
}

/// It has no bytes that anybody would be told of.
#[test]
fn the_progress_of_a_poll_changes_nothing() {
    let host = Host::new(|exchange| {
        exchange.progress(1, Some(2));
        exchange.progress(2, Some(2));
        exchange.reply(ready("a")).expect("the first answer");
    });
    let report = fetch_once(&key(), &id("7"), &settings(&host), &CancelToken::new());
    assert_eq!((report.status, report.urls.len()), (Status::Ok, 1), "{}", report.message);
}

#[test]
fn a_failure_has_the_hosts_words_and_advice_that_helps() {
    let said = Some("the console said no");
    let rows = [
        (Status::Timeout, said, &["in time: the console said no", "raise the request timeout"][..]),
        (Status::NoResources, said, &["the console said no", "free threads, descriptors or memory"]),
        (Status::TooLarge, said, &["the console said no", "at most 1048576 bytes", "raise the limit"]),
        (Status::TooLarge, None, &["the reply is too large", "at most 1048576 bytes", "raise the limit"]),
        (Status::Redirect, None, &["redirects to elsewhere", "correct the endpoint"]),
        (Status::Network, None, &["the host gave no reason", "try again"]),
        (Status::Network, Some(" "), &["the host gave no reason", "try again"]),
    ];
    for (status, reason, says) in rows {
        let host = Host::new(move |exchange| {
            exchange.fail_with_status(Some(status), reason).expect("the first answer");
        });
        let report = fetch_once(&key(), &id("7"), &settings(&host), &CancelToken::new());
        assert_eq!(report.status, status, "{}", report.message);
        for words in says {
            assert!(report.message.contains(words), "{words}: {}", report.message);
        }
    }
}

#[test]
fn a_call_that_was_cancelled_before_asks_nothing_of_the_host() {
    let host = Host::silent();
    let token = CancelToken::new();
    token.trigger();
    let report = fetch_once(&key(), &id("7"), &settings(&host), &token);
    assert_eq!((report.status, report.attempts, report.id.as_str()), (Status::Cancelled, 0, "7"));
    assert!(host.kept().is_empty());
}

#[test]
fn an_exchange_given_up_is_a_broken_connection() {
    struct Careless;
    impl Transport for Careless {
        fn start(&self, exchange: Exchange) {
            drop(exchange);
        }
        fn cancel(&self, _: u64) {}
    }
    let host = Host::silent();
    let mut settings = settings(&host);
    settings.transport = Some(HostTransport::Called(Arc::new(Careless)));
    let report = fetch_once(&key(), &id("7"), &settings, &CancelToken::new());
    assert_eq!((report.status, report.retryable), (Status::Network, true), "{}", report.message);
}

#[test]
fn a_blocking_call_is_cancelled_from_another_thread() {
    one_of_three_within(Duration::from_millis(250), || {
        let host = Host::silent();
        let token = CancelToken::new();
        let (told, settings) = (token.clone(), settings(&host));
        let call = std::thread::spawn(move || fetch_once(&key(), &id("7"), &settings, &told));
        while host.kept().is_empty() {
            std::thread::yield_now();
        }
        let at = Instant::now();
        token.trigger();
        assert_eq!(call.join().expect("no panic").status, Status::Cancelled);
        let took = at.elapsed();
        assert_eq!(host.cancelled().len(), 1);
        took
    });
}

/// What a host reads that frees its client inside the start function, and then looks whether anybody waits.
fn is_cancelled_once_its_client_ends(call: impl FnOnce(&Client) -> Report) -> (Status, Vec<bool>) {
    let client: Arc<OnceLock<Client>> = Arc::default();
    let seen: Arc<Mutex<Vec<bool>>> = Arc::default();
    let (ending, seeing) = (Arc::clone(&client), Arc::clone(&seen));
    let host = Host::new(move |exchange| {
        let mut seen = seeing.lock().expect("not poisoned");
        seen.push(exchange.is_cancelled());
        ending.get().expect("the client of the call").close_for_good(true);
        seen.push(exchange.is_cancelled());
    });
    let client = client.get_or_init(|| Client::new(key(), settings(&host)));
    let status = call(client).status;
    let seen = seen.lock().expect("not poisoned").clone();
    (status, seen)
}

#[test]
fn nobody_waits_for_an_exchange_once_its_start_has_freed_the_client() {
    let fetched = is_cancelled_once_its_client_ends(|client| client.fetch(&id("7"), &CancelToken::new()));
    assert_eq!(fetched, (Status::Closed, vec![false, true]));
    let order = JobRequest { id: id("7"), plan: Plan::default(), destination: None, image_events: false };
    let waited =
        is_cancelled_once_its_client_ends(|client| client.wait(&order, &CancelToken::new(), |_| true));
    assert_eq!(waited, (Status::Closed, vec![false, true]));
}
