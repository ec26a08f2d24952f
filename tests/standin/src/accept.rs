//! Threads and sockets: accepts connections, gives each a thread, and ends them all at once.
//!
//! Knows nothing of what is spoken on a connection.

use socket2::SockRef;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Takes a lock whatever happened to its last holder: a failed assertion in a test must not fail the others.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The end of a server, which its threads can wait for instead of sleeping. Shared by all its threads.
#[derive(Default)]
pub(crate) struct Stop {
    state: Mutex<Open>,
    ended: Condvar,
}

/// The open connections hold their own sockets: a strong reference here would keep a socket open past its `drop`,
/// and a reset is sent by the last close only.
#[derive(Default)]
struct Open {
    stopped: bool,
    sockets: Vec<Weak<TcpStream>>,
}

impl Stop {
    /// Waits as long as told; false when the server ended meanwhile.
    pub(crate) fn pause(&self, duration: Duration) -> bool {
        let started = Instant::now();
        let mut state = lock(&self.state);
        while !state.stopped {
            let Some(left) = duration.checked_sub(started.elapsed()).filter(|left| !left.is_zero()) else {
                return true;
            };
            state = self.ended.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }

    /// Whether the server ended.
    pub(crate) fn is_stopped(&self) -> bool {
        lock(&self.state).stopped
    }

    /// Remembers a connection so that `stop` can wake its thread; false when the server already ended.
    fn admit(&self, socket: &Arc<TcpStream>) -> bool {
        let mut state = lock(&self.state);
        state.sockets.retain(|socket| socket.strong_count() > 0);
        state.sockets.push(Arc::downgrade(socket));
        !state.stopped
    }

    fn stop(&self) {
        let mut state = lock(&self.state);
        state.stopped = true;
        for socket in state.sockets.drain(..).filter_map(|socket| socket.upgrade()) {
            // The client may have closed it already; there is nobody to tell.
            let _ = socket.shutdown(Shutdown::Both);
        }
        self.ended.notify_all();
    }
}

/// One listening port with its threads. Dropping it ends them all and returns when they have ended.
pub(crate) struct Acceptor {
    address: SocketAddr,
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

impl Acceptor {
    /// Listens on `address` (port 0: any free one) and calls `serve` on a thread of its own for each connection.
    pub(crate) fn start<Serve>(address: SocketAddr, stop: Arc<Stop>, serve: Serve) -> io::Result<Acceptor>
    where
        Serve: Fn(Arc<TcpStream>) + Send + Sync + 'static,
    {
        if !address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{address} is no loopback address: a stand-in must not be reachable from outside"),
            ));
        }
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let threads = Threads { stop: stop.clone(), serve: Arc::new(serve) };
        let thread =
            thread::Builder::new().name("standin-accept".into()).spawn(move || threads.accept(&listener))?;
        Ok(Acceptor { address, stop, thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        self.stop.stop();
        // `accept` has no timeout; a connection of our own wakes it. It is dropped before it is counted.
        let _wake = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was already printed by the panic hook.
            let _ = thread.join();
        }
    }
}

struct Threads<Serve> {
    stop: Arc<Stop>,
    serve: Arc<Serve>,
}

impl<Serve> Threads<Serve>
where
    Serve: Fn(Arc<TcpStream>) + Send + Sync + 'static,
{
    fn accept(&self, listener: &TcpListener) {
        let mut running: Vec<JoinHandle<()>> = Vec::new();
        loop {
            let accepted = listener.accept();
            if self.stop.is_stopped() {
                break;
            }
            running.retain(|thread| !thread.is_finished());
            match accepted {
                Ok((socket, _)) => running.extend(self.serve(socket)),
                // Out of descriptors, or the client gave up: without a pause the first would spin.
                Err(_) => drop(self.stop.pause(Duration::from_millis(10))),
            }
        }
        // A child process just being started holds a copy of every descriptor until its exec, so that closing alone
        // would leave the port open a moment longer. Not every system can do this; then that moment stays.
        let _ = SockRef::from(listener).shutdown(Shutdown::Both);
        for thread in running {
            let _ = thread.join();
        }
    }

    fn serve(&self, socket: TcpStream) -> Option<JoinHandle<()>> {
        // Replies are written whole; waiting for more to send would only add Nagle's delay to them.
        let _ = socket.set_nodelay(true);
        let socket = Arc::new(socket);
        if !self.stop.admit(&socket) {
            return None;
        }
        let serve = self.serve.clone();
        // Without a thread the connection is closed, as a server at its limit does.
        thread::Builder::new().name("standin-connection".into()).spawn(move || serve(socket)).ok()
    }
}
