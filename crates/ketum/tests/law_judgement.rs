//! How a verdict is reached from the shipped data: age of a source, levels of law, the buyer, acts nobody
//! named, and products within and beyond limits.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod law_common;

use ketum::law::{Per, PlaceVerdict, Verdict};
use ketum_core::evidence::Verification;
use ketum_core::form::Form;
use ketum_core::law::{ActivitiesFrom, Activity, Compound, Status};
use law_common::{ask, content, date, files, leaf, question};

#[test]
fn a_ban_stays_a_ban_when_it_is_old_and_a_permission_does_not() {
    let files = files();
    let answer = ask(&files, "US-AL", &question("2030-01-01"));
    assert_eq!(answer.verdict, PlaceVerdict::NonCompliant);
    assert!(answer.stale && answer.stale_rows.iter().any(|row| row.old));
    let at = |day: &str| ask(&files, "US-AK", &question(day));
    let (fresh, stale, old) = (at("2026-09-01"), at("2026-09-10"), at("2030-01-01"));
    assert_eq!(
        (fresh.verdict, fresh.stale),
        (PlaceVerdict::NoRuleFound, false)
    );
    assert_eq!(
        (stale.verdict, stale.stale),
        (PlaceVerdict::NoRuleFound, true)
    );
    assert_eq!(
        (old.verdict, old.stale),
        (PlaceVerdict::Indeterminate, true)
    );
}

#[test]
fn a_start_that_was_not_checked_counts_from_its_source() {
    let files = files();
    let row = files
        .iter()
        .find(|file| file.jurisdiction.id == "US-NC")
        .and_then(|file| file.status.iter().find(|row| row.id == "us-nc-kratom"))
        .unwrap();
    assert_eq!(row.from_verification, Some(Verification::Unverified));
    let at = |day: &str| {
        let mut asked = question(day);
        asked.activity = Activity::Sell;
        ask(&files, "US-NC", &asked)
    };
    assert_eq!(at("2016-11-30").levels[0].status, Status::Unknown);
    let between = at("2024-01-01");
    assert!(
        between.levels[0]
            .reasons
            .iter()
            .any(|reason| reason.contains("was not checked"))
    );
    assert_eq!(at("2026-08-20").levels[0].status, Status::Restricted);
    // Florida's first day was read in a newspaper of the day before: it holds from then on.
    let florida = |day: &str| {
        let mut asked = question(day);
        asked.activity = Activity::Sell;
        ask(&files, "US-FL", &asked).levels[0].status
    };
    assert_eq!(florida("2023-06-30"), Status::Unknown);
    assert_eq!(florida("2023-07-01"), Status::Regulated);
}

#[test]
fn preemption_counts_only_where_it_is_recorded() {
    let mut files = files();
    let county = "US-MS/alcorn-county";
    let mut asked = question("2026-07-01");
    asked.activity = Activity::Sell;
    assert_eq!(
        ask(&files, county, &asked).verdict,
        PlaceVerdict::NonCompliant
    );
    let state = files
        .iter_mut()
        .find(|file| file.jurisdiction.id == "US-MS")
        .unwrap();
    state.jurisdiction.preempts_local = ketum_core::law::Known::Unknown;
    assert_eq!(
        ask(&files, county, &asked).verdict,
        PlaceVerdict::NonCompliant,
        "unknown removes nothing"
    );
    let state = files
        .iter_mut()
        .find(|file| file.jurisdiction.id == "US-MS")
        .unwrap();
    state.jurisdiction.preempts_local = ketum_core::law::Known::Yes;
    let answer = ask(&files, county, &asked);
    assert_eq!(
        answer.verdict,
        PlaceVerdict::Indeterminate,
        "the state's rules remain"
    );
    assert!(answer.levels[0].preempted);
    // Repealed and merely proposed local rules decide nothing.
    let answer = ask(&files, "US-MS/jones-county", &asked);
    assert_eq!(answer.decided_by, "US-MS");
}

#[test]
fn a_town_nobody_looked_at_is_unknown_where_the_state_has_no_rule() {
    let files = files();
    let answer = ask(&files, "US-AK/nome", &question("2026-07-01"));
    assert_eq!(answer.verdict, PlaceVerdict::Unknown);
    assert!(answer.not_known.iter().any(|gap| gap.what.contains("nome")));
    let answer = ask(&files, "US-AL/mobile", &question("2026-07-01"));
    assert_eq!(answer.verdict, PlaceVerdict::NonCompliant);
}

#[test]
fn the_buyer_counts_for_buying() {
    let files = files();
    let mut asked = question("2026-07-01");
    asked.activity = Activity::Buy;
    asked.buyer.age = Some(20);
    assert_eq!(
        ask(&files, "US-GA", &asked).verdict,
        PlaceVerdict::NonCompliant
    );
    asked.buyer.age = Some(21);
    assert_eq!(
        ask(&files, "US-GA", &asked).verdict,
        PlaceVerdict::Indeterminate
    );
    // Georgia bars possession by anyone under 21 as well; Kentucky's act speaks of selling only.
    asked.buyer.age = Some(20);
    asked.activity = Activity::Possess;
    assert_eq!(
        ask(&files, "US-GA", &asked).verdict,
        PlaceVerdict::NonCompliant
    );
    assert_eq!(
        ask(&files, "US-KY", &asked).verdict,
        PlaceVerdict::Indeterminate
    );
    asked.buyer.age = Some(21);
    assert_eq!(
        ask(&files, "US-GA", &asked).verdict,
        PlaceVerdict::Indeterminate
    );
}

#[test]
fn an_act_that_no_source_names_is_open_and_says_so() {
    let files = files();
    // The act of Texas bars to prepare, distribute and sell. Having it is not named.
    let answer = ask(&files, "US-TX", &question("2026-07-01"));
    assert_eq!(answer.status, Status::Regulated);
    assert_eq!(answer.verdict, PlaceVerdict::Indeterminate);
    let state = &answer.levels[0];
    assert_eq!(state.act_named, Some(false));
    assert_eq!(state.activities_from, Some(ActivitiesFrom::Text));
    assert!(
        answer
            .not_known
            .iter()
            .any(|gap| gap.what.contains("does not name possession")),
        "{:?}",
        answer.not_known
    );
    // A list that says no more than "own rules": the sale stands, nothing else does.
    let mut asked = question("2025-06-01");
    asked.activity = Activity::Sell;
    assert_eq!(
        ask(&files, "SY", &asked).verdict,
        PlaceVerdict::NonCompliant
    );
    asked.activity = Activity::OnlineSale;
    assert_eq!(
        ask(&files, "SY", &asked).verdict,
        PlaceVerdict::NonCompliant,
        "a sale online is a sale"
    );
    for act in [Activity::Possess, Activity::Use, Activity::Cultivate] {
        asked.activity = act;
        let answer = ask(&files, "SY", &asked);
        assert_eq!(answer.verdict, PlaceVerdict::Indeterminate, "{act}");
        assert_eq!(answer.status, Status::Banned, "{act}");
        assert_eq!(
            answer.levels[0].activities_from,
            Some(ActivitiesFrom::StatusWord)
        );
    }
    // A city "bans" kratom: the same.
    let mut asked = question("2026-09-15");
    assert_eq!(
        ask(&files, "US-ID/blackfoot", &asked).verdict,
        PlaceVerdict::Indeterminate
    );
    // A schedule covers possession by its nature; growing it is not named even there.
    let answer = ask(&files, "US-AL", &asked);
    assert_eq!(answer.verdict, PlaceVerdict::NonCompliant);
    assert_eq!(
        answer.levels[0].activities_from,
        Some(ActivitiesFrom::Schedule)
    );
    asked.activity = Activity::Cultivate;
    assert_eq!(
        ask(&files, "US-AL", &asked).verdict,
        PlaceVerdict::Indeterminate
    );
    // A permission for one act does not reach another: British possession is free, use is not named.
    asked.activity = Activity::Use;
    assert_eq!(
        ask(&files, "GB", &asked).verdict,
        PlaceVerdict::Indeterminate
    );
}

#[test]
fn a_ban_of_what_is_in_the_product_leaves_unnamed_acts_open() {
    let files = files();
    // British sources name possession of 7-OH: the leaf that holds some is as free as the leaf.
    let product = leaf("15", "0.1", "22");
    let mut asked = question("2025-06-01");
    asked.sample = Some(&product);
    assert_eq!(ask(&files, "GB", &asked).verdict, PlaceVerdict::NoRuleFound);

    let mut extract = leaf("150", "2", "200");
    extract.form = Some(Form::Extract);
    let mut asked = question("2026-09-15");
    asked.sample = Some(&extract);
    asked.substance = Compound::Extract;
    asked.activity = Activity::Sell;
    assert_eq!(
        ask(&files, "US-ND/ray", &asked).levels[0].verdict,
        PlaceVerdict::NonCompliant
    );
    asked.activity = Activity::Use;
    let answer = ask(&files, "US-ND/ray", &asked);
    assert_eq!(answer.levels[0].verdict, PlaceVerdict::Indeterminate);
    assert!(
        answer.levels[0]
            .reasons
            .iter()
            .any(|reason| reason.contains("does not name use")),
        "{:?}",
        answer.levels[0].reasons
    );
}

#[test]
fn utah_sells_pure_leaf_only() {
    let files = files();
    let mut asked = question("2026-07-01");
    asked.activity = Activity::Sell;
    let mut product = leaf("15", "0.1", "22");
    product.form = Some(Form::Extract);
    asked.sample = Some(&product);
    asked.substance = Compound::Extract;
    let answer = ask(&files, "US-UT", &asked);
    assert_eq!(answer.verdict, PlaceVerdict::NonCompliant);
    assert!(
        answer
            .reasons
            .iter()
            .any(|reason| reason.contains("pure leaf")),
        "{:?}",
        answer.reasons
    );
    let mut powder = product.clone();
    powder.form = Some(Form::LeafPowder);
    asked.sample = Some(&powder);
    asked.substance = Compound::Leaf;
    // Metals and germs were not tested.
    assert_eq!(
        ask(&files, "US-UT", &asked).verdict,
        PlaceVerdict::Indeterminate
    );
}

#[test]
fn a_product_within_every_limit_is_said_to_be_within_and_no_more() {
    let files = files();
    let product = leaf("15", "0.1", "22");
    let mut asked = question("2026-07-01");
    asked.activity = Activity::Sell;
    asked.sample = Some(&product);
    let answer = ask(&files, "US-TX", &asked);
    assert_eq!(answer.verdict, PlaceVerdict::Compliant);
    // Having it is not what the Texas act speaks of.
    asked.activity = Activity::Possess;
    assert_eq!(
        ask(&files, "US-TX", &asked).verdict,
        PlaceVerdict::Indeterminate
    );
    // From 2026-10-11 the federal status of the 7-OH in it is not known, but this leaf is outside
    // everything that was announced.
    asked.activity = Activity::Sell;
    asked.date = date("2026-10-11");
    assert_eq!(
        ask(&files, "US-TX", &asked).verdict,
        PlaceVerdict::Compliant
    );
    // Nobody tested for pseudoindoxyl: from 2026-08-26 that alone leaves it open.
    let mut untested = leaf("15", "0.1", "22");
    untested.content.remove("MP");
    asked.date = date("2026-09-01");
    asked.sample = Some(&untested);
    assert_eq!(
        ask(&files, "US-TX", &asked).verdict,
        PlaceVerdict::Indeterminate
    );
}

/// What an order can reach is what a notice announced (21 USC 811(h)); both notices of 2026 leave plain
/// leaf within their numbers outside. The unknown status of 7-OH reaches the rest.
#[test]
fn the_unknown_status_of_7oh_reaches_leaf_only_beyond_what_was_announced() {
    let files = files();
    let verdict = |product: &ketum::law::Sample, day: &str| {
        let mut asked = question(day);
        asked.activity = Activity::Sell;
        asked.sample = Some(product);
        asked.substance = product.substance();
        ask(&files, "US", &asked).levels[0].verdict
    };
    let of = |mitragynine: &str, seven_oh: &str| leaf(mitragynine, seven_oh, "40");
    let day = "2026-11-23";
    // 1.5 % mitragynine: 0.015 % of 7-OH is the ratio of one hundred.
    // Within, as far as MP and the MGM compounds go: they were tested and are absent.
    assert_eq!(verdict(&of("15", "0.15"), day), PlaceVerdict::Compliant);
    for (mitragynine, seven_oh, why) in [
        ("15", "0.1500001", "below the ratio"),
        (
            "15",
            "0.12 to 0.18",
            "the uncertainty reaches across the ratio",
        ),
        ("15", "0.2", "a ratio of 75"),
        ("60", "0.5001", "above 0.050 % of dry weight"),
        ("200", "1.1", "above 1 mg/g"),
    ] {
        let product = of(mitragynine, seven_oh);
        assert_eq!(verdict(&product, day), PlaceVerdict::Unknown, "{why}");
    }
    assert_eq!(verdict(&of("60", "0.5"), day), PlaceVerdict::Compliant);
    // Only plain leaf: the July notice had another limit for everything that is processed.
    let mut extract = of("15", "0.1");
    extract.form = Some(Form::Extract);
    assert_eq!(verdict(&extract, day), PlaceVerdict::Unknown);
    // 7-OH that nobody tested is not a trace.
    let mut untested = of("15", "0.1");
    untested.content.remove("7-OH");
    assert_eq!(verdict(&untested, day), PlaceVerdict::Unknown);
    // MP that nobody tested is a question of its own.
    let mut untested = of("15", "0.1");
    untested.content.remove("MP");
    assert_eq!(verdict(&untested, day), PlaceVerdict::Indeterminate);
    // The bound is as old as the notices read: past twice the interval it no longer counts.
    assert_eq!(
        verdict(&of("15", "0.1"), "2027-02-01").max(PlaceVerdict::Unknown),
        verdict(&of("15", "0.1"), "2027-02-01"),
        "unknown or stricter"
    );
    // It is not law: it decides nothing by itself, and a question on 7-OH stays unknown.
    let mut asked = question(day);
    asked.substance = Compound::SevenOh;
    let answer = ask(&files, "US", &asked);
    assert_eq!(answer.verdict, PlaceVerdict::Unknown);
    let bound = answer
        .rulesets
        .iter()
        .find(|set| set.id == "us-7oh-announced-leaf")
        .unwrap();
    assert!(bound.bounds_unknown && bound.in_force.is_none());
    // And with every proposal deleted the answer is the same: no pending row was used.
    let mut without = files.clone();
    for file in &mut without {
        file.pending.clear();
    }
    let product = of("15", "0.1");
    let mut asked = question(day);
    asked.activity = Activity::Sell;
    asked.sample = Some(&product);
    assert_eq!(
        ask(&files, "US-TX", &asked).verdict,
        ask(&without, "US-TX", &asked).verdict
    );
}

#[test]
fn a_certificate_of_three_compounds_settles_nothing_in_florida() {
    let files = files();
    let mut product = leaf("15", "0.1", "22");
    product
        .content
        .retain(|word, _| ["mitragynine", "7-OH", "MP"].contains(&word.as_str()));
    let mut asked = question("2026-07-01");
    asked.sample = Some(&product);
    let answer = ask(&files, "US-FL", &asked);
    assert_eq!(answer.verdict, PlaceVerdict::Indeterminate);
    let rule = &answer
        .rulesets
        .iter()
        .find(|set| set.id == "fl-2er26-1-solid")
        .unwrap()
        .rules[0];
    assert_eq!(rule.verdict, Verdict::Indeterminate);
    for missing in ["7-acetoxymitragynine", "MGM-15", "MGM-16"] {
        assert!(
            rule.reasons
                .iter()
                .any(|reason| reason == &format!("{missing} was not tested")),
            "{:?}",
            rule.reasons
        );
    }
    // What was tested can still be too much.
    let mut strong = product.clone();
    strong
        .content
        .insert("7-OH".into(), content("1.2", Per::Gram));
    asked.sample = Some(&strong);
    assert_eq!(
        ask(&files, "US-FL", &asked).verdict,
        PlaceVerdict::NonCompliant
    );
}
