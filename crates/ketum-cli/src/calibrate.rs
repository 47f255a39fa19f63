//! `ketum calibrate`: fits the level model to the published numbers whose role is `calibrate`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ketum::model::calibrate::{Effort, Run};
use ketum::model::design::{Choices, for_fitting};
use ketum::model::objective::{Fineness, Objective};
use ketum::model::template::Template;
use ketum::model::validate::molar_masses;
use ketum_core::id::StudyId;
use ketum_core::level_model::CalibrationRecord;
use ketum_core::study::Role;

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
                        ketum calibrate --leave-out tanna-2022 --search-only"
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
    /// Only search for the best parameters; no posterior, no model file.
    #[arg(long)]
    search_only: bool,
    /// Seed of every random number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Generations of the search.
    #[arg(long, default_value_t = Effort::default().generations, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    generations: u32,
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
    let template = match &arguments.template {
        Some(path) => Template::read(&read(path)?),
        None => Template::of(&arguments.analyte),
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
            keep_correlations: arguments.correlations,
            ..Fineness::default()
        },
        arguments.seed,
    )
    .map_err(failure)?;
    if objective.rows().is_empty() {
        return Err(Failure::User("no study is left to fit".to_owned()));
    }
    let effort = Effort {
        generations: arguments.generations,
        kept_rounds: arguments.rounds,
        ..Effort::default()
    };
    let mut run = match &arguments.state {
        Some(path) if path.exists() => {
            Run::resume(&read(path)?, objective, effort, arguments.seed).map_err(failure)?
        }
        _ => Run::new(objective, effort, arguments.seed),
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
        return out.json(&serde_json::json!({
            "model": template.file.model.id,
            "log_posterior": value,
            "rows": folds.len(),
            "gmfe": ketum::model::exp(mean),
            "parameters": values,
            "log_likelihood": studies.iter().map(|(id, value)| (id.to_string(), *value)).collect::<Vec<_>>(),
            "folds": folds.iter().map(|(study, row, fold)| (format!("{study}/{row}"), *fold)).collect::<Vec<_>>(),
        }));
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
