//! The bodies the service answers with, as contract.md section 2 has them.
//!
//! Knows nothing of when each is sent.

use serde_json::{Value, json};

/// The key is wrong, or the request did not say that it is JSON.
pub(crate) const INVALID_KEY: &str = r#"{"status":"error","message":"Invalid API key"}"#;
/// The request has no key, or an empty one.
pub(crate) const KEY_REQUIRED: &str =
    r#"{"status":"error","message":{"key":["The key field is required."]}}"#;
/// The commonest answer for a job that is not ready.
pub(crate) const PROCESSING: &str = r#"{"status":"processing","message":"try again later.","output":"","tip":"Your image is still being made: ask again in some seconds."}"#;
/// No such job.
pub(crate) const NOT_FOUND: &str = r#"{"status":"failed","id":"","message":"Request not found","output":"","tip":"Check the id: it is the one that the generation call returned."}"#;
/// The job failed.
pub(crate) const FAILED: &str = r#"{"status":"failed","id":"","message":"Failed, Try Again","output":""}"#;
/// No money left. The contract knows only its words ("credit", "wallet"), not the whole sentence.
pub(crate) const NO_CREDIT: &str =
    r#"{"status":"error","message":"You have no credit left in your wallet. Please recharge to continue."}"#;
/// The framework's answer to a defect of its own.
pub(crate) const SERVER_ERROR: &str = r#"{"message":"Server Error"}"#;

/// Too many requests; the wait is in seconds.
pub(crate) fn rate_limited(retry_after: u64) -> String {
    format!(
        r#"{{"status":"error","message":"Rate limit exceeded. Maximum 5 queued requests allowed.","retry_after":{retry_after}}}"#
    )
}

/// Ready. Without links this is the success that comes before them.
pub(crate) fn success(id: &str, links: &[String]) -> String {
    json!({ "status": "success", "id": id_value(id), "output": links }).to_string()
}

/// Not ready, with all the service can tell; also its answer to a generation call.
pub(crate) fn processing(id: &str, eta: f64, fetch_result: &str, links: &[String]) -> String {
    let body = json!({
        "status": "processing",
        "eta": eta,
        "id": id_value(id),
        "output": [],
        "message": "Try to fetch request after seconds estimated",
        "tip": "You can get the image faster with a better plan.",
        "fetch_result": fetch_result,
        "future_links": links,
        "meta": {},
    });
    // The service is written in PHP, whose encoder escapes slashes; a client must read both spellings.
    body.to_string().replace('/', "\\/")
}

/// Numbers are answered as numbers, anything else as text.
fn id_value(id: &str) -> Value {
    match id.parse::<u64>() {
        Ok(number) if number.to_string() == id => json!(number),
        _ => json!(id),
    }
}
