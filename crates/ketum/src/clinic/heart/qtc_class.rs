//! Class of a QTc. Knows the limits of 2009, the tiers used while a medicine is given, and the change
//! from an earlier value; does not mix in other bodies' limits.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactError, Facts};
use crate::clinic::input::{Input, Inputs, Kind, Range, SEXES, Sex};
use crate::clinic::text::plain_number;

/// The class and a sentence; no class when the two sexes differ.
pub(crate) fn class(
    sex: Sex,
    qtc_ms: f64,
    facts: &Facts,
) -> Result<(Option<&'static str>, String), FactError> {
    let one = |limit: &str| -> Result<&'static str, FactError> {
        Ok(if qtc_ms > facts.cutoff("high_risk_ms")? {
            "high_risk"
        } else if qtc_ms >= facts.cutoff(limit)? {
            "prolonged"
        } else if qtc_ms <= facts.cutoff("short_ms")? {
            "short"
        } else {
            "normal"
        })
    };
    let (female, male) = (one("prolonged_F_ms")?, one("prolonged_M_ms")?);
    let spoken = |class: &str| class.replace('_', " ");
    Ok(match sex {
        Sex::F => (Some(female), format!("Class: {}.", spoken(female))),
        Sex::M => (Some(male), format!("Class: {}.", spoken(male))),
        Sex::Other if female == male => (Some(male), format!("Class: {}.", spoken(male))),
        Sex::Other => (
            None,
            format!(
                "Class: {} by the limit for women, {} by the limit for men.",
                spoken(female),
                spoken(male)
            ),
        ),
    })
}

/// Adds the change from an earlier value.
pub(crate) fn change(answer: Answer, change_ms: f64, facts: &Facts) -> Result<Answer, FactError> {
    let word = if change_ms > facts.cutoff("change_large_ms")? {
        "large"
    } else if change_ms > facts.cutoff("change_watch_ms")? {
        "watch"
    } else {
        "small"
    };
    Ok(answer
        .number("change_ms", change_ms, "ms", 0, "change from the earlier value")
        .text("change", word, "size of the change: small, watch (above 30 ms) or large (above 60 ms)")
        .warn_if(word == "large", "A rise of more than 60 ms needs a clinician's attention even when the value itself is within the limits."))
}

const QTC: Range = Range::of(200.0, 800.0);

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "qtc_class",
    title: "Class of a QTc",
    about: "Names the class of a corrected QT interval by sex, and its tier while a medicine is monitored.",
    formula: "AHA-ACCF-HRS-2009",
    inputs: &[
        Input::of("sex", Kind::Word(SEXES), "sex for clinical use"),
        Input::number("qtc_ms", "ms", QTC, "corrected QT interval"),
        Input::number(
            "baseline_qtc_ms",
            "ms",
            QTC,
            "earlier QTc by the same formula",
        )
        .optional("no change is given"),
    ],
    domain: Domain {
        holds_for: "Adults in a regular rhythm with a narrow QRS.",
        not_for: "comparison with studies that use other limits.",
    },
    example: r#"{"sex":"F","qtc_ms":460}"#,
    facts: super::QTC,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let qtc = inputs.need("qtc_ms", "the class needs it")?;
    let (class, said) = class(inputs.sex()?, qtc, facts)?;
    let tier = if qtc > facts.cutoff("high_risk_ms")? {
        3
    } else if qtc > facts.cutoff("tier_2_ms")? {
        2
    } else {
        i64::from(qtc > facts.cutoff("tier_1_ms")?)
    };
    let mut answer = Answer::default()
        .band("class", class, "short, normal, prolonged or high_risk")
        .whole(
            "tier",
            tier,
            "tier while a medicine is monitored: 1 above 450, 2 above 480, 3 above 500 ms",
        )
        .say(said)
        .step(format!("QTc {} ms", plain_number(qtc)));
    if let Some(baseline) = inputs.number("baseline_qtc_ms") {
        answer = change(answer, qtc - baseline, facts)?;
    }
    Ok(answer.warn_if(
        class == Some("high_risk"),
        "QTc above 500 ms needs a clinician the same day; fainting with it is an emergency.",
    ))
}
