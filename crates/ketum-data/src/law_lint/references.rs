//! Names inside a file lead somewhere, and every name is used once.

use std::collections::BTreeMap;

use ketum_core::law::{Compound, Ruleset};

use super::Under;
use crate::document::{Path, nearest};
use crate::lint::Sink;
use crate::path;

/// Elements and germs a limit may be on, beside compounds and sets.
pub(super) const CONTAMINANTS: &[&str] = &[
    "arsenic",
    "cadmium",
    "lead",
    "mercury",
    "nickel",
    "total_aerobic_count",
    "yeast_and_mould",
    "bile_tolerant_gram_negative",
    "enterobacteriaceae",
    "salmonella",
    "e_coli",
];

pub(super) fn lint(under: &Under<'_>, sink: &mut Sink) {
    unique(under, sink);
    let file = under.file;
    for (index, row) in file.status.iter().enumerate() {
        substance(
            under,
            &row.substance,
            path!["status", index, "substance"],
            sink,
        );
        rulesets(
            under,
            &row.unless_ruleset,
            &file.ruleset,
            &path!["status", index, "unless_ruleset"],
            sink,
        );
    }
    for (index, row) in file.requirement.iter().enumerate() {
        substance(
            under,
            &row.substance,
            path!["requirement", index, "substance"],
            sink,
        );
    }
    for (index, row) in file.local.iter().enumerate() {
        substance(
            under,
            &row.substance,
            path!["local", index, "substance"],
            sink,
        );
        rulesets(
            under,
            &row.unless_ruleset,
            &row.ruleset,
            &path!["local", index, "unless_ruleset"],
            sink,
        );
        if let Some(county) = &row.within
            && !file.local.iter().any(|other| other.id == *county)
        {
            let message = format!("there is no local row `{county}`");
            under.error(
                sink,
                "law-dangling",
                path!["local", index, "within"],
                message,
                "name a local row of this file",
            );
        }
    }
    for (index, pending) in file.pending.iter().enumerate() {
        for (inner, row) in pending.status.iter().enumerate() {
            let at = path!["pending", index, "status", inner, "substance"];
            substance(under, &row.substance, at, sink);
            let at = path!["pending", index, "status", inner, "unless_ruleset"];
            rulesets(under, &row.unless_ruleset, &pending.ruleset, &at, sink);
        }
        if let Some(other) = &pending.supersedes
            && !file.pending.iter().any(|row| row.id == *other)
        {
            let message = format!("there is no proposal `{other}`");
            under.error(
                sink,
                "law-dangling",
                path!["pending", index, "supersedes"],
                message,
                "name a proposal of this file",
            );
        }
    }
    for (path, set) in every_ruleset(under) {
        substance(under, &set.substance, path.then("substance"), sink);
        for (inner, rule) in set.rule.iter().enumerate() {
            let at = path.then("rule").then(inner);
            if let Some(analyte) = &rule.analyte
                && !CONTAMINANTS.contains(&analyte.as_str())
            {
                substance(under, analyte, at.then("analyte"), sink);
            }
            if let Some(open) = &rule.interpretation
                && !file.interpretation.iter().any(|row| row.id == *open)
            {
                let message = format!("there is no interpretation `{open}`");
                under.error(
                    sink,
                    "law-dangling",
                    at.then("interpretation"),
                    message,
                    "add it as [[interpretation]]",
                );
            }
        }
    }
    for (index, conflict) in file.conflict.iter().enumerate() {
        for (inner, row) in conflict.rows.iter().enumerate() {
            let known = file.status.iter().any(|other| other.id == *row)
                || file.local.iter().any(|other| other.id == *row)
                || every_ruleset(under)
                    .iter()
                    .any(|(_, set)| set.id == *row || set.rule.iter().any(|rule| rule.id == *row));
            if !known {
                let message = format!("there is no row `{row}`");
                under.error(
                    sink,
                    "law-dangling",
                    path!["conflict", index, "rows", inner],
                    message,
                    "name a row of this file",
                );
            }
        }
        if conflict.claims.len() < 2
            && conflict.resolution.is_none()
            && !conflict.effect.contains("not read")
        {
            under.error(
                sink,
                "law-conflict",
                path!["conflict", index, "claims"],
                "a conflict has two sides",
                "give both sides, or say in `effect` which one was not read",
            );
        }
    }
    for (index, open) in file.interpretation.iter().enumerate() {
        let chosen = open
            .chosen
            .is_none_or(|chosen| open.readings.contains(&chosen));
        if open.readings.len() < 2 || !chosen {
            under.error(
                sink,
                "law-readings",
                path!["interpretation", index, "readings"],
                "an open term has two readings or more, and the chosen one is among them",
                "list the readings",
            );
        }
    }
}

/// Every ruleset of a file with its path: in force, local and proposed.
pub(super) fn every_ruleset<'a>(under: &Under<'a>) -> Vec<(Path, &'a Ruleset)> {
    let file = under.file;
    let mut all: Vec<(Path, &Ruleset)> = file
        .ruleset
        .iter()
        .enumerate()
        .map(|(index, set)| (path!["ruleset", index], set))
        .collect();
    for (index, local) in file.local.iter().enumerate() {
        for (inner, set) in local.ruleset.iter().enumerate() {
            all.push((path!["local", index, "ruleset", inner], set));
        }
    }
    for (index, pending) in file.pending.iter().enumerate() {
        for (inner, set) in pending.ruleset.iter().enumerate() {
            all.push((path!["pending", index, "ruleset", inner], set));
        }
    }
    all
}

fn unique(under: &Under<'_>, sink: &mut Sink) {
    let file = under.file;
    let mut all: Vec<(&str, Path)> = Vec::new();
    for (index, row) in file.source.iter().enumerate() {
        all.push((&row.id, path!["source", index, "id"]));
    }
    duplicates(under, &all, "law-duplicate-id", sink);
    all.clear();
    for (index, row) in file.status.iter().enumerate() {
        all.push((&row.id, path!["status", index, "id"]));
    }
    for (index, row) in file.requirement.iter().enumerate() {
        all.push((&row.id, path!["requirement", index, "id"]));
    }
    for (index, row) in file.local.iter().enumerate() {
        all.push((&row.id, path!["local", index, "id"]));
        for (inner, row) in row.requirement.iter().enumerate() {
            all.push((&row.id, path!["local", index, "requirement", inner, "id"]));
        }
    }
    for (index, pending) in file.pending.iter().enumerate() {
        all.push((&pending.id, path!["pending", index, "id"]));
        for (inner, row) in pending.status.iter().enumerate() {
            all.push((&row.id, path!["pending", index, "status", inner, "id"]));
        }
        for (inner, row) in pending.requirement.iter().enumerate() {
            all.push((&row.id, path!["pending", index, "requirement", inner, "id"]));
        }
    }
    let sets = every_ruleset(under);
    for (path, set) in &sets {
        all.push((&set.id, path.then("id")));
        for (inner, rule) in set.rule.iter().enumerate() {
            // A ruleset of one rule may carry its rule's id.
            if rule.id != set.id {
                all.push((&rule.id, path.then("rule").then(inner).then("id")));
            }
        }
    }
    duplicates(under, &all, "law-duplicate-id", sink);
}

fn duplicates(under: &Under<'_>, ids: &[(&str, Path)], code: &'static str, sink: &mut Sink) {
    let mut seen: BTreeMap<&str, &Path> = BTreeMap::new();
    for (id, path) in ids {
        if seen.insert(id, path).is_some() {
            let message = format!("`{id}` stands twice in this file");
            let hint = "every row has its own id; a proposal never shares one with a row in force";
            under.error(sink, code, path.clone(), message, hint);
        }
    }
}

fn substance(under: &Under<'_>, word: &str, path: Path, sink: &mut Sink) {
    let sets = || under.file.substance_set.iter().map(|set| set.id.as_str());
    if Compound::from_word(word).is_some() || sets().any(|set| set == word) {
        return;
    }
    let words = Compound::ALL
        .iter()
        .map(|compound| compound.as_str())
        .chain(sets());
    let hint = nearest(word, words).map_or_else(
        || "use a word of the vocabulary or add a [[substance_set]]".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    under.error(
        sink,
        "law-substance",
        path,
        format!("no compound or set is called `{word}`"),
        &hint,
    );
}

fn rulesets(under: &Under<'_>, ids: &[String], sets: &[Ruleset], path: &Path, sink: &mut Sink) {
    for (index, id) in ids.iter().enumerate() {
        if !sets.iter().any(|set| set.id == *id) {
            let message = format!("there is no ruleset `{id}` beside this row");
            let hint = nearest(id, sets.iter().map(|set| set.id.as_str())).map_or_else(
                || "add it as [[ruleset]]".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            under.error(sink, "law-dangling", path.then(index), message, &hint);
        }
    }
}
