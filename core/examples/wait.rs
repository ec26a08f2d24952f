//! Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
//!
//!     MODELSLAB_API_KEY=... wait 12202888 [eta in seconds, as the generation call said]
//!
//! MLAB_IMAGES is a folder to save the images into. MLAB_ENDPOINT sets another endpoint.
//!
//! Exit code: 0 the images are there (saved, if asked for), 3 not yet when the deadline came, 1 something went wrong, 2 wrong
//! use. Ctrl-C ends it as it ends any program: there is nothing to clean up.

use mlab_core::download::Destination;
use mlab_core::{
    CancelToken, Client, Endpoint, Error, JobId, JobRequest, Progress, Report, Settings, Status,
};
use std::env;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (id, eta) = match &arguments[..] {
        [id] => (id, None),
        [id, eta] => match eta.parse().ok().and_then(|eta| Duration::try_from_secs_f64(eta).ok()) {
            Some(eta) => (id, Some(eta)),
            None => return usage(),
        },
        _ => return usage(),
    };
    match wait(id, eta) {
        Ok(report) if report.is_ready() => show(&report),
        Ok(report) => {
            eprintln!("{:?}: {}", report.status, report.message);
            ExitCode::from(if report.status == Status::Deadline { 3 } else { 1 })
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: MODELSLAB_API_KEY=<your key> wait <id> [eta in seconds]");
    ExitCode::from(2)
}

fn wait(id: &str, eta: Option<Duration>) -> Result<Report, Error> {
    let mut settings = Settings::default();
    if let Ok(template) = env::var("MLAB_ENDPOINT") {
        settings.endpoint = Endpoint::new(&template)?;
    }
    let mut request = JobRequest::new(JobId::new(id)?);
    request.plan = request.plan.with_eta(eta);
    if let Ok(folder) = env::var("MLAB_IMAGES") {
        request.destination = Some(Destination::Folder(folder));
    }
    let client = Client::from_environment(settings)?;
    Ok(client.wait(&request, &CancelToken::new(), |progress| {
        say(progress);
        true // Go on.
    }))
}

fn say(progress: &Progress) {
    let next = progress.next_poll.saturating_sub(progress.elapsed);
    let eta = progress.eta_ms.map(|ms| format!(", the server expects {:.1} s more", ms as f64 / 1000.0));
    eprintln!(
        "{:.1} s, polls: {}, next in {:.1} s{}",
        progress.elapsed.as_secs_f64(),
        progress.polls,
        next.as_secs_f64(),
        eta.unwrap_or_default()
    );
}

fn show(report: &Report) -> ExitCode {
    let paths = report.images.iter().flatten().filter_map(|image| image.path.as_deref());
    paths.for_each(|path| println!("{path}"));
    if report.images.is_empty() {
        report.urls.texts().for_each(|url| println!("{url}"));
    }
    eprintln!("ready after {:.1} s", report.elapsed.as_secs_f64());
    ExitCode::SUCCESS
}
