//! Levels over time as SVG: 90 % and 50 % bands, median, and the doses as a lane on the same axis.
//! Colours come from the page's style sheet, so that dark and print follow it; shapes carry the meaning.

use std::fmt::Write as _;

use ketum::body::Levels;
use maud::{Markup, PreEscaped, html};

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 226.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 42.0;
/// Room below the plot: dose lane, day labels.
const BOTTOM: f64 = 48.0;
/// Up to so many days one picture shows everything; a longer course is shown by its two ends.
const WHOLE_DAYS: f64 = 10.0;

/// What one picture shows, h after the first dose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    from_h: f64,
    to_h: f64,
    part: Part,
}

/// Which part of the course it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Start,
    End,
}

/// The pictures of a course: the whole, or its first three days and its end from two days before the
/// last dose on.
#[must_use]
pub fn windows(levels: &Levels, doses_h: &[f64]) -> Vec<Window> {
    let end = levels.times_h.last().copied().unwrap_or(1.0).max(1.0);
    let last = doses_h.last().copied().unwrap_or(0.0);
    let window = |from_h, to_h, part| Window { from_h, to_h, part };
    if end <= WHOLE_DAYS * 24.0 || last < 5.0 * 24.0 {
        return vec![window(0.0, end, Part::Whole)];
    }
    // Whole days, so that the labels fall on them.
    let from = ((last - 48.0) / 24.0).floor() * 24.0;
    vec![
        window(0.0, 72.0, Part::Start),
        window(from, end.min(from + 192.0), Part::End),
    ]
}

/// One picture.
#[must_use]
pub fn levels(id: &str, name: &str, levels: &Levels, doses_h: &[f64], window: Window) -> Markup {
    let high = levels.quantiles.get("95").map_or(&[][..], Vec::as_slice);
    let top = crate::plot::nice(high.iter().copied().fold(0.0, f64::max));
    let span = window.to_h - window.from_h;
    let x = |hours: f64| LEFT + (hours - window.from_h) / span * (WIDTH - LEFT - RIGHT);
    let y = |level: f64| TOP + (1.0 - level / top) * (HEIGHT - TOP - BOTTOM);
    let base = y(0.0);
    let band = |low: &str, high: &str| area(levels, window, low, high, &x, &y);
    let (first_day, last_day) = (window.from_h / 24.0, window.to_h / 24.0);
    let part = match window.part {
        Part::Whole => "all of it".to_owned(),
        Part::Start => "the first 3 days".to_owned(),
        Part::End => "the last days of use and after".to_owned(),
    };
    let title = format!(
        "{name}, {}, day {first_day:.0} to {last_day:.0}: {part}",
        levels.unit
    );
    let description = format!(
        "Highest level of the whole course: median {}, 90 % interval {} to {} {}. The tables below hold the numbers.",
        crate::words::rounded(levels.cmax.median),
        crate::words::rounded(levels.cmax.low),
        crate::words::rounded(levels.cmax.high),
        levels.unit
    );
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (title) }
            desc id=(format!("{id}-d")) { (description) }
            text .name x="0" y="12" { (name) ", " (levels.unit) }
            text .soft-text x="0" y="27" { (part) }
            @for share in [0.0, 0.5, 1.0] {
                line .axis x1=(px(LEFT)) x2=(px(WIDTH - RIGHT)) y1=(px(y(top * share))) y2=(px(y(top * share))) {}
                text x=(px(LEFT - 6.0)) y=(px(y(top * share) + 4.0)) text-anchor="end" { (crate::words::plain(top * share)) }
            }
            (PreEscaped(format!("<path class=\"outer\" d=\"{}\"/>", band("5", "95"))))
            (PreEscaped(format!("<path class=\"inner\" d=\"{}\"/>", band("25", "75"))))
            (PreEscaped(format!("<path class=\"median\" d=\"{}\"/>", line(levels, window, "50", &x, &y))))
            @for dose in doses_h.iter().filter(|dose| (window.from_h..=window.to_h).contains(*dose)) {
                (PreEscaped(triangle(x(*dose), base + 6.0)))
            }
            text .soft-text x=(px(LEFT - 6.0)) y=(px(base + 14.0)) text-anchor="end" { "doses" }
            @for day in days(first_day, last_day) {
                text .soft-text x=(px(x(day * 24.0))) y=(px(base + 31.0)) text-anchor="middle" { (crate::words::plain(day)) }
            }
            text .soft-text x=(px(WIDTH - RIGHT)) y=(px(HEIGHT - 3.0)) text-anchor="end" { "days after the first dose" }
        }
    }
}

/// Days to label: at most eight, evenly spaced.
fn days(first: f64, last: f64) -> impl Iterator<Item = f64> {
    let span = last - first;
    let step = [0.25, 0.5, 1.0, 2.0, 5.0, 7.0, 14.0, 28.0]
        .into_iter()
        .find(|step| span / step <= 7.5)
        .unwrap_or(56.0);
    (0..=(span / step) as usize).map(move |tick| first + tick as f64 * step)
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

/// Times of the window with their positions.
fn shown(levels: &Levels, window: Window) -> impl DoubleEndedIterator<Item = (usize, f64)> {
    levels
        .times_h
        .iter()
        .copied()
        .enumerate()
        .filter(move |(_, time)| (window.from_h..=window.to_h).contains(time))
}

fn line(
    levels: &Levels,
    window: Window,
    percent: &str,
    x: &dyn Fn(f64) -> f64,
    y: &dyn Fn(f64) -> f64,
) -> String {
    let mut path = String::new();
    let Some(values) = levels.quantiles.get(percent) else {
        return path;
    };
    for (index, time) in shown(levels, window) {
        let letter = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{:.1} {:.1}", x(time), y(values[index]));
    }
    path
}

fn area(
    levels: &Levels,
    window: Window,
    low: &str,
    high: &str,
    x: &dyn Fn(f64) -> f64,
    y: &dyn Fn(f64) -> f64,
) -> String {
    let mut path = line(levels, window, high, x, y);
    let Some(lower) = levels.quantiles.get(low) else {
        return path;
    };
    for (index, time) in shown(levels, window).rev() {
        let _ = write!(path, "L{:.1} {:.1}", x(time), y(lower[index]));
    }
    path.push('Z');
    path
}

fn triangle(x: f64, y: f64) -> String {
    format!("<path class=\"dose\" d=\"M{x:.1} {y:.1}l4 8h-8z\"/>")
}
