//! A measured level as people write it: `mitragynine 24 ng/mL plasma at 6 h`.

use ketum_core::unit::{Dimension, Unit};
use ketum_data::catalogue::Catalogue;

use crate::case::{Level, Matrix};
use crate::product::resolve_analyte;

/// Words for what a level was measured in.
const MATRICES: [(&str, Matrix); 16] = [
    ("plasma", Matrix::Plasma),
    ("serum", Matrix::Serum),
    ("blood", Matrix::WholeBlood),
    ("whole_blood", Matrix::WholeBlood),
    ("whole blood", Matrix::WholeBlood),
    ("post_mortem_blood", Matrix::PostMortemBlood),
    ("post-mortem blood", Matrix::PostMortemBlood),
    ("postmortem blood", Matrix::PostMortemBlood),
    ("post mortem blood", Matrix::PostMortemBlood),
    ("blood after death", Matrix::PostMortemBlood),
    ("femoral blood", Matrix::PostMortemBlood),
    ("heart blood", Matrix::PostMortemBlood),
    ("urine", Matrix::Urine),
    ("saliva", Matrix::Saliva),
    ("oral fluid", Matrix::Saliva),
    ("hair", Matrix::Hair),
];

/// Reads `ANALYTE NUMBER UNIT MATRIX [at HOURS h]`; the hours count from the last dose.
///
/// # Errors
/// What is missing or not understood, in words, with what would be.
pub fn level(text: &str, catalogue: &Catalogue) -> Result<Level, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let example = "for example \"mitragynine 24 ng/mL plasma at 6 h\"";
    let number = |word: &str| word.parse::<f64>().ok().filter(|value| value.is_finite());
    let at = words
        .iter()
        .skip(1)
        .position(|word| number(word).is_some())
        .map(|at| at + 1)
        .ok_or_else(|| format!("\"{text}\" has no number; write {example}"))?;
    let name = words[..at].join(" ");
    let analyte = resolve_analyte(catalogue, &name)
        .ok_or_else(|| format!("\"{name}\" is not an analyte known here; write {example}"))?;
    let value = number(words[at]).unwrap_or_default();
    if value <= 0.0 {
        return Err(format!(
            "{value} is not a level; a level is a number above 0, and \"not detected\" gives none"
        ));
    }
    let unit = words
        .get(at + 1)
        .copied()
        .ok_or_else(|| format!("\"{text}\" has no unit; write {example}"))?;
    match Unit::parse(unit).map(|unit| unit.dimension) {
        Some(Dimension::Concentration | Dimension::MolarConcentration) => {}
        Some(_) => {
            return Err(format!(
                "\"{unit}\" is not a unit of a level; use ng/mL, ug/L, mg/L or nM"
            ));
        }
        None => {
            return Err(format!(
                "\"{unit}\" is not a unit known here; use ng/mL, ug/L, mg/L or nM"
            ));
        }
    }
    let rest = &words[at + 2..];
    let (place, hours) = split_at_time(rest)?;
    let place = place.join(" ").to_lowercase();
    if place.is_empty() {
        return Err(format!(
            "\"{text}\" does not say what it was measured in: plasma, serum, whole blood, or blood after death; write {example}"
        ));
    }
    let matrix = MATRICES
        .iter()
        .find(|(word, _)| *word == place)
        .map(|(_, matrix)| *matrix)
        .ok_or_else(|| {
            format!("\"{place}\" is not understood; use plasma, serum, whole blood, or blood after death")
        })?;
    Ok(Level {
        analyte: analyte.to_string(),
        value,
        unit: unit.to_owned(),
        matrix,
        hours_after_dose: hours,
        date: None,
    })
}

/// Words before and hours after `at`; `in` is left out.
fn split_at_time<'w>(words: &[&'w str]) -> Result<(Vec<&'w str>, Option<f64>), String> {
    let at = words.iter().position(|word| *word == "at");
    let before = &words[..at.unwrap_or(words.len())];
    let place = before
        .iter()
        .copied()
        .filter(|word| *word != "in")
        .collect();
    let Some(at) = at else {
        return Ok((place, None));
    };
    let time: String = words[at + 1..].concat();
    let hours = time
        .trim_end_matches("hours")
        .trim_end_matches("hour")
        .trim_end_matches('h')
        .parse::<f64>()
        .ok()
        .filter(|hours| (0.0..=10_000.0).contains(hours))
        .ok_or_else(|| {
            format!("\"at {}\" is not understood; write the hours after the last dose, for example \"at 6 h\"", words[at + 1..].join(" "))
        })?;
    Ok((place, Some(hours)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_read_as_people_write_it() {
        let catalogue = Catalogue::embedded().unwrap();
        let read = |text: &str| level(text, &catalogue).unwrap();
        let one = read("mitragynine 24 ng/mL plasma at 6 h");
        assert_eq!(
            (one.analyte.as_str(), one.value, one.unit.as_str()),
            ("mitragynine", 24.0, "ng/mL")
        );
        assert_eq!(
            (one.matrix, one.hours_after_dose),
            (Matrix::Plasma, Some(6.0))
        );
        let two = read("7-OH 10.5 nM in whole blood");
        assert_eq!(two.analyte, "7-hydroxymitragynine");
        assert_eq!(
            (two.matrix, two.hours_after_dose),
            (Matrix::WholeBlood, None)
        );
        assert_eq!(
            read("Mitragynine 3 ng/mL femoral blood").matrix,
            Matrix::PostMortemBlood
        );
        assert_eq!(
            read("mitragynine 3 ng/mL serum at 1.5h").hours_after_dose,
            Some(1.5)
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        let catalogue = Catalogue::embedded().unwrap();
        for (text, says) in [
            ("mitragynine", "no number"),
            ("mitragynine 24", "no unit"),
            ("mitragynine 24 ng/mL", "measured in"),
            ("mitragynine 24 mg plasma", "not a unit of a level"),
            ("mitragynine 24 furlong plasma", "not a unit known"),
            ("mitragynine 24 ng/mL sweat", "not understood"),
            (
                "mitragynine 24 ng/mL plasma at noon",
                "hours after the last dose",
            ),
            (
                "mitragynine 24 ng/mL plasma at -3 h",
                "hours after the last dose",
            ),
            ("mitragynine 0 ng/mL plasma", "above 0"),
            ("caffeine 24 ng/mL plasma", "not an analyte"),
            ("", "no number"),
        ] {
            let error = level(text, &catalogue).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
