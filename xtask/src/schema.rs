//! `cargo xtask schema`: JSON Schemas of the fact files and of the case, generated from the Rust types.
//! They are committed for editors; a test compares them.

use std::collections::BTreeMap;
use std::path::Path;

/// File name and content of every schema.
pub fn all() -> BTreeMap<String, String> {
    let mut schemas: BTreeMap<String, schemars::Schema> = ketum_data::facts::KINDS
        .iter()
        .map(|kind| (format!("{}.schema.json", kind.folder), (kind.schema)()))
        .collect();
    schemas.insert(
        "case.schema.json".to_owned(),
        schemars::schema_for!(ketum::case::Case),
    );
    schemas
        .into_iter()
        .map(|(name, schema)| {
            let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
            (name, text + "\n")
        })
        .collect()
}

/// Writes them to `data/schema/`.
pub fn write(root: &Path) -> Result<String, String> {
    let folder = root.join("data/schema");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let schemas = all();
    for (name, text) in &schemas {
        std::fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(format!("{} schemas written\n", schemas.len()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_schemas_are_those_of_the_types() {
        let folder = crate::root().join("data/schema");
        for (name, text) in super::all() {
            let committed = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
            assert!(
                committed == text,
                "{name} is out of date: run `cargo xtask schema`"
            );
        }
    }
}
