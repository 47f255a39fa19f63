//! Properties over all pairs. Drugs of the same mechanisms are one kind, and every pair of kinds is tried
//! with kratom, in both orders.

use std::collections::{BTreeMap, BTreeSet};

use ketum::interaction::{Check, Checker, Named, Product, Profile};
use ketum_core::finding::Action;

use super::{CATALOGUE, rule_of};

/// One drug for each set of classes and CYP3A roles, and every drug that a rule names.
fn kinds() -> Vec<&'static str> {
    let by_name: BTreeSet<&str> = CATALOGUE
        .interactions
        .values()
        .flat_map(|rule| {
            rule.member
                .iter()
                .chain(rule.level.iter().flat_map(|level| &level.when))
        })
        .flat_map(|side| side.drug.iter().chain(&side.unless_drug))
        .map(|id| id.as_str())
        .collect();
    let mut kinds: BTreeMap<String, &'static str> = BTreeMap::new();
    for drug in CATALOGUE.drugs.values() {
        let profile = Profile::of(&CATALOGUE, drug);
        let mut key: Vec<String> = profile.all_classes().map(str::to_owned).collect();
        if by_name.contains(drug.id.as_str()) {
            key.push(drug.id.to_string());
        }
        kinds.entry(key.join(" ")).or_insert(drug.id.as_str());
    }
    kinds.into_values().collect()
}

#[test]
fn every_pair_of_kinds_is_symmetric_and_loses_no_rule() {
    let kinds = kinds();
    assert!(kinds.len() > 150, "{}", kinds.len());
    let checker = Checker::new(&CATALOGUE);
    let product = Product::default();
    let check = |names: &[&str]| -> Check {
        let named: Vec<Named> = names.iter().map(|name| Named::plain(*name)).collect();
        checker.check(&named, &product)
    };
    let alone: Vec<Check> = kinds.iter().map(|kind| check(&["kratom", kind])).collect();
    for (first, one) in kinds.iter().enumerate() {
        for (second, other) in kinds.iter().enumerate().skip(first + 1) {
            let pair = check(&["kratom", one, other]);
            let turned = check(&[other, one, "kratom"]);
            assert_eq!(pair, turned, "{one} and {other}");
            for before in [&alone[first], &alone[second]] {
                keeps(before, &pair, one, other);
            }
        }
    }
}

/// Every finding of one drug alone is there with the other, with the same people and no milder action.
fn keeps(before: &Check, after: &Check, one: &str, other: &str) {
    // A concentrate beside leaf is judged as a drug; alone with kratom it was too.
    for finding in &before.findings {
        let kept = after.findings.iter().find(|now| now.id == finding.id);
        let kept = kept.unwrap_or_else(|| panic!("{} lost with {one} and {other}", finding.id));
        assert!(
            kept.action <= finding.action,
            "{} of {one} and {other}",
            rule_of(kept)
        );
        assert!(finding.with.iter().all(|drug| kept.with.contains(drug)));
    }
    let worst = |check: &Check| check.findings.iter().map(|one| one.action).min();
    assert!(worst(after).unwrap_or(Action::Inform) <= worst(before).unwrap_or(Action::Inform));
}
