//! `ketum simulate CASE`: what is in this person now. `ketum histories`: what would fit measured levels.

use std::path::PathBuf;

use ketum::body::{notation, present};
use ketum::case::{Level, Matrix};
use ketum::model::ModelError;
use ketum::model::history::{FORMS, compatible};
use ketum::model::level::{Measurement, Scatter};
use ketum::model::validate::molar_masses;
use ketum_core::date::Date;
use ketum_core::form::Form;
use ketum_data::catalogue::Catalogue;

use crate::assess::{ReportFormat, read_case};
use crate::failure::Failure;
use crate::output::{Format, Output};

/// Say what is in a person now: levels after the last dose, from the doses of a case alone and, where a
/// level was measured, with it.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum simulate examples/first-week.toml\n  \
                  ketum simulate examples/first-week.toml --measured \"mitragynine 24 ng/mL plasma at 6 h\"\n  \
                  ketum simulate case.toml --at 0,6,24,72 --format json\n\n\
                  Hours count from the last dose. Levels the case file holds under [[levels]] are used too.\n\
                  A level shows what was taken up. It does not say how a person is."
)]
pub struct Simulate {
    /// The case: TOML, or JSON where the name ends in .json. `-` reads TOML from standard input.
    case: PathBuf,
    /// A measured level: analyte, number, unit, what it was measured in, hours after the last dose.
    #[arg(long, value_name = "LEVEL")]
    measured: Vec<String>,
    /// Hours after the last dose at which levels are given.
    #[arg(long, value_name = "HOURS,...", value_delimiter = ',', value_parser = hours)]
    at: Vec<f64>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Seed of every random number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The day no measured value may lie after; today where not given.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// Say which doses and which kinds of product would fit measured levels of mitragynine and
/// 7-hydroxymitragynine in one sample. It names no cause of death and no harm.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum histories --measured \"mitragynine 120 ng/mL plasma\" --measured \"7-OH 15 ng/mL plasma\"\n  \
                  ketum histories --measured \"mitragynine 600 ng/mL post-mortem blood\" --measured \"7-OH 20 ng/mL post-mortem blood\"\n  \
                  ketum histories --measured \"7-OH 60 ng/mL serum\" --form seven_oh_tablet --format json\n\n\
                  After death redistribution and loss in storage are part of the ranges."
)]
pub struct Histories {
    /// A measured level: analyte, number, unit, what it was measured in.
    #[arg(long, value_name = "LEVEL", required = true)]
    measured: Vec<String>,
    /// Kinds of product to compare: leaf_powder, leaf_tea, extract, shot, seven_oh_tablet, ...
    #[arg(long, value_name = "FORM", value_parser = form)]
    form: Vec<Form>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Histories tried of each kind.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(500..=1_000_000))]
    draws: u32,
    /// Seed of every random number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub fn simulate(arguments: &Simulate, out: &mut Output) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let format = match arguments.format {
        Format::Text => ReportFormat::Text,
        Format::Json => ReportFormat::Json,
    };
    let mut read = read_case(&arguments.case, arguments.today, format, &catalogue, out)?;
    for text in &arguments.measured {
        let level = notation::level(text, &catalogue).map_err(Failure::User)?;
        // A level that cannot be used is an error where it is the question.
        present::matrix(level.matrix).map_err(|why| Failure::User(format!("{text}: {why}")))?;
        if level.matrix == Matrix::PostMortemBlood {
            return Err(Failure::User(format!(
                "{text}: a level after death says nothing of a living person's level; `ketum histories` takes it"
            )));
        }
        if level.hours_after_dose.is_none() {
            return Err(Failure::User(format!(
                "{text}: how many hours after the last dose? Write for example \"at 6 h\""
            )));
        }
        read.case.levels.push(level);
    }
    let case = &read.case;
    let product = ketum::product::dose(case, &catalogue);
    let schedule = ketum::schedule::lay_out(case);
    let mut hours = arguments.at.clone();
    hours.sort_unstable_by(f64::total_cmp);
    hours.dedup();
    if hours.is_empty() {
        hours = present::HOURS.to_vec();
    }
    let answer = present::present(
        case,
        &product,
        &schedule,
        &catalogue,
        &hours,
        arguments.seed,
    )
    .map_err(|not| Failure::User(not.reason))?;
    match arguments.format {
        Format::Json => out.json(&answer),
        Format::Text => out.text(&ketum_report::levels::present(&answer, out.colour())),
    }
}

pub fn histories(arguments: &Histories, out: &mut Output) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let (_, file) = ketum::body::current_model(&catalogue)
        .ok_or_else(|| Failure::Data("no model of levels is in the data".to_owned()))?;
    let scatter = Scatter::assumed(&catalogue);
    let measurements = arguments
        .measured
        .iter()
        .map(|text| {
            let level = notation::level(text, &catalogue).map_err(Failure::User)?;
            measurement(text, &level, scatter)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let forms: &[Form] = if arguments.form.is_empty() {
        &FORMS
    } else {
        &arguments.form
    };
    let masses = molar_masses(&catalogue);
    let answer = compatible(
        file,
        forms,
        &measurements,
        &masses,
        arguments.draws as usize,
        arguments.seed,
    )
    .map_err(|error| match error {
        ModelError::Measurement { .. } | ModelError::Form { .. } => {
            Failure::User(error.to_string())
        }
        other => crate::validate::failure(other),
    })?;
    match arguments.format {
        Format::Json => out.json(&answer),
        Format::Text => out.text(&ketum_report::levels::histories(
            &answer,
            &arguments.measured,
            out.colour(),
        )),
    }
}

fn measurement(text: &str, level: &Level, scatter: Scatter) -> Result<Measurement, Failure> {
    if level.hours_after_dose.is_some() {
        return Err(Failure::User(format!(
            "{text}: the hours since the last dose are what is asked for; leave \"at … h\" out"
        )));
    }
    let matrix =
        present::matrix(level.matrix).map_err(|why| Failure::User(format!("{text}: {why}")))?;
    Ok(Measurement {
        analyte: level.analyte.clone(),
        time_h: 0.0,
        value: level.value,
        unit: level.unit.clone(),
        matrix,
        scatter,
    })
}

fn form(text: &str) -> Result<Form, String> {
    Form::ALL
        .into_iter()
        .find(|form| form.id() == text)
        .ok_or_else(|| {
            let all: Vec<&str> = Form::ALL.iter().map(|form| form.id()).collect();
            format!("not a kind of product; use one of {}", all.join(", "))
        })
}

fn hours(text: &str) -> Result<f64, String> {
    text.trim()
        .parse::<f64>()
        .ok()
        .filter(|hours| (0.0..=2000.0).contains(hours))
        .ok_or_else(|| "hours lie between 0 and 2000".to_owned())
}
