//! Milligrams of each alkaloid in a dose.

use ketum::assessment::Assessment;
use ketum::product::{AnalyteDose, ProductAnswer};
use maud::{Markup, html};

use crate::assessment::{doses, origin};
use crate::words::{self, two_digits};

pub(in crate::html) fn product(assessment: &Assessment) -> Markup {
    let product = &assessment.product;
    html! {
        section {
            h2 { "In one dose" }
            @if let Some(reason) = &product.not_converted { p { (reason) } }
            @if !product.analytes.is_empty() {
                div .table tabindex="0" role="region" aria-label="Alkaloids in one dose" {
                    table {
                        thead { tr { th scope="col" { "alkaloid" } th .n scope="col" { "mg (90 % interval)" } } }
                        @for (why, rows) in by_origin(product) {
                            tbody {
                                @for (name, dose) in rows {
                                    tr { th scope="row" { (name) } td .n { (milligrams(dose)) } }
                                }
                                tr { td .why .small colspan="2" { (why) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The alkaloids by where their numbers come from, which is said once for each.
fn by_origin(product: &ProductAnswer) -> Vec<(String, Vec<(&str, &AnalyteDose)>)> {
    let mut groups: Vec<(String, Vec<(&str, &AnalyteDose)>)> = Vec::new();
    let cup = product
        .mitragynine_in_cup
        .iter()
        .map(|cup| ("mitragynine that reaches the cup", cup));
    let in_product = doses(product)
        .into_iter()
        .map(|(id, dose)| (id.as_str(), dose));
    for (name, dose) in in_product.chain(cup) {
        let why = words::sentence(&format!("{}: {}.", origin(dose.origin), dose.basis));
        match groups.last_mut() {
            Some((last, rows)) if *last == why => rows.push((name, dose)),
            _ => groups.push((why, vec![(name, dose)])),
        }
    }
    groups
}

fn milligrams(dose: &AnalyteDose) -> String {
    let (low, high) = (two_digits(dose.low_mg), two_digits(dose.high_mg));
    match dose.median_mg {
        Some(median) => format!("{} mg ({low} to {high})", two_digits(median)),
        None => format!("{low} to {high} mg"),
    }
}
