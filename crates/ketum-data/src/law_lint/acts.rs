//! The acts of a row: every status, local rule and group of limits says where they come from, and what nobody read is not claimed.

use ketum_core::evidence::Verification;
use ketum_core::law::{ActivitiesFrom, Activity, LawSourceKind, LocalStage, Status};

use super::Under;
use super::references::every_ruleset;
use crate::document::Path;
use crate::lint::Sink;
use crate::path;

/// The acts of one row.
struct Acts<'a> {
    path: Path,
    /// The status of the row; a group of limits has none.
    status: Option<Status>,
    activity: &'a [Activity],
    from: ActivitiesFrom,
    sources: &'a [String],
}

pub(super) fn lint(under: &Under<'_>, sink: &mut Sink) {
    for (index, row) in under.file.status.iter().enumerate() {
        let acts = Acts {
            path: path!["status", index],
            status: Some(row.status),
            activity: &row.activity,
            from: row.activities_from,
            sources: &row.activities_sources,
        };
        one(under, &acts, sink);
    }
    for (index, row) in under.file.local.iter().enumerate() {
        if row.stage != LocalStage::Active {
            continue;
        }
        let path = path!["local", index];
        let Some(from) = row.activities_from else {
            error(
                under,
                path.then("activity"),
                "a rule in force that does not say where its acts come from",
                "write activities_from = \"text\", \"report\" or \"status_word\"",
                sink,
            );
            continue;
        };
        let acts = Acts {
            path,
            status: Some(row.status),
            activity: &row.activity,
            from,
            sources: &row.activities_sources,
        };
        one(under, &acts, sink);
    }
    for (path, set) in every_ruleset(under) {
        let acts = Acts {
            path,
            status: None,
            activity: &set.activity,
            from: set.activities_from,
            sources: &set.activities_sources,
        };
        one(under, &acts, sink);
    }
}

fn error(under: &Under<'_>, at: Path, message: &str, hint: &str, sink: &mut Sink) {
    under.error(sink, "law-activities", at, message, hint);
}

fn one(under: &Under<'_>, acts: &Acts<'_>, sink: &mut Sink) {
    let at = |key: &str| acts.path.then(key);
    match acts.from {
        ActivitiesFrom::StatusWord => {
            if !acts.activity.is_empty() && acts.activity != [Activity::Sell] {
                error(
                    under,
                    at("activity"),
                    "only `sell` may be taken from the word of a status",
                    "list [\"sell\"], or cite in activities_sources who names the other acts",
                    sink,
                );
            }
            return;
        }
        ActivitiesFrom::Search => {
            // A group of limits that only bounds what is not known has no acts of its own.
            let whole = acts.status.is_none_or(|status| {
                status.is_permissive()
                    || matches!(status, Status::Disputed | Status::Grey | Status::Unknown)
            });
            if !whole {
                error(
                    under,
                    at("activities_from"),
                    "`search` is for what was looked for and not found, disputed or not known",
                    "a ban or a limit names its acts: text, report, schedule, or status_word",
                    sink,
                );
            }
            return;
        }
        ActivitiesFrom::Schedule => {
            let listed = acts.status.is_none_or(|status| {
                matches!(
                    status,
                    Status::Banned | Status::ScheduledI | Status::PartlyBanned
                )
            });
            if !listed {
                error(
                    under,
                    at("activities_from"),
                    "only a ban by a list of controlled substances covers acts by its nature",
                    "use text, report or status_word",
                    sink,
                );
            }
        }
        ActivitiesFrom::Text | ActivitiesFrom::Report => {}
    }
    if acts.sources.is_empty() {
        error(
            under,
            at("activities_from"),
            "nobody is cited for the acts",
            "name the sources in activities_sources, or write status_word with [\"sell\"]",
            sink,
        );
    }
    let cited: Vec<_> = under
        .file
        .source
        .iter()
        .filter(|source| acts.sources.contains(&source.id))
        .collect();
    let read = cited.iter().any(|source| {
        matches!(
            source.verification,
            Verification::Primary | Verification::Abstract
        ) && !matches!(source.kind, LawSourceKind::News | LawSourceKind::Secondary)
    });
    if acts.from == ActivitiesFrom::Text && !acts.sources.is_empty() && !read {
        error(
            under,
            at("activities_from"),
            "`text` without a text that was read",
            "cite a statute, rule or judgment read at least in part, or write report",
            sink,
        );
    }
}
