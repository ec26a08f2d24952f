//! What is inside, for programs that look for known defects: CycloneDX 1.5, JSON.
//!
//! Without a time and a serial number, which the format leaves open: the same sources give the same bytes.

use crate::parts::Part;
use crate::{Project, Target};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The text of the file.
pub(crate) fn text(project: &Project, target: &Target, parts: &[Part], rustc: &str) -> String {
    let own = reference("mlab", project.version());
    let std = format!("pkg:generic/rust-std@{rustc}");
    let known: BTreeMap<&str, String> =
        parts.iter().map(|part| (part.id.as_str(), reference(&part.name, &part.version))).collect();
    let mut components: Vec<Value> = parts.iter().map(component).collect();
    components.push(json!({
        "type": "library", "bom-ref": std, "purl": std, "name": "rust-std", "version": rustc,
        "licenses": [{ "expression": "MIT OR Apache-2.0" }],
    }));
    // What is ours calls all of them, directly or through the others; which of its crates does is nobody's business.
    let mut direct: Vec<&str> = known.values().map(String::as_str).collect();
    direct.push(&std);
    let mut dependencies = vec![json!({ "ref": own, "dependsOn": direct })];
    for part in parts {
        let mut on: Vec<&String> =
            project.dependencies(&part.id).iter().filter_map(|id| known.get(id)).collect();
        on.sort();
        dependencies.push(json!({ "ref": known[part.id.as_str()], "dependsOn": on }));
    }
    let text = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library", "bom-ref": own, "purl": own, "name": "mlab", "version": project.version(),
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            },
            "properties": [{ "name": "mlab:target", "value": target.name() }],
        },
        "components": components,
        "dependencies": dependencies,
    });
    format!("{text:#}\n")
}

fn component(part: &Part) -> Value {
    let purl = reference(&part.name, &part.version);
    let mut component = json!({
        "type": "library", "bom-ref": purl, "purl": purl, "name": part.name, "version": part.version,
        "licenses": [{ "expression": part.licence }],
    });
    if let Some(repository) = &part.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

fn reference(name: &str, version: &str) -> String {
    format!("pkg:cargo/{name}@{version}")
}
