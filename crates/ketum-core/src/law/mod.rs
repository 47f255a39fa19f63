//! Law: the shape of `data/law/<iso>.toml` and `data/law-watch.toml`.
//!
//! Knows how a place's rules are written down: statuses by substance and activity with their periods,
//! groups of numeric limits, requirements, penalties, proposals, local rules, conflicts and events.
//! Knows nothing of how a verdict is found; that is `ketum::law`.

mod limit;
mod rows;
mod words;

pub use limit::{Limit, LimitError, decimal_digits};
pub use rows::*;
pub use words::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::{Date, PartialDate};
use crate::evidence::Verification;

/// `data/law/<iso>.toml`: the law of one place. The file name is the id in lower case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawFile {
    /// Version of this shape: 1.
    pub schema: u8,
    /// The place.
    pub jurisdiction: Jurisdiction,
    /// Documents the rows of this file rest on.
    #[serde(default)]
    pub source: Vec<LawSource>,
    /// Lists of compounds that rows name together.
    #[serde(default)]
    pub substance_set: Vec<SubstanceSet>,
    /// Where substances stand: one row per substance, set of activities and period.
    #[serde(default)]
    pub status: Vec<StatusRow>,
    /// Groups of limits that give one verdict.
    #[serde(default)]
    pub ruleset: Vec<Ruleset>,
    /// What is asked of sellers and products beyond numbers.
    #[serde(default)]
    pub requirement: Vec<Requirement>,
    /// Penalties, for display only.
    #[serde(default)]
    pub penalty: Vec<Penalty>,
    /// Terms that can be read in more than one way.
    #[serde(default)]
    pub interpretation: Vec<Interpretation>,
    /// Proposals. Never law; evaluated only when asked for by id.
    #[serde(default)]
    pub pending: Vec<Pending>,
    /// History, without effect.
    #[serde(default)]
    pub event: Vec<LawEvent>,
    /// Counties, cities, towns.
    #[serde(default)]
    pub local: Vec<Local>,
    /// Where sources disagree.
    #[serde(default)]
    pub conflict: Vec<Conflict>,
    /// Who looked for what, when and where, and what came of it.
    #[serde(default)]
    pub look_up: Vec<LookUp>,
}

/// The place a file is about, and how well it is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jurisdiction {
    /// ISO 3166-1 or 3166-2 code, or `UN`.
    pub id: String,
    /// Name as printed.
    pub name: String,
    /// Level.
    pub level: Level,
    /// The place above, whose rules hold here too.
    #[serde(default)]
    pub parent: Option<String>,
    /// Part of the world, for tables.
    #[serde(default)]
    pub region: Option<String>,
    /// Open Civic Data division id.
    #[serde(default)]
    pub ocd_id: Option<String>,
    /// Whether rules of this place remove stricter local ones.
    pub preempts_local: Known,
    /// Where the answer on local rules stands.
    #[serde(default)]
    pub preempts_note: Option<String>,
    /// From when local rules are removed, where they are.
    #[serde(default)]
    pub preempts_from: Option<PartialDate>,
    /// How much of the law the file holds.
    pub coverage: Coverage,
    /// Date of the oldest of the newest sources behind its statuses: not the day somebody looked.
    pub last_reviewed: PartialDate,
    /// From this day on every row is stale.
    pub review_due: Date,
    /// What was looked for where nothing was found.
    #[serde(default)]
    pub looked_for: Option<String>,
    /// What a reader should know of the file.
    #[serde(default)]
    pub note: Option<String>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawSource {
    /// Key, unique in the file; the same document has the same key in every file.
    pub id: String,
    /// Kind.
    pub kind: LawSourceKind,
    /// Tier.
    pub tier: Tier,
    /// What it is.
    pub title: String,
    /// Address.
    #[serde(default)]
    pub url: Option<String>,
    /// Citation: section, register number, page.
    #[serde(default)]
    pub locator: Option<String>,
    /// When it was published.
    #[serde(default)]
    pub published: Option<PartialDate>,
    /// When it was last read.
    pub accessed: Date,
    /// How far it was read.
    pub verification: Verification,
    /// Written by someone who sells kratom: named as provenance, never shown as a link.
    #[serde(default)]
    pub seller: bool,
    /// What it was read through, where it was not read itself.
    #[serde(default)]
    pub via: Option<String>,
    /// What a reader should know of it.
    #[serde(default)]
    pub note: Option<String>,
}

/// A look-up: it is logged whether it found something or not, so that nobody takes silence for a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookUp {
    /// The day.
    pub date: Date,
    /// What was looked for.
    pub looked_for: String,
    /// Where, and how new what is stored there can be.
    pub searched: String,
    /// What came of it.
    pub outcome: LookUpOutcome,
    /// What was found, in plain words.
    pub found: String,
    /// Source keys of this file.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// A named list of compounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubstanceSet {
    /// Name, unique in the file.
    pub id: String,
    /// Members.
    pub members: Vec<Compound>,
}

/// `data/law-watch.toml`: documents that are expected or wait for review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawWatch {
    /// Version of this shape: 1.
    pub schema: u8,
    /// The documents.
    #[serde(default)]
    pub item: Vec<WatchItem>,
}

/// A document to look for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchItem {
    /// Name.
    pub id: String,
    /// Place whose file it would change.
    pub place: String,
    /// What to look for.
    pub what: String,
    /// From when it can exist.
    pub due: PartialDate,
    /// Address to look at.
    #[serde(default)]
    pub url: Option<String>,
    /// When it was read. Absent: not yet, and `last_reviewed` of the place stays before `due`.
    #[serde(default)]
    pub reviewed: Option<Date>,
    /// What was found.
    #[serde(default)]
    pub outcome: Option<String>,
}
