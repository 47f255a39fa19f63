//! Simulates the subjects of a data set, each with its own records, in parallel.
//!
//! This is what `ketum run-model` does: a row comes back for every record, in the order of the data,
//! with time after the last dose, the number of that dose and the covariates as they were used.
//! Subjects that fail are named with cause and parameters; none is dropped silently.

use crate::error::{SimError, SubjectFailure};
use crate::model::{Model, Side, read};
use crate::population::{Draws, Sources};
use crate::solve::{Effects, Method, Note, Options, Work, simulate_with};
use ketum_core::event::Subject;
use rayon::prelude::*;

/// How to simulate a data set.
#[derive(Debug, Clone, Copy)]
pub struct DataOptions {
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
}

impl Default for DataOptions {
    fn default() -> Self {
        Self {
            solver: Options::default(),
            replicates: 1,
            sources: Sources::NONE,
            seed: 0,
            threads: 1,
            failures_allowed: 0,
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
    pub methods: Vec<(usize, Method, Vec<Note>)>,
    /// Subjects that failed, as far as that was allowed.
    pub failures: Vec<SubjectFailure>,
    /// What the solvers did.
    pub work: Work,
}

/// Simulates every subject.
///
/// # Errors
/// A record that cannot be carried out, a method that does not fit the model, more failures than
/// allowed.
pub fn run(
    model: &Model,
    subjects: &[Subject],
    options: &DataOptions,
) -> Result<DataResult, SimError> {
    let threads = options.threads.max(1);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|_| SimError::Threads { threads })?;
    let draws = Draws::new(model, options.seed, options.sources);
    let jobs: Vec<(u32, usize)> = (0..options.replicates)
        .flat_map(|replicate| (0..subjects.len()).map(move |subject| (replicate, subject)))
        .collect();
    let solved: Vec<Result<Solved, SimError>> = pool.install(|| {
        jobs.par_iter()
            .map(|&(replicate, index)| {
                one(model, &subjects[index], index, replicate, &draws, options)
            })
            .collect()
    });
    gather(
        solved,
        subjects.len() as u64 * u64::from(options.replicates),
        options,
    )
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
    options: &DataOptions,
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
    options: &DataOptions,
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
