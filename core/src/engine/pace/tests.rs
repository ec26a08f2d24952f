use super::*;

const MS: Duration = Duration::from_millis(1);
const GAP: Duration = Duration::from_millis(100);

/// A row in virtual time, ten requests a second.
struct Desk {
    row: Row,
    now: Instant,
}

impl Desk {
    fn new() -> Desk {
        let now = Instant::now();
        Desk { row: Row::new(GAP, now), now }
    }

    fn call(&mut self, id: &str) -> u64 {
        self.row.enter(Some(&JobId::new(id).expect("an id")), self.now)
    }

    fn take(&mut self, ticket: u64) -> bool {
        self.row.take(ticket, self.now)
    }

    /// Whose of these is the turn now.
    fn served(&mut self, tickets: &[u64]) -> Option<u64> {
        tickets.iter().copied().find(|ticket| self.take(*ticket))
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }
}

#[test]
fn turns_are_a_gap_apart_and_one_that_nobody_wanted_is_not_saved_up() {
    let mut desk = Desk::new();
    let calls = [desk.call("a"), desk.call("a"), desk.call("a")];
    assert_eq!(desk.served(&calls), Some(calls[0]));
    desk.pass(GAP - MS);
    assert_eq!(desk.served(&calls), None);
    assert_eq!(desk.row.nap(calls[1], desk.now), MS);
    desk.pass(MS);
    assert_eq!(desk.served(&calls), Some(calls[1]));
    // Woken a little late: the one behind does not wait longer for that.
    desk.pass(GAP + 5 * MS);
    assert_eq!(desk.served(&calls), Some(calls[2]));
    desk.pass(GAP - 5 * MS);
    let later = desk.call("a");
    assert!(desk.take(later));
    desk.pass(10 * GAP);
    let (one, two) = (desk.call("a"), desk.call("a"));
    assert!(desk.take(one) && !desk.take(two));
    desk.pass(GAP - MS);
    assert!(!desk.take(two));
}

#[test]
fn ids_take_turns_and_the_calls_of_one_go_as_they_came() {
    let mut desk = Desk::new();
    let crowd: Vec<u64> = (0..4).map(|_| desk.call("crowd")).collect();
    desk.pass(MS);
    let (alone, third) = (desk.call("alone"), desk.call("third"));
    let mut all = crowd.clone();
    all.extend([alone, third]);
    let mut served = Vec::new();
    while let Some(ticket) = desk.served(&all) {
        served.push(ticket);
        desk.pass(GAP);
    }
    assert_eq!(served, [crowd[0], alone, third, crowd[1], crowd[2], crowd[3]]);
}

#[test]
fn an_id_that_asks_again_stands_behind_those_that_wait() {
    let mut desk = Desk::new();
    let mut waiting: Vec<(&str, u64)> = ["a", "a", "a", "b"].iter().map(|id| (*id, desk.call(id))).collect();
    let mut served = Vec::new();
    for _ in 0..8 {
        let tickets: Vec<u64> = waiting.iter().map(|(_, ticket)| *ticket).collect();
        let ticket = desk.served(&tickets).expect("somebody's turn");
        let call = waiting.iter_mut().find(|(_, waits)| *waits == ticket).expect("one of them");
        desk.pass(MS);
        call.1 = desk.call(call.0);
        served.push(call.0);
        desk.pass(GAP);
    }
    assert_eq!(served, ["a", "b", "a", "b", "a", "b", "a", "b"]);
}

#[test]
fn who_leaves_costs_nobody_a_turn() {
    let mut desk = Desk::new();
    let calls: Vec<u64> = (0..6).map(|nth| desk.call(["a", "b"][nth % 2])).collect();
    assert!(desk.take(calls[0]));
    calls[1..5].iter().for_each(|ticket| desk.row.leave(*ticket));
    desk.pass(GAP);
    assert!(desk.take(calls[5]));
    assert!(desk.row.places.is_empty());
}

#[test]
fn a_redirect_goes_before_the_row() {
    let mut desk = Desk::new();
    let waiting = [desk.call("a"), desk.call("b")];
    let hops = [desk.row.enter(None, desk.now), desk.row.enter(None, desk.now)];
    for ticket in [hops[0], hops[1], waiting[0], waiting[1]] {
        assert_eq!(desk.served(&[waiting[0], waiting[1], hops[0], hops[1]]), Some(ticket));
        desk.pass(GAP);
    }
}

#[test]
fn jobs_and_calls_go_by_how_long_they_wait() {
    let desk = Desk::new();
    let pace = Pace { gap: GAP, began: desk.now, row: Mutex::new(desk.row), changed: Condvar::new() };
    let began = desk.now;
    let id = JobId::new("a").expect("an id");
    let call = pace.row().enter(Some(&id), began + 2 * MS);
    // The jobs' poll was due before the call came: the call leaves it the turn, but not for ever.
    assert_eq!(pace.ask_for_jobs(began + MS, began + 2 * MS), began + MS);
    assert!(!pace.row().take(call, began + 2 * MS));
    assert_eq!(pace.take_for_jobs(began + MS, began + 3 * MS, || Some(7)), Some(7));
    let next = began + 3 * MS + GAP;
    // The next one of the jobs came later than the call.
    assert_eq!(pace.ask_for_jobs(began + 5 * MS, began + 5 * MS), next);
    assert_eq!(pace.take_for_jobs(began + 5 * MS, next, || Some(7)), None);
    assert_eq!(pace.ask_for_jobs(began + 5 * MS, next), next + SLICE);
    assert!(pace.row().take(call, next));
    let again = pace.row().enter(Some(&id), next + MS);
    let late = next + GAP + GRACE;
    assert!(!pace.row().take(again, late - MS));
    assert!(pace.row().take(again, late), "no thread came for the jobs' turn");
    // It is theirs at the next.
    let more = pace.row().enter(Some(&id), late + MS);
    pace.ask_for_jobs(began + 5 * MS, late + MS);
    assert!(!pace.row().take(more, late + GAP));
    assert_eq!(
        pace.take_for_jobs(began + 5 * MS, late + GAP, || None::<u8>),
        None,
        "nobody wanted it after all"
    );
    assert_eq!(pace.take_for_jobs(began + 5 * MS, late + GAP, || Some(7)), Some(7));
}

#[test]
fn a_cancel_and_the_end_of_a_call_end_its_waiting() {
    let pace = Pace::new(0.01);
    let id = JobId::new("a").expect("an id");
    let (token, now) = (CancelToken::new(), Instant::now());
    assert_eq!(pace.wait(Some(&id), &token, now + Duration::from_secs(60)), Turn::Come);
    assert_eq!(pace.wait(Some(&id), &token, now + 20 * MS), Turn::Late);
    let waited = std::thread::scope(|scope| {
        let waits = scope.spawn(|| pace.wait(Some(&id), &token, now + Duration::from_secs(60)));
        std::thread::sleep(20 * MS);
        token.trigger();
        let told = Instant::now();
        (waits.join().expect("no panic"), told.elapsed())
    });
    assert_eq!(waited.0, Turn::Cancelled);
    assert!(waited.1 < 250 * MS, "{:?}", waited.1);
    assert_eq!(Pace::new(0.0).wait(Some(&id), &token, now), Turn::Cancelled);
    assert_eq!(Pace::new(0.0).wait(Some(&id), &CancelToken::new(), now), Turn::Come);
    assert!(pace.row().places.is_empty());
}
