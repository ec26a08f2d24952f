//! What the C# of the package imports, against the lists of symbols and the headers.

use crate::programs::sources;
use mlab_bindings::ctype::Type;
use mlab_bindings::header::{Function, Header};
use std::fs;
use std::path::Path;

/// A DllImport as it stands.
struct Import {
    returns: String,
    name: String,
    /// The types alone.
    parameters: Vec<String>,
}

/// Every import of the package.
fn imports() -> Vec<Import> {
    let mut found = Vec::new();
    for file in sources("engines/unity") {
        let text = fs::read_to_string(&file).expect("a source");
        for after in text.split("[DllImport(").skip(1) {
            let (attribute, declaration) = after.split_once(")]").expect("the end of an attribute");
            assert_eq!(
                attribute,
                "Library, CallingConvention = CallingConvention.Cdecl",
                "{}",
                file.display()
            );
            let declaration = declaration.split_once(");").expect("the end of a declaration").0.trim();
            let declaration = declaration.strip_prefix("internal static extern ").expect("an import");
            let (head, parameters) = declaration.split_once('(').expect("parameters");
            let (returns, name) = head.split_once(' ').expect("a type and a name");
            let types = parameters.split(", ").filter(|parameter| !parameter.is_empty());
            found.push(Import {
                returns: returns.to_owned(),
                name: name.to_owned(),
                parameters: types.map(|p| p.rsplit_once(' ').expect("a type").0.to_owned()).collect(),
            });
        }
    }
    found
}

/// What a type of C# is in a call of C: nothing but what needs no marshalling.
fn in_csharp(kind: &str) -> &'static str {
    match kind {
        "void" => "nothing",
        "int" => "signed 32",
        "uint" => "unsigned 32",
        "long" => "signed 64",
        "ulong" => "unsigned 64",
        "double" => "floating 64",
        "UIntPtr" => "size",
        "IntPtr" => "address",
        "out IntPtr" => "address of an address",
        "out UIntPtr" => "address of a size",
        "out ulong" => "address of an unsigned 64",
        _ => panic!("{kind} has to be marshalled, or is not known"),
    }
}

fn in_c(kind: &Type) -> &'static str {
    match kind {
        Type::Void => "nothing",
        Type::I32 => "signed 32",
        Type::U32 => "unsigned 32",
        Type::I64 => "signed 64",
        Type::U64 => "unsigned 64",
        Type::Double => "floating 64",
        Type::Size => "size",
        Type::Text | Type::Texts | Type::Bytes | Type::Any | Type::Object(_) | Type::Callback(_) => "address",
        Type::OutObject(_) => "address of an address",
        Type::OutSize => "address of a size",
        Type::OutU64 => "address of an unsigned 64",
    }
}

#[test]
fn every_import_is_a_symbol_of_a_library_and_every_symbol_is_imported() {
    let list = |path: &str| {
        let text =
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a list of symbols");
        let names =
            text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(' ').next());
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut symbols = [list("tests/abi/symbols.txt"), list("decode/tests/symbols.txt")].concat();
    let mut imported: Vec<String> = imports().into_iter().map(|import| import.name).collect();
    symbols.sort();
    imported.sort();
    assert_eq!(imported, symbols);
}

#[test]
fn every_import_has_the_widths_of_its_header() {
    let functions = [Header::committed().functions, Header::of_the_decoder().functions].concat();
    for import in imports() {
        let declared = |function: &&Function| function.name == import.name;
        let function =
            functions.iter().find(declared).unwrap_or_else(|| panic!("{}: in no header", import.name));
        let theirs: Vec<&str> = function.parameters.iter().map(|parameter| in_c(&parameter.kind)).collect();
        let ours: Vec<&str> = import.parameters.iter().map(|kind| in_csharp(kind)).collect();
        assert_eq!((in_csharp(&import.returns), ours), (in_c(&function.returns), theirs), "{}", import.name);
    }
}
