//! Every vector of `validation/reference/law/vectors.csv`, and every numeric limit on both sides.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod law_common;

use ketum::law::{Exact, PARTICLE_SIZE, Per, Sample, Size, Terms, Verdict, evaluate, evaluate_set};
use ketum_core::form::{Form, State};
use ketum_core::law::{
    Basis, FormScope, LawFile, Limit, Operator, QuantityKind, Reading, Rule, Ruleset, VectorVerdict,
};
use law_common::{OTHERS, ask, content, files, question, root, span};

/// Splits one line of CSV; fields may be quoted.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().unwrap().push(c),
        }
    }
    fields
}

fn verdict_of(word: &str) -> Verdict {
    match word {
        "compliant" => Verdict::Compliant,
        "non_compliant" => Verdict::NonCompliant,
        "indeterminate" => Verdict::Indeterminate,
        other => panic!("{other}"),
    }
}

fn sample_of(row: &dyn Fn(&str) -> String) -> Sample {
    let per = if row("content_unit") == "mg/mL" {
        Per::Millilitre
    } else {
        Per::Gram
    };
    let size = |text: String| {
        (!text.is_empty()).then(|| Size {
            span: span(&text),
            per: if row("amount_unit") == "mL" {
                Per::Millilitre
            } else {
                Per::Gram
            },
        })
    };
    let mut sample = Sample {
        form: Some(match row("product").as_str() {
            "P3" => Form::Extract,
            "P4" | "Q5" => Form::SevenOhTablet,
            "P5" | "Q2" => Form::Shot,
            _ => Form::LeafPowder,
        }),
        state: Some(if row("form") == "liquid" {
            State::Liquid
        } else {
            State::Solid
        }),
        contents_are_dry: row("form") == "solid",
        serving: size(row("serving")),
        container: size(row("container")),
        ..Sample::default()
    };
    for (word, column) in [
        ("mitragynine", "mitragynine"),
        ("MP", "mp"),
        ("7-OH", "seven_oh"),
    ] {
        sample
            .content
            .insert(word.into(), content(&row(column), per));
    }
    // The one assumption of the vectors, by name: every other listed compound was tested and is absent.
    let assumed = row("assumed_other_listed");
    for word in OTHERS.iter().filter(|_| !assumed.is_empty()) {
        sample
            .content
            .entry((*word).into())
            .or_insert_with(|| content(&assumed, per));
    }
    let total = row("total_alkaloids");
    sample.total_alkaloids = (!total.is_empty()).then(|| content(&total, per));
    sample
}

#[test]
fn every_vector_agrees() {
    let files = files();
    let text =
        std::fs::read_to_string(root().join("validation/reference/law/vectors.csv")).unwrap();
    let mut lines = text.lines();
    let header = fields(lines.next().unwrap());
    let (mut seen, mut dropped) = (0, 0);
    for line in lines {
        let values = fields(line);
        assert_eq!(values.len(), header.len(), "{line}");
        let row = |column: &str| values[header.iter().position(|h| h == column).unwrap()].clone();
        let id = row("vector_id");
        let sample = sample_of(&row);
        let group = row("group");
        let what_if = [group.clone()];
        let pending = group.starts_with("us-noi");
        let mut asked = question("2026-11-23");
        asked.sample = Some(&sample);
        asked.substance = sample.substance();
        if pending {
            asked.what_if = &what_if;
        }
        let answer = ask(&files, &row("jurisdiction"), &asked);
        let ruleset = answer
            .rulesets
            .iter()
            .find(|ruleset| ruleset.id == group)
            .unwrap_or_else(|| panic!("{id}: no ruleset {group}"));
        assert_eq!(ruleset.in_force, Some(!pending), "{id}");
        assert_eq!(ruleset.verdict, verdict_of(&row("expected_group")), "{id}");
        let (limit, operator) = (row("limit"), row("operator"));
        let rule = ruleset
            .rules
            .iter()
            .filter(|rule| rule.limit == limit && rule.operator.as_str() == operator)
            .find(|rule| match row("quantity").as_str() {
                "7-OH" => rule.analyte == "7-OH" && rule.quantity != QuantityKind::ShareOfAlkaloids,
                "7-OH/total alkaloids" => rule.quantity == QuantityKind::ShareOfAlkaloids,
                "mitragynine" => rule.analyte == "mitragynine",
                quantity if quantity.contains("mitragynine/") => {
                    rule.quantity == QuantityKind::Ratio
                }
                _ => rule.quantity != QuantityKind::Ratio,
            })
            .unwrap_or_else(|| panic!("{id}: no rule in {ruleset:?}"));
        assert_eq!(rule.verdict, verdict_of(&row("expected_rule")), "{id}");
        let computed = row("computed");
        if !computed.is_empty() {
            let (low, high) = rule
                .computed
                .unwrap_or_else(|| panic!("{id}: nothing computed"));
            let (want_low, want_high) = match computed.split_once(" to ") {
                Some((low, high)) => (low.parse::<f64>().unwrap(), high.parse::<f64>().unwrap()),
                None => (computed.parse().unwrap(), computed.parse().unwrap()),
            };
            let close = |a: f64, b: f64| (a - b).abs() <= 5e-4 * b.abs().max(1e-9);
            assert!(close(low, want_low), "{id}: {low} for {want_low}");
            assert!(
                close(high.unwrap(), want_high),
                "{id}: {high:?} for {want_high}"
            );
        }
        // Without the assumption nothing gets more lenient, and Florida's list can no longer be kept.
        let without = sample_of(&|column: &str| {
            if column == "assumed_other_listed" {
                String::new()
            } else {
                row(column)
            }
        });
        asked.sample = Some(&without);
        let answer = ask(&files, &row("jurisdiction"), &asked);
        let open = answer
            .rulesets
            .iter()
            .find(|ruleset| ruleset.id == group)
            .unwrap()
            .verdict;
        assert!(
            open == verdict_of(&row("expected_group")) || open == Verdict::Indeterminate,
            "{id}: {open:?}"
        );
        if group.starts_with("fl-") {
            assert_ne!(open, Verdict::Compliant, "{id}");
            dropped += 1;
        }
        seen += 1;
    }
    assert_eq!(seen, 96);
    assert!(dropped >= 8, "{dropped} vectors of Florida");
}

fn at(rule: &Rule, terms: Terms<'_>, value: &str) -> Sample {
    at_exact(rule, terms, Exact::parse(value).unwrap())
}

/// A product that sits at `value` in the unit of a rule's limit, with everything else a rule can ask for.
fn at_exact(rule: &Rule, terms: Terms<'_>, value: Exact) -> Sample {
    let liquid = rule.form == FormScope::Liquid || rule.quantity == QuantityKind::Concentration;
    let per = if liquid { Per::Millilitre } else { Per::Gram };
    let mut sample = Sample {
        form: Some(match rule.form {
            FormScope::Processed => Form::Extract,
            _ if liquid => Form::Shot,
            _ => Form::LeafPowder,
        }),
        state: Some(if liquid { State::Liquid } else { State::Solid }),
        contents_are_dry: true,
        ..Sample::default()
    };
    let exactly = |value: Exact| ketum::law::Content {
        span: ketum::law::Span::point(value),
        per,
        uncertainty_stated: true,
    };
    let one = Exact::ONE;
    sample.total_alkaloids = Some(exactly(Exact::whole(1000)));
    sample.serving = Some(Size {
        span: ketum::law::Span::point(one),
        per,
    });
    sample.container = sample.serving;
    for word in ["mitragynine", "7-OH"].iter().chain(&OTHERS) {
        sample.content.insert((*word).into(), exactly(Exact::ZERO));
    }
    // Canonical content that gives `value` in the unit of the limit.
    let content = match (rule.quantity, rule.unit.as_str()) {
        (QuantityKind::ShareOfAlkaloids, _) => value.times(Exact::whole(10)).unwrap(),
        // Both readings, mass and share, meet at a total of 1000 mg/g.
        (QuantityKind::BasisNotRead, "%") => value.times(Exact::whole(10)).unwrap(),
        (QuantityKind::MassFraction | QuantityKind::ElementPpm, "%") => {
            value.times(Exact::whole(10)).unwrap()
        }
        (QuantityKind::MassFraction | QuantityKind::ElementPpm, "ppm") => {
            value.over(Exact::whole(1000)).unwrap()
        }
        _ => value,
    };
    if rule.quantity == QuantityKind::Ratio {
        sample
            .content
            .insert(rule.numerator[0].as_str().into(), exactly(value));
        sample
            .content
            .insert(rule.denominator[0].as_str().into(), exactly(one));
    } else if rule.quantity == QuantityKind::ParticleSize {
        sample
            .content
            .insert(PARTICLE_SIZE.into(), exactly(content));
    } else {
        let word = rule.analyte.as_deref().unwrap();
        let members = terms.members(word);
        let word = members.first().map_or(word, |member| member.as_str());
        sample.content.insert(word.into(), exactly(content));
    }
    sample
}

fn every_ruleset(file: &LawFile) -> Vec<&Ruleset> {
    file.ruleset
        .iter()
        .chain(file.local.iter().flat_map(|local| &local.ruleset))
        .chain(file.pending.iter().flat_map(|pending| &pending.ruleset))
        .collect()
}

#[test]
fn the_vectors_beside_each_ruleset_agree_with_the_evaluator() {
    let files = files();
    let (mut numbers, mut presence) = (0, 0);
    for file in &files {
        let terms = Terms {
            sets: &file.substance_set,
            interpretations: &file.interpretation,
        };
        for set in every_ruleset(file) {
            for vector in &set.vector {
                let rule = set
                    .rule
                    .iter()
                    .find(|rule| rule.id == vector.rule)
                    .unwrap_or_else(|| panic!("{}: no rule {}", set.id, vector.rule));
                let value = match vector.value.as_bool() {
                    None => vector.value.as_str(),
                    Some(true) => "0.0001",
                    Some(false) => "0",
                };
                let mut product = at(rule, terms, value);
                if rule.limit.as_bool().is_some() {
                    // A trace in leaf can be read in two ways; in an extract it cannot.
                    product.form = Some(Form::Extract);
                    presence += 1;
                } else {
                    numbers += 1;
                }
                let outcome = evaluate(rule, terms, &product);
                let wanted = match vector.expect {
                    VectorVerdict::Compliant => Verdict::Compliant,
                    VectorVerdict::NonCompliant => Verdict::NonCompliant,
                };
                assert_eq!(
                    outcome.verdict, wanted,
                    "{} at {}: {:?}",
                    rule.id, vector.value, outcome.reasons
                );
            }
        }
    }
    assert!(numbers > 150 && presence > 10, "{numbers} {presence}");
}

#[test]
fn a_hair_on_either_side_of_a_limit_decides() {
    let files = files();
    let mut rules = 0;
    for file in &files {
        let terms = Terms {
            sets: &file.substance_set,
            interpretations: &file.interpretation,
        };
        for rule in every_ruleset(file)
            .into_iter()
            .flat_map(|ruleset| &ruleset.rule)
        {
            let Some(limit) = Exact::parse(rule.limit.as_str()) else {
                continue;
            };
            rules += 1;
            let hair = Exact::new(1, 1_000_000_000_000).unwrap();
            let verdict =
                |exact: Exact| evaluate(rule, terms, &at_exact(rule, terms, exact)).verdict;
            let (below, above) = match rule.op {
                Operator::Less | Operator::AtMost => (Verdict::Compliant, Verdict::NonCompliant),
                Operator::AtLeast | Operator::More => (Verdict::NonCompliant, Verdict::Compliant),
                other => panic!("{}: {other}", rule.id),
            };
            assert_eq!(verdict(limit.minus(hair).unwrap()), below, "{}", rule.id);
            assert_eq!(verdict(limit.plus(hair).unwrap()), above, "{}", rule.id);
        }
    }
    assert!(rules > 40, "{rules} numeric limits");
}

#[test]
fn presence_rules_catch_a_trace_and_doubt_a_non_detect() {
    let files = files();
    let us = files
        .iter()
        .find(|file| file.jurisdiction.id == "US")
        .unwrap();
    let terms = Terms {
        sets: &us.substance_set,
        interpretations: &us.interpretation,
    };
    let ruleset = us
        .ruleset
        .iter()
        .find(|ruleset| ruleset.id == "us-08")
        .unwrap();
    let mut product = law_common::leaf("15", "0.1", "20");
    assert_eq!(evaluate_set(ruleset, terms, &product).1, Verdict::Compliant);
    product
        .content
        .insert("MP".into(), content("0.0001", Per::Gram));
    assert_eq!(
        evaluate_set(ruleset, terms, &product).1,
        Verdict::NonCompliant
    );
    product
        .content
        .insert("MP".into(), content("0 to 0.01", Per::Gram));
    assert_eq!(
        evaluate_set(ruleset, terms, &product).1,
        Verdict::Indeterminate
    );
    product.content.remove("MP");
    assert_eq!(
        evaluate_set(ruleset, terms, &product).1,
        Verdict::Indeterminate
    );
}

fn limit_rule(op: Operator, limit: &str, quantity: QuantityKind, unit: &str) -> Rule {
    Rule {
        id: "t".into(),
        quantity,
        analyte: Some("7-OH".into()),
        numerator: Vec::new(),
        denominator: Vec::new(),
        op,
        limit: limit.parse::<Limit>().unwrap(),
        unit: unit.into(),
        basis: Basis::Product,
        basis_text: None,
        form: FormScope::Any,
        interpretation: None,
        method: None,
        note: None,
    }
}

const NO_TERMS: Terms<'static> = Terms {
    sets: &[],
    interpretations: &[],
};

#[test]
fn units_convert_inside_a_dimension_only() {
    let product = law_common::leaf("15", "1", "20");
    let verdict = |limit: &str, unit: &str| {
        evaluate(
            &limit_rule(Operator::AtMost, limit, QuantityKind::MassFraction, unit),
            NO_TERMS,
            &product,
        )
        .verdict
    };
    for (limit, unit) in [("1", "mg/g"), ("0.1", "%"), ("1000", "ppm")] {
        assert_eq!(verdict(limit, unit), Verdict::Compliant, "{limit} {unit}");
    }
    for (limit, unit) in [("0.999", "mg/g"), ("0.0999", "%"), ("999", "ppm")] {
        assert_eq!(
            verdict(limit, unit),
            Verdict::NonCompliant,
            "{limit} {unit}"
        );
    }
    assert_eq!(verdict("1", "mg/mL"), Verdict::Indeterminate);
    assert_eq!(verdict("1", "mg"), Verdict::Indeterminate);
}

#[test]
fn a_liquid_needs_its_density_for_a_limit_per_gram() {
    let mut shot = law_common::leaf("2.5", "0.015", "3");
    shot.form = Some(Form::Shot);
    shot.state = Some(State::Liquid);
    for content in shot.content.values_mut() {
        content.per = Per::Millilitre;
    }
    let rule = limit_rule(
        Operator::AtMost,
        "0.015",
        QuantityKind::MassFraction,
        "mg/g",
    );
    let outcome = evaluate(&rule, NO_TERMS, &shot);
    assert_eq!(outcome.verdict, Verdict::Indeterminate);
    assert!(
        outcome.reasons[0].contains("density"),
        "{:?}",
        outcome.reasons
    );
    shot.density = Some(span("1.01"));
    assert_eq!(evaluate(&rule, NO_TERMS, &shot).verdict, Verdict::Compliant);
    shot.density = Some(span("0.99"));
    assert_eq!(
        evaluate(&rule, NO_TERMS, &shot).verdict,
        Verdict::NonCompliant
    );
    shot.density = Some(span("0.99 to 1.01"));
    assert_eq!(
        evaluate(&rule, NO_TERMS, &shot).verdict,
        Verdict::Indeterminate
    );
}

#[test]
fn water_is_guarded_where_a_limit_is_on_dry_weight() {
    let mut rule = limit_rule(Operator::AtMost, "0.05", QuantityKind::MassFraction, "%");
    rule.basis = Basis::DryWeight;
    let verdict = |seven_oh: &str, water: Option<&str>| {
        let mut product = law_common::leaf("15", seven_oh, "20");
        product.contents_are_dry = false;
        product.moisture = water.map(span);
        evaluate(&rule, NO_TERMS, &product).verdict
    };
    assert_eq!(verdict("0.2", None), Verdict::Compliant);
    assert_eq!(
        verdict("0.45", None),
        Verdict::Indeterminate,
        "11 % of water would decide"
    );
    assert_eq!(verdict("0.51", None), Verdict::NonCompliant);
    assert_eq!(verdict("0.45", Some("0.1")), Verdict::Compliant);
    assert_eq!(verdict("0.45", Some("0.12")), Verdict::NonCompliant);
    assert_eq!(
        verdict("0.45", Some("0.09 to 0.12")),
        Verdict::Indeterminate
    );
}

#[test]
fn what_was_not_given_is_named() {
    let empty = Sample {
        state: Some(State::Solid),
        ..Sample::default()
    };
    for (quantity, unit) in [
        (QuantityKind::MassFraction, "mg/g"),
        (QuantityKind::MassPerServing, "mg"),
        (QuantityKind::ShareOfAlkaloids, "%"),
    ] {
        let outcome = evaluate(
            &limit_rule(Operator::AtMost, "1", quantity, unit),
            NO_TERMS,
            &empty,
        );
        assert_eq!(outcome.verdict, Verdict::Indeterminate);
        assert_eq!(outcome.reasons, ["7-OH was not tested"]);
    }
    let mut product = law_common::leaf("15", "0.2", "20");
    product.serving = None;
    product.total_alkaloids = None;
    let reason = |quantity, unit| {
        evaluate(
            &limit_rule(Operator::AtMost, "1", quantity, unit),
            NO_TERMS,
            &product,
        )
        .reasons
    };
    assert_eq!(
        reason(QuantityKind::MassPerServing, "mg"),
        ["the serving size is not known"]
    );
    assert_eq!(
        reason(QuantityKind::ShareOfAlkaloids, "%"),
        ["total alkaloids were not tested"]
    );
    // A rule for solids, and nobody said what the product is.
    product.state = None;
    let mut rule = limit_rule(Operator::AtMost, "1", QuantityKind::MassFraction, "mg/g");
    rule.form = FormScope::Solid;
    assert_eq!(
        evaluate(&rule, NO_TERMS, &product).verdict,
        Verdict::Indeterminate
    );
}

#[test]
fn readings_that_differ_are_indeterminate_and_named() {
    let files = files();
    let us = files
        .iter()
        .find(|file| file.jurisdiction.id == "US")
        .unwrap();
    let terms = Terms {
        sets: &us.substance_set,
        interpretations: &us.interpretation,
    };
    let july = us
        .pending
        .iter()
        .find(|pending| pending.id == "us-dea-1570-jul")
        .unwrap();
    let article = july
        .ruleset
        .iter()
        .flat_map(|ruleset| &ruleset.rule)
        .find(|rule| rule.quantity == QuantityKind::MassPerArticle)
        .unwrap();
    assert_eq!(
        us.interpretation
            .iter()
            .find(|i| Some(&i.id) == article.interpretation.as_ref())
            .unwrap()
            .readings,
        [Reading::PerContainer, Reading::PerServing]
    );
    let mut product = law_common::leaf("15", "0.2", "20");
    product.form = Some(Form::Extract);
    // 0.6 mg in a serving of 3 g, 20 mg in a container of 100 g.
    let outcome = evaluate(article, terms, &product);
    assert_eq!(outcome.verdict, Verdict::Indeterminate);
    assert!(
        outcome.reasons[0].contains("per_container: non_compliant"),
        "{:?}",
        outcome.reasons
    );
    product.container = product.serving;
    assert_eq!(
        evaluate(article, terms, &product).verdict,
        Verdict::Compliant
    );
}
