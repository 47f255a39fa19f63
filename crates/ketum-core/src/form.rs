//! Product forms: what is known of a kind of product before its certificate is read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{AppliesTo, Citation, Text, Verification};
use crate::id::AnalyteId;

/// The forms kratom and its relatives are taken in. Each has its file in `data/products/`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Dried leaf, powdered.
    LeafPowder,
    /// Leaf powder in capsules or pressed tablets.
    LeafCapsule,
    /// Dried leaf, crushed, not powdered.
    LeafCrushed,
    /// Fresh leaves, chewed or brewed.
    LeafFresh,
    /// A brew of leaf in water, strained.
    LeafTea,
    /// Concentrated leaf alkaloids as powder, resin, capsule or tablet.
    Extract,
    /// A drink with concentrated leaf alkaloids.
    Shot,
    /// A tablet, gummy or capsule whose main alkaloid is 7-hydroxymitragynine.
    SevenOhTablet,
    /// A drink or spray whose main alkaloid is 7-hydroxymitragynine.
    SevenOhLiquid,
    /// Mitragynine pseudoindoxyl products.
    Pseudoindoxyl,
    /// MGM-15, MGM-16 and other semi-synthetics.
    SemiSynthetic,
}

impl Form {
    /// Every form, in the order people meet them.
    pub const ALL: [Self; 11] = [
        Self::LeafPowder,
        Self::LeafCapsule,
        Self::LeafCrushed,
        Self::LeafFresh,
        Self::LeafTea,
        Self::Extract,
        Self::Shot,
        Self::SevenOhTablet,
        Self::SevenOhLiquid,
        Self::Pseudoindoxyl,
        Self::SemiSynthetic,
    ];

    /// The name in files: `leaf_powder`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::LeafPowder => "leaf_powder",
            Self::LeafCapsule => "leaf_capsule",
            Self::LeafCrushed => "leaf_crushed",
            Self::LeafFresh => "leaf_fresh",
            Self::LeafTea => "leaf_tea",
            Self::Extract => "extract",
            Self::Shot => "shot",
            Self::SevenOhTablet => "seven_oh_tablet",
            Self::SevenOhLiquid => "seven_oh_liquid",
            Self::Pseudoindoxyl => "pseudoindoxyl",
            Self::SemiSynthetic => "semi_synthetic",
        }
    }

    /// Which kind of drug it is.
    #[must_use]
    pub fn drug_kind(self) -> AppliesTo {
        match self {
            Self::LeafPowder
            | Self::LeafCapsule
            | Self::LeafCrushed
            | Self::LeafFresh
            | Self::LeafTea => AppliesTo::Leaf,
            Self::Extract | Self::Shot => AppliesTo::Extract,
            Self::SevenOhTablet | Self::SevenOhLiquid => AppliesTo::SevenOh,
            Self::Pseudoindoxyl | Self::SemiSynthetic => AppliesTo::SemiSynthetic,
        }
    }
}

/// Solid or liquid: decides whether limits and contents are per gram or per millilitre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Weighed.
    Solid,
    /// Measured by volume.
    Liquid,
}

/// `data/products/<form>.toml`: what is known of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormFacts {
    /// Name as printed.
    pub name: Text,
    /// Which form this is; the file name in other letters.
    pub form: Form,
    /// Solid or liquid.
    pub state: State,
    /// What it is, in one sentence.
    pub summary: Text,
    /// Content of each analyte where no certificate is at hand. Absent: no prior exists.
    #[serde(default)]
    pub content: BTreeMap<AnalyteId, Spread>,
    /// Content of further analytes as a multiple of mitragynine's content, where only a ratio is known.
    #[serde(default)]
    pub content_per_mitragynine: BTreeMap<AnalyteId, Spread>,
    /// Mass of one unit people count in: `level_teaspoon`, `capsule`, `tablespoon`.
    #[serde(default)]
    pub unit_mass: BTreeMap<String, Spread>,
    /// Share of the leaf's mitragynine that reaches the cup. Shown as mg in the cup; never multiplied
    /// into the dose, because the model's bioavailability of tea is per milligram in the leaf.
    #[serde(default)]
    pub recovery_into_cup: Option<Spread>,
    /// Content of the brew itself, for doses counted in glasses or millilitres.
    #[serde(default)]
    pub content_of_brew: BTreeMap<AnalyteId, Spread>,
    /// Why levels are not simulated for this form, where they are not.
    #[serde(default)]
    pub not_simulated: Option<Text>,
}

/// A log-normal spread with its origin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Median, in `unit`.
    pub median: f64,
    /// Standard deviation of the natural logarithm.
    pub sigma_ln: f64,
    /// Hard lower bound, where there is one.
    #[serde(default)]
    pub low: Option<f64>,
    /// Hard upper bound, where there is one.
    #[serde(default)]
    pub high: Option<f64>,
    /// Unit.
    pub unit: String,
    /// How median and spread were obtained from the sources, in a sentence.
    pub basis: String,
    /// Whether it was read, or is an assumption of ours.
    pub verification: Verification,
    /// Where the inputs stand.
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// `data/assumptions/<id>.toml`: a number the computation needs that is no fact of one product or study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// What is assumed, in a sentence.
    pub statement: Text,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Whether it was read, or is an assumption of ours.
    pub verification: Verification,
    /// Where the inputs stand.
    #[serde(default)]
    pub sources: Vec<Citation>,
}
