//! The settings of a wait: what is refused, what is clamped.

use mlab_core::error::{Error, Status};
use mlab_core::flow::plan::{LONGEST, Plan};
use std::time::Duration;

const MS: fn(u64) -> Duration = Duration::from_millis;

#[test]
fn settings_that_cannot_be_kept_are_refused_by_the_name_of_the_argument() {
    let plan = Plan::default();
    #[rustfmt::skip]
    let cases = [
        (plan.with_poll(MS(999), MS(5_000)),     "min_ms"),
        (plan.with_poll(MS(0), MS(0)),           "min_ms"),
        (plan.with_poll(MS(3_000), MS(2_999)),   "max_ms"),
        (plan.with_deadline(MS(0)),              "deadline_ms"),
        (plan.with_deadline(Duration::from_nanos(1)), "deadline_ms"),
    ];
    for (plan, argument) in cases {
        let error = plan.expect_err(argument);
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(matches!(error, Error::InvalidArgument { name, .. } if name == argument), "{error}");
    }
}

#[test]
fn settings_at_the_limits_are_taken_and_those_past_a_day_clamped() {
    let plan = Plan::default()
        .with_poll(MS(1_000), MS(1_000))
        .and_then(|plan| plan.with_deadline(Duration::MAX))
        .expect("at the limits")
        .with_eta(Some(Duration::MAX));
    assert_eq!((plan.poll_min(), plan.poll_max(), plan.deadline()), (MS(1_000), MS(1_000), LONGEST));

    let plan = Plan::default().with_poll(Duration::MAX, Duration::MAX).expect("clamped");
    assert_eq!((plan.poll_min(), plan.poll_max()), (LONGEST, LONGEST));
}

#[test]
fn the_defaults_are_those_of_the_contract() {
    let plan = Plan::default();
    assert_eq!((plan.poll_min(), plan.poll_max(), plan.deadline()), (MS(2_000), MS(15_000), MS(600_000)));
}
