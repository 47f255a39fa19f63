//! From what a person typed to the drugs of the catalogue.
//!
//! Exact ids come first, then names and synonyms, then brands; a combination product is a brand of
//! every ingredient it holds. A close spelling is a question put back to the person, never silently
//! taken: `hydroxyzine` and `hydralazine` are two letters apart. A name nobody knows is an answer too.
//!
//! This module finds drugs. It does not know what they do with kratom.

mod index;
mod spelling;

use ketum_core::drug::Drug;
use ketum_core::id::DrugId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use index::Index;

/// Suggestions put back to the person for one name, at most.
pub const MOST_SUGGESTIONS: usize = 5;

/// How a name led to its drug.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum MatchedBy {
    /// The id of the drug.
    Id,
    /// Its name or a synonym.
    Name,
    /// A trade name.
    Brand,
}

/// What a typed name means.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolution<'a> {
    /// These drugs: one, or every ingredient of a combination product.
    Known {
        /// The drugs, in order of their ids.
        drugs: Vec<&'a Drug>,
        /// How the name led to them.
        by: MatchedBy,
    },
    /// No drug has this name. The suggestions, nearest first, may be empty.
    Unknown {
        /// What may have been meant.
        suggestions: Vec<Suggestion>,
    },
}

/// Why a name is suggested.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// It stands within the typed text, beside a strength or another word.
    Contained,
    /// It differs by a few letters.
    Spelling,
}

/// A name that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    /// The name as we print it.
    pub name: String,
    /// The drugs it leads to.
    pub drugs: Vec<DrugId>,
    /// Why it is suggested.
    pub because: Because,
    /// Letters inserted, deleted, replaced or swapped; 0 where the name stands within the text.
    pub edits: u8,
}
