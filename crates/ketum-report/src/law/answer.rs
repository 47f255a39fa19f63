//! An answer as text for a terminal.

use std::fmt::Write as _;

use ketum::law::{LawAnswer, PlaceVerdict, Verdict};

use super::words;
use crate::terminal::{Style, wrap};

/// The whole answer.
#[must_use]
pub fn text(answer: &LawAnswer, colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    let title = format!(
        "{} ({}): {} of {} on {}",
        answer.name,
        answer.place,
        words::activity(answer.activity),
        answer.substance,
        answer.date
    );
    let _ = writeln!(out, "{}", style.bold(&title));
    if !answer.what_if.is_empty() {
        let banner = format!(
            "WHAT IF: {} taken as if in force. It is NOT IN FORCE.",
            answer.what_if.join(", ")
        );
        let _ = writeln!(out, "{}", style.alert(&banner));
    }
    let headline = words::place_verdict(answer.verdict);
    let _ = writeln!(
        out,
        "\n{}",
        if answer.verdict == PlaceVerdict::NonCompliant {
            style.alert(headline)
        } else {
            style.bold(headline)
        }
    );
    for reason in &answer.reasons {
        out.push_str(&wrap(reason, "  - ", "    "));
    }
    if answer.stale {
        let rows: Vec<String> = answer
            .stale_rows
            .iter()
            .map(|row| {
                format!(
                    "{} (source of {}, review was due {})",
                    row.row, row.as_of, row.review_due
                )
            })
            .collect();
        out.push_str(&wrap(
            &format!(
                "Stale: {}. The law may have changed since.",
                rows.join("; ")
            ),
            "  ! ",
            "    ",
        ));
    }
    levels(answer, style, &mut out);
    rulesets(answer, style, &mut out);
    requirements(answer, style, &mut out);
    if !answer.pending.is_empty() {
        let _ = writeln!(out, "\n{}", style.bold("Proposed, not law"));
        for row in &answer.pending {
            let expected = row
                .expected
                .as_ref()
                .map_or_else(String::new, |day| format!(" Earliest or expected: {day}."));
            out.push_str(&wrap(
                &format!(
                    "{} ({}): {} Stage: {}.{expected} [--what-if {}]",
                    row.reference, row.place, row.summary, row.stage, row.id
                ),
                "  - ",
                "    ",
            ));
        }
    }
    if !answer.penalties.is_empty() {
        let _ = writeln!(
            out,
            "\n{}",
            style.bold("Penalties, as the sources give them")
        );
        for row in &answer.penalties {
            out.push_str(&wrap(
                &format!("{}: {}: {}", row.place, row.act, row.text),
                "  - ",
                "    ",
            ));
        }
    }
    if !answer.not_known.is_empty() {
        let _ = writeln!(out, "\n{}", style.bold("Not known"));
        for gap in &answer.not_known {
            out.push_str(&wrap(
                &format!(
                    "{}. Looked for: {}. As of {}.",
                    gap.what.trim_end_matches('.'),
                    gap.looked_for.trim_end_matches('.'),
                    gap.as_of
                ),
                "  - ",
                "    ",
            ));
        }
    }
    looked_up(answer, style, &mut out);
    sources(answer, style, &mut out);
    limits(answer, style, &mut out);
    out
}

/// Look-ups of the place itself; those of the country stand on its own page.
fn looked_up(answer: &LawAnswer, style: Style, out: &mut String) {
    let own = words::own_look_ups(answer);
    if own.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", style.bold("Looked up"));
    for row in own {
        out.push_str(&wrap(&words::look_up(row), "  - ", "    "));
    }
}

fn levels(answer: &LawAnswer, style: Style, out: &mut String) {
    let _ = writeln!(out, "\n{}", style.bold("Level by level"));
    for level in &answer.levels {
        let mut line = format!(
            "{} ({}): {}",
            level.name,
            level.place,
            words::status(level.status)
        );
        if let Some(instrument) = &level.instrument {
            let _ = write!(line, "; {instrument}");
        }
        if let Some(from) = &level.from {
            let unchecked = if level.from_unverified {
                " (day not checked)"
            } else {
                ""
            };
            let _ = write!(line, "; from {from}{unchecked}");
        }
        if let Some(to) = &level.to {
            let _ = write!(line, " to {to}");
        }
        if let Some(as_of) = &level.as_of {
            let _ = write!(line, "; as of {as_of}");
        }
        if let Some(confidence) = level.confidence {
            let _ = write!(line, "; confidence {confidence}");
        }
        out.push_str(&wrap(&line, "  ", "    "));
        if let Some(acts) = words::acts(level) {
            out.push_str(&wrap(&acts, "    ", "    "));
        }
        for reason in &level.reasons {
            if !answer.reasons.iter().any(|said| said.ends_with(reason)) {
                out.push_str(&wrap(reason, "    - ", "      "));
            }
        }
    }
}

fn rulesets(answer: &LawAnswer, style: Style, out: &mut String) {
    if answer.rulesets.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", style.bold("Limits"));
    for set in &answer.rulesets {
        let force = match set.in_force {
            Some(true) => "",
            Some(false) => ", not in force",
            None if set.bounds_unknown => ", bounds what is not known; no limit in force",
            None => ", start or end not known",
        };
        let scope = if set.concerns_activity {
            ""
        } else {
            ", for other acts than the one asked"
        };
        let _ = writeln!(
            out,
            "  {} ({}{force}{scope}): {}",
            set.title,
            set.id,
            words::rule_verdict(set.verdict)
        );
        if !set.bounds_unknown {
            let acts = words::acts_of(&set.activities, set.activities_from);
            out.push_str(&wrap(&acts, "    ", "      "));
        }
        for rule in &set.rules {
            let text = rule.arithmetic.clone().unwrap_or_else(|| {
                format!(
                    "{} {}: {} {} {} ({})",
                    rule.analyte,
                    rule.quantity.as_str().replace('_', " "),
                    rule.operator,
                    rule.limit,
                    if rule.unit == "1" { "" } else { &rule.unit },
                    rule.basis
                )
            });
            out.push_str(&wrap(
                &format!("{}: {text}", words::rule_verdict(rule.verdict)),
                "    - ",
                "      ",
            ));
            if rule.verdict != Verdict::NotApplicable {
                for reason in &rule.reasons {
                    out.push_str(&wrap(reason, "        ", "        "));
                }
            }
        }
        for note in &set.notes {
            out.push_str(&wrap(note, "    ", "    "));
        }
    }
}

fn requirements(answer: &LawAnswer, style: Style, out: &mut String) {
    if answer.requirements.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", style.bold("Also asked"));
    for row in &answer.requirements {
        let mark = match row.verdict {
            Verdict::Compliant => "[met]    ",
            Verdict::NonCompliant => "[NOT MET]",
            Verdict::Indeterminate | Verdict::NotApplicable => "[ask]    ",
        };
        out.push_str(&wrap(
            &format!("{} ({})", row.text, row.place),
            &format!("  {mark} "),
            "            ",
        ));
    }
}

fn sources(answer: &LawAnswer, style: Style, out: &mut String) {
    let _ = writeln!(out, "\n{}", style.bold("Sources"));
    if answer.sources.is_empty() {
        let _ = writeln!(out, "  none");
    }
    for source in &answer.sources {
        let mut line = format!("[{}] {}", source.id, source.title);
        for part in [&source.locator, &source.url].into_iter().flatten() {
            let _ = write!(line, "; {part}");
        }
        if let Some(published) = &source.published {
            let _ = write!(line, "; {published}");
        }
        let read = match source.verification {
            ketum_core::evidence::Verification::Primary => "text read",
            ketum_core::evidence::Verification::Abstract => "read in part",
            ketum_core::evidence::Verification::Secondary => "reported by others",
            ketum_core::evidence::Verification::Derived => "own arithmetic",
            ketum_core::evidence::Verification::Unverified
            | ketum_core::evidence::Verification::NotFound => "not read",
        };
        let _ = write!(line, "; tier {}, {read}", source.tier);
        out.push_str(&wrap(&line, "  ", "    "));
    }
}

fn limits(answer: &LawAnswer, style: Style, out: &mut String) {
    let _ = writeln!(out, "\n{}", style.bold("Limits of this answer"));
    if !answer.rulesets.is_empty() {
        out.push_str(&wrap(&answer.decision_rule, "  ", "  "));
    }
    out.push_str(&wrap(
        &format!(
            "{} Data as of {}; used: what was published by {}.",
            answer.disclaimer, answer.data_as_of, answer.known_as_of
        ),
        "  ",
        "  ",
    ));
}

/// An answer inside an assessment: reasons, limits, the checklist, what is not known.
#[must_use]
pub fn brief(answer: &LawAnswer) -> String {
    let mut out = wrap(
        &format!(
            "{} ({}): {}",
            answer.name,
            answer.place,
            words::place_verdict_short(answer.verdict)
        ),
        "  ",
        "    ",
    );
    for reason in &answer.reasons {
        out.push_str(&wrap(reason, "    - ", "      "));
    }
    for set in &answer.rulesets {
        for rule in &set.rules {
            if let Some(arithmetic) = &rule.arithmetic {
                let line = format!(
                    "{} ({}): {arithmetic}",
                    set.id,
                    words::rule_verdict(rule.verdict)
                );
                out.push_str(&wrap(&line, "    - ", "      "));
            }
        }
    }
    for row in &answer.requirements {
        let mark = match row.verdict {
            Verdict::Compliant => "[met]    ",
            Verdict::NonCompliant => "[NOT MET]",
            Verdict::Indeterminate | Verdict::NotApplicable => "[ask]    ",
        };
        out.push_str(&wrap(
            &format!("{} ({})", row.text, row.place),
            &format!("    {mark} "),
            "              ",
        ));
    }
    for gap in &answer.not_known {
        out.push_str(&wrap(
            &format!("not known: {}", gap.what),
            "    - ",
            "      ",
        ));
    }
    let stale = if answer.stale {
        "; some rows are past their review date"
    } else {
        ""
    };
    out.push_str(&wrap(
        &format!(
            "Data as of {}{stale}. Details: ketum law {}",
            answer.data_as_of, answer.place
        ),
        "    ",
        "    ",
    ));
    out
}

/// Several answers, one line each: travel or comparison.
#[must_use]
pub fn lines(answers: &[LawAnswer], colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    let width = answers
        .iter()
        .map(|answer| answer.name.chars().count() + answer.place.chars().count() + 3)
        .max()
        .unwrap_or(0);
    for answer in answers {
        let name = format!("{} ({})", answer.name, answer.place);
        let verdict = words::place_verdict_short(answer.verdict);
        let stale = if answer.stale { ", stale" } else { "" };
        let _ = writeln!(
            out,
            "{name:width$}  {:<13}  {verdict}{stale}",
            answer.substance
        );
        for reason in answer.reasons.iter().take(2) {
            out.push_str(&wrap(reason, "    - ", "      "));
        }
    }
    if let Some(first) = answers.first() {
        let _ = writeln!(out, "\n{}", style.dim(&first.disclaimer));
        let _ = writeln!(
            out,
            "{}",
            style.dim(&format!("Data as of {}.", first.data_as_of))
        );
    }
    out
}
