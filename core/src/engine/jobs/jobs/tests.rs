//! What workers do when a poll itself is defective: the rest is tested from outside, in tests/jobs_events.rs.

use super::*;
use crate::engine::Settings;
use crate::error::Status;
use crate::wire::{Endpoint, JobId, Key};
use mlab_standin::{Options, Standin};

#[test]
fn a_poll_that_panics_ends_its_jobs_and_the_others_go_on() {
    let server = Standin::start(Options { auto: true, ..Options::default() }).expect("free ports");
    let endpoint = Endpoint::new(&server.http_endpoint()).expect("an endpoint");
    let settings = Settings { endpoint, ..Settings::default() };
    let core = Arc::new(Core::new(Key::new("test-key-not-real").expect("a key"), settings));
    let jobs = Jobs::new(&core);
    let submit = |id: &str| {
        let order = Order {
            id: JobId::new(id).expect("an id"),
            plan: Plan::default(),
            keep: None,
            image_events: false,
        };
        jobs.submit(&order, 0, order.plan, None).expect("room")
    };
    let broken: Vec<u64> = (0..20).map(|n| submit(&format!("panic-{}", n % 10))).collect();
    let whole: Vec<u64> = (0..20).map(|n| submit(&n.to_string())).collect();
    let mut ends = Vec::new();
    while ends.len() < broken.len() + whole.len() {
        let event = jobs.next_event(Duration::from_secs(20)).expect("an end for each job");
        ends.extend(event.done.map(|done| (event.job, done.status)));
    }
    ends.sort_unstable();
    let wanted =
        broken.iter().map(|job| (*job, Status::Internal)).chain(whole.iter().map(|job| (*job, Status::Ok)));
    assert_eq!(ends, wanted.collect::<Vec<_>>());
    assert!(jobs.close(Duration::from_secs(5)));
    assert_eq!(jobs.shared.state().workers, 0);
}
