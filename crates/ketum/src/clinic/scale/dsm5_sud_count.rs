//! Number of criteria of a substance use disorder. Knows the bands, with and without tolerance and
//! withdrawal; does not hold the criteria's text and makes no diagnosis.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, missing};

const FACTS: FactFile = FactFile("dsm5_sud");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "dsm5_sud_count",
    title: "Substance use disorder: count of criteria",
    about: "Names the severity band of a number of criteria, 0 to 11, with and without tolerance and withdrawal.",
    formula: "DSM-5-SUD-count",
    inputs: &[
        Input::whole(
            "criteria_met",
            "{count}",
            0,
            11,
            "criteria met within 12 months, as judged by a clinician",
        ),
        Input::of(
            "tolerance_met",
            Kind::Flag,
            "whether tolerance is among them",
        )
        .optional("the count without it is not given"),
        Input::of(
            "withdrawal_met",
            Kind::Flag,
            "whether withdrawal is among them",
        )
        .optional("the count without it is not given"),
    ],
    domain: Domain {
        holds_for: "Criteria judged by a clinician over 12 months.",
        not_for: "self-diagnosis; tolerance and withdrawal do not count when a medicine is taken as prescribed.",
    },
    example: r#"{"criteria_met":4,"tolerance_met":true,"withdrawal_met":true}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let count = inputs
        .whole("criteria_met")
        .ok_or_else(|| missing("criteria_met", "the band needs it"))?;
    let band = |count: i64| facts.band_of(count).map(|band| band.id.as_str());
    let severity = band(count);
    let answer = Answer::default()
        .band("severity", severity, "band by number of criteria")
        .whole("criteria", count, "criteria met")
        .step(format!(
            "{count} of 11 criteria: {}",
            severity.unwrap_or_default()
        ))
        .say("A count supports a clinician's judgement; it is not a diagnosis.");
    let (Some(tolerance), Some(withdrawal)) =
        (inputs.flag("tolerance_met"), inputs.flag("withdrawal_met"))
    else {
        return Ok(answer
            .lacks("tolerance_met and withdrawal_met: people who take kratom meet mainly these two, so a count without them is worth giving"));
    };
    let both = i64::from(tolerance) + i64::from(withdrawal);
    if both > count {
        return Err(Fail::input(
            "criteria_met",
            "count_too_small",
            format!("criteria_met is {count}, fewer than tolerance and withdrawal together"),
        ));
    }
    let without = count - both;
    Ok(answer
        .whole(
            "criteria_without_tolerance_withdrawal",
            without,
            "criteria met without those two",
        )
        .text(
            "severity_without_tolerance_withdrawal",
            band(without).unwrap_or_default(),
            "band without those two",
        )
        .step(format!("without tolerance and withdrawal: {without}")))
}
