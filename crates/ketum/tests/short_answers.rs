//! Short answers: every question written with an answer gets that answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use std::collections::BTreeSet;

use ketum::ask::short;
use ketum_core::circumstance::Circumstance;
use ketum_data::catalogue::Catalogue;

#[test]
fn every_question_of_a_short_answer_gets_it_first() {
    let catalogue = &Catalogue::embedded().unwrap();
    let mut wrong = Vec::new();
    for (id, answer) in &catalogue.answers {
        for question in &answer.asks {
            let mut circumstances = BTreeSet::from([Circumstance::Always]);
            circumstances.extend(answer.when.first());
            let given = short(catalogue, question, &circumstances);
            if given.first().map(|first| &first.id) != Some(id) {
                let given: Vec<&str> = given.iter().map(|one| one.id.as_str()).collect();
                wrong.push(format!("{id}: {question} -> {given:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_question_that_asks_two_things_gets_two_answers_and_a_strange_one_none() {
    let catalogue = &Catalogue::embedded().unwrap();
    let ids = |question: &str, circumstance: Circumstance| -> Vec<String> {
        short(catalogue, question, &BTreeSet::from([circumstance]))
            .iter()
            .map(|one| one.id.to_string())
            .collect()
    };
    let tablet = ids(
        "Is my tablet kratom, and may I still have it?",
        Circumstance::SevenOhProduct,
    );
    assert_eq!(tablet, ["seven-oh-is-it-kratom", "law-here"]);
    // The answer for the person stands in the place of the general one.
    assert_eq!(ids("Is it my liver?", Circumstance::Always), ["liver"]);
    assert_eq!(
        ids("Is it my liver?", Circumstance::RaisedLiverValues),
        ["liver-values"]
    );
    assert!(ids("How do I bake bread?", Circumstance::Always).is_empty());
    // A question names its own circumstances, and what warns is never left out.
    assert_eq!(
        ids("What is 7-OH withdrawal like?", Circumstance::Always),
        ["withdrawal-course-seven-oh"]
    );
    assert_eq!(
        ids("Is 20 mg of 7-OH a lot?", Circumstance::Always),
        ["amount-seven-oh"]
    );
    let pregnant = ids(
        "How much kratom is safe in pregnancy with Xanax?",
        Circumstance::Always,
    );
    for warning in ["child", "with-benzodiazepine"] {
        assert!(pregnant.iter().any(|id| id == warning), "{pregnant:?}");
    }
    assert_eq!(
        ids("Is tramadol/kratom dangerous to mix?", Circumstance::Always),
        ["with-opioid"]
    );
}
