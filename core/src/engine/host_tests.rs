//! The host's transport, step by step: what comes between two holds of the lock.

use super::answer::HostAnswer;
use super::engine_loop::Engine;
use super::events::NoEvent;
use super::exchange::Exchange;
use super::host::HostTransport;
use super::host_work::{HostTask, HostTaskKind};
use super::report::Report;
use super::scheduler::{NewJob, NextPoll};
use super::settings::Settings;
use crate::download::Destination;
use crate::error::{Error, Status};
use crate::flow::plan::Plan;
use crate::wire::{Endpoint, JobId, Key, RawReply};
use mlab_standin::ImageKind;
use std::sync::Arc;
use std::time::Duration;

fn engine() -> Arc<Engine> {
    engine_at(0.0)
}

/// One that sends so many requests a second; 0: as many as it likes.
fn engine_at(requests_per_second: f64) -> Arc<Engine> {
    let endpoint = Endpoint::new("https://service.example/fetch/{id}").expect("an endpoint");
    let transport = Some(HostTransport::Pulled);
    let settings = Settings { transport, endpoint, requests_per_second, ..Settings::default() };
    Engine::new(Key::new("test-key-not-real").expect("a key"), settings)
}

fn new_job() -> NewJob {
    NewJob::of(JobId::new("1").expect("an id"), Plan::default())
}

fn new_image() -> NewJob {
    NewJob {
        id: None,
        link: Some("https://images.modelslab.com/0.png".into()),
        destination: Some(Destination::Memory { most: 1_000 }),
        ..new_job()
    }
}

fn open(engine: &Engine, new: NewJob) -> u64 {
    engine.change(|state, now| state.scheduler.open(new, now)).expect("room for a job")
}

fn pull(engine: &Engine) -> Result<Exchange, NoEvent> {
    engine.next_exchange(Duration::ZERO)
}

/// The end of the one job, waited for.
fn end(engine: &Engine) -> Report {
    let wait = || engine.next_event(Duration::from_secs(20)).expect("its end in time");
    std::iter::repeat_with(wait).find_map(|event| event.done).expect("there is one")
}

fn redirect(exchange: &Exchange) {
    exchange.reply_with_headers(307, "Location: /elsewhere", Some(Vec::new())).expect("the first answer");
}

#[test]
fn a_redirect_is_not_followed_once_its_job_was_cancelled_while_it_was_read() {
    for new in [new_job(), new_image()] {
        for is_cancelled in [false, true] {
            let engine = engine();
            let job = open(&engine, new.clone());
            let exchange = pull(&engine).expect("an exchange");
            redirect(&exchange);
            let (host_task, answer) = {
                let mut state = engine.lock();
                let (exchange, answer) = state.answers.pop_front().expect("an answer");
                (state.host_tasks.remove(&exchange).expect("it is waited for"), answer)
            };
            if is_cancelled {
                engine.cancel_job(job).expect("it is open");
            }
            let HostTask { kind, end, started, .. } = host_task;
            match (kind, answer) {
                (HostTaskKind::Poll { poll, flow, .. }, HostAnswer::Poll(answer)) => {
                    engine.polled_by_host(poll, flow, (started, end), answer);
                }
                (HostTaskKind::Image(image), HostAnswer::Image(fetch, reply)) => {
                    engine.attempted_by_host(image, fetch, reply, end);
                }
                other => panic!("{other:?}"),
            }
            let next = pull(&engine).map(|exchange| exchange.url().to_string());
            assert_eq!(next.is_err(), is_cancelled, "{next:?}");
            if is_cancelled {
                assert_eq!(engine.lock().scheduler.left(), (0, 1), "its end is still to be pulled");
            }
        }
    }
}

#[test]
fn a_panic_while_an_answer_is_read_ends_the_job_and_leaves_nothing_in_flight() {
    let engine = engine();
    open(&engine, NewJob { id: Some(JobId::new("panic-1").expect("an id")), ..new_job() });
    pull(&engine).expect("an exchange").reply(RawReply::default()).expect("the first answer");
    let ended = engine.next_event(Duration::ZERO).expect("its end").done.map(|report: Report| report.status);
    assert_eq!(ended, Some(Status::Internal));
    assert_eq!(engine.lock().scheduler.left(), (0, 0));
}

#[test]
fn a_call_that_sees_the_deadline_of_a_probe_first_is_told_that_its_own_turn_has_come() {
    const SECOND: Duration = Duration::from_secs(1);
    let engine = engine();
    let mut state = engine.lock();
    let refusal = RawReply { http_status: 429, retry_after: Some("30".into()), ..RawReply::default() };
    let elsewhere = JobId::new("elsewhere").expect("an id");
    state.scheduler.learn(&elsewhere, &Report::of_reply(refusal, None), Duration::ZERO);
    let [probing, held] = [("a", 60), ("b", 600)].map(|(on, seconds)| {
        let plan = Plan::default().with_deadline(seconds * SECOND).expect("a deadline");
        let new = NewJob { id: Some(JobId::new(on).expect("an id")), plan, is_call: true, ..new_job() };
        let number = state.scheduler.open(new, Duration::ZERO).expect("open");
        state.callers.insert(number, Arc::default());
        number
    });
    let NextPoll::Poll(probe) = state.scheduler.take_call_poll(probing, 40 * SECOND) else {
        panic!("the pause is over")
    };
    let exchange = engine.ask_poll(&mut state, probe);
    assert!(matches!(state.scheduler.take_call_poll(held, 40 * SECOND), NextPoll::Sleep(None)));
    drop(engine.collect_effects(&mut state, 40 * SECOND));

    let now = 60 * SECOND;
    state.scheduler.advance(now);
    assert!(matches!(state.scheduler.take_call_poll(held, now), NextPoll::Sleep(None)));
    let aftermath = engine.collect_effects_for_caller(held, &mut state, now);
    let is_told = aftermath.wake.iter().any(|woken| Arc::ptr_eq(woken, &state.callers[&held]));
    drop(state);
    drop(exchange);
    assert!(is_told);
}

#[test]
fn a_call_that_sleeps_watches_for_the_turn_of_a_redirect_that_somebody_else_has_met() {
    let engine = engine_at(1.0);
    open(&engine, new_job());
    redirect(&pull(&engine).expect("an exchange"));
    engine.lock().sleeping_calls.enter(&Arc::default(), None);
    engine.step_host();
    let state = engine.lock();
    assert_eq!((state.sleeping_calls.len(), state.sleeping_calls.waking), (0, 1), "nobody watches");
}

#[test]
fn a_link_that_may_not_be_followed_is_asked_of_no_host() {
    let engine = engine();
    open(&engine, NewJob { link: Some("https://10.0.0.1/0.png".into()), ..new_image() });
    assert!(pull(&engine).is_err());
    let ended = end(&engine);
    assert_eq!((ended.status, ended.attempts), (Status::UnsafeUrl, 0), "{}", ended.message);
}

#[test]
fn a_redirect_that_gets_no_turn_ends_with_its_job_and_leaves_the_queue() {
    for is_cancelled in [false, true] {
        let engine = engine_at(0.001);
        let plan = Plan::default().with_deadline(Duration::from_secs(60)).expect("a deadline");
        let job = open(&engine, NewJob { plan, ..new_job() });
        redirect(&pull(&engine).expect("an exchange"));
        assert!(pull(&engine).is_err(), "its turn comes in 1000 s");
        let (status, says) = match is_cancelled {
            true => (Status::Cancelled, "cancelled by the caller"),
            false => (Status::Deadline, "the last poll failed: no turn under requests_per_second"),
        };
        match is_cancelled {
            true => engine.cancel_job(job).expect("it is open"),
            false => engine.end_late(&mut engine.lock(), Duration::from_secs(61)),
        }
        let ended = end(&engine);
        assert_eq!(ended.status, status, "{}", ended.message);
        assert!(ended.message.contains(says), "{}", ended.message);
        let state = engine.lock();
        assert_eq!((state.redirected.len(), state.scheduler.left()), (0, (0, 0)));
        assert!(!state.scheduler.is_busy(Duration::from_secs(10_000)), "it stands in the queue for ever");
    }
}

#[test]
fn an_answer_to_what_was_cancelled_before_anybody_took_it_in_is_let_go_of() {
    for new in [new_job(), new_image()] {
        let engine = engine();
        let job = open(&engine, new);
        let exchange = pull(&engine).expect("an exchange");
        exchange.reply(RawReply::default()).expect("the first answer");
        engine.cancel_job(job).expect("it is open");
        assert_eq!(end(&engine).status, Status::Cancelled);
        let state = engine.lock();
        assert_eq!((state.answers.len(), state.scheduler.left()), (0, (0, 0)));
    }
}

#[test]
fn a_whole_reply_serves_an_image_too_and_is_the_only_answer() {
    let image = ImageKind::Png.encode("whole", (1, 1)).expect("an image");
    let engine = engine();
    open(&engine, new_image());
    let elsewhere = "https://images.modelslab.com/1.png";
    let location = Some(elsewhere.to_owned());
    let first = pull(&engine).expect("an exchange");
    first.reply(RawReply { http_status: 302, location, ..RawReply::default() }).expect("the first answer");
    let moved = pull(&engine).expect("the redirect is followed");
    assert_eq!(moved.url().to_string(), elsewhere);
    let reply = RawReply { http_status: 200, body: image.clone().into(), ..RawReply::default() };
    moved.reply(reply.clone()).expect("the first answer");
    assert_eq!(moved.reply(reply), Err(Error::Closed));
    assert_eq!(moved.write(b"more"), Err(Error::Closed));
    assert_eq!(moved.fail(Error::Cancelled), Err(Error::Closed));
    let ended = end(&engine);
    let bytes = ended.images.first().and_then(|image| image.as_ref()?.bytes.as_deref());
    assert_eq!((ended.status, ended.attempts, bytes), (Status::Ok, 1, Some(&image[..])), "{}", ended.message);
}

#[test]
fn a_redirect_that_the_hosts_transport_does_not_follow_is_a_refusal_of_the_image_server() {
    for (reason, says) in [
        (None, "the image's server redirects, which the transport cannot tell of"),
        (Some("it leads to a login page"), "it leads to a login page"),
    ] {
        let engine = engine();
        open(&engine, new_image());
        let exchange = pull(&engine).expect("an exchange");
        exchange.fail_with_status(Some(Status::Redirect), reason).expect("the first answer");
        let ended = end(&engine);
        assert_eq!((ended.status, ended.retryable), (Status::Redirect, false), "{}", ended.message);
        assert!(ended.message.contains(says) && !ended.message.contains("endpoint"), "{}", ended.message);
    }
}
