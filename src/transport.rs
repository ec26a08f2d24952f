//! Your own HTTP
//!
//! With a transport your program performs the HTTP exchanges, polls and images alike (mlab_exchange_kind()): for consoles, an
//! engine's own stack, tests. The library then makes no socket, and a thread, named mlab-file, only for what may take long on
//! this machine: images that go into files, and images that stand in the reply itself. Exchanges come to you in one of two
//! ways.
//!
//! CALLED: mlab_config_set_transport(). Your functions are called inside mlab_fetch_queued(), mlab_client_fetch(),
//! mlab_client_wait(), mlab_client_download(), mlab_client_download_memory(), mlab_client_next_event(),
//! mlab_client_cancel_job(), mlab_client_shutdown() and mlab_client_free(), on the thread that called; by several threads at
//! once, if several call.
//!
//! PULLED: mlab_config_set_transport_pull(), and mlab_client_next_exchange() gives them: no function of yours is
//! called. For languages that C had better not call.
//!
//! Either way jobs move on only inside mlab_client_next_event() and mlab_client_next_exchange(), so call one of them
//! every frame, or when mlab_client_event_fd() is readable or mlab_client_next_due_ms() has come. Send what the
//! exchange says, and answer it once: at once or later, from any thread. A blocking call (mlab_client_fetch(),
//! mlab_client_wait(), mlab_client_download(), mlab_client_download_memory(), mlab_fetch_queued()) waits for answers on
//! its own thread: if that thread is the one that would bring them, it blocks for its whole timeout. With pulled
//! exchanges another thread must pull while it blocks.
//!
//! Verify TLS. Do not follow redirects: the request may hold the API key, and the library judges where it may go. If
//! your HTTP stack follows them in any case, compare the URL that it ended at with that of the exchange, and fail with
//! MLAB_E_REDIRECT if they differ. Do not log the body.

use super::callback::call_host;
use super::exchange::exchange_of;
use super::handle::{borrow_mut, from_caller, give, out_param, share};
use super::jobs::pull_into;
use super::objects::{mlab_client, mlab_config, mlab_exchange};
use super::setter::change;
use mlab_core::engine::{Exchange, HostTransport, Transport};
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Arc;
use std::time::Duration;

/// Begins an exchange. It must return without waiting for the reply, and throw no exception.
///
/// @param user as it was set.
/// @param exchange yours: answer it with mlab_exchange_reply() or mlab_exchange_fail(), then end it with
/// mlab_exchange_free().
pub type mlab_transport_start_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, exchange: *mut mlab_exchange)>;

/// Told that nobody waits for an exchange any more: it was cancelled or has run out of time. It may still be answered,
/// to no effect, and must still be freed. It must return at once, and throw no exception.
///
/// @param user as it was set.
/// @param id mlab_exchange_id() of the exchange.
pub type mlab_transport_cancel_fn = Option<unsafe extern "C" fn(user: *mut c_void, id: u64)>;

/// The host's functions as a transport.
struct HostHttp {
    start: unsafe extern "C" fn(*mut c_void, *mut mlab_exchange),
    cancel: mlab_transport_cancel_fn,
    user: *mut c_void,
}

// SAFETY: the header says that both functions and their pointer are used on whichever threads make calls.
unsafe impl Send for HostHttp {}
// SAFETY: by several at once, as the header says.
unsafe impl Sync for HostHttp {}

impl Transport for HostHttp {
    fn start(&self, exchange: Exchange) {
        let exchange = give(exchange_of(exchange));
        // SAFETY: an mlab_transport_start_fn with the pointer that was set beside it; the exchange is the host's from here on.
        call_host(|| unsafe { (self.start)(self.user, exchange) });
    }

    fn cancel(&self, id: u64) {
        if let Some(cancel) = self.cancel {
            // SAFETY: an mlab_transport_cancel_fn with the pointer that was set beside it.
            call_host(|| unsafe { cancel(self.user, id) });
        }
    }
}

/// Sets functions that perform the HTTP exchanges. The default is the library itself.
///
/// With a transport the settings for timeouts, body limit, user agent and endpoint apply; those for proxy, CA and roots
/// are yours to handle. mlab_config_set_workers() then limits the exchanges under way for jobs at once. Of this
/// function and mlab_config_set_transport_pull(), the last call counts.
///
/// @param config changed.
/// @param start begins an exchange; NULL for the library's own HTTP.
/// @param cancel told of exchanges that nobody waits for any more; may be NULL.
/// @param user handed to both; must stay valid as long as anything made from this config is used.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_transport(
    config: *mut mlab_config,
    start: mlab_transport_start_fn,
    cancel: mlab_transport_cancel_fn,
    user: *mut c_void,
) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_transport", config, |settings| {
        settings.transport =
            start.map(|start| HostTransport::Called(Arc::new(HostHttp { start, cancel, user })));
        Ok(())
    })
}

/// Lets exchanges be pulled with mlab_client_next_exchange(), with no function of yours. Otherwise as
/// mlab_config_set_transport(); of the two, the last call counts.
///
/// @param config changed; it cannot become the default config, since calls without a client have nobody who pulls.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_transport_pull(config: *mut mlab_config) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_transport_pull", config, |settings| {
        settings.transport = Some(HostTransport::Pulled);
        Ok(())
    })
}

/// The next exchange to perform, for a client whose config has mlab_config_set_transport_pull().
///
/// One that nobody waits for any more before it was pulled is not given; later, mlab_exchange_is_cancelled() tells.
///
/// @param client used.
/// @param timeout_ms how long to wait for an exchange if there is none; 0 never blocks.
/// @param[out] out receives an exchange to be answered and then freed with mlab_exchange_free(), or NULL; not NULL itself.
/// @return MLAB_OK: an exchange. MLAB_NO_EVENT: none came in time, or mlab_client_wakeup() ended the wait. A loop that
/// pulls ends at any negative status: MLAB_E_CLOSED: the client was shut down, told at once; MLAB_E_FORKED;
/// MLAB_E_INVALID_ARGUMENT: client or out is NULL, or its exchanges are not pulled; for a client that was refused, the
/// status of mlab_client_new().
/// @note Threads: any, any number at once; an exchange goes to one of them.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_client_next_exchange(
    client: *const mlab_client,
    timeout_ms: u32,
    out: *mut *mut mlab_exchange,
) -> i32 {
    let (client, mut out) = from_caller!(share(client), out_param(out, null_mut()));
    let timeout = Duration::from_millis(timeout_ms.into());
    pull_into(
        "mlab_client_next_exchange",
        client,
        !out.is_null(),
        |client| client.next_exchange(timeout),
        |exchange| out.set(give(exchange_of(exchange))),
    )
}
