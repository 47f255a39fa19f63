//! The law at the place and date of the case.

use ketum::assessment::Assessment;
use maud::{Markup, html};

pub(in crate::html) fn law(assessment: &Assessment) -> Markup {
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
