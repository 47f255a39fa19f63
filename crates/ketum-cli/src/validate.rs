//! `ketum validate`: the level model against every human study.

use std::path::{Path, PathBuf};

use ketum::model::ModelError;
use ketum::model::design::Choices;
use ketum::model::validate::{Settings, compare, molar_masses};
use ketum_core::level_model::LevelModel;
use ketum_data::catalogue::Catalogue;

use crate::failure::Failure;
use crate::output::Output;

/// Compare the level model with human studies: each study is simulated as it was done, many times, and
/// every published number is set beside what the simulated trials would have printed.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum validate\n  ketum validate --format json\n  ketum validate --format html > report.html\n  \
                        ketum validate --model my-model.toml --trials 5000"
)]
pub struct Arguments {
    /// The model: an id, or a TOML file. Without it, the model in use.
    #[arg(long)]
    model: Option<String>,
    /// A data folder to read instead of the data built in.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Read a study's half-lives through another window, h after the dose, to see what that changes.
    #[arg(long, value_name = "STUDY=FROM:TO", value_parser = window)]
    window: Vec<(String, f64, f64)>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Trials simulated of each study.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(50..=100_000))]
    trials: u32,
    /// Seed of every random number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; the answer does not depend on it. Without it, all of them.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// How the comparison is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For reading in a terminal.
    Text,
    /// For programs.
    Json,
    /// A page with figures.
    Html,
}

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let mut catalogue = catalogue(arguments.data.as_deref())?;
    for (name, from_h, to_h) in &arguments.window {
        let (_, study) = catalogue
            .studies
            .iter_mut()
            .find(|(id, _)| id.as_str() == name)
            .ok_or_else(|| failure(ModelError::NoSuchStudy(name.clone())))?;
        for window in &mut study.window {
            (window.from_h, window.to_h) = (*from_h, *to_h);
        }
    }
    let file = model(arguments.model.as_deref(), &catalogue)?;
    let settings = Settings {
        trials: arguments.trials as usize,
        seed: arguments.seed,
        choices: Choices::default(),
    };
    let masses = molar_masses(&catalogue);
    let comparison = pool(arguments.threads)?
        .install(|| compare(&file, &catalogue.studies, &masses, settings))
        .map_err(failure)?;
    match arguments.format {
        Format::Json => out.json(&comparison),
        Format::Text => out.text(&ketum_report::validation::text(&comparison, out.colour())),
        Format::Html => out.text(&ketum_report::validation::html(&comparison, &file)),
    }
}

fn window(text: &str) -> Result<(String, f64, f64), String> {
    let read = || {
        let (study, window) = text.split_once('=')?;
        let (from, to) = window.split_once(':')?;
        Some((study.to_owned(), from.parse().ok()?, to.parse().ok()?))
    };
    read()
        .filter(|(_, from, to): &(String, f64, f64)| *from >= 0.0 && from < to)
        .ok_or_else(|| {
            "write a study and two times, for example trakulsrichai-2015=4:24".to_owned()
        })
}

/// The facts: built in, or of a folder.
pub fn catalogue(folder: Option<&Path>) -> Result<Catalogue, Failure> {
    let Some(folder) = folder else {
        return Ok(Catalogue::embedded()?);
    };
    let (facts, unreadable) = ketum_data::facts::read(folder)
        .map_err(|error| Failure::User(format!("cannot read {}: {error}", folder.display())))?;
    if let Some(first) = unreadable.first() {
        return Err(Failure::Data(format!("{}: {}", first.file, first.message)));
    }
    Ok(Catalogue::release(facts, folder.display().to_string()))
}

/// The model in use, one by id, or one from a file.
fn model(name: Option<&str>, catalogue: &Catalogue) -> Result<LevelModel, Failure> {
    let Some(name) = name else {
        return ketum::body::current_model(catalogue)
            .map(|(_, file)| file.clone())
            .ok_or_else(|| Failure::Data("no model of levels is in the data".to_owned()));
    };
    if let Some(file) = catalogue.models.get(name) {
        return Ok(file.clone());
    }
    if !name.ends_with(".toml") {
        let ids: Vec<&str> = catalogue.models.keys().map(|id| id.as_str()).collect();
        return Err(Failure::User(format!(
            "there is no model `{name}`; there are {}",
            ids.join(", ")
        )));
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| Failure::User(format!("cannot read {name}: {error}")))?;
    toml::from_str(&text).map_err(|error| Failure::User(format!("{name}: {error}")))
}

/// The threads to work on.
pub fn pool(threads: Option<u16>) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, usize::from))
        .build()
        .map_err(|error| Failure::Numeric(error.to_string()))
}

/// Which kind of failure it is.
pub fn failure(error: ModelError) -> Failure {
    match error {
        ModelError::Engine { .. } => Failure::Numeric(error.to_string()),
        ModelError::NotForFitting { .. }
        | ModelError::NoSuchStudy(_)
        | ModelError::NoAlternative(_)
        | ModelError::State(_) => Failure::User(error.to_string()),
        other => Failure::Data(other.to_string()),
    }
}
