//! The package's code, compiled by mcs with every warning an error and run by both runtimes against the stand-in.

use crate::server::Servers;
use crate::support::dotnet::{Runtime, compile};
use crate::support::{library, tool};
use mlab_standin::{ImageKind, RawServer, Reply, Step, picture};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The size of the stand-in's pictures.
const SIZE: (u16, u16) = (64, 48);

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every C# file below a folder.
pub(crate) fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "cs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A folder of its own, with both libraries and what the pictures of a job show.
struct Place {
    folder: PathBuf,
    mcs: PathBuf,
}

impl Place {
    fn new(name: &str) -> Option<Place> {
        let mcs = tool("mcs")?;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("images")).expect("folders");
        fs::copy(&library().shared, folder.join("libmlab.so")).expect("the library");
        fs::copy(library().decoder(), folder.join("libmlab_decode.so")).expect("the decoder");
        for (index, kind) in ImageKind::ALL.iter().enumerate() {
            let name = format!("12202888-{index}.{}", kind.extension());
            let image = folder.join("images").join(&name);
            fs::write(&image, kind.encode(&name, SIZE).expect("a size")).expect("a file");
            fs::write(format!("{}.rgb", image.display()), picture(&name, SIZE)).expect("a file");
        }
        Some(Place { folder, mcs })
    }

    /// Compiles an assembly that refers to others of this folder. One for both runtimes: it is Mono's framework.
    fn compile(&self, name: &str, sources: &[PathBuf], others: &[&str]) {
        let kind = if name.ends_with(".dll") { "-target:library" } else { "-target:exe" };
        let mut arguments = vec![kind.to_owned(), "-unsafe".to_owned()];
        if name == "Mlab.dll" {
            // What is public and has no comment is then a warning.
            arguments.push(format!("-doc:{}", self.folder.join("Mlab.xml").display()));
        }
        arguments.extend(others.iter().map(|other| format!("-r:{}", self.folder.join(other).display())));
        compile(&self.mcs, &self.folder.join(name), sources, &arguments);
    }

    /// Runs a program's checks.
    fn check(&self, runtime: &Runtime, program: &str) {
        let servers = Servers::start(); // Anew, since a job is ready some time after its first poll.
        let redirect = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n";
        let always = vec![Step::Repeat(vec![Step::ReadRequest, Step::Send(redirect.into())])];
        let redirect = RawServer::plain(always).expect("a free port");
        let flood = flood();
        let link =
            Reply::json(200, format!(r#"{{"status":"success","output":["{}"]}}"#, flood.url("/1.png")));
        let always = vec![Step::Repeat(vec![Step::ReadRequest, Step::reply(&link)])];
        let flooded = RawServer::plain(always).expect("a free port");
        let mut command = runtime.command(&self.folder.join(program));
        servers.describe(&mut command);
        let done = command
            .env("MLAB_TEST_IMAGES", self.folder.join("images"))
            .env("MLAB_TEST_REDIRECT", redirect.endpoint())
            .env("MLAB_TEST_FLOOD", flooded.endpoint())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && said.ends_with("\n0 failures\n"), "{}:\n{said}", runtime.name());
        assert!(!said.contains("test-key-not-real"), "{said}");
    }
}

/// An image of some megabytes that does not say how large it is.
fn flood() -> RawServer {
    let mut head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\n".to_vec();
    head.extend(&ImageKind::Png.encode("1.png", SIZE).expect("a size")[..33]); // As far as its width and height.
    let flood = Step::Flood { bytes: vec![0; 64 * 1024].into(), times: 64 };
    RawServer::plain(vec![Step::ReadRequest, Step::Send(head), flood, Step::Close]).expect("a free port")
}

fn program(name: &str) -> Vec<PathBuf> {
    let ours = |name: &str| root(&format!("tests/unity/program/{name}.cs"));
    vec![ours(name), ours("Pictures"), root("tests/bindings/csharp/Harness.cs")]
}

/// What needs no engine, and its checks.
fn without_engine() -> Option<&'static Place> {
    static PLACE: OnceLock<Option<Place>> = OnceLock::new();
    let make = || {
        let place = Place::new("unity-core")?;
        place.compile("Mlab.dll", &sources("engines/unity/Runtime/Core"), &[]);
        place.compile("Frames.exe", &program("Frames"), &["Mlab.dll"]);
        Some(place)
    };
    PLACE.get_or_init(make).as_ref()
}

/// The whole package over the stand-ins, and its checks.
fn game() -> Option<&'static Place> {
    static PLACE: OnceLock<Option<Place>> = OnceLock::new();
    let make = || {
        let place = Place::new("unity-game")?;
        let stub = |name: &str| root(&format!("tests/unity/stubs/{name}.cs"));
        place.compile("UnityEngine.dll", &["UnityEngine", "PlayerLoop", "UnityWebRequest"].map(stub), &[]);
        place.compile("UnityEditor.dll", &[stub("UnityEditor")], &[]);
        place.compile("nunit.framework.dll", &[stub("NUnit")], &[]);
        let engine = ["UnityEngine.dll", "Mlab.dll"];
        place.compile("Mlab.dll", &sources("engines/unity/Runtime"), &["UnityEngine.dll"]);
        place.compile("Sample.dll", &sources("engines/unity/Samples~"), &engine);
        place.compile(
            "Mlab.Editor.dll",
            &sources("engines/unity/Editor"),
            &["UnityEngine.dll", "UnityEditor.dll", "Mlab.dll"],
        );
        let tests = sources("engines/unity/Tests");
        place.compile("Mlab.Tests.dll", &tests, &["UnityEngine.dll", "nunit.framework.dll", "Mlab.dll"]);
        place.compile("Game.exe", &program("Game"), &["UnityEngine.dll", "UnityEditor.dll", "Mlab.dll"]);
        Some(place)
    };
    PLACE.get_or_init(make).as_ref()
}

#[test]
fn the_snippets_of_the_readme_of_unity_compile() {
    let Some(place) = game() else { return };
    let text = fs::read_to_string(root("engines/unity/README.md")).expect("a README");
    let snippets: Vec<&str> =
        text.split("```csharp\n").skip(1).map(|rest| rest.split("```").next().expect("its end")).collect();
    assert_eq!(snippets.len(), 2);
    let few = format!(
        "using Mlab;\nclass Lines {{ static void Main() {{ var playerToken = \"\";\n{}client.Dispose(); }} }}\n",
        snippets[0]
    );
    for (name, text) in [("Lines.exe", few.as_str()), ("Gallery.dll", snippets[1])] {
        let file = place.folder.join(name).with_extension("cs");
        fs::write(&file, text).expect("a file");
        place.compile(name, &[file], &["UnityEngine.dll", "Mlab.dll"]);
    }
}

#[test]
fn what_needs_no_engine_works_under_mono() {
    let (Some(place), Some(runtime)) = (without_engine(), Runtime::mono()) else { return };
    place.check(&runtime, "Frames.exe");
}

#[test]
fn what_needs_no_engine_works_under_coreclr() {
    let (Some(place), Some(runtime)) = (without_engine(), Runtime::coreclr()) else { return };
    place.check(&runtime, "Frames.exe");
}

#[test]
fn a_game_has_its_textures_under_mono() {
    let (Some(place), Some(runtime)) = (game(), Runtime::mono()) else { return };
    place.check(&runtime, "Game.exe");
}

#[test]
fn a_game_has_its_textures_under_coreclr() {
    let (Some(place), Some(runtime)) = (game(), Runtime::coreclr()) else { return };
    place.check(&runtime, "Game.exe");
}
