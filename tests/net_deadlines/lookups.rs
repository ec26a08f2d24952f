//! Lookups that the system does not give up: how many threads they cost, and what happens to calls meanwhile.

use super::call::{fetch, settings};
use super::left::{alone, threads, wait_for_threads};
use super::{HURRY_MS, PROMISE, gate, judge, timed};
use mlab_core::engine::Settings;
use mlab_core::error::Status;
use mlab_core::net::{CancelToken, Names, ProxySetting};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// The most lookups that run at once.
const MOST: usize = 4;

/// Settings whose lookups go through `names`. No port of this machine has number 1, so what is found refuses.
fn asking_for(host: &str, names: &Arc<Names>) -> Settings {
    let mut settings = settings(&format!("https://{host}.invalid:1/{{id}}"));
    settings.net.proxy = ProxySetting::None;
    settings.net.names = Arc::clone(names);
    settings
}

fn in_a_hurry(mut settings: Settings) -> Settings {
    settings.set_request_timeout_ms(HURRY_MS).expect("a valid timeout");
    settings
}

#[test]
fn at_most_four_lookups_run_and_further_names_wait_for_one_to_end() {
    let _turn = alone();
    let (gate, names) = (gate::close(), Names::with(gate::lookup));
    let check = |host: &str| {
        let (report, took) = timed(&in_a_hurry(asking_for(host, &names)), &CancelToken::new());
        let wanted = Duration::from_millis(HURRY_MS.into());
        assert_eq!(judge(&report, Status::Timeout, &["looking the host up"], took, wanted), Ok(()), "{host}");
    };
    thread::scope(|scope| {
        for host in ["a", "b", "c", "d", "e", "f", "g", "h"] {
            scope.spawn(move || check(host));
        }
    });
    assert_eq!((gate.begun(), threads()), (MOST, MOST), "lookups begun, and threads left");
    // None of these may start a thread: the fifth name because there are four, the others because theirs runs.
    for host in ["i", "i", "a", "b", "c", "d", "e", "f", "g", "h"] {
        check(host);
        assert_eq!((gate.begun(), threads()), (MOST, MOST), "after {host}");
    }
    let waiting = asking_for("i", &names);
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
fn calls_for_one_name_share_one_lookup_and_its_answer() {
    let _turn = alone();
    let (gate, names) = (gate::close(), Names::with(gate::lookup));
    let settings = asking_for("same", &names);
    thread::scope(|scope| {
        let calls: Vec<_> = (0..6).map(|_| scope.spawn(|| fetch(&settings))).collect();
        gate.wait_for(1);
        // A call that gives up takes nothing from the others.
        let hurried = timed(&in_a_hurry(settings.clone()), &CancelToken::new());
        assert_eq!(hurried.0.status, Status::Timeout);
        assert!(hurried.1 < Duration::from_millis(HURRY_MS.into()) + PROMISE, "{:?}", hurried.1);
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
