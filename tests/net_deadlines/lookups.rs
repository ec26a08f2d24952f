//! Lookups that the system does not give up: how many threads they cost, and what happens to calls meanwhile.

use super::call::{fetch, settings};
use super::left::{alone, threads, wait_for_threads};
use super::quickest::one_of_three_within;
use super::{HURRY_MS, PROMISE, gate, late, timed};
use mlab_core::download::AddressPolicy;
use mlab_core::engine::Settings;
use mlab_core::error::{Error, Status};
use mlab_core::net::{CancelToken, Connection, Deadline, Get, Head, Names, ProxySetting, Receiver};
use mlab_core::wire::Url;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The most lookups that run at once.
const MOST: usize = 16;

/// Settings whose lookups go through `names`. No port of this machine has number 1, so what is found refuses.
fn asking_for(host: &str, names: &Arc<Names>) -> Settings {
    let mut settings = settings(&format!("https://{host}.invalid:1/{{id}}"));
    settings.net.proxy = ProxySetting::None;
    settings.net.names = Arc::clone(names);
    settings
}

/// What a call said that was given no answer within [`HURRY_MS`], and how long after that it ended.
fn in_a_hurry(settings: &Settings) -> (String, Duration) {
    let mut settings = settings.clone();
    settings.set_request_timeout_ms(HURRY_MS).expect("a valid timeout");
    let (report, took) = timed(&settings, &CancelToken::new());
    let late = late(&report, Status::Timeout, &[], took, Duration::from_millis(HURRY_MS.into()));
    (report.message, late.unwrap_or_else(|why| panic!("{why}")))
}

/// What the last of up to three calls says, all of which wait for one lookup, if one of them ends when it should.
fn hurried(host: &str, names: &Arc<Names>) -> String {
    let (settings, mut said) = (asking_for(host, names), String::new());
    one_of_three_within(PROMISE, || {
        let late;
        (said, late) = in_a_hurry(&settings);
        late
    });
    said
}

/// The same for an image, whose host is the server's word.
fn hurried_image(host: &str, names: &Arc<Names>) -> String {
    struct Nowhere;
    impl Receiver for Nowhere {
        fn head(&mut self, _: &Head) -> Result<bool, Error> {
            Ok(false)
        }
        fn bytes(&mut self, _: &[u8]) -> Result<(), Error> {
            Ok(())
        }
    }
    let net = asking_for(host, names).net;
    let url = Url::parse(&format!("https://{host}.invalid:1/0.png")).expect("a URL");
    let mut said = String::new();
    one_of_three_within(PROMISE, || {
        let end = Instant::now() + Duration::from_millis(HURRY_MS.into());
        let filter = Arc::new(AddressPolicy::Public);
        let deadline = Deadline::of_download(net.limits(), &CancelToken::new(), end, filter);
        let mut connection = Connection::new(&net, url.origin(), false).expect("a connection");
        let ended = connection.get(Get { url: &url, resume: None }, &deadline, &mut Nowhere).expect_err(host);
        assert_eq!(ended.status(), Status::Timeout, "{ended}");
        said = ended.to_string();
        end.elapsed()
    });
    said
}

/// Each name in a thread of its own; what their calls said.
fn each(hosts: Range<usize>, ask: impl Fn(&str) -> String + Sync) -> Vec<String> {
    thread::scope(|scope| {
        let ask = &ask;
        let calls: Vec<_> = hosts.map(|host| scope.spawn(move || ask(&format!("host-{host}")))).collect();
        calls.into_iter().map(|call| call.join().expect("the call")).collect()
    })
}

const BEGUN: &str = "(looking the host up)";

#[test]
fn a_lookup_that_hangs_holds_up_no_other_name_of_the_settings() {
    let _turn = alone();
    let (gate, names) = (gate::close(), Names::with(gate::lookup));
    for said in each(0..MOST, |host| hurried(host, &names)) {
        assert!(said.contains(BEGUN), "{said}");
    }
    assert_eq!((gate.begun(), threads()), (MOST, MOST), "lookups begun, and threads left");
    // None of these may start a thread: the first because there are enough, the others because theirs runs.
    for said in each(MOST..MOST + 2, |host| hurried(host, &names)) {
        assert!(said.contains("(no name lookup was begun, since 16 others have no answer yet)"), "{said}");
    }
    for said in each(0..MOST, |host| hurried(host, &names)) {
        assert!(said.contains(BEGUN), "{said}");
    }
    assert_eq!((gate.begun(), threads()), (MOST, MOST));
    let waiting = asking_for("last", &names);
    thread::scope(|scope| {
        let call = scope.spawn(|| fetch(&waiting));
        drop(gate);
        let report = call.join().expect("the call");
        assert_eq!(
            report.status,
            Status::Connect,
            "it waited, looked up and was refused: {}",
            report.message
        );
    });
    assert!(wait_for_threads(0), "{} threads are left though all lookups ended", threads());
}

#[test]
fn names_that_a_server_sends_share_four_lookups_and_leave_the_rest_to_the_settings() {
    let _turn = alone();
    let (gate, names) = (gate::close(), Names::with(gate::lookup));
    let said = each(0..8, |host| hurried_image(host, &names));
    let begun = said.iter().filter(|said| said.contains(BEGUN)).count();
    let refused = "no name lookup was begun, since 4 others have no answer yet";
    assert_eq!(said.iter().filter(|said| said.contains(refused)).count(), 8 - begun, "{said:?}");
    assert_eq!((begun, gate.begun(), threads()), (4, 4, 4));
    // The endpoint's name has a place of its own, and whoever needs the same name shares it.
    assert!(hurried("endpoint", &names).contains(BEGUN));
    assert!(hurried_image("endpoint", &names).contains(BEGUN));
    assert_eq!((gate.begun(), threads()), (5, 5));
    drop(gate);
    assert!(wait_for_threads(0));
}

#[test]
fn a_lookup_that_hangs_gets_a_second_one_beside_it_whose_answer_counts() {
    let _turn = alone();
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let gate = gate::close();
    // The first one hangs.
    let lookup = |name: &str| match ASKED.fetch_add(1, Ordering::SeqCst) {
        0 => gate::lookup(name),
        _ => Ok(vec![[127, 0, 0, 1].into()]),
    };
    let names = Names::with_timeout(lookup, Duration::from_millis(100));
    let report = fetch(&asking_for("slow", &names));
    assert_eq!(report.status, Status::Connect, "found, and refused: {}", report.message);
    assert_eq!((ASKED.load(Ordering::SeqCst), threads()), (2, 1), "lookups, and threads left");
    drop(gate);
    assert!(wait_for_threads(0));
}

#[test]
fn a_lookup_that_hangs_gets_no_third_one_and_none_beside_it_for_a_server() {
    let _turn = alone();
    let (gate, names) = (gate::close(), Names::with_timeout(gate::lookup, Duration::from_millis(20)));
    assert!(hurried("slow", &names).contains(BEGUN));
    assert!(hurried("slow", &names).contains(BEGUN));
    assert_eq!(gate.begun(), 2);
    assert!(hurried_image("image", &names).contains(BEGUN));
    assert_eq!((gate.begun(), threads()), (3, 3));
    drop(gate);
    assert!(wait_for_threads(0));
}

#[test]
fn calls_for_one_name_share_one_lookup_and_its_answer() {
    let _turn = alone();
    let (gate, names) = (gate::close(), Names::with(gate::lookup));
    let settings = asking_for("same", &names);
    thread::scope(|scope| {
        let calls: Vec<_> = (0..6).map(|_| scope.spawn(|| fetch(&settings))).collect();
        gate.wait_for(1);
        // A call that gives up takes nothing from the others.
        one_of_three_within(PROMISE, || in_a_hurry(&settings).1);
        assert_eq!((gate.begun(), threads()), (1, 1), "lookups begun, and threads");
        drop(gate);
        for call in calls {
            let report = call.join().expect("the call");
            assert_eq!(report.status, Status::Connect, "{}", report.message);
        }
    });
    assert!(wait_for_threads(0));
}

/// A thread's last act, as late as any: its destructors. They take their time here, so that a call that does not wait
/// for the thread's end comes back before it.
struct LastAct;

impl Drop for LastAct {
    fn drop(&mut self) {
        thread::sleep(Duration::from_millis(60));
        ENDED.fetch_add(1, Ordering::SeqCst);
    }
}

static ENDED: AtomicUsize = AtomicUsize::new(0);

thread_local! { static LAST_ACT: LastAct = const { LastAct }; }

#[test]
fn a_call_returns_after_the_thread_of_its_lookup_has_ended() {
    let _turn = alone();
    let lookup = |_: &str| {
        LAST_ACT.with(|_| ());
        Ok(vec![[127, 0, 0, 1].into()])
    };
    let settings = asking_for("quick", &Names::with(lookup));
    for round in 1..=3 {
        assert_eq!(fetch(&settings).status, Status::Connect);
        assert_eq!(ENDED.load(Ordering::SeqCst), round);
    }
}

#[test]
fn a_lookup_that_panics_is_a_defect_of_its_call_and_of_no_later_one() {
    let _turn = alone();
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let lookup = |_: &str| match ASKED.fetch_add(1, Ordering::SeqCst) {
        0 => panic!("a defect"),
        _ => Ok(vec![[127, 0, 0, 1].into()]),
    };
    let settings = asking_for("broken", &Names::with(lookup));
    let report = fetch(&settings);
    assert_eq!(report.status, Status::Internal, "{}", report.message);
    assert_eq!(fetch(&settings).status, Status::Connect, "the next one is looked up anew");
    assert!(wait_for_threads(0));
}

#[test]
fn an_address_and_localhost_are_not_looked_up() {
    let _turn = alone();
    let names = Names::with(|host| panic!("{host} was looked up"));
    for host in ["127.0.0.1", "[::1]", "localhost", "LOCALHOST"] {
        let mut settings = settings(&format!("http://{host}:1/{{id}}"));
        settings.net.names = Arc::clone(&names);
        let report = fetch(&settings);
        assert_eq!(report.status, Status::Connect, "{host}: {}", report.message);
    }
}
