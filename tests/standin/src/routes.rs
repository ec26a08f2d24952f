//! Which request gets which reply: the fetch call and its siblings, the generation call, the images.
//!
//! Knows nothing of connections.

use crate::accept::lock;
use crate::faults::{Answer, apply_wish, job_for};
use crate::generations::{self, Gallery};
use crate::http::{Reply, Request};
use crate::queue::{Job, Queue, State};
use crate::replies;
use serde_json::{Map, Value};
use std::sync::Mutex;
use std::time::Instant;

/// How the service behaves, whatever the request.
#[derive(Debug, Clone)]
pub(crate) struct Manners {
    /// Empty: any key that is not empty.
    pub(crate) keys: Vec<String>,
    pub(crate) rich_processing: bool,
    pub(crate) auto: bool,
    pub(crate) template: Job,
}

/// The service without its sockets.
pub(crate) struct Routes {
    pub(crate) manners: Manners,
    pub(crate) queue: Mutex<Queue>,
    gallery: Gallery,
}

impl Routes {
    pub(crate) fn new(manners: Manners) -> Routes {
        Routes { manners, queue: Mutex::default(), gallery: Gallery::default() }
    }

    /// Answers a request that came to the server whose links begin with `base`.
    pub(crate) fn answer(&self, base: &str, request: &Request) -> Answer {
        if generations::owns(&request.path) {
            return self.gallery.answer(&self.queue, request);
        }
        let Some(route) = Route::of(&request.path) else {
            let body = r#"{"message":"The route could not be found."}"#;
            return Answer::new(Reply::json(404, body), "no such route");
        };
        if request.method != "POST" {
            let body = format!(
                r#"{{"message":"The {} method is not supported for this route. Supported methods: POST."}}"#,
                request.method.escape_default()
            );
            return Answer::new(Reply::json(405, body).with("Allow", "POST"), "wrong method");
        }
        match self.check_key(request) {
            Err(answer) => answer,
            Ok(body) => match route {
                Route::Fetch { version, id } => self.fetch(base, version, id),
                Route::Generate { version } => self.generate(base, version, &body),
            },
        }
    }

    /// The service wants the content type too: without it, it sees no key (contract section 1).
    fn check_key(&self, request: &Request) -> Result<Map<String, Value>, Answer> {
        let invalid = || Answer::new(Reply::json(200, replies::INVALID_KEY), "invalid key");
        let kind = request.header("Content-Type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(invalid());
        }
        let body: Map<String, Value> = serde_json::from_slice(&request.body).unwrap_or_default();
        match body.get("key") {
            None | Some(Value::Null) => Err(Answer::new(Reply::json(200, replies::KEY_REQUIRED), "no key")),
            Some(Value::String(key)) if key.is_empty() => {
                Err(Answer::new(Reply::json(200, replies::KEY_REQUIRED), "no key"))
            }
            Some(Value::String(key)) if self.manners.keys.is_empty() || self.manners.keys.contains(key) => {
                Ok(body)
            }
            Some(_) => Err(invalid()),
        }
    }

    fn fetch(&self, base: &str, version: &str, id: &str) -> Answer {
        let now = Instant::now();
        let mut queue = lock(&self.queue);
        if self.manners.auto && !queue.contains(id) {
            queue.add(job_for(id, &self.manners.template), now);
        }
        let Some((state, job)) = queue.poll(id, now) else {
            return Answer::new(Reply::json(200, replies::NOT_FOUND), "not found");
        };
        let answer = self.show(base, version, state, job);
        if self.manners.auto { apply_wish(id, queue.polls(id), answer) } else { answer }
    }

    fn show(&self, base: &str, version: &str, state: State, job: &Job) -> Answer {
        let (body, note) = match state {
            State::Processing { eta } if self.manners.rich_processing => {
                (processing(base, version, eta, job), "processing")
            }
            State::Processing { .. } => (replies::PROCESSING.to_string(), "processing"),
            State::Failed => (replies::FAILED.to_string(), "failed"),
            State::WithoutLinks => (replies::success(&job.id, &[]), "success without links"),
            State::Ready => (replies::success(&job.id, &generations::links(base, job)), "success"),
        };
        Answer::new(Reply::json(200, body), note)
    }

    /// Queues a job from the template. `samples` (1 to 4) says how many images, as at the service.
    fn generate(&self, base: &str, version: &str, body: &Map<String, Value>) -> Answer {
        let mut job = self.manners.template.clone();
        if let Some(samples) = body.get("samples").and_then(whole_number) {
            let kinds = job.images.clone();
            job.images = kinds.into_iter().cycle().take(samples.clamp(1, 4)).collect();
        }
        let now = Instant::now();
        let id = lock(&self.queue).add_numbered(&job, now);
        let job = Job { id: id.to_string(), ..job };
        let eta = job.eta.unwrap_or_else(|| job.ready_after.as_secs_f64().ceil());
        Answer::new(Reply::json(200, processing(base, version, eta, &job)), "queued")
    }
}

fn processing(base: &str, version: &str, eta: f64, job: &Job) -> String {
    let fetch_result = format!("{base}/api/{version}/fetch/{}", job.id);
    replies::processing(&job.id, eta, &fetch_result, &generations::links(base, job))
}

/// Samples in the vendor's pages give numbers as text as well.
fn whole_number(value: &Value) -> Option<usize> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    usize::try_from(number).ok()
}

/// What a path asks for. `version` is what stands between `/api/` and the last part: `v1/enterprise/flux`.
#[derive(Debug, PartialEq, Eq)]
enum Route<'a> {
    Fetch { version: &'a str, id: &'a str },
    Generate { version: &'a str },
}

impl Route<'_> {
    fn of(path: &str) -> Option<Route<'_>> {
        let path = path.strip_prefix("/api/")?;
        if let Some(version) = path.strip_suffix("/text2img") {
            return Some(Route::Generate { version });
        }
        let (version, id) = path.rsplit_once("/fetch/")?;
        (!id.is_empty() && !id.contains('/')).then_some(Route::Fetch { version, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_the_form_api_fetch_id_is_served() {
        let flux = "v1/enterprise/flux";
        let cases = [
            ("/api/v1/enterprise/flux/fetch/12202888", Some(Route::Fetch { version: flux, id: "12202888" })),
            ("/api/v6/images/fetch/a-b", Some(Route::Fetch { version: "v6/images", id: "a-b" })),
            ("/api/v1/enterprise/flux/text2img", Some(Route::Generate { version: flux })),
            ("/api/v1/enterprise/flux/fetch/", None),
            ("/api/v1/enterprise/flux/fetch/1/2", None),
            ("/api/v1/enterprise/flux", None),
            ("/fetch/1", None),
        ];
        for (path, expected) in cases {
            assert_eq!(Route::of(path), expected, "{path}");
        }
    }
}
