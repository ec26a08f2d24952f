//! Cancel
//!
//! Stops calls from another thread, whatever they are doing: name lookup, connecting, TLS, sending, receiving,
//! sleeping. The call returns MLAB_E_CANCELLED within 250 ms (but see mlab_config_set_roots()). A reply that is complete
//! already wins: the call then returns it.

use super::handle::{from_caller, give_shared, retire, share};
use super::objects::mlab_cancel;
use super::panic::entry;
use mlab_core::net::CancelToken;

/// Makes a cancel that is not triggered.
///
/// @return a cancel to be freed with mlab_cancel_free(); NULL only after an internal error.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_cancel_new() -> *mut mlab_cancel {
    entry("mlab_cancel_new", std::ptr::null_mut(), || give_shared(mlab_cancel { token: CancelToken::new() }))
}

/// Ends every call that uses this cancel, and every later one at once. It cannot be undone: make a new one.
///
/// Not for signal handlers: set a flag there, and trigger from a thread or a progress callback.
///
/// @param cancel used; NULL does nothing.
/// @note Threads: any, any number at once.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_cancel_trigger(cancel: *const mlab_cancel) {
    let cancel = from_caller!(share(cancel));
    entry("mlab_cancel_trigger", (), move || {
        if let Ok(cancel) = cancel {
            cancel.token.trigger();
        }
    });
}

/// Ends a cancel. Calls that use it go on, and can no longer be cancelled with it.
///
/// @param cancel consumed; NULL does nothing.
/// @note Threads: any, also while calls use it; no other thread may pass it to a function any more.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_cancel_free(cancel: *mut mlab_cancel) {
    entry("mlab_cancel_free", (), || drop(from_caller!(retire(cancel))));
}
