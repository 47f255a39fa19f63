//! Facts of a calculator: the file of `data/clinic/` it uses, from the embedded catalogue, with its
//! sources resolved. Knows how to look a fact up and that an unread source supports none; does not know
//! any formula.

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use ketum_core::calculator::{Answer, Band, CalculatorFacts, Conflict, Cutoff, Item, OpenPart};
use ketum_core::evidence::{Source, Verification};
use ketum_data::catalogue::Catalogue;
use serde::Serialize;

/// A source, where in it, and how far it was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CitedSource {
    /// Id of the source, for `ketum evidence`.
    pub id: String,
    /// The source.
    pub source: Source,
    /// Where in it.
    pub locator: String,
    /// How far it was read.
    pub verification: Verification,
}

/// The facts of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Name of the file, without its ending.
    pub name: String,
    /// Its facts.
    pub file: CalculatorFacts,
    /// Its citations, sources resolved, in order of key.
    pub cited: Vec<CitedSource>,
}

/// Why facts cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FactError {
    /// The catalogue inside the program cannot be read.
    #[error("{0}")]
    Catalogue(String),
    /// The catalogue has no such file; it may have been left out because it could not be read.
    #[error("the catalogue holds no data/clinic/{0}.toml")]
    NoFile(&'static str),
    /// A file of the catalogue is inconsistent.
    #[error("data/clinic/{file}.toml: {message}")]
    Inconsistent {
        /// File name without ending.
        file: String,
        /// What does not fit.
        message: String,
    },
    /// A calculator asked for a fact the file does not hold.
    #[error("data/clinic/{file}.toml holds no {kind} \"{id}\"")]
    Absent {
        /// File name without ending.
        file: String,
        /// Kind of fact.
        kind: &'static str,
        /// Id asked for.
        id: String,
    },
}

impl Facts {
    /// The value of the cut-off `id`.
    ///
    /// # Errors
    /// [`FactError::Absent`] when the file has no such cut-off.
    pub fn cutoff(&self, id: &str) -> Result<f64, FactError> {
        self.file
            .cutoff(id)
            .ok_or_else(|| self.absent("cut-off", id))
    }

    /// The item `id`.
    ///
    /// # Errors
    /// [`FactError::Absent`] when the file has no such item.
    pub fn item(&self, id: &str) -> Result<&Item, FactError> {
        self.file.item(id).ok_or_else(|| self.absent("item", id))
    }

    /// The band a whole score falls in.
    #[must_use]
    pub fn band_of(&self, score: i64) -> Option<&Band> {
        self.file.band_of(score)
    }

    pub(crate) fn absent(&self, kind: &'static str, id: &str) -> FactError {
        FactError::Absent {
            file: self.name.clone(),
            kind,
            id: id.to_owned(),
        }
    }

    /// Resolves the citations of `file` and refuses what rests on nothing read.
    fn resolve(name: &str, file: &CalculatorFacts, shared: &Catalogue) -> Result<Self, FactError> {
        let wrong = |message: String| FactError::Inconsistent {
            file: name.to_owned(),
            message,
        };
        let mut cited = Vec::new();
        for (key, citation) in &file.cite {
            let id = citation.source.as_str();
            let source = file
                .source
                .get(id)
                .or_else(|| shared.sources.get(id))
                .ok_or_else(|| wrong(format!("cite.{key} names no source")))?;
            if !citation.verification.is_shippable() {
                return Err(wrong(format!("cite.{key} was not read")));
            }
            cited.push(CitedSource {
                id: id.to_owned(),
                source: source.clone(),
                locator: citation.locator.clone(),
                verification: citation.verification,
            });
        }
        if let Some((kind, id, key)) = file
            .cited()
            .find(|(_, _, key)| !file.cite.contains_key(*key))
        {
            return Err(wrong(format!(
                "{kind} {id} cites \"{key}\", which is not there"
            )));
        }
        Ok(Self {
            name: name.to_owned(),
            file: file.clone(),
            cited,
        })
    }
}

type Files = BTreeMap<String, Result<Facts, FactError>>;

/// All files, resolved once.
fn files() -> Result<&'static Files, FactError> {
    static FILES: OnceLock<Result<Files, FactError>> = OnceLock::new();
    FILES
        .get_or_init(|| {
            let catalogue =
                Catalogue::embedded().map_err(|error| FactError::Catalogue(error.to_string()))?;
            Ok(catalogue
                .clinic
                .iter()
                .map(|(name, file)| (name.clone(), Facts::resolve(name, file, &catalogue)))
                .collect())
        })
        .as_ref()
        .map_err(Clone::clone)
}

/// A file of `data/clinic/` by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactFile(pub &'static str);

impl FactFile {
    /// The facts.
    ///
    /// # Errors
    /// [`FactError`] when the file is absent or inconsistent.
    pub fn get(self) -> Result<&'static Facts, FactError> {
        files()?
            .get(self.0)
            .ok_or(FactError::NoFile(self.0))?
            .as_ref()
            .map_err(Clone::clone)
    }
}
