//! PHQ-2. Knows the sum and one cut-off; does not hold the questions.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind};
use crate::clinic::math::round_half_up;

const FACTS: FactFile = FactFile("phq2");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "phq2",
    title: "PHQ-2 (mood)",
    about: "Adds two items on mood, 0 to 6, and says whether the screen is positive.",
    formula: "PHQ-2",
    inputs: &[Input::of(
        "items",
        Kind::Ratings,
        "points of the two items, in the order of the form",
    )],
    domain: Domain {
        holds_for: "Adults, the last two weeks, as a screen.",
        not_for: "a diagnosis.",
    },
    example: r#"{"items":[2,1]}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let (items, score) = super::rated(inputs)?;
    let cutoff = round_half_up(facts.cutoff("positive")?);
    let positive = score >= cutoff;
    let answer = Answer::default()
        .whole("score", score, "PHQ-2 score, 0 to 6")
        .flag("positive", positive, format!("whether the screen is positive ({cutoff} or more)"))
        .category(if positive { "positive" } else { "negative" })
        .say(if positive {
            "The screen is positive: worth a fuller talk about mood."
        } else {
            "The screen is negative."
        })
        .warn("The two items do not ask about thoughts of self-harm. Anyone with such thoughts should call a crisis line or the emergency services.");
    Ok(super::rating_steps(answer, items, facts))
}
