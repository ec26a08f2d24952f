//! The numbers of the header against those of the library.

use mlab_bindings::declarations as header;
use mlab_core::error::Status;

#[test]
fn the_statuses_are_those_of_the_library_with_their_texts() {
    let text = |s: &std::ffi::CStr| s.to_str().expect("a UTF-8 text").to_owned();
    let wanted: Vec<(String, String, String)> =
        Status::ALL.iter().map(|s| (text(s.c_name()), s.code().to_string(), text(s.c_text()))).collect();
    let is_status = |name: &str| {
        ["MLAB_OK", "MLAB_PROCESSING", "MLAB_NO_EVENT"].contains(&name) || name.starts_with("MLAB_E_")
    };
    let found: Vec<(String, String, String)> = header::constants()
        .into_iter()
        .filter(|c| is_status(&c.name))
        .map(|c| (c.name, c.value, c.comment))
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn the_versions_are_those_of_the_library() {
    let value = |name: &str| {
        let constants = header::constants();
        constants.into_iter().find(|c| c.name == name).unwrap_or_else(|| panic!("{name}")).value
    };
    assert_eq!(value("MLAB_VERSION"), format!("{:?}", env!("CARGO_PKG_VERSION")));
    let part = |part: &str| part.parse::<u32>().expect("a number");
    let (major, minor, patch) = (
        part(env!("CARGO_PKG_VERSION_MAJOR")),
        part(env!("CARGO_PKG_VERSION_MINOR")),
        part(env!("CARGO_PKG_VERSION_PATCH")),
    );
    assert_eq!(value("MLAB_VERSION_NUMBER"), (major << 16 | minor << 8 | patch).to_string());
    assert_eq!(value("MLAB_VERSION_MAJOR"), major.to_string());
    assert_eq!(value("MLAB_VERSION_MINOR"), minor.to_string());
    assert!(header::introduction().contains(&format!("Version {}", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn no_identifier_is_reserved_and_every_macro_is_ours() {
    // What compilers define, and the one word that declares an import to them.
    let given = ["__cplusplus", "__declspec", "_WIN32"];
    let code = header::code();
    let reserved: Vec<&str> = code
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| {
            let upper =
                word.strip_prefix('_').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
            // Anywhere, for C++ (lex.name); at the start, for C (7.1.3).
            (upper || word.contains("__")) && !given.contains(word)
        })
        .collect();
    assert!(reserved.is_empty(), "{reserved:?}");
    for line in code.lines() {
        if let Some(name) = line.trim().strip_prefix("#define ") {
            assert!(name.starts_with("MLAB_"), "{name}");
        }
    }
}
