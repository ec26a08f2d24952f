//! Clients, and servers of a test's own: what the tests of the client have in common.
//!
//! Knows no case. Waits take seconds because of the floor between two polls, so a test with many runs them side by side.

#![allow(dead_code, reason = "each test binary uses its part")]

use mlab_core::engine::{Client, JobRequest, Report, Settings};
use mlab_core::flow::plan::Plan;
use mlab_core::net::{CancelToken, ProxySetting, RootCertificates};
use mlab_core::wire::{Endpoint, JobId, Key};
use mlab_standin::{Job, Options, RawServer, Reply, Standin, Step};
use std::thread;
use std::time::Duration;

/// An obviously false key.
pub(crate) const KEY: &str = "test-key-not-real";

/// The id that scripted servers are asked for.
pub(crate) const ID: &str = "12202888";

/// The body of a job that is ready.
pub(crate) const READY: &str =
    r#"{"status":"success","id":12202888,"output":["https://images.example/0.png"]}"#;

/// The commonest body of a job that is not.
pub(crate) const NOT_YET: &str = r#"{"status":"processing","message":"try again later.","output":""}"#;

/// How long a call may take that is not about time; a busy machine stays far below it.
const PATIENCE_MS: u32 = 20_000;

/// Within this, "at once" on a busy machine: well below the floor between two polls.
pub(crate) const AT_ONCE: Duration = Duration::from_millis(700);

/// Settings for this endpoint, with patience and without a proxy.
pub(crate) fn settings(endpoint: &str) -> Settings {
    let mut settings = Settings::with_endpoint(Endpoint::new(endpoint).expect(endpoint));
    settings.set_connect_timeout_ms(PATIENCE_MS).expect("a valid timeout");
    settings.set_request_timeout_ms(PATIENCE_MS).expect("a valid timeout");
    settings.net.proxy = ProxySetting::None;
    settings
}

/// The same, with a root of one's own.
pub(crate) fn settings_trusting(endpoint: &str, ca_pem: &str) -> Settings {
    let mut settings = settings(endpoint);
    settings.net.roots = RootCertificates::from_pem("pem", ca_pem.as_bytes()).expect("a root");
    settings
}

pub(crate) fn client(settings: Settings) -> Client {
    Client::new(Key::new(KEY).expect("a valid key"), settings)
}

pub(crate) fn job(id: &str) -> JobId {
    JobId::new(id).expect("a valid id")
}

/// One fetch that nobody cancels.
pub(crate) fn fetch(client: &Client, id: &str) -> Report {
    client.fetch(&job(id), &CancelToken::new())
}

/// A wait that polls as often as is allowed, for at most ten seconds.
pub(crate) fn order(id: &str) -> JobRequest {
    let second = Duration::from_secs(1);
    let plan = Plan::default().with_poll(second, second).and_then(|p| p.with_deadline(10 * second));
    JobRequest { id: job(id), plan: plan.expect("a valid plan"), destination: None, image_events: false }
}

/// The same with another deadline.
pub(crate) fn order_within(id: &str, deadline: Duration) -> JobRequest {
    let order = order(id);
    JobRequest { plan: order.plan.with_deadline(deadline).expect("a valid deadline"), ..order }
}

/// A wait that nobody cancels.
pub(crate) fn wait(client: &Client, order: &JobRequest) -> Report {
    client.wait(order, &CancelToken::new(), |_| true)
}

/// A stand-in with these jobs, and a client that asks it over HTTP.
pub(crate) fn standin(options: Options, jobs: Vec<Job>) -> (Standin, Client) {
    let standin = Standin::start(options).expect("free ports");
    for job in jobs {
        standin.add_job(job);
    }
    let client = client(settings(&standin.http_endpoint()));
    (standin, client)
}

/// A server that answers its requests with these steps in turn, whatever connections they come on; the last step goes
/// on for ever.
pub(crate) fn scripted(replies: Vec<Step>) -> (RawServer, Client) {
    let server = in_turn(replies);
    let client = client(settings(&server.endpoint()));
    (server, client)
}

/// The server of [`scripted`] alone.
pub(crate) fn in_turn(replies: Vec<Step>) -> RawServer {
    // Each connection but the last closes after one reply, so the number of the connection is that of the request.
    let answer = |step: &Step| match step {
        Step::Send(bytes) => vec![Step::ReadRequest, Step::Send(bytes.clone()), Step::Close],
        other => vec![Step::ReadRequest, other.clone()],
    };
    RawServer::plain(replies.iter().map(answer).collect::<Vec<_>>()).expect("a server")
}

/// A reply that ends its connection.
pub(crate) fn reply(reply: &Reply) -> Step {
    Step::Send(reply.to_bytes(true, false))
}

/// The same with a JSON text.
pub(crate) fn json(status: u16, body: &str) -> Step {
    reply(&Reply::json(status, body))
}

/// A test that is run beside others: its name, and itself.
pub(crate) type Case = (&'static str, fn());

/// Functions with their names.
#[macro_export]
macro_rules! cases {
    ($($function:ident),* $(,)?) => { &[$((stringify!($function), $function as fn())),*] };
}

/// Runs all cases at once; a panic says in which thread, and so in which case, it was.
pub(crate) fn side_by_side(cases: &[Case]) {
    let failed: Vec<&str> = thread::scope(|scope| {
        let start = |(name, run): &Case| {
            let builder = thread::Builder::new().name((*name).to_owned());
            (*name, builder.spawn_scoped(scope, *run).expect("a thread"))
        };
        let running: Vec<_> = cases.iter().map(start).collect();
        running.into_iter().filter_map(|(name, thread)| thread.join().err().map(|_| name)).collect()
    });
    assert!(failed.is_empty(), "failed: {failed:?}");
}
