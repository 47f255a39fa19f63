//! Laboratory values and measurements over time, for reading.

use std::fmt::Write as _;

use ketum::clinic::rounded;
use ketum::course::{Place, Point, Trend};
use maud::{Markup, html};

use crate::terminal::Style;

/// The values as text; empty where there are none.
#[must_use]
pub fn text(trends: &[Trend], style: Style) -> String {
    if trends.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", style.bold("Values over time"));
    for trend in trends {
        for (index, point) in trend.points.iter().enumerate() {
            let name = if index == 0 { trend.test.as_str() } else { "" };
            let value = format!("{} {}", rounded(point.value, 2), unit(point));
            let line = format!(
                "  {name:<20} {:<11} {value:<16} {}",
                date(point),
                note(point)
            );
            let line = line.trim_end();
            let line = if point.place == Place::Above {
                style.bold(line)
            } else {
                line.to_owned()
            };
            let _ = writeln!(out, "{line}");
        }
    }
    out.push('\n');
    out
}

/// The values as a section of a page.
#[must_use]
pub fn section(trends: &[Trend]) -> Markup {
    html! {
        @if !trends.is_empty() {
            section {
                h2 { "Values over time" }
                div .table tabindex="0" role="region" aria-label="Laboratory values and measurements" {
                    table {
                        thead { tr { th scope="col" { "test" } th scope="col" { "day" } th .n scope="col" { "value" } th scope="col" { "against its limits" } } }
                        tbody {
                            @for trend in trends {
                                @for point in &trend.points {
                                    tr { th scope="row" { (trend.test) } td { (date(point)) } td .n { (rounded(point.value, 2)) " " (unit(point)) } td { (note(point)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The values as Markdown; empty where there are none.
#[must_use]
pub fn markdown(trends: &[Trend]) -> String {
    if trends.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "## Values over time\n\n| test | day | value | against its limits |\n|---|---|---|---|\n",
    );
    for trend in trends {
        for point in &trend.points {
            let _ = writeln!(
                out,
                "| {} | {} | {} {} | {} |",
                trend.test,
                date(point),
                rounded(point.value, 2),
                unit(point),
                note(point)
            );
        }
    }
    out.push('\n');
    out
}

fn date(point: &Point) -> String {
    point
        .date
        .map_or_else(|| "no day".to_owned(), |date| date.to_string())
}

fn unit(point: &Point) -> &str {
    match point.unit.as_str() {
        "1" => "",
        unit => unit,
    }
}

fn note(point: &Point) -> String {
    let mut notes = Vec::new();
    match (point.place, point.times_limit) {
        (Place::Above, Some(times)) => notes.push(format!("above, {} times", rounded(times, 1))),
        (Place::Above, None) => notes.push("above".to_owned()),
        (Place::Below, _) => notes.push("below".to_owned()),
        (Place::Within, _) => notes.push("within".to_owned()),
        (Place::LimitNotGiven, _) => notes.push("no limit given".to_owned()),
    }
    if let Some(change) = point.change_from_baseline {
        let sign = if change < 0.0 { "" } else { "+" };
        notes.push(format!("{sign}{} from before", rounded(change, 1)));
    }
    if let Some(hours) = point.hours_after_dose {
        notes.push(format!("{} h after a dose", rounded(hours, 1)));
    }
    notes.join("; ")
}
