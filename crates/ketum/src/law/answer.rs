//! The answer to a question of law: plain data with everything a reader needs to check it.

use ketum_core::evidence::Verification;
use ketum_core::finding::NotKnown;
use ketum_core::law::{
    ActivitiesFrom, Activity, Basis, Confidence, LawSource, LawSourceKind, LookUpOutcome, Operator,
    QuantityKind, RequirementKind, Status, Tier,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::rule::Verdict;

/// What can be said of a place. Never "lawful" for what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceVerdict {
    /// A source looked and found no rule.
    NoRuleFound,
    /// The numbers of the product are within every limit in force here that could be computed.
    Compliant,
    /// Not known.
    Unknown,
    /// It depends on what is missing, or the sources differ.
    Indeterminate,
    /// A rule in force forbids it.
    NonCompliant,
}

impl PlaceVerdict {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoRuleFound => "no_rule_found",
            Self::Compliant => "compliant",
            Self::Unknown => "unknown",
            Self::Indeterminate => "indeterminate",
            Self::NonCompliant => "non_compliant",
        }
    }
}

/// The answer for one substance in one place.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LawAnswer {
    /// The place asked for.
    pub place: String,
    /// Its name.
    pub name: String,
    /// The day of the act.
    pub date: String,
    /// Nothing published or recorded after this day was used.
    pub known_as_of: String,
    /// The act.
    pub activity: Activity,
    /// The substance.
    pub substance: String,
    /// The status that decides.
    pub status: Status,
    /// The verdict, the strictest of all levels.
    pub verdict: PlaceVerdict,
    /// The id of the place whose rule decides.
    pub decided_by: String,
    /// Why, in sentences, the deciding level first.
    pub reasons: Vec<String>,
    /// Every level with its own status and verdict, the most local first.
    pub levels: Vec<LevelAnswer>,
    /// Groups of limits.
    pub rulesets: Vec<RulesetAnswer>,
    /// What is asked beyond numbers.
    pub requirements: Vec<RequirementAnswer>,
    /// Proposals: not law, not part of the verdict.
    pub pending: Vec<PendingAnswer>,
    /// Set where a proposal was taken as if it were in force.
    pub what_if: Vec<String>,
    /// A row the verdict rests on is past its review date.
    pub stale: bool,
    /// Which rows, and since when.
    pub stale_rows: Vec<StaleRow>,
    /// What is not known, what was looked for, until when.
    pub not_known: Vec<NotKnown>,
    /// Look-ups logged for the place and the places above it, the newest first.
    pub looked_up: Vec<LookUpAnswer>,
    /// Penalties as the sources give them.
    pub penalties: Vec<PenaltyAnswer>,
    /// How uncertain results were compared with limits.
    pub decision_rule: String,
    /// Not legal advice.
    pub disclaimer: String,
    /// The day the data set was last added to.
    pub data_as_of: String,
    /// The documents.
    pub sources: Vec<SourceAnswer>,
}

/// One level of the chain.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LevelAnswer {
    /// Id of the place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Its status for the substance and activity.
    pub status: Status,
    /// Its verdict.
    pub verdict: PlaceVerdict,
    /// The row the status stands in.
    pub row: Option<String>,
    /// The act, rule or order.
    pub instrument: Option<String>,
    /// What it says.
    pub summary: Option<String>,
    /// Acts its sources carry.
    pub activities: Vec<Activity>,
    /// Where these acts come from.
    pub activities_from: Option<ActivitiesFrom>,
    /// Source keys for the acts.
    pub activities_sources: Vec<String>,
    /// The act asked for is one of them; `null` where no row was found.
    pub act_named: Option<bool>,
    /// First day, as the source gives it.
    pub from: Option<String>,
    /// The first day was not checked.
    pub from_unverified: bool,
    /// First day on which it no longer holds.
    pub to: Option<String>,
    /// Date of the newest source.
    pub as_of: Option<String>,
    /// Confidence.
    pub confidence: Option<Confidence>,
    /// How far its best source was read.
    pub verification: Option<Verification>,
    /// A higher rule removes this one.
    pub preempted: bool,
    /// Why.
    pub reasons: Vec<String>,
    /// Source keys.
    pub sources: Vec<String>,
}

/// A group of limits.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RulesetAnswer {
    /// Id: the group.
    pub id: String,
    /// Short name.
    pub title: String,
    /// The place it belongs to.
    pub place: String,
    /// Whether it is in force on the day; `null` where that is not known.
    pub in_force: Option<bool>,
    /// Verdict of the group.
    pub verdict: Verdict,
    /// Its rules.
    pub rules: Vec<RuleAnswer>,
    /// The acts it makes unlawful where it does not hold.
    pub activities: Vec<Activity>,
    /// Where the acts come from.
    pub activities_from: ActivitiesFrom,
    /// The activity asked for is one it makes unlawful.
    pub concerns_activity: bool,
    /// It only bounds what is not known: it says what was announced, and is no limit in force.
    pub bounds_unknown: bool,
    /// First day.
    pub from: Option<String>,
    /// First day on which it no longer holds.
    pub to: Option<String>,
    /// Confidence.
    pub confidence: Confidence,
    /// What a reader should know of it.
    pub notes: Vec<String>,
    /// Source keys.
    pub sources: Vec<String>,
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RuleAnswer {
    /// Id.
    pub id: String,
    /// Verdict.
    pub verdict: Verdict,
    /// What is measured.
    pub quantity: QuantityKind,
    /// Of what.
    pub analyte: String,
    /// The interval compared, in the unit of the limit; the upper end is `null` where it is open.
    pub computed: Option<(f64, Option<f64>)>,
    /// Comparison.
    pub operator: Operator,
    /// The limit with its written digits.
    pub limit: String,
    /// Its unit.
    pub unit: String,
    /// What it is taken of, in the words of the source where there are any.
    pub basis: String,
    /// The same as a word of the closed list.
    pub basis_kind: Basis,
    /// Why it is indeterminate, or what was assumed.
    pub reasons: Vec<String>,
    /// The result in one line of arithmetic.
    pub arithmetic: Option<String>,
}

/// A requirement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RequirementAnswer {
    /// Id.
    pub id: String,
    /// The place it belongs to.
    pub place: String,
    /// What it is about.
    pub kind: RequirementKind,
    /// The fact it asks for.
    pub key: String,
    /// Comparison.
    pub operator: Operator,
    /// The value, or the set.
    pub value: String,
    /// Unit.
    pub unit: String,
    /// Whether the case meets it; `indeterminate` where the case does not say.
    pub verdict: Verdict,
    /// In words.
    pub text: String,
    /// First day.
    pub from: Option<String>,
    /// Source keys.
    pub sources: Vec<String>,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PendingAnswer {
    /// Id, for `--what-if`.
    pub id: String,
    /// The place it belongs to.
    pub place: String,
    /// Number of the bill or document.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What it would do.
    pub summary: String,
    /// How far it got.
    pub stage: String,
    /// When.
    pub stage_date: Option<String>,
    /// Earliest or expected date.
    pub expected: Option<String>,
    /// Groups of limits it holds, for `--what-if`.
    pub rulesets: Vec<String>,
    /// Date of the newest source.
    pub as_of: String,
    /// Source keys.
    pub sources: Vec<String>,
}

/// A row past its review date.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StaleRow {
    /// Row.
    pub row: String,
    /// Date of its newest source.
    pub as_of: String,
    /// It was due for review on this day.
    pub review_due: String,
    /// Past twice the interval: what it permits no longer counts.
    pub old: bool,
}

/// A look-up.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LookUpAnswer {
    /// The place whose file logs it.
    pub place: String,
    /// The day.
    pub date: String,
    /// What was looked for.
    pub looked_for: String,
    /// Where.
    pub searched: String,
    /// What came of it.
    pub outcome: LookUpOutcome,
    /// What was found.
    pub found: String,
    /// Source keys.
    pub sources: Vec<String>,
}

/// A penalty, as text.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PenaltyAnswer {
    /// The place it belongs to.
    pub place: String,
    /// For what.
    pub act: String,
    /// What.
    pub text: String,
    /// Source keys.
    pub sources: Vec<String>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SourceAnswer {
    /// Key.
    pub id: String,
    /// Kind.
    pub kind: LawSourceKind,
    /// Tier.
    pub tier: Tier,
    /// What it is.
    pub title: String,
    /// Citation.
    pub locator: Option<String>,
    /// Address; absent for pages of sellers.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// When it was last read.
    pub accessed: String,
    /// How far it was read.
    pub verification: Verification,
    /// What it was read through.
    pub via: Option<String>,
    /// What a reader should know of it.
    pub note: Option<String>,
}

impl SourceAnswer {
    pub(super) fn of(source: &LawSource) -> Self {
        Self {
            id: source.id.clone(),
            kind: source.kind,
            tier: source.tier,
            title: source.title.clone(),
            locator: source.locator.clone(),
            url: source.url.clone().filter(|_| !source.seller),
            published: source.published.map(|date| date.to_string()),
            accessed: source.accessed.to_string(),
            verification: source.verification,
            via: source.via.clone(),
            note: source.note.clone(),
        }
    }
}
