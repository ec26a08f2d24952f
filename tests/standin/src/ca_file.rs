//! The root certificate as a file, for clients that want a path.
//!
//! Knows nothing of what the file holds.

use crate::images::hash;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// A folder of its own in the temporary folder with one file; both go when this does.
pub(crate) struct CaFile {
    folder: PathBuf,
    path: PathBuf,
}

impl CaFile {
    pub(crate) fn write(pem: &str) -> io::Result<CaFile> {
        // The name comes from the certificate, which comes from a random key: nobody can have made it before. Should
        // it exist nevertheless, creating it fails.
        let folder = std::env::temp_dir().join(format!("mlab-standin-{:016x}", hash(pem.as_bytes())));
        private_folder().create(&folder)?;
        let file = CaFile { path: folder.join("ca.pem"), folder };
        fs::write(&file.path, pem)?;
        Ok(file)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// A folder that only its owner may look into.
fn private_folder() -> DirBuilder {
    #[allow(unused_mut, reason = "elsewhere a temporary folder is its owner's anyway")]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

impl Drop for CaFile {
    fn drop(&mut self) {
        // The temporary folder may be emptied by others; what is gone need not be removed.
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_dir(&self.folder);
    }
}
