//! Files of a tree that is being laid out. Every error names the path.

use crate::Result;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A folder that files are put into by their path below it, written with `/`.
///
/// What is installed is for everybody: files and the folders made for them have the modes that such have, whatever those of
/// the sources and the umask of whoever runs this.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    libraries: String,
}

impl Tree {
    /// A tree that may hold other files already.
    pub(crate) fn at(root: &Path) -> Tree {
        Tree { root: root.to_owned(), libraries: "lib".to_owned() }
    }

    /// The tree with its libraries in another folder than `lib`.
    pub(crate) fn with_libraries_in(self, libraries: &str) -> Tree {
        Tree { libraries: libraries.to_owned(), ..self }
    }

    /// A tree with nothing in it.
    pub(crate) fn empty(root: &Path) -> Result<Tree> {
        if root.exists() {
            fs::remove_dir_all(root).map_err(|e| at(root, &e))?;
        }
        Ok(Tree::at(root))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of the libraries, by its path below the root.
    pub(crate) fn libraries(&self) -> &str {
        &self.libraries
    }

    /// The path of a file that lies there.
    pub(crate) fn library(&self, name: &str) -> String {
        format!("{}/{name}", self.libraries)
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> Result<()> {
        let path = self.room_for(path)?;
        fs::write(&path, bytes).and_then(|()| modes::of_file(&path)).map_err(|e| at(&path, &e))
    }

    pub(crate) fn copy(&self, from: &Path, path: &str) -> Result<()> {
        let path = self.room_for(path)?;
        let copied = fs::copy(from, &path).and_then(|_| modes::of_file(&path));
        copied.map_err(|e| format!("{} to {}: {e}", from.display(), path.display()))
    }

    /// A link to a file of the same folder.
    #[cfg(unix)]
    pub(crate) fn link(&self, name: &str, path: &str) -> Result<()> {
        let path = self.room_for(path)?;
        std::os::unix::fs::symlink(name, &path).map_err(|e| at(&path, &e))
    }

    /// Where links need a right of their own, a copy does.
    #[cfg(not(unix))]
    pub(crate) fn link(&self, name: &str, path: &str) -> Result<()> {
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        self.copy(&self.root.join(folder).join(name), path)
    }

    /// Makes the folder and removes what is there: a program that runs keeps the file that it has.
    fn room_for(&self, path: &str) -> Result<PathBuf> {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            make_folder(folder).map_err(|e| at(folder, &e))?;
        }
        removed(&path)?;
        Ok(path)
    }

    /// Removes a file, if it is there.
    pub(crate) fn remove(&self, path: &str) -> Result<()> {
        removed(&self.root.join(path))
    }
}

/// Makes a folder, and those above it that are missing.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        make_folder(above)?;
    }
    match fs::create_dir(folder) {
        Err(_) if folder.is_dir() => Ok(()),
        made => made.and_then(|()| modes::of_folder(folder)),
    }
}

#[cfg(unix)]
mod modes {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::io;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    /// Read by everybody; run by everybody if by its owner.
    pub(super) fn of_file(path: &Path) -> io::Result<()> {
        let runs = metadata(path)?.permissions().mode() & 0o100 != 0;
        set_permissions(path, Permissions::from_mode(if runs { 0o755 } else { 0o644 }))
    }

    pub(super) fn of_folder(path: &Path) -> io::Result<()> {
        set_permissions(path, Permissions::from_mode(0o755))
    }
}

/// Where a file has what its folder says.
#[cfg(not(unix))]
mod modes {
    use std::io;
    use std::path::Path;

    pub(super) fn of_file(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn of_folder(_: &Path) -> io::Result<()> {
        Ok(())
    }
}

fn removed(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(at(path, &e)),
        _ => Ok(()),
    }
}

pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|e| at(path, &e))
}

/// Makes a folder and waits until nobody else holds it: whoever has the file does, until it is dropped.
pub(crate) fn locked(folder: &Path) -> Result<File> {
    let path = folder.join(".lock");
    let file = fs::create_dir_all(folder).and_then(|()| File::create(&path));
    file.and_then(|file| file.lock().map(|()| file)).map_err(|e| at(&path, &e))
}

/// The names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|e| at(folder, &e))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(|e| at(folder, &e))?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

pub(crate) fn at(path: &Path, e: &io::Error) -> String {
    format!("{}: {e}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::TryLockError;

    #[test]
    fn a_folder_is_held_by_one_at_a_time() {
        let folder = std::env::temp_dir().join(format!("mlab-held-{}", std::process::id()));
        let held = locked(&folder).expect("nobody else knows it");
        let other = File::open(folder.join(".lock")).expect("a file");
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop(held);
        assert!(other.try_lock().is_ok());
        fs::remove_dir_all(&folder).expect("removed");
    }
}
