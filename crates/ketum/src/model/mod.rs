//! The level model against human studies: what a study would have printed if the model were true,
//! fitting (`calibrate`), comparison with what was held out (`validate`), and what a measured level says.
//!
//! A study is simulated as its authors did it: so many people, their doses, their sampling times, the
//! window of their half-life; then the same summary is taken that the paper prints. No number is ever
//! turned into another kind of number.

pub mod alternatives;
pub mod calibrate;
pub mod design;
pub mod history;
pub mod level;
pub mod objective;
pub mod people;
pub mod statistic;
pub mod template;
pub mod validate;
pub mod worlds;

use ketum_core::id::{LocalId, StudyId};

/// Why a model could not be compared with a study, fitted, or used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A study file breaks its own rules.
    #[error("study `{study}`: {problem}")]
    Study {
        /// The study.
        study: StudyId,
        /// What is wrong, as the linter says it.
        problem: String,
    },
    /// A statistic that no simulation of a trial can print.
    #[error("study `{study}`, statistic `{statistic}`: {why}")]
    Statistic {
        /// The study.
        study: StudyId,
        /// The statistic.
        statistic: LocalId,
        /// Why not.
        why: String,
    },
    /// A study without a single number to fit was named for fitting.
    #[error("study `{study}` holds no number to fit: {why}")]
    NotForFitting {
        /// The study.
        study: StudyId,
        /// Why not.
        why: &'static str,
    },
    /// There is no such study.
    #[error("there is no study `{0}`")]
    NoSuchStudy(String),
    /// There is no such structure to compare with.
    #[error("{0}")]
    NoAlternative(String),
    /// The model cannot take this product.
    #[error("model `{model}` does not take {analyte} as {form}")]
    Form {
        /// The model.
        model: String,
        /// The analyte.
        analyte: String,
        /// The form.
        form: String,
    },
    /// The engine refused.
    #[error("model `{model}`: {why}")]
    Engine {
        /// The model.
        model: String,
        /// Why.
        why: String,
    },
    /// A measured level that cannot be compared with the model.
    #[error("measured {analyte}: {why}")]
    Measurement {
        /// The analyte.
        analyte: String,
        /// Why not.
        why: String,
    },
    /// A stored calibration cannot be taken up again.
    #[error("the stored calibration cannot be resumed: {0}")]
    State(String),
}

/// Natural exponential, for callers that may not know the engine.
#[must_use]
pub fn exp(value: f64) -> f64 {
    ketum_sim::math::exp(value)
}

/// Natural logarithm, for axes of figures.
#[must_use]
pub fn log(value: f64) -> f64 {
    ketum_sim::math::ln(value)
}
