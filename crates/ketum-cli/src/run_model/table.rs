//! The result as a table: CSV or JSON.

use ketum_core::event::EventKind;
use ketum_data::events_csv::EventData;
use ketum_sim::dataset::{DataBands, DataResult, Solution};
use ketum_sim::population::QUANTILES;
use ketum_sim::solve::Work;
use ketum_sim::{Model, SubjectFailure};
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// Columns, rows and what a reader should know of how they were made.
pub(super) struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    pub(super) methods: Vec<Solution>,
    pub(super) failures: Vec<SubjectFailure>,
    work: Work,
    ids: Vec<String>,
}

enum Cell {
    Text(String),
    Number(f64),
    /// Nothing to say: before the first dose there is no time after it.
    Absent,
}

impl Table {
    /// A row for every record; `each` adds the number of the person.
    pub(super) fn rows(model: &Model, data: &EventData, result: DataResult, each: bool) -> Self {
        let outputs = model.outputs().iter().map(|output| output.name.clone());
        let columns = head(each, outputs, data);
        let rows = result
            .rows
            .into_iter()
            .map(|row| {
                let mut cells = lead(
                    data,
                    row.subject,
                    row.record,
                    each.then_some(row.replicate),
                    row.dose,
                );
                let numbers = row.values.into_iter().chain(row.covariates);
                cells.extend(numbers.map(Cell::Number));
                cells
            })
            .collect();
        Self {
            columns,
            rows,
            methods: result.methods,
            failures: result.failures,
            work: result.work,
            ids: ids(data),
        }
    }

    /// Quantiles for every record.
    pub(super) fn bands(model: &Model, data: &EventData, bands: DataBands) -> Self {
        let outputs = model
            .outputs()
            .iter()
            .flat_map(|output| QUANTILES.map(|p| format!("{}_p{:.0}", output.name, 100.0 * p)));
        let columns = head(false, outputs, data);
        let rows = bands
            .rows
            .into_iter()
            .map(|row| {
                let mut cells = lead(data, row.subject, row.record, None, row.dose);
                let numbers = row.quantiles.into_iter().flatten().chain(row.covariates);
                cells.extend(numbers.map(Cell::Number));
                cells
            })
            .collect();
        Self {
            columns,
            rows,
            methods: bands.methods,
            failures: bands.failures,
            work: bands.work,
            ids: ids(data),
        }
    }

    pub(super) fn csv(&self) -> String {
        let mut text = self
            .columns
            .iter()
            .map(|column| quoted(column))
            .collect::<Vec<_>>()
            .join(",");
        text.push('\n');
        for row in &self.rows {
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                match cell {
                    Cell::Text(word) => text.push_str(&quoted(word)),
                    Cell::Number(value) => text.push_str(&shortest(*value)),
                    Cell::Absent => text.push('.'),
                }
            }
            text.push('\n');
        }
        text
    }

    pub(super) fn json(&self, model: &Model, seed: u64) -> Result<String, Failure> {
        let outputs: Vec<Value> = model
            .outputs()
            .iter()
            .map(|output| json!({ "name": output.name, "unit": output.unit }))
            .collect();
        let methods: Map<String, Value> = self
            .methods
            .iter()
            .map(|(subject, method, notes)| {
                let notes: Vec<String> = notes.iter().map(|note| format!("{note:?}")).collect();
                let value = json!({ "method": format!("{method:?}"), "notes": notes });
                (self.ids[*subject].clone(), value)
            })
            .collect();
        let failures: Vec<Value> = self
            .failures
            .iter()
            .map(|failure| {
                let parameters: Map<String, Value> = failure
                    .parameters
                    .iter()
                    .map(|(name, value)| (name.clone(), json!(value)))
                    .collect();
                json!({
                    "subject": self.ids[failure.subject as usize],
                    "cause": failure.cause.to_string(),
                    "parameters": parameters,
                })
            })
            .collect();
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|cell| match cell {
                        Cell::Text(word) => json!(word),
                        Cell::Number(value) => json!(value),
                        Cell::Absent => Value::Null,
                    })
                    .collect()
            })
            .collect();
        let whole = json!({
            "model": model.id(),
            "seed": seed,
            "outputs": outputs,
            "subjects": methods,
            "work": {
                "steps": self.work.steps,
                "rejected": self.work.rejected,
                "evaluations": self.work.evaluations,
                "jacobians": self.work.jacobians,
                "exponentials": self.work.exponentials,
            },
            "failures": failures,
            "columns": self.columns,
            "rows": rows,
        });
        let text = serde_json::to_string_pretty(&whole)
            .map_err(|error| Failure::Numeric(error.to_string()))?;
        Ok(text + "\n")
    }
}

fn ids(data: &EventData) -> Vec<String> {
    data.subjects
        .iter()
        .map(|subject| subject.id.clone())
        .collect()
}

fn head(each: bool, outputs: impl Iterator<Item = String>, data: &EventData) -> Vec<String> {
    let covariates = data.subjects.first().map(|subject| &subject.covariates);
    let covariates = covariates.into_iter().flatten().map(|c| c.name.clone());
    let first = if each { &["ID", "PERSON"][..] } else { &["ID"] };
    let first = first.iter().chain(&["TIME", "EVID", "DOSE", "TAD"]);
    (first.map(|name| (*name).to_owned()))
        .chain(outputs)
        .chain(covariates)
        .collect()
}

/// What stands before the predictions.
fn lead(
    data: &EventData,
    subject: usize,
    record: usize,
    person: Option<u32>,
    dose: Option<(u32, f64)>,
) -> Vec<Cell> {
    let own = &data.subjects[subject];
    let event = &own.events[record];
    let kind = match event.kind {
        EventKind::Observation => 0.0,
        EventKind::Dose => 1.0,
        EventKind::Other => 2.0,
        EventKind::Reset => 3.0,
        EventKind::ResetAndDose => 4.0,
    };
    let mut cells = vec![Cell::Text(own.id.clone())];
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
