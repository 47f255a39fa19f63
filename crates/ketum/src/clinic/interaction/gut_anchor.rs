//! The gut-only model: how much gut enzyme one exposure leaves, from a ratio measured in people, and
//! the ratio it means for another oral victim. Knows the two equations; does not know doses.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Input, Inputs, Range};
use crate::clinic::text::plain_number;

use super::FRACTION;

/// Gut enzyme activity left, from an AUC ratio of an index victim with `fg`.
#[must_use]
pub fn activity_left(aucr_observed: f64, fg: f64) -> f64 {
    (1.0 / aucr_observed - fg) / (1.0 - fg)
}

/// AUC ratio of an oral victim with `fg` when the share `x` of gut enzyme is left.
#[must_use]
pub fn aucr(x: f64, fg: f64) -> f64 {
    1.0 / (x * (1.0 - fg) + fg)
}

const FG: Range = Range::above(0.0, 1.0);
const RATIO: Range = Range::of(0.1, 100.0);

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "gut_anchor",
    title: "Gut-only CYP3A model, anchored to a trial",
    about: "Either the gut enzyme left (x) from a ratio measured in people, or the ratio of an oral CYP3A medicine from x.",
    formula: "x = (1/AUCR_obs - Fg)/(1 - Fg); AUCR = 1/(x (1-Fg) + Fg)",
    inputs: &[
        Input::number(
            "Fg",
            "1",
            FG,
            "fraction that escapes the gut wall: of the index victim with AUCR_obs, of the victim with x",
        ),
        Input::number("x", "1", FRACTION, "gut enzyme activity left")
            .optional("worked out from AUCR_obs"),
        Input::number(
            "AUCR_obs",
            "1",
            RATIO,
            "AUC ratio measured for the index victim",
        )
        .optional("x must be given"),
        Input::number("AUCR_low", "1", RATIO, "lower limit of that ratio").optional("no interval"),
        Input::number("AUCR_high", "1", RATIO, "upper limit of that ratio").optional("no interval"),
        Input::number(
            "Fg_v",
            "1",
            FG,
            "fraction that escapes the gut wall, of another victim",
        )
        .optional("no ratio of another victim"),
    ],
    domain: Domain {
        holds_for: "Oral CYP3A medicines taken together with one 2 g leaf tea low in 7-hydroxymitragynine.",
        not_for: "7-OH products, extracts, other amounts, medicines not taken by mouth (their ratio is 1), or other enzymes. Never tested with any victim but midazolam.",
    },
    example: r#"{"Fg":0.57,"AUCR_obs":1.39,"AUCR_low":1.23,"AUCR_high":1.57,"Fg_v":0.14}"#,
    facts: super::GUT,
    compute,
};

fn compute(inputs: &Inputs, _facts: &Facts) -> Result<Answer, Fail> {
    let fg = inputs.need("Fg", "both equations need it")?;
    let answer = match (inputs.number("x"), inputs.number("AUCR_obs")) {
        (Some(_), Some(_)) => {
            return Err(Fail::input(
                "x",
                "given_twice",
                "give x or AUCR_obs, not both: one follows from the other",
            ));
        }
        (None, None) => {
            return Err(Fail::input(
                "x",
                "missing",
                "give x (enzyme left) or AUCR_obs (a ratio measured in people)",
            ));
        }
        (Some(x), None) => {
            for key in ["AUCR_low", "AUCR_high"] {
                if inputs.has(key) {
                    return Err(Fail::input(
                        key,
                        "not_used",
                        format!("{key} belongs to AUCR_obs, which was not given"),
                    ));
                }
            }
            let ratio = aucr(x, fg);
            let mut answer = Answer::default()
                .number("AUCR", ratio, "1", 2, "AUC ratio of the victim")
                .number("x", x, "1", 3, "gut enzyme left")
                .step(format!(
                    "1 / ({} x (1 - {}) + {}) = {}",
                    plain_number(x),
                    plain_number(fg),
                    plain_number(fg),
                    plain_number(ratio)
                ));
            if let Some(fg_v) = inputs.number("Fg_v") {
                answer = answer.number(
                    "AUCR_v",
                    aucr(x, fg_v),
                    "1",
                    2,
                    "AUC ratio of the other victim",
                );
            }
            answer
        }
        (None, Some(observed)) => from_trial(inputs, observed, fg)?,
    };
    Ok(answer
        .say("A hypothesis that puts the whole effect in the gut wall, as the unchanged half-life in the trial suggests.")
        .warn("Leaf tea of 2 g only; how the effect changes with the amount is not known."))
}

fn from_trial(inputs: &Inputs, observed: f64, fg: f64) -> Result<Answer, Fail> {
    let left = |key: &'static str, ratio: f64| -> Result<f64, Fail> {
        let x = activity_left(ratio, fg);
        if (0.0..=1.0).contains(&x) {
            return Ok(x);
        }
        let why = if x < 0.0 {
            format!(
                "{key} is {}; a block of the gut alone cannot exceed 1/Fg = {}",
                plain_number(ratio),
                plain_number(1.0 / fg)
            )
        } else {
            format!(
                "{key} is {}; below 1 the enzyme would be induced, which this model does not cover",
                plain_number(ratio)
            )
        };
        Err(Fail::input(key, "outside_gut_model", why))
    };
    let x = left("AUCR_obs", observed)?;
    let mut answer = Answer::default()
        .number("x", x, "1", 3, "gut enzyme left after one exposure")
        .number(
            "AUCR",
            observed,
            "1",
            2,
            "AUC ratio of the index victim, as given",
        )
        .step(format!(
            "x = (1/{} - {}) / (1 - {}) = {}",
            plain_number(observed),
            plain_number(fg),
            plain_number(fg),
            plain_number(x)
        ));
    // A higher ratio leaves less enzyme, so the limits change places.
    let (x_low, x_high) = (
        inputs
            .number("AUCR_high")
            .map(|ratio| left("AUCR_high", ratio))
            .transpose()?,
        inputs
            .number("AUCR_low")
            .map(|ratio| left("AUCR_low", ratio))
            .transpose()?,
    );
    if let Some(low) = x_low {
        answer = answer.number(
            "x_low",
            low,
            "1",
            3,
            "enzyme left at the upper limit of the ratio",
        );
    }
    if let Some(high) = x_high {
        answer = answer.number(
            "x_high",
            high,
            "1",
            3,
            "enzyme left at the lower limit of the ratio",
        );
    }
    if let Some(fg_v) = inputs.number("Fg_v") {
        answer = answer
            .number(
                "AUCR_v",
                aucr(x, fg_v),
                "1",
                2,
                "AUC ratio of the other victim",
            )
            .step(format!(
                "other victim: 1 / ({} x (1 - {}) + {}) = {}",
                plain_number(x),
                plain_number(fg_v),
                plain_number(fg_v),
                plain_number(aucr(x, fg_v))
            ));
        if let Some(high) = x_high {
            answer = answer.number("AUCR_v_low", aucr(high, fg_v), "1", 2, "its lower limit");
        }
        if let Some(low) = x_low {
            answer = answer.number("AUCR_v_high", aucr(low, fg_v), "1", 2, "its upper limit");
        }
    }
    Ok(answer)
}
