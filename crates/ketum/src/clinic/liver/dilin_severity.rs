//! DILIN grade of severity, 1 to 5. Knows the criteria, read from 5 down to 1; does not judge whether a
//! product caused the injury.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, Range, missing};
use crate::clinic::math::at_least;
use crate::clinic::text::plain_number;
use crate::clinic::units::BILIRUBIN;

const FACTS: FactFile = FactFile("dilin");

/// What the grades ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools)] // seven yes-or-no criteria, as the source lists them
pub struct Criteria {
    /// ALT or ALP above its limit.
    pub enzyme_raised: bool,
    /// Bilirubin at or above the cut-off.
    pub bilirubin_high: bool,
    /// INR at or above the cut-off.
    pub inr_high: bool,
    /// In hospital, or longer there, because of the injury.
    pub hospitalised: bool,
    /// Ascites, encephalopathy or failure of another organ from the injury.
    pub organ_sign: bool,
    /// Death or transplant from the injury.
    pub fatal: bool,
}

/// The grade, from 5 down; `None` when no criterion is met.
#[must_use]
pub fn grade(criteria: Criteria) -> Option<i64> {
    let c = criteria;
    if c.fatal {
        Some(5)
    } else if c.enzyme_raised && c.bilirubin_high && (c.inr_high || c.organ_sign) {
        Some(4)
    } else if c.hospitalised && (c.enzyme_raised || c.bilirubin_high || c.inr_high) {
        Some(3)
    } else if c.enzyme_raised && (c.bilirubin_high || c.inr_high) {
        Some(2)
    } else if c.enzyme_raised {
        Some(1)
    } else {
        None
    }
}

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "dilin_severity",
    title: "DILIN severity of a drug-induced liver injury",
    about: "Grades an injury already judged to come from a product: 1 mild to 5 fatal.",
    formula: "DILIN-2009",
    inputs: &[
        Input::of(
            "alt_or_alp_raised",
            Kind::Flag,
            "ALT or ALP above its upper limit",
        ),
        Input::quantity(
            "tbil_mg_dL",
            "mg/dL",
            Range::of(0.01, 100.0),
            BILIRUBIN,
            "total bilirubin",
        ),
        Input::number(
            "inr",
            "1",
            Range::of(0.5, 30.0),
            "international normalised ratio",
        ),
        Input::of(
            "hospitalised",
            Kind::Flag,
            "in hospital, or longer there, because of the injury",
        ),
        Input::of("ascites", Kind::Flag, "ascites from the injury")
            .optional("taken as not reported"),
        Input::of("encephalopathy", Kind::Flag, "hepatic encephalopathy")
            .optional("taken as not reported"),
        Input::of(
            "other_organ_failure",
            Kind::Flag,
            "failure of another organ from the injury",
        )
        .optional("taken as not reported"),
        Input::of(
            "death_or_transplant_due_to_dili",
            Kind::Flag,
            "death or transplant from the injury",
        )
        .optional("taken as not reported"),
    ],
    domain: Domain {
        holds_for: "Someone with a drug-induced liver injury.",
        not_for: "chronic liver disease, or a rise whose cause is not judged yet.",
    },
    example: r#"{"alt_or_alp_raised":true,"tbil_mg_dL":9.5,"inr":1.6,"hospitalised":true,"ascites":false,"encephalopathy":false}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let bilirubin = inputs.need("tbil_mg_dL", "the grades need it")?;
    let inr = inputs.need("inr", "the grades need it")?;
    let flag = |key: &str| {
        inputs
            .flag(key)
            .ok_or_else(|| missing(key, "the grades need it"))
    };
    let reported = |key: &str| inputs.flag(key).unwrap_or(false);
    let (bilirubin_cut, inr_cut) = (facts.cutoff("bilirubin_mg_dL")?, facts.cutoff("inr")?);
    let criteria = Criteria {
        enzyme_raised: flag("alt_or_alp_raised")?,
        bilirubin_high: at_least(bilirubin, bilirubin_cut),
        inr_high: at_least(inr, inr_cut),
        hospitalised: flag("hospitalised")?,
        organ_sign: reported("ascites")
            || reported("encephalopathy")
            || reported("other_organ_failure"),
        fatal: reported("death_or_transplant_due_to_dili"),
    };
    let grade = grade(criteria);
    let word = match grade {
        Some(1) => Some("mild"),
        Some(2) => Some("moderate"),
        Some(3) => Some("moderate_severe"),
        Some(4) => Some("severe"),
        Some(5) => Some("fatal"),
        _ => None,
    };
    let mut answer = Answer::default()
        .maybe_whole("grade", grade, "DILIN grade, 1 to 5")
        .band("severity", word, "name of the grade")
        .step(format!(
            "bilirubin {} mg/dL, cut-off {}: {}",
            plain_number(bilirubin),
            plain_number(bilirubin_cut),
            reach(criteria.bilirubin_high)
        ))
        .step(format!(
            "INR {}, cut-off {}: {}",
            plain_number(inr),
            plain_number(inr_cut),
            reach(criteria.inr_high)
        ));
    for key in [
        "ascites",
        "encephalopathy",
        "other_organ_failure",
        "death_or_transplant_due_to_dili",
    ] {
        if !inputs.has(key) {
            answer = answer.lacks(format!(
                "{key}: not reported; if present the grade is higher"
            ));
        }
    }
    answer = match grade {
        Some(grade) => answer.say(format!("Grade {grade} ({}).", word.unwrap_or_default().replace('_', "-"))),
        None => answer.say("No grade: the grades start from a raised ALT or ALP, or from a hospital stay with a raised value."),
    };
    Ok(answer.warn_if(
        criteria.inr_high || reported("encephalopathy"),
        "INR of 1.5 or more, or confusion, in an acute liver injury is an emergency.",
    ))
}

fn reach(reached: bool) -> &'static str {
    if reached { "reached" } else { "not reached" }
}
