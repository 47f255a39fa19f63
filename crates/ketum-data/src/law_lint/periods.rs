//! Periods of one substance and act: they do not overlap, leave no silent gap, end with a reason, and a
//! more lenient row needs two sources.

use ketum_core::date::Date;
use ketum_core::law::{Activity, StatusRow, ToKind};

use super::Under;
use crate::lint::Sink;
use crate::path;

pub(super) fn lint(under: &Under<'_>, sink: &mut Sink) {
    let rows = &under.file.status;
    for (index, row) in rows.iter().enumerate() {
        let closed = row.to_kind == ToKind::Known && row.to.is_some();
        if closed && row.to_reason.is_none() {
            let hint = "say in to_reason what ended it";
            under.error(
                sink,
                "law-closed",
                path!["status", index, "to"],
                "closed without a reason",
                hint,
            );
        }
        for (earlier, other) in rows[..index].iter().enumerate() {
            let shared: Vec<Activity> = row
                .activity
                .iter()
                .copied()
                .filter(|activity| other.activity.contains(activity))
                .collect();
            if row.substance != other.substance || shared.is_empty() {
                continue;
            }
            if overlap(row, other) {
                let message = format!(
                    "`{}` and `{}` hold at the same time for {} ({})",
                    other.id, row.id, row.substance, shared[0]
                );
                under.error(
                    sink,
                    "law-overlap",
                    path!["status", index, "from"],
                    message,
                    "close the older row with `to` and `to_reason`",
                );
                continue;
            }
            let (older, newer, newer_index) = if start(row) >= start(other) {
                (other, row, index)
            } else {
                (row, other, earlier)
            };
            follows(under, older, newer, newer_index, rows, sink);
        }
    }
    for (index, row) in under.file.ruleset.iter().enumerate() {
        if row.to_kind == ToKind::Known && row.to_reason.is_none() {
            under.error(
                sink,
                "law-closed",
                path!["ruleset", index, "to"],
                "closed without a reason",
                "say in to_reason what ended it",
            );
        }
    }
}

fn start(row: &StatusRow) -> Option<Date> {
    row.from.map(|from| from.earliest())
}

fn overlap(a: &StatusRow, b: &StatusRow) -> bool {
    let begins_before_end = |x: &StatusRow, y: &StatusRow| match (x.from, y.to) {
        (Some(from), Some(to)) => from.latest() < to.earliest(),
        _ => true,
    };
    begins_before_end(a, b) && begins_before_end(b, a)
}

/// A row that follows another of the same substance and act.
fn follows(
    under: &Under<'_>,
    older: &StatusRow,
    newer: &StatusRow,
    index: usize,
    rows: &[StatusRow],
    sink: &mut Sink,
) {
    if let (Some(before), Some(after)) = (older.status.leniency(), newer.status.leniency())
        && after > before
        && newer.sources.len() < 2
    {
        let message = format!(
            "`{}` is more lenient than `{}`, which it replaces, and has one source",
            newer.id, older.id
        );
        let hint = "a repeal needs two sources";
        under.error(
            sink,
            "law-repeal",
            path!["status", index, "sources"],
            message,
            hint,
        );
    }
    let (Some(end), Some(begin)) = (older.to, newer.from) else {
        return;
    };
    let bridged = rows.iter().any(|row| {
        row.id != older.id
            && row.id != newer.id
            && row.substance == older.substance
            && row.from.is_some_and(|from| from.earliest() <= end.latest())
            && row.to.is_none_or(|to| to.latest() >= begin.earliest())
    });
    if begin.earliest() > end.latest() && !bridged {
        let message = format!("nothing is said between {end} and {begin}");
        under.note(
            sink,
            "law-gap",
            path!["status", index, "from"],
            message,
            "add a row with status `unknown`, or the rule that held",
        );
    }
}
