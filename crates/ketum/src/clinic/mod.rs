//! Clinical and interaction calculators: the registry, and how one is run.
//!
//! Knows: each calculator's inputs, formula and cut-offs, and how to explain a result. A calculator is
//! one small file with a pure, typed function and a thin wrapper; cut-offs, points and their sources
//! stand in `data/clinic/`. Does not know: terminals, files, clocks, diagnoses, treatment. No
//! calculator computes a dose of anything.

mod build;
mod calculator;
mod error;
mod facts;
pub mod heart;
mod input;
pub mod interaction;
pub mod kidney;
pub mod liver;
mod math;
mod nearest;
mod output;
pub mod scale;
pub mod signal;
mod special;
mod text;
pub mod units;
mod validate;

pub use calculator::{Calculator, Domain};
pub use error::{Fail, Problem};
pub use facts::{
    Answer, Band, CalculatorFacts, CitedSource, Conflict, Cutoff, FactError, FactFile, Facts, Item,
    OpenPart,
};
pub use input::{Choice, Given, Input, Inputs, Kind, Need, Range, UnitFactor};
pub use output::{Output, OutputValue, Scalar};
pub use text::{plain_number, rounded};

use serde_json::Value;

/// Every calculator, in the order a list should show them: liver, kidney, heart, scales, report
/// statistics, interactions, units.
#[must_use]
pub fn all() -> &'static [Calculator] {
    &ALL
}

static ALL: [Calculator; 36] = [
    liver::r_ratio::CALCULATOR,
    liver::hys_law::CALCULATOR,
    liver::rucam::HEPATOCELLULAR,
    liver::rucam::CHOLESTATIC_MIXED,
    liver::rucam_grade::CALCULATOR,
    liver::rucam_rechallenge::CALCULATOR,
    liver::recam_band::CALCULATOR,
    liver::dilin_severity::CALCULATOR,
    liver::meld3::CALCULATOR,
    liver::child_pugh::CALCULATOR,
    kidney::ckd_epi::CALCULATOR,
    kidney::cockcroft_gault::CALCULATOR,
    kidney::kdigo_aki::CALCULATOR,
    heart::qtc::CALCULATOR,
    heart::qtc_class::CALCULATOR,
    heart::herg_margin::CALCULATOR,
    scale::cows::CALCULATOR,
    scale::sows_handelsman::CALCULATOR,
    scale::sds::CALCULATOR,
    scale::dsm5_sud_count::CALCULATOR,
    scale::naranjo::CALCULATOR,
    scale::gcs::CALCULATOR,
    scale::pss::CALCULATOR,
    scale::audit_c::CALCULATOR,
    scale::phq2::CALCULATOR,
    signal::disproportionality::CALCULATOR,
    signal::rr_prr::CALCULATOR,
    signal::ebgm::CALCULATOR,
    interaction::reversible_basic::CALCULATOR,
    interaction::tdi_basic::CALCULATOR,
    interaction::static_auc_ratio::CALCULATOR,
    interaction::gut_anchor::CALCULATOR,
    interaction::gut_recursion::CALCULATOR,
    interaction::lumped_auc_ratio::CALCULATOR,
    interaction::occupancy::CALCULATOR,
    units::CALCULATOR,
];

/// The calculator of that exact name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Calculator> {
    ALL.iter().find(|calculator| calculator.name == name)
}

/// Names close to `name`, best first, to be offered as a question and never taken silently.
#[must_use]
pub fn suggest(name: &str) -> Vec<&'static str> {
    nearest::nearest(name, ALL.iter().map(|calculator| calculator.name))
}

/// Runs the calculator `name` on a JSON object of inputs.
///
/// # Errors
/// [`Fail::UnknownCalculator`] with close names, [`Fail::Inputs`] with every bad key at once,
/// [`Fail::Facts`] when a fact file in `data/clinic/` is broken, [`Fail::Numeric`] when a result is
/// not a finite number.
pub fn calculate(name: &str, inputs: &Value) -> Result<Output, Fail> {
    let calculator = find(name).ok_or_else(|| Fail::UnknownCalculator {
        given: name.to_owned(),
        suggestions: suggest(name),
    })?;
    calculator.run(inputs)
}
