//! A tree as one file whose bytes depend on the tree alone, and the list of sums.

use crate::cargo;
use crate::files::{self, Tree};
use crate::layout::lay_out;
use crate::platform::Pack;
use crate::{Project, Result, Target};
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Seconds since 1970 that every file has, and every file that states a time within: the oldest that a zip file can state.
pub(crate) const TIME: u64 = 315_532_800;

/// Makes the archive of a target and, beside it, that of the debug files where there are any; gives their paths.
pub fn make(project: &Project, target: &Target, folder: &Path) -> Result<Vec<PathBuf>> {
    let built = cargo::build(project, target)?;
    let name = format!("mlab-{}-{}", project.version(), target.name());
    let tree = Tree::empty(&built.scratch.join("tree").join(&name))?;
    let linkage = lay_out(project, target, &built, &tree)?;
    let debug = Tree::empty(&built.scratch.join("debug-tree").join(&name))?;
    for (from, path) in &linkage.debug_files {
        debug.copy(from, path)?;
    }
    fs::create_dir_all(folder).map_err(|e| files::at(folder, &e))?;
    let pack = target.platform().pack();
    let mut made = vec![packed(tree.root(), &name, &folder.join(format!("{name}{}", pack.suffix())), pack)?];
    if !linkage.debug_files.is_empty() {
        made.push(packed(debug.root(), &name, &folder.join(format!("{name}-debug{}", pack.suffix())), pack)?);
    }
    write_sums(folder)?;
    Ok(made)
}

/// Every archive of the folder with its sum, as `sha256sum -c` reads it.
fn write_sums(folder: &Path) -> Result<()> {
    let mut list = String::new();
    for name in files::names(folder)? {
        if name.starts_with("mlab-") && (name.ends_with(".tar.gz") || name.ends_with(".zip")) {
            let path = folder.join(&name);
            let bytes = fs::read(&path).map_err(|e| files::at(&path, &e))?;
            for byte in Sha256::digest(&bytes) {
                let _ = write!(list, "{byte:02x}");
            }
            let _ = writeln!(list, "  {name}");
        }
    }
    Tree::at(folder).write("SHA256SUMS", list)
}

/// What stands at a path.
#[derive(Debug)]
enum Entry {
    File { executable: bool },
    Link(PathBuf),
}

fn packed(root: &Path, name: &str, path: &Path, pack: Pack) -> Result<PathBuf> {
    let mut entries = Vec::new();
    collect(root, name, &mut entries).map_err(|e| files::at(root, &e))?;
    let write = match pack {
        Pack::TarGz => write_tar,
        Pack::Zip => write_zip,
    };
    // Whole or not at all: a folder of archives is listed and handed out by its names.
    let part = path.with_extension("part");
    let done = File::create(&part).and_then(|file| write(file, root, name, &entries));
    done.and_then(|()| fs::rename(&part, path)).map_err(|e| files::at(path, &e))?;
    Ok(path.to_owned())
}

/// Files and links below a folder by their names in the archive, in order.
fn collect(folder: &Path, name: &str, entries: &mut Vec<(String, Entry)>) -> io::Result<()> {
    let mut found: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    found.sort_by_key(|entry| entry.file_name());
    for entry in found {
        let (path, kind) = (entry.path(), entry.file_type()?);
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            collect(&path, &name, entries)?;
        } else if kind.is_symlink() {
            entries.push((name, Entry::Link(fs::read_link(&path)?)));
        } else {
            entries.push((name, Entry::File { executable: is_executable(&path)? }));
        }
    }
    Ok(())
}

#[cfg(unix)]
fn is_executable(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Where an entry lies in the tree.
fn source(root: &Path, top: &str, name: &str) -> PathBuf {
    root.join(name.strip_prefix(top).unwrap_or(name).trim_start_matches('/'))
}

fn write_tar(file: File, root: &Path, top: &str, entries: &[(String, Entry)]) -> io::Result<()> {
    // Neither a time nor a system's number in the head of the gzip file.
    let gz = GzBuilder::new().mtime(0).operating_system(255).write(file, Compression::best());
    let mut tar = tar::Builder::new(gz);
    for (name, entry) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_mtime(TIME);
        header.set_uid(0);
        header.set_gid(0);
        match entry {
            Entry::File { executable } => {
                let bytes = fs::read(source(root, top, name))?;
                header.set_size(bytes.len() as u64);
                header.set_mode(if *executable { 0o755 } else { 0o644 });
                tar.append_data(&mut header, name, &bytes[..])?;
            }
            Entry::Link(to) => {
                header.set_entry_type(tar::EntryType::Symlink);
                header.set_size(0);
                header.set_mode(0o777);
                tar.append_link(&mut header, name, to)?;
            }
        }
    }
    tar.into_inner()?.finish()?.sync_all()
}

fn write_zip(file: File, root: &Path, top: &str, entries: &[(String, Entry)]) -> io::Result<()> {
    let mut zip = zip::ZipWriter::new(file);
    for (name, _) in entries {
        // The default time is the oldest, as in a tar file here.
        let options = zip::write::SimpleFileOptions::default()
            .last_modified_time(zip::DateTime::default())
            .compression_level(Some(9))
            .unix_permissions(0o644);
        zip.start_file(name, options)?;
        zip.write_all(&fs::read(source(root, top, name))?)?;
    }
    zip.finish()?.sync_all()
}
