//! Basic test of time-dependent inhibition (ICH M12). Knows R and its cut-off; does not predict a size.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Input, Inputs, Range};
use crate::clinic::math::more_than;
use crate::clinic::text::plain_number;

use super::{concentration, constant, rate};

/// Rate of inactivation at a concentration, in the unit of `kinact`.
#[must_use]
pub fn kobs(kinact: f64, ki_u: f64, concentration: f64) -> f64 {
    kinact * concentration / (ki_u + concentration)
}

/// R = (kobs + kdeg) / kdeg; `kinact` and `kdeg` in the same unit.
#[must_use]
pub fn ratio(kinact: f64, ki_u: f64, kdeg: f64, concentration: f64) -> f64 {
    (kobs(kinact, ki_u, concentration) + kdeg) / kdeg
}

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "tdi_basic",
    title: "Basic test of time-dependent inhibition (ICH M12)",
    about: "How much faster an enzyme is lost with the inhibitor than without it.",
    formula: "R = (kobs + kdeg)/kdeg; kobs = kinact x m x Cmax,u / (KI,u + m x Cmax,u)",
    inputs: &[
        constant("KI", "concentration of half-maximal inactivation, unbound")
            .also(&["KI,u", "KI_u"]),
        rate("kinact", "maximal rate of inactivation"),
        rate(
            "kdeg",
            "rate of natural loss of the enzyme, same unit as kinact",
        ),
        concentration("Cmax,u", "unbound Cmax of the inhibitor").also(&["Cmax_u", "Cu", "I"]),
        Input::number(
            "multiple",
            "1",
            Range::above(0.0, 1_000.0),
            "multiple m of Cmax,u",
        )
        .optional("5 as in ICH M12; older texts use 50"),
    ],
    domain: Domain {
        holds_for: "One inactivator and one enzyme.",
        not_for: "the size of an interaction.",
    },
    example: r#"{"KI":4.1,"kinact":0.068,"kdeg":0.00032,"Cmax,u":0.0034}"#,
    facts: super::STATIC,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let why = "the ratio needs it";
    let (ki, kinact, kdeg) = (
        inputs.need("KI", why)?,
        inputs.need("kinact", why)?,
        inputs.need("kdeg", why)?,
    );
    let cmax = inputs.need("Cmax,u", why)?;
    let multiple = match inputs.number("multiple") {
        Some(multiple) => multiple,
        None => facts.cutoff("tdi_multiple")?,
    };
    let concentration = multiple * cmax;
    let observed = kobs(kinact, ki, concentration);
    let r = ratio(kinact, ki, kdeg, concentration);
    let cutoff = facts.cutoff("tdi")?;
    let flagged = more_than(r, cutoff);
    Ok(Answer::default()
        .number(
            "R",
            r,
            "1",
            3,
            "ratio of enzyme loss with and without the inhibitor",
        )
        .number(
            "kobs",
            observed,
            "1/min",
            6,
            "rate of inactivation at that concentration",
        )
        .flag("flag", flagged, format!("R above {}", plain_number(cutoff)))
        .category(if flagged {
            "cannot_be_ruled_out"
        } else {
            "unlikely"
        })
        .step(format!(
            "concentration = {} x {} = {} umol/L",
            plain_number(multiple),
            plain_number(cmax),
            plain_number(concentration)
        ))
        .step(format!("kobs = {} per minute", plain_number(observed)))
        .step(format!(
            "R = ({} + {}) / {} = {}",
            plain_number(observed),
            plain_number(kdeg),
            plain_number(kdeg),
            plain_number(r)
        ))
        .say(if flagged {
            "An interaction cannot be ruled out by this test; its size needs a further step."
        } else {
            "An interaction by this route is unlikely at this concentration."
        })
        .warn(super::SCREEN))
}
