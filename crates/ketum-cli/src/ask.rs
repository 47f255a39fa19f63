//! `ketum ask "question"`: graded statements with their sources.

use ketum_data::catalogue::Catalogue;

use crate::failure::Failure;
use crate::output::{Format, Output};

/// Ask in plain words; the answer is statements with certainty and source, both sides of a conflict, and
/// what is not known.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum ask \"is kratom safe for the liver?\"\n  ketum ask will a drug test find it --format json"
)]
pub struct Arguments {
    /// The question.
    #[arg(required = true, num_args = 1..)]
    question: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let answer = ketum::ask::ask(&catalogue, &arguments.question.join(" "))
        .map_err(|error| Failure::Data(error.to_string()))?;
    match arguments.format {
        Format::Json => out.json(&answer),
        Format::Text => out.text(&ketum_report::ask::text(&answer, out.colour())),
    }
}
