//! Short answers: a few plain sentences that answer a question before its evidence is shown.
//!
//! `data/answers/<id>.toml`. Which answer a question gets is decided by the words it names
//! (`ketum::ask::short`), so a new question is a new file and no code.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::circumstance::Circumstance;
use crate::evidence::{Certainty, Text};
use crate::id::{ClaimId, TopicId};

/// A part of an assessment that answers a question for the case itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The law at the place and date of the case.
    Law,
    /// What a dose of the product holds.
    Product,
}

/// `data/answers/<id>.toml`: the short answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortAnswer {
    /// Topic, for grouping; the name of a file in `data/claims/`.
    pub topic: TopicId,
    /// Questions as people put them. Each of them must get this answer; a test asks them all.
    pub asks: Vec<String>,
    /// Words the question must name: one of each list, and not the same one for two lists. A word stands
    /// for its synonyms too.
    pub about: Vec<Vec<String>>,
    /// Only for somebody in one of these circumstances; for everybody where empty.
    #[serde(default)]
    pub when: Vec<Circumstance>,
    /// And in none of these.
    #[serde(default)]
    pub unless: Vec<Circumstance>,
    /// It warns of a danger: it comes before other answers and is never left out.
    #[serde(default)]
    pub warns: bool,
    /// What the case's own assessment says takes the place of `statement` where there is such a part.
    #[serde(default)]
    pub part: Option<Part>,
    /// A few plain sentences, all of it carried by the claims.
    pub statement: Text,
    /// How sure; not more than the surest claim it rests on.
    pub certainty: Certainty,
    /// The claims it rests on, the most important first. At least one.
    pub claims: Vec<ClaimId>,
}
