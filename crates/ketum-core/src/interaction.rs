//! Interaction rules: which classes or drugs meet kratom, or each other, by which mechanism, and what is
//! said of it.
//!
//! This module knows the shape of `data/interactions/<id>.toml`. It evaluates no rule, finds no drug and
//! computes no ratio (crate `ketum`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::drug::{ClassId, Enzyme, EnzymeRole, Route, Strength};
use crate::evidence::{AppliesTo, Certainty, Text};
use crate::finding::{Action, Direction, Harm, Likelihood};
use crate::id::{ClaimId, DrugId, FindingId, TopicId};

/// Whether effects meet, or levels.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum InteractionKind {
    /// Pharmacodynamic: the effects add up or oppose each other.
    Pd,
    /// Pharmacokinetic: one changes the level of the other.
    Pk,
}

/// What a drug has to do with an enzyme or transporter, as a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnzymeMatch {
    /// Which one.
    pub enzyme: Enzyme,
    /// Victim, inhibitor or inducer.
    pub role: EnzymeRole,
    /// One of these strengths; any where empty.
    #[serde(default)]
    pub strength: Vec<Strength>,
}

/// A side of an interaction: who takes part, and how many are needed.
///
/// A drug takes part where one of `class`, `drug` or `enzyme` holds, everything further down holds too,
/// and no `unless` does. Conditions speak of the drug itself, never of the others: so adding a drug can
/// never take a rule away.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Member {
    /// It belongs to one of these classes.
    pub class: Vec<ClassId>,
    /// Or it is one of these.
    pub drug: Vec<DrugId>,
    /// Or it has this to do with an enzyme.
    pub enzyme: Vec<EnzymeMatch>,
    /// And it belongs to one of these as well.
    pub and_class: Vec<ClassId>,
    /// And its therapeutic index is known to be narrow (`true`), or not known to be (`false`).
    pub narrow_index: Option<bool>,
    /// And it is said to be taken by one of these routes; any route, also an unsaid one, where empty.
    pub route: Vec<Route>,
    /// Unless it belongs to one of these.
    pub unless_class: Vec<ClassId>,
    /// Unless it is one of these.
    pub unless_drug: Vec<DrugId>,
    /// How many different drugs of this side are needed; one where not given.
    pub needs: Option<u32>,
}

/// Where the size of an interaction comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum SizeFrom {
    /// Measured in people: the number of this claim, for the amount and route that were studied.
    Claim(ClaimId),
    /// The same; for other amounts, schedules and routes the gut-only CYP3A model.
    ClaimElseGutCyp3a(ClaimId),
    /// The gut-only CYP3A model, anchored to the trial.
    GutCyp3a,
}

/// What is said where the rule holds; a rule has one or more, the most urgent first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Only with one of these products; any where empty.
    #[serde(default)]
    pub products: Vec<AppliesTo>,
    /// Only where these sides are present among those who take part.
    #[serde(default)]
    pub when: Vec<Member>,
    /// Only where the upper end of the size reaches this.
    #[serde(default)]
    pub ratio_from: Option<f64>,
    /// Only where the size could not be worked out.
    #[serde(default)]
    pub ratio_unknown: bool,
    /// How bad.
    pub harm: Harm,
    /// How likely.
    pub likelihood: Likelihood,
    /// How sure; not more than the surest claim it rests on.
    pub certainty: Certainty,
    /// What to do.
    pub action: Action,
    /// Which way.
    pub direction: Direction,
    /// What is said; `{with}` stands for the names of those who take part.
    pub statement: Text,
    /// What to do next.
    #[serde(default)]
    pub do_next: Option<Text>,
    /// The claims it rests on, the most important first. At least one.
    pub claims: Vec<ClaimId>,
}

/// Claims that are shown only where a drug of a class takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassEvidence {
    /// The classes.
    pub class: Vec<ClassId>,
    /// The claims.
    pub claims: Vec<ClaimId>,
}

/// `data/interactions/<id>.toml`: one interaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InteractionRule {
    /// Topic, for grouping; the name of a file in `data/claims/`.
    pub topic: TopicId,
    /// Whether effects meet, or levels.
    pub kind: InteractionKind,
    /// How it comes about.
    pub mechanism: Text,
    /// The kratom products it is about. Empty: it holds among other substances too, kratom being one of them.
    #[serde(default)]
    pub products: Vec<AppliesTo>,
    /// Who else takes part. Every side is needed, each with its own drug.
    pub member: Vec<Member>,
    /// Named too where the rule holds, without being needed.
    #[serde(default)]
    pub also: Vec<ClassId>,
    /// One finding for each drug, instead of one that names them all.
    #[serde(default)]
    pub each: bool,
    /// General findings (`data/findings/`) this rule says more sharply. Where it makes a finding that is
    /// at least as urgent, those are not shown beside it.
    #[serde(default)]
    pub replaces: Vec<FindingId>,
    /// Where its size comes from.
    #[serde(default)]
    pub size: Option<SizeFrom>,
    /// What is said, the most urgent first. The first that holds is taken.
    pub level: Vec<Level>,
    /// Further claims by class.
    #[serde(default)]
    pub evidence: Vec<ClassEvidence>,
    /// Case reports and deaths.
    #[serde(default)]
    pub cases: Vec<ClaimId>,
    /// What would change it.
    pub would_change: Text,
    /// For whom and what it holds.
    pub domain: Text,
}
