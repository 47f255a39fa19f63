//! Gut enzyme over repeated exposures: each leaves the share x, and between them it recovers. Knows the
//! recursion and its steady state; does not know doses or when anyone should take anything.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Input, Inputs, Range};
use crate::clinic::math::exp;
use crate::clinic::text::plain_number;
use crate::clinic::units::RATE;

use super::FRACTION;
use super::gut_anchor::aucr;

/// Enzyme just before and just after an exposure, relative to never exposed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Around {
    /// Just before.
    pub before: f64,
    /// Just after.
    pub after: f64,
}

/// Enzyme `minutes` after an exposure that left `after`, recovering at `kdeg` per minute.
#[must_use]
pub fn recovered(after: f64, kdeg_per_min: f64, minutes: f64) -> f64 {
    1.0 - (1.0 - after) * exp(-kdeg_per_min * minutes)
}

/// Around the `n`-th of equally spaced exposures, the first one at full enzyme.
#[must_use]
pub fn around_exposure(x: f64, kdeg_per_min: f64, tau_min: f64, n: u32) -> Around {
    let mut around = Around {
        before: 1.0,
        after: x,
    };
    for _ in 1..n {
        let before = recovered(around.after, kdeg_per_min, tau_min);
        around = Around {
            before,
            after: x * before,
        };
    }
    around
}

/// At steady state, in closed form.
#[must_use]
pub fn steady_state(x: f64, kdeg_per_min: f64, tau_min: f64) -> Around {
    let kept = exp(-kdeg_per_min * tau_min);
    let before = (1.0 - kept) / (1.0 - x * kept);
    Around {
        before,
        after: x * before,
    }
}

const HOURS: Range = Range::of(0.0, 24.0 * 365.0);

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "gut_recursion",
    title: "Gut enzyme over repeated exposures",
    about: "How much gut CYP3A is left before and after each of equally spaced exposures, and the ratio that means for an oral victim.",
    formula: "E_post = x E_pre; E_pre(next) = 1 - (1 - E_post) exp(-kdeg tau)",
    inputs: &[
        Input::number(
            "x",
            "1",
            FRACTION,
            "share of gut enzyme one exposure leaves (see gut_anchor)",
        ),
        Input::number(
            "tau",
            "h",
            Range::above(0.0, 24.0 * 365.0),
            "interval between exposures",
        )
        .also(&["tau_h"]),
        Input::quantity(
            "kdeg",
            "1/min",
            Range::above(0.0, 1.0),
            RATE,
            "natural loss (and so recovery) of the gut enzyme",
        )
        .also(&["kdeg_g"]),
        Input::whole("n", "{count}", 1, 1_000, "which exposure").optional("steady state"),
        Input::number(
            "Fg",
            "1",
            Range::above(0.0, 1.0),
            "fraction of a victim that escapes the gut wall",
        )
        .optional("no ratio is given"),
        Input::number("t", "h", HOURS, "hours from the exposure to the victim")
            .also(&["t_h"])
            .optional("0: victim together with the exposure"),
    ],
    domain: Domain {
        holds_for: "Equal exposures of 2 g leaf tea, evenly spaced; oral CYP3A victims.",
        not_for: "7-OH products, extracts, uneven schedules, or induction in people who have taken kratom for long.",
    },
    example: r#"{"x":0.347,"tau":6,"kdeg":0.0005,"Fg":0.57}"#,
    facts: super::GUT,
    compute,
};

fn compute(inputs: &Inputs, _facts: &Facts) -> Result<Answer, Fail> {
    let why = "the recursion needs it";
    let (x, tau, kdeg) = (
        inputs.need("x", why)?,
        inputs.need("tau", why)?,
        inputs.need("kdeg", why)?,
    );
    let tau_min = tau * 60.0;
    let around = match inputs.whole("n").and_then(|n| u32::try_from(n).ok()) {
        Some(n) => around_exposure(x, kdeg, tau_min, n),
        None => steady_state(x, kdeg, tau_min),
    };
    let when = match inputs.whole("n") {
        Some(n) => format!("exposure {n}"),
        None => "steady state".to_owned(),
    };
    let hours = inputs.number("t").unwrap_or(0.0);
    if hours > tau {
        return Err(Fail::input(
            "t",
            "out_of_range",
            format!(
                "t is {}; it must lie within one interval ({} h)",
                plain_number(hours),
                plain_number(tau)
            ),
        ));
    }
    let at_victim = recovered(around.after, kdeg, hours * 60.0);
    let mut answer = Answer::default()
        .number("E_pre", around.before, "1", 3, format!("enzyme just before the exposure, {when}"))
        .number("E_post", around.after, "1", 3, format!("enzyme just after the exposure, {when}"))
        .step(format!("exp(-kdeg tau) = exp(-{} x {} min) = {}", plain_number(kdeg), plain_number(tau_min), plain_number(exp(-kdeg * tau_min))))
        .step(format!("{when}: E_pre {}, E_post = {} x E_pre = {}", plain_number(around.before), plain_number(x), plain_number(around.after)))
        .say("A hypothesis: recovery of the gut enzyme after kratom has not been measured in people.")
        .warn("Leaf tea of 2 g only; how the effect changes with the amount is not known.");
    if let Some(fg) = inputs.number("Fg") {
        let ratio = aucr(at_victim, fg);
        answer = answer
            .number("AUCR", ratio, "1", 2, "AUC ratio of the victim")
            .number(
                "E_at_victim",
                at_victim,
                "1",
                3,
                "enzyme when the victim is taken",
            )
            .step(format!(
                "victim {} h after: enzyme {}, ratio {}",
                plain_number(hours),
                plain_number(at_victim),
                plain_number(ratio)
            ));
    } else {
        answer = answer.lacks("Fg: no ratio without it");
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recursion_reaches_its_closed_form() {
        for tau_h in [6.0, 8.0, 12.0, 24.0] {
            let (far, closed) = (
                around_exposure(0.347, 0.0005, tau_h * 60.0, 400),
                steady_state(0.347, 0.0005, tau_h * 60.0),
            );
            assert!((far.before - closed.before).abs() < 1e-12, "{tau_h} h");
            assert!((far.after - closed.after).abs() < 1e-12, "{tau_h} h");
        }
    }

    #[test]
    fn closer_exposures_leave_less_enzyme() {
        let after = |tau_h: f64| steady_state(0.347, 0.0005, tau_h * 60.0).after;
        assert!(after(6.0) < after(8.0) && after(8.0) < after(12.0) && after(12.0) < after(24.0));
    }
}
