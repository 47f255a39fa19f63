//! Subjective Opiate Withdrawal Scale of Handelsman, 16 items. Knows the sum only: the bands in
//! circulation have no source and leave half the range unnamed.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind};

const FACTS: FactFile = FactFile("sows_handelsman");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "sows_handelsman",
    title: "Subjective Opiate Withdrawal Scale, 16 items (Handelsman)",
    about: "Adds sixteen self-rated items of 0 to 4. Not the ten-item scale of Gossop, which has the same initials.",
    formula: "SOWS-Handelsman-16",
    inputs: &[Input::of(
        "items",
        Kind::Ratings,
        "ratings of the sixteen items, in the order of the form",
    )],
    domain: Domain {
        holds_for: "Following one person over days with the same form.",
        not_for: "comparison with the ten-item scale.",
    },
    example: r#"{"items":[1,2,0,0,1,1,0,2,0,0,1,0,0,2,1,3]}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let (items, score) = super::rated(inputs)?;
    let answer = Answer::default()
        .whole("score", score, "sum, 0 to 64")
        .say("The sum has no verified bands; compare it with the same person's earlier sums.");
    Ok(super::rating_steps(answer, items, facts))
}
