//! The shape programs read, and the size of the work.

use std::collections::BTreeSet;

use ketum::interaction::{Named, Product, circumstances};
use ketum_core::circumstance::Circumstance as C;
use serde_json::Value;

use super::{CATALOGUE, finding, with};

#[test]
fn the_answer_has_the_keys_that_were_agreed() {
    let check = with(&[
        "kratom",
        "sertraline",
        "alprazolam",
        "simvastatin",
        "nosuchthing",
        "fentanil",
    ]);
    let value = serde_json::to_value(&check).unwrap();
    for key in [
        "perpetrator",
        "findings",
        "no_data",
        "not_assessed",
        "unknown_names",
        "complete",
    ] {
        assert!(value.get(key).is_some(), "{key}");
    }
    assert_eq!(value["perpetrator"], "kratom");
    assert_eq!(value["complete"], false);
    for one in value["findings"].as_array().unwrap() {
        for key in [
            "id",
            "with",
            "kind",
            "mechanism",
            "direction",
            "ratio",
            "harm",
            "likelihood",
            "certainty",
            "action",
            "statement",
            "claims",
        ] {
            assert!(one.get(key).is_some(), "{key}");
        }
        assert!(["pd", "pk"].contains(&one["kind"].as_str().unwrap()));
        if let Value::Object(ratio) = &one["ratio"] {
            let keys: BTreeSet<&str> = ratio.keys().map(String::as_str).collect();
            assert_eq!(keys, BTreeSet::from(["value", "low", "high", "measured"]));
        }
        assert!(
            !one["claims"].as_array().unwrap().is_empty(),
            "{}",
            one["id"]
        );
        assert!(!one["would_change"].as_str().unwrap().is_empty());
    }
    let unknown = value["unknown_names"].as_array().unwrap();
    assert_eq!(unknown.len(), 2);
    assert!(
        unknown
            .iter()
            .all(|one| one.get("given").is_some() && one.get("suggestions").is_some())
    );
}

#[test]
fn findings_stand_in_the_order_of_urgency() {
    let check = with(&["kratom", "sertraline", "alprazolam", "simvastatin"]);
    assert!(
        check
            .findings
            .windows(2)
            .all(|pair| pair[0].action <= pair[1].action)
    );
    assert_eq!(
        finding(&check, "sedatives", "alprazolam").id,
        check.findings[0].id
    );
    assert_eq!(
        finding(&check, "cyp3a-victim", "simvastatin")
            .ratio
            .unwrap()
            .value,
        Some(2.28)
    );
}

#[test]
fn a_close_spelling_is_a_question_with_a_provisional_warning() {
    let check = with(&["kratom", "fentanil"]);
    assert!(check.findings.is_empty());
    let one = &check.unknown_names[0];
    assert!(one.suggestions.iter().any(|name| name == "fentanyl"));
    assert!(
        one.provisional
            .iter()
            .any(|finding| finding.with == ["fentanyl"])
    );
}

#[test]
fn looked_for_and_not_found_is_not_no_data() {
    let check = with(&["kratom", "dextromethorphan"]);
    let measured = finding(&check, "dextromethorphan", "dextromethorphan");
    assert_eq!(measured.action, ketum_core::finding::Action::NoneKnown);
    assert!(measured.ratio.unwrap().measured);
    assert!(check.no_data.is_empty());
    let check = with(&["kratom", "guaifenesin"]);
    assert_eq!(check.findings[0].id, "none-of-ours");
}

#[test]
fn names_become_the_circumstances_of_a_case() {
    let of = |names: &[&str]| {
        let named: Vec<Named> = names.iter().map(|name| Named::plain(*name)).collect();
        circumstances(&CATALOGUE, &named)
    };
    assert_eq!(of(&["oxycodone"]), [C::Opioid].into());
    assert_eq!(
        of(&["alprazolam", "alcohol"]),
        [C::Sedative, C::Alcohol].into()
    );
    assert_eq!(of(&["naltrexone"]), [C::OpioidAntagonist].into());
    assert_eq!(
        of(&["buprenorphine"]),
        [C::Opioid, C::OpioidTreatment].into()
    );
    assert_eq!(
        of(&["amoxicillin", "nosuchthing"]),
        [C::OtherMedicine].into()
    );
    assert!(of(&["kratom"]).is_empty());
}

#[test]
fn findings_in_the_coin_of_an_assessment_keep_action_and_claims() {
    let check = with(&["kratom", "fentanyl", "simvastatin"]);
    let findings = check.findings_of_case(&CATALOGUE);
    assert_eq!(findings.len(), check.findings.len());
    for (one, other) in check.findings.iter().zip(&findings) {
        assert_eq!((one.action, &one.claims), (other.action, &other.claims));
        assert!(ketum_core::id::check(&other.id).is_ok(), "{}", other.id);
    }
}

/// The shape of an assessment in JSON, key by key: what programs read must not vanish unnoticed.
#[test]
fn an_assessment_has_the_keys_that_were_agreed() {
    let case: ketum::case::Case = toml::from_str(
        "[person]\nage = 40\nsex = \"female\"\n[[medicines]]\nname = \"fentanyl\"\n\
         [[labs]]\ntest = \"ALT\"\nvalue = 80\nunit = \"U/L\"\nupper_limit = 40\ndate = \"2026-11-01\"\n",
    )
    .unwrap();
    let read = ketum::case::ReadCase {
        case,
        warnings: Vec::new(),
    };
    let run = ketum::body::Run {
        people: 4,
        ..ketum::body::Run::default()
    };
    let value = serde_json::to_value(ketum::assessment::assess(&read, &CATALOGUE, run)).unwrap();
    for key in [
        "schema",
        "catalogue_version",
        "complete",
        "not_assessed",
        "inputs_missing",
        "inputs_unused",
        "emergency",
        "product",
        "schedule",
        "course",
        "findings",
        "interactions",
        "monitoring",
        "not_known",
        "law",
        "claims",
        "sources",
    ] {
        assert!(value.get(key).is_some(), "{key}");
    }
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let set = |words: &[&str]| -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    };
    for one in value["findings"].as_array().unwrap() {
        assert_eq!(
            keys(one),
            set(&[
                "id",
                "topic",
                "harm",
                "likelihood",
                "certainty",
                "action",
                "direction",
                "statement",
                "do_next",
                "would_change",
                "quantity",
                "needs_checking",
                "basis",
                "claims",
            ])
        );
        assert_eq!(
            keys(&one["basis"]),
            set(&["inputs_used", "inputs_missing", "method", "domain"])
        );
        if one["quantity"].is_object() {
            assert_eq!(
                keys(&one["quantity"]),
                set(&["value", "low", "high", "unit", "measured"])
            );
        }
    }
    for one in value["monitoring"].as_array().unwrap() {
        assert_eq!(
            keys(one),
            set(&[
                "id",
                "topic",
                "title",
                "what",
                "timing",
                "why",
                "look_for",
                "option",
                "because",
                "domain",
                "certainty",
                "needs_checking",
                "claims",
            ])
        );
    }
    assert_eq!(
        keys(&value["interactions"][0]),
        set(&["id", "name", "effects", "levels", "mark"])
    );
    assert_eq!(keys(&value["course"][0]), set(&["test", "points"]));
}

/// Twelve medicines meet every rule once: the work is rules times drugs, and nothing grows faster.
#[test]
fn twelve_medicines_are_little_work() {
    let names = [
        "kratom",
        "midazolam",
        "simvastatin",
        "triazolam",
        "tacrolimus",
        "digoxin",
        "felodipine",
        "ciclosporin",
        "alprazolam",
        "buprenorphine",
        "fentanyl",
        "carbamazepine",
        "sertraline",
    ];
    let check = with(&names);
    assert!(CATALOGUE.interactions.len() * (names.len() - 1) < 1_500);
    assert!(check.findings.len() < 100);
    let scheduled = super::of(
        &names,
        &Product {
            times: vec![8.0, 14.0, 20.0],
            ..Product::default()
        },
    );
    assert_eq!(scheduled.findings.len(), check.findings.len());
}
