//! Course: laboratory values, ECG, pressure and scores of a case over dates, judged by the calculators.
//!
//! Each result is a finding with the inputs it used and those it lacked. A reference limit that was not
//! given is named as missing and never assumed; values are put together only where they carry one date.
//! This module knows the order of the work; formulas and cut-offs belong to `clinic`.

mod heart;
mod kidney;
mod liver;
mod reading;
mod scores;

pub use reading::{Place, Point, Trend};

use ketum_core::evidence::Certainty;
use ketum_core::finding::{Action, Basis, Direction, Finding, Harm, Likelihood, Size};
use ketum_data::catalogue::Catalogue;
use serde_json::Value;

use crate::case::Case;
use crate::clinic::{self, Output, Scalar};

/// What the values of a case amount to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course {
    /// Every test and measurement with its values in the order of their dates.
    pub trends: Vec<Trend>,
    /// What the calculators say of them.
    pub findings: Vec<Finding>,
    /// What was not given and would let a calculator answer.
    pub inputs_missing: Vec<String>,
}

/// Judges the values of a case. `thinned` says that a medicine against clotting is taken, which explains
/// a raised INR.
#[must_use]
pub fn of(case: &Case, catalogue: &Catalogue, thinned: bool) -> Course {
    let mut course = Course {
        trends: reading::trends(case),
        ..Course::default()
    };
    let samples = reading::samples(case);
    let mut maker = Maker {
        catalogue,
        course: &mut course,
    };
    liver::judge(&mut maker, case, &samples, thinned);
    kidney::judge(&mut maker, case, &samples);
    heart::judge(&mut maker, case);
    scores::judge(&mut maker, case);
    course
}

/// Puts findings together.
struct Maker<'c, 'm> {
    catalogue: &'c Catalogue,
    course: &'m mut Course,
}

/// What a computed finding says; the rest is worked out from the claims.
struct Said<'s> {
    id: &'s str,
    topic: &'s str,
    harm: Harm,
    action: Action,
    direction: Direction,
    statement: String,
    do_next: Option<&'s str>,
    would_change: &'s str,
    size: Option<(f64, &'s str)>,
    used: Vec<String>,
    missing: Vec<String>,
    method: String,
    domain: String,
    claims: &'s [&'s str],
}

impl Maker<'_, '_> {
    fn lacks(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.course.inputs_missing.contains(&what) {
            self.course.inputs_missing.push(what);
        }
    }

    fn say(&mut self, said: Said<'_>) {
        let Some((topic, _)) = self.catalogue.topics.get_key_value(said.topic) else {
            return;
        };
        let carried: Vec<_> = said
            .claims
            .iter()
            .filter_map(|id| self.catalogue.claims.get_key_value(*id))
            .collect();
        let certainty = carried
            .iter()
            .map(|(_, entry)| entry.claim.certainty)
            .min()
            .unwrap_or(Certainty::VeryLow)
            // A number of one person, put beside cut-offs of others.
            .max(Certainty::Low);
        self.course.findings.push(Finding {
            id: said.id.to_owned(),
            topic: topic.clone(),
            harm: said.harm,
            likelihood: Likelihood::Unknown,
            certainty,
            action: said.action,
            direction: said.direction,
            statement: said.statement,
            do_next: said.do_next.map(str::to_owned),
            would_change: Some(said.would_change.to_owned()),
            quantity: said.size.map(|(value, unit)| Size {
                value: Some(value),
                low: None,
                high: None,
                unit: unit.to_owned(),
                measured: true,
            }),
            needs_checking: carried.is_empty(),
            basis: Basis {
                inputs_used: said.used,
                inputs_missing: said.missing,
                method: said.method,
                domain: said.domain,
            },
            claims: carried.into_iter().map(|(id, _)| id.clone()).collect(),
        });
    }

    /// Runs a calculator; what it lacks or refuses is named as missing.
    fn run(&mut self, name: &str, inputs: &Value) -> Option<Output> {
        match clinic::calculate(name, inputs) {
            Ok(output) => Some(output),
            Err(fail) => {
                let why: Vec<String> = fail
                    .problems()
                    .iter()
                    .map(|problem| problem.message.clone())
                    .collect();
                let why = if why.is_empty() {
                    fail.to_string()
                } else {
                    why.join("; ")
                };
                self.lacks(format!("{name}: not worked out; {why}"));
                None
            }
        }
    }
}

/// `calculator r_ratio: R = (ALT/ULN) / (ALP/ULN)`.
fn method(output: &Output) -> String {
    format!("calculator {}: {}", output.calculator, output.formula)
}

/// A number of an answer.
fn number(output: &Output, key: &str) -> Option<f64> {
    match output.value(key)? {
        Scalar::Number(number) => Some(*number),
        // Scores are small.
        #[allow(clippy::cast_precision_loss)]
        Scalar::Whole(number) => Some(*number as f64),
        _ => None,
    }
}

/// A yes or no of an answer.
fn flag(output: &Output, key: &str) -> bool {
    output.value(key) == Some(&Scalar::Flag(true))
}

/// One decimal, or none where it is zero: `8`, `2.4`.
fn short(value: f64) -> String {
    clinic::rounded(value, if value >= 100.0 { 0 } else { 1 })
}

/// ` on 2026-11-22`, or nothing.
fn on(date: Option<ketum_core::date::Date>) -> String {
    date.map_or_else(String::new, |date| format!(" on {date}"))
}

#[cfg(test)]
mod tests;
