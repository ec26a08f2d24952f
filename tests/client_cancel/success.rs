//! A success that is complete wins over a cancel that comes after it.

use crate::before::Before;
use crate::call::{ID, READY, client, fetch, in_turn, job, json, order, settings, standin};
use crate::quickest::one_of_three_within;
use mlab_core::engine::{Client, Level, Log, Report, Sink};
use mlab_core::error::Status;
use mlab_core::net::CancelToken;
use mlab_standin::{Job, Options, Step};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// Triggers when a poll was made and nothing was returned yet, and keeps when that was.
struct AfterTheLook(CancelToken, OnceLock<Instant>);

impl Sink for AfterTheLook {
    fn take(&self, _: Level, area: &str, _: &str) {
        if area == "poll" {
            self.1.get_or_init(Instant::now);
            self.0.trigger();
        }
    }
}

type Call = fn(&Client, &CancelToken) -> Report;

const CALLS: [Call; 2] =
    [|client, token| client.fetch(&job(ID), token), |client, token| client.wait(&order(ID), token, |_| true)];

/// One call whose cancel comes between the reply and the return, and how long after the cancel it ended.
fn cancelled_after(answer: Step, call: Call) -> (Report, Duration) {
    let _turn = Before::now();
    let server = in_turn(vec![answer]);
    let (token, mut settings) = (CancelToken::new(), settings(&server.endpoint()));
    let sink = Arc::new(AfterTheLook(token.clone(), OnceLock::new()));
    settings.log = Log::to(sink.clone(), Level::Debug);
    let report = call(&client(settings), &token);
    (report, sink.1.get().expect("a poll").elapsed())
}

#[test]
fn a_complete_reply_that_ends_the_call_is_returned_although_it_was_cancelled_meanwhile() {
    for call in CALLS {
        let (report, _) = cancelled_after(json(200, READY), call);
        assert_eq!((report.status, report.urls.len(), report.attempts), (Status::Ok, 1, 1));
        let (report, _) = cancelled_after(json(401, "{}"), call);
        assert_eq!((report.status, report.attempts), (Status::Auth, 1));
    }
}

#[test]
fn one_that_would_go_on_is_cancelled() {
    let [fetch, wait] = CALLS;
    for (call, answer) in
        [(fetch, json(500, "{}")), (wait, json(500, "{}")), (wait, json(200, crate::call::NOT_YET))]
    {
        one_of_three_within(Duration::from_millis(250), || {
            let (report, took) = cancelled_after(answer.clone(), call);
            assert_eq!((report.status, report.attempts), (Status::Cancelled, 1), "{}", report.message);
            took
        });
    }
}

/// Replies come after 60 ms, cancels after 0 to 100: before, while and after the reply arrives. Where the machine moves all
/// of them to one side, they are spread further.
#[test]
fn a_cancel_at_any_instant_leaves_one_of_two_outcomes_and_a_client_that_works() {
    let before = Before::now();
    let options = Options { reply_delay: Duration::from_millis(60), ..Options::default() };
    let (server, client) = standin(options, vec![Job::new("1")]);
    let cancelled_after = &|delay: Duration| {
        let token = CancelToken::new();
        thread::scope(|scope| {
            let call = scope.spawn(|| client.fetch(&job("1"), &token));
            thread::sleep(delay);
            token.trigger();
            call.join().expect("the call")
        })
    };
    let had_both = |apart: Duration| {
        let delays = (0..80).map(|step| apart * step);
        let reports: Vec<Report> = thread::scope(|scope| {
            let calls: Vec<_> = delays.map(|delay| scope.spawn(move || cancelled_after(delay))).collect();
            calls.into_iter().map(|call| call.join().expect("the call")).collect()
        });
        for report in &reports {
            match report.status {
                Status::Ok => assert_eq!(report.urls.len(), 1),
                Status::Cancelled => assert!(report.urls.is_empty()),
                other => panic!("{other:?}: {}", report.message),
            }
        }
        let had = |status| reports.iter().any(|report| report.status == status);
        had(Status::Ok) && had(Status::Cancelled)
    };
    let spreads = (0..5).map(|round| Duration::from_micros(1_250 << round));
    assert!(spreads.into_iter().any(had_both), "all cancels fell on one side");
    assert_eq!(fetch(&client, "1").status, Status::Ok);
    drop((client, server));
    assert_eq!(before.left_behind(), Ok(()));
}
