//! Whoever performs what the scheduler hands out: workers, the threads of calls, or the host; and what they may be given.

use super::*;
use crate::download::Image;
use crate::download::image::Kind;
use crate::engine::scheduler::polls::NextPoll;
use crate::flow::link_retry::Failed;

impl Play {
    /// A worker asks for something to do.
    pub(super) fn take(&mut self) {
        let now = self.fixture.now;
        let flight = match self.fixture.scheduler.take(now) {
            None => {
                let next = self.fixture.scheduler.next_due(now);
                assert!(next.is_none_or(|next| next > now), "due at {next:?}, and not given at {now:?}");
                return;
            }
            Some(Task::Poll(poll)) => {
                self.check_poll(&poll);
                Flight::Poll(poll, None)
            }
            Some(Task::Image(image)) => Flight::Image(image),
            Some(Task::Check(check)) => {
                assert!(check.destination.is_a_file());
                Flight::Check(check)
            }
            Some(Task::Discard(discard)) => Flight::Discard(discard),
        };
        self.model.in_flight.push(flight);
        let working = || self.model.in_flight.iter().filter(|flight| flight.caller().is_none());
        assert!(working().count() <= WORKERS);
        let is_with_files =
            |flight: &&Flight| matches!(flight, Flight::Image(_) | Flight::Check(_) | Flight::Discard(_));
        let files = working().filter(is_with_files);
        assert!(files.count() <= IMAGES);
    }

    /// A call's thread looks what there is for it.
    pub(super) fn call(&mut self) {
        // With the host's transport the thread of a call waits for its exchange, and looks again whenever it is woken: also
        // for what concerns others. With ours it looks when it is told, or at the time that it was told to sleep until.
        let now = self.fixture.now;
        let busy: BTreeSet<u64> = match self.shape.by_host {
            true => BTreeSet::new(),
            false => {
                let asleep = self.model.asleep.iter().filter(|(_, until)| **until > now);
                let asleep = asleep.map(|(number, _)| *number);
                asleep.chain(self.model.in_flight.iter().filter_map(Flight::caller)).collect()
            }
        };
        let free: Vec<u64> = self.model.calls.difference(&busy).copied().collect();
        if free.is_empty() {
            return;
        }
        let number = free[self.below(free.len())];
        self.model.asleep.remove(&number);
        if self.fixture.scheduler.take_end(number, now).is_some() {
            return self.ended(number);
        }
        if let Some(update) = self.fixture.scheduler.take_progress(number, now) {
            assert!(update.polls > 0);
            let away = self.below(2) == 0;
            self.fixture.scheduler.set_away(number, away);
            return;
        }
        self.fixture.scheduler.set_away(number, false);
        match self.fixture.scheduler.take_call_poll(number, now) {
            NextPoll::Poll(poll) => {
                self.check_poll(&poll);
                self.model.in_flight.push(Flight::Poll(poll, Some(number)));
            }
            NextPoll::Sleep(next) => {
                let end = self.fixture.scheduler.end_of(number);
                let until = next.into_iter().chain(end).min().expect("it is open");
                self.model.asleep.insert(number, until);
                if self.fixture.scheduler.held.waits(number) {
                    self.met("held");
                }
            }
        }
    }

    /// At most one exchange of an id that anybody waits for, for a member, far enough from the last answer, and from the
    /// last request of all.
    fn check_poll(&mut self, poll: &PollTask) {
        self.check_turn();
        let scheduler = &self.fixture.scheduler;
        for other in self.model.in_flight.iter().filter_map(Flight::poll) {
            let wanted = scheduler.is_wanted(other.task);
            assert!(other.id != poll.id || !wanted, "two exchanges of {:?}", poll.id);
        }
        let group = &scheduler.groups[&scheduler.by_id[&poll.id]];
        let wanted = group
            .members
            .iter()
            .any(|job| self.model.open.get(job).is_some_and(|end| *end > self.fixture.now));
        assert!(wanted, "nobody wants {poll:?}");
        let polls_once =
            |number: &u64| scheduler.jobs.get(number).is_some_and(|job| job.is_polling() && job.plan.once());
        let (since, is_asked) = (
            self.model.answered.get(&poll.id).map(|last| self.fixture.now - *last),
            group.members.iter().any(polls_once),
        );
        if since.is_some_and(|since| since < LEAST_GAP) {
            assert!(is_asked, "{since:?} after the last answer, and nobody asked for it");
            self.met("out of turn");
        }
    }

    /// A request goes out: a gap after the last one, but for the little that a late one may make up for.
    fn check_turn(&mut self) {
        let now = self.fixture.now;
        if let Some(last) = self.model.last_turn.replace(now) {
            let between = now - last;
            assert!(between + SLACK >= self.shape.gap, "{between:?} after the last request");
        }
    }

    /// Something that is in flight ends, in one of the ways in which it may.
    pub(super) fn answer(&mut self) {
        if self.model.in_flight.is_empty() {
            return;
        }
        let at = self.below(self.model.in_flight.len());
        let now = self.fixture.now;
        match self.model.in_flight.swap_remove(at) {
            Flight::Poll(poll, call) if self.below(12) == 0 => {
                self.met("redirects");
                let permit = self.fixture.scheduler.enter_queue(None, now);
                self.model.in_flight.push(Flight::Redirected(poll, call, permit));
            }
            Flight::Redirected(poll, call, permit) => self.follow(poll, call, permit),
            Flight::Discard(discard) => {
                self.met("discards");
                self.fixture.scheduler.discarded(discard.task, now);
            }
            Flight::Check(check) => {
                self.met("checks");
                let outcome = match self.below(8) {
                    0 => Err(Error::File { path: "folder".into(), reason: "it is not there".into() }),
                    _ => Ok(()),
                };
                self.fixture.scheduler.checked(check.task, outcome, now);
            }
            Flight::Poll(poll, call) => self.answer_poll(poll, call),
            Flight::Image(image) => self.answer_image(&image),
        }
    }

    fn answer_poll(&mut self, poll: PollTask, call: Option<u64>) {
        let now = self.fixture.now;
        let wanted = self.fixture.scheduler.is_wanted(poll.task);
        let report = match self.below(24) {
            _ if !wanted => cancelled(),
            0..10 => not_yet(),
            10..13 => eta(self.below(60) as u32),
            13..16 => self.some_images(),
            16 => failed(),
            17 => not_found(),
            18 => busy(self.below(3600) as u32),
            19 => rate_limited(self.below(60) as u32),
            20 if call.is_some() => cancelled(),
            21 if call.is_some() => timeout(),
            _ => {
                let error = Error::Internal("a panic".into());
                self.model.answered.insert(poll.id.clone(), now);
                return self.fixture.scheduler.poll_broke(poll.task, &error, now);
            }
        };
        let (was_lost, status) = (report.status == Status::Cancelled, report.status);
        let late = call.is_some_and(|call| {
            status == Status::Timeout && self.model.open.get(&call).is_some_and(|end| *end <= now)
        });
        if wanted && !was_lost && !late {
            self.model.answered.insert(poll.id.clone(), now);
        }
        self.fixture.scheduler.polled(poll.task, report, now);
        if let Some(call) = call.filter(|_| wanted && was_lost) {
            // Its own token was triggered, which ends it.
            self.fixture.scheduler.stop(call, &Error::Cancelled, now);
        }
    }

    fn answer_image(&mut self, image: &ImageTask) {
        let now = self.fixture.now;
        if self.below(2) == 0 {
            let (done, total) = (self.below(1_000) as u64, (self.below(2) == 0).then_some(1_000));
            self.fixture.scheduler.received(image.task, done, total);
        }
        let attempt = match self.below(6) {
            0..3 => {
                let image = Image { kind: Kind::Png, width: 1, height: 1, path: None, bytes: None };
                Attempt {
                    outcome: Ok(image),
                    was_sent: true,
                    http_status: 200,
                    ..Attempt::refused(Error::Cancelled)
                }
            }
            3 => Attempt {
                failed: Some(Failed::NotThere),
                received: (self.below(4) == 0).then(left_in_a_file).flatten(),
                ..Attempt::refused(Error::Refused { kind: Status::NotFound, text: "late".into() })
            },
            4 => Attempt::refused(Error::Cancelled),
            _ => Attempt::refused(Error::Internal("a panic".into())),
        };
        let again = self.fixture.scheduler.attempted(image.task, attempt, now);
        assert!(again.is_none_or(|again| again > now));
    }

    /// The turn of a redirected poll has come, or not; or nobody wants it any more.
    fn follow(&mut self, poll: PollTask, call: Option<u64>, permit: Option<u64>) {
        let now = self.fixture.now;
        let scheduler = &mut self.fixture.scheduler;
        if !scheduler.is_wanted(poll.task) {
            if let Some(permit) = permit {
                scheduler.leave_queue(permit);
            }
            self.model.in_flight.push(Flight::Poll(poll, call));
            return;
        }
        match permit.map_or(Ok(()), |permit| scheduler.use_permit(permit, now)) {
            Err(next) => {
                assert!(
                    next.is_none_or(|next| next > now),
                    "a turn at {next:?} that is not given at {now:?}"
                );
                self.model.in_flight.push(Flight::Redirected(poll, call, permit));
            }
            Ok(()) => {
                if let Some(permit) = permit {
                    scheduler.leave_queue(permit);
                    self.check_turn();
                }
                self.model.in_flight.push(Flight::Poll(poll, call));
            }
        }
    }

    /// A reply that lists images: some, one of them twice, or more than are allowed.
    fn some_images(&mut self) -> Report {
        let count = 1 + self.below(IMAGES_OF_A_JOB + 2);
        let links: Vec<String> = (0..count)
            .map(|at| format!(r#""https://images.example.com/{}.png""#, if at == 3 { 0 } else { at }))
            .collect();
        reply(&format!(r#"{{"status":"success","output":[{}]}}"#, links.join(",")))
    }

    pub(super) fn fetch(&mut self) {
        let on = id(&self.some_id());
        let report = if self.below(4) == 0 { ready() } else { not_yet() };
        let now = self.fixture.now;
        if self.fixture.scheduler.by_id.contains_key(&on) {
            self.model.answered.insert(on.clone(), now);
        }
        self.fixture.scheduler.learn(&on, &report, now);
    }
}
