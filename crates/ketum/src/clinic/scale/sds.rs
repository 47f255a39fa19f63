//! Severity of Dependence Scale. Knows the sum only; no cut-off for kratom exists.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind};

const FACTS: FactFile = FactFile("sds");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "sds",
    title: "Severity of Dependence Scale",
    about: "Adds five self-rated items of 0 to 3.",
    formula: "SDS-5",
    inputs: &[Input::of(
        "items",
        Kind::Ratings,
        "ratings of the five items, in the order of the form",
    )],
    domain: Domain {
        holds_for: "One substance named in the questions.",
        not_for: "a yes-or-no answer on kratom: no cut-off exists.",
    },
    example: r#"{"items":[1,0,2,1,1]}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let (items, score) = super::rated(inputs)?;
    let answer = Answer::default().whole("score", score, "sum, 0 to 15").say(
        "Higher means more severe dependence as the person sees it. No cut-off exists for kratom.",
    );
    Ok(super::rating_steps(answer, items, facts))
}
