//! Figures as SVG: intervals against published numbers. Drawn from numbers others computed.

use std::fmt::Write as _;

use ketum::model::validate::Compared;

const LEFT: f64 = 330.0;
const WIDTH: f64 = 760.0;
const ROW: f64 = 22.0;
const LOWEST: f64 = 0.25;
const HIGHEST: f64 = 4.0;

/// Characters that mean something in markup, written out.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn x(fold: f64) -> f64 {
    let share = (ln(fold.clamp(LOWEST, HIGHEST)) - ln(LOWEST)) / (ln(HIGHEST) - ln(LOWEST));
    LEFT + share * (WIDTH - LEFT - 20.0)
}

fn ln(value: f64) -> f64 {
    ketum::model::log(value)
}

/// Predicted over published for each number, with the interval of the simulated trials: the vertical line
/// in the middle is the published number.
pub(super) fn forest(title: &str, rows: &[&Compared]) -> String {
    let height = 54.0 + ROW * rows.len() as f64;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\"><title>{}</title>",
        escape(title),
        escape(title)
    );
    let bottom = height - 26.0;
    for (fold, label) in [
        (0.25, "1/4"),
        (0.5, "1/2"),
        (0.667, "1/1.5"),
        (1.0, "as published"),
        (1.5, "1.5"),
        (2.0, "2"),
        (4.0, "4"),
    ] {
        let class = if fold == 1.0 { "one" } else { "grid" };
        let at = x(fold);
        let _ = writeln!(
            out,
            "<line class=\"{class}\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"14\" y2=\"{bottom:.1}\"/>\
             <text class=\"axis\" x=\"{at:.1}\" y=\"{:.1}\">{label}</text>",
            bottom + 16.0
        );
    }
    for (at, row) in rows.iter().enumerate() {
        let y = 28.0 + ROW * at as f64;
        let inside = (row.low..=row.high).contains(&row.observed);
        let class = if inside { "in" } else { "out" };
        let _ = writeln!(
            out,
            "<text class=\"name\" x=\"{:.1}\" y=\"{:.1}\">{} {}</text>\
             <line class=\"band {class}\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>",
            LEFT - 8.0,
            y + 4.0,
            escape(row.study.as_str()),
            escape(row.statistic.as_str()),
            x(row.low / row.observed),
            x(row.high / row.observed),
        );
        // Shape as well as colour: a square where the published number lies outside.
        let middle = x(row.fold);
        let _ = if inside {
            writeln!(
                out,
                "<circle class=\"{class}\" cx=\"{middle:.1}\" cy=\"{y:.1}\" r=\"4\"/>"
            )
        } else {
            writeln!(
                out,
                "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"9\" height=\"9\"/>",
                middle - 4.5,
                y - 4.5
            )
        };
    }
    out.push_str("</svg>\n");
    out
}

/// Published against predicted on logarithmic axes, all numbers of one unit kind together, each over its
/// own published value's decade.
pub(super) fn scatter(title: &str, unit: &str, rows: &[&Compared]) -> String {
    let side = 380.0;
    let margin = 48.0;
    let values = || {
        rows.iter()
            .flat_map(|row| [row.observed, row.predicted, row.low, row.high])
    };
    let low = values().fold(f64::INFINITY, f64::min) / 1.2;
    let high = values().fold(0.0, f64::max) * 1.2;
    if !(low > 0.0 && high.is_finite()) {
        return String::new();
    }
    let place = |value: f64| (ln(value) - ln(low)) / (ln(high) - ln(low)) * (side - 2.0 * margin);
    let across = |value: f64| margin + place(value);
    let up = |value: f64| side - margin - place(value);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg viewBox=\"0 0 {side} {side}\" class=\"square\" role=\"img\" aria-label=\"{}\"><title>{}</title>",
        escape(title),
        escape(title)
    );
    let _ = writeln!(
        out,
        "<line class=\"one\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
        across(low),
        up(low),
        across(high),
        up(high)
    );
    let mut tick = 1e-3;
    while tick < high {
        for step in [1.0, 2.0, 5.0] {
            let value = tick * step;
            if value > low && value < high {
                let _ = writeln!(
                    out,
                    "<line class=\"grid\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1:.1}\" y2=\"{2:.1}\"/>\
                     <text class=\"axis\" x=\"{0:.1}\" y=\"{3:.1}\">{4}</text>\
                     <text class=\"name\" x=\"{5:.1}\" y=\"{6:.1}\">{4}</text>",
                    across(value),
                    up(low),
                    up(high),
                    side - margin + 16.0,
                    super::digits(value)
                        .trim_end_matches('0')
                        .trim_end_matches('.'),
                    margin - 6.0,
                    up(value) + 4.0
                );
            }
        }
        tick *= 10.0;
    }
    for row in rows {
        let inside = (row.low..=row.high).contains(&row.observed);
        let class = if inside { "in" } else { "out" };
        let _ = writeln!(
            out,
            "<line class=\"band {class}\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1:.1}\" y2=\"{2:.1}\"/>\
             <circle class=\"{class}\" cx=\"{0:.1}\" cy=\"{3:.1}\" r=\"4\"/>",
            across(row.observed),
            up(row.low),
            up(row.high),
            up(row.predicted)
        );
    }
    let _ = writeln!(
        out,
        "<text class=\"axis\" x=\"{:.1}\" y=\"{:.1}\">published, {}</text>\
         <text class=\"axis\" transform=\"translate(12 {:.1}) rotate(-90)\">predicted, {}</text></svg>",
        side / 2.0,
        side - 8.0,
        escape(unit),
        side / 2.0,
        escape(unit)
    );
    out
}
