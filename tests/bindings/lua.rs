//! bindings/lua: a rock is installed into a tree of its own, with the library beside the modules, and run from there by its
//! own tests.

use crate::example;
use crate::place::{fresh, has_licences, run, source};
use crate::readme::{install, programs};
use crate::server::{KEY, Servers};
use crate::support::{at_once, interrupted, library, tool};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The folder of the installed modules: a script that runs there finds them without any variable. `None` where there is
/// no LuaJIT.
fn installed() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let make = || {
        let (_, luarocks, admin) = (tool("luajit")?, tool("luarocks")?, tool("luarocks-admin")?);
        let place = fresh("lua");
        let rocks = place.join("rocks");
        fs::create_dir_all(&rocks).expect("a folder");
        // A rock server is a folder with a manifest. What is packed is installed first, into a tree that nobody reads.
        let made = place.join("made");
        run(Command::new(&luarocks)
            .args(["--lua-version=5.1", "--tree"])
            .arg(&made)
            .args(["make", "--deps-mode=none", "mlab-client-0.1.0-1.rockspec"])
            .current_dir(source("bindings/lua")));
        run(Command::new(&luarocks)
            .args(["--lua-version=5.1", "--tree"])
            .arg(&made)
            .args(["pack", "mlab-client"])
            .current_dir(&rocks));
        run(Command::new(admin).args(["--lua-version=5.1", "make_manifest"]).arg(&rocks));
        let mut line = install("LuaJIT", &luarocks);
        run(line.arg("--deps-mode=none").arg("--only-server").arg(&rocks).arg("--tree").arg(&place));
        let modules = place.join("share/lua/5.1");
        let name = library().shared.file_name().expect("a name");
        fs::copy(&library().shared, modules.join("mlab").join(name)).expect("the library beside the modules");
        Some(modules)
    };
    FOLDER.get_or_init(make).as_deref()
}

#[cfg(target_os = "linux")] // The page names the library as Linux systems do.
#[test]
fn the_lines_shown_for_a_clone_run_a_program_of_lua() {
    let (Some(_), Some(_)) = (tool("luajit"), tool("luarocks")) else { return };
    let (servers, place) = (Servers::start(), fresh("lua-clone"));
    let clone = crate::clone::Checkout::new("LuaJIT", place.join("clone"), &[]);
    let tree = place.join("tree");
    // Not into the system's tree, where luajit would look by itself.
    let settings = format!("rocks_trees = {{ {{ name = 'user', root = '{}' }} }}\n", tree.display());
    fs::write(place.join("config.lua"), settings).expect("a file");
    run(clone.block(0, &clone.root, &[]).env("LUAROCKS_CONFIG", place.join("config.lua")));
    let program = programs("LuaJIT").remove(0);
    let program = program.replacen("Client()", "Client(nil, { endpoint = os.getenv 'MLAB_TEST_HTTP' })", 1);
    fs::write(place.join("program.lua"), program).expect("a file");
    let mut lines = clone.block(1, &place, &[]);
    servers.describe(&mut lines);
    lines.env("LUA_PATH", tree.join("share/lua/5.1/?.lua")).env("API_KEY", KEY);
    let said = String::from_utf8_lossy(&run(&mut lines).stdout).into_owned();
    assert_eq!(said.matches("http://").count(), 4, "{said}");
}

fn luajit(modules: &Path, servers: &Servers) -> Command {
    let mut command = Command::new("luajit");
    servers.describe(&mut command);
    command.env_remove("LUA_PATH").env_remove("LUA_INIT").env_remove("MLAB_LIBRARY").current_dir(modules);
    command
}

#[test]
fn the_rock_works_where_it_was_installed() {
    let Some(modules) = installed() else { return };
    let servers = Servers::start();
    let folder = modules.join("bücher-日本-é");
    fs::create_dir_all(&folder).expect("a folder");
    let mut tests = luajit(modules, &servers);
    run(tests.arg(source("bindings/lua/tests/all.lua")).env("MLAB_TEST_FOLDER", folder));
}

#[test]
fn the_rock_holds_its_licences() {
    let Some(modules) = installed() else { return };
    has_licences(&modules.join("../../../lib/luarocks/rocks-5.1/mlab-client/0.1.0-1/doc"));
}

#[test]
fn lua_loads_the_file_that_is_named_and_no_other() {
    let Some(modules) = installed() else { return };
    let servers = Servers::start();
    // One stands beside the modules all the same.
    let load = |named: &Path| {
        let mut command = luajit(modules, &servers);
        command.env("MLAB_LIBRARY", named).args(["-e", "require 'mlab'"]).output().expect("it runs")
    };
    assert!(load(&library().shared).status.success());
    let none = load(&modules.join("libnothing.so"));
    let said = String::from_utf8_lossy(&none.stderr);
    assert!(!none.status.success() && said.contains("libnothing.so"), "{said}");
}

#[test]
fn luajit_stops_at_once_on_an_interrupt_and_ends_with_jobs_open() {
    let Some(modules) = installed() else { return };
    let servers = Servers::start();
    let begin = "local client = assert(require('mlab').Client(nil, { endpoint = os.getenv 'MLAB_TEST_HTTP' })) \
                 io.stdout:setvbuf 'no' ";
    // A loop that luajit would have compiled by then: compiled code does not see an interrupt.
    let wait = "for _ = 1, 5000 do client:step(0) end print 'go' client:wait 'never-1'";
    let task = "client:spawn(function() client:wait 'never-1' end) print 'go' client:run()";
    let fetch = "print 'go' client:fetch 'slow-30-interrupt'";
    for program in [wait, task, fetch] {
        at_once(|| {
            let mut command = luajit(modules, &servers);
            let (took, done) =
                interrupted(command.env("API_KEY", KEY).args(["-e", &format!("{begin}{program}")]));
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(!done.status.success() && said.contains("interrupted!"), "{program}: {said}");
            took
        });
    }
    let open = "for n = 1, 20 do client:submit('never-' .. n) end client:step(0.2)";
    let at = Instant::now();
    run(luajit(modules, &servers).env("API_KEY", KEY).args(["-e", &format!("{begin}{open}")]));
    assert!(at.elapsed() < Duration::from_secs(15), "{:?}", at.elapsed());
}

#[test]
fn the_programs_shown_for_luajit_print_the_images() {
    let Some(modules) = installed() else { return };
    let servers = Servers::start();
    // The last goes on from one before.
    let [whole @ .., many] = &programs("LuaJIT")[..] else { panic!("no programs") };
    assert_eq!(whole.len(), 3);
    let begin = "local client, ids = assert(require('mlab').Client()), { '12202888', 'fail-1' }\n";
    let shown = |program: &str| {
        // As it stands, but for where the jobs are.
        let here = program.replacen("Client()", "Client(nil, { endpoint = os.getenv 'MLAB_TEST_HTTP' })", 1);
        assert_ne!(here, program);
        let mut command = luajit(modules, &servers);
        command.env("API_KEY", KEY).args(["-e", &here]);
        command
    };
    for program in whole {
        let done = run(&mut shown(program));
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(said.contains("/generations/12202888-0.png"), "{said}");
    }
    example::saves(&mut shown(&format!("{begin}{many}")), modules);
}

#[test]
fn the_example_of_lua_waits_and_stops_at_once_on_an_interrupt() {
    let Some(modules) = installed() else { return };
    let servers = Servers::start();
    example::waits_and_stops(&servers, || {
        let mut command = luajit(modules, &servers);
        command.arg(source("bindings/lua/examples/wait.lua"));
        command
    });
}
