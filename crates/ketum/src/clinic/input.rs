//! What a calculator accepts: keys, units, ranges, meanings, and the values after validation. Knows
//! the shape of an input; does not know JSON (see `validate`) or any formula.

use std::collections::BTreeMap;

use super::error::{Fail, Problem};

/// A unit a value may be given in, and the factor to the key's own unit.
pub type UnitFactor = (&'static str, f64);

/// Allowed numbers, both ends included unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lowest value.
    pub min: f64,
    /// Highest value.
    pub max: f64,
    /// Whether `min` itself is excluded.
    pub above_min: bool,
    /// Stable word for a value outside; `out_of_range` when empty.
    pub code: &'static str,
}

impl Range {
    /// From `min` to `max`, both included.
    #[must_use]
    pub const fn of(min: f64, max: f64) -> Self {
        Self {
            min,
            max,
            above_min: false,
            code: "",
        }
    }

    /// Above `min` (excluded), up to `max`.
    #[must_use]
    pub const fn above(min: f64, max: f64) -> Self {
        Self {
            min,
            max,
            above_min: true,
            code: "",
        }
    }

    /// The same range with its own word for a value outside.
    #[must_use]
    pub const fn code(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    /// Whether `value` is inside.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        let low = if self.above_min {
            value > self.min
        } else {
            value >= self.min
        };
        low && value <= self.max
    }
}

/// One allowed word and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The word.
    pub id: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// Kind of an input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A number in the key's unit, or in another unit when given as `{"value", "unit"}` or `"1.2 mg/dL"`.
    Number(Range, &'static [UnitFactor]),
    /// A whole number.
    Whole(i64, i64),
    /// `true` or `false`.
    Flag,
    /// One of some words.
    Word(&'static [Choice]),
    /// One of the answers of an item of the fact file.
    Answer(&'static str),
    /// Ratings of all items of the fact file, in order.
    Ratings,
    /// `yes`, `no` or `unknown` for all items of the fact file, in order.
    Answers,
    /// A whole number, or `"NT"` for not testable.
    Rating(i64, i64),
    /// A list of numbers (one number counts as a list of one).
    Numbers(Range),
    /// A free text that is only compared, such as the time a sample was taken.
    Text,
}

/// Whether an input must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Required,
    /// No; the text says what happens without it. Never a silent default of a measurement.
    Optional(&'static str),
}

/// One input of a calculator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Input {
    /// Key in JSON.
    pub key: &'static str,
    /// Other spellings accepted.
    pub also: &'static [&'static str],
    /// UCUM unit of a bare number; empty when it has none.
    pub unit: &'static str,
    /// Kind and range.
    pub kind: Kind,
    /// Whether it must be given.
    pub need: Need,
    /// What it is.
    pub meaning: &'static str,
}

impl Input {
    const fn new(key: &'static str, unit: &'static str, kind: Kind, meaning: &'static str) -> Self {
        Self {
            key,
            also: &[],
            unit,
            kind,
            need: Need::Required,
            meaning,
        }
    }

    /// A required number.
    #[must_use]
    pub const fn number(
        key: &'static str,
        unit: &'static str,
        range: Range,
        meaning: &'static str,
    ) -> Self {
        Self::new(key, unit, Kind::Number(range, &[]), meaning)
    }

    /// A required number that may also be given in other units.
    #[must_use]
    pub const fn quantity(
        key: &'static str,
        unit: &'static str,
        range: Range,
        units: &'static [UnitFactor],
        meaning: &'static str,
    ) -> Self {
        Self::new(key, unit, Kind::Number(range, units), meaning)
    }

    /// A required whole number.
    #[must_use]
    pub const fn whole(
        key: &'static str,
        unit: &'static str,
        min: i64,
        max: i64,
        meaning: &'static str,
    ) -> Self {
        Self::new(key, unit, Kind::Whole(min, max), meaning)
    }

    /// A required input of another kind.
    #[must_use]
    pub const fn of(key: &'static str, kind: Kind, meaning: &'static str) -> Self {
        Self::new(key, "", kind, meaning)
    }

    /// The same input, optional; `without` says what happens without it.
    #[must_use]
    pub const fn optional(mut self, without: &'static str) -> Self {
        self.need = Need::Optional(without);
        self
    }

    /// The same input with other accepted spellings.
    #[must_use]
    pub const fn also(mut self, spellings: &'static [&'static str]) -> Self {
        self.also = spellings;
        self
    }
}

/// Sex for clinical use. With [`Sex::Other`] a calculator gives both results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    F,
    /// Male.
    M,
    /// Neither fits: both results are shown.
    Other,
}

/// The words of the `sex` input.
pub(crate) const SEXES: &[Choice] = &[
    Choice {
        id: "F",
        meaning: "female",
    },
    Choice {
        id: "M",
        meaning: "male",
    },
    Choice {
        id: "other",
        meaning: "both results are shown",
    },
];

/// A validated value.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// A number in the key's unit.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// A flag.
    Flag(bool),
    /// A word of a fixed list or an answer's id.
    Word(String),
    /// Ratings of items.
    Ratings(Vec<i64>),
    /// Answers to items.
    Answers(Vec<String>),
    /// Numbers.
    Numbers(Vec<f64>),
    /// "NT".
    NotTestable,
    /// Text.
    Text(String),
}

/// The validated inputs of one run, by declared key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inputs {
    values: BTreeMap<&'static str, Given>,
}

impl Inputs {
    pub(crate) fn insert(&mut self, key: &'static str, value: Given) {
        self.values.insert(key, value);
    }

    /// The value of `key`, if given.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Given> {
        self.values.get(key)
    }

    /// Whether `key` was given.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// All keys given, in order of key.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.values.keys().copied()
    }

    /// The number under `key`, if given.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<f64> {
        match self.get(key) {
            Some(Given::Number(value)) => Some(*value),
            #[allow(clippy::cast_precision_loss)] // declared whole ranges are far below 2^53
            Some(Given::Whole(value)) => Some(*value as f64),
            _ => None,
        }
    }

    /// The whole number under `key`, if given.
    #[must_use]
    pub fn whole(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(Given::Whole(value)) => Some(*value),
            _ => None,
        }
    }

    /// The flag under `key`, if given.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key) {
            Some(Given::Flag(value)) => Some(*value),
            _ => None,
        }
    }

    /// The word under `key`, if given.
    #[must_use]
    pub fn word(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Given::Word(value) | Given::Text(value)) => Some(value),
            _ => None,
        }
    }

    /// The list of numbers under `key`, if given.
    #[must_use]
    pub fn numbers(&self, key: &str) -> Option<&[f64]> {
        match self.get(key) {
            Some(Given::Numbers(values)) => Some(values),
            _ => None,
        }
    }

    /// The item ratings under `key`, if given.
    #[must_use]
    pub fn ratings(&self, key: &str) -> Option<&[i64]> {
        match self.get(key) {
            Some(Given::Ratings(values)) => Some(values),
            _ => None,
        }
    }

    /// The item answers under `key`, if given.
    #[must_use]
    pub fn answers(&self, key: &str) -> Option<&[String]> {
        match self.get(key) {
            Some(Given::Answers(values)) => Some(values),
            _ => None,
        }
    }

    /// The number under `key`, or a `missing` problem with the reason it is needed.
    pub(crate) fn need(&self, key: &str, why: &str) -> Result<f64, Fail> {
        self.number(key).ok_or_else(|| missing(key, why))
    }

    /// The sex for clinical use.
    pub(crate) fn sex(&self) -> Result<Sex, Fail> {
        match self.word("sex") {
            Some("F") => Ok(Sex::F),
            Some("M") => Ok(Sex::M),
            Some(_) => Ok(Sex::Other),
            None => Err(missing("sex", "the formula depends on it")),
        }
    }
}

/// A `missing` problem.
pub(crate) fn missing(key: &str, why: &str) -> Fail {
    Fail::Inputs(vec![Problem::new(
        key,
        "missing",
        format!("{key} is missing: {why}"),
    )])
}
