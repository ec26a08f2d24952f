//! What is inside, for programs that look for known defects: CycloneDX 1.5, JSON.
//!
//! Without a time and a serial number, which the format leaves open: the same sources give the same bytes.

use crate::parts::Part;
use crate::{Project, Target};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The text of the file.
pub(crate) fn text(project: &Project, target: &Target, parts: &[Part]) -> String {
    let own = format!("pkg:cargo/mlab@{}", project.version());
    let crates: BTreeMap<&str, String> =
        parts.iter().filter_map(|part| Some((part.id.as_deref()?, part.purl()))).collect();
    let components: Vec<Value> = parts.iter().map(component).collect();
    // What is ours calls all of them, directly or through the others; which of its crates does is nobody's business.
    let direct: Vec<String> = parts.iter().map(Part::purl).collect();
    let mut dependencies = vec![json!({ "ref": own, "dependsOn": direct })];
    for (id, purl) in &crates {
        let mut on: Vec<&String> = project.dependencies(id).iter().filter_map(|id| crates.get(id)).collect();
        on.sort();
        dependencies.push(json!({ "ref": purl, "dependsOn": on }));
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
    let purl = part.purl();
    let mut component = json!({
        "type": "library", "bom-ref": purl, "purl": purl, "name": part.name, "version": part.version,
        "licenses": [{ "expression": part.licence }],
    });
    if let Some(repository) = &part.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}
