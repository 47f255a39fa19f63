//! `ketum calc` as a person or a program meets it: what is printed where, and the exit codes.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn calc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ketum"))
        .arg("calc")
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// Exit code, standard output and standard error on one page.
fn page(arguments: &[&str]) -> String {
    let output = calc(arguments);
    let mut page = format!("exit code {}\n", output.status.code().unwrap());
    for (name, bytes) in [("output", output.stdout), ("messages", output.stderr)] {
        if !bytes.is_empty() {
            let _ = write!(page, "--- {name}\n{}", String::from_utf8(bytes).unwrap());
        }
    }
    page
}

fn json(arguments: &[&str]) -> Value {
    let output = calc(arguments);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_result_explains_itself() {
    insta::assert_snapshot!(page(&["kdigo_aki", "cr=8.6", "baseline=1.0"]));
}

#[test]
fn another_unit_and_both_results() {
    let page = page(&[
        "ckd_epi_2021_cr",
        "sex=other",
        "age_y=55",
        "cr_mg_dL=106.08 umol/L",
    ]);
    insta::assert_snapshot!(page);
}

#[test]
fn every_problem_at_once() {
    let input = r#"{"alt_U_L":"high","alt_uln":0,"alp_uln":120,"alp":100}"#;
    insta::assert_snapshot!(page(&["r_ratio", "--input", input]));
}

#[test]
fn problems_for_programs() {
    let input = r#"{"items":[3,0,0,0,0,0,0,0,0,0,4]}"#;
    insta::assert_snapshot!(page(&["cows", "--input", input, "--format", "json"]));
}

#[test]
fn a_description_instead_of_a_help_page() {
    let asked = page(&["tdi_basic", "--help"]);
    assert_eq!(asked, page(&["tdi_basic"]));
    insta::assert_snapshot!(asked);
}

#[test]
fn what_cannot_be_read_is_a_user_error() {
    for (arguments, said) in [
        (vec!["meld"], "did you mean `meld3`?"),
        (
            vec!["qtc", "--input", "nowhere.json"],
            "neither JSON nor a file",
        ),
        (vec!["qtc", "--input", "{"], "is not JSON"),
        (vec!["qtc", "hr_bpm"], "not KEY=VALUE"),
        (vec!["qtc", "hr_bpm=60", "hr_bpm=70"], "given twice"),
        (vec!["qtc", "--input", "[1]"], "must be a JSON object"),
    ] {
        let output = calc(&arguments);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(message.contains(said), "{arguments:?}: {message}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn each_value_stands_under_its_own_key() {
    let gcs = r#"{"eye":4,"verbal":"NT","motor":6}"#;
    let answer = json(&["gcs", "--input", gcs, "--format", "json"]);
    assert_eq!(answer["score"], Value::Null);
    assert_eq!(answer["components"], "E4 V(NT) M6");
    let answer = json(&["occupancy", "C/K=[1,1]", "--format", "json"]);
    assert!((answer["occ"][0].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!(answer["sources"][0]["verification"], "secondary");
}

#[test]
fn inputs_come_from_standard_input_too() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(["calc", "gcs", "--input", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(br#"{"eye":4,"verbal":5,"motor":6}"#)
        .unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["score"], 15);
}

#[test]
fn the_list_names_every_calculator_and_describes_each() {
    let listed = json(&["--format", "json"]);
    let names: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|calculator| calculator["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), ketum::clinic::all().len());
    let text = String::from_utf8(calc(&[]).stdout).unwrap();
    for name in names {
        assert!(text.contains(&format!("  {name} ")), "{name} is not listed");
    }
}
