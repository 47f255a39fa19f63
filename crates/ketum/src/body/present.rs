//! What is in this person now: levels after the last dose, from the doses alone and, where levels of the
//! person were measured, with them. Which measured levels were used, and why others were not, is part of
//! the answer.

use ketum_core::id::AnalyteId;
use ketum_core::level_model::LevelModel;
use ketum_core::study::Matrix;
use ketum_data::catalogue::Catalogue;
use serde::Serialize;

use super::setup::{self, Setup};
use super::{NotSimulated, current_model};
use crate::case::{self, Case};
use crate::model::level::{
    self, Band, ENOUGH, History, Measurement, Scatter, TakenDose, Updated, update,
};
use crate::model::validate::molar_masses;
use crate::product::{ProductAnswer, resolve_analyte};
use crate::schedule::Schedule;

/// Name of the shape of [`Present`] in JSON.
pub const SCHEMA: &str = "ketum-levels-1";

/// Draws behind the answer.
pub const DRAWS: usize = 4000;

/// Hours after the last dose at which levels are given where nobody asks for others.
pub const HOURS: [f64; 9] = [0.0, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 48.0, 96.0];

/// Levels of this person after the last dose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Present {
    /// Name of this shape.
    pub schema: &'static str,
    /// The model file.
    pub model: String,
    /// The doses in words.
    pub pattern: String,
    /// How many doses were laid out.
    pub doses: usize,
    /// Milligrams in one dose, median.
    pub dose_mg: f64,
    /// Of which analyte.
    pub dosed: AnalyteId,
    /// Hours after the last dose.
    pub after_last_dose_h: Vec<f64>,
    /// From the doses alone.
    pub before: Vec<Curve>,
    /// With the measured levels; absent where none could be used.
    pub after: Option<Vec<Curve>>,
    /// Measured levels that were used.
    pub used: Vec<Used>,
    /// Measured levels that were not, with the reason.
    pub not_used: Vec<NotUsed>,
    /// Draws made.
    pub draws: usize,
    /// What the draws are worth once weighted; few where the measured level is not what was expected.
    pub effective_draws: f64,
    /// Set where the answer rests on too few draws to be relied on.
    pub strained: bool,
    /// What was assumed, in words.
    pub assumptions: Vec<String>,
    /// In which ways the case lies outside what the model was compared with.
    pub extrapolation: Vec<String>,
    /// What must be said with levels of this form.
    pub warnings: Vec<String>,
    /// What was used although it was not given.
    pub inputs_missing: Vec<String>,
}

/// Levels of one analyte at the times of [`Present::after_last_dose_h`], ng/mL.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// The analyte.
    pub analyte: String,
    /// Unit.
    pub unit: &'static str,
    /// 5th percentile.
    pub low: Vec<f64>,
    /// Median.
    pub median: Vec<f64>,
    /// 95th percentile.
    pub high: Vec<f64>,
}

/// A measured level that was used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Used {
    /// As given.
    pub given: String,
    /// Hours after the last dose.
    pub after_last_dose_h: f64,
    /// The level in the model's unit, ng/mL.
    pub ng_per_ml: f64,
    /// What the doses alone lead one to expect at that time: 5th, 50th, 95th percentile, ng/mL.
    pub expected: [f64; 3],
}

/// A measured level that was not used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotUsed {
    /// As given.
    pub given: String,
    /// Why not.
    pub why: String,
}

/// The levels of a case after its last dose.
///
/// # Errors
/// The reason, in words, where a simulation must not or cannot run.
pub fn present(
    case: &Case,
    product: &ProductAnswer,
    schedule: &Schedule,
    catalogue: &Catalogue,
    hours: &[f64],
    seed: u64,
) -> Result<Present, NotSimulated> {
    setup::refusals(case, product, catalogue)?;
    let (_, file) = current_model(catalogue).ok_or_else(|| NotSimulated {
        reason: "No model of levels is in this catalogue.".to_owned(),
    })?;
    let setup = Setup::new(case, product, schedule, file)?;
    let history = history(case, product, schedule, &setup)?;
    let last = schedule.doses_h.last().copied().unwrap_or_default();
    let masses = molar_masses(catalogue);
    let mut measurements = Vec::new();
    let mut not_used = Vec::new();
    for given in &case.levels {
        match measurement(given, last, catalogue, file) {
            Ok(measured) => measurements.push((words(given), measured)),
            Err(why) => not_used.push(NotUsed {
                given: words(given),
                why,
            }),
        }
    }
    // One that cannot be compared must not keep the others from being used.
    measurements.retain(
        |(given, measured)| match level::level(measured, file, &masses, false) {
            Ok(_) => true,
            Err(error) => {
                not_used.push(NotUsed {
                    given: given.clone(),
                    why: error.to_string(),
                });
                false
            }
        },
    );
    let wanted: Vec<f64> = hours.iter().map(|hour| last + hour).collect();
    let mut times = wanted.clone();
    times.extend(measurements.iter().map(|(_, one)| one.time_h));
    let only: Vec<Measurement> = measurements.iter().map(|(_, one)| one.clone()).collect();
    let updated = update(file, &history, &only, &times, &masses, DRAWS, seed).map_err(|error| {
        NotSimulated {
            reason: format!("The simulation failed: {error}."),
        }
    })?;
    let used = used(&measurements, &updated, wanted.len(), last);
    let curves = |bands: &[Band]| -> Vec<Curve> {
        bands
            .iter()
            .map(|band| Curve {
                analyte: band.analyte.clone(),
                unit: "ng/mL",
                low: band.low[..wanted.len()].to_vec(),
                median: band.median[..wanted.len()].to_vec(),
                high: band.high[..wanted.len()].to_vec(),
            })
            .collect()
    };
    let mut inputs_missing = product.inputs_missing.clone();
    inputs_missing.extend(schedule.inputs_missing.iter().cloned());
    inputs_missing.extend(setup.inputs_missing.iter().cloned());
    Ok(Present {
        schema: SCHEMA,
        model: file.model.id.clone(),
        pattern: schedule.pattern.clone(),
        doses: schedule.doses_h.len(),
        dose_mg: history.doses.first().map_or(f64::NAN, |dose| dose.mg),
        dosed: setup.driving.clone(),
        after_last_dose_h: hours.to_vec(),
        before: curves(&updated.before),
        after: (!used.is_empty()).then(|| curves(&updated.after)),
        assumptions: assumptions(case, schedule, &only),
        used,
        not_used,
        draws: updated.draws,
        effective_draws: updated.effective_draws,
        strained: updated.effective_draws < ENOUGH,
        extrapolation: setup::ways_outside(file, product, schedule),
        warnings: setup::warnings(file, product),
        inputs_missing,
    })
}

/// The doses as the level module takes them. What a scale or spoon adds differs from dose to dose; what
/// the product holds is the same for all of them.
fn history(
    case: &Case,
    product: &ProductAnswer,
    schedule: &Schedule,
    setup: &Setup,
) -> Result<History, NotSimulated> {
    let form = product.form.ok_or_else(|| NotSimulated {
        reason: "Levels depend on the kind of product, which was not given.".to_owned(),
    })?;
    let dose = product.analytes.get(&setup.driving);
    let all = dose.and_then(|dose| dose.sigma_ln).unwrap_or(0.0);
    let each = product.mass_g.map_or(0.0, |mass| mass.sigma_ln).min(all);
    let mg = dose.and_then(|dose| dose.median_mg).unwrap_or(0.0);
    let mitragynine = product
        .analytes
        .iter()
        .find(|(id, _)| id.as_str() == "mitragynine")
        .and_then(|(_, dose)| dose.median_mg);
    Ok(History {
        form,
        doses: schedule
            .doses_h
            .iter()
            .map(|time_h| TakenDose {
                time_h: *time_h,
                mg,
                sigma_ln: each,
            })
            .collect(),
        product_sigma_ln: (all * all - each * each).max(0.0).sqrt(),
        rest_share: if setup.seven_oh_product && mg > 0.0 {
            mitragynine.map_or(0.0, |rest| rest / mg)
        } else {
            0.0
        },
        missed_share: case.regimen.missed_share.unwrap_or(0.0),
        weight_kg: case.person.weight,
    })
}

/// A level of the case as a measurement, or why it cannot be one.
fn measurement(
    given: &case::Level,
    last_dose_h: f64,
    catalogue: &Catalogue,
    file: &LevelModel,
) -> Result<Measurement, String> {
    let analyte = resolve_analyte(catalogue, &given.analyte)
        .ok_or_else(|| format!("`{}` is not an analyte known here", given.analyte))?;
    if !file
        .model
        .output
        .iter()
        .any(|output| output.name == analyte.as_str())
    {
        return Err(format!(
            "the model in use predicts mitragynine and 7-hydroxymitragynine, not {analyte}"
        ));
    }
    let after = given.hours_after_dose.ok_or_else(|| {
        "how many hours after the last dose the sample was taken was not given".to_owned()
    })?;
    Ok(Measurement {
        analyte: analyte.to_string(),
        time_h: last_dose_h + after,
        value: given.value,
        unit: given.unit.clone(),
        matrix: matrix(given.matrix)?,
        scatter: Scatter::assumed(catalogue),
    })
}

/// What a level was measured in, in the model's terms.
///
/// # Errors
/// A matrix from which nothing follows for the level in plasma.
pub fn matrix(given: case::Matrix) -> Result<Matrix, String> {
    match given {
        case::Matrix::Plasma | case::Matrix::Serum => Ok(Matrix::Plasma),
        case::Matrix::WholeBlood => Ok(Matrix::Blood),
        case::Matrix::PostMortemBlood => Ok(Matrix::PostMortemBlood),
        case::Matrix::Urine => Err(
            "it was measured in urine; from urine no level in blood can be worked out".to_owned(),
        ),
        case::Matrix::Saliva => {
            Err("it was measured in saliva; how saliva relates to blood is not known".to_owned())
        }
        case::Matrix::Hair => Err(
            "it was measured in hair, which tells of months and not of a level in blood".to_owned(),
        ),
    }
}

/// A level as a person would write it.
fn words(given: &case::Level) -> String {
    let matrix = match given.matrix {
        case::Matrix::Plasma => "plasma",
        case::Matrix::Serum => "serum",
        case::Matrix::WholeBlood => "whole blood",
        case::Matrix::PostMortemBlood => "blood after death",
        case::Matrix::Urine => "urine",
        case::Matrix::Saliva => "saliva",
        case::Matrix::Hair => "hair",
    };
    let when = given.hours_after_dose.map_or_else(String::new, |hours| {
        format!(", {hours} h after the last dose")
    });
    format!(
        "{} {} {} in {matrix}{when}",
        given.analyte, given.value, given.unit
    )
}

fn used(
    measurements: &[(String, Measurement)],
    updated: &Updated,
    first: usize,
    last_dose_h: f64,
) -> Vec<Used> {
    measurements
        .iter()
        .enumerate()
        .filter_map(|(index, (given, measured))| {
            let band = updated
                .before
                .iter()
                .find(|band| band.analyte == measured.analyte)?;
            let at = first + index;
            Some(Used {
                given: given.clone(),
                after_last_dose_h: measured.time_h - last_dose_h,
                ng_per_ml: updated.levels_ng_per_ml[index],
                expected: [band.low[at], band.median[at], band.high[at]],
            })
        })
        .collect()
}

/// What was assumed, in words.
fn assumptions(case: &Case, schedule: &Schedule, measurements: &[Measurement]) -> Vec<String> {
    let mut said = vec![
        "Everything about the person but weight and the doses is as in the people studied."
            .to_owned(),
    ];
    if schedule.doses_h.len() > 1 {
        said.push(
            "What the product holds is the same in every dose; what a scale or spoon adds differs from dose to dose."
                .to_owned(),
        );
    }
    if case.regimen.missed_share.is_some_and(|share| share > 0.0) {
        said.push("Missed doses fall by chance.".to_owned());
    }
    if let Some(one) = measurements.first() {
        said.push(format!(
            "Scatter of the assay: {:.0} % (assumed); serum is taken as plasma.",
            100.0 * one.scatter.assay
        ));
    }
    if let Some(one) = measurements.iter().find(|one| one.matrix == Matrix::Blood) {
        said.push(format!(
            "How whole blood relates to plasma is not known; {:.0} % either way was assumed.",
            100.0 * one.scatter.blood
        ));
    }
    said
}
