//! Analytes: the alkaloids and relatives that are measured in products and people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{AppliesTo, Citation, Text};

/// `data/analytes/<id>.toml`: one substance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Analyte {
    /// Name as printed.
    pub name: Text,
    /// Other names and short forms seen on labels and certificates.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is, in one sentence.
    pub summary: Text,
    /// Which kind of product it characterises: a product that is mainly this analyte is of this kind.
    pub drug_kind: AppliesTo,
    /// Molar mass in g/mol.
    pub molar_mass_g_per_mol: f64,
    /// Molecular formula.
    pub formula: String,
    /// CAS number, single numbers quoted only.
    #[serde(default)]
    pub cas: Option<String>,
    /// InChIKey, where verified.
    #[serde(default)]
    pub inchikey: Option<String>,
    /// FDA UNII, where verified.
    #[serde(default)]
    pub unii: Option<String>,
    /// Where identity and mass come from.
    pub sources: Vec<Citation>,
    /// Whether levels are simulated; where not, why.
    pub simulation: Simulation,
    /// Measured constants. Conflicting values all stay.
    #[serde(default)]
    pub constant: Vec<Constant>,
}

/// Whether levels of a substance in people can be simulated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// Whether a model exists.
    pub available: bool,
    /// Why not, or under which warning; shown to the reader.
    #[serde(default)]
    pub why: Option<Text>,
}

/// A measured constant of an analyte: affinity, binding, stability, inhibition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// What was measured: `Ki`, `EC50`, `fu`, `Emax`, `logP`, ...
    pub parameter: String,
    /// Receptor, enzyme, transporter, matrix.
    pub target: String,
    /// Species and system.
    pub system: String,
    /// The value.
    #[serde(default)]
    pub value: Option<f64>,
    /// Lower end, or lower bound where `value` is absent.
    #[serde(default)]
    pub low: Option<f64>,
    /// Upper end, or upper bound where `value` is absent.
    #[serde(default)]
    pub high: Option<f64>,
    /// Unit.
    pub unit: String,
    /// What a reader should know of it.
    #[serde(default)]
    pub note: Option<String>,
    /// Where it stands.
    pub sources: Vec<Citation>,
}
