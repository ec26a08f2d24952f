#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mlab_fuzz::calls::run(data));
