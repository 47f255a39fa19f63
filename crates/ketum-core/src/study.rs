//! Studies: what was measured in people (and animals) after a known dose, statistic by statistic.
//!
//! A study file holds a trial as its authors designed it (arms, doses, sampling, half-life windows)
//! and every number exactly as published, each with its own role: fitted, held out, an anchor of the
//! interaction model, or context. What the authors did not say and a simulation of their trial needs
//! is written down too, marked as inferred or assumed and with the reason.
//!
//! This module knows the shape of a study and the rules inside one file ([`Study::problems`]). It does
//! not know files, models, or how a statistic is predicted.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::{Date, PartialDate};
use crate::evidence::{Source, Text, Verification};
use crate::form::Form;
use crate::id::{AnalyteId, LocalId, SourceId};

mod check;
mod statistic;

pub use check::StudyProblem;
pub use statistic::{
    Bound, OverArms, PkParameter, Role, StatisticKind, StatisticRef, StudyStatistic,
};

/// `data/studies/<id>.toml`: one study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Name as printed: authors, year, product.
    pub name: String,
    /// What was done and what it is good for here, in a few sentences.
    pub summary: Text,
    /// Whose levels they are.
    pub species: Species,
    /// What kind of study it is.
    pub kind: StudyKind,
    /// The papers and registry entries the study is known from, best first.
    pub cites: Vec<SourceId>,
    /// Number in a trial register.
    #[serde(default)]
    pub registry: Option<String>,
    /// Date of the newest source considered.
    pub as_of: PartialDate,
    /// When somebody should look for a better source.
    pub review_by: Date,
    /// What the levels were measured in.
    pub matrix: Matrix,
    /// Who took part.
    pub population: Population,
    /// What was taken. Absent only where the product is unknown or the substance was pure.
    #[serde(default)]
    pub product: Option<StudyProduct>,
    /// Groups that differ by dose or treatment.
    #[serde(default)]
    pub arm: Vec<Arm>,
    /// Occasions on which blood was drawn: after one dose, after many.
    #[serde(default)]
    pub occasion: Vec<Occasion>,
    /// Time windows over which half-lives were regressed.
    #[serde(default)]
    pub window: Vec<NcaWindow>,
    /// Places the numbers were read in.
    #[serde(default)]
    pub reading: Vec<Reading>,
    /// The numbers as published.
    #[serde(default)]
    pub statistic: Vec<StudyStatistic>,
    /// What was looked for in the sources and not found, one thing an entry.
    #[serde(default)]
    pub not_known: Vec<String>,
    /// Sources used by this file only.
    #[serde(default)]
    pub source: BTreeMap<SourceId, Source>,
}

/// Whose levels were measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Species {
    /// People.
    Human,
    /// Dogs.
    Dog,
    /// Rats.
    Rat,
}

/// What kind of study it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StudyKind {
    /// A known dose was given and levels were followed.
    Pharmacokinetic,
    /// A probe medicine was given with and without kratom.
    Interaction,
    /// People took their own product; dose or time is partly known.
    Observation,
    /// Levels from casework: dose and time are unknown.
    Forensic,
}

/// What the levels were measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matrix {
    /// Plasma.
    Plasma,
    /// Whole blood of the living.
    Blood,
    /// Blood after death. Not comparable with blood of the living without stated uncertainty.
    PostMortemBlood,
    /// No level was reported.
    None,
}

/// Where a piece of the design comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Stated by the authors or the register.
    Published,
    /// Follows from something the authors state; the reason says how.
    Inferred,
    /// Not stated; chosen here, with the reason. A sensitivity analysis should vary it.
    Assumed,
}

/// Earlier use of kratom by the participants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UseHistory {
    /// No use, or none for at least a year.
    NotUsing,
    /// Occasional use, stopped before the study.
    Intermittent,
    /// Regular use up to the study.
    Regular,
    /// Not stated.
    Unknown,
}

/// Whether doses were taken with food.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FedState {
    /// Without food.
    Fasted,
    /// With food.
    Fed,
    /// Not stated.
    Unknown,
}

/// Who took part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// In words: age, sex, health, place.
    pub description: String,
    /// How many were dosed, or how many cases there are.
    #[serde(default)]
    pub n_dosed: Option<u32>,
    /// How many are behind the numbers.
    #[serde(default)]
    pub n_analysed: Option<u32>,
    /// Mean body weight in kg.
    #[serde(default)]
    pub mean_weight_kg: Option<f64>,
    /// Earlier use of kratom.
    pub use_history: UseHistory,
    /// Food.
    pub fed: FedState,
}

/// What was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyProduct {
    /// Form of the product. Absent for a pure substance.
    #[serde(default)]
    pub form: Option<Form>,
    /// What it was, in words.
    pub description: String,
    /// Alkaloid content in mg per g of product, by analyte.
    #[serde(default)]
    pub content_mg_per_g: BTreeMap<AnalyteId, f64>,
    /// What the stated dose of an alkaloid is based on.
    pub dose_basis: DoseBasis,
}

/// What the stated dose of an alkaloid is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DoseBasis {
    /// Assayed content times mass of leaf. For tea: what was in the leaf, not what reached the cup.
    LeafContent,
    /// Measured in what was swallowed or injected.
    AsSwallowed,
    /// Stated by the authors without saying how it was found.
    Stated,
    /// Not known.
    Unknown,
}

/// A dose of one substance: one value, or the range over participants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyDose {
    /// The dose, where everyone in the arm took the same, in `unit`.
    #[serde(default)]
    pub value: Option<f64>,
    /// Smallest dose, where participants took different doses, in `unit`.
    #[serde(default)]
    pub low: Option<f64>,
    /// Largest dose, in `unit`.
    #[serde(default)]
    pub high: Option<f64>,
    /// `mg` or `mg/kg`.
    pub unit: String,
    /// Where the dose comes from.
    pub origin: Origin,
}

/// A group of participants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// Name inside this file.
    pub id: LocalId,
    /// Name as printed.
    pub label: String,
    /// How many were analysed.
    #[serde(default)]
    pub n: Option<u32>,
    /// How many a simulation should use where `n` is not published. Never shown as published.
    #[serde(default)]
    pub n_assumed: Option<u32>,
    /// Mass of leaf or product in g for each dose.
    #[serde(default)]
    pub product_g: Option<f64>,
    /// How the dose was given.
    pub route: Route,
    /// Dose of each substance at each dosing.
    #[serde(default)]
    pub dose: BTreeMap<AnalyteId, StudyDose>,
    /// What a reader should know of this arm, including why something was assumed.
    #[serde(default)]
    pub note: Option<String>,
}

/// How a dose was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Swallowed.
    Oral,
    /// Into a vein.
    Intravenous,
    /// Not known.
    Unknown,
}

/// An occasion of sampling: which doses came before, and when blood was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Occasion {
    /// Name inside this file.
    pub id: LocalId,
    /// Number of equal doses in the series that ends with the dose blood is drawn after.
    pub doses: u32,
    /// Time between the doses of the series in h. Absent for one dose.
    #[serde(default)]
    pub interval_h: Option<f64>,
    /// Where the number and spacing of doses come from.
    pub schedule_origin: Origin,
    /// Time from an earlier single dose of the same size to the first dose of the series in h.
    #[serde(default)]
    pub earlier_dose_h: Option<f64>,
    /// Sampling times in h after the last dose. Empty where nothing is known or assumed.
    #[serde(default)]
    pub sampling_h: Vec<f64>,
    /// Where the sampling times come from.
    pub sampling_origin: Origin,
    /// What stands behind anything inferred or assumed.
    #[serde(default)]
    pub why: Option<String>,
}

/// A window over which a terminal half-life was regressed.
///
/// Half-lives of a curve with several phases differ by the window; a comparison without one is
/// meaningless. Windows the authors do not give are assumed, with the reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NcaWindow {
    /// Whose half-life.
    pub analyte: AnalyteId,
    /// On which occasion.
    pub occasion: LocalId,
    /// Start in h after the last dose.
    pub from_h: f64,
    /// End in h after the last dose.
    pub to_h: f64,
    /// Where the window comes from.
    pub origin: Origin,
    /// Why this window.
    pub why: String,
}

/// A place numbers were read in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Name inside this file.
    pub id: LocalId,
    /// The source.
    pub source: SourceId,
    /// Table, figure, page, section; or "abstract".
    pub locator: String,
    /// How far it was read.
    pub verification: Verification,
}

impl Study {
    /// The arm with this name.
    #[must_use]
    pub fn arm(&self, id: &LocalId) -> Option<&Arm> {
        self.arm.iter().find(|arm| arm.id == *id)
    }

    /// The occasion with this name.
    #[must_use]
    pub fn occasion(&self, id: &LocalId) -> Option<&Occasion> {
        self.occasion.iter().find(|occasion| occasion.id == *id)
    }

    /// The place a statistic was read in.
    #[must_use]
    pub fn reading(&self, id: &LocalId) -> Option<&Reading> {
        self.reading.iter().find(|reading| reading.id == *id)
    }

    /// The half-life window of an analyte on an occasion.
    #[must_use]
    pub fn window(&self, analyte: &AnalyteId, occasion: &LocalId) -> Option<&NcaWindow> {
        self.window
            .iter()
            .find(|window| window.analyte == *analyte && window.occasion == *occasion)
    }

    /// The statistics of one role, in file order.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &StudyStatistic> {
        self.statistic
            .iter()
            .filter(move |statistic| statistic.role == role)
    }

    /// The number of participants behind a statistic, for a simulation of the trial: published with
    /// the number, published or assumed for its arm, or the sum over all arms for a number that is
    /// not of one arm. `None` where it is neither published nor assumed.
    #[must_use]
    pub fn n_for(&self, statistic: &StudyStatistic) -> Option<u32> {
        let size = |arm: &Arm| arm.n.or(arm.n_assumed);
        let of_arms = match &statistic.arm {
            Some(id) => self.arm(id).and_then(size),
            None => self.arm.iter().map(size).sum(),
        };
        statistic.n.or(of_arms).filter(|n| *n > 0)
    }
}
