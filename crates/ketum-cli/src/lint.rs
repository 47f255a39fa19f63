//! `ketum lint`: checks a data folder.

use std::fmt::Write as _;
use std::path::PathBuf;

use ketum_core::date::Date;
use ketum_data::document::Severity;
use ketum_data::lint::{Report, lint};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Format, Output};

/// Check a data folder as a reviewer would: every error with file, line, column and hint.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum lint\n  ketum lint --today 2026-11-24\n  ketum lint --stats\n  ketum lint path/to/data --format json"
)]
pub struct Arguments {
    /// The folder.
    #[arg(default_value = "data")]
    folder: PathBuf,
    /// Also list what is past its review date on this day.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// Print how many facts there are and how far their sources were read.
    #[arg(long)]
    stats: bool,
    /// Also print notes: statements to verify, sources not used.
    #[arg(long)]
    notes: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    severity: Severity,
    file: &'a str,
    path: String,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    hint: Option<&'a str>,
}

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let mut report = lint(&arguments.folder, arguments.today).map_err(|error| {
        Failure::User(format!(
            "cannot read {}: {error}",
            arguments.folder.display()
        ))
    })?;
    let clean = report.is_clean();
    let count = |severity| {
        report
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    };
    let (errors, warnings, notes) = (
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note),
    );
    match arguments.format {
        Format::Json => {
            let rows: Vec<Row<'_>> = report
                .diagnostics
                .iter()
                .map(|diagnostic| Row {
                    code: diagnostic.code,
                    severity: diagnostic.severity,
                    file: &diagnostic.file,
                    path: diagnostic.path.to_string(),
                    line: diagnostic.line,
                    column: diagnostic.column,
                    message: &diagnostic.message,
                    hint: diagnostic.hint.as_deref(),
                })
                .collect();
            out.json(&serde_json::json!({ "clean": clean, "diagnostics": rows }))?;
        }
        Format::Text => {
            if !arguments.notes {
                report
                    .diagnostics
                    .retain(|diagnostic| diagnostic.severity != Severity::Note);
            }
            out.text(&report.render(out.colour()))?;
            if arguments.stats {
                out.text(&stats(&report))?;
            }
            out.text(&format!(
                "{errors} errors, {warnings} warnings, {notes} notes{}\n",
                if notes > 0 && !arguments.notes {
                    " (--notes shows them)"
                } else {
                    ""
                }
            ))?;
        }
    }
    if clean {
        Ok(())
    } else {
        Err(Failure::Reported(3))
    }
}

fn stats(report: &Report) -> String {
    let mut text = String::new();
    for row in ketum_data::lint::stats(&report.facts) {
        let _ = writeln!(text, "{:<44} {:>6}", row.0, row.1);
    }
    text
}
