//! What happens to a subject and when: doses, observations, resets, covariates.
//!
//! The words and the meaning are NONMEM's (EVID 0–4, AMT, CMT, RATE, ADDL, II, SS), written as
//! types. This file does not know how an event is read from a file or carried out; rules for
//! events at the same time stand with the code that carries them out (`ketum_sim::events`).
//!
//! Units: time in hours, amounts in the unit of the model's compartments, rates in amount per hour.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a record does. The numbers in brackets are NONMEM's EVID.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// Asks for a prediction (0).
    #[default]
    Observation,
    /// Gives a dose (1).
    Dose,
    /// Marks a time or a change of covariates, gives nothing (2).
    Other,
    /// Empties every compartment and forgets every pending or running dose (3).
    Reset,
    /// A reset, then the dose (4).
    ResetAndDose,
}

/// How a dose enters its compartment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// All at once (RATE 0).
    #[default]
    Bolus,
    /// At this rate, amount per hour; the duration follows as `F · amount / rate` (RATE > 0).
    Rate(f64),
    /// Over this many hours; the rate follows as `F · amount / duration`.
    Duration(f64),
    /// At the rate the model gives for the compartment (RATE −1).
    ModelledRate,
    /// Over the duration the model gives for the compartment (RATE −2).
    ModelledDuration,
}

/// Whether a dose starts from the steady state of its own repetition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SteadyState {
    /// No (SS 0).
    #[default]
    Off,
    /// Yes; whatever was in the body, pending or running is forgotten first (SS 1).
    Replace,
    /// Yes; it is added to what is in the body (SS 2).
    Add,
}

/// One record of a subject. Records of a subject are ordered by time; at equal times the order of
/// the list is the order of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Hours since the subject's zero.
    pub time_h: f64,
    /// What the record does.
    #[serde(default)]
    pub kind: EventKind,
    /// Compartment dosed, by name; `None` is the model's default dose compartment.
    #[serde(default)]
    pub compartment: Option<String>,
    /// Amount of one dose (AMT).
    #[serde(default)]
    pub amount: f64,
    /// How the dose enters.
    #[serde(default)]
    pub input: Input,
    /// Further identical doses (ADDL).
    #[serde(default)]
    pub additional: u32,
    /// Hours between them, and between doses at steady state (II).
    #[serde(default)]
    pub interval_h: f64,
    /// Steady state (SS).
    #[serde(default)]
    pub steady_state: SteadyState,
}

impl Event {
    fn new(time_h: f64, kind: EventKind) -> Self {
        Self {
            time_h,
            kind,
            compartment: None,
            amount: 0.0,
            input: Input::Bolus,
            additional: 0,
            interval_h: 0.0,
            steady_state: SteadyState::Off,
        }
    }

    /// A record that asks for a prediction.
    pub fn observation(time_h: f64) -> Self {
        Self::new(time_h, EventKind::Observation)
    }

    /// The whole amount at once into a compartment.
    pub fn bolus(time_h: f64, compartment: impl Into<String>, amount: f64) -> Self {
        Self {
            compartment: Some(compartment.into()),
            amount,
            ..Self::new(time_h, EventKind::Dose)
        }
    }

    /// The amount spread evenly over `duration_h` hours.
    pub fn infusion(
        time_h: f64,
        compartment: impl Into<String>,
        amount: f64,
        duration_h: f64,
    ) -> Self {
        Self {
            input: Input::Duration(duration_h),
            ..Self::bolus(time_h, compartment, amount)
        }
    }

    /// Empties the body and forgets every dose.
    pub fn reset(time_h: f64) -> Self {
        Self::new(time_h, EventKind::Reset)
    }

    /// The same dose again, `additional` times, every `interval_h` hours (ADDL and II).
    pub fn repeated(mut self, additional: u32, interval_h: f64) -> Self {
        self.additional = additional;
        self.interval_h = interval_h;
        self
    }

    /// Starts from the steady state of this dose given every `interval_h` hours (SS 1 and II).
    pub fn at_steady_state(mut self, interval_h: f64) -> Self {
        self.steady_state = SteadyState::Replace;
        self.interval_h = interval_h;
        self
    }

    /// Whether the record gives a dose.
    pub fn gives_dose(&self) -> bool {
        matches!(self.kind, EventKind::Dose | EventKind::ResetAndDose)
    }
}

/// How a covariate is read between its records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Carry {
    /// The next record's value holds since the record before it (NONMEM's rule).
    #[default]
    Backward,
    /// A record's value holds until the next record.
    Forward,
    /// A straight line between records.
    Linear,
}

/// A covariate of one subject over time. Before the first and after the last record the nearest
/// value holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CovariateSeries {
    /// The covariate's name in the model.
    pub name: String,
    /// How it is read between records.
    #[serde(default)]
    pub carry: Carry,
    /// Times of the records, hours, not decreasing.
    pub times_h: Vec<f64>,
    /// Values, one a time.
    pub values: Vec<f64>,
}

impl CovariateSeries {
    /// A covariate that does not change.
    pub fn constant(name: impl Into<String>, value: f64) -> Self {
        Self {
            name: name.into(),
            carry: Carry::Forward,
            times_h: vec![0.0],
            values: vec![value],
        }
    }
}

/// One subject: an identifier, records in order, covariates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Identifier as written in the data.
    pub id: String,
    /// Records in order of time.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Covariates over time.
    #[serde(default)]
    pub covariates: Vec<CovariateSeries>,
}
