//! Name lookup that can be given up.
//!
//! The system's lookup cannot be interrupted, so it runs on a thread that ends with it. A lookup of a name that is being
//! looked up already joins that one. A lookup that hangs must hold up no other name, so the threads are shared out:
//!
//! | names | lookups at once |
//! |---|---|
//! | the endpoint's and the proxy's | one per name, and a second after [`TIMEOUT`], since the first one's packets may be lost |
//! | those that a server sends | one per name, [`MAX_FOR_THE_SERVER`] together, so that no reply can hold up the API |
//! | all of the process | [`MAX_THREADS`] |

use super::cancel_token::Interrupt;
use super::system_error::{no_socket_to_be_had, out_of_resources};
use super::thread::spawn_quiet;
use super::transfer::Transfer;
use crate::error::{Error, Phase, system_words};
use crate::panics::caught;
use crate::process::{Global, PerProcess};
use crate::wire::without_brackets;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::{Duration, Instant};

/// Lookups at once in the whole process.
const MAX_THREADS: usize = 16;

/// Those of them for names that a server sent.
const MAX_FOR_THE_SERVER: usize = 4;

/// How long the only lookup of a name may take before a second one is begun beside it: a resolver's usual pause before
/// it asks again (resolv.conf(5), `timeout`).
const TIMEOUT: Duration = Duration::from_secs(5);

type System = fn(&str) -> io::Result<Vec<IpAddr>>;

/// A way to look names up, with the lookups that run.
#[derive(Debug)]
pub struct Names {
    system: System,
    timeout: Duration,
    /// The threads that answer are not in the children of their process.
    table: PerProcess<Arc<Table>>,
}

/// The lookups of one process.
#[derive(Debug, Default)]
struct Table {
    state: Mutex<State>,
    /// A lookup ended, or a call was cancelled.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Names without an answer yet.
    open: Vec<Lookup>,
    threads: usize,
    /// Those of them that look up a name which a server sent.
    for_the_server: usize,
}

/// One name that is being looked up, by one thread or two. What the first one finds is the answer.
#[derive(Debug)]
struct Lookup {
    name: String,
    /// When the last thread began.
    since: Instant,
    threads: usize,
    answer: Arc<LookupAnswer>,
}

/// Where those who wait find the answer. Written under the table's lock.
#[derive(Debug, Default)]
struct LookupAnswer(Mutex<Outcome>);

#[derive(Debug, Default)]
struct Outcome {
    found: Option<(Result<Vec<IpAddr>, Error>, ThreadId)>,
    threads: Vec<JoinHandle<()>>,
}

/// Whose word a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Settings,
    Server,
}

impl Names {
    /// The system's resolver; one table for the process.
    pub fn system() -> &'static Arc<Names> {
        static SYSTEM: Global<Arc<Names>> = Global::new(|| Names::with(by_the_system));
        &SYSTEM
    }

    /// A resolver of one's own, for tests.
    #[doc(hidden)]
    pub fn with(system: System) -> Arc<Names> {
        Names::with_timeout(system, TIMEOUT)
    }

    /// The same, with another time before a second lookup is begun beside the first one.
    #[doc(hidden)]
    pub fn with_timeout(system: System, timeout: Duration) -> Arc<Names> {
        Arc::new(Names { system, timeout, table: PerProcess::default() })
    }

    /// The addresses of a host, in the system's order. Addresses and `localhost` need no lookup and no thread.
    pub(super) fn resolve(self: &Arc<Names>, host: &str, transfer: &Transfer) -> Result<Vec<IpAddr>, Error> {
        let bare = without_brackets(host);
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
        self.look_up(bare, transfer)
    }

    /// Joins or begins a lookup, and waits for its answer or for the end of the call.
    fn look_up(self: &Arc<Names>, name: &str, transfer: &Transfer) -> Result<Vec<IpAddr>, Error> {
        let source = match transfer.leads_where_the_server_says() {
            true => Source::Server,
            false => Source::Settings,
        };
        let table = self.table.get();
        let token = transfer.token();
        transfer.blocks_in(Arc::downgrade(table) as Weak<dyn Interrupt>);
        let mut answer: Option<Arc<LookupAnswer>> = None;
        let mut others = 0;
        loop {
            // Not under the table's lock: a trigger takes the transfer's first, and then the table's.
            let mut wait = transfer.time_left().map_err(|ended| match ended {
                Error::Timeout { which, after, .. } if answer.is_none() => {
                    Error::Timeout { phase: Phase::LookupQueue { others }, which, after }
                }
                ended => ended,
            })?;
            let mut state = table.lock();
            if answer.is_none() {
                answer = self.join_or_begin(&mut state, name, source)?;
                others = if source == Source::Server { state.for_the_server } else { state.threads };
            }
            if let Some(answer) = &answer {
                if let Some((found, thread)) = answer.take() {
                    drop(state);
                    // It has nothing left to do; after this a one-shot call leaves no thread behind.
                    let _ = thread.map(JoinHandle::join);
                    return found;
                }
                let second = self.time_to_the_second(&mut state, answer, source);
                wait = second.map_or(wait, |second| wait.min(second));
            }
            if !token.is_triggered() {
                drop(table.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    /// The lookup of this name, if there is one or room for one.
    fn join_or_begin(
        self: &Arc<Names>,
        state: &mut State,
        name: &str,
        source: Source,
    ) -> Result<Option<Arc<LookupAnswer>>, Error> {
        if let Some(open) = state.open.iter().find(|open| open.name == name) {
            return Ok(Some(Arc::clone(&open.answer)));
        }
        let full = state.threads >= MAX_THREADS
            || (source == Source::Server && state.for_the_server >= MAX_FOR_THE_SERVER);
        if full {
            return Ok(None);
        }
        let answer = Arc::default();
        self.begin(state, name, source, &answer)?;
        let open = Lookup { name: name.to_owned(), since: Instant::now(), threads: 1, answer };
        let answer = Arc::clone(&open.answer);
        state.open.push(open);
        Ok(Some(answer))
    }

    /// Begins a second lookup beside the first one if that has had its time; how long until then, if it is to come.
    fn time_to_the_second(
        self: &Arc<Names>,
        state: &mut State,
        answer: &Arc<LookupAnswer>,
        source: Source,
    ) -> Option<Duration> {
        // Half of the threads are for names that have none yet.
        let room = source == Source::Settings && state.threads < MAX_THREADS / 2;
        let at = state.open.iter().position(|open| Arc::ptr_eq(&open.answer, answer));
        let at = at.filter(|at| room && state.open[*at].threads == 1)?;
        let left = (state.open[at].since + self.timeout).saturating_duration_since(Instant::now());
        if !left.is_zero() {
            return Some(left);
        }
        let name = state.open[at].name.clone();
        // Also where no thread is to be had: the first one may still answer.
        state.open[at].threads += 1;
        let _ = self.begin(state, &name, source, answer);
        None
    }

    /// Starts a thread that looks a name up.
    fn begin(
        self: &Arc<Names>,
        state: &mut State,
        name: &str,
        source: Source,
        answer: &Arc<LookupAnswer>,
    ) -> Result<(), Error> {
        let (names, host, to) = (Arc::clone(self), name.to_owned(), Arc::clone(answer));
        let thread = spawn_quiet("mlab-lookup", move || {
            // Also after a panic: whoever waits, and every later call for this name, waits for these last words.
            let found = caught(|| names.ask_the_system(&host)).unwrap_or_else(Err);
            names.table.get().end(found, source, &to);
        })
        .map_err(|_| Error::NoResources { what: "threads" })?;
        // Its end needs the table's lock, which is held here.
        lock(&answer.0).threads.push(thread);
        state.threads += 1;
        state.for_the_server += usize::from(source == Source::Server);
        Ok(())
    }

    /// One lookup, on the thread made for it.
    fn ask_the_system(&self, host: &str) -> Result<Vec<IpAddr>, Error> {
        let refuse = |reason: String| Error::Resolve { host: host.to_owned(), reason };
        match (self.system)(host) {
            Ok(addresses) if addresses.is_empty() => Err(refuse("the name has no address".into())),
            Ok(addresses) => Ok(addresses),
            Err(e) => {
                // glibc says "name not known" also when it could open neither its files nor a socket.
                let scarce = out_of_resources(&e).or_else(no_socket_to_be_had);
                Err(scarce.unwrap_or_else(|| refuse(system_words(&e))))
            }
        }
    }
}

impl Table {
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// A thread's last words.
    fn end(&self, found: Result<Vec<IpAddr>, Error>, source: Source, answer: &Arc<LookupAnswer>) {
        let mut state = self.lock();
        state.threads -= 1;
        state.for_the_server -= usize::from(source == Source::Server);
        // Later calls ask anew.
        state.open.retain(|open| !Arc::ptr_eq(&open.answer, answer));
        lock(&answer.0).found.get_or_insert((found, thread::current().id()));
        drop(state);
        self.changed.notify_all();
    }
}

/// Wakes those who wait, so that a call that was cancelled sees it.
impl Interrupt for Table {
    fn interrupt(&self) {
        drop(self.lock());
        self.changed.notify_all();
    }
}

impl LookupAnswer {
    /// The answer, if there is one, and for whoever asks first the thread that gave it.
    #[allow(clippy::type_complexity, reason = "two things that are used at once")]
    fn take(&self) -> Option<(Result<Vec<IpAddr>, Error>, Option<JoinHandle<()>>)> {
        let mut outcome = lock(&self.0);
        let (found, by) = outcome.found.clone()?;
        let at = outcome.threads.iter().position(|thread| thread.thread().id() == by);
        let thread = at.map(|at| outcome.threads.swap_remove(at));
        Some((found, thread))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn by_the_system(host: &str) -> io::Result<Vec<IpAddr>> {
    Ok((host, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
}
