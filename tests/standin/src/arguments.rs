//! The command line, by hand: a dozen options are not worth a parser's weight in every test build.
//!
//! Knows what the options mean, and starts nothing.

use mlab_standin::{Clock, ImageKind, Job, Options, prefixes_help};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What a command line asks for.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Run(Box<Arguments>),
}

/// How to run.
pub(crate) struct Arguments {
    pub(crate) options: Options,
    pub(crate) ca_out: Option<PathBuf>,
    pub(crate) until_stdin_closes: bool,
}

impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the options, which may hold a key.
        f.debug_struct("Arguments").field("ca_out", &self.ca_out).finish_non_exhaustive()
    }
}

/// Every option: name, the name of its value if it takes one, what it does.
const HELP: &[(&str, &str, &str)] = &[
    ("--http", "PORT", "port for http (any free one)"),
    ("--https", "PORT", "port for https (any free one)"),
    ("--ready-after", "SECONDS", "a job is ready so long after its first poll (5)"),
    ("--eta", "SECONDS", "what the richer answer says is left (what is really left)"),
    ("--rich", "", "answer \"processing\" with eta, id and future links"),
    ("--images", "N", "images a job, 1 to 64: PNG, JPEG, WebP, GIF in turn (1)"),
    ("--image-size", "WxH", "size of the images in pixels (64x48)"),
    ("--key", "KEY", "the only key that is accepted (any that is not empty)"),
    ("--reply-delay", "SECONDS", "every reply waits so long (0)"),
    ("--fail-rate", "SHARE", "share of replies that go wrong by chance, 0 to 1 (0)"),
    ("--seed", "N", "which ones go wrong (0)"),
    ("--ca-out", "FILE", "write the CA certificate there (a file in the temporary folder)"),
    ("--until-stdin-closes", "", "end when standard input ends, for scripts"),
    ("--help", "", "this text"),
];

/// The text of `--help`.
pub(crate) fn help() -> String {
    let options: String = HELP
        .iter()
        .map(|(name, value, what)| format!("  {:<22} {what}\n", format!("{name} {value}")))
        .collect();
    let prefixes = prefixes_help();
    format!(
        "A stand-in for the ModelsLab fetch endpoint, on loopback. It needs no real key and costs nothing.

Every id that is asked for becomes a job; a POST to .../text2img makes one too. Ids that begin so ask for trouble:

{prefixes}
A number after the prefix says how many polls are spoilt before all is well (busy-2-x: twice HTTP 500, then the job),
or how many seconds N is (slow-30-x).

Options (and what holds without them):

{options}"
    )
}

impl Command {
    /// Reads a command line without the program's own name. The error names the option.
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Command, String> {
        let mut words = words;
        let template = Job { ready_after: Duration::from_secs(5), clock: Clock::AtFirstLook, ..Job::new("") };
        let options = Options { auto: true, template, ..Options::default() };
        let mut arguments = Arguments { options, ca_out: None, until_stdin_closes: false };
        while let Some(word) = words.next() {
            if matches!(word.as_str(), "--help" | "-h") {
                return Ok(Command::Help);
            }
            let (name, given) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_string())),
                None => (word.as_str(), None),
            };
            let Some((name, value_name, _)) = HELP.iter().find(|(known, ..)| *known == name) else {
                // Only the name: what follows a `=` may be a key.
                return Err(format!("{name}: no such option"));
            };
            let value = match (value_name.is_empty(), given) {
                (true, None) => String::new(),
                (true, Some(_)) => return Err(format!("{name}: takes no value")),
                (false, given) => given
                    .or_else(|| words.next())
                    .ok_or_else(|| format!("{name}: its {value_name} is missing"))?,
            };
            arguments.set(name, value)?;
        }
        Ok(Command::Run(Box::new(arguments)))
    }
}

impl Arguments {
    fn set(&mut self, name: &str, value: String) -> Result<(), String> {
        let options = &mut self.options;
        match name {
            "--http" => options.http_port = number(name, &value, "a port")?,
            "--https" => options.https_port = number(name, &value, "a port")?,
            "--ready-after" => options.template.ready_after = seconds(name, &value)?,
            "--eta" => options.template.eta = Some(seconds(name, &value)?.as_secs_f64()),
            "--rich" => options.rich_processing = true,
            "--images" => options.template.images = images(name, &value)?,
            "--image-size" => options.template.size = size(name, &value)?,
            "--key" if value.is_empty() => return Err(format!("{name}: must not be empty")),
            "--key" => options.keys = vec![value],
            "--reply-delay" => options.reply_delay = seconds(name, &value)?,
            "--fail-rate" => {
                options.fail_rate = number(name, &value, "a share from 0 to 1")?;
                if !(0.0..=1.0).contains(&options.fail_rate) {
                    return Err(format!("{name}: {value:?} is not a share from 0 to 1"));
                }
            }
            "--seed" => options.seed = number(name, &value, "a whole number")?,
            "--ca-out" => self.ca_out = Some(PathBuf::from(value)),
            "--until-stdin-closes" => self.until_stdin_closes = true,
            _ => unreachable!("{name} is in the table of options but means nothing"),
        }
        Ok(())
    }
}

fn number<T: FromStr>(name: &str, value: &str, what: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name}: {value:?} is not {what}"))
}

fn seconds(name: &str, value: &str) -> Result<Duration, String> {
    let seconds = number(name, value, "a number of seconds")?;
    Duration::try_from_secs_f64(seconds).map_err(|_| format!("{name}: {value:?} is not a number of seconds"))
}

fn images(name: &str, value: &str) -> Result<Vec<ImageKind>, String> {
    let count: usize = number(name, value, "a number of images")?;
    if !(1..=64).contains(&count) {
        return Err(format!("{name}: {value:?} is not from 1 to 64"));
    }
    Ok(ImageKind::ALL.into_iter().cycle().take(count).collect())
}

fn size(name: &str, value: &str) -> Result<(u16, u16), String> {
    let wrong = || format!("{name}: {value:?} is not a size such as 64x48, from 1x1 to 8192x8192");
    let (width, height) = value.split_once('x').ok_or_else(wrong)?;
    let size = (width.parse().map_err(|_| wrong())?, height.parse().map_err(|_| wrong())?);
    let fits = |length: u16| (1..=8192).contains(&length);
    if fits(size.0) && fits(size.1) { Ok(size) } else { Err(wrong()) }
}
