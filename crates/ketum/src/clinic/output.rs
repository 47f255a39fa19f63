//! A calculator's answer as plain data. Knows values with units, words, steps and sources; does not
//! know how they are shown.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::facts::{CitedSource, Conflict, OpenPart};

/// A result value.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A number, at full precision.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// Yes or no.
    Flag(bool),
    /// A program word or a text.
    Text(String),
    /// A list of numbers.
    Numbers(Vec<f64>),
    /// Not computable from what was given; the interpretation says why.
    Absent,
}

impl Scalar {
    /// The value as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Number(number) => json!(number),
            Self::Whole(number) => json!(number),
            Self::Flag(flag) => json!(flag),
            Self::Text(text) => json!(text),
            Self::Numbers(numbers) => json!(numbers),
            Self::Absent => Value::Null,
        }
    }

    pub(crate) fn is_finite(&self) -> bool {
        match self {
            Self::Number(number) => number.is_finite(),
            Self::Numbers(numbers) => numbers.iter().all(|number| number.is_finite()),
            _ => true,
        }
    }
}

impl Serialize for Scalar {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

/// One value of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutputValue {
    /// Key, stable for programs.
    pub key: &'static str,
    /// The value.
    pub value: Scalar,
    /// UCUM unit; empty for words and flags.
    pub unit: &'static str,
    /// Decimal places a person needs; the value itself is not rounded.
    pub decimals: usize,
    /// What it is.
    pub meaning: String,
}

/// What a calculator answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// Name of the calculator.
    pub calculator: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Formula or instrument and version, as an id.
    pub formula: &'static str,
    /// Values, main one first.
    pub values: Vec<OutputValue>,
    /// The band or category as a program word, where there is one.
    pub category: Option<String>,
    /// What the result means and does not mean. Never a diagnosis, never a dose.
    pub interpretation: Vec<String>,
    /// How it was worked out, with the numbers filled in.
    pub steps: Vec<String>,
    /// Keys used.
    pub inputs_used: Vec<&'static str>,
    /// Keys not given that would have changed or completed the answer, with what their absence did.
    pub inputs_missing: Vec<String>,
    /// What a reader must know before using it.
    pub warnings: Vec<String>,
    /// For whom and when the formula holds.
    pub domain: String,
    /// Sources that disagree.
    pub conflicts: Vec<Conflict>,
    /// Parts that could not be verified and were left out.
    pub open: Vec<OpenPart>,
    /// Sources with what was read of each.
    pub sources: Vec<CitedSource>,
    /// Day the facts were read.
    pub as_of: String,
}

impl Output {
    /// The value under `key`.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Scalar> {
        self.values
            .iter()
            .find(|value| value.key == key)
            .map(|value| &value.value)
    }

    /// The answer as JSON: every result under its own key at the top, so that a program reads
    /// `.egfr`, and the rest (units, steps, sources) beside it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = match serde_json::to_value(self) {
            Ok(Value::Object(object)) => object,
            // Every field is plain data, so this cannot happen; an empty object is honest if it does.
            _ => Map::new(),
        };
        for value in &self.values {
            object
                .entry(value.key)
                .or_insert_with(|| value.value.to_json());
        }
        Value::Object(object)
    }
}
