//! Whole profiles of subjects whose parameters are given.

use super::draw::Sources;
use super::engine::{Engine, Report};
use super::run::{CHUNK, Gathered, Population, RunOptions};
use super::summary::{Exposure, exposures};
use super::threads::on_threads;
use crate::error::SimError;
use crate::math::{LANES, Lanes, Real};
use crate::model::Model;
use crate::solve::Method;
use ketum_core::event::Event;
use rayon::prelude::*;

/// Profiles of a population: groups of subjects side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Profiles {
    pub(super) times: usize,
    pub(super) outputs: usize,
    /// `[group][time][output]`.
    pub(super) blocks: Vec<Lanes>,
    /// `[group][output]`.
    pub(super) areas: Vec<Lanes>,
    /// Subjects solved alone.
    pub exact_subjects: u64,
}

impl Profiles {
    /// Value of one subject at one time, all positions from zero.
    pub fn value(&self, subject: usize, time: usize, output: usize) -> f64 {
        let group = subject / LANES;
        let position = (group * self.times + time) * self.outputs + output;
        self.blocks[position].lane(subject % LANES)
    }

    /// Area under an output of one subject from the first to the last time; not a number where the
    /// method does not give it.
    pub fn area(&self, subject: usize, output: usize) -> f64 {
        self.areas[subject / LANES * self.outputs + output].lane(subject % LANES)
    }

    /// Every subject at one time, eight side by side; the last eight may hold fewer and repeat the last.
    pub fn column(&self, time: usize, output: usize) -> impl Iterator<Item = &Lanes> {
        let groups = self.blocks.chunks_exact((self.times * self.outputs).max(1));
        let position = time * self.outputs + output;
        groups.map(move |group| &group[position])
    }

    /// How much each of the first `subjects` is exposed to an output over the times it was solved at.
    pub fn exposures(&self, times_h: &[f64], output: usize, subjects: usize) -> Vec<Exposure> {
        (0..subjects.div_ceil(LANES))
            .flat_map(|group| {
                let area = self.areas[group * self.outputs + output];
                exposures(times_h, self.group(group), self.outputs, output, area)
            })
            .take(subjects)
            .collect()
    }

    /// One group's `[time][output]` lanes, the layout in which results are kept.
    pub fn group(&self, group: usize) -> &[Lanes] {
        let size = self.times * self.outputs;
        &self.blocks[group * size..(group + 1) * size]
    }
}

/// Profiles for given parameters: one list a subject, in the model's order.
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

/// Parameters of subjects as columns of groups, `[group][parameter]`. One that a subject lacks is not a number:
/// solving names that subject and the parameter.
pub fn columns(model: &Model, parameters: &[Vec<f64>]) -> Vec<Lanes> {
    let width = model.parameters.len();
    let mut columns = Vec::with_capacity(parameters.len().div_ceil(LANES) * width);
    for group in parameters.chunks(LANES) {
        for p in 0..width {
            columns.push(Lanes::from_fn(|lane| {
                let own = &group[lane.min(group.len() - 1)];
                own.get(p).copied().unwrap_or(f64::NAN)
            }));
        }
    }
    columns
}

/// Profiles of subjects whose parameters are given as columns of groups.
///
/// # Errors
/// As for [`Population::run`], and fewer columns than the subjects need.
pub fn solve_profiles(
    model: &Model,
    events: &[Event],
    times_h: &[f64],
    columns: &[Lanes],
    subjects: usize,
    threads: usize,
    options: &RunOptions<'_>,
) -> Result<Profiles, SimError> {
    let mut profiles = Profiles {
        times: times_h.len(),
        outputs: model.outputs.len(),
        blocks: Vec::new(),
        areas: Vec::new(),
        exact_subjects: 0,
    };
    profiles.solve_again(model, events, times_h, columns, subjects, threads, options)?;
    Ok(profiles)
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
        let width = model.parameters.len();
        if columns.len() < groups * width {
            return Err(SimError::Lengths {
                what: "columns of parameters",
                given: columns.len(),
                needed: groups * width,
            });
        }
        let (size, outputs) = (self.times * self.outputs, self.outputs);
        self.blocks.truncate(groups * size);
        self.blocks.reserve_exact(groups * size - self.blocks.len());
        self.areas.resize(groups * outputs, Lanes::splat(0.0));
        let work = |group: usize, profile: &mut [Lanes], areas: &mut [Lanes]| {
            let first = group * LANES;
            let count = LANES.min(subjects - first);
            let own = &columns[group * width..(group + 1) * width];
            engine.solve(first as u64, count, own, profile, areas)
        };
        let mut reports: Vec<Report> = Vec::with_capacity(groups);
        let zero = Lanes::splat(0.0);
        // Memory that is new is made ready just before it is filled, while it is still in the cache.
        let ready = self.blocks.len() / size.max(1);
        // Without a time or an output there is nothing to solve.
        let groups = if size == 0 { 0 } else { groups };
        if threads <= 1 {
            for group in 0..groups {
                if group >= ready {
                    self.blocks.resize((group + 1) * size, zero);
                }
                let profile = &mut self.blocks[group * size..(group + 1) * size];
                let areas = &mut self.areas[group * outputs..(group + 1) * outputs];
                reports.push(work(group, profile, areas));
            }
        } else {
            on_threads(threads, || {
                while reports.len() < groups {
                    let start = reports.len();
                    let end = if start < ready { ready } else { start + CHUNK }.min(groups);
                    if self.blocks.len() < end * size {
                        self.blocks.resize(end * size, zero);
                    }
                    let profiles = self.blocks[start * size..end * size].par_chunks_mut(size);
                    let areas = self.areas[start * outputs..end * outputs].par_chunks_mut(outputs);
                    let pairs = profiles.zip(areas).enumerate();
                    reports.par_extend(
                        pairs.map(|(i, (profile, areas))| work(start + i, profile, areas)),
                    );
                }
            })?;
        }
        let mut gathered = Gathered::default();
        reports
            .into_iter()
            .for_each(|report| gathered.add(report, options.failures_allowed));
        self.exact_subjects = gathered.alone;
        gathered.check(subjects as u64, options.failures_allowed)
    }
}
