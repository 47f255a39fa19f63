//! Names of the Poisoning Severity Score. Knows the five grades; the table of organ findings is not held.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, missing};

const FACTS: FactFile = FactFile("pss");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "pss",
    title: "Poisoning Severity Score: name of a grade",
    about: "Names a grade given by someone who applied the score's own table.",
    formula: "PSS-1998",
    inputs: &[Input::whole(
        "grade",
        "{score}",
        0,
        4,
        "grade by the worst feature seen, after the event",
    )],
    domain: Domain {
        holds_for: "Describing a poisoning after it is over.",
        not_for: "deciding what to do while it lasts; the score's use has been criticised.",
    },
    example: r#"{"grade":2}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let grade = inputs
        .whole("grade")
        .ok_or_else(|| missing("grade", "its name depends on it"))?;
    let name = facts.band_of(grade).map(|band| band.id.as_str());
    Ok(Answer::default()
        .band("severity", name, "name of the grade")
        .step(format!("grade {grade}: {}", name.unwrap_or_default()))
        .say("Graded after the event, by the worst feature. The table of organ findings is not held here."))
}
