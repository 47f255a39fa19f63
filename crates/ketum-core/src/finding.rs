//! Findings: the common coin of an assessment, and the rules in `data/findings/` that make them.
//!
//! Harm if it happens, how likely it is, how sure the evidence is and what to do are four closed
//! vocabularies. They are never folded into one scale.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::circumstance::Circumstance;
use crate::evidence::{Certainty, Text};
use crate::id::{ClaimId, FindingId, TopicId};

/// How bad it is if it happens.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Harm {
    /// Death or lasting damage.
    LifeThreatening,
    /// Needs hospital care, or harms for weeks.
    Serious,
    /// Unpleasant, passes with care.
    Moderate,
    /// A nuisance.
    Minor,
    /// No harm: information or benefit.
    None,
    /// Not known.
    Unknown,
}

/// How likely it is, for people like this one.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Likelihood {
    /// More than 1 in 10.
    VeryCommon,
    /// 1 in 100 to 1 in 10.
    Common,
    /// 1 in 1,000 to 1 in 100.
    Uncommon,
    /// Less than 1 in 1,000.
    Rare,
    /// Reported, but nobody knows out of how many.
    ReportedNoDenominator,
    /// Expected from the mechanism; not studied.
    ByMechanism,
    /// Not known.
    Unknown,
}

/// What to do, in the order of urgency.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Call for help now.
    Emergency,
    /// Do not take these together.
    DoNotCombine,
    /// Talk to a clinician before going on.
    ClinicianFirst,
    /// A professional may change amount or spacing.
    AdjustOrSpace,
    /// Watch for signs.
    Watch,
    /// Nothing known that calls for action.
    NoneKnown,
    /// For information.
    Inform,
}

/// Which way it moves the risk or effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More of it.
    Raises,
    /// Less of it.
    Lowers,
    /// Evidence points both ways.
    Either,
    /// No direction.
    None,
}

/// The size of a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Central value.
    #[serde(default)]
    pub value: Option<f64>,
    /// Lower end.
    #[serde(default)]
    pub low: Option<f64>,
    /// Upper end.
    #[serde(default)]
    pub high: Option<f64>,
    /// Unit.
    pub unit: String,
    /// Whether it was measured in people, as opposed to computed.
    pub measured: bool,
}

/// How a finding was worked out, so that a professional can check it without us.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Inputs of the case it used.
    #[serde(default)]
    pub inputs_used: Vec<String>,
    /// Inputs that were missing and would matter.
    #[serde(default)]
    pub inputs_missing: Vec<String>,
    /// Rule, equation or model with its version.
    #[serde(default)]
    pub method: String,
    /// For whom and what it holds.
    #[serde(default)]
    pub domain: String,
}

/// One finding of an assessment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Name of the rule that made it; with a suffix where one rule makes several.
    pub id: String,
    /// Topic, for grouping.
    pub topic: TopicId,
    /// How bad.
    pub harm: Harm,
    /// How likely.
    pub likelihood: Likelihood,
    /// How sure.
    pub certainty: Certainty,
    /// What to do.
    pub action: Action,
    /// Which way.
    pub direction: Direction,
    /// What is said.
    pub statement: String,
    /// What to do next, in a sentence.
    pub do_next: Option<String>,
    /// What would change this finding.
    pub would_change: Option<String>,
    /// Its size, where it has one.
    pub quantity: Option<Size>,
    /// Its evidence is not verified; the warning stands until it is.
    pub needs_checking: bool,
    /// How it was worked out.
    pub basis: Basis,
    /// The claims it rests on. Empty only for computed findings.
    pub claims: Vec<ClaimId>,
}

/// Something that was looked for and is not known. Absence is not a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NotKnown {
    /// What is not known.
    pub what: String,
    /// What was looked for.
    pub looked_for: String,
    /// Until when.
    pub as_of: String,
}

/// `data/findings/<id>.toml`: which circumstances make which finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingRule {
    /// Topic, for grouping; the name of a file in `data/claims/`.
    pub topic: TopicId,
    /// The rule fires where one of these holds.
    pub when: Vec<Circumstance>,
    /// And all of these hold.
    #[serde(default)]
    pub and: Vec<Circumstance>,
    /// And none of these.
    #[serde(default)]
    pub unless: Vec<Circumstance>,
    /// Another rule that says the same more sharply; where both fire, only that one is shown.
    #[serde(default)]
    pub yields_to: Vec<FindingId>,
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
    /// What is said: one or two plain sentences, all of it carried by the claims.
    pub statement: Text,
    /// What to do next.
    #[serde(default)]
    pub do_next: Option<Text>,
    /// What would change it.
    #[serde(default)]
    pub would_change: Option<Text>,
    /// For whom and what it holds.
    pub domain: Text,
    /// The claims it rests on, the most important first. At least one.
    pub claims: Vec<ClaimId>,
}
