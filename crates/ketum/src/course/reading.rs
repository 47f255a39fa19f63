//! Reads what a laboratory printed: which test, in which unit, against which limit. Knows names and
//! units; judges nothing.

use std::collections::BTreeMap;

use ketum_core::date::Date;
use serde::Serialize;

use crate::case::{Case, Lab, Measure};
use crate::clinic::units::{BILIRUBIN_G_MOL, CREATININE_G_MOL, concentration_unit, convert};

/// Where a value lies against the limits that came with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Below the lower limit.
    Below,
    /// Within the limits that were given.
    Within,
    /// Above the upper limit.
    Above,
    /// No limit was given, so nothing is said.
    LimitNotGiven,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// Day of the sample, where given.
    pub date: Option<Date>,
    /// The value as given.
    pub value: f64,
    /// Its unit as given.
    pub unit: String,
    /// Value over upper limit.
    pub times_limit: Option<f64>,
    /// Against its limits.
    pub place: Place,
    /// Hours after the last dose, where given.
    pub hours_after_dose: Option<f64>,
    /// Change from the value before kratom, same unit, where given.
    pub change_from_baseline: Option<f64>,
}

/// A test or measurement over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// Its name.
    pub test: String,
    /// Its values, undated ones first, then by date.
    pub points: Vec<Point>,
}

/// A test the calculators know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Test {
    Alt,
    Ast,
    Alp,
    Ggt,
    Bilirubin,
    Inr,
    Creatinine,
}

impl Test {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Alt => "ALT",
            Self::Ast => "AST",
            Self::Alp => "ALP",
            Self::Ggt => "GGT",
            Self::Bilirubin => "bilirubin",
            Self::Inr => "INR",
            Self::Creatinine => "creatinine",
        }
    }

    /// The unit the calculators take.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Self::Alt | Self::Ast | Self::Alp | Self::Ggt => "U/L",
            Self::Bilirubin | Self::Creatinine => "mg/dL",
            Self::Inr => "1",
        }
    }

    fn of(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        Some(match name.as_str() {
            "alt" | "alat" | "sgpt" | "gpt" | "alanine aminotransferase" => Self::Alt,
            "ast" | "asat" | "sgot" | "got" | "aspartate aminotransferase" => Self::Ast,
            "alp" | "alk phos" | "alkaline phosphatase" => Self::Alp,
            "ggt" | "gamma-gt" | "gamma-glutamyltransferase" => Self::Ggt,
            "bilirubin" | "total bilirubin" | "tbil" => Self::Bilirubin,
            "inr" => Self::Inr,
            "creatinine" | "serum creatinine" | "crea" => Self::Creatinine,
            _ => return None,
        })
    }

    fn molar_mass(self) -> Option<f64> {
        match self {
            Self::Bilirubin => Some(BILIRUBIN_G_MOL),
            Self::Creatinine => Some(CREATININE_G_MOL),
            _ => None,
        }
    }

    /// A value in the unit the calculators take.
    fn canonical(self, value: f64, unit: &str) -> Option<f64> {
        match self {
            Self::Alt | Self::Ast | Self::Alp | Self::Ggt => {
                ["U/L", "IU/L"].contains(&unit).then_some(value)
            }
            Self::Inr => ["1", "INR", "{INR}", "ratio", "{ratio}"]
                .contains(&unit)
                .then_some(value),
            Self::Bilirubin | Self::Creatinine => {
                let unit = match unit {
                    "uM" | "µM" | "μM" => "umol/L",
                    other => other,
                };
                let (from, to) = (concentration_unit(unit)?, concentration_unit("mg/dL")?);
                convert(value, from, to, self.molar_mass())
            }
        }
    }
}

/// A value of a known test in the unit the calculators take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Value {
    pub(super) value: f64,
    pub(super) limit: Option<f64>,
}

impl Value {
    pub(super) fn times(self) -> Option<f64> {
        self.limit
            .filter(|limit| *limit > 0.0)
            .map(|limit| self.value / limit)
    }

    pub(super) fn is_above(self) -> bool {
        self.limit.is_some_and(|limit| self.value > limit)
    }
}

/// Values of one day. Undated values are no sample: nobody knows what belongs together.
pub(super) type Sample = BTreeMap<Test, Value>;

/// The dated samples, in order.
pub(super) fn samples(case: &Case) -> BTreeMap<Date, Sample> {
    let mut samples: BTreeMap<Date, Sample> = BTreeMap::new();
    for lab in &case.labs {
        if let (Some(date), Some((test, value))) = (lab.date, known(lab)) {
            samples.entry(date).or_default().insert(test, value);
        }
    }
    samples
}

/// The test and value of a line, where the calculators know both test and unit.
pub(super) fn known(lab: &Lab) -> Option<(Test, Value)> {
    let test = Test::of(&lab.test)?;
    let canonical = |value: f64| test.canonical(value, &lab.unit);
    Some((
        test,
        Value {
            value: canonical(lab.value)?,
            limit: lab.upper_limit.and_then(canonical),
        },
    ))
}

/// Every line of the case as a trend, also of tests no calculator knows.
pub(super) fn trends(case: &Case) -> Vec<Trend> {
    let mut rows: Vec<Trend> = Vec::new();
    let mut add = |test: String, point: Point| match rows.iter_mut().find(|row| row.test == test) {
        Some(row) => row.points.push(point),
        None => rows.push(Trend {
            test,
            points: vec![point],
        }),
    };
    for lab in &case.labs {
        let name = Test::of(&lab.test)
            .map_or_else(|| lab.test.trim().to_owned(), |test| test.name().to_owned());
        add(
            name,
            Point {
                date: lab.date,
                value: lab.value,
                unit: lab.unit.clone(),
                times_limit: lab
                    .upper_limit
                    .filter(|limit| *limit > 0.0)
                    .map(|limit| lab.value / limit),
                place: place(lab),
                hours_after_dose: None,
                change_from_baseline: None,
            },
        );
    }
    for one in &case.measurements {
        add(
            measure(one.measure).to_owned(),
            Point {
                date: one.date,
                value: one.value,
                unit: measure_unit(one.measure).to_owned(),
                times_limit: None,
                place: Place::LimitNotGiven,
                hours_after_dose: one.hours_after_dose,
                change_from_baseline: one.baseline.map(|baseline| one.value - baseline),
            },
        );
    }
    for row in &mut rows {
        row.points.sort_by_key(|point| point.date);
    }
    rows
}

fn place(lab: &Lab) -> Place {
    match (lab.lower_limit, lab.upper_limit) {
        (Some(low), _) if lab.value < low => Place::Below,
        (_, Some(high)) if lab.value > high => Place::Above,
        (None, None) => Place::LimitNotGiven,
        _ => Place::Within,
    }
}

/// A measure in words.
pub(super) fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Qtcf => "QTcF",
        Measure::Qt => "QT",
        Measure::Rr => "RR interval",
        Measure::Systolic => "systolic pressure",
        Measure::Diastolic => "diastolic pressure",
        Measure::HeartRate => "heart rate",
    }
}

fn measure_unit(measure: Measure) -> &'static str {
    match measure {
        Measure::Qtcf | Measure::Qt | Measure::Rr => "ms",
        Measure::Systolic | Measure::Diastolic => "mmHg",
        Measure::HeartRate => "beats/min",
    }
}
