//! The one gate that every exported function passes: no panic leaves, nothing is printed, errno is put back.

use super::errno::Errno;
use crate::error::Error;
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// How many of our entries this thread is in. No destructor, so that nothing is registered with the host's thread.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
}

/// Runs the body of an exported function; `on_panic` is returned if it panics.
pub(super) fn entry<R>(function: &'static str, on_panic: R, body: impl FnOnce() -> R) -> R {
    entry_or(function, body).unwrap_or(on_panic)
}

/// As [`entry`], with the panic as the error it is reported as.
pub(super) fn entry_or<R>(function: &'static str, body: impl FnOnce() -> R) -> Result<R, Error> {
    let _errno = Errno::keep();
    let _quiet = Quiet::enter();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        planted::go_off(function);
        body()
    }));
    caught.map_err(|payload| Error::Internal(text_of(payload)))
}

fn text_of(payload: Box<dyn Any + Send>) -> String {
    let text = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "a panic without a text".to_owned(),
    };
    // A payload's own destructor may panic too.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
    text
}

/// While it lives, a panic on this thread prints nothing.
struct Quiet;

impl Quiet {
    fn enter() -> Quiet {
        // Rust's hook prints to stderr. In a shared library this copy of it is ours alone; where Rust code links us as
        // a crate, its hook goes on for its own panics. Set at the first call: nothing happens at load.
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let before = take_hook();
            set_hook(Box::new(move |info| {
                if INSIDE.get() == 0 {
                    before(info);
                }
            }));
        });
        INSIDE.set(INSIDE.get() + 1);
        Quiet
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        INSIDE.set(INSIDE.get() - 1);
    }
}

#[cfg(not(feature = "fault-injection"))]
mod planted {
    pub(super) fn go_off(_: &str) {}
}

#[cfg(feature = "fault-injection")]
mod planted {
    use std::sync::Mutex;

    pub(super) static PLANTED: Mutex<Option<String>> = Mutex::new(None);

    /// Panics if a panic is planted at this function; once.
    pub(super) fn go_off(function: &str) {
        let planted = PLANTED.lock().map(|mut p| p.take_if(|name| name == function)).unwrap_or_default();
        assert!(planted.is_none(), "planted at {function}");
    }
}

/// Makes the next call of the named function panic at its entry; NULL for none. Returns 1 if the panic planted before
/// has not gone off. Only in builds for this crate's own tests.
///
/// # Safety
/// `function` is NULL or a NUL-terminated string.
#[cfg(feature = "fault-injection")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_test_plant_panic(function: *const std::ffi::c_char) -> i32 {
    let name = (!function.is_null()).then(|| {
        // SAFETY: not NULL, and the caller promises the rest.
        unsafe { std::ffi::CStr::from_ptr(function) }.to_string_lossy().into_owned()
    });
    let mut planted = planted::PLANTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    i32::from(std::mem::replace(&mut *planted, name).is_some())
}
