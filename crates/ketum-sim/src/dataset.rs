//! Simulates the subjects of a data set, each with its own records, in parallel.
//!
//! This is what `ketum run-model` does: a row comes back for every record, in the order of the data,
//! with time after the last dose, the number of that dose and the covariates as they were used.
//! Subjects that fail are named with cause and parameters; none is dropped silently.

use crate::error::{EventFault, SimError, SolveFault, SubjectFailure};
use crate::events::timeline;
use crate::model::{Model, Side, read};
use crate::population::{Draws, Progress, QUANTILES, Sources, quantile};
use crate::solve::{Effects, Method, Note, Options, Work, simulate_with};
use ketum_core::event::Subject;
use rayon::prelude::*;

/// How to simulate a data set.
#[derive(Clone, Copy)]
pub struct DataOptions<'a> {
    /// How to solve.
    pub solver: Options,
    /// How often each subject is simulated, each time with random effects of its own.
    pub replicates: u32,
    /// Which spread is switched on; with none, everybody is typical for their covariates.
    pub sources: Sources,
    /// Seed of every random number.
    pub seed: u64,
    /// How many threads; the result does not depend on it.
    pub threads: usize,
    /// Failing subjects up to this number are left out and named; more are an error.
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
    /// Dose records before or at this record, and hours since the last of them.
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
    /// Method used for each subject, with what a reader should know.
    pub methods: Vec<Solution>,
    /// Subjects that failed, as far as that was allowed.
    pub failures: Vec<SubjectFailure>,
    /// What the solvers did.
    pub work: Work,
}

/// How a subject was solved, with what a reader should know.
pub type Solution = (usize, Method, Vec<Note>);

/// Quantiles of one record over replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct BandRow {
    /// Position of the subject in the data.
    pub subject: usize,
    /// Position of the record in the subject's data.
    pub record: usize,
    /// Time of the record, hours.
    pub time_h: f64,
    /// Dose records before or at this record, and hours since the last of them.
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
    /// Replicates that failed, as far as that was allowed; they are in no quantile.
    pub failures: Vec<SubjectFailure>,
    /// What the solvers did.
    pub work: Work,
}

/// Records that this model cannot carry out, the first of each subject: position of the subject, position
/// of the record, what is wrong. Looks at the typical subject's parameters and solves nothing.
pub fn check(model: &Model, subjects: &[Subject]) -> Vec<(usize, usize, EventFault)> {
    let typical = |_| Vec::new();
    let mut faults = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        let individuals = match model.individuals(subject, &typical) {
            Ok(individuals) => individuals,
            Err(fault) => {
                faults.push((index, 0, fault));
                continue;
            }
        };
        if let Err(SolveFault::Record { record, what }) = timeline(model, subject, &individuals) {
            faults.push((index, record - 1, what));
        }
    }
    faults
}

/// Subjects solved between two calls of the progress callback.
const CHUNK: usize = 1024;

/// Simulates every subject and keeps every row.
///
/// # Errors
/// A record that cannot be carried out, a method that does not fit the model, more failures than
/// allowed, or `Cancelled`.
pub fn run(
    model: &Model,
    subjects: &[Subject],
    options: &DataOptions<'_>,
) -> Result<DataResult, SimError> {
    let draws = Draws::new(model, options.seed, options.sources);
    let jobs: Vec<(u32, usize)> = (0..options.replicates)
        .flat_map(|replicate| (0..subjects.len()).map(move |subject| (replicate, subject)))
        .collect();
    let mut solved: Vec<Result<Solved, SimError>> = Vec::with_capacity(jobs.len());
    pool(options.threads)?.install(|| {
        for chunk in jobs.chunks(CHUNK) {
            solved.par_extend(chunk.par_iter().map(|&(replicate, index)| {
                one(model, &subjects[index], index, replicate, &draws, options)
            }));
            report(options, solved.len(), jobs.len())?;
        }
        Ok(())
    })?;
    gather(solved, jobs.len() as u64, options)
}

/// Simulates every subject as `options.replicates` different people and keeps, for each record, the
/// quantiles of its outputs. One subject's replicates are held at a time.
///
/// # Errors
/// As for [`run`].
pub fn bands(
    model: &Model,
    subjects: &[Subject],
    options: &DataOptions<'_>,
) -> Result<DataBands, SimError> {
    let draws = Draws::new(model, options.seed, options.sources);
    let total = subjects.len() * options.replicates as usize;
    let mut all = DataBands {
        rows: Vec::new(),
        methods: Vec::new(),
        failures: Vec::new(),
        work: Work::default(),
    };
    let mut failed = 0;
    let pool = pool(options.threads)?;
    for (index, subject) in subjects.iter().enumerate() {
        let mut solved = Vec::with_capacity(options.replicates as usize);
        pool.install(|| {
            let replicates: Vec<u32> = (0..options.replicates).collect();
            for chunk in replicates.chunks(CHUNK) {
                solved.par_extend(
                    chunk
                        .par_iter()
                        .map(|&replicate| one(model, subject, index, replicate, &draws, options)),
                );
                let done = index * options.replicates as usize + solved.len();
                report(options, done, total)?;
            }
            Ok::<(), SimError>(())
        })?;
        let left = DataOptions {
            failures_allowed: options.failures_allowed - failed,
            ..*options
        };
        let result = gather(solved, total as u64, &left)?;
        failed += result.failures.len() as u64;
        all.rows
            .extend(quantiles_of(&result.rows, subject.events.len()));
        all.methods.extend(result.methods);
        all.failures.extend(result.failures);
        all.work += result.work;
    }
    Ok(all)
}

/// Quantiles record by record of one subject's rows, replicate after replicate.
fn quantiles_of(rows: &[DataRow], records: usize) -> Vec<BandRow> {
    let Some(first) = rows.get(..records) else {
        return Vec::new();
    };
    let mut column = Vec::with_capacity(rows.len() / records.max(1));
    first
        .iter()
        .enumerate()
        .map(|(record, row)| {
            let quantiles = (0..row.values.len())
                .map(|output| {
                    column.clear();
                    let own = rows.iter().skip(record).step_by(records);
                    column.extend(own.map(|row| row.values[output]));
                    column.sort_unstable_by(f64::total_cmp);
                    QUANTILES.map(|p| quantile(&column, p))
                })
                .collect();
            BandRow {
                subject: row.subject,
                record,
                time_h: row.time_h,
                dose: row.dose,
                quantiles,
                covariates: row.covariates.clone(),
            }
        })
        .collect()
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

struct Solved {
    rows: Vec<DataRow>,
    subject: usize,
    method: Method,
    notes: Vec<Note>,
    work: Work,
}

fn one(
    model: &Model,
    subject: &Subject,
    index: usize,
    replicate: u32,
    draws: &Draws<'_>,
    options: &DataOptions<'_>,
) -> Result<Solved, SimError> {
    // A replicate is another person in the same place.
    let person = u64::from(replicate) << 32 | index as u64;
    let effects = Effects::Drawn {
        draws,
        subject: person,
    };
    let prediction = simulate_with(model, subject, &effects, &options.solver)
        .map_err(|error| with_index(error, index as u64))?;
    let mut dose = None;
    let mut doses = 0;
    let mut rows = Vec::with_capacity(prediction.rows.len());
    let mut rank = 0;
    for (record, (event, values)) in subject.events.iter().zip(prediction.rows).enumerate() {
        let same = record > 0 && subject.events[record - 1].time_h == event.time_h;
        rank = if same { rank + 1 } else { 0 };
        if event.gives_dose() {
            doses += 1;
            dose = Some((doses, event.time_h));
        }
        let measured = |(output, value): (usize, f64)| match options.sources.residual {
            true => draws.measured(output, event.time_h, person, value),
            false => value,
        };
        rows.push(DataRow {
            subject: index,
            replicate,
            record,
            time_h: event.time_h,
            dose: dose.map(|(number, at)| (number, event.time_h - at)),
            values: values.into_iter().enumerate().map(measured).collect(),
            covariates: subject
                .covariates
                .iter()
                .map(|series| read(series, event.time_h, rank, Side::At).unwrap_or(f64::NAN))
                .collect(),
        });
    }
    let (method, notes, work) = (prediction.method, prediction.notes, prediction.work);
    Ok(Solved {
        rows,
        subject: index,
        method,
        notes,
        work,
    })
}

fn with_index(error: SimError, index: u64) -> SimError {
    match error {
        SimError::Subject { id, mut failure } => {
            failure.subject = index;
            SimError::Subject { id, failure }
        }
        other => other,
    }
}

fn gather(
    solved: Vec<Result<Solved, SimError>>,
    subjects: u64,
    options: &DataOptions<'_>,
) -> Result<DataResult, SimError> {
    let mut result = DataResult {
        rows: Vec::new(),
        methods: Vec::new(),
        failures: Vec::new(),
        work: Work::default(),
    };
    for solved in solved {
        match solved {
            Ok(solved) => {
                result.rows.extend(solved.rows);
                result.work += solved.work;
                if !result
                    .methods
                    .iter()
                    .any(|(subject, _, _)| *subject == solved.subject)
                {
                    result
                        .methods
                        .push((solved.subject, solved.method, solved.notes));
                }
            }
            Err(SimError::Subject { failure, .. }) => result.failures.push(*failure),
            Err(other) => return Err(other),
        }
    }
    let failed = result.failures.len() as u64;
    match result.failures.first() {
        Some(first) if failed > options.failures_allowed => Err(SimError::Population {
            failed,
            subjects,
            first: Box::new(first.clone()),
        }),
        _ => Ok(result),
    }
}
