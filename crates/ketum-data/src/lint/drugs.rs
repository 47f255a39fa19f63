//! Drugs and their classes: every name leads to one drug, every class exists, every number is possible.

use std::collections::{BTreeMap, BTreeSet};

use ketum_core::drug::{
    ClassKind, ClassVocabulary, Drug, EnzymeRole, EnzymeRow, NumberKind, NumberRow, Strength,
};
use ketum_core::evidence::Verification;
use ketum_core::name::fold;
use ketum_core::quantity::Quantity;
use ketum_core::unit::{Dimension, Unit};

use super::Sink;
use crate::document::{Path, nearest};
use crate::facts::{CLASSES, Facts};
use crate::path;

pub(super) fn lint(facts: &Facts, sink: &mut Sink) {
    vocabulary(&facts.classes, sink);
    names(facts, sink);
    for (stem, drug) in &facts.drugs {
        let file = format!("drugs/{stem}.toml");
        if drug.id.as_str() != stem {
            let message = format!("the id is `{}`, the file is `{stem}`", drug.id);
            let hint = "file name and id are one";
            sink.error("drug-id", &file, path!["id"], message, hint);
        }
        classes(&file, drug, &facts.classes, sink);
        enzymes(&file, drug, sink);
        numbers(&file, drug, facts, sink);
    }
}

fn vocabulary(vocabulary: &ClassVocabulary, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for (index, class) in vocabulary.class.iter().enumerate() {
        let at = |key: &str| path!["class", index, key];
        if !seen.insert(&class.id) {
            let message = format!("`{}` stands twice", class.id);
            sink.error("duplicate-class", CLASSES, at("id"), message, "keep one");
        }
        if !class.meaning.ends_with('.') {
            let hint = "say it in one sentence";
            sink.error(
                "class-meaning",
                CLASSES,
                at("meaning"),
                "no full stop",
                hint,
            );
        }
        for (position, other) in class.implies.iter().enumerate() {
            if vocabulary.get(other.as_str()).is_none() {
                let path = at("implies").then(position);
                let message = format!("there is no class `{other}`");
                sink.error("unknown-class", CLASSES, path, message, "see the other ids");
            } else if vocabulary.closure([other]).contains(&class.id) {
                let path = at("implies").then(position);
                let message = format!("`{}` and `{other}` imply each other", class.id);
                sink.error(
                    "class-circle",
                    CLASSES,
                    path,
                    message,
                    "drop one of the two",
                );
            }
        }
    }
}

/// Names lead to one drug each. A brand may stand with several drugs: a combination product.
fn names(facts: &Facts, sink: &mut Sink) {
    let mut owner: BTreeMap<String, &str> = BTreeMap::new();
    let own_names = |drug: &Drug| -> Vec<(Path, String)> {
        let synonyms = drug.synonyms.iter().enumerate();
        std::iter::once((path!["name"], drug.name.clone()))
            .chain(synonyms.map(|(index, name)| (path!["synonyms", index], name.clone())))
            .collect()
    };
    for (stem, drug) in &facts.drugs {
        let file = format!("drugs/{stem}.toml");
        owner.entry(fold(stem)).or_insert(stem);
        let mut here = BTreeSet::from([fold(stem)]);
        for (path, name) in own_names(drug) {
            let folded = fold(&name);
            if folded.is_empty() {
                sink.error(
                    "empty-name",
                    &file,
                    path,
                    "a name without letters",
                    "drop it",
                );
                continue;
            }
            let is_name = path == path!["name"];
            if !here.insert(folded.clone()) && !is_name {
                let message = format!("`{name}` is said already");
                let hint = "case, accents and punctuation make no new name";
                sink.error("repeated-name", &file, path.clone(), message, hint);
            }
            let first = owner.entry(folded).or_insert(stem);
            if *first != stem {
                let message = format!("`{name}` leads to drugs/{first}.toml too");
                let hint = "a name leads to one drug; a combination product is a brand";
                sink.error("duplicate-name", &file, path, message, hint);
            }
        }
    }
    for (stem, drug) in &facts.drugs {
        let file = format!("drugs/{stem}.toml");
        let mut here = BTreeSet::new();
        for (index, brand) in drug.brands.iter().enumerate() {
            let folded = fold(brand);
            let path = path!["brands", index];
            match owner.get(&folded) {
                Some(first) => {
                    let message = format!("the brand `{brand}` is a name of drugs/{first}.toml");
                    let hint = "a brand is no ingredient's own name";
                    sink.error("brand-is-name", &file, path.clone(), message, hint);
                }
                None if folded.is_empty() => {
                    sink.error(
                        "empty-name",
                        &file,
                        path.clone(),
                        "a brand without letters",
                        "",
                    );
                }
                None => {}
            }
            if !here.insert(folded) {
                let message = format!("`{brand}` is said already");
                sink.error("repeated-name", &file, path, message, "keep one");
            }
        }
    }
}

fn classes(file: &str, drug: &Drug, vocabulary: &ClassVocabulary, sink: &mut Sink) {
    let known: Vec<&str> = vocabulary.class.iter().map(|c| c.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    for (index, row) in drug.class.iter().enumerate() {
        let path = path!["class", index, "id"];
        match vocabulary.get(row.id.as_str()) {
            None => {
                let near = nearest(row.id.as_str(), known.iter().copied());
                let hint = near.map_or_else(
                    || "the ids stand in data/classes.toml".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("there is no class `{}`", row.id);
                sink.error("unknown-class", file, path.clone(), message, &hint);
            }
            Some(class) if class.kind == ClassKind::Computed => {
                let hint = "write the [[enzyme]] row instead";
                let message = format!("`{}` follows from the enzymes", row.id);
                sink.error("computed-class", file, path.clone(), message, hint);
            }
            Some(_) => {}
        }
        if !seen.insert(&row.id) {
            let message = format!("`{}` stands twice", row.id);
            sink.error(
                "duplicate-class",
                file,
                path,
                message,
                "put the sources together",
            );
        }
    }
    let none = drug
        .class
        .iter()
        .enumerate()
        .find(|(_, row)| row.id.as_str() == "none_of_ours");
    if let Some((index, row)) = none {
        let path = path!["class", index, "id"];
        if drug.class.len() > 1 {
            let hint = "a drug with a class has one of ours";
            let message = "`none_of_ours` beside another class";
            sink.error("none-with-others", file, path.clone(), message, hint);
        }
        if !row.verification().is_shippable() {
            let hint = "name what was read, or leave the row out";
            let message = "`none_of_ours` without a source that was read";
            sink.error("none-without-source", file, path, message, hint);
        }
    }
    if drug.class.is_empty() && drug.enzyme.is_empty() {
        let hint = "at least one [[class]], or `none_of_ours` with its source";
        sink.error(
            "no-class",
            file,
            path!["id"],
            "nothing is known of this drug",
            hint,
        );
    }
}

fn enzymes(file: &str, drug: &Drug, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for (index, row) in drug.enzyme.iter().enumerate() {
        let at = |key: &str| path!["enzyme", index, key];
        if !seen.insert((row.enzyme, row.role)) {
            let hint = "one row for each enzyme and role";
            sink.error("duplicate-enzyme", file, at("enzyme"), "said already", hint);
        }
        if !strength_fits(row) {
            let hint = "victims: sensitive, moderate, main, minor, unstated; \
                        perpetrators: strong, moderate, weak, unstated";
            let message = "this strength does not go with this role";
            sink.error("strength-role", file, at("strength"), message, hint);
        }
    }
}

fn strength_fits(row: &EnzymeRow) -> bool {
    match row.role {
        EnzymeRole::Victim => !matches!(row.strength, Strength::Strong | Strength::Weak),
        EnzymeRole::Inhibitor | EnzymeRole::Inducer => matches!(
            row.strength,
            Strength::Strong | Strength::Moderate | Strength::Weak | Strength::Unstated
        ),
    }
}

fn numbers(file: &str, drug: &Drug, facts: &Facts, sink: &mut Sink) {
    for (index, row) in drug.number.iter().enumerate() {
        let at = |key: &str| path!["number", index, key];
        if row
            .sources
            .iter()
            .all(|c| c.verification == Verification::Unverified)
        {
            let hint = "an unread number stays out; write no row";
            sink.error(
                "no-source",
                file,
                at("sources"),
                "nobody read this number",
                hint,
            );
        }
        for (key, missing) in needs(row) {
            if missing {
                let hint = "fm and fg name their enzyme, ratios name the other drug";
                let message = format!("this kind of number needs `{key}`");
                sink.error("number-needs", file, at("kind"), message, hint);
            }
        }
        if let Some(with) = &row.with
            && !facts.drugs.contains_key(with.as_str())
        {
            let near = nearest(with.as_str(), facts.drugs.keys().map(String::as_str));
            let hint = near.map_or_else(
                || format!("add data/drugs/{with}.toml"),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no drug `{with}`");
            sink.error("unknown-drug", file, at("with"), message, &hint);
        }
        let of_number =
            Unit::parse(&row.amount.unit).is_some_and(|u| u.dimension == Dimension::Number);
        if !of_number {
            let hint = "these numbers are ratios and shares: write \"1\"";
            sink.error(
                "dimension",
                file,
                at("amount").then("unit"),
                "not a pure number",
                hint,
            );
        }
        if !possible(row.kind, &row.amount) {
            let hint = "shares lie between 0 and 1, ratios above 0, low <= value <= high";
            sink.error(
                "range",
                file,
                at("amount"),
                "this number is not possible",
                hint,
            );
        }
    }
    let mut shares: BTreeMap<_, f64> = BTreeMap::new();
    for row in drug.number.iter().filter(|row| row.kind == NumberKind::Fm) {
        if let (Some(enzyme), Some(value)) = (row.enzyme, row.amount.value) {
            // Where sources disagree, the smallest must still leave room for the others.
            let smallest = shares.entry(enzyme).or_insert(value);
            *smallest = smallest.min(value);
        }
    }
    let sum: f64 = shares.values().sum();
    if sum > 1.0 + 1e-9 {
        let message = format!("the shares of all enzymes add to {sum:.2}");
        let hint = "fm is a share of the whole clearance";
        sink.error("fm-sum", file, path!["number"], message, hint);
    }
}

fn needs(row: &NumberRow) -> [(&'static str, bool); 2] {
    let share = matches!(
        row.kind,
        NumberKind::Fm
            | NumberKind::Fg
            | NumberKind::ContributionRatio
            | NumberKind::InhibitionRatio
    );
    [
        ("enzyme", share && row.enzyme.is_none()),
        ("with", !share && row.with.is_none()),
    ]
}

fn possible(kind: NumberKind, amount: &Quantity) -> bool {
    let ends = [amount.low, amount.value, amount.high];
    let ordered = ends.iter().flatten().is_sorted();
    let top = match kind {
        NumberKind::AucRatio | NumberKind::AucRatioOnOther => f64::INFINITY,
        _ => 1.0,
    };
    ordered
        && amount.value.is_some()
        && ends
            .iter()
            .flatten()
            .all(|end| end.is_finite() && *end >= 0.0 && *end <= top)
}

/// How far each field of the drugs is known, for `ketum lint --stats`.
pub(super) fn stats(facts: &Facts) -> Vec<(String, usize)> {
    let count =
        |test: &dyn Fn(&Drug) -> bool| facts.drugs.values().filter(|drug| test(drug)).count();
    let none = |drug: &Drug| {
        drug.sourced_classes()
            .any(|row| row.id.as_str() == "none_of_ours")
    };
    let read = |row: &EnzymeRow| row.verification().is_shippable();
    let is = |role| move |row: &EnzymeRow| row.role == role;
    let rows: Vec<_> = facts.drugs.values().flat_map(|drug| &drug.class).collect();
    let best = |word| rows.iter().filter(|row| row.verification() == word).count();
    vec![
        ("drugs".into(), facts.drugs.len()),
        (
            "  counted: a sourced class".into(),
            count(&Drug::is_sourced),
        ),
        (
            "  of these, a sourced \"none of ours\"".into(),
            count(&none),
        ),
        (
            "  not counted: no class has a source".into(),
            count(&|drug| !drug.is_sourced()),
        ),
        (
            "  class rows, best source primary".into(),
            best(Verification::Primary),
        ),
        (
            "  class rows, best source abstract".into(),
            best(Verification::Abstract),
        ),
        (
            "  class rows, best source secondary".into(),
            best(Verification::Secondary),
        ),
        (
            "  class rows, unverified (warn, \"needs checking\")".into(),
            best(Verification::Unverified),
        ),
        (
            "  clearance: a sourced enzyme or transporter".into(),
            count(&|drug| {
                drug.enzyme
                    .iter()
                    .any(|r| is(EnzymeRole::Victim)(r) && read(r))
            }),
        ),
        (
            "  clearance: absent or unverified".into(),
            count(&|drug| {
                !drug
                    .enzyme
                    .iter()
                    .any(|r| is(EnzymeRole::Victim)(r) && read(r))
            }),
        ),
        (
            "  inhibitors, sourced".into(),
            count(&|drug| {
                drug.enzyme
                    .iter()
                    .any(|r| is(EnzymeRole::Inhibitor)(r) && read(r))
            }),
        ),
        (
            "  inducers, sourced".into(),
            count(&|drug| {
                drug.enzyme
                    .iter()
                    .any(|r| is(EnzymeRole::Inducer)(r) && read(r))
            }),
        ),
        (
            "  fm known".into(),
            count(&|drug| drug.number.iter().any(|n| n.kind == NumberKind::Fm)),
        ),
        (
            "  Fg known".into(),
            count(&|drug| drug.number.iter().any(|n| n.kind == NumberKind::Fg)),
        ),
        (
            "  narrow index, sourced".into(),
            count(&|drug| {
                let narrow = drug.narrow_index.as_ref();
                narrow.is_some_and(|n| !n.sources.is_empty())
            }),
        ),
        (
            "  a code in a register".into(),
            count(&|drug| !drug.code.is_empty()),
        ),
        ("mechanism classes".into(), facts.classes.class.len()),
    ]
}
