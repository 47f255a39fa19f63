//! MELD 3.0. Knows the published equation and its limits; does not know any allocation rule but the cap.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactError, FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, Range, SEXES, Sex, missing};
use crate::clinic::math::{ln, round_half_up};
use crate::clinic::text::plain_number;
use crate::clinic::units::{ALBUMIN, BILIRUBIN, CREATININE};

const FACTS: FactFile = FactFile("meld3");

/// Values as measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Labs {
    /// Total bilirubin, mg/dL.
    pub bilirubin_mg_dl: f64,
    /// Sodium, mmol/L.
    pub sodium_mmol_l: f64,
    /// INR.
    pub inr: f64,
    /// Creatinine, mg/dL.
    pub creatinine_mg_dl: f64,
    /// Albumin, g/dL.
    pub albumin_g_dl: f64,
    /// Dialysis twice in 7 days, or 24 h of continuous dialysis.
    pub dialysis: bool,
}

/// Values after the limits of the score.
///
/// # Errors
/// [`FactError`] when the limits cannot be read.
pub fn clamp(labs: Labs, facts: &Facts) -> Result<Labs, FactError> {
    let floor = facts.cutoff("floor")?;
    let creatinine_max = facts.cutoff("creatinine_max_mg_dL")?;
    Ok(Labs {
        bilirubin_mg_dl: labs.bilirubin_mg_dl.max(floor),
        sodium_mmol_l: labs
            .sodium_mmol_l
            .max(facts.cutoff("sodium_min_mmol_L")?)
            .min(facts.cutoff("sodium_max_mmol_L")?),
        inr: labs.inr.max(floor),
        creatinine_mg_dl: if labs.dialysis {
            creatinine_max
        } else {
            labs.creatinine_mg_dl.max(floor).min(creatinine_max)
        },
        albumin_g_dl: labs
            .albumin_g_dl
            .max(facts.cutoff("albumin_min_g_dL")?)
            .min(facts.cutoff("albumin_max_g_dL")?),
        dialysis: labs.dialysis,
    })
}

/// The unrounded score of values already inside the limits. `sex_points`: 1.33 is added.
#[must_use]
pub fn raw(labs: Labs, sex_points: bool) -> f64 {
    let (ln_bilirubin, ln_creatinine) = (ln(labs.bilirubin_mg_dl), ln(labs.creatinine_mg_dl));
    let (low_sodium, low_albumin) = (137.0 - labs.sodium_mmol_l, 3.5 - labs.albumin_g_dl);
    let sex = if sex_points { 1.33 } else { 0.0 };
    sex + 4.56 * ln_bilirubin + 0.82 * low_sodium - 0.24 * low_sodium * ln_bilirubin
        + 9.09 * ln(labs.inr)
        + 11.14 * ln_creatinine
        + 1.85 * low_albumin
        - 1.83 * low_albumin * ln_creatinine
        + 6.0
}

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "meld3",
    title: "MELD 3.0",
    about: "Prognosis score of chronic liver disease, from blood tests and sex.",
    formula: "MELD-3.0 (Kim 2021)",
    inputs: &[
        Input::of("sex", Kind::Word(SEXES), "sex for clinical use"),
        Input::number(
            "age_y",
            "a",
            Range::of(12.0, 120.0).code("age_12_and_above_only"),
            "age",
        ),
        Input::quantity(
            "bili_mg_dL",
            "mg/dL",
            Range::of(0.01, 100.0),
            BILIRUBIN,
            "total bilirubin",
        ),
        Input::number("na_mmol_L", "mmol/L", Range::of(90.0, 190.0), "sodium"),
        Input::number(
            "inr",
            "1",
            Range::of(0.5, 30.0),
            "international normalised ratio",
        ),
        Input::quantity(
            "cr_mg_dL",
            "mg/dL",
            Range::of(0.05, 50.0),
            CREATININE,
            "creatinine",
        ),
        Input::quantity("alb_g_dL", "g/dL", Range::of(0.3, 8.0), ALBUMIN, "albumin"),
        Input::of(
            "dialysis_2x_7d",
            Kind::Flag,
            "dialysis twice in the last 7 days, or 24 h of continuous dialysis",
        ),
    ],
    domain: Domain {
        holds_for: "Chronic liver disease, 12 years and older.",
        not_for: "acute liver injury: there bilirubin, INR and confusion are the alarm, and this score is only context.",
    },
    example: r#"{"sex":"M","age_y":50,"bili_mg_dL":2.5,"na_mmol_L":135,"inr":1.5,"cr_mg_dL":1.2,"alb_g_dL":3.0,"dialysis_2x_7d":false}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let why = "the equation needs it";
    let measured = Labs {
        bilirubin_mg_dl: inputs.need("bili_mg_dL", why)?,
        sodium_mmol_l: inputs.need("na_mmol_L", why)?,
        inr: inputs.need("inr", why)?,
        creatinine_mg_dl: inputs.need("cr_mg_dL", why)?,
        albumin_g_dl: inputs.need("alb_g_dL", why)?,
        dialysis: inputs
            .flag("dialysis_2x_7d")
            .ok_or_else(|| missing("dialysis_2x_7d", why))?,
    };
    let minor = inputs.need("age_y", why)? < 18.0;
    let sex = inputs.sex()?;
    let labs = clamp(measured, facts)?;
    let cap = round_half_up(facts.cutoff("cap")?);
    let (with, without) = (raw(labs, true), raw(labs, false));
    let chosen = match sex {
        _ if minor => Some(with),
        Sex::F => Some(with),
        Sex::M => Some(without),
        Sex::Other => None,
    };
    let mut answer = Answer::default()
        .maybe("raw", chosen, "{score}", 2, "score before rounding")
        .maybe_whole("uncapped", chosen.map(round_half_up), "score, as published")
        .maybe_whole(
            "capped40",
            chosen.map(|raw| round_half_up(raw).min(cap)),
            "score capped at 40, as used for allocation",
        );
    if chosen.is_none() {
        answer = answer
            .number(
                "raw_f",
                with,
                "{score}",
                2,
                "score before rounding with the points for female sex",
            )
            .number(
                "raw_m",
                without,
                "{score}",
                2,
                "score before rounding without them",
            )
            .say("Both results are shown because the equation knows two sexes only.");
    }
    let limited = [
        ("bilirubin", measured.bilirubin_mg_dl, labs.bilirubin_mg_dl),
        ("sodium", measured.sodium_mmol_l, labs.sodium_mmol_l),
        ("INR", measured.inr, labs.inr),
        (
            "creatinine",
            measured.creatinine_mg_dl,
            labs.creatinine_mg_dl,
        ),
        ("albumin", measured.albumin_g_dl, labs.albumin_g_dl),
    ];
    for (name, was, used) in limited {
        if (was - used).abs() > 0.0 {
            answer = answer.step(format!(
                "{name} {} counts as {}",
                plain_number(was),
                plain_number(used)
            ));
        }
    }
    if minor {
        answer = answer.step("12 to 17 years: the sex points are added for everyone");
    }
    if let Some(raw) = chosen {
        answer = answer.step(format!(
            "score {} before rounding, {} after",
            plain_number(raw),
            round_half_up(raw)
        ));
    }
    Ok(answer.warn(
        "A prognosis score of chronic liver disease; in an acute injury show it as context only.",
    ))
}
