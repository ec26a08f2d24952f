//! The stand-in alone, for whoever develops a plugin: every id is a job, some ids ask for trouble.
//!
//! Never prints a key, not even a false one a client sent.

mod arguments;

use arguments::{Arguments, Command};
use mlab_standin::{Log, Options, Standin};
use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments = match Command::parse(std::env::args().skip(1)) {
        Ok(Command::Run(arguments)) => arguments,
        Ok(Command::Help) => {
            say(&arguments::help());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            complain(&format!("{error}\nTry --help."));
            return ExitCode::from(2);
        }
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Box<Arguments>) -> Result<(), Box<dyn Error>> {
    let Arguments { options, ca_out, until_stdin_closes } = *arguments;
    let log: Log = Arc::new(say);
    let standin = Standin::start(Options { log: Some(log), ..options })?;
    let ca_file = match &ca_out {
        Some(path) => {
            fs::write(path, standin.ca_pem())
                .map_err(|error| format!("--ca-out {}: {error}", path.display()))?;
            path.as_path()
        }
        None => standin.ca_file(),
    };
    let ca_file = ca_file.display();
    say(&format!("http endpoint:  {}", standin.http_endpoint()));
    say(&format!("https endpoint: {}", standin.https_endpoint()));
    say(&format!("CA file:        {ca_file}"));
    say(&format!(
        "try:            curl --cacert '{ca_file}' -H 'Content-Type: application/json' -d '{{\"key\":\"test-key-not-real\"}}' {}",
        standin.https_endpoint().replace("{id}", "12202888"),
    ));
    say("");
    if until_stdin_closes {
        io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(());
    }
    loop {
        std::thread::park();
    }
}

/// A line for the reader. One who closed the pipe reads no more, and the server goes on without him.
fn say(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "mlab-standin: {text}");
}
