//! The log
//!
//! What the library does, as it does it. Nothing is logged unless you ask for it.

use super::callback::call_host;
use super::handle::{borrow_mut, from_caller};
use super::objects::mlab_config;
use super::setter::change;
use mlab_core::engine::{Level, Log, Sink};
use mlab_core::error::Error;
use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;

/// Takes one entry of the log.
///
/// It is called only inside a call that you made, on the thread that made it, with no lock of this library held; calls on
/// several threads may call it at once. Inside it, any function of this library may be called; after mlab_client_free() it
/// is not called for that client any more, but for what is said there. It must return, and throw no exception.
///
/// @param user as it was set.
/// @param level MLAB_LOG_ERROR to MLAB_LOG_DEBUG.
/// @param area a short word, such as "poll"; valid during the call only.
/// @param text one line, without your key; valid during the call only.
pub type mlab_log_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, level: i32, area: *const c_char, text: *const c_char)>;

/// How much an entry of the log matters, as mlab_config_set_log() and mlab_log_fn have it.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum mlab_log_levels {
    /// A call failed for good, or a job, which is logged when its end is delivered. Your own cancel is no failure.
    MLAB_LOG_ERROR = 1,
    /// Something failed and will be tried again, or a deadline came.
    MLAB_LOG_WARNING = 2,
    /// What was done; one entry a poll.
    MLAB_LOG_INFO = 3,
    /// How it was done: pauses, redirects followed, waits for a turn under requests_per_second.
    MLAB_LOG_DEBUG = 4,
}

/// The host's function as a sink.
struct HostLog {
    function: unsafe extern "C" fn(*mut c_void, i32, *const c_char, *const c_char),
    user: *mut c_void,
}

// SAFETY: the header says that the function and its pointer are used on every thread that makes calls.
unsafe impl Send for HostLog {}
// SAFETY: by several at once, as the header says.
unsafe impl Sync for HostLog {}

impl Sink for HostLog {
    fn take(&self, level: Level, area: &str, text: &str) {
        let (area, text) = (CString::new(area).unwrap_or_default(), CString::new(text).unwrap_or_default());
        // SAFETY: an mlab_log_fn with the pointer that was set beside it; the strings live until it returns.
        call_host(|| unsafe { (self.function)(self.user, level as i32, area.as_ptr(), text.as_ptr()) });
    }
}

/// Sets what takes the log, and how much of it. The default is nothing.
///
/// Entries of a client's jobs and of its own threads are kept, at most the last 256 of them, until they can be delivered:
/// inside mlab_client_fetch(), mlab_client_wait(), mlab_client_download(), mlab_client_download_memory(),
/// mlab_client_submit(), mlab_client_next_event() and mlab_client_next_exchange() on that client, and in no other call.
/// What is left when the client is freed is dropped.
///
/// @param config changed.
/// @param level entries of this level and those that matter more: MLAB_LOG_ERROR to MLAB_LOG_DEBUG; 0 is off.
/// @param log called for each entry; NULL for nowhere.
/// @param user handed to it; must stay valid as long as anything made from this config is used.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_log(
    config: *mut mlab_config,
    level: i32,
    log: mlab_log_fn,
    user: *mut c_void,
) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_log", config, |settings| {
        let most = match level {
            0 => None,
            1 => Some(Level::Error),
            2 => Some(Level::Warning),
            3 => Some(Level::Info),
            4 => Some(Level::Debug),
            _ => {
                return Err(Error::argument(
                    "level",
                    "must be 0 (off) or MLAB_LOG_ERROR to MLAB_LOG_DEBUG (1 to 4)",
                ));
            }
        };
        settings.log = match (log, most) {
            (Some(function), Some(most)) => Log::to(Arc::new(HostLog { function, user }), most),
            _ => Log::default(),
        };
        Ok(())
    })
}
