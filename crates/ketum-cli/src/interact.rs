//! `ketum interact A B …`: what meets kratom, and by which mechanism.

use ketum::case::Clock;
use ketum::interaction::{self, Named, Product};
use ketum_core::drug::Route;
use ketum_core::form::Form;
use ketum_data::catalogue::Catalogue;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::output::{Format, Output};

/// Say what is known of kratom together with medicines and other substances, the most urgent first.
///
/// Where no kratom product is named, leaf kratom is taken. A name nobody knows is part of the answer.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ketum interact kratom sertraline alprazolam simvastatin\n  \
                  ketum interact 7-OH alcohol --format json\n  \
                  ketum interact kratom simvastatin --form leaf_tea --grams 2 --times 08:00,14:00,20:00 --at simvastatin=22:00\n  \
                  ketum interact kratom midazolam --route midazolam=intravenous\n\n\
                  Never stop a prescribed medicine because of this list; show it to a pharmacist or prescriber."
)]
pub struct Arguments {
    /// Kratom product, medicines, herbs, drinks: generic or brand names.
    #[arg(required = true, num_args = 1.., value_name = "NAME")]
    names: Vec<String>,
    /// Form of the kratom product: leaf_tea, leaf_powder, leaf_capsule, extract, shot, seven_oh_tablet, ...
    #[arg(long, value_name = "FORM", value_parser = word::<Form>)]
    form: Option<Form>,
    /// Grams of leaf in one dose; turned into mitragynine by what such leaf holds on average.
    #[arg(long, value_parser = positive, conflicts_with = "mitragynine_mg")]
    grams: Option<f64>,
    /// Milligrams of mitragynine in one dose, where a certificate says so.
    #[arg(long, value_name = "MG", value_parser = positive)]
    mitragynine_mg: Option<f64>,
    /// Times of day of the kratom doses.
    #[arg(
        long,
        value_name = "HH:MM,...",
        value_delimiter = ',',
        conflicts_with = "every"
    )]
    times: Vec<Clock>,
    /// Hours between kratom doses.
    #[arg(long, value_name = "HOURS", value_parser = interval)]
    every: Option<f64>,
    /// When a medicine is taken.
    #[arg(long, value_name = "NAME=HH:MM", value_parser = pair::<Clock>)]
    at: Vec<(String, Clock)>,
    /// How a medicine is taken: oral, sublingual, intravenous, transdermal, inhaled, nasal, ...
    #[arg(long, value_name = "NAME=ROUTE", value_parser = route)]
    route: Vec<(String, Route)>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let catalogue = Catalogue::embedded()?;
    let is = |name: &str, other: &str| name.trim().eq_ignore_ascii_case(other.trim());
    for (name, _) in &arguments.at {
        named(arguments, name, "--at")?;
    }
    for (name, _) in &arguments.route {
        named(arguments, name, "--route")?;
    }
    let names: Vec<Named> = arguments
        .names
        .iter()
        .map(|name| Named {
            name: name.clone(),
            route: arguments
                .route
                .iter()
                .find(|(other, _)| is(name, other))
                .map(|(_, route)| *route),
            at_h: arguments
                .at
                .iter()
                .find(|(other, _)| is(name, other))
                .map(|(_, clock)| clock.hours()),
        })
        .collect();
    let product = Product {
        form: arguments.form,
        mitragynine_mg: arguments.mitragynine_mg.or_else(|| {
            let grams = arguments.grams?;
            interaction::mitragynine_of_leaf(&catalogue, arguments.form, grams)
        }),
        times: arguments.times.iter().map(|clock| clock.hours()).collect(),
        every_h: arguments.every,
    };
    let check = interaction::check(&catalogue, &names, &product);
    match arguments.format {
        Format::Json => out.json(&check),
        Format::Text => {
            let text = ketum_report::interaction::text(&check, &catalogue, out.colour());
            out.text(&text)
        }
    }
}

fn named(arguments: &Arguments, name: &str, option: &str) -> Result<(), Failure> {
    let known = arguments
        .names
        .iter()
        .any(|other| other.trim().eq_ignore_ascii_case(name.trim()));
    known.then_some(()).ok_or_else(|| {
        Failure::User(format!(
            "{option} speaks of `{name}`, which is not among the names"
        ))
    })
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number <= 100_000.0 => Ok(number),
        _ => Err("a number above 0 and up to 100,000".to_owned()),
    }
}

fn interval(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(hours) if (0.25..=336.0).contains(&hours) => Ok(hours),
        _ => Err("hours from 0.25 to 336".to_owned()),
    }
}

/// A word of a closed vocabulary of the facts.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|error| error.to_string())
}

fn route(text: &str) -> Result<(String, Route), String> {
    let (name, route) = text.split_once('=').ok_or("write NAME=ROUTE")?;
    Ok((name.to_owned(), word(route)?))
}

fn pair<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<(String, T), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=HH:MM")?;
    let value = value.parse::<T>().map_err(|error| error.to_string())?;
    Ok((name.to_owned(), value))
}
