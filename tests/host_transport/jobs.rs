//! Jobs whose exchanges a host performs, in whatever order it answers, or never.

use crate::host::*;
use mlab_core::engine::{Client, HostTransport, fetch_once};
use mlab_core::error::{Error, Phase, Status};
use mlab_core::net::CancelToken;
use mlab_core::wire::RawReply;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Whether the key is in a text: as it is, or as the numbers that bytes are shown as.
fn shows_the_key(text: &str) -> bool {
    let numbers = format!("{:?}", KEY.as_bytes());
    text.contains(KEY) || text.contains(numbers.trim_matches(['[', ']']))
}

#[test]
fn the_key_is_not_in_the_debug_text_of_a_client_or_an_exchange() {
    let mut settings = settings(&Host::silent());
    settings.transport = Some(HostTransport::Pulled);
    let client = Client::new(key(), settings);
    submit(&client, "7");
    assert!(client.next_event(Duration::ZERO).is_err());
    assert!(!shows_the_key(&format!("{client:?}")), "an exchange waits to be pulled");
    let exchange = client.next_exchange(Duration::ZERO).expect("a poll");
    assert!(exchange.body().windows(KEY.len()).any(|bytes| bytes == KEY.as_bytes()));
    assert!(!shows_the_key(&format!("{exchange:?}")));
    let echo = format!(r#"{{"status":"error","message":"no such key: {KEY}"}}"#);
    let headers = format!("Location: https://service.example/{KEY}");
    exchange.reply_with_headers(200, &headers, Some(echo.into_bytes())).expect("the first answer");
    assert!(!shows_the_key(&format!("{client:?}")), "a reply with it waits to be taken in");
}

#[test]
fn a_redirect_within_the_origin_is_asked_of_the_host_again_and_one_elsewhere_is_not() {
    for (location, wanted, asked) in
        [("/moved", Status::Ok, 2), ("https://other.example/moved", Status::Redirect, 1)]
    {
        let host = Host::new(move |exchange| {
            let moved = exchange.url().to_string().ends_with("/moved");
            let redirect =
                RawReply { http_status: 307, location: Some(location.to_owned()), ..RawReply::default() };
            exchange.reply(if moved { ready("a") } else { redirect }).expect("the first answer");
        });
        let client = Client::new(key(), settings(&host));
        assert_eq!(client.fetch(&id("7"), &CancelToken::new()).status, wanted);
        assert_eq!(host.kept().len(), asked);
        submit(&client, "8");
        assert_eq!(report(&done(&client, 1)[0]).status, wanted);
        assert_eq!(host.kept().len(), 2 * asked);
    }
}

#[test]
fn a_jobs_redirects_keep_to_the_budget_and_their_wait_is_not_the_hosts_time() {
    let host = Host::new(|exchange| {
        let next = match exchange.url().to_string().as_str() {
            "https://service.example/fetch/8" => Some("/one"),
            "https://service.example/one" => Some("/two"),
            _ => None,
        };
        let redirect =
            |to: &str| RawReply { http_status: 307, location: Some(to.into()), ..RawReply::default() };
        exchange.reply(next.map_or_else(|| ready("a"), redirect)).expect("the first answer");
    });
    let mut settings = settings(&host);
    settings.set_requests_per_second(1.0).expect("a valid rate");
    settings.set_request_timeout_ms(900).expect("in range");
    let client = Client::new(key(), settings);
    let start = Instant::now();
    submit(&client, "8");
    let done = done(&client, 1);
    assert_eq!((report(&done[0]).status, report(&done[0]).attempts), (Status::Ok, 1));
    assert!(start.elapsed() >= Duration::from_millis(1_990), "three requests in {:?}", start.elapsed());
    assert_eq!(host.kept().len(), 3);
}

#[test]
fn an_exchange_answered_twice_keeps_the_first_answer() {
    let host = Host::new(|exchange| {
        exchange.reply(ready("first")).expect("the first answer");
        assert!(exchange.reply(ready("second")).is_err());
        assert!(exchange.fail(Error::Cancelled).is_err());
    });
    let client = Client::new(key(), settings(&host));
    submit(&client, "7");
    let done = done(&client, 1);
    let urls: Vec<&[u8]> = report(&done[0]).urls.iter().collect();
    assert_eq!(urls, [b"https://img.example/first.png"]);
    assert_eq!(client.next_event(Duration::ZERO).ok().map(|event| event.job), None);
}

#[test]
fn a_host_that_never_answers_is_told_when_nobody_waits_any_more() {
    let host = Host::silent();
    let late = fetch_once(&key(), &id("7"), &settings(&host), &CancelToken::new());
    assert_eq!(late.status, Status::Timeout);
    let first = host.kept()[0].id();
    assert_eq!(host.cancelled(), [first]);
    // A late answer finds nobody, and harms nothing.
    host.kept()[0].reply(ready("late")).expect("the first answer");

    let client = Client::new(key(), settings(&host));
    let job = submit(&client, "8");
    assert!(client.next_event(Duration::ZERO).is_err());
    client.cancel_job(job).expect("an open job");
    let second = host.kept()[1].id();
    assert_eq!(host.cancelled(), [first, second]);
    assert_eq!(report(&done(&client, 1)[0]).status, Status::Cancelled);
    host.kept()[1].reply(ready("late")).expect("the first answer");
    assert!(client.next_event(Duration::ZERO).is_err());
}

#[test]
fn jobs_end_in_whatever_order_and_from_whatever_thread_the_host_answers() {
    let host = Host::silent();
    let mut settings = settings(&host);
    settings.set_workers(8).expect("in range");
    let client = Client::new(key(), settings);
    let jobs: Vec<u64> = (0..8).map(|n| submit(&client, &format!("job-{n}"))).collect();
    assert!(client.next_event(Duration::ZERO).is_err());
    assert_eq!(host.kept().len(), 8);
    let answerer = {
        let host = Arc::clone(&host);
        std::thread::spawn(move || {
            for exchange in host.kept().drain(..).rev() {
                exchange.reply(ready("x")).expect("the first answer");
            }
        })
    };
    let done = done(&client, 8);
    answerer.join().expect("no panic");
    let order: Vec<u64> = done.iter().map(|event| event.job).collect();
    assert_eq!(order, jobs.into_iter().rev().collect::<Vec<_>>());
    assert!(done.iter().all(|event| report(event).status == Status::Ok && event.tag == 7));
    assert_eq!(client.pending(), 0);
}

#[test]
fn no_more_exchanges_than_workers_are_under_way_at_once() {
    let host = Host::silent();
    let mut settings = settings(&host);
    settings.set_workers(4).expect("in range");
    let client = Client::new(key(), settings);
    for n in 0..20 {
        submit(&client, &format!("job-{n}"));
    }
    let mut ended = 0;
    while ended < 20 {
        ended += usize::from(client.next_event(Duration::ZERO).is_ok_and(|event| event.done.is_some()));
        assert!(host.kept().len() <= 4);
        if let Some(exchange) = host.kept().pop() {
            exchange.reply(ready("x")).expect("the first answer");
        }
    }
}

#[test]
fn a_failing_host_is_asked_again_and_a_permanent_failure_ends_the_job() {
    let asked = Mutex::new(0);
    let host = Host::new(move |exchange| {
        let mut asked = asked.lock().expect("not poisoned");
        *asked += 1;
        let (host, reason) = (exchange.host(), "no route".to_owned());
        let broken = Error::Network { host: host.clone(), phase: Phase::Receive, reason: reason.clone() };
        let untrusted = Error::Tls { host, reason };
        exchange.fail(if *asked == 1 { broken } else { untrusted }).expect("the first answer");
    });
    let client = Client::new(key(), settings(&host));
    submit(&client, "7");
    let done = done(&client, 1);
    assert_eq!((report(&done[0]).status, report(&done[0]).attempts), (Status::Tls, 2));
}

#[test]
fn closing_a_client_tells_the_host_and_delivers_every_end() {
    let host = Host::silent();
    let client = Client::new(key(), settings(&host));
    for n in 0..3 {
        submit(&client, &format!("job-{n}"));
    }
    assert!(client.next_event(Duration::ZERO).is_err());
    assert!(client.shut_down(Duration::from_secs(1)).is_ok());
    assert_eq!(host.cancelled().len(), 3);
    let ends: Vec<Status> = done(&client, 3).iter().map(|event| report(event).status).collect();
    assert_eq!(ends, [Status::Closed; 3]);
    drop(client);
    for exchange in host.kept().drain(..) {
        exchange.reply(ready("late")).expect("the first answer");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_library_makes_no_thread_and_no_socket() {
    let socket = |entry: std::io::Result<std::fs::DirEntry>| {
        let target = std::fs::read_link(entry.ok()?.path()).ok()?;
        target.to_string_lossy().starts_with("socket:").then_some(())
    };
    let host = Host::new(|exchange| exchange.reply(ready("a")).expect("the first answer"));
    let client = Client::new(key(), settings(&host));
    for n in 0..50 {
        submit(&client, &format!("job-{n}"));
    }
    done(&client, 50);
    let names = std::fs::read_dir("/proc/self/task")
        .expect("Linux")
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    assert_eq!(names.filter(|name| name.starts_with("mlab-")).count(), 0);
    assert_eq!(std::fs::read_dir("/proc/self/fd").expect("Linux").filter_map(socket).count(), 0);
}
