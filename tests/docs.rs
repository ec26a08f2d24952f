//! The pages that people read, against what they speak of: files, the header, the compiler, the code that cites them.

#[path = "docs/citations.rs"]
mod citations;
#[path = "docs/design.rs"]
mod design;
#[path = "docs/links.rs"]
mod links;
#[path = "docs/manifests.rs"]
mod manifests;
#[path = "docs/names.rs"]
mod names;
#[path = "docs/pages.rs"]
mod pages;
#[path = "docs/paths.rs"]
mod paths;
#[path = "docs/programs.rs"]
mod programs;
