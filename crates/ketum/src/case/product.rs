//! What is taken: the product, and what its certificate or label says.
//!
//! The same block in a file of its own serves `ketum law --product` and the certificate reader.

use std::collections::BTreeMap;

use ketum_core::form::{Form, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A product.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Product {
    /// Name on the package.
    pub name: Option<String>,
    /// The form it is taken in.
    pub form: Option<Form>,
    /// Solid or liquid, where the form does not say.
    pub state: Option<State>,
    /// Content by analyte: its id or a name of it, such as `mitragynine`, `7-hydroxymitragynine`, `MP`.
    pub content: BTreeMap<String, Content>,
    /// Sum of all alkaloids as printed.
    pub total_alkaloids: Option<Content>,
    /// One serving as the label gives it.
    pub serving: Option<Amount>,
    /// The whole package.
    pub container: Option<Amount>,
    /// Mass of one capsule, tablet, spoon or leaf.
    pub unit_mass: Option<Amount>,
    /// Density of a liquid, g/mL.
    #[schemars(range(min = 0.5, max = 3.0))]
    pub density_g_per_ml: Option<f64>,
    /// Moisture, % of mass.
    #[schemars(range(min = 0.0, max = 95.0))]
    pub moisture_pct: Option<f64>,
    /// How the alkaloids were measured: `HPLC-UV`, `LC-MS/MS`, `GC-MS`.
    pub method: Option<String>,
    /// Whether the batch on the certificate is the batch on the package.
    pub batch_matches: Option<bool>,
    /// Metals, microbes, solvents and other contaminants by name.
    pub contaminants: BTreeMap<String, Content>,
    /// The text of the label.
    pub label_text: Option<String>,
    /// What the label claims.
    pub label_claims: Vec<String>,
    /// What else is in it: kava, caffeine, ...
    pub also_contains: Vec<String>,
}

/// An amount of product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// The number.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub value: f64,
    /// Its unit: g, mg, mL, fl_oz, ...
    pub unit: String,
}

/// A result as a laboratory or label prints it. Never a sentinel number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What the number is.
    #[serde(default)]
    pub op: ContentOp,
    /// The number; absent for `nd`, `not_tested` and their like.
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub value: Option<f64>,
    /// Its unit: `mg/g`, `% w/w`, `ug/g`, `mg/mL`, `CFU/g`, or `mg` per serving.
    #[serde(default)]
    pub unit: Option<String>,
    /// Limit of detection, same unit.
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub lod: Option<f64>,
    /// Limit of quantification, same unit.
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub loq: Option<f64>,
    /// Uncertainty as printed, same unit: `k` standard uncertainties.
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub uncertainty: Option<f64>,
    /// Coverage factor of `uncertainty`.
    #[serde(default)]
    #[schemars(range(min = 0.1, max = 10.0))]
    pub k: Option<f64>,
    /// Who says so.
    #[serde(default)]
    pub basis: ContentBasis,
}

/// What a printed number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContentOp {
    /// The value.
    #[default]
    Eq,
    /// Less than the value.
    Lt,
    /// At most the value.
    Le,
    /// More than the value.
    Gt,
    /// At least the value.
    Ge,
    /// Not detected.
    Nd,
    /// Below the limit of detection.
    LtLod,
    /// Detected, below the limit of quantification.
    LtLoq,
    /// Not tested.
    NotTested,
    /// Not reported.
    NotReported,
    /// Absent in the mass that was tested.
    Absent,
    /// Detected, without a number.
    Detected,
    /// Too numerous to count.
    Tntc,
}

/// Who says what a product contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContentBasis {
    /// A laboratory's certificate for this batch.
    #[default]
    Certificate,
    /// The label or seller.
    Label,
}
