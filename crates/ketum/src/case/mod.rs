//! The case: what a person says. Every key is optional; nothing is guessed silently.
//!
//! TOML and JSON are two notations of one shape. Dates are ISO text in both. [`read`](read::read) gives
//! the case with everything implausible in it, or every error at once.

mod person;
mod plausible;
mod product;
pub mod read;
mod regimen;
mod unused;

pub use person::{
    Condition, Lab, Level, Matrix, Measure, Measurement, Medicine, MedicineStatus, Occupation,
    Person, Scores, Sex, UseHistory,
};
pub use product::{Amount, Content, ContentBasis, ContentOp, Product};
pub use read::{Notation, ReadCase, read};
pub use regimen::{Clock, DoseUnit, Food, Regimen, TakenBy};
pub use unused::unused;

use ketum_core::date::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A case. Every key is optional.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Case {
    /// A name for the case, shown in the report. Not a person's name.
    pub title: Option<String>,
    /// Who it is about.
    pub person: Person,
    /// What is taken.
    pub product: Product,
    /// How it is taken.
    pub regimen: Regimen,
    /// Other medicines and substances, alcohol included.
    pub medicines: Vec<Medicine>,
    /// Laboratory values.
    pub labs: Vec<Lab>,
    /// Heart rate, blood pressure, QTcF.
    pub measurements: Vec<Measurement>,
    /// Scores somebody has filled in.
    pub scores: Scores,
    /// Measured levels of an analyte in the person.
    pub levels: Vec<Level>,
    /// Where: an ISO code such as `US-FL`, or `US-ID/blackfoot`.
    pub place: Option<String>,
    /// Places passed through, in order, where the question is one of travel.
    pub route: Vec<String>,
    /// The day the question is about.
    pub date: Option<Date>,
    /// What is done there: possess, buy, sell, use, import, export, ship.
    pub activity: Option<String>,
    /// What the person wants to know, in their words.
    pub question: Option<String>,
}
