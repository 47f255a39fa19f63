//! Sections of the page: the other alkaloids, and what measured levels of the person change.

use ketum::assessment::Assessment;
use maud::{Markup, html};

use crate::levels::{notes, other_headings, other_notes, other_rows, present_rows};
use crate::words::two_digits;

pub(super) fn others(assessment: &Assessment) -> Markup {
    let Some(exposure) = &assessment.exposure else {
        return html! {};
    };
    let others = &exposure.other_alkaloids;
    if others.alkaloids.is_empty() && others.not_simulated.is_none() {
        return html! {};
    }
    let headings = other_headings(others);
    html! {
        section {
            h2 { "Other alkaloids of the leaf" }
            @if !others.alkaloids.is_empty() {
                div .table tabindex="0" role="region" aria-label="Levels of the other alkaloids" {
                    table {
                        thead { tr { @for (at, heading) in headings.iter().enumerate() { @if at == 0 { th scope="col" { (heading) } } @else { th .n scope="col" { (heading) } } } } }
                        tbody {
                            @for row in other_rows(others) {
                                tr { th scope="row" { (row[0]) } @for cell in &row[1..] { td .n { (cell) } } }
                            }
                        }
                    }
                }
                p .small .soft { "Milligrams in one dose; median and 90 % interval. Last column: median area over that of mitragynine." }
            }
            @for note in other_notes(others) { p { (note) } }
        }
    }
}

pub(super) fn measured(assessment: &Assessment) -> Markup {
    let Some(present) = assessment
        .exposure
        .as_ref()
        .and_then(|exposure| exposure.measured.as_ref())
    else {
        return html! {};
    };
    html! {
        section {
            h2 { "With the measured level" }
            @for used in &present.used {
                p { "Measured: " (used.given) ". The doses alone lead one to expect "
                    (two_digits(used.expected[1])) " ng/mL (" (two_digits(used.expected[0])) " to " (two_digits(used.expected[2])) ")." }
            }
            @for not in &present.not_used { p { "Not used: " (not.given) ": " (not.why) } }
            @if present.strained { p { strong { "Mind: " } "the measured level fits the doses, the product or the times given badly; what stands below rests on few simulated people." } }
            @if let Some(after) = &present.after {
                @for (before, after) in present.before.iter().zip(after) {
                    div .table tabindex="0" role="region" aria-label=(format!("{} after the last dose", before.analyte)) {
                        table {
                            thead { tr { th scope="col" { "h after the last dose" } th .n scope="col" { (before.analyte) ", " (before.unit) ", from the doses alone" } th .n scope="col" { "with what was measured" } } }
                            tbody { @for row in present_rows(present, before, after) { tr { th scope="row" { (row[0]) } td .n { (row[1]) } td .n { (row[2]) } } } }
                        }
                    }
                }
            }
            @for note in notes() { p .small .soft { (note) } }
        }
    }
}
