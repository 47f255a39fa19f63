//! Reads the model and the records; the errors of both are collected before anything is simulated.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use ketum_core::event::Carry;
use ketum_data::document::{self, Diagnostic, Severity, render};
use ketum_data::events_csv::{self, EventColumns, EventData, MAX_ERRORS};
use ketum_data::model_file::{self, ModelFile};
use ketum_sim::model::{Key, ModelProblem};
use ketum_sim::{EventFault, Model, dataset};

use super::tell::note;
use super::{Arguments, Format};
use crate::failure::Failure;
use crate::output::Output;

/// Everything wrong with the two files.
pub(super) struct Refused {
    errors: Vec<Diagnostic>,
    /// Text of the model file, to show the lines around an error.
    model: Option<String>,
    model_name: String,
}

pub(super) fn read(arguments: &Arguments) -> Result<Result<(Model, EventData), Refused>, Failure> {
    let name = arguments.model.display().to_string();
    let bytes = bounded(&arguments.model)?;
    let refused = |errors, model: Option<String>| Refused {
        errors,
        model,
        model_name: name.clone(),
    };
    let file = match model_file::read(&name, &bytes) {
        Ok(file) => file,
        Err(mut errors) => {
            if let Err(more) = records(arguments, None)? {
                errors.extend(more);
            }
            return Ok(Err(refused(errors, String::from_utf8(bytes).ok())));
        }
    };
    let (model, mut errors) = compiled(&file);
    let data = match records(arguments, Some(&file))? {
        Ok(data) => Some(data),
        Err(more) => {
            errors.extend(more);
            None
        }
    };
    if let (Some(model), Some(data)) = (&model, &data) {
        errors.extend(misfits(arguments, model, data));
    }
    match (model, data) {
        (Some(model), Some(data)) if errors.is_empty() => Ok(Ok((model, data))),
        _ => Ok(Err(refused(errors, Some(file.document.text)))),
    }
}

/// Records that stand well by themselves and do not fit the model.
fn misfits(arguments: &Arguments, model: &Model, data: &EventData) -> Vec<Diagnostic> {
    let name = arguments.data.display().to_string();
    let found = dataset::check(model, &data.subjects);
    let error = |message: String, hint: String, line: usize| {
        Diagnostic::error("record", &name, document::Path::root(), message)
            .hint(hint)
            .at(line, 1)
    };
    let line =
        |subject: usize, record: usize| data.lines[subject].get(record).copied().unwrap_or(1);
    let mut errors: Vec<Diagnostic> = found
        .iter()
        .take(MAX_ERRORS)
        .map(|(subject, record, fault)| {
            let message = format!("subject {}: {fault}", data.subjects[*subject].id);
            error(message, advice(fault), line(*subject, *record))
        })
        .collect();
    if let Some((subject, record, _)) = found.get(MAX_ERRORS) {
        let message = format!("only the first {MAX_ERRORS} records that do not fit are shown");
        let hint = "mend these and run again to see what is left".to_owned();
        errors.push(error(message, hint, line(*subject, *record)).note());
    }
    errors
}

/// What to do about a record that does not fit.
fn advice(fault: &EventFault) -> String {
    match fault {
        EventFault::Number { field, rule, .. } => format!(
            "the model's parameters with this record's covariates give the {field}; it must be {rule}"
        ),
        EventFault::Compartment(_) => "CMT names a compartment of the model".to_owned(),
        EventFault::NoInterval(_) => "give II, the hours between doses".to_owned(),
        EventFault::NotModelled(_) => {
            "give the compartment dose_rate or dose_duration in the model file".to_owned()
        }
        _ => "what a record may say stands in docs/engine.md".to_owned(),
    }
}

fn compiled(file: &ModelFile) -> (Option<Model>, Vec<Diagnostic>) {
    let description = match &file.description {
        Ok(description) => description,
        Err(errors) => return (None, errors.clone()),
    };
    match Model::compile_checked(description) {
        Ok(model) if model.outputs().is_empty() => {
            let mut error = Diagnostic::error(
                "model",
                &file.document.name,
                file.at.clone(),
                "the model predicts nothing",
            )
            .hint("add an [[output]] with a name, a unit and a compartment");
            file.document.locate(&mut error);
            (None, vec![error])
        }
        Ok(model) => (Some(model), Vec::new()),
        Err(problems) => (
            None,
            problems
                .iter()
                .map(|problem| placed(file, problem))
                .collect(),
        ),
    }
}

/// A problem of the simulator at its line and column of the file.
fn placed(file: &ModelFile, problem: &ModelProblem) -> Diagnostic {
    let path = problem
        .path
        .iter()
        .fold(file.at.clone(), |path, key| match *key {
            Key::Name(name) => path.then(name),
            Key::Index(index) => path.then(index),
        });
    let mut error = Diagnostic::error(
        "model",
        &file.document.name,
        path,
        problem.fault.to_string(),
    )
    .hint(problem.fault.advice());
    file.document.locate(&mut error);
    error
}

/// Reads the records; without a model, everything about them that does not depend on one.
fn records(
    arguments: &Arguments,
    file: Option<&ModelFile>,
) -> Result<Result<EventData, Vec<Diagnostic>>, Failure> {
    let name = arguments.data.display().to_string();
    let ignored: Vec<&str> = arguments.ignore.iter().map(String::as_str).collect();
    let kept: Vec<&str> = arguments.keep.iter().map(String::as_str).collect();
    let compartments = file.map(ModelFile::compartments).unwrap_or_default();
    let modelled = file.map(ModelFile::modelled).unwrap_or_default();
    let covariates = file.map(ModelFile::covariates).unwrap_or_default();
    let mut carry = None;
    let mut carried = Vec::new();
    for rule in &arguments.carry {
        match &rule.column {
            Some(column) => carried.push((column.clone(), rule.carry)),
            None if carry.is_some() => {
                return Err(Failure::User(
                    "--carry gives two rules for all columns; a rule for one is COLUMN=RULE"
                        .to_owned(),
                ));
            }
            None => carry = Some(rule.carry),
        }
    }
    let columns = EventColumns {
        compartments: &compartments,
        modelled: &modelled,
        covariates: &covariates,
        carry: carry.unwrap_or(Carry::Backward),
        carried: &carried,
        ignored: &ignored,
        kept: &kept,
        model_unknown: file.is_none(),
    };
    if arguments.data.as_os_str() == "-" {
        return Ok(events_csv::read(&name, std::io::stdin().lock(), &columns));
    }
    let file = File::open(&arguments.data)
        .map_err(|error| Failure::User(format!("cannot read {name}: {error}")))?;
    Ok(events_csv::read(&name, BufReader::new(file), &columns))
}

/// At most a byte more than any model file may have, so that a huge file costs nothing.
fn bounded(path: &Path) -> Result<Vec<u8>, Failure> {
    let limit = document::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| Failure::User(format!("cannot read {}: {error}", path.display())))?;
    Ok(bytes)
}

impl Refused {
    /// Programs get the errors on standard output, people on standard error.
    pub(super) fn report(self, format: Format, out: &mut Output) -> Result<(), Failure> {
        if format == Format::Json {
            let errors: Vec<serde_json::Value> = self
                .errors
                .iter()
                .map(|error| {
                    serde_json::json!({
                        "severity": error.severity,
                        "file": error.file,
                        "line": error.line,
                        "column": error.column,
                        "message": error.message,
                        "hint": error.hint,
                    })
                })
                .collect();
            out.json(&serde_json::json!({ "errors": errors }))?;
            return Err(Failure::Reported(2));
        }
        for error in &self.errors {
            let text = self
                .model
                .as_deref()
                .filter(|_| error.file == self.model_name);
            note(&format!("{}\n", render(error, text, false)));
        }
        let errors = self.errors.iter();
        let count = errors
            .filter(|error| error.severity == Severity::Error)
            .count();
        let more = if count < self.errors.len() {
            " or more"
        } else {
            ""
        };
        note(&match count {
            1 => "1 error; nothing was simulated".to_owned(),
            many => format!("{many} errors{more}; nothing was simulated"),
        });
        Err(Failure::Reported(2))
    }
}
