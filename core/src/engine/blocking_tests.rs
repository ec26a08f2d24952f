use super::*;
use crate::engine::host::HostTransport;
use crate::engine::settings::Settings;
use crate::wire::{Endpoint, Key, RawReply};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn key() -> Key {
    Key::new("test-key-not-real").expect("a key")
}

fn call(engine: &Engine) -> Call<'_> {
    let (token, start) = (CancelToken::new(), Instant::now());
    Call { engine, token, start, polls: 0, failed: None }
}

fn request(id: &str) -> JobRequest {
    JobRequest::new(JobId::new(id).expect("an id"))
}

#[test]
fn a_panic_in_a_poll_ends_the_wait_and_leaves_nothing_in_flight() {
    let engine = Engine::new(key(), Settings::default());
    let report = call(&engine).wait(&request("panic-1"), &mut |_| true);
    assert_eq!(report.status, Status::Internal, "{}", report.message);
    assert_eq!(engine.lock().scheduler.left(), (0, 0));
}

#[test]
fn a_panic_of_the_hosts_while_images_are_fetched_leaves_no_job() {
    let endpoint = Endpoint::new("https://service.example/fetch/{id}").expect("an endpoint");
    let settings = Settings { transport: Some(HostTransport::Pulled), endpoint, ..Settings::default() };
    let engine = Engine::new(key(), settings);
    let destination = Some(Destination::Memory { most: 1_000 });
    let waited = JobRequest { destination, ..request("1") };
    let reply = |body: &str| RawReply {
        http_status: 200,
        body: body.as_bytes().to_vec().into(),
        ..RawReply::default()
    };
    let pulled = || engine.next_exchange(Duration::from_secs(20)).expect("an exchange");
    let panicked = std::thread::scope(|scope| {
        scope.spawn(|| {
            pulled().reply(reply(r#"{"status":"processing","output":""}"#)).expect("the first answer");
        });
        let mut panics = |_: &Progress| {
            let ready = reply(r#"{"status":"success","output":["https://images.modelslab.com/0.png"]}"#);
            let ready = Report::of_reply(ready, None);
            engine.change(|state, now| state.scheduler.learn(&waited.id, &ready, now));
            let image = pulled();
            assert!(image.is_cancelled(), "planted");
            true
        };
        catch_unwind(AssertUnwindSafe(|| call(&engine).wait(&waited, &mut panics))).is_err()
    });
    assert!(panicked);
    assert_eq!(engine.lock().scheduler.left(), (0, 0));
}

fn image() -> ImageRequest {
    let url = "https://images.modelslab.com/0.png".to_owned();
    ImageRequest { url, destination: Destination::Memory { most: 1_000 }, deadline: Duration::from_secs(20) }
}

#[test]
fn an_image_without_time_is_refused_before_anything_is_sent() {
    let engine = Engine::new(key(), Settings::default());
    let report = call(&engine).download(&ImageRequest { deadline: Duration::ZERO, ..image() });
    assert_eq!((report.status, report.attempts), (Status::InvalidArgument, 0), "{}", report.message);
    assert_eq!(engine.lock().workers, 0);
}

#[test]
fn a_call_of_a_client_that_was_closed_ends_at_once() {
    let engine = Engine::new(key(), Settings::default());
    assert!(engine.close(Duration::ZERO));
    assert_eq!(call(&engine).wait(&request("1"), &mut |_| true).status, Status::Closed);
    assert_eq!(call(&engine).download(&image()).status, Status::Closed);
    assert!(engine.lock().callers.is_empty());
}

#[test]
fn an_image_that_no_thread_is_there_for_ends_its_call() {
    let engine = Engine::new(key(), Settings { workers: 1, ..Settings::default() });
    {
        let mut state = engine.lock();
        // As if one were there, so that none is begun, and nothing is sent; and as if it had left for good.
        state.workers = 1;
        state.no_thread = Some(Error::NoResources { what: "threads" });
    }
    let report = call(&engine).download(&image());
    assert_eq!((report.status, report.attempts), (Status::NoResources, 0), "{}", report.message);
    assert!(report.message.contains("no more threads"), "{}", report.message);
    assert_eq!(engine.lock().scheduler.left(), (0, 0));
}
