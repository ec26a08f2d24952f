//! Panics caught without a word on stderr. Knows nothing of who panics.

use crate::error::Error;
use crate::process::Global;
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

thread_local! {
    /// How many catches this thread is in. No destructor, so that nothing is registered with a host's thread.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
}

/// Runs `body`; a panic in it comes back as [`Error::Internal`] and prints nothing.
pub fn caught<R>(body: impl FnOnce() -> R) -> Result<R, Error> {
    // Sets the hook, if this is the first call.
    *QUIET;
    // One access: in a shared library each is a call.
    let outcome = INSIDE.with(|inside| {
        inside.set(inside.get() + 1);
        let outcome = catch_unwind(AssertUnwindSafe(body));
        inside.set(inside.get() - 1);
        outcome
    });
    outcome.map_err(|payload| Error::Internal(text_of(payload)))
}

/// Rust's hook prints to stderr. In a shared library this copy of it is ours alone; where Rust code links us as a crate,
/// its hook goes on for its own panics. Set at the first call: nothing happens at load.
static QUIET: Global<()> = Global::new(|| {
    let before = take_hook();
    set_hook(Box::new(move |info| {
        if INSIDE.get() == 0 {
            before(info);
        }
    }));
});

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

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::panic_any;

    /// What is dropped in a panic, and panics itself.
    struct Spiteful;

    impl Drop for Spiteful {
        fn drop(&mut self) {
            panic!("once more");
        }
    }

    #[test]
    fn a_panic_is_an_error_with_its_text_whatever_it_carries() {
        let panics: [(fn(), &str); 4] = [
            (|| panic!("a literal"), "a literal"),
            (|| panic_any("a text of its own".to_owned()), "a text of its own"),
            (|| panic_any(3), "a panic without a text"),
            (|| panic_any(Spiteful), "a panic without a text"),
        ];
        for (panics, text) in panics {
            assert_eq!(caught(panics), Err(Error::Internal(text.into())));
        }
        assert_eq!(INSIDE.get(), 0);
    }
}
