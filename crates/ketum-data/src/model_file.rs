//! Model files: a model described in TOML, either a description by itself or a level model of
//! `data/models/` that holds one under `model`.
//!
//! Only the shape is checked here; whether the names and units in it fit together is the simulator's
//! business. What the records of a data set need to know of a model (its compartments and covariates) is
//! read even from a file with errors, so that the errors of both files can be shown at once.

use ketum_core::level_model::LevelModel;
use ketum_core::model::ModelDescription;

use crate::document::{Diagnostic, Document, Node, Notation, Path, Value};
use crate::events_csv::Modelled;

/// A model file that was read.
#[derive(Debug)]
pub struct ModelFile {
    /// The document, for the positions of what is found later.
    pub document: Document,
    /// The description, or everything wrong with its shape.
    pub description: Result<ModelDescription, Vec<Diagnostic>>,
    /// Where the description stands in the document.
    pub at: Path,
}

/// Reads a model file.
///
/// # Errors
/// Bytes that are no TOML at all.
pub fn read(name: &str, bytes: &[u8]) -> Result<ModelFile, Vec<Diagnostic>> {
    let document = Document::read(name, bytes, Notation::Toml)?;
    let inside = document.root.get("model").is_some();
    let (at, description) = if inside {
        let level = document.parse::<LevelModel>();
        (Path::root().then("model"), level.map(|level| level.model))
    } else {
        (Path::root(), document.parse())
    };
    Ok(ModelFile {
        document,
        description,
        at,
    })
}

impl ModelFile {
    /// Names of the compartments in order, as far as they can be told.
    #[must_use]
    pub fn compartments(&self) -> Vec<String> {
        match &self.description {
            Ok(description) => {
                let list = description.compartment.iter();
                list.map(|compartment| compartment.name.clone()).collect()
            }
            Err(_) => self.texts("compartment", "name"),
        }
    }

    /// What the model says of doses into each compartment; empty where that cannot be told.
    #[must_use]
    pub fn modelled(&self) -> Vec<Modelled> {
        let compartments = self.description.iter().flat_map(|model| &model.compartment);
        compartments
            .map(|compartment| Modelled {
                rate: compartment.dose_rate.is_some(),
                duration: compartment.dose_duration.is_some(),
            })
            .collect()
    }

    /// Names of the covariates, each once, as far as they can be told.
    #[must_use]
    pub fn covariates(&self) -> Vec<String> {
        let all = match &self.description {
            Ok(description) => {
                let list = description.covariate_effect.iter();
                list.map(|effect| effect.covariate.clone()).collect()
            }
            Err(_) => self.texts("covariate_effect", "covariate"),
        };
        let mut names: Vec<String> = Vec::new();
        for name in all {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn texts(&self, list: &str, key: &str) -> Vec<String> {
        let root = self
            .document
            .root
            .get("model")
            .unwrap_or(&self.document.root);
        let Some(Node {
            value: Value::Array(items),
            ..
        }) = root.get(list)
        else {
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| match &item.get(key)?.value {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    const MODEL: &str = "id = \"m\"\ntitle = \"t\"\n\
        compartment = [{ name = \"depot\", unit = \"mg\" }, { name = \"central\", unit = \"mg\" }]\n\
        covariate_effect = [{ parameter = \"cl\", covariate = \"WT\", unit = \"kg\", form = \"replaces\" }]\n";

    #[test]
    fn what_records_need_is_known_with_and_without_errors() {
        let good = read("m.toml", MODEL.as_bytes()).unwrap();
        assert!(good.description.is_ok());
        let bad = format!("{MODEL}parameter = [{{ name = \"cl\", value = 1 }}]\ncolour = 3\n");
        let bad = read("m.toml", bad.as_bytes()).unwrap();
        let errors = bad.description.as_ref().unwrap_err();
        let shown: Vec<String> = errors
            .iter()
            .map(|e| format!("{}: {}", e.position(), e.message))
            .collect();
        assert_eq!(
            shown,
            [
                "m.toml:5:14: the key `unit` is missing",
                "m.toml:6:1: unknown key `colour`"
            ]
        );
        for file in [&good, &bad] {
            assert_eq!(file.compartments(), ["depot", "central"]);
            assert_eq!(file.covariates(), ["WT"]);
        }
    }

    /// Whatever is wrong with the shape or the notation, the error has a place and says what to do.
    #[test]
    fn every_error_has_a_place_and_a_hint() {
        let deep = "a.".repeat(3000) + "a = 1";
        for text in [
            "",
            "= 3",
            "id = \"m",
            "id = \"m\"\nid = \"n\"",
            "[parameter\n",
            "parameter = [1,",
            "id = 3\ntitle = true\nparameter = \"cl\"\n",
            "id = \"m\"\ntitle = \"t\"\nparameter = [{ name = \"cl\", value = nan }]\n",
            "id = \"m\"\ntitle = \"t\"\nparameter = [{ name = \"cl\", unit = \"L\", value = 1.2.3 }]\n",
            "id = \"m\"\ntitle = \"t\"\nspread = [{ source = \"nowhere\", parameters = [], size = 3 }]\n",
            "id = \"m\"\ntitle = \"t\"\nflow = [{ rate = { first_order = {}, zero_order = {} } }]\n",
            deep.as_str(),
        ] {
            let errors = match read("m.toml", text.as_bytes()) {
                Ok(file) => file.description.unwrap_err(),
                Err(errors) => errors,
            };
            assert!(!errors.is_empty(), "{text}");
            for error in errors {
                assert!(error.line.is_some() && error.column.is_some(), "{error:?}");
                assert!(
                    error.hint.as_ref().is_some_and(|hint| !hint.is_empty()),
                    "{error:?}"
                );
            }
        }
        let bytes = read("m.toml", b"id = \"m\"\nt\xff").unwrap_err();
        assert_eq!((bytes[0].line, bytes[0].column), (Some(2), Some(2)));
    }

    #[test]
    fn a_level_model_holds_a_description() {
        let text = include_str!("../../../data/models/kratom-2026.toml");
        let file = read("kratom-2026.toml", text.as_bytes()).unwrap();
        assert_eq!(file.description.as_ref().unwrap().id, "kratom-2026");
        assert_eq!(file.compartments()[0], "gut");
        assert!(read("x.toml", b"= 3").is_err());
    }
}
