//! Levels of a person after the last dose, and histories that fit measured levels, for a terminal.

use std::fmt::Write as _;

use ketum::body::others::OtherAlkaloids;
use ketum::body::present::{Curve, Present};
use ketum::model::history::{Compatible, Range};

use crate::terminal::{Style, wrap};
use crate::words::{form, plain, two_digits};

/// What a table of levels over time says under it.
const NOTE: &str = "Median, and the range that holds 9 of 10 people like this one. What is not known of the product, the person and the model is part of it.";

/// Said with every level of a person.
const LIMIT: &str = "A level shows what was taken up. It does not say how a person is, and there is no level that shows harm or the absence of it.";

/// Levels after the last dose as text.
#[must_use]
pub fn present(answer: &Present, colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    let _ = writeln!(out, "{}", style.bold("Levels after the last dose"));
    out.push_str(&wrap(
        &format!(
            "Doses: {}; {} mg of {} each. Model {}.",
            answer.pattern,
            two_digits(answer.dose_mg),
            answer.dosed,
            answer.model
        ),
        "  ",
        "  ",
    ));
    out.push('\n');
    measured(&mut out, answer, style);
    for (index, before) in answer.before.iter().enumerate() {
        let after = answer.after.as_ref().and_then(|after| after.get(index));
        table(&mut out, answer, before, after, style);
    }
    out.push_str(&wrap(NOTE, "  ", "  "));
    for warning in &answer.warnings {
        out.push_str(&wrap(warning, "  ! ", "    "));
    }
    for way in &answer.extrapolation {
        out.push_str(&wrap(way, "  outside what was studied: ", "    "));
    }
    let _ = writeln!(out, "\n{}", style.bold("Assumed"));
    for assumption in &answer.assumptions {
        out.push_str(&wrap(assumption, "  - ", "    "));
    }
    if !answer.inputs_missing.is_empty() {
        let _ = writeln!(out, "\n{}", style.bold("Not given, or a default was used"));
        for input in &answer.inputs_missing {
            out.push_str(&wrap(input, "  - ", "    "));
        }
    }
    out.push('\n');
    out.push_str(&wrap(LIMIT, "", ""));
    out
}

fn measured(out: &mut String, answer: &Present, style: Style) {
    for used in &answer.used {
        let [low, median, high] = used.expected;
        out.push_str(&wrap(
            &format!(
                "{}: {} ng/mL. The doses alone lead one to expect {} ng/mL ({} to {}).",
                used.given,
                two_digits(used.ng_per_ml),
                two_digits(median),
                two_digits(low),
                two_digits(high)
            ),
            "  measured   ",
            "             ",
        ));
    }
    for not in &answer.not_used {
        out.push_str(&wrap(
            &format!("{}: {}.", not.given, not.why.trim_end_matches('.')),
            "  not used   ",
            "             ",
        ));
    }
    if answer.strained {
        let line = "The measured level fits the doses, the product or the times given badly. What stands below rests on few simulated people; check what was given.";
        out.push_str(&style.alert(&wrap(line, "  ! ", "    ")));
    }
    if !answer.used.is_empty() || !answer.not_used.is_empty() {
        out.push('\n');
    }
}

fn table(out: &mut String, answer: &Present, before: &Curve, after: Option<&Curve>, style: Style) {
    let _ = writeln!(
        out,
        "  {}",
        style.bold(&format!("{}, {}", before.analyte, before.unit))
    );
    let _ = writeln!(
        out,
        "  {:>22}  {:>24}{}",
        "h after the last dose",
        "from the doses alone",
        if after.is_some() {
            "  with what was measured"
        } else {
            ""
        }
    );
    let cell = |curve: &Curve, at: usize| {
        format!(
            "{} ({} to {})",
            two_digits(curve.median[at]),
            two_digits(curve.low[at]),
            two_digits(curve.high[at])
        )
    };
    for (at, hours) in answer.after_last_dose_h.iter().enumerate() {
        let with = after.map_or_else(String::new, |after| format!("  {:>22}", cell(after, at)));
        let _ = writeln!(
            out,
            "  {:>22}  {:>24}{with}",
            plain(*hours),
            cell(before, at)
        );
    }
    out.push('\n');
}

/// Histories that fit, as text.
#[must_use]
pub fn histories(answer: &Compatible, given: &[String], colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    let _ = writeln!(out, "{}", style.bold("What would fit the measured levels"));
    for one in given {
        let _ = writeln!(out, "  measured   {one}");
    }
    if let Some(share) = answer.share_measured {
        let _ = writeln!(
            out,
            "  share      {} as much 7-hydroxymitragynine as mitragynine",
            two_digits(share)
        );
    }
    let _ = writeln!(
        out,
        "\n  {:<14} {:<5} {:>9}  {:>18}  {:>18}  {:>15}",
        "kind", "fits", "relative", "dose, mg", "h since last dose", "doses taken"
    );
    let range = |range: &Range| {
        format!(
            "{} ({}-{})",
            two_digits(range.median),
            two_digits(range.low),
            two_digits(range.high)
        )
    };
    for kind in &answer.kinds {
        let fits = if kind.compatible { "yes" } else { "no" };
        let cells = if kind.compatible {
            [
                range(&kind.dose_mg),
                range(&kind.since_last_h),
                range(&kind.doses),
            ]
        } else {
            ["", "", ""].map(str::to_owned)
        };
        let relative = if kind.relative < 0.001 {
            "< 0.001".to_owned()
        } else {
            two_digits(kind.relative)
        };
        let _ = writeln!(
            out,
            "  {:<14} {fits:<5} {relative:>9}  {:>18}  {:>18}  {:>15}",
            form(kind.form),
            cells[0],
            cells[1],
            cells[2]
        );
    }
    out.push('\n');
    if answer.share_measured.is_some() {
        let _ = writeln!(
            out,
            "  7-hydroxymitragynine over mitragynine among all histories tried"
        );
        for kind in &answer.kinds {
            if let Some(share) = &kind.share_expected {
                let _ = writeln!(out, "  {:<14} {}", form(kind.form), range(share));
            }
        }
        out.push('\n');
    }
    out.push_str(&wrap(
        "Median, and the range that holds 9 of 10 of the histories that fit. Relative: how probable the measured levels are under a kind, over the kind that explains them best; it is no probability of the kind, which depends on how often each is taken.",
        "  ",
        "  ",
    ));
    tried(&mut out, answer, style);
    let _ = writeln!(out, "\n{}", style.bold("What this does not say"));
    for limit in &answer.limits {
        out.push_str(&wrap(limit, "  - ", "    "));
    }
    let _ = writeln!(out, "\nModel {}.", answer.model);
    out
}

fn tried(out: &mut String, answer: &Compatible, style: Style) {
    let _ = writeln!(out, "\n{}", style.bold("Histories tried"));
    for kind in &answer.kinds {
        let ranges = &kind.ranges;
        let span = |(low, high): (f64, f64)| format!("{} to {}", plain(low), plain(high));
        let mut line = format!(
            "{} mg a dose, {} h since the last dose, {} doses, {} h apart",
            span(ranges.dose_mg),
            span(ranges.since_last_h),
            span(ranges.doses),
            span(ranges.interval_h)
        );
        if let Some(share) = ranges.rest_share {
            let _ = write!(line, ", mitragynine {} of the dose (assumed)", span(share));
        }
        out.push_str(&wrap(
            &line,
            &format!("  {:<14} ", form(kind.form)),
            "                 ",
        ));
    }
}

/// The other alkaloids as rows of a table: name, mg in a dose, highest level, area, time to 5 %, times
/// the area of mitragynine.
#[must_use]
pub fn other_rows(others: &OtherAlkaloids) -> Vec<[String; 6]> {
    let spread = |spread: &ketum::body::Spread| {
        format!(
            "{} ({} to {})",
            two_digits(spread.median),
            two_digits(spread.low),
            two_digits(spread.high)
        )
    };
    others
        .alkaloids
        .iter()
        .map(|one| {
            [
                one.analyte.to_string(),
                two_digits(one.dose_mg),
                spread(&one.cmax),
                spread(&one.auc),
                one.to_five_percent_h
                    .as_ref()
                    .map_or_else(|| "not reached".to_owned(), spread),
                two_digits(one.area_over_mitragynine),
            ]
        })
        .collect()
}

/// Headings of [`other_rows`], with the unit of the levels.
#[must_use]
pub fn other_headings(others: &OtherAlkaloids) -> [String; 6] {
    let unit = others.alkaloids.first().map_or("", |one| one.unit.as_str());
    [
        "alkaloid".to_owned(),
        "mg".to_owned(),
        format!("highest, {unit}"),
        format!("area, {unit}*h"),
        "to 5 %, h".to_owned(),
        "x mitragynine".to_owned(),
    ]
}

/// What is said under the table or in its place: warnings, reasons, ways outside what was studied.
#[must_use]
pub fn other_notes(others: &OtherAlkaloids) -> Vec<String> {
    let mut notes = others.warnings.clone();
    notes.extend(others.not_simulated.clone());
    let mut ways: Vec<&String> = others
        .alkaloids
        .iter()
        .flat_map(|one| &one.extrapolation)
        .collect();
    ways.dedup();
    let mut seen = std::collections::BTreeSet::new();
    ways.retain(|way| seen.insert(way.as_str()));
    notes.extend(
        ways.iter()
            .map(|way| format!("Outside what was studied: {way}.")),
    );
    notes
}

/// The other alkaloids for a terminal.
#[must_use]
pub fn others(others: &OtherAlkaloids, colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    if others.alkaloids.is_empty() && others.not_simulated.is_none() {
        return out;
    }
    let _ = writeln!(out, "{}", style.bold("Other alkaloids of the leaf"));
    if !others.alkaloids.is_empty() {
        let line = |cells: &[String; 6]| {
            format!(
                "  {:<16} {:>5} {:>17} {:>21} {:>15} {:>7}",
                cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]
            )
        };
        let mut headings = other_headings(others);
        headings[5] = "x mg*".to_owned();
        let _ = writeln!(out, "{}", line(&headings));
        for row in other_rows(others) {
            let _ = writeln!(out, "{}", line(&row));
        }
        out.push_str(&wrap(
            "Milligrams in one dose; median and 90 % interval. * median area over that of mitragynine.",
            "  ",
            "  ",
        ));
    }
    for note in other_notes(others) {
        out.push_str(&wrap(&note, "  ! ", "    "));
    }
    out.push('\n');
    out
}

/// The other alkaloids as Markdown.
#[must_use]
pub fn others_markdown(others: &OtherAlkaloids) -> String {
    let mut out = String::new();
    if others.alkaloids.is_empty() && others.not_simulated.is_none() {
        return out;
    }
    out.push_str("### Other alkaloids of the leaf\n\n");
    if !others.alkaloids.is_empty() {
        let _ = writeln!(out, "| {} |", other_headings(others).join(" | "));
        out.push_str("|---|---|---|---|---|---|\n");
        for row in other_rows(others) {
            let _ = writeln!(out, "| {} |", row.join(" | "));
        }
        out.push_str("\nMilligrams in one dose; median and 90 % interval; last column: median area over that of mitragynine.\n\n");
    }
    for note in other_notes(others) {
        let _ = writeln!(out, "- {note}");
    }
    out.push('\n');
    out
}

/// Levels with what was measured, as Markdown.
#[must_use]
pub fn present_markdown(answer: &Present) -> String {
    let mut out = String::from("### With the measured level\n\n");
    for used in &answer.used {
        let [low, median, high] = used.expected;
        let _ = writeln!(
            out,
            "- Measured: {}. The doses alone lead one to expect {} ng/mL ({} to {}).",
            used.given,
            two_digits(median),
            two_digits(low),
            two_digits(high)
        );
    }
    for not in &answer.not_used {
        let _ = writeln!(
            out,
            "- Not used: {}: {}.",
            not.given,
            not.why.trim_end_matches('.')
        );
    }
    if answer.strained {
        out.push_str("- The measured level fits what was given badly; what stands below rests on few simulated people.\n");
    }
    if let Some(after) = &answer.after {
        for (before, after) in answer.before.iter().zip(after) {
            let _ = writeln!(
                out,
                "\n| h after the last dose | {} from the doses alone, {} | with what was measured |\n|---|---|---|",
                before.analyte, before.unit
            );
            for row in present_rows(answer, before, after) {
                let _ = writeln!(out, "| {} |", row.join(" | "));
            }
        }
    }
    let _ = writeln!(out, "\n{NOTE} {LIMIT}\n");
    out
}

/// Rows of a table: hours, from the doses alone, with what was measured.
#[must_use]
pub fn present_rows(answer: &Present, before: &Curve, after: &Curve) -> Vec<[String; 3]> {
    let cell = |curve: &Curve, at: usize| {
        format!(
            "{} ({} to {})",
            two_digits(curve.median[at]),
            two_digits(curve.low[at]),
            two_digits(curve.high[at])
        )
    };
    answer
        .after_last_dose_h
        .iter()
        .enumerate()
        .map(|(at, hours)| [plain(*hours), cell(before, at), cell(after, at)])
        .collect()
}

/// What a table of levels says under it, in two sentences.
#[must_use]
pub fn notes() -> [&'static str; 2] {
    [NOTE, LIMIT]
}
