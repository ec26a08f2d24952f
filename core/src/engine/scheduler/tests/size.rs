//! What a long life and a large crowd cost.

use super::fixture::*;
use crate::download::Destination;
use crate::engine::scheduler::*;
use std::time::Instant;

/// Entries of a heap that are no use any more; see [`Scheduler`].
const SPARE: usize = 100;

#[test]
fn jobs_that_come_and_go_leave_nothing_behind_in_a_scheduler_that_is_never_empty() {
    let mut fixture = Fixture::new();
    fixture.submit_until("stays", 86_400);
    let poll = fixture.poll();
    fixture.handle_reply(&poll, busy(3600));
    for n in 0..10_000 {
        // Some on ids of their own, some on the one that stays: their entries in the heaps differ.
        let on = if n % 2 == 0 { "stays" } else { "goes" };
        let job = fixture.submit_until(on, 86_400);
        if n % 3 == 0 {
            fixture.pass(Duration::from_millis(10));
            if let Some(poll) = fixture.take() {
                fixture.handle_reply(&poll, busy(3600));
            }
        }
        fixture.cancel(job).expect("it is open");
        fixture.ends();
        let scheduler = &fixture.scheduler;
        assert!(scheduler.due.len() <= SPARE, "{} polls after {n} jobs", scheduler.due.len());
        assert!(scheduler.ends.len() <= SPARE, "{} ends after {n} jobs", scheduler.ends.len());
        assert!(scheduler.groups.len() <= 2 && scheduler.forgotten.len() <= 2);
        assert!(scheduler.groups.values().all(|group| group.members.len() <= SPARE));
    }
}

#[test]
fn links_that_come_and_go_leave_nothing_behind_in_a_scheduler_that_is_never_empty() {
    let mut fixture = Fixture::new();
    fixture.submit_until("stays", 86_400);
    let url = "https://images.example/0.png".to_owned();
    let destination = Some(Destination::Memory { most: 1000 });
    let link = NewJob { id: None, link: Some(url), destination, ..job("1", until(86_400)) };
    for n in 0..1_000 {
        let job = fixture.open(link.clone());
        fixture.cancel(job).expect("it is open");
        assert_eq!(fixture.ends(), [(job, Status::Cancelled)]);
        let scheduler = &fixture.scheduler;
        assert!(scheduler.ends.len() <= SPARE, "{} ends after {n} links", scheduler.ends.len());
        assert!(scheduler.attempts.len() <= SPARE, "{} attempts after {n} links", scheduler.attempts.len());
    }
}

#[test]
fn an_emptied_scheduler_gives_its_memory_back() {
    let mut fixture = Fixture::new();
    let jobs: Vec<u64> = (0..10_000).map(|n| fixture.submit(&n.to_string())).collect();
    for job in jobs {
        fixture.cancel(job).expect("it is open");
    }
    fixture.ends();
    let Scheduler { jobs, groups, by_id, due, first, ends, events, .. } = &fixture.scheduler;
    let maps = [jobs.capacity(), groups.capacity(), by_id.capacity()];
    let rooms = [due.capacity(), first.capacity(), ends.capacity(), events.capacity()];
    assert!(maps.iter().all(|room| *room <= SPARE), "{maps:?}");
    assert!(rooms.iter().all(|room| *room <= SPARE), "{rooms:?}");
}

/// A minute would mean that each job was compared with each other; a second is plenty on a slow machine.
#[test]
fn a_crowd_on_one_id_is_submitted_told_and_ended_in_time_that_grows_with_its_size_alone() {
    const CROWD: u64 = 20_000;
    let began = Instant::now();
    for end in [
        |fixture: &mut Fixture| fixture.pass(SECOND * 600),
        |fixture: &mut Fixture| {
            fixture.scheduler.cancel_all(fixture.now);
        },
    ] {
        let mut fixture = Fixture::new();
        let jobs: Vec<u64> = (0..CROWD).map(|_| fixture.submit("1")).collect();
        let poll = fixture.poll();
        fixture.handle_reply(&poll, not_yet());
        for job in jobs.iter().take(jobs.len() / 2) {
            fixture.cancel(*job).expect("it is open");
        }
        end(&mut fixture);
        assert_eq!(fixture.ends().len() as u64, CROWD);
    }
    assert!(began.elapsed() < SECOND * 15, "{:?}", began.elapsed());
}

#[test]
fn a_waiting_job_takes_little_memory() {
    // Beside it stand its group, an entry in a heap or two, and its texts.
    assert!(
        size_of::<Job>() + size_of::<PollGroup>() <= 900,
        "{} + {}",
        size_of::<Job>(),
        size_of::<PollGroup>()
    );
}

#[test]
fn a_reply_is_kept_once_however_many_jobs_it_ends() {
    let mut fixture = Fixture::new();
    for _ in 0..1_000 {
        fixture.submit("1");
    }
    let poll = fixture.poll();
    fixture.handle_reply(&poll, ready());
    let reports: Vec<Arc<Report>> = std::iter::from_fn(|| fixture.scheduler.pop_event(fixture.now))
        .filter_map(|told| Some(told.end?.report))
        .collect();
    assert_eq!(reports.len(), 1_000);
    assert!(reports.iter().all(|report| Arc::ptr_eq(report, &reports[0])));
}
