//! What the tests in C know of every function, generated from the header: a function that is added to it is in them.
//!
//! - `exported_functions.h`: `EXPORTED_FUNCTIONS(X)`, for tables with a hand-written row a function;
//! - `null_calls.h`: calls with NULL in each place where the header's types allow it, and what the comments say of that;
//! - `extreme_calls.h`: calls with each number at the ends of its range;
//! - `client_calls.h`: a call of each function that takes a client, for tests that end the client meanwhile;
//! - `exchange_calls.h`: likewise of each function that takes an exchange.

use mlab_bindings::declarations::{self as header, Function, Parameter};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Writes them into a folder; several programs may do so at once.
pub(crate) fn write(folder: &Path) -> Result<(), String> {
    let functions = header::functions();
    let files = [
        ("exported_functions.h", exported_functions(&functions)),
        ("null_calls.h", null_calls(&functions)),
        ("extreme_calls.h", extreme_calls(&functions)),
        ("client_calls.h", concurrent_calls(&functions, "client")),
        ("exchange_calls.h", concurrent_calls(&functions, "exchange")),
    ];
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for (name, text) in files {
        let (made, wanted) = (folder.join(format!("{name}.{}", std::process::id())), folder.join(name));
        fs::write(&made, text)
            .and_then(|()| fs::rename(&made, &wanted))
            .map_err(|e| format!("{}: {e}", wanted.display()))?;
    }
    Ok(())
}

/// Appends a line of C.
macro_rules! c {
    ($out:ident, $($text:tt)*) => { writeln!($out, $($text)*).expect("a String takes all") };
}

fn exported_functions(functions: &[Function]) -> String {
    let mut names: Vec<&str> = functions.iter().map(|function| function.name.as_str()).collect();
    names.sort_unstable();
    let rows: String = names.iter().map(|name| format!(" \\\n    X({name})")).collect();
    format!("#define EXPORTED_FUNCTIONS(X){rows}\n")
}

/// A reasonable argument, from the `with` of the tests. Panics for one of a new kind: then it belongs here.
fn argument(parameter: &Parameter) -> String {
    let Parameter { name, kind } = parameter;
    let object = kind.strip_prefix("const ").unwrap_or(kind);
    match (object, name.as_str()) {
        ("mlab_client *" | "mlab_config *" | "mlab_request *" | "mlab_cancel *", _)
        | ("mlab_result *" | "mlab_event *" | "mlab_exchange *", _)
        | ("char *", "id" | "path" | "url_template") => format!("with->{name}"),
        ("char *", "key") => "TEST_KEY".into(),
        ("char *", "url") => "with->url".into(),
        ("char *", "headers" | "message" | "suffix" | "pem" | "proxy_url") => "\"\"".into(),
        ("void *", "body" | "bytes") => "with->body".into(),
        ("void *", "user") => "NULL".into(),
        (_, name) if kind.ends_with("**") || ["size_t *", "uint64_t *"].contains(&object) => {
            format!("&{name}")
        }
        (kind, _) if kind.ends_with("_fn") => format!("no_{}", kind.strip_prefix("mlab_").unwrap_or(kind)),
        ("uint32_t", "timeout_ms") => "with->timeout_ms".into(),
        ("uint32_t", "min_ms" | "max_ms" | "connect_ms" | "deadline_ms" | "eta_ms") => "1000".into(),
        ("int32_t", "http_status") => "200".into(),
        ("int32_t", "status") => "MLAB_E_NETWORK".into(),
        ("int32_t", "roots") | ("uint32_t", "flags") | ("size_t", "index") | ("uint64_t", "job") => {
            "0".into()
        }
        ("size_t", "len") => "with->len".into(),
        ("int32_t" | "uint32_t" | "int64_t" | "uint64_t" | "size_t" | "double", _) => "1".into(),
        _ => panic!("no argument is known for {kind} {name}"),
    }
}

/// Declares what the call writes into, holding what no call gives.
fn declare_outs(out: &mut String, function: &Function, is_null: impl Fn(&Parameter) -> bool) {
    for Parameter { name, kind } in function.parameters.iter().filter(|p| !is_null(p)) {
        if let Some(object) = kind.strip_suffix(" **") {
            c!(out, "    {object} *{name} = ({object} *)(void *)&rubbish;");
        } else if let Some(number @ ("size_t" | "uint64_t")) = kind.strip_suffix(" *") {
            c!(out, "    {number} {name} = ({number})-1;");
        }
    }
}

/// The call, with NULL for some of the pointers.
fn call(function: &Function, is_null: impl Fn(&Parameter) -> bool) -> String {
    call_with(function, |p| is_null(p).then_some("NULL"))
}

/// The call, with another argument where `special` has one.
fn call_with<'a>(function: &Function, special: impl Fn(&Parameter) -> Option<&'a str>) -> String {
    let arguments = function.parameters.iter().map(|p| special(p).map_or_else(|| argument(p), str::to_owned));
    format!("{}({})", function.name, arguments.collect::<Vec<_>>().join(", "))
}

/// The object that a type's `_free` takes.
fn freed(kind: &str) -> Option<&str> {
    kind.strip_suffix(" *").filter(|object| object.starts_with("mlab_"))
}

/// Whether the comment lets it be NULL.
fn may_be_null(function: &Function, parameter: &Parameter) -> bool {
    let about = function.about(&parameter.name).unwrap_or_default();
    ["may be NULL", "NULL for ", "NULL does nothing"].iter().any(|words| about.contains(words))
}

/// Whether what comes back says how the call went, and is no property of an object.
fn gives_status(function: &Function) -> bool {
    let returns = function.about_return().unwrap_or_default();
    returns.starts_with("MLAB_OK") || returns.starts_with("as mlab_")
}

fn null_calls(functions: &[Function]) -> String {
    let (mut calls, mut rows) = (String::new(), String::new());
    for function in functions {
        // What is handed back to the caller's own functions is theirs alone.
        let pointers: Vec<&Parameter> =
            function.parameters.iter().filter(|p| p.is_pointer() && p.name != "user").collect();
        for pointer in &pointers {
            let name = format!("null_{}_{}", function.name, pointer.name);
            null_call(&mut calls, function, &name, &[pointer]);
            c!(rows, "    {{\"{}: {}\", {name}}},", function.name, pointer.name);
        }
        if pointers.len() > 1 {
            let name = format!("null_{}_all", function.name);
            null_call(&mut calls, function, &name, &pointers);
            c!(rows, "    {{\"{}: all\", {name}}},", function.name);
        }
    }
    format!("{calls}static const checked_call null_calls[] = {{\n{rows}}};\n")
}

/// One call with NULL for some pointers, and the checks of what the comments promise.
fn null_call(out: &mut String, function: &Function, name: &str, nulls: &[&Parameter]) {
    let is_null = |parameter: &Parameter| nulls.iter().any(|null| null.name == parameter.name);
    let refused: Vec<&&Parameter> = nulls.iter().filter(|p| !may_be_null(function, p)).collect();
    c!(out, "static void {name}(const call_objects *with)\n{{");
    declare_outs(out, function, is_null);
    let call = call(function, is_null);
    match function.returns.as_str() {
        "void" => c!(out, "    {call};"),
        kind if gives_status(function) => {
            c!(out, "    {kind} got = {call};");
            let is = if refused.is_empty() { "!=" } else { "==" };
            c!(out, "    CHECK(got {is} MLAB_E_INVALID_ARGUMENT);");
        }
        kind if freed(kind).is_some() && !kind.starts_with("const") => {
            c!(out, "    {kind}got = {call};");
            // A constructor's only way to say no is the message of what it made.
            if let [argument] = refused[..] {
                let object = freed(kind).expect("checked");
                c!(out, "    CHECK_TEXT({object}_message(got), \"{} is NULL\");", argument.name);
            }
            c!(out, "    {}_free(got);", freed(kind).expect("checked"));
        }
        _ => {
            assert!(refused.is_empty(), "{}: what comes for NULL?", function.name);
            c!(out, "    (void){call};");
        }
    }
    check_outs(out, function, is_null, &refused);
    if let ([argument], Some(object)) = (&refused[..], function.parameters.first()) {
        let object_kind = object.kind.trim_end_matches(" *");
        let says_why = ["mlab_config", "mlab_request"].contains(&object_kind) && !is_null(object);
        if says_why {
            c!(
                out,
                "    CHECK_STARTS({object_kind}_message(with->{}), \"{} is NULL\");",
                object.name,
                argument.name
            );
        }
    }
    if function.parameters.is_empty() || !call.contains("with->") {
        c!(out, "    (void)with;");
    }
    c!(out, "}}\n");
}

/// An out parameter was written: with an object that says why, or NULL or 0 if the call refused.
fn check_outs(
    out: &mut String,
    function: &Function,
    is_null: impl Fn(&Parameter) -> bool,
    refused: &[&&Parameter],
) {
    for parameter in function.parameters.iter().filter(|p| !is_null(p)) {
        let Parameter { name, kind } = parameter;
        if let Some(object) = kind.strip_suffix(" **") {
            c!(out, "    CHECK((void *){name} != (void *)&rubbish);");
            let says_why = ["mlab_result", "mlab_client"].contains(&object);
            match refused {
                [] => {}
                [first, ..] if says_why => {
                    c!(out, "    CHECK_TEXT({object}_message({name}), \"{} is NULL\");", first.name);
                }
                _ => c!(out, "    CHECK({name} == NULL);"),
            }
            c!(out, "    {object}_free({name});");
        } else if let Some(number @ ("size_t" | "uint64_t")) = kind.strip_suffix(" *") {
            let wanted = if refused.is_empty() { format!("!= ({number})-1") } else { "== 0".into() };
            c!(out, "    CHECK({name} {wanted});");
        }
    }
}

/// The ends of a number's range, and what lies beside them.
fn extremes(kind: &str) -> &'static [&'static str] {
    match kind {
        "int32_t" => &["INT32_MIN", "-1", "0", "INT32_MAX"],
        "uint32_t" => &["0", "UINT32_MAX"],
        "int64_t" => &["INT64_MIN", "-1", "0", "INT64_MAX"],
        "uint64_t" => &["0", "UINT64_MAX"],
        "size_t" => &["0", "SIZE_MAX"],
        "double" => &["NAN", "INFINITY", "-1.0", "0.0", "DBL_MIN", "DBL_MAX"],
        _ => &[],
    }
}

fn extreme_calls(functions: &[Function]) -> String {
    let (mut calls, mut rows) = (String::new(), String::new());
    for function in functions {
        for parameter in &function.parameters {
            for (at, value) in extremes(&parameter.kind).iter().enumerate() {
                let name = format!("extreme_{}_{}_{at}", function.name, parameter.name);
                extreme_call(&mut calls, function, &name, parameter, value);
                c!(rows, "    {{\"{}: {} {value}\", {name}}},", function.name, parameter.name);
            }
        }
    }
    format!("{calls}static const checked_call extreme_calls[] = {{\n{rows}}};\n")
}

/// One call with an extreme number: no defect, and a refusal names an argument of the function.
fn extreme_call(out: &mut String, function: &Function, name: &str, extreme: &Parameter, value: &str) {
    c!(out, "static void {name}(const call_objects *with)\n{{");
    declare_outs(out, function, |_| false);
    let first = function
        .parameters
        .first()
        .map_or("", |p| p.kind.trim_start_matches("const ").trim_end_matches(" *"));
    // A wait for ever ends at once where there is nothing to wait for.
    if first == "mlab_client" && extreme.name == "timeout_ms" {
        c!(out, "    mlab_client_shutdown(with->client, with->timeout_ms);");
    }
    let call = call_with(function, |p| (p.name == extreme.name).then_some(value));
    let mut message = None;
    if gives_status(function) {
        c!(out, "    int32_t got = {call};");
        c!(out, "    CHECK(got != MLAB_E_INTERNAL);");
        message = ["mlab_config", "mlab_request"]
            .contains(&first)
            .then(|| format!("{first}_message({})", argument(&function.parameters[0])));
    } else if function.returns == "void" {
        c!(out, "    {call};");
    } else {
        c!(out, "    (void){call};");
    }
    for Parameter { name, kind } in &function.parameters {
        if kind == "mlab_result **" {
            message = Some(format!("mlab_result_message({name})"));
        }
    }
    if let Some(message) = message {
        let names: Vec<String> = function.parameters.iter().map(|p| format!("\"{} \"", p.name)).collect();
        c!(
            out,
            "    if (got == MLAB_E_INVALID_ARGUMENT)\n        check_names_one({message}, {}, NULL);",
            names.join(", ")
        );
    }
    for Parameter { name, kind } in &function.parameters {
        if let Some(object) = kind.strip_suffix(" **") {
            c!(out, "    {object}_free({name});");
        }
    }
    if !out.rsplit("static void ").next().is_some_and(|own| own.contains("with->")) {
        c!(out, "    (void)with;");
    }
    c!(out, "}}\n");
}

/// The functions that take such an object and do not end it.
fn concurrent_calls(functions: &[Function], object: &str) -> String {
    let (mut calls, mut rows) = (String::new(), String::new());
    let kind = format!("const mlab_{object} *");
    let of_objects = functions.iter().filter(|function| function.parameters.iter().any(|p| p.kind == kind));
    for function in of_objects {
        c!(calls, "static int32_t with_{}(const call_objects *with)\n{{", function.name);
        declare_outs(&mut calls, function, |_| false);
        let call = call(function, |_| false);
        let status = if gives_status(function) { "got" } else { "NO_STATUS" };
        match function.returns.as_str() {
            _ if gives_status(function) => c!(calls, "    int32_t got = {call};"),
            "void" => c!(calls, "    {call};"),
            _ => c!(calls, "    (void){call};"),
        }
        for Parameter { name, kind } in &function.parameters {
            if let Some(object) = kind.strip_suffix(" **") {
                c!(calls, "    {object}_free({name});");
            }
        }
        c!(calls, "    return {status};\n}}\n");
        c!(rows, "    {{\"{0}\", with_{0}}},", function.name);
    }
    format!("{calls}static const concurrent_call {object}_calls[] = {{\n{rows}}};\n")
}
