//! `ketum calc NAME`: the clinical and interaction calculators. Reads inputs as JSON or as KEY=VALUE,
//! prints the answer with its explanation; every rule is in the library.

use std::fmt::Write as _;
use std::io::Read as _;

use ketum::clinic::{self, Calculator, Fail, OutputValue, Scalar};
use ketum_report::terminal::{Style, wrap};
use ketum_report::words;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::output::{Format, Output};

/// Work out a clinical score or an interaction equation, with units, checks and an explanation.
///
/// Without a name, the calculators are listed. With a name and no inputs, its inputs, limits and sources
/// are described.
#[derive(clap::Args)]
#[command(
    disable_help_flag = true,
    after_help = "Examples:\n  ketum calc\n  ketum calc qtc\n  ketum calc qtc qt_ms=400 hr_bpm=75 sex=F\n  \
                  ketum calc r_ratio --input '{\"alt_U_L\":126,\"alt_uln\":35,\"alp_U_L\":218,\"alp_uln\":130}' --format json\n  \
                  ketum calc ckd_epi_2021_cr sex=M age_y=55 cr_mg_dL='106 umol/L'"
)]
pub struct Arguments {
    /// Name of a calculator.
    name: Option<String>,
    /// Inputs as KEY=VALUE.
    #[arg(value_name = "KEY=VALUE")]
    pairs: Vec<String>,
    /// Inputs as a JSON object, or a file that holds one; `-` reads standard input.
    #[arg(long, value_name = "JSON")]
    input: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// List the calculators, or describe the named one.
    #[arg(short, long)]
    help: bool,
}

pub fn run(arguments: &Arguments, out: &mut Output) -> Result<(), Failure> {
    let Some(name) = &arguments.name else {
        return list(arguments.format, out);
    };
    let Some(calculator) = clinic::find(name) else {
        return refuse(name, &unknown(name), arguments.format, out);
    };
    let described = arguments.input.is_none() && arguments.pairs.is_empty();
    if described || arguments.help {
        return describe(calculator, arguments.format, out);
    }
    let given = given(arguments)?;
    match calculator.run(&given) {
        Ok(answer) => match arguments.format {
            Format::Json => out.json(&answer.to_json()),
            Format::Text => out.text(&answer_text(&answer, out.colour())),
        },
        Err(fail) => refuse(name, &fail, arguments.format, out),
    }
}

fn unknown(name: &str) -> Fail {
    Fail::UnknownCalculator {
        given: name.to_owned(),
        suggestions: clinic::suggest(name),
    }
}

/// The inputs as one JSON object.
fn given(arguments: &Arguments) -> Result<Value, Failure> {
    let mut given = match arguments.input.as_deref() {
        None => Value::Object(Map::new()),
        Some(text) => {
            let text = written(text)?;
            serde_json::from_str(&text).map_err(|error| {
                Failure::User(format!(
                    "--input is not JSON: {error}; it should look like '{{\"key\": 1.5}}'"
                ))
            })?
        }
    };
    for pair in &arguments.pairs {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| Failure::User(format!("`{pair}` is not KEY=VALUE")))?;
        let object = given.as_object_mut().ok_or_else(|| {
            Failure::User("--input is not a JSON object, so KEY=VALUE cannot be added".to_owned())
        })?;
        // What reads as JSON is JSON (1.5, true, [1,2]); the rest is text (F, 106 umol/L).
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        if object.insert(key.to_owned(), value).is_some() {
            return Err(Failure::User(format!("`{key}` is given twice")));
        }
    }
    Ok(given)
}

/// The JSON text itself, or what standard input or a file holds.
fn written(text: &str) -> Result<String, Failure> {
    if text == "-" {
        let mut read = String::new();
        return std::io::stdin()
            .read_to_string(&mut read)
            .map(|_| read)
            .map_err(|error| Failure::User(format!("standard input: {error}")));
    }
    if text.trim_start().starts_with(['{', '[', '"']) {
        return Ok(text.to_owned());
    }
    std::fs::read_to_string(text).map_err(|error| {
        Failure::User(format!(
            "--input `{text}` is neither JSON nor a file: {error}"
        ))
    })
}

/// Prints every problem; programs get them on standard output, people on standard error.
fn refuse(name: &str, fail: &Fail, format: Format, out: &mut Output) -> Result<(), Failure> {
    if format == Format::Json {
        let suggestions = match fail {
            Fail::UnknownCalculator { suggestions, .. } => suggestions.clone(),
            _ => Vec::new(),
        };
        out.json(&json!({
            "calculator": name,
            "error": fail.code(),
            "message": fail.to_string(),
            "problems": fail.problems(),
            "suggestions": suggestions,
        }))?;
    }
    let mut text = match fail {
        Fail::UnknownCalculator { suggestions, .. } => match suggestions.first() {
            Some(near) => format!("{fail}; did you mean `{near}`?"),
            None => format!("{fail}; `ketum calc` lists them"),
        },
        Fail::Inputs(problems) => {
            let mut text = String::from(match problems.len() {
                1 => "the input cannot be used:",
                _ => "the inputs cannot be used:",
            });
            for problem in problems {
                let _ = write!(text, "\n  - {}", problem.message);
            }
            text
        }
        _ => fail.to_string(),
    };
    if matches!(fail, Fail::Inputs(_)) {
        let _ = write!(text, "\n`ketum calc {name}` describes the inputs");
    }
    Err(match fail {
        Fail::Facts(_) => Failure::Data(text),
        Fail::Numeric { .. } => Failure::Numeric(text),
        _ => Failure::User(text),
    })
}

fn list(format: Format, out: &mut Output) -> Result<(), Failure> {
    if format == Format::Json {
        let all: Result<Vec<Value>, _> = clinic::all().iter().map(Calculator::describe).collect();
        return out.json(&all.map_err(|error| Failure::Data(error.to_string()))?);
    }
    let widest = clinic::all()
        .iter()
        .map(|calculator| calculator.name.len())
        .max()
        .unwrap_or_default();
    let indent = " ".repeat(widest + 4);
    let mut text = String::new();
    for calculator in clinic::all() {
        let first = format!("  {:<widest$}  ", calculator.name);
        text.push_str(&wrap(calculator.about, &first, &indent));
    }
    text.push_str(
        "\n`ketum calc NAME` describes one. No result is a diagnosis, and none is a dose.\n",
    );
    out.text(&text)
}

fn describe(calculator: &Calculator, format: Format, out: &mut Output) -> Result<(), Failure> {
    let described = calculator
        .describe()
        .map_err(|error| Failure::Data(error.to_string()))?;
    if format == Format::Json {
        return out.json(&described);
    }
    let facts = calculator
        .facts()
        .map_err(|error| Failure::Data(error.to_string()))?;
    let style = Style::new(out.colour());
    let mut text = format!("{}\n", style.bold(calculator.title));
    text.push_str(&wrap(calculator.about, "", ""));
    text.push_str(&wrap(calculator.formula, "Formula: ", "  "));
    let _ = write!(text, "\n{}\n", style.bold("Inputs"));
    for input in described["inputs"].as_array().into_iter().flatten() {
        let field = |name: &str| input[name].as_str().unwrap_or_default();
        let unit = match field("unit") {
            "" | "1" => String::new(),
            unit => format!(" ({unit})"),
        };
        text.push_str(&wrap(
            field("meaning"),
            &format!("  {}{unit}: ", field("key")),
            "      ",
        ));
        text.push_str(&wrap(field("accepts"), "      takes ", "      "));
        if input["required"] == Value::Bool(false) {
            text.push_str(&wrap(field("without"), "      if left out: ", "      "));
        }
        let also: Vec<&str> = input["also"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if !also.is_empty() {
            text.push_str(&wrap(&also.join(", "), "      also written ", "      "));
        }
    }
    let _ = write!(text, "\n{}\n", style.bold("Holds for"));
    text.push_str(&wrap(calculator.domain.holds_for, "  ", "  "));
    text.push_str(&wrap(calculator.domain.not_for, "  Not for: ", "  "));
    let _ = write!(
        text,
        "\n{}\n  ketum calc {} --input '{}'\n",
        style.bold("Example"),
        calculator.name,
        calculator.example
    );
    disputes(&mut text, style, &facts.file.conflict, &facts.file.open);
    sources(
        &mut text,
        style,
        &facts.cited,
        &facts.file.as_of.to_string(),
    );
    out.text(&text)
}

fn disputes(
    text: &mut String,
    style: Style,
    conflicts: &[clinic::Conflict],
    open: &[clinic::OpenPart],
) {
    if !conflicts.is_empty() {
        let _ = write!(text, "\n{}\n", style.bold("Sources disagree"));
        for conflict in conflicts {
            let line = format!(
                "{}. Used: {}. Other: {}.",
                conflict.about, conflict.used, conflict.other
            );
            text.push_str(&wrap(&line, "  - ", "    "));
        }
    }
    if !open.is_empty() {
        let _ = write!(text, "\n{}\n", style.bold("Not verified, so left out"));
        for part in open {
            let line = format!(
                "{}. Looked for in: {}. Instead: {}.",
                part.what, part.looked_for, part.instead
            );
            text.push_str(&wrap(&line, "  - ", "    "));
        }
    }
}

fn sources(text: &mut String, style: Style, cited: &[clinic::CitedSource], as_of: &str) {
    let _ = write!(
        text,
        "\n{}\n",
        style.bold(&format!("Sources, read by {as_of}"))
    );
    for source in cited {
        let read = words::verification(source.verification);
        let line = format!(
            "{}. {}; {read}",
            words::reference(&source.source),
            source.locator
        );
        text.push_str(&wrap(&line, "  - ", "    "));
    }
}

/// The value as a person reads it.
fn shown(value: &OutputValue) -> String {
    let number = |number: f64| clinic::rounded(number, value.decimals);
    let bare = match &value.value {
        Scalar::Number(x) => number(*x),
        Scalar::Whole(x) => x.to_string(),
        Scalar::Flag(true) => "yes".to_owned(),
        Scalar::Flag(false) => "no".to_owned(),
        Scalar::Text(words) => words.replace('_', " "),
        Scalar::Numbers(list) => list
            .iter()
            .map(|x| number(*x))
            .collect::<Vec<_>>()
            .join(", "),
        Scalar::Absent => return "not given".to_owned(),
    };
    match value.unit {
        "" | "1" | "{score}" | "{count}" => bare,
        unit => format!("{bare} {}", unit.replace("{1.73_m2}", "1.73 m2")),
    }
}

fn answer_text(answer: &clinic::Output, colour: bool) -> String {
    let style = Style::new(colour);
    let mut text = format!("{}\n", style.bold(answer.title));
    let widest = answer
        .values
        .iter()
        .map(|value| value.key.len())
        .max()
        .unwrap_or_default();
    let indent = " ".repeat(widest + 4);
    for value in &answer.values {
        let first = format!("  {:<widest$}  ", value.key);
        text.push_str(&wrap(
            &format!("{}  ({})", shown(value), value.meaning),
            &first,
            &indent,
        ));
    }
    for warning in &answer.warnings {
        text.push_str(&wrap(warning, "  ! ", "    "));
    }
    let _ = write!(text, "\n{}\n", style.bold("What it means"));
    for sentence in &answer.interpretation {
        text.push_str(&wrap(sentence, "  ", "  "));
    }
    let _ = write!(text, "\n{}\n", style.bold("How it was worked out"));
    text.push_str(&wrap(answer.formula, "  ", "  "));
    for step in &answer.steps {
        text.push_str(&wrap(step, "  - ", "    "));
    }
    for missing in &answer.inputs_missing {
        text.push_str(&wrap(missing, "  - not given: ", "    "));
    }
    text.push_str(&wrap(&answer.domain, "  Holds for: ", "    "));
    disputes(&mut text, style, &answer.conflicts, &answer.open);
    sources(&mut text, style, &answer.sources, &answer.as_of);
    text
}
