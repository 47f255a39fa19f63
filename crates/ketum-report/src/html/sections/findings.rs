//! Findings, the most urgent first, each with its four words and what it rests on.

use ketum::assessment::Assessment;
use ketum_core::evidence::{Certainty, Claim};
use ketum_core::finding::{Action, Finding};
use maud::{Markup, html};

use super::answer::urgency;
use crate::words;

pub(in crate::html) fn findings(assessment: &Assessment) -> Markup {
    let mut groups: Vec<(Action, Vec<&Finding>)> = Vec::new();
    for finding in &assessment.findings {
        match groups.last_mut() {
            Some((action, members)) if *action == finding.action => members.push(finding),
            _ => groups.push((finding.action, vec![finding])),
        }
    }
    html! {
        section {
            h2 { "Findings" }
            @for (action, members) in &groups {
                div class=(format!("group {}", urgency(*action))) {
                    h3 { (words::action(*action)) }
                    @for finding in members { (one(finding, assessment)) }
                }
            }
        }
    }
}

fn one(finding: &Finding, assessment: &Assessment) -> Markup {
    html! {
        article .finding {
            p { (finding.statement) @if finding.needs_checking { " " strong { "(needs checking)" } } }
            @if let Some(next) = &finding.do_next { p { strong { "Next: " } (next) } }
            dl .tags {
                div { dt { "Harm" } dd { (words::harm(finding.harm)) } }
                div { dt { "How likely" } dd { (words::likelihood(finding.likelihood)) } }
                div { dt { "Certainty" } dd { (dots(finding.certainty)) (words::certainty_alone(finding.certainty)) } }
            }
            details {
                summary .small { "What it rests on" }
                ul .plain .small .rests {
                    @for claim in claims(finding, assessment) {
                        li { a href=(format!("#{}", claim.id)) { (cited(claim, assessment)) } ": " (words::certainty(claim.certainty)) }
                    }
                    @if let Some(change) = &finding.would_change { li { "What would change it: " (change) } }
                    li { "Because of: " (finding.basis.inputs_used.join(", ")) }
                    li { "For: " (finding.basis.domain) }
                }
            }
        }
    }
}

/// The claims of a finding, in its order.
fn claims<'a>(finding: &'a Finding, assessment: &'a Assessment) -> impl Iterator<Item = &'a Claim> {
    finding
        .claims
        .iter()
        .filter_map(|id| assessment.claims.iter().find(|claim| claim.id == *id))
}

/// The sources of a claim, named short.
fn cited(claim: &Claim, assessment: &Assessment) -> String {
    let names: Vec<String> = claim
        .sources
        .iter()
        .map(|citation| {
            assessment
                .sources
                .iter()
                .find(|named| named.id == citation.source)
                .map_or_else(
                    || citation.source.to_string(),
                    |named| words::short_reference(&named.source),
                )
        })
        .collect();
    names.join("; ")
}

/// Certainty as filled dots; the word beside it says the same.
fn dots(certainty: Certainty) -> Markup {
    let full = match certainty {
        Certainty::High => "●●●●",
        Certainty::Moderate => "●●●○",
        Certainty::Low => "●●○○",
        Certainty::VeryLow => "●○○○",
    };
    html! { span .dots aria-hidden="true" { (full) } " " }
}
