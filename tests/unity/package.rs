//! The files of the package: manifests, settings with fixed guids, and what build.sh makes of them.

use crate::support::{library, run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where libraries go. Only their settings are in the repository.
const LIBRARIES: &[&str] = &[
    "Plugins/Android/arm64-v8a/libmlab.so",
    "Plugins/Android/arm64-v8a/libmlab_decode.so",
    "Plugins/Linux/x86_64/libmlab.so",
    "Plugins/Linux/x86_64/libmlab_decode.so",
    "Plugins/Windows/x86_64/mlab.dll",
    "Plugins/Windows/x86_64/mlab_decode.dll",
    "Plugins/iOS/libmlab.a",
    "Plugins/iOS/libmlab_decode.a",
    "Plugins/macOS/libmlab.dylib",
    "Plugins/macOS/libmlab_decode.dylib",
];

/// What goes with the libraries.
const LICENCES: [&str; 3] = ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("engines/unity")
}

/// The files and folders that Unity looks at, and those of the samples, which it copies into a project.
fn entries(root: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8");
            if name.starts_with('.') || name == "Licenses~" {
                continue;
            }
            if path.is_dir() {
                folders.push(path.clone());
            }
            if !name.ends_with('~') {
                found.insert(path.strip_prefix(root).expect("below it").to_str().expect("UTF-8").to_owned());
            }
        }
    }
    found
}

/// What of a folder has settings, and what should.
fn settings(root: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let (settings, files): (BTreeSet<_>, BTreeSet<_>) =
        entries(root).into_iter().partition(|path| path.ends_with(".meta"));
    (settings.iter().map(|path| path.trim_end_matches(".meta").to_owned()).collect(), files)
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn every_file_has_settings_and_nothing_else_has() {
    let (with_settings, mut files) = settings(&root());
    files.extend(LIBRARIES.iter().map(|&library| library.to_owned())); // Which a developer may have put there, or not.
    assert_eq!(with_settings, files);
}

#[test]
fn guids_are_unique_and_never_change() {
    let list = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unity/guids.txt"))
        .expect("the list");
    let listed: BTreeMap<&str, &str> = list
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once(' ').expect("a guid and a path"))
        .map(|(guid, path)| (path, guid))
        .collect();
    let of_file = |path: &String| {
        let text = read(&format!("{path}.meta"));
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("fileFormatVersion: 2"), "{path}");
        let guid = lines.next().and_then(|line| line.strip_prefix("guid: ")).expect("a guid").to_owned();
        assert!(
            guid.len() == 32 && guid.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)),
            "{path}: {guid}"
        );
        guid
    };
    let found: BTreeMap<String, String> =
        settings(&root()).0.into_iter().map(|path| (path.clone(), of_file(&path))).collect();
    assert_eq!(
        found.iter().map(|(path, guid)| (path.as_str(), guid.as_str())).collect::<BTreeMap<_, _>>(),
        listed
    );
    assert_eq!(found.values().collect::<BTreeSet<_>>().len(), found.len(), "a guid that is there twice");
}

#[test]
fn settings_fit_what_they_are_of() {
    for path in settings(&root()).0 {
        let importer = match Path::new(&path).extension().and_then(|ending| ending.to_str()) {
            Some("cs") => "MonoImporter:",
            Some("asmdef") => "AssemblyDefinitionImporter:",
            Some("json") => "PackageManifestImporter:",
            Some("md") => "TextScriptImporter:",
            Some("so" | "dll" | "dylib" | "a") => "PluginImporter:",
            Some(_) => "DefaultImporter:",
            None => "folderAsset: yes\nDefaultImporter:",
        };
        let text = read(&format!("{path}.meta"));
        assert!(text.contains(&format!("\n{importer}\n")), "{path}: no {importer}");
    }
}

#[test]
fn a_library_goes_to_its_platform_alone() {
    for library in LIBRARIES {
        let text = read(&format!("{library}.meta"));
        let enabled: Vec<&str> = text
            .split("  - first:\n")
            .skip(1)
            .filter(|part| part.contains("    second:\n      enabled: 1\n"))
            .map(|part| part.lines().next().expect("a platform").trim())
            .collect();
        let (wanted, cpu): (&[&str], &str) = match library.split('/').nth(1).expect("a platform") {
            "Android" => (&["Android: Android"], "CPU: ARM64"),
            "Linux" => (&["Editor: Editor", "Standalone: Linux64"], "CPU: x86_64"),
            "Windows" => (&["Editor: Editor", "Standalone: Win64"], "CPU: x86_64"),
            "iOS" => (&["iPhone: iOS"], "CPU: AnyCPU"),
            _ => (&["Editor: Editor", "Standalone: OSXUniversal"], "CPU: AnyCPU"),
        };
        assert_eq!(enabled, wanted, "{library}");
        assert!(text.contains(cpu), "{library}: no {cpu}");
    }
}

#[test]
fn the_manifest_has_what_the_package_manager_wants() {
    let manifest = json("package.json");
    let text = |field: &str| manifest[field].as_str().unwrap_or_else(|| panic!("no {field}")).to_owned();
    let name = text("name");
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    assert!(name.chars().all(fits) && name.split('.').count() >= 3 && name.len() <= 214, "{name}");
    assert_eq!(text("version"), env!("CARGO_PKG_VERSION"));
    assert!(!text("displayName").is_empty() && !text("description").is_empty());
    let unity: Vec<u32> = text("unity").split('.').map(|part| part.parse().expect("a number")).collect();
    assert_eq!(unity.len(), 2, "major and minor");
    for sample in manifest["samples"].as_array().expect("samples") {
        let path = sample["path"].as_str().expect("a path");
        assert!(root().join(path).is_dir() && sample["displayName"].is_string(), "{path}");
    }
}

#[test]
fn assemblies_know_each_other_by_name() {
    let names = ["Runtime/Mlab", "Editor/Mlab.Editor", "Tests/Runtime/Mlab.Tests"];
    for path in names {
        let assembly = json(&format!("{path}.asmdef"));
        assert_eq!(assembly["name"], path.rsplit('/').next().expect("a name"));
        for reference in assembly["references"].as_array().expect("references") {
            let reference = reference.as_str().expect("a name");
            let is_ours = names.iter().any(|path| path.ends_with(&format!("/{reference}")));
            assert!(is_ours || reference.ends_with(".TestRunner"), "{path}: {reference}");
        }
    }
    assert_eq!(json("Runtime/Mlab.asmdef")["allowUnsafeCode"], true);
    assert_eq!(json("Editor/Mlab.Editor.asmdef")["includePlatforms"], serde_json::json!(["Editor"]));
    assert_eq!(
        json("Tests/Runtime/Mlab.Tests.asmdef")["defineConstraints"],
        serde_json::json!(["UNITY_INCLUDE_TESTS"])
    );
}

#[test]
fn the_built_package_holds_the_platforms_that_were_given() {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unity-package");
    let _ = fs::remove_dir_all(&place);
    let libraries = place.join("libraries");
    fs::create_dir_all(&libraries).expect("a folder");
    fs::copy(&library().shared, libraries.join("libmlab.so")).expect("the library");
    // What it holds is no matter here.
    for name in ["libmlab_decode.so", "mlab.dll", "mlab_decode.dll"] {
        fs::write(libraries.join(name), name).expect("a file");
    }
    let build = |out: &Path, platforms: &[&str]| {
        let mut command = Command::new(root().join("build.sh"));
        command.arg(out).args(platforms.iter().map(|platform| format!("{platform}={}", libraries.display())));
        run(&mut command)
    };
    let package = place.join("project/Packages/com.mlab.client");
    // Twice, as it is done over a package that is in use.
    for _ in 0..2 {
        build(&package, &["linux-x86_64"]).unwrap_or_else(|why| panic!("{why}"));
    }
    let (with_settings, files) = settings(&package);
    assert_eq!(with_settings, files, "settings without a file, or the other way round");
    assert_eq!(fs::read_dir(package.join("Plugins")).expect("it").count(), 2, "Linux and its settings");
    for name in LICENCES {
        assert!(package.join("Licenses~").join(name).is_file(), "{name}");
    }
    let copied = fs::read(package.join("Plugins/Linux/x86_64/libmlab.so")).expect("the library");
    assert_eq!(copied, fs::read(&library().shared).expect("the library"));

    let archive = place.join("com.mlab.client.tgz");
    build(&archive, &["linux-x86_64", "windows-x86_64"]).unwrap_or_else(|why| panic!("{why}"));
    let list = Command::new("tar").arg("-tzf").arg(&archive).output().expect("tar runs");
    let list = String::from_utf8_lossy(&list.stdout);
    for file in
        ["package.json", "Plugins/Windows/x86_64/mlab_decode.dll", "Runtime/Engine/MlabClient.cs.meta"]
    {
        assert!(list.lines().any(|line| line == format!("package/{file}")), "{file} is not in:\n{list}");
    }
    for name in LICENCES {
        assert!(
            list.lines().any(|line| line == format!("package/Licenses~/{name}")),
            "{name} is not in:\n{list}"
        );
    }
    assert!(!list.contains("macOS"));
    assert!(build(&archive, &["amiga"]).is_err() && build(&archive, &[]).is_err());
}
