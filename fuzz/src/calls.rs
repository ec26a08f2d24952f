//! Sequences of calls of the whole C ABI, on a few objects, from up to three threads, with a server and a transport that
//! misbehave; frees wherever the header allows them.
//!
//! What is held: every status is one that the function's comment has, each job ends with exactly one MLAB_EVENT_DONE, the
//! number of open jobs is right, the key is in no text, files are whole, and once all objects are freed there is no thread,
//! descriptor or temporary file left. Use after free and leaks are for a sanitizer to find.
//!
//! ```text
//! script.rs      bytes as steps
//! objects.rs     the objects, and who may use them when
//! clients.rs     clients and cancels, which may be freed while they are used; the jobs of a client
//! steps.rs       one step: which function with which arguments; settings.rs jobs.rs exchanges.rs its parts
//! checks.rs      what is held of statuses, results, texts and files
//! callbacks.rs   the functions that a host sets
//! server.rs      the server; replies.rs what it, and the transport, answer
//! process.rs     threads, descriptors, hangs
//! ```
#![allow(unsafe_code)]

mod callbacks;
mod checks;
mod clients;
mod exchanges;
mod jobs;
mod objects;
mod process;
mod replies;
mod script;
mod server;
mod settings;
mod steps;

pub use checks::ALLOWED;

use super::c_abi;
use c_abi::config;
use c_abi::objects::mlab_config;
use clients::end_all;
use objects::{CONFIGS, free_all};
use process::Watch;
use script::Script;
use std::fs;
use std::sync::{Mutex, PoisonError};

/// The input: three bytes about the whole, then three a step.
pub fn run(data: &[u8]) {
    // Threads and descriptors are the process's: one input at a time.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let script = Script::read(data);
    let watch = Watch::begin();
    server::answer_with(&script);
    fs::create_dir_all(server::folder()).expect("a folder for files");
    begin(&script);
    std::thread::scope(|scope| {
        for thread in 1..script.threads {
            let script = &script;
            scope.spawn(move || script.steps_of(thread).for_each(steps::take));
        }
        script.steps_of(0).for_each(steps::take);
    });
    end_all(script.shuts_down);
    free_all();
    // SAFETY: NULL is allowed.
    unsafe { config::mlab_set_default_config(std::ptr::null()) };
    checks::no_file_is_half_there();
    fs::remove_dir(server::folder()).expect("nothing is left in it");
    watch.end();
    checks::fail_with_what_callbacks_saw();
}

/// Calls without a client go to the server here as well, and never elsewhere; and there is a client to begin with.
fn begin(script: &Script) {
    let local = settings::local_config();
    // SAFETY: a config of this thread.
    unsafe {
        config::mlab_set_default_config(local);
        settings::set_transport(local, script.transport);
    }
    clients::make(b"test-key-not-real\0", local);
    CONFIGS.put(local, |config: *mut mlab_config| {
        // SAFETY: of this thread, and used no more.
        unsafe { config::mlab_config_free(config) };
    });
}
