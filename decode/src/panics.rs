//! Panics caught without a word on stderr. Knows nothing of who panics.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    /// How many catches this thread is in. No destructor, so that nothing is registered with a host's thread.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
}

/// Runs `body`; a panic in it comes back as its text and prints nothing.
pub(crate) fn caught<R>(body: impl FnOnce() -> R) -> Result<R, String> {
    be_quiet_inside();
    INSIDE.set(INSIDE.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(body));
    INSIDE.set(INSIDE.get() - 1);
    outcome.map_err(text_of)
}

/// Rust's hook prints to stderr. In a shared library this copy of it is ours alone. Set at the first call: nothing
/// happens at load. No `Once`: a child forked while another thread is inside one would wait for it for ever.
fn be_quiet_inside() {
    static SET: AtomicBool = AtomicBool::new(false);
    if SET.load(Ordering::Relaxed) || SET.swap(true, Ordering::Relaxed) {
        return;
    }
    let before = take_hook();
    set_hook(Box::new(move |info| {
        if INSIDE.get() == 0 {
            before(info);
        }
    }));
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
