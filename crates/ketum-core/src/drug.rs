//! Drugs: what a medicine, herb or other substance is called, which mechanisms it brings, and which
//! enzymes clear it or are touched by it.
//!
//! This module knows the shape of `data/drugs/<inn>.toml` and `data/classes.toml`. It knows no rule
//! that meets a drug with kratom (`data/interactions/`) and finds no drug by name (crate `ketum`).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::evidence::{Citation, Source, Verification};
use crate::id::{DrugId, SourceId};
use crate::quantity::Quantity;

/// Why a text is not the id of a class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a class id: use lower-case letters, digits and single underscores")]
pub struct ClassIdError {
    /// The text as given, cut at 60 characters.
    pub text: String,
}

/// A mechanism class of `data/classes.toml`, such as `mu_agonist_full`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(String);

impl ClassId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClassId {
    type Err = ClassIdError;

    fn from_str(text: &str) -> Result<Self, ClassIdError> {
        let fine = !text.is_empty()
            && text.len() <= 60
            && !text.starts_with('_')
            && !text.ends_with('_')
            && !text.contains("__")
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        fine.then(|| Self(text.to_owned()))
            .ok_or_else(|| ClassIdError {
                text: text.chars().take(60).collect(),
            })
    }
}

impl fmt::Display for ClassId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ClassId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for ClassId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Serialize for ClassId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ClassId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for ClassId {
    fn schema_name() -> Cow<'static, str> {
        "ClassId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A class of data/classes.toml.",
            "pattern": "^[a-z0-9]+(_[a-z0-9]+)*$"
        })
    }
}

/// Who writes a class into a drug's file.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ClassKind {
    /// Written in drug files.
    Own,
    /// Carried by narrower classes; written only where nothing narrower is known.
    Umbrella,
    /// Follows from the `[[enzyme]]` tables; never written.
    Computed,
}

/// One class of the closed vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Stable name. Never renamed, never reused.
    pub id: ClassId,
    /// Heading it stands under in lists.
    pub group: String,
    /// Who writes it.
    pub kind: ClassKind,
    /// Classes that every member of this one also belongs to.
    #[serde(default)]
    pub implies: Vec<ClassId>,
    /// What membership means, in one sentence.
    pub meaning: String,
}

/// `data/classes.toml`: the closed vocabulary of mechanism classes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassVocabulary {
    /// The classes.
    #[serde(default)]
    pub class: Vec<Class>,
}

impl ClassVocabulary {
    /// The class with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Class> {
        self.class.iter().find(|class| class.id.as_str() == id)
    }

    /// `classes` and everything they imply, however far.
    #[must_use]
    pub fn closure<'a>(
        &'a self,
        classes: impl IntoIterator<Item = &'a ClassId>,
    ) -> BTreeSet<&'a ClassId> {
        let mut closed: BTreeSet<&ClassId> = BTreeSet::new();
        let mut open: Vec<&ClassId> = classes.into_iter().collect();
        while let Some(id) = open.pop() {
            if closed.insert(id)
                && let Some(class) = self.get(id.as_str())
            {
                open.extend(&class.implies);
            }
        }
        closed
    }

    /// Every class `drug` belongs to: written, implied and computed from its enzymes.
    #[must_use]
    pub fn classes_of<'a>(&'a self, drug: &'a Drug) -> BTreeSet<&'a ClassId> {
        let written = drug.class.iter().map(|row| &row.id);
        let computed = drug
            .enzyme
            .iter()
            .filter_map(|row| self.get(row.role.class()).map(|class| &class.id));
        self.closure(written.chain(computed))
    }
}

/// What sort of thing a drug is, as a shelf would have it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum DrugKind {
    /// A medicine, on prescription or over the counter.
    Medicine,
    /// A plant or its preparation.
    Herb,
    /// A supplement or a constituent sold as one.
    Supplement,
    /// Taken for its mental effect; may also be a medicine elsewhere.
    Recreational,
    /// Food or drink.
    Food,
    /// Met as an adulterant.
    Adulterant,
}

/// How a drug enters the body.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// Swallowed.
    Oral,
    /// Under the tongue or in the cheek.
    Sublingual,
    /// Into a vein.
    Intravenous,
    /// Into muscle or under the skin.
    Injected,
    /// Breathed in.
    Inhaled,
    /// Into the nose.
    Nasal,
    /// Through the skin.
    Transdermal,
    /// On skin or eye, acting there.
    Topical,
    /// Into the rectum.
    Rectal,
    /// Into the vagina, womb or under the skin as an implant.
    Implant,
}

/// A register that gives substances numbers.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CodeSystem {
    /// RxNorm concept of the ingredient.
    Rxnorm,
    /// FDA Unique Ingredient Identifier.
    Unii,
}

/// A number of this substance in a register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The register.
    pub system: CodeSystem,
    /// The number.
    pub value: String,
    /// Where it was seen. At least one.
    pub sources: Vec<Citation>,
}

/// Membership of a mechanism class.
///
/// An empty `sources` says that no source has been read: the hazard still warns, marked "needs
/// checking", and the check as a whole is incomplete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassRow {
    /// The class.
    pub id: ClassId,
    /// Where it stands that this drug belongs to it.
    #[serde(default)]
    pub sources: Vec<Citation>,
    /// What a reader should know: only at high dose, only by injection, disputed.
    #[serde(default)]
    pub note: Option<String>,
}

/// What clears drugs. Names as printed by the FDA, without `CYP3A4` apart from `CYP3A`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[allow(missing_docs)] // the names say it all
pub enum Enzyme {
    #[serde(rename = "CYP1A2")]
    Cyp1a2,
    #[serde(rename = "CYP2A6")]
    Cyp2a6,
    #[serde(rename = "CYP2B6")]
    Cyp2b6,
    #[serde(rename = "CYP2C8")]
    Cyp2c8,
    #[serde(rename = "CYP2C9")]
    Cyp2c9,
    #[serde(rename = "CYP2C19")]
    Cyp2c19,
    #[serde(rename = "CYP2D6")]
    Cyp2d6,
    #[serde(rename = "CYP2E1")]
    Cyp2e1,
    #[serde(rename = "CYP2J2")]
    Cyp2j2,
    #[serde(rename = "CYP3A")]
    Cyp3a,
    #[serde(rename = "UGT1A1")]
    Ugt1a1,
    #[serde(rename = "UGT1A3")]
    Ugt1a3,
    #[serde(rename = "UGT1A4")]
    Ugt1a4,
    #[serde(rename = "UGT1A9")]
    Ugt1a9,
    #[serde(rename = "UGT2B7")]
    Ugt2b7,
    #[serde(rename = "UGT2B15")]
    Ugt2b15,
    /// Glucuronidation, form not named by the source.
    #[serde(rename = "UGT")]
    Ugt,
    #[serde(rename = "SULT")]
    Sult,
    #[serde(rename = "CES1")]
    Ces1,
    /// Monoamine oxidase.
    #[serde(rename = "MAO")]
    Mao,
    #[serde(rename = "aldehyde-oxidase")]
    AldehydeOxidase,
    #[serde(rename = "alcohol-dehydrogenase")]
    AlcoholDehydrogenase,
    #[serde(rename = "aldo-keto-reductase")]
    AldoKetoReductase,
    #[serde(rename = "amidase")]
    Amidase,
    #[serde(rename = "beta-oxidation")]
    BetaOxidation,
    #[serde(rename = "P-gp")]
    Pgp,
    #[serde(rename = "BCRP")]
    Bcrp,
    #[serde(rename = "OATP1B1")]
    Oatp1b1,
    #[serde(rename = "OATP1B3")]
    Oatp1b3,
    #[serde(rename = "OAT1")]
    Oat1,
    #[serde(rename = "OAT3")]
    Oat3,
    #[serde(rename = "OCT2")]
    Oct2,
    #[serde(rename = "MATE")]
    Mate,
    /// Leaves by the kidney unchanged.
    #[serde(rename = "renal")]
    Renal,
}

/// What a drug does with an enzyme.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum EnzymeRole {
    /// It is cleared by it.
    Victim,
    /// It blocks it.
    Inhibitor,
    /// It makes more of it.
    Inducer,
}

impl EnzymeRole {
    /// The computed class that follows from this role.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Victim => "enzyme_victim",
            Self::Inhibitor => "enzyme_inhibitor",
            Self::Inducer => "enzyme_inducer",
        }
    }
}

/// How much, in the FDA's words.
///
/// A perpetrator is strong where it changes the exposure of a sensitive victim 5-fold or more (an
/// inducer: lowers it by 80 % or more), moderate from 2-fold (50 %), weak from 1.25-fold (20 %).
/// A victim is sensitive where a strong inhibitor raises its exposure 5-fold or more, moderately
/// sensitive from 2-fold.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Perpetrator, 5-fold or more.
    Strong,
    /// Perpetrator, 2- to 5-fold; victim, 2- to 5-fold.
    Moderate,
    /// Perpetrator, 1.25- to 2-fold.
    Weak,
    /// Victim, 5-fold or more.
    Sensitive,
    /// The main route of a victim, size not stated.
    Main,
    /// A side route of a victim.
    Minor,
    /// The source names the drug without a strength.
    Unstated,
}

/// One enzyme or transporter and what the drug has to do with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnzymeRow {
    /// Which one.
    pub enzyme: Enzyme,
    /// Victim, inhibitor or inducer.
    pub role: EnzymeRole,
    /// How much.
    pub strength: Strength,
    /// Where it stands; empty where no source has been read.
    #[serde(default)]
    pub sources: Vec<Citation>,
    /// What a reader should know.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a number of a drug is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum NumberKind {
    /// Share of the total clearance that goes through `enzyme`; 0 to 1.
    Fm,
    /// Share that escapes metabolism in the gut wall; 0 to 1.
    Fg,
    /// Exposure of this drug with `with` over exposure alone.
    AucRatio,
    /// Exposure of `with` with this drug over exposure alone.
    AucRatioOnOther,
    /// Contribution ratio of `enzyme` to clearance by mouth, gut and liver together; 0 to 1.
    ContributionRatio,
    /// Inhibition ratio of this drug on `enzyme`; 0 to 1.
    InhibitionRatio,
}

/// A measured or computed number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberRow {
    /// What it is.
    pub kind: NumberKind,
    /// The enzyme or transporter it speaks of.
    #[serde(default)]
    pub enzyme: Option<Enzyme>,
    /// The other drug of a ratio.
    #[serde(default)]
    pub with: Option<DrugId>,
    /// How this drug was given.
    #[serde(default)]
    pub route: Option<Route>,
    /// The number.
    pub amount: Quantity,
    /// Where it stands. At least one: an unsourced number is not written.
    pub sources: Vec<Citation>,
    /// Design, conflicts, what was corrected.
    #[serde(default)]
    pub note: Option<String>,
}

/// Whether small changes in level do harm or lose the effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NarrowIndex {
    /// Whether the index is narrow.
    pub narrow: bool,
    /// Where it stands; empty where no source has been read.
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// `data/drugs/<id>.toml`: one ingredient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drug {
    /// Stable name and file name: the international nonproprietary name in kebab-case.
    pub id: DrugId,
    /// The name we print: the international nonproprietary name, or the common one of a herb.
    pub name: String,
    /// Medicine, herb, food.
    pub kind: DrugKind,
    /// Other names of the ingredient: US name, salt, abbreviation, street name.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Trade names. A combination product stands with every ingredient it holds.
    #[serde(default)]
    pub brands: Vec<String>,
    /// How it is taken, most usual first.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// Numbers in registers.
    #[serde(default)]
    pub code: Vec<Code>,
    /// Whether its therapeutic index is narrow; absent where nobody looked.
    #[serde(default)]
    pub narrow_index: Option<NarrowIndex>,
    /// Mechanism classes.
    #[serde(default)]
    pub class: Vec<ClassRow>,
    /// Enzymes and transporters.
    #[serde(default)]
    pub enzyme: Vec<EnzymeRow>,
    /// Numbers.
    #[serde(default)]
    pub number: Vec<NumberRow>,
    /// Sources used by this file only.
    #[serde(default)]
    pub source: BTreeMap<SourceId, Source>,
}

/// How far the best-read of `sources` was read; unverified where there is none.
#[must_use]
pub fn verification(sources: &[Citation]) -> Verification {
    sources
        .iter()
        .map(|citation| citation.verification)
        .min()
        .unwrap_or(Verification::Unverified)
}

impl ClassRow {
    /// How far the best source was read.
    #[must_use]
    pub fn verification(&self) -> Verification {
        verification(&self.sources)
    }
}

impl EnzymeRow {
    /// How far the best source was read.
    #[must_use]
    pub fn verification(&self) -> Verification {
        verification(&self.sources)
    }
}

impl Drug {
    /// The classes that may be stated as fact: written in the file, with a source somebody read.
    pub fn sourced_classes(&self) -> impl Iterator<Item = &ClassRow> {
        self.class
            .iter()
            .filter(|row| row.verification().is_shippable())
    }

    /// Whether it counts: at least one sourced class, `none_of_ours` among them; or, where only enzymes
    /// are written, one of them sourced.
    #[must_use]
    pub fn is_sourced(&self) -> bool {
        let by_enzyme = self.class.is_empty()
            && self
                .enzyme
                .iter()
                .any(|row| row.verification().is_shippable());
        by_enzyme || self.sourced_classes().next().is_some()
    }

    /// Every name it can be asked by: id, name, synonyms, brands.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [self.id.as_str(), self.name.as_str()]
            .into_iter()
            .chain(self.synonyms.iter().map(String::as_str))
            .chain(self.brands.iter().map(String::as_str))
    }

    /// The rows of one role on one enzyme.
    pub fn on(&self, enzyme: Enzyme, role: EnzymeRole) -> impl Iterator<Item = &EnzymeRow> {
        self.enzyme
            .iter()
            .filter(move |row| row.enzyme == enzyme && row.role == role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(id: &str, implies: &[&str]) -> Class {
        Class {
            id: id.parse().unwrap(),
            group: "test".into(),
            kind: ClassKind::Own,
            implies: implies.iter().map(|id| id.parse().unwrap()).collect(),
            meaning: "A test.".into(),
        }
    }

    #[test]
    fn implication_closes_upwards_and_survives_a_circle() {
        let vocabulary = ClassVocabulary {
            class: vec![
                class("a", &["b"]),
                class("b", &["c"]),
                class("c", &["a"]),
                class("d", &[]),
            ],
        };
        let a: ClassId = "a".parse().unwrap();
        let closed: Vec<&str> = vocabulary
            .closure([&a])
            .into_iter()
            .map(ClassId::as_str)
            .collect();
        assert_eq!(closed, ["a", "b", "c"]);
    }

    #[test]
    fn class_ids_are_snake_case() {
        assert!("mu_agonist_full".parse::<ClassId>().is_ok());
        for text in ["", "_a", "a_", "a__b", "A", "a-b", "a b"] {
            assert!(text.parse::<ClassId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_class_without_a_source_is_unverified() {
        let row = ClassRow {
            id: "ssri".parse().unwrap(),
            sources: vec![],
            note: None,
        };
        assert_eq!(row.verification(), Verification::Unverified);
    }
}
