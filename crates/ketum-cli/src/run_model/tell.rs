//! What is told on standard error: progress, notes, people who could not be simulated.

use std::io::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ketum_core::event::Carry;
use ketum_data::events_csv::EventData;
use ketum_sim::SimError;
use ketum_sim::dataset::{PersonFailure, Solution};
use ketum_sim::population::Progress;
use ketum_sim::solve::Note;
use serde_json::{Map, Value, json};

use super::Format;
use crate::failure::Failure;
use crate::output::Output;

/// Most notes of one kind that are printed one by one. People who were left out are all named.
const MOST_NOTES: usize = 5;

/// Ends a run that failed. All who could not be simulated are named: for programs on standard output.
pub(super) fn failed(error: SimError, format: Format, out: &mut Output) -> Result<(), Failure> {
    let (failures, simulated) = match error {
        SimError::People {
            failures,
            simulated,
        } => (failures, simulated),
        SimError::Event { .. } | SimError::Unsupported { .. } => {
            return Err(Failure::User(error.to_string()));
        }
        other => return Err(Failure::Numeric(other.to_string())),
    };
    let count = failures.len();
    let message = format!(
        "{count} of {simulated} could not be simulated; --failures-allowed {count} leaves them out and names them"
    );
    if format == Format::Json {
        let failures: Vec<Value> = failures.iter().map(failure).collect();
        out.json(&json!({
            "errors": [{ "severity": "error", "message": message }],
            "failures": failures,
        }))?;
        return Err(Failure::Reported(4));
    }
    for failure in &failures {
        note(&format!("could not be simulated: {failure}"));
    }
    Err(Failure::Numeric(message))
}

/// A person who could not be simulated, for programs.
pub(super) fn failure(failure: &PersonFailure) -> Value {
    let parameters: Map<String, Value> = failure
        .parameters
        .iter()
        // JSON has no word for infinity; as text it is at least seen.
        .map(|(name, value)| match value.is_finite() {
            true => (name.clone(), json!(value)),
            false => (name.clone(), json!(value.to_string())),
        })
        .collect();
    json!({
        "subject": failure.id,
        "person": failure.person,
        "cause": failure.cause.to_string(),
        "parameters": parameters,
    })
}

pub(super) fn carry_word(carry: Carry) -> &'static str {
    match carry {
        Carry::Backward => "backward",
        Carry::Forward => "forward",
        Carry::Linear => "linear",
    }
}

pub(super) fn notes(data: &EventData, methods: &[Solution], failures: &[PersonFailure]) {
    for column in &data.unused {
        note(&format!("note: the column {column} is not used"));
    }
    let changes = data.subjects.iter().flat_map(|subject| &subject.covariates);
    let mut carried: Vec<String> = Vec::new();
    for series in changes.filter(|series| series.values.windows(2).any(|v| v[0] != v[1])) {
        let rule = format!("{} {}", series.name, carry_word(series.carry));
        if !carried.contains(&rule) {
            carried.push(rule);
        }
    }
    listed("carried between records", &carried);
    let id = |solution: &Solution| data.subjects[solution.subject].id.as_str();
    let (mut stiff, mut moving) = (Vec::new(), Vec::new());
    for solution in methods {
        for noted in &solution.notes {
            let who = match noted.people {
                1 => format!("subject {}", id(solution)),
                people => format!("subject {} ({people} people)", id(solution)),
            };
            match noted.note {
                Note::TurnedStiff { time_h } if noted.people == 1 => {
                    stiff.push(format!("{who} at {} h", short(time_h)));
                }
                Note::TurnedStiff { time_h } => {
                    stiff.push(format!("{who}, first at {} h", short(time_h)));
                }
                Note::NoClosedForm => moving.push(who),
            }
        }
    }
    listed("turned stiff, the Rosenbrock method went on", &stiff);
    listed(
        "a covariate moves between records, so there is no closed form",
        &moving,
    );
    for failure in failures {
        note(&format!(
            "note: left out, could not be simulated: {failure}"
        ));
    }
}

/// A time to read, not to calculate with.
fn short(time_h: f64) -> String {
    match time_h.abs() < 0.01 && time_h != 0.0 {
        true => format!("{time_h:.1e}"),
        false => format!("{time_h:.2}"),
    }
}

fn listed(what: &str, list: &[String]) {
    if list.is_empty() {
        return;
    }
    let shown = &list[..list.len().min(MOST_NOTES)];
    let more = match list.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    note(&format!("note: {what}: {}{more}", shown.join("; ")));
}

pub(super) fn note(text: &str) {
    // Nothing is left to do if standard error is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Progress on the terminal once something takes longer than a second.
pub(super) struct Clock {
    shown: bool,
    start: Instant,
    last: Mutex<Option<Instant>>,
}

impl Clock {
    pub(super) fn new(shown: bool) -> Self {
        Self {
            shown,
            start: Instant::now(),
            last: Mutex::new(None),
        }
    }

    pub(super) fn tell(&self, progress: Progress) -> bool {
        let now = Instant::now();
        let Ok(mut last) = self.last.lock() else {
            return true;
        };
        let due = last.unwrap_or(self.start) + Duration::from_secs(1) <= now;
        if self.shown && due {
            *last = Some(now);
            let Progress { done, subjects } = progress;
            let _ = write!(std::io::stderr(), "\r{done} of {subjects} simulated");
        }
        true
    }

    pub(super) fn end(&self) {
        if self.last.lock().is_ok_and(|last| last.is_some()) {
            note("");
        }
    }
}
