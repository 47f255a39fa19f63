//! Naranjo scale of causality. Knows ten weights and four grades; does not hold the questions' text.
//! For liver injury RUCAM is better, and the answer says so.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, missing};

const FACTS: FactFile = FactFile("naranjo");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "naranjo",
    title: "Naranjo scale of causality",
    about: "Adds ten weighted answers: how likely an event comes from a product.",
    formula: "Naranjo-1981",
    inputs: &[Input::of(
        "answers",
        Kind::Answers,
        "ten answers, in the order of the form",
    )],
    domain: Domain {
        holds_for: "One event and one suspected product.",
        not_for: "liver injury (use RUCAM), overdose, or interactions.",
    },
    example: r#"{"answers":["unknown","yes","yes","unknown","no","unknown","unknown","unknown","unknown","yes"]}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let answers = inputs
        .answers("answers")
        .ok_or_else(|| missing("answers", "the score needs them"))?;
    let mut answer = Answer::default();
    let mut score = 0;
    let mut unknown = 0;
    for (item, given) in facts.file.item.iter().zip(answers) {
        let points = item
            .answer
            .iter()
            .find(|answer| answer.id == *given)
            .and_then(|answer| answer.points)
            .ok_or_else(|| missing("answers", "an answer has no points"))?;
        if given == "unknown" {
            unknown += 1;
        }
        score += points;
        answer = answer.step(format!("{}: {given}, {points:+}", item.id));
    }
    let grade = facts.band_of(score).map(|band| band.id.as_str());
    Ok(answer
        .whole("score", score, "Naranjo score, -4 to +13")
        .band("grade", grade, "doubtful, possible, probable or definite")
        .say(format!("Grade: {}.", grade.unwrap_or_default()))
        .warn_if(
            unknown > 0,
            format!("{unknown} of 10 answers are unknown and count 0."),
        )
        .warn("Made for medicines in general and poor for liver injury; there use RUCAM."))
}
