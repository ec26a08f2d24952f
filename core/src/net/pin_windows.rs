//! Keeps the library in memory until the process ends. A system call, hence the `unsafe`.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

/// The address is of the module that is meant; no module is opened by name.
const FROM_ADDRESS: u32 = 4;
/// The module stays, however often it is freed.
const PIN: u32 = 1;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut *mut c_void) -> i32;
}

/// Pins the DLL that this code is in, the library's own or a plugin's that has it inside: FreeLibrary must not take away
/// the code under a thread that outlives its call.
pub(super) fn keep_loaded() -> io::Result<()> {
    static PINNED: AtomicBool = AtomicBool::new(false);
    if PINNED.load(Ordering::Relaxed) {
        return Ok(());
    }
    let mut module = ptr::null_mut();
    // SAFETY: with FROM_ADDRESS the second argument is any address inside a module, and a function of ours is; the third
    // is a pointer of this frame that the call fills in.
    let pinned = unsafe { GetModuleHandleExW(FROM_ADDRESS | PIN, keep_loaded as *const c_void, &mut module) };
    if pinned == 0 {
        return Err(io::Error::last_os_error());
    }
    PINNED.store(true, Ordering::Relaxed);
    Ok(())
}
