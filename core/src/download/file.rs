//! An image on its way into a file: whole at its target, or not there at all.
//!
//! It is written beside its target under a name of its own, put on the disk, and renamed over the target in one step. A
//! link at the target is replaced and not followed, so that nothing is written where somebody else pointed it. Nothing
//! else that is no regular file is replaced: a rename would take the place of a device as readily as of a file. The file
//! gets the permissions that any file gets that the program makes (0666 less the umask).
//!
//! Every function here may block for as long as the file system likes.

use super::commit_gate::CommitGate;
use super::rename;
use crate::error::{Error, system_words};
use crate::process::fresh_seed;
use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// See the module's text. Dropped before its end, it leaves nothing.
#[derive(Debug)]
pub(super) struct Part {
    /// Closed before it is renamed or removed, which some platforms ask for: it stands before its name.
    file: File,
    name: PartName,
    /// The target or its folder, as the caller named it: for messages.
    shown: String,
    gate: CommitGate,
}

impl Part {
    /// Begins a file that will stand in this folder. Fails here, before anything is fetched, where it could not.
    pub(super) fn begin(folder: &Path, shown: &str, gate: &CommitGate) -> Result<Part, Error> {
        // One name of 2^64: nobody has it by chance, and one that somebody has is an error like any other.
        let path = folder.join(format!(".mlab-{:016x}.part", fresh_seed()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => Ok(Part { file, name: PartName(path), shown: shown.to_owned(), gate: gate.clone() }),
            Err(e) => Err(Error::File { path: shown.to_owned(), reason: reason_of(&e, folder) }),
        }
    }

    /// Begins the file of one target, which must be a place for a file.
    pub(super) fn begin_for(target: &str, gate: &CommitGate) -> Result<Part, Error> {
        let folder = folder_of(target)?;
        Part::begin(&folder, target, gate)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.with_file(|file| file.write_all(bytes))
    }

    pub(super) fn restart(&mut self) -> Result<(), Error> {
        self.with_file(|file| {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0)).map(drop)
        })
    }

    /// Puts the bytes on the disk and the file in its place, unless it was abandoned meanwhile.
    pub(super) fn finish(mut self, target: &Path) -> Result<(), Error> {
        self.with_file(|file| file.sync_all())?;
        let Part { file, mut name, gate, .. } = self;
        drop(file);
        check_place(target)?;
        if !gate.commit() {
            return Err(Error::Cancelled);
        }
        // Here it is the file that is in the way, not the folder.
        rename::into_place(&name.0, target).map_err(|e| Error::File {
            path: target.to_string_lossy().into_owned(),
            reason: reason_of(&e, target.parent().unwrap_or(target)),
        })?;
        // There is nothing left to remove.
        name.0 = PathBuf::new();
        sync_folder(target);
        Ok(())
    }

    fn with_file<R>(&mut self, act: impl FnOnce(&mut File) -> io::Result<R>) -> Result<R, Error> {
        if self.gate.is_abandoned() {
            return Err(Error::Cancelled);
        }
        act(&mut self.file).map_err(|e| {
            let path = &self.name.0;
            Error::File { path: self.shown.clone(), reason: reason_of(&e, path.parent().unwrap_or(path)) }
        })
    }
}

/// The file of this name is removed with it; none, once the file stands in its place.
#[derive(Debug)]
struct PartName(PathBuf);

impl Drop for PartName {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.0);
        }
    }
}

/// Fails where something stands that a file must not take the place of.
fn check_place(target: &Path) -> Result<(), Error> {
    // What cannot be asked for is not there, or is told by the next call in the system's words.
    let Ok(data) = fs::symlink_metadata(target) else { return Ok(()) };
    let kind = data.file_type();
    if kind.is_file() || (kind.is_symlink() && !target.is_dir()) {
        return Ok(());
    }
    let reason = format!("it is a {}, which no file may replace; name another file", name_of(kind));
    Err(Error::File { path: target.to_string_lossy().into_owned(), reason })
}

#[cfg(unix)]
fn name_of(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "pipe"
    } else if kind.is_socket() {
        "socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "device"
    } else {
        "folder"
    }
}

#[cfg(not(unix))]
fn name_of(_: FileType) -> &'static str {
    "folder"
}

/// The folder that a target stands in.
fn folder_of(target: &str) -> Result<PathBuf, Error> {
    let path = Path::new(target);
    if target.ends_with(std::path::is_separator) || path.file_name().is_none() {
        let reason = "it is a folder; name a file in it".to_owned();
        return Err(Error::File { path: target.to_owned(), reason });
    }
    check_place(path)?;
    Ok(parent(path).to_owned())
}

/// The folder that a path's last part stands in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a folder is there to put files into, and one may.
pub(super) fn check_folder(folder: &str) -> Result<(), Error> {
    let fail = |reason: String| Error::File { path: folder.to_owned(), reason };
    match fs::metadata(folder) {
        Ok(data) if data.is_dir() => Part::begin(Path::new(folder), folder, &CommitGate::default()).map(drop),
        Ok(_) => Err(fail("it is no folder; name one".into())),
        Err(e) => Err(fail(reason_of(&e, Path::new(folder)))),
    }
}

/// The same for the folder of a target.
pub(super) fn check_target(target: &str) -> Result<(), Error> {
    Part::begin_for(target, &CommitGate::default()).map(drop)
}

/// The new name is on the disk only when the folder is. Where a folder cannot be synced, the system does it in its time.
fn sync_folder(target: &Path) {
    let _ = cfg!(unix).then(|| File::open(parent(target)).and_then(|folder| folder.sync_all()));
}

/// The system's words, and what to do where that is plain. A file system that takes no files says the same of its folders as
/// of those that are missing.
fn reason_of(e: &io::Error, folder: &Path) -> String {
    let words = system_words(e);
    let is_missing = || !folder.as_os_str().is_empty() && matches!(folder.try_exists(), Ok(false));
    match e.kind() {
        ErrorKind::NotFound if is_missing() => format!("{words}; make the folder first"),
        _ => words,
    }
}
