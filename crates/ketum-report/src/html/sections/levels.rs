//! Levels over time: pictures, and tables of the same data.

use ketum::assessment::Assessment;
use ketum::body::{Exposure, Levels, Spread};
use maud::{Markup, html};

use crate::html::chart;
use crate::words::{self, rounded};

pub(in crate::html) fn levels(assessment: &Assessment) -> Markup {
    let Some(exposure) = &assessment.exposure else {
        return html! {
            @if let Some(reason) = &assessment.not_simulated {
                section { h2 { "Levels" } p { "Not simulated: " (reason.reason) } }
            }
        };
    };
    let analytes = analytes(exposure);
    html! {
        section {
            h2 { "Levels in blood plasma over time" }
            @if let Some(level) = crate::brief::level(assessment) { p { (level) } }
            @for warning in &exposure.warnings { p { strong { "Mind: " } (warning) } }
            @if !exposure.extrapolation.is_empty() {
                p { strong { "Outside what was studied: " } (exposure.extrapolation.join("; ")) "." }
            }
            figure {
                div .charts {
                    @for (id, name, levels) in &analytes {
                        @for (index, window) in chart::windows(levels, &exposure.doses_h).into_iter().enumerate() {
                            (chart::levels(&format!("{id}{index}"), name, levels, &exposure.doses_h, window))
                        }
                    }
                }
                figcaption { "Line: half of people like this one lie below. Dark band: the middle half. Light band: 9 of 10. Triangles: doses. "
                    (rounded(f64::from(exposure.people))) " simulated people; " (words::certainty(exposure.certainty)) "." }
            }
            (summary(&analytes))
            (dominance(exposure))
            (by_time(exposure, &analytes))
        }
    }
}

type Analyte<'a> = (&'static str, &'static str, &'a Levels);

/// Those that the product brings in, the parent first.
fn analytes(exposure: &Exposure) -> Vec<Analyte<'_>> {
    [
        ("mg", "Mitragynine", &exposure.mitragynine),
        (
            "oh",
            "7-hydroxymitragynine",
            &exposure.seven_hydroxymitragynine,
        ),
    ]
    .into_iter()
    .filter(|(_, _, levels)| levels.cmax.high > 0.0)
    .collect()
}

fn summary(analytes: &[Analyte<'_>]) -> Markup {
    let unit = analytes
        .first()
        .map_or("", |(_, _, levels)| levels.unit.as_str());
    let row = |name: &str,
               value: &dyn Fn(&Levels) -> Option<Spread>,
               say: &dyn Fn(Spread) -> String| {
        let cell = |levels: &Levels| {
            value(levels).map_or_else(|| "not reached in the time followed".to_owned(), say)
        };
        html! {
            tr { th scope="row" { (name) } @for (_, _, levels) in analytes { td .n { (cell(levels)) } } }
        }
    };
    let amount = |spread: Spread| {
        let (median, low, high) = (
            rounded(spread.median),
            rounded(spread.low),
            rounded(spread.high),
        );
        format!("{median} ({low} to {high})")
    };
    let time = |spread: Spread| words::durations(spread.median, spread.low, spread.high);
    html! {
        div .table tabindex="0" role="region" aria-label="Levels as numbers" {
            table {
                thead { tr { th scope="col" { "Median (90 % interval)" } @for (_, name, _) in analytes { th .n scope="col" { (name) } } } }
                tbody {
                    (row(&format!("highest level, {unit}"), &|levels| Some(levels.cmax), &amount))
                    (row("when, after the first dose", &|levels| Some(levels.tmax_h), &time))
                    (row(&format!("area under the level, all of it, {unit}·h"), &|levels| Some(levels.auc), &amount))
                    (row("after the last dose, until 5 % of the highest", &|levels| levels.to_five_percent_h, &time))
                }
            }
        }
    }
}

fn dominance(exposure: &Exposure) -> Markup {
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let share = exposure.dominance;
    html! {
        p .small .soft {
            "Of the spread of the highest level, " (percent(share.people)) " comes from differences between people, "
            (percent(share.parameters)) " from what is not known of the model and the form, "
            (percent(share.product)) " from what a dose holds."
        }
    }
}

/// Hours after the first and after the last dose that the second table shows.
const SHOWN_H: [f64; 8] = [0.5, 1.0, 2.0, 4.0, 8.0, 24.0, 48.0, 120.0];

/// The picture's data at some times.
fn by_time(exposure: &Exposure, analytes: &[Analyte<'_>]) -> Markup {
    let last = exposure.doses_h.last().copied().unwrap_or(0.0);
    let after = |start: f64| SHOWN_H.into_iter().map(move |hours| (start, hours));
    let mut rows: Vec<(f64, f64)> = after(0.0)
        .filter(|(_, hours)| exposure.doses_h.get(1).is_none_or(|second| hours <= second))
        .collect();
    if last > 0.0 {
        rows.extend(after(last));
    }
    let cell = |levels: &Levels, time: f64| {
        let index = levels.times_h.partition_point(|known| *known < time - 1e-9);
        let at = |percent: &str| {
            let level = *levels.quantiles.get(percent)?.get(index)?;
            // Far below what any laboratory can measure.
            Some(if level < 0.01 {
                "under 0.01".to_owned()
            } else {
                rounded(level)
            })
        };
        let exact = levels
            .times_h
            .get(index)
            .is_some_and(|known| (known - time).abs() < 3.0);
        exact
            .then(|| {
                Some(format!(
                    "{} ({} to {}; {} to {})",
                    at("50")?,
                    at("25")?,
                    at("75")?,
                    at("5")?,
                    at("95")?
                ))
            })
            .flatten()
            .unwrap_or_else(|| "–".to_owned())
    };
    html! {
        details {
            summary .small { "The pictures as numbers" }
            div .table tabindex="0" role="region" aria-label="Levels by time" {
                table {
                    thead { tr { th scope="col" { "Median (middle half; 9 of 10)" }
                        @for (_, name, levels) in analytes { th .n scope="col" { (name) ", " (levels.unit) } } } }
                    tbody {
                        @for (start, hours) in rows {
                            tr {
                                th scope="row" { (words::duration(hours)) " after the " (if start > 0.0 { "last" } else { "first" }) " dose" }
                                @for (_, _, levels) in analytes { td .n { (cell(levels, start + hours)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
