//! Which file of a crate imports which, read from the source text: modules of one crate can see each other whatever a page
//! says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The path of a module, from the root of its crate.
type Module = Vec<String>;

/// A file, from the source folder of its crate.
pub(crate) type File = String;

/// One file of a crate, without comments and unit tests.
struct Source {
    module: Module,
    file: File,
    imports: Vec<Import>,
    /// What is left without its `use` statements.
    code: String,
}

/// One name that a `use` statement brings in.
struct Import {
    path: Vec<String>,
    name: String,
    is_public: bool,
}

/// The crate whose root file is `src/lib.rs`.
pub(crate) struct Crate {
    sources: Vec<Source>,
    /// The files of each module: more than one where each platform has its own.
    modules: BTreeMap<Module, Vec<usize>>,
}

impl Crate {
    pub(crate) fn read(src: &Path) -> Crate {
        let mut krate = Crate { sources: Vec::new(), modules: BTreeMap::new() };
        krate.add(src, &src.join("lib.rs"), Vec::new());
        krate
    }

    /// Every file, with the module at the crate's root that it belongs to; the root file itself belongs to none.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&File, Option<&str>)> {
        self.sources.iter().map(|source| (&source.file, source.module.first().map(String::as_str)))
    }

    fn add(&mut self, src: &Path, path: &Path, module: Module) {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (imports, code) = split(&without_comments_and_tests(&text));
        let children = submodules(&code, path);
        let file = path.strip_prefix(src).expect("a file of the crate").to_string_lossy().into_owned();
        self.modules.entry(module.clone()).or_default().push(self.sources.len());
        self.sources.push(Source { module: module.clone(), file, imports, code });
        for (name, path) in children {
            self.add(src, &path, [module.as_slice(), &[name]].concat());
        }
    }

    /// Which file imports which: the one in which the item stands, however many re-exports lie between.
    pub(crate) fn imports(&self) -> BTreeSet<(File, File)> {
        let mut found = BTreeSet::new();
        for source in &self.sources {
            for path in self.paths_in(source) {
                let Some(module) = self.module_of(&source.module, &path, 0) else { continue };
                for &to in &self.modules[&module] {
                    let to = &self.sources[to];
                    if to.module != source.module {
                        found.insert((source.file.clone(), to.file.clone()));
                    }
                }
            }
        }
        found
    }

    /// The paths that a file uses. A name that it re-exports and does not use itself is none of them.
    fn paths_in(&self, source: &Source) -> Vec<Vec<String>> {
        let words: BTreeSet<&str> = source.code.split(|c: char| !is_of_a_word(c)).collect();
        let used = source.imports.iter().filter(|import| !import.is_public || words.contains(&*import.name));
        let in_code = source.code.split(|c: char| !is_of_a_word(c) && c != ':');
        let in_code = in_code.filter(|path| path.contains("::")).map(|path| {
            path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<String>>()
        });
        used.map(|import| import.path.clone()).chain(in_code).collect()
    }

    /// The module in which the item that `path` names in `from` stands; none if it is another crate's.
    fn module_of(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let mut at = from.clone();
        let mut rest = path;
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()),
                _ => break,
            }
            rest = others;
        }
        let is_ours = rest.len() < path.len() || rest.first().is_some_and(|first| self.has(&at, first));
        if !is_ours || depth > 20 {
            return None;
        }
        while let Some((first, others)) = rest.split_first() {
            if !self.has(&at, first) {
                let imported = self.modules[&at].iter().flat_map(|source| &self.sources[*source].imports);
                let imported =
                    imported.filter(|import| import.name == *first).find(|import| import.path != path);
                return match imported {
                    Some(import) => {
                        self.module_of(&at, &[import.path.as_slice(), others].concat(), depth + 1)
                    }
                    None => Some(at),
                };
            }
            at.push(first.clone());
            rest = others;
        }
        Some(at)
    }

    fn has(&self, parent: &Module, child: &str) -> bool {
        self.modules.contains_key(&[parent.as_slice(), &[child.to_owned()]].concat())
    }
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn without_comments_and_tests(text: &str) -> String {
    let text = text.split("mod tests {").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The `use` statements, and what is left without them.
fn split(code: &str) -> (Vec<Import>, String) {
    let (mut imports, mut rest) = (Vec::new(), String::new());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let line_start = line.trim_start();
        let visibility = line_start.strip_prefix("pub").map_or("", |after| {
            let end = if after.starts_with('(') { after.find(')').map_or(0, |end| end + 1) } else { 0 };
            &line_start[..3 + end]
        });
        let Some(tree) = line_start[visibility.len()..].trim_start().strip_prefix("use ") else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        let mut tree = tree.to_owned();
        while !tree.contains(';') {
            tree.push_str(lines.next().expect("the end of a use statement"));
        }
        let tree: String = tree.trim_end_matches(';').split_whitespace().collect::<Vec<&str>>().join(" ");
        for path in expand(&tree) {
            let (path, alias) =
                path.split_once(" as ").map_or((&*path, None), |(path, name)| (path, Some(name)));
            let path: Vec<String> = path.split("::").map(str::to_owned).collect();
            let name = alias.unwrap_or(path.last().expect("a name")).to_owned();
            imports.push(Import { path, name, is_public: !visibility.is_empty() });
        }
    }
    (imports, rest)
}

/// The paths of a `use` tree.
fn expand(tree: &str) -> Vec<String> {
    let Some((prefix, group)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let group = group.rsplit_once('}').expect("the end of a group").0;
    let (mut depth, mut branches) = (0_usize, vec![String::new()]);
    for c in group.chars() {
        match c {
            ',' if depth == 0 => branches.push(String::new()),
            c => {
                depth = if c == '{' { depth + 1 } else { depth - usize::from(c == '}') };
                branches.last_mut().expect("a branch").push(c);
            }
        }
    }
    let branches = branches.iter().map(|branch| branch.trim()).filter(|branch| !branch.is_empty());
    branches.flat_map(|branch| expand(&format!("{prefix}{branch}"))).collect()
}

/// The files that `mod` items of a file name, by the names of the modules. Those of tests are none.
fn submodules(code: &str, file: &Path) -> Vec<(String, PathBuf)> {
    let folder = file.parent().expect("a folder");
    let stem = file.file_stem().expect("a name").to_string_lossy();
    let own_folder = if stem == "lib" || stem == "mod" { folder.to_owned() } else { folder.join(&*stem) };
    let (mut found, mut attributes) = (Vec::new(), String::new());
    for line in code.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes.push_str(line);
            continue;
        }
        let attributes = std::mem::take(&mut attributes);
        let Some(name) = line.strip_suffix(';').and_then(|item| item.rsplit_once("mod ")).map(|item| item.1)
        else {
            continue;
        };
        if attributes.contains("cfg(test)") {
            continue;
        }
        let path = match attributes.split_once("#[path = \"").and_then(|(_, path)| path.split_once('"')) {
            Some((path, _)) => folder.join(path),
            None => Some(own_folder.join(format!("{name}.rs")))
                .filter(|path| path.exists())
                .unwrap_or_else(|| own_folder.join(name).join("mod.rs")),
        };
        found.push((name.to_owned(), path));
    }
    found
}
