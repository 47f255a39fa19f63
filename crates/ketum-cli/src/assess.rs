//! `ketum assess CASE`: the whole pipeline on one case file.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ketum::body::Run;
use ketum::case::{Notation, ReadCase};
use ketum_core::date::Date;
use ketum_data::catalogue::Catalogue;
use ketum_data::document::Diagnostic;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Output;

/// Assess a case: what is known of the dose, the levels, the risks and the law, with sources.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum assess examples/first-week.toml\n  ketum assess case.json --format json\n  \
                        ketum assess case.toml --people 5000 --seed 7\n\nThe case file is described in docs/case-file.md; every key is optional."
)]
pub struct Arguments {
    /// The case: TOML, or JSON where the name ends in .json. `-` reads TOML from standard input.
    case: PathBuf,
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
    /// Seed of every random number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// People in the simulated population.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    people: u32,
    /// Threads; the answer does not depend on it. Without it, all of them.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The day no measured value may lie after; today where not given.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// How an assessment is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// For reading in a terminal.
    Text,
    /// For programs.
    Json,
    /// Markdown.
    Md,
    /// One HTML file without script, for a browser or paper.
    Html,
}

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let read = read_case(
        &arguments.case,
        arguments.today,
        arguments.format,
        &catalogue,
        out,
    )?;
    let run = Run {
        seed: arguments.seed,
        people: arguments.people,
        threads: arguments.threads.map_or_else(all_threads, usize::from),
    };
    let assessment = ketum::assessment::assess(&read, &catalogue, run);
    match arguments.format {
        ReportFormat::Json => out.json(&assessment),
        ReportFormat::Text => out.text(&ketum_report::assessment::text(&assessment, out.colour())),
        ReportFormat::Md => out.text(&ketum_report::markdown::text(&assessment)),
        ReportFormat::Html => out.text(&ketum_report::html::page(&assessment)),
    }
}

/// Reads a case file; where it cannot be taken, everything wrong with it was said.
pub fn read_case(
    path: &Path,
    today: Option<Date>,
    format: ReportFormat,
    catalogue: &Catalogue,
    out: &mut Output,
) -> Result<ReadCase, Failure> {
    let name = path.display().to_string();
    let bytes = read_bytes(path)?;
    let notation = match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Notation::Json,
        _ => Notation::Toml,
    };
    let today = today.or_else(self::today);
    ketum::case::read(&name, &bytes, notation, catalogue, today)
        .map_err(|errors| refuse(&errors, &bytes, format, out))
}

fn all_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Today by this machine's clock (UTC); the libraries never look at a clock.
fn today() -> Option<Date> {
    let seconds = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()?
        .as_secs();
    Date::new(1970, 1, 1)?.plus_days(i32::try_from(seconds / 86_400).ok()?)
}

/// Reads at most a byte more than any case may have, so that a huge file costs nothing.
fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read;
    let limit = ketum_data::document::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let result = if path.as_os_str() == "-" {
        std::io::stdin().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    result.map_err(|error| Failure::User(format!("cannot read {}: {error}", path.display())))?;
    Ok(bytes)
}

#[derive(Serialize)]
struct ErrorRow<'a> {
    path: String,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    hint: Option<&'a str>,
}

/// Says everything that is wrong with the case; the way to help in an emergency comes first.
fn refuse(errors: &[Diagnostic], bytes: &[u8], format: ReportFormat, out: &mut Output) -> Failure {
    eprint_line("In an emergency: `ketum emergency`, or call the emergency number of the place.");
    match format {
        ReportFormat::Json => {
            let errors: Vec<ErrorRow<'_>> = errors
                .iter()
                .map(|error| ErrorRow {
                    path: error.path.pointer(),
                    line: error.line,
                    column: error.column,
                    message: &error.message,
                    hint: error.hint.as_deref(),
                })
                .collect();
            if let Err(failure) = out.json(&serde_json::json!({ "errors": errors })) {
                return failure;
            }
        }
        _ => {
            let text = std::str::from_utf8(bytes).ok();
            for error in errors {
                eprint_line(&format!(
                    "{}\n",
                    ketum_data::document::render(error, text, false)
                ));
            }
            eprint_line(&match errors.len() {
                1 => "1 error; nothing was assessed".to_owned(),
                many => format!("{many} errors; nothing was assessed"),
            });
        }
    }
    Failure::Reported(2)
}

fn eprint_line(text: &str) {
    use std::io::Write;
    // Nothing is left to do if standard error is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}
