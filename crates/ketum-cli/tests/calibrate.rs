//! `ketum calibrate` and `ketum validate` as their user meets them: what stops a fit, what resumes it,
//! what is printed.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn ketum(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("calibrate-{name}"));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// A calibration so short that it tests the machinery and nothing else.
const SHORT: [&str; 13] = [
    "calibrate",
    "--study",
    "tanna-2022",
    "--generations",
    "2",
    "--warm-up",
    "1",
    "--rounds",
    "1",
    "--pool",
    "32",
    "--trials",
    "64",
];

fn short(more: &[&str]) -> Output {
    ketum(&[&SHORT[..], &["--quiet"], more].concat())
}

fn refused(output: &Output, code: i32, says: &str) {
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(error.contains(says), "{says}: {error}");
}

#[test]
fn chains_that_have_not_met_make_no_model() {
    let folder = folder("r-hat");
    let out = folder.join("model.toml");
    let report = folder.join("report.json");
    let output = short(&[
        "--out",
        out.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
    ]);
    refused(&output, 4, "the chains do not agree");
    assert!(!out.exists(), "a model was written all the same");
    // The report is there, so that one can see why.
    let report: Value = serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap();
    assert!(report["parameters"][0]["r_hat"].as_f64().unwrap() > 1.0);
}

#[test]
fn a_stopped_calibration_goes_on_to_the_same_report() {
    let folder = folder("resume");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let state = path("state");
    // Stopped after the search, then taken up again.
    let first = short(&["--state", &state, "--search-only"]);
    assert!(
        first.status.success(),
        "{}",
        String::from_utf8_lossy(&first.stderr)
    );
    refused(
        &short(&["--state", &state, "--report", &path("resumed.json")]),
        4,
        "the chains do not agree",
    );
    refused(
        &short(&["--report", &path("straight.json")]),
        4,
        "the chains do not agree",
    );
    let read = |name: &str| std::fs::read(path(name)).unwrap();
    assert!(
        read("resumed.json") == read("straight.json"),
        "another report after a stop"
    );
    // A finished state is not fitted again, and another question is not answered with it.
    refused(
        &short(&["--state", &state, "--seed", "2"]),
        2,
        "another seed",
    );
    refused(
        &short(&["--state", &state, "--correlations", "0.5"]),
        2,
        "other numbers",
    );
}

#[test]
fn a_damaged_state_is_refused_and_left_alone() {
    let folder = folder("damaged");
    let state = folder.join("state");
    let name = state.to_str().unwrap();
    assert!(short(&["--state", name, "--search-only"]).status.success());
    let whole = std::fs::read_to_string(&state).unwrap();
    for text in [
        whole[..whole.len() / 2].to_owned(),
        whole.replacen("generation 2", "generation 1", 1),
        String::new(),
        "a shopping list\n".to_owned(),
    ] {
        std::fs::write(&state, &text).unwrap();
        refused(&short(&["--state", name]), 2, "damaged");
        assert_eq!(std::fs::read_to_string(&state).unwrap(), text);
    }
}

#[test]
fn what_must_not_be_fitted_is_refused_by_name() {
    for (arguments, says) in [
        (
            &["--study", "trakulsrichai-2015"],
            "its numbers are held out",
        ),
        (
            &["--leave-out", "trakulsrichai-2015"],
            "its numbers are held out",
        ),
        (&["--study", "osawa-2025-post-mortem"], "context or missing"),
        (&["--study", "nobody-2020"], "there is no study"),
        (
            &["--alternative", "fourth-compartment"],
            "third-compartment",
        ),
    ] {
        let output = ketum(&[&["calibrate", "--quiet"][..], &arguments[..]].concat());
        refused(&output, 2, says);
        assert!(output.stdout.is_empty());
    }
}

/// A data folder with one study changed; `ketum calibrate` must refuse it and name the study.
#[test]
fn mistakes_in_a_study_file_stop_a_calibration() {
    let folder = folder("mistakes");
    for kind in ["studies", "analytes", "sources", "models"] {
        std::fs::create_dir_all(folder.join(kind)).unwrap();
        for entry in std::fs::read_dir(root().join("data").join(kind)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), folder.join(kind).join(entry.file_name())).unwrap();
            }
        }
    }
    let study = folder.join("studies/tanna-2022.toml");
    let sound = std::fs::read_to_string(&study).unwrap();
    let data = folder.to_str().unwrap();
    let run = || short(&["--search-only", "--data", data]);
    let before = run();
    assert!(
        before.status.success(),
        "{}",
        String::from_utf8_lossy(&before.stderr)
    );
    for (from, to, says) in [
        // A dose without the form of its product.
        ("form = \"leaf_tea\",", "", "form"),
        // A window that ends after the last sample.
        ("to_h = 120.0", "to_h = 4000.0", "last sample"),
        // The end of a confidence interval in the place of a smallest value.
        ("kind = \"min\"", "kind = \"ci_low\"", "interval"),
    ] {
        let changed = sound.replacen(from, to, 1);
        assert_ne!(changed, sound, "{from} is not in the file any more");
        std::fs::write(&study, changed).unwrap();
        let output = run();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{from}: {error}");
        assert!(
            error.contains("tanna-2022") && error.contains(says),
            "{from}: {error}"
        );
    }
}

/// The shape other programs rely on.
#[test]
fn the_comparison_has_the_promised_shape() {
    let output = ketum(&["validate", "--format", "json", "--trials", "50"]);
    assert!(output.status.success());
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    for part in ["calibration", "validation"] {
        for key in [
            "gmfe",
            "n",
            "within_1_25",
            "within_1_5",
            "within_2",
            "coverage_90",
            "median_width",
        ] {
            assert!(value[part][key].is_number(), "{part}.{key}");
        }
    }
    assert!(value["calibration"]["n"].as_u64().unwrap() >= 30);
    let rows = value["rows"].as_array().unwrap();
    assert_eq!(
        rows.len() as u64,
        value["calibration"]["n"].as_u64().unwrap() + value["validation"]["n"].as_u64().unwrap()
    );
    for row in rows {
        for key in ["study", "statistic", "analyte", "role"] {
            assert!(row[key].is_string(), "{key}: {row}");
        }
        for key in ["observed", "predicted", "low", "high", "fold"] {
            assert!(row[key].is_number(), "{key}: {row}");
        }
        let fold = row["predicted"].as_f64().unwrap() / row["observed"].as_f64().unwrap();
        assert!((fold / row["fold"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    }
    refused(
        &ketum(&["validate", "--window", "nobody-2020=4:24"]),
        2,
        "there is no study",
    );
    refused(
        &ketum(&["validate", "--window", "tanna-2022=24:4"]),
        2,
        "two times",
    );
}
