//! `ketum run-model`: simulates the subjects of an event file with a model file. It reads, calls the
//! simulator and writes; what a record or a model means is decided in the libraries.

mod table;

use std::fs::File;
use std::io::{BufReader, IsTerminal, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ketum_core::event::{Carry, Subject};
use ketum_data::document::{Diagnostic, render};
use ketum_data::events_csv::{self, EventColumns, EventData};
use ketum_data::model_file::{self, ModelFile};
use ketum_sim::dataset::{self, DataOptions, Solution};
use ketum_sim::model::{Key, ModelProblem};
use ketum_sim::population::Progress;
use ketum_sim::solve::{Method, Note, Options, Tolerance};
use ketum_sim::{Model, SimError, Sources, SubjectFailure};

use crate::failure::Failure;
use crate::output::Output;

/// Simulate your own model: a model file and records in NONMEM's notation in, predictions out.
///
/// The model is TOML: compartments, flows (first-order, Michaelis-Menten, zero-order), turnover, effect
/// sites, parameters with units, spread. The data is CSV with the columns ID, TIME and, as needed, EVID,
/// AMT, CMT, RATE, DUR, II, ADDL, SS, OCC and the model's covariates; DV and MDV may stand there and are
/// not used. A row comes back for every record, with the number of the last dose and the time since it.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum run-model --model examples/models/one-compartment.toml --data examples/models/one-compartment.csv\n  \
                  ketum run-model --model examples/models/michaelis-menten.toml --data examples/models/michaelis-menten.csv --output levels.csv\n  \
                  ketum run-model --model my.toml --data events.csv --population 1000 --seed 7\n  \
                  ketum run-model --model my.toml --data events.csv --method rosenbrock --rtol 1e-10 --format json\n\n\
                  Model files, records and methods are described in docs/engine.md."
)]
pub struct Arguments {
    /// The model file (TOML); a level model of data/models works too.
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The records (CSV); `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Where the result goes; written whole or not at all. Without it, to standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// How to solve. A method that does not fit the model is refused, never replaced.
    #[arg(long, value_enum, default_value_t = Solver::Auto)]
    method: Solver,
    /// Relative tolerance of differential equations.
    #[arg(long, default_value_t = Tolerance::default().relative, value_parser = tolerance)]
    rtol: f64,
    /// Absolute tolerance of differential equations, in the unit of the amounts.
    #[arg(long, default_value_t = Tolerance::default().absolute, value_parser = tolerance)]
    atol: f64,
    /// Simulate every subject as so many different people, with the model's spread; quantiles of each
    /// record come back.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    population: Option<u32>,
    /// With --population: a row for every person and record instead of quantiles.
    #[arg(long, requires = "population")]
    each: bool,
    /// With --population: add the model's scatter of measurements.
    #[arg(long, requires = "population")]
    residual: bool,
    /// Seed of every random number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How covariates are read between records.
    #[arg(long, value_enum, default_value_t = Between::Backward)]
    carry: Between,
    /// A further column that may stand in the data and is not used; can be given several times.
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// So many failing subjects are left out and named; more are an error.
    #[arg(long, default_value_t = 0, value_name = "N")]
    failures_allowed: u64,
    /// Threads; the answer does not depend on it. Without it, all of them.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// No progress and no notes on standard error.
    #[arg(long)]
    quiet: bool,
}

/// How the result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line for every record.
    Csv,
    /// One object with units, methods and rows.
    Json,
}

/// How to solve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Solver {
    /// Closed form where there is one, else the explicit pair with a switch to Rosenbrock.
    Auto,
    /// Matrix exponential; linear models only.
    ClosedForm,
    /// Explicit Runge-Kutta pair of order 5.
    Explicit,
    /// Rosenbrock method of order 4, for stiff models.
    Rosenbrock,
}

/// How a covariate is read between records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Between {
    /// A record's value holds since the record before it (NONMEM's rule).
    Backward,
    /// A record's value holds until the next.
    Forward,
    /// A straight line between records.
    Linear,
}

fn tolerance(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value <= 0.1 => Ok(value),
        _ => Err("a tolerance is above 0 and at most 0.1".to_owned()),
    }
}

/// Values held at once for quantiles: subjects' records times outputs times people.
const MOST_VALUES: u64 = 100_000_000;

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let (model, data) = match read(arguments)? {
        Ok(read) => read,
        Err(refused) => return refused.report(arguments.format, out),
    };
    check_population(arguments, &model, &data.subjects)?;
    let clock = Clock::new(!arguments.quiet && std::io::stderr().is_terminal());
    let progress = |progress: Progress| clock.tell(progress);
    let options = options(arguments, &progress);
    let result = if arguments.population.is_some() && !arguments.each {
        dataset::bands(&model, &data.subjects, &options)
            .map(|bands| table::Table::bands(&model, &data, bands))
    } else {
        dataset::run(&model, &data.subjects, &options)
            .map(|result| table::Table::rows(&model, &data, result, arguments.each))
    };
    clock.end();
    let table = result.map_err(|error| failure(error, &data.subjects))?;
    if !arguments.quiet {
        tell_notes(&data, &table.methods, &table.failures);
    }
    let text = match arguments.format {
        Format::Csv => table.csv(),
        Format::Json => table.json(&model, arguments.seed)?,
    };
    match &arguments.output {
        None => out.text(&text),
        Some(path) => write_whole(path, &text),
    }
}

fn options<'a>(
    arguments: &Arguments,
    progress: &'a (dyn Fn(Progress) -> bool + Sync),
) -> DataOptions<'a> {
    let method = match arguments.method {
        Solver::Auto => Method::Auto,
        Solver::ClosedForm => Method::ClosedForm,
        Solver::Explicit => Method::Explicit,
        Solver::Rosenbrock => Method::Rosenbrock,
    };
    let sources = match (arguments.population, arguments.residual) {
        (None, _) => Sources::NONE,
        (Some(_), false) => Sources::PREDICTION,
        (Some(_), true) => Sources::MEASUREMENT,
    };
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    DataOptions {
        solver: Options {
            method,
            tolerance: Tolerance {
                relative: arguments.rtol,
                absolute: arguments.atol,
                ..Tolerance::default()
            },
        },
        replicates: arguments.population.unwrap_or(1),
        sources,
        seed: arguments.seed,
        threads: arguments.threads.map_or_else(all, usize::from),
        failures_allowed: arguments.failures_allowed,
        progress: Some(progress),
    }
}

/// Everything wrong with the two files.
struct Refused {
    errors: Vec<Diagnostic>,
    /// Text of the model file, to show the lines around an error.
    model: Option<String>,
    model_name: String,
}

/// Reads both files; the errors of both are collected before anything is simulated.
fn read(arguments: &Arguments) -> Result<Result<(Model, EventData), Refused>, Failure> {
    let name = arguments.model.display().to_string();
    let bytes = bounded(&arguments.model)?;
    let refused = |errors, model: Option<String>| Refused {
        errors,
        model,
        model_name: name.clone(),
    };
    let file = match model_file::read(&name, &bytes) {
        Ok(file) => file,
        Err(errors) => {
            let text = String::from_utf8(bytes).ok();
            return Ok(Err(refused(errors, text)));
        }
    };
    let (model, mut errors) = compiled(&file);
    let data = match records(arguments, &file)? {
        Ok(data) => Some(data),
        Err(more) => {
            errors.extend(more);
            None
        }
    };
    if let (Some(model), Some(data)) = (&model, &data) {
        let name = arguments.data.display().to_string();
        for (subject, record, fault) in dataset::check(model, &data.subjects) {
            let mut error = Diagnostic::error(
                "record",
                &name,
                ketum_data::document::Path::root(),
                format!("subject {}: {fault}", data.subjects[subject].id),
            )
            .hint("the record does not fit the model; see docs/engine.md");
            error.line = data.lines[subject].get(record).copied();
            error.column = Some(1);
            errors.push(error);
        }
    }
    match (model, data) {
        (Some(model), Some(data)) if errors.is_empty() => Ok(Ok((model, data))),
        _ => Ok(Err(refused(errors, Some(file.document.text)))),
    }
}

fn compiled(file: &ModelFile) -> (Option<Model>, Vec<Diagnostic>) {
    let description = match &file.description {
        Ok(description) => description,
        Err(errors) => return (None, errors.clone()),
    };
    match Model::compile_checked(description) {
        Ok(model) if model.outputs().is_empty() => {
            let error = Diagnostic::error(
                "model",
                &file.document.name,
                file.at.clone(),
                "the model predicts nothing",
            )
            .hint("add an [[output]] with a name, a unit and a compartment");
            (None, vec![error])
        }
        Ok(model) => (Some(model), Vec::new()),
        Err(problems) => (
            None,
            problems
                .iter()
                .map(|problem| placed(file, problem))
                .collect(),
        ),
    }
}

/// A problem of the simulator at its line and column of the file.
fn placed(file: &ModelFile, problem: &ModelProblem) -> Diagnostic {
    let path = problem
        .path
        .iter()
        .fold(file.at.clone(), |path, key| match *key {
            Key::Name(name) => path.then(name),
            Key::Index(index) => path.then(index),
        });
    let mut error = Diagnostic::error(
        "model",
        &file.document.name,
        path,
        problem.fault.to_string(),
    )
    .hint(problem.fault.advice());
    file.document.locate(&mut error);
    error
}

fn records(
    arguments: &Arguments,
    file: &ModelFile,
) -> Result<Result<EventData, Vec<Diagnostic>>, Failure> {
    let name = arguments.data.display().to_string();
    let ignored: Vec<&str> = arguments.ignore.iter().map(String::as_str).collect();
    let (compartments, covariates) = (file.compartments(), file.covariates());
    let columns = EventColumns {
        compartments: &compartments,
        covariates: &covariates,
        carry: match arguments.carry {
            Between::Backward => Carry::Backward,
            Between::Forward => Carry::Forward,
            Between::Linear => Carry::Linear,
        },
        ignored: &ignored,
    };
    if arguments.data.as_os_str() == "-" {
        return Ok(events_csv::read(&name, std::io::stdin().lock(), &columns));
    }
    let file = File::open(&arguments.data)
        .map_err(|error| Failure::User(format!("cannot read {name}: {error}")))?;
    Ok(events_csv::read(&name, BufReader::new(file), &columns))
}

/// At most a byte more than any model file may have, so that a huge file costs nothing.
fn bounded(path: &Path) -> Result<Vec<u8>, Failure> {
    let limit = ketum_data::document::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| Failure::User(format!("cannot read {}: {error}", path.display())))?;
    Ok(bytes)
}

impl Refused {
    /// Programs get the errors on standard output, people on standard error.
    fn report(self, format: Format, out: &mut Output) -> Result<(), Failure> {
        if format == Format::Json {
            let errors: Vec<serde_json::Value> = self
                .errors
                .iter()
                .map(|error| {
                    serde_json::json!({
                        "file": error.file,
                        "line": error.line,
                        "column": error.column,
                        "message": error.message,
                        "hint": error.hint,
                    })
                })
                .collect();
            out.json(&serde_json::json!({ "errors": errors }))?;
            return Err(Failure::Reported(2));
        }
        for error in &self.errors {
            let text = self
                .model
                .as_deref()
                .filter(|_| error.file == self.model_name);
            note(&format!("{}\n", render(error, text, false)));
        }
        note(&match self.errors.len() {
            1 => "1 error; nothing was simulated".to_owned(),
            many => format!("{many} errors; nothing was simulated"),
        });
        Err(Failure::Reported(2))
    }
}

fn check_population(
    arguments: &Arguments,
    model: &Model,
    subjects: &[Subject],
) -> Result<(), Failure> {
    let Some(people) = arguments.population else {
        return Ok(());
    };
    if !model.has_spread() {
        return Err(Failure::User(
            "--population needs a model with [[spread]]: without it everybody is the same"
                .to_owned(),
        ));
    }
    if arguments.residual && !model.has_residual() {
        return Err(Failure::User(
            "--residual needs a model with [[residual]]".to_owned(),
        ));
    }
    let records = |subject: &Subject| subject.events.len() as u64;
    let held = if arguments.each {
        subjects.iter().map(records).sum::<u64>()
    } else {
        subjects.iter().map(records).max().unwrap_or(0)
    };
    let values = held * model.outputs().len() as u64 * u64::from(people);
    if values > MOST_VALUES {
        return Err(Failure::User(format!(
            "{values} values would be held at once, at most {MOST_VALUES} are; ask for fewer people or fewer records"
        )));
    }
    Ok(())
}

fn failure(error: SimError, subjects: &[Subject]) -> Failure {
    let named = |failure: &SubjectFailure| {
        let id = subjects
            .get(failure.subject as usize)
            .map_or("?", |s| s.id.as_str());
        let parameters: Vec<String> = failure
            .parameters
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!(
            "subject {id}: {} (parameters {})",
            failure.cause,
            parameters.join(", ")
        )
    };
    match error {
        SimError::Population {
            failed,
            subjects: all,
            first,
        } => Failure::Numeric(format!(
            "{failed} of {all} could not be simulated, first {}; --failures-allowed {failed} leaves them out and names them",
            named(&first)
        )),
        SimError::Event { .. } | SimError::Unsupported { .. } => Failure::User(error.to_string()),
        other => Failure::Numeric(other.to_string()),
    }
}

/// Most notes of one kind that are printed one by one.
const MOST_NOTES: usize = 5;

fn tell_notes(data: &EventData, methods: &[Solution], failures: &[SubjectFailure]) {
    for column in &data.unused {
        note(&format!("note: the column {column} is not used"));
    }
    let id = |index: usize| data.subjects[index].id.as_str();
    let stiff: Vec<String> = methods
        .iter()
        .filter_map(|(subject, _, notes)| {
            let at = notes.iter().find_map(|note| match note {
                Note::TurnedStiff { time_h } => Some(time_h),
                Note::NoClosedForm => None,
            })?;
            Some(format!("subject {} at {at} h", id(*subject)))
        })
        .collect();
    listed("turned stiff, the Rosenbrock method went on", &stiff);
    let moving: Vec<String> = methods
        .iter()
        .filter(|(_, _, notes)| notes.contains(&Note::NoClosedForm))
        .map(|(subject, _, _)| format!("subject {}", id(*subject)))
        .collect();
    listed(
        "a covariate moves between records, so there is no closed form",
        &moving,
    );
    let failed: Vec<String> = failures
        .iter()
        .map(|failure| {
            format!(
                "subject {}: {}",
                id(failure.subject as usize),
                failure.cause
            )
        })
        .collect();
    listed("left out, could not be simulated", &failed);
}

fn listed(what: &str, list: &[String]) {
    if list.is_empty() {
        return;
    }
    let shown = &list[..list.len().min(MOST_NOTES)];
    let more = match list.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    note(&format!("note: {what}: {}{more}", shown.join("; ")));
}

/// Writes beside the file, then puts it in its place: a reader never sees half a file.
fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if let Err(error) = written {
        // What was begun is taken away again; if even that fails, the first error says more.
        let _ = std::fs::remove_file(&beside);
        return Err(Failure::User(format!(
            "cannot write {}: {error}",
            path.display()
        )));
    }
    Ok(())
}

fn note(text: &str) {
    // Nothing is left to do if standard error is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Progress on the terminal once something takes longer than a second.
struct Clock {
    shown: bool,
    start: Instant,
    last: Mutex<Option<Instant>>,
}

impl Clock {
    fn new(shown: bool) -> Self {
        Self {
            shown,
            start: Instant::now(),
            last: Mutex::new(None),
        }
    }

    fn tell(&self, progress: Progress) -> bool {
        let now = Instant::now();
        let Ok(mut last) = self.last.lock() else {
            return true;
        };
        let due = last.unwrap_or(self.start) + Duration::from_secs(1) <= now;
        if self.shown && due {
            *last = Some(now);
            let Progress { done, subjects } = progress;
            let _ = write!(std::io::stderr(), "\r{done} of {subjects} simulated");
        }
        true
    }

    fn end(&self) {
        if self.last.lock().is_ok_and(|last| last.is_some()) {
            note("");
        }
    }
}
