//! How well rows are supported: sources exist and are used, tiers cap confidence, one document is one.

use std::collections::{BTreeMap, BTreeSet};

use ketum_core::evidence::Verification;
use ketum_core::law::{Confidence, LawFile, LawSource, LookUp, LookUpOutcome, Tier};

use super::Under;
use super::references::every_ruleset;
use super::rows::every_row;
use crate::document::{Path, nearest};
use crate::lint::Sink;
use crate::path;

pub(super) fn lint(under: &Under<'_>, sink: &mut Sink) {
    let file = under.file;
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for (path, row, _) in every_row(under) {
        cite(under, row.sources(), &path.then("sources"), sink);
        cap(
            under,
            row.sources(),
            row.confidence(),
            &path.then("confidence"),
            sink,
        );
        used.extend(row.sources().iter().map(String::as_str));
    }
    for (index, row) in file.status.iter().enumerate() {
        let at = path!["status", index, "activities_sources"];
        cite(under, &row.activities_sources, &at, sink);
        used.extend(row.activities_sources.iter().map(String::as_str));
    }
    for (index, row) in file.local.iter().enumerate() {
        let at = path!["local", index, "activities_sources"];
        cite(under, &row.activities_sources, &at, sink);
        used.extend(row.activities_sources.iter().map(String::as_str));
    }
    for (path, set) in every_ruleset(under) {
        let at = path.then("activities_sources");
        cite(under, &set.activities_sources, &at, sink);
        used.extend(set.activities_sources.iter().map(String::as_str));
    }
    for (index, row) in file.look_up.iter().enumerate() {
        cite(
            under,
            &row.sources,
            &path!["look_up", index, "sources"],
            sink,
        );
        used.extend(row.sources.iter().map(String::as_str));
        look_up(under, row, index, sink);
    }
    for (index, row) in file.penalty.iter().enumerate() {
        cite(
            under,
            &row.sources,
            &path!["penalty", index, "sources"],
            sink,
        );
        cap(
            under,
            &row.sources,
            row.confidence,
            &path!["penalty", index, "confidence"],
            sink,
        );
        used.extend(row.sources.iter().map(String::as_str));
    }
    for (index, row) in file.pending.iter().enumerate() {
        cite(
            under,
            &row.sources,
            &path!["pending", index, "sources"],
            sink,
        );
        cap(
            under,
            &row.sources,
            row.confidence,
            &path!["pending", index, "confidence"],
            sink,
        );
        used.extend(row.sources.iter().map(String::as_str));
        for (inner, row) in row.status.iter().enumerate() {
            cite(
                under,
                &row.sources,
                &path!["pending", index, "status", inner, "sources"],
                sink,
            );
            used.extend(row.sources.iter().map(String::as_str));
        }
    }
    for (index, row) in file.event.iter().enumerate() {
        cite(under, &row.sources, &path!["event", index, "sources"], sink);
        used.extend(row.sources.iter().map(String::as_str));
    }
    for (index, row) in file.conflict.iter().enumerate() {
        for (inner, claim) in row.claims.iter().enumerate() {
            cite(
                under,
                &claim.sources,
                &path!["conflict", index, "claims", inner, "sources"],
                sink,
            );
            used.extend(claim.sources.iter().map(String::as_str));
        }
    }
    for (index, source) in file.source.iter().enumerate() {
        if !used.contains(source.id.as_str()) {
            let message = format!("no row cites `{}`", source.id);
            under.note(
                sink,
                "law-unused-source",
                path!["source", index, "id"],
                message,
                "cite it or remove it",
            );
        }
        one_source(under, source, index, sink);
    }
}

/// A look-up that found something cites it; one that found nothing raises nothing.
fn look_up(under: &Under<'_>, row: &LookUp, index: usize, sink: &mut Sink) {
    if row.outcome != LookUpOutcome::Nothing && row.sources.is_empty() {
        let hint = "cite what was found, or write outcome = \"nothing\"";
        under.error(
            sink,
            "law-look-up",
            path!["look_up", index, "outcome"],
            "a look-up that found something and cites nothing",
            hint,
        );
    }
    if row.searched.trim().is_empty() || row.looked_for.trim().is_empty() {
        let hint = "say what was looked for, where, and how new it can be";
        under.error(
            sink,
            "law-look-up",
            path!["look_up", index, "searched"],
            "a look-up that nobody could repeat",
            hint,
        );
    }
}

fn one_source(under: &Under<'_>, source: &LawSource, index: usize, sink: &mut Sink) {
    if source.tier == Tier::D || source.verification == Verification::Unverified {
        let hint = "tier D is nothing read: keep the row out, or read a document";
        under.error(
            sink,
            "law-unverified",
            path!["source", index, "tier"],
            "a source that nobody has read",
            hint,
        );
    }
    if source.url.is_none() && source.locator.is_none() {
        let hint = "give url or locator: statute, register number, page";
        under.error(
            sink,
            "law-no-locator",
            path!["source", index, "id"],
            "nobody could find this source",
            hint,
        );
    }
    let published_later = source
        .published
        .is_some_and(|date| date.earliest() > source.accessed);
    if published_later {
        under.error(
            sink,
            "law-source-date",
            path!["source", index, "published"],
            "published after it was read",
            "check the dates",
        );
    }
}

fn cite(under: &Under<'_>, ids: &[String], path: &Path, sink: &mut Sink) {
    for (index, id) in ids.iter().enumerate() {
        let known = || under.file.source.iter().map(|source| source.id.as_str());
        if !known().any(|source| source == id) {
            let hint = nearest(id, known()).map_or_else(
                || "add it as [[source]] of this file".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no source `{id}` in this file");
            under.error(
                sink,
                "law-dangling-source",
                path.then(index),
                message,
                &hint,
            );
        }
    }
}

/// High needs one source of tier A or two of tier B; tier C alone gives at most medium.
fn cap(under: &Under<'_>, ids: &[String], confidence: Confidence, path: &Path, sink: &mut Sink) {
    let tiers: Vec<Tier> = under
        .file
        .source
        .iter()
        .filter(|source| ids.contains(&source.id))
        .map(|source| source.tier)
        .collect();
    let count = |tier| tiers.iter().filter(|other| **other == tier).count();
    let most = if count(Tier::A) >= 1 || count(Tier::B) >= 2 {
        Confidence::High
    } else if count(Tier::B) + count(Tier::C) >= 1 {
        Confidence::Medium
    } else {
        Confidence::Low
    };
    // `Confidence` is ordered from high to low.
    if confidence < most {
        let message = format!("confidence `{confidence}` on sources that give at most `{most}`");
        let hint = "high: one source of tier A or two of tier B; C only: medium; D only: low";
        under.error(sink, "law-confidence", path.clone(), message, hint);
    }
}

/// The same key is the same document in every file.
pub(super) fn same_source_everywhere(files: &BTreeMap<String, LawFile>, sink: &mut Sink) {
    let mut seen: BTreeMap<&str, (&str, &LawSource)> = BTreeMap::new();
    for (stem, file) in files {
        for (index, source) in file.source.iter().enumerate() {
            let (first, other) = *seen.entry(&source.id).or_insert((stem, source));
            let same = other.title == source.title
                && other.url == source.url
                && other.tier == source.tier
                && other.kind == source.kind
                && other.published == source.published;
            if !same {
                let message = format!("`{}` is another document in law/{first}.toml", source.id);
                let hint =
                    "one key, one document: use the same words in both files, or another key";
                sink.error(
                    "law-source-differs",
                    &format!("law/{stem}.toml"),
                    path!["source", index, "id"],
                    message,
                    hint,
                );
            }
        }
    }
}
