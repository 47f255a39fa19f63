//! When a row holds, and how old it is. Days and months as their sources give them; no clock.

use ketum_core::date::Date;
use ketum_core::evidence::Verification;
use ketum_core::law::{Jurisdiction, Row, ToKind};

/// Whether a row holds on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InForce {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// The sources do not settle it; why.
    Unknown(String),
}

/// Whether `row` holds on `day`.
///
/// A first day that is not known, or not checked, is replaced by the date of the row's newest source:
/// from then on the row holds, before it nobody can say. The end is the first day on which it no longer
/// holds.
#[must_use]
pub fn in_force(row: &dyn Row, day: Date) -> InForce {
    let seen = row.as_of();
    let checked = row
        .from()
        .filter(|_| row.from_verification() != Some(Verification::Unverified));
    let started = match checked {
        Some(from) if day < from.earliest() => return InForce::No,
        Some(from) if day >= from.latest() => None,
        Some(from) if seen.latest() >= from.earliest() && day >= seen.latest() => None,
        Some(from) => Some(format!("it starts in {from}; the day is not known")),
        None if day >= seen.latest() => None,
        None => Some(match row.from() {
            Some(from) => format!(
                "its first day, given as {from}, was not checked; the source that reports it is of {seen}"
            ),
            None => {
                format!("its first day is not known; the source that reports it is of {seen}")
            }
        }),
    };
    if let Some(to) = row.to() {
        if day >= to.latest() && (to.is_day() || day > to.latest()) {
            return InForce::No;
        }
        if day >= to.earliest() {
            return InForce::Unknown(format!("it ends in {to}; the day is not known"));
        }
    }
    started.map_or(InForce::Yes, InForce::Unknown)
}

/// What a reader should know of the end of a row that holds.
#[must_use]
pub fn end_note(row: &dyn Row) -> Option<String> {
    match (row.to_kind(), row.to()) {
        (ToKind::Unknown, _) => Some(format!("when `{}` ends was not found", row.id())),
        (ToKind::Conditional, Some(to)) => {
            Some(format!("`{}` ends on {to} at the latest", row.id()))
        }
        (ToKind::Conditional, None) => Some(format!("`{}` may end on an event", row.id())),
        _ => None,
    }
}

/// Whether the data knew the row on a day: recorded by then, not withdrawn by then, and at least one
/// source published by then.
#[must_use]
pub fn known(
    row: &dyn Row,
    known_as_of: Date,
    source_published: &dyn Fn(&str) -> Option<Date>,
) -> bool {
    row.recorded().is_none_or(|day| day <= known_as_of)
        && row.withdrawn().is_none_or(|day| day > known_as_of)
        && (row.sources().is_empty()
            || row
                .sources()
                .iter()
                .any(|id| source_published(id).is_none_or(|day| day <= known_as_of)))
}

/// How old a row is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Within its review interval.
    Current,
    /// Past it.
    Stale,
    /// Past twice the interval: what it permits can no longer be relied on.
    Old,
}

/// How many days a row of this place stays current.
#[must_use]
pub fn review_days(place: &Jurisdiction) -> i32 {
    place
        .last_reviewed
        .earliest()
        .days_until(place.review_due)
        .max(1)
}

/// The day from which a row is stale: the date of its newest source plus the interval of its place.
#[must_use]
pub fn review_due(row: &dyn Row, place: &Jurisdiction) -> Option<Date> {
    row.as_of().earliest().plus_days(review_days(place))
}

/// The age of a row on a day. The day is the day asked about: a row is never too old for the past.
#[must_use]
pub fn age(row: &dyn Row, place: &Jurisdiction, day: Date) -> Age {
    let days = row.as_of().earliest().days_until(day);
    let interval = review_days(place);
    if days >= interval.saturating_mul(2) {
        Age::Old
    } else if days >= interval {
        Age::Stale
    } else {
        Age::Current
    }
}
