//! `ketum evidence ID`: one claim, source or topic with everything that belongs to it.

use ketum_data::catalogue::Catalogue;

use crate::failure::Failure;
use crate::output::{Format, Output};

/// Show a claim with its sources and the claims that say otherwise; or a source; or a topic.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum evidence liver-onset-window\n  ketum evidence liver\n  ketum evidence post2019 --format json"
)]
pub struct Arguments {
    /// A claim, a source or a topic. Without it, the topics are listed.
    id: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let found =
        ketum_data::catalogue::look_up(&catalogue, arguments.id.as_deref()).ok_or_else(|| {
            let id = arguments.id.as_deref().unwrap_or_default();
            let near = ketum_data::document::nearest(id, ketum_data::catalogue::ids(&catalogue));
            let hint = near.map_or_else(
                || "`ketum evidence` lists the topics".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Failure::User(format!("nothing is called `{id}`; {hint}"))
        })?;
    match arguments.format {
        Format::Json => out.json(&found),
        Format::Text => out.text(&ketum_report::evidence::text(&found, out.colour())),
    }
}
