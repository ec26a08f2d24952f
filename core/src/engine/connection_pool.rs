//! A client's kept connections: lent to one call at a time, thrown away after a panic, left alone after `fork`. One that was
//! idle too long is not lent any more, and closed by the next call of the client that takes or brings one back, or with the
//! client: no thread is there to close it sooner.

use crate::error::Error;
use crate::net::{Connection, IDLE_AGE, NetSettings};
use crate::process::{self, Generation};
use crate::wire::Origin;
use std::mem::ManuallyDrop;
use std::sync::{Mutex, TryLockError};
use std::time::Instant;

/// Idle connections kept by a client with few workers. More calls at once make more; the surplus is closed afterwards.
const MIN_KEPT: usize = 8;

/// The connections that no call uses now, the freshest last.
#[derive(Debug)]
pub(super) struct ConnectionPool {
    idle: Mutex<ManuallyDrop<Vec<Idle>>>,
    /// The most that are kept.
    most: usize,
    owner: Generation,
}

/// A connection, with where it leads and since when no call uses it.
#[derive(Debug)]
struct Idle {
    origin: Origin,
    connection: Connection,
    since: Instant,
}

/// A connection lent to a call; it goes back when dropped, unless a panic is why.
#[derive(Debug)]
pub(super) struct PooledConnection<'a> {
    connection: Option<(Origin, Connection)>,
    pool: &'a ConnectionPool,
}

impl ConnectionPool {
    /// One for so many workers, each of which hands its connection back before it takes the next.
    pub(super) fn new(workers: usize) -> ConnectionPool {
        ConnectionPool {
            idle: Mutex::new(ManuallyDrop::new(Vec::new())),
            most: workers.max(MIN_KEPT),
            owner: process::generation(),
        }
    }

    /// Whether this is the process that made them; a child's copies would talk into the parent's TLS sessions.
    pub(super) fn check_process(&self) -> Result<(), Error> {
        if process::is_forked_from(self.owner) { Err(Error::Forked) } else { Ok(()) }
    }

    pub(super) fn owner(&self) -> Generation {
        self.owner
    }

    pub(super) fn lend(
        &self,
        settings: &NetSettings,
        origin: &Origin,
    ) -> Result<PooledConnection<'_>, Error> {
        let connection = match self.find(origin, Instant::now()) {
            Some(kept) => (kept.origin, kept.connection),
            None => (origin.clone(), Connection::new(settings, origin, true)?),
        };
        Ok(PooledConnection { connection: Some(connection), pool: self })
    }

    /// The freshest that leads there.
    fn find(&self, origin: &Origin, now: Instant) -> Option<Idle> {
        let mut idle = self.idle.lock().ok()?;
        let stale = take_stale(&mut idle, now);
        let at = idle.iter().rposition(|kept| kept.origin == *origin);
        let found = at.map(|at| idle.remove(at));
        drop(idle);
        drop(stale);
        found
    }

    fn take_back(&self, (origin, connection): (Origin, Connection), now: Instant) {
        let Ok(mut idle) = self.idle.lock() else { return };
        let stale = take_stale(&mut idle, now);
        // The stalest goes: with many origins it is the one least likely to be wanted again.
        let surplus = (idle.len() >= self.most).then(|| idle.remove(0));
        idle.push(Idle { origin, connection, since: now });
        drop(idle);
        drop((stale, surplus));
    }

    /// Closes what is idle.
    fn clear(&self) {
        let idle = self.idle.lock().map(|mut idle| std::mem::take(&mut **idle));
        drop(idle);
    }
}

/// Those that were idle so long that their connections would not be used again: left alone, what a burst needed would stay
/// half closed beside the one that later calls use. They are closed by whoever drops them, outside the lock.
fn take_stale(idle: &mut Vec<Idle>, now: Instant) -> Vec<Idle> {
    // The freshest stands last.
    let stale = idle.iter().take_while(|kept| now.saturating_duration_since(kept.since) > IDLE_AGE).count();
    idle.drain(..stale).collect()
}

impl Drop for ConnectionPool {
    fn drop(&mut self) {
        // In a child a thread of the parent may have held the lock at the fork, and nobody will ever let it go.
        if self.check_process().is_ok() || !matches!(self.idle.try_lock(), Err(TryLockError::WouldBlock)) {
            self.clear();
        }
    }
}

impl PooledConnection<'_> {
    pub(super) fn get_mut(&mut self) -> &mut Connection {
        &mut self.connection.as_mut().expect("there until the drop").1
    }
}

impl Drop for PooledConnection<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take();
        if std::thread::panicking() {
            // What broke may have broken the others too.
            drop(connection);
            self.pool.clear();
        } else if let Some(connection) = connection {
            self.pool.take_back(connection, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Settings;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn lend<'a>(pool: &'a ConnectionPool, settings: &Settings) -> PooledConnection<'a> {
        pool.lend(&settings.net, settings.endpoint.origin()).expect("a connection")
    }

    fn idle(pool: &ConnectionPool) -> usize {
        pool.idle.lock().expect("not poisoned").len()
    }

    /// As after so many calls at once.
    fn pool_after(calls: usize, settings: &Settings) -> ConnectionPool {
        let pool = ConnectionPool::new(1);
        let lent: Vec<PooledConnection<'_>> = (0..calls).map(|_| lend(&pool, settings)).collect();
        drop(lent);
        pool
    }

    #[test]
    fn as_many_as_workers_are_kept_and_at_least_eight() {
        let settings = Settings::default();
        let many = ConnectionPool::new(20);
        let lent: Vec<PooledConnection<'_>> = (0..30).map(|_| lend(&many, &settings)).collect();
        drop(lent);
        assert_eq!(idle(&many), 20);
        let pool = pool_after(MIN_KEPT + 3, &settings);
        assert_eq!(idle(&pool), MIN_KEPT);
        let lent = lend(&pool, &settings);
        assert_eq!(idle(&pool), MIN_KEPT - 1);
        drop(lent);
        assert_eq!(idle(&pool), MIN_KEPT);
    }

    #[test]
    fn those_that_a_burst_left_are_closed_when_they_are_too_old() {
        let settings = Settings::default();
        let pool = pool_after(MIN_KEPT, &settings);
        let origin = settings.endpoint.origin();
        let now = Instant::now();
        let one = pool.find(origin, now + IDLE_AGE / 2).expect("a fresh one");
        assert_eq!(idle(&pool), MIN_KEPT - 1);
        pool.take_back((one.origin, one.connection), now + IDLE_AGE / 2);
        assert_eq!(idle(&pool), MIN_KEPT);
        let late = now + IDLE_AGE + std::time::Duration::from_millis(1);
        let one = pool.find(origin, late).expect("the one that was used since");
        assert_eq!(idle(&pool), 0, "the others are closed by the next call");
        pool.take_back((one.origin, one.connection), late);
        assert!(pool.find(origin, late + 2 * IDLE_AGE).is_none());

        let other = Connection::new(&settings.net, origin, true).expect("a connection");
        let pool = pool_after(3, &settings);
        pool.take_back((origin.clone(), other), late);
        assert_eq!(idle(&pool), 1, "or by the end of one");
    }

    #[test]
    fn a_panic_during_a_call_throws_all_idle_ones_away_and_later_calls_make_new_ones() {
        let settings = Settings::default();
        let pool = pool_after(3, &settings);
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let _lent = lend(&pool, &settings);
            std::panic::resume_unwind(Box::new("something broke in a call"));
        }));
        assert!(caught.is_err());
        assert_eq!(idle(&pool), 0);
        drop(lend(&pool, &settings));
        assert_eq!(idle(&pool), 1, "the next call's is kept again");
    }
}
