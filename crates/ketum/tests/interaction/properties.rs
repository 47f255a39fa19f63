//! What must hold for every drug and every list of drugs.

use ketum::interaction::{Profile, must_not_combine};
use ketum_core::finding::Action;
use ketum_core::id::DrugId;
use proptest::prelude::*;

use super::{CATALOGUE, finding, ids, rule_of, with};

fn all() -> Vec<&'static str> {
    CATALOGUE.drugs.keys().map(DrugId::as_str).collect()
}

fn in_class(class: &str) -> Vec<&'static str> {
    CATALOGUE
        .drugs
        .values()
        .filter(|drug| Profile::of(&CATALOGUE, drug).is(class))
        .map(|drug| drug.id.as_str())
        .collect()
}

#[test]
fn every_full_mu_agonist_is_not_to_be_combined() {
    let full = in_class("mu_agonist_full");
    assert!(full.len() > 25, "{}", full.len());
    for drug in full {
        for product in ["kratom", "7-OH"] {
            let check = with(&[product, drug]);
            assert_eq!(
                finding(&check, "opioid-full", drug).action,
                Action::DoNotCombine,
                "{drug}"
            );
        }
    }
}

#[test]
fn every_centrally_acting_opioid_has_a_rule_of_the_opioid_kind() {
    for drug in in_class("opioid_agonist") {
        let check = with(&["kratom", drug]);
        let kinds = [
            "opioid-full",
            "opioid-other",
            "opioid-partial",
            "opioid-mixed",
            "tianeptine",
            "kratom-concentrate",
        ];
        let held = check
            .findings
            .iter()
            .any(|one| kinds.contains(&rule_of(one)));
        assert!(held || drug == "kratom", "{drug}: {:?}", ids(&check));
    }
}

#[test]
fn buprenorphine_is_for_the_clinician_and_naltrexone_and_loperamide_have_rules_of_their_own() {
    let check = with(&["kratom", "buprenorphine"]);
    assert_eq!(check.findings[0].action, Action::ClinicianFirst);
    assert!(!must_not_combine(&check));
    for drug in ["naltrexone", "loperamide"] {
        let check = with(&["kratom", drug]);
        assert_eq!(finding(&check, drug, drug).with, [drug]);
    }
}

#[test]
fn a_membership_without_a_source_warns_and_needs_checking() {
    let mut seen = 0;
    for drug in CATALOGUE.drugs.values() {
        let check = with(&["kratom", drug.id.as_str()]);
        for one in check
            .findings
            .iter()
            .filter(|one| !one.needs_checking.is_empty())
        {
            seen += 1;
            assert!(one.statement.contains("Needs checking"), "{}", one.id);
            assert!(!check.complete);
            for id in &one.needs_checking {
                assert!(check.not_assessed.contains(id), "{id}");
            }
        }
        if drug.id.as_str() != "kratom" && !drug.is_sourced() {
            assert!(
                check.not_assessed.contains(&drug.id.to_string()),
                "{}",
                drug.id
            );
        }
        // A drug is found, or has no data; never silently neither.
        let met = check
            .findings
            .iter()
            .any(|one| one.with.iter().any(|id| id == drug.id.as_str()));
        let told = met || check.no_data.contains(&drug.id.to_string());
        assert!(told || check.perpetrator == drug.id.as_str(), "{}", drug.id);
    }
    assert!(seen > 0, "nothing unsourced is left: this test can go");
}

fn some_drugs() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(proptest::sample::select(all()), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_names_is_irrelevant(names in some_drugs().prop_shuffle(), turn in 0usize..8) {
        let mut other = names.clone();
        let by = turn % other.len();
        other.rotate_left(by);
        other.reverse();
        prop_assert_eq!(with(&names), with(&other));
    }

    #[test]
    fn no_rule_is_lost_and_no_action_gets_milder_when_a_drug_is_added(
        names in some_drugs(), more in proptest::sample::select(all())
    ) {
        let mut names = names;
        names.push("kratom");
        let before = with(&names);
        names.push(more);
        let after = with(&names);
        for one in &before.findings {
            let kept = after.findings.iter().find(|other| other.id == one.id);
            prop_assert!(kept.is_some(), "{} lost when {} was added", one.id, more);
            let kept = kept.unwrap();
            prop_assert!(one.with.iter().all(|drug| kept.with.contains(drug)));
            prop_assert!(kept.action <= one.action, "{}", one.id);
        }
    }

    #[test]
    fn adding_a_sedative_never_lowers_the_most_urgent_action(
        names in some_drugs(), more in proptest::sample::select(in_class("cns_depressant"))
    ) {
        let mut names = names;
        names.push("kratom");
        let before = with(&names).findings.iter().map(|one| one.action).min();
        names.push(more);
        let after = with(&names).findings.iter().map(|one| one.action).min();
        prop_assert!(before.is_none_or(|before| after.is_some_and(|after| after <= before)));
    }

    #[test]
    fn several_sedatives_are_one_finding_that_names_them_all(
        some in proptest::collection::btree_set(proptest::sample::select(in_class("cns_depressant")), 2..6)
    ) {
        let names: Vec<&str> = some.iter().copied().chain(["kratom"]).collect();
        let check = with(&names);
        let found: Vec<_> = check.findings.iter().filter(|one| one.id == "sedatives").collect();
        let opioids = in_class("opioid_agonist");
        if some.iter().any(|drug| !opioids.contains(drug)) {
            prop_assert_eq!(found.len(), 1);
            for drug in some.iter().filter(|drug| **drug != "kratom") {
                prop_assert!(found[0].with.iter().any(|with| with == drug), "{}", drug);
            }
            prop_assert!(found[0].action <= Action::ClinicianFirst || some.contains("kratom"));
        }
    }
}
