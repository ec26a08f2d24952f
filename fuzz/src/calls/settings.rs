//! Steps about settings. Whatever is set, nothing leaves this machine and nothing takes long.

use super::c_abi::objects::mlab_config;
use super::c_abi::{config, images, log, transport};
use super::checks;
use super::objects::CONFIGS;
use super::script::Step;
use super::{callbacks, server};
use std::ffi::CString;
use std::ptr::null_mut;

/// A config for the server here, with times that suit a test of milliseconds.
pub(super) fn local_config() -> *mut mlab_config {
    let made = config::mlab_config_new();
    let endpoint = CString::new(server::endpoint("http")).expect("no NUL");
    // SAFETY: a config of this thread; the string lives as long as the call.
    unsafe {
        assert_eq!(config::mlab_config_set_endpoint(made, endpoint.as_ptr()), 0);
        assert_eq!(config::mlab_config_set_connect_timeout_ms(made, 200), 0);
        assert_eq!(config::mlab_config_set_request_timeout_ms(made, 15), 0);
    }
    made
}

/// One of three ways.
pub(super) fn set_transport(config: *mut mlab_config, way: u8) {
    // SAFETY: a config that this thread has alone, or NULL.
    let status = unsafe {
        match way % 4 {
            0 | 1 => transport::mlab_config_set_transport(config, None, None, null_mut()),
            2 => transport::mlab_config_set_transport(
                config,
                Some(callbacks::start),
                Some(callbacks::cancel),
                null_mut(),
            ),
            _ => transport::mlab_config_set_transport_pull(config),
        }
    };
    assert_eq!(status == 0, !config.is_null());
}

pub(super) fn make() {
    CONFIGS.put(local_config(), |made: *mut mlab_config| {
        // SAFETY: nobody else has it.
        unsafe { config::mlab_config_free(made) };
    });
}

pub(super) fn free(step: Step) {
    // SAFETY: taken out of its place, or NULL.
    unsafe { config::mlab_config_free(CONFIGS.take(step.slot())) };
}

/// One setter with a good or a bad value.
pub(super) fn set(step: Step) {
    let Some(held) = CONFIGS.alone(step.slot()) else { return };
    let (config, value) = (held.0, step.argument >> 4);
    let number = [0, 1, 2, 15, 40, 64, 1000, u32::MAX][usize::from(value % 8)];
    let texts = ["", "u/1.2", "http://127.0.0.1:1", "\u{e9}\n"];
    let text = CString::new(texts[usize::from(value % 4)]).expect("no NUL");
    let mut setter = "mlab_config_set_";
    // SAFETY: held alone, or NULL; strings live as long as the call.
    let status = unsafe {
        match step.argument % 16 {
            0 => {
                let template = match value % 4 {
                    0 => server::endpoint("http"),
                    1 => server::endpoint("https"),
                    2 => "http://127.0.0.1:1/{id}".to_owned(),
                    _ => "http://127.0.0.1/no-id".to_owned(),
                };
                let template = CString::new(template).expect("no NUL");
                config::mlab_config_set_endpoint(config, template.as_ptr())
            }
            1 => config::mlab_config_set_connect_timeout_ms(config, number.min(200)),
            2 => config::mlab_config_set_request_timeout_ms(config, number.min(40)),
            3 => config::mlab_config_set_body_limit(config, number as usize),
            4 => config::mlab_config_set_user_agent(config, text.as_ptr()),
            5 => config::mlab_config_set_proxy(config, text.as_ptr()),
            6 => {
                setter = "mlab_config_set_ca_file";
                config::mlab_config_set_ca_file(config, text.as_ptr())
            }
            7 => config::mlab_config_set_ca_pem(config, text.as_ptr()),
            // The bundled ones: those of the system take long to read.
            8 => config::mlab_config_set_roots(config, [0, 0, 2, -1][usize::from(value % 4)]),
            9 => config::mlab_config_set_retries(config, number),
            10 => config::mlab_config_set_requests_per_second(
                config,
                [0.0, 1000.0, 50.0, -1.0, f64::NAN, 0.001, 1.0, f64::INFINITY][usize::from(value % 8)],
            ),
            11 => config::mlab_config_set_workers(config, number.min(1024)),
            12 => config::mlab_config_set_max_jobs(config, number),
            13 if value.is_multiple_of(2) => images::mlab_config_set_image_limit(config, u64::from(number)),
            13 => images::mlab_config_set_max_images(config, number),
            14 => {
                let level = i32::from(value % 6);
                let function: log::mlab_log_fn = if value < 12 { Some(callbacks::log) } else { None };
                log::mlab_config_set_log(config, level, function, null_mut())
            }
            _ => return set_transport(config, value),
        }
    };
    checks::status(setter, status);
    // SAFETY: as above.
    let message = checks::text(unsafe { config::mlab_config_message(config) });
    assert_eq!(status == 0, message.is_empty(), "{status}: {message:?}");
}

/// What calls without a client use. Never the built-in settings: those lead to the service itself.
pub(super) fn make_default(step: Step) {
    let Some(held) = CONFIGS.read(step.slot()) else { return };
    if !held.0.is_null() {
        // SAFETY: held, so that nobody changes it.
        let status = unsafe { config::mlab_set_default_config(held.0) };
        checks::status("mlab_set_default_config", status);
    }
}
