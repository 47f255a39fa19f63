//! What changed since a day: starts, ends, local measures, proposals and events, in one list.

use ketum_core::date::{Date, PartialDate};
use ketum_core::law::{LawFile, LocalStage, Row};
use schemars::JsonSchema;
use serde::Serialize;

use super::book::LawBook;

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A row starts to hold.
    Starts,
    /// A row no longer holds.
    Ends,
    /// A local body acted.
    LocalAction,
    /// A proposal reached a stage. Not law.
    Proposal,
    /// Something happened.
    Event,
    /// A row of the data was found to be wrong.
    Correction,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// When, as exactly as known.
    pub date: String,
    /// Place.
    pub place: String,
    /// Name of the place.
    pub name: String,
    /// Kind.
    pub kind: ChangeKind,
    /// Row.
    pub id: String,
    /// What changed.
    pub what: String,
    /// Source keys of the place's file.
    pub sources: Vec<String>,
}

/// Changes from `since` on, and up to `until` where given, the newest first. A date known only to the
/// month or year counts where any of its days does.
#[must_use]
pub fn changes(book: LawBook<'_>, since: Date, until: Option<Date>) -> Vec<Change> {
    let mut list: Vec<(Date, Change)> = Vec::new();
    for file in book.files() {
        of_file(file, &mut |date: PartialDate,
                            place,
                            name,
                            kind,
                            id,
                            what,
                            sources| {
            if date.latest() < since || until.is_some_and(|until| date.earliest() > until) {
                return;
            }
            list.push((
                date.latest(),
                Change {
                    date: date.to_string(),
                    place,
                    name,
                    kind,
                    id,
                    what,
                    sources,
                },
            ));
        });
    }
    list.sort_by(|(a, x), (b, y)| {
        b.cmp(a)
            .then_with(|| (&x.place, &x.id).cmp(&(&y.place, &y.id)))
    });
    list.into_iter().map(|(_, change)| change).collect()
}

type Emit<'a> =
    dyn FnMut(PartialDate, String, String, ChangeKind, String, String, Vec<String>) + 'a;

fn of_file(file: &LawFile, emit: &mut Emit<'_>) {
    let id = &file.jurisdiction.id;
    let name = &file.jurisdiction.name;
    let period = |row: &dyn Row, what: &str, reason: Option<&str>, emit: &mut Emit<'_>| {
        let mut say = |date, kind, what: String| {
            emit(
                date,
                id.clone(),
                name.clone(),
                kind,
                row.id().to_owned(),
                what,
                row.sources().to_vec(),
            );
        };
        if let Some(from) = row.from() {
            say(from, ChangeKind::Starts, what.to_owned());
        }
        if let Some(to) = row.to() {
            let why = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
            say(to, ChangeKind::Ends, format!("{what}{why}"));
        }
        if let Some(day) = row.withdrawn() {
            say(
                PartialDate::Day(day),
                ChangeKind::Correction,
                what.to_owned(),
            );
        }
    };
    for row in &file.status {
        let what = format!("{} {}: {}", row.substance, row.status, row.summary);
        period(row, &what, row.to_reason.as_deref(), emit);
    }
    for row in &file.ruleset {
        period(
            row,
            &format!("limits: {}", row.title),
            row.to_reason.as_deref(),
            emit,
        );
    }
    for row in &file.local {
        if row.from.is_some() && row.stage == LocalStage::Active || row.to.is_some() {
            let what = format!("{}: {}", row.name, row.measure);
            period(row, &what, row.to_reason.as_deref(), emit);
        } else if let Some(day) = row.action_date {
            emit(
                day,
                row.id.clone(),
                row.name.clone(),
                ChangeKind::LocalAction,
                row.id.clone(),
                format!("{} ({})", row.measure, row.stage.as_str().replace('_', " ")),
                row.sources.clone(),
            );
        }
    }
    for row in &file.pending {
        if let Some(day) = row.stage_date {
            emit(
                day,
                id.clone(),
                name.clone(),
                ChangeKind::Proposal,
                row.id.clone(),
                format!(
                    "not law: {} ({}; {})",
                    row.summary, row.reference, row.stage
                ),
                row.sources.clone(),
            );
        }
    }
    for row in &file.event {
        emit(
            row.date,
            id.clone(),
            name.clone(),
            ChangeKind::Event,
            row.id.clone(),
            row.what.clone(),
            row.sources.clone(),
        );
    }
}
