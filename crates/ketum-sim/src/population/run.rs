//! Runs a population on several threads and gathers its summaries in a fixed order.

use super::draw::{Draws, Sources};
use super::engine::{Covariates, Engine, Report};
use super::profiles::{Profiles, solve_profiles};
use super::quantiles::Quantiles;
use super::summary::{Exposure, QUANTILES, exposures};
use super::threads::on_threads;
use crate::error::SimError;
use crate::math::dispatch::Path;
use crate::math::{LANES, Lanes, Real};
use crate::model::Model;
use crate::ode::{Tolerance, Work};
use crate::solve::Method;
use ketum_core::event::Event;
use rayon::prelude::*;

/// Groups solved between two calls of the progress callback.
pub(super) const CHUNK: usize = 512;

/// A population to simulate. All fields are data; [`Population::run`] does the work.
#[derive(Debug, Clone, Copy)]
pub struct Population<'a> {
    /// The model.
    pub model: &'a Model,
    /// Doses every subject gets.
    pub events: &'a [Event],
    /// Output times, hours, not decreasing.
    pub times_h: &'a [f64],
    /// How many subjects.
    pub subjects: u64,
    /// Seed of every random number.
    pub seed: u64,
    /// Which spread is switched on.
    pub sources: Sources,
    /// How many threads; the result does not depend on it.
    pub threads: usize,
}

/// How to run a population; the default fits most.
#[derive(Clone, Copy, Default)]
pub struct RunOptions<'a> {
    /// Method of solution.
    pub method: Method,
    /// Accuracy of differential equations.
    pub tolerance: Tolerance,
    /// Quasi-random instead of random numbers.
    pub quasi_random: bool,
    /// Covariates of the made-up subjects.
    pub covariates: Option<&'a Covariates<'a>>,
    /// Failing subjects up to this number are left out and named; more are an error.
    pub failures_allowed: u64,
    /// Called now and then; `false` stops the run.
    pub progress: Option<&'a (dyn Fn(Progress) -> bool + Sync)>,
    /// Kind of machine code; the result does not depend on it.
    pub path: Option<Path>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Subjects finished.
    pub done: u64,
    /// Subjects asked for.
    pub subjects: u64,
}

/// What a population gave.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationResult {
    /// Output times, hours.
    pub times_h: Vec<f64>,
    /// One entry an output of the model, in its order.
    pub outputs: Vec<OutputResult>,
    /// Parameters of each subject, in the model's order.
    pub parameters: Vec<Vec<f64>>,
    /// Subjects solved alone: by the matrix exponential because near-equal rates would have cost
    /// digits, or because their equations turned stiff.
    pub exact_subjects: u64,
    /// Subjects that failed, as far as that was allowed; they are in no summary.
    pub failures: Vec<crate::error::SubjectFailure>,
    /// What the solvers of differential equations did.
    pub work: Work,
}

/// Summaries of one output.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputResult {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Quantiles at each time, probabilities [`QUANTILES`]; with scatter of measurement when that is
    /// switched on.
    pub quantiles: Vec<[f64; QUANTILES.len()]>,
    /// The typical subject: typical values, no spread.
    pub typical: Vec<f64>,
    /// Exposure of each subject, from predictions without scatter of measurement.
    pub exposure: Vec<Exposure>,
}

/// Reports of groups, added in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    pub alone: u64,
    pub failed: u64,
    pub failures: Vec<crate::error::SubjectFailure>,
    pub work: Work,
}

impl Gathered {
    pub(super) fn add(&mut self, report: Report, allowed: u64) {
        self.alone += report.alone;
        self.work += report.work;
        self.failed += report.failures.len() as u64;
        for failure in report.failures {
            if (self.failures.len() as u64) < allowed.max(1) {
                self.failures.push(failure);
            }
        }
    }

    pub(super) fn check(&self, subjects: u64, allowed: u64) -> Result<(), SimError> {
        match self.failures.first() {
            Some(first) if self.failed > allowed => Err(SimError::Population {
                failed: self.failed,
                subjects,
                first: Box::new(first.clone()),
            }),
            _ => Ok(()),
        }
    }
}

impl Population<'_> {
    /// Simulates every subject and keeps each one's exposure and parameters.
    ///
    /// # Errors
    /// A record or a time that cannot be used, a method that does not fit the model, or subjects
    /// that failed (with cause and parameters).
    pub fn run(&self) -> Result<PopulationResult, SimError> {
        self.run_with(&RunOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// As for [`Population::run`], and `Cancelled`.
    pub fn run_with(&self, options: &RunOptions<'_>) -> Result<PopulationResult, SimError> {
        on_threads(self.threads, || self.run_here(options))?
    }

    /// The draws of this population.
    pub fn draws(&self, options: &RunOptions<'_>) -> Draws<'_> {
        let draws = Draws::new(self.model, self.seed, self.sources);
        if options.quasi_random {
            draws.quasi_random()
        } else {
            draws
        }
    }

    fn run_here(&self, options: &RunOptions<'_>) -> Result<PopulationResult, SimError> {
        let engine = Engine::new(self, options)?;
        let draws = self.draws(options);
        let (times, outputs) = (self.times_h.len(), self.model.outputs.len());
        let width = self.model.parameters.len();
        let subjects = self.subjects as usize;
        let groups = subjects.div_ceil(LANES);
        let zero = Lanes::splat(0.0);
        let mut blocks = vec![zero; groups * times * outputs];
        let mut areas = vec![zero; groups * outputs];
        let mut columns = vec![zero; groups * width];
        let (size, outputs_size) = ((times * outputs).max(1), outputs.max(1));
        let mut gathered = Gathered::default();
        for start in (0..groups).step_by(CHUNK) {
            let range = start..(start + CHUNK).min(groups);
            let blocks = blocks[range.start * times * outputs..range.end * times * outputs]
                .par_chunks_mut(size);
            let areas =
                areas[range.start * outputs..range.end * outputs].par_chunks_mut(outputs_size);
            let columns =
                columns[range.start * width..range.end * width].par_chunks_mut(width.max(1));
            let reports: Vec<Result<Report, SimError>> = blocks
                .zip(areas)
                .zip(columns)
                .enumerate()
                .map(|(index, ((profile, areas), columns))| {
                    let first = (start + index) * LANES;
                    let count = LANES.min(subjects - first);
                    let first = first as u64;
                    engine.draw(&draws, options.covariates, first, count, columns)?;
                    Ok(engine.solve(first, count, columns, profile, areas))
                })
                .collect();
            for report in reports {
                gathered.add(report?, options.failures_allowed);
            }
            gathered.check(self.subjects, options.failures_allowed)?;
            let done = (range.end * LANES).min(subjects) as u64;
            self.report(options, done)?;
        }
        let profiles = Profiles {
            times,
            outputs,
            blocks,
            areas,
            exact_subjects: gathered.alone,
        };
        let typical = self.typical(options)?;
        let failed: Vec<u64> = gathered
            .failures
            .iter()
            .map(|failure| failure.subject)
            .collect();
        let outputs = (0..outputs)
            .map(|output| self.summarise(output, &profiles, &typical, &draws, &failed))
            .collect();
        let parameters = (0..subjects)
            .map(|subject| {
                let own = &columns[subject / LANES * width..][..width];
                own.iter()
                    .map(|column| column.lane(subject % LANES))
                    .collect()
            })
            .collect();
        Ok(PopulationResult {
            times_h: self.times_h.to_vec(),
            outputs,
            parameters,
            exact_subjects: gathered.alone,
            failures: gathered.failures,
            work: gathered.work,
        })
    }

    pub(super) fn report(&self, options: &RunOptions<'_>, done: u64) -> Result<(), SimError> {
        let subjects = self.subjects;
        match options.progress {
            Some(progress) if !progress(Progress { done, subjects }) => {
                Err(SimError::Cancelled { done, subjects })
            }
            _ => Ok(()),
        }
    }

    /// The typical subject: covariates are those of the first.
    pub(super) fn typical(&self, options: &RunOptions<'_>) -> Result<Profiles, SimError> {
        let engine = Engine::new(self, options)?;
        let draws = Draws::new(self.model, self.seed, Sources::NONE);
        let mut columns = vec![Lanes::splat(0.0); self.model.parameters.len()];
        engine.draw(&draws, options.covariates, 0, 1, &mut columns)?;
        solve_profiles(
            self.model,
            self.events,
            self.times_h,
            &columns,
            1,
            1,
            options,
        )
    }

    fn summarise(
        &self,
        output: usize,
        profiles: &Profiles,
        typical: &Profiles,
        draws: &Draws<'_>,
        failed: &[u64],
    ) -> OutputResult {
        let subjects = self.subjects as usize;
        let times = self.times_h.len();
        let quantiles = (0..times)
            .into_par_iter()
            .map_init(Quantiles::default, |values, time| {
                values.clear();
                if self.sources.residual || !failed.is_empty() {
                    let kept =
                        (0..subjects).filter(|one| failed.binary_search(&(*one as u64)).is_err());
                    values.extend(kept.map(|subject| {
                        let value = profiles.value(subject, time, output);
                        match self.sources.residual {
                            true => {
                                draws.measured(output, self.times_h[time], subject as u64, value)
                            }
                            false => value,
                        }
                    }));
                } else {
                    values.extend_lanes(profiles.column(time, output), subjects);
                }
                values.read(QUANTILES)
            })
            .collect();
        let groups = subjects.div_ceil(LANES);
        let exposure: Vec<Exposure> = (0..groups)
            .into_par_iter()
            .flat_map_iter(|group| {
                let area = profiles.areas[group * profiles.outputs + output];
                let list = exposures(
                    self.times_h,
                    profiles.group(group),
                    profiles.outputs,
                    output,
                    area,
                );
                let count = LANES.min(subjects - group * LANES);
                list.into_iter().take(count)
            })
            .collect();
        OutputResult {
            name: self.model.outputs[output].name.clone(),
            unit: self.model.outputs[output].unit.clone(),
            quantiles,
            typical: (0..times)
                .map(|time| typical.value(0, time, output))
                .collect(),
            exposure,
        }
    }
}
