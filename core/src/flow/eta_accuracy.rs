//! What earlier waits have shown about a server's etas, so that a right one need not be hedged again and again.
//!
//! One wait alone cannot know whether its eta is right. If it is, the cheapest wait polls once and then at the eta:
//! two polls. If it may be early by a quarter, polls before it are needed, or the images lie ready all that time. So a
//! client begins by spreading its polls, and once etas have turned out right several times in a row it goes straight to
//! them, with a poll shortly before one in every eight: without that, an eta grown too long would never be noticed.
//!
//! Knows neither ids nor clients: the driver keeps one `EtaAccuracy` for an endpoint, hands it to each plan and records each end.

use super::Millis;

/// So many right etas in a row, and the next is believed.
const ENOUGH: u8 = 4;

/// What the end of a wait said about the eta that it had started with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtaOutcome {
    /// The job was found ready before its eta.
    Early,
    /// It was not ready shortly before the eta, and was at the first poll after it.
    Right,
    /// It was still not ready after the eta.
    Late,
}

/// How many etas in a row were right. Starts at none; one byte, copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EtaAccuracy {
    right: u8,
}

impl EtaAccuracy {
    /// Takes in how one wait ended ([`super::wait::Wait::eta_outcome`]); a wait that could not tell changes nothing.
    pub fn record(&mut self, outcome: Option<EtaOutcome>) {
        self.right = match outcome {
            None => self.right,
            Some(EtaOutcome::Right) => self.right.saturating_add(1).min(ENOUGH),
            Some(EtaOutcome::Early | EtaOutcome::Late) => 0,
        };
    }

    /// Whether the next eta is believed.
    pub fn is_earned(self) -> bool {
        self.right >= ENOUGH
    }
}

/// The nearest poll before the eta must be this near for the eta to count as right: the larger of a part of the eta and
/// a time that the default gap and a slow reply fit into.
const NEAR: f64 = 0.15;
const NEAR_AT_LEAST: Millis = 2_500;

/// How far before `eta` a poll that finds nothing still speaks for it.
pub(super) fn near(eta: Millis) -> Millis {
    super::scaled(eta, NEAR).max(NEAR_AT_LEAST)
}

/// Judges `eta` by the last poll that found nothing and the one that found the job ready.
pub(super) fn outcome_of(eta: Millis, missed: Option<Millis>, found: Millis) -> Option<EtaOutcome> {
    let missed = missed.unwrap_or(0);
    if found < eta {
        Some(EtaOutcome::Early)
    } else if missed >= eta {
        Some(EtaOutcome::Late)
    } else if missed > 0 && missed + near(eta) >= eta {
        Some(EtaOutcome::Right)
    } else {
        None
    }
}
