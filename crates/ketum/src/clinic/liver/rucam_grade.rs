//! Grade of a RUCAM total scored elsewhere. Knows the five grades; does not know the items.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Input, Inputs, missing};

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "rucam_grade",
    title: "Grade of a RUCAM total",
    about: "Names the grade of a RUCAM total, from -9 to +14.",
    formula: "RUCAM-2016-grade",
    inputs: &[Input::whole("score", "{score}", -9, 14, "RUCAM total")],
    domain: Domain {
        holds_for: "Totals of the RUCAM of 1993 and its update of 2016.",
        not_for: "RECAM scores.",
    },
    example: r#"{"score":6}"#,
    facts: super::RUCAM,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let score = inputs
        .whole("score")
        .ok_or_else(|| missing("score", "the grade needs it"))?;
    let grade = super::rucam::grade(score, facts)?;
    Ok(Answer::default()
        .band("grade", Some(grade), "grade of the total")
        .step(format!(
            "{score} lies in the band \"{}\"",
            grade.replace('_', " ")
        ))
        .say("The grade speaks of how well the case fits, not of how often the product harms."))
}
