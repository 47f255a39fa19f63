//! The description of a pharmacometric model as data: structure, parameters with units, spread.
//!
//! It is what a model file says and nothing more: no equation is solved here, no file is opened.
//! The structure comes from a small closed vocabulary, so a model can be checked before it runs:
//! a flow is first-order, Michaelis–Menten or zero-order; it can be inhibited, stimulated or fade;
//! turnover and effect sites are named shapes of the same flows.

mod dimension;
mod spread;
mod structure;

pub use dimension::{UnitProduct, UnreadableUnit};
pub use spread::{
    CovariateEffect, CovariateForm, Distribution, Residual, Source, Spread, SpreadSize,
};
pub use structure::{
    Compartment, Driver, EffectSite, Flow, Modifier, Output, RateLaw, Ratio, Turnover,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A model: what moves where at which rate, with parameter values and how they vary.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelDescription {
    /// Identifier; the file's name without its ending.
    pub id: String,
    /// One line for a reader.
    pub title: String,
    /// Parameters, each with a unit.
    #[serde(default)]
    pub parameter: Vec<Parameter>,
    /// Compartments; the first is where doses go that name none.
    #[serde(default)]
    pub compartment: Vec<Compartment>,
    /// What flows between compartments, in and out.
    #[serde(default)]
    pub flow: Vec<Flow>,
    /// Indirect-response states.
    #[serde(default)]
    pub turnover: Vec<Turnover>,
    /// Hypothetical effect compartments.
    #[serde(default)]
    pub effect_site: Vec<EffectSite>,
    /// What is predicted.
    #[serde(default)]
    pub output: Vec<Output>,
    /// How covariates change parameters.
    #[serde(default)]
    pub covariate_effect: Vec<CovariateEffect>,
    /// How parameters vary, block by block, kept apart by source.
    #[serde(default)]
    pub spread: Vec<Spread>,
    /// Scatter of a measurement around its prediction.
    #[serde(default)]
    pub residual: Vec<Residual>,
}

/// A parameter of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The field's symbol: `ka`, `cl`, `vc`.
    pub name: String,
    /// Unit as written, for example `1/h`, `L/h`, `L`, `ratio`. Never empty.
    pub unit: String,
    /// Typical value in that unit.
    pub value: f64,
    /// The scale on which the parameter varies.
    #[serde(default)]
    pub distribution: Distribution,
    /// Relative standard error of the estimate in percent, where the source gives one.
    #[serde(default)]
    pub rse_percent: Option<f64>,
    /// What the value rests on, for a reader.
    #[serde(default)]
    pub basis: Option<String>,
}
