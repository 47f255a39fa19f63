//! The conservative screen: basic static tests of ICH M12 for mitragynine as perpetrator, and the
//! mechanistic static ratio of a victim.
//!
//! Equations: `clinic::interaction`. A screen asks whether an interaction can be ruled out; it does not
//! say how large one is. For midazolam the static ratio overstated the trial at least fourfold.

use ketum_core::drug::{Drug, Enzyme, NumberKind};
use ketum_data::catalogue::Catalogue;
use serde::Serialize;

use super::constants::{assumption, value};
use crate::clinic::interaction::static_auc_ratio::{Terms, aucr, inactivation, reversible};
use crate::clinic::interaction::tdi_basic;

const MINUTES: f64 = 60.0;
/// Cut-offs of the basic tests (ICH M12), and the multiple of the level in the time-dependent one.
const SYSTEMIC: f64 = 0.02;
const GUT: f64 = 10.0;
const TDI: f64 = 1.25;
const TDI_MULTIPLE: f64 = 5.0;

/// One basic test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Screen {
    /// What is tested, in words.
    pub what: String,
    /// The ratio.
    pub value: f64,
    /// Where it counts.
    pub cutoff: f64,
    /// Whether an interaction cannot be ruled out.
    pub flagged: bool,
    /// What people showed, where they were studied.
    pub observed: Option<String>,
}

/// Levels of mitragynine the tests use, umol/L.
#[derive(Debug, Clone, Copy)]
struct Levels {
    gut_fluid: f64,
    inlet: f64,
    systemic: f64,
}

fn levels(catalogue: &Catalogue, multiple: f64) -> Option<Levels> {
    let mg = assumption(catalogue, "interaction-reference-mitragynine")? * multiple;
    let mass = catalogue.analytes.get("mitragynine")?.molar_mass_g_per_mol;
    let litres = assumption(catalogue, "interaction-gut-volume")?;
    Some(Levels {
        gut_fluid: mg * 1_000.0 / mass / litres,
        inlet: assumption(catalogue, "interaction-unbound-inlet")? * multiple,
        systemic: assumption(catalogue, "interaction-unbound-cmax")? * multiple,
    })
}

/// The basic tests for leaf tea with `multiple` times the mitragynine that was studied.
#[must_use]
pub fn screens(catalogue: &Catalogue, multiple: f64) -> Vec<Screen> {
    tests(catalogue, multiple).unwrap_or_default()
}

fn tests(catalogue: &Catalogue, multiple: f64) -> Option<Vec<Screen>> {
    let level = levels(catalogue, multiple)?;
    let ki_cyp3a = assumption(catalogue, "interaction-ki-cyp3a")?;
    let ki_2d6 = value(catalogue, "interactions-cyp2d6-lab")?;
    let pgp = value(catalogue, "interactions-pgp-lab")?;
    // Ki from IC50 at a probe level near Km, where only an IC50 exists.
    let ki_ugt = value(catalogue, "interactions-ugt2b7-lab")? / 2.0;
    let ki_2c19 = value(catalogue, "interactions-cyp2c-lab")? / 2.0;
    let tdi = tdi_basic::ratio(
        assumption(catalogue, "interaction-kinact-liver")?,
        value(catalogue, "interactions-cyp3a-tdi-liver-lab")?,
        assumption(catalogue, "interaction-kdeg-liver")? / MINUTES,
        TDI_MULTIPLE * level.systemic,
    );
    let dextromethorphan = value(catalogue, "combinations-dextromethorphan")?;
    let midazolam = value(catalogue, "combinations-midazolam-auc")?;
    let test = |what: &str, value: f64, cutoff: f64, observed: Option<String>| Screen {
        what: what.to_owned(),
        value,
        cutoff,
        flagged: value > cutoff,
        observed,
    };
    let seen = |drug: &str, ratio: f64| Some(format!("{drug} in people: ratio {ratio}"));
    Some(vec![
        test(
            "CYP3A in the gut, reversible",
            level.gut_fluid / ki_cyp3a,
            GUT,
            seen("midazolam", midazolam),
        ),
        test(
            "CYP3A in the liver, reversible",
            level.systemic / ki_cyp3a,
            SYSTEMIC,
            None,
        ),
        test(
            "CYP3A in the liver, time-dependent",
            tdi,
            TDI,
            seen("midazolam", midazolam),
        ),
        test(
            "CYP2D6, level at the liver's inlet",
            level.inlet / ki_2d6,
            SYSTEMIC,
            seen("dextromethorphan", dextromethorphan),
        ),
        test(
            "CYP2D6, level in blood",
            level.systemic / ki_2d6,
            SYSTEMIC,
            seen("dextromethorphan", dextromethorphan),
        ),
        test(
            "CYP2C19, level at the liver's inlet",
            level.inlet / ki_2c19,
            SYSTEMIC,
            None,
        ),
        test(
            "UGT2B7, level at the liver's inlet",
            level.inlet / ki_ugt,
            SYSTEMIC,
            None,
        ),
        test(
            "UGT2B7, level in blood",
            level.systemic / ki_ugt,
            SYSTEMIC,
            None,
        ),
        test(
            "P-glycoprotein in the gut",
            level.gut_fluid / pgp,
            GUT,
            None,
        ),
    ])
}

/// The mechanistic static ratio of a swallowed CYP3A victim; absent without its `fm` and `fg`.
#[must_use]
pub fn static_ratio(catalogue: &Catalogue, victim: &Drug, multiple: f64) -> Option<f64> {
    let number = |kind: NumberKind| {
        victim
            .number
            .iter()
            .filter(|row| row.kind == kind && row.enzyme == Some(Enzyme::Cyp3a))
            .find_map(|row| row.amount.value)
    };
    let (fm, fg) = (number(NumberKind::Fm)?, number(NumberKind::Fg)?);
    let level = levels(catalogue, multiple)?;
    let ki = assumption(catalogue, "interaction-ki-cyp3a")?;
    let kdeg_gut = value(catalogue, "interactions-gut-enzyme-recovery")? / MINUTES;
    let kdeg_liver = assumption(catalogue, "interaction-kdeg-liver")? / MINUTES;
    let gut = Terms {
        a: reversible(level.gut_fluid, ki),
        b: inactivation(
            level.gut_fluid,
            assumption(catalogue, "interaction-kinact-gut")?,
            value(catalogue, "interactions-cyp3a-tdi-gut-lab")?,
            kdeg_gut,
        ),
        c: 1.0,
    };
    let liver = Terms {
        a: reversible(level.inlet, ki),
        b: inactivation(
            level.inlet,
            assumption(catalogue, "interaction-kinact-liver")?,
            value(catalogue, "interactions-cyp3a-tdi-liver-lab")?,
            kdeg_liver,
        ),
        c: 1.0,
    };
    Some(aucr(gut, liver, Some(fg), fm))
}
