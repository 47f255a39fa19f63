//! Compares the engine with files of others that are no part of this repository.
//!
//! `cargo xtask oracle nmtests DIR` reads the dosing scenarios, the time-varying covariate and the
//! explicit-time case of metrumresearchgroup/nmtests (commit 5235a69, GPL-2, results by NONMEM 7.5)
//! from DIR, simulates them and compares row by row to the printed digits. A file that is absent or
//! that is not the file known here is a failure. It is no part of continuous integration.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use ketum_core::event::{Carry, Event, Subject};
use ketum_core::model::{CovariateEffect, CovariateForm, ModelDescription};
use ketum_data::events_csv::{self, EventColumns};
use ketum_sim::Model;
use ketum_sim::solve::{Method, Options, Tolerance, simulate};
use sha2::{Digest, Sha256};

/// Files read, with the SHA-256 of the version known here.
const FILES: [(&str, &str); 5] = [
    (
        "dosing_1001_data.csv",
        "5e2041e255792a4a67e635e582cd4ec547ce47e00e35ac9179bd4a41f1a16b9d",
    ),
    (
        "dosing_1001_nonmem.csv",
        "23e90d7b6e450dee3a2b57e1627653222b7de112b3b402d8c664c67e3907d9eb",
    ),
    (
        "tv_2001_data.csv",
        "36977b86d753a1215af36e54d1345e7a96850ab68e9c725189b7f64217996115",
    ),
    (
        "tv_2001_nonmem.csv",
        "3976e990c26bc5d471b90e40628dfd76fb3a1fb604ed786d4b2e45782579b8c5",
    ),
    (
        "claret_c001.tab",
        "2b76c691478f3b08921227a0f9d5afd89e691013fe08d4d1233ea9226ef66324",
    ),
];

/// A printed number has five digits: half a unit of the last.
const RELATIVE: f64 = 5.1e-5;
const ABSOLUTE: f64 = 1e-9;

const DOSING_MODEL: &str = include_str!("../../validation/reference/nonmem/model.toml");
const CLARET_MODEL: &str = include_str!("../../validation/reference/claret/model.toml");

/// Runs the comparison and says what was found, one line a case; an error names what differs.
pub fn nmtests(dir: &Path) -> Result<String, String> {
    let mut texts = Vec::new();
    for (name, known) in FILES {
        let bytes = std::fs::read(dir.join(name))
            .map_err(|error: io::Error| format!("{}: {error}", dir.join(name).display()))?;
        let sum = Sha256::digest(&bytes)
            .iter()
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
        if sum != known {
            return Err(format!("{name}: checksum {sum}, expected {known}"));
        }
        texts.push(String::from_utf8(bytes).map_err(|_| format!("{name}: not UTF-8"))?);
    }
    let mut report = String::new();
    for (title, compared) in [
        ("dosing scenarios", dosing(&texts[0], &texts[1])?),
        (
            "time-varying covariate",
            time_varying(&texts[2], &texts[3])?,
        ),
        ("explicit time", explicit_time(&texts[4])?),
    ] {
        for (method, case) in compared {
            let _ = writeln!(
                report,
                "{title}, {method:?}: {} rows, worst relative difference {:.2e} ({} outside the printed digits)",
                case.rows, case.worst, case.outside
            );
            if case.outside > 0 {
                return Err(report);
            }
        }
    }
    Ok(report)
}

#[derive(Default)]
struct Case {
    rows: usize,
    outside: usize,
    worst: f64,
}

impl Case {
    fn compare(&mut self, got: f64, expected: f64) {
        self.rows += 1;
        let difference = (got - expected).abs();
        self.outside +=
            usize::from(difference.is_nan() || difference > RELATIVE * expected.abs() + ABSOLUTE);
        if expected != 0.0 {
            self.worst = self.worst.max(difference / expected.abs());
        }
    }
}

type Compared = Vec<(Method, Case)>;

fn dosing(data: &str, results: &str) -> Result<Compared, String> {
    let description: ModelDescription = toml(DOSING_MODEL)?;
    compare(&description, data, results, 2)
}

/// CL = 1.1·(WT/70)^0.75, WT from the data.
fn time_varying(data: &str, results: &str) -> Result<Compared, String> {
    let mut description: ModelDescription = toml(DOSING_MODEL)?;
    description.covariate_effect = vec![CovariateEffect {
        parameter: "cl".into(),
        covariate: "WT".into(),
        unit: "kg".into(),
        form: CovariateForm::Power {
            reference: 70.0,
            exponent: 0.75,
        },
    }];
    compare(&description, data, results, 4)
}

fn compare(
    description: &ModelDescription,
    data: &str,
    results: &str,
    column: usize,
) -> Result<Compared, String> {
    let model = Model::compile(description).map_err(|error| error.to_string())?;
    let covariates: Vec<String> = description
        .covariate_effect
        .iter()
        .map(|effect| effect.covariate.clone())
        .collect();
    let columns = EventColumns {
        compartments: &["depot".to_owned(), "central".to_owned()],
        covariates: &covariates,
        carry: Carry::Backward,
        ignored: &["C", "MODE", "LAGT", "BIOAV", "DUR2", "RAT2", "CL", "CP"],
        ..EventColumns::default()
    };
    let read = events_csv::read("data", data.as_bytes(), &columns).map_err(|errors| {
        errors
            .iter()
            .map(|e| format!("{}: {}\n", e.position(), e.message))
            .collect::<String>()
    })?;
    let expected = numbers(results, ',', column)?;
    let mut compared = Vec::new();
    for method in [Method::ClosedForm, Method::Explicit, Method::Rosenbrock] {
        let mut rows = expected.iter();
        let mut case = Case::default();
        for subject in &read.subjects {
            for got in predict(&model, subject, method)? {
                let expected = rows.next().ok_or("fewer results than records")?;
                case.compare(got, *expected);
            }
        }
        if rows.next().is_some() {
            return Err("more results than records".into());
        }
        compared.push((method, case));
    }
    Ok(compared)
}

fn explicit_time(results: &str) -> Result<Compared, String> {
    let model = Model::compile(&toml(CLARET_MODEL)?).map_err(|error| error.to_string())?;
    let table: String = results
        .lines()
        .skip(1)
        .map(|line| format!("{}\n", line.trim()))
        .collect();
    let times = numbers(&table, ' ', 1)?;
    let expected = numbers(&table, ' ', 2)?;
    let subject = Subject {
        id: "1".into(),
        events: times
            .iter()
            .map(|&time_h| Event::observation(time_h))
            .collect(),
        covariates: Vec::new(),
    };
    let mut compared = Vec::new();
    for method in [Method::Explicit, Method::Rosenbrock] {
        let mut case = Case::default();
        for (got, expected) in predict(&model, &subject, method)?
            .into_iter()
            .zip(&expected)
        {
            case.compare(got, *expected);
        }
        compared.push((method, case));
    }
    Ok(compared)
}

fn predict(model: &Model, subject: &Subject, method: Method) -> Result<Vec<f64>, String> {
    let tolerance = Tolerance {
        relative: 1e-9,
        absolute: 1e-12,
        ..Tolerance::default()
    };
    let options = Options { method, tolerance };
    let prediction = simulate(model, subject, &[], &options).map_err(|error| error.to_string())?;
    Ok(prediction.rows.into_iter().map(|row| row[0]).collect())
}

/// One column of a table with a header.
fn numbers(text: &str, separator: char, column: usize) -> Result<Vec<f64>, String> {
    text.lines()
        .skip(1)
        .map(|line| {
            let field = line
                .split(separator)
                .filter(|field| !field.is_empty())
                .nth(column);
            field
                .and_then(|field| field.trim().parse().ok())
                .ok_or_else(|| format!("no number in column {} of '{line}'", column + 1))
        })
        .collect()
}

fn toml(text: &str) -> Result<ModelDescription, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
