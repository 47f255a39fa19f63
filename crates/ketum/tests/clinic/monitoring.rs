//! The monitoring plan: whom each option concerns, and what none of them may say.

use std::collections::BTreeSet;

use ketum::assessment::{Assessment, assess};
use ketum::body::Run;
use ketum::case::{Case, ReadCase};
use ketum::interaction::{Named, Product, check};
use ketum_core::circumstance::Circumstance;
use ketum_data::catalogue::Catalogue;

fn assessment(toml: &str) -> Assessment {
    let catalogue = Catalogue::embedded().unwrap();
    let case: Case = toml::from_str(toml).unwrap();
    let read = ReadCase {
        case,
        warnings: Vec::new(),
    };
    let run = Run {
        people: 4,
        ..Run::default()
    };
    assess(&read, &catalogue, run)
}

fn ids(assessment: &Assessment) -> BTreeSet<&str> {
    assessment
        .monitoring
        .iter()
        .map(|option| option.id.as_str())
        .collect()
}

#[test]
fn options_concern_those_they_are_written_for() {
    let nobody = assessment("");
    assert_eq!(ids(&nobody), BTreeSet::from(["every-visit"]));
    for (toml, id) in [
        (
            "[regimen]\ntimes = [\"08:00\"]\ndays = 30",
            "liver-first-weeks",
        ),
        (
            "[regimen]\ntimes = [\"08:00\"]\ndays = 60",
            "liver-long-term",
        ),
        ("[person]\nconditions = [\"heart_disease\"]", "ecg"),
        ("[person]\nage = 30\nsex = \"female\"", "pregnancy-test"),
        ("[person]\npregnant = true", "newborn"),
        (
            "[person]\nconditions = [\"surgery_planned\"]",
            "before-surgery",
        ),
        ("[[medicines]]\nname = \"methadone\"", "ecg"),
        ("[[medicines]]\nname = \"ibuprofen\"", "kidney-muscle"),
        (
            "[[medicines]]\nname = \"buprenorphine\"",
            "buprenorphine-urine",
        ),
        (
            "[[labs]]\ntest = \"ALT\"\nvalue = 80\nunit = \"U/L\"\nupper_limit = 40",
            "liver-work-up",
        ),
    ] {
        let found = assessment(toml);
        let option = found.monitoring.iter().find(|one| one.id == id);
        let option = option.unwrap_or_else(|| panic!("{toml}: no {id} in {:?}", ids(&found)));
        assert!(
            !option.because.is_empty() && !option.claims.is_empty(),
            "{id}"
        );
        for claim in &option.claims {
            assert!(found.claims.iter().any(|one| one.id == *claim), "{claim}");
        }
    }
    let man = assessment("[person]\nage = 30\nsex = \"male\"");
    assert!(!ids(&man).contains("pregnancy-test"));
}

#[test]
fn a_check_of_names_alone_proposes_what_the_substances_ask_for() {
    let catalogue = Catalogue::embedded().unwrap();
    let check = check(
        &catalogue,
        &[Named::plain("methadone")],
        &Product::default(),
    );
    let ids: BTreeSet<&str> = check.monitoring.iter().map(|one| one.id.as_str()).collect();
    assert!(
        ids.contains("ecg") && ids.contains("ask-at-intake"),
        "{ids:?}"
    );
    assert!(!ids.contains("every-visit"));
}

#[test]
fn no_option_is_an_order_a_dose_or_a_medicine_to_be_stopped() {
    let catalogue = Catalogue::embedded().unwrap();
    assert!(catalogue.monitoring.len() >= 15);
    for (id, rule) in &catalogue.monitoring {
        let texts = [
            &rule.timing,
            &rule.why,
            &rule.look_for,
            &rule.option,
            &rule.domain,
        ];
        for text in texts.map(|text| text.en.to_lowercase()) {
            for order in [
                "stop taking",
                "discontinue",
                "stop the medicine",
                " mg of ",
                "tablets",
            ] {
                assert!(!text.contains(order), "{id}: {text}");
            }
            assert!(!text.starts_with("stop "), "{id}: {text}");
        }
        assert!(!rule.when.is_empty() || !rule.with_class.is_empty(), "{id}");
    }
}

#[test]
fn what_the_evidence_forbids_to_ship_is_not_shipped() {
    let catalogue = Catalogue::embedded().unwrap();
    for (id, rule) in &catalogue.monitoring {
        let all = format!(
            "{} {} {} {}",
            rule.what.join(" "),
            rule.timing.en,
            rule.look_for.en,
            rule.option.en
        );
        // Rows without a source: targets for potassium and magnesium, thyroid tests, the days a newborn is watched.
        for phrase in ["4.0", "2.0", "TSH", "T4", "day 4", "day 7"] {
            assert!(!all.contains(phrase), "{id}: {all}");
        }
        assert!(!rule.when.contains(&Circumstance::Travel), "{id}");
    }
}
