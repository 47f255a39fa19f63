//! `ketum law`: what the law of a place says of a substance, a product and an act on a day.

use std::path::{Path, PathBuf};

use ketum::case::Product;
use ketum::law::{
    Buyer, LawAnswer, LawBook, PlaceVerdict, Question, Sample, changes, table, verdict,
};
use ketum_core::date::Date;
use ketum_core::law::{Activity, Compound};
use ketum_data::document::{Document, Notation, nearest, render};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Format, Output};

/// What the law of a place says of a substance or product, an act and a day. Not legal advice.
#[derive(clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  ketum law US-FL\n  ketum law US-FL --product product.toml --date 2026-11-24 --activity sell\n  ketum law US-ID/blackfoot --substance 7-OH\n  ketum law US --what-if us-dea-1570-oct --product product.toml\n  ketum law route US-GA US-FL US-AL\n  ketum law changes --since 2026-08-01\n  ketum law compare US-TX US-UT\n  ketum law table --svg > map.svg"
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// An ISO code (`US-FL`, `TH`), `US-ID/blackfoot`, an OCD id, or a name.
    #[arg(required = true)]
    place: Option<String>,
    #[command(flatten)]
    asked: Asked,
    /// Print a page for a browser instead.
    #[arg(long)]
    html: bool,
    /// Use the law files of this folder instead of those built in: to see a change before it is merged.
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Every place crossed on a journey.
    Route {
        /// The places, in order.
        #[arg(required = true)]
        places: Vec<String>,
        #[command(flatten)]
        asked: Asked,
    },
    /// What changed since a day.
    Changes {
        /// The day.
        #[arg(long, value_name = "DATE")]
        since: Date,
        /// Only up to this day.
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        /// Only this place and the places in it.
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Two or more places side by side.
    Compare {
        /// The places.
        #[arg(required = true, num_args = 2..)]
        places: Vec<String>,
        #[command(flatten)]
        asked: Asked,
    },
    /// Every place, leaf and 7-OH.
    Table {
        /// The act.
        #[arg(long, value_parser = activity, default_value = "sell")]
        activity: Activity,
        /// The day; today where absent.
        #[arg(long, value_name = "DATE")]
        date: Option<Date>,
        /// Use only what was published by this day.
        #[arg(long, value_name = "DATE")]
        known_as_of: Option<Date>,
        /// Print the tile map of the states instead.
        #[arg(long, conflicts_with = "html")]
        svg: bool,
        /// Print a page for a browser instead.
        #[arg(long)]
        html: bool,
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

/// What is asked of each place.
#[derive(clap::Args)]
struct Asked {
    /// leaf, extract, mitragynine, 7-OH, MP, MGM-15, MGM-16, ... or all; analyte ids work too. Where a
    /// product is given and this is not, the product's form decides; else leaf.
    #[arg(long)]
    substance: Option<String>,
    /// The act.
    #[arg(long, value_parser = activity, default_value = "possess")]
    activity: Activity,
    /// The day of the act; today where absent.
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// Use only what was published by this day; the edition of the data where absent.
    #[arg(long, value_name = "DATE")]
    known_as_of: Option<Date>,
    /// A product file, TOML or JSON: the `product` block of a case.
    #[arg(long, value_name = "FILE")]
    product: Option<PathBuf>,
    /// Age of the buyer.
    #[arg(long, value_name = "YEARS")]
    buyer_age: Option<u16>,
    /// Take a proposal or a past limit as if it were in force.
    #[arg(long, value_name = "ID")]
    what_if: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn activity(word: &str) -> Result<Activity, String> {
    let word = word.trim().to_ascii_lowercase().replace('-', "_");
    let word = match word.as_str() {
        "ship" | "mail" => "online_sale",
        other => other,
    };
    Activity::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = Activity::ALL.iter().map(|entry| entry.as_str()).collect();
        format!("one of {}", words.join(", "))
    })
}

#[derive(Serialize)]
struct Answers<'a> {
    date: String,
    activity: Activity,
    answers: &'a [LawAnswer],
}

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let catalogue = crate::validate::catalogue(arguments.data.as_deref())?;
    let book = LawBook::new(&catalogue.law);
    match &arguments.command {
        None => {
            let place = arguments.place.as_deref().unwrap_or_default();
            let answers = ask(book, &[place.to_owned()], &arguments.asked)?;
            one(&answers, &arguments.asked, arguments.html, out)
        }
        Some(Command::Route { places, asked }) => {
            let answers = ask(book, places, asked)?;
            several("route", &answers, asked, out)
        }
        Some(Command::Compare { places, asked }) => {
            let mut answers = ask(book, places, asked)?;
            if asked.substance.is_none() && asked.product.is_none() {
                let second = Asked {
                    substance: Some("7-OH".to_owned()),
                    product: None,
                    what_if: asked.what_if.clone(),
                    ..*asked
                };
                answers.extend(ask(book, places, &second)?);
            }
            match asked.format {
                Format::Json => several("compare", &answers, asked, out),
                Format::Text => out.text(&ketum_report::law::table::compare(&answers)),
            }
        }
        Some(Command::Changes {
            since,
            until,
            place,
            format,
        }) => {
            let mut list = changes(book, *since, *until);
            if let Some(place) = place {
                let found = book.place(place).ok_or_else(|| no_place(book, place))?;
                let inside = format!("{}/", found.id);
                list.retain(|change| {
                    change.place.eq_ignore_ascii_case(&found.id)
                        || change.place.starts_with(&inside)
                });
            }
            match format {
                Format::Json => out
                    .json(&serde_json::json!({ "since": since, "until": until, "changes": list })),
                Format::Text => out.text(&ketum_report::law::table::changes(&list)),
            }
        }
        Some(Command::Table {
            activity,
            date,
            known_as_of,
            svg,
            html,
            format,
        }) => {
            let date = date.map_or_else(today, Ok)?;
            let known = known_as_of.or_else(|| book.data_as_of()).unwrap_or(date);
            let rows = table(book, date, known, *activity);
            if *svg {
                return out.text(&ketum_report::law::map::svg(&rows, date, *activity));
            }
            if *html {
                return out.text(&ketum_report::law::page::world(&rows, date, *activity));
            }
            match format {
                Format::Json => out.json(&serde_json::json!({
                    "date": date, "known_as_of": known, "activity": activity, "rows": rows
                })),
                Format::Text => out.text(&ketum_report::law::table::world(&rows, date, *activity)),
            }
        }
    }
}

fn one(answers: &[LawAnswer], asked: &Asked, html: bool, out: &mut Output) -> Result<(), Failure> {
    if html {
        return out.text(&ketum_report::law::page::place(answers));
    }
    match (asked.format, answers) {
        (Format::Json, [answer]) => out.json(answer),
        (Format::Json, answers) => out.json(&answers),
        (Format::Text, [answer]) => {
            out.text(&ketum_report::law::answer::text(answer, out.colour()))
        }
        (Format::Text, answers) => {
            out.text(&ketum_report::law::answer::lines(answers, out.colour()))
        }
    }
}

fn several(
    what: &'static str,
    answers: &[LawAnswer],
    asked: &Asked,
    out: &mut Output,
) -> Result<(), Failure> {
    match asked.format {
        Format::Text => {
            if what == "route" {
                let strictest = answers
                    .iter()
                    .map(|answer| answer.verdict)
                    .max()
                    .unwrap_or(PlaceVerdict::Unknown);
                out.text(&format!(
                    "Along this route: {}\n\n",
                    ketum_report::law::words::place_verdict(strictest)
                ))?;
            }
            out.text(&ketum_report::law::answer::lines(answers, out.colour()))
        }
        Format::Json => {
            let date = answers
                .first()
                .map_or_else(String::new, |answer| answer.date.clone());
            out.json(&serde_json::json!({
                what: Answers { date, activity: asked.activity, answers }
            }))
        }
    }
}

/// Answers for every place and substance asked for.
fn ask(book: LawBook<'_>, places: &[String], asked: &Asked) -> Result<Vec<LawAnswer>, Failure> {
    let sample = asked.product.as_deref().map(read_product).transpose()?;
    let substances = match asked.substance.as_deref() {
        None => vec![sample.as_ref().map_or(Compound::Leaf, Sample::substance)],
        Some("all") => Compound::ALL.to_vec(),
        Some(name) => vec![Compound::parse(name).ok_or_else(|| {
            let words = Compound::ALL.iter().map(|compound| compound.as_str());
            let hint = nearest(name, words.clone()).map_or_else(
                || format!("one of {}, or all", words.collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            Failure::User(format!("no rule is about `{name}`; {hint}"))
        })?],
    };
    let date = asked.date.map_or_else(today, Ok)?;
    let known_as_of = asked
        .known_as_of
        .or_else(|| book.data_as_of())
        .unwrap_or(date);
    let mut answers = Vec::new();
    for name in places {
        let place = book.place(name).ok_or_else(|| no_place(book, name))?;
        for substance in &substances {
            answers.push(verdict(
                book,
                &place,
                &Question {
                    date,
                    known_as_of,
                    activity: asked.activity,
                    substance: *substance,
                    sample: sample.as_ref(),
                    buyer: Buyer {
                        age: asked.buyer_age,
                        ..Buyer::default()
                    },
                    what_if: &asked.what_if,
                },
            ));
        }
    }
    for id in &asked.what_if {
        if !answers.iter().any(|answer| answer.what_if.contains(id)) {
            return Err(Failure::User(format!(
                "no proposal or past limit of these places is called `{id}`; the answer without --what-if lists them under `pending`"
            )));
        }
    }
    Ok(answers)
}

fn no_place(book: LawBook<'_>, name: &str) -> Failure {
    let upper = name.to_ascii_uppercase();
    let ids = || {
        book.files().iter().flat_map(|file| {
            [
                file.jurisdiction.id.as_str(),
                file.jurisdiction.name.as_str(),
            ]
        })
    };
    let hint = nearest(&upper, ids())
        .or_else(|| nearest(name, ids()))
        .map_or_else(
            || "`ketum law table` lists the places".to_owned(),
            |near| format!("did you mean `{near}`? `ketum law table` lists the places"),
        );
    Failure::User(format!(
        "nothing is known of a place called `{name}`, so nothing can be said of its law; {hint}"
    ))
}

/// Reads a product: the block in a file of its own, or the `product` of a case.
fn read_product(path: &Path) -> Result<Sample, Failure> {
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::User(format!("cannot read {}: {error}", path.display())))?;
    let notation = match path.extension().and_then(|end| end.to_str()) {
        Some("json") => Notation::Json,
        _ => Notation::Toml,
    };
    let name = path.display().to_string();
    let told = |problems: Vec<ketum_data::document::Diagnostic>, text: Option<&str>| {
        let all: Vec<String> = problems
            .iter()
            .map(|problem| render(problem, text, false))
            .collect();
        Failure::User(format!("the product cannot be used\n{}", all.join("\n")))
    };
    let document =
        Document::read(&name, &bytes, notation).map_err(|problems| told(problems, None))?;
    let is_case = matches!(
        &document.root.value,
        ketum_data::document::Value::Table(entries)
            if entries.iter().any(|(key, _)| key.text == "product")
    );
    let product: Product = if is_case {
        let case: ketum::case::Case = document
            .parse()
            .map_err(|problems| told(problems, Some(&document.text)))?;
        case.product
    } else {
        document
            .parse()
            .map_err(|problems| told(problems, Some(&document.text)))?
    };
    Ok(Sample::from(&product))
}

/// Today by the clock of this machine, in universal time.
fn today() -> Result<Date, Failure> {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_err(|_| Failure::User("the clock stands before 1970; give --date".to_owned()))?
        .as_secs();
    i32::try_from(seconds / 86_400)
        .ok()
        .and_then(|days| Date::new(1970, 1, 1)?.plus_days(days))
        .ok_or_else(|| Failure::User("the clock is out of range; give --date".to_owned()))
}
