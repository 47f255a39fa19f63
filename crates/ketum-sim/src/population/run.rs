//! Runs a population on several threads and gathers its summaries in a fixed order.

use super::draw::{Draws, Sources};
use super::exact::Single;
use super::kernel::{CONDITION, Group};
use super::summary::{Exposure, QUANTILES, quantile};
use crate::error::{SimError, SolveFault, SubjectFailure};
use crate::events::Regimen;
use crate::linear::{MAX_STATES, SIZE, Spectrum};
use crate::math::dispatch::{self, Path};
use crate::math::{LANES, Lanes, Real};
use crate::model::{FlowRate, Model};
use ketum_core::event::Event;
use rayon::prelude::*;

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

/// What a population gave.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationResult {
    /// Output times, hours.
    pub times_h: Vec<f64>,
    /// One entry an output of the model, in its order.
    pub outputs: Vec<OutputResult>,
    /// Parameters of each subject, in the model's order.
    pub parameters: Vec<Vec<f64>>,
    /// Subjects solved by the matrix exponential because near-equal rates would have cost digits.
    pub exact_subjects: u64,
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

/// Profiles of a population: groups of subjects side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Profiles {
    times: usize,
    outputs: usize,
    /// `[group][time][output]`.
    blocks: Vec<Lanes>,
    /// Subjects solved by the matrix exponential because near-equal rates would have cost digits.
    pub exact_subjects: u64,
}

/// Profiles of a linear model for given parameters: one list a subject, in the model's order.
///
/// # Errors
/// As for [`Population::run`].
pub fn solve_linear(
    model: &Model,
    events: &[Event],
    times_h: &[f64],
    parameters: &[Vec<f64>],
) -> Result<Profiles, SimError> {
    let options = RunOptions {
        method: Method::ClosedForm,
        ..RunOptions::default()
    };
    solve_profiles(
        model,
        events,
        times_h,
        &columns(model, parameters),
        parameters.len(),
        1,
        &options,
    )
}

/// As [`solve_linear`], with closed forms kept up to a chosen loss of digits: a value may be off by a
/// few units of 2⁻⁵³ times `condition`, relative. For fits, where thousands of populations are solved
/// and 1e-9 is plenty.
///
/// # Errors
/// As for [`Population::run`].
pub fn solve_linear_within(
    model: &Model,
    events: &[Event],
    times_h: &[f64],
    parameters: &[Vec<f64>],
    condition: f64,
) -> Result<Profiles, SimError> {
    let subjects = parameters.len() as u64;
    let population = Population {
        model,
        events,
        times_h,
        subjects,
        seed: 0,
        sources: Sources::NONE,
        threads: 1,
    };
    population.check()?;
    let regimen = Regimen::new(model, events)?;
    let spectrum = spectrum(model);
    Solver {
        population: &population,
        regimen: &regimen,
        spectrum: spectrum.as_ref(),
        condition,
    }
    .profiles(parameters)
}

impl Profiles {
    /// Solves into the memory of earlier profiles.
    ///
    /// # Errors
    /// As for [`Population::run`].
    #[expect(
        clippy::too_many_arguments,
        reason = "the fields of a population with given parameters"
    )]
    pub fn solve_again(
        &mut self,
        model: &Model,
        events: &[Event],
        times_h: &[f64],
        columns: &[Lanes],
        subjects: usize,
        threads: usize,
        options: &RunOptions<'_>,
    ) -> Result<(), SimError> {
        let population = Population {
            model,
            events,
            times_h,
            subjects: subjects as u64,
            seed: 0,
            sources: Sources::NONE,
            threads,
        };
        let engine = Engine::new(&population, options)?;
        self.times = times_h.len();
        self.outputs = model.outputs.len();
        let groups = subjects.div_ceil(LANES);
        self.blocks
            .resize(groups * self.times * self.outputs, Lanes::splat(0.0));
        self.areas.resize(groups * self.outputs, Lanes::splat(0.0));
        let width = model.parameters.len();
        let size = (self.times * self.outputs).max(1);
        let work = |group: usize, profile: &mut [Lanes], areas: &mut [Lanes]| {
            let first = group * LANES;
            let count = LANES.min(subjects - first);
            let own = &columns[group * width..(group + 1) * width];
            engine.solve(first as u64, count, own, profile, areas)
        };
        let outputs = self.outputs.max(1);
        let reports: Vec<Report> = if threads <= 1 {
            let pairs = self
                .blocks
                .chunks_mut(size)
                .zip(self.areas.chunks_mut(outputs));
            pairs
                .enumerate()
                .map(|(g, (profile, areas))| work(g, profile, areas))
                .collect()
        } else {
            pool(threads)?.install(|| {
                let pairs = self
                    .blocks
                    .par_chunks_mut(size)
                    .zip(self.areas.par_chunks_mut(outputs));
                pairs
                    .enumerate()
                    .map(|(g, (profile, areas))| work(g, profile, areas))
                    .collect()
            })
        };
        let mut gathered = Gathered::default();
        reports
            .into_iter()
            .for_each(|report| gathered.add(report, options.failures_allowed));
        self.exact_subjects = gathered.alone;
        gathered.check(subjects as u64, options.failures_allowed)
    }
}

pub(super) fn pool(threads: usize) -> Result<rayon::ThreadPool, SimError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .build()
        .map_err(|_| SimError::Threads { threads })
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
    /// Simulates every subject.
    ///
    /// # Errors
    /// A record or a time that cannot be used, a model that is not linear, or subjects that failed
    /// (with cause and parameters).
    pub fn run(&self) -> Result<PopulationResult, SimError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads.max(1))
            .build()
            .map_err(|_| SimError::Threads {
                threads: self.threads,
            })?;
        pool.install(|| self.run_here())
    }

    fn run_here(&self) -> Result<PopulationResult, SimError> {
        self.check()?;
        let regimen = Regimen::new(self.model, self.events)?;
        let spectrum = spectrum(self.model);
        let solver = Solver {
            population: self,
            regimen: &regimen,
            spectrum: spectrum.as_ref(),
            condition: CONDITION,
        };
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
        let exact_subjects = profiles.exact_subjects;
        Ok(PopulationResult {
            times_h: self.times_h.to_vec(),
            outputs,
            parameters,
            exact_subjects,
        })
    }

    fn check(&self) -> Result<(), SimError> {
        self.check_times()?;
        if !self.model.is_linear() || self.model.states.len() > MAX_STATES {
            return Err(SimError::Unsupported {
                method: "the closed form",
                why: "the model is not linear or has more than seven states",
            });
        }
        Ok(())
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
    ) -> OutputResult {
        let subjects = self.subjects as usize;
        let times = self.times_h.len();
        let quantiles = (0..times)
            .into_par_iter()
            .map(|time| {
                let mut column: Vec<f64> = (0..subjects)
                    .map(|subject| {
                        let value = profiles.value(subject, time, output);
                        match self.sources.residual {
                            true => {
                                draws.measured(output, self.times_h[time], subject as u64, value)
                            }
                            false => value,
                        }
                    })
                    .collect();
                column.sort_unstable_by(f64::total_cmp);
                QUANTILES.map(|p| quantile(&column, p))
            })
            .collect();
        let exposure = (0..subjects)
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

/// The structure of a linear model, where its rates have a formula. Constant inputs and initial
/// amounts are not sums of dose responses; such models go by the matrix exponential.
fn spectrum(model: &Model) -> Option<Spectrum> {
    let constant = model
        .flows
        .iter()
        .any(|flow| matches!(flow.rate, FlowRate::ZeroOrder(_)));
    if constant || model.states.iter().any(|state| state.initial.is_some()) {
        return None;
    }
    let mut edges = [[false; SIZE]; SIZE];
    for flow in &model.flows {
        if let (Some(from), Some(to)) = (flow.from, flow.to) {
            edges[to][from] = true;
        }
    }
    Spectrum::of(model.states.len(), &edges)
}

struct Solver<'a> {
    population: &'a Population<'a>,
    regimen: &'a Regimen,
    spectrum: Option<&'a Spectrum>,
    condition: f64,
}

impl Solver<'_> {
    fn profiles(&self, parameters: &[Vec<f64>]) -> Result<Profiles, SimError> {
        let times = self.population.times_h.len();
        let outputs = self.population.model.outputs.len();
        let groups = parameters.len().div_ceil(LANES);
        let mut blocks = vec![Lanes::splat(0.0); groups * times * outputs];
        let size = (times * outputs).max(1);
        let results: Vec<Result<u64, SubjectFailure>> = blocks
            .par_chunks_mut(size)
            .enumerate()
            .map(|(group, profile)| {
                let first = group * LANES;
                let last = (first + LANES).min(parameters.len());
                self.group(first as u64, &parameters[first..last], profile)
            })
            .collect();
        let mut exact = 0;
        let mut failed = 0;
        let mut first = None;
        for result in results {
            match result {
                Ok(count) => exact += count,
                Err(failure) => {
                    failed += 1;
                    first.get_or_insert(failure);
                }
            }
        }
        match first {
            Some(first) => Err(SimError::Population {
                failed,
                subjects: parameters.len() as u64,
                first: Box::new(first),
            }),
            None => Ok(Profiles {
                times,
                outputs,
                blocks,
                exact_subjects: exact,
            }),
        }
    }

    fn group(
        &self,
        first: u64,
        parameters: &[Vec<f64>],
        profile: &mut [Lanes],
    ) -> Result<u64, SubjectFailure> {
        let model = self.population.model;
        let path = Path::widest();
        for (subject, own) in parameters.iter().enumerate() {
            if let Some(index) = own.iter().position(|value| !value.is_finite()) {
                let name = model.parameters[index].name.clone();
                return Err(self.failure(first + subject as u64, own, SolveFault::NotFinite(name)));
            }
        }
        let again = match self.spectrum {
            None => [true; LANES],
            Some(spectrum) => {
                // Lanes beyond the last subject repeat it.
                let last = parameters.len() - 1;
                let columns: Vec<Lanes> = (0..model.parameters.len())
                    .map(|p| Lanes::from_fn(|lane| parameters[lane.min(last)][p]))
                    .collect();
                dispatch::run(
                    path,
                    Group {
                        model,
                        spectrum,
                        regimen: self.regimen,
                        times_h: self.population.times_h,
                        condition: self.condition,
                        parameters: &columns,
                        profile,
                    },
                )
            }
        };
        let outputs = model.outputs.len();
        let mut exact = 0;
        for (lane, own) in parameters
            .iter()
            .enumerate()
            .filter(|(lane, _)| again[*lane])
        {
            exact += 1;
            let single = Single {
                model,
                regimen: self.regimen,
                times_h: self.population.times_h,
                parameters: own,
                put: &mut |time, output, value| profile[time * outputs + output].0[lane] = value,
            };
            dispatch::run(path, single)
                .map_err(|cause| self.failure(first + lane as u64, own, cause))?;
        }
        Ok(exact)
    }

    fn failure(&self, subject: u64, parameters: &[f64], cause: SolveFault) -> SubjectFailure {
        let names = self
            .population
            .model
            .parameters
            .iter()
            .map(|p| p.name.clone());
        let parameters = names.zip(parameters.iter().copied()).collect();
        SubjectFailure {
            subject,
            cause,
            parameters,
        }
    }
}
