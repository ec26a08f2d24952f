//! bindings/java: built as a jar with the native library inside, and used from a fresh folder, by JNA on an old runtime and by
//! the foreign-function API on a new one.

use crate::clone::Checkout;
use crate::example;
use crate::place::{fresh, run, source, without_threads};
use crate::readme::{install_cell, programs};
use crate::server::{KEY, Servers};
use crate::support::jdk::{JNA, homes, new_jdk};
use crate::support::skip;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// What the tests need: a compiler that knows the foreign-function API, and the way that older runtimes need.
struct Installed {
    /// Holds nothing but the jar and what was compiled against it.
    folder: PathBuf,
    new: PathBuf,
    old: Option<PathBuf>,
}

/// How the programs are run.
#[derive(Clone, Copy, PartialEq)]
enum How {
    /// JNA on a runtime that has nothing else.
    Old,
    /// The foreign-function API, without JNA on the class path.
    New,
    /// JNA on a runtime that has both.
    Forced,
}

/// `None` where there is no Java, or only an old one.
fn installed() -> Option<&'static Installed> {
    static INSTALLED: OnceLock<Option<Installed>> = OnceLock::new();
    INSTALLED.get_or_init(install).as_ref()
}

fn install() -> Option<Installed> {
    let Some(new) = new_jdk() else {
        skip("there is no JDK of 22 or later in JAVA_HOME or /usr/lib/jvm");
        return None;
    };
    if !Path::new(JNA).is_file() {
        skip("JNA is not installed (libjna-java)");
        return None;
    }
    let old = homes().into_iter().find(|(release, _)| (8..21).contains(release)).map(|(_, home)| home);
    if old.is_none() {
        skip(
            "there is no Java before 21 in /usr/lib/jvm, as openjdk-17-jre-headless is: JNA runs on the new one alone",
        );
    }
    let folder = fresh("java");
    let clone = Checkout::new("Java", fresh("java-clone"), &[]);
    // As it is installed: the name is a link to a file of another name, and the jar has it by the name all the same.
    let link = clone.root.join("target/release/libmlab.so");
    fs::rename(&link, link.with_extension("so.0.1.0")).expect("another name");
    std::os::unix::fs::symlink("libmlab.so.0.1.0", &link).expect("a link");
    run(clone.block(0, &clone.root, &[("JDK", &new)]).env("JNA", JNA));
    fs::rename(clone.root.join("target/mlab-client.jar"), folder.join("mlab-client.jar")).expect("a jar");
    let made = Installed { folder, new, old };
    let files = |of: PathBuf| fs::read_dir(of).expect("sources").map(|entry| entry.expect("it").path());
    let folders = ["tests", "examples", "bench"].map(|name| source("bindings/java").join(name));
    made.compile(folders.into_iter().flat_map(files));
    Some(made)
}

impl Installed {
    /// For the oldest release that the package is for.
    fn compile(&self, sources: impl Iterator<Item = PathBuf>) {
        let mut javac = Command::new(self.new.join("bin/javac"));
        javac.args(["--release", "8", "-Xlint:all,-options,-try", "-Werror", "-encoding", "UTF-8"]);
        javac.arg("-d").arg(self.folder.join("classes")).arg("-cp").arg(self.folder.join("mlab-client.jar"));
        run(javac.args(sources));
    }

    fn runs(&self) -> Vec<How> {
        let old = self.old.iter().map(|_| How::Old);
        old.chain([How::New, How::Forced]).collect()
    }

    /// A virtual machine in that folder, told where the servers are, and of nothing else.
    fn java(&self, how: How, servers: &Servers) -> Command {
        let home = if how == How::Old { self.old.as_ref().expect("an old one") } else { &self.new };
        let mut command = Command::new(home.join("bin/java"));
        servers.describe(&mut command);
        command.current_dir(&self.folder);
        for name in ["JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"] {
            command.env_remove(name);
        }
        // A heap of one size: what grows is outside of it.
        command.args([
            "-Xms64m",
            "-Xmx64m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
        ]);
        if how == How::Forced {
            command.arg("-Dmlab.bridge=jna");
        }
        if how != How::Old {
            // As its page says.
            command
                .args(["--enable-native-access=ALL-UNNAMED", "-Djdk.virtualThreadScheduler.maxPoolSize=2"]);
        }
        let jna = if how == How::New { String::new() } else { format!(":{JNA}") };
        command.arg("-cp").arg(format!("mlab-client.jar:classes{jna}"));
        command
    }
}

fn does_what_it_says(how: How, classes: &[&str]) {
    let Some(installed) = installed() else { return };
    if how == How::Old && installed.old.is_none() {
        return;
    }
    let servers = Servers::start();
    passes(&mut installed.java(how, &servers), classes);
}

/// Runs classes of checks.
fn passes(command: &mut Command, classes: &[&str]) {
    command.env("MODELSLAB_API_KEY", KEY).env("API_KEY", "another-key-not-real");
    // Java takes file names beyond ASCII where the locale has them.
    command.env("LC_ALL", "C.UTF-8");
    let done = command.arg("Checks").args(classes).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("\n0 failures") && !said.contains("WARNING"), "{said}");
}

#[test]
fn the_jar_has_its_licences_and_says_its_version() {
    let Some(installed) = installed() else { return };
    let unpacked = fresh("java-unpacked");
    let mut jar = Command::new(installed.new.join("bin/jar"));
    run(jar
        .args(["--extract", "--file"])
        .arg(installed.folder.join("mlab-client.jar"))
        .arg("META-INF")
        .current_dir(&unpacked));
    let text = |name: &str| {
        fs::read_to_string(unpacked.join("META-INF").join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    };
    let version = format!("Implementation-Version: {}\r\n", env!("CARGO_PKG_VERSION"));
    assert!(text("MANIFEST.MF").contains(&version), "{}", text("MANIFEST.MF"));
    for name in ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"] {
        assert_eq!(text(name), fs::read_to_string(source(name)).expect("a licence"), "{name}");
    }
}

#[test]
fn the_project_of_java_has_what_maven_central_wants() {
    let project = fs::read_to_string(source("bindings/java/pom.xml")).expect("the project");
    let wanted = "name description url licenses developers developer scm connection developerConnection";
    for element in wanted.split(' ') {
        assert!(project.contains(&format!("<{element}>")), "no {element}");
    }
    for plugin in ["source", "javadoc", "gpg"] {
        assert!(project.contains(&format!("<artifactId>maven-{plugin}-plugin</artifactId>")), "no {plugin}");
    }
    // Without Maven, that the comments make a javadoc jar: a fault in one fails it.
    let Some(installed) = installed() else { return };
    let mut javadoc = Command::new(installed.new.join("bin/javadoc"));
    javadoc.args([
        "-quiet",
        "-Xdoclint:all,-missing",
        "-Werror",
        "-encoding",
        "UTF-8",
        "--release",
        "8",
        "-cp",
        JNA,
    ]);
    javadoc.arg("-sourcepath").arg(source("bindings/java/src/main/java")).arg("-d").arg(fresh("java-docs"));
    run(javadoc.args(["mlab", "mlab.internal"]));
}

#[test]
fn an_old_compiler_is_refused_by_what_it_lacks() {
    let home = fresh("java-old");
    fs::create_dir(home.join("bin")).expect("a folder");
    let javac = home.join("bin/javac");
    fs::write(&javac, "#!/bin/sh\necho 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g' >&2\necho javac 17.0.15\n")
        .expect("a file");
    run(Command::new("chmod").arg("+x").arg(&javac));
    let mut build = Command::new(source("bindings/java/build.sh"));
    let done = build.args(["libmlab.so", "mlab.jar"]).env("JAVA_HOME", &home).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success() && said.contains("needs a JDK of 22 or later"), "{said}");
}

#[test]
fn the_jar_works_by_jna_where_it_was_put() {
    does_what_it_says(How::Old, &["Outcomes", "Ends", "Many"]);
}

#[test]
fn the_jar_works_by_the_foreign_function_api_where_it_was_put() {
    does_what_it_says(How::New, &["Outcomes", "Ends", "Many"]);
}

#[test]
fn jna_can_be_asked_for_on_a_new_runtime() {
    does_what_it_says(How::Forced, &["Outcomes"]);
}

#[test]
fn an_old_runtime_without_jna_is_told_what_it_lacks() {
    let Some(installed) = installed().filter(|installed| installed.old.is_some()) else { return };
    let mut command = installed.java(How::Old, &Servers::start());
    let done = command.args(["-cp", "mlab-client.jar:classes", "Exit", "end"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success() && said.contains("net.java.dev.jna:jna"), "{said}");
}

#[test]
fn java_waits_without_a_thread_of_its_own_where_the_system_has_none() {
    let Some(installed) = installed() else { return };
    let servers = Servers::start();
    passes(without_threads(&mut installed.java(How::New, &servers), &fresh("java-scarce")), &["Scarce"]);
}

#[test]
fn a_java_process_with_open_jobs_ends_at_once() {
    let Some(installed) = installed() else { return };
    let servers = Servers::start();
    for how in installed.runs() {
        for (way, code) in [("exit", 7), ("end", 0)] {
            let temporary = fresh("java-temporary");
            let mut command = installed.java(how, &servers);
            command.arg(format!("-Djava.io.tmpdir={}", temporary.display()));
            let mut leaving = command.args(["Exit", way]).stdout(Stdio::piped()).spawn().expect("it runs");
            let mut said = BufReader::new(leaving.stdout.take().expect("piped"));
            said.read_line(&mut String::new()).expect("a line before it ends");
            let at = Instant::now();
            assert_eq!(leaving.wait().expect("it ends").code(), Some(code));
            // The runtime itself waits 300 ms for a poll; a call that is waited for would take 30 s.
            assert!(at.elapsed() < Duration::from_secs(15), "{:?}", at.elapsed());
            let left: Vec<_> = fs::read_dir(temporary).expect("a folder").collect();
            assert!(left.is_empty(), "{left:?}");
        }
    }
}

#[test]
fn the_program_that_times_java_runs() {
    let Some(installed) = installed() else { return };
    let servers = Servers::start();
    let mut command = installed.java(How::New, &servers);
    let done = run(command.args(["Bench", "fetch", "3", "2", &servers.endpoint()]));
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.starts_with("bytes=") && said.contains(" median="), "{said}");
}

#[test]
fn the_coordinates_shown_for_java_are_those_of_the_jar() {
    // Nothing more: Maven and Gradle would ask the registry, which does not have it yet.
    let project = fs::read_to_string(source("bindings/java/pom.xml")).expect("the project");
    let of = |name: &str| {
        let (_, rest) = project.split_once(&format!("<{name}>")).expect("an element");
        rest.split_once('<').expect("its end").0.to_owned()
    };
    let coordinates = ["groupId", "artifactId", "version"].map(of);
    assert_eq!(install_cell("Java"), coordinates.join(":"));
    let page = fs::read_to_string(source("bindings/java/README.md")).expect("the page");
    let [group, artifact, version] = coordinates;
    let dependency = format!(
        "<dependency>\n  <groupId>{group}</groupId>\n  <artifactId>{artifact}</artifactId>\n  \
         <version>{version}</version>\n</dependency>\n"
    );
    assert!(page.contains(&dependency), "no {dependency}");
}

#[test]
fn the_programs_shown_for_java_print_the_images() {
    let Some(installed) = installed() else { return };
    let servers = Servers::start();
    let programs = programs("Java");
    assert_eq!(programs.len(), 2);
    for (number, program) in programs.into_iter().enumerate() {
        // As it stands, but for where the jobs are.
        let here = program.replacen(
            "new Client()",
            "Client.builder().endpoint(System.getenv(\"MLAB_TEST_HTTP\")).build()",
            1,
        );
        assert_ne!(here, program);
        let file = fresh(&format!("java-shown-{number}")).join("Show.java");
        fs::write(&file, here).expect("a file");
        installed.compile(std::iter::once(file));
        for how in installed.runs() {
            let done = run(installed.java(how, &servers).env("API_KEY", KEY).arg("Show"));
            let said = String::from_utf8_lossy(&done.stdout);
            assert_eq!(said.matches("http://").count(), 4, "{said}");
        }
    }
}

#[test]
fn the_example_of_java_waits_and_stops_at_once_on_an_interrupt() {
    let Some(installed) = installed() else { return };
    let servers = Servers::start();
    for how in installed.runs() {
        example::waits_and_stops(&servers, || {
            let mut command = installed.java(how, &servers);
            command.arg("Wait");
            command
        });
    }
}
