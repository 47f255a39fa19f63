//! The sections of the page, each from the assessment alone.

use ketum::assessment::Assessment;
use ketum::body::{Exposure, Levels, Spread};
use ketum::product::AnalyteDose;
use ketum_core::emergency::Urgency;
use ketum_core::evidence::Claim;
use ketum_core::finding::{Action, Finding};
use maud::{Markup, html};

use super::chart;
use crate::assessment::{answer_sentences, origin};
use crate::words::{self, two_digits};

pub(super) fn emergency(assessment: &Assessment) -> Markup {
    let emergency = &assessment.emergency;
    html! {
        @for flag in &emergency.red_flags {
            section .flag role="alert" {
                h2 {
                    (match flag.urgency {
                        Urgency::Ambulance => "Call an ambulance now",
                        Urgency::CrisisLine => "Call a crisis line now",
                        Urgency::SameDay => "See a doctor today",
                    }) ": " (flag.title.en)
                }
                @if let Some(place) = &emergency.help {
                    p { strong { (place.name.en) ": " (place.ambulance.number) }
                        @if let Some(poison) = &place.poison { "; poison information " strong { (poison.number) } }
                        @if let Some(crisis) = &place.crisis { "; thoughts of suicide " strong { (crisis.number) } } }
                } @else { p { (emergency.elsewhere) } }
                ol { @for act in &flag.act { li { (act.en) } } }
                @if !flag.avoid.is_empty() { ul .plain { @for avoid in &flag.avoid { li { (avoid.en) } } } }
            }
        }
    }
}

pub(super) fn answer(assessment: &Assessment) -> Markup {
    html! {
        section .answer aria-label="Answer" {
            @for sentence in answer_sentences(assessment) { p { (sentence) } }
            @if !assessment.not_assessed.is_empty() {
                ul .plain {
                    @for one in &assessment.not_assessed {
                        li { "Not judged: “" (one.given) "” – " (one.why)
                            @if !one.suggestions.is_empty() { ". Did you mean " (one.suggestions.join(" or ")) "?" } }
                    }
                }
            }
            @for warning in &assessment.warnings { p { "Please check: " (warning) } }
        }
    }
}

pub(super) fn levels(assessment: &Assessment) -> Markup {
    let Some(exposure) = &assessment.exposure else {
        return html! {
            @if let Some(reason) = &assessment.not_simulated {
                section { h2 { "Levels" } p { "Not simulated: " (reason.reason) } }
            }
        };
    };
    html! {
        section {
            h2 { "Levels over time" }
            @for warning in &exposure.warnings { p { strong { "Mind: " } (warning) } }
            @if !exposure.extrapolation.is_empty() {
                p { strong { "Outside what was studied: " } (exposure.extrapolation.join("; ")) "." }
            }
            figure {
                @if exposure.mitragynine.cmax.high > 0.0 {
                    (chart::levels("mg", "Mitragynine", &exposure.mitragynine, &exposure.doses_h))
                }
                (chart::levels("oh", "7-hydroxymitragynine", &exposure.seven_hydroxymitragynine, &exposure.doses_h))
                figcaption { "Line: half of people like this one lie below. Dark band: the middle half. Light band: 9 of 10. "
                    (exposure.people) " simulated people." }
            }
            (table(exposure))
        }
    }
}

fn table(exposure: &Exposure) -> Markup {
    let (parent, metabolite) = (&exposure.mitragynine, &exposure.seven_hydroxymitragynine);
    let cell = |spread: Option<Spread>| {
        spread.map_or_else(
            || "not reached in the time followed".to_owned(),
            |spread| {
                format!(
                    "{} ({} to {})",
                    two_digits(spread.median),
                    two_digits(spread.low),
                    two_digits(spread.high)
                )
            },
        )
    };
    let row = |name: &str, value: &dyn Fn(&Levels) -> Option<Spread>| {
        html! {
            tr { th scope="row" { (name) } td .n { (cell(value(parent))) } td .n { (cell(value(metabolite))) } }
        }
    };
    let share = exposure.dominance;
    html! {
        div .table tabindex="0" role="region" aria-label="Levels as numbers" {
            table {
                thead { tr { th scope="col" { "Median (90 % interval)" } th .n scope="col" { "mitragynine" } th .n scope="col" { "7-hydroxymitragynine" } } }
                tbody {
                    (row(&format!("highest level, {}", parent.unit), &|levels| Some(levels.cmax)))
                    (row("its time, h after the first dose", &|levels| Some(levels.tmax_h)))
                    (row(&format!("area under the level, {}·h", parent.unit), &|levels| Some(levels.auc)))
                    (row("h after the last dose until 5 % of the highest", &|levels| levels.to_five_percent_h))
                }
            }
        }
        p .small .soft {
            "Of the spread of the highest level, " (percent(share.people)) " comes from differences between people, "
            (percent(share.parameters)) " from what is not known of the model and the form, "
            (percent(share.product)) " from what a dose holds."
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

pub(super) fn product(assessment: &Assessment) -> Markup {
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
                            @for (id, dose) in &product.analytes { (row(id.as_str(), dose)) }
                            @if let Some(cup) = &product.mitragynine_in_cup { (row("mitragynine that reaches the cup", cup)) }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn findings(assessment: &Assessment) -> Markup {
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
                div class=(if *action <= Action::DoNotCombine { "group urgent" } else if *action == Action::ClinicianFirst { "group first" } else { "group" }) {
                    h3 { (words::action(*action)) }
                    @for finding in members { (one(finding)) }
                }
            }
        }
    }
}

fn one(finding: &Finding) -> Markup {
    html! {
        article .finding {
            p { (finding.statement) @if finding.needs_checking { " " strong { "(needs checking)" } } }
            @if let Some(next) = &finding.do_next { p { strong { "Next: " } (next) } }
            ul .tags {
                li { (words::harm(finding.harm)) }
                li { (words::likelihood(finding.likelihood)) }
                li { (words::certainty(finding.certainty)) }
            }
            details {
                summary .small { "Basis" }
                ul .plain .small {
                    @if let Some(change) = &finding.would_change { li { "What would change it: " (change) } }
                    li { "Because of: " (finding.basis.inputs_used.join(", ")) }
                    li { "For: " (finding.basis.domain) }
                    li { "Evidence: " @for (index, claim) in finding.claims.iter().enumerate() { @if index > 0 { ", " } a href=(format!("#{claim}")) { (claim) } } }
                }
            }
        }
    }
}

pub(super) fn law(assessment: &Assessment) -> Markup {
    let law = &assessment.law;
    html! {
        section {
            h2 { "Law" }
            p { (law.statement) " Status: " (law.status) "." }
            @for answer in law.answer.iter().chain(&law.route) {
                h3 { (answer.name) " (" (answer.place) "), " (answer.date) @if answer.stale { ", past its review date" } }
                p { (crate::law::words::place_verdict(answer.verdict)) }
                ul .plain { @for reason in &answer.reasons { li { (reason) } } }
                @if !answer.requirements.is_empty() {
                    p .small { "Also asked:" }
                    ul .plain .small { @for requirement in &answer.requirements { li { (requirement.text) } } }
                }
                details { summary .small { "Sources of law" }
                    ul .plain .small .sources { @for source in &answer.sources { li { (source.title) @if let Some(published) = &source.published { ", " (published) } @if let Some(locator) = &source.locator { ". " (locator) } } } }
                }
            }
            @if let Some(first) = law.answer.iter().chain(&law.route).next() { p .small .soft { (first.disclaimer) } }
        }
    }
}

pub(super) fn not_known(assessment: &Assessment) -> Markup {
    html! {
        @if !assessment.not_known.is_empty() {
            section {
                h2 { "Looked for and not known" }
                ul .plain { @for gap in &assessment.not_known { li { (gap.what) span .soft .small { " (as of " (gap.as_of) ")" } } } }
            }
        }
    }
}

pub(super) fn basis(assessment: &Assessment) -> Markup {
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

pub(super) fn sources(assessment: &Assessment) -> Markup {
    html! {
        section {
            h2 { "Evidence and sources" }
            details {
                summary { (assessment.claims.len()) " statements with certainty, and where each stands" }
                ul .plain .small .sources { @for claim in &assessment.claims { (claim_item(claim)) } }
            }
            h3 { "Sources" }
            ol .small .sources {
                @for named in &assessment.sources { li id=(format!("source-{}", named.id)) { (words::reference(&named.source)) } }
            }
        }
    }
}

fn claim_item(claim: &Claim) -> Markup {
    let n = claim.n.map_or_else(String::new, |n| format!(", n = {n}"));
    html! {
        li id=(claim.id) {
            (claim.statement.en) " "
            span .soft {
                (words::certainty(claim.certainty)) ": " (claim.certainty_why) " " (words::design(claim.design)) (n) "; " (claim.population) ". "
                @for (index, citation) in claim.sources.iter().enumerate() {
                    @if index > 0 { "; " }
                    a href=(format!("#source-{}", citation.source)) { (citation.source) } " (" (words::locator(citation)) ")"
                }
                "."
            }
        }
    }
}
