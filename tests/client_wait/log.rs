//! What the log tells of a call, and how much each entry matters.

use crate::call::{
    ID, NOT_YET, READY, client, fetch, in_turn, job, json, order, order_within, settings, side_by_side, wait,
};
use crate::cases;
use mlab_core::download::Destination;
use mlab_core::engine::{Client, HostTransport, ImageRequest, Level, Log, Sink, fetch_once};
use mlab_core::error::Status;
use mlab_core::net::CancelToken;
use mlab_core::wire::Key;
use mlab_standin::{RawServer, Reply, Step};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<(Level, String)>>>);

impl Sink for Kept {
    fn take(&self, level: Level, area: &str, text: &str) {
        self.0.lock().expect("not poisoned").push((level, format!("{area}: {text}")));
    }
}

impl Kept {
    fn levels(&self) -> Vec<Level> {
        self.0.lock().expect("not poisoned").iter().map(|(level, _)| *level).collect()
    }

    fn count(&self, wanted: Level) -> usize {
        self.levels().into_iter().filter(|level| *level == wanted).count()
    }
}

fn logged(replies: Vec<Step>) -> (RawServer, Client, Kept) {
    let (server, kept) = (in_turn(replies), Kept::default());
    let mut settings = settings(&server.endpoint());
    settings.log = Log::to(Arc::new(kept.clone()), Level::Debug);
    let client = client(settings);
    (server, client, kept)
}

fn a_call_that_fails_for_good_is_an_error() {
    let (_server, client, kept) = logged(vec![json(401, "{}")]);
    assert_eq!(fetch(&client, ID).status, Status::Auth);
    assert_eq!(wait(&client, &order(ID)).status, Status::Auth);
    assert_eq!(kept.levels(), [Level::Info, Level::Error, Level::Info, Level::Error]);
}

fn a_one_shot_call_that_fails_is_an_error() {
    let (server, kept) = (in_turn(vec![json(500, "{}")]), Kept::default());
    let mut settings = settings(&server.endpoint());
    settings.log = Log::to(Arc::new(kept.clone()), Level::Debug);
    let report =
        fetch_once(&Key::new(crate::call::KEY).expect("a key"), &job(ID), &settings, &CancelToken::new());
    assert_eq!(report.status, Status::Server);
    assert_eq!(kept.levels(), [Level::Info, Level::Error]);
}

fn a_poll_of_a_wait_that_is_repeated_is_a_warning_and_a_pause_a_detail() {
    let (_server, client, kept) = logged(vec![json(500, "{}"), json(200, NOT_YET), json(200, READY)]);
    assert_eq!(wait(&client, &order(ID)).status, Status::Ok);
    let pause = Level::Debug;
    let wanted = [Level::Info, Level::Warning, pause, Level::Info, pause, Level::Info];
    assert_eq!(kept.levels(), wanted);
}

fn a_deadline_is_a_warning_and_a_cancel_is_nothing() {
    let (_server, client, kept) = logged(vec![json(200, NOT_YET)]);
    assert_eq!(wait(&client, &order_within(ID, Duration::from_millis(300))).status, Status::Deadline);
    assert_eq!((kept.count(Level::Warning), kept.count(Level::Error)), (1, 0));
    let report = client.wait(&order(ID), &CancelToken::new(), |_| false);
    assert_eq!(report.status, Status::Cancelled);
    assert_eq!((kept.count(Level::Warning), kept.count(Level::Error)), (1, 0));
}

/// Whoever ends the poll first, its own timeout or the end of its job; `is_host`: nobody performs the exchange.
fn a_poll_that_the_deadline_ends_is_not_called_cancelled() {
    for (is_host, submits) in [(false, false), (false, true), (true, false), (true, true)] {
        let (server, kept) = (in_turn(vec![Step::Stall]), Kept::default());
        let mut settings = settings(&server.endpoint());
        settings.transport = is_host.then_some(HostTransport::Pulled);
        settings.log = Log::to(Arc::new(kept.clone()), Level::Debug);
        let (client, order) = (client(settings), order_within(ID, Duration::from_millis(300)));
        if submits {
            client.submit(&order, 0).expect("room");
        } else {
            assert_eq!(wait(&client, &order).status, Status::Deadline);
        }
        let has_line = || has_line_of(&kept.0.lock().expect("not poisoned"), "poll: ");
        let began = Instant::now();
        while !has_line() && began.elapsed() < Duration::from_secs(20) {
            let _ = client.next_event(Duration::from_millis(20));
        }
        let kept = kept.0.lock().expect("not poisoned");
        assert!(has_line_of(&kept, "poll: "), "{is_host} {submits}: {kept:?}");
        assert!(!has_line_of(&kept, "CANCELLED"), "{is_host} {submits}: {kept:?}");
    }
}

fn has_line_of(kept: &[(Level, String)], words: &str) -> bool {
    kept.iter().any(|(_, entry)| entry.contains(words))
}

fn a_download_by_its_link_has_no_id_to_tell() {
    let kept = Kept::default();
    let mut settings = settings("http://127.0.0.1:9/{id}");
    settings.log = Log::to(Arc::new(kept.clone()), Level::Error);
    let (url, destination) = ("https://intranet/x".to_owned(), Destination::Memory { most: 1 });
    let order = ImageRequest { url, destination, deadline: Duration::from_secs(20) };
    assert_eq!(client(settings).download(&order, &CancelToken::new()).status, Status::UnsafeUrl);
    let kept = kept.0.lock().expect("not poisoned");
    assert!(kept[0].1.starts_with("download: MLAB_E_UNSAFE_URL, "), "{kept:?}");
}

fn a_redirect_is_a_detail() {
    let moved = Step::reply(&Reply::json(307, "{}").with("Location", "/1"));
    let script = vec![Step::ReadRequest, moved, Step::ReadRequest, Step::json(200, READY)];
    let (server, kept) = (RawServer::plain(vec![script]).expect("a server"), Kept::default());
    let mut settings = settings(&server.endpoint());
    settings.log = Log::to(Arc::new(kept.clone()), Level::Debug);
    settings.set_requests_per_second(1.0).expect("a valid rate");
    assert_eq!(fetch(&client(settings), ID).status, Status::Ok);
    assert_eq!(kept.levels(), [Level::Debug, Level::Debug, Level::Info], "the redirect, its turn, the poll");
}

fn a_job_is_told_of_as_a_call_is() {
    let (_server, client, kept) = logged(vec![json(500, "{}"), json(401, "{}")]);
    client.submit(&order(ID), 0).expect("room");
    let end =
        std::iter::from_fn(|| client.next_event(Duration::from_secs(20)).ok()).find_map(|event| event.done);
    assert_eq!(end.map(|end| end.status), Some(Status::Auth));
    fetch(&client, ID);
    assert_eq!((kept.count(Level::Warning), kept.count(Level::Error)), (1, 2));
}

#[test]
fn the_log_says_how_much_each_entry_matters() {
    side_by_side(cases![
        a_call_that_fails_for_good_is_an_error,
        a_one_shot_call_that_fails_is_an_error,
        a_poll_of_a_wait_that_is_repeated_is_a_warning_and_a_pause_a_detail,
        a_deadline_is_a_warning_and_a_cancel_is_nothing,
        a_poll_that_the_deadline_ends_is_not_called_cancelled,
        a_download_by_its_link_has_no_id_to_tell,
        a_redirect_is_a_detail,
        a_job_is_told_of_as_a_call_is,
    ]);
}
