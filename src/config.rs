//! Settings
//!
//! Make a config, set what should differ from the defaults, use it, free it. A setter checks at once: a refused value
//! changes nothing, and mlab_config_message() says why it was refused.

use super::convert::{optional_text, text};
use super::handle::{borrow, borrow_mut, from_caller, give, take_back};
use super::objects::mlab_config;
use super::panic::{entry, status};
use super::setter::{Refusing, change, message_of};
use mlab_core::engine::Settings;
use mlab_core::error::Error;
use mlab_core::net::{ProxySetting, RootCertificates};
use mlab_core::wire::Endpoint;
use std::ffi::{CString, c_char};

/// What mlab_config_set_roots() takes.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum mlab_roots_kinds {
    /// Mozilla's root certificates, built into the library. The default.
    MLAB_ROOTS_BUNDLED = 0,
    /// The system's verifier and root certificates, with what a company or user added to them.
    MLAB_ROOTS_SYSTEM = 1,
}

impl Refusing for mlab_config {
    type Set = Settings;

    fn set(&mut self) -> &mut Settings {
        &mut self.settings
    }

    fn keep_message(&mut self, refused: Option<&Error>) {
        self.message = message_of(refused);
    }
}

/// Makes a config with the default settings.
///
/// @return a config to be freed with mlab_config_free(); NULL only after an internal error.
/// @note Threads: any.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn mlab_config_new() -> *mut mlab_config {
    entry("mlab_config_new", std::ptr::null_mut(), || {
        give(mlab_config { settings: Settings::default(), message: CString::default() })
    })
}

/// Ends a config. What was made from it is not touched.
///
/// @param config consumed; NULL does nothing.
/// @note Threads: any; no other thread may use the config any more.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_free(config: *mut mlab_config) {
    entry("mlab_config_free", (), || drop(from_caller!(take_back(config))));
}

/// Why the last setter refused its value: one line of at most 1024 bytes that names the argument.
///
/// @param config borrowed; may be NULL.
/// @return a string borrowed until the next setter or mlab_config_free(), never NULL; empty if the last setter
/// accepted its value.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_message(config: *const mlab_config) -> *const c_char {
    let config = from_caller!(borrow(config));
    entry("mlab_config_message", c"".as_ptr(), || {
        config.map_or(c"config is NULL".as_ptr(), |c| c.message.as_ptr())
    })
}

/// Sets the URL at which jobs are polled. The default is the Flux endpoint
/// https://modelslab.com/api/v1/enterprise/flux/fetch/{id}; its siblings for other models answer alike.
///
/// @param config changed.
/// @param url_template a URL with {id} once, as a whole path segment; https, or http if the host is this
///   machine itself; copied.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_endpoint(
    config: *mut mlab_config,
    url_template: *const c_char,
) -> i32 {
    let (config, url_template) = from_caller!(borrow_mut(config), text(url_template, "url_template"));
    change("mlab_config_set_endpoint", config, |settings| {
        settings.endpoint = Endpoint::new(url_template?)?;
        Ok(())
    })
}

/// Sets how long making a connection may take: name lookup, TCP, proxy and TLS together. The default is 10 seconds.
///
/// @param config changed.
/// @param timeout_ms milliseconds, at least 1; more than 24 hours count as 24 hours.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_connect_timeout_ms(
    config: *mut mlab_config,
    timeout_ms: u32,
) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_connect_timeout_ms", config, |s| s.set_connect_timeout_ms(timeout_ms))
}

/// Sets how long one poll may take from its start to the last byte, redirects included. The default is 30 seconds.
///
/// @param config changed.
/// @param timeout_ms milliseconds, at least 1; more than 24 hours count as 24 hours.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_request_timeout_ms(
    config: *mut mlab_config,
    timeout_ms: u32,
) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_request_timeout_ms", config, |s| s.set_request_timeout_ms(timeout_ms))
}

/// Sets the largest reply read; a larger one is MLAB_E_TOO_LARGE. The default is 1 MiB.
///
/// @param config changed.
/// @param max_bytes 1 to 67108864 (64 MiB).
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_body_limit(config: *mut mlab_config, max_bytes: usize) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_body_limit", config, |s| s.set_body_limit(max_bytes))
}

/// Sets what follows "mlab/<version> " in the User-Agent header, such as "MyGame/1.2". The default is nothing.
///
/// @param config changed.
/// @param suffix at most 200 bytes of printable ASCII, "" for nothing; copied.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_user_agent(config: *mut mlab_config, suffix: *const c_char) -> i32 {
    let (config, suffix) = from_caller!(borrow_mut(config), text(suffix, "suffix"));
    change("mlab_config_set_user_agent", config, |s| s.set_user_agent_suffix(suffix?))
}

/// Sets the proxy. The default is the environment's: https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY less the hosts in
/// no_proxy or NO_PROXY, as curl reads them; never for this machine itself, and not in a setuid program. Plain http,
/// which is allowed to this machine only, never goes through a proxy. The proxies that Windows and macOS keep in their
/// own settings are not read.
///
/// @param config changed.
/// @param proxy_url http://[user:password@]host[:port] or https://…, user and password percent-encoded; "" for no proxy;
///   NULL for the environment's; copied.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_proxy(config: *mut mlab_config, proxy_url: *const c_char) -> i32 {
    let (config, proxy_url) = from_caller!(borrow_mut(config), optional_text(proxy_url, "proxy_url"));
    change("mlab_config_set_proxy", config, |settings| {
        settings.net.proxy = match proxy_url? {
            None => ProxySetting::Environment,
            Some(url) => ProxySetting::parse(url)?,
        };
        Ok(())
    })
}

/// Trusts the certificates of a file, and no others, in place of what was trusted before.
///
/// @param config changed.
/// @param path a UTF-8 path to a regular file of at most 16 MiB with one or more PEM certificates; read now.
/// @return MLAB_OK; MLAB_E_INVALID_ARGUMENT: an empty path, or no usable certificate; MLAB_E_FILE: the file cannot be
/// read, is no regular file or is too large.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_ca_file(config: *mut mlab_config, path: *const c_char) -> i32 {
    let (config, path) = from_caller!(borrow_mut(config), text(path, "path"));
    change("mlab_config_set_ca_file", config, |settings| {
        settings.net.roots = RootCertificates::from_file("path", path?)?;
        Ok(())
    })
}

/// Trusts these certificates, and no others, in place of what was trusted before.
///
/// @param config changed.
/// @param pem one or more PEM certificates as one string; copied.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_ca_pem(config: *mut mlab_config, pem: *const c_char) -> i32 {
    let (config, pem) = from_caller!(borrow_mut(config), text(pem, "pem"));
    change("mlab_config_set_ca_pem", config, |settings| {
        settings.net.roots = RootCertificates::from_pem("pem", pem?.as_bytes())?;
        Ok(())
    })
}

/// Sets whose root certificates are trusted. Nothing turns verification off. With MLAB_ROOTS_SYSTEM the system's check
/// of a certificate may itself use the network, and no timeout and no cancel ends that: on Windows for up to 10
/// seconds, on macOS and iOS for as long as the system likes.
///
/// @param config changed.
/// @param roots MLAB_ROOTS_BUNDLED or MLAB_ROOTS_SYSTEM; on Android only the first, since there only Java code may ask
///   for the system's.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_roots(config: *mut mlab_config, roots: i32) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_roots", config, |settings| {
        settings.net.roots = match roots {
            roots if roots == mlab_roots_kinds::MLAB_ROOTS_BUNDLED as i32 => RootCertificates::Bundled,
            roots if roots == mlab_roots_kinds::MLAB_ROOTS_SYSTEM as i32 => RootCertificates::system()?,
            _ => return Err(Error::argument("roots", "must be MLAB_ROOTS_BUNDLED or MLAB_ROOTS_SYSTEM")),
        };
        Ok(())
    })
}

/// Sets how often a client tries again after a failure that may pass (mlab_result_is_retryable()). The default is 2.
///
/// Between tries it waits as long as the server asks for, else 0.5 seconds, doubling to 8, with some jitter. All tries of
/// mlab_client_fetch() share the request timeout: a reply slower than that is not asked for again. A wait goes on after any
/// number of such failures; its polls stay as far apart as its request says.
///
/// @param config changed.
/// @param retries tries after the first, 0 to 100.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_retries(config: *mut mlab_config, retries: u32) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_retries", config, |s| s.set_retries(retries))
}

/// Sets how many requests a second a client may send to its endpoint. The default is no limit.
///
/// All calls and jobs of the client share this budget; ids take turns, however many calls ask for one of them.
/// Redirects count. Not counted are images, which come from elsewhere, and the one repetition where a kept connection
/// turns out to be dead. In mlab_client_fetch() the time spent waiting for a turn counts towards the request timeout;
/// in a wait or a job it counts towards the deadline alone.
///
/// @param config changed.
/// @param requests_per_second 0.001 to 1000, or 0 for no limit.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_requests_per_second(
    config: *mut mlab_config,
    requests_per_second: f64,
) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_requests_per_second", config, |s| s.set_requests_per_second(requests_per_second))
}

/// Sets how many polls and downloads a client may have under way at once for its jobs: with the library's own HTTP, on as
/// many threads, which are made as jobs need them. The default is 64.
///
/// @param config changed.
/// @param workers 1 to 1024.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_workers(config: *mut mlab_config, workers: u32) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_workers", config, |s| s.set_workers(workers))
}

/// Sets how many jobs may be open at once in a client; one more is MLAB_E_BUSY. The default is 100000.
///
/// @param config changed.
/// @param max_jobs 1 to 10000000.
/// @return MLAB_OK or MLAB_E_INVALID_ARGUMENT.
/// @note Threads: one at a time.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_config_set_max_jobs(config: *mut mlab_config, max_jobs: u32) -> i32 {
    let config = from_caller!(borrow_mut(config));
    change("mlab_config_set_max_jobs", config, |s| s.set_max_jobs(max_jobs))
}

/// Sets what mlab_fetch_queued() and mlab_parse() use from now on, in the whole process. Calls under way keep theirs.
///
/// A library inside a larger program should leave this to the program.
///
/// @param config copied; NULL for the built-in settings.
/// @return MLAB_OK; MLAB_E_INVALID_ARGUMENT: the config has a transport that is pulled, which needs a client.
/// @note Threads: any, while no other thread changes the config.
/// @since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlab_set_default_config(config: *const mlab_config) -> i32 {
    let config = from_caller!(borrow(config));
    status("mlab_set_default_config", || {
        Settings::set_shared_default(config.map_or_else(Settings::default, |c| c.settings.clone()))
    })
}
