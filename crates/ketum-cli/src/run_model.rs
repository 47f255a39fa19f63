//! `ketum run-model`: simulates the subjects of an event file with a model file. It reads, calls the
//! simulator and writes; what a record or a model means is decided in the libraries.

mod file;
mod read;
mod table;
mod tell;

use std::io::IsTerminal;
use std::path::PathBuf;

use ketum_core::event::{Carry, Subject};
use ketum_sim::dataset::{self, DataOptions};
use ketum_sim::population::Progress;
use ketum_sim::solve::{Method, Options, Tolerance};
use ketum_sim::{Model, Sources};

use crate::failure::Failure;
use crate::output::Output;
use table::Table;

/// Simulate your own model: a model file and records in NONMEM's notation in, predictions out.
///
/// The model is TOML: compartments, flows (first-order, Michaelis-Menten, zero-order), turnover, effect
/// sites, parameters with units, spread. The data is CSV with the columns ID, TIME and, as needed, EVID,
/// AMT, CMT, RATE, DUR, II, ADDL, SS, OCC and the model's covariates; DV and MDV may stand there and are
/// not used. A row comes back for every record, with the number of doses given so far, additional ones
/// included, and the time since the last of them.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum run-model --model examples/models/one-compartment.toml --data examples/models/one-compartment.csv\n  \
                  ketum run-model --model examples/models/michaelis-menten.toml --data examples/models/michaelis-menten.csv --output levels.csv\n  \
                  ketum run-model --model my.toml --data events.csv --population 1000 --seed 7\n  \
                  ketum run-model --model my.toml --data events.csv --carry forward --carry WT=linear --keep DV\n  \
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
    /// How covariates and OCC are read between records: backward (a record's value holds since the
    /// record before it; NONMEM's rule, used without this option), forward (until the next record) or
    /// linear. COLUMN=RULE is for one column; can be given several times.
    #[arg(long, value_name = "[COLUMN=]RULE", value_parser = carry_rule)]
    carry: Vec<CarryRule>,
    /// A further column that may stand in the data and is not used; can be given several times.
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// A column of the data that is handed on to the result as it stands, for example DV; can be given
    /// several times.
    #[arg(long, value_name = "COLUMN")]
    keep: Vec<String>,
    /// So many people who cannot be simulated are left out and named; more are an error.
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

/// How covariates are read between records: all of them, or one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CarryRule {
    column: Option<String>,
    carry: Carry,
}

fn carry_rule(text: &str) -> Result<CarryRule, String> {
    let (column, rule) = match text.rsplit_once('=') {
        Some((column, rule)) => (Some(column.trim().to_owned()), rule.trim()),
        None => (None, text.trim()),
    };
    let carry = match rule {
        "backward" => Carry::Backward,
        "forward" => Carry::Forward,
        "linear" => Carry::Linear,
        _ => return Err("a rule is backward, forward or linear".to_owned()),
    };
    Ok(CarryRule { column, carry })
}

fn tolerance(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value <= 0.1 => Ok(value),
        _ => Err("a tolerance is above 0 and at most 0.1".to_owned()),
    }
}

/// Memory that predictions may take, in bytes.
const MOST_BYTES: u64 = 2 << 30;

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    if let Some(output) = &arguments.output {
        file::check(output, &[&arguments.model, &arguments.data])?;
    }
    let (model, data) = match read::read(arguments)? {
        Ok(read) => read,
        Err(refused) => return refused.report(arguments.format, out),
    };
    check_population(arguments, &model)?;
    check_memory(arguments, &model, &data.subjects)?;
    let columns = table::columns(arguments, &model, &data)?;
    let clock = tell::Clock::new(!arguments.quiet && std::io::stderr().is_terminal());
    let progress = |progress: Progress| clock.tell(progress);
    let options = options(arguments, &progress);
    let result = if arguments.population.is_some() && !arguments.each {
        dataset::bands(&model, &data.subjects, &options).map(table::Body::Bands)
    } else {
        dataset::run(&model, &data.subjects, &options).map(table::Body::Rows)
    };
    clock.end();
    let body = match result {
        Ok(body) => body,
        Err(error) => return tell::failed(error, arguments.format, out),
    };
    let table = Table {
        model: &model,
        data: &data,
        seed: arguments.seed,
        each: arguments.each,
        columns,
        body,
    };
    if !arguments.quiet {
        tell::notes(&data, table.methods(), table.failures());
    }
    match &arguments.output {
        None => out.write_with(|out| table.write(arguments.format, out)),
        Some(path) => file::write_whole(path, |out| table.write(arguments.format, out)),
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

fn check_population(arguments: &Arguments, model: &Model) -> Result<(), Failure> {
    if arguments.population.is_some() && !model.has_spread() {
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
    Ok(())
}

/// Refuses before simulating what would not fit into memory.
fn check_memory(arguments: &Arguments, model: &Model, subjects: &[Subject]) -> Result<(), Failure> {
    let outputs = model.outputs().len() as u64;
    let covariates = subjects.first().map_or(0, |s| s.covariates.len()) as u64;
    let records = |subject: &Subject| subject.events.len() as u64;
    let all: u64 = subjects.iter().map(records).sum();
    let longest = subjects.iter().map(records).max().unwrap_or(0);
    // A row and its two lists; measured, not counted out.
    let row = |values: u64| 144 + 8 * (values + covariates);
    let (held, advice) = match (arguments.population.map(u64::from), arguments.each) {
        // A number a person of the subject at hand, in a list that doubles as it grows; quantiles of all.
        (Some(people), false) => (
            16 * longest * outputs * people + all * row(5 * outputs),
            "ask for fewer people, or divide the longest subject's records",
        ),
        (Some(people), true) => (
            all * row(outputs) * people,
            "ask for fewer people, or for quantiles, without --each",
        ),
        (None, _) => (all * row(outputs), "divide the records by subjects"),
    };
    if held > MOST_BYTES {
        let gb = |bytes: u64| bytes as f64 / f64::from(1 << 30);
        return Err(Failure::User(format!(
            "about {:.1} GB of predictions would be held, at most {} GB are; {advice}",
            gb(held),
            gb(MOST_BYTES)
        )));
    }
    Ok(())
}
