//! The images of whole jobs: with a blocking wait and as jobs, in memory and in files.

#[path = "download_call/mod.rs"]
mod call;
#[path = "download_jobs/events.rs"]
mod events;
#[path = "support/quickest.rs"]
mod quickest;
#[path = "download_jobs/waits.rs"]
mod waits;

use mlab_core::download::Destination;
use mlab_core::engine::JobRequest;
use mlab_core::flow::plan::Plan;
use mlab_core::wire::JobId;
use mlab_standin::{ImageKind, Job, Options, Standin};
use std::time::Duration;

/// A job with an image of each kind, ready at once, behind replies that each take so long.
fn server(reply_delay: Duration) -> Standin {
    let server = Standin::start(Options { reply_delay, ..Options::default() }).expect("free ports");
    server.add_job(Job { images: ImageKind::ALL.to_vec(), ..Job::new("12202888") });
    server
}

const NAMES: [&str; 4] = ["12202888-0.png", "12202888-1.jpg", "12202888-2.webp", "12202888-3.gif"];

fn order(destination: Destination) -> JobRequest {
    let second = Duration::from_secs(1);
    let plan = Plan::default().with_poll(second, second).and_then(|p| p.with_deadline(20 * second));
    JobRequest {
        id: JobId::new("12202888").expect("an id"),
        plan: plan.expect("a plan"),
        destination: Some(destination),
        image_events: false,
    }
}

/// The bytes that the stand-in has under a name.
fn made(index: usize) -> Vec<u8> {
    ImageKind::ALL[index].encode(NAMES[index], (64, 48)).expect("an image")
}
