//! A population of any size in bounded memory: bands, exposure and exceedance, no rows kept.
//!
//! Subjects are solved chunk by chunk in one buffer. Each value is counted in a histogram whose
//! cells are equal in the logarithm; a quantile is read off the counts. Counts do not depend on the
//! order of counting, so neither do the results. A cell is at most 0.2 % wide, about the Monte
//! Carlo error of an outer quantile of a million subjects.

use super::draw::Draws;
use super::engine::{Engine, Report};
use super::run::{CHUNK, Gathered, Population, RunOptions};
use super::summary::{Exposure, QUANTILES, exposures};
use super::threads::on_threads;
use crate::error::{SimError, SubjectFailure};
use crate::math::{LANES, Lanes, Real};
use rayon::prelude::*;

/// Cells an octave: 2⁹.
const FINENESS: u32 = 9;
/// Octaves below the largest value expected.
const OCTAVES: u64 = 24;
const CELLS: usize = (OCTAVES << FINENESS) as usize;

/// Neighbouring columns counted together: their values stand side by side in each profile, and their cells
/// still fit into the cache.
const TOGETHER: usize = 8;

/// A limit to watch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// Position of the output.
    pub output: usize,
    /// Value, in the output's unit.
    pub value: f64,
}

/// Summaries of one output.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Quantiles at each time, probabilities [`QUANTILES`].
    pub quantiles: Vec<[f64; QUANTILES.len()]>,
    /// Quantiles over subjects of the highest value.
    pub cmax: [f64; QUANTILES.len()],
    /// Quantiles over subjects of its time, hours.
    pub tmax_h: [f64; QUANTILES.len()],
    /// Quantiles over subjects of the area from the first to the last time.
    pub auc: [f64; QUANTILES.len()],
    /// Quantiles over subjects of the value at the last time.
    pub last: [f64; QUANTILES.len()],
}

/// What a population gave in bounded memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Streamed {
    /// One entry an output of the model.
    pub outputs: Vec<Bands>,
    /// Share of subjects whose highest value exceeds each threshold, and share of subjects above it
    /// at each time.
    pub exceedance: Vec<(f64, Vec<f64>)>,
    /// Subjects in the summaries.
    pub subjects: u64,
    /// Subjects solved alone.
    pub exact_subjects: u64,
    /// Subjects that failed, as far as that was allowed.
    pub failures: Vec<SubjectFailure>,
}

impl Population<'_> {
    /// Simulates every subject, keeps only summaries.
    ///
    /// # Errors
    /// As for [`Population::run`], and `Cancelled`.
    pub fn stream(
        &self,
        thresholds: &[Threshold],
        options: &RunOptions<'_>,
    ) -> Result<Streamed, SimError> {
        on_threads(self.threads, || {
            Stream::new(self, thresholds, options)?.run()
        })?
    }
}

struct Stream<'a> {
    population: &'a Population<'a>,
    thresholds: &'a [Threshold],
    options: &'a RunOptions<'a>,
    engine: Engine<'a>,
    draws: Draws<'a>,
    /// `[time][output]`.
    columns: Vec<Column>,
    /// `[output]`: cmax, tmax, auc, last.
    exposure: Vec<[Column; 4]>,
    /// Subjects whose highest value exceeds each threshold.
    ever: Vec<u64>,
    gathered: Gathered,
}

/// One group's part of the buffer.
struct Part {
    columns: Vec<Lanes>,
    profile: Vec<Lanes>,
    areas: Vec<Lanes>,
    exposure: Vec<[Exposure; LANES]>,
    count: usize,
}

impl<'a> Stream<'a> {
    fn new(
        population: &'a Population<'a>,
        thresholds: &'a [Threshold],
        options: &'a RunOptions<'a>,
    ) -> Result<Self, SimError> {
        let outputs = population.model.outputs.len();
        let above = |output| {
            thresholds
                .iter()
                .filter(move |t| t.output == output)
                .copied()
                .collect()
        };
        let columns = (0..population.times_h.len() * outputs)
            .map(|index| Column::new(above(index % outputs)))
            .collect();
        Ok(Self {
            population,
            thresholds,
            options,
            engine: Engine::new(population, options)?,
            draws: population.draws(options),
            columns,
            exposure: (0..outputs)
                .map(|_| std::array::from_fn(|_| Column::new(Vec::new())))
                .collect(),
            ever: vec![0; thresholds.len()],
            gathered: Gathered::default(),
        })
    }

    fn run(mut self) -> Result<Streamed, SimError> {
        let model = self.population.model;
        let outputs = model.outputs.len();
        let size = self.population.times_h.len() * outputs;
        let zero = Lanes::splat(0.0);
        let groups = self.population.subjects.div_ceil(LANES as u64);
        let mut parts: Vec<Part> = (0..CHUNK.min(groups as usize))
            .map(|_| Part {
                columns: vec![zero; model.parameters.len()],
                profile: vec![zero; size],
                areas: vec![zero; outputs],
                exposure: vec![[Exposure::default(); LANES]; outputs],
                count: 0,
            })
            .collect();
        let mut start = 0;
        while start < groups {
            let count = (groups - start).min(CHUNK as u64) as usize;
            self.solve(start, &mut parts[..count])?;
            self.count(start, &parts[..count]);
            start += count as u64;
            let done = (start * LANES as u64).min(self.population.subjects);
            self.population.report(self.options, done)?;
        }
        Ok(self.finish())
    }

    fn solve(&mut self, start: u64, parts: &mut [Part]) -> Result<(), SimError> {
        let (engine, draws, options) = (&self.engine, &self.draws, self.options);
        let population = self.population;
        let reports: Vec<Result<Report, SimError>> = parts
            .par_iter_mut()
            .enumerate()
            .map(|(index, part)| {
                let first = (start + index as u64) * LANES as u64;
                part.count = (population.subjects - first).min(LANES as u64) as usize;
                engine.draw(
                    draws,
                    options.covariates,
                    first,
                    part.count,
                    &mut part.columns,
                )?;
                let report = engine.solve(
                    first,
                    part.count,
                    &part.columns,
                    &mut part.profile,
                    &mut part.areas,
                );
                for (output, exposure) in part.exposure.iter_mut().enumerate() {
                    let (times, profile) = (population.times_h, &part.profile);
                    let outputs = part.areas.len();
                    *exposure = exposures(times, profile, outputs, output, part.areas[output]);
                }
                Ok(report)
            })
            .collect();
        for report in reports {
            self.gathered.add(report?, options.failures_allowed);
        }
        self.gathered
            .check(population.subjects, options.failures_allowed)
    }

    /// Counts a chunk: a few neighbouring columns by one thread at a time.
    fn count(&mut self, start: u64, parts: &[Part]) {
        let residual = self.population.sources.residual;
        let (draws, times) = (&self.draws, self.population.times_h);
        let outputs = self.exposure.len();
        self.columns
            .par_chunks_mut(TOGETHER)
            .enumerate()
            .for_each(|(chunk, columns)| {
                let first = chunk * TOGETHER;
                let value = |index: usize, group: usize, lane: usize| {
                    let value = parts[group].profile[index].0[lane];
                    if !residual {
                        return value;
                    }
                    let subject = (start + group as u64) * LANES as u64 + lane as u64;
                    draws.measured(index % outputs, times[index / outputs], subject, value)
                };
                for (offset, column) in columns.iter_mut().enumerate() {
                    let all = (0..parts.len()).flat_map(|group| {
                        (0..parts[group].count).map(move |lane| value(first + offset, group, lane))
                    });
                    column.prepare(all);
                }
                for (group, part) in parts.iter().enumerate() {
                    for (offset, column) in columns.iter_mut().enumerate() {
                        if part.count == LANES && !residual {
                            column.add_all(&part.profile[first + offset]);
                        } else {
                            for lane in 0..part.count {
                                column.add(value(first + offset, group, lane));
                            }
                        }
                    }
                }
            });
        for (output, columns) in self.exposure.iter_mut().enumerate() {
            let reads: [fn(&Exposure) -> f64; 4] =
                [|e| e.cmax, |e| e.tmax_h, |e| e.auc, |e| e.last];
            for (column, read) in columns.iter_mut().zip(reads) {
                column.count(
                    parts
                        .iter()
                        .flat_map(|part| part.exposure[output][..part.count].iter().map(read)),
                );
            }
        }
        for (ever, threshold) in self.ever.iter_mut().zip(self.thresholds) {
            let exposures = parts
                .iter()
                .flat_map(|p| &p.exposure[threshold.output][..p.count]);
            *ever += exposures
                .filter(|exposure| exposure.cmax > threshold.value)
                .count() as u64;
        }
    }

    fn finish(self) -> Streamed {
        let outputs = self.exposure.len();
        let times = self.population.times_h.len();
        let subjects = self.population.subjects - self.gathered.failed;
        let mut exceedance = Vec::new();
        for (index, threshold) in self.thresholds.iter().enumerate() {
            let earlier = self.thresholds[..index]
                .iter()
                .filter(|t| t.output == threshold.output);
            let position = earlier.count();
            let share = |count: u64| count as f64 / subjects as f64;
            let by_time = (0..times)
                .map(|time| {
                    share(self.columns[time * outputs + threshold.output].above[position].1)
                })
                .collect();
            exceedance.push((share(self.ever[index]), by_time));
        }
        let outputs = self
            .population
            .model
            .outputs
            .iter()
            .enumerate()
            .map(|(output, named)| {
                let [cmax, tmax_h, auc, last] =
                    self.exposure[output].each_ref().map(Column::quantiles);
                Bands {
                    name: named.name.clone(),
                    unit: named.unit.clone(),
                    quantiles: (0..times)
                        .map(|time| self.columns[time * outputs + output].quantiles())
                        .collect(),
                    cmax,
                    tmax_h,
                    auc,
                    last,
                }
            })
            .collect();
        Streamed {
            outputs,
            exceedance,
            subjects,
            exact_subjects: self.gathered.alone,
            failures: self.gathered.failures,
        }
    }
}

/// A histogram of positive values, cells equal in the logarithm.
///
/// The cell of a double is read off its bits: exponent and first bits of the mantissa. Values at or
/// below zero, and those more than 24 octaves below the largest of the first chunk, share the lowest
/// cell; those more than 16-fold above it the highest.
struct Column {
    /// Bits of the lowest cell; set by the first values.
    base: Option<u64>,
    /// What lies below the lowest cell, then the cells.
    counts: Vec<u32>,
    total: u64,
    smallest: f64,
    largest: f64,
    above: Vec<(f64, u64)>,
}

impl Column {
    fn new(thresholds: Vec<Threshold>) -> Self {
        Self {
            base: None,
            counts: Vec::new(),
            total: 0,
            smallest: f64::INFINITY,
            largest: f64::NEG_INFINITY,
            above: thresholds.into_iter().map(|t| (t.value, 0)).collect(),
        }
    }

    /// Lays out the cells by the first values; later ones change nothing.
    fn prepare(&mut self, values: impl Iterator<Item = f64>) {
        if self.base.is_none() {
            let largest = values.fold(0.0, f64::max).max(f64::MIN_POSITIVE);
            self.base = Some((bits(largest) + (4 << FINENESS)).saturating_sub(CELLS as u64));
            self.counts = vec![0; CELLS + 1];
        }
    }

    /// Counts a value; one that is no number is left out.
    #[inline]
    fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        self.total += 1;
        self.smallest = self.smallest.min(value);
        self.largest = self.largest.max(value);
        for (threshold, count) in &mut self.above {
            *count += u64::from(value > *threshold);
        }
        let below = self.base.unwrap_or(0) as i64 - 1;
        // Zero of either sign.
        let positive = if value > 0.0 { value } else { 0.0 };
        let cell = (bits(positive) as i64 - below).clamp(0, CELLS as i64);
        self.counts[cell as usize] += 1;
    }

    /// Counts eight values.
    #[inline]
    fn add_all(&mut self, values: &Lanes) {
        for value in values.0 {
            self.add(value);
        }
    }

    fn count(&mut self, values: impl Iterator<Item = f64> + Clone) {
        self.prepare(values.clone());
        for value in values {
            self.add(value);
        }
    }

    /// Quantiles as of type 7, values spread evenly inside a cell.
    fn quantiles(&self) -> [f64; QUANTILES.len()] {
        QUANTILES.map(|p| {
            if self.total == 0 {
                return f64::NAN;
            }
            let position = p * (self.total - 1) as f64;
            let (low, cells) = self.counts.split_first().unwrap_or((&0, &[]));
            let mut before = f64::from(*low);
            if position < before {
                // Below every cell: zero, or so small against the rest that it counts as zero.
                return self.smallest.min(0.0).max(self.smallest);
            }
            for (cell, &count) in cells.iter().enumerate() {
                let count = f64::from(count);
                if position < before + count {
                    let base = self.base.unwrap_or(0) + cell as u64;
                    let (low, high) = (value_of(base), value_of(base + 1));
                    let share = (position - before + 0.5) / count;
                    return (low + share * (high - low)).clamp(self.smallest, self.largest);
                }
                before += count;
            }
            self.largest
        })
    }
}

fn bits(value: f64) -> u64 {
    value.to_bits() >> (52 - FINENESS)
}

fn value_of(bits: u64) -> f64 {
    f64::from_bits(bits << (52 - FINENESS))
}
