//! `ketum emergency`: red flags and what to do.

use ketum_data::catalogue::Catalogue;

use crate::failure::Failure;
use crate::output::{Format, Output};

/// Red flags, what to do now, and whom to call.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum emergency\n  ketum emergency US-FL\n  ketum emergency TH --format json"
)]
pub struct Arguments {
    /// Where: a country or state code.
    place: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is said where even the card is damaged.
const LAST_RESORT: &str =
    "Call the emergency number of the place where you are (US 911, EU 112).\n";

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let Some(card) = Catalogue::embedded()
        .ok()
        .and_then(|catalogue| catalogue.emergency)
    else {
        return out.text(LAST_RESORT);
    };
    let place = ketum::emergency::help_at(&card, arguments.place.as_deref());
    match arguments.format {
        Format::Json => out.json(&serde_json::json!({ "card": card, "help": place })),
        Format::Text => out.text(&ketum_report::emergency::card(&card, place, out.colour())),
    }
}
