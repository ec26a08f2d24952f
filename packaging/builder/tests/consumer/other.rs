//! A static library of somebody else: it panics and catches that, on a thread of its own, and allocates.

use std::panic::catch_unwind;

/// 42, by a long way round.
#[unsafe(no_mangle)]
pub extern "C" fn other_answer() -> i32 {
    std::panic::set_hook(Box::new(|_| {}));
    let caught = std::thread::spawn(|| {
        let numbers: Vec<String> = (0..43).map(|n| n.to_string()).collect();
        let caught = catch_unwind(|| numbers.iter().for_each(|n| assert_ne!(n, "42", "as planned")));
        if caught.is_err() { numbers.last().and_then(|n| n.parse().ok()) } else { None }
    });
    caught.join().ok().flatten().unwrap_or(-1)
}
