//! The wire layer against the table of replies.

#[path = "wire/mod.rs"]
mod table;

use mlab_core::wire::{Key, MAX_TEXT, Outcome, RawReply, rule};
use std::collections::HashSet;
use table::{KEY, Row, rows};

fn reply(row: &Row) -> RawReply<'_> {
    let header =
        |name: &str| row.headers.iter().find(|h| h.0.eq_ignore_ascii_case(name)).map(|h| h.1.clone());
    RawReply {
        http_status: row.http,
        content_type: header("content-type"),
        retry_after: header("retry-after"),
        date: header("date"),
        location: header("location"),
        body: row.body.as_slice().into(),
        received_unix_s: None,
    }
}

/// What is wrong with the ruling of a row; empty if nothing.
fn differences(row: &Row, key: &Key) -> Vec<String> {
    let reply = reply(row);
    let ruling = rule(&reply, Some(key));
    let want = &row.want;
    let mut wrong = Vec::new();
    let mut differ = |what: &str, same: bool, got: &dyn std::fmt::Debug| {
        if !same {
            wrong.push(format!("{what}: {got:?}"));
        }
    };
    let ms = |value: Option<u64>| value.map_or(-1, |ms| i64::try_from(ms).expect("clamped"));
    let retryable = matches!(&ruling.outcome, Outcome::Failed(e) if e.is_retryable());
    differ("status", ruling.status() == want.status, &(ruling.status(), &ruling.message));
    differ("urls", ruling.urls.iter().eq(want.urls.iter().map(String::as_bytes)), &ruling.urls);
    differ("id", want.id.is_none_or(|id| ruling.id == id), &ruling.id);
    differ("eta", ms(ruling.eta_ms) == want.eta_ms, &ruling.eta_ms);
    differ("retry_after", ms(ruling.retry_after_ms) == want.retry_after_ms, &ruling.retry_after_ms);
    differ("retryable", retryable == want.retryable, &retryable);
    for part in &want.text_has {
        differ("text lacks", ruling.message.contains(part), &(part, &ruling.message));
    }
    for part in &want.text_lacks {
        differ("text has", !ruling.message.contains(part), &(part, &ruling.message));
    }
    let escaped = serde_json::to_string(KEY).expect("a string");
    for form in [KEY, escaped.trim_matches('"')] {
        let silent = !ruling.message.contains(form) && !ruling.id.contains(form);
        differ("the key is shown", silent, &ruling.message);
    }
    let fit = ruling.message.len() <= MAX_TEXT && !ruling.message.contains(char::is_control);
    differ("unfit text", fit, &ruling.message);
    wrong
}

#[test]
fn every_reply_of_the_table_is_ruled_as_the_contract_says() {
    let key = Key::new(KEY).expect("a valid key");
    let rows = rows();
    let failed: Vec<String> = rows
        .iter()
        .map(|row| (row.name, differences(row, &key)))
        .filter(|(_, wrong)| !wrong.is_empty())
        .map(|(name, wrong)| format!("{name}\n    {}", wrong.join("\n    ")))
        .collect();
    assert!(failed.is_empty(), "{} of {} rows:\n{}", failed.len(), rows.len(), failed.join("\n"));
}

#[test]
fn the_table_has_no_row_twice_and_150_at_least() {
    let rows = rows();
    let names: HashSet<&str> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len());
    assert!(rows.len() >= 150, "{}", rows.len());
}

#[test]
fn a_reply_cut_at_any_byte_is_ruled_on_without_a_panic_and_is_never_ready() {
    let key = Key::new(KEY).expect("a valid key");
    let whole =
        br#" {"status":"success","id":12202888,"output":["https:\/\/a.example\/\u00e9\ud83d\ude00-0.png"]}"#;
    for end in 0..whole.len() {
        let reply = RawReply { http_status: 200, body: whole[..end].into(), ..RawReply::default() };
        let ruling = rule(&reply, Some(&key));
        assert!(matches!(ruling.outcome, Outcome::Failed(_)), "cut at {end}: {:?}", ruling.outcome);
    }
}
