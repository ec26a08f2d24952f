//! The end of a client: honest while something runs, and within a second wherever its polls are.

use crate::host::*;
use mlab_core::engine::Settings;
use mlab_core::error::Status;
use mlab_core::net::Names;
use mlab_standin::{BlackHole, RawServer, Step};
use std::io;
use std::net::IpAddr;
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

fn silent() -> RawServer {
    RawServer::plain(vec![Step::ReadRequest, Step::Stall]).expect("a free port")
}

#[test]
fn a_shutdown_ends_polls_under_way_and_is_done_when_they_have_left() {
    let _beside = beside_others();
    let server = silent();
    let client = client(settings(&server.endpoint()));
    let jobs = ["1", "2", "2"].map(|id| submit(&client, id));
    wait_until("polls are under way", || server.counts().requests == 2);
    // Busy, unless both have left already: tests/c_client/slow_disk.c has one that cannot.
    let _ = client.shut_down(Duration::ZERO);
    assert!(client.shut_down(SECOND * 10).is_ok());
    assert!(client.shut_down(Duration::ZERO).is_ok(), "and again");
    // Events that were not pulled still can be.
    assert_eq!(client.pending(), 3);
    assert_eq!(pull(&client), jobs.map(|job| (job, Status::Closed)));
    assert_eq!(client.pending(), 0);
}

#[test]
fn nothing_can_be_begun_after_a_shutdown() {
    let _beside = beside_others();
    let server = silent();
    let client = client(settings(&server.endpoint()));
    assert!(client.shut_down(Duration::ZERO).is_ok());
    assert_eq!(client.submit(&order("1"), 0).map_err(|error| error.status()), Err(Status::Closed));
    assert!(client.next_event(Duration::ZERO).is_err());
    assert!(client.cancel_job(0).is_ok());
    assert_eq!((client.pending(), server.counts().connections), (0, 0));
}

#[test]
fn a_shutdown_ends_a_wait_for_events_with_an_end() {
    let _beside = beside_others();
    let server = silent();
    let client = client(settings(&server.endpoint()));
    let job = submit(&client, "1");
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| next_end(&client));
        assert!(client.shut_down(SECOND * 10).is_ok());
        assert_eq!(waiter.join().expect("no panic"), (job, Status::Closed));
    });
}

#[test]
fn two_threads_may_shut_down_at_once() {
    let _beside = beside_others();
    let server = silent();
    let client = client(settings(&server.endpoint()));
    submit(&client, "1");
    std::thread::scope(|scope| {
        for closer in [(); 4].map(|()| scope.spawn(|| client.shut_down(SECOND * 10).is_ok())) {
            assert!(closer.join().expect("no panic"));
        }
    });
}

/// Lookups that end when the test does.
static ASKED: Mutex<(usize, bool)> = Mutex::new((0, false));
static RELEASED: Condvar = Condvar::new();

fn never(_: &str) -> io::Result<Vec<IpAddr>> {
    let mut asked = ASKED.lock().expect("not poisoned");
    asked.0 += 1;
    let _released = RELEASED.wait_while(asked, |asked| !asked.1).expect("not poisoned");
    Err(io::ErrorKind::NotFound.into())
}

#[cfg(target_os = "linux")]
/// Frees a client with many jobs, some of whose polls stand where the case has them.
fn free_within_a_second(name: &str, settings: Settings, is_there: impl Fn() -> bool) {
    let client = client(settings);
    for n in 0..100 {
        submit(&client, &n.to_string());
    }
    wait_until(name, is_there);
    let began = Instant::now();
    let all_left = client.shut_down(SECOND).is_ok();
    drop(client);
    assert!(all_left && began.elapsed() < SECOND, "{name}: {:?}", began.elapsed());
    wait_until("threads are gone", || threads("mlab-worker") == 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_is_freed_within_a_second_wherever_its_polls_are() {
    let _alone = alone();
    let before = descriptors();
    {
        let names = Names::with(never);
        let mut lookup = settings("https://nowhere.invalid/fetch/{id}");
        lookup.net.names = names;
        free_within_a_second("inside a lookup", lookup, || ASKED.lock().expect("not poisoned").0 == 1);

        let server = RawServer::plain(vec![Step::Stall]).expect("a free port");
        let secure = server.endpoint().replace("http://", "https://");
        let accepted = || server.counts().bytes > 0;
        free_within_a_second("inside a TLS handshake", settings(&secure), accepted);

        let hole = BlackHole::open().expect("a full queue");
        let connect = settings(&format!("http://{}/{{id}}", hole.addr()));
        // Nobody can see from outside that a SYN is on its way; a socket more says that it is about to be.
        let sockets = descriptors();
        free_within_a_second("inside a connect", connect, || descriptors() > sockets);

        let server = silent();
        let received = || server.counts().requests >= 4;
        free_within_a_second("inside a reply", settings(&server.endpoint()), received);
    }
    ASKED.lock().expect("not poisoned").1 = true;
    RELEASED.notify_all();
    wait_until("the lookup's thread is gone", || threads("mlab-") == 0);
    wait_until("descriptors are back", || descriptors() <= before);
}
