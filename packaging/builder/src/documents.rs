//! share/doc: what a person reads, and whose work is inside.

use crate::files::{self, Tree};
use crate::parts::{self, Part};
use crate::{Project, Result, Target, sbom};
use std::fmt::Write as _;

const OWN: [&str; 4] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "SECURITY.md"];

pub(crate) fn put(project: &Project, target: &Target, tree: &Tree) -> Result<()> {
    let within = |name: &str| format!("share/doc/mlab/{name}");
    for name in OWN {
        tree.copy(&project.root().join(name), &within(name))?;
    }
    tree.write(&within("README.md"), readme(project)?)?;
    let parts = parts::of(project, target)?;
    tree.write(&within("NOTICE"), notice(project, &parts)?)?;
    tree.write(&within("mlab.cdx.json"), sbom::text(project, target, &parts))
}

/// The page of the sources, which links to more of them than is installed: under its title it says where they are.
fn readme(project: &Project) -> Result<String> {
    let note = format!(
        "This page came with an installed libmlab {}. Its links into folders are those of the sources: {}\n",
        project.version(),
        project.repository()
    );
    Ok(files::read(&project.root().join("README.md"))?.replacen("\n\n", &format!("\n\n{note}\n"), 1))
}

/// Everything that the licences of the parts ask to be passed on. A text that several parts share stands there once.
fn notice(project: &Project, parts: &[Part]) -> Result<String> {
    let mut text = format!(
        "libmlab {} is licensed under MIT or Apache-2.0, as you like. It contains the work of others, listed here with\n\
         their licences, whose texts follow. You may choose any alternative that an \"OR\" offers.\n\n",
        project.version()
    );
    let mut shared: Vec<(&str, Vec<String>)> = Vec::new();
    for part in parts {
        let _ = writeln!(text, "{} {}: {}", part.name, part.version, part.licence);
        let free = part.licence.contains("MIT") || part.licence.contains("Apache-2.0");
        if part.texts.is_empty() && !free {
            return Err(format!(
                "{} {} carries no licence text: find it and add it",
                part.name, part.version
            ));
        }
        for (name, content) in &part.texts {
            let whose = format!("{} {}, {name}", part.name, part.version);
            match shared.iter_mut().find(|(known, _)| *known == content.as_str()) {
                Some((_, all)) => all.push(whose),
                None => shared.push((content, vec![whose])),
            }
        }
    }
    text += "\nThe Apache License 2.0, under which parts stand that bring no text of their own, is in LICENSE-APACHE.\n";
    for (content, whose) in shared {
        let _ = write!(text, "\n{}\n{}\n\n{}\n", "-".repeat(80), whose.join("\n"), content.trim_end());
    }
    Ok(text)
}
