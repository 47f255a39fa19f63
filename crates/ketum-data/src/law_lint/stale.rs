//! What is due for review, row by row: which row, since when, and what to look up.
//!
//! A row is due when its newest source is older than the interval of its place. Rows that ended, were
//! withdrawn or are not law ask for nothing.

use ketum_core::date::Date;
use ketum_core::law::{LawWatch, LocalStage, Row};

use super::Under;
use crate::document::Path;
use crate::lint::Sink;
use crate::path;

/// Days after the review date from which a release no longer calls a row current.
const GRACE_DAYS: i32 = 30;

pub(super) fn lint(under: &Under<'_>, watch: Option<&LawWatch>, today: Date, sink: &mut Sink) {
    let watched = watched(under, watch, today);
    let file = under.file;
    for (index, row) in file.status.iter().enumerate() {
        let what = row.instrument.clone().unwrap_or_else(|| {
            format!("a rule of {} on {}", file.jurisdiction.name, row.substance)
        });
        let what = format!("{what} (recorded: {} for {})", row.status, row.substance);
        one(
            under,
            row,
            &path!["status", index],
            &what,
            &watched,
            today,
            sink,
        );
    }
    for (index, row) in file.ruleset.iter().enumerate() {
        let limits: Vec<&str> = row.rule.iter().map(|rule| rule.limit.as_str()).collect();
        let what = format!("{}, limits {}", row.title, limits.join(", "));
        one(
            under,
            row,
            &path!["ruleset", index],
            &what,
            &watched,
            today,
            sink,
        );
    }
    for (index, row) in file.requirement.iter().enumerate() {
        let what = format!(
            "whether {} {} still stands",
            row.key.replace('_', " "),
            row.op
        );
        one(
            under,
            row,
            &path!["requirement", index],
            &what,
            &watched,
            today,
            sink,
        );
    }
    for (index, row) in file.local.iter().enumerate() {
        if row.stage != LocalStage::Active {
            continue;
        }
        let what = match &row.instrument {
            Some(instrument) => format!("{}: {instrument}", row.name),
            None => format!("{}: {}", row.name, row.measure),
        };
        one(under, row, &path!["local", index], &what, "", today, sink);
    }
}

/// Documents of the watch list that are due and not read.
fn watched(under: &Under<'_>, watch: Option<&LawWatch>, today: Date) -> String {
    let items: Vec<&str> = watch
        .iter()
        .flat_map(|watch| &watch.item)
        .filter(|item| {
            item.place == under.file.jurisdiction.id
                && item.reviewed.is_none()
                && item.due.earliest() <= today
        })
        .map(|item| item.what.as_str())
        .collect();
    items.join(" ")
}

/// Days between reviews: what the place's own dates say.
fn interval(under: &Under<'_>) -> i32 {
    let here = &under.file.jurisdiction;
    here.last_reviewed
        .earliest()
        .days_until(here.review_due)
        .max(1)
}

fn one(
    under: &Under<'_>,
    row: &dyn Row,
    path: &Path,
    what: &str,
    watched: &str,
    today: Date,
    sink: &mut Sink,
) {
    let over = row.to().is_some_and(|to| to.latest() <= today)
        || row.withdrawn().is_some_and(|day| day <= today);
    let Some(due) = row.as_of().earliest().plus_days(interval(under)) else {
        return;
    };
    let late = due.days_until(today);
    if over || late < 0 {
        return;
    }
    let message = format!(
        "`{}`: newest source of {}, due {due}, {late} days past review",
        row.id(),
        row.as_of()
    );
    let mut hint = format!("look up: {what}; read so far: {}", row.sources().join(", "));
    if row.sources().is_empty() {
        hint = format!("look up: {what}; nothing was read so far");
    }
    if !watched.is_empty() {
        hint = format!("{hint}; expected: {watched}");
    }
    let at = path.then("as_of");
    if late > GRACE_DAYS {
        under.error(sink, "law-stale", at, message, &hint);
    } else {
        sink.warning("law-stale", &under.name, at, message, &hint);
    }
}
