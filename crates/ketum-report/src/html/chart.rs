//! Levels over time as SVG: 90 % and 50 % bands, median, and the doses as a lane on the same axis.
//! Colours come from the page's style sheet, so that dark and print follow it; shapes carry the meaning.

use std::fmt::Write as _;

use ketum::body::Levels;
use maud::{Markup, PreEscaped, html};

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 22.0;
/// Room below the plot: dose lane, day labels.
const BOTTOM: f64 = 46.0;

/// One chart.
#[must_use]
pub fn levels(id: &str, name: &str, levels: &Levels, doses_h: &[f64]) -> Markup {
    let end = levels.times_h.last().copied().unwrap_or(1.0).max(1.0);
    let high = levels.quantiles.get("95").map_or(&[][..], Vec::as_slice);
    let top = crate::plot::nice(high.iter().copied().fold(0.0, f64::max));
    let x = |hours: f64| LEFT + hours / end * (WIDTH - LEFT - RIGHT);
    let y = |level: f64| TOP + (1.0 - level / top) * (HEIGHT - TOP - BOTTOM);
    let base = y(0.0);
    let band = |low: &str, high: &str| area(levels, low, high, &x, &y);
    let days = end / 24.0;
    let step = [1.0, 2.0, 5.0, 7.0, 14.0, 28.0]
        .into_iter()
        .find(|step| days / step <= 8.0)
        .unwrap_or(56.0);
    let ticks = (0..=(days / step) as usize).map(|tick| tick as f64 * step);
    let title = format!("{name} over {days:.0} days, {}", levels.unit);
    let description = format!(
        "Highest level: median {}, 90 % interval {} to {} {}. The table below holds the numbers.",
        crate::words::two_digits(levels.cmax.median),
        crate::words::two_digits(levels.cmax.low),
        crate::words::two_digits(levels.cmax.high),
        levels.unit
    );
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (title) }
            desc id=(format!("{id}-d")) { (description) }
            text x="0" y="12" { (name) ", " (levels.unit) }
            @for share in [0.0, 0.5, 1.0] {
                line .axis x1=(px(LEFT)) x2=(px(WIDTH - RIGHT)) y1=(px(y(top * share))) y2=(px(y(top * share))) {}
                text x=(px(LEFT - 6.0)) y=(px(y(top * share) + 4.0)) text-anchor="end" { (crate::words::plain(top * share)) }
            }
            (PreEscaped(format!("<path class=\"outer\" d=\"{}\"/>", band("5", "95"))))
            (PreEscaped(format!("<path class=\"inner\" d=\"{}\"/>", band("25", "75"))))
            (PreEscaped(format!("<path class=\"median\" d=\"{}\"/>", line(levels, "50", &x, &y))))
            @for dose in doses_h {
                (PreEscaped(triangle(x(*dose), base + 6.0)))
            }
            @for tick in ticks {
                text .soft-text x=(px(x(tick * 24.0))) y=(px(base + 30.0)) text-anchor="middle" { (crate::words::plain(tick)) }
            }
            text .soft-text x=(px(WIDTH - RIGHT)) y=(px(HEIGHT - 2.0)) text-anchor="end" { "days after the first dose; ▲ a dose" }
        }
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn line(levels: &Levels, percent: &str, x: &dyn Fn(f64) -> f64, y: &dyn Fn(f64) -> f64) -> String {
    let mut path = String::new();
    let values = levels.quantiles.get(percent).map_or(&[][..], Vec::as_slice);
    for (index, (time, value)) in levels.times_h.iter().zip(values).enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{:.1} {:.1}", x(*time), y(*value));
    }
    path
}

fn area(
    levels: &Levels,
    low: &str,
    high: &str,
    x: &dyn Fn(f64) -> f64,
    y: &dyn Fn(f64) -> f64,
) -> String {
    let mut path = line(levels, high, x, y);
    let lower = levels.quantiles.get(low).map_or(&[][..], Vec::as_slice);
    for (time, value) in levels.times_h.iter().zip(lower).rev() {
        let _ = write!(path, "L{:.1} {:.1}", x(*time), y(*value));
    }
    path.push('Z');
    path
}

fn triangle(x: f64, y: f64) -> String {
    format!("<path class=\"dose\" d=\"M{:.1} {:.1}l4 8h-8z\"/>", x, y)
}
