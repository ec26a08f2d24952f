//! Writes the raw layer of every binding from `include/mlab.h`, where it differs.

use mlab_bindings::declarations::root;
use mlab_bindings::header::Header;
use mlab_bindings::write::layers;
use std::fs;
use std::io::{self, Write};

fn main() -> io::Result<()> {
    for layer in layers(&Header::committed()) {
        let path = root().join(layer.path);
        if fs::read_to_string(&path).ok().as_deref() == Some(&layer.text) {
            continue;
        }
        fs::create_dir_all(path.parent().expect("a folder in the repository"))?;
        fs::write(&path, &layer.text)?;
        writeln!(io::stdout(), "wrote {}", layer.path)?;
    }
    Ok(())
}
