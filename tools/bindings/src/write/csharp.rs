//! C#: DllImports that need no marshalling, so that CoreCLR, Mono, IL2CPP and NativeAOT take them alike.

use super::{MARK, each, list};
use crate::ctype::Type;
use crate::declarations::Constant;
use crate::header::{Callback, Enumeration, Function, Header};
use crate::names::{camel, short_name, text, type_name};

pub(super) fn raw(header: &Header) -> String {
    let versions = each(&header.versions, |c| {
        let kind = if c.value.starts_with('"') { "string" } else { "int" };
        format!("        internal const {kind} {} = {};\n", c.name, c.value)
    });
    let enumerations = each(&header.enumerations, enumeration);
    let callbacks = each(&header.callbacks, callback);
    let functions = each(&header.functions, function);
    format!(
        "// {MARK}\n\
         using System;\nusing System.Runtime.InteropServices;\n\n\
         namespace Mlab\n{{\n{enumerations}    \
         /// <summary>The functions of mlab.h. Nothing but blittable types crosses; strings are addresses of UTF-8.</summary>\n    \
         internal static class MlabNative\n    {{\n\
         #if UNITY_IOS && !UNITY_EDITOR\n        internal const string Library = \"__Internal\";\n\
         #else\n        internal const string Library = \"mlab\";\n#endif\n\n{versions}\n{callbacks}\n{functions}    }}\n}}\n"
    )
}

fn enumeration(e: &Enumeration) -> String {
    let member = |c: &Constant| {
        let name = camel(&short_name(e, c).to_lowercase());
        format!("        /// <summary>{}</summary>\n        {name} = {},\n", text(c), c.value)
    };
    format!(
        "    /// <summary>{} of mlab.h. Later versions may have more.</summary>\n    public enum {}\n    {{\n{}    }}\n\n",
        e.name,
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
