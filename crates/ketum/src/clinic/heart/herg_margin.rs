//! Margin between a concentration and the block of the hERG channel. Knows the ratio, the Hill form and
//! a screening heuristic; does not know anyone's QT.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Range};
use crate::clinic::math::pow;
use crate::clinic::text::plain_number;
use crate::clinic::units::MICROMOLAR;

const FACTS: FactFile = FactFile("herg");

/// Fraction of channels blocked: `cu` and `ic50` in the same unit, `h` the Hill coefficient.
#[must_use]
pub fn block(cu: f64, ic50: f64, h: f64) -> f64 {
    // The ratio form cannot overflow for a large h the way cu^h / (ic50^h + cu^h) can.
    if cu <= 0.0 {
        0.0
    } else {
        1.0 / (1.0 + pow(ic50 / cu, h))
    }
}

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "herg_margin",
    title: "hERG margin",
    about: "Compares an unbound concentration with the concentration that blocks half of the hERG channels.",
    formula: "margin = IC50/Cu; block = Cu^h / (IC50^h + Cu^h)",
    inputs: &[
        Input::quantity(
            "Cu",
            "umol/L",
            Range::above(0.0, 1e6),
            MICROMOLAR,
            "unbound concentration in plasma",
        )
        .also(&["C_u", "Cmax,u"]),
        Input::quantity(
            "IC50",
            "umol/L",
            Range::above(0.0, 1e6),
            MICROMOLAR,
            "concentration that blocks half of the channels",
        ),
        Input::number("h", "1", Range::above(0.0, 10.0), "Hill coefficient")
            .optional("1, as in the source equation"),
    ],
    domain: Domain {
        holds_for: "Screening of one substance by its unbound concentration.",
        not_for: "a person's QT, several blockers at once, or metabolites not counted in Cu.",
    },
    example: r#"{"Cu":0.0034,"IC50":0.333}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let cu = inputs.need("Cu", "the margin needs it")?;
    let ic50 = inputs.need("IC50", "the margin needs it")?;
    let h = inputs.number("h").unwrap_or(1.0);
    let margin = ic50 / cu;
    let blocked = block(cu, ic50, h);
    let threshold = facts.cutoff("margin")?;
    let flag = margin < threshold;
    let mut answer = Answer::default()
        .number("margin", margin, "1", 1, "IC50 over unbound concentration")
        .number("block", blocked, "1", 4, "fraction of channels blocked at that concentration")
        .flag("qt_flag", flag, "margin below 30")
        .category(if flag { "below_30" } else { "30_or_more" })
        .step(format!("{} / {} = {}", plain_number(ic50), plain_number(cu), plain_number(margin)))
        .say(if flag {
            "The margin is below 30, the heuristic used to screen new medicines; a QT effect cannot be ruled out this way."
        } else {
            "The margin is 30 or more, the heuristic used to screen new medicines; it does not rule out a QT effect in a person."
        })
        .say("Mean margins of marketed medicines by torsade class: known risk 4.8, conditional 28, possible 71, not listed 339.");
    if !inputs.has("h") {
        answer = answer.lacks("h: 1 was used, as in the source equation");
    }
    Ok(answer)
}
