//! Every call ends within 250 ms of its timeout and of its cancel, whatever it waits for, and leaves nothing behind.

// /proc shows what was left behind; 127.0.0.2 is an address without being set up.
#![cfg(target_os = "linux")]

#[path = "net_call/mod.rs"]
mod call;
#[path = "net_failures/child.rs"]
#[allow(dead_code, reason = "this binary uses its part")]
mod child;
#[path = "net_deadlines/gate.rs"]
mod gate;
#[path = "net_deadlines/left.rs"]
mod left;
#[path = "net_deadlines/lookups.rs"]
mod lookups;
#[path = "net_deadlines/phases.rs"]
mod phases;
#[path = "support/quickest.rs"]
mod quickest;
#[path = "net_deadlines/racing.rs"]
mod racing;
#[path = "net_deadlines/system_calls.rs"]
mod system_calls;
#[path = "support/tool.rs"]
mod tool;

use call::{READY, authority, fetch, fetch_until, settings_trusting};
use left::{alone, descriptors, threads, wait_for_threads};
use mlab_core::engine::{Report, Settings};
use mlab_core::error::Status;
use mlab_core::net::CancelToken;
use mlab_standin::{RawServer, Step};
use phases::{PHASES, Phase, Scene};
use quickest::{one_of_three_within, try_one_of_three_within};
use std::thread;
use std::time::{Duration, Instant};

/// The promise: a call ends this long after its timeout or its cancel, at the latest.
const PROMISE: Duration = Duration::from_millis(250);

/// The timeout that is meant to run out.
const HURRY_MS: u32 = 300;

/// A way to end a call that hangs: what it is called, and the call, which says how long after it was due the end came.
type Ending = (&'static str, fn(&Phase) -> Result<Duration, String>);

fn timed(settings: &Settings, token: &CancelToken) -> (Report, Duration) {
    let start = Instant::now();
    let report = fetch_until(settings, token);
    (report, start.elapsed())
}

/// The call is over: how long after `due` it ended, if it did so as it should, and not before.
fn late(
    report: &Report,
    status: Status,
    says: &[&str],
    took: Duration,
    due: Duration,
) -> Result<Duration, String> {
    took.checked_sub(due)
        .filter(|_| report.status == status && says.iter().all(|part| report.message.contains(part)))
        .ok_or_else(|| format!("{:?} after {took:?}: {}", report.status, report.message))
}

fn by_its_connect_timeout(phase: &Phase) -> Result<Duration, String> {
    if !phase.connecting {
        return Ok(Duration::ZERO);
    }
    let mut scene = (phase.stage)();
    scene.settings.set_connect_timeout_ms(phase.hurry_ms).expect("a valid timeout");
    by_a_timeout(phase, &scene, "the connect timeout")
}

fn by_its_request_timeout(phase: &Phase) -> Result<Duration, String> {
    let mut scene = (phase.stage)();
    scene.settings.set_request_timeout_ms(phase.hurry_ms).expect("a valid timeout");
    by_a_timeout(phase, &scene, "the request timeout")
}

fn by_a_timeout(phase: &Phase, scene: &Scene, name: &str) -> Result<Duration, String> {
    let (report, took) = timed(&scene.settings, &CancelToken::new());
    let says = [phase.says, &format!("within {} ms", phase.hurry_ms), name];
    late(&report, Status::Timeout, &says, took, Duration::from_millis(phase.hurry_ms.into()))
}

fn by_a_cancel(phase: &Phase) -> Result<Duration, String> {
    let scene = (phase.stage)();
    let token = CancelToken::new();
    let settings = scene.settings.clone();
    let (report, took) = thread::scope(|scope| {
        let call = scope.spawn(|| (fetch_until(&settings, &token), Instant::now()));
        scene.wait_until_reached();
        let triggered = Instant::now();
        token.trigger();
        let (report, ended) = call.join().expect("the call");
        (report, ended - triggered)
    });
    late(&report, Status::Cancelled, &["cancelled by the caller"], took, Duration::ZERO)
}

fn by_a_cancel_before_it_began(phase: &Phase) -> Result<Duration, String> {
    let scene = (phase.stage)();
    let token = CancelToken::new();
    token.trigger();
    let (report, took) = timed(&scene.settings, &token);
    if !scene.is_untouched() {
        return Err("something was begun".into());
    }
    late(&report, Status::Cancelled, &["cancelled by the caller"], took, Duration::ZERO)
}

/// What is left of a call that ended, the scene's own servers being gone too.
fn left_behind(before: &[String]) -> Result<(), String> {
    if !wait_for_threads(0) {
        return Err(format!("{} threads are left", threads()));
    }
    let after = descriptors();
    if after.len() == before.len() { Ok(()) } else { Err(format!("descriptors are left: {after:?}")) }
}

#[test]
fn each_phase_ends_by_its_timeout_and_its_cancel_and_leaves_nothing_behind() {
    let _turn = alone();
    let endings: [Ending; 4] = [
        ("by its connect timeout", by_its_connect_timeout),
        ("by its request timeout", by_its_request_timeout),
        ("by a cancel", by_a_cancel),
        ("by a cancel before it began", by_a_cancel_before_it_began),
    ];
    let mut failed = Vec::new();
    for phase in PHASES {
        for (how, end) in endings {
            let before = descriptors();
            let outcome = try_one_of_three_within(PROMISE, || {
                let late = end(phase)?;
                left_behind(&before).map(|()| late)
            });
            failed.extend(outcome.err().map(|why| format!("{}, ended {how}: {why}", phase.name)));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_call_that_succeeds_closes_its_socket_though_the_server_would_keep_it() {
    let _turn = alone();
    let (authority, identity) = authority();
    let script = vec![Step::ReadRequest, Step::json(200, READY), Step::Stall];
    let (plain, secure) = (RawServer::plain(script.clone()), RawServer::tls(identity, script));
    for server in [plain.expect("a server"), secure.expect("a server")] {
        let settings = settings_trusting(&server.endpoint(), authority.ca_pem());
        let before = descriptors().len();
        for _ in 0..3 {
            assert_eq!(fetch(&settings).status, Status::Ok);
        }
        // The server's ends are open until it sees ours closed.
        let start = Instant::now();
        while descriptors().len() != before {
            assert!(start.elapsed() < Duration::from_secs(10), "left: {:?}", descriptors());
            thread::sleep(Duration::from_millis(2));
        }
        assert_eq!(threads(), 0);
    }
}

#[test]
fn one_trigger_ends_every_call_that_watches_it() {
    let _turn = alone();
    let before = descriptors();
    one_of_three_within(PROMISE, || {
        let scenes: Vec<Scene> = PHASES.iter().map(|phase| (phase.stage)()).collect();
        let token = CancelToken::new();
        let slowest = thread::scope(|scope| {
            let call = |settings: Settings, token: CancelToken| {
                move || (fetch_until(&settings, &token), Instant::now())
            };
            let calls: Vec<_> =
                scenes.iter().map(|scene| scope.spawn(call(scene.settings.clone(), token.clone()))).collect();
            scenes.iter().for_each(Scene::wait_until_reached);
            let triggered = Instant::now();
            token.trigger();
            let ends = PHASES.iter().zip(calls).map(|(phase, call)| {
                let (report, ended) = call.join().expect("the call");
                assert_eq!(report.status, Status::Cancelled, "{}: {}", phase.name, report.message);
                ended - triggered
            });
            ends.max().expect("a phase")
        });
        drop(scenes);
        assert_eq!(left_behind(&before), Ok(()));
        slowest
    });
}
