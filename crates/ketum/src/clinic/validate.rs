//! From JSON to validated inputs. Knows how to read every kind of input and collects every problem;
//! does not know what a calculator does with them. Total: any JSON value gives inputs or problems.

use serde_json::{Map, Value};

use super::error::Problem;
use super::facts::{Facts, Item};
use super::input::{Choice, Given, Input, Inputs, Kind, Need, Range, UnitFactor};
use super::nearest::nearest;
use super::text::plain_number;

/// Validates `given` against `declared`.
pub(crate) fn validate(
    declared: &[Input],
    facts: &Facts,
    given: &Value,
) -> Result<Inputs, Vec<Problem>> {
    let Some(object) = given.as_object() else {
        return Err(vec![Problem::new(
            "",
            "not_an_object",
            format!(
                "the inputs must be a JSON object such as {{\"key\": value}}, not {}",
                kind_of(given)
            ),
        )]);
    };
    let mut problems = unknown_keys(declared, object);
    let mut inputs = Inputs::default();
    for input in declared {
        match spelled(input, object) {
            Err(problem) => problems.push(problem),
            Ok(None) => {
                if input.need == Need::Required {
                    problems.push(Problem::new(
                        input.key,
                        "missing",
                        format!(
                            "{} is missing: {}{}",
                            input.key,
                            input.meaning,
                            in_unit(input.unit)
                        ),
                    ));
                }
            }
            Ok(Some(value)) => match read(input, facts, value) {
                Ok(read) => inputs.insert(input.key, read),
                Err(found) => problems.extend(found),
            },
        }
    }
    if problems.is_empty() {
        Ok(inputs)
    } else {
        Err(problems)
    }
}

fn unknown_keys(declared: &[Input], object: &Map<String, Value>) -> Vec<Problem> {
    let known = || {
        declared
            .iter()
            .flat_map(|input| std::iter::once(&input.key).chain(input.also).copied())
    };
    object
        .keys()
        .filter(|key| !known().any(|name| name == key.as_str()))
        .map(|key| {
            let close = nearest(key, known());
            let hint = match close.first() {
                Some(name) => format!("; did you mean \"{name}\"?"),
                None => String::new(),
            };
            Problem::new(
                key,
                "unknown_key",
                format!("\"{}\" is not an input here{hint}", shorten(key)),
            )
            .suggesting(close)
        })
        .collect()
}

/// The value under the key or one of its spellings; JSON `null` counts as not given.
fn spelled<'a>(
    input: &Input,
    object: &'a Map<String, Value>,
) -> Result<Option<&'a Value>, Problem> {
    let mut found: Option<(&str, &Value)> = None;
    for name in std::iter::once(&input.key).chain(input.also) {
        let Some(value) = object.get(*name).filter(|value| !value.is_null()) else {
            continue;
        };
        if let Some((first, _)) = found {
            return Err(Problem::new(
                input.key,
                "given_twice",
                format!("\"{first}\" and \"{name}\" are the same input; give one of them"),
            ));
        }
        found = Some((name, value));
    }
    Ok(found.map(|(_, value)| value))
}

fn read(input: &Input, facts: &Facts, value: &Value) -> Result<Given, Vec<Problem>> {
    let one = |result: Result<Given, Problem>| result.map_err(|problem| vec![problem]);
    match input.kind {
        Kind::Number(range, units) => one(number(input, range, units, value)),
        Kind::Whole(min, max) => one(whole(input, min, max, value).map(Given::Whole)),
        Kind::Rating(min, max) => {
            if value
                .as_str()
                .is_some_and(|text| text.eq_ignore_ascii_case("nt"))
            {
                Ok(Given::NotTestable)
            } else {
                one(whole(input, min, max, value).map(Given::Whole))
            }
        }
        Kind::Flag => one(value
            .as_bool()
            .map(Given::Flag)
            .ok_or_else(|| wrong_type(input, "true or false", value))),
        Kind::Word(choices) => one(word(
            input,
            choices.iter().map(|choice: &Choice| choice.id),
            value,
        )),
        Kind::Answer(item) => match facts.item(item) {
            Ok(item) => one(word(
                input,
                item.answer.iter().map(|answer| answer.id.as_str()),
                value,
            )),
            Err(error) => Err(vec![Problem::new(
                input.key,
                "fact_file",
                error.to_string(),
            )]),
        },
        Kind::Ratings => ratings(input, &facts.file.item, value),
        Kind::Answers => answers(input, &facts.file.item, value),
        Kind::Numbers(range) => numbers(input, range, value),
        Kind::Text => one(match value.as_str() {
            Some(text) if !text.trim().is_empty() && text.len() <= 64 => {
                Ok(Given::Text(text.trim().to_owned()))
            }
            _ => Err(wrong_type(input, "a text of at most 64 bytes", value)),
        }),
    }
}

/// A number in the input's unit: bare, `{"value", "unit"}` or `"1.2 mg/dL"`.
fn number(
    input: &Input,
    range: Range,
    units: &[UnitFactor],
    value: &Value,
) -> Result<Given, Problem> {
    let (bare, unit) = match value {
        Value::Number(_) => (value.as_f64(), None),
        Value::Object(object) if object.keys().all(|key| key == "value" || key == "unit") => (
            object.get("value").and_then(Value::as_f64),
            object.get("unit").and_then(Value::as_str),
        ),
        Value::String(text) => match text.trim().split_once(char::is_whitespace) {
            Some((digits, unit)) => (digits.parse().ok(), Some(unit.trim())),
            None => (None, None),
        },
        _ => (None, None),
    };
    let Some(bare) = bare.filter(|number| number.is_finite()) else {
        let expected = format!("a number{}", in_unit(input.unit));
        return Err(wrong_type(input, &expected, value));
    };
    let factor = match unit {
        None => 1.0,
        Some(unit) if unit == input.unit => 1.0,
        Some(unit) => match units.iter().find(|(name, _)| *name == unit) {
            Some((_, factor)) => *factor,
            None => {
                let mut known = vec![input.unit];
                known.extend(units.iter().map(|(name, _)| *name));
                return Err(Problem::new(
                    input.key,
                    "unknown_unit",
                    format!(
                        "{} cannot be given in \"{}\"; units: {}",
                        input.key,
                        shorten(unit),
                        known.join(", ")
                    ),
                )
                .suggesting(nearest(unit, known.into_iter())));
            }
        },
    };
    check_range(input, range, bare * factor).map(Given::Number)
}

fn check_range(input: &Input, range: Range, number: f64) -> Result<f64, Problem> {
    if range.holds(number) {
        return Ok(number);
    }
    let low = if range.above_min { "above " } else { "from " };
    let code = if range.code.is_empty() {
        "out_of_range"
    } else {
        range.code
    };
    Err(Problem::new(
        input.key,
        code,
        format!(
            "{} is {}; it must be {low}{} to {}{}",
            input.key,
            plain_number(number),
            plain_number(range.min),
            plain_number(range.max),
            in_unit(input.unit),
        ),
    ))
}

/// A whole number; `4.0` counts, `4.5` does not.
fn as_whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let number = value.as_f64()?;
        #[allow(clippy::cast_possible_truncation)] // bounded on the line before
        (number.abs() < 1e15 && number.fract() == 0.0).then_some(number as i64)
    })
}

fn whole(input: &Input, min: i64, max: i64, value: &Value) -> Result<i64, Problem> {
    let expected = format!("a whole number from {min} to {max}");
    let number = as_whole(value).ok_or_else(|| wrong_type(input, &expected, value))?;
    if (min..=max).contains(&number) {
        Ok(number)
    } else {
        Err(Problem::new(
            input.key,
            "out_of_range",
            format!("{} is {number}; it must be {expected}", input.key),
        ))
    }
}

fn word<'a>(
    input: &Input,
    allowed: impl Iterator<Item = &'a str> + Clone,
    value: &Value,
) -> Result<Given, Problem> {
    let list = || allowed.clone().collect::<Vec<_>>().join(", ");
    let Some(text) = value.as_str() else {
        return Err(wrong_type(input, &format!("one of {}", list()), value));
    };
    if allowed.clone().any(|id| id == text) {
        return Ok(Given::Word(text.to_owned()));
    }
    Err(Problem::new(
        input.key,
        "unknown_word",
        format!(
            "{} is \"{}\"; it must be one of {}",
            input.key,
            shorten(text),
            list()
        ),
    )
    .suggesting(nearest(text, allowed)))
}

fn list_of<'a>(
    input: &Input,
    items: &[Item],
    value: &'a Value,
) -> Result<&'a [Value], Vec<Problem>> {
    let Some(values) = value.as_array() else {
        let expected = format!("a list of {} answers", items.len());
        return Err(vec![wrong_type(input, &expected, value)]);
    };
    if values.len() != items.len() {
        return Err(vec![Problem::new(
            input.key,
            "wrong_length",
            format!(
                "{} has {} entries; it must have {}, one per item",
                input.key,
                values.len(),
                items.len()
            ),
        )]);
    }
    Ok(values)
}

fn ratings(input: &Input, items: &[Item], value: &Value) -> Result<Given, Vec<Problem>> {
    let values = list_of(input, items, value)?;
    let mut problems = Vec::new();
    let mut read = Vec::with_capacity(items.len());
    for (position, (item, value)) in items.iter().zip(values).enumerate() {
        match as_whole(value).filter(|number| item.allowed.contains(number)) {
            Some(number) => read.push(number),
            None => {
                let allowed: Vec<String> = item.allowed.iter().map(ToString::to_string).collect();
                let at = position + 1;
                problems.push(Problem::new(
                    input.key,
                    &format!("item_{at}_value_not_allowed"),
                    format!("item {at} ({}) takes {}", item.id, allowed.join(", ")),
                ));
            }
        }
    }
    if problems.is_empty() {
        Ok(Given::Ratings(read))
    } else {
        Err(problems)
    }
}

fn answers(input: &Input, items: &[Item], value: &Value) -> Result<Given, Vec<Problem>> {
    let values = list_of(input, items, value)?;
    let mut problems = Vec::new();
    let mut read = Vec::with_capacity(items.len());
    for (position, (item, value)) in items.iter().zip(values).enumerate() {
        match value
            .as_str()
            .filter(|text| item.answer.iter().any(|answer| answer.id == *text))
        {
            Some(text) => read.push(text.to_owned()),
            None => {
                let allowed: Vec<&str> = item
                    .answer
                    .iter()
                    .map(|answer| answer.id.as_str())
                    .collect();
                let at = position + 1;
                problems.push(Problem::new(
                    input.key,
                    &format!("item_{at}_value_not_allowed"),
                    format!("item {at} ({}) takes {}", item.id, allowed.join(", ")),
                ));
            }
        }
    }
    if problems.is_empty() {
        Ok(Given::Answers(read))
    } else {
        Err(problems)
    }
}

/// Longest list of numbers accepted.
const LONGEST: usize = 64;

fn numbers(input: &Input, range: Range, value: &Value) -> Result<Given, Vec<Problem>> {
    let single = std::slice::from_ref(value);
    let values = match value {
        Value::Number(_) => single,
        Value::Array(values) => values.as_slice(),
        _ => return Err(vec![wrong_type(input, "a list of numbers", value)]),
    };
    if values.is_empty() || values.len() > LONGEST {
        return Err(vec![Problem::new(
            input.key,
            "wrong_length",
            format!(
                "{} has {} entries; it must have 1 to {LONGEST}",
                input.key,
                values.len()
            ),
        )]);
    }
    let mut problems = Vec::new();
    let mut read = Vec::with_capacity(values.len());
    for value in values {
        match value.as_f64() {
            None => problems.push(wrong_type(input, "a list of numbers", value)),
            Some(number) => match check_range(input, range, number) {
                Ok(number) => read.push(number),
                Err(problem) => problems.push(problem),
            },
        }
    }
    if problems.is_empty() {
        Ok(Given::Numbers(read))
    } else {
        Err(problems)
    }
}

fn wrong_type(input: &Input, expected: &str, value: &Value) -> Problem {
    Problem::new(
        input.key,
        "wrong_type",
        format!("{} must be {expected}, not {}", input.key, kind_of(value)),
    )
}

fn kind_of(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("the text \"{}\"", shorten(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Long or odd text is cut and its control characters dropped, so a message stays one line.
fn shorten(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if clean.chars().count() < text.chars().count() {
        format!("{clean}…")
    } else {
        clean
    }
}

fn in_unit(unit: &str) -> String {
    match unit {
        "" | "1" => String::new(),
        unit => format!(" ({unit})"),
    }
}
