//! A client's kept connections: lent to one call at a time, thrown away after a panic, left alone after `fork`.

use crate::error::Error;
use crate::net::{Lane, NetSettings};
use crate::process::{self, Generation};
use crate::wire::Origin;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, TryLockError};

/// Idle connections kept by one client. More calls at once make more; the surplus is closed afterwards.
const MAX_IDLE: usize = 8;

/// The lanes that no call uses now, each with where it leads, the freshest last.
#[derive(Debug)]
pub(super) struct Lanes {
    idle: Mutex<ManuallyDrop<Vec<(Origin, Lane)>>>,
    owner: Generation,
}

/// A lane lent to a call; it goes back when dropped, unless a panic is why.
#[derive(Debug)]
pub(super) struct Lent<'a> {
    lane: Option<(Origin, Lane)>,
    lanes: &'a Lanes,
}

impl Lanes {
    pub(super) fn new() -> Lanes {
        Lanes { idle: Mutex::new(ManuallyDrop::new(Vec::new())), owner: process::generation() }
    }

    /// Whether this is the process that made them; a child's copies would talk into the parent's TLS sessions.
    pub(super) fn check_process(&self) -> Result<(), Error> {
        if process::is_forked_from(self.owner) { Err(Error::Forked) } else { Ok(()) }
    }

    pub(super) fn owner(&self) -> Generation {
        self.owner
    }

    pub(super) fn lend(&self, settings: &NetSettings, origin: &Origin) -> Result<Lent<'_>, Error> {
        let kept = self.idle.lock().ok().and_then(|mut idle| {
            let at = idle.iter().rposition(|(place, _)| place == origin)?;
            Some(idle.remove(at))
        });
        let lane = match kept {
            Some(lane) => lane,
            None => (origin.clone(), Lane::new(settings, origin, true)?),
        };
        Ok(Lent { lane: Some(lane), lanes: self })
    }

    fn take_back(&self, lane: (Origin, Lane)) {
        let Ok(mut idle) = self.idle.lock() else { return };
        // The stalest goes: with many origins it is the one least likely to be wanted again.
        let surplus = (idle.len() >= MAX_IDLE).then(|| idle.remove(0));
        idle.push(lane);
        drop(idle);
        drop(surplus);
    }

    /// Closes what is idle.
    fn clear(&self) {
        let idle = self.idle.lock().map(|mut idle| std::mem::take(&mut **idle));
        drop(idle);
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        // In a child a thread of the parent may have held the lock at the fork, and nobody will ever let it go.
        if self.check_process().is_ok() || !matches!(self.idle.try_lock(), Err(TryLockError::WouldBlock)) {
            self.clear();
        }
    }
}

impl Deref for Lent<'_> {
    type Target = Lane;

    fn deref(&self) -> &Lane {
        &self.lane.as_ref().expect("there until the drop").1
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Lane {
        &mut self.lane.as_mut().expect("there until the drop").1
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let lane = self.lane.take();
        if std::thread::panicking() {
            // What broke may have broken the others too.
            drop(lane);
            self.lanes.clear();
        } else if let Some(lane) = lane {
            self.lanes.take_back(lane);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drive::Settings;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn lend<'a>(lanes: &'a Lanes, settings: &Settings) -> Lent<'a> {
        lanes.lend(&settings.net, settings.endpoint.origin()).expect("a lane")
    }

    fn idle(lanes: &Lanes) -> usize {
        lanes.idle.lock().expect("not poisoned").len()
    }

    /// As after so many calls at once.
    fn lanes_after(calls: usize, settings: &Settings) -> Lanes {
        let lanes = Lanes::new();
        let lent: Vec<Lent<'_>> = (0..calls).map(|_| lend(&lanes, settings)).collect();
        drop(lent);
        lanes
    }

    #[test]
    fn no_more_than_eight_are_kept() {
        let settings = Settings::default();
        let lanes = lanes_after(MAX_IDLE + 3, &settings);
        assert_eq!(idle(&lanes), MAX_IDLE);
        let lent = lend(&lanes, &settings);
        assert_eq!(idle(&lanes), MAX_IDLE - 1);
        drop(lent);
        assert_eq!(idle(&lanes), MAX_IDLE);
    }

    #[test]
    fn a_panic_during_a_call_throws_all_idle_ones_away_and_the_lanes_go_on() {
        let settings = Settings::default();
        let lanes = lanes_after(3, &settings);
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let _lent = lend(&lanes, &settings);
            std::panic::resume_unwind(Box::new("something broke in a call"));
        }));
        assert!(caught.is_err());
        assert_eq!(idle(&lanes), 0);
        drop(lend(&lanes, &settings));
        assert_eq!(idle(&lanes), 1, "the next call's is kept again");
    }
}
