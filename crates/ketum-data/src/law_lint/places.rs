//! The place of a file: its id, its parent, its review dates, its locals, the documents to watch.

use std::collections::BTreeMap;

use ketum_core::date::Date;
use ketum_core::law::{LawFile, LawWatch, Level, LocalStage, Status};

use super::{Under, codes};
use crate::document::Path;
use crate::lint::Sink;
use crate::path;

pub(super) fn lint(
    under: &Under<'_>,
    files: &BTreeMap<String, LawFile>,
    today: Option<Date>,
    sink: &mut Sink,
) {
    let here = &under.file.jurisdiction;
    if under.file.schema != 1 {
        under.error(
            sink,
            "law-schema",
            path!["schema"],
            "the shape of law files is version 1",
            "write schema = 1",
        );
    }
    if here.id.to_lowercase() != under.stem {
        let hint = format!("name the file {}.toml", here.id.to_lowercase());
        let message = format!(
            "the file is called `{}` and holds `{}`",
            under.stem, here.id
        );
        under.error(
            sink,
            "law-file-name",
            path!["jurisdiction", "id"],
            message,
            &hint,
        );
    }
    if !codes::exists(&here.id) {
        let message = format!("`{}` is no ISO 3166 code", here.id);
        under.error(
            sink,
            "law-iso",
            path!["jurisdiction", "id"],
            message,
            "for example US, US-FL, TH",
        );
    }
    if let Some(ocd) = &here.ocd_id
        && !codes::is_ocd(ocd)
    {
        let hint = "for example ocd-division/country:us/state:fl";
        under.error(
            sink,
            "law-ocd",
            path!["jurisdiction", "ocd_id"],
            "not an OCD division id",
            hint,
        );
    }
    parent(under, files, sink);
    if here.last_reviewed.earliest() >= here.review_due {
        let hint = "review_due is last_reviewed plus 90, 180 or 365 days";
        under.error(
            sink,
            "law-review-order",
            path!["jurisdiction", "review_due"],
            "due before it was reviewed",
            hint,
        );
    }
    if let Some(today) = today {
        future(under, today, sink);
    }
    let nothing_known = under
        .file
        .status
        .iter()
        .all(|row| row.status == Status::Unknown);
    if nothing_known && here.looked_for.is_none() && under.file.source.is_empty() {
        let hint = "say in looked_for what was looked for";
        under.error(
            sink,
            "law-looked-for",
            path!["jurisdiction"],
            "nothing is known, and nobody says what was looked for",
            hint,
        );
    }
    locals(under, sink);
}

fn parent(under: &Under<'_>, files: &BTreeMap<String, LawFile>, sink: &mut Sink) {
    let here = &under.file.jurisdiction;
    let wants = matches!(
        here.level,
        Level::State | Level::District | Level::Territory
    );
    match &here.parent {
        None if matches!(here.level, Level::State | Level::District) => {
            let hint = "a state names its country";
            under.error(
                sink,
                "law-parent",
                path!["jurisdiction", "level"],
                "a state without a country",
                hint,
            );
        }
        Some(parent) if !wants || parent == &here.id => {
            let message = format!("a {} has no parent", here.level);
            under.error(
                sink,
                "law-parent",
                path!["jurisdiction", "parent"],
                message,
                "leave it out",
            );
        }
        // A folder that holds the parent must hold it under its name.
        Some(parent) if files.len() > 1 && !files.contains_key(&parent.to_lowercase()) => {
            let message = format!("there is no file for `{parent}`");
            let hint = format!("add law/{}.toml", parent.to_lowercase());
            under.error(
                sink,
                "law-parent",
                path!["jurisdiction", "parent"],
                message,
                &hint,
            );
        }
        _ => {}
    }
}

fn future(under: &Under<'_>, today: Date, sink: &mut Sink) {
    if under.file.jurisdiction.last_reviewed.earliest() > today {
        under.error(
            sink,
            "law-future",
            path!["jurisdiction", "last_reviewed"],
            "reviewed in the future",
            "check the date",
        );
    }
}

fn locals(under: &Under<'_>, sink: &mut Sink) {
    let here = &under.file.jurisdiction;
    for (index, local) in under.file.local.iter().enumerate() {
        let at = |key: &str| path!["local", index, key];
        let own = local
            .id
            .strip_prefix(&here.id)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|slug| {
                !slug.is_empty()
                    && slug
                        .chars()
                        .all(|c| c.is_lowercase() || c.is_ascii_digit() || c == '-')
            });
        if !own {
            let hint = format!("write {}/name-in-small-letters", here.id);
            under.error(
                sink,
                "law-local-id",
                at("id"),
                "the id does not start with its state",
                &hint,
            );
        }
        let inside = here.ocd_id.as_deref().is_none_or(|ocd| {
            local
                .ocd_id
                .strip_prefix(ocd)
                .is_some_and(|rest| rest.starts_with('/'))
        });
        if !codes::is_ocd(&local.ocd_id) || !inside {
            under.error(
                sink,
                "law-ocd",
                at("ocd_id"),
                "not an OCD division id of this place",
                "for example ocd-division/country:us/state:id/place:idaho_falls",
            );
        }
        if local.stage == LocalStage::Active && local.activity.is_empty() {
            under.error(
                sink,
                "law-activity",
                at("stage"),
                "a rule in force that names no act",
                "list the acts under `activity`",
            );
        }
        if local.stage != LocalStage::Active && local.status != Status::Unknown {
            let hint = "only `active` rows set a status; write status = \"unknown\"";
            under.error(
                sink,
                "law-stage",
                at("status"),
                "a measure that is not in force sets no status",
                hint,
            );
        }
        contradiction(under, index, sink);
    }
}

/// A local rule that is more lenient than the state's must say so as a conflict.
fn contradiction(under: &Under<'_>, index: usize, sink: &mut Sink) {
    let Some(local) = under.file.local.get(index) else {
        return;
    };
    if local.stage != LocalStage::Active {
        return;
    }
    let Some(leniency) = local.status.leniency() else {
        return;
    };
    let named = under
        .file
        .conflict
        .iter()
        .any(|conflict| conflict.rows.contains(&local.id));
    let stricter = under.file.status.iter().find(|row| {
        row.status.leniency().is_some_and(|state| state < leniency)
            && row.substance == local.substance
            && row
                .activity
                .iter()
                .any(|activity| local.activity.contains(activity))
            && row.from.is_none_or(|from| {
                local
                    .from
                    .is_some_and(|local| from.earliest() <= local.earliest())
            })
            && row.to.is_none_or(|to| {
                local
                    .from
                    .is_none_or(|local| local.earliest() < to.earliest())
            })
    });
    if let Some(row) = stricter
        && !named
    {
        let message = format!(
            "`{}` is more lenient than `{}` of the same time",
            local.id, row.id
        );
        let hint =
            "if both are right, add a [[conflict]] that names the row and says how it is read";
        under.error(
            sink,
            "law-contradiction",
            path!["local", index, "status"],
            message,
            hint,
        );
    }
}

/// `last_reviewed` may only be raised when every watched document due before it was read.
pub(super) fn watched(under: &Under<'_>, watch: &LawWatch, sink: &mut Sink) {
    let here = &under.file.jurisdiction;
    for item in &watch.item {
        if item.place == here.id
            && item.reviewed.is_none()
            && item.due.latest() <= here.last_reviewed.earliest()
        {
            let message = format!(
                "reviewed {}, but `{}` was due {} and is not marked as read",
                here.last_reviewed, item.id, item.due
            );
            let hint = "read the document and mark it in law-watch.toml first";
            under.error(
                sink,
                "law-watch",
                path!["jurisdiction", "last_reviewed"],
                message,
                hint,
            );
        }
    }
}

/// The watch list itself.
pub(super) fn watch_list(files: &BTreeMap<String, LawFile>, watch: &LawWatch, sink: &mut Sink) {
    for (index, item) in watch.item.iter().enumerate() {
        let place = item
            .place
            .split('/')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let at = |key: &str| -> Path { path!["item", index, key] };
        if !files.contains_key(&place) {
            let message = format!("there is no law file for `{}`", item.place);
            sink.error(
                "law-watch-place",
                "law-watch.toml",
                at("place"),
                message,
                "use the id of a file in law/",
            );
        }
        if item.reviewed.is_some() != item.outcome.is_some() {
            let hint = "a reviewed document has both `reviewed` and `outcome`";
            sink.error(
                "law-watch-outcome",
                "law-watch.toml",
                at("id"),
                "reviewed without an outcome, or the reverse",
                hint,
            );
        }
        if watch.item[..index].iter().any(|other| other.id == item.id) {
            let message = format!("`{}` stands twice", item.id);
            sink.error(
                "law-duplicate-id",
                "law-watch.toml",
                at("id"),
                message,
                "every item has its own id",
            );
        }
    }
}
