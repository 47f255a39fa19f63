//! One calculator: its description, and the run from JSON to an answer. Knows the order of work
//! (facts, validation, formula, finiteness); does not know any formula.

use serde_json::{Value, json};

use super::build::Answer;
use super::error::Fail;
use super::facts::{FactError, FactFile, Facts};
use super::input::{Choice, Input, Inputs, Kind, Need};
use super::output::Output;
use super::text::plain_number;
use super::validate::validate;

/// For whom and when a formula holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Domain {
    /// For whom and when.
    pub holds_for: &'static str,
    /// Where it does not hold.
    pub not_for: &'static str,
}

/// A calculator of the registry.
#[derive(Debug, Clone, Copy)]
pub struct Calculator {
    /// Name on the command line.
    pub name: &'static str,
    /// Title for people.
    pub title: &'static str,
    /// What it answers, in one or two sentences.
    pub about: &'static str,
    /// Formula or instrument and version, as an id.
    pub formula: &'static str,
    /// Inputs.
    pub inputs: &'static [Input],
    /// For whom and when it holds.
    pub domain: Domain,
    /// A complete example of inputs, as JSON text.
    pub example: &'static str,
    pub(crate) facts: FactFile,
    pub(crate) compute: fn(&Inputs, &Facts) -> Result<Answer, Fail>,
}

impl Calculator {
    /// The cut-offs, points and sources it uses.
    ///
    /// # Errors
    /// [`FactError`] when the file cannot be read.
    pub fn facts(&self) -> Result<&'static Facts, FactError> {
        self.facts.get()
    }

    /// Runs it on a JSON object of inputs. Total: any JSON value gives an answer or a [`Fail`].
    ///
    /// # Errors
    /// [`Fail::Inputs`] with every bad key, [`Fail::Facts`], [`Fail::Numeric`].
    pub fn run(&self, given: &Value) -> Result<Output, Fail> {
        let facts = self.facts.get()?;
        let inputs = validate(self.inputs, facts, given).map_err(Fail::Inputs)?;
        let answer = (self.compute)(&inputs, facts)?;
        if let Some(bad) = answer.values.iter().find(|value| !value.value.is_finite()) {
            return Err(Fail::Numeric {
                what: bad.key.to_owned(),
            });
        }
        Ok(Output {
            calculator: self.name,
            title: self.title,
            formula: self.formula,
            values: answer.values,
            category: answer.category,
            interpretation: answer.interpretation,
            steps: answer.steps,
            inputs_used: inputs.keys().collect(),
            inputs_missing: answer.missing,
            warnings: answer.warnings,
            domain: format!("{} Not for: {}", self.domain.holds_for, self.domain.not_for),
            conflicts: facts.file.conflict.clone(),
            open: facts.file.open.clone(),
            sources: facts.cited.clone(),
            as_of: facts.file.as_of.to_string(),
        })
    }

    /// The description as plain data: inputs with unit, range and meaning, domain, example, sources.
    ///
    /// # Errors
    /// [`FactError`] when the fact file cannot be read.
    pub fn describe(&self) -> Result<Value, FactError> {
        let facts = self.facts.get()?;
        let inputs: Vec<Value> = self
            .inputs
            .iter()
            .map(|input| {
                let (required, without) = match input.need {
                    Need::Required => (true, None),
                    Need::Optional(without) => (false, Some(without)),
                };
                json!({
                    "key": input.key,
                    "also": input.also,
                    "unit": input.unit,
                    "accepts": accepts(input, facts),
                    "required": required,
                    "without": without,
                    "meaning": input.meaning,
                })
            })
            .collect();
        Ok(json!({
            "name": self.name,
            "title": self.title,
            "about": self.about,
            "formula": self.formula,
            "inputs": inputs,
            "domain": { "holds_for": self.domain.holds_for, "not_for": self.domain.not_for },
            "example": serde_json::from_str::<Value>(self.example).unwrap_or(Value::Null),
            "conflicts": facts.file.conflict,
            "open": facts.file.open,
            "sources": facts.cited,
            "as_of": facts.file.as_of.to_string(),
            "review_by": facts.file.review_by.to_string(),
        }))
    }
}

/// What an input takes, in words.
fn accepts(input: &Input, facts: &Facts) -> String {
    match input.kind {
        Kind::Number(range, units) => {
            let low = if range.above_min { "above " } else { "" };
            let mut text = format!(
                "{low}{} to {}",
                plain_number(range.min),
                plain_number(range.max)
            );
            if !units.is_empty() {
                let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
                text.push_str(&format!("; also in {}", names.join(", ")));
            }
            text
        }
        Kind::Whole(min, max) => format!("whole number {min} to {max}"),
        Kind::Rating(min, max) => format!("whole number {min} to {max}, or \"NT\" (not testable)"),
        Kind::Flag => "true or false".to_owned(),
        Kind::Word(choices) => {
            let words: Vec<String> = choices
                .iter()
                .map(|choice: &Choice| format!("{} ({})", choice.id, choice.meaning))
                .collect();
            words.join(", ")
        }
        Kind::Answer(item) => facts.item(item).map_or_else(
            |_| String::new(),
            |item| {
                let words: Vec<String> = item
                    .answer
                    .iter()
                    .map(|option| {
                        let points = match option.range() {
                            Some((low, high)) if low == high => format!("{low:+}"),
                            Some((low, high)) => format!("open, {low:+} to {high:+}"),
                            None => "open".to_owned(),
                        };
                        format!("{} ({points}: {})", option.id, option.meaning)
                    })
                    .collect();
                words.join("; ")
            },
        ),
        Kind::Ratings => {
            let words: Vec<String> = facts
                .file
                .item
                .iter()
                .map(|item| {
                    let points: Vec<String> =
                        item.allowed.iter().map(ToString::to_string).collect();
                    format!("{} [{}]", item.id, points.join(" "))
                })
                .collect();
            format!("list of {}: {}", words.len(), words.join(", "))
        }
        Kind::Answers => {
            let words: Vec<&str> = facts
                .file
                .item
                .iter()
                .map(|item| item.id.as_str())
                .collect();
            format!(
                "list of {} answers \"yes\", \"no\" or \"unknown\": {}",
                words.len(),
                words.join(", ")
            )
        }
        Kind::Numbers(range) => {
            let low = if range.above_min { "above " } else { "" };
            format!(
                "list of numbers, {low}{} to {}",
                plain_number(range.min),
                plain_number(range.max)
            )
        }
        Kind::Text => "text".to_owned(),
    }
}
