//! One outcome, within a quarter second, and nothing left behind: whenever a call is stopped, and however.

use crate::before::Before;
use crate::moments::{MOMENTS, Moment, Scene};
use mlab_core::engine::Report;
use mlab_core::error::Status;
use mlab_core::net::CancelToken;
use std::thread;
use std::time::{Duration, Instant};

/// The promise.
const PROMISE: Duration = Duration::from_millis(250);

/// How long the end of a client waits for those inside (the header).
const LEAVE_WITHIN: Duration = Duration::from_secs(1);

/// Makes the call, waits until it is where the scene wants it, and stops it.
fn stopped(scene: &Scene, token: &CancelToken, stop: impl FnOnce()) -> (Report, Duration) {
    thread::scope(|scope| {
        let call = scope.spawn(|| (scene.run(token), Instant::now()));
        scene.reach();
        assert!(!call.is_finished(), "the call did not wait to be stopped");
        let from = Instant::now();
        stop();
        let (report, ended) = call.join().expect("the call");
        (report, ended.saturating_duration_since(from))
    })
}

fn judge(report: &Report, wanted: Status, took: Duration) -> Result<(), String> {
    let right = report.status == wanted && report.urls.is_empty() && !report.retryable;
    if right && took <= PROMISE { Ok(()) } else { Err(format!("{report:?} after {took:?}")) }
}

fn by_a_cancel(scene: &Scene) -> Result<(), String> {
    let token = CancelToken::new();
    let (report, took) = stopped(scene, &token, || token.trigger());
    judge(&report, Status::Cancelled, took)?;
    // It is sticky: the next call with it does nothing.
    let (start, again) = (Instant::now(), scene.run(&token));
    judge(&again, Status::Cancelled, start.elapsed())?;
    if again.attempts <= 1 { Ok(()) } else { Err(format!("it went on: {again:?}")) }
}

fn by_a_cancel_before_it_began(scene: &Scene) -> Result<(), String> {
    let untouched = scene.is_untouched();
    let token = CancelToken::new();
    token.trigger();
    let (start, report) = (Instant::now(), scene.run(&token));
    judge(&report, Status::Cancelled, start.elapsed())?;
    if report.attempts != 0 {
        return Err(format!("{} attempts", report.attempts));
    }
    if untouched == scene.is_untouched() { Ok(()) } else { Err("something was begun".into()) }
}

fn by_the_end_of_its_client(scene: &Scene) -> Result<(), String> {
    let token = CancelToken::new();
    let mut all_left = false;
    let (report, took) = stopped(scene, &token, || all_left = scene.client.shut_down(LEAVE_WITHIN).is_ok());
    judge(&report, Status::Closed, took)?;
    if !all_left {
        return Err("the client did not see it leave".into());
    }
    let (start, late) = (Instant::now(), scene.run(&token));
    judge(&late, Status::Closed, start.elapsed())?;
    if late.attempts == 0 { Ok(()) } else { Err(format!("a closed client was used: {late:?}")) }
}

fn by_both(scene: &Scene) -> Result<(), String> {
    let token = CancelToken::new();
    let (report, took) = stopped(scene, &token, || {
        token.trigger();
        let _ = scene.client.shut_down(LEAVE_WITHIN);
    });
    judge(&report, Status::Cancelled, took)
}

type Ending = (&'static str, fn(&Scene) -> Result<(), String>);

const ENDINGS: &[Ending] = &[
    ("by a cancel", by_a_cancel),
    ("by a cancel before it began", by_a_cancel_before_it_began),
    ("by the end of its client", by_the_end_of_its_client),
    ("by both", by_both),
];

fn end(moment: &Moment, (how, ending): &Ending, before: &Before) -> Option<String> {
    let scene = (moment.stage)();
    let outcome = ending(&scene);
    drop(scene);
    let why = outcome.and_then(|()| before.left_behind()).err()?;
    Some(format!("{}, ended {how}: {why}", moment.name))
}

#[test]
fn a_call_is_stopped_at_any_moment_with_one_outcome_and_nothing_left_behind() {
    let before = Before::now();
    let failed: Vec<String> =
        MOMENTS.iter().flat_map(|m| ENDINGS.iter().filter_map(|e| end(m, e, &before))).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn one_cancel_stops_many_calls_of_many_clients() {
    let before = Before::now();
    let scenes: Vec<(&str, Scene)> = MOMENTS.iter().map(|m| (m.name, (m.stage)())).collect();
    let token = CancelToken::new();
    thread::scope(|scope| {
        let calls: Vec<_> = scenes
            .iter()
            .map(|(name, scene)| (*name, scope.spawn(|| (scene.run(&token), Instant::now()))))
            .collect();
        scenes.iter().for_each(|(_, scene)| scene.reach());
        let from = Instant::now();
        token.trigger();
        for (name, call) in calls {
            let (report, ended) = call.join().expect("the call");
            let judged = judge(&report, Status::Cancelled, ended.saturating_duration_since(from));
            assert_eq!(judged, Ok(()), "{name}");
        }
    });
    drop(scenes);
    assert_eq!(before.left_behind(), Ok(()));
}
