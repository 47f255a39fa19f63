//! `ketum simulate` and `ketum histories` as their user meets them.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn ketum(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = ketum(arguments);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&text(&[arguments, &["--format", "json"]].concat())).unwrap()
}

const TEA: &str = "examples/newcomer-tea.toml";
const DAY: &str = "2026-11-24";

#[test]
fn levels_of_a_person_are_as_reviewed() {
    let level = "mitragynine 60 ng/mL plasma at 2 h";
    let simulate = ["simulate", TEA, "--today", DAY];
    insta::assert_snapshot!("simulate", text(&simulate));
    let measured = ["simulate", TEA, "--today", DAY, "--measured", level];
    insta::assert_snapshot!("simulate-measured", text(&measured));
}

#[test]
fn histories_are_as_reviewed() {
    let life = [
        "histories",
        "--measured",
        "mitragynine 120 ng/mL plasma",
        "--measured",
        "7-OH 15 ng/mL plasma",
    ];
    insta::assert_snapshot!("histories", text(&life));
    let death = [
        "histories",
        "--measured",
        "mitragynine 600 ng/mL femoral blood",
        "--measured",
        "7-OH 20 ng/mL femoral blood",
    ];
    insta::assert_snapshot!("histories-after-death", text(&death));
}

#[test]
fn a_measured_level_narrows_the_band_and_moves_it() {
    let plain = json(&["simulate", TEA, "--at", "6"]);
    assert!(plain["after"].is_null() && plain["used"].as_array().unwrap().is_empty());
    let width = |band: &Value| band["high"][0].as_f64().unwrap() / band["low"][0].as_f64().unwrap();
    let with = |value: u32| {
        let level = format!("mitragynine {value} ng/mL plasma at 2 h");
        json(&["simulate", TEA, "--at", "6", "--measured", &level])
    };
    let (low, high) = (with(15), with(60));
    for answer in [&low, &high] {
        let (before, after) = (&answer["before"][0], &answer["after"][0]);
        assert_eq!(before["analyte"], "mitragynine");
        assert!(width(after) < width(before), "{after} {before}");
        assert_eq!(answer["strained"], false);
    }
    let median = |answer: &Value| answer["after"][0]["median"][0].as_f64().unwrap();
    assert!(median(&low) < median(&high));
    // Without a measured level nothing is changed by the machinery around it.
    let before = |answer: &Value| answer["before"][0]["median"][0].as_f64().unwrap();
    assert!((before(&plain) / before(&low) - 1.0).abs() < 1e-9);
}

#[test]
fn what_cannot_be_used_is_an_error_with_its_reason() {
    for (level, says) in [
        ("mitragynine 60 mg plasma at 2 h", "not a unit of a level"),
        ("mitragynine 60 ng/mL at 2 h", "measured in"),
        ("mitragynine 60 ng/mL plasma", "hours after the last dose"),
        ("mitragynine 60 ng/mL urine at 2 h", "urine"),
        ("mitragynine 60 ng/mL hair at 2 h", "hair"),
        (
            "mitragynine 60 ng/mL femoral blood at 2 h",
            "ketum histories",
        ),
        ("caffeine 60 ng/mL plasma at 2 h", "not an analyte"),
    ] {
        let output = ketum(&["simulate", TEA, "--measured", level]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{level}");
        assert!(
            error.contains(says) && output.stdout.is_empty(),
            "{level}: {error}"
        );
    }
    for (arguments, says) in [
        (vec!["--measured", "mitragynine 60 ng/mL urine"], "urine"),
        (
            vec!["--measured", "mitragynine 60 ng/mL plasma at 2 h"],
            "leave",
        ),
        (
            vec!["--measured", "mitragynine 60 %"],
            "not a unit of a level",
        ),
        (
            vec![
                "--measured",
                "mitragynine 60 ng/mL plasma",
                "--form",
                "powdery",
            ],
            "leaf_powder",
        ),
        (
            vec![
                "--measured",
                "mitragynine 60 ng/mL plasma",
                "--form",
                "pseudoindoxyl",
            ],
            "does not take",
        ),
        (vec![], "--measured"),
    ] {
        let output = ketum(&[vec!["histories"], arguments.clone()].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            error.contains(says) && output.stdout.is_empty(),
            "{arguments:?}: {error}"
        );
    }
}

/// No answer names a cause of death, a degree of harm or a level as harmful.
#[test]
fn no_answer_names_a_cause_or_a_harmful_level() {
    let answers = [
        text(&[
            "simulate",
            TEA,
            "--measured",
            "mitragynine 900 ng/mL plasma at 2 h",
        ]),
        text(&[
            "histories",
            "--measured",
            "mitragynine 2500 ng/mL post-mortem blood",
            "--measured",
            "7-OH 60 ng/mL post-mortem blood",
        ]),
    ];
    for answer in answers {
        let lower = answer.to_lowercase();
        for word in ["toxic", "lethal", "fatal", "overdose", "intoxicat", "safe"] {
            assert!(!lower.contains(word), "{word}: {answer}");
        }
        for (at, _) in lower.match_indices("cause of death") {
            assert!(lower[..at].ends_with("no "), "{answer}");
        }
    }
}

/// Far more metabolite than parent is not leaf; the usual share is not a 7-OH tablet.
#[test]
fn the_share_of_the_metabolite_tells_kinds_apart() {
    let fits = |mitragynine: u32, metabolite: u32| -> Vec<String> {
        let parent = format!("mitragynine {mitragynine} ng/mL plasma");
        let second = format!("7-OH {metabolite} ng/mL plasma");
        let answer = json(&["histories", "--measured", &parent, "--measured", &second]);
        let kinds = answer["kinds"].as_array().unwrap().clone();
        kinds
            .iter()
            .filter(|kind| kind["compatible"] == true)
            .map(|kind| kind["form"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(fits(3, 60), ["seven_oh_tablet"]);
    let usual = fits(60, 12);
    assert!(usual.contains(&"leaf_powder".to_owned()), "{usual:?}");
    assert!(usual.contains(&"leaf_tea".to_owned()), "{usual:?}");
}
