//! Units of laboratory values, and the calculator `unit_convert`. Knows mass and molar concentrations
//! and the molar masses of bilirubin and creatinine; does not know any other quantity.

use super::build::Answer;
use super::calculator::{Calculator, Domain};
use super::error::Fail;
use super::facts::{FactFile, Facts};
use super::input::{Choice, Input, Inputs, Kind, Range, UnitFactor};
use super::text::plain_number;

/// Molar mass of bilirubin, g/mol (C33H36N4O6).
pub const BILIRUBIN_G_MOL: f64 = 584.66;
/// Molar mass of creatinine, g/mol (C4H7N3O).
pub const CREATININE_G_MOL: f64 = 113.12;

/// Units bilirubin may be given in beside mg/dL.
pub(crate) const BILIRUBIN: &[UnitFactor] = &[("umol/L", BILIRUBIN_G_MOL / 10_000.0)];
/// Units creatinine may be given in beside mg/dL.
pub(crate) const CREATININE: &[UnitFactor] = &[("umol/L", CREATININE_G_MOL / 10_000.0)];
/// Units albumin may be given in beside g/dL.
pub(crate) const ALBUMIN: &[UnitFactor] = &[("g/L", 0.1)];
/// Units a rate constant may be given in beside 1/min.
pub(crate) const RATE: &[UnitFactor] = &[("1/h", 1.0 / 60.0)];
/// Units a concentration in umol/L may be given in.
pub(crate) const MICROMOLAR: &[UnitFactor] =
    &[("uM", 1.0), ("nmol/L", 1e-3), ("nM", 1e-3), ("mmol/L", 1e3)];

/// A concentration unit taken apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConcentrationUnit {
    /// Whether the amount is in moles (otherwise in grams).
    pub molar: bool,
    /// Factor from the unit to g/L or mol/L.
    pub per_litre: f64,
}

/// Reads `mg/dL`, `umol/L`, `ng/mL`, `nM` and their like.
#[must_use]
pub fn concentration_unit(text: &str) -> Option<ConcentrationUnit> {
    if let Some(prefix) = text.strip_suffix('M') {
        return Some(ConcentrationUnit {
            molar: true,
            per_litre: prefix_factor(prefix)?,
        });
    }
    let (amount, volume) = text.split_once('/')?;
    let (molar, prefix) = match amount.strip_suffix("mol") {
        Some(prefix) => (true, prefix),
        None => (false, amount.strip_suffix('g')?),
    };
    let litres = match volume.strip_suffix('L')? {
        "d" => 0.1,
        other => prefix_factor(other)?,
    };
    Some(ConcentrationUnit {
        molar,
        per_litre: prefix_factor(prefix)? / litres,
    })
}

fn prefix_factor(prefix: &str) -> Option<f64> {
    Some(match prefix {
        "" => 1.0,
        "m" => 1e-3,
        "u" | "µ" | "μ" | "mc" => 1e-6,
        "n" => 1e-9,
        "p" => 1e-12,
        _ => return None,
    })
}

/// Converts a concentration; `molar_mass_g_mol` is needed only between grams and moles.
#[must_use]
pub fn convert(
    value: f64,
    from: ConcentrationUnit,
    to: ConcentrationUnit,
    molar_mass_g_mol: Option<f64>,
) -> Option<f64> {
    let per_litre = value * from.per_litre;
    let changed = match (from.molar, to.molar) {
        (false, true) => per_litre / molar_mass_g_mol?,
        (true, false) => per_litre * molar_mass_g_mol?,
        _ => per_litre,
    };
    Some(changed / to.per_litre)
}

const FACTS: FactFile = FactFile("unit_convert");

const ANALYTES: &[Choice] = &[
    Choice {
        id: "bilirubin",
        meaning: "584.66 g/mol",
    },
    Choice {
        id: "creatinine",
        meaning: "113.12 g/mol",
    },
];

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "unit_convert",
    title: "Convert a concentration",
    about: "Converts between mass and molar concentrations, such as mg/dL and umol/L.",
    formula: "value_to = value_from / molar_mass",
    inputs: &[
        Input::number(
            "value",
            "",
            Range::of(0.0, 1e12),
            "the value to convert, in the unit `from`",
        ),
        Input::of(
            "from",
            Kind::Text,
            "unit of the value, such as mg/dL, g/L, ng/mL, umol/L or nM",
        ),
        Input::of("to", Kind::Text, "unit wanted"),
        Input::number(
            "molar_mass",
            "g/mol",
            Range::above(0.0, 1e6),
            "molar mass of the substance",
        )
        .optional("only needed between mass and moles"),
        Input::of(
            "analyte",
            Kind::Word(ANALYTES),
            "takes the molar mass from here",
        )
        .optional("give molar_mass instead"),
    ],
    domain: Domain {
        holds_for: "Concentrations of one substance.",
        not_for: "activities (U/L), percent, or content per gram of product.",
    },
    example: r#"{"value":5.6,"from":"mg/dL","to":"umol/L","molar_mass":584.66}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, _facts: &Facts) -> Result<Answer, Fail> {
    let value = inputs.need("value", "there is nothing to convert")?;
    let (from_text, to_text) = (
        inputs.word("from").unwrap_or_default(),
        inputs.word("to").unwrap_or_default(),
    );
    let unit = |key: &str, text: &str| {
        concentration_unit(text).ok_or_else(|| {
            Fail::input(
                key,
                "unknown_unit",
                format!("{key} is not a concentration unit such as mg/dL, ng/mL or umol/L"),
            )
        })
    };
    let (from, to) = (unit("from", from_text)?, unit("to", to_text)?);
    let molar_mass = match (inputs.number("molar_mass"), inputs.word("analyte")) {
        (Some(_), Some(_)) => {
            return Err(Fail::input(
                "molar_mass",
                "given_twice",
                "give molar_mass or analyte, not both",
            ));
        }
        (given @ Some(_), None) => given,
        (None, Some("bilirubin")) => Some(BILIRUBIN_G_MOL),
        (None, Some("creatinine")) => Some(CREATININE_G_MOL),
        (None, _) => None,
    };
    let converted = convert(value, from, to, molar_mass).ok_or_else(|| {
        Fail::input(
            "molar_mass",
            "missing",
            "molar_mass is missing: it links grams and moles",
        )
    })?;
    let through = match molar_mass {
        Some(mass) if from.molar != to.molar => {
            format!(", molar mass {} g/mol", plain_number(mass))
        }
        _ => String::new(),
    };
    Ok(Answer::default()
        .number("value", converted, "", 4, format!("the value in {to_text}"))
        .text("unit", to_text, "unit of the value")
        .step(format!(
            "{} {from_text} = {} {to_text}{through}",
            plain_number(value),
            plain_number(converted)
        )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_units_laboratories_print() {
        for (text, molar, per_litre) in [
            ("mg/dL", false, 0.01),
            ("ng/mL", false, 1e-6),
            ("g/L", false, 1.0),
            ("umol/L", true, 1e-6),
            ("nM", true, 1e-9),
        ] {
            let unit = concentration_unit(text).expect(text);
            assert_eq!(unit.molar, molar, "{text}");
            assert!((unit.per_litre / per_litre - 1.0).abs() < 1e-12, "{text}");
        }
        for text in ["", "/", "M/", "U/L", "mg", "mg/g", "kg/dL/L"] {
            assert_eq!(concentration_unit(text), None, "{text}");
        }
    }

    #[test]
    fn there_and_back_is_the_same_value() {
        let (mass, mole) = (
            concentration_unit("mg/dL").expect("known"),
            concentration_unit("umol/L").expect("known"),
        );
        let there = convert(1.0, mass, mole, Some(CREATININE_G_MOL)).expect("has molar mass");
        assert!((there - 88.40).abs() < 0.01);
        assert!(
            (convert(there, mole, mass, Some(CREATININE_G_MOL)).expect("has molar mass") - 1.0)
                .abs()
                < 1e-12
        );
        assert_eq!(convert(1.0, mass, mole, None), None);
    }
}
