//! Facts of a calculator: cut-offs, bands, points and their sources, read from one TOML file of
//! `data/clinic/` that is embedded at compile time. Knows the file's shape and refuses a fact without
//! a source or with an unverified one; does not know any formula.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// How well a fact was checked. `unverified` is missing on purpose: such a fact cannot be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verification {
    /// Full text, table, label, statute or official page read.
    Primary,
    /// Abstract or excerpt only.
    Abstract,
    /// Someone else's statement of it.
    Secondary,
    /// The project's own arithmetic from named inputs.
    Derived,
}

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short key, used by the facts of the same file.
    pub key: String,
    /// What it is: authors, year, title or place.
    pub title: String,
    /// DOI, PMID or PMCID, or the address where it can be read.
    pub locator: String,
    /// What was read, and so how far to trust it.
    pub verification: Verification,
    /// Licence or terms that matter, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
}

/// A number that divides categories, or a coefficient that may be revised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cutoff {
    /// Id inside the file.
    pub id: String,
    /// The number.
    pub value: f64,
    /// UCUM unit; `1` for a ratio or score.
    pub unit: String,
    /// What it divides, with the sign: "at or above: prolonged".
    pub meaning: String,
    /// Key of the source.
    pub source: String,
}

/// A run of whole-number scores with one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The category as a program word.
    pub id: String,
    /// Lowest score of the band.
    pub from: i64,
    /// Highest score of the band.
    pub to: i64,
    /// Key of the source.
    pub source: String,
}

/// One answer of an item and its points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionPoints {
    /// The answer as a program word.
    pub id: String,
    /// Points, when they are known.
    #[serde(default)]
    pub points: Option<i64>,
    /// Lowest possible points when the exact number is open.
    #[serde(default)]
    pub points_min: Option<i64>,
    /// Highest possible points when the exact number is open.
    #[serde(default)]
    pub points_max: Option<i64>,
    /// What the answer means, in the project's words.
    pub meaning: String,
    /// Key of the source.
    pub source: String,
}

impl OptionPoints {
    /// Lowest and highest points; equal when the points are known.
    #[must_use]
    pub fn range(&self) -> Option<(i64, i64)> {
        match (self.points, self.points_min, self.points_max) {
            (Some(points), None, None) => Some((points, points)),
            (None, Some(low), Some(high)) if low <= high => Some((low, high)),
            _ => None,
        }
    }
}

/// An item of a score: either a list of allowed points or named answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Id inside the file, in the field's words.
    pub id: String,
    /// What is rated, in the project's words (never the instrument's text).
    pub meaning: String,
    /// Points a rater may give.
    #[serde(default)]
    pub allowed: Vec<i64>,
    /// Named answers.
    #[serde(default)]
    pub option: Vec<OptionPoints>,
    /// Key of the source.
    pub source: String,
}

/// Two sources that disagree; both are shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// What they disagree about.
    pub about: String,
    /// The side this calculator uses.
    pub used: String,
    /// The other side.
    pub other: String,
}

/// A part that could not be verified and so is not used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// What is missing.
    pub what: String,
    /// Where it was looked for.
    pub looked_for: String,
    /// What the calculator does instead.
    pub instead: String,
}

/// The facts of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Equals the file's name.
    pub id: String,
    /// What the facts are about.
    pub title: String,
    /// Day the sources were read.
    pub as_of: toml::value::Datetime,
    /// Day after which they should be read again.
    pub review_by: toml::value::Datetime,
    /// Sources.
    pub source: Vec<Source>,
    /// Cut-offs and revisable coefficients.
    #[serde(default)]
    pub cutoff: Vec<Cutoff>,
    /// Bands of a score.
    #[serde(default)]
    pub band: Vec<Band>,
    /// Items of a score.
    #[serde(default)]
    pub item: Vec<Item>,
    /// Sources that disagree.
    #[serde(default)]
    pub conflict: Vec<Conflict>,
    /// Parts not verified.
    #[serde(default)]
    pub open: Vec<Open>,
}

/// Why a fact file cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FactError {
    /// Not readable as TOML of the expected shape.
    #[error("data/clinic/{file}.toml: {message}")]
    Read {
        /// File name without ending.
        file: &'static str,
        /// The reader's message, with line and column.
        message: String,
    },
    /// Readable, but inconsistent.
    #[error("data/clinic/{file}.toml: {message}")]
    Inconsistent {
        /// File name without ending.
        file: &'static str,
        /// What does not fit.
        message: String,
    },
    /// A calculator asked for a fact the file does not hold.
    #[error("data/clinic/{file}.toml holds no {kind} \"{id}\"")]
    Absent {
        /// File id.
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
        self.cutoff
            .iter()
            .find(|cutoff| cutoff.id == id)
            .map(|cutoff| cutoff.value)
            .ok_or_else(|| self.absent("cutoff", id))
    }

    /// The item `id`.
    ///
    /// # Errors
    /// [`FactError::Absent`] when the file has no such item.
    pub fn item(&self, id: &str) -> Result<&Item, FactError> {
        self.item
            .iter()
            .find(|item| item.id == id)
            .ok_or_else(|| self.absent("item", id))
    }

    /// The band a whole score falls in.
    #[must_use]
    pub fn band_of(&self, score: i64) -> Option<&Band> {
        self.band
            .iter()
            .find(|band| (band.from..=band.to).contains(&score))
    }

    fn absent(&self, kind: &'static str, id: &str) -> FactError {
        FactError::Absent {
            file: self.id.clone(),
            kind,
            id: id.to_owned(),
        }
    }

    /// Everything inconsistent in the file: an unknown source key, points without a number.
    fn faults(&self, file: &str) -> Vec<String> {
        let mut faults = Vec::new();
        if self.id != file {
            faults.push(format!("id \"{}\" is not the file's name", self.id));
        }
        let mut cite = |owner: &str, key: &str| {
            if !self.source.iter().any(|source| source.key == key) {
                faults.push(format!("{owner} cites the unknown source \"{key}\""));
            }
        };
        for cutoff in &self.cutoff {
            cite(&cutoff.id, &cutoff.source);
        }
        for band in &self.band {
            cite(&band.id, &band.source);
        }
        for item in &self.item {
            cite(&item.id, &item.source);
            for option in &item.option {
                cite(&option.id, &option.source);
            }
        }
        for item in &self.item {
            for option in item.option.iter().filter(|option| option.range().is_none()) {
                faults.push(format!("{}.{} has no usable points", item.id, option.id));
            }
            if item.allowed.is_empty() && item.option.is_empty() {
                faults.push(format!("item {} has no points", item.id));
            }
        }
        faults
    }
}

/// A fact file embedded in the program, read once.
#[derive(Debug)]
pub struct FactFile {
    file: &'static str,
    text: &'static str,
    read: OnceLock<Result<Facts, FactError>>,
}

impl FactFile {
    /// A file of `data/clinic/` by name (without `.toml`) and text.
    #[must_use]
    pub const fn new(file: &'static str, text: &'static str) -> Self {
        Self {
            file,
            text,
            read: OnceLock::new(),
        }
    }

    /// The facts.
    ///
    /// # Errors
    /// [`FactError`] when the file cannot be read or is inconsistent.
    pub fn get(&self) -> Result<&Facts, FactError> {
        self.read
            .get_or_init(|| self.parse())
            .as_ref()
            .map_err(Clone::clone)
    }

    fn parse(&self) -> Result<Facts, FactError> {
        let facts: Facts = toml::from_str(self.text).map_err(|error| FactError::Read {
            file: self.file,
            message: error.to_string(),
        })?;
        let faults = facts.faults(self.file);
        if faults.is_empty() {
            Ok(facts)
        } else {
            Err(FactError::Inconsistent {
                file: self.file,
                message: faults.join("; "),
            })
        }
    }
}

/// Embeds `data/clinic/<name>.toml`.
macro_rules! fact_file {
    ($name:literal) => {
        $crate::clinic::FactFile::new(
            $name,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../data/clinic/",
                $name,
                ".toml"
            )),
        )
    };
}
pub(crate) use fact_file;
