//! What is not known, how the answer was worked out, and every statement with its sources.

use ketum::assessment::Assessment;
use ketum_core::evidence::Claim;
use ketum_core::finding::NotKnown;
use maud::{Markup, html};

use crate::words;

pub(in crate::html) fn not_known(assessment: &Assessment) -> Markup {
    let list = |gaps: &[NotKnown]| {
        html! {
            ul .plain { @for gap in gaps { li { (gap.what) span .soft .small { " (as of " (gap.as_of) ")" } } } }
        }
    };
    html! {
        @if !assessment.not_known.is_empty() || !assessment.not_known_further.is_empty() {
            section {
                h2 { "Looked for and not known" }
                (list(&assessment.not_known))
                @if !assessment.not_known_further.is_empty() {
                    details {
                        summary .small { (assessment.not_known_further.len()) " more on what is here for information" }
                        (list(&assessment.not_known_further))
                    }
                }
            }
        }
    }
}

pub(in crate::html) fn basis(assessment: &Assessment) -> Markup {
    html! {
        section {
            h2 { "How it was worked out" }
            ul .plain {
                li { "Doses: " (assessment.schedule.pattern) "." }
                @if let Some(exposure) = &assessment.exposure { li { "Model: " (exposure.model) ", " (exposure.people) " simulated people, seed " (assessment.seed) "." } }
            }
            @if !assessment.inputs_missing.is_empty() {
                p { "Not given, or a default was used:" }
                ul .plain .small { @for input in &assessment.inputs_missing { li { (input) } } }
            }
            @if !assessment.inputs_unused.is_empty() {
                ul .plain .small { @for input in &assessment.inputs_unused { li { (input) } } }
            }
        }
    }
}

pub(in crate::html) fn sources(assessment: &Assessment) -> Markup {
    html! {
        section {
            h2 { "Evidence and sources" }
            details {
                summary { (assessment.claims.len()) " statements with certainty, and where each stands" }
                ul .plain .small .sources { @for claim in &assessment.claims { (claim_item(claim, assessment)) } }
            }
            h3 { "Sources" }
            ol .small .sources {
                @for named in &assessment.sources { li id=(format!("source-{}", named.id)) { (words::reference(&named.source)) } }
            }
        }
    }
}

fn claim_item(claim: &Claim, assessment: &Assessment) -> Markup {
    let n = claim.n.map_or_else(String::new, |n| format!(", n = {n}"));
    let name = |id: &ketum_core::id::SourceId| {
        assessment
            .sources
            .iter()
            .find(|named| named.id == *id)
            .map_or_else(
                || id.to_string(),
                |named| words::short_reference(&named.source),
            )
    };
    html! {
        li id=(claim.id) {
            (claim.statement.en) " "
            span .soft {
                (words::sentence(words::certainty(claim.certainty))) ": " (claim.certainty_why) " " (words::sentence(words::design(claim.design))) (n) "; " (claim.population) ". "
                @for (index, citation) in claim.sources.iter().enumerate() {
                    @if index > 0 { "; " }
                    a href=(format!("#source-{}", citation.source)) { (name(&citation.source)) } " (" (words::locator(citation)) ")"
                }
                ". " code { (claim.id) }
            }
        }
    }
}
