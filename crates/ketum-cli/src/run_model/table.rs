//! The result as a table: CSV or JSON. Rows are made as they are written; none is held twice.

use std::collections::HashSet;
use std::io::{self, Write};

use ketum_core::event::EventKind;
use ketum_data::events_csv::EventData;
use ketum_sim::Model;
use ketum_sim::dataset::{DataBands, DataResult, PersonFailure, Solution};
use ketum_sim::population::QUANTILES;
use ketum_sim::solve::{Note, Work};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::tell::{carry_word, failure};
use super::{Arguments, Format};
use crate::failure::Failure;

/// Columns, rows and what a reader should know of how they were made.
pub(super) struct Table<'a> {
    pub(super) model: &'a Model,
    pub(super) data: &'a EventData,
    pub(super) seed: u64,
    /// Whether a row says which person it is about.
    pub(super) each: bool,
    pub(super) columns: Vec<String>,
    pub(super) body: Body,
}

/// What was simulated.
pub(super) enum Body {
    /// A row for every record.
    Rows(DataResult),
    /// Quantiles for every record.
    Bands(DataBands),
}

enum Cell<'a> {
    Text(&'a str),
    Number(f64),
    /// Nothing to say: before the first dose there is no time after it.
    Absent,
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(word) => serializer.serialize_str(word),
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::Absent => serializer.serialize_none(),
        }
    }
}

/// Names of the columns; one that a kept column would take twice is an error.
pub(super) fn columns(
    arguments: &Arguments,
    model: &Model,
    data: &EventData,
) -> Result<Vec<String>, Failure> {
    let first = if arguments.each {
        &["ID", "PERSON"][..]
    } else {
        &["ID"]
    };
    let first = first.iter().chain(&["TIME", "EVID", "DOSE", "TAD"]);
    let mut columns: Vec<String> = first.map(|name| (*name).to_owned()).collect();
    let bands = arguments.population.is_some() && !arguments.each;
    for output in model.outputs() {
        match bands {
            true => columns.extend(QUANTILES.map(|p| format!("{}_p{:.0}", output.name, 100.0 * p))),
            false => columns.push(output.name.clone()),
        }
    }
    let covariates = data.subjects.first().map(|subject| &subject.covariates);
    columns.extend(covariates.into_iter().flatten().map(|c| c.name.clone()));
    let mut taken: HashSet<String> = columns.iter().cloned().collect();
    for name in &data.kept.names {
        if !taken.insert(name.clone()) {
            return Err(Failure::User(format!(
                "--keep {name}: the result has a column {name} already; rename it in the data"
            )));
        }
        columns.push(name.clone());
    }
    Ok(columns)
}

impl Table<'_> {
    pub(super) fn methods(&self) -> &[Solution] {
        match &self.body {
            Body::Rows(result) => &result.methods,
            Body::Bands(bands) => &bands.methods,
        }
    }

    pub(super) fn failures(&self) -> &[PersonFailure] {
        match &self.body {
            Body::Rows(result) => &result.failures,
            Body::Bands(bands) => &bands.failures,
        }
    }

    fn work(&self) -> Work {
        match &self.body {
            Body::Rows(result) => result.work,
            Body::Bands(bands) => bands.work,
        }
    }

    fn rows(&self) -> Box<dyn Iterator<Item = Vec<Cell<'_>>> + '_> {
        match &self.body {
            Body::Rows(result) => Box::new(result.rows.iter().map(|row| {
                let person = self.each.then_some(row.replicate);
                let mut cells = lead(self.data, row.subject, row.record, person, row.dose);
                let numbers = row.values.iter().chain(&row.covariates);
                cells.extend(numbers.map(|value| Cell::Number(*value)));
                self.keep(&mut cells, row.subject, row.record);
                cells
            })),
            Body::Bands(bands) => Box::new(bands.rows.iter().map(|row| {
                let mut cells = lead(self.data, row.subject, row.record, None, row.dose);
                let numbers = row.quantiles.iter().flatten().chain(&row.covariates);
                cells.extend(numbers.map(|value| Cell::Number(*value)));
                self.keep(&mut cells, row.subject, row.record);
                cells
            })),
        }
    }

    /// Columns of the data, handed on as they stand.
    fn keep<'t>(&'t self, cells: &mut Vec<Cell<'t>>, subject: usize, record: usize) {
        let fields = self.data.kept.of(subject, record);
        cells.extend(fields.iter().map(|field| match &**field {
            "" | "." => Cell::Absent,
            word => Cell::Text(word),
        }));
    }

    pub(super) fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Csv => self.csv(out),
            Format::Json => {
                serde_json::to_writer_pretty(&mut *out, &self.whole())?;
                out.write_all(b"\n")
            }
        }
    }

    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let columns = self.columns.iter().map(|column| quoted(column));
        writeln!(out, "{}", columns.collect::<Vec<_>>().join(","))?;
        let mut line = String::new();
        for row in self.rows() {
            line.clear();
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    line.push(',');
                }
                match cell {
                    Cell::Text(word) => line.push_str(&quoted(word)),
                    Cell::Number(value) => line.push_str(&shortest(*value)),
                    Cell::Absent => line.push('.'),
                }
            }
            line.push('\n');
            out.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    fn whole(&self) -> Whole<'_> {
        let outputs = self.model.outputs().iter();
        let covariates = self
            .data
            .subjects
            .first()
            .map(|subject| &subject.covariates);
        let work = self.work();
        Whole {
            model: self.model.id(),
            seed: self.seed,
            outputs: outputs
                .map(|output| json!({ "name": output.name, "unit": output.unit }))
                .collect(),
            carry: (covariates.into_iter().flatten())
                .map(|series| (series.name.clone(), json!(carry_word(series.carry))))
                .collect(),
            subjects: self.methods().iter().map(|s| self.solution(s)).collect(),
            work: json!({
                "steps": work.steps,
                "rejected": work.rejected,
                "evaluations": work.evaluations,
                "jacobians": work.jacobians,
                "exponentials": work.exponentials,
            }),
            failures: self.failures().iter().map(failure).collect(),
            columns: &self.columns,
            rows: Rows(self),
        }
    }

    fn solution(&self, solution: &Solution) -> (String, Value) {
        let notes = solution.notes.iter().map(|noted| match noted.note {
            Note::TurnedStiff { time_h } => {
                json!({ "note": "turned-stiff", "people": noted.people, "earliest_h": time_h })
            }
            Note::NoClosedForm => json!({ "note": "no-closed-form", "people": noted.people }),
        });
        let value = json!({
            "method": format!("{:?}", solution.method),
            "notes": notes.collect::<Vec<_>>(),
        });
        (self.data.subjects[solution.subject].id.clone(), value)
    }
}

/// The result for programs.
#[derive(Serialize)]
struct Whole<'a> {
    model: &'a str,
    seed: u64,
    outputs: Vec<Value>,
    carry: Map<String, Value>,
    subjects: Map<String, Value>,
    work: Value,
    failures: Vec<Value>,
    columns: &'a [String],
    rows: Rows<'a>,
}

struct Rows<'a>(&'a Table<'a>);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.rows())
    }
}

/// What stands before the predictions.
fn lead(
    data: &EventData,
    subject: usize,
    record: usize,
    person: Option<u32>,
    dose: Option<(u32, f64)>,
) -> Vec<Cell<'_>> {
    let own = &data.subjects[subject];
    let event = &own.events[record];
    let kind = match event.kind {
        EventKind::Observation => 0.0,
        EventKind::Dose => 1.0,
        EventKind::Other => 2.0,
        EventKind::Reset => 3.0,
        EventKind::ResetAndDose => 4.0,
    };
    let mut cells = vec![Cell::Text(&own.id)];
    cells.extend(person.map(|person| Cell::Number(f64::from(person) + 1.0)));
    cells.extend([Cell::Number(event.time_h), Cell::Number(kind)]);
    match dose {
        Some((number, since)) => {
            cells.extend([Cell::Number(f64::from(number)), Cell::Number(since)]);
        }
        None => cells.extend([Cell::Absent, Cell::Absent]),
    }
    cells
}

/// The shortest digits that give the same number back.
fn shortest(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-5..1e15).contains(&size) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

fn quoted(word: &str) -> String {
    if word.contains([',', '"', '\n']) {
        format!("\"{}\"", word.replace('"', "\"\""))
    } else {
        word.to_owned()
    }
}
