//! One outcome, within a quarter second, and nothing left behind: whenever a call is stopped, and however.

use crate::before::Before;
use crate::moments::{MOMENTS, Moment, Scene};
use crate::quickest::{one_of_three_within, try_one_of_three_within};
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

/// How long a call took to end, if it ended as wanted.
fn judge(report: &Report, wanted: Status, took: Duration) -> Result<Duration, String> {
    let right = report.status == wanted && report.urls.is_empty() && !report.retryable;
    if right { Ok(took) } else { Err(format!("{report:?} after {took:?}")) }
}

fn by_a_cancel(scene: &Scene) -> Result<Duration, String> {
    let token = CancelToken::new();
    let (report, took) = stopped(scene, &token, || token.trigger());
    let first = judge(&report, Status::Cancelled, took)?;
    // It is sticky: the next call with it does nothing.
    let (start, again) = (Instant::now(), scene.run(&token));
    let second = judge(&again, Status::Cancelled, start.elapsed())?;
    if again.attempts <= 1 { Ok(first.max(second)) } else { Err(format!("it went on: {again:?}")) }
}

fn by_a_cancel_before_it_began(scene: &Scene) -> Result<Duration, String> {
    let untouched = scene.is_untouched();
    let token = CancelToken::new();
    token.trigger();
    let (start, report) = (Instant::now(), scene.run(&token));
    let took = judge(&report, Status::Cancelled, start.elapsed())?;
    if report.attempts != 0 {
        return Err(format!("{} attempts", report.attempts));
    }
    if untouched == scene.is_untouched() { Ok(took) } else { Err("something was begun".into()) }
}

fn by_the_end_of_its_client(scene: &Scene) -> Result<Duration, String> {
    let token = CancelToken::new();
    let mut all_left = false;
    let (report, took) = stopped(scene, &token, || all_left = scene.client.shut_down(LEAVE_WITHIN).is_ok());
    let first = judge(&report, Status::Closed, took)?;
    if !all_left {
        return Err("the client did not see it leave".into());
    }
    let (start, late) = (Instant::now(), scene.run(&token));
    let second = judge(&late, Status::Closed, start.elapsed())?;
    if late.attempts == 0 {
        Ok(first.max(second))
    } else {
        Err(format!("a closed client was used: {late:?}"))
    }
}

fn by_both(scene: &Scene) -> Result<Duration, String> {
    let token = CancelToken::new();
    let (report, took) = stopped(scene, &token, || {
        token.trigger();
        let _ = scene.client.shut_down(LEAVE_WITHIN);
    });
    judge(&report, Status::Cancelled, took)
}

/// How it is stopped, and what does so and says how long the call took to end.
type Ending = (&'static str, fn(&Scene) -> Result<Duration, String>);

const ENDINGS: &[Ending] = &[
    ("by a cancel", by_a_cancel),
    ("by a cancel before it began", by_a_cancel_before_it_began),
    ("by the end of its client", by_the_end_of_its_client),
    ("by both", by_both),
];

fn end(moment: &Moment, (how, ending): &Ending, before: &Before) -> Option<String> {
    let outcome = try_one_of_three_within(PROMISE, || {
        let scene = (moment.stage)();
        let took = ending(&scene)?;
        drop(scene);
        before.left_behind().map(|()| took)
    });
    outcome.err().map(|why| format!("{}, ended {how}: {why}", moment.name))
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
    one_of_three_within(PROMISE, || {
        let scenes: Vec<(&str, Scene)> = MOMENTS.iter().map(|m| (m.name, (m.stage)())).collect();
        let token = CancelToken::new();
        let slowest = thread::scope(|scope| {
            let calls: Vec<_> = scenes
                .iter()
                .map(|(name, scene)| (*name, scope.spawn(|| (scene.run(&token), Instant::now()))))
                .collect();
            scenes.iter().for_each(|(_, scene)| scene.reach());
            let from = Instant::now();
            token.trigger();
            let ends = calls.into_iter().map(|(name, call)| {
                let (report, ended) = call.join().expect("the call");
                let took = ended.saturating_duration_since(from);
                judge(&report, Status::Cancelled, took).unwrap_or_else(|why| panic!("{name}: {why}"))
            });
            ends.max().expect("a moment")
        });
        drop(scenes);
        assert_eq!(before.left_behind(), Ok(()));
        slowest
    });
}
