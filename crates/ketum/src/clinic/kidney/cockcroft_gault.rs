//! Cockcroft-Gault creatinine clearance. Knows the formula and four explicit choices of weight; never
//! picks a weight silently.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Choice, Input, Inputs, Kind, Range, SEXES, Sex};
use crate::clinic::text::plain_number;
use crate::clinic::units::CREATININE;

const FACTS: FactFile = FactFile("cockcroft_gault");

/// Clearance, mL/min, not indexed to body surface: age in years, weight in kg, creatinine in mg/dL.
#[must_use]
pub fn clearance(female: bool, age_y: f64, weight_kg: f64, creatinine_mg_dl: f64) -> f64 {
    let factor = if female { 0.85 } else { 1.0 };
    (140.0 - age_y) * weight_kg * factor / (72.0 * creatinine_mg_dl)
}

/// Ideal body weight, kg: 50 (45.5 for women) and 2.3 for each inch over 60.
#[must_use]
pub fn ideal_weight(female: bool, height_cm: f64) -> f64 {
    let base = if female { 45.5 } else { 50.0 };
    base + 2.3 * (height_cm / 2.54 - 60.0)
}

const MODES: &[Choice] = &[
    Choice {
        id: "actual",
        meaning: "weight as measured",
    },
    Choice {
        id: "ideal",
        meaning: "from height",
    },
    Choice {
        id: "adjusted",
        meaning: "ideal and 0.4 of the difference to actual",
    },
    Choice {
        id: "adjusted_if_bmi_ge_25",
        meaning: "adjusted from a body mass index of 25, otherwise actual",
    },
];

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "cockcroft_gault",
    title: "Cockcroft-Gault creatinine clearance",
    about: "Estimates creatinine clearance, with the weight you choose.",
    formula: "Cockcroft-Gault-1976",
    inputs: &[
        Input::of("sex", Kind::Word(SEXES), "sex for clinical use"),
        Input::number(
            "age_y",
            "a",
            Range::of(18.0, 120.0).code("adult_equation_only"),
            "age",
        ),
        Input::number(
            "weight_kg",
            "kg",
            Range::of(20.0, 400.0),
            "body weight as measured",
        ),
        Input::number("height_cm", "cm", Range::of(100.0, 250.0), "height")
            .optional("needed for every weight but the actual one"),
        Input::quantity(
            "cr_mg_dL",
            "mg/dL",
            Range::of(0.05, 50.0),
            CREATININE,
            "creatinine",
        ),
        Input::of("weight_mode", Kind::Word(MODES), "which weight to use"),
    ],
    domain: Domain {
        holds_for: "Adults with steady creatinine.",
        not_for: "acute kidney injury, dialysis, or comparison with values per 1.73 m2.",
    },
    example: r#"{"sex":"M","age_y":53,"weight_kg":87,"height_cm":175,"cr_mg_dL":1.39,"weight_mode":"adjusted_if_bmi_ge_25"}"#,
    facts: FACTS,
    compute,
};

/// Height below which the ideal-weight formula would go under its base weight.
const SIXTY_INCHES_CM: f64 = 152.4;

fn weight(inputs: &Inputs, facts: &Facts, female: bool) -> Result<(f64, String), Fail> {
    let actual = inputs.need("weight_kg", "the formula needs it")?;
    let mode = inputs.word("weight_mode").unwrap_or_default();
    if mode == "actual" {
        return Ok((actual, format!("actual weight {} kg", plain_number(actual))));
    }
    let height = inputs.need("height_cm", "this choice of weight needs it")?;
    let metres = height / 100.0;
    let bmi = actual / (metres * metres);
    if mode == "adjusted_if_bmi_ge_25" && bmi < facts.cutoff("bmi_adjusted")? {
        return Ok((
            actual,
            format!(
                "body mass index {}: actual weight {} kg",
                plain_number(bmi),
                plain_number(actual)
            ),
        ));
    }
    if height < SIXTY_INCHES_CM {
        return Err(Fail::input(
            "height_cm",
            "ideal_weight_undefined",
            format!(
                "height_cm is {}; the ideal-weight formula starts at 152.4 cm (60 inches)",
                plain_number(height)
            ),
        ));
    }
    let ideal = ideal_weight(female, height);
    if mode == "ideal" {
        return Ok((ideal, format!("ideal weight {} kg", plain_number(ideal))));
    }
    let adjusted = ideal + 0.4 * (actual - ideal);
    Ok((
        adjusted,
        format!(
            "body mass index {}, ideal weight {} kg, adjusted weight {} kg",
            plain_number(bmi),
            plain_number(ideal),
            plain_number(adjusted)
        ),
    ))
}

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let age = inputs.need("age_y", "the formula needs it")?;
    let creatinine = inputs.need("cr_mg_dL", "the formula needs it")?;
    let result = |female: bool| -> Result<(f64, f64, String), Fail> {
        let (kg, how) = weight(inputs, facts, female)?;
        Ok((clearance(female, age, kg, creatinine), kg, how))
    };
    let answer = match inputs.sex()? {
        Sex::Other => {
            let ((female, _, how_f), (male, _, how_m)) = (result(true)?, result(false)?);
            Answer::default()
                .maybe(
                    "crcl_mL_min",
                    None,
                    "mL/min",
                    1,
                    "creatinine clearance; see the two results",
                )
                .number(
                    "crcl_mL_min_f",
                    female,
                    "mL/min",
                    1,
                    "with the factor for female sex",
                )
                .number(
                    "crcl_mL_min_m",
                    male,
                    "mL/min",
                    1,
                    "with the factor for male sex",
                )
                .step(format!("female: {how_f}"))
                .step(format!("male: {how_m}"))
                .say("Both results are shown because the formula knows two sexes only.")
        }
        sex => {
            let (value, kg, how) = result(sex == Sex::F)?;
            Answer::default()
                .number("crcl_mL_min", value, "mL/min", 1, "creatinine clearance")
                .number("weight_used_kg", kg, "kg", 1, "weight used")
                .step(how)
                .step(format!(
                    "(140 - {}) x {}{} / (72 x {}) = {} mL/min",
                    plain_number(age),
                    plain_number(kg),
                    if sex == Sex::F { " x 0.85" } else { "" },
                    plain_number(creatinine),
                    plain_number(value)
                ))
        }
    };
    Ok(answer.warn(
        "Holds only while creatinine is steady. Name the weight used together with the value.",
    ))
}
