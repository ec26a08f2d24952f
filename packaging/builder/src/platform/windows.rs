//! Windows by MinGW: a DLL that programs of either compiler use.

use super::{Linkage, Linker, Pack, Platform, elf, runtime, windows_archive};
use crate::cargo::{Built, linker_variable};
use crate::files::Tree;
use crate::parts::Part;
use crate::tools::Tool;
use crate::{Project, Result, Target};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(crate) struct MinGw;

impl Platform for MinGw {
    fn linker(&self, target: &Target) -> Linker {
        Linker::Program(format!("{}gcc", self.gnu_prefix(target.arch())))
    }

    fn gnu_prefix(&self, arch: &str) -> String {
        format!("{arch}-w64-mingw32-")
    }

    fn environment(
        &self,
        project: &Project,
        target: &Target,
        scratch: &Path,
    ) -> Result<Vec<(String, OsString)>> {
        let resource = scratch.join("version.o");
        Tree::at(scratch).write("version.rc", version_resource(project))?;
        target.binutil("windres").args(["version.rc", "version.o"]).run(scratch)?;
        let script = project.root().join("packaging/relative-link.sh");
        let linker = format!("{}gcc", self.gnu_prefix(target.arch()));
        Ok(vec![
            ("MLAB_VERSION_RESOURCE".to_owned(), resource.into()),
            (linker_variable(target), script.into()),
            ("MLAB_LINKER".to_owned(), linker.into()),
            ("MLAB_BUILT".to_owned(), scratch.into()),
        ])
    }

    fn runtime_parts(&self, _: &Project, target: &Target) -> Result<Vec<Part>> {
        runtime::with_mingw(target)
    }

    fn put_libraries(
        &self,
        project: &Project,
        target: &Target,
        built: &Built,
        tree: &Tree,
    ) -> Result<Linkage> {
        let library = without_names_of_tables(target, built)?;
        let split = elf::split(target, &library, "mlab.dll", &built.scratch, None)?;
        tree.copy(&split.stripped, "bin/mlab.dll")?;
        put_import_libraries(project, built, tree)?;
        windows_archive::put(project, target, built, tree)?;
        Ok(Linkage {
            cmake_shared: format!(
                "IMPORTED_LOCATION \"${{_mlab_prefix}}/bin/mlab.dll\"\n        \
                 IMPORTED_IMPLIB \"${{_mlab_prefix}}/{}\"\n        \
                 INTERFACE_COMPILE_DEFINITIONS MLAB_DLLIMPORT",
                tree.library("mlab.lib")
            ),
            archive: elf::archive(tree),
            debug_files: vec![(split.debug, "bin/mlab.dll.debug".to_owned())],
        })
    }

    fn pack(&self) -> Pack {
        Pack::Zip
    }
}

/// Takes out what names the heads and tails of import tables: it holds a folder of rustc's, which is another each time.
fn without_names_of_tables(target: &Target, built: &Built) -> Result<PathBuf> {
    let library = built.scratch.join("nameless.dll");
    let objcopy =
        target.binutil("objcopy").args(["--wildcard", "--strip-symbol=_head_*", "--strip-symbol=*_iname"]);
    objcopy.args([&built.folder.join("mlab.dll"), &library]).run(&built.scratch)?;
    Ok(library)
}

/// `libmlab.dll.a` for MinGW, `mlab.lib` for Microsoft's linker, and the list both are made from.
fn put_import_libraries(project: &Project, built: &Built, tree: &Tree) -> Result<()> {
    let list = project.symbols()?.join("\n");
    let definition = format!("LIBRARY mlab.dll\nEXPORTS\n{list}\n");
    let scratch = Tree::at(&built.scratch);
    scratch.write("mlab.def", &definition)?;
    for library in ["libmlab.dll.a", "mlab.lib"] {
        // Members of the short form, which both linkers read; GNU's dlltool makes others.
        Tool::llvm("llvm-dlltool")?
            .args(["-m", "i386:x86-64", "-D", "mlab.dll", "-d", "mlab.def", "-l", library])
            .run(scratch.root())?;
        tree.copy(&built.scratch.join(library), &tree.library(library))?;
    }
    tree.write(&tree.library("mlab.def"), definition)
}

/// What the file's properties show.
fn version_resource(project: &Project) -> String {
    let commas = format!("{},0", project.version().replace('.', ","));
    let values = [
        ("CompanyName", "mlab"),
        ("FileDescription", "Fetches queued ModelsLab images"),
        ("FileVersion", project.version()),
        ("InternalName", "mlab"),
        ("LegalCopyright", "MIT OR Apache-2.0"),
        ("OriginalFilename", "mlab.dll"),
        ("ProductName", "libmlab"),
        ("ProductVersion", project.version()),
    ];
    let values: String =
        values.map(|(name, value)| format!("      VALUE \"{name}\", \"{value}\"\n")).concat();
    // 4: Windows, 2: a DLL, 0409 and 04b0: English, in Unicode.
    format!(
        "1 VERSIONINFO\nFILEVERSION {commas}\nPRODUCTVERSION {commas}\nFILEOS 0x4\nFILETYPE 0x2\nBEGIN\n  \
         BLOCK \"StringFileInfo\"\n  BEGIN\n    BLOCK \"040904b0\"\n    BEGIN\n{values}    END\n  END\n  \
         BLOCK \"VarFileInfo\"\n  BEGIN\n    VALUE \"Translation\", 0x409, 1200\n  END\nEND\n"
    )
}
