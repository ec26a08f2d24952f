use super::*;

const MS: Duration = Duration::from_millis(1);
const GAP: Duration = Duration::from_millis(100);

/// A limiter in virtual time, ten requests a second.
struct Fixture {
    limiter: RateLimiter,
    now: Duration,
}

impl Fixture {
    fn new() -> Fixture {
        Fixture { limiter: RateLimiter::new(GAP), now: Duration::ZERO }
    }

    fn call(&mut self, id: &str) -> u64 {
        self.limiter.enter(Some(&JobId::new(id).expect("an id")), self.now)
    }

    fn take(&mut self, permit: u64) -> bool {
        self.limiter.take(permit, self.now)
    }

    /// Whose of these is the turn now.
    fn served(&mut self, permits: &[u64]) -> Option<u64> {
        permits.iter().copied().find(|permit| self.take(*permit))
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }
}

#[test]
fn turns_are_a_gap_apart_and_one_that_nobody_wanted_is_not_saved_up() {
    let mut fixture = Fixture::new();
    let calls = [fixture.call("a"), fixture.call("a"), fixture.call("a")];
    assert_eq!(fixture.served(&calls), Some(calls[0]));
    fixture.pass(GAP - MS);
    assert_eq!(fixture.served(&calls), None);
    assert_eq!(fixture.limiter.next_try(calls[1], fixture.now), Some(fixture.now + MS));
    fixture.pass(MS);
    assert_eq!(fixture.served(&calls), Some(calls[1]));
    // Woken a little late: the one behind does not wait longer for that.
    fixture.pass(GAP + 5 * MS);
    assert_eq!(fixture.served(&calls), Some(calls[2]));
    fixture.pass(GAP - 5 * MS);
    let later = fixture.call("a");
    assert!(fixture.take(later));
    fixture.pass(10 * GAP);
    let (one, two) = (fixture.call("a"), fixture.call("a"));
    assert!(fixture.take(one) && !fixture.take(two));
    fixture.pass(GAP - MS);
    assert!(!fixture.take(two));
}

#[test]
fn ids_take_turns_and_the_calls_of_one_go_as_they_came() {
    let mut fixture = Fixture::new();
    let crowd: Vec<u64> = (0..4).map(|_| fixture.call("crowd")).collect();
    fixture.pass(MS);
    let (alone, third) = (fixture.call("alone"), fixture.call("third"));
    let mut all = crowd.clone();
    all.extend([alone, third]);
    let mut served = Vec::new();
    while let Some(permit) = fixture.served(&all) {
        served.push(permit);
        fixture.pass(GAP);
    }
    assert_eq!(served, [crowd[0], alone, third, crowd[1], crowd[2], crowd[3]]);
}

#[test]
fn an_id_that_asks_again_stands_behind_those_that_wait() {
    let mut fixture = Fixture::new();
    let mut waiting: Vec<(&str, u64)> =
        ["a", "a", "a", "b"].iter().map(|id| (*id, fixture.call(id))).collect();
    let mut served = Vec::new();
    for _ in 0..8 {
        let permits: Vec<u64> = waiting.iter().map(|(_, permit)| *permit).collect();
        let permit = fixture.served(&permits).expect("somebody's turn");
        let call = waiting.iter_mut().find(|(_, waits)| *waits == permit).expect("one of them");
        fixture.pass(MS);
        call.1 = fixture.call(call.0);
        served.push(call.0);
        fixture.pass(GAP);
    }
    assert_eq!(served, ["a", "b", "a", "b", "a", "b", "a", "b"]);
}

#[test]
fn who_leaves_costs_nobody_a_turn() {
    let mut fixture = Fixture::new();
    let calls: Vec<u64> = (0..6).map(|nth| fixture.call(["a", "b"][nth % 2])).collect();
    assert!(fixture.take(calls[0]));
    calls[1..5].iter().for_each(|permit| fixture.limiter.leave(*permit));
    fixture.pass(GAP);
    assert!(fixture.take(calls[5]));
    assert!(fixture.limiter.queue.is_empty());
}

#[test]
fn a_redirect_goes_before_the_queue() {
    let mut fixture = Fixture::new();
    let waiting = [fixture.call("a"), fixture.call("b")];
    let redirects = [fixture.limiter.enter(None, fixture.now), fixture.limiter.enter(None, fixture.now)];
    for permit in [redirects[0], redirects[1], waiting[0], waiting[1]] {
        assert_eq!(fixture.served(&[waiting[0], waiting[1], redirects[0], redirects[1]]), Some(permit));
        fixture.pass(GAP);
    }
}

#[test]
fn workers_and_calls_go_by_how_long_they_wait() {
    let mut limiter = RateLimiter::new(GAP);
    let id = JobId::new("a").expect("an id");
    let call = limiter.enter(Some(&id), 2 * MS);
    // The workers' poll was due before the call came: the call leaves it the turn, but not for ever.
    assert_eq!(limiter.ask_for_jobs(MS, 2 * MS), MS);
    assert!(!limiter.take(call, 2 * MS));
    assert!(limiter.is_for_jobs(MS, 3 * MS));
    limiter.taken_by_jobs(MS, 3 * MS);
    let next = 3 * MS + GAP;
    // The next one of the workers came later than the call.
    assert_eq!(limiter.ask_for_jobs(5 * MS, 5 * MS), next);
    assert!(!limiter.is_for_jobs(5 * MS, next));
    assert_eq!(limiter.ask_for_jobs(5 * MS, next), next + GRACE);
    assert!(limiter.take(call, next));
    let again = limiter.enter(Some(&id), next + MS);
    let late = next + GAP + GRACE;
    assert!(!limiter.take(again, late - MS));
    assert!(limiter.take(again, late), "no worker came for its turn");
    // It is theirs at the next.
    let more = limiter.enter(Some(&id), late + MS);
    limiter.ask_for_jobs(5 * MS, late + MS);
    assert!(!limiter.take(more, late + GAP));
    assert!(limiter.is_for_jobs(5 * MS, late + GAP));
}

#[test]
fn only_who_stands_first_has_a_time_to_ask_again_and_a_change_is_told() {
    let mut fixture = Fixture::new();
    let calls = [fixture.call("a"), fixture.call("b")];
    assert!(fixture.take(calls[0]));
    assert!(fixture.limiter.take_changed() && !fixture.limiter.take_changed());
    assert_eq!(fixture.limiter.next_try(calls[1], fixture.now), Some(GAP));
    let third = fixture.call("c");
    assert_eq!(fixture.limiter.next_try(third, fixture.now), None);
    fixture.limiter.leave(calls[1]);
    assert!(fixture.limiter.take_changed());
    assert_eq!(fixture.limiter.first(), Some(third));
}

#[test]
fn without_a_limit_nobody_waits() {
    let mut limiter = RateLimiter::new(Duration::ZERO);
    assert!(!limiter.has_limit() && !limiter.is_busy(MS));
    limiter.taken_by_jobs(MS, MS);
    assert!(limiter.is_for_jobs(MS, MS));
    assert_eq!(limiter.ask_for_jobs(5 * MS, MS), 5 * MS);
}
