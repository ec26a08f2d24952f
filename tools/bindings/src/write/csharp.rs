//! C#: DllImports that need no marshalling, so that CoreCLR, Mono, IL2CPP and NativeAOT take them alike.

use super::{MARK, each, list};
use crate::ctype::Type;
use crate::declarations::Constant;
use crate::header::{Callback, Enumeration, Function, Header};
use crate::names::{camel, short_name, type_name};

/// One header, as a class.
struct Names<'a> {
    /// The first line of the file.
    mark: &'a str,
    class: &'a str,
    header: &'a str,
    library: &'a str,
}

pub(super) fn raw(header: &Header) -> String {
    let names = Names { mark: MARK, class: "MlabNative", header: "mlab.h", library: "mlab" };
    class(header, &names)
}

pub(super) fn decoder(header: &Header) -> String {
    let names = Names {
        mark: &MARK.replace("include/mlab.h", "decode/include/mlab_decode.h"),
        class: "MlabDecodeNative",
        header: "mlab_decode.h",
        library: "mlab_decode",
    };
    class(header, &names)
}

fn class(header: &Header, names: &Names<'_>) -> String {
    let versions = each(&header.versions, |c| {
        let kind = if c.value.starts_with('"') { "string" } else { "int" };
        format!("        internal const {kind} {} = {};\n", c.name, c.value)
    });
    let enumerations = each(&header.enumerations, |e| enumeration(e, names));
    let mut callbacks = each(&header.callbacks, callback);
    if !callbacks.is_empty() {
        callbacks.insert(0, '\n');
    }
    let functions = each(&header.functions, function);
    let Names { mark, class, header, library } = names;
    format!(
        "// {mark}\n\
         using System;\nusing System.Runtime.InteropServices;\n\n\
         namespace Mlab\n{{\n{enumerations}    \
         /// <summary>The functions of {header}. Nothing but blittable types crosses; strings are addresses of UTF-8.</summary>\n    \
         internal static class {class}\n    {{\n\
         #if UNITY_IOS && !UNITY_EDITOR\n        internal const string Library = \"__Internal\";\n\
         #else\n        internal const string Library = \"{library}\";\n#endif\n\n{versions}{callbacks}\n{functions}    }}\n}}\n"
    )
}

fn enumeration(e: &Enumeration, names: &Names<'_>) -> String {
    let member = |c: &Constant| {
        let name = camel(&short_name(e, c).to_lowercase());
        format!("        /// <summary>{}</summary>\n        {name} = {},\n", c.comment, c.value)
    };
    format!(
        "    /// <summary>{} of {}. Later versions may have more.</summary>\n    public enum {}\n    {{\n{}    }}\n\n",
        e.name,
        names.header,
        type_name(e),
        each(&e.constants, member)
    )
}

fn callback(c: &Callback) -> String {
    let parameters = list(&c.parameters, ", ", |p| format!("{} {}", ctype(&p.kind), escaped(&p.name)));
    format!(
        "        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]\n        internal delegate {} {}({parameters});\n",
        ctype(&c.returns),
        c.name
    )
}

fn function(f: &Function) -> String {
    let parameters = list(&f.parameters, ", ", |p| format!("{} {}", ctype(&p.kind), escaped(&p.name)));
    format!(
        "        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]\n        internal static extern {} {}({parameters});\n",
        ctype(&f.returns),
        f.name
    )
}

/// Words that C# keeps for itself.
fn escaped(name: &str) -> String {
    if ["out", "event", "params"].contains(&name) { format!("@{name}") } else { name.to_owned() }
}

fn ctype(kind: &Type) -> &'static str {
    match kind {
        Type::Void => "void",
        Type::I32 => "int",
        Type::I64 => "long",
        Type::U32 => "uint",
        Type::U64 => "ulong",
        Type::Size => "UIntPtr",
        Type::Double => "double",
        Type::OutObject(_) => "out IntPtr",
        Type::OutSize => "out UIntPtr",
        Type::OutU64 => "out ulong",
        _ => "IntPtr",
    }
}
