//! A model of levels in people: a model description, the products it takes, and where it holds.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Citation, Text};
use crate::form::{Form, Spread};
use crate::id::{AnalyteId, ModelId};
use crate::model::ModelDescription;

/// How a model came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModelStatus {
    /// Fitted by hand to published summaries; to be replaced.
    Provisional,
    /// Made by `ketum calibrate`.
    Calibrated,
}

/// `data/models/<id>.toml`: a model of levels. A published file is never edited; a new one replaces it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelModel {
    /// How it came to be.
    pub status: ModelStatus,
    /// What it describes and how it was obtained, in a few sentences.
    pub summary: Text,
    /// The model that replaces this one.
    #[serde(default)]
    pub superseded_by: Option<ModelId>,
    /// Studies it was fitted to.
    pub sources: Vec<Citation>,
    /// Which analyte is dosed into which compartment, by kind of product. 7-hydroxymitragynine in leaf
    /// is not dosed apart: the formation was fitted to leaf that holds it.
    pub dosed: Vec<Dosed>,
    /// Bioavailability by form, relative to the form the model's parameters refer to.
    pub relative_bioavailability: BTreeMap<Form, Spread>,
    /// Where the model was compared with people. Outside, levels are marked as extrapolation.
    pub domain: Domain,
    /// Where it refuses.
    pub hard_domain: Domain,
    /// Warnings that go with levels after a kind of product.
    #[serde(default)]
    pub warning: Vec<ModelWarning>,
    /// What is not known of the spread between people.
    #[serde(default)]
    pub between_uncertainty: Vec<BetweenUncertainty>,
    /// How a calibrated model was made.
    #[serde(default)]
    pub calibration: Option<CalibrationRecord>,
    /// Structure, parameters and spread.
    pub model: ModelDescription,
}

/// How a calibrated model was made: enough to make it again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrationRecord {
    /// The command.
    pub command: String,
    /// Version of the program.
    pub program: String,
    /// Fingerprint of everything that was fitted and how.
    pub data_version: String,
    /// Seed of every random number.
    pub seed: u64,
    /// Numbers fitted.
    pub rows: u32,
    /// Draws from the posterior behind the spread called `uncertainty`.
    pub draws: u32,
    /// Split R-hat of the worst parameter.
    pub largest_r_hat: f64,
    /// Effective number of draws of the worst parameter.
    pub fewest_effective_draws: f64,
    /// How far a study's printed numbers lie from the model beyond sampling: standard deviation of the
    /// natural logarithm.
    pub between_study_sd: f64,
    /// What is not known of it: standard deviation of its own natural logarithm.
    #[serde(default)]
    pub between_study_sd_ln: f64,
}

/// How well the spread between people of some parameters is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BetweenUncertainty {
    /// The parameters, as in the model's block of spread between people.
    pub parameters: Vec<String>,
    /// Standard deviation of the natural logarithm of the block's standard deviation.
    pub sd_ln: f64,
}

/// An analyte that is swallowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dosed {
    /// The analyte.
    pub analyte: AnalyteId,
    /// The compartment it enters.
    pub compartment: String,
    /// Forms after which it is dosed.
    pub forms: Vec<Form>,
}

/// Bounds within which a model holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Smallest dose of the analyte, mg.
    pub dose_mg_low: f64,
    /// Largest dose of the analyte, mg.
    pub dose_mg_high: f64,
    /// Longest daily use, days.
    pub days_high: f64,
    /// Most doses a day.
    pub doses_per_day_high: f64,
}

/// A warning that goes with levels after some forms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelWarning {
    /// The forms.
    pub forms: Vec<Form>,
    /// What to say.
    pub text: Text,
}
