//! Writes the raw layer of every binding from the header that it is of, where it differs.

use mlab_bindings::declarations::root;
use mlab_bindings::header::Header;
use mlab_bindings::write::{layers, layers_of_the_decoder};
use std::fs;
use std::io::{self, Write};

fn main() -> io::Result<()> {
    let decoder = layers_of_the_decoder(&Header::of_the_decoder());
    for layer in layers(&Header::committed()).into_iter().chain(decoder) {
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
