//! Tile map of the states: every state the same area, leaf on the left, 7-OH on the right.
//!
//! Letters carry the meaning, colour repeats it, a star marks what is past its review date. Every tile
//! has a title that says the same in words.

use std::fmt::Write as _;

use ketum::law::{Cell, TableRow};
use ketum_core::date::Date;
use ketum_core::law::Activity;

use super::html::escape;
use super::words::{LETTERS, activity as activity_words, colours, letter, status};

/// Column and row of each state.
const TILES: &[(&str, u16, u16)] = &[
    ("AK", 0, 0),
    ("ME", 10, 0),
    ("WI", 5, 1),
    ("VT", 9, 1),
    ("NH", 10, 1),
    ("WA", 0, 2),
    ("ID", 1, 2),
    ("MT", 2, 2),
    ("ND", 3, 2),
    ("MN", 4, 2),
    ("IL", 5, 2),
    ("MI", 6, 2),
    ("NY", 8, 2),
    ("MA", 9, 2),
    ("OR", 0, 3),
    ("NV", 1, 3),
    ("WY", 2, 3),
    ("SD", 3, 3),
    ("IA", 4, 3),
    ("IN", 5, 3),
    ("OH", 6, 3),
    ("PA", 7, 3),
    ("NJ", 8, 3),
    ("CT", 9, 3),
    ("RI", 10, 3),
    ("CA", 0, 4),
    ("UT", 1, 4),
    ("CO", 2, 4),
    ("NE", 3, 4),
    ("MO", 4, 4),
    ("KY", 5, 4),
    ("WV", 6, 4),
    ("VA", 7, 4),
    ("MD", 8, 4),
    ("DE", 9, 4),
    ("AZ", 1, 5),
    ("NM", 2, 5),
    ("KS", 3, 5),
    ("AR", 4, 5),
    ("TN", 5, 5),
    ("NC", 6, 5),
    ("SC", 7, 5),
    ("DC", 8, 5),
    ("OK", 3, 6),
    ("LA", 4, 6),
    ("MS", 5, 6),
    ("AL", 6, 6),
    ("GA", 7, 6),
    ("HI", 0, 7),
    ("TX", 3, 7),
    ("FL", 8, 7),
];

const TILE: u16 = 68;
const GAP: u16 = 6;
const LEFT: u16 = 20;
const TOP: u16 = 92;

/// The map as one SVG document.
#[must_use]
pub fn svg(rows: &[TableRow], date: Date, activity: Activity) -> String {
    let width = LEFT * 2 + 11 * (TILE + GAP) - GAP;
    let map_height = 8 * (TILE + GAP);
    let used: Vec<&(char, &str)> = LETTERS
        .iter()
        .filter(|(mark, _)| {
            rows.iter().any(|row| {
                row.place.starts_with("US-")
                    && (letter(row.leaf.status) == *mark || letter(row.seven_oh.status) == *mark)
            })
        })
        .collect();
    let legend_rows = u16::try_from(used.len().div_ceil(3)).unwrap_or(4);
    let height = TOP + map_height + 20 + legend_rows * 26 + 64;
    let title = format!(
        "{}: kratom by state, {date}",
        capital(activity_words(activity))
    );
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"map-title map-desc\" font-family=\"'DejaVu Sans', Verdana, sans-serif\">\n\
         <title id=\"map-title\">{}</title>\n\
         <desc id=\"map-desc\">One square per state. Left half: leaf. Right half: concentrated 7-OH. The same is listed in words in the table.</desc>\n\
         <style>.ground{{fill:#ffffff}}.ink{{fill:#1a1a1a}}@media(prefers-color-scheme:dark){{.ground{{fill:#16181c}}.ink{{fill:#ece9e4}}}}@media print{{.ground{{fill:#ffffff}}.ink{{fill:#1a1a1a}}}}</style>\n\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n\
         <text x=\"{LEFT}\" y=\"34\" font-size=\"22\" font-weight=\"bold\" class=\"ink\">{}</text>\n\
         <text x=\"{LEFT}\" y=\"60\" font-size=\"14\" class=\"ink\">Left: leaf. Right: concentrated 7-OH. The state's own rule, apart from federal law.</text>\n\
         <text x=\"{LEFT}\" y=\"80\" font-size=\"14\" class=\"ink\">* past its review date; the law may have changed since. ~ the source read does not name this act.</text>\n",
        escape(&title),
        escape(&title),
    );
    for (code, column, line) in TILES {
        let id = format!("US-{code}");
        let Some(row) = rows.iter().find(|row| row.place == id) else {
            continue;
        };
        tile(
            row,
            code,
            LEFT + column * (TILE + GAP),
            TOP + line * (TILE + GAP),
            &mut out,
        );
    }
    legend(&used, TOP + map_height + 20, &mut out);
    let foot = TOP + map_height + 20 + legend_rows * 26 + 26;
    let oldest = rows
        .iter()
        .filter(|row| row.place.starts_with("US-"))
        .map(|row| row.last_reviewed.as_str())
        .min()
        .unwrap_or("");
    let newest = rows
        .iter()
        .filter(|row| row.place.starts_with("US-"))
        .map(|row| row.last_reviewed.as_str())
        .max()
        .unwrap_or("");
    let _ = write!(
        out,
        "<text x=\"{LEFT}\" y=\"{foot}\" font-size=\"13\" class=\"ink\">Sources of these rows are dated {oldest} to {newest}. Counties and cities can be stricter.</text>\n\
         <text x=\"{LEFT}\" y=\"{}\" font-size=\"13\" class=\"ink\">Not legal advice. \"No rule found\" is not a permission.</text>\n</svg>\n",
        foot + 20
    );
    out
}

fn tile(row: &TableRow, code: &str, x: u16, y: u16, out: &mut String) {
    let said = |cell: &Cell| {
        let unnamed = if cell.act_named == Some(false) {
            " (act not named)"
        } else {
            ""
        };
        format!("{}{unnamed}", status(cell.status))
    };
    let words = format!(
        "{}: leaf {}, 7-OH {}; sources of {}",
        row.name,
        said(&row.leaf),
        said(&row.seven_oh),
        row.last_reviewed
    );
    let _ = write!(
        out,
        "<g role=\"img\" aria-label=\"{}\"><title>{}</title>",
        escape(&words),
        escape(&words)
    );
    let half = TILE / 2;
    for (cell, offset) in [(&row.leaf, 0), (&row.seven_oh, half)] {
        half_tile(cell, x + offset, y, half, out);
    }
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{TILE}\" height=\"{TILE}\" fill=\"none\" stroke=\"#1a1a1a\"/>\
         <rect x=\"{x}\" y=\"{y}\" width=\"{TILE}\" height=\"22\" fill=\"#ffffff\" stroke=\"#1a1a1a\"/>\
         <text x=\"{}\" y=\"{}\" font-size=\"14\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"#1a1a1a\">{code}</text></g>",
        x + half,
        y + 16
    );
}

fn half_tile(cell: &Cell, x: u16, y: u16, half: u16, out: &mut String) {
    let mark = letter(cell.status);
    let (fill, ink) = colours(mark);
    let _ = write!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{half}\" height=\"{TILE}\" fill=\"{fill}\" stroke=\"#1a1a1a\" stroke-width=\"0.5\"/>\
         <text x=\"{}\" y=\"{}\" font-size=\"22\" text-anchor=\"middle\" fill=\"{ink}\">{mark}</text>",
        x + half / 2,
        y + 52
    );
    if cell.act_named == Some(false) {
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{}\" font-size=\"16\" fill=\"{ink}\">~</text>",
            x + 3,
            y + 65
        );
    }
    if cell.stale {
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{}\" font-size=\"14\" text-anchor=\"end\" fill=\"{ink}\">*</text>",
            x + half - 2,
            y + 38
        );
    }
}

fn legend(used: &[&(char, &str)], top: u16, out: &mut String) {
    for (index, (mark, words)) in used.iter().enumerate() {
        let index = u16::try_from(index).unwrap_or(0);
        let (x, y) = (LEFT + (index % 3) * 262, top + (index / 3) * 26);
        let (fill, ink) = colours(*mark);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"24\" height=\"20\" fill=\"{fill}\" stroke=\"#1a1a1a\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\"14\" text-anchor=\"middle\" fill=\"{ink}\">{mark}</text>\
             <text x=\"{}\" y=\"{}\" font-size=\"13\" class=\"ink\">{words}</text>",
            x + 12,
            y + 15,
            x + 32,
            y + 15
        );
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_states_and_the_district_have_their_own_tile() {
        assert_eq!(TILES.len(), 51);
        for (index, (code, x, y)) in TILES.iter().enumerate() {
            assert!(*x < 11 && *y < 8, "{code}");
            for (other, ox, oy) in &TILES[..index] {
                assert!(other != code && (ox, oy) != (x, y), "{code} on {other}");
            }
        }
    }
}
