//! `ketum calibrate`: fits the level model to the published numbers whose role is `calibrate`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ketum::model::ModelError;
use ketum::model::alternatives::alternative;
use ketum::model::calibrate::{Effort, Run};
use ketum::model::design::{Choices, for_fitting};
use ketum::model::objective::{Fineness, Objective};
use ketum::model::template::Template;
use ketum::model::validate::molar_masses;
use ketum::model::worlds::{Found, Plan, world};
use ketum_core::id::StudyId;
use ketum_core::level_model::CalibrationRecord;
use ketum_core::study::Role;
use ketum_data::catalogue::Catalogue;

use crate::failure::Failure;
use crate::output::Output;
use crate::validate::{catalogue, failure, pool};

/// Fit the level model to the published numbers of human studies. Starts from stated priors; gives typical
/// values, spread between people, and a joint posterior with its diagnostics. Numbers that are held out
/// are never looked at.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum calibrate --out kratom.toml --report calibration.json\n  \
                        ketum calibrate --out kratom.toml --state fit.state      (can be stopped and started again)\n  \
                        ketum calibrate --leave-out tanna-2022 --search-only\n  \
                        ketum calibrate --alternative third-compartment --search-only\n  \
                        ketum calibrate --worlds 12 --report worlds.json"
)]
pub struct Arguments {
    /// Where the model file goes. Without it, only the report is printed.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Where the report goes, as JSON. Without it, to standard output.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Where the state is kept, so that an interrupted calibration goes on where it stopped.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Fit only these studies.
    #[arg(long, value_name = "STUDY")]
    study: Vec<String>,
    /// Leave these studies out.
    #[arg(long, value_name = "STUDY")]
    leave_out: Vec<String>,
    /// People in an arm whose number is not published, instead of what the study's file assumes.
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..=1000))]
    n_assumed: Option<u32>,
    /// Read the metabolite's share from highest levels instead of areas.
    #[arg(long)]
    ratio_of_cmax: bool,
    /// Weight of the simulated correlations between a study's numbers; 0 takes them as independent.
    #[arg(long, default_value_t = 0.9)]
    correlations: f64,
    /// Whose model: mitragynine (with 7-hydroxymitragynine), or one of the five other alkaloids.
    #[arg(long, default_value = "mitragynine", value_name = "ANALYTE")]
    analyte: String,
    /// A template to fit instead of the built-in one: structure and priors.
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Fit another structure than the accepted one: repeated-loss, giving-first-pass, second-absorption,
    /// third-compartment, enzyme-turnover. To be compared, not to be used.
    #[arg(long, value_name = "NAME", conflicts_with = "template")]
    alternative: Option<String>,
    /// Start the search where an earlier report (of a search or a calibration) ended, instead of at the
    /// priors: for comparing structures.
    #[arg(long, value_name = "FILE", requires = "search_only")]
    start: Option<PathBuf>,
    /// People in the pool trials are made of.
    #[arg(long, default_value_t = 240, value_parser = clap::value_parser!(u32).range(32..=10_000))]
    pool: u32,
    /// Trials simulated for each value of the objective.
    #[arg(long, default_value_t = 160, value_parser = clap::value_parser!(u32).range(32..=10_000))]
    trials: u32,
    /// Instead of fitting the studies: make so many worlds like the one found, run the studies in each, fit
    /// them, and say how often intervals held the truth.
    #[arg(long, value_name = "HOW MANY", conflicts_with_all = ["out", "state", "template", "alternative", "start"], value_parser = clap::value_parser!(u32).range(1..=1000))]
    worlds: Option<u32>,
    /// Only search for the best parameters; no posterior, no model file.
    #[arg(long)]
    search_only: bool,
    /// Seed of every random number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Generations of the search.
    #[arg(long, default_value_t = Effort::default().generations, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    generations: u32,
    /// Rounds of 100 steps of warm-up, for each of four chains.
    #[arg(long, default_value_t = Effort::default().warm_up_rounds, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    warm_up: u32,
    /// Rounds of 100 steps whose draws are kept, for each of four chains.
    #[arg(long, default_value_t = Effort::default().kept_rounds, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: u32,
    /// A data folder to read instead of the data built in.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Threads; the answer does not depend on it. Without it, all of them.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// No progress on standard error.
    #[arg(long)]
    quiet: bool,
}

/// Chains that differ more than this have not met, and no model is made of them.
const LARGEST_R_HAT: f64 = 1.05;

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let catalogue = catalogue(arguments.data.as_deref())?;
    if let Some(worlds) = arguments.worlds {
        return make_worlds(arguments, worlds, &catalogue, out);
    }
    let template = match (&arguments.template, &arguments.alternative) {
        (Some(path), _) => Template::read(&read(path)?),
        (None, Some(name)) => alternative(name).map_err(|error| match error {
            ModelError::Engine { why, .. } => ModelError::NoAlternative(why),
            other => other,
        }),
        (None, None) => Template::of(&arguments.analyte),
    }
    .map_err(failure)?;
    for name in arguments.study.iter().chain(&arguments.leave_out) {
        for_fitting(&catalogue.studies, name).map_err(failure)?;
    }
    let wanted = |id: &StudyId| {
        (arguments.study.is_empty() || arguments.study.iter().any(|name| name == id.as_str()))
            && !arguments.leave_out.iter().any(|name| name == id.as_str())
    };
    let studies = catalogue
        .studies
        .iter()
        .filter(|(id, study)| wanted(id) && study.of_role(Role::Calibrate).next().is_some());
    if !(0.0..=1.0).contains(&arguments.correlations) {
        return Err(Failure::User(
            "--correlations lies between 0 and 1".to_owned(),
        ));
    }
    let objective = Objective::new(
        template,
        studies,
        &molar_masses(&catalogue),
        Choices {
            n_assumed: arguments.n_assumed,
            ratio_of_cmax: arguments.ratio_of_cmax,
        },
        Fineness {
            pool: arguments.pool as usize,
            trials: arguments.trials as usize,
            keep_correlations: arguments.correlations,
        },
        arguments.seed,
    )
    .map_err(failure)?;
    if objective.rows().is_empty() {
        return Err(Failure::User("no study is left to fit".to_owned()));
    }
    let effort = Effort {
        generations: arguments.generations,
        warm_up_rounds: arguments.warm_up,
        kept_rounds: arguments.rounds,
        ..Effort::default()
    };
    let fresh = match &arguments.start {
        Some(path) => Run::near(objective, effort, arguments.seed, &values(path)?),
        None => Run::new(objective, effort, arguments.seed),
    };
    let mut run = match &arguments.state {
        Some(path) if path.exists() => Run::resume(&read(path)?, fresh).map_err(failure)?,
        _ => fresh,
    };
    let pool = pool(arguments.threads)?;
    let mut stored = 0;
    loop {
        let progress = run.progress();
        if !arguments.quiet {
            note(&format!(
                "\r{:<8} {:>4} of {}  log posterior {:.2}{}   ",
                progress.stage,
                progress.done,
                progress.total,
                progress.best,
                progress
                    .acceptance
                    .map_or_else(String::new, |share| format!(
                        "  accepted {:.0} %",
                        100.0 * share
                    )),
            ));
        }
        if run.is_done() || (arguments.search_only && run.searched()) {
            break;
        }
        pool.install(|| run.advance());
        if let Some(path) = &arguments.state
            && progress.done >= stored + 10
        {
            stored = progress.done;
            replace(path, &run.store())?;
        }
    }
    if !arguments.quiet {
        note("\n");
    }
    if let Some(path) = &arguments.state {
        replace(path, &run.store())?;
    }
    finish(arguments, &run, &catalogue.version, &pool, out)
}

/// Parameters by name of an earlier report: of a search, or the best point of a calibration.
fn values(path: &Path) -> Result<BTreeMap<String, f64>, Failure> {
    let not = |why: &str| Failure::User(format!("{}: {why}", path.display()));
    let report: serde_json::Value =
        serde_json::from_str(&read(path)?).map_err(|error| not(&error.to_string()))?;
    match &report["parameters"] {
        serde_json::Value::Object(map) => Ok(map
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_f64()?)))
            .collect()),
        serde_json::Value::Array(all) => Ok(all
            .iter()
            .filter_map(|one| Some((one["name"].as_str()?.to_owned(), one["best"].as_f64()?)))
            .collect()),
        _ => Err(not(
            "holds no parameters; give a report of `ketum calibrate`",
        )),
    }
}

/// Worlds like the one found, each fitted as if nobody knew it.
fn make_worlds(
    arguments: &Arguments,
    worlds: u32,
    catalogue: &Catalogue,
    out: &mut Output,
) -> Result<(), Failure> {
    let (_, file) = ketum::body::current_model(catalogue)
        .ok_or_else(|| Failure::Data("no model of levels is in the data".to_owned()))?;
    let masses = molar_masses(catalogue);
    let pool = pool(arguments.threads)?;
    let plan = Plan::default();
    let mut found = Vec::new();
    for number in 0..u64::from(worlds) {
        let one = pool
            .install(|| {
                world(
                    file,
                    &catalogue.studies,
                    &masses,
                    plan,
                    arguments.seed,
                    number,
                )
            })
            .map_err(failure)?;
        if !arguments.quiet {
            note(&format!(
                "\rworld {} of {worlds}: held {} of {} numbers fitted, {} of {} run again   ",
                number + 1,
                one.fitted.held,
                one.fitted.of,
                one.again.held,
                one.again.of
            ));
        }
        found.push(one);
    }
    if !arguments.quiet {
        note("\n");
    }
    let report = serde_json::json!({
        "model": file.model.id,
        "command": command(arguments),
        "found": Found::together(&found),
    });
    match &arguments.report {
        Some(path) => {
            let text = serde_json::to_string_pretty(&report)
                .map_err(|error| Failure::Numeric(error.to_string()))?;
            replace(path, &(text + "\n"))
        }
        None => out.json(&report),
    }
}

fn finish(
    arguments: &Arguments,
    run: &Run,
    data: &str,
    pool: &rayon::ThreadPool,
    out: &mut Output,
) -> Result<(), Failure> {
    let (best, value) = run.best();
    let template = run.objective().template();
    if arguments.search_only {
        let folds = run.objective().folds(&best).unwrap_or_default();
        let mean = folds
            .iter()
            .map(|(_, _, fold)| ketum::model::log(*fold).abs())
            .sum::<f64>()
            / folds.len() as f64;
        let values: serde_json::Map<String, serde_json::Value> = template
            .names()
            .into_iter()
            .zip(&best)
            .map(|(name, log)| (name, ketum::model::exp(*log).into()))
            .collect();
        let studies: Vec<_> = run
            .objective()
            .evaluate(&best)
            .map(|evaluation| evaluation.studies)
            .unwrap_or_default();
        let report = serde_json::json!({
            "command": command(arguments),
            "model": template.file.model.id,
            "log_posterior": value,
            "rows": folds.len(),
            "gmfe": ketum::model::exp(mean),
            "parameters": values,
            "log_likelihood": studies.iter().map(|(id, value)| (id.to_string(), *value)).collect::<Vec<_>>(),
            "folds": folds.iter().map(|(study, row, fold)| (format!("{study}/{row}"), *fold)).collect::<Vec<_>>(),
        });
        return match &arguments.report {
            Some(path) => {
                let text = serde_json::to_string_pretty(&report)
                    .map_err(|error| Failure::Numeric(error.to_string()))?;
                replace(path, &(text + "\n"))
            }
            None => out.json(&report),
        };
    }
    let record = CalibrationRecord {
        command: command(arguments),
        program: format!("ketum {}", env!("CARGO_PKG_VERSION")),
        data_version: format!(
            "{data}, fitted numbers {:016x}",
            run.objective().fingerprint()
        ),
        seed: arguments.seed,
        rows: u32::try_from(run.objective().rows().values().sum::<usize>()).unwrap_or(u32::MAX),
        ..CalibrationRecord::default()
    };
    let Some(done) = pool.install(|| run.outcome(record)) else {
        return Err(Failure::Numeric(
            "the calibration did not finish".to_owned(),
        ));
    };
    let worst = done
        .outcome
        .parameters
        .iter()
        .map(|one| one.r_hat)
        .fold(1.0, f64::max);
    // Written so that a value that is not a number is refused too.
    let settled = worst <= LARGEST_R_HAT;
    if let Some(path) = arguments.out.as_ref().filter(|_| settled) {
        let text =
            toml::to_string(&done.file).map_err(|error| Failure::Numeric(error.to_string()))?;
        let head = format!(
            "# Made by `{}`. Never edit a model file: make a new one.\n",
            command(arguments)
        );
        replace(path, &(head + &text))?;
    }
    match &arguments.report {
        Some(path) => {
            let text = serde_json::to_string_pretty(&done.outcome)
                .map_err(|error| Failure::Numeric(error.to_string()))?;
            replace(path, &(text + "\n"))?;
        }
        None => out.json(&done.outcome)?,
    }
    if settled {
        return Ok(());
    }
    Err(Failure::Numeric(format!(
        "the chains do not agree (largest split R-hat {worst:.2}, allowed {LARGEST_R_HAT}); no model was written: try more --rounds or another --seed"
    )))
}

/// The command that makes the same file again.
fn command(arguments: &Arguments) -> String {
    let mut words = vec!["ketum calibrate".to_owned()];
    if arguments.analyte != "mitragynine" {
        words.push(format!("--analyte {}", arguments.analyte));
    }
    let names: BTreeSet<&String> = arguments.study.iter().collect();
    words.extend(names.into_iter().map(|name| format!("--study {name}")));
    words.extend(
        arguments
            .leave_out
            .iter()
            .map(|name| format!("--leave-out {name}")),
    );
    words.extend(arguments.n_assumed.map(|n| format!("--n-assumed {n}")));
    if arguments.ratio_of_cmax {
        words.push("--ratio-of-cmax".to_owned());
    }
    if let Some(name) = &arguments.alternative {
        words.push(format!("--alternative {name}"));
    }
    if let Some(worlds) = arguments.worlds {
        words.push(format!("--worlds {worlds} --seed {}", arguments.seed));
        return words.join(" ");
    }
    if arguments.search_only {
        words.push("--search-only".to_owned());
    }
    if let Some(name) = arguments.start.as_ref().and_then(|path| path.file_name()) {
        words.push(format!("--start {}", name.display()));
    }
    let usual = Fineness::default();
    if (arguments.pool as usize, arguments.trials as usize) != (usual.pool, usual.trials) {
        words.push(format!(
            "--pool {} --trials {}",
            arguments.pool, arguments.trials
        ));
    }
    if arguments.warm_up != Effort::default().warm_up_rounds {
        words.push(format!("--warm-up {}", arguments.warm_up));
    }
    words.push(format!("--correlations {}", arguments.correlations));
    words.push(format!("--generations {}", arguments.generations));
    words.push(format!("--rounds {}", arguments.rounds));
    words.push(format!("--seed {}", arguments.seed));
    if let Some(path) = &arguments.template
        && let Some(name) = path.file_name()
    {
        words.push(format!("--template {}", name.display()));
    }
    words.join(" ")
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::User(format!("cannot read {}: {error}", path.display())))
}

/// Writes beside the file, then puts it in its place: a reader never sees half a file.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)?;
    Ok(())
}

fn note(text: &str) {
    // Nothing is left to do if standard error is closed.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
