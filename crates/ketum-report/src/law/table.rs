//! Tables for the terminal: the world, a comparison, a list of changes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ketum::law::{Change, ChangeKind, DISCLAIMER, LawAnswer, TableRow, Verdict};
use ketum_core::date::Date;
use ketum_core::law::{Activity, RequirementKind};

use super::words;
use crate::terminal::wrap;

/// Every place with its own status of leaf and 7-OH.
#[must_use]
pub fn world(rows: &[TableRow], date: Date, activity: Activity) -> String {
    let mut out = format!(
        "{} of leaf and 7-OH on {date}; the place's own rule, * past review, ~ the source read does not name this act\n\n",
        words::activity(activity)
    );
    let _ = writeln!(
        out,
        "{:<8} {:<30} {:<39} {:<39} {:<10} local rules",
        "place", "name", "leaf", "7-OH", "sources of"
    );
    for row in rows {
        let cell = |cell: &ketum::law::Cell| {
            let confidence = cell
                .confidence
                .map_or_else(String::new, |confidence| format!(" ({confidence})"));
            let star = if cell.stale { "*" } else { "" };
            let unnamed = if cell.act_named == Some(false) {
                "~"
            } else {
                ""
            };
            format!("{}{unnamed}{star}{confidence}", words::status(cell.status))
        };
        let line = format!(
            "{:<8} {:<30} {:<39} {:<39} {:<10} {}",
            row.place,
            row.name,
            cell(&row.leaf),
            cell(&row.seven_oh),
            row.last_reviewed,
            if row.local_rules > 0 {
                row.local_rules.to_string()
            } else {
                String::new()
            }
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let _ = writeln!(
        out,
        "\nIn brackets: confidence. \"No rule found\" is not a permission. {DISCLAIMER}"
    );
    out
}

/// Places side by side: one block per place.
#[must_use]
pub fn compare(answers: &[LawAnswer]) -> String {
    let mut places: Vec<&str> = Vec::new();
    for answer in answers {
        if !places.contains(&answer.place.as_str()) {
            places.push(&answer.place);
        }
    }
    let mut out = String::new();
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    let of = |place: &str| -> Vec<&LawAnswer> {
        answers
            .iter()
            .filter(|answer| answer.place == place)
            .collect()
    };
    let substances: BTreeSet<&str> = answers
        .iter()
        .map(|answer| answer.substance.as_str())
        .collect();
    for substance in &substances {
        lines.push((
            (*substance).to_owned(),
            places
                .iter()
                .map(|place| {
                    of(place)
                        .into_iter()
                        .find(|answer| answer.substance == *substance)
                        .map_or_else(String::new, |answer| {
                            let star = if answer.stale { "*" } else { "" };
                            format!(
                                "{}; {}{star}",
                                words::status(answer.status),
                                words::place_verdict_short(answer.verdict)
                            )
                        })
                })
                .collect(),
        ));
    }
    let own = |place: &str, pick: &dyn Fn(&LawAnswer) -> String| {
        of(place)
            .first()
            .map_or_else(String::new, |answer| pick(answer))
    };
    let requirement = |kind: RequirementKind| {
        move |answer: &LawAnswer| {
            let texts: Vec<&str> = answer
                .requirements
                .iter()
                .filter(|row| row.kind == kind && row.place == answer.place)
                .map(|row| row.text.as_str())
                .collect();
            texts.join("; ")
        }
    };
    let limits = |answer: &LawAnswer| {
        let texts: Vec<String> = answer
            .rulesets
            .iter()
            .filter(|set| set.place == answer.place && set.in_force != Some(false))
            .flat_map(|set| {
                set.rules.iter().map(|rule| {
                    let verdict = match rule.verdict {
                        Verdict::Indeterminate if rule.computed.is_none() => String::new(),
                        verdict => format!(" [{}]", words::rule_verdict(verdict)),
                    };
                    format!(
                        "{} {} {} {} of {}{verdict}",
                        rule.analyte, rule.operator, rule.limit, rule.unit, rule.basis
                    )
                })
            })
            .collect();
        texts.join("; ")
    };
    for (name, pick) in [
        ("limits", &limits as &dyn Fn(&LawAnswer) -> String),
        ("age", &requirement(RequirementKind::Age)),
        ("synthetic", &requirement(RequirementKind::Synthetic)),
        ("label", &requirement(RequirementKind::Label)),
        ("tests", &requirement(RequirementKind::Test)),
        ("package", &requirement(RequirementKind::Packaging)),
        ("sale", &requirement(RequirementKind::Retail)),
        ("registration", &requirement(RequirementKind::Registration)),
        ("forms", &requirement(RequirementKind::FormBan)),
    ] {
        lines.push((
            name.to_owned(),
            places.iter().map(|place| own(place, pick)).collect(),
        ));
    }
    lines.retain(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    for (name, cells) in &lines {
        let _ = writeln!(out, "{name}");
        for (place, cell) in places.iter().zip(cells) {
            let cell = if cell.is_empty() {
                "nothing recorded"
            } else {
                cell
            };
            out.push_str(&wrap(cell, &format!("  {place:<10} "), "             "));
        }
    }
    let _ = writeln!(
        out,
        "\n* past its review date. \"Nothing recorded\" is not \"nothing asked\". {DISCLAIMER}"
    );
    out
}

/// Changes, the newest first.
#[must_use]
pub fn changes(list: &[Change]) -> String {
    if list.is_empty() {
        return "No change is recorded in this time. That does not mean that there was none.\n"
            .into();
    }
    let mut out = String::new();
    for change in list {
        let kind = match change.kind {
            ChangeKind::Starts => "starts",
            ChangeKind::Ends => "ends",
            ChangeKind::LocalAction => "local",
            ChangeKind::Proposal => "proposed",
            ChangeKind::Event => "event",
            ChangeKind::Correction => "corrected",
        };
        out.push_str(&wrap(
            &format!("{} ({}): {}", change.name, change.place, change.what),
            &format!("{:<10} {kind:<9} ", change.date),
            "                     ",
        ));
    }
    let _ = writeln!(out, "\n{DISCLAIMER}");
    out
}
