//! Clinical Opiate Withdrawal Scale. Knows the points of eleven items and the bands; does not hold the
//! form's text and never says when to take a medicine.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind};

const FACTS: FactFile = FactFile("cows");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "cows",
    title: "Clinical Opiate Withdrawal Scale (COWS)",
    about: "Adds eleven signs of opioid withdrawal rated by a clinician, 0 to 48.",
    formula: "COWS-2003",
    inputs: &[Input::of(
        "items",
        Kind::Ratings,
        "points of the eleven items, in the order of the form",
    )],
    domain: Domain {
        holds_for: "Someone seen by a clinician who rates the signs; made for opioids, used for kratom by analogy.",
        not_for: "self-rating, or deciding alone on a first dose of any medicine.",
    },
    example: r#"{"items":[1,1,1,1,1,0,0,0,0,0,0]}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let (items, score) = super::rated(inputs)?;
    let band = facts.band_of(score).map(|band| band.id.as_str());
    let answer = Answer::default()
        .whole("score", score, "COWS score, 0 to 48")
        .band("band", band, "none (below 5), mild, moderate, moderately severe or severe (above 36)")
        .say(format!("Withdrawal signs: {}.", band.unwrap_or_default().replace('_', " ")))
        .warn("A fast pulse, sweating and anxiety also come from other illnesses; a rating does not tell them apart.");
    Ok(super::rating_steps(answer, items, facts))
}
