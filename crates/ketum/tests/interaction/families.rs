//! Families of rules: inhibitors and inducers on kratom, psychedelics, street sedatives, loss of fluid,
//! ondansetron by route; and general findings that give way to sharper ones.

use ketum::assessment::assess;
use ketum::body::Run;
use ketum::case::{Case, ReadCase};
use ketum::interaction::{Named, Product, check};
use ketum_core::drug::{Enzyme, EnzymeRole, Route, Strength};
use ketum_core::finding::{Action, Direction};
use ketum_core::form::Form;

use super::{CATALOGUE, finding, ids, of, rule_of, with};

#[test]
fn inhibitors_and_inducers_of_cyp3a_carry_both_signs_for_the_effect() {
    let mut seen = 0;
    for drug in CATALOGUE.drugs.values() {
        for (role, rule) in [
            (EnzymeRole::Inhibitor, "cyp3a-inhibitor"),
            (EnzymeRole::Inducer, "cyp3a-inducer"),
        ] {
            let strong = drug
                .on(Enzyme::Cyp3a, role)
                .any(|row| row.strength == Strength::Strong);
            if !strong {
                continue;
            }
            for form in [Form::LeafTea, Form::SevenOhTablet] {
                let product = Product {
                    form: Some(form),
                    ..Product::default()
                };
                let check = of(&[drug.id.as_str()], &product);
                let found = finding(&check, rule, drug.id.as_str());
                assert_eq!(found.direction, Direction::Either, "{}", drug.id);
                assert_eq!(found.action, Action::ClinicianFirst, "{}", drug.id);
                assert!(found.ratio.is_none(), "{}: no human number exists", drug.id);
                assert!(found.statement.contains("7-OH"), "{}", found.statement);
                let claims: Vec<&str> = found.claims.iter().map(|id| id.as_str()).collect();
                assert!(
                    claims.contains(&"combinations-cyp3a-human-gap"),
                    "{}",
                    drug.id
                );
                if role == EnzymeRole::Inhibitor {
                    assert!(claims.contains(&"combinations-cyp3a-inhibitor-rat"));
                    assert!(claims.contains(&"combinations-cyp3a-inhibitor-mouse"));
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn a_psychedelic_has_no_data_and_says_so() {
    for drug in ["lysergide", "psilocybin", "mescaline", "dimethyltryptamine"] {
        let check = with(&["kratom", drug]);
        let found = finding(&check, "psychedelics", drug);
        assert_eq!(found.action, Action::Watch, "{drug}");
        assert!(found.statement.contains("no data"), "{}", found.statement);
        assert!(check.not_known.iter().any(|gap| gap.what.contains("LSD")));
    }
    let ayahuasca = with(&["kratom", "ayahuasca"]);
    assert_eq!(
        finding(&ayahuasca, "psychedelics", "ayahuasca").action,
        Action::ClinicianFirst
    );
    let lithium = with(&["lithium", "psilocybin"]);
    let pair = finding(&lithium, "psychedelic-with-lithium", "lithium");
    assert_eq!(pair.action, Action::DoNotCombine);
    assert!(
        pair.do_next
            .as_ref()
            .unwrap()
            .contains("Never stop lithium")
    );
}

#[test]
fn street_sedatives_are_not_to_be_combined_and_naloxone_is_still_given() {
    for drug in ["xylazine", "medetomidine"] {
        let check = with(&["kratom", drug]);
        let found = finding(&check, "adulterant-sedatives", drug);
        assert_eq!(found.action, Action::DoNotCombine);
        assert!(found.do_next.as_ref().unwrap().contains("naloxone"));
    }
    let clonidine = with(&["kratom", "clonidine"]);
    assert!(!ids(&clonidine).contains(&"adulterant-sedatives"));
    assert_eq!(
        finding(&clonidine, "alpha2-agonist", "clonidine").action,
        Action::Watch
    );
}

#[test]
fn water_tablets_are_watched_and_with_a_qt_medicine_come_before_the_clinician() {
    let alone = with(&["kratom", "furosemide"]);
    assert_eq!(
        finding(&alone, "volume-depletion", "furosemide").action,
        Action::Watch
    );
    let both = with(&["kratom", "furosemide", "methadone"]);
    let found = finding(&both, "volume-depletion", "furosemide");
    assert_eq!(found.action, Action::ClinicianFirst);
    assert!(found.with.iter().any(|drug| drug == "methadone"));
    // A QT medicine alone takes part in no loss of fluid.
    assert!(!ids(&with(&["kratom", "methadone"])).contains(&"volume-depletion"));
}

#[test]
fn ondansetron_into_a_vein_is_another_thing_than_a_tablet() {
    let by = |route: Option<Route>| {
        let named = [Named {
            name: "ondansetron".to_owned(),
            route,
            at_h: None,
        }];
        let check = check(&CATALOGUE, &named, &Product::default());
        finding(&check, "ondansetron", "ondansetron").action
    };
    assert_eq!(by(Some(Route::Intravenous)), Action::ClinicianFirst);
    assert_eq!(by(Some(Route::Oral)), Action::Watch);
    assert_eq!(by(None), Action::Watch);
}

fn findings(toml: &str) -> Vec<ketum_core::finding::Finding> {
    let case: Case = toml::from_str(toml).unwrap();
    let read = ReadCase {
        case,
        warnings: Vec::new(),
    };
    let run = Run {
        people: 4,
        ..Run::default()
    };
    assess(&read, &CATALOGUE, run).findings
}

#[test]
fn a_hazard_is_told_once_and_never_less_urgently() {
    for (toml, general, sharper) in [
        (
            "[product]\nform = \"seven_oh_tablet\"\n[[medicines]]\nname = \"alcohol\"",
            "seven-oh-alcohol",
            "interaction-sedatives",
        ),
        (
            "[product]\nform = \"leaf_tea\"\n[[medicines]]\nname = \"alcohol\"",
            "alcohol",
            "interaction-sedatives",
        ),
        (
            "[[medicines]]\nname = \"oxycodone\"",
            "opioid",
            "interaction-opioid-full",
        ),
        (
            "[[medicines]]\nname = \"alprazolam\"",
            "sedative",
            "interaction-sedatives",
        ),
        (
            "[[medicines]]\nname = \"buprenorphine\"",
            "opioid-treatment",
            "interaction-opioid-partial",
        ),
        (
            "[[medicines]]\nname = \"naltrexone\"",
            "opioid-antagonist",
            "interaction-naltrexone",
        ),
    ] {
        let found = findings(toml);
        let sharp = found
            .iter()
            .find(|one| one.id == sharper)
            .unwrap_or_else(|| panic!("{toml}: no {sharper}"));
        assert!(
            found.iter().all(|one| one.id != general),
            "{toml}: {general} beside {sharper}"
        );
        let yielded = &CATALOGUE.findings[general];
        assert!(sharp.action <= yielded.action, "{general}");
    }
    // A mild sedative is no reason for the general warning of the strong ones.
    let mild = findings("[[medicines]]\nname = \"cetirizine\"");
    assert!(mild.iter().all(|one| one.id != "sedative"));
    // Methadone is an opioid and a treatment: what is said of treatment stays.
    let methadone = findings("[[medicines]]\nname = \"methadone\"");
    for id in ["interaction-opioid-full", "opioid-treatment"] {
        assert!(methadone.iter().any(|one| one.id == id), "{id}");
    }
}

#[test]
fn what_a_rule_replaces_is_a_finding_and_said_as_urgently_by_some_level() {
    for (id, rule) in &CATALOGUE.interactions {
        for general in &rule.replaces {
            let finding = CATALOGUE
                .findings
                .get(general)
                .unwrap_or_else(|| panic!("{id} replaces {general}, which is no finding"));
            let reaches = rule
                .level
                .iter()
                .any(|level| level.action <= finding.action);
            assert!(
                reaches || rule_is_milder(id.as_str()),
                "{id} never replaces {general}"
            );
        }
    }
}

/// Mixed opioids are for the clinician; the general warning of opioids stays beside them.
fn rule_is_milder(id: &str) -> bool {
    id == "opioid-mixed"
}

#[test]
fn the_date_of_what_is_not_known_comes_from_the_facts() {
    let check = with(&["kratom", "nosuchthing"]);
    assert!(check.not_known.iter().all(|gap| !gap.as_of.is_empty()));
    let searched = CATALOGUE.claims["interactions-none-gap"]
        .claim
        .as_of
        .to_string();
    let silent = CATALOGUE
        .drugs
        .keys()
        .map(|id| with(&["kratom", id.as_str()]))
        .find(|check| !check.no_data.is_empty());
    if let Some(check) = silent {
        assert!(check.not_known.iter().any(|gap| gap.as_of == searched));
    }
    assert!(check.findings.iter().all(|one| !rule_of(one).is_empty()));
}
