//! Java: one interface in which every address is a long, by JNA for Java 8 and later, and by the foreign-function API for
//! Java 22 and later; and enumerations for those who use the binding.

use super::{MARK, each, list};
use crate::ctype::Type;
use crate::declarations::Constant;
use crate::header::{Enumeration, Function, Header};
use crate::names::{short_name, type_name};

/// One of the header's enumerations as an enum of its own, which a file of its own must hold.
pub(super) fn public_enumeration(header: &Header, name: &str) -> String {
    let e = header.enumerations.iter().find(|e| e.name == name).unwrap_or_else(|| panic!("no {name}"));
    let kind = type_name(e);
    let member = |c: &Constant| format!("    /** {} */\n    {}({}),\n", c.comment, short_name(e, c), c.value);
    let constants = each(&e.constants, member);
    format!(
        "// {MARK}\n\
         package mlab;\n\n\
         /** {name} of mlab.h. */\n\
         public enum {kind} {{\n{constants}    \
         /** One that this version does not know. */\n    UNKNOWN(Integer.MIN_VALUE);\n\n    \
         private static final {kind}[] ALL = values();\n\n    \
         private final int number;\n\n    \
         {kind}(int number) {{\n        this.number = number;\n    }}\n\n    \
         /** The number that C has for it. */\n    \
         public int number() {{\n        return number;\n    }}\n\n    \
         static {kind} of(int number) {{\n        for ({kind} one : ALL) {{\n            if (one.number == number) {{\n                \
         return one;\n            }}\n        }}\n        return UNKNOWN;\n    }}\n}}\n"
    )
}

pub(super) fn interface(header: &Header) -> String {
    let versions = each(&header.versions, |c| {
        let kind = if c.value.starts_with('"') { "String" } else { "int" };
        format!("    {kind} {} = {};\n", c.name, c.value)
    });
    let enumerations = each(&header.enumerations, enumeration);
    let functions = each(&header.functions, |f| format!("\n    {};\n", signature(f)));
    format!(
        "// {MARK}\n\
         package mlab.internal;\n\n\
         /**\n * The constants and functions of mlab.h. An address, size_t and uint64_t is a long; a callback is the address of a\n \
         * stub; an out parameter is the address of as many bytes as its type has.\n */\n\
         public interface Raw {{\n{versions}{enumerations}{functions}}}\n"
    )
}

fn enumeration(e: &Enumeration) -> String {
    let constants = each(&e.constants, |c| format!("    int {} = {};\n", c.name, c.value));
    format!("\n    // {}\n{constants}", e.name)
}

fn signature(f: &Function) -> String {
    let parameters = list(&f.parameters, ", ", |p| format!("{} {}", java(&p.kind), p.name));
    format!("{} {}({parameters})", java(&f.returns), f.name)
}

fn java(kind: &Type) -> &'static str {
    match kind {
        Type::Void => "void",
        Type::I32 | Type::U32 => "int",
        Type::Double => "double",
        _ => "long",
    }
}

pub(super) fn jna(header: &Header) -> String {
    let methods = each(&header.functions, |f| {
        let arguments = list(&f.parameters, ", ", |p| match p.kind {
            ref kind if kind.is_pointer() => format!("pointer({})", p.name),
            Type::Size => format!("new SizeT({})", p.name),
            _ => p.name.clone(),
        });
        let call = format!("Direct.{}({arguments})", f.name);
        let body = match &f.returns {
            Type::Void => format!("{call};"),
            kind if kind.is_pointer() => format!("return address({call});"),
            Type::Size => format!("return {call}.longValue();"),
            _ => format!("return {call};"),
        };
        format!("\n    @Override\n    public {} {{\n        {body}\n    }}\n", signature(f))
    });
    let natives = each(&header.functions, |f| {
        let parameters = list(&f.parameters, ", ", |p| format!("{} {}", jna_type(&p.kind), p.name));
        format!("\n        static native {} {}({parameters});\n", jna_type(&f.returns), f.name)
    });
    format!(
        "// {MARK}\n\
         package mlab.internal;\n\n\
         import com.sun.jna.IntegerType;\nimport com.sun.jna.Native;\nimport com.sun.jna.NativeLibrary;\nimport com.sun.jna.Pointer;\n\n\
         /** The functions of mlab.h by JNA's direct mapping. */\n\
         public final class JnaRaw implements Raw {{\n    \
         /** Binds the functions of a loaded library; the last one counts. */\n    \
         public JnaRaw(NativeLibrary library) {{\n        Native.register(Direct.class, library);\n    }}\n\n    \
         /** size_t: as wide as a pointer, which NativeLong is not on 64-bit Windows. */\n    \
         public static final class SizeT extends IntegerType {{\n        private static final long serialVersionUID = 1L;\n\n        \
         public SizeT() {{\n            this(0);\n        }}\n\n        \
         public SizeT(long value) {{\n            super(Native.SIZE_T_SIZE, value, true);\n        }}\n    }}\n\n    \
         private static Pointer pointer(long address) {{\n        return address == 0 ? null : new Pointer(address);\n    }}\n\n    \
         private static long address(Pointer pointer) {{\n        return Pointer.nativeValue(pointer);\n    }}\n\
         {methods}\n    private static final class Direct {{{natives}    }}\n}}\n"
    )
}

fn jna_type(kind: &Type) -> &'static str {
    match kind {
        Type::Size => "SizeT",
        kind if kind.is_pointer() => "Pointer",
        kind => java(kind),
    }
}

pub(super) fn foreign(header: &Header) -> String {
    let methods = each(&header.functions, |f| {
        let arguments = list(&f.parameters, ", ", |p| p.name.clone());
        let call = format!("{}.invokeExact({arguments})", f.name);
        let body = match &f.returns {
            Type::Void => format!("{call};"),
            kind => format!("return ({}) {call};", java(kind)),
        };
        format!(
            "\n    @Override\n    public {} {{\n        try {{\n            {body}\n        }} catch (Throwable e) {{\n            throw unexpected(e);\n        }}\n    }}\n",
            signature(f)
        )
    });
    let handles = each(&header.functions, |f| {
        let kinds = list(&f.parameters, ", ", |p| layout(&p.kind).to_owned());
        let descriptor = match &f.returns {
            Type::Void => format!("FunctionDescriptor.ofVoid({kinds})"),
            kind if kinds.is_empty() => format!("FunctionDescriptor.of({})", layout(kind)),
            kind => format!("FunctionDescriptor.of({}, {kinds})", layout(kind)),
        };
        format!("    private static final MethodHandle {0} = handle(\"{0}\", {descriptor});\n", f.name)
    });
    format!(
        "// {MARK}\n\
         package mlab.internal;\n\n\
         import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;\n\
         import static java.lang.foreign.ValueLayout.JAVA_INT;\n\
         import static java.lang.foreign.ValueLayout.JAVA_LONG;\n\n\
         import java.lang.foreign.FunctionDescriptor;\n\
         import java.lang.foreign.Linker;\n\
         import java.lang.invoke.MethodHandle;\n\n\
         /**\n * The functions of mlab.h by the foreign-function API, which exists on 64-bit platforms alone: an address and size_t\n \
         * are passed as the long that they are there. Not public, since a jar refuses what older releases lack.\n */\n\
         final class ForeignRaw implements Raw {{\n    \
         // Constants, which the compiler at run time sees through.\n\
         {handles}\n    \
         private static MethodHandle handle(String name, FunctionDescriptor descriptor) {{\n        \
         return Linker.nativeLinker().downcallHandle(ForeignBridge.find(name), descriptor);\n    }}\n\n    \
         private static Error unexpected(Throwable e) {{\n        return e instanceof Error ? (Error) e : new AssertionError(e);\n    }}\n\
         {methods}}}\n"
    )
}

fn layout(kind: &Type) -> &'static str {
    match java(kind) {
        "int" => "JAVA_INT",
        "double" => "JAVA_DOUBLE",
        _ => "JAVA_LONG",
    }
}
