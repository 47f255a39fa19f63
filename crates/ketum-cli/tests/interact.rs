//! `ketum interact` as its user meets it.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::process::{Command, Output};

use serde_json::Value;

fn interact(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ketum"))
        .arg("interact")
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = interact(&[arguments, &["--format", "json"]].concat());
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_most_urgent_comes_first_in_text_and_json() {
    let names = ["kratom", "sertraline", "alprazolam", "simvastatin"];
    let output = interact(&names);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("alprazolam: do not combine"), "{text}");
    assert!(text.contains("Sources") && text.contains("mechanism") && !text.contains('\u{1b}'));
    let value = json(&names);
    assert_eq!(value["findings"][0]["action"], "do-not-combine");
    assert_eq!(value["findings"][0]["with"][0], "alprazolam");
}

#[test]
fn an_unknown_name_is_an_answer_and_no_error() {
    let output = interact(&["kratom", "fentanil"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Did you mean fentanyl"), "{text}");
    assert!(text.contains("Do not combine"));
    assert_eq!(json(&["kratom", "fentanil"])["complete"], false);
}

#[test]
fn a_schedule_changes_the_size() {
    let ratio = |value: &Value| {
        let all = value["findings"].as_array().unwrap();
        let one = all
            .iter()
            .find(|one| one["id"] == "cyp3a-victim:simvastatin")
            .unwrap();
        one["ratio"]["value"].as_f64().unwrap()
    };
    let once = json(&["kratom", "simvastatin", "--form", "leaf_tea"]);
    let often = json(&[
        "kratom",
        "simvastatin",
        "--form",
        "leaf_tea",
        "--mitragynine-mg",
        "38.96",
        "--times",
        "08:00,14:00,20:00",
        "--at",
        "simvastatin=22:00",
    ]);
    assert!(ratio(&often) > ratio(&once));
}

#[test]
fn mistakes_in_options_say_which() {
    for arguments in [
        ["kratom", "--form", "powdery"].as_slice(),
        &["kratom", "--grams", "-2"],
        &["kratom", "--at", "simvastatin=22:00"],
        &["kratom", "--times", "25:00"],
        &["kratom", "--route", "kratom=elbow"],
        &[],
    ] {
        let output = interact(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            output.stdout.is_empty() && !output.stderr.is_empty(),
            "{arguments:?}"
        );
    }
}
