//! What is in an archive, and what must not be.

use crate::fixture::{package, run};
use crate::machine::{is_apple, is_windows};
use crate::symbols::binutil;
use mlab_packaging::make_archive;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every file below a folder, by its path from there.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("readable");
        match entry.file_type().expect("a kind") {
            kind if kind.is_dir() => found.extend(files(&entry.path())),
            _ => found.push(entry.path()),
        }
    }
    found.sort();
    found
}

fn document(name: &str) -> String {
    fs::read_to_string(package().prefix.join("share/doc/mlab").join(name)).expect("a document")
}

#[test]
fn an_archive_holds_what_its_users_look_for() {
    let version = package().project.library_version();
    let libraries = match package().target.triple() {
        triple if triple.contains("windows") => {
            "bin/mlab.dll bin/mlab.exe lib/libmlab.dll.a lib/mlab.def lib/mlab.lib".to_owned()
        }
        triple if triple.contains("apple") => {
            format!("bin/mlab lib/libmlab.dylib lib/libmlab.0.dylib lib/libmlab.{version}.dylib")
        }
        _ => format!("bin/mlab lib/libmlab.so lib/libmlab.so.0 lib/libmlab.so.{version}"),
    };
    let wanted = format!(
        "{libraries} lib/static/libmlab.a lib/cmake/mlab/mlab-config-version.cmake lib/cmake/mlab/mlab-config.cmake \
         lib/pkgconfig/mlab-static.pc lib/pkgconfig/mlab.pc share/doc/mlab/CHANGELOG.md \
         share/doc/mlab/LICENSE-APACHE share/doc/mlab/LICENSE-MIT share/doc/mlab/NOTICE share/doc/mlab/README.md \
         share/doc/mlab/SECURITY.md share/doc/mlab/mlab.cdx.json share/man/man1/mlab.1"
    );
    let mut wanted: BTreeSet<String> = wanted.split_whitespace().map(str::to_owned).collect();
    for header in files(&package().project.root().join("include")) {
        wanted.insert(format!("include/{}", header.file_name().expect("a name").to_string_lossy()));
    }
    let found: BTreeSet<String> = files(&package().prefix)
        .iter()
        .map(|path| path.strip_prefix(&package().prefix).expect("below").display().to_string())
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn the_installed_readme_says_where_its_links_lead() {
    let page = document("README.md");
    let note = page.lines().nth(2).expect("a line under the title");
    assert!(note.contains(" sources: https://"), "{note}");
}

#[test]
fn nothing_tells_where_it_was_built() {
    let folder = |path: &Path| format!("{}/", path.display());
    let (home, root) = (folder(&std::env::home_dir().expect("a home")), folder(package().project.root()));
    // Debug information names the folder it was made in without a slash behind it.
    let ends = format!("{}\0", root.trim_end_matches('/'));
    let cargo_home = std::env::var_os("CARGO_HOME").map(|home| folder(&PathBuf::from(home).join("registry")));
    let crates = cargo_home.as_deref().unwrap_or(".cargo/registry/");
    // As names of imports hold it.
    let in_a_name = format!("{root}target").replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let private = [root.as_str(), &ends, &in_a_name, &home, ".cargo/registry/", crates, "/usr/src/rustc"];
    let mut seen = Vec::new();
    // What is compressed says nothing until it is unpacked.
    let plain = crate::fixture::scratch("plain debug files");
    for (number, path) in package().debug.as_deref().map(files).unwrap_or_default().iter().enumerate() {
        let mut objcopy = Command::new(package().target.binutil_name("objcopy"));
        objcopy.arg("--decompress-debug-sections").arg(path).arg(plain.join(number.to_string()));
        run(&mut objcopy);
    }
    for path in [files(&package().prefix), files(&plain)].concat() {
        let bytes = fs::read(&path).expect("readable");
        for text in private {
            if bytes.windows(text.len()).any(|part| part == text.as_bytes()) {
                seen.push(format!("{}: {text}", path.display()));
            }
        }
    }
    assert!(seen.is_empty(), "{seen:#?}");
}

/// A compiler that keeps what it made for somebody else would name a folder of theirs.
#[test]
fn debug_information_names_no_folder_of_any_other_build() {
    if is_windows() || is_apple() {
        return; // No ELF files.
    }
    // What stands for our sources and others'; a folder that is blanked out; the root.
    let is_known = |folder: &str| {
        folder == "/"
            || ["/mlab", "/crates/", "/rust/", "/rustc/", "//"].iter().any(|start| folder.starts_with(start))
    };
    for file in package().debug.as_deref().map(files).expect("debug files") {
        let said = binutil("readelf", &["--debug-dump=info", "--dwarf-depth=1", "--wide"], &file);
        let folders = said
            .lines()
            .filter(|line| line.contains("DW_AT_comp_dir"))
            .filter_map(|line| line.find('/').map(|start| line[start..].trim()));
        let folders: Vec<&str> = folders.collect();
        assert!(folders.contains(&"/mlab"), "{folders:#?}");
        assert_eq!(folders.iter().find(|folder| !is_known(folder)), None);
    }
}

#[test]
fn the_sums_are_those_of_the_archives() {
    let folder = package().archives[0].parent().expect("a folder");
    let list = fs::read_to_string(folder.join("SHA256SUMS")).expect("SHA256SUMS");
    for archive in &package().archives {
        let name = archive.file_name().expect("a name").to_string_lossy();
        assert!(list.lines().any(|line| line.ends_with(&format!("  {name}"))), "{name}:\n{list}");
    }
    run(Command::new("sha256sum").args(["--check", "--quiet", "SHA256SUMS"]).current_dir(folder));
}

#[test]
fn the_same_build_packed_again_has_the_same_bytes() {
    let again = crate::fixture::scratch("again");
    let made = make_archive(&package().project, &package().target, &again).expect("made again");
    for (first, second) in package().archives.iter().zip(&made) {
        assert!(fs::read(first).expect("read") == fs::read(second).expect("read"), "{}", first.display());
    }
}

/// What may be inside: nothing asks for more than to be named.
const LICENCES: [&str; 13] = [
    "MIT",
    "Apache-2.0",
    "ISC",
    "BSD-3-Clause",
    "CDLA-Permissive-2.0",
    "Zlib",
    "Unlicense",
    "Unicode-3.0",
    "0BSD",
    "Apache-2.0 WITH LLVM-exception",
    // Of runtime libraries, which may go into any program.
    "GPL-3.0-or-later WITH GCC-exception-3.1",
    "LGPL-2.1-or-later WITH GCC-exception-2.0-note",
    "ZPL-2.1",
];

/// The runtime libraries that the linker takes parts from.
fn runtimes() -> &'static [&'static str] {
    match package().target.name().as_str() {
        name if name.ends_with("-apple-darwin") => &["rust-std"],
        name if name.ends_with("-windows-gnu") => &["rust-std", "libgcc", "mingw-w64"],
        name if name.ends_with("-linux-musl") => &["rust-std", "zig-libunwind"],
        name if name.ends_with("-linux-gnu") => &["rust-std", "libgcc", "glibc"],
        _ => &["rust-std", "zig-libunwind", "glibc"],
    }
}

#[test]
fn everything_inside_is_named_with_its_licence() {
    let bom: Value = serde_json::from_str(&document("mlab.cdx.json")).expect("JSON");
    assert_eq!((bom["bomFormat"].as_str(), bom["specVersion"].as_str()), (Some("CycloneDX"), Some("1.5")));
    let notice = document("NOTICE");
    let components = bom["components"].as_array().expect("components");
    let names: BTreeSet<&str> = components.iter().filter_map(|c| c["name"].as_str()).collect();
    for known in ["ureq", "rustls", "ring", "serde_json", "webpki-roots"] {
        assert!(names.contains(known), "{known} is inside: {names:?}");
    }
    let is_crate =
        |component: &Value| component["purl"].as_str().is_some_and(|purl| purl.starts_with("pkg:cargo/"));
    let others = components.iter().filter(|component| !is_crate(component));
    assert_eq!(others.filter_map(|c| c["name"].as_str()).collect::<Vec<_>>(), runtimes());
    // Build scripts, macros and tests leave nothing in the library; what decodes images is one of its own.
    let decoders = ["mlab-decode", "png", "zune-jpeg", "image-webp", "gif"];
    for outside in
        ["cc", "cbindgen", "thiserror-impl", "mlab-standin", "rcgen", "tar"].into_iter().chain(decoders)
    {
        assert!(!names.contains(outside), "{outside} is not inside");
    }
    for component in components {
        let field = |name: &str| component[name].as_str().expect("a text");
        let licence = component["licenses"][0]["expression"].as_str().expect("a licence");
        let is_free = |one: &str| LICENCES.contains(&one);
        let alone = licence.replace(['(', ')'], "");
        assert!(
            alone.split(" AND ").all(|all| all.split(" OR ").any(is_free)),
            "{}: {licence}",
            field("name")
        );
        let line = format!("{} {}: {licence}", field("name"), field("version"));
        assert!(notice.lines().any(|known| known == line), "NOTICE lacks the line {line:?}");
    }
}

#[test]
fn the_parts_refer_to_parts_that_are_there() {
    let bom: Value = serde_json::from_str(&document("mlab.cdx.json")).expect("JSON");
    let mut known: BTreeSet<&str> =
        bom["components"].as_array().expect("a list").iter().filter_map(|c| c["bom-ref"].as_str()).collect();
    known.extend(bom["metadata"]["component"]["bom-ref"].as_str());
    let mut reached = BTreeSet::new();
    for dependency in bom["dependencies"].as_array().expect("a list") {
        assert!(known.contains(dependency["ref"].as_str().expect("a text")), "{dependency}");
        reached.extend(dependency["dependsOn"].as_array().expect("a list").iter().filter_map(Value::as_str));
    }
    assert!(reached.is_subset(&known), "{:?}", reached.difference(&known));
}

#[test]
fn the_debug_file_names_the_lines_of_the_very_library() {
    let Some(folder_of_debug) = &package().debug else {
        return assert!(is_apple(), "every other package has debug files");
    };
    let (library, debug) = if is_windows() {
        ("bin/mlab.dll".to_owned(), "bin/mlab.dll.debug".to_owned())
    } else {
        let name = format!("lib/libmlab.so.{}", package().project.library_version());
        (name.clone(), format!("{name}.debug"))
    };
    let folder = crate::fixture::scratch("debug-file");
    let beside = |path: &str| folder.join(Path::new(path).file_name().expect("a name"));
    fs::copy(package().prefix.join(&library), beside(&library)).expect("copied");
    let addr2line = |address: &str| {
        let mut tool = Command::new(package().target.binutil_name("addr2line"));
        run(tool.arg("-e").arg(beside(&library)).arg(address))
    };
    let address = crate::symbols::address_of("mlab_fetch_queued");
    assert!(!addr2line(&address).contains(".rs:"), "the library itself carries no debug information");
    fs::copy(folder_of_debug.join(&debug), beside(&debug)).expect("copied");
    let line = addr2line(&address);
    assert!(line.contains("src/call.rs:"), "{address}: {line}");
}
