//! Images over the host's own HTTP, called and pulled; and what ends a wait there.

#[path = "download_call/mod.rs"]
mod call;

use call::{Folder, test_image};
use mlab_core::download::Destination;
use mlab_core::engine::{
    Client, Event, Exchange, ExchangeKind, HostTransport, ImageRequest, JobRequest, NoEvent, Report,
    Settings, Transport,
};
use mlab_core::error::{Error, Status};
use mlab_core::flow::plan::Plan;
use mlab_core::net::CancelToken;
use mlab_core::wire::{Endpoint, JobId, Key};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(20);
const MEMORY: Destination = Destination::Memory { most: 1 << 20 };

/// What the host does with an exchange as soon as it is asked.
type Answering = dyn Fn(Exchange) + Send + Sync;

struct Host(Box<Answering>, Mutex<Vec<u64>>);

impl Host {
    fn new(answering: impl Fn(Exchange) + Send + Sync + 'static) -> Arc<Host> {
        Arc::new(Host(Box::new(answering), Mutex::default()))
    }
}

impl Transport for Host {
    fn start(&self, exchange: Exchange) {
        (self.0)(exchange);
    }

    fn cancel(&self, id: u64) {
        self.1.lock().expect("not poisoned").push(id);
    }
}

fn settings(transport: HostTransport) -> Settings {
    let endpoint = Endpoint::new("https://service.example/fetch/{id}").expect("a valid endpoint");
    let mut settings = Settings::with_endpoint(endpoint);
    settings.transport = Some(transport);
    settings
}

fn client(transport: HostTransport) -> Client {
    Client::new(Key::new("test-key-not-real").expect("a valid key"), settings(transport))
}

fn called(answering: impl Fn(Exchange) + Send + Sync + 'static) -> Client {
    client(HostTransport::Called(Host::new(answering)))
}

fn order(destination: Destination) -> JobRequest {
    let id = JobId::new("7").expect("a valid id");
    JobRequest { id, plan: Plan::default(), destination: Some(destination), image_events: false }
}

/// The reply that lists these links.
fn list(exchange: &Exchange, links: &[&str]) {
    let links: Vec<String> = links.iter().map(|link| format!("{link:?}")).collect();
    let body = format!(r#"{{"status":"success","output":[{}]}}"#, links.join(","));
    exchange
        .reply_with_headers(200, "Content-Type: application/json", Some(body.into_bytes()))
        .expect("a reply");
}

const LINK: &str = "https://images.modelslab.com/0.png";

/// Answers polls with [`LINK`], and images with `image`.
fn serving(image: impl Fn(&Exchange) + Send + Sync + 'static) -> Client {
    called(move |exchange| match exchange.kind() {
        ExchangeKind::Poll => list(&exchange, &[LINK]),
        ExchangeKind::Image => image(&exchange),
    })
}

fn wait(client: &Client, destination: Destination) -> Report {
    client.wait(&order(destination), &CancelToken::new(), |_| true)
}

fn bytes(report: &Report) -> Option<&[u8]> {
    report.images.first()?.as_ref()?.bytes.as_deref()
}

fn done(client: &Client) -> (Vec<Event>, Report) {
    let mut told = Vec::new();
    loop {
        let mut event = client.next_event(LONG).expect("an event in time");
        if let Some(report) = event.done.take() {
            return (told, report);
        }
        told.push(event);
    }
}

#[test]
fn an_image_is_an_exchange_without_key_and_header_of_the_client() {
    let client = serving(|exchange| {
        assert_eq!((exchange.url().to_string().as_str(), exchange.body()), (LINK, &[][..]));
        assert_eq!(exchange.headers().count(), 0);
        assert_eq!(exchange.body_limit(), 1 << 20);
        exchange.reply_with_headers(200, "", Some(test_image("host"))).expect("a reply");
    });
    let report = wait(&client, MEMORY);
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert_eq!(bytes(&report), Some(&test_image("host")[..]));
}

#[test]
fn an_image_comes_in_pieces_and_is_told_of_as_it_comes() {
    let image = test_image("pieces");
    let length = image.len();
    let client = serving(move |exchange| {
        exchange.reply_with_headers(200, &format!("Content-Length: {length}"), None).expect("a head");
        for piece in image.chunks(10) {
            exchange.write(piece).expect("wanted");
        }
        exchange.write(&[]).expect("the end");
        assert_eq!(exchange.write(b"more"), Err(Error::Closed));
    });
    client.submit(&order(MEMORY), 0).expect("a job");
    let (told, report) = done(&client);
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert_eq!(bytes(&report), Some(&test_image("pieces")[..]));
    assert!(told.iter().all(|event| event.bytes_total == Some(length as u64) || event.bytes_done == 0));
}

#[test]
fn an_image_goes_into_its_file_on_a_thread_of_ours() {
    let folder = Folder::new();
    let client = serving(|exchange| {
        exchange.reply_with_headers(200, "", Some(test_image("file"))).expect("a reply");
    });
    client
        .submit(&order(Destination::Folder(folder.path("").trim_end_matches('/').to_owned())), 0)
        .expect("a job");
    let (_, report) = done(&client);
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert_eq!(folder.names(), ["7-0.png"]);
    assert!(client.shut_down(LONG).is_ok());
}

#[test]
fn redirects_of_images_are_judged_one_by_one() {
    for (location, status) in
        [("https://other.modelslab.com/1.png", Status::Ok), ("https://10.0.0.1/1.png", Status::UnsafeUrl)]
    {
        let client = serving(move |exchange| {
            let moved = exchange.url().to_string() != LINK;
            let head = format!("Location: {location}");
            let answer =
                if moved { (200, "", Some(test_image("moved"))) } else { (302, head.as_str(), None) };
            exchange.reply_with_headers(answer.0, answer.1, answer.2).expect("a reply");
        });
        let report = wait(&client, MEMORY);
        assert_eq!(report.status, status, "{location}: {}", report.message);
    }
}

#[test]
fn what_broke_off_goes_on_where_it_was() {
    let (image, broke) = (test_image("resumed"), AtomicBool::new(false));
    let client = serving(move |exchange| {
        let (first, rest) = image.split_at(20);
        if !broke.swap(true, Ordering::AcqRel) {
            let head = format!("Content-Length: {}\nETag: \"tag\"", image.len());
            exchange.reply_with_headers(200, &head, None).expect("a head");
            exchange.write(first).expect("wanted");
            return exchange
                .fail_with_status(Some(Status::Network), Some("it broke"))
                .expect("the first answer");
        }
        let headers: Vec<(&str, &str)> = exchange.headers().collect();
        assert_eq!(headers, [("Range", "bytes=20-"), ("If-Range", "\"tag\"")]);
        let range = format!("Content-Range: bytes 20-{}/{}\nETag: \"tag\"", image.len() - 1, image.len());
        exchange.reply_with_headers(206, &range, Some(rest.to_vec())).expect("a reply");
    });
    let report = wait(&client, MEMORY);
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert_eq!(bytes(&report), Some(&test_image("resumed")[..]));
}

#[test]
fn a_transport_that_gives_an_image_up_is_quoted_without_advice_for_polls() {
    let client = serving(|exchange| {
        exchange.fail_with_status(Some(Status::NoResources), Some("no socket is free")).expect("an answer");
    });
    let report = wait(&client, MEMORY);
    assert_eq!(report.status, Status::NoResources, "{}", report.message);
    assert!(report.message.contains("no socket is free"), "{}", report.message);

    let mut settings = settings(HostTransport::Called(Host::new(|exchange| match exchange.kind() {
        ExchangeKind::Poll => list(&exchange, &[LINK]),
        ExchangeKind::Image => {
            exchange.fail_with_status(Some(Status::Timeout), Some("no byte for 30 s")).expect("an answer");
        }
    })));
    settings.link_grace = Duration::ZERO;
    settings.set_retries(0).expect("in range");
    let report = wait(&Client::new(Key::new("test-key-not-real").expect("a valid key"), settings), MEMORY);
    assert_eq!(report.status, Status::Timeout, "{}", report.message);
    assert!(report.message.contains("no byte for 30 s"), "{}", report.message);
    assert!(!report.message.contains("request timeout"), "{}", report.message);
}

#[test]
fn an_image_that_is_too_large_is_refused_while_it_comes() {
    let client = serving(|exchange| {
        exchange.reply_with_headers(200, "", None).expect("a head");
        let flood = test_image("flood").repeat(10_000);
        let refused = flood.chunks(4096).map(|piece| exchange.write(piece)).find(Result::is_err);
        assert!(refused.is_some(), "all of it was taken");
        assert_eq!(exchange.write(&[]), Err(Error::Closed));
    });
    let report = wait(&client, MEMORY);
    assert_eq!(report.status, Status::TooLarge, "{}", report.message);
}

#[test]
fn exchanges_are_pulled_and_answered_by_another_thread() {
    let client = client(HostTransport::Pulled);
    thread::scope(|scope| {
        let puller = scope.spawn(|| {
            let mut kinds = Vec::new();
            loop {
                match client.next_exchange(LONG) {
                    Ok(exchange) if exchange.kind() == ExchangeKind::Poll => {
                        kinds.push(ExchangeKind::Poll);
                        list(&exchange, &[LINK]);
                    }
                    Ok(exchange) => {
                        kinds.push(ExchangeKind::Image);
                        exchange.reply_with_headers(200, "", Some(test_image("pulled"))).expect("a reply");
                    }
                    Err(why) => return (kinds, why),
                }
            }
        });
        client.submit(&order(MEMORY), 0).expect("a job");
        let (_, report) = done(&client);
        assert_eq!((report.status, bytes(&report)), (Status::Ok, Some(&test_image("pulled")[..])));
        // A blocking wait is served the same way, by a thread that pulls.
        assert_eq!(wait(&client, MEMORY).status, Status::Ok);
        assert!(client.shut_down(LONG).is_ok());
        let (kinds, why) = puller.join().expect("no panic");
        assert_eq!(why, NoEvent::Closed);
        assert!(kinds.len() >= 3 && kinds[..2] == [ExchangeKind::Poll, ExchangeKind::Image], "{kinds:?}");
    });
}

#[test]
fn an_exchange_that_nobody_waits_for_any_more_is_not_pulled() {
    let client = client(HostTransport::Pulled);
    let job = client.submit(&order(MEMORY), 0).expect("a job");
    assert_eq!(client.next_event(Duration::ZERO).err(), Some(NoEvent::Yet));
    client.cancel_job(job).expect("it is open");
    assert_eq!(client.next_exchange(Duration::ZERO).map(|exchange| exchange.id()).err(), Some(NoEvent::Yet));
    assert_eq!(done(&client).1.status, Status::Cancelled);
}

#[cfg(unix)]
#[test]
fn the_descriptor_is_readable_while_an_exchange_waits_or_an_answer_has_come() {
    let client = client(HostTransport::Pulled);
    let number = client.event_fd().expect("a descriptor");
    let is_readable = |patience: Duration| {
        let mut asked = libc::pollfd { fd: number, events: libc::POLLIN, revents: 0 };
        let patience = i32::try_from(patience.as_millis()).expect("short");
        #[allow(unsafe_code, reason = "a system call")]
        // SAFETY: one entry is said, and one is there.
        let count = unsafe { libc::poll(&raw mut asked, 1, patience) };
        count == 1
    };
    assert!(!is_readable(Duration::ZERO));
    client.submit(&order(MEMORY), 0).expect("a job");
    assert!(is_readable(LONG), "there is something to begin");
    assert_eq!(client.next_event(Duration::ZERO).err(), Some(NoEvent::Yet));
    assert!(is_readable(LONG), "an exchange waits");
    let exchange = client.next_exchange(Duration::ZERO).expect("an exchange");
    assert!(!is_readable(Duration::ZERO), "nothing more to do");
    thread::scope(|scope| {
        scope.spawn(|| exchange.reply_with_headers(500, "", Some(Vec::new())).expect("a reply"));
        assert!(is_readable(LONG), "an answer has come");
    });
}

#[test]
fn a_cancel_and_a_shutdown_from_another_thread_end_a_wait_for_events() {
    for shuts_down in [false, true] {
        let kept: Arc<Mutex<Vec<Exchange>>> = Arc::default();
        let keeps = Arc::clone(&kept);
        let client = called(move |exchange| keeps.lock().expect("not poisoned").push(exchange));
        let job = client.submit(&order(MEMORY), 0).expect("a job");
        thread::scope(|scope| {
            let waiter = scope.spawn(|| done(&client).1.status);
            while kept.lock().expect("not poisoned").is_empty() {
                thread::yield_now();
            }
            let began = Instant::now();
            if shuts_down {
                assert!(client.shut_down(LONG).is_ok());
            } else {
                client.cancel_job(job).expect("it is open");
            }
            let wanted = if shuts_down { Status::Closed } else { Status::Cancelled };
            assert_eq!(waiter.join().expect("no panic"), wanted);
            assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        });
    }
}

#[test]
fn a_shutdown_is_busy_while_the_hosts_start_function_runs() {
    let gate = Arc::new((Mutex::new((false, false)), Condvar::new()));
    let held = Arc::clone(&gate);
    let client = called(move |exchange| {
        let (state, changed) = &*held;
        let mut state = state.lock().expect("not poisoned");
        state.0 = true;
        changed.notify_all();
        drop(changed.wait_while(state, |state| !state.1).expect("not poisoned"));
        drop(exchange);
    });
    client.submit(&order(MEMORY), 0).expect("a job");
    thread::scope(|scope| {
        let pump = scope.spawn(|| while client.next_event(LONG).is_ok() {});
        let (state, changed) = &*gate;
        drop(
            changed.wait_while(state.lock().expect("not poisoned"), |state| !state.0).expect("not poisoned"),
        );
        assert_eq!(client.shut_down(Duration::ZERO).map_err(|error| error.status()), Err(Status::Busy));
        state.lock().expect("not poisoned").1 = true;
        changed.notify_all();
        assert_eq!(client.shut_down(LONG), Ok(()));
        pump.join().expect("no panic");
    });
}

/// Where nobody pulls, any call's thread may hear of the refusal; the image is another call's.
#[test]
fn an_image_is_asked_for_again_also_after_the_call_that_heard_the_refusal_has_left() {
    for refused in [0, 1] {
        let asked: Arc<(Mutex<Vec<Exchange>>, Condvar)> = Arc::default();
        let asks = Arc::clone(&asked);
        let client = called(move |exchange| {
            asks.0.lock().expect("not poisoned").push(exchange);
            asks.1.notify_all();
        });
        let wait_for = |count: usize| {
            let kept = asked.0.lock().expect("not poisoned");
            let few = |kept: &mut Vec<Exchange>| kept.len() < count;
            let (mut kept, late) = asked.1.wait_timeout_while(kept, LONG, few).expect("not poisoned");
            assert!(!late.timed_out(), "{} exchanges, not {count}", kept.len());
            std::mem::take(&mut *kept)
        };
        let serve = |exchange: &Exchange| {
            exchange.reply_with_headers(200, "", Some(test_image("again"))).expect("a reply");
        };
        let request = ImageRequest { url: LINK.into(), destination: MEMORY, deadline: 2 * LONG };
        thread::scope(|scope| {
            let calls = [(); 2].map(|()| scope.spawn(|| client.download(&request, &CancelToken::new())));
            let mut first = wait_for(2);
            let late = first.remove(refused);
            late.reply_with_headers(404, "", Some(Vec::new())).expect("a reply");
            serve(&first[0]);
            serve(&wait_for(1)[0]);
            for call in calls {
                let report = call.join().expect("no panic");
                assert_eq!(report.status, Status::Ok, "{}", report.message);
            }
        });
    }
}

/// Neither the poll nor an image is performed: what ends the wait is its own deadline, and the message says so.
#[test]
fn an_exchange_that_nobody_performs_ends_a_wait_at_its_deadline() {
    const WAIT_MS: u32 = 2_000;
    let plan = Plan::default().with_deadline(Duration::from_millis(WAIT_MS.into())).expect("a deadline");
    for answers_polls in [false, true] {
        let client = client(HostTransport::Pulled);
        let report = thread::scope(|scope| {
            if answers_polls {
                scope.spawn(|| list(&client.next_exchange(LONG).expect("a poll"), &[LINK]));
            }
            client.wait(&JobRequest { plan, ..order(MEMORY) }, &CancelToken::new(), |_| true)
        });
        assert_eq!(report.status, Status::Deadline, "{answers_polls}: {}", report.message);
        assert!(report.message.contains(&format!("the deadline of {WAIT_MS} ms")), "{}", report.message);
        assert!(!report.message.contains("30000") && !report.retryable, "{}", report.message);
    }
}
