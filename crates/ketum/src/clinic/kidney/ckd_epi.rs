//! CKD-EPI 2021 from creatinine. Knows the race-free equation for adults; does not hold in acute injury.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactError, FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, Range, SEXES, Sex};
use crate::clinic::math::{at_least, pow, round_half_up};
use crate::clinic::text::plain_number;
use crate::clinic::units::CREATININE;

const FACTS: FactFile = FactFile("ckd_epi_2021");

/// eGFR, mL/min/1.73 m2 (Inker 2021): creatinine in mg/dL, age in years, adults only.
#[must_use]
pub fn egfr(female: bool, age_y: f64, creatinine_mg_dl: f64) -> f64 {
    let (kappa, alpha, factor) = if female {
        (0.7, -0.241, 1.012)
    } else {
        (0.9, -0.302, 1.0)
    };
    let relative = creatinine_mg_dl / kappa;
    142.0
        * pow(relative.min(1.0), alpha)
        * pow(relative.max(1.0), -1.200)
        * pow(0.9938, age_y)
        * factor
}

/// The KDIGO category of a filtration, mL/min/1.73 m2.
///
/// # Errors
/// [`FactError`] when the cut-offs cannot be read.
pub fn category(egfr: f64, facts: &Facts) -> Result<&'static str, FactError> {
    for (name, cutoff) in [
        ("G1", "g1_from"),
        ("G2", "g2_from"),
        ("G3a", "g3a_from"),
        ("G3b", "g3b_from"),
        ("G4", "g4_from"),
    ] {
        if at_least(egfr, facts.cutoff(cutoff)?) {
            return Ok(name);
        }
    }
    Ok("G5")
}

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "ckd_epi_2021_cr",
    title: "CKD-EPI 2021 from creatinine",
    about: "Estimates kidney function of an adult from creatinine, age and sex.",
    formula: "CKD-EPI-2021-creatinine (Inker 2021)",
    inputs: &[
        Input::of("sex", Kind::Word(SEXES), "sex for clinical use"),
        Input::number("age_y", "a", Range::of(0.0, 120.0), "age"),
        Input::quantity(
            "cr_mg_dL",
            "mg/dL",
            Range::of(0.05, 50.0),
            CREATININE,
            "creatinine",
        ),
    ],
    domain: Domain {
        holds_for: "Adults with steady creatinine.",
        not_for: "under 18 years, acute kidney injury, dialysis, or unusual muscle mass.",
    },
    example: r#"{"sex":"M","age_y":55,"cr_mg_dL":1.2}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let age = inputs.need("age_y", "the equation needs it")?;
    let creatinine = inputs.need("cr_mg_dL", "the equation needs it")?;
    let adult = facts.cutoff("adult_y")?;
    if age < adult {
        return Err(Fail::input(
            "age_y",
            "adult_equation_only",
            format!(
                "age_y is {}; the equation is for {} years and older",
                plain_number(age),
                plain_number(adult)
            ),
        ));
    }
    let (female, male) = (egfr(true, age, creatinine), egfr(false, age, creatinine));
    let chosen = match inputs.sex()? {
        Sex::F => Some(female),
        Sex::M => Some(male),
        Sex::Other => None,
    };
    let category = match chosen {
        Some(value) => Some(category(value, facts)?),
        None => None,
    };
    let mut answer = Answer::default()
        .maybe(
            "egfr",
            chosen,
            "mL/min/{1.73_m2}",
            0,
            "estimated glomerular filtration rate",
        )
        .maybe_whole(
            "rounded",
            chosen.map(round_half_up),
            "the same, as laboratories print it",
        )
        .band(
            "g_category",
            category,
            "KDIGO category of filtration; G1 and G2 alone are no kidney disease",
        );
    if let Some(value) = chosen {
        answer = answer.step(format!(
            "creatinine {} mg/dL, age {}: {} mL/min/1.73 m2",
            plain_number(creatinine),
            plain_number(age),
            plain_number(value)
        ));
    } else {
        answer = answer
            .number(
                "egfr_f",
                female,
                "mL/min/{1.73_m2}",
                0,
                "with the terms for female sex",
            )
            .number(
                "egfr_m",
                male,
                "mL/min/{1.73_m2}",
                0,
                "with the terms for male sex",
            )
            .say("Both results are shown because the equation knows two sexes only.");
    }
    Ok(answer
        .say("An estimate from one creatinine value.")
        .warn("Holds only while creatinine is steady; during an acute injury it misleads."))
}
