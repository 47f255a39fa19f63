//! Errors that other tools made, one test each. The numbers are those of the project's list of peers' errors.

use std::collections::BTreeSet;

use ketum::interaction::Product;
use ketum_core::finding::Action;

use super::{CATALOGUE, finding, ids, of, with};

/// E01: opioids came out as "uncertain" because kratom was also tagged a stimulant.
#[test]
fn e01_an_opioid_with_kratom_resolves_by_mechanism() {
    for drug in [
        "fentanyl",
        "heroin",
        "oxycodone",
        "morphine",
        "methadone",
        "desomorphine",
        "tramadol",
        "codeine",
        "hydrocodone",
    ] {
        let check = with(&["kratom", drug]);
        assert_eq!(
            finding(&check, "opioid-full", drug).action,
            Action::DoNotCombine,
            "{drug}"
        );
    }
    let check = with(&["kratom", "buprenorphine"]);
    assert_eq!(
        finding(&check, "opioid-partial", "buprenorphine").action,
        Action::ClinicianFirst
    );
    let check = with(&["kratom", "tianeptine"]);
    assert_eq!(
        finding(&check, "tianeptine", "tianeptine").action,
        Action::DoNotCombine
    );
    assert!(!with(&["kratom", "naloxone"]).findings.is_empty());
    assert!(!with(&["kratom", "ibogaine"]).findings.is_empty());
}

/// E02: the checker returned nothing for sedatives.
#[test]
fn e02_sedatives_with_kratom_have_an_answer() {
    for drug in ["pregabalin", "phenibut", "zolpidem"] {
        let check = with(&["kratom", drug]);
        assert_eq!(
            finding(&check, "sedatives", drug).action,
            Action::DoNotCombine,
            "{drug}"
        );
    }
    for drug in ["diphenhydramine", "cannabis", "tianeptine"] {
        let check = with(&["kratom", drug]);
        assert!(
            check.findings.iter().any(|one| one.action <= Action::Watch),
            "{drug}"
        );
    }
}

/// E03: a right severity for a wrong reason.
#[test]
fn e03_every_hit_carries_its_rule_and_reason() {
    let check = with(&["kratom", "diazepam"]);
    let sedatives = finding(&check, "sedatives", "diazepam");
    assert!(
        sedatives
            .claims
            .iter()
            .any(|claim| claim.as_str() == "combinations-benzodiazepines")
    );
    assert!(!ids(&check).contains(&"stimulants"));
    for one in &check.findings {
        assert!(
            CATALOGUE
                .interactions
                .contains_key(one.id.split(':').next().unwrap())
        );
        assert!(!one.mechanism.is_empty());
    }
}

/// E04: a wildcard turned every name with an x into a pattern.
#[test]
fn e04_names_are_no_patterns() {
    assert_eq!(
        with(&["kratom", "Xanax"]).findings,
        with(&["kratom", "alprazolam"]).findings
    );
    for given in ["xx", "x", "qxzxq", "al.*", "a%", "*"] {
        let check = with(&["kratom", given]);
        assert_eq!(check.unknown_names.len(), 1, "{given}");
        assert!(check.findings.is_empty() && !check.complete, "{given}");
    }
}

/// E05: parts of one thing that contradict their sum.
#[test]
fn e05_numbers_lie_within_their_own_interval() {
    let claims = CATALOGUE
        .claims
        .values()
        .filter_map(|entry| entry.claim.quantity.as_ref());
    let drugs = CATALOGUE
        .drugs
        .values()
        .flat_map(|drug| &drug.number)
        .map(|row| &row.amount);
    for number in claims.chain(drugs) {
        let (low, value, high) = (number.low, number.value, number.high);
        assert!(
            low.zip(value).is_none_or(|(low, value)| low <= value),
            "{number:?}"
        );
        assert!(
            value.zip(high).is_none_or(|(value, high)| value <= high),
            "{number:?}"
        );
    }
}

/// E06: nothing accumulates from one day to the next.
#[test]
fn e06_the_effect_on_the_gut_carries_over() {
    let ratio = |product: &Product| {
        let check = of(&["kratom", "simvastatin"], product);
        finding(&check, "cyp3a-victim", "simvastatin")
            .ratio
            .unwrap()
            .value
            .unwrap()
    };
    let once = ratio(&Product::default());
    let daily = ratio(&Product {
        every_h: Some(24.0),
        ..Product::default()
    });
    let often = ratio(&Product {
        every_h: Some(6.0),
        ..Product::default()
    });
    assert!(once < daily && daily < often, "{once} {daily} {often}");
}

/// E07: kratom had no row at all.
#[test]
fn e07_kratom_stands_in_all_its_classes() {
    for product in ["kratom", "7-hydroxymitragynine"] {
        let drug = &CATALOGUE.drugs[product];
        let held: BTreeSet<&str> = CATALOGUE
            .classes
            .classes_of(drug)
            .into_iter()
            .map(ketum_core::drug::ClassId::as_str)
            .collect();
        assert!(
            held.contains("opioid_agonist") && held.contains("cns_depressant"),
            "{product}"
        );
    }
    assert_eq!(
        with(&["7-OH", "alcohol"]).perpetrator,
        "7-hydroxymitragynine"
    );
}

/// E08: a sentence cut off, a source listed twice.
#[test]
fn e08_sentences_are_whole() {
    for rule in CATALOGUE.interactions.values() {
        for level in &rule.level {
            let next = level.do_next.iter().map(|text| &text.en);
            for text in std::iter::once(&level.statement.en).chain(next) {
                assert!(text.ends_with('.') || text.ends_with('!'), "{text}");
            }
        }
    }
}

/// E09 and E10: statements without a source; a source that says nothing about the pair.
#[test]
fn e09_e10_every_statement_has_a_source_with_its_place() {
    for (id, rule) in &CATALOGUE.interactions {
        for level in &rule.level {
            assert!(!level.claims.is_empty(), "{id}");
            for claim in level.claims.iter().chain(&rule.cases) {
                let entry = CATALOGUE
                    .claims
                    .get(claim)
                    .unwrap_or_else(|| panic!("{id}: {claim}"));
                assert!(!entry.claim.sources.is_empty(), "{claim}");
                for citation in &entry.claim.sources {
                    assert!(!citation.locator.trim().is_empty(), "{claim}");
                    assert!(CATALOGUE.sources.contains_key(&citation.source), "{claim}");
                }
            }
        }
    }
}

/// E11: tramadol with MDMA shown as fine.
#[test]
fn e11_tramadol_with_mdma_is_not_to_be_combined() {
    for names in [["tramadol", "mdma"], ["mdma", "tramadol"]] {
        let check = with(&names);
        let pair = finding(&check, "opioid-with-releaser", "tramadol");
        assert_eq!(pair.action, Action::DoNotCombine);
        assert_eq!(pair.with, ["mdma", "tramadol"]);
    }
}

/// E12: two opioids gave "combination unknown".
#[test]
fn e12_two_opioids_are_an_answer() {
    let check = with(&["morphine", "oxycodone"]);
    assert_eq!(
        finding(&check, "two-opioids", "morphine").with,
        ["morphine", "oxycodone"]
    );
    assert_eq!(
        finding(&check, "two-opioids", "morphine").action,
        Action::DoNotCombine
    );
}

/// E13: 7-OH offered in opioid equivalents.
#[test]
fn e13_no_opioid_equivalents() {
    let check = with(&["kratom", "7-OH", "morphine", "fentanyl", "oxycodone"]);
    let text = serde_json::to_string(&check).unwrap().to_lowercase();
    for phrase in ["equivalent", "mme", "potency"] {
        assert!(!text.contains(phrase), "{phrase}");
    }
}
