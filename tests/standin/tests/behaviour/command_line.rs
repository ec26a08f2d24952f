//! The program: what it prints, what it refuses, and that it keeps keys to itself.

use crate::client::{Client, FETCH};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

struct Program {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    fn start(arguments: &[&str]) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlab-standin"));
        command.args(arguments).arg("--until-stdin-closes").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Program { child, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_string()
    }

    /// Closes its standard input; the rest of its output once it has ended.
    fn end(mut self) -> String {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        rest
    }
}

#[test]
fn it_prints_where_it_is_and_logs_without_keys() {
    let mut program = Program::start(&["--ready-after", "0", "--key=test-key-not-real"]);
    let lines: Vec<String> = (0..4).map(|_| program.line()).collect();
    let address = lines[0].strip_prefix("http endpoint:  http://").unwrap().split('/').next().unwrap();
    assert!(lines[1].starts_with("https endpoint: https://localhost:"), "{}", lines[1]);
    let ca_file = std::path::PathBuf::from(lines[2].strip_prefix("CA file:").unwrap().trim());
    assert!(std::fs::read_to_string(&ca_file).unwrap().starts_with("-----BEGIN CERTIFICATE"));
    assert!(lines[3].contains("curl --cacert"), "{}", lines[3]);

    let mut client = Client::plain(address.parse().unwrap());
    assert_eq!(client.fetch("anything").json()["status"], "success");
    let wrong = r#"{"key":"wrong-key-not-real"}"#;
    client.post(&format!("{FETCH}wrong-key-not-real?key=wrong-key-not-real"), wrong);
    let log = program.end();
    assert!(log.contains("/fetch/anything -> 200 success"), "{log}");
    assert!(log.contains("/fetch/*** -> 200 invalid key"), "{log}");
    assert!(!log.contains("not-real"), "{log}");
    assert!(!ca_file.exists(), "its CA file goes with it");
}

#[test]
fn a_wrong_option_is_named_and_its_key_is_not() {
    let cases: &[(&[&str], &str)] = &[
        (&["--nothing"], "--nothing: no such option"),
        (&["--kye=test-key-not-real"], "--kye: no such option"),
        (&["--http"], "--http: its PORT is missing"),
        (&["--http", "70000"], "--http: \"70000\" is not a port"),
        (&["--eta=-1"], "--eta: \"-1\" is not a number of seconds"),
        (&["--images", "0"], "--images: \"0\" is not from 1 to 64"),
        (&["--image-size", "64"], "--image-size: \"64\" is not a size"),
        (&["--fail-rate", "2"], "--fail-rate: \"2\" is not a share from 0 to 1"),
        (&["--fail-rate", "NaN"], "--fail-rate: \"NaN\" is not a share from 0 to 1"),
        (&["--rich=yes"], "--rich: takes no value"),
        (&["--key="], "--key: must not be empty"),
    ];
    for (arguments, expected) in cases {
        let output = Command::new(env!("CARGO_BIN_EXE_mlab-standin")).args(*arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
        assert!(!error.contains("test-key-not-real"), "{error}");
    }
}

#[test]
fn its_help_names_every_prefix() {
    let output = Command::new(env!("CARGO_BIN_EXE_mlab-standin")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for word in ["missing-", "fail-", "auth-", "rate-", "busy-", "html-", "slow-", "--ready-after SECONDS"] {
        assert!(help.contains(word), "{word} is missing in:\n{help}");
    }
}
