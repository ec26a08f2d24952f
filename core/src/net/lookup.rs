//! Name lookup that can be given up.
//!
//! The system's lookup cannot be interrupted, so it runs on a thread that ends with it. There are at most
//! [`MAX_THREADS`] of these in the process; a lookup of a name that is being looked up already joins that one.

use super::deadline::SLICE;
use super::system_error::{no_socket_to_be_had, out_of_resources, reason};
use super::thread::spawn_quiet;
use super::transfer::Transfer;
use crate::error::{Error, Phase};
use crate::process::PerProcess;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Lookups under way at once, in the whole process.
const MAX_THREADS: usize = 4;

/// Enough for the lookup modules a system may load (nss, mdns); only what is used is ever committed.
const STACK: usize = 512 * 1024;

type Lookup = fn(&str) -> io::Result<Vec<IpAddr>>;

/// A way to look names up, with the lookups that run.
#[derive(Debug)]
pub struct Names {
    lookup: Lookup,
    table: PerProcess<Table>,
}

/// The lookups of one process: the threads that answer them are not in its children.
#[derive(Debug, Default)]
struct Table {
    by_name: Mutex<HashMap<String, Arc<Running>>>,
    /// A running lookup ended, so that a waiting one may start.
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Running {
    answer: Mutex<Option<Result<Vec<IpAddr>, Error>>>,
    answered: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Names {
    /// The system's resolver; one table for the process.
    pub fn system() -> &'static Arc<Names> {
        static SYSTEM: LazyLock<Arc<Names>> = LazyLock::new(|| Names::with(by_the_system));
        &SYSTEM
    }

    /// A resolver of one's own, for tests.
    pub fn with(lookup: Lookup) -> Arc<Names> {
        Arc::new(Names { lookup, table: PerProcess::default() })
    }

    /// The addresses of a host, in the system's order. Addresses and `localhost` need no lookup and no thread.
    pub(super) fn resolve(self: &Arc<Names>, host: &str, transfer: &Transfer) -> Result<Vec<IpAddr>, Error> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse() {
            return Ok(vec![address]);
        }
        if bare.eq_ignore_ascii_case("localhost") {
            // RFC 6761, section 6.3: always this machine, whatever a hosts file says.
            return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
        }
        if transfer.phase() != Phase::Proxy {
            transfer.enter(Phase::Resolve);
        }
        self.join_or_start(bare, transfer)?.wait(transfer)
    }

    /// One lookup, on the thread made for it.
    fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, Error> {
        let refuse = |why: String| Error::Resolve { host: host.to_owned(), why };
        match (self.lookup)(host) {
            Ok(addresses) if addresses.is_empty() => Err(refuse("the name has no address".into())),
            Ok(addresses) => Ok(addresses),
            Err(e) => {
                // glibc says "name not known" also when it could open neither its files nor a socket.
                let scarce = out_of_resources(&e).or_else(no_socket_to_be_had);
                Err(scarce.unwrap_or_else(|| refuse(reason(&e))))
            }
        }
    }

    fn join_or_start(self: &Arc<Names>, host: &str, transfer: &Transfer) -> Result<Arc<Running>, Error> {
        let table = self.table.get();
        let mut by_name = lock(&table.by_name);
        loop {
            if let Some(running) = by_name.get(host) {
                return Ok(Arc::clone(running));
            }
            if by_name.len() < MAX_THREADS {
                break;
            }
            let slice = transfer.time_left()?.min(SLICE);
            by_name = table.freed.wait_timeout(by_name, slice).unwrap_or_else(PoisonError::into_inner).0;
        }
        let running = Arc::new(Running::default());
        let (names, name, answer) = (Arc::clone(self), host.to_owned(), Arc::clone(&running));
        let thread = spawn_quiet("mlab-lookup", STACK, move || {
            let found = names.look_up(&name);
            let table = names.table.get();
            lock(&table.by_name).remove(&name);
            table.freed.notify_all();
            *lock(&answer.answer) = Some(found);
            answer.answered.notify_all();
        })
        .map_err(|_| Error::NoResources { what: "threads" })?;
        *lock(&running.thread) = Some(thread);
        by_name.insert(host.to_owned(), Arc::clone(&running));
        Ok(running)
    }
}

impl Running {
    /// Waits for the answer, and for the thread that gave it to be gone; gives up when the call must end.
    fn wait(&self, transfer: &Transfer) -> Result<Vec<IpAddr>, Error> {
        let mut answer = lock(&self.answer);
        loop {
            if let Some(found) = &*answer {
                let found = found.clone();
                drop(answer);
                let thread = lock(&self.thread).take();
                if let Some(thread) = thread {
                    // It has nothing left to do; after this a one-shot call leaves no thread behind.
                    let _ = thread.join();
                }
                return found;
            }
            let slice = transfer.time_left()?.min(SLICE);
            answer = self.answered.wait_timeout(answer, slice).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn by_the_system(host: &str) -> io::Result<Vec<IpAddr>> {
    Ok((host, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
}
