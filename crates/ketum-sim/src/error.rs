//! What can go wrong in a simulation, as values.

use crate::dataset::PersonFailure;
use thiserror::Error;

/// An error of the engine.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SimError {
    /// The model's description contradicts itself.
    #[error("model {model}: {what}")]
    Model {
        /// Identifier of the model.
        model: String,
        /// What is wrong with it.
        what: ModelFault,
    },
    /// A record cannot be carried out with this model.
    #[error("record {record} of subject {subject}: {what}")]
    Event {
        /// Subject as written in the data.
        subject: String,
        /// Position of the record, from one.
        record: usize,
        /// What is wrong with it.
        what: EventFault,
    },
    /// Output times must be finite and must not decrease.
    #[error("output time {index} ({time_h} h) is not finite or lies before the one before it")]
    Times {
        /// Position in the list, from zero.
        index: usize,
        /// The time.
        time_h: f64,
    },
    /// Something was asked that the method cannot give.
    #[error("{method} cannot do this: {why}")]
    Unsupported {
        /// The method asked for.
        method: &'static str,
        /// Why it cannot.
        why: &'static str,
    },
    /// A list of another length than the model or the subjects need.
    #[error("{given} {what} were given; {needed} are needed")]
    Lengths {
        /// What was given.
        what: &'static str,
        /// How many.
        given: usize,
        /// How many are needed.
        needed: usize,
    },
    /// One subject of a data set could not be simulated.
    #[error("subject {id} failed: {}", .failure.cause)]
    Subject {
        /// Subject as written in the data.
        id: String,
        /// Cause and parameters.
        failure: Box<SubjectFailure>,
    },
    /// Subjects failed; those listed are the first of them.
    #[error("{failed} of {subjects} subjects failed, first: {first}")]
    Population {
        /// How many failed.
        failed: u64,
        /// How many were asked for.
        subjects: u64,
        /// The first failure.
        first: Box<SubjectFailure>,
    },
    /// The times or options do not make a profile that can be analysed.
    #[error("non-compartmental analysis: {0}")]
    Nca(crate::nca::NcaError),
    /// People of a data set could not be simulated, more than were allowed.
    #[error("{} of {simulated} could not be simulated, first: {}", .failures.len(), first(.failures))]
    People {
        /// All of them, in the order of the data.
        failures: Vec<PersonFailure>,
        /// How many people were simulated.
        simulated: u64,
    },
    /// The caller's callback asked to stop.
    #[error("stopped on request after {done} of {subjects} subjects")]
    Cancelled {
        /// Subjects finished.
        done: u64,
        /// Subjects asked for.
        subjects: u64,
    },
    /// The thread pool could not be made.
    #[error("could not start {threads} threads")]
    Threads {
        /// Threads asked for.
        threads: usize,
    },
}

/// One subject that could not be simulated.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("subject {subject}: {cause} (parameters {parameters})", parameters = show(.parameters))]
pub struct SubjectFailure {
    /// Index of the subject, from zero.
    pub subject: u64,
    /// Why.
    pub cause: SolveFault,
    /// The parameters that failed, by name.
    pub parameters: Vec<(String, f64)>,
}

fn first(failures: &[PersonFailure]) -> String {
    failures
        .first()
        .map_or_else(String::new, ToString::to_string)
}

fn show(parameters: &[(String, f64)]) -> String {
    let list: Vec<String> = parameters
        .iter()
        .map(|(name, x)| format!("{name}={x}"))
        .collect();
    list.join(", ")
}

/// What can be wrong with a model.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ModelFault {
    /// A name is used that nothing defines.
    #[error("{place} names the {kind} '{name}', which the model does not have{hint}")]
    Unknown {
        /// Where the name stands.
        place: String,
        /// Parameter, compartment, output.
        kind: &'static str,
        /// The name.
        name: String,
        /// The nearest name, as a phrase, or nothing.
        hint: String,
    },
    /// A name stands for two things.
    #[error("the {kind} '{name}' is defined twice")]
    Duplicate {
        /// Parameter, state, output.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A parameter without a unit.
    #[error("the parameter '{name}' has no unit; write for example unit = \"1/h\"")]
    NoUnit {
        /// The parameter.
        name: String,
    },
    /// A unit that cannot be read.
    #[error("the unit of {place} is '{unit}', which cannot be read at '{part}'")]
    UnreadableUnit {
        /// Whose unit it is.
        place: String,
        /// The unit as written.
        unit: String,
        /// The part that is no unit.
        part: String,
    },
    /// A quantity of another kind than the equation needs.
    #[error("{place} has the unit {found}; {needed} is needed")]
    Unit {
        /// What has the unit.
        place: String,
        /// The unit it has, in base units.
        found: String,
        /// The unit it should have, in base units.
        needed: String,
    },
    /// The right kind of quantity in a unit that the equation would have to convert.
    #[error(
        "{place} is in {found} where {needed} is needed; one of the first is {times} of the second"
    )]
    UnitScale {
        /// What has the unit.
        place: String,
        /// The unit it has, in base units.
        found: String,
        /// The unit it should have, in base units.
        needed: String,
        /// The factor between them.
        times: f64,
    },
    /// Something that may be said once.
    #[error("{what}")]
    Twice {
        /// What is said twice.
        what: String,
        /// What to write instead.
        advice: &'static str,
    },
    /// A number that cannot be.
    #[error("{place} is {value}, must be {rule}")]
    Number {
        /// What the number is.
        place: String,
        /// The number.
        value: f64,
        /// What it must be.
        rule: &'static str,
    },
    /// A flow that goes from nowhere to nowhere, or a rate without a source.
    #[error("{place}: {why}")]
    Shape {
        /// Where.
        place: String,
        /// Why it cannot be.
        why: &'static str,
    },
}

impl ModelFault {
    /// What the author of the model can do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Unknown { hint, .. } if hint.is_empty() => {
                "define it, or take the reference away".to_owned()
            }
            Self::Unknown { hint, .. } => {
                format!("the model has{}", hint.trim_start_matches("; it has"))
            }
            Self::Duplicate { .. } => "give each a name of its own".to_owned(),
            Self::NoUnit { .. } => {
                "write for example unit = \"1/h\"; a pure number is \"ratio\"".to_owned()
            }
            Self::UnreadableUnit { .. } => {
                "write units as mg/L, L/h, 1/h, ng*h/mL, mmHg; a pure number is \"ratio\""
                    .to_owned()
            }
            Self::Unit { needed, .. } => {
                format!("use parameters whose units give {needed}; time is in hours")
            }
            Self::UnitScale { needed, times, .. } => {
                format!(
                    "nothing is converted: give values in units that make {needed}, or multiply by it: factor = {times}"
                )
            }
            Self::Twice { advice, .. } => (*advice).to_owned(),
            Self::Number { rule, .. } => format!("it must be {rule}"),
            Self::Shape { .. } => "see the model file's description in docs/engine.md".to_owned(),
        }
    }
}

/// What can be wrong with a record.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum EventFault {
    /// A number that cannot be.
    #[error("{field} is {value}, must be {rule}")]
    Number {
        /// Name of the field.
        field: &'static str,
        /// The number.
        value: f64,
        /// What it must be.
        rule: &'static str,
    },
    /// Dose into a compartment the model does not have.
    #[error("the model has no compartment '{0}'")]
    Compartment(String),
    /// Additional doses or steady state without an interval.
    #[error("{0} needs an interval (II) above zero")]
    NoInterval(&'static str),
    /// Records run backwards.
    #[error("time {time_h} h lies before the record before it")]
    Order {
        /// The time.
        time_h: f64,
    },
    /// A rate or duration is modelled, but the model says none for the compartment.
    #[error("the compartment has no {0} in the model")]
    NotModelled(&'static str),
    /// A rate for an amount of zero.
    #[error(
        "the amount is zero, so the rate has nothing to give; a constant infusion at steady state is AMT 0 with RATE > 0, SS 1 and II 0"
    )]
    Nothing,
    /// More doses than can be meant.
    #[error("{count} {what}; at most {most} are simulated")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many.
        count: f64,
        /// How many there may be.
        most: u64,
    },
    /// A steady state of a model whose rates change with time.
    #[error(
        "a model with rates that fade with time repeats nothing, so it has no steady state (SS)"
    )]
    NoRepetition,
    /// A covariate is needed and not given.
    #[error("the covariate '{0}' is not given")]
    Covariate(String),
}

impl EventFault {
    /// Whether the model's parameters made it, not what stands in the record.
    pub fn is_of_parameters(&self) -> bool {
        let made = [
            "lag",
            "bioavailability",
            "modelled rate",
            "modelled duration",
        ];
        matches!(self, Self::Number { field, .. } if made.contains(field))
    }
}

/// Why a subject could not be solved.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SolveFault {
    /// A parameter or a result is not a finite number.
    #[error("{0} is not a finite number")]
    NotFinite(String),
    /// A parameter, or a product of parameters, that the equations have no meaning for.
    #[error("{what} is {value}, must be {rule}")]
    Value {
        /// What has the value, with the parameters it is made of.
        what: String,
        /// The value.
        value: f64,
        /// What it must be.
        rule: &'static str,
    },
    /// The step size shrank to nothing.
    #[error("the step size fell below the resolution of time at {time_h} h")]
    StepTooSmall {
        /// Where.
        time_h: f64,
    },
    /// More steps than allowed.
    #[error("more than {limit} steps, stopped at {time_h} h")]
    TooManySteps {
        /// The limit.
        limit: u64,
        /// Where.
        time_h: f64,
    },
    /// More comes in than saturable elimination can remove.
    #[error(
        "no steady state: on average {input} an hour come in, and what is eliminated stays below {largest} an hour"
    )]
    Saturated {
        /// Mean input, amount per hour.
        input: f64,
        /// Largest elimination, amount per hour.
        largest: f64,
    },
    /// No steady state exists, or it was not found.
    #[error("no steady state: {0}")]
    NoSteadyState(&'static str),
    /// The reference solver of another project gave up.
    #[error("the reference solver failed: {0}")]
    Reference(String),
    /// A record of this subject cannot be carried out.
    #[error("record {record}: {what}")]
    Record {
        /// Position of the record, from one.
        record: usize,
        /// What is wrong with it.
        what: EventFault,
    },
}
