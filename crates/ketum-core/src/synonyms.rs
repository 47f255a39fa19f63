//! Synonyms: words that mean the same when people ask.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `data/synonyms/ask.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Synonyms {
    /// Groups of words and phrases in lower case.
    pub group: Vec<Vec<String>>,
}
