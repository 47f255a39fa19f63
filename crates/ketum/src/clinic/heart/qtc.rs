//! QT corrected for heart rate. Knows Bazett, Fridericia, Framingham and Hodges and always gives all
//! four; does not know whether the tracing was read well.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Choice, Input, Inputs, Kind, Range, SEXES};
use crate::clinic::math::cbrt;
use crate::clinic::text::plain_number;

use super::qtc_class;

/// QTc by the four formulas, ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Qtc {
    /// QT / sqrt(RR).
    pub bazett: f64,
    /// QT / cube root of RR.
    pub fridericia: f64,
    /// QT + 154 (1 - RR).
    pub framingham: f64,
    /// QT + 1.75 (HR - 60).
    pub hodges: f64,
}

/// All four corrections: heart rate per minute, QT in ms.
#[must_use]
pub fn correct(hr_bpm: f64, qt_ms: f64) -> Qtc {
    let rr_s = 60.0 / hr_bpm;
    Qtc {
        bazett: qt_ms / rr_s.sqrt(),
        fridericia: qt_ms / cbrt(rr_s),
        framingham: qt_ms + 154.0 * (1.0 - rr_s),
        hodges: qt_ms + 1.75 * (hr_bpm - 60.0),
    }
}

const FORMULAS: &[Choice] = &[
    Choice {
        id: "fridericia",
        meaning: "QT / cube root of RR",
    },
    Choice {
        id: "bazett",
        meaning: "QT / square root of RR",
    },
    Choice {
        id: "framingham",
        meaning: "QT + 154 (1 - RR)",
    },
    Choice {
        id: "hodges",
        meaning: "QT + 1.75 (HR - 60)",
    },
];

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "qtc",
    title: "QTc by four formulas",
    about: "Corrects the QT interval for heart rate by Bazett, Fridericia, Framingham and Hodges.",
    formula: "QTc-four",
    inputs: &[
        Input::number("hr_bpm", "/min", Range::of(30.0, 200.0), "heart rate"),
        Input::number(
            "qt_ms",
            "ms",
            Range::of(200.0, 700.0),
            "QT interval as measured",
        ),
        Input::of("formula", Kind::Word(FORMULAS), "formula of the main value")
            .optional("fridericia"),
        Input::of("sex", Kind::Word(SEXES), "sex for clinical use").optional("no class is given"),
        Input::number("qrs_ms", "ms", Range::of(40.0, 300.0), "QRS duration")
            .optional("a wide QRS is not noticed"),
        Input::of(
            "irregular_rhythm",
            Kind::Flag,
            "atrial fibrillation or another irregular rhythm",
        )
        .optional("taken as regular"),
        Input::number(
            "baseline_qtc_ms",
            "ms",
            Range::of(200.0, 700.0),
            "earlier QTc by the same formula",
        )
        .optional("no change is given"),
    ],
    domain: Domain {
        holds_for: "Adults in a regular rhythm, heart rate 30 to 200 per minute, QT 200 to 700 ms.",
        not_for: "paced rhythm, a wide QRS, or one beat of an irregular rhythm.",
    },
    example: r#"{"hr_bpm":75,"qt_ms":400,"sex":"F"}"#,
    facts: super::QTC,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let hr = inputs.need("hr_bpm", "the correction needs it")?;
    let qt = inputs.need("qt_ms", "the correction needs it")?;
    let all = correct(hr, qt);
    let formula = inputs.word("formula").unwrap_or("fridericia");
    let main = match formula {
        "bazett" => all.bazett,
        "framingham" => all.framingham,
        "hodges" => all.hodges,
        _ => all.fridericia,
    };
    let mut answer = Answer::default()
        .number("qtc_ms", main, "ms", 0, format!("QTc ({formula})"))
        .number("qtc_bazett_ms", all.bazett, "ms", 0, "QTc by Bazett")
        .number(
            "qtc_fridericia_ms",
            all.fridericia,
            "ms",
            0,
            "QTc by Fridericia",
        )
        .number(
            "qtc_framingham_ms",
            all.framingham,
            "ms",
            0,
            "QTc by Framingham",
        )
        .number("qtc_hodges_ms", all.hodges, "ms", 0, "QTc by Hodges")
        .number("rr_s", 60.0 / hr, "s", 3, "RR interval")
        .step(format!(
            "RR = 60 / {} = {} s",
            plain_number(hr),
            plain_number(60.0 / hr)
        ))
        .step(format!("{formula}: {} ms", plain_number(main)));
    if inputs.has("sex") {
        let (class, word) = qtc_class::class(inputs.sex()?, main, facts)?;
        answer = answer
            .band("class", class, "class by the limits of 2009")
            .say(word);
    } else {
        answer = answer.lacks("sex: the limits differ by sex, so no class is given");
    }
    if let Some(baseline) = inputs.number("baseline_qtc_ms") {
        answer = qtc_class::change(answer, main - baseline, facts)?;
    }
    let (fast, wide) = (
        facts.cutoff("bazett_rate_per_min")?,
        facts.cutoff("qrs_wide_ms")?,
    );
    if inputs.number("qrs_ms").is_none() {
        answer = answer.lacks("qrs_ms: a wide QRS, which lengthens QT, is not noticed");
    }
    Ok(answer
        .warn_if(hr > fast, format!("Above about {} beats per minute Bazett gives values that are too long; prefer Fridericia.", plain_number(fast)))
        .warn_if(inputs.number("qrs_ms").is_some_and(|qrs| qrs >= wide), "The QRS is wide, so QT is long for another reason; these limits do not hold.")
        .warn_if(inputs.flag("irregular_rhythm") == Some(true), "Irregular rhythm: average at least 10 beats."))
}
