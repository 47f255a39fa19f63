//! The model against every study, each simulated as it was done, many times.

use std::collections::BTreeMap;

use ketum_core::id::{LocalId, StudyId};
use ketum_core::level_model::LevelModel;
use ketum_core::study::{Role, Study};
use ketum_sim::math::{exp, ln};
use ketum_sim::population::{Sources, quantile};
use ketum_sim::random::{Purpose, Streams};
use rayon::prelude::*;
use serde::Serialize;

use super::ModelError;
use super::design::{Choices, MolarMasses, Plan};
use super::objective::tag;
use super::people::{etas, person, study_people, widen};
use super::statistic::{People, printed};

/// How studies are simulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Trials of each study.
    pub trials: usize,
    /// Seed of every random number.
    pub seed: u64,
    /// What is assumed where a paper is silent.
    pub choices: Choices,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            trials: 1000,
            seed: 1,
            choices: Choices::default(),
        }
    }
}

/// A model against the studies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The model.
    pub model: String,
    /// Trials simulated of each study.
    pub trials: usize,
    /// Seed.
    pub seed: u64,
    /// Numbers the model was fitted to.
    pub calibration: Summary,
    /// Numbers held out.
    pub validation: Summary,
    /// Number by number.
    pub rows: Vec<Compared>,
    /// Numbers shown and never counted.
    pub context: Vec<Compared>,
}

/// How far a set of numbers is missed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Summary {
    /// Geometric mean fold error: exp(mean |ln(predicted / observed)|). Absent without numbers.
    pub gmfe: Option<f64>,
    /// How many numbers.
    pub n: usize,
    /// Share predicted within 1.25-fold.
    pub within_1_25: Option<f64>,
    /// Share predicted within 1.5-fold.
    pub within_1_5: Option<f64>,
    /// Share predicted within 2-fold.
    pub within_2: Option<f64>,
    /// Share inside its 90 % interval.
    pub coverage_90: Option<f64>,
    /// Median over the numbers of the interval's upper over its lower end.
    pub median_width: Option<f64>,
}

/// One published number and what the model says of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// The study.
    pub study: StudyId,
    /// The number's name in the study's file.
    pub statistic: LocalId,
    /// The analyte.
    pub analyte: String,
    /// What it may be used for.
    pub role: Role,
    /// As published.
    pub observed: f64,
    /// Median of the simulated trials.
    pub predicted: f64,
    /// 5th percentile of the simulated trials.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
    /// Predicted over observed.
    pub fold: f64,
    /// Unit of all of these.
    pub unit: String,
}

/// Simulates every study and compares. Runs on the threads of the current pool; the result does not
/// depend on how many there are.
///
/// # Errors
/// A study that breaks its rules, a number that cannot be simulated, a model that cannot be solved.
pub fn compare(
    file: &LevelModel,
    studies: &BTreeMap<StudyId, Study>,
    molar_masses: &MolarMasses,
    settings: Settings,
) -> Result<Comparison, ModelError> {
    let mut rows = Vec::new();
    let mut context = Vec::new();
    for (id, study) in studies {
        let roles = [Role::Calibrate, Role::Validate, Role::Context];
        let plan = Plan::new(id, study, file, molar_masses, &roles, settings.choices)?;
        let Some(plan) = plan else { continue };
        for compared in simulate(&plan, file, settings)? {
            match compared.role {
                Role::Calibrate | Role::Validate => rows.push(compared),
                Role::Anchor | Role::Context => context.push(compared),
            }
        }
    }
    let of = |role| {
        let some: Vec<&Compared> = rows.iter().filter(|row| row.role == role).collect();
        Summary::of(&some)
    };
    Ok(Comparison {
        model: file.model.id.clone(),
        trials: settings.trials,
        seed: settings.seed,
        calibration: of(Role::Calibrate),
        validation: of(Role::Validate),
        rows,
        context,
    })
}

/// Molar masses of a catalogue's analytes.
#[must_use]
pub fn molar_masses(catalogue: &ketum_data::catalogue::Catalogue) -> MolarMasses {
    catalogue
        .analytes
        .iter()
        .map(|(id, analyte)| (id.clone(), analyte.molar_mass_g_per_mol))
        .collect()
}

impl Summary {
    fn of(rows: &[&Compared]) -> Self {
        let n = rows.len();
        let some = |value: f64| (n > 0).then_some(value);
        let share = |count: usize| some(count as f64 / n as f64);
        let error = |row: &Compared| ln(row.fold).abs();
        let within = |fold: f64| share(rows.iter().filter(|row| error(row) <= ln(fold)).count());
        let covered = rows
            .iter()
            .filter(|row| (row.low..=row.high).contains(&row.observed))
            .count();
        let mut widths: Vec<f64> = rows.iter().map(|row| row.high / row.low).collect();
        widths.sort_unstable_by(f64::total_cmp);
        Self {
            gmfe: some(exp(
                rows.iter().map(|row| error(row)).sum::<f64>() / n as f64
            )),
            n,
            within_1_25: within(1.25),
            within_1_5: within(1.5),
            within_2: within(2.0),
            coverage_90: share(covered),
            median_width: some(quantile(&widths, 0.5)),
        }
    }
}

/// Trials of one study: what is not known of the model is drawn once a trial, people differ within it.
fn simulate(
    plan: &Plan,
    file: &LevelModel,
    settings: Settings,
) -> Result<Vec<Compared>, ModelError> {
    let uncertainty = Sources {
        uncertainty: true,
        ..Sources::NONE
    };
    let between = Sources {
        between_subject: true,
        ..Sources::NONE
    };
    let streams = Streams::new(settings.seed);
    let study = tag(plan.study.as_str());
    let form = &plan.forms[0];
    let typical = form.model.typical();
    // [arm][scenario]
    let solved: Vec<Vec<People>> = plan
        .arms
        .par_iter()
        .map(|arm| {
            let arm_tag = tag(&format!("{}/{}", plan.study, arm.id)) & 0xffff_ffff_0000_0000;
            let mut people = Vec::with_capacity(arm.people * settings.trials);
            for trial in 0..settings.trials {
                let mut unknown = etas(&form.model, settings.seed, uncertainty, trial as u64);
                if let Some((at, sigma)) = form.open {
                    unknown[at] +=
                        sigma * streams.normal(0, Purpose::Content, study ^ trial as u64);
                }
                for one in 0..arm.people {
                    let subject = arm_tag | (trial * arm.people + one) as u64;
                    let mut own = etas(&form.model, settings.seed, between, subject);
                    widen(&form.between, settings.seed, trial as u64, &mut own);
                    people.push(person(form, &typical, &[&unknown, &own]));
                }
            }
            plan.scenarios
                .iter()
                .map(|scenario| {
                    let dose = |who: usize| arm.doses_mg[who % arm.people];
                    study_people(form, scenario, &people, &dose)
                })
                .collect::<Result<_, _>>()
        })
        .collect::<Result<_, _>>()?;
    let picks: Vec<Vec<usize>> = plan
        .arms
        .iter()
        .map(|arm| (0..arm.people * settings.trials).collect())
        .collect();
    let by_arm = |scenario: usize, arm: usize| &solved[arm][scenario];
    let (tau, tau_ln) = file.calibration.as_ref().map_or((0.0, 0.0), |record| {
        (record.between_study_sd, record.between_study_sd_ln)
    });
    Ok(plan
        .rows
        .par_iter()
        .map(|row| {
            let row_tag = tag(&format!("{}/{}", plan.study, row.id));
            let mut scratch = Vec::new();
            let mut values: Vec<f64> = (0..settings.trials)
                .map(|trial| {
                    let value = printed(plan, row, trial, &by_arm, &picks, &mut scratch);
                    let z = streams.normal(1, Purpose::Residual, row_tag ^ trial as u64);
                    let open = tau_ln * streams.normal(2, Purpose::Residual, trial as u64);
                    value * row.to_unit * exp(tau * exp(open) * z)
                })
                .filter(|value| value.is_finite())
                .collect();
            values.sort_unstable_by(f64::total_cmp);
            let predicted = quantile(&values, 0.5);
            Compared {
                study: plan.study.clone(),
                statistic: row.id.clone(),
                analyte: row.analyte.to_string(),
                role: row.role,
                observed: row.value,
                predicted,
                low: quantile(&values, 0.05),
                high: quantile(&values, 0.95),
                fold: predicted / row.value,
                unit: row.unit.clone(),
            }
        })
        .collect())
}
