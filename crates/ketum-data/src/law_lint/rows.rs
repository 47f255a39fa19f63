//! Every dated row: its period hangs together, it names its acts, nothing unread stands in it.

use ketum_core::evidence::Verification;
use ketum_core::law::{LawSourceKind, Row, Status, ToKind};

use super::Under;
use crate::document::Path;
use crate::lint::NEVER;
use crate::lint::Sink;
use crate::path;

/// Every dated row of a file with its path and how far it was read.
pub(super) fn every_row<'a>(under: &Under<'a>) -> Vec<(Path, &'a dyn Row, Verification)> {
    let file = under.file;
    let mut all: Vec<(Path, &dyn Row, Verification)> = Vec::new();
    for (index, row) in file.status.iter().enumerate() {
        all.push((path!["status", index], row, row.verification));
    }
    for (index, row) in file.requirement.iter().enumerate() {
        all.push((path!["requirement", index], row, row.verification));
    }
    for (index, row) in file.local.iter().enumerate() {
        all.push((path!["local", index], row, row.verification));
        for (inner, row) in row.requirement.iter().enumerate() {
            all.push((
                path!["local", index, "requirement", inner],
                row,
                row.verification,
            ));
        }
    }
    for (path, set) in super::references::every_ruleset(under) {
        all.push((path, set, set.verification));
    }
    all
}

pub(super) fn lint(under: &Under<'_>, sink: &mut Sink) {
    for (path, row, verification) in every_row(under) {
        if verification == Verification::Unverified {
            let hint = "leave it out, or read a source and change the word";
            under.error(
                sink,
                "law-unverified",
                path.then("verification"),
                "a row that nobody has checked",
                hint,
            );
        }
        period(under, row, &path, sink);
    }
    for (index, row) in under.file.status.iter().enumerate() {
        if row.activity.is_empty() {
            under.error(
                sink,
                "law-activity",
                path!["status", index, "activity"],
                "a status that names no act",
                "list the acts",
            );
        }
        if row.sources.is_empty() && row.status != Status::Unknown {
            let hint = "without a source the status is `unknown`";
            under.error(
                sink,
                "law-no-source",
                path!["status", index, "sources"],
                "a status without a source",
                hint,
            );
        }
        guard(under, index, sink);
        for word in NEVER.iter().map(|(phrase, _)| *phrase) {
            if row.summary.to_lowercase().contains(word) {
                let message = format!("ketum never says \"{}\"", word.trim());
                under.error(
                    sink,
                    "forbidden-word",
                    path!["status", index, "summary"],
                    message,
                    "use other words",
                );
            }
        }
    }
    for (index, row) in under.file.ruleset.iter().enumerate() {
        if row.sources.is_empty() {
            under.error(
                sink,
                "law-no-source",
                path!["ruleset", index, "sources"],
                "limits without a source",
                "cite one",
            );
        }
    }
    for (index, row) in under.file.requirement.iter().enumerate() {
        if row.sources.is_empty() {
            under.error(
                sink,
                "law-no-source",
                path!["requirement", index, "sources"],
                "a requirement without a source",
                "cite one",
            );
        }
    }
    for (index, row) in under.file.local.iter().enumerate() {
        if row.sources.is_empty() {
            under.error(
                sink,
                "law-no-source",
                path!["local", index, "sources"],
                "a local rule without a source",
                "cite one",
            );
        }
    }
}

/// The claim guard: a federal schedule rests on an order in the Federal Register.
fn guard(under: &Under<'_>, index: usize, sink: &mut Sink) {
    let Some(row) = under.file.status.get(index) else {
        return;
    };
    if under.file.jurisdiction.id != "US" || row.status != Status::ScheduledI {
        return;
    }
    let order = row.sources.iter().any(|id| {
        under.file.source.iter().any(|source| {
            source.id == *id
                && source.kind == LawSourceKind::RegisterRule
                && source.published.is_some()
        })
    });
    if !order || row.from.is_none() {
        let hint = "cite a source of kind `register_rule` with its date; notices, press and news do not schedule";
        under.error(
            sink,
            "law-claim-guard",
            path!["status", index, "status"],
            "a federal schedule without an order in the Federal Register",
            hint,
        );
    }
}

fn period(under: &Under<'_>, row: &dyn Row, path: &Path, sink: &mut Sink) {
    if let (Some(from), Some(to)) = (row.from(), row.to())
        && from.earliest() >= to.latest()
    {
        let message = format!("`{}` ends before it starts", row.id());
        under.error(
            sink,
            "law-period",
            path.then("to"),
            message,
            "`to` is the first day on which it no longer holds",
        );
    }
    let fits = match row.to_kind() {
        ToKind::Open => row.to().is_none(),
        ToKind::Known => row.to().is_some(),
        ToKind::Conditional | ToKind::Unknown => true,
    };
    if !fits {
        let hint = "`known` has a `to`, `open` has none";
        under.error(
            sink,
            "law-to-kind",
            path.then("to_kind"),
            "the kind of end does not fit the end",
            hint,
        );
    }
    if row.from_verification().is_some() && row.from().is_none() {
        under.error(
            sink,
            "law-from",
            path.then("from_verification"),
            "a first day that is not there was not checked",
            "give `from` or leave this out",
        );
    }
    if let (Some(recorded), Some(withdrawn)) = (row.recorded(), row.withdrawn())
        && withdrawn <= recorded
    {
        under.error(
            sink,
            "law-period",
            path.then("withdrawn"),
            "withdrawn before it was recorded",
            "check the dates",
        );
    }
}
