//! The settings of one wait, checked where they are made, so that the schedule need not doubt them.
//!
//! Knows the limits of the contract (section 4) and nothing of how a wait runs.

use super::eta_accuracy::EtaAccuracy;
use super::{Millis, millis, millis_up};
use crate::error::Error;
use std::time::Duration;

/// No wait's polls come closer (contract, section 4: an old filter punished identical requests sent too fast).
pub const FLOOR: Duration = Duration::from_secs(1);
/// Where every time of the ABI is clamped.
pub const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a wait takes unless set.
const DEADLINE: Millis = 600_000;

/// Quick retries unless set.
pub(crate) const RETRIES: u32 = 2;

/// The gap between polls also grows with the age of the wait: at least this part of it, up to the largest backoff.
/// A server that goes on promising "two more seconds" is asked some hundred times in ten minutes, not three hundred.
const AGE_TO_GAP: Millis = 40;

/// What one wait should keep to. Small and copied; any thread may hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub(super) poll_min: Millis,
    pub(super) poll_max: Millis,
    deadline: Option<Millis>,
    bound: &'static str,
    pub(super) eta: Option<Millis>,
    /// Whether one answer ends it, whatever it says.
    pub(super) once: bool,
    pub(super) retries: u32,
    pub(super) accuracy: EtaAccuracy,
    pub(super) seed: u64,
}

impl Default for Plan {
    /// Polls 2 to 15 s apart, for at most 10 minutes, with 2 quick retries, no eta, and nothing known about etas.
    fn default() -> Plan {
        Plan {
            poll_min: 2_000,
            poll_max: 15_000,
            deadline: None,
            bound: "deadline",
            eta: None,
            once: false,
            retries: RETRIES,
            accuracy: EtaAccuracy::default(),
            seed: 0,
        }
    }
}

impl Plan {
    /// The least distance between two polls, at least [`FLOOR`], and the widest that backoff may become.
    pub fn with_poll(self, min: Duration, max: Duration) -> Result<Plan, Error> {
        if min < FLOOR {
            return Err(Error::argument("min_ms", "is below 1000, the least between two polls of one id"));
        }
        if max < min {
            return Err(Error::argument("max_ms", "is less than min_ms"));
        }
        Ok(Plan { poll_min: millis_up(min.min(LONGEST)), poll_max: millis_up(max.min(LONGEST)), ..self })
    }

    /// How long the wait may take, clamped to 24 h. Zero is refused: a wait polls at least once.
    pub fn with_deadline(self, deadline: Duration) -> Result<Plan, Error> {
        if millis(deadline) == 0 {
            return Err(Error::argument("deadline_ms", "is 0; to poll just once, fetch instead of waiting"));
        }
        Ok(Plan { deadline: Some(millis(deadline.min(LONGEST))), ..self })
    }

    /// What the generation call's reply said, counted from the start of the wait and clamped to 24 h.
    pub fn with_eta(self, eta: Option<Duration>) -> Plan {
        Plan { eta: eta.map(|eta| millis_up(eta.min(LONGEST))), ..self }
    }

    /// One poll in place of a wait, repeated after failures that may pass as a fetch is.
    pub fn with_one_answer(self, once: bool) -> Plan {
        Plan { once, ..self }
    }

    /// What is the client's to say: how many quick retries, the seed of the jitter, and how long a single poll may take with
    /// its retries.
    pub fn of_client(self, retries: u32, request_timeout: Duration, seed: u64) -> Plan {
        let plan = Plan { retries, seed, ..self };
        if !plan.once {
            return plan;
        }
        // A single poll keeps no gap, has no eta, and takes as long as a request may, unless less was asked for.
        let timeout = millis(request_timeout);
        let (deadline, bound) = match plan.deadline {
            Some(deadline) if deadline < timeout => (deadline, plan.bound),
            _ => (timeout, "request timeout"),
        };
        Plan { poll_min: 0, eta: None, deadline: Some(deadline), bound, ..plan }
    }

    /// How many failures in a row are followed by a quick retry ([`super::retry`]) before backoff takes over.
    pub fn with_retries(self, retries: u32) -> Plan {
        Plan { retries, ..self }
    }

    /// What earlier waits at the same endpoint have shown about its etas.
    pub fn with_accuracy(self, accuracy: EtaAccuracy) -> Plan {
        Plan { accuracy, ..self }
    }

    /// The seed of the jitter; waits that start together should have different ones.
    #[doc(hidden)]
    pub fn with_seed(self, seed: u64) -> Plan {
        Plan { seed, ..self }
    }

    /// The end of the wait, counted from its start.
    pub fn deadline(&self) -> Duration {
        Duration::from_millis(self.end().into())
    }

    /// What that end is called in messages.
    pub fn bound(&self) -> &'static str {
        self.bound
    }

    pub(super) fn end(&self) -> Millis {
        self.deadline.unwrap_or(DEADLINE)
    }

    /// Whether one answer ends it, whatever it says.
    pub fn once(&self) -> bool {
        self.once
    }

    /// How many failures in a row are followed by a quick retry.
    pub fn retries(&self) -> u32 {
        self.retries
    }

    /// The seed of the jitter.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The least distance between two polls.
    pub fn poll_min(&self) -> Duration {
        Duration::from_millis(self.poll_min.into())
    }

    /// The widest that backoff becomes. For tests.
    #[doc(hidden)]
    pub fn poll_max(&self) -> Duration {
        Duration::from_millis(self.poll_max.into())
    }

    /// How long after an answer at this age no poll is made, unless one is asked for later still.
    pub(super) fn least_gap(&self, age: Millis) -> Millis {
        age.div_ceil(AGE_TO_GAP).clamp(self.poll_min, self.poll_max)
    }
}
