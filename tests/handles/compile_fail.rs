//! Wrong uses of a handle, each of which the compiler must refuse for the reason that is meant.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const BEGINNING: &str = r#"
#![allow(dead_code, unused, unsafe_op_in_unsafe_fn)]
#[path = "HANDLE"]
mod handle;
fn unforked<R>(act: impl FnOnce() -> R) -> R { act() }
use handle::*;
use std::sync::Arc;
struct Client(u8);
impl Handle for Client { type Ownership = Shared; }
struct Config(u8);
impl Handle for Config { type Ownership = Exclusive; }
struct OneThread(std::cell::Cell<u8>);
impl Handle for OneThread { type Ownership = Shared; }
struct Stranger(u8);
"#;

/// What must compile, so that the others fail for their own reason.
const RIGHT: [(&str, &str); 4] = [
    ("a call takes a share", "unsafe fn f(c: *const Client) -> u8 { share(c).map_or(0, |c| c.0) }"),
    ("a free retires", "unsafe fn f(c: *mut Client) { drop(retire(c)) }"),
    ("a call borrows", "unsafe fn f(c: *const Config) -> u8 { borrow(c).map_or(0, |c| c.0) }"),
    ("a free takes back", "unsafe fn f(c: *mut Config) { drop(take_back(c)) }"),
];

/// What must not, with the compiler's code for why.
const WRONG: [(&str, &str, &str); 9] = [
    (
        "a shared object is borrowed",
        "unsafe fn f(c: *const Client) -> u8 { borrow(c).map_or(0, |c| c.0) }",
        "E0271",
    ),
    ("a shared object is changed", "unsafe fn f(c: *mut Client) { borrow_mut(c).unwrap().0 = 1 }", "E0271"),
    ("a shared object is taken back", "unsafe fn f(c: *mut Client) { drop(take_back(c)) }", "E0271"),
    ("a shared object is given alone", "fn f() -> *mut Client { give(Client(1)) }", "E0271"),
    ("an exclusive object is shared", "unsafe fn f(c: *const Config) { drop(share(c)) }", "E0271"),
    ("an exclusive object is retired", "unsafe fn f(c: *mut Config) { drop(retire(c)) }", "E0271"),
    (
        "an object of one thread is shared",
        "fn f() -> *mut OneThread { give_shared(OneThread(Default::default())) }",
        "E0277",
    ),
    ("what is no handle is given", "fn f() -> *mut Stranger { give(Stranger(1)) }", "E0277"),
    (
        "a reference outlives its share",
        "unsafe fn f<'a>(c: *const Client) -> &'a u8 { let c = share(c).ok().unwrap(); &c.0 }",
        "E0515",
    ),
];

/// What the compiler says; nothing if it takes the text.
fn complaints(code: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/handle.rs");
    let source = BEGINNING.replace("HANDLE", &path.display().to_string()) + code;
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition=2024", "--crate-type=lib", "--crate-name=wrong", "--emit=metadata", "-"]);
    // Never a device: rustc renames its output into place, and run as root it replaces /dev/null by a file.
    rustc.arg("--out-dir").arg(env!("CARGO_TARGET_TMPDIR"));
    rustc.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = rustc.spawn().expect("rustc");
    child.stdin.take().expect("piped").write_all(source.as_bytes()).expect("it reads");
    let done = child.wait_with_output().expect("it ends");
    (!done.status.success()).then(|| String::from_utf8_lossy(&done.stderr).into_owned())
}

#[test]
fn right_uses_compile() {
    for (name, code) in RIGHT {
        assert_eq!(complaints(code), None, "{name}");
    }
}

#[test]
fn a_wrong_use_does_not_compile() {
    for (name, code, wanted) in WRONG {
        let said = complaints(code).unwrap_or_else(|| panic!("{name}: it compiles"));
        assert!(said.contains(&format!("error[{wanted}]")), "{name}: {said}");
        assert_eq!(said.matches("error[").count(), 1, "{name}: {said}");
    }
}
