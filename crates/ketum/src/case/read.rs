//! Reads a case from bytes that may be anything.

use ketum_core::date::Date;
use ketum_data::catalogue::Catalogue;
pub use ketum_data::document::Notation;
use ketum_data::document::{Diagnostic, Document, Severity};

use super::{Case, plausible};

/// A case that can be assessed, and what is implausible in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadCase {
    /// The case.
    pub case: Case,
    /// Possible but implausible values; they show in the answer.
    pub warnings: Vec<Diagnostic>,
}

/// Reads a case. `today` is the day no laboratory date may lie after.
///
/// # Errors
/// Every error of the file at once: syntax, unknown keys, wrong types, unknown words, impossible values.
pub fn read(
    name: &str,
    bytes: &[u8],
    notation: Notation,
    catalogue: &Catalogue,
    today: Option<Date>,
) -> Result<ReadCase, Vec<Diagnostic>> {
    let document = Document::read(name, bytes, notation)?;
    let schema = schemars::schema_for!(Case);
    let mut problems = ketum_data::document::check(name, &document.root, schema.as_value());
    let case: Option<Case> = if problems.is_empty() {
        match document.parse_with(schema.as_value()) {
            Ok(case) => Some(case),
            Err(more) => {
                problems.extend(more);
                None
            }
        }
    } else {
        // What can be read despite the errors is judged too, so that all of them are told at once.
        lenient(&document)
    };
    if let Some(case) = &case {
        let known: Vec<_> = problems
            .iter()
            .map(|problem| problem.path.clone())
            .collect();
        problems.extend(
            plausible::judge(name, case, catalogue, today)
                .into_iter()
                .filter(|problem| !known.contains(&problem.path)),
        );
    }
    for problem in &mut problems {
        document.locate(problem);
    }
    problems.sort_by_key(|problem| (problem.line, problem.column));
    let (errors, warnings): (Vec<_>, Vec<_>) = problems
        .into_iter()
        .partition(|problem| problem.severity == Severity::Error);
    match case {
        Some(case) if errors.is_empty() => Ok(ReadCase { case, warnings }),
        _ => Err(errors),
    }
}

/// The case without the sections that have errors, for judging the others.
fn lenient(document: &Document) -> Option<Case> {
    use ketum_data::document::Value;
    let Value::Table(sections) = &document.root.value else {
        return None;
    };
    let mut case = serde_json::Map::new();
    for (key, node) in sections {
        let mut one = serde_json::Map::new();
        one.insert(key.text.clone(), to_json(node));
        let one = serde_json::Value::Object(one);
        if serde_json::from_value::<Case>(one.clone()).is_ok()
            && let serde_json::Value::Object(one) = one
        {
            case.extend(one);
        }
    }
    serde_json::from_value(serde_json::Value::Object(case)).ok()
}

fn to_json(node: &ketum_data::document::Node) -> serde_json::Value {
    use ketum_data::document::Value;
    match &node.value {
        Value::Table(entries) => entries
            .iter()
            .map(|(key, node)| (key.text.clone(), to_json(node)))
            .collect(),
        Value::Array(items) => items.iter().map(to_json).collect(),
        Value::Text(text) | Value::Datetime(text) => text.clone().into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Bool(flag) => (*flag).into(),
        Value::Null => serde_json::Value::Null,
    }
}
