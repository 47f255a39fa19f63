//! How likely the published numbers are under given parameters.
//!
//! For every study a pool of people is drawn once (Latin hypercube, the same for every call: common
//! random numbers), and trials of the study's own size are made up of them, again the same for every
//! call. So the value is a fixed function of the parameters. The vector of a study's printed numbers is
//! compared, on the logarithm, with the simulated vectors by a Gaussian synthetic likelihood, which
//! carries the sampling error of exactly each statistic and the correlations between them. Peak times are
//! read off a parabola during a fit, with the rounding to the study's grid as variance: a time on a grid
//! jumps as parameters move. A comparison (`validate`) reads them off the grid.

use std::collections::BTreeMap;

use ketum_core::id::StudyId;
use ketum_core::study::{Role, Study};
use ketum_sim::estimation::synthetic;
use ketum_sim::math::{exp, ln};
use ketum_sim::random::{Purpose, Streams, normal_quantile};

use super::ModelError;
use super::design::{Choices, MolarMasses, Plan};
use super::people::{person, study_people};
use super::statistic::{People, Picks, printed};
use super::template::{DoseShape, Template};

/// How finely trials are simulated during a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fineness {
    /// People in the pool.
    pub pool: usize,
    /// Trials made up of them.
    pub trials: usize,
    /// Weight of simulated correlations between a study's numbers, 0 to 1.
    pub keep_correlations: f64,
}

impl Default for Fineness {
    fn default() -> Self {
        Self {
            pool: 240,
            trials: 160,
            keep_correlations: 0.9,
        }
    }
}

/// The published numbers, ready to be compared with parameters.
#[derive(Debug, Clone)]
pub struct Objective {
    template: Template,
    plans: Vec<Planned>,
    /// Standard normal numbers, `[person][spread]`.
    pool: Vec<Vec<f64>>,
    /// Centre and sd of every position.
    scales: Vec<(f64, f64)>,
    /// For each fitted typical value its position among the model's parameters.
    typical_at: Vec<usize>,
    /// For each spread the positions of its parameters.
    between_at: Vec<Vec<usize>>,
    fineness: Fineness,
}

#[derive(Debug, Clone)]
struct Planned {
    plan: Plan,
    picks: Vec<Picks>,
    /// Logarithms of the published numbers.
    observed: Vec<f64>,
    grid: Vec<f64>,
}

/// A value of the objective, part by part.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Log prior density.
    pub prior: f64,
    /// Log likelihood by study.
    pub studies: Vec<(StudyId, f64)>,
}

impl Evaluation {
    /// Log posterior density, up to a constant.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.prior + self.studies.iter().map(|(_, value)| value).sum::<f64>()
    }
}

impl Objective {
    /// Plans every number whose role is `calibrate`; no other row of any file is looked at.
    ///
    /// # Errors
    /// As for [`Plan::new`].
    pub fn new<'s>(
        template: Template,
        studies: impl Iterator<Item = (&'s StudyId, &'s Study)>,
        molar_masses: &MolarMasses,
        choices: Choices,
        fineness: Fineness,
        seed: u64,
    ) -> Result<Self, ModelError> {
        let streams = Streams::new(seed);
        let mut plans = Vec::new();
        for (id, study) in studies {
            let Some(mut plan) = Plan::new(
                id,
                study,
                &template.file,
                molar_masses,
                &[Role::Calibrate],
                choices,
            )?
            else {
                continue;
            };
            for scenario in &mut plan.scenarios {
                scenario.smooth_peak = true;
            }
            let picks = plan
                .arms
                .iter()
                .map(|arm| {
                    let tag = tag(&format!("{id}/{}", arm.id));
                    (0..fineness.trials * arm.people)
                        .map(|draw| {
                            let u = streams.uniform(draw as u32, Purpose::Other, tag);
                            ((u * fineness.pool as f64) as usize).min(fineness.pool - 1)
                        })
                        .collect()
                })
                .collect();
            plans.push(Planned {
                observed: plan.rows.iter().map(|row| ln(row.value)).collect(),
                grid: plan.rows.iter().map(|row| row.grid_variance).collect(),
                picks,
                plan,
            });
        }
        let position = |name: &str| {
            template
                .file
                .model
                .parameter
                .iter()
                .position(|parameter| parameter.name == name)
                .unwrap_or(0)
        };
        Ok(Self {
            typical_at: template
                .prior
                .iter()
                .map(|prior| position(&prior.parameter))
                .collect(),
            between_at: template
                .between
                .iter()
                .map(|one| one.parameters.iter().map(|name| position(name)).collect())
                .collect(),
            pool: latin_hypercube(fineness.pool, template.between.len(), &streams),
            scales: template.scales(),
            template,
            plans,
            fineness,
        })
    }

    /// The template fitted.
    #[must_use]
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// How many numbers are fitted, by study.
    #[must_use]
    pub fn rows(&self) -> BTreeMap<&StudyId, usize> {
        self.plans
            .iter()
            .map(|one| (&one.plan.study, one.plan.rows.len()))
            .collect()
    }

    /// A fingerprint of everything that is fitted and how: a stored fit of other numbers is not taken up.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut text = format!("{:?}{:?}", self.fineness, self.template);
        for one in &self.plans {
            text.push_str(&format!(
                "{:?}{:?}{:?}{:?}",
                one.plan.study, one.plan.rows, one.plan.arms, one.plan.scenarios
            ));
        }
        tag(&text)
    }

    /// The log posterior density at a point in units of the priors' standard deviations, up to a
    /// constant. Minus infinity where the model cannot print the numbers.
    #[must_use]
    pub fn log_posterior(&self, scaled: &[f64]) -> f64 {
        self.evaluate(&self.logs(scaled))
            .map_or(f64::NEG_INFINITY, |evaluation| evaluation.total())
    }

    /// Natural logarithms of the parameters at a scaled point.
    #[must_use]
    pub fn logs(&self, scaled: &[f64]) -> Vec<f64> {
        self.scales
            .iter()
            .zip(scaled)
            .map(|((centre, sd), x)| centre + sd * x)
            .collect()
    }

    /// The objective at natural logarithms of the parameters; `None` where the model cannot print the
    /// numbers.
    #[must_use]
    pub fn evaluate(&self, logs: &[f64]) -> Option<Evaluation> {
        let tau = exp(*logs.last()?);
        let mut studies = Vec::with_capacity(self.plans.len());
        for one in &self.plans {
            let simulated = self.simulate(one, logs)?;
            let extra: Vec<f64> = one.grid.iter().map(|grid| grid + tau * tau).collect();
            let value = synthetic::log_likelihood(
                &one.observed,
                &simulated,
                &extra,
                self.fineness.keep_correlations,
            )?;
            studies.push((one.plan.study.clone(), value));
        }
        Some(Evaluation {
            prior: self.prior(logs),
            studies,
        })
    }

    /// Median predicted over published number of every fitted row, without spread between studies.
    #[must_use]
    pub fn folds(&self, logs: &[f64]) -> Option<Vec<(StudyId, ketum_core::id::LocalId, f64)>> {
        let mut folds = Vec::new();
        for one in &self.plans {
            let simulated = self.simulate(one, logs)?;
            for (at, row) in one.plan.rows.iter().enumerate() {
                let mut values: Vec<f64> = simulated.iter().map(|trial| trial[at]).collect();
                values.sort_unstable_by(f64::total_cmp);
                let median = ketum_sim::population::quantile(&values, 0.5);
                folds.push((
                    one.plan.study.clone(),
                    row.id.clone(),
                    exp(median - one.observed[at]),
                ));
            }
        }
        Some(folds)
    }

    /// Log prior density of the logarithms.
    fn prior(&self, logs: &[f64]) -> f64 {
        let scales = &self.scales;
        let last = logs.len() - 1;
        let normal: f64 = scales[..last]
            .iter()
            .zip(logs)
            .map(|((centre, sd), x)| {
                let z = (x - centre) / sd;
                -0.5 * z * z
            })
            .sum();
        // Half-normal on tau; the logarithm is the variable, hence the last term.
        let z = exp(logs[last]) / self.template.between_study.half_normal_sd;
        normal - 0.5 * z * z + logs[last]
    }

    /// Typical values at a dose.
    fn at_dose(
        &self,
        typical: &[f64],
        dose_mg: f64,
        repeated: bool,
        model: &ketum_sim::Model,
    ) -> Vec<f64> {
        let mut changed = typical.to_vec();
        for effect in &self.template.dose_effect {
            if effect.repeated_only && !repeated {
                continue;
            }
            if let (Some(at), Some(by)) = (
                model.parameter(&effect.parameter),
                model.parameter(&effect.strength),
            ) {
                let dose = dose_mg / effect.reference_mg;
                changed[at] *= match effect.shape {
                    DoseShape::Fall => exp(-typical[by] * dose),
                    DoseShape::Power => exp(typical[by] * ln(dose)),
                };
            }
        }
        changed
    }

    /// Logarithms of the printed numbers, one row a trial.
    fn simulate(&self, one: &Planned, logs: &[f64]) -> Option<Vec<Vec<f64>>> {
        let omegas: Vec<f64> = logs[self.typical_at.len()..logs.len() - 1]
            .iter()
            .map(|log| exp(*log))
            .collect();
        let form = one.plan.forms.first()?;
        let mut typical = form.model.typical();
        for (at, log) in self.typical_at.iter().zip(logs) {
            typical[*at] = exp(*log);
        }
        let mut shifts = vec![0.0; typical.len()];
        let shifts: Vec<Vec<f64>> = self
            .pool
            .iter()
            .map(|z| {
                shifts.iter_mut().for_each(|shift| *shift = 0.0);
                for ((positions, omega), z) in self.between_at.iter().zip(&omegas).zip(z) {
                    for at in positions {
                        shifts[*at] += omega * z;
                    }
                }
                shifts.clone()
            })
            .collect();
        // One pool serves all arms of a linear model; else each arm has its own. Arms that are fitted take one
        // dose each.
        let variants = if self.template.dose_effect.is_empty() && form.model.is_linear() {
            1
        } else {
            one.plan.arms.len()
        };
        let mut solved: Vec<Vec<People>> = Vec::with_capacity(variants);
        for arm in one.plan.arms.iter().take(variants) {
            let of_arm = one.plan.scenarios.iter().map(|scenario| {
                let typical =
                    self.at_dose(&typical, arm.doses_mg[0], scenario.repeated, &form.model);
                let people: Vec<Vec<f64>> = shifts
                    .iter()
                    .map(|shift| person(form, &typical, &[shift]))
                    .collect();
                study_people(form, scenario, &people, &|_| arm.doses_mg[0]).ok()
            });
            solved.push(of_arm.collect::<Option<_>>()?);
        }
        let by_arm = |scenario: usize, arm: usize| &solved[arm % variants][scenario];
        let mut scratch = Vec::with_capacity(64);
        Some(
            (0..self.fineness.trials)
                .map(|trial| {
                    one.plan
                        .rows
                        .iter()
                        .map(|row| {
                            let value =
                                printed(&one.plan, row, trial, &by_arm, &one.picks, &mut scratch);
                            // Nothing printable: not a number, and so no likelihood.
                            if value > 0.0 {
                                ln(value * row.to_unit)
                            } else {
                                f64::NAN
                            }
                        })
                        .collect()
                })
                .collect(),
        )
    }
}

/// Standard normal numbers of `people` in `dimensions`: one in each of `people` equally likely cells of
/// every dimension, in random order, so that means and variances are nearly exact.
fn latin_hypercube(people: usize, dimensions: usize, streams: &Streams) -> Vec<Vec<f64>> {
    let columns: Vec<Vec<f64>> = (0..dimensions)
        .map(|dimension| {
            let mut order: Vec<usize> = (0..people).collect();
            let key = |person: usize| {
                streams.uniform(dimension as u32, Purpose::BetweenSubject, person as u64)
            };
            order.sort_by(|a, b| key(*a).total_cmp(&key(*b)));
            let mut column = vec![0.0; people];
            for (cell, person) in order.into_iter().enumerate() {
                column[person] = normal_quantile((cell as f64 + 0.5) / people as f64);
            }
            column
        })
        .collect();
    (0..people)
        .map(|person| columns.iter().map(|column| column[person]).collect())
        .collect()
}

/// FNV-1a of a text: names a stream of random numbers, protects nothing.
pub(super) fn tag(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
