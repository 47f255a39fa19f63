//! What is in this person now: the population around a person's own doses, narrowed by a measured level.
//!
//! Importance sampling: people and model parameters are drawn from the model, doses from what is known of
//! them, each draw is weighted by how likely the measurement is under it. The effective number of draws
//! says how far the measurement is from what the model expects.

use ketum_core::event::Event;
use ketum_core::form::Form;
use ketum_core::level_model::LevelModel;
use ketum_core::study::Matrix;
use ketum_core::unit::{Dimension, Unit};
use ketum_data::catalogue::Catalogue;
use ketum_sim::math::{exp, ln};
use ketum_sim::population::{Sources, solve_linear};
use ketum_sim::random::{Purpose, Streams};
use serde::Serialize;

use super::ModelError;
use super::design::{FormModel, MolarMasses};
use super::people::{etas, person, widen};

/// A dose the person took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TakenDose {
    /// When, h on the person's own clock.
    pub time_h: f64,
    /// How much mitragynine (7-hydroxymitragynine for such a product), mg: the median of what is known.
    pub mg: f64,
    /// What is not known of this dose alone: sd of the logarithm.
    pub sigma_ln: f64,
}

/// What somebody took.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The product form.
    pub form: Form,
    /// The doses.
    pub doses: Vec<TakenDose>,
    /// What is not known of the product and the same for every dose: sd of the logarithm.
    pub product_sigma_ln: f64,
    /// Mitragynine in a product of 7-hydroxymitragynine, as a share of the dose; 0 in any other product.
    pub rest_share: f64,
    /// Share of doses that were missed, 0 to 1.
    pub missed_share: f64,
    /// Body weight, kg.
    pub weight_kg: Option<f64>,
}

/// A measured level.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// The analyte, by the name of the model's output.
    pub analyte: String,
    /// When the sample was taken, h on the same clock.
    pub time_h: f64,
    /// The level.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// What it was measured in.
    pub matrix: Matrix,
    /// How far it may lie from the level in plasma that the model speaks of.
    pub scatter: Scatter,
}

/// How far a measured level may lie from the level in plasma of the living person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scatter {
    /// Scatter of the assay: sd of the logarithm.
    pub assay: f64,
    /// Whole blood against plasma: sd of the logarithm.
    pub blood: f64,
    /// Mitragynine after death against life: sd of the logarithm.
    pub after_death: f64,
    /// Smallest share of 7-hydroxymitragynine that remains after death; log-uniform from here to 1.
    pub seven_oh_remains: f64,
}

impl Scatter {
    /// The assumptions it is made of. A test holds the catalogue to them.
    pub const ASSUMPTIONS: [&str; 4] = [
        "assay-sigma-ln",
        "blood-plasma-sigma-ln",
        "after-death-mitragynine-sigma-ln",
        "after-death-seven-oh-least-share",
    ];

    /// What the catalogue assumes where a laboratory gives nothing of its own.
    #[must_use]
    pub fn assumed(catalogue: &Catalogue) -> Self {
        let [assay, blood, after_death, seven_oh_remains] = Self::ASSUMPTIONS.map(|id| {
            let assumption = catalogue.assumptions.get(id);
            assumption.map_or(f64::NAN, |assumption| assumption.value)
        });
        Self {
            assay,
            blood,
            after_death,
            seven_oh_remains,
        }
    }
}

/// A level over time as quantiles 5, 50 and 95 %.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band {
    /// The analyte.
    pub analyte: String,
    /// Times, h.
    pub times_h: Vec<f64>,
    /// 5th percentile, ng/mL.
    pub low: Vec<f64>,
    /// Median, ng/mL.
    pub median: Vec<f64>,
    /// 95th percentile, ng/mL.
    pub high: Vec<f64>,
}

/// Levels before and after the measurement was taken into account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Updated {
    /// From the doses alone.
    pub before: Vec<Band>,
    /// With the measurement.
    pub after: Vec<Band>,
    /// The measurements in ng/mL, in their order.
    pub levels_ng_per_ml: Vec<f64>,
    /// Draws made.
    pub draws: usize,
    /// What the weighted draws are worth.
    pub effective_draws: f64,
    /// Set where the measurement lies so far from the expectation that the answer rests on few draws.
    pub strained: bool,
}

/// Fewer effective draws than this and the answer is marked as strained.
pub const ENOUGH: f64 = 100.0;

/// The newest doses vary one by one; of older ones only their sum is followed, since little of each is left.
pub const APART: usize = 24;

/// A measurement in the model's own terms.
pub(crate) struct Level {
    pub output: usize,
    pub time_h: f64,
    pub log: f64,
    pub sd: f64,
}

/// Reads a measurement; refuses another unit or matrix than levels of this model can be compared with.
pub(crate) fn level(
    measurement: &Measurement,
    file: &LevelModel,
    masses: &MolarMasses,
    may_be_dead: bool,
) -> Result<Level, ModelError> {
    let not = |why: String| ModelError::Measurement {
        analyte: measurement.analyte.clone(),
        why,
    };
    let output = file
        .model
        .output
        .iter()
        .position(|output| output.name == measurement.analyte)
        .ok_or_else(|| not(format!("model `{}` does not predict it", file.model.id)))?;
    let unit = Unit::parse(&measurement.unit)
        .ok_or_else(|| not(format!("`{}` is no unit", measurement.unit)))?;
    let ng_per_ml = match unit.dimension {
        Dimension::Concentration => unit.to_canonical(measurement.value) * 1e3,
        Dimension::MolarConcentration => {
            let mass = measurement
                .analyte
                .parse()
                .ok()
                .and_then(|id: ketum_core::id::AnalyteId| masses.get(&id).copied())
                .ok_or_else(|| not("its molar mass is not known".to_owned()))?;
            unit.to_canonical(measurement.value) * mass * 1e6
        }
        other => {
            return Err(not(format!(
                "`{}` measures {other:?}, a level is an amount in a volume of plasma or blood",
                measurement.unit
            )));
        }
    };
    if !(ng_per_ml > 0.0 && ng_per_ml.is_finite()) {
        return Err(not(
            "a level is a number above 0; for \"not detected\" no level can be given".to_owned(),
        ));
    }
    if !(measurement.scatter.assay > 0.0 && measurement.scatter.assay < 2.0) {
        return Err(not(
            "the scatter of the assay lies above 0 and below 2".to_owned()
        ));
    }
    let matrix_sd = match measurement.matrix {
        Matrix::Plasma => 0.0,
        Matrix::Blood => measurement.scatter.blood,
        Matrix::PostMortemBlood if may_be_dead => 0.0,
        Matrix::PostMortemBlood => {
            return Err(not(
                "a level after death says nothing of a living person's level".to_owned(),
            ));
        }
        Matrix::None => return Err(not("it was not said what it was measured in".to_owned())),
    };
    let assay = measurement.scatter.assay;
    Ok(Level {
        output,
        time_h: measurement.time_h,
        log: ln(ng_per_ml),
        sd: (assay * assay + matrix_sd * matrix_sd).sqrt(),
    })
}

/// The level now and later given own doses and measured levels.
///
/// # Errors
/// A form the model does not take, a measurement that cannot be compared, a model that cannot be solved.
pub fn update(
    file: &LevelModel,
    history: &History,
    measurements: &[Measurement],
    times_h: &[f64],
    masses: &MolarMasses,
    draws: usize,
    seed: u64,
) -> Result<Updated, ModelError> {
    let levels = measurements
        .iter()
        .map(|measurement| level(measurement, file, masses, false))
        .collect::<Result<Vec<_>, _>>()?;
    let form = form(file, history.form, history.weight_kg)?;
    let mut grid: Vec<f64> = times_h.to_vec();
    grid.extend(levels.iter().map(|level| level.time_h));
    grid.sort_unstable_by(f64::total_cmp);
    grid.dedup();
    let at = |time: f64| grid.partition_point(|one| *one < time);
    let outputs = form.model.outputs().len();
    let rest = compartments(file, history.form)
        .get(1)
        .map(|one| (*one).to_owned())
        .filter(|_| history.rest_share > 0.0);
    let curves = simulate(&form, history, rest.as_deref(), &grid, draws, seed)?;
    let value = |draw: usize, time: usize, output: usize| {
        curves[(draw * grid.len() + time) * outputs + output]
    };
    let logs: Vec<f64> = (0..draws)
        .map(|draw| {
            levels
                .iter()
                .map(|level| {
                    let predicted = value(draw, at(level.time_h), level.output);
                    let z = (level.log - ln(predicted.max(f64::MIN_POSITIVE))) / level.sd;
                    -0.5 * z * z
                })
                .sum()
        })
        .collect();
    let weights = normalised(&logs);
    let effective_draws = 1.0 / weights.iter().map(|w| w * w).sum::<f64>();
    let equal = vec![1.0 / draws as f64; draws];
    let bands = |weights: &[f64]| -> Vec<Band> {
        (0..outputs)
            .map(|output| {
                let mut band = Band {
                    analyte: form.model.outputs()[output].name.clone(),
                    times_h: times_h.to_vec(),
                    low: Vec::new(),
                    median: Vec::new(),
                    high: Vec::new(),
                };
                for time in times_h {
                    let column = (0..draws)
                        .map(|draw| (value(draw, at(*time), output), weights[draw]))
                        .collect();
                    let [low, median, high] = weighted(column, [0.05, 0.5, 0.95]);
                    band.low.push(low);
                    band.median.push(median);
                    band.high.push(high);
                }
                band
            })
            .collect()
    };
    Ok(Updated {
        before: bands(&equal),
        after: bands(&weights),
        levels_ng_per_ml: levels.iter().map(|level| exp(level.log)).collect(),
        draws,
        effective_draws,
        strained: effective_draws < ENOUGH,
    })
}

/// The model for a form. A product of the metabolite holds it as its main analyte, which stands last in
/// the file and is dosed first here; what else it may hold follows.
pub(super) fn form(
    file: &LevelModel,
    form: Form,
    weight: Option<f64>,
) -> Result<FormModel, ModelError> {
    let compartments = compartments(file, form);
    if compartments.is_empty() {
        return Err(ModelError::Form {
            model: file.model.id.clone(),
            analyte: "its analyte".to_owned(),
            form: form.id().to_owned(),
        });
    }
    FormModel::with_compartments(file, form, &compartments, weight)
}

/// The compartments a form doses, that of its main analyte first.
pub(super) fn compartments(file: &LevelModel, form: Form) -> Vec<&str> {
    file.dosed
        .iter()
        .rev()
        .filter(|dosed| dosed.forms.contains(&form))
        .map(|dosed| dosed.compartment.as_str())
        .collect()
}

/// Curves of all draws, `[draw][time][output]`. Each of the newest doses is solved apart, so that each can
/// be uncertain or missed by itself; the sum is exact for a linear model.
fn simulate(
    form: &FormModel,
    history: &History,
    rest: Option<&str>,
    grid: &[f64],
    draws: usize,
    seed: u64,
) -> Result<Vec<f64>, ModelError> {
    let typical = form.model.typical();
    let streams = Streams::new(seed);
    let people: Vec<Vec<f64>> = (0..draws as u64)
        .map(|draw| drawn(form, &typical, seed, draw))
        .collect();
    let outputs = form.model.outputs().len();
    let mut curves = vec![0.0; draws * grid.len() * outputs];
    let events = |doses: &[TakenDose]| -> Vec<Event> {
        let of = |dose: &TakenDose, compartment: &str, share: f64| {
            Event::bolus(dose.time_h, compartment, dose.mg * share)
        };
        doses
            .iter()
            .flat_map(|dose| {
                let main = of(dose, &form.compartment, 1.0);
                let more = rest.map(|rest| of(dose, rest, history.rest_share));
                std::iter::once(main).chain(more)
            })
            .collect()
    };
    let old = history.doses.len().saturating_sub(APART);
    let (together, apart) = history.doses.split_at(old);
    let pieces = std::iter::once(together)
        .filter(|doses| !doses.is_empty())
        .chain(apart.chunks(1));
    for (index, doses) in pieces.enumerate() {
        let profiles =
            solve_linear(&form.model, &events(doses), grid, &people).map_err(|error| {
                ModelError::Engine {
                    model: form.model.id().to_owned(),
                    why: error.to_string(),
                }
            })?;
        for draw in 0..draws {
            let product = streams.normal(0, Purpose::Content, draw as u64);
            let number = index as u32 + 1;
            let taken = if doses.len() > 1 {
                1.0 - history.missed_share
            } else if history.missed_share > 0.0
                && streams.uniform(number, Purpose::Other, draw as u64) < history.missed_share
            {
                0.0
            } else {
                let own = streams.normal(number, Purpose::Content, draw as u64);
                exp(doses[0].sigma_ln * own)
            };
            let factor = taken * exp(history.product_sigma_ln * product);
            for time in 0..grid.len() {
                for output in 0..outputs {
                    curves[(draw * grid.len() + time) * outputs + output] +=
                        factor * profiles.value(draw, time, output);
                }
            }
        }
    }
    Ok(curves)
}

/// Parameters of a drawn person: people differ, the model is not known exactly, nor is the form's
/// bioavailability.
pub(super) fn drawn(form: &FormModel, typical: &[f64], seed: u64, draw: u64) -> Vec<f64> {
    let unknown = Sources {
        uncertainty: true,
        ..Sources::NONE
    };
    let differ = Sources {
        between_subject: true,
        between_occasion: true,
        ..Sources::NONE
    };
    let mut own = etas(&form.model, seed, differ, draw);
    widen(&form.between, seed, draw, &mut own);
    let mut shifts = etas(&form.model, seed, unknown, draw);
    if let Some((at, sigma)) = form.open {
        shifts[at] += sigma * Streams::new(seed).normal(1, Purpose::Uncertainty, !draw);
    }
    person(form, typical, &[&shifts, &own])
}

/// Weights that add up to one.
pub(super) fn normalised(logs: &[f64]) -> Vec<f64> {
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raw: Vec<f64> = logs.iter().map(|log| exp(log - top)).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|weight| weight / sum).collect()
}

/// Quantiles of weighted values.
pub(super) fn weighted<const N: usize>(mut column: Vec<(f64, f64)>, at: [f64; N]) -> [f64; N] {
    column.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    at.map(|p| {
        let mut sum = 0.0;
        for (value, weight) in &column {
            sum += weight;
            if sum >= p {
                return *value;
            }
        }
        column.last().map_or(f64::NAN, |last| last.0)
    })
}
