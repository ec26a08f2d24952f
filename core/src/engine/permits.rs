//! Waiting for a turn under `requests_per_second`, on the thread whose request it is.

use super::engine_loop::Engine;
use super::log::Level;
use super::parker::Parker;
use crate::net::CancelToken;
use crate::wire::JobId;
use std::sync::Arc;
use std::time::Instant;

/// How such a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PermitWait {
    /// The request may go, now.
    Granted,
    Cancelled,
    /// The end of the call came first.
    Late,
}

impl Engine {
    /// Waits for the turn of a fetch of `id`, or of a redirect with none, and takes it. Without a limit it costs nothing.
    pub(super) fn wait_for_permit(
        &self,
        id: Option<&JobId>,
        token: &CancelToken,
        end: Instant,
    ) -> PermitWait {
        if token.is_triggered() {
            return PermitWait::Cancelled;
        }
        if !self.limits_requests {
            return PermitWait::Granted;
        }
        let parker = Parker::of(token);
        let permit = self.change(|state, now| {
            let permit = state.scheduler.enter_queue(id, now);
            if let Some(permit) = permit {
                state.permits.insert(permit, Arc::clone(&parker));
            }
            permit
        });
        let Some(permit) = permit else { return PermitWait::Granted };
        loop {
            let tried = self.change(|state, now| {
                let turn = if token.is_triggered() {
                    PermitWait::Cancelled
                } else if Instant::now() >= end {
                    PermitWait::Late
                } else {
                    match state.scheduler.use_permit(permit, now) {
                        Ok(()) => PermitWait::Granted,
                        Err(next) => return Err(next),
                    }
                };
                state.scheduler.leave_queue(permit);
                state.permits.remove(&permit);
                Ok(turn)
            });
            match tried {
                Ok(turn) => return turn,
                Err(next) => {
                    // Whoever does not stand first is woken once it does.
                    let until = next.map_or(end, |next| self.instant(next).min(end));
                    parker.park(until.saturating_duration_since(Instant::now()));
                }
            }
        }
    }

    /// Says in the log that a call waits for its turn.
    pub(super) fn say_waits_for_permit(&self, id: &JobId) {
        self.settings.log.say(Level::Debug, "turn", || format!("{}: waiting for a turn", id.as_str()));
    }
}
