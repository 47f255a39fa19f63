//! Simulates the subjects of a data set, each with its own records, in parallel.
//!
//! This is what `ketum run-model` does: a row comes back for every record, in the order of the data,
//! with time after the last dose, the number of that dose and the covariates as they were used.
//! Everybody is simulated before anything is judged: people who fail are named with cause and
//! parameters, all of them; none is dropped silently.

mod doses;
mod person;

use crate::error::{EventFault, SimError, SolveFault};
use crate::events::timeline;
use crate::model::Model;
use crate::population::{Draws, Progress, QUANTILES, Sources, quantile};
use crate::solve::{Method, Note, Options, Work};
use ketum_core::event::Subject;
pub use person::PersonFailure;
use person::{Given, Solved};
use rayon::prelude::*;

/// How to simulate a data set.
#[derive(Clone, Copy)]
pub struct DataOptions<'a> {
    /// How to solve.
    pub solver: Options,
    /// How often each subject is simulated, each time with random effects of its own. A random number
    /// belongs to the subject's ID and the replicate: subjects that are added or change places shift
    /// nobody else's, and subjects with the same ID are the same people.
    pub replicates: u32,
    /// Which spread is switched on; with none, everybody is typical for their covariates.
    pub sources: Sources,
    /// Seed of every random number.
    pub seed: u64,
    /// How many threads; the result does not depend on it.
    pub threads: usize,
    /// Failing people up to this number are left out and named; more are an error, which names them too.
    pub failures_allowed: u64,
    /// Called now and then with subjects times replicates; `false` stops the run.
    pub progress: Option<&'a (dyn Fn(Progress) -> bool + Sync)>,
}

impl Default for DataOptions<'_> {
    fn default() -> Self {
        Self {
            solver: Options::default(),
            replicates: 1,
            sources: Sources::NONE,
            seed: 0,
            threads: 1,
            failures_allowed: 0,
            progress: None,
        }
    }
}

/// A prediction for one record.
#[derive(Debug, Clone, PartialEq)]
pub struct DataRow {
    /// Position of the subject in the data.
    pub subject: usize,
    /// Replicate, from zero.
    pub replicate: u32,
    /// Position of the record in the subject's data.
    pub record: usize,
    /// Time of the record, hours.
    pub time_h: f64,
    /// Doses given until this record, additional ones included, and hours since the last of them was
    /// given (not since it arrived).
    pub dose: Option<(u32, f64)>,
    /// One value an output: the prediction, or with residual spread a measurement.
    pub values: Vec<f64>,
    /// Covariates of the subject as used at the record.
    pub covariates: Vec<f64>,
}

/// What a data set gave.
#[derive(Debug, Clone, PartialEq)]
pub struct DataResult {
    /// Rows in the order of the data, replicate after replicate.
    pub rows: Vec<DataRow>,
    /// How each subject was solved, with what a reader should know.
    pub methods: Vec<Solution>,
    /// People who failed, as far as that was allowed.
    pub failures: Vec<PersonFailure>,
    /// What the solvers did.
    pub work: Work,
}

/// How a subject was solved, all its replicates together.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Position of the subject in the data.
    pub subject: usize,
    /// Method used.
    pub method: Method,
    /// What a reader should know; each kind of note once.
    pub notes: Vec<Noted>,
}

/// A note and how many people it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Noted {
    /// The note; of several that turned stiff, the earliest.
    pub note: Note,
    /// How many of the subject's replicates it is about.
    pub people: u32,
}

impl Solution {
    /// Adds the notes of one more person.
    fn add(&mut self, notes: &[Note]) {
        let mut counted: Vec<Note> = Vec::new();
        for &note in notes {
            let first = !counted.iter().any(|other| same_kind(*other, note));
            counted.push(note);
            match self.notes.iter_mut().find(|n| same_kind(n.note, note)) {
                Some(noted) => {
                    noted.people += u32::from(first);
                    noted.note = earlier(noted.note, note);
                }
                None => self.notes.push(Noted { note, people: 1 }),
            }
        }
    }
}

fn same_kind(a: Note, b: Note) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
}

fn earlier(a: Note, b: Note) -> Note {
    match (a, b) {
        (Note::TurnedStiff { time_h: one }, Note::TurnedStiff { time_h: other }) => {
            Note::TurnedStiff {
                time_h: one.min(other),
            }
        }
        _ => a,
    }
}

/// Quantiles of one record over replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct BandRow {
    /// Position of the subject in the data.
    pub subject: usize,
    /// Position of the record in the subject's data.
    pub record: usize,
    /// Time of the record, hours.
    pub time_h: f64,
    /// Doses given until this record, additional ones included, and hours since the last of them was
    /// given (not since it arrived).
    pub dose: Option<(u32, f64)>,
    /// One entry an output: quantiles at the probabilities [`QUANTILES`].
    pub quantiles: Vec<[f64; QUANTILES.len()]>,
    /// Covariates of the subject as used at the record.
    pub covariates: Vec<f64>,
}

/// What replicates of a data set gave.
#[derive(Debug, Clone, PartialEq)]
pub struct DataBands {
    /// Rows in the order of the data.
    pub rows: Vec<BandRow>,
    /// How each subject was solved.
    pub methods: Vec<Solution>,
    /// People who failed, as far as that was allowed; they are in no quantile.
    pub failures: Vec<PersonFailure>,
    /// What the solvers did.
    pub work: Work,
}

/// Faults after which [`check`] stops.
const MOST_FAULTS: usize = 200;

/// Records that this model cannot carry out, as far as they can be told one by one: position of the
/// subject, position of the record, what is wrong. Looks at the typical subject's parameters, solves
/// nothing, and stops when two hundred are found.
pub fn check(model: &Model, subjects: &[Subject]) -> Vec<(usize, usize, EventFault)> {
    let typical = |_| Vec::new();
    let mut faults = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        let mut individuals = match model.individuals(subject, &typical) {
            Ok(individuals) => individuals,
            Err(fault) => {
                faults.push((index, 0, fault));
                if faults.len() >= MOST_FAULTS {
                    return faults;
                }
                continue;
            }
        };
        let Err(mut fault) = timeline(model, subject, &individuals) else {
            continue;
        };
        // A record that cannot be carried out is taken away to see what is wrong with the rest.
        let mut rest = subject.clone();
        let mut records: Vec<usize> = (0..rest.events.len()).collect();
        while let SolveFault::Record { record, what } = fault {
            faults.push((index, records.remove(record - 1), what));
            rest.events.remove(record - 1);
            individuals.remove(record - 1);
            if faults.len() >= MOST_FAULTS {
                return faults;
            }
            match timeline(model, &rest, &individuals) {
                Err(next) => fault = next,
                Ok(_) => break,
            }
        }
    }
    faults
}

/// Most people solved between two calls of the progress callback.
const CHUNK: usize = 1024;
/// Most records solved at once, where only quantiles are kept of them.
const CHUNK_RECORDS: usize = 1 << 19;

/// Simulates every subject and keeps every row.
///
/// # Errors
/// A method that does not fit the model, more failures than allowed, or `Cancelled`.
pub fn run(
    model: &Model,
    subjects: &[Subject],
    options: &DataOptions<'_>,
) -> Result<DataResult, SimError> {
    let draws = Draws::new(model, options.seed, options.sources);
    let given: Vec<Given<'_>> = subjects.iter().map(Given::new).collect();
    let jobs = options.replicates as usize * subjects.len();
    let mut all = DataResult {
        rows: Vec::new(),
        methods: Vec::new(),
        failures: Vec::new(),
        work: Work::default(),
    };
    let mut methods: Vec<Option<Solution>> = vec![None; subjects.len()];
    pool(options.threads)?.install(|| {
        let mut solved: Vec<Result<Solved, SimError>> = Vec::new();
        for start in (0..jobs).step_by(CHUNK) {
            let end = (start + CHUNK).min(jobs);
            (start..end)
                .into_par_iter()
                .map(|job| {
                    let (replicate, index) = (job / subjects.len(), job % subjects.len());
                    given[index].solve(model, replicate as u32, &draws, options)
                })
                .collect_into_vec(&mut solved);
            for (job, solved) in (start..end).zip(solved.drain(..)) {
                let (replicate, index) = (job / subjects.len(), job % subjects.len());
                match solved {
                    Ok(solved) => {
                        all.work += solved.work;
                        note(&mut methods[index], index, solved.method, &solved.notes);
                        let rows = given[index].rows(index, replicate as u32, &solved.values);
                        all.rows.extend(rows);
                    }
                    Err(error) => all.failures.push(person::failed(error, index)?),
                }
            }
            report(options, end, jobs)?;
        }
        Ok::<(), SimError>(())
    })?;
    all.methods = methods.into_iter().flatten().collect();
    all.failures = allowed(all.failures, jobs, options)?;
    Ok(all)
}

/// Simulates every subject as `options.replicates` different people and keeps, for each record, the
/// quantiles of its outputs. One number a record, output and person is held, for one subject at a time.
///
/// # Errors
/// As for [`run`].
pub fn bands(
    model: &Model,
    subjects: &[Subject],
    options: &DataOptions<'_>,
) -> Result<DataBands, SimError> {
    let draws = Draws::new(model, options.seed, options.sources);
    let people = options.replicates as usize;
    let jobs = subjects.len() * people;
    let mut all = DataBands {
        rows: Vec::new(),
        methods: Vec::new(),
        failures: Vec::new(),
        work: Work::default(),
    };
    let pool = pool(options.threads)?;
    let mut solved: Vec<Result<Solved, SimError>> = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        let given = Given::new(subject);
        let mut method = None;
        let mut values: Vec<f64> = Vec::new();
        let chunk = (CHUNK_RECORDS / subject.events.len().max(1)).clamp(1, CHUNK);
        for start in (0..people).step_by(chunk) {
            let end = (start + chunk).min(people);
            pool.install(|| {
                (start..end)
                    .into_par_iter()
                    .map(|replicate| given.solve(model, replicate as u32, &draws, options))
                    .collect_into_vec(&mut solved);
            });
            for solved in solved.drain(..) {
                match solved {
                    Ok(solved) => {
                        all.work += solved.work;
                        note(&mut method, index, solved.method, &solved.notes);
                        values.extend(solved.values);
                    }
                    Err(error) => all.failures.push(person::failed(error, index)?),
                }
            }
            report(options, index * people + end, jobs)?;
        }
        if method.is_some() {
            let quantiles = quantiles_of(&values, subject.events.len(), model.outputs().len());
            let rows = given.rows(index, 0, &[]).zip(quantiles);
            all.rows.extend(rows.map(|(row, quantiles)| BandRow {
                subject: index,
                record: row.record,
                time_h: row.time_h,
                dose: row.dose,
                quantiles,
                covariates: row.covariates,
            }));
        }
        all.methods.extend(method);
    }
    all.failures = allowed(all.failures, jobs, options)?;
    Ok(all)
}

/// Quantiles, record by record and output by output, of values that stand person after person.
fn quantiles_of(
    values: &[f64],
    records: usize,
    outputs: usize,
) -> impl Iterator<Item = Vec<[f64; QUANTILES.len()]>> {
    let width = records * outputs;
    let mut column = Vec::with_capacity(values.len() / width.max(1));
    (0..records).map(move |record| {
        (0..outputs)
            .map(|output| {
                column.clear();
                let own = values.iter().skip(record * outputs + output);
                column.extend(own.step_by(width));
                column.sort_unstable_by(f64::total_cmp);
                QUANTILES.map(|p| quantile(&column, p))
            })
            .collect()
    })
}

fn note(solution: &mut Option<Solution>, subject: usize, method: Method, notes: &[Note]) {
    solution
        .get_or_insert_with(|| Solution {
            subject,
            method,
            notes: Vec::new(),
        })
        .add(notes);
}

/// The failures, where there are not more than allowed.
fn allowed(
    failures: Vec<PersonFailure>,
    simulated: usize,
    options: &DataOptions<'_>,
) -> Result<Vec<PersonFailure>, SimError> {
    if failures.len() as u64 <= options.failures_allowed {
        return Ok(failures);
    }
    Err(SimError::People {
        failures,
        simulated: simulated as u64,
    })
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, SimError> {
    let threads = threads.max(1);
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|_| SimError::Threads { threads })
}

fn report(options: &DataOptions<'_>, done: usize, subjects: usize) -> Result<(), SimError> {
    let (done, subjects) = (done as u64, subjects as u64);
    match options.progress {
        Some(progress) if !progress(Progress { done, subjects }) => {
            Err(SimError::Cancelled { done, subjects })
        }
        _ => Ok(()),
    }
}
