//! A host that performs exchanges, and clients that leave theirs to it: what these tests have in common.
//!
//! Knows no case.

use mlab_core::engine::{Client, Event, Exchange, HostTransport, JobRequest, Report, Settings, Transport};
use mlab_core::flow::plan::Plan;
use mlab_core::wire::{Endpoint, JobId, Key, RawReply};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub(crate) const KEY: &str = "test-key-not-real";

/// What the host does with an exchange as soon as it is asked.
pub(crate) type Answering = dyn Fn(&Exchange) + Send + Sync;

/// A host that keeps every exchange and runs a function on each.
pub(crate) struct Host {
    answering: Box<Answering>,
    kept: Mutex<Vec<Exchange>>,
    cancelled: Mutex<Vec<u64>>,
}

impl Host {
    pub(crate) fn new(answering: impl Fn(&Exchange) + Send + Sync + 'static) -> Arc<Host> {
        let answering = Box::new(answering);
        Arc::new(Host { answering, kept: Mutex::default(), cancelled: Mutex::default() })
    }

    /// One that only keeps them.
    pub(crate) fn silent() -> Arc<Host> {
        Host::new(|_| {})
    }

    pub(crate) fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Exchange>> {
        self.kept.lock().expect("not poisoned")
    }

    pub(crate) fn cancelled(&self) -> Vec<u64> {
        self.cancelled.lock().expect("not poisoned").clone()
    }
}

impl Transport for Host {
    fn start(&self, exchange: Exchange) {
        (self.answering)(&exchange);
        self.kept().push(exchange);
    }

    fn cancel(&self, id: u64) {
        self.cancelled.lock().expect("not poisoned").push(id);
    }
}

pub(crate) fn settings(host: &Arc<Host>) -> Settings {
    let endpoint = Endpoint::new("https://service.example/fetch/{id}").expect("a valid endpoint");
    let mut settings = Settings::with_endpoint(endpoint);
    settings.transport = Some(HostTransport::Called(host.clone()));
    settings.set_request_timeout_ms(1_000).expect("in range");
    settings
}

pub(crate) fn key() -> Key {
    Key::new(KEY).expect("a valid key")
}

pub(crate) fn id(text: &str) -> JobId {
    JobId::new(text).expect("a valid id")
}

pub(crate) fn json(body: &str) -> RawReply<'static> {
    RawReply { http_status: 200, body: body.as_bytes().to_vec().into(), ..RawReply::default() }
}

pub(crate) fn ready(name: &str) -> RawReply<'static> {
    json(&format!(r#"{{"status":"success","output":["https://img.example/{name}.png"]}}"#))
}

pub(crate) fn submit(client: &Client, name: &str) -> u64 {
    client
        .submit(
            &JobRequest { id: id(name), plan: Plan::default(), destination: None, image_events: false },
            7,
        )
        .expect("room for a job")
}

/// Pulls events until this many jobs are done.
pub(crate) fn done(client: &Client, count: usize) -> Vec<Event> {
    let mut done = Vec::new();
    let until = Instant::now() + Duration::from_secs(20);
    while done.len() < count {
        assert!(Instant::now() < until, "{} of {count} are done", done.len());
        done.extend(client.next_event(Duration::from_millis(50)).ok().filter(|event| event.done.is_some()));
    }
    done
}

pub(crate) fn report(event: &Event) -> &Report {
    event.done.as_ref().expect("a done event")
}
