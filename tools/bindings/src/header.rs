//! What a writer needs of the header: the declarations with their types understood, callbacks, objects, enumerations.

use crate::ctype::Type;
use crate::declarations::{self, Constant, constants_of, functions_of, read, text, type_and_name};

/// All that a writer needs.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its macros, all of them about versions.
    pub versions: Vec<Constant>,
    /// In the header's order.
    pub enumerations: Vec<Enumeration>,
    /// The names of the opaque types, in the header's order.
    pub objects: Vec<String>,
    /// In the header's order.
    pub callbacks: Vec<Callback>,
    /// In the header's order.
    pub functions: Vec<Function>,
    /// `mlab.ffi.h`: the same without comments and preprocessor. Empty for the decoder, which has no such file.
    pub declarations: String,
}

/// A parameter of a function or callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// As the header calls it.
    pub name: String,
    /// What it is.
    pub kind: Type,
}

/// A declared function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// `mlab_parse` and its like.
    pub name: String,
    /// Bytes where the length comes beside it, though the header may call them `const char *`.
    pub returns: Type,
    /// In order.
    pub parameters: Vec<Parameter>,
    /// The comment above it, line by line.
    pub comment: Vec<String>,
}

/// The type of a function that the caller hands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// `mlab_log_fn` and its like.
    pub name: String,
    /// What the library gets of it.
    pub returns: Type,
    /// In order.
    pub parameters: Vec<Parameter>,
}

/// Constants that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enumeration {
    /// `mlab_statuses` and its like.
    pub name: String,
    /// In order.
    pub constants: Vec<Constant>,
}

impl Header {
    /// The committed headers.
    pub fn committed() -> Header {
        Header::of(&text(), "MLAB_API", read("include/mlab.ffi.h"))
    }

    /// That of the decoder.
    pub fn of_the_decoder() -> Header {
        Header::of(&read("decode/include/mlab_decode.h"), "MLAB_DECODE_API", String::new())
    }

    fn of(text: &str, mark: &str, declarations: String) -> Header {
        let enumerators: Vec<Enumeration> = enumerations(text);
        let is_enumerator = |c: &Constant| enumerators.iter().any(|e| e.constants.contains(c));
        Header {
            versions: constants_of(text).into_iter().filter(|c| !is_enumerator(c)).collect(),
            objects: objects(text),
            callbacks: callbacks(text),
            functions: functions_of(text, mark).into_iter().map(function).collect(),
            declarations,
            enumerations: enumerators,
        }
    }
}

fn function(declared: declarations::Function) -> Function {
    let kind = Type::read(&declared.returns);
    let parameters: Vec<Parameter> = declared
        .parameters
        .into_iter()
        .map(|declarations::Parameter { name, kind }| Parameter { name, kind: Type::read(&kind) })
        .collect();
    let has_length = parameters.iter().any(|p| p.name == "len" && p.kind == Type::OutSize);
    let returns = if kind == Type::Text && has_length { Type::Bytes } else { kind };
    Function { name: declared.name, returns, parameters, comment: declared.comment }
}

/// The types of the functions that a caller hands over.
fn callbacks(text: &str) -> Vec<Callback> {
    let callback = |from: &str| {
        let (head, rest) = from.split_once(")(").expect("the name of a function's type");
        let (returns, name) = head.split_once(" (*").expect("what a callback returns");
        let parameters = rest.split_once(");").expect("the end of a callback").0;
        Callback {
            name: name.to_owned(),
            returns: Type::read(returns),
            parameters: parameters_of(parameters),
        }
    };
    let is_callback = |from: &&str| from.split_once(';').is_some_and(|(first, _)| first.contains("(*"));
    text.split("\ntypedef ").skip(1).filter(is_callback).map(callback).collect()
}

/// The opaque types.
fn objects(text: &str) -> Vec<String> {
    let name = |line: &str| {
        let (first, second) = line.strip_prefix("typedef struct ")?.strip_suffix(';')?.split_once(' ')?;
        assert_eq!(first, second, "a type with two names");
        Some(first.to_owned())
    };
    text.lines().filter_map(name).collect()
}

fn enumerations(text: &str) -> Vec<Enumeration> {
    let all = constants_of(text);
    let enumeration = |from: &str| {
        let (name, body) = from.split_once(" {").expect("the name of an enumeration");
        let body = body.split_once(&format!("}} {name};")).expect("the end of an enumeration").0;
        let is_in_it = |c: &&Constant| body.contains(&format!("\n    {} = ", c.name));
        let constants: Vec<Constant> = all.iter().filter(is_in_it).cloned().collect();
        assert_eq!(constants.len(), body.matches(" = ").count(), "a constant of {name} without a comment");
        Enumeration { name: name.to_owned(), constants }
    };
    text.split("typedef enum ").skip(1).map(enumeration).collect()
}

fn parameters_of(text: &str) -> Vec<Parameter> {
    match text.trim() {
        "void" => Vec::new(),
        parameters => parameters.split(',').map(parameter).collect(),
    }
}

fn parameter(text: &str) -> Parameter {
    let (kind, name) = type_and_name(text);
    Parameter { name, kind: Type::read(&kind) }
}
