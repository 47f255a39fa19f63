//! Milligrams of each alkaloid in a dose.

use ketum::assessment::Assessment;
use ketum::product::AnalyteDose;
use maud::{Markup, html};

use crate::assessment::{doses, origin};
use crate::words::two_digits;

pub(in crate::html) fn product(assessment: &Assessment) -> Markup {
    let product = &assessment.product;
    let row = |name: &str, dose: &AnalyteDose| {
        html! {
            tr {
                th scope="row" { (name) }
                td .n { @match dose.median_mg {
                    Some(median) => { (two_digits(median)) " mg (" (two_digits(dose.low_mg)) " to " (two_digits(dose.high_mg)) ")" }
                    None => { (two_digits(dose.low_mg)) " to " (two_digits(dose.high_mg)) " mg" }
                } }
                td { (origin(dose.origin)) ": " (dose.basis) }
            }
        }
    };
    html! {
        section {
            h2 { "In one dose" }
            @if let Some(reason) = &product.not_converted { p { (reason) } }
            @if !product.analytes.is_empty() {
                div .table tabindex="0" role="region" aria-label="Alkaloids in one dose" {
                    table {
                        thead { tr { th scope="col" { "alkaloid" } th .n scope="col" { "mg (90 %)" } th scope="col" { "from" } } }
                        tbody {
                            @for (id, dose) in doses(product) { (row(id.as_str(), dose)) }
                            @if let Some(cup) = &product.mitragynine_in_cup { (row("mitragynine that reaches the cup", cup)) }
                        }
                    }
                }
            }
        }
    }
}
