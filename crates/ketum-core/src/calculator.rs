//! Facts of clinical and interaction calculators: cut-offs, bands, points, each with its source.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::evidence::{Citation, Source};
use crate::id::SourceId;

/// A number that divides categories, or a constant that may be revised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cutoff {
    /// Id inside the file.
    pub id: String,
    /// The number.
    pub value: f64,
    /// UCUM unit; `1` for a ratio.
    pub unit: String,
    /// What it divides and on which side it falls: "at or above: prolonged".
    pub meaning: String,
    /// Key of the citation in the same file.
    pub cite: String,
}

/// A run of whole scores with one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The category as a program word.
    pub id: String,
    /// Lowest score of the band.
    pub from: i64,
    /// Highest score of the band.
    pub to: i64,
    /// Key of the citation in the same file.
    pub cite: String,
}

/// One answer of an item and its points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
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
    /// What the answer means, in our own words.
    pub meaning: String,
    /// Key of the citation in the same file.
    pub cite: String,
}

impl Answer {
    /// Lowest and highest points, equal when the points are known; `None` where neither form is
    /// complete.
    #[must_use]
    pub fn range(&self) -> Option<(i64, i64)> {
        match (self.points, self.points_min, self.points_max) {
            (Some(points), None, None) => Some((points, points)),
            (None, Some(low), Some(high)) if low <= high => Some((low, high)),
            _ => None,
        }
    }
}

/// An item of a score: a list of allowed points, or named answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Id inside the file.
    pub id: String,
    /// What is rated, in our own words; never the instrument's text.
    pub meaning: String,
    /// Points a rater may give.
    #[serde(default)]
    pub allowed: Vec<i64>,
    /// Named answers.
    #[serde(default)]
    pub answer: Vec<Answer>,
    /// Key of the citation in the same file.
    pub cite: String,
}

/// Two sources that disagree. Both sides are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// What they disagree about.
    pub about: String,
    /// The side the calculator uses.
    pub used: String,
    /// The other side.
    pub other: String,
}

/// A part that could not be verified and so is not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPart {
    /// What is missing.
    pub what: String,
    /// Where it was looked for.
    pub looked_for: String,
    /// What the calculator does instead.
    pub instead: String,
}

/// `data/clinic/<slug>.toml`: the facts of one calculator or of a few that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalculatorFacts {
    /// What the facts are about.
    pub title: String,
    /// Day the sources were read.
    pub as_of: Date,
    /// When somebody should look again.
    pub review_by: Date,
    /// Places in sources, by a short key the facts of this file use.
    pub cite: BTreeMap<String, Citation>,
    /// Sources used by this file only.
    #[serde(default)]
    pub source: BTreeMap<SourceId, Source>,
    /// Cut-offs and constants.
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
    pub open: Vec<OpenPart>,
}

impl CalculatorFacts {
    /// Every fact with the citation key it rests on: kind, id, key.
    pub fn cited(&self) -> impl Iterator<Item = (&'static str, &str, &str)> {
        let cutoffs = self
            .cutoff
            .iter()
            .map(|cutoff| ("cut-off", cutoff.id.as_str(), cutoff.cite.as_str()));
        let bands = self
            .band
            .iter()
            .map(|band| ("band", band.id.as_str(), band.cite.as_str()));
        let items = self
            .item
            .iter()
            .map(|item| ("item", item.id.as_str(), item.cite.as_str()));
        let answers = self.item.iter().flat_map(|item| {
            item.answer
                .iter()
                .map(|answer| ("answer", answer.id.as_str(), answer.cite.as_str()))
        });
        cutoffs.chain(bands).chain(items).chain(answers)
    }

    /// The value of the cut-off `id`.
    #[must_use]
    pub fn cutoff(&self, id: &str) -> Option<f64> {
        self.cutoff
            .iter()
            .find(|cutoff| cutoff.id == id)
            .map(|cutoff| cutoff.value)
    }

    /// The item `id`.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.item.iter().find(|item| item.id == id)
    }

    /// The band a whole score falls in.
    #[must_use]
    pub fn band_of(&self, score: i64) -> Option<&Band> {
        self.band
            .iter()
            .find(|band| (band.from..=band.to).contains(&score))
    }
}
