//! koffi: prototypes that it reads by itself, and their TypeScript types.

use super::{MARK, each, list};
use crate::ctype::Type;
use crate::header::{Callback, Enumeration, Function, Header, Parameter};
use crate::names::{short_name, type_name};

/// koffi has pointers as BigInt, and takes numbers or BigInts for whatever has 64 bits.
const PREAMBLE: &str = "\
/** An address, as koffi has it. */
export type Pointer = bigint;
/** A number of 64 bits: koffi gives a BigInt where a number would not be exact. */
export type Wide = number | bigint;
/** A function of the library, to be called on a thread of libuv's pool too. */
export interface Func<A extends unknown[], R> {
  (...args: A): R;
  async(...args: [...A, (error: unknown, result: R) => void]): void;
}
";

pub(super) fn raw(header: &Header) -> String {
    let versions = each(&header.versions, |c| format!("exports.{} = {};\n", c.name, c.value));
    let enumerations = each(&header.enumerations, enumeration);
    let objects = each(&header.objects, |name| format!("koffi.opaque('{name}');\n"));
    let callbacks = each(&header.callbacks, |c| {
        format!("exports.{0} = koffi.proto('{1}');\n", c.name, prototype(&c.name, &c.returns, &c.parameters))
    });
    let functions = each(&header.functions, |f| {
        format!("  {}: library.func('{}'),\n", f.name, prototype(&f.name, &f.returns, &f.parameters))
    });
    format!(
        "// {MARK}\n'use strict';\nconst koffi = require('koffi');\n\n{versions}\n{enumerations}\n{objects}\n{callbacks}\n\
         /** The functions of a loaded library. */\nexports.bind = (library) => ({{\n{functions}}});\n"
    )
}

fn enumeration(e: &Enumeration) -> String {
    let members = each(&e.constants, |c| format!("  {}: {},\n", short_name(e, c), c.value));
    format!("exports.{} = Object.freeze({{\n{members}}});\n", type_name(e))
}

fn prototype(name: &str, returns: &Type, parameters: &[Parameter]) -> String {
    let returns = match returns {
        // As an address: it would end at the first NUL.
        Type::Bytes => "const void *".to_owned(),
        other => ctype(other),
    };
    let parameters = list(parameters, ", ", |p| spaced(&ctype(&p.kind), &p.name));
    format!("{}({})", spaced(&returns, name), if parameters.is_empty() { "void" } else { &parameters })
}

fn spaced(kind: &str, name: &str) -> String {
    let space = if kind.ends_with('*') { "" } else { " " };
    format!("{kind}{space}{name}")
}

fn ctype(kind: &Type) -> String {
    match kind {
        Type::Void => "void",
        Type::I32 => "int32_t",
        Type::I64 => "int64_t",
        Type::U32 => "uint32_t",
        Type::U64 => "uint64_t",
        Type::Size => "size_t",
        Type::Double => "double",
        Type::Text => "const char *",
        // An address, to be decoded as so many strings.
        Type::Texts => "const void *",
        Type::Bytes => "const void *",
        Type::Any => "void *",
        Type::Object(name) => return format!("{name} *"),
        Type::OutObject(name) => return format!("_Out_ {name} **"),
        Type::OutSize => "_Out_ size_t *",
        Type::OutU64 => "_Out_ uint64_t *",
        Type::Callback(name) => return format!("{name} *"),
    }
    .to_owned()
}

pub(super) fn types(header: &Header) -> String {
    let versions = each(&header.versions, |c| format!("export declare const {}: {};\n", c.name, c.value));
    let enumerations = each(&header.enumerations, |e| {
        let members = each(&e.constants, |c| {
            format!("  /** {} */\n  readonly {}: {};\n", c.comment, short_name(e, c), c.value)
        });
        format!("export declare const {}: {{\n{members}}};\n", type_name(e))
    });
    let callbacks = each(&header.callbacks, callback_type);
    let prototypes = each(&header.callbacks, |c| format!("export declare const {}: unknown;\n", c.name));
    let functions = each(&header.functions, function_type);
    format!(
        "// {MARK}\n\n{PREAMBLE}\n{versions}\n{enumerations}\n{callbacks}\n{prototypes}\n\
         /** The functions of the library. */\nexport interface Raw {{\n{functions}}}\n\
         /** The functions of a library that koffi.load() gave. */\nexport declare function bind(library: unknown): Raw;\n"
    )
}

fn callback_type(c: &Callback) -> String {
    let parameters = list(&c.parameters, ", ", |p| format!("{}: {}", p.name, returned(&p.kind)));
    format!("export type {}_js = ({parameters}) => {};\n", c.name, returned(&c.returns))
}

fn function_type(f: &Function) -> String {
    let parameters = list(&f.parameters, ", ", |p| format!("{}: {}", p.name, given(&p.kind)));
    format!("  {}: Func<[{parameters}], {}>;\n", f.name, returned(&f.returns))
}

/// What the caller may pass.
fn given(kind: &Type) -> String {
    match kind {
        Type::Text => "string | null".to_owned(),
        Type::Bytes => "Uint8Array | null".to_owned(),
        Type::OutObject(_) => "[Pointer | null]".to_owned(),
        Type::OutSize | Type::OutU64 => "[Wide] | null".to_owned(),
        Type::Callback(name) => format!("{name}_js | Pointer | null"),
        other => returned(other),
    }
}

/// What the caller gets.
fn returned(kind: &Type) -> String {
    match kind {
        Type::Void => "void",
        Type::I32 | Type::U32 | Type::Double => "number",
        Type::I64 | Type::U64 | Type::Size => "Wide",
        Type::Text => "string | null",
        _ => "Pointer | null",
    }
    .to_owned()
}
