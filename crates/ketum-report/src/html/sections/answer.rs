//! Red flags, and what somebody must know who reads for one minute.

use ketum::assessment::Assessment;
use ketum_core::emergency::Urgency;
use ketum_core::finding::Action;
use maud::{Markup, html};

use crate::brief::brief;
use crate::words;

pub(in crate::html) fn emergency(assessment: &Assessment) -> Markup {
    let emergency = &assessment.emergency;
    html! {
        @for flag in &emergency.red_flags {
            section .flag aria-label="Emergency" {
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

pub(in crate::html) fn answer(assessment: &Assessment) -> Markup {
    let brief = brief(assessment);
    html! {
        section .answer aria-label="In one minute" {
            @if !brief.matters.is_empty() {
                h2 { "What matters most" }
                @if brief.matters.iter().all(|matter| matter.action > Action::ClinicianFirst) {
                    @if let Some(remark) = &brief.remark { p { (remark) } }
                }
                ul .matters {
                    @for matter in &brief.matters {
                        li {
                            strong class=(urgency(matter.action)) { (words::action(matter.action)) ":" }
                            " " (matter.sentence) " "
                            span .soft { "(" (words::certainty(matter.certainty)) ")" }
                        }
                    }
                }
                @if brief.matters.iter().any(|matter| matter.action <= Action::ClinicianFirst) {
                    @if let Some(remark) = &brief.remark { p .soft { (remark) } }
                }
            } @else if let Some(remark) = &brief.remark { p { (remark) } }
            @if !brief.next.is_empty() {
                h2 { "What to do next" }
                ul .matters { @for step in &brief.next { li { (step) } } }
            }
            @if brief.level.is_some() || brief.law.is_some() {
                h2 { "Levels and law" }
                @if let Some(level) = &brief.level { p { (level) } }
                @if let Some(law) = &brief.law { p { (law) } }
            }
            @if let Some(incomplete) = brief.incomplete { p { strong { (incomplete) } } }
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

/// Class of the colour of an action; the words say the same.
pub(super) fn urgency(action: Action) -> &'static str {
    match action {
        Action::Emergency | Action::DoNotCombine => "urgent",
        Action::ClinicianFirst => "first",
        _ => "calm",
    }
}
