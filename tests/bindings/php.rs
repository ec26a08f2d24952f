//! bindings/php: packed, installed into a fresh folder by composer, and run from there by its own tests.

use crate::clone::Checkout;
use crate::example;
#[cfg(target_os = "linux")]
use crate::place::before_library;
use crate::place::{fresh, has_licences, run as checked};
use crate::readme::{install, programs};
use crate::server::{KEY, Servers};
use crate::support::{library, run, tool};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// Where composer puts the package.
const PACKAGE: &str = "vendor/mlab-client/mlab-client";

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/php")
}

/// Nothing that composer takes comes from elsewhere, nor from its cache: what it has kept there is the package of an earlier
/// run, with the same version. And a container's user may well be root.
fn offline(composer: &mut Command) -> &mut Command {
    composer.env("COMPOSER_DISABLE_NETWORK", "1").env("COMPOSER_CACHE_DIR", "/dev/null");
    composer.env("COMPOSER_ALLOW_SUPERUSER", "1").arg("--no-interaction")
}

/// A project that requires the packed package and nothing else; `None` where there is no PHP or composer.
fn installed() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let make = || {
        let (_, path) = (tool("php")?, tool("composer")?);
        let folder = fresh("php");
        let archive = ["archive", "--format=tar", "--file=package", "--dir"];
        let mut pack = Command::new(&path);
        run(offline(&mut pack).args(archive).arg(&folder).arg("--working-dir").arg(source()))
            .unwrap_or_else(|why| panic!("{why}"));
        // As packagist would tell of it.
        let manifest = fs::read_to_string(source().join("composer.json")).expect("a manifest");
        let mut package: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        package["dist"] = serde_json::json!({"type": "tar", "url": folder.join("package.tar")});
        let project = serde_json::json!({
            "repositories": [{"packagist.org": false}, {"type": "package", "package": package}],
        });
        fs::write(folder.join("composer.json"), project.to_string()).expect("a file");
        let mut line = install("PHP", &path);
        run(offline(&mut line).current_dir(&folder)).unwrap_or_else(|why| panic!("{why}"));
        let native = folder.join(PACKAGE).join(format!("native/linux-{}", std::env::consts::ARCH));
        fs::create_dir_all(&native).expect("a folder");
        fs::copy(&library().shared, native.join("libmlab.so.0")).expect("the library");
        Some(folder)
    };
    FOLDER.get_or_init(make).as_deref()
}

#[test]
fn the_lines_shown_for_a_clone_run_a_program_of_php() {
    let (Some(_), Some(_)) = (tool("php"), tool("composer")) else { return };
    let (servers, place) = (Servers::start(), fresh("php-clone"));
    let clone = Checkout::new("PHP", place.join("clone"), &[]);
    let project = place.join("project");
    fs::create_dir(&project).expect("a folder");
    fs::write(project.join("composer.json"), r#"{"repositories": {"packagist.org": false}}"#)
        .expect("a file");
    let program =
        programs("PHP").remove(0).replacen("Client()", "Client(endpoint: getenv('MLAB_TEST_HTTP'))", 1);
    fs::write(project.join("program.php"), program).expect("a file");
    let mut lines = clone.block(0, &project, &[]);
    servers.describe(&mut lines);
    lines.env("COMPOSER_DISABLE_NETWORK", "1").env("COMPOSER_NO_INTERACTION", "1").env("API_KEY", KEY);
    let done = checked(lines.env("COMPOSER_ALLOW_SUPERUSER", "1"));
    let said = String::from_utf8_lossy(&done.stdout);
    assert_eq!(said.matches("http://").count(), 4, "{said}");
}

/// PHP in that folder, told where the servers are.
fn php(folder: &Path, servers: &Servers) -> Command {
    let mut command = Command::new("php");
    servers.describe(&mut command);
    command.env_remove("MLAB_LIBRARY").current_dir(folder);
    command
}

#[test]
fn the_package_of_php_works_where_it_was_installed() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    let done = php(folder, &servers).arg(source().join("tests/client.php")).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && errors.is_empty(), "{said}{errors}");
}

#[cfg(target_os = "linux")] // A library before ours, as Linux systems load it.
#[test]
fn what_php_waits_for_ends_where_the_library_has_no_events_any_more() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    let before = before_library("no-events", "tests/bindings/no_events.c");
    // The alarm ends what hangs.
    let program = "require 'vendor/autoload.php';
        pcntl_alarm(20);
        $client = new Mlab\\Client(endpoint: getenv('MLAB_TEST_HTTP'));
        $events = fn () => iterator_to_array($client->events(['never-2', 'never-3']));
        foreach ([fn () => $client->wait('never-1'), $events, $events] as $call) {
            try {
                $call();
            } catch (Mlab\\SystemException $error) {
                echo $error->name, ' ';
            }
        }";
    let mut command = php(folder, &servers);
    command.env("MLAB_LIBRARY", before).env("API_KEY", KEY).args(["-r", program]);
    let done = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stdout);
    assert_eq!(said, "MLAB_E_INTERNAL ".repeat(3), "{done:?}");
}

#[test]
fn the_package_of_php_holds_its_licences() {
    let Some(folder) = installed() else { return };
    has_licences(&folder.join(PACKAGE));
}

#[test]
fn the_programs_shown_for_php_print_the_images() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    // The last goes on from one before.
    let [readme, page, many] = &programs("PHP")[..] else { panic!("another number of programs") };
    let begin =
        "<?php require 'vendor/autoload.php'; $client = new Mlab\\Client(); $ids = ['12202888', 'fail-1'];";
    let shown = |program: &str| {
        // As it stands, but for where the jobs are.
        let here = program.replacen("Client()", "Client(endpoint: getenv('MLAB_TEST_HTTP'))", 1);
        assert_ne!(here, program);
        fs::write(folder.join("shown.php"), here).expect("a file");
        let mut command = php(folder, &servers);
        command.env("API_KEY", KEY).arg("shown.php");
        command
    };
    for program in [readme, page] {
        let said = String::from_utf8_lossy(&checked(&mut shown(program)).stdout).into_owned();
        assert_eq!(said.matches("http://").count(), 4, "{said}");
    }
    example::saves(&mut shown(&format!("{begin}\n{many}")), folder);
}

#[test]
fn the_example_of_php_waits_and_stops_at_once_on_an_interrupt() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    example::waits_and_stops(&servers, || {
        let mut command = php(folder, &servers);
        command.arg(Path::new(PACKAGE).join("examples/wait.php"));
        command
    });
}

#[test]
fn a_web_servers_php_uses_what_was_preloaded() {
    let Some(folder) = installed() else { return };
    let servers = Servers::start();
    let page = "<?php require 'vendor/autoload.php';
        $client = new Mlab\\Client(endpoint: getenv('MLAB_TEST_HTTP'));
        echo 'images: ', count($client->wait('12202888')->urls);";
    fs::write(folder.join("page.php"), page).expect("a file");
    let serve = |address: SocketAddr| {
        // Its own server opens FFI to preloaded files alone, as FPM does.
        php(folder, &servers)
            .env("MODELSLAB_API_KEY", KEY)
            .env("LD_LIBRARY_PATH", &library().programs)
            .args(["-d", "opcache.enable=1", "-d", "opcache.preload_user=root"])
            .args(["-d", &format!("ffi.preload={PACKAGE}/src/mlab.ffi.h")])
            .args(["-d", &format!("opcache.preload={PACKAGE}/preload.php")])
            .args(["-S", &address.to_string(), "page.php"])
            .spawn()
            .expect("it runs")
    };
    let answer = answer_of(serve);
    assert!(answer.contains("images: 4"), "{answer}");
}

/// What a server answers that begins at the address it is given, and ends where that has become somebody else's: then it is
/// given another.
fn answer_of(serve: impl Fn(SocketAddr) -> Child) -> String {
    let begun = Instant::now();
    let is_late = || begun.elapsed() > Duration::from_secs(60);
    loop {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
        let mut server = serve(address);
        let (answer, ended) = loop {
            let answer = TcpStream::connect(address).and_then(get);
            let ended = server.try_wait().expect("its state");
            if answer.is_ok() || ended.is_some() || is_late() {
                break (answer, ended);
            }
            thread::sleep(Duration::from_millis(20));
        };
        let Some(status) = ended else {
            server.kill().and_then(|()| server.wait()).expect("it ends");
            return answer.expect("an answer");
        };
        assert!(!is_late(), "{status}");
    }
}

fn get(mut stream: TcpStream) -> std::io::Result<String> {
    let mut answer = String::new();
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
