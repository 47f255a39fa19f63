//! Every reference vector, and a vector for every calculator.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ketum::clinic::{self, Fail};
use serde_json::Value;

struct Vector {
    id: String,
    calculator: String,
    inputs: Value,
    expected: Value,
    tolerance: f64,
}

/// Reads RFC 4180: quoted fields, doubled quotes. Enough for our own files.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().expect("one row");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                row.last_mut().expect("one field").push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            c => row.last_mut().expect("one field").push(c),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}

fn vectors() -> Vec<Vector> {
    let reference = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../validation/reference");
    let mut all = Vec::new();
    for file in ["clinical/vectors.csv", "interaction/vectors.csv"] {
        let text = std::fs::read_to_string(reference.join(file)).expect(file);
        let rows = records(&text);
        let (header, rows) = rows.split_first().expect("a header");
        assert_eq!(
            header.join(","),
            "id,calculator,inputs_json,expected_json,abs_tolerance,kind,source,note",
            "{file}"
        );
        for row in rows {
            let [
                id,
                calculator,
                inputs,
                expected,
                tolerance,
                kind,
                source,
                note,
            ] = row.as_slice()
            else {
                panic!("{file}: {row:?} has {} fields", row.len());
            };
            assert!(
                !source.is_empty() && !kind.is_empty(),
                "{id} has no source or kind"
            );
            assert!(
                !note.contains("unverified") && !source.contains("unverified"),
                "{id} rests on something unverified"
            );
            all.push(Vector {
                id: id.clone(),
                calculator: calculator.clone(),
                inputs: serde_json::from_str(inputs)
                    .unwrap_or_else(|error| panic!("{id}: {error}")),
                expected: serde_json::from_str(expected)
                    .unwrap_or_else(|error| panic!("{id}: {error}")),
                tolerance: tolerance
                    .parse()
                    .unwrap_or_else(|error| panic!("{id}: {error}")),
            });
        }
    }
    all
}

/// Whether `got` is `wanted`, numbers within `tolerance`.
fn same(got: &Value, wanted: &Value, tolerance: f64) -> bool {
    match (got, wanted) {
        (Value::Array(got), Value::Array(wanted)) => {
            got.len() == wanted.len() && got.iter().zip(wanted).all(|(g, w)| same(g, w, tolerance))
        }
        _ => match (got.as_f64(), wanted.as_f64()) {
            (Some(got), Some(wanted)) => (got - wanted).abs() <= tolerance + 1e-12,
            _ => got == wanted,
        },
    }
}

fn check(vector: &Vector) -> Vec<String> {
    let outcome = clinic::calculate(&vector.calculator, &vector.inputs);
    let expected = vector.expected.as_object().expect("expected is an object");
    if let Some(code) = expected.get("error") {
        let got = outcome.as_ref().map_err(Fail::code).map(|_| "an answer");
        return match got {
            Err(got) if *code == got => Vec::new(),
            Ok(got) | Err(got) => vec![format!("{}: expected error {code}, got {got}", vector.id)],
        };
    }
    let output = match outcome {
        Ok(output) => output.to_json(),
        Err(error) => return vec![format!("{}: {error}: {:?}", vector.id, error.problems())],
    };
    let mut wrong = Vec::new();
    for (key, wanted) in expected {
        // A value printed by the source is compared with the same result; null means not printed.
        let (key, printed) = match key.strip_prefix("published_") {
            Some(key) => (key, true),
            None => (key.as_str(), false),
        };
        if printed && wanted.is_null() {
            continue;
        }
        match output.get(key) {
            Some(got) if same(got, wanted, vector.tolerance) => {}
            got => wrong.push(format!(
                "{}: {key} is {got:?}, expected {wanted}",
                vector.id
            )),
        }
    }
    wrong
}

#[test]
fn every_reference_vector_holds() {
    let vectors = vectors();
    assert!(vectors.len() >= 120 + 40, "only {} vectors", vectors.len());
    let wrong: Vec<String> = vectors.iter().flat_map(check).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_calculator_has_a_vector() {
    let covered: BTreeSet<String> = vectors()
        .into_iter()
        .map(|vector| vector.calculator)
        .collect();
    let without: Vec<&str> = clinic::all()
        .iter()
        .map(|calculator| calculator.name)
        .filter(|name| !covered.contains(*name))
        .collect();
    assert!(without.is_empty(), "no vector for {without:?}");
    let unknown: Vec<&String> = covered
        .iter()
        .filter(|name| clinic::find(name).is_none())
        .collect();
    assert!(
        unknown.is_empty(),
        "vectors for unknown calculators {unknown:?}"
    );
}

#[test]
fn the_comparison_can_fail() {
    let vector = |expected: &str| Vector {
        id: "self-test".to_owned(),
        calculator: "gcs".to_owned(),
        inputs: serde_json::json!({"eye": 4, "verbal": 5, "motor": 6}),
        expected: serde_json::from_str(expected).expect("json"),
        tolerance: 0.0,
    };
    assert!(check(&vector(r#"{"score":15}"#)).is_empty());
    for wrong in [
        r#"{"score":14}"#,
        r#"{"sum":15}"#,
        r#"{"score":null}"#,
        r#"{"error":"missing"}"#,
    ] {
        assert_eq!(check(&vector(wrong)).len(), 1, "{wrong}");
    }
}
