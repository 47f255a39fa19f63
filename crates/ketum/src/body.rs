//! Body: levels of mitragynine and 7-hydroxymitragynine over days in a population like this person.
//!
//! Everybody of the population takes what the case takes; people, model parameters and product content
//! vary, each from random streams of its own, so that the answer can say which of them matters most.
//! Where a simulation must not run, the reason is the answer.

pub mod findings;
mod grid;
pub mod notation;
pub mod others;
pub mod present;
mod setup;

use std::collections::BTreeMap;

use ketum_core::evidence::Certainty;
use ketum_core::level_model::LevelModel;
use ketum_data::catalogue::Catalogue;
use ketum_sim::population::{
    Draws, Profiles, Quantiles, RunOptions, Sources, columns, on_threads, quantile, solve_profiles,
};
use ketum_sim::random::{Purpose, Streams};
use rayon::prelude::*;
use serde::Serialize;

use crate::case::Case;
use crate::model::people::{shift, widen};
use crate::product::ProductAnswer;
use crate::schedule::Schedule;

/// How a simulation is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Seed of every random number.
    pub seed: u64,
    /// People in the population.
    pub people: u32,
    /// Threads; the answer does not depend on it.
    pub threads: usize,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            seed: 1,
            people: 1000,
            threads: 1,
        }
    }
}

/// Probabilities of the bands, as percent.
pub const PERCENT: [&str; 5] = ["5", "25", "50", "75", "95"];
const PROBABILITIES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// A median with a 90 % interval over the population.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// Median.
    pub median: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
}

/// Levels of one analyte.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Levels {
    /// Unit of the levels.
    pub unit: String,
    /// Times, h after the first dose.
    pub times_h: Vec<f64>,
    /// Levels at each time by percent of the population that lies below: 5, 25, 50, 75, 95.
    pub quantiles: BTreeMap<&'static str, Vec<f64>>,
    /// Highest level.
    pub cmax: Spread,
    /// Time of the highest level, h after the first dose.
    pub tmax_h: Spread,
    /// Area under the level from the first dose to the end, unit times h.
    pub auc: Spread,
    /// Hours after the last dose until the level is 5 % of the highest; absent where more than one in
    /// twenty do not get there in the time followed.
    pub to_five_percent_h: Option<Spread>,
}

/// Which share of the variance of the (logarithm of the) highest level comes from where.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Dominance {
    /// People differ.
    pub people: f64,
    /// The model's parameters are not known exactly, the product form's bioavailability among them.
    pub parameters: f64,
    /// What a serving holds is not known exactly.
    pub product: f64,
}

/// Levels over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exposure {
    /// The model file.
    pub model: String,
    /// People simulated.
    pub people: u32,
    /// Times of the doses, h after the first.
    pub doses_h: Vec<f64>,
    /// Mitragynine.
    pub mitragynine: Levels,
    /// 7-hydroxymitragynine.
    #[serde(rename = "7-hydroxymitragynine")]
    pub seven_hydroxymitragynine: Levels,
    /// The other alkaloids of leaf.
    pub other_alkaloids: others::OtherAlkaloids,
    /// Levels after the last dose with the levels that were measured; absent where none was given.
    pub measured: Option<present::Present>,
    /// Where the spread comes from.
    pub dominance: Dominance,
    /// Whether the case lies outside what the model was compared with, and how.
    pub extrapolation: Vec<String>,
    /// What must be said with these levels.
    pub warnings: Vec<String>,
    /// How sure the levels are. Models rest on few small studies, so never more than low; very low
    /// outside what was studied and where a warning stands.
    pub certainty: Certainty,
    /// What was used although it was not given.
    pub inputs_missing: Vec<String>,
}

/// Why levels were not simulated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotSimulated {
    /// The reason, in words.
    pub reason: String,
}

/// Simulates the levels of a case.
///
/// # Errors
/// The reason, in words, where a simulation must not or cannot run.
pub fn levels(
    case: &Case,
    product: &ProductAnswer,
    schedule: &Schedule,
    catalogue: &Catalogue,
    run: Run,
) -> Result<Exposure, NotSimulated> {
    on_threads(run.threads, || {
        levels_here(case, product, schedule, catalogue, run)
    })
    .map_err(failed)?
}

/// The same on the threads of the caller.
fn levels_here(
    case: &Case,
    product: &ProductAnswer,
    schedule: &Schedule,
    catalogue: &Catalogue,
    run: Run,
) -> Result<Exposure, NotSimulated> {
    let not = |reason: &str| NotSimulated {
        reason: reason.to_owned(),
    };
    setup::refusals(case, product, catalogue)?;
    let (id, file) =
        current_model(catalogue).ok_or_else(|| not("No model of levels is in this catalogue."))?;
    let setup = setup::Setup::new(case, product, schedule, file)?;
    let times = grid::times(schedule);
    let everyone = simulate(&setup, schedule, case, &times, run, Sources::PREDICTION)?;
    let levels = |output: usize| summarise(&everyone, &times, schedule, output, setup.unit(output));
    let (parent, metabolite) = setup.outputs;
    let extrapolation = setup::ways_outside(file, product, schedule);
    let warnings = setup::warnings(file, product);
    let mitragynine = levels(parent);
    let area = mitragynine.auc.median;
    let other_alkaloids = others::levels(case, product, schedule, catalogue, &times, run, area);
    let measured = if case.levels.is_empty() {
        None
    } else {
        let hours = &present::HOURS;
        Some(present::present(
            case, product, schedule, catalogue, hours, run.seed,
        )?)
    };
    Ok(Exposure {
        model: id.to_string(),
        people: run.people,
        doses_h: schedule.doses_h.clone(),
        mitragynine,
        seven_hydroxymitragynine: levels(metabolite),
        other_alkaloids,
        measured,
        dominance: dominance(&setup, schedule, case, &times, run, product)?,
        certainty: if extrapolation.is_empty() && warnings.is_empty() {
            Certainty::Low
        } else {
            Certainty::VeryLow
        },
        extrapolation,
        warnings,
        inputs_missing: setup.inputs_missing.clone(),
    })
}

/// The model in use: the one of mitragynine that nothing supersedes.
#[must_use]
pub fn current_model(catalogue: &Catalogue) -> Option<(&ketum_core::id::ModelId, &LevelModel)> {
    catalogue.models.iter().find(|(_, file)| {
        file.superseded_by.is_none()
            && file
                .model
                .output
                .iter()
                .any(|output| output.name == "mitragynine")
    })
}

/// Everybody's levels: groups of people who miss the same doses.
struct Everyone {
    groups: Vec<(usize, Profiles)>,
}

impl Everyone {
    /// Calls `each` with every group and the position of a person in it, in order.
    fn people(&self) -> impl Iterator<Item = (&Profiles, usize)> {
        self.groups
            .iter()
            .flat_map(|(size, profiles)| (0..*size).map(move |person| (profiles, person)))
    }

    /// Each person's highest level and its time.
    fn peaks(&self, times: &[f64], output: usize) -> Vec<(f64, f64)> {
        self.groups
            .iter()
            .flat_map(|(size, profiles)| profiles.exposures(times, output, *size))
            .map(|exposure| (exposure.cmax, exposure.tmax_h))
            .collect()
    }
}

/// Parameters of everybody: people differ, and by how much is not known exactly either.
fn people(setup: &setup::Setup, run: Run, sources: Sources) -> Vec<Vec<f64>> {
    let between = Sources {
        between_subject: sources.between_subject,
        ..Sources::NONE
    };
    let others = Sources {
        between_subject: false,
        ..sources
    };
    let own = Draws::new(&setup.model, run.seed, between);
    let rest = Draws::new(&setup.model, run.seed, others);
    (0..u64::from(run.people))
        .map(|person| {
            let mut shifts = own.effects(person, 0);
            if sources.uncertainty {
                widen(&setup.between, run.seed, person, &mut shifts);
            }
            let rest = rest.effects(person, 0);
            setup
                .model
                .parameters()
                .iter()
                .zip(shifts.iter().zip(&rest))
                .map(|(one, (own, rest))| shift(one.typical, one.distribution, own + rest))
                .collect()
        })
        .collect()
}

fn failed(error: ketum_sim::SimError) -> NotSimulated {
    NotSimulated {
        reason: format!("The simulation failed: {error}."),
    }
}

/// People who share a pattern of missed doses.
const PATTERNS: u32 = 20;

fn simulate(
    setup: &setup::Setup,
    schedule: &Schedule,
    case: &Case,
    times: &[f64],
    run: Run,
    sources: Sources,
) -> Result<Everyone, NotSimulated> {
    let people = people(setup, run, sources);
    let missed = case.regimen.missed_share.unwrap_or(0.0);
    let patterns = if missed > 0.0 { PATTERNS } else { 1 };
    let size = people.len().div_ceil(patterns as usize).max(1);
    let streams = Streams::new(run.seed);
    let patterns: Vec<&[Vec<f64>]> = people.chunks(size).collect();
    let groups = patterns
        .par_iter()
        .enumerate()
        .map(|(pattern, group)| {
            let events = setup.events(schedule, |dose| {
                let draw = u32::try_from(dose).unwrap_or(u32::MAX);
                missed > 0.0 && streams.uniform(draw, Purpose::Other, pattern as u64) < missed
            });
            let own = columns(&setup.model, group);
            let options = RunOptions::default();
            let (size, threads) = (group.len(), run.threads);
            solve_profiles(&setup.model, &events, times, &own, size, threads, &options)
                .map(|profiles| (size, profiles))
        })
        .collect::<Result<_, _>>()
        .map_err(failed)?;
    Ok(Everyone { groups })
}

fn summarise(
    everyone: &Everyone,
    times: &[f64],
    schedule: &Schedule,
    output: usize,
    unit: String,
) -> Levels {
    let bands: Vec<[f64; 5]> = (0..times.len())
        .into_par_iter()
        .map_init(Quantiles::default, |values, time| {
            values.clear();
            for (size, profiles) in &everyone.groups {
                values.extend_lanes(profiles.column(time, output), *size);
            }
            values.read(PROBABILITIES)
        })
        .collect();
    let peaks = everyone.peaks(times, output);
    let areas = everyone
        .people()
        .map(|(profiles, person)| profiles.area(person, output))
        .collect();
    Levels {
        unit,
        times_h: times.to_vec(),
        quantiles: PERCENT
            .iter()
            .enumerate()
            .map(|(band, name)| (*name, bands.iter().map(|values| values[band]).collect()))
            .collect(),
        cmax: spread(peaks.iter().map(|peak| peak.0).collect()),
        tmax_h: spread(peaks.iter().map(|peak| peak.1).collect()),
        auc: spread(areas),
        to_five_percent_h: washout(everyone, times, schedule, output, &peaks),
    }
}

fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_unstable_by(f64::total_cmp);
    Spread {
        median: quantile(&values, 0.5),
        low: quantile(&values, 0.05),
        high: quantile(&values, 0.95),
    }
}

/// Hours from the last dose until a twentieth of each person's own highest level.
fn washout(
    everyone: &Everyone,
    times: &[f64],
    schedule: &Schedule,
    output: usize,
    peaks: &[(f64, f64)],
) -> Option<Spread> {
    let last = schedule.doses_h.last().copied()?;
    let mut reached = Vec::with_capacity(peaks.len());
    for ((profiles, person), (cmax, _)) in everyone.people().zip(peaks) {
        let limit = 0.05 * cmax;
        let level = |time: usize| profiles.value(person, time, output);
        let above = (0..times.len()).rev().find(|time| level(*time) > limit)?;
        let Some(end) = times.get(above + 1) else {
            reached.push(f64::INFINITY);
            continue;
        };
        // Exponential between two points.
        let (from, to) = (level(above), level(above + 1).max(f64::MIN_POSITIVE));
        let share = ketum_sim::math::ln(from / limit) / ketum_sim::math::ln(from / to);
        reached.push((times[above] + share * (end - times[above]) - last).max(0.0));
    }
    let all = spread(reached);
    all.high.is_finite().then_some(all)
}

/// Switches one source of spread on at a time and compares the variances.
fn dominance(
    setup: &setup::Setup,
    schedule: &Schedule,
    case: &Case,
    times: &[f64],
    run: Run,
    product: &ProductAnswer,
) -> Result<Dominance, NotSimulated> {
    let run = Run {
        people: run.people.min(300),
        ..run
    };
    let output = if setup.seven_oh_product {
        setup.outputs.1
    } else {
        setup.outputs.0
    };
    let variance = |sources: Sources| -> Result<f64, NotSimulated> {
        let everyone = simulate(setup, schedule, case, times, run, sources)?;
        let logs: Vec<f64> = everyone
            .peaks(times, output)
            .iter()
            .map(|(cmax, _)| ketum_sim::math::ln(cmax.max(f64::MIN_POSITIVE)))
            .collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        Ok(logs
            .iter()
            .map(|value| (value - mean) * (value - mean))
            .sum::<f64>()
            / logs.len() as f64)
    };
    let none = Sources::NONE;
    let (people, parameters) = rayon::join(
        || {
            variance(Sources {
                between_subject: true,
                ..none
            })
        },
        || {
            variance(Sources {
                uncertainty: true,
                ..none
            })
        },
    );
    let (people, parameters) = (people?, parameters?);
    let content = product
        .analytes
        .get(&setup.driving)
        .and_then(|dose| dose.sigma_ln)
        .unwrap_or(0.0);
    let product = content * content;
    let total = people + parameters + product;
    let share = |part: f64| if total > 0.0 { part / total } else { 0.0 };
    Ok(Dominance {
        people: share(people),
        parameters: share(parameters),
        product: share(product),
    })
}
