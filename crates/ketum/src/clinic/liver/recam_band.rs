//! Band of a RECAM score worked out elsewhere. Knows the bands; does not hold the items, whose points
//! were not found in public.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, missing};

const FACTS: FactFile = FactFile("recam");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "recam_band",
    title: "Band of an external RECAM score",
    about: "Names the band of a RECAM score you worked out on the official site.",
    formula: "RECAM-2022-band",
    inputs: &[Input::whole(
        "score",
        "{score}",
        -20,
        20,
        "RECAM score from the official site",
    )],
    domain: Domain {
        holds_for: "Scores of medicines, as RECAM was built.",
        not_for: "herbal products and supplements, kratom among them: the official site says so itself.",
    },
    example: r#"{"score":5}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let score = inputs
        .whole("score")
        .ok_or_else(|| missing("score", "the band needs it"))?;
    let band = facts.band_of(score).map(|band| band.id.as_str());
    Ok(Answer::default()
        .band("band", band, "band of the score")
        .step(format!("{score} lies in the band \"{}\"", band.unwrap_or_default().replace('_', " ")))
        .warn("RECAM was built on cases of medicines with enzymes of at least 5 times their limit, not on herbal products or supplements. For kratom it is outside its domain; prefer RUCAM."))
}
