//! Evidence: sources, claims, and the words that say how far each was checked and how sure it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::{Date, PartialDate};
use crate::id::{ClaimId, SourceId};
use crate::quantity::Quantity;

/// How far the maintainers of the data have read the source of a statement.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verification {
    /// The full text, table, label, statute or official page was read.
    Primary,
    /// Only an abstract or excerpt was read.
    Abstract,
    /// Read in someone else's citation of it, or on a seller's or press page.
    Secondary,
    /// Our own arithmetic on inputs that are named.
    Derived,
    /// No source was read. Never shown as a fact.
    Unverified,
    /// Looked for; nothing was found. Shown as "not known".
    NotFound,
}

impl Verification {
    /// Whether a statement with this word may be shown as a fact.
    #[must_use]
    pub fn is_shippable(self) -> bool {
        !matches!(self, Self::Unverified | Self::NotFound)
    }
}

/// Certainty of evidence in the sense of GRADE.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Further research is very unlikely to change the statement.
    High,
    /// Probably true; further research may change the size.
    Moderate,
    /// May be true; further research is likely to change it.
    Low,
    /// Very uncertain.
    VeryLow,
}

/// What kind of investigation a statement rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Participants were allotted by chance.
    RandomisedTrial,
    /// An experiment in people without random allotment.
    Trial,
    /// Levels were measured in people after a known dose.
    PharmacokineticStudy,
    /// People were followed over time.
    Cohort,
    /// Cases were compared with controls.
    CaseControl,
    /// People were asked or examined once.
    Survey,
    /// People were asked in depth, or their posts were read.
    Qualitative,
    /// Several patients were described.
    CaseSeries,
    /// One patient was described.
    CaseReport,
    /// Reports that reached a poison centre, agency or registry.
    Surveillance,
    /// Findings after death.
    PostMortem,
    /// A review with a stated search.
    SystematicReview,
    /// A review without one.
    Review,
    /// A guideline or consensus of experts.
    Guideline,
    /// Animals.
    Animal,
    /// Cells, receptors, enzymes or simulated fluids.
    InVitro,
    /// A model's prediction.
    Model,
    /// Laboratory analysis of products or plants.
    ProductAnalysis,
    /// A law, rule, notice or official statement.
    Law,
    /// The approved label of a medicine.
    Label,
    /// History, botany, ethnography.
    Ethnography,
}

/// What kind of document a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A paper in a journal.
    Article,
    /// A paper before review.
    Preprint,
    /// A chapter or book.
    Book,
    /// A register of studies.
    TrialRegistry,
    /// A statute or bill.
    Statute,
    /// A rule in force, printed in an official register.
    RegisterRule,
    /// A notice or proposal in an official register.
    RegisterNotice,
    /// A page of an agency, court or ministry.
    Agency,
    /// The approved label of a medicine.
    Label,
    /// A data set or curated database.
    Database,
    /// A guideline, standard or report of a body.
    Report,
    /// Press.
    News,
    /// A page of someone who sells or promotes.
    Seller,
    /// Any other page.
    WebPage,
    /// Own arithmetic, described in `note`.
    OwnWork,
}

/// A document a statement can be traced to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What kind of document it is.
    pub kind: SourceKind,
    /// Its title, or what it is where it has none.
    pub title: String,
    /// Authors as printed, shortened with "et al." from four on.
    #[serde(default)]
    pub authors: Option<String>,
    /// Journal with volume and page, court, agency or publisher.
    #[serde(default)]
    pub container: Option<String>,
    /// When it was published, as exactly as known.
    #[serde(default)]
    pub published: Option<PartialDate>,
    /// Digital object identifier, without `https://doi.org/`.
    #[serde(default)]
    pub doi: Option<String>,
    /// PubMed number.
    #[serde(default)]
    pub pmid: Option<String>,
    /// PubMed Central number with its `PMC`.
    #[serde(default)]
    pub pmcid: Option<String>,
    /// Number in a trial register or official register.
    #[serde(default)]
    pub number: Option<String>,
    /// Address, for what has no better identifier.
    #[serde(default)]
    pub url: Option<String>,
    /// Licence or terms, where they matter.
    #[serde(default)]
    pub licence: Option<String>,
    /// When it was last read.
    pub accessed: Date,
    /// What a reader should know of it: who pays, what was seen.
    #[serde(default)]
    pub note: Option<String>,
}

/// Where in a source a statement stands, and how far it was read there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The source.
    pub source: SourceId,
    /// Table, figure, page, section; or "abstract".
    pub locator: String,
    /// How far it was read.
    pub verification: Verification,
}

/// Text in the languages we have; English always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
}

/// Which kind of product a statement is about. Leaf and concentrated 7-OH are different drugs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AppliesTo {
    /// Leaf in any form: powder, capsule, tea, fresh.
    Leaf,
    /// Extracts and shots of leaf alkaloids.
    Extract,
    /// Products whose main alkaloid is 7-hydroxymitragynine.
    SevenOh,
    /// Pseudoindoxyl, MGM-15 and other semi-synthetics.
    SemiSynthetic,
    /// Whatever was sold or reported as kratom; the product was not told apart.
    AnyKratom,
}

/// Whether a claim states something or states that it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimKind {
    /// A statement of fact.
    #[default]
    Statement,
    /// A gap: it was looked for and not found.
    Gap,
}

/// One statement with everything a reader needs to judge it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Stable name, unique in the whole catalogue.
    pub id: ClaimId,
    /// Statement or gap.
    #[serde(default)]
    pub kind: ClaimKind,
    /// What is said: whole sentences in plain words.
    pub statement: Text,
    /// Which products it is about.
    pub applies_to: Vec<AppliesTo>,
    /// Who or what was studied.
    pub population: String,
    /// What kind of investigation.
    pub design: Design,
    /// How many people, animals, samples or reports.
    #[serde(default)]
    pub n: Option<u64>,
    /// The number of the statement, where it has one.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// How sure the statement is.
    pub certainty: Certainty,
    /// Why not more and not less: risk of bias, indirectness, imprecision, conflict.
    pub certainty_why: String,
    /// Where it stands. At least one.
    pub sources: Vec<Citation>,
    /// Date of the newest source considered.
    pub as_of: PartialDate,
    /// When somebody should look again.
    pub review_by: Date,
    /// Claims that say otherwise. Both sides are shown.
    #[serde(default)]
    pub conflicts_with: Vec<ClaimId>,
    /// Words people use when they ask for this, beyond those of the statement.
    #[serde(default)]
    pub asked_as: Vec<String>,
}

impl Claim {
    /// How far the best-read source of this claim was read.
    #[must_use]
    pub fn verification(&self) -> Verification {
        self.sources
            .iter()
            .map(|citation| citation.verification)
            .min()
            .unwrap_or(Verification::Unverified)
    }

    /// Whether a release catalogue may carry it: a gap, or a statement whose every source was read.
    #[must_use]
    pub fn is_shippable(&self) -> bool {
        match self.kind {
            ClaimKind::Gap => true,
            ClaimKind::Statement => self.verification().is_shippable(),
        }
    }
}

/// `data/claims/<topic>.toml`: the statements of one topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimFile {
    /// Title of the topic, for tables of contents.
    pub title: Text,
    /// The statements.
    #[serde(default)]
    pub claim: Vec<Claim>,
    /// Sources used by this file only.
    #[serde(default)]
    pub source: std::collections::BTreeMap<SourceId, Source>,
}

/// The first sentence: up to a full stop, question mark or exclamation mark before a space and a capital.
#[must_use]
pub fn first_sentence(text: &str) -> &str {
    let bytes = text.as_bytes();
    for (index, mark) in text.match_indices(['.', '?', '!']) {
        let after = &bytes[index + mark.len()..];
        let starts = matches!(after, [b' ', next, ..] if next.is_ascii_uppercase());
        // "U.S. Food" and initials are no ends.
        let before = index.checked_sub(2).and_then(|at| bytes.get(at));
        let initial = before.is_none_or(|byte| matches!(byte, b' ' | b'.' | b'('));
        if starts && !initial {
            return &text[..=index];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn a_first_sentence_ends_at_its_stop_and_not_at_an_initial_or_a_number() {
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("Of 2.5 mg. Half"), "Of 2.5 mg.");
        assert_eq!(
            first_sentence("The U.S. Food agency. Then"),
            "The U.S. Food agency."
        );
        assert_eq!(first_sentence("No end"), "No end");
        assert_eq!(first_sentence(""), "");
    }
}
