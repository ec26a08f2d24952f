//! Lays libmlab out as a C library is expected to lie, for one target: installed on this machine, or as an archive.
//!
//! One way for all: cargo builds, a file a platform puts the libraries where its users look for them, and what is the same
//! everywhere (headers, pkg-config, CMake, documents) comes beside. An archive is that tree with fixed times and owners,
//! so its bytes depend on the sources and the compiler alone.

mod archive;
mod cargo;
mod documents;
mod files;
mod layout;
mod parts;
mod platform;
mod program;
mod project;
mod sbom;
mod target;
mod templates;
mod tools;

pub use archive::make as make_archive;
pub use layout::install;
pub use project::Project;
pub use target::Target;

/// What went wrong, as a sentence for whoever runs this, with what to do where that is known.
pub type Result<T> = std::result::Result<T, String>;
