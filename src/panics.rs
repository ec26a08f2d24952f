//! Panics caught without a word on stderr. Knows nothing of who panics.

use crate::error::Error;
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// How many catches this thread is in. No destructor, so that nothing is registered with a host's thread.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
}

/// Runs `body`; a panic in it comes back as [`Error::Internal`] and prints nothing.
pub(crate) fn caught<R>(body: impl FnOnce() -> R) -> Result<R, Error> {
    let _quiet = Quiet::enter();
    catch_unwind(AssertUnwindSafe(body)).map_err(|payload| Error::Internal(text_of(payload)))
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
