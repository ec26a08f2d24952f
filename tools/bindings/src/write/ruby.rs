//! Ruby's ffi: attach_function for each function, which may block without the interpreter's lock where it says so.

use super::{BLOCKING, MARK, each, list};
use crate::ctype::Type;
use crate::header::{Callback, Enumeration, Function, Header};

pub(super) fn raw(header: &Header) -> String {
    let versions = each(&header.versions, |c| format!("    {} = {}\n", &c.name["MLAB_".len()..], c.value));
    let enumerations = each(&header.enumerations, enumeration);
    let callbacks = each(&header.callbacks, callback);
    let functions = each(&header.functions, function);
    format!(
        "# {MARK}\n\
         # frozen_string_literal: true\n\n\
         require \"ffi\"\n\n\
         module Mlab\n  \
         # The constants of mlab.h without their prefix, and its functions: load the library before you attach them.\n  \
         module Raw\n    extend FFI::Library\n\n{versions}\n{enumerations}\n\
         \x20   def self.attach(*libraries)\n      ffi_lib(*libraries)\n{callbacks}{functions}    end\n  end\nend\n"
    )
}

fn enumeration(e: &Enumeration) -> String {
    each(&e.constants, |c| format!("    {} = {}\n", &c.name["MLAB_".len()..], c.value))
}

fn callback(c: &Callback) -> String {
    let parameters = list(&c.parameters, ", ", |p| ctype(&p.kind));
    format!("      callback :{}, [{parameters}], {}\n", c.name, ctype(&c.returns))
}

fn function(f: &Function) -> String {
    let parameters = list(&f.parameters, ", ", |p| ctype(&p.kind));
    let blocking = if BLOCKING.contains(&f.name.as_str()) { ", blocking: true" } else { "" };
    format!("      attach_function :{}, [{parameters}], {}{blocking}\n", f.name, ctype(&f.returns))
}

fn ctype(kind: &Type) -> String {
    match kind {
        Type::Void => ":void",
        Type::I32 => ":int32",
        Type::I64 => ":int64",
        Type::U32 => ":uint32",
        Type::U64 => ":uint64",
        Type::Size => ":size_t",
        Type::Double => ":double",
        Type::Text => ":string",
        Type::Callback(name) => return format!(":{name}"),
        _ => ":pointer",
    }
    .to_owned()
}
