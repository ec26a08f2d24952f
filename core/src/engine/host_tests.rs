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
use crate::error::Status;
use crate::flow::plan::Plan;
use crate::wire::{Endpoint, JobId, Key, RawReply};
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
    NewJob {
        id: Some(JobId::new("1").expect("an id")),
        link: None,
        tag: 0,
        plan: Plan::default(),
        destination: None,
        wants_image_events: false,
        is_call: false,
    }
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
