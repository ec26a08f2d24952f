//! The service: keys, jobs, generation, keep-alive, records, faults by id and by chance.

use crate::client::{Client, FETCH, KEY, LINK_GRACE, connect};
use mlab_standin::{Clock, ImageKind, Job, Options, Outcome, Standin};
use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

fn start(options: Options) -> (Standin, Client) {
    let standin = Standin::start(options).unwrap();
    let client = Client::plain(standin.http_address());
    (standin, client)
}

fn never(id: &str) -> Job {
    Job { ready_after: Duration::MAX, ..Job::new(id) }
}

#[test]
fn a_job_goes_from_processing_to_success() {
    let (standin, mut client) = start(Options::default());
    standin.add_job(Job { images: vec![ImageKind::Png, ImageKind::Jpeg], ..never("12202888") });
    let before = client.fetch("12202888");
    assert_eq!(before.header("Content-Type"), Some("application/json"));
    let body = before.json();
    assert_eq!((&body["status"], &body["output"]), (&"processing".into(), &"".into()), "{body}");
    assert!(
        body.get("id").is_none() && body.get("eta").is_none(),
        "the commonest answer has neither: {body}"
    );

    assert!(standin.finish_job("12202888"));
    let body = client.fetch("12202888").json();
    assert_eq!((&body["status"], &body["id"]), (&"success".into(), &12202888.into()), "{body}");
    let base = standin.http_url("/generations/12202888");
    assert_eq!(body["output"], serde_json::json!([format!("{base}-0.png"), format!("{base}-1.jpg")]));
    assert_eq!(standin.polls("12202888"), 2);
}

#[test]
fn the_richer_answer_has_eta_id_and_future_links() {
    let (standin, mut client) = start(Options { rich_processing: true, ..Options::default() });
    standin.add_job(Job { eta: Some(13.07), ..never("abc123-def456") });
    let response = client.fetch("abc123-def456");
    assert!(response.text().contains(r"http:\/\/"), "slashes are escaped as PHP does: {}", response.text());
    let body = response.json();
    assert_eq!((&body["eta"], &body["id"]), (&13.07.into(), &"abc123-def456".into()), "{body}");
    assert_eq!(body["output"], serde_json::json!([]));
    assert_eq!(body["future_links"][0], standin.http_url("/generations/abc123-def456-0.png"));
}

#[test]
fn each_refusal_has_the_body_of_the_contract() {
    let (standin, mut client) =
        start(Options { keys: vec!["test-key-not-real".into()], ..Options::default() });
    standin.add_job(Job::new("1"));
    let json = "Content-Type: application/json\r\n";
    let invalid = r#""Invalid API key""#;
    let cases = [
        ("another key", json, r#"{"key":"another"}"#, "1", invalid),
        ("no content type", "", KEY, "1", invalid),
        ("wrong content type", "Content-Type: text/plain\r\n", KEY, "1", invalid),
        ("no key", json, "{}", "1", "The key field is required."),
        ("empty key", json, r#"{"key":""}"#, "1", "The key field is required."),
        ("no JSON", json, "key=a", "1", "The key field is required."),
        ("key is a number", json, r#"{"key":1}"#, "1", invalid),
        ("unknown id", json, KEY, "2", r#""Request not found""#),
    ];
    for (case, headers, body, id, expected) in cases {
        let response = client.request("POST", &format!("{FETCH}{id}"), headers, body).unwrap();
        assert_eq!(response.status, 200, "{case}");
        assert!(response.text().contains(expected), "{case}: {}", response.text());
    }
    let utf8 = "Content-Type: Application/JSON; charset=utf-8\r\n";
    let right = client.request("POST", &format!("{FETCH}1"), utf8, KEY).unwrap();
    assert_eq!(right.json()["status"], "success");
    assert_eq!(client.get(&format!("{FETCH}1"), "").status, 405);
    assert_eq!(client.post("/api/v1/nothing", KEY).status, 404);
}

#[test]
fn links_and_images_can_come_late() {
    let (standin, mut client) = start(Options::default());
    let late = Duration::from_secs(3600);
    standin.add_job(Job { outcome: Outcome::LinksLate(late), ..Job::new("links") });
    standin.add_job(Job { outcome: Outcome::ImagesLate(late), ..Job::new("images") });
    standin.add_job(Job { outcome: Outcome::Failed, ..Job::new("failed") });
    assert_eq!(client.fetch("links").json()["output"], serde_json::json!([]));
    assert_eq!(client.fetch("images").json()["output"].as_array().map(Vec::len), Some(1));
    assert_eq!(client.get("/generations/images-0.png", "").status, 404);
    assert_eq!(client.fetch("failed").json()["message"], "Failed, Try Again");
    for id in ["links", "images"] {
        standin.finish_job(id);
        assert_eq!(client.fetch(id).json()["output"].as_array().map(Vec::len), Some(1));
        assert_eq!(client.get(&format!("/generations/{id}-0.png"), "").status, 200);
    }
}

#[test]
fn a_generated_job_can_be_fetched() {
    let template = Job { images: vec![ImageKind::WebP], ..never("") };
    let (standin, mut client) = start(Options { template, ..Options::default() });
    let body = client.post("/api/v1/enterprise/flux/text2img", r#"{"key":"k","samples":"2"}"#).json();
    assert_eq!(body["status"], "processing");
    let id = body["id"].as_u64().unwrap().to_string();
    assert_eq!(body["fetch_result"], standin.http_url(&format!("{FETCH}{id}")));
    standin.finish_job(&id);
    assert_eq!(client.fetch(&id).json()["output"], body["future_links"]);
    assert_eq!(body["future_links"].as_array().map(Vec::len), Some(2));
}

#[test]
fn every_request_is_recorded_with_its_connection() {
    let (standin, mut client) = start(Options::default());
    for _ in 0..3 {
        client.fetch("1");
    }
    Client::plain(standin.http_address()).fetch("2");
    let counts = standin.counts();
    assert_eq!((counts.connections, counts.requests), (2, 4));
    assert_eq!(standin.requests_to(&format!("{FETCH}1")), 3);
    let requests = standin.requests();
    assert_eq!(requests.iter().map(|request| request.connection).collect::<Vec<_>>(), [1, 1, 1, 2]);
    assert_eq!((requests[0].method.as_str(), requests[0].body.as_slice()), ("POST", KEY.as_bytes()));
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    assert!(requests.windows(2).all(|pair| pair[0].arrived <= pair[1].arrived));
}

#[test]
fn a_connection_without_a_request_is_counted_and_nothing_else() {
    let standin = Standin::start(Options::default()).unwrap();
    let _idle = connect(standin.http_address());
    assert!(standin.wait_until(|counts| counts.connections == 1, LINK_GRACE));
    assert_eq!((standin.counts().requests, standin.counts().bytes), (0, 0));
}

#[test]
fn a_client_that_wants_the_end_gets_it() {
    let (_standin, mut client) = start(Options::default());
    let response = client.request("POST", &format!("{FETCH}1"), "Connection: close\r\n", KEY).unwrap();
    assert_eq!(response.header("Connection"), Some("close"));
    let (rest, end) = client.rest();
    assert!(rest.is_empty() && end.is_ok(), "{rest:?} {end:?}");
}

#[test]
fn chunks_and_expectations_are_understood() {
    let (standin, mut client) = start(Options::default());
    let head =
        format!("POST {FETCH}1 HTTP/1.1\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n");
    client.send(format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes());
    assert_eq!(client.response(true).unwrap().status, 100);
    client.send(b"10;x=y\r\n{\"key\":\"test-key\r\nb\r\n-not-real\"}\r\n0\r\nTrailer: x\r\n\r\n");
    assert_eq!(client.response(true).unwrap().json()["message"], "Request not found");
    assert_eq!(standin.requests()[0].body, KEY.as_bytes());
}

#[test]
fn what_is_no_request_is_refused() {
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(100_000));
    let cases = ["hello\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET / HTTP/1.1\r\nnocolon\r\n\r\n", &long];
    let standin = Standin::start(Options::default()).unwrap();
    for case in cases {
        let mut client = Client::plain(standin.http_address());
        client.send(case.as_bytes());
        assert_eq!(client.response(true).unwrap().status, 400, "{}", &case[..10]);
    }
}

#[test]
fn dropping_the_service_ends_every_connection_and_thread() {
    let (standin, mut client) =
        start(Options { reply_delay: Duration::from_secs(3600), ..Options::default() });
    let mut idle = connect(standin.https_address());
    let ca_file = standin.ca_file().to_path_buf();
    assert_eq!(std::fs::read_to_string(&ca_file).unwrap(), standin.ca_pem());
    client.send(format!("POST {FETCH}1 HTTP/1.1\r\nContent-Length: 0\r\n\r\n").as_bytes());
    assert!(standin.wait_until(|counts| counts.requests == 1 && counts.connections == 2, LINK_GRACE));
    let (address, started) = (standin.http_address(), Instant::now());
    drop(standin);
    assert!(started.elapsed() < LINK_GRACE);
    assert!(client.response(true).is_err());
    assert!(matches!(idle.read(&mut [0]), Ok(0) | Err(_)));
    assert!(std::net::TcpStream::connect(address).is_err(), "nobody listens any more");
    assert!(!ca_file.exists());
}

#[test]
fn an_address_that_is_not_loopback_is_refused() {
    let options = Options { address: "0.0.0.0".parse().unwrap(), ..Options::default() };
    assert_eq!(Standin::start(options).err().map(|error| error.kind()), Some(ErrorKind::InvalidInput));
}

#[test]
fn in_automatic_mode_an_id_asks_for_its_trouble() {
    let template = Job { clock: Clock::AtFirstLook, ..Job::new("") };
    let (_standin, mut client) = start(Options { auto: true, template, ..Options::default() });
    let cases = [
        ("anything", 200, "success"),
        ("missing-1", 200, "Request not found"),
        ("auth-1", 200, "Invalid API key"),
        ("credit-1", 200, "credit"),
        ("rate-1", 429, r#""retry_after":3"#),
        ("busy-1", 500, "Server Error"),
        ("html-1", 502, "<html>"),
        ("fail-1", 200, "Failed, Try Again"),
        ("never-1", 200, "try again later."),
        ("late-60-1", 200, r#""output":[]"#),
        ("busyness", 200, "success"),
    ];
    for (id, status, expected) in cases {
        let response = client.fetch(id);
        assert_eq!(response.status, status, "{id}");
        assert!(response.text().contains(expected), "{id}: {}", response.text());
    }
    assert_eq!(client.fetch("rate-2").header("Retry-After"), Some("3"));
    let garbled = client.fetch("garbled-1");
    assert!(serde_json::from_slice::<serde_json::Value>(&garbled.body).is_err(), "{}", garbled.text());
    let statuses: Vec<u16> = (0..4).map(|_| client.fetch("busy-2-x").status).collect();
    assert_eq!(statuses, [500, 500, 200, 200]);
}

#[test]
fn cut_and_reset_replies_break_the_connection_in_their_ways() {
    let (standin, _) = start(Options { auto: true, ..Options::default() });
    let ends = ["cut-1", "reset-1"].map(|id| {
        let mut client = Client::plain(standin.http_address());
        client
            .request("POST", &format!("{FETCH}{id}"), "Content-Type: application/json\r\n", KEY)
            .map_err(|e| e.kind())
    });
    assert!(matches!(ends, [Err(ErrorKind::UnexpectedEof), Err(ErrorKind::ConnectionReset)]), "{ends:?}");
}

#[test]
fn chance_spoils_the_same_requests_for_the_same_seed() {
    let outcomes = |seed| {
        let options = Options { fail_rate: 0.4, seed, ..Options::default() };
        let standin = Standin::start(options).unwrap();
        let outcome = |_| match Client::plain(standin.http_address()).request("GET", "/x", "", "") {
            Ok(response) => response.status.to_string(),
            Err(error) => error.kind().to_string(),
        };
        let outcomes: Vec<String> = (0..100).map(outcome).collect();
        let spoilt = outcomes.iter().filter(|outcome| *outcome != "404").count();
        assert_eq!(standin.counts().chance_faults, spoilt as u64);
        assert!((20..60).contains(&spoilt), "{spoilt} of 100 at a rate of 0.4");
        outcomes
    };
    assert_eq!(outcomes(7), outcomes(7));
    assert_ne!(outcomes(7), outcomes(8));
}

#[test]
fn a_reply_waits_as_long_as_told() {
    let delay = Duration::from_millis(80);
    let (_standin, mut client) = start(Options { reply_delay: delay, ..Options::default() });
    let started = Instant::now();
    client.fetch("1");
    assert!(started.elapsed() >= delay);
}
