//! The world at a glance: every place on two axes, leaf and 7-OH.

use ketum_core::date::Date;
use ketum_core::law::{ActivitiesFrom, Activity, Compound, Confidence, Level, Status};
use schemars::JsonSchema;
use serde::Serialize;

use super::answer::PlaceVerdict;
use super::book::LawBook;
use super::verdict::{Buyer, Question, verdict};

/// One substance in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cell {
    /// The place's own status.
    pub status: Status,
    /// The verdict of the whole chain.
    pub verdict: PlaceVerdict,
    /// Confidence of the row the place's own status stands in.
    pub confidence: Option<Confidence>,
    /// Past its review date.
    pub stale: bool,
    /// The sources of that row name the act; `null` where there is no row.
    pub act_named: Option<bool>,
    /// Where the acts of that row come from.
    pub activities_from: Option<ActivitiesFrom>,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TableRow {
    /// Id.
    pub place: String,
    /// Name.
    pub name: String,
    /// Level.
    pub level: Level,
    /// Part of the world.
    pub region: String,
    /// Leaf.
    pub leaf: Cell,
    /// Concentrated 7-OH.
    pub seven_oh: Cell,
    /// Active local rules recorded.
    pub local_rules: usize,
    /// Date of the oldest of the newest sources.
    pub last_reviewed: String,
    /// Review was due on this day.
    pub review_due: String,
}

/// Every place on a day, in the order of the book, for one act.
#[must_use]
pub fn table(
    book: LawBook<'_>,
    date: Date,
    known_as_of: Date,
    activity: Activity,
) -> Vec<TableRow> {
    let cell = |place: &super::book::Place<'_>, substance| {
        let answer = verdict(
            book,
            place,
            &Question {
                date,
                known_as_of,
                activity,
                substance,
                sample: None,
                buyer: Buyer::default(),
                what_if: &[],
            },
        );
        let own = answer.levels.first();
        Cell {
            status: own.map_or(Status::Unknown, |level| level.status),
            verdict: answer.verdict,
            confidence: own.and_then(|level| level.confidence),
            act_named: own.and_then(|level| level.act_named),
            activities_from: own.and_then(|level| level.activities_from),
            stale: answer
                .stale_rows
                .iter()
                .any(|stale| own.and_then(|level| level.row.as_ref()) == Some(&stale.row)),
        }
    };
    book.files()
        .iter()
        .filter_map(|file| {
            let here = &file.jurisdiction;
            let place = book.place(&here.id)?;
            Some(TableRow {
                place: here.id.clone(),
                name: here.name.clone(),
                level: here.level,
                region: here.region.clone().unwrap_or_default(),
                leaf: cell(&place, Compound::Leaf),
                seven_oh: cell(&place, Compound::SevenOh),
                local_rules: file
                    .local
                    .iter()
                    .filter(|local| local.stage == ketum_core::law::LocalStage::Active)
                    .count(),
                last_reviewed: here.last_reviewed.to_string(),
                review_due: here.review_due.to_string(),
            })
        })
        .collect()
}
