//! The level model against human studies, for a terminal and as a page with figures.

mod figure;
mod page;

pub use page::html;

use std::fmt::Write as _;

use ketum::model::validate::{Compared, Comparison, Summary};
use ketum_core::study::Role;

use crate::terminal::{Style, wrap};

/// The comparison as text.
#[must_use]
pub fn text(comparison: &Comparison, colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}\n",
        style.bold(&format!("Model {} against human studies", comparison.model))
    );
    out.push_str(&wrap(
        &format!(
            "Each study was simulated {} times as it was done: same number of people, doses, sampling times and half-life windows, and the same summary taken. The interval holds 9 of 10 simulated trials; what is not known of the model is part of it.",
            comparison.trials
        ),
        "",
        "",
    ));
    out.push('\n');
    summaries(&mut out, comparison);
    for role in [Role::Calibrate, Role::Validate] {
        let _ = writeln!(out, "\n{}", style.bold(title(role)));
        table(
            &mut out,
            comparison.rows.iter().filter(|row| row.role == role),
        );
    }
    if !comparison.context.is_empty() {
        let _ = writeln!(out, "\n{}", style.bold("Shown, never counted"));
        table(&mut out, comparison.context.iter());
    }
    out
}

/// What a role is called.
fn title(role: Role) -> &'static str {
    match role {
        Role::Calibrate => "Fitted",
        Role::Validate => "Held out",
        Role::Anchor | Role::Context => "Shown, never counted",
    }
}

fn summaries(out: &mut String, comparison: &Comparison) {
    let _ = writeln!(
        out,
        "{:<10} {:>7} {:>9} {:>12} {:>11} {:>9} {:>9} {:>7}",
        "", "numbers", "mean fold", "within 1.25", "within 1.5", "within 2", "covered", "width"
    );
    for (name, summary) in [
        ("fitted", &comparison.calibration),
        ("held out", &comparison.validation),
    ] {
        let cells = cells(summary);
        let _ = writeln!(
            out,
            "{name:<10} {:>7} {:>9} {:>12} {:>11} {:>9} {:>9} {:>7}",
            cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]
        );
    }
}

/// Numbers of a summary as printed.
fn cells(summary: &Summary) -> [String; 7] {
    let fold = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
    let share = |value: Option<f64>| {
        value.map_or("-".to_owned(), |value| format!("{:.0} %", 100.0 * value))
    };
    [
        summary.n.to_string(),
        fold(summary.gmfe),
        share(summary.within_1_25),
        share(summary.within_1_5),
        share(summary.within_2),
        share(summary.coverage_90),
        fold(summary.median_width),
    ]
}

fn table<'c>(out: &mut String, rows: impl Iterator<Item = &'c Compared>) {
    let _ = writeln!(
        out,
        "  {:<52} {:>9} {:>9} {:>19} {:>6}",
        "study, number", "observed", "predicted", "9 of 10 trials", "fold"
    );
    for row in rows {
        let mark = if (row.low..=row.high).contains(&row.observed) {
            ' '
        } else {
            '*'
        };
        let _ = writeln!(
            out,
            "  {:<52} {:>9} {:>9} {:>19} {:>6.2}{mark}",
            format!("{} {} ({})", row.study, row.statistic, row.unit),
            digits(row.observed),
            digits(row.predicted),
            format!("{} to {}", digits(row.low), digits(row.high)),
            row.fold
        );
    }
    out.push_str("  * outside the interval\n");
}

/// Three significant digits, without an exponent.
fn digits(value: f64) -> String {
    let size = value.abs();
    if size >= 100.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.1}")
    } else if size >= 1.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.3}")
    }
}
