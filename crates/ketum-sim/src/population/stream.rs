//! A population of any size in bounded memory: bands, exposure and exceedance, no rows kept.
//!
//! Subjects are solved chunk by chunk in one buffer. Each value is counted in a histogram; a quantile is read
//! off the counts. Counts do not depend on the order of counting, so neither do the results.

use super::draw::Draws;
use super::engine::{Engine, Report};
use super::histogram::{Count, Histogram};
use super::run::{Gathered, Population, RunOptions};
use super::streamed::{Analysed, Bands, NUMBERS, Streamed, Summaries, Threshold};
use super::summary::{Exposure, exposures};
use super::threads::on_threads;
use crate::error::SimError;
use crate::math::dispatch::{self, Path};
use crate::math::{LANES, Lanes, Real};
use crate::nca;
use rayon::prelude::*;

/// Groups solved before they are counted: few enough that their profiles of some hundred values stay in the
/// cache between the two.
const CHUNK: usize = 64;

/// Neighbouring columns counted together: their values stand side by side in each profile, and their cells
/// still fit into the cache.
const TOGETHER: usize = 8;

impl Population<'_> {
    /// Simulates every subject, keeps only summaries.
    ///
    /// # Errors
    /// As for [`Population::run`], `Cancelled`, and a threshold of an output that the model does not have.
    pub fn stream(
        &self,
        summaries: &Summaries<'_>,
        options: &RunOptions<'_>,
    ) -> Result<Streamed, SimError> {
        on_threads(self.threads, || {
            Stream::new(self, summaries, options)?.run()
        })?
    }
}

struct Stream<'a> {
    population: &'a Population<'a>,
    summaries: &'a Summaries<'a>,
    options: &'a RunOptions<'a>,
    engine: Engine<'a>,
    draws: Draws<'a>,
    path: Path,
    /// `[time][output]`; none without bands.
    columns: Vec<Histogram>,
    /// Subjects above each threshold of the output, in the same places.
    above: Vec<Vec<u64>>,
    /// `[output]`: cmax, tmax, auc, last.
    exposure: Vec<[Histogram; 4]>,
    /// `[output]`, in the order of [`Analysis::of`].
    analyses: Vec<[Histogram; NUMBERS]>,
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
    /// `[output][lane]`, in the order of [`Analysis::of`].
    analyses: Vec<[[f64; NUMBERS]; LANES]>,
    count: usize,
}

impl<'a> Stream<'a> {
    fn new(
        population: &'a Population<'a>,
        summaries: &'a Summaries<'a>,
        options: &'a RunOptions<'a>,
    ) -> Result<Self, SimError> {
        let outputs = population.model.outputs.len();
        let thresholds = summaries.thresholds;
        if thresholds.iter().any(|t| t.output >= outputs) {
            return Err(SimError::Unsupported {
                method: "a threshold",
                why: "the model has no output at its position",
            });
        }
        // A cell may hold everybody, and counts to here.
        if population.subjects > u64::from(u32::MAX) {
            return Err(SimError::Unsupported {
                method: "a stream of subjects",
                why: "it counts four thousand million people at most",
            });
        }
        if let Some(analysis) = summaries.nca {
            let nothing = vec![0.0; population.times_h.len()];
            nca::analyse(
                population.times_h,
                &nothing,
                analysis.dose,
                analysis.options,
            )
            .map_err(SimError::Nca)?;
        }
        let columns = match summaries.bands {
            true => population.times_h.len() * outputs,
            false => 0,
        };
        let above = |output| thresholds.iter().filter(|t| t.output == output).count();
        Ok(Self {
            population,
            summaries,
            options,
            engine: Engine::new(population, options)?,
            draws: population.draws(options),
            path: options.path.unwrap_or_else(Path::widest),
            columns: vec![Histogram::default(); columns],
            above: (0..columns)
                .map(|column| vec![0; above(column % outputs)])
                .collect(),
            exposure: vec![Default::default(); outputs],
            analyses: vec![Default::default(); outputs],
            ever: vec![0; thresholds.len()],
            gathered: Gathered::default(),
        })
    }

    fn run(mut self) -> Result<Streamed, SimError> {
        let model = self.population.model;
        let outputs = model.outputs.len();
        let zero = Lanes::splat(0.0);
        let groups = self.population.subjects.div_ceil(LANES as u64);
        let mut parts: Vec<Part> = (0..CHUNK.min(groups as usize))
            .map(|_| Part {
                columns: vec![zero; model.parameters.len()],
                profile: vec![zero; self.columns.len()],
                areas: vec![zero; outputs],
                exposure: vec![[Exposure::default(); LANES]; outputs],
                analyses: vec![[[f64::NAN; NUMBERS]; LANES]; outputs],
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
        let summaries = self.summaries;
        let population = self.population;
        let outputs = self.exposure.len();
        // Without bands a profile is forgotten as soon as its exposure is known.
        let passing = match self.columns.is_empty() {
            true => population.times_h.len() * outputs,
            false => 0,
        };
        let reports: Vec<Result<Report, SimError>> = parts
            .par_iter_mut()
            .enumerate()
            .map_init(
                || vec![Lanes::splat(0.0); passing],
                |passing, (index, part)| {
                    let first = (start + index as u64) * LANES as u64;
                    part.count = (population.subjects - first).min(LANES as u64) as usize;
                    engine.draw(
                        draws,
                        options.covariates,
                        first,
                        part.count,
                        &mut part.columns,
                    )?;
                    let profile = match passing.is_empty() {
                        true => &mut part.profile,
                        false => passing,
                    };
                    let (own, areas) = (&part.columns, &mut part.areas);
                    let report = engine.solve(first, part.count, own, profile, areas);
                    for (output, exposure) in part.exposure.iter_mut().enumerate() {
                        let times = population.times_h;
                        *exposure = exposures(times, profile, outputs, output, part.areas[output]);
                    }
                    if let Some(analysis) = &summaries.nca {
                        part.analyses = (0..outputs)
                            .map(|output| {
                                let own = profile.get(output..).unwrap_or_default();
                                analysis.of(population.times_h, own, outputs)
                            })
                            .collect();
                    }
                    Ok(report)
                },
            )
            .collect();
        for report in reports {
            self.gathered.add(report?, options.failures_allowed);
        }
        self.gathered
            .check(population.subjects, options.failures_allowed)
    }

    /// Counts a chunk: a few neighbouring columns by one thread at a time.
    fn count(&mut self, start: u64, parts: &[Part]) {
        self.count_columns(start, parts);
        for (output, columns) in self.exposure.iter_mut().enumerate() {
            let reads: [fn(&Exposure) -> f64; 4] =
                [|e| e.cmax, |e| e.tmax_h, |e| e.auc, |e| e.last];
            for (column, read) in columns.iter_mut().zip(reads) {
                let exposures = parts
                    .iter()
                    .map(|part| &part.exposure[output][..part.count]);
                exposures
                    .flatten()
                    .for_each(|exposure| column.add(read(exposure)));
            }
        }
        if self.summaries.nca.is_some() {
            for (output, columns) in self.analyses.iter_mut().enumerate() {
                let analyses = parts
                    .iter()
                    .map(|part| &part.analyses[output][..part.count]);
                for numbers in analyses.flatten() {
                    let each = columns.iter_mut().zip(numbers);
                    each.for_each(|(column, number)| column.add(*number));
                }
            }
        }
        for (ever, threshold) in self.ever.iter_mut().zip(self.summaries.thresholds) {
            let exposures = parts
                .iter()
                .flat_map(|p| &p.exposure[threshold.output][..p.count]);
            *ever += exposures
                .filter(|exposure| exposure.cmax > threshold.value)
                .count() as u64;
        }
    }

    /// Counts what stands at each time.
    fn count_columns(&mut self, start: u64, parts: &[Part]) {
        let residual = self.population.sources.residual;
        let (draws, times, path) = (&self.draws, self.population.times_h, self.path);
        let outputs = self.exposure.len();
        let thresholds = self.summaries.thresholds;
        let value = |column: usize, group: usize, lane: usize| {
            let value = parts[group].profile[column].0[lane];
            if !residual {
                return value;
            }
            let subject = (start + group as u64) * LANES as u64 + lane as u64;
            draws.measured(column % outputs, times[column / outputs], subject, value)
        };
        // Eight at a time where nothing is added to them.
        let whole = |part: &&Part| part.count == LANES && !residual;
        let eights = parts.iter().take_while(whole).count();
        let profiles: Vec<&[Lanes]> = parts[..eights].iter().map(|p| &p.profile[..]).collect();
        let each = self.columns.par_chunks_mut(TOGETHER);
        let each = each.zip(self.above.par_chunks_mut(TOGETHER)).enumerate();
        each.for_each(|(chunk, (histograms, above))| {
            let first = chunk * TOGETHER;
            dispatch::run(
                path,
                Count {
                    histograms: &mut *histograms,
                    profiles: &profiles,
                    first,
                },
            );
            for (column, (histogram, above)) in (first..).zip(histograms.iter_mut().zip(above)) {
                for (group, part) in parts.iter().enumerate().skip(eights) {
                    (0..part.count).for_each(|lane| histogram.add(value(column, group, lane)));
                }
                let limits = thresholds.iter().filter(|t| t.output == column % outputs);
                for (above, limit) in above.iter_mut().zip(limits) {
                    for (group, part) in parts.iter().enumerate() {
                        let over = |lane: &usize| value(column, group, *lane) > limit.value;
                        *above += (0..part.count).filter(over).count() as u64;
                    }
                }
            }
        });
    }

    fn finish(self) -> Streamed {
        let outputs = self.exposure.len();
        let times = self.columns.len() / outputs.max(1);
        let subjects = self.population.subjects - self.gathered.failed;
        let thresholds = self.summaries.thresholds;
        let mut exceedance = Vec::new();
        for (index, threshold) in thresholds.iter().enumerate() {
            let same = |t: &&Threshold| t.output == threshold.output;
            let position = thresholds[..index].iter().filter(same).count();
            let share = |count: u64| count as f64 / subjects as f64;
            let by_time = (0..times)
                .map(|time| share(self.above[time * outputs + threshold.output][position]))
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
                    self.exposure[output].each_ref().map(Histogram::quantiles);
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
                    nca: self.summaries.nca.map(|_| {
                        let counted = self.analyses[output].each_ref();
                        Analysed::new(counted[0].total(), counted.map(Histogram::quantiles))
                    }),
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
