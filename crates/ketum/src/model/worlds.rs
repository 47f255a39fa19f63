//! Does a calibration find what is true, and do its intervals hold as often as they say? Worlds are drawn
//! from the posterior of a model; in each the studies are run again, once to be fitted and once more as
//! they would come out another time; the fit knows only the first. Simulation-based calibration in the
//! manner of Talts and others 2018 (arXiv:1804.06788), with worlds like the one found instead of worlds
//! from the priors, most of which no study would have seen.

use std::collections::BTreeMap;

use ketum_core::id::StudyId;
use ketum_core::level_model::{CalibrationRecord, LevelModel};
use ketum_core::study::{Role, Study};
use ketum_sim::Model;
use ketum_sim::math::{exp, ln};
use ketum_sim::population::{Sources, quantile};
use ketum_sim::random::{Purpose, Streams};
use serde::Serialize;

use super::ModelError;
use super::calibrate::{Effort, Run};
use super::design::{Choices, MolarMasses};
use super::objective::{Fineness, Objective};
use super::people::etas;
use super::template::Template;
use super::validate::{Compared, Comparison, Settings, compare};

/// How much work each world gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Search and draws of each fit.
    pub effort: Effort,
    /// Fineness of each fit.
    pub fineness: Fineness,
    /// Trials behind each interval.
    pub trials: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            effort: Effort {
                generations: 60,
                warm_up_rounds: 25,
                round_steps: 80,
                kept_rounds: 25,
                chains: 4,
            },
            fineness: Fineness {
                pool: 80,
                trials: 100,
                keep_correlations: 0.9,
            },
            trials: 400,
        }
    }
}

/// How often intervals of 90 % held what they should.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Held {
    /// How often.
    pub held: usize,
    /// Of how many.
    pub of: usize,
}

impl Held {
    /// Counts one more.
    fn count(&mut self, inside: bool) {
        self.of += 1;
        self.held += usize::from(inside);
    }

    fn add(&mut self, other: Self) {
        self.held += other.held;
        self.of += other.of;
    }

    /// The share.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.held as f64 / self.of as f64
    }
}

/// What one world, or all of them, showed.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Found {
    /// Worlds.
    pub worlds: usize,
    /// Intervals of trials that held the very numbers fitted.
    pub fitted: Held,
    /// The same intervals and the numbers of the same studies run once more.
    pub again: Held,
    /// Intervals of held-out numbers.
    pub held_out: Held,
    /// Intervals of parameters that held the world's own, by parameter.
    pub parameters: BTreeMap<String, Held>,
    /// Median upper over lower end of the intervals of fitted numbers, world by world.
    pub widths: Vec<f64>,
    /// The same for somebody who knows the world: sampling and the spread between studies alone.
    pub known_widths: Vec<f64>,
    /// Geometric mean fold error of the fitted numbers, world by world.
    pub gmfe_fitted: Vec<f64>,
    /// The same of the studies run once more.
    pub gmfe_again: Vec<f64>,
    /// Largest split R-hat of each fit.
    pub r_hat: Vec<f64>,
}

impl Found {
    /// Puts the worlds together.
    #[must_use]
    pub fn together(all: &[Self]) -> Self {
        let mut sum = Self::default();
        for one in all {
            sum.worlds += one.worlds;
            sum.fitted.add(one.fitted);
            sum.again.add(one.again);
            sum.held_out.add(one.held_out);
            for (name, held) in &one.parameters {
                sum.parameters.entry(name.clone()).or_default().add(*held);
            }
            for (to, from) in [
                (&mut sum.widths, &one.widths),
                (&mut sum.known_widths, &one.known_widths),
                (&mut sum.gmfe_fitted, &one.gmfe_fitted),
                (&mut sum.gmfe_again, &one.gmfe_again),
                (&mut sum.r_hat, &one.r_hat),
            ] {
                to.extend(from);
            }
        }
        sum
    }
}

/// One world: drawn, observed twice, fitted to the first observation, compared with both.
///
/// # Errors
/// As for [`Objective::new`] and [`compare`].
pub fn world(
    file: &LevelModel,
    studies: &BTreeMap<StudyId, Study>,
    masses: &MolarMasses,
    plan: Plan,
    seed: u64,
    number: u64,
) -> Result<Found, ModelError> {
    let template = Template::kratom()?;
    let logs = draw(&template, file, seed, number)?;
    let mut truth = template.with(&logs);
    truth.calibration = Some(CalibrationRecord {
        between_study_sd: exp(logs.last().copied().unwrap_or_default()),
        ..CalibrationRecord::default()
    });
    let observe =
        |which: u64| observed(&truth, studies, masses, seed ^ (2 * number + which + 1000));
    let (first, second) = (observe(0)?, observe(1)?);
    let objective = Objective::new(
        template,
        first.iter(),
        masses,
        Choices::default(),
        plan.fineness,
        seed.wrapping_add(number),
    )?;
    // The search starts at the model in use, which every world is like; the draws are free to leave it.
    let start = values(file);
    let mut run = Run::near(objective, plan.effort, seed.wrapping_add(number), &start);
    while !run.is_done() {
        run.advance();
    }
    let done = run
        .outcome(CalibrationRecord::default())
        .ok_or_else(|| ModelError::State("the fit of a made-up world did not end".to_owned()))?;
    let settings = Settings {
        trials: plan.trials,
        seed: seed.wrapping_add(number),
        choices: Choices::default(),
    };
    let fit = compare(&done.file, &first, masses, settings)?;
    let known = compare(&truth, &first, masses, settings)?;
    let mut found = Found {
        worlds: 1,
        widths: vec![width(&fit)],
        known_widths: vec![width(&known)],
        r_hat: vec![
            done.outcome
                .parameters
                .iter()
                .map(|one| one.r_hat)
                .fold(1.0, f64::max),
        ],
        ..Found::default()
    };
    for (parameter, log) in done.outcome.parameters.iter().zip(&logs) {
        let inside = (parameter.low..=parameter.high).contains(&exp(*log));
        let held = found.parameters.entry(parameter.name.clone()).or_default();
        held.count(inside);
    }
    let mut errors = [0.0; 2];
    let mut count = 0.0;
    for row in &fit.rows {
        let again = value(&second, row);
        if row.role == Role::Validate {
            found.held_out.count(inside(row, row.observed));
            continue;
        }
        found.fitted.count(inside(row, row.observed));
        found.again.count(inside(row, again));
        errors[0] += ln(row.predicted / row.observed).abs();
        errors[1] += ln(row.predicted / again).abs();
        count += 1.0;
    }
    found.gmfe_fitted.push(exp(errors[0] / count));
    found.gmfe_again.push(exp(errors[1] / count));
    Ok(found)
}

/// Typical values and spreads of a model by the names of a calibration.
fn values(file: &LevelModel) -> BTreeMap<String, f64> {
    let typical = file
        .model
        .parameter
        .iter()
        .map(|one| (one.name.clone(), one.value));
    let between = file.model.spread.iter().filter_map(|spread| {
        let ketum_core::model::SpreadSize::Sd(sizes) = &spread.size else {
            return None;
        };
        (spread.source == ketum_core::model::Source::BetweenSubject)
            .then(|| (format!("omega_{}", spread.parameters.join("_")), sizes[0]))
    });
    typical.chain(between).collect()
}

fn inside(row: &Compared, value: f64) -> bool {
    (row.low..=row.high).contains(&value)
}

fn value(studies: &BTreeMap<StudyId, Study>, row: &Compared) -> f64 {
    studies
        .get(&row.study)
        .and_then(|study| study.statistic.iter().find(|one| one.id == row.statistic))
        .map_or(f64::NAN, |one| one.value)
}

/// Median width of the intervals of fitted numbers.
fn width(comparison: &Comparison) -> f64 {
    let mut widths: Vec<f64> = comparison
        .rows
        .iter()
        .filter(|row| row.role == Role::Calibrate)
        .map(|row| row.high / row.low)
        .collect();
    widths.sort_unstable_by(f64::total_cmp);
    quantile(&widths, 0.5)
}

/// A world's parameters on the natural logarithm, in the template's order.
fn draw(
    template: &Template,
    file: &LevelModel,
    seed: u64,
    number: u64,
) -> Result<Vec<f64>, ModelError> {
    let model = Model::compile(&file.model).map_err(|error| ModelError::Engine {
        model: file.model.id.clone(),
        why: error.to_string(),
    })?;
    let unknown = Sources {
        uncertainty: true,
        ..Sources::NONE
    };
    let shifts = etas(&model, seed, unknown, number);
    let streams = Streams::new(seed);
    let z = |at: usize| streams.normal(at as u32, Purpose::Other, number);
    let typical = template.prior.iter().map(|prior| {
        let at = model.parameter(&prior.parameter)?;
        Some(ln(model.parameters()[at].typical) + shifts[at])
    });
    let between = template.between.iter().enumerate().map(|(number, one)| {
        let block = file.model.spread.iter().find(|spread| {
            spread.source == ketum_core::model::Source::BetweenSubject
                && spread.parameters == one.parameters
        })?;
        let ketum_core::model::SpreadSize::Sd(sizes) = &block.size else {
            return None;
        };
        let open = file
            .between_uncertainty
            .iter()
            .find(|open| open.parameters == one.parameters)
            .map_or(0.0, |open| open.sd_ln);
        Some(ln(*sizes.first()?) + open * z(number))
    });
    let tau = file.calibration.as_ref().map(|record| {
        ln(record.between_study_sd) + record.between_study_sd_ln * z(template.between.len())
    });
    typical
        .chain(between)
        .chain(std::iter::once(tau))
        .collect::<Option<_>>()
        .ok_or_else(|| {
            ModelError::State(
                "worlds are drawn from a calibrated model of this template".to_owned(),
            )
        })
}

/// The studies with the numbers they would have printed in this world.
fn observed(
    truth: &LevelModel,
    studies: &BTreeMap<StudyId, Study>,
    masses: &MolarMasses,
    seed: u64,
) -> Result<BTreeMap<StudyId, Study>, ModelError> {
    let settings = Settings {
        trials: 1,
        seed,
        choices: Choices::default(),
    };
    let one = compare(truth, studies, masses, settings)?;
    let mut studies = studies.clone();
    for row in one.rows {
        let printed = studies.get_mut(&row.study).and_then(|study| {
            study
                .statistic
                .iter_mut()
                .find(|one| one.id == row.statistic)
        });
        if let Some(printed) = printed {
            if row.predicted.is_finite() && row.predicted > 0.0 {
                printed.value = row.predicted;
            } else {
                // Nothing would have been printed.
                printed.role = Role::Context;
            }
        }
    }
    Ok(studies)
}
