//! PHP: the declarations as they are, under the two directives that FFI::load reads, for preloading. It sees them at the
//! very start alone, so that the mark comes third.

use super::{MARK, each};
use crate::ctype::Type;
use crate::header::Header;

pub(super) fn raw(header: &Header) -> String {
    let abi = header.versions.iter().find(|c| c.name == "MLAB_ABI_VERSION").expect("the number of the ABI");
    // PHP reads no other macro than these: versions become enumerators.
    let numbers: Vec<_> = header.versions.iter().filter(|c| !c.value.starts_with('"')).cloned().collect();
    let versions = each(&numbers, |c| format!("    {} = {},\n", c.name, c.value));
    // What FFI takes for text it turns into a string of PHP by itself, which would end at the first NUL of these bytes.
    let returned = header.functions.iter().filter(|f| matches!(f.returns, Type::Bytes));
    let declarations = returned.fold(header.declarations.clone(), |text, f| {
        text.replace(&format!("const char *{}(", f.name), &format!("const void *{}(", f.name))
    });
    // And what goes in it takes from a string as it is, without a copy, where FFI sees text.
    let passed = header.functions.iter().flat_map(|f| &f.parameters).filter(|p| p.kind == Type::Bytes);
    let declarations = passed.fold(declarations, |text, p| {
        text.replace(&format!("const void *{},", p.name), &format!("const char *{},", p.name))
    });
    format!(
        "#define FFI_SCOPE \"MLAB\"\n\
         #define FFI_LIB \"libmlab.so.{}\"\n\
         /* {MARK} */\n\
         typedef enum mlab_versions {{\n{versions}}} mlab_versions;\n{declarations}",
        abi.value
    )
}
