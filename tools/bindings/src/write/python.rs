//! ctypes: one table of functions, and the constants as IntEnums.

use super::{MARK, each, list};
use crate::ctype::Type;
use crate::declarations::Constant;
use crate::header::{Callback, Enumeration, Function, Header};
use crate::names::{short_name, type_name};

pub(super) fn raw(header: &Header) -> String {
    let versions = each(&header.versions, |c| format!("{} = {}\n", c.name, c.value));
    let enumerations = each(&header.enumerations, enumeration);
    let callbacks = each(&header.callbacks, callback);
    let functions = each(&header.functions, function);
    format!(
        "# {MARK}\n\
         \"\"\"The constants of mlab.h, and its functions as ctypes has to know them.\"\"\"\n\
         \n\
         from ctypes import (\n    CFUNCTYPE,\n    POINTER,\n    c_char,\n    c_char_p,\n    c_double,\n    c_int32,\n    c_int64,\n    \
         c_size_t,\n    c_uint32,\n    c_uint64,\n    c_void_p,\n)\n\
         from enum import IntEnum\n\
         from typing import Any\n\
         \n{versions}\n{enumerations}\n{callbacks}\n\
         # Each function: what it returns, then its parameters.\n\
         FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {{\n{functions}}}\n"
    )
}

fn enumeration(e: &Enumeration) -> String {
    let member =
        |c: &Constant| format!("\n    {} = {}\n    \"\"\"{}\"\"\"\n", short_name(e, c), c.value, c.comment);
    format!("\nclass {}(IntEnum):{}\n", type_name(e), each(&e.constants, member))
}

fn callback(c: &Callback) -> String {
    let parameters = list(&c.parameters, ", ", |p| ctype(&p.kind));
    format!("{} = CFUNCTYPE({}, {parameters})\n", c.name, ctype(&c.returns))
}

fn function(f: &Function) -> String {
    let returns = match f.returns {
        // Sliced by the length: c_char_p would end at the first NUL.
        Type::Bytes => "POINTER(c_char)".to_owned(),
        ref other => ctype(other),
    };
    let parameters = each(&f.parameters, |p| format!("{}, ", ctype(&p.kind)));
    format!("    \"{}\": ({returns}, ({})),\n", f.name, parameters.trim_end())
}

fn ctype(kind: &Type) -> String {
    match kind {
        Type::Void => "None",
        Type::I32 => "c_int32",
        Type::I64 => "c_int64",
        Type::U32 => "c_uint32",
        Type::U64 => "c_uint64",
        Type::Size => "c_size_t",
        Type::Double => "c_double",
        // A bytes object is passed as it is, with the NULs in it.
        Type::Text | Type::Bytes => "c_char_p",
        Type::Texts => "POINTER(c_char_p)",
        // It takes what byref() gives as it is, where POINTER() looks at it for as long as the call takes.
        Type::OutObject(_) | Type::OutSize | Type::OutU64 => "c_void_p",
        Type::Any | Type::Object(_) => "c_void_p",
        Type::Callback(name) => name,
    }
    .to_owned()
}
