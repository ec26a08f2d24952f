//! `include/mlab.h` as data: its functions and constants with their comments, and its introduction. Types are as they stand.
//!
//! Reads the text as build/header.rs lays it out, and panics where it cannot: then the layout has changed.

use std::fs;
use std::path::{Path, PathBuf};

/// A declared function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// `mlab_parse` and its like.
    pub name: String,
    /// As it stands: `int32_t`, `void`, `const char *`.
    pub returns: String,
    /// In order.
    pub parameters: Vec<Parameter>,
    /// The comment above it, line by line.
    pub comment: Vec<String>,
}

/// A parameter of a declared function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// As the header calls it.
    pub name: String,
    /// As it stands: `const char *`, `mlab_result **`, `mlab_log_fn`.
    pub kind: String,
}

impl Parameter {
    /// Whether it may be NULL in C.
    pub fn is_pointer(&self) -> bool {
        self.kind.ends_with('*') || self.kind.ends_with("_fn")
    }
}

impl Function {
    /// What the comment says of a parameter, as one line.
    pub fn about(&self, parameter: &str) -> Option<String> {
        self.tag(|tag| {
            let rest = tag.strip_prefix("@param[out] ").or_else(|| tag.strip_prefix("@param "))?;
            rest.strip_prefix(parameter)?.strip_prefix(' ')
        })
    }

    /// What the comment says of what comes back, as one line.
    pub fn about_return(&self) -> Option<String> {
        self.tag(|tag| tag.strip_prefix("@return "))
    }

    /// The text of the first tag that `wanted` knows, up to the next tag.
    fn tag(&self, wanted: impl Fn(&str) -> Option<&str>) -> Option<String> {
        let at = self.comment.iter().position(|line| wanted(line).is_some())?;
        let more = self.comment[at + 1..].iter().take_while(|line| !line.starts_with('@'));
        let lines = wanted(&self.comment[at]).into_iter().chain(more.map(String::as_str));
        Some(lines.collect::<Vec<_>>().join(" ").trim().to_owned())
    }
}

/// A macro with a value, or an enumerator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// `MLAB_OK` and its like.
    pub name: String,
    /// As it stands.
    pub value: String,
    /// The comment above it, as one line.
    pub comment: String,
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("tools/bindings").to_owned()
}

/// The committed header.
pub fn text() -> String {
    read("include/mlab.h")
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every function, in the header's order.
pub fn functions() -> Vec<Function> {
    functions_of(&text(), "MLAB_API")
}

/// Every function of a header that marks them so, in its order.
pub fn functions_of(text: &str, mark: &str) -> Vec<Function> {
    let found: Vec<Function> = items(text)
        .into_iter()
        .filter_map(|(comment, code)| {
            let declaration = code.strip_prefix(mark)?.split_once(");")?.0;
            Some(function(comment, declaration))
        })
        .collect();
    let declared = text.lines().filter(|line| line.starts_with(mark)).count();
    assert_eq!(found.len(), declared, "a function without a comment, or a comment that cannot be read");
    found
}

/// Every macro and enumerator that has a value and a comment, in the header's order.
pub fn constants() -> Vec<Constant> {
    constants_of(&text())
}

/// Every constant of a header with this text.
pub fn constants_of(text: &str) -> Vec<Constant> {
    let constant = |(comment, code): (Vec<String>, &str)| {
        let line = code.lines().next()?;
        let (name, value) = match line.strip_prefix("#define ") {
            Some(definition) => definition.split_once(' ')?,
            None => line.strip_suffix(',')?.split_once(" = ")?,
        };
        Some(Constant { name: name.to_owned(), value: value.to_owned(), comment: comment.join(" ") })
    };
    items(text).into_iter().filter_map(constant).collect()
}

/// The opaque types and the types of callbacks in a header with this text: each `typedef` but those of enumerations, as one
/// line.
pub fn typedefs_of(text: &str) -> Vec<String> {
    let statements = code_of(text);
    let statements = statements.split(';').map(|from| from.split_whitespace().collect::<Vec<_>>().join(" "));
    let typedef = |statement: String| Some(statement[statement.find("typedef ")?..].to_owned());
    statements.filter_map(typedef).filter(|typedef| !typedef.starts_with("typedef enum ")).collect()
}

/// The comment that opens the header, without its asterisks.
pub fn introduction() -> String {
    let text = text();
    let comment = text
        .strip_prefix("/**\n * @file\n")
        .and_then(|rest| rest.split_once("*/"))
        .expect("an opening comment")
        .0;
    comment.lines().map(|line| bare(line, false)).collect::<Vec<_>>().join("\n")
}

/// The header without comments and string literals.
pub fn code() -> String {
    code_of(&text())
}

fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        code.push_str(before);
        rest = after.split_once("*/").expect("the end of a comment").1;
    }
    code.push_str(rest);
    code.split('"').step_by(2).collect()
}

/// Each documenting comment, with the text between it and the next one: a declaration holds none.
fn items(text: &str) -> Vec<(Vec<String>, &str)> {
    let item = |from| {
        let (comment, code) = str::split_once(from, "*/").expect("the end of a comment");
        (comment.trim().lines().map(|line| bare(line, true)).collect(), code.trim_start())
    };
    text.split("/**").skip(1).map(item).collect()
}

/// A line of a comment without the asterisk that begins it.
fn bare(line: &str, trimmed: bool) -> String {
    let line = line.trim_start().strip_prefix('*').unwrap_or(line.trim_start());
    let line = line.strip_prefix(' ').unwrap_or(line);
    if trimmed { line.trim().to_owned() } else { line.to_owned() }
}

fn function(comment: Vec<String>, declaration: &str) -> Function {
    let (head, parameters) = declaration.split_once('(').expect("the parameters of a function");
    let (returns, name) = type_and_name(head);
    let parameters = match parameters.trim() {
        "void" => Vec::new(),
        parameters => parameters
            .split(',')
            .map(|parameter| {
                let (kind, name) = type_and_name(parameter);
                Parameter { name, kind }
            })
            .collect(),
    };
    Function { name, returns, parameters, comment }
}

/// `const char *key` as `const char *` and `key`.
pub(crate) fn type_and_name(declaration: &str) -> (String, String) {
    let words: Vec<&str> = declaration.split_whitespace().collect();
    let text = words.join(" ");
    let at = text.rfind([' ', '*']).expect("a type before the name") + 1;
    (text[..at].trim().to_owned(), text[at..].to_owned())
}
