//! The lumped oral model: one contribution ratio and one inhibition ratio (or increase). Knows the form;
//! holds no constants, because none could be verified for kratom.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Range};
use crate::clinic::text::plain_number;

use super::FRACTION;

const FACTS: FactFile = FactFile("lumped_ddi");

/// AUC ratio under inhibition; absent when nothing of the clearance would be left.
#[must_use]
pub fn inhibited(cr: f64, ir: f64) -> Option<f64> {
    let left = 1.0 - cr * ir;
    (left > 0.0).then(|| 1.0 / left)
}

/// AUC ratio under induction.
#[must_use]
pub fn induced(cr: f64, ic: f64) -> f64 {
    1.0 / (1.0 + cr * ic)
}

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "lumped_auc_ratio",
    title: "Lumped oral interaction model (Ohno)",
    about: "AUC ratio from the share of clearance through an enzyme and how strongly it is inhibited or induced.",
    formula: "AUCR = 1/(1 - CR IR), or 1/(1 + CR IC)",
    inputs: &[
        Input::number(
            "CR",
            "1",
            FRACTION,
            "share of oral clearance through the enzyme",
        ),
        Input::number("IR", "1", FRACTION, "inhibition ratio of the perpetrator")
            .optional("IC must be given"),
        Input::number(
            "IC",
            "1",
            Range::of(0.0, 100.0),
            "increase of clearance by the inducer",
        )
        .optional("IR must be given"),
    ],
    domain: Domain {
        holds_for: "Oral medicines when Fg is unknown.",
        not_for: "kratom as a settled number: its inhibition ratio rests on an input nobody here could verify.",
    },
    example: r#"{"CR":0.75,"IR":0.305}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, _facts: &Facts) -> Result<Answer, Fail> {
    let cr = inputs.need("CR", "the model needs it")?;
    let (ratio, step) = match (inputs.number("IR"), inputs.number("IC")) {
        (Some(ir), None) => {
            let ratio = inhibited(cr, ir).ok_or_else(|| {
                Fail::input(
                    "IR",
                    "out_of_range",
                    "CR times IR is 1: no clearance would be left and the ratio has no value",
                )
            })?;
            (
                ratio,
                format!(
                    "1 / (1 - {} x {}) = {}",
                    plain_number(cr),
                    plain_number(ir),
                    plain_number(ratio)
                ),
            )
        }
        (None, Some(ic)) => {
            let ratio = induced(cr, ic);
            (
                ratio,
                format!(
                    "1 / (1 + {} x {}) = {}",
                    plain_number(cr),
                    plain_number(ic),
                    plain_number(ratio)
                ),
            )
        }
        (Some(_), Some(_)) => {
            return Err(Fail::input(
                "IC",
                "given_twice",
                "give IR (inhibition) or IC (induction), not both",
            ));
        }
        (None, None) => {
            return Err(Fail::input(
                "IR",
                "missing",
                "give IR (inhibition) or IC (induction)",
            ));
        }
    };
    Ok(Answer::default()
        .number("AUCR", ratio, "1", 2, "AUC ratio")
        .step(step)
        .say("A lumped estimate; where gut and liver can be told apart, prefer that model.")
        .warn("The result is only as good as the CR and IR or IC you gave; none are held here."))
}
