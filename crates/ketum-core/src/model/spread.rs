//! How parameters vary and how measurements scatter. Sources of spread stay apart, so that a
//! report can say which one dominates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The scale on which a parameter varies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Distribution {
    /// `value · exp(η)`: positive, skewed.
    #[default]
    LogNormal,
    /// `value + η`.
    Normal,
    /// `logistic(logit(value) + η)`: stays between 0 and 1.
    LogitNormal,
}

/// Where spread comes from. Each source draws from random streams of its own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// People differ.
    BetweenSubject,
    /// The same person differs from day to day.
    BetweenOccasion,
    /// The typical value is not known exactly.
    Uncertainty,
    /// What is swallowed differs from serving to serving or batch to batch.
    Content,
}

/// A block of parameters that vary together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Where the spread comes from.
    pub source: Source,
    /// Parameters of the block, in the order of `size`.
    pub parameters: Vec<String>,
    /// How much, on each parameter's own scale.
    pub size: SpreadSize,
}

/// The size of a block of spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpreadSize {
    /// Standard deviations on the parameter's scale (ω), uncorrelated.
    Sd(Vec<f64>),
    /// Coefficients of variation as fractions, uncorrelated; log-normal parameters only,
    /// `ω² = ln(1 + cv²)`.
    Cv(Vec<f64>),
    /// Lower triangle of the covariance matrix (OMEGA block), row by row.
    Covariance(Vec<Vec<f64>>),
}

/// A covariate changes a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CovariateEffect {
    /// Parameter changed.
    pub parameter: String,
    /// Covariate read.
    pub covariate: String,
    /// Unit the covariate must be given in.
    pub unit: String,
    /// How.
    pub form: CovariateForm,
}

/// The factor a covariate `x` puts on a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum CovariateForm {
    /// `(x / reference)^exponent`.
    Power {
        /// Covariate value at which the factor is one.
        reference: f64,
        /// Exponent.
        exponent: f64,
    },
    /// `exp(slope · (x − reference))`.
    Exponential {
        /// Covariate value at which the factor is one.
        reference: f64,
        /// Change of the logarithm per unit.
        slope: f64,
    },
    /// `1 + slope · (x − reference)`.
    Linear {
        /// Covariate value at which the factor is one.
        reference: f64,
        /// Change per unit.
        slope: f64,
    },
    /// `factor` where `x` equals `value`, else one.
    Category {
        /// The category's code.
        value: f64,
        /// Factor in that category.
        factor: f64,
    },
    /// The covariate is the parameter: it replaces the typical value.
    Replaces,
}

/// Scatter of measurements of one output: `y = f · (1 + ε₁) + ε₂`, or `y = f · exp(ε₁)` when `log`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Residual {
    /// Output it belongs to.
    pub output: String,
    /// Standard deviation of the proportional part, as a fraction.
    #[serde(default)]
    pub proportional: f64,
    /// Standard deviation of the additive part, in the output's unit.
    #[serde(default)]
    pub additive: f64,
    /// The proportional part acts on the logarithm.
    #[serde(default)]
    pub log: bool,
}
