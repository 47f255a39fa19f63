//! Properties: tightening a limit never helps a product, widening an interval never settles a question,
//! a proposal never changes a verdict unasked, unknown never reads as permission, periods have borders.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod law_common;

use ketum::law::{
    Exact, LawBook, Per, PlaceVerdict, Sample, Span, Terms, Verdict, compare, evaluate_set, verdict,
};
use ketum_core::form::{Form, State};
use ketum_core::law::{Activity, Compound, LawFile, Operator, Row, Status};
use law_common::{OTHERS, content, date, files, leaf, question};
use proptest::prelude::*;

fn number() -> impl Strategy<Value = Exact> {
    (0_i64..5_000_000, 1_i128..10_000).prop_map(|(n, d)| Exact::new(i128::from(n), d).unwrap())
}

fn interval() -> impl Strategy<Value = Span> {
    (number(), number(), prop::bool::weighted(0.1)).prop_map(|(a, b, open)| Span {
        low: a.min(b),
        high: (!open).then(|| a.max(b)),
    })
}

fn operator() -> impl Strategy<Value = Operator> {
    prop::sample::select(vec![
        Operator::Less,
        Operator::AtMost,
        Operator::AtLeast,
        Operator::More,
    ])
}

fn wider(inner: Span, down: Exact, up: Exact) -> Span {
    let low = inner.low.minus(down).unwrap();
    Span {
        low: if low.is_negative() { Exact::ZERO } else { low },
        high: inner.high.map(|high| high.plus(up).unwrap()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn widening_never_settles(span in interval(), op in operator(), limit in number(), down in number(), up in number()) {
        let narrow = compare(span, op, limit);
        let wide = compare(wider(span, down, up), op, limit);
        prop_assert!(wide == narrow || wide == Verdict::Indeterminate, "{narrow:?} -> {wide:?}");
    }

    #[test]
    fn tightening_never_helps(span in interval(), op in operator(), limit in number(), by in number()) {
        let tighter = match op {
            Operator::Less | Operator::AtMost => limit.minus(by).unwrap(),
            _ => limit.plus(by).unwrap(),
        };
        let (loose, tight) = (compare(span, op, limit), compare(span, op, tighter));
        let rank = |verdict| match verdict {
            Verdict::NonCompliant => 0,
            Verdict::Indeterminate => 1,
            _ => 2,
        };
        prop_assert!(rank(tight) <= rank(loose), "{loose:?} -> {tight:?}");
    }

    #[test]
    fn every_point_of_the_interval_agrees_with_its_verdict(span in interval(), op in operator(), limit in number(), share in 0_i128..=100) {
        let at = match span.high {
            Some(high) => {
                let step = high.minus(span.low).unwrap().times(Exact::new(share, 100).unwrap()).unwrap();
                span.low.plus(step).unwrap()
            }
            None => span.low.plus(Exact::whole(i64::try_from(share).unwrap())).unwrap(),
        };
        let whole = compare(span, op, limit);
        let point = compare(Span::point(at), op, limit);
        prop_assert!(whole == Verdict::Indeterminate || whole == point);
    }
}

/// One decimal content with a spread, as text.
fn text() -> impl Strategy<Value = (u32, u32)> {
    (0_u32..60_000, 0_u32..400)
}

fn product(values: &[(u32, u32)], form: Form, untested: usize) -> Sample {
    let as_text = |(value, spread): (u32, u32)| {
        let low = f64::from(value.saturating_sub(spread)) / 1000.0;
        let high = f64::from(value + spread) / 1000.0;
        format!("{low} to {high}")
    };
    let mut sample = leaf("15", "0.1", "100");
    sample.form = Some(form);
    sample.state = Some(if form == Form::Shot {
        State::Liquid
    } else {
        State::Solid
    });
    for (word, value) in ["mitragynine", "7-OH", "MP"].iter().zip(values) {
        sample
            .content
            .insert((*word).into(), content(&as_text(*value), Per::Gram));
    }
    if form == Form::Shot {
        for content in sample.content.values_mut() {
            content.per = Per::Millilitre;
        }
    }
    if let Some(word) = OTHERS.get(untested) {
        sample.content.remove(*word);
    }
    sample
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn widening_a_product_never_settles_a_ruleset(
        values in prop::collection::vec(text(), 3),
        extra in prop::collection::vec(0_u32..2_000, 3),
        form in prop::sample::select(vec![Form::LeafPowder, Form::Extract, Form::SevenOhTablet, Form::Shot]),
        untested in 0_usize..12,
    ) {
        let narrow = product(&values, form, untested);
        let more: Vec<(u32, u32)> = values.iter().zip(&extra).map(|((v, s), e)| (*v, s + e)).collect();
        let wide = product(&more, form, untested);
        for file in FILES.with(|files| files.clone()).iter() {
            let terms = Terms { sets: &file.substance_set, interpretations: &file.interpretation };
            let pending = file.pending.iter().flat_map(|pending| &pending.ruleset);
            for set in file.ruleset.iter().chain(pending) {
                let (a, b) = (evaluate_set(set, terms, &narrow).1, evaluate_set(set, terms, &wide).1);
                prop_assert!(a == b || b == Verdict::Indeterminate, "{}: {a:?} -> {b:?}", set.id);
            }
        }
    }

    #[test]
    fn a_proposal_never_changes_a_verdict_unasked(
        values in prop::collection::vec(text(), 3),
        place in 0_usize..200,
        activity in prop::sample::select(Activity::ALL.to_vec()),
    ) {
        let files = FILES.with(|files| files.clone());
        let mut without = files.as_ref().clone();
        for file in &mut without {
            file.pending.clear();
        }
        let sample = product(&values, Form::LeafPowder, 99);
        let mut asked = question("2026-11-24");
        asked.sample = Some(&sample);
        asked.activity = activity;
        let id = &files[place % files.len()].jurisdiction.id;
        let answer = |files: &[LawFile]| {
            let book = LawBook::new(files);
            verdict(book, &book.place(id).unwrap(), &asked)
        };
        let (with, without) = (answer(&files), answer(&without));
        prop_assert_eq!(with.verdict, without.verdict);
        prop_assert_eq!(with.status, without.status);
        prop_assert_eq!(with.rulesets.len(), without.rulesets.len());
    }
}

thread_local! {
    static FILES: std::rc::Rc<Vec<LawFile>> = std::rc::Rc::new(files());
}

#[test]
fn unknown_never_reads_as_permission() {
    let files = files();
    let book = LawBook::new(&files);
    for file in &files {
        let place = book.place(&file.jurisdiction.id).unwrap();
        for substance in Compound::ALL {
            for activity in Activity::ALL {
                for day in ["1990-01-01", "2026-11-24", "2040-01-01"] {
                    let mut asked = question(day);
                    asked.substance = *substance;
                    asked.activity = *activity;
                    let answer = verdict(book, &place, &asked);
                    let name = format!("{} {substance} {activity} {day}", file.jurisdiction.id);
                    assert_ne!(
                        answer.verdict,
                        PlaceVerdict::Compliant,
                        "{name}: no product was given"
                    );
                    if answer.status == Status::Unknown {
                        assert!(answer.verdict >= PlaceVerdict::Unknown, "{name}");
                    }
                    if answer.verdict == PlaceVerdict::NoRuleFound {
                        // Only a row that says that somebody looked, in force, sourced and not old.
                        assert!(answer.status.is_permissive(), "{name}: {}", answer.status);
                        assert!(answer.stale_rows.iter().all(|row| !row.old), "{name}");
                        for level in &answer.levels {
                            assert!(!level.sources.is_empty(), "{name}: {}", level.place);
                        }
                    }
                    for level in &answer.levels {
                        // An act that nobody named is neither forbidden nor free.
                        if level.act_named == Some(false) {
                            assert_eq!(level.verdict, PlaceVerdict::Indeterminate, "{name}");
                        } else if level.verdict == PlaceVerdict::NonCompliant {
                            assert!(
                                level.activities.contains(activity)
                                    || *activity == Activity::OnlineSale,
                                "{name}"
                            );
                        }
                    }
                    if answer.verdict == PlaceVerdict::Unknown {
                        assert!(!answer.not_known.is_empty(), "{name}: what was looked for?");
                    }
                }
            }
        }
    }
}

#[test]
fn periods_begin_on_their_first_day_and_end_before_their_last() {
    let files = files();
    let mut borders = 0;
    for file in &files {
        let rows = file
            .status
            .iter()
            .map(|row| row as &dyn Row)
            .chain(file.ruleset.iter().map(|row| row as &dyn Row))
            .chain(file.requirement.iter().map(|row| row as &dyn Row));
        for row in rows {
            use ketum::law::{InForce, in_force};
            let checked = row.from_verification().is_none();
            if let Some(from) = row.from().filter(|from| from.is_day() && checked) {
                let day = from.earliest();
                assert_eq!(in_force(row, day), InForce::Yes, "{} on {day}", row.id());
                let before = day.plus_days(-1).unwrap();
                assert_eq!(
                    in_force(row, before),
                    InForce::No,
                    "{} on {before}",
                    row.id()
                );
                borders += 1;
            }
            if let Some(to) = row.to().filter(|to| to.is_day()) {
                let day = to.earliest();
                assert_eq!(in_force(row, day), InForce::No, "{} on {day}", row.id());
                let before = day.plus_days(-1).unwrap();
                assert_ne!(
                    in_force(row, before),
                    InForce::No,
                    "{} on {before}",
                    row.id()
                );
                borders += 1;
            }
        }
    }
    assert!(borders > 100, "{borders}");
}

#[test]
fn what_was_published_later_is_not_used() {
    let files = files();
    let book = LawBook::new(&files);
    let place = book.place("US").unwrap();
    let mut asked = question("2026-11-23");
    asked.substance = Compound::Mp;
    asked.known_as_of = date("2026-08-24");
    let then = verdict(book, &place, &asked);
    assert_eq!(
        then.verdict,
        PlaceVerdict::Unknown,
        "the order was not yet printed"
    );
    assert_eq!(then.known_as_of, "2026-08-24");
    asked.known_as_of = date("2026-08-26"); // printed that day
    assert_eq!(
        verdict(book, &place, &asked).verdict,
        PlaceVerdict::NonCompliant
    );
    // A row found to be wrong on a day was still used before it.
    let mut withdrawn = files.clone();
    let us = withdrawn
        .iter_mut()
        .find(|file| file.jurisdiction.id == "US")
        .unwrap();
    for row in &mut us.status {
        if row.substance == "MP" {
            row.withdrawn = Some(date("2026-10-01"));
        }
    }
    let book = LawBook::new(&withdrawn);
    let place = book.place("US").unwrap();
    asked.known_as_of = date("2026-09-30");
    assert_eq!(verdict(book, &place, &asked).status, Status::ScheduledI);
    asked.known_as_of = date("2026-10-01");
    assert_eq!(verdict(book, &place, &asked).status, Status::Unknown);
}

#[test]
fn the_chain_is_as_strict_as_its_strictest_level() {
    let files = files();
    let book = LawBook::new(&files);
    for file in &files {
        for local in &file.local {
            for activity in [Activity::Possess, Activity::Sell] {
                let mut asked = question("2026-09-01");
                asked.activity = activity;
                let city = verdict(book, &book.place(&local.id).unwrap(), &asked);
                let state = verdict(book, &book.place(&file.jurisdiction.id).unwrap(), &asked);
                assert!(city.verdict >= state.verdict, "{} {activity}", local.id);
                let strictest = city
                    .levels
                    .iter()
                    .filter(|level| !level.preempted)
                    .map(|level| level.verdict)
                    .max();
                assert_eq!(Some(city.verdict), strictest, "{} {activity}", local.id);
            }
        }
    }
}
