//! The question turned round: which dose histories and which kinds of product are compatible with a
//! measured level of mitragynine and 7-hydroxymitragynine.
//!
//! Histories are drawn from broad, stated ranges for each kind of product, people and parameters from the
//! model, and weighted by the measurement. The answer compares kinds and gives ranges. It says nothing of
//! a cause of death and names no level as harmful: the same level was found in people with and without harm.

use ketum_core::event::Event;
use ketum_core::form::Form;
use ketum_core::level_model::LevelModel;
use ketum_core::study::Matrix;
use ketum_sim::estimation::symmetric::Square;
use ketum_sim::math::{exp, ln};
use ketum_sim::population::solve_linear;
use ketum_sim::random::{Purpose, Streams};
use rayon::prelude::*;
use serde::Serialize;

use super::ModelError;
use super::design::MolarMasses;
use super::level::{Measurement, compartments, drawn, form, level, normalised, weighted};

/// What may have been taken: ranges a history is drawn from, log-uniform for doses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ranges {
    /// Dose of the product's main alkaloid, mg.
    pub dose_mg: (f64, f64),
    /// Hours from the last dose to the sample (to death, after death), log-uniform.
    pub since_last_h: (f64, f64),
    /// Hours between doses, log-uniform.
    pub interval_h: (f64, f64),
    /// Doses taken; the number is log-uniform.
    pub doses: (f64, f64),
    /// Mitragynine in a product of 7-hydroxymitragynine, as a share of the dose, log-uniform: such
    /// products are made from mitragynine and hold some. An assumption.
    pub rest_share: Option<(f64, f64)>,
}

impl Ranges {
    /// The ranges used for a form: what people report and what packages hold, and wider.
    #[must_use]
    pub fn of(form: Form) -> Self {
        let dose_mg = match form {
            Form::SevenOhTablet | Form::SevenOhLiquid => (2.0, 100.0),
            Form::Extract | Form::Shot => (10.0, 500.0),
            _ => (5.0, 300.0),
        };
        Self {
            dose_mg,
            since_last_h: (0.25, 72.0),
            interval_h: (3.0, 24.0),
            doses: (1.0, 60.0),
            rest_share: matches!(form, Form::SevenOhTablet | Form::SevenOhLiquid)
                .then_some((0.002, 0.5)),
        }
    }
}

/// A median with a 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// 5th percentile.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// 95th percentile.
    pub high: f64,
}

/// What one kind of product says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kind {
    /// The form.
    pub form: &'static str,
    /// Probability of the measurement under this kind over that under the kind that explains it best. It is
    /// no probability of the kind: that needs to be known how often each is taken.
    pub relative: f64,
    /// Whether it is compatible: some history came within three standard deviations of every level, and the
    /// measurement is at least a twentieth as probable as under the best kind.
    pub compatible: bool,
    /// Dose, mg.
    pub dose_mg: Range,
    /// Hours from the last dose to the sample.
    pub since_last_h: Range,
    /// Doses taken.
    pub doses: Range,
    /// 7-hydroxymitragynine over mitragynine (mass) in all histories drawn of this kind, before the
    /// measurement and after what storage may do; absent where not both were measured.
    pub share_expected: Option<Range>,
    /// What the weighted draws are worth.
    pub effective_draws: f64,
    /// The ranges histories were drawn from.
    pub ranges: Ranges,
}

/// All kinds, and what the answer does not say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compatible {
    /// Name of this shape.
    pub schema: &'static str,
    /// The model file.
    pub model: String,
    /// Measured 7-hydroxymitragynine over mitragynine (mass), where both were measured.
    pub share_measured: Option<f64>,
    /// One entry a form.
    pub kinds: Vec<Kind>,
    /// What must be said with it.
    pub limits: Vec<&'static str>,
}

/// One history drawn of a kind.
struct Drawn {
    /// Dose, hours since the last dose, doses.
    history: [f64; 3],
    /// Logarithm of the measurement's density.
    weight: f64,
    /// Squared distance of the worst level in standard deviations.
    farthest: f64,
    /// 7-hydroxymitragynine over mitragynine.
    share: f64,
}

/// Name of the shape of [`Compatible`] in JSON.
pub const SCHEMA: &str = "ketum-histories-1";

const SEVEN_OH: &str = "7-hydroxymitragynine";

/// The forms compared where nobody names others.
pub const FORMS: [Form; 4] = [
    Form::LeafPowder,
    Form::LeafTea,
    Form::Extract,
    Form::SevenOhTablet,
];

/// What is said with every answer.
const LIMITS: [&str; 3] = [
    "Ranges of what would fit, not what was taken. Other histories may fit too.",
    "A level is no cause of death and shows no degree of harm: the same levels are found in people with and without harm.",
    "No levels after a known dose of 7-hydroxymitragynine were ever measured in people; what is said of such products rests on a weak guess.",
];
const AFTER_DEATH: &str = "After death levels change: mitragynine moves between blood and tissue, 7-hydroxymitragynine is lost in storage. Both are part of the ranges. A low share of 7-hydroxymitragynine is no proof of a low one in life.";

/// Which histories are compatible with measured levels, all taken at one time.
///
/// # Errors
/// As for [`super::level::update`]; also where nothing was measured.
pub fn compatible(
    file: &LevelModel,
    forms: &[Form],
    measurements: &[Measurement],
    masses: &MolarMasses,
    draws: usize,
    seed: u64,
) -> Result<Compatible, ModelError> {
    if measurements.is_empty() {
        return Err(ModelError::Measurement {
            analyte: "nothing".to_owned(),
            why: "at least one level is needed".to_owned(),
        });
    }
    let dead = measurements
        .iter()
        .any(|one| one.matrix == Matrix::PostMortemBlood);
    let levels = measurements
        .iter()
        .map(|one| Ok((level(one, file, masses, true)?, one)))
        .collect::<Result<Vec<_>, ModelError>>()?;
    let log_of = |seven_oh: bool| {
        levels
            .iter()
            .find(|(_, one)| (one.analyte == SEVEN_OH) == seven_oh)
            .map(|(level, _)| level.log)
    };
    let share_measured = log_of(true)
        .zip(log_of(false))
        .map(|(metabolite, parent)| exp(metabolite - parent));
    let streams = Streams::new(seed);
    let mut kinds = Vec::new();
    for kind in forms {
        let ranges = Ranges::of(*kind);
        let model = form(file, *kind, None)?;
        let typical = model.model.typical();
        let rest = compartments(file, *kind)
            .get(1)
            .copied()
            .zip(ranges.rest_share);
        let outcomes: Vec<Option<Drawn>> = (0..draws as u64)
            .into_par_iter()
            .map(|draw| {
                let among = |number: u32, range: (f64, f64)| {
                    let u = streams.uniform(number, Purpose::Other, draw);
                    exp(ln(range.0) + u * (ln(range.1) - ln(range.0)))
                };
                let dose = among(0, ranges.dose_mg);
                let since = among(1, ranges.since_last_h);
                let interval = among(2, ranges.interval_h);
                let doses = among(3, (ranges.doses.0, ranges.doses.1 + 1.0)).floor();
                let last = interval * (doses - 1.0);
                let series = |compartment: &str, mg: f64| {
                    Event::bolus(0.0, compartment, mg).repeated(doses as u32 - 1, interval)
                };
                let mut events = vec![series(&model.compartment, dose)];
                if let Some((compartment, shares)) = rest {
                    events.push(series(compartment, dose * among(4, shares)));
                }
                let parameters = [drawn(&model, &typical, seed, draw)];
                let solved =
                    solve_linear(&model.model, &events, &[last + since], &parameters).ok()?;
                let mut farthest: f64 = 0.0;
                let mut logs = [f64::NAN; 2];
                let weight: f64 = levels
                    .iter()
                    .enumerate()
                    .map(|(index, (level, measured))| {
                        let mut predicted =
                            ln(solved.value(0, 0, level.output).max(f64::MIN_POSITIVE));
                        let mut variance = level.sd * level.sd;
                        if measured.matrix == Matrix::PostMortemBlood {
                            if measured.analyte == SEVEN_OH {
                                let u = streams.uniform(10 + index as u32, Purpose::Other, draw);
                                predicted += u * ln(measured.scatter.seven_oh_remains);
                            } else {
                                let sd = measured.scatter.after_death;
                                variance += sd * sd;
                            }
                        }
                        logs[usize::from(measured.analyte == SEVEN_OH)] = predicted;
                        let z = level.log - predicted;
                        farthest = farthest.max(z * z / variance);
                        -0.5 * z * z / variance - 0.5 * ln(variance)
                    })
                    .sum();
                Some(Drawn {
                    history: [dose, since, doses],
                    weight,
                    farthest,
                    share: exp(logs[1] - logs[0]),
                })
            })
            .collect();
        let kept: Vec<Drawn> = outcomes.into_iter().flatten().collect();
        let logs: Vec<f64> = kept.iter().map(|one| one.weight).collect();
        let weights = normalised(&logs);
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let evidence = top + ln(logs.iter().map(|log| exp(log - top)).sum::<f64>() / draws as f64);
        let columns: Square = (0..3)
            .map(|which| kept.iter().map(|one| one.history[which]).collect())
            .collect();
        let range = |which: usize| {
            let column = columns[which].iter().copied().zip(weights.iter().copied());
            let [low, median, high] = weighted(column.collect(), [0.05, 0.5, 0.95]);
            Range { low, median, high }
        };
        kinds.push(Kind {
            form: kind.id(),
            relative: evidence,
            compatible: kept.iter().any(|one| one.farthest <= 9.0),
            dose_mg: range(0),
            since_last_h: range(1),
            doses: range(2),
            share_expected: share_measured.map(|_| {
                let equal = kept.iter().map(|one| (one.share, 1.0 / kept.len() as f64));
                let [low, median, high] = weighted(equal.collect(), [0.05, 0.5, 0.95]);
                Range { low, median, high }
            }),
            effective_draws: 1.0 / weights.iter().map(|w| w * w).sum::<f64>(),
            ranges,
        });
    }
    let best = kinds
        .iter()
        .map(|kind| kind.relative)
        .fold(f64::NEG_INFINITY, f64::max);
    for kind in &mut kinds {
        kind.relative = exp(kind.relative - best);
        kind.compatible &= kind.relative >= 0.05;
    }
    let mut limits = LIMITS.to_vec();
    if dead {
        limits.push(AFTER_DEATH);
    }
    Ok(Compatible {
        schema: SCHEMA,
        model: file.model.id.clone(),
        share_measured,
        kinds,
        limits,
    })
}
