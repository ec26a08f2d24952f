//! What Unreal reads before it compiles anything: the plugin's descriptor, and the rules of its modules, which are C#.

use super::ROOT;
use crate::support::{run, tool};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn plugin() -> PathBuf {
    Path::new(ROOT).join("engines/unreal/Plugins/Mlab")
}

/// Fields of a descriptor and of a module in it, as Unreal's documentation lists them.
const FIELDS: &[&str] = &[
    "FileVersion",
    "Version",
    "VersionName",
    "FriendlyName",
    "Description",
    "Category",
    "CreatedBy",
    "CreatedByURL",
    "DocsURL",
    "MarketplaceURL",
    "SupportURL",
    "EngineVersion",
    "CanContainContent",
    "IsBetaVersion",
    "Installed",
    "Modules",
];
const MODULE_FIELDS: &[&str] = &["Name", "Type", "LoadingPhase", "PlatformAllowList"];

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn the_descriptor_has_the_fields_that_unreal_lists() {
    let text = fs::read_to_string(plugin().join("Mlab.uplugin")).expect("the descriptor");
    let descriptor: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(keys(&descriptor), FIELDS.iter().copied().collect());
    assert_eq!(descriptor["FileVersion"], 3);
    assert_eq!(descriptor["VersionName"], env!("CARGO_PKG_VERSION"));
    let modules = descriptor["Modules"].as_array().expect("an array");
    for module in modules {
        assert_eq!(keys(module), MODULE_FIELDS.iter().copied().collect());
        let name = module["Name"].as_str().expect("a name");
        let rules = plugin().join(format!("Source/Mlab/{name}.Build.cs"));
        let rules = fs::read_to_string(rules).expect("the rules of the module");
        assert!(rules.contains(&format!("class {name} : ModuleRules")), "{name}");
        // MLAB_API is the macro of mlab.h, and Unreal would define it for a module of this name.
        assert_ne!(name.to_uppercase(), "MLAB");
    }
}

/// What the rules say for a platform, a line each.
fn rules(program: &Path, platform: &str) -> BTreeSet<String> {
    let output = Command::new("mono").arg(program).arg(platform).output().expect("it runs");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said.lines().map(str::to_owned).collect()
}

#[test]
fn the_rules_compile_and_name_what_each_platform_links_and_ships() {
    let (Some(compiler), Some(_)) = (tool("mcs"), tool("mono")) else { return };
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unreal-rules.exe");
    let mut command = Command::new(compiler);
    command.args(["-warnaserror", "-warn:4"]).arg(format!("-out:{}", program.display()));
    command.arg(Path::new(ROOT).join("tests/unreal/stubs/UnrealBuildTool.cs"));
    for file in ["Mlab/MlabRuntime.Build.cs", "ThirdParty/libmlab/libmlab.Build.cs"] {
        command.arg(plugin().join("Source").join(file));
    }
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));

    let of = |lines: &[&str]| -> BTreeSet<String> { lines.iter().map(|line| (*line).to_owned()).collect() };
    let shared = |file: &dyn Fn(&str) -> String, folder: &str| -> BTreeSet<String> {
        let lines = ["mlab", "mlab_decode"].into_iter().flat_map(|library| {
            let file = file(library);
            [
                format!("link lib/{folder}/{file}"),
                format!("ship $(BinaryOutputDir)/{file} from lib/{folder}/{file}"),
            ]
        });
        lines.chain(["search $(BinaryOutputDir)".to_owned()]).collect()
    };
    assert_eq!(rules(&program, "Linux"), shared(&|name| format!("lib{name}.so.0"), "Linux"));
    assert_eq!(rules(&program, "LinuxArm64"), shared(&|name| format!("lib{name}.so.0"), "LinuxArm64"));
    assert_eq!(rules(&program, "Mac"), shared(&|name| format!("lib{name}.0.dylib"), "Mac"));
    let windows = of(&[
        "link lib/Win64/mlab.lib",
        "link lib/Win64/mlab_decode.lib",
        "delay mlab.dll",
        "delay mlab_decode.dll",
        "ship $(BinaryOutputDir)/mlab.dll from lib/Win64/mlab.dll",
        "ship $(BinaryOutputDir)/mlab_decode.dll from lib/Win64/mlab_decode.dll",
    ]);
    assert_eq!(rules(&program, "Win64"), windows);
    let android = of(&[
        "link lib/Android/libmlab.so",
        "link lib/Android/libmlab_decode.so",
        "receipt AndroidPlugin libmlab_APL.xml",
    ]);
    assert_eq!(rules(&program, "Android"), android);
    let ios = of(&[
        "link lib/IOS/libmlab.a",
        "link lib/IOS/libmlab_decode.a",
        "framework CoreFoundation",
        "framework Security",
    ]);
    assert_eq!(rules(&program, "IOS"), ios);
}

#[test]
fn the_script_puts_headers_and_libraries_where_the_rules_look() {
    let plugins = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unreal-plugins");
    let _ = fs::remove_dir_all(&plugins);
    fs::create_dir_all(&plugins).expect("a folder");
    let mut copy = Command::new("cp");
    run(copy.arg("-R").arg(plugin()).arg(&plugins)).unwrap_or_else(|why| panic!("{why}"));
    let library = crate::support::library();
    let decoder = super::decoder().join("libmlab_decode.so");
    let third_party = plugins.join("Mlab/Source/ThirdParty/libmlab");
    let mut add = Command::new(Path::new(ROOT).join("engines/unreal/add-libraries.sh"));
    add.arg("Linux").arg(&library.shared).arg(&decoder).arg(&third_party);
    run(&mut add).unwrap_or_else(|why| panic!("{why}"));
    for file in [
        "include/mlab.h",
        "include/mlab.hpp",
        "include/mlab_decode.h",
        "lib/Linux/libmlab.so.0",
        "lib/Linux/libmlab_decode.so.0",
        "licenses/LICENSE-APACHE",
        "licenses/LICENSE-MIT",
        "licenses/NOTICE",
    ] {
        assert!(third_party.join(file).is_file(), "{file}");
    }
    let mut wrong = Command::new(Path::new(ROOT).join("engines/unreal/add-libraries.sh"));
    let refused = wrong.arg("Amiga").arg(&library.shared).arg(&decoder).output().expect("it runs");
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("Amiga"));
}
