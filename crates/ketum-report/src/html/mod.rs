//! The assessment as one HTML file: no script, no network, nothing outside the file.
//!
//! Order: emergency, answer, picture, table of the same data, findings, law, what is not known, how it was
//! worked out, sources, limits. The same components serve other pages.

mod chart;
mod levels;
mod sections;

use ketum::assessment::Assessment;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// The page.
#[must_use]
pub fn page(assessment: &Assessment) -> String {
    let title = assessment.title.as_deref().unwrap_or("Kratom case");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – ketum" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (title) }
                    @if let Some(question) = &assessment.question { p .soft { "Question: " (question) } }
                    (sections::emergency(assessment))
                    (sections::answer(assessment))
                    (sections::levels(assessment))
                    (levels::others(assessment))
                    (levels::measured(assessment))
                    (sections::product(assessment))
                    (crate::course::section(&assessment.course))
                    (sections::findings(assessment))
                    (crate::interaction::table(&assessment.interactions))
                    (crate::monitoring::section(&assessment.monitoring))
                    (sections::law(assessment))
                    (sections::not_known(assessment))
                    (sections::basis(assessment))
                    (sections::sources(assessment))
                }
                (foot(assessment))
            }
        }
    }
    .into_string()
}

fn foot(assessment: &Assessment) -> Markup {
    html! {
        footer {
            p { (assessment.intended_use) }
            p { "ketum, data version " (assessment.catalogue_version) ", seed " (assessment.seed)
                @if let Some(date) = assessment.date { ", as of " (date) } "." }
        }
    }
}
