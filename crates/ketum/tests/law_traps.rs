//! The known traps of kratom law, each as a test against the shipped data.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod law_common;

use ketum::law::{Per, PlaceVerdict, Verdict};
use ketum_core::form::Form;
use ketum_core::law::{Activity, Compound, LawSourceKind, Status};
use law_common::{ask, content, date, files, leaf, question};

#[test]
fn federal_7oh_is_unknown_on_2026_11_23() {
    let files = files();
    let mut asked = question("2026-11-23");
    asked.substance = Compound::SevenOh;
    let answer = ask(&files, "US", &asked);
    assert_eq!(answer.status, Status::Unknown);
    assert_eq!(answer.verdict, PlaceVerdict::Unknown);
    assert!(
        answer.not_known.iter().any(|gap| gap.as_of == "2026-10-10"),
        "{:?}",
        answer.not_known
    );
    // Notices are listed as proposals, with the earliest day of an order.
    assert!(answer.pending.iter().any(|row| row.id == "us-dea-1570-oct"
        && row.expected.as_deref() == Some("2026-11-13")));
    // The day of the newest check it was known not to be scheduled; a day later it is not known.
    asked.date = date("2026-10-10");
    assert_eq!(ask(&files, "US", &asked).verdict, PlaceVerdict::NoRuleFound);
    asked.date = date("2026-10-11");
    assert_eq!(ask(&files, "US", &asked).verdict, PlaceVerdict::Unknown);
}

#[test]
fn a_television_report_does_not_schedule_7oh() {
    // On 2026-08-05 and 2026-08-28 the press reported 7-OH as scheduled. It was not.
    let files = files();
    let mut asked = question("2026-08-28");
    asked.substance = Compound::SevenOh;
    let answer = ask(&files, "US", &asked);
    assert_eq!(answer.status, Status::NotScheduled);
    assert_eq!(answer.verdict, PlaceVerdict::NoRuleFound);
}

#[test]
fn pseudoindoxyl_and_the_mgm_compounds_are_schedule_one_from_2026_08_26() {
    let files = files();
    for substance in [Compound::Mp, Compound::Mgm15, Compound::Mgm16] {
        let mut asked = question("2026-08-26");
        asked.substance = substance;
        let answer = ask(&files, "US", &asked);
        assert_eq!(
            (answer.status, answer.verdict),
            (Status::ScheduledI, PlaceVerdict::NonCompliant)
        );
        asked.date = date("2026-08-25");
        assert_eq!(
            ask(&files, "US", &asked).verdict,
            PlaceVerdict::Unknown,
            "{substance}"
        );
        asked.date = date("2028-08-25");
        assert_eq!(
            ask(&files, "US", &asked).verdict,
            PlaceVerdict::NonCompliant
        );
        asked.date = date("2028-08-26");
        assert_eq!(
            ask(&files, "US", &asked).verdict,
            PlaceVerdict::Unknown,
            "the order has ended"
        );
        // It reaches every state, also one that has no rule of its own.
        asked.date = date("2026-11-23");
        assert_eq!(
            ask(&files, "US-AK", &asked).verdict,
            PlaceVerdict::NonCompliant
        );
    }
}

#[test]
fn the_claim_guard_wants_an_order_in_the_federal_register() {
    let mut files = files();
    let mut asked = question("2026-11-23");
    asked.substance = Compound::Mp;
    assert_eq!(ask(&files, "US", &asked).status, Status::ScheduledI);
    for kind in [
        LawSourceKind::RegisterNotice,
        LawSourceKind::News,
        LawSourceKind::AgencyPage,
    ] {
        let us = files
            .iter_mut()
            .find(|file| file.jurisdiction.id == "US")
            .unwrap();
        for source in &mut us.source {
            if source.id == "fr-2026-17429" {
                source.kind = kind;
            }
        }
        let answer = ask(&files, "US", &asked);
        assert_eq!(
            answer.status,
            Status::Unknown,
            "{kind} cannot make a schedule"
        );
        assert_eq!(answer.verdict, PlaceVerdict::Unknown);
    }
    // An order that is printed later cannot have been in force before.
    let us = files
        .iter_mut()
        .find(|file| file.jurisdiction.id == "US")
        .unwrap();
    for source in &mut us.source {
        if source.id == "fr-2026-17429" {
            source.kind = LawSourceKind::RegisterRule;
            source.published = Some("2026-12-01".parse().unwrap());
        }
    }
    assert_eq!(ask(&files, "US", &asked).status, Status::Unknown);
}

#[test]
fn the_ratio_of_one_hundred_decides_for_plain_leaf() {
    let files = files();
    let oct = ["us-dea-1570-oct".to_owned()];
    // 1.5 % mitragynine: at most 0.015 % 7-OH.
    for (seven_oh, verdict) in [
        ("0.15", Verdict::Compliant),
        ("0.1500001", Verdict::NonCompliant),
        ("0.12 to 0.18", Verdict::Indeterminate),
    ] {
        let product = leaf("15", seven_oh, "22");
        let mut asked = question("2026-11-23");
        asked.sample = Some(&product);
        asked.what_if = &oct;
        let answer = ask(&files, "US", &asked);
        let set = answer
            .rulesets
            .iter()
            .find(|set| set.id == "us-noi-oct-solid")
            .unwrap();
        assert_eq!(set.verdict, verdict, "{seven_oh}");
        assert_eq!(set.in_force, Some(false));
        let liquid = answer
            .rulesets
            .iter()
            .find(|set| set.id == "us-noi-oct-liquid")
            .unwrap();
        assert_eq!(liquid.verdict, Verdict::NotApplicable);
        assert_eq!(answer.what_if, oct);
        assert_eq!(
            answer.verdict,
            match verdict {
                Verdict::NonCompliant => PlaceVerdict::NonCompliant,
                Verdict::Indeterminate => PlaceVerdict::Indeterminate,
                _ => PlaceVerdict::Compliant,
            },
            "{seven_oh}"
        );
    }
    // Florida, in force.
    let product = leaf("15", "0.2", "22");
    let mut asked = question("2026-07-01");
    asked.sample = Some(&product);
    let answer = ask(&files, "US-FL", &asked);
    assert_eq!(answer.verdict, PlaceVerdict::NonCompliant);
    assert_eq!(answer.decided_by, "US-FL");
}

#[test]
fn mississippi_prints_the_arithmetic_and_no_flat_verdict() {
    let files = files();
    let product = leaf("15", "0.1", "22");
    let mut asked = question("2026-07-01");
    asked.sample = Some(&product);
    asked.activity = Activity::Sell;
    let answer = ask(&files, "US-MS", &asked);
    let set = answer
        .rulesets
        .iter()
        .find(|set| set.id == "ms-caps")
        .unwrap();
    assert_eq!(set.verdict, Verdict::NonCompliant);
    let rule = set.rules.iter().find(|rule| rule.id == "us-ms-02").unwrap();
    assert_eq!(rule.computed, Some((10.0, Some(10.0))));
    let line = rule.arithmetic.as_deref().unwrap();
    assert!(
        line.contains("10 mg in a container of 100 g") && line.contains("<= 0.5 mg"),
        "{line}"
    );
    assert!(
        set.notes
            .iter()
            .any(|note| note.contains("Reading unclear")),
        "{:?}",
        set.notes
    );
    assert_eq!(answer.verdict, PlaceVerdict::Indeterminate);
    // A tablet that breaks the share of alkaloids as well gets no such doubt.
    let mut tablet = leaf("1", "37.5", "40");
    tablet.form = Some(Form::SevenOhTablet);
    asked.sample = Some(&tablet);
    assert_eq!(
        ask(&files, "US-MS", &asked).verdict,
        PlaceVerdict::NonCompliant
    );
}

#[test]
fn maryland_read_word_for_word_is_indeterminate() {
    let files = files();
    let product = leaf("15", "0.1", "22");
    let mut asked = question("2026-07-01");
    asked.sample = Some(&product);
    asked.activity = Activity::Sell;
    let answer = ask(&files, "US-MD", &asked);
    let set = answer
        .rulesets
        .iter()
        .find(|set| set.id == "us-md-01")
        .unwrap();
    assert_eq!(set.verdict, Verdict::Compliant, "the cap is kept");
    assert_eq!(answer.verdict, PlaceVerdict::Indeterminate);
    assert!(
        answer
            .reasons
            .iter()
            .any(|reason| reason.contains("sources disagree"))
    );
}

#[test]
fn kansas_and_the_district_are_disputed_for_leaf() {
    let files = files();
    // A tracker bans 7-OH in both; the District's Code does not name it, so there the sources disagree.
    for (place, seven_oh) in [
        ("US-KS", PlaceVerdict::NonCompliant),
        ("US-DC", PlaceVerdict::Indeterminate),
    ] {
        let answer = ask(&files, place, &question("2026-07-15"));
        assert_eq!(answer.status, Status::Disputed, "{place}");
        assert_eq!(answer.verdict, PlaceVerdict::Indeterminate, "{place}");
        let mut asked = question("2026-07-15");
        asked.substance = Compound::SevenOh;
        assert_eq!(ask(&files, place, &asked).verdict, seven_oh, "{place}");
    }
    // Natural traces in plain leaf: two readings, no verdict; a concentrate has only one.
    let product = leaf("15", "0.1", "22");
    let mut asked = question("2026-07-15");
    asked.sample = Some(&product);
    let set = |asked: &ketum::law::Question<'_>| {
        let answer = ask(&files, "US-KS", asked);
        answer
            .rulesets
            .iter()
            .find(|set| set.id == "us-ks-01")
            .unwrap()
            .verdict
    };
    assert_eq!(set(&asked), Verdict::Indeterminate);
    let mut extract = product.clone();
    extract.form = Some(Form::Extract);
    asked.sample = Some(&extract);
    assert_eq!(set(&asked), Verdict::NonCompliant);
}

#[test]
fn florida_sum_or_each() {
    let files = files();
    let group = |seven_oh: &str, mp: &str| {
        let mut product = leaf("150", seven_oh, "200");
        product.content.insert("MP".into(), content(mp, Per::Gram));
        let mut asked = question("2026-07-01");
        asked.sample = Some(&product);
        let answer = ask(&files, "US-FL", &asked);
        let set = answer
            .rulesets
            .iter()
            .find(|set| set.id == "fl-2er26-1-solid")
            .unwrap();
        set.rules[0].verdict
    };
    assert_eq!(
        group("0.5", "0.5"),
        Verdict::Compliant,
        "both readings hold"
    );
    assert_eq!(
        group("0.6", "0.6"),
        Verdict::Indeterminate,
        "the readings differ"
    );
    assert_eq!(
        group("1.1", "0"),
        Verdict::NonCompliant,
        "both readings fail"
    );
}

#[test]
fn florida_holds_two_periods_of_two_limits() {
    let files = files();
    let product = leaf("60", "0.5", "80");
    let at = |day: &str| {
        let mut asked = question(day);
        asked.sample = Some(&product);
        let answer = ask(&files, "US-FL", &asked);
        let ids: Vec<String> = answer
            .rulesets
            .iter()
            .filter(|set| set.place == "US-FL")
            .map(|set| set.id.clone())
            .collect();
        (ids, answer.verdict)
    };
    assert_eq!(at("2025-08-18").0, ["fl-eo-2025-08-13"]);
    assert_eq!(at("2025-08-19").0, ["fl-2er25-2"]);
    assert_eq!(
        at("2026-06-21"),
        (vec!["fl-2er25-2".to_owned()], PlaceVerdict::NonCompliant)
    );
    assert_eq!(
        at("2026-06-22").0,
        ["fl-2er26-1-solid", "fl-2er26-1-liquid"]
    );
    assert_eq!(at("2025-08-12").0, Vec::<String>::new());
}

#[test]
fn connecticut_is_open_between_its_two_dates() {
    let files = files();
    let at = |day: &str| ask(&files, "US-CT", &question(day)).verdict;
    assert_eq!(at("2026-03-24"), PlaceVerdict::Unknown);
    assert_eq!(at("2026-03-25"), PlaceVerdict::Indeterminate);
    assert_eq!(at("2026-04-01"), PlaceVerdict::Indeterminate);
    assert_eq!(at("2026-04-02"), PlaceVerdict::NonCompliant);
}

#[test]
fn north_dakota_after_its_thirty_days_is_unknown() {
    let files = files();
    let at = |day: &str| ask(&files, "US-ND", &question(day)).verdict;
    assert_eq!(at("2026-08-05"), PlaceVerdict::NonCompliant);
    assert_eq!(at("2026-09-03"), PlaceVerdict::NonCompliant);
    assert_eq!(at("2026-09-04"), PlaceVerdict::Unknown);
}

#[test]
fn blackfoot_keeps_its_digits_and_its_exception() {
    let files = files();
    let mut asked = question("2026-09-15");
    asked.activity = Activity::Sell;
    assert_eq!(
        ask(&files, "US-ID/blackfoot", &asked).verdict,
        PlaceVerdict::NonCompliant
    );
    assert_eq!(
        ask(&files, "US-ID", &asked).verdict,
        PlaceVerdict::NoRuleFound
    );
    let product = leaf("15", "0.0499", "22");
    asked.sample = Some(&product);
    let answer = ask(
        &files,
        "ocd-division/country:us/state:id/place:blackfoot",
        &asked,
    );
    assert_eq!(answer.place, "US-ID/blackfoot");
    let rule = &answer
        .rulesets
        .iter()
        .find(|set| set.id == "id-blackfoot")
        .unwrap()
        .rules[0];
    assert_eq!(
        (rule.limit.as_str(), rule.verdict),
        ("0.00500", Verdict::Compliant)
    );
    let product = leaf("15", "0.05", "22");
    asked.sample = Some(&product);
    assert_eq!(
        ask(&files, "US-ID/blackfoot", &asked).verdict,
        PlaceVerdict::NonCompliant,
        "< is not <="
    );
}

#[test]
fn the_united_kingdom_bars_supply_and_not_possession() {
    let files = files();
    let mut asked = question("2025-06-01");
    assert_eq!(ask(&files, "GB", &asked).verdict, PlaceVerdict::NoRuleFound);
    asked.activity = Activity::Sell;
    assert_eq!(
        ask(&files, "GB", &asked).verdict,
        PlaceVerdict::NonCompliant
    );
    // Malta: nobody knows. Israel and the Emirates: no source was read.
    for place in ["MT", "IL", "AE", "BN", "LK", "EG"] {
        let answer = ask(&files, place, &question("2026-11-23"));
        assert_eq!(answer.verdict, PlaceVerdict::Unknown, "{place}");
        assert!(!answer.not_known.is_empty(), "{place}");
    }
}
