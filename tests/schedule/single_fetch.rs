//! The retries of one fetch, which polls nothing and so keeps no least gap.

use crate::driver::seconds;
use mlab_core::flow::retry::Retry;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(3_600);

#[test]
fn retries_come_after_half_a_second_doubling_to_eight() {
    for seed in 0..1_000 {
        let mut retry = Retry::new(7, LONG, seed);
        let mut now = Duration::ZERO;
        for least in [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0] {
            let due = retry.after(None, now).expect("a retry is left");
            let delay = (due - now).as_secs_f64();
            assert!(least <= delay && delay <= f64::min(least * 1.25, 8.0), "{delay} s instead of {least} s");
            now = due;
        }
        assert_eq!(retry.after(None, now), None, "more than asked for");
    }
}

#[test]
fn neighbouring_seeds_do_not_retry_together() {
    let first = |seed| Retry::new(1, LONG, seed).after(None, Duration::ZERO);
    assert!((1..10).any(|seed| first(seed) != first(0)));
}

#[test]
fn retry_after_is_kept_and_hardly_exceeded() {
    for said in [1.0, 30.0, 600.0] {
        let due = Retry::new(1, LONG, 5).after(Some(seconds(said)), seconds(1.0)).expect("a retry is left");
        let delay = due.as_secs_f64() - 1.0;
        assert!(said <= delay && delay <= said * 1.1 + 0.001, "{delay} s instead of {said} s");
    }
}

#[test]
fn a_retry_after_shorter_than_the_own_delay_makes_no_burst() {
    for said in [0.0, 0.2, 1.0] {
        let mut retry = Retry::new(7, LONG, 5);
        let mut now = Duration::ZERO;
        for least in [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0] {
            let due = retry.after(Some(seconds(said)), now).expect("a retry is left");
            assert!(due - now >= seconds(f64::max(least, said)), "{said} s: {:?}", due - now);
            now = due;
        }
    }
}

#[test]
fn no_retry_begins_at_or_past_the_deadline() {
    #[rustfmt::skip]
    let cases = [
        // deadline, failed at, Retry-After, retried
        (10.0, 1.0,  None,        true),
        (10.0, 9.6,  None,        false),
        (10.0, 12.0, None,        false),
        (10.0, 1.0,  Some(9.0),   false),
        (10.0, 10.0, Some(0.0),   false),
        (10.0, 1.0,  Some(1e12),  false),
        (0.0,  0.0,  None,        false),
    ];
    for (deadline, failed, said, retried) in cases {
        let due = Retry::new(2, seconds(deadline), 1).after(said.map(seconds), seconds(failed));
        assert_eq!(due.is_some(), retried, "{deadline} {failed} {said:?}");
        assert!(due < Some(seconds(deadline)));
    }
}

#[test]
fn without_retries_there_is_none() {
    assert_eq!(Retry::new(0, LONG, 1).after(None, Duration::ZERO), None);
}
