//! The registry as a whole: names, facts, examples, words.

use std::collections::BTreeSet;

use ketum::clinic::{self, Fail};
use serde_json::{Value, json};

/// Keys of the answer's frame, which no result value may shadow.
const FRAME: [&str; 14] = [
    "calculator",
    "title",
    "formula",
    "values",
    "category",
    "interpretation",
    "steps",
    "inputs_used",
    "inputs_missing",
    "warnings",
    "domain",
    "conflicts",
    "open",
    "sources",
];

#[test]
fn names_are_unique_and_every_fact_file_reads() {
    let mut names = BTreeSet::new();
    for calculator in clinic::all() {
        assert!(names.insert(calculator.name), "{} twice", calculator.name);
        let facts = calculator.facts().unwrap_or_else(|error| panic!("{error}"));
        assert!(!facts.cited.is_empty(), "{} has no source", calculator.name);
        calculator
            .describe()
            .unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn every_fact_file_in_the_folder_is_used() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/clinic");
    let used: BTreeSet<String> = clinic::all()
        .iter()
        .map(|calculator| calculator.facts().expect("reads").name.clone())
        .collect();
    for entry in std::fs::read_dir(folder).expect(folder) {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let other = ["monitoring", "emergency_signs"].contains(&name.as_str());
            assert!(
                other || used.contains(&name),
                "data/clinic/{name}.toml is used by no calculator"
            );
        }
    }
}

#[test]
fn every_example_runs_and_explains_itself() {
    for calculator in clinic::all() {
        let example: Value = serde_json::from_str(calculator.example).expect(calculator.name);
        let output = calculator
            .run(&example)
            .unwrap_or_else(|error| panic!("{}: {error}: {:?}", calculator.name, error.problems()));
        assert!(!output.values.is_empty(), "{}", calculator.name);
        assert!(
            !output.steps.is_empty(),
            "{} does not say how it was worked out",
            calculator.name
        );
        assert!(!output.sources.is_empty(), "{}", calculator.name);
        assert_eq!(
            output.inputs_used.len(),
            example.as_object().expect("object").len(),
            "{}",
            calculator.name
        );
        for value in &output.values {
            assert!(
                !FRAME.contains(&value.key),
                "{}: {} shadows the frame",
                calculator.name,
                value.key
            );
            assert_eq!(
                output.to_json().get(value.key),
                Some(&value.value.to_json()),
                "{}",
                value.key
            );
        }
    }
}

#[test]
fn every_problem_is_named_at_once() {
    let given = json!({"alt_U_L": "high", "alt_ULN": 40, "alp_U_L": -3, "alp_uln": 0, "colour": 1});
    let Err(Fail::Inputs(problems)) = clinic::calculate("r_ratio", &given) else {
        panic!("accepted");
    };
    let codes: BTreeSet<(&str, &str)> = problems
        .iter()
        .map(|problem| (problem.key.as_str(), problem.code.as_str()))
        .collect();
    for expected in [
        ("alt_U_L", "wrong_type"),
        ("alt_ULN", "unknown_key"),
        ("alt_uln", "missing"),
        ("alp_U_L", "out_of_range"),
        ("alp_uln", "uln_must_be_positive"),
        ("colour", "unknown_key"),
    ] {
        assert!(codes.contains(&expected), "{expected:?} not in {codes:?}");
    }
    assert_eq!(problems.len(), 6, "{problems:?}");
    let misspelt = problems
        .iter()
        .find(|problem| problem.key == "alt_ULN")
        .expect("named");
    assert_eq!(
        misspelt.suggestions.first().map(String::as_str),
        Some("alt_uln")
    );
    let range = problems
        .iter()
        .find(|problem| problem.code == "out_of_range")
        .expect("named");
    assert!(
        range.message.contains("100000") && range.message.contains("U/L"),
        "{}",
        range.message
    );
}

#[test]
fn an_unknown_name_is_answered_with_close_ones() {
    let Err(Fail::UnknownCalculator { suggestions, .. }) = clinic::calculate("ckd_epi", &json!({}))
    else {
        panic!("accepted");
    };
    assert_eq!(suggestions.first(), Some(&"ckd_epi_2021_cr"));
}

#[test]
fn spellings_of_one_input_are_not_mixed_and_units_are_checked() {
    let twice = json!({"KI": 4.1, "KI,u": 4.1, "kinact": 0.068, "kdeg": 0.00032, "Cmax,u": 0.0034});
    assert_eq!(
        clinic::calculate("tdi_basic", &twice)
            .expect_err("refused")
            .code(),
        "given_twice"
    );
    let unit = json!({"sex": "M", "age_y": 55, "cr_mg_dL": {"value": 1.2, "unit": "mg/L"}});
    assert_eq!(
        clinic::calculate("ckd_epi_2021_cr", &unit)
            .expect_err("refused")
            .code(),
        "unknown_unit"
    );
}

/// Every text a calculator can show from its description and its example.
fn texts() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for calculator in clinic::all() {
        let example: Value = serde_json::from_str(calculator.example).expect("json");
        let output = calculator
            .run(&example)
            .expect("runs")
            .to_json()
            .to_string();
        all.push((
            calculator.name.to_owned(),
            format!("{} {output}", calculator.describe().expect("reads")),
        ));
    }
    all
}

#[test]
fn no_forbidden_words() {
    for (name, text) in texts() {
        let lower = text.to_lowercase();
        for word in [
            "safe dose",
            "recommended dose",
            "detox",
            "morphine equivalent",
            "toxic level",
            "lethal",
            "potentiat",
            "abuse",
            "addict",
            "buprenorphine dose of",
            "starting dose",
            "/work",
        ] {
            assert!(!lower.contains(word), "{name} says \"{word}\"");
        }
    }
}
