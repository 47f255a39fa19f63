//! Interaction equations as calculators: basic and mechanistic static tests, the gut-only model of
//! kratom tea, the lumped model, receptor occupancy. Knows the equations and their symbols; does not
//! know any medicine's constants. Public functions are the ones the interaction engine calls.

pub mod gut_anchor;
pub mod gut_recursion;
pub mod lumped_auc_ratio;
pub mod occupancy;
pub mod reversible_basic;
pub mod static_auc_ratio;
pub mod tdi_basic;

use super::facts::{FactError, FactFile, Facts};
use super::input::{Input, Range};
use super::units::{MICROMOLAR, RATE};

/// Facts of the static equations.
pub(crate) const STATIC: FactFile = FactFile("static_ddi");
/// Facts of the gut-only model.
pub(crate) const GUT: FactFile = FactFile("gut_model");

/// A concentration in umol/L.
const CONCENTRATION: Range = Range::of(0.0, 1e9);
/// A constant in umol/L.
const CONSTANT: Range = Range::above(0.0, 1e9);
/// A fraction.
const FRACTION: Range = Range::of(0.0, 1.0);
/// A first-order rate constant, 1/min.
const RATE_RANGE: Range = Range::above(0.0, 1e3);

const fn concentration(key: &'static str, meaning: &'static str) -> Input {
    Input::quantity(key, "umol/L", CONCENTRATION, MICROMOLAR, meaning)
}

const fn constant(key: &'static str, meaning: &'static str) -> Input {
    Input::quantity(key, "umol/L", CONSTANT, MICROMOLAR, meaning)
}

const fn rate(key: &'static str, meaning: &'static str) -> Input {
    Input::quantity(key, "1/min", RATE_RANGE, RATE, meaning)
}

/// Words the screens share.
const SCREEN: &str = "A conservative screen. For kratom tea the static prediction for midazolam was 5.69 and the ratio measured in people 1.39.";

/// Strength of an interaction by its AUC ratio.
///
/// # Errors
/// [`FactError`] when the cut-offs cannot be read.
pub fn strength(aucr: f64, facts: &Facts) -> Result<&'static str, FactError> {
    Ok(if aucr >= facts.cutoff("strong_inhibitor")? {
        "strong_inhibition"
    } else if aucr >= facts.cutoff("moderate_inhibitor")? {
        "moderate_inhibition"
    } else if aucr >= facts.cutoff("aucr_high")? {
        "weak_inhibition"
    } else if aucr <= facts.cutoff("strong_inducer")? {
        "strong_induction"
    } else if aucr <= facts.cutoff("moderate_inducer")? {
        "moderate_induction"
    } else if aucr <= facts.cutoff("aucr_low")? {
        "weak_induction"
    } else {
        "none_predicted"
    })
}
