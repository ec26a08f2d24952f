//! What crosses the ABI. There is nothing else in it: no layout, no enumeration, no `long`.
//!
//! Knows no language.

/// The type of a parameter or of what a function returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Nothing; only returned.
    Void,
    /// `int32_t`.
    I32,
    /// `int64_t`.
    I64,
    /// `uint32_t`.
    U32,
    /// `uint64_t`.
    U64,
    /// `size_t`, as wide as a pointer.
    Size,
    /// `double`.
    Double,
    /// `const char *`: UTF-8 with a NUL at its end.
    Text,
    /// `const char *const *`: texts with a NULL behind the last.
    Texts,
    /// `const void *`, `const uint8_t *`, or a `const char *` whose length comes beside it: bytes, which may hold NULs.
    Bytes,
    /// `void *`: the caller's own, or a handle of the system.
    Any,
    /// `mlab_result *`, or the same to something const.
    Object(String),
    /// `mlab_result **`: receives an object.
    OutObject(String),
    /// `size_t *`: receives a length or a number.
    OutSize,
    /// `uint64_t *`: receives a number.
    OutU64,
    /// A function of the caller's, by the name of its type.
    Callback(String),
}

impl Type {
    /// Reads a type without the name of its parameter. Panics where the header has a new kind of type: every writer has to
    /// learn it.
    pub fn read(text: &str) -> Type {
        match text {
            "void" => Type::Void,
            "int32_t" => Type::I32,
            "int64_t" => Type::I64,
            "uint32_t" => Type::U32,
            "uint64_t" => Type::U64,
            "size_t" => Type::Size,
            "double" => Type::Double,
            "const char *" => Type::Text,
            "const char *const *" => Type::Texts,
            "const void *" | "const uint8_t *" => Type::Bytes,
            "void *" => Type::Any,
            "size_t *" => Type::OutSize,
            "uint64_t *" => Type::OutU64,
            _ => Type::of_ours(text).unwrap_or_else(|| panic!("a type that is not known: {text:?}")),
        }
    }

    fn of_ours(text: &str) -> Option<Type> {
        let text = text.strip_prefix("const ").unwrap_or(text);
        let text = text.strip_prefix("struct ").unwrap_or(text);
        let name: String = text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
        let is_ours = name.starts_with("mlab_");
        match &text[name.len()..] {
            " *" if is_ours => Some(Type::Object(name)),
            " **" if is_ours => Some(Type::OutObject(name)),
            "" if is_ours && name.ends_with("_fn") => Some(Type::Callback(name)),
            _ => None,
        }
    }

    /// Whether it is an address.
    pub fn is_pointer(&self) -> bool {
        use Type::{Double, I32, I64, Size, U32, U64, Void};
        !matches!(self, Void | I32 | I64 | U32 | U64 | Size | Double)
    }
}
