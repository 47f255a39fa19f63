//! AUDIT-C. Knows the sum and the cut-offs by sex; does not hold the questions.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, SEXES, Sex};
use crate::clinic::math::round_half_up;

const FACTS: FactFile = FactFile("audit_c");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "audit_c",
    title: "AUDIT-C (drinking)",
    about: "Adds three items on drinking, 0 to 12, and says whether the screen is positive.",
    formula: "AUDIT-C",
    inputs: &[
        Input::of(
            "items",
            Kind::Ratings,
            "points of the three items, in the order of the form",
        ),
        Input::of("sex", Kind::Word(SEXES), "sex for clinical use"),
    ],
    domain: Domain {
        holds_for: "Adults, as a screen.",
        not_for: "a diagnosis.",
    },
    example: r#"{"items":[2,1,1],"sex":"M"}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let (items, score) = super::rated(inputs)?;
    let (female, male) = (
        round_half_up(facts.cutoff("positive_F")?),
        round_half_up(facts.cutoff("positive_M")?),
    );
    let positive = match inputs.sex()? {
        Sex::F => Some(score >= female),
        Sex::M => Some(score >= male),
        Sex::Other if (score >= female) == (score >= male) => Some(score >= male),
        Sex::Other => None,
    };
    let said = match positive {
        Some(true) => {
            "The screen is positive: worth talking about drinking, alcohol with kratom above all."
                .to_owned()
        }
        Some(false) => "The screen is negative.".to_owned(),
        None => format!(
            "Positive by the cut-off for women ({female}), negative by the one for men ({male})."
        ),
    };
    let answer = Answer::default()
        .whole("score", score, "AUDIT-C score, 0 to 12")
        .maybe_flag("positive", positive, "whether the screen is positive")
        .category(match positive {
            Some(true) => "positive",
            Some(false) => "negative",
            None => "depends_on_cutoff",
        })
        .step(format!("cut-offs: women {female}, men {male}"))
        .say(said);
    Ok(super::rating_steps(answer, items, facts))
}
