//! Rows of a law file: everything that has a period, sources and a review date.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limit::Limit;
use super::words::*;
use crate::date::{Date, PartialDate};
use crate::evidence::Verification;

/// What every dated row can tell: when it holds, since when we know it, and on what it rests.
// `from` is the first day of a period, the word of the files, not a conversion.
#[allow(clippy::wrong_self_convention)]
pub trait Row {
    /// Name, unique in the file.
    fn id(&self) -> &str;
    /// First day, as exactly as known. `None`: not known.
    fn from(&self) -> Option<PartialDate>;
    /// How far the first day was checked, where that differs from the row.
    fn from_verification(&self) -> Option<Verification>;
    /// First day on which the row no longer holds.
    fn to(&self) -> Option<PartialDate>;
    /// How it ends.
    fn to_kind(&self) -> ToKind;
    /// Date of the newest source behind the row.
    fn as_of(&self) -> PartialDate;
    /// Source keys.
    fn sources(&self) -> &[String];
    /// Confidence.
    fn confidence(&self) -> Confidence;
    /// When the row entered the data, where later than the first edition.
    fn recorded(&self) -> Option<Date>;
    /// When the row was found to be wrong.
    fn withdrawn(&self) -> Option<Date>;
}

macro_rules! dated_row {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Name, unique in the file.
            pub id: String,
            $($(#[$fdoc])* pub $field: $type,)*
            /// First day, as exactly as the source gives it. Absent: not known.
            #[serde(default)]
            pub from: Option<PartialDate>,
            /// `unverified` makes the first day unknown: the row then holds from its source's date.
            #[serde(default)]
            pub from_verification: Option<Verification>,
            /// First day on which the row no longer holds.
            #[serde(default)]
            pub to: Option<PartialDate>,
            /// How it ends.
            pub to_kind: ToKind,
            /// Why it ended. Rows are closed with a reason, never deleted.
            #[serde(default)]
            pub to_reason: Option<String>,
            /// Date of the newest source behind the row.
            pub as_of: PartialDate,
            /// Source keys of this file.
            pub sources: Vec<String>,
            /// How far the row may be relied on.
            pub confidence: Confidence,
            /// How far its best source was read.
            pub verification: Verification,
            /// When the row entered the data, where later than the first edition.
            #[serde(default)]
            pub recorded: Option<Date>,
            /// When the row was found to be wrong.
            #[serde(default)]
            pub withdrawn: Option<Date>,
            /// What a reader should know of it.
            #[serde(default)]
            pub note: Option<String>,
        }

        impl Row for $name {
            fn id(&self) -> &str { &self.id }
            fn from(&self) -> Option<PartialDate> { self.from }
            fn from_verification(&self) -> Option<Verification> { self.from_verification }
            fn to(&self) -> Option<PartialDate> { self.to }
            fn to_kind(&self) -> ToKind { self.to_kind }
            fn as_of(&self) -> PartialDate { self.as_of }
            fn sources(&self) -> &[String] { &self.sources }
            fn confidence(&self) -> Confidence { self.confidence }
            fn recorded(&self) -> Option<Date> { self.recorded }
            fn withdrawn(&self) -> Option<Date> { self.withdrawn }
        }
    };
}

dated_row! {
    /// Where a substance stands for some activities in a period.
    StatusRow {
        /// A compound or a set of this file.
        substance: String,
        /// Acts the sources carry. An act that is not listed is not known, never free.
        activity: Vec<Activity>,
        /// Where the acts come from.
        activities_from: ActivitiesFrom,
        /// Source keys of this file that name the acts, or the list and the law on listed substances.
        #[serde(default)]
        activities_sources: Vec<String>,
        /// The status.
        status: Status,
        /// The status is lifted where one of these rulesets applies and holds.
        #[serde(default)]
        unless_ruleset: Vec<String>,
        /// The act, rule or order.
        #[serde(default)]
        instrument: Option<String>,
        /// What it says, in plain words.
        summary: String,
    }
}

impl StatusRow {
    /// Whether the sources carry the act. A sale by post or online is a sale.
    #[must_use]
    pub fn names(&self, activity: Activity) -> bool {
        self.activity.contains(&activity)
            || (activity == Activity::OnlineSale && self.activity.contains(&Activity::Sell))
    }
}

dated_row! {
    /// Limits that together give one verdict.
    Ruleset {
        /// Short name.
        title: String,
        /// A compound or a set of this file.
        substance: String,
        /// Activities that are unlawful where it does not hold.
        activity: Vec<Activity>,
        /// Where the activities come from.
        activities_from: ActivitiesFrom,
        /// Source keys of this file that name the activities.
        #[serde(default)]
        activities_sources: Vec<String>,
        /// How the rules combine.
        logic: Logic,
        /// What follows where it does not hold.
        consequence: Consequence,
        /// The limits.
        rule: Vec<Rule>,
        /// Test vectors: for every limit a value within, one outside and the limit itself.
        #[serde(default)]
        vector: Vec<Vector>,
    }
}

dated_row! {
    /// Something asked of sellers, packages or buyers.
    Requirement {
        /// What it is about.
        kind: RequirementKind,
        /// Name of the fact it asks for: `buyer_age`, `child_resistant`.
        key: String,
        /// Comparison.
        op: Operator,
        /// The value, written.
        #[serde(default)]
        value: Option<String>,
        /// The set, for `in` and `not_in`.
        #[serde(default)]
        values: Vec<String>,
        /// Unit, `bool` or `set`.
        unit: String,
        /// Products it is asked of: a compound or a set of this file.
        substance: String,
    }
}

/// A value of one limit with the verdict it must give; everything else a rule could ask is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// Id of a rule of this ruleset.
    pub rule: String,
    /// The value, in the unit of the limit; `true` or `false` for a rule on presence.
    pub value: Limit,
    /// The verdict.
    pub expect: VectorVerdict,
}

/// One limit. It states what is lawful.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name, unique in the file.
    pub id: String,
    /// What is measured.
    pub quantity: QuantityKind,
    /// What is measured in it: a compound, a set of this file, an element or a germ.
    #[serde(default)]
    pub analyte: Option<String>,
    /// Above the line of a ratio.
    #[serde(default)]
    pub numerator: Vec<Compound>,
    /// Below the line of a ratio; several are added.
    #[serde(default)]
    pub denominator: Vec<Compound>,
    /// Comparison.
    pub op: Operator,
    /// The number, with its written digits.
    pub limit: Limit,
    /// Unit of the number.
    pub unit: String,
    /// What the number is taken of.
    pub basis: Basis,
    /// The basis in the words of the source.
    #[serde(default)]
    pub basis_text: Option<String>,
    /// Products it is for.
    pub form: FormScope,
    /// Name of an interpretation of this file, where a term can be read in more than one way.
    #[serde(default)]
    pub interpretation: Option<String>,
    /// Laboratory method the text names.
    #[serde(default)]
    pub method: Option<String>,
    /// What a reader should know of it.
    #[serde(default)]
    pub note: Option<String>,
}

/// A penalty, shown as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Penalty {
    /// Name, unique in the file.
    pub id: String,
    /// For what.
    pub act: String,
    /// The highest fine, written.
    #[serde(default)]
    pub max_fine: Option<String>,
    /// Its currency.
    #[serde(default)]
    pub currency: Option<String>,
    /// The longest term, written.
    #[serde(default)]
    pub max_term: Option<String>,
    /// Unit of the term.
    #[serde(default)]
    pub unit: Option<String>,
    /// In words, where numbers do not carry it.
    #[serde(default)]
    pub text: Option<String>,
    /// Date of the newest source.
    pub as_of: PartialDate,
    /// Source keys of this file.
    pub sources: Vec<String>,
    /// Confidence.
    pub confidence: Confidence,
    /// How far its best source was read.
    pub verification: Verification,
}

/// A term that can be read in more than one way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interpretation {
    /// Name, unique in the file.
    pub id: String,
    /// The words in question.
    pub term: String,
    /// The readings; where their verdicts differ and none is chosen, the verdict is indeterminate.
    pub readings: Vec<Reading>,
    /// The reading that a court or agency has settled.
    #[serde(default)]
    pub chosen: Option<Reading>,
    /// Why it is open, or why it is settled.
    pub why: String,
}

/// A proposal or an expected act. Never part of a verdict unless asked for by id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// Name, unique in the file and used nowhere else.
    pub id: String,
    /// Kind.
    pub kind: PendingKind,
    /// Number of the bill, docket or register document.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What it would do, in plain words.
    pub summary: String,
    /// How far it got.
    pub stage: String,
    /// When.
    #[serde(default)]
    pub stage_date: Option<PartialDate>,
    /// When it could become law at the earliest, or is expected to.
    #[serde(default)]
    pub expected: Option<PartialDate>,
    /// What `expected` is: `earliest_possible` or `announced`.
    #[serde(default)]
    pub expected_kind: Option<String>,
    /// The proposal it replaces.
    #[serde(default)]
    pub supersedes: Option<String>,
    /// It never came into force, or no longer can.
    #[serde(default)]
    pub closed: Option<PartialDate>,
    /// Why.
    #[serde(default)]
    pub closed_reason: Option<String>,
    /// Statuses it would set.
    #[serde(default)]
    pub status: Vec<StatusRow>,
    /// Limits it would set.
    #[serde(default)]
    pub ruleset: Vec<Ruleset>,
    /// Requirements it would set.
    #[serde(default)]
    pub requirement: Vec<Requirement>,
    /// Date of the newest source.
    pub as_of: PartialDate,
    /// Source keys of this file.
    pub sources: Vec<String>,
    /// Confidence.
    pub confidence: Confidence,
    /// How far its best source was read.
    pub verification: Verification,
    /// When the row entered the data, where later than the first edition.
    #[serde(default)]
    pub recorded: Option<Date>,
}

/// Something that happened. No effect on any verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawEvent {
    /// Name, unique in the file.
    pub id: String,
    /// When.
    pub date: PartialDate,
    /// Who acted.
    #[serde(default)]
    pub actor: Option<String>,
    /// What happened.
    pub what: String,
    /// The document.
    #[serde(default)]
    pub document: Option<String>,
    /// Whether it changed the law.
    pub changes_law: ChangesLaw,
    /// Source keys of this file.
    pub sources: Vec<String>,
    /// How far its best source was read.
    pub verification: Verification,
}

dated_row! {
    /// A rule of a county, city, town or village.
    Local {
        /// Open Civic Data division id.
        ocd_id: String,
        /// Name as printed.
        name: String,
        /// Kind.
        kind: LocalKind,
        /// The county it lies in, as the id of another local row, where that matters.
        #[serde(default)]
        within: Option<String>,
        /// How far the measure got.
        stage: LocalStage,
        /// A compound or a set of this file.
        substance: String,
        /// Acts the sources carry.
        #[serde(default)]
        activity: Vec<Activity>,
        /// Where the acts come from. Needed where the measure is in force.
        #[serde(default)]
        activities_from: Option<ActivitiesFrom>,
        /// Source keys of this file that name the acts.
        #[serde(default)]
        activities_sources: Vec<String>,
        /// The status it sets.
        status: Status,
        /// What it does, in plain words.
        measure: String,
        /// The ordinance.
        #[serde(default)]
        instrument: Option<String>,
        /// When the body acted, where the first day is not known.
        #[serde(default)]
        action_date: Option<PartialDate>,
        /// When somebody last saw that it was not repealed.
        #[serde(default)]
        checked_not_repealed: Option<Date>,
        /// What it leaves out.
        #[serde(default)]
        exceptions: Option<String>,
        /// Penalty in words.
        #[serde(default)]
        penalty: Option<String>,
        /// The status is lifted where one of these rulesets applies and holds.
        #[serde(default)]
        unless_ruleset: Vec<String>,
        /// Limits.
        #[serde(default)]
        ruleset: Vec<Ruleset>,
        /// Requirements.
        #[serde(default)]
        requirement: Vec<Requirement>,
    }
}

/// Sources that disagree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// Name, unique in the file.
    pub id: String,
    /// What they disagree on.
    pub about: String,
    /// Rows of this file whose verdict it makes indeterminate.
    #[serde(default)]
    pub rows: Vec<String>,
    /// First day it matters; absent: always.
    #[serde(default)]
    pub from: Option<Date>,
    /// First day it no longer matters.
    #[serde(default)]
    pub to: Option<Date>,
    /// What is said, by whom.
    pub claims: Vec<ConflictClaim>,
    /// The side that was chosen, where the text was read and settles it.
    #[serde(default)]
    pub resolution: Option<String>,
    /// What follows for the answer.
    pub effect: String,
}

/// One side of a conflict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConflictClaim {
    /// What is said.
    pub value: String,
    /// Source keys of this file.
    pub sources: Vec<String>,
}
