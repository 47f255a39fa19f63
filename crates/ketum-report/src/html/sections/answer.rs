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
                @if emergency.red_flags.len() == 1 && !emergency.reported.is_empty() {
                    h2 { (words::urgency(flag.urgency)) ": you reported " (emergency.reported.join(", ")) }
                    p { "These can be signs of what is meant here: " (flag.title.en) "." }
                } @else {
                    h2 { (words::urgency(flag.urgency)) ": " (flag.title.en) }
                    @if !emergency.reported.is_empty() { p { "You reported: " (emergency.reported.join(", ")) "." } }
                }
                @if let Some(place) = &emergency.help {
                    p {
                        @if flag.urgency == Urgency::SameDay { "If it turns into an emergency: " }
                        strong { (place.name.en) ": " (place.ambulance.number) }
                        @if let Some(poison) = &place.poison { "; poison information " strong { (poison.number) } }
                        @if flag.urgency == Urgency::CrisisLine {
                            @if let Some(crisis) = &place.crisis { "; thoughts of suicide " strong { (crisis.number) } }
                        }
                    }
                } @else { p { (emergency.elsewhere) } }
                ol { @for act in flag.act.iter().chain(&flag.avoid) { li { (act.en) } } }
                p .small { strong { "Signs of it: " } @for sign in &flag.see { (sign.en) " " } }
            }
        }
    }
}

pub(in crate::html) fn answer(assessment: &Assessment) -> Markup {
    let brief = brief(assessment);
    html! {
        section .answer aria-label="In one minute" {
            @if !brief.short.is_empty() {
                h2 { "In short" }
                @for short in &brief.short {
                    p .short { (short.sentence) @if let Some(sure) = &short.sure { " " span .soft { "(" (sure) ")" } } }
                }
            }
            @if !brief.names.is_empty() {
                h2 { "A name that is not known here" }
                ul .matters { @for name in &brief.names { li { (name) } } }
            }
            @if !brief.next.is_empty() {
                h2 { "What to do next" }
                ul .matters { @for step in &brief.next { li { (step) } } }
            }
            @if let Some(flag) = &assessment.emergency.signs_to_know {
                p .signs { strong { (words::signs_to_know(flag, &assessment.emergency)) } }
            }
            @if !brief.matters.is_empty() {
                h2 { (brief.heading) }
                @if brief.matters.iter().all(|matter| matter.action > Action::ClinicianFirst) {
                    @if let Some(remark) = &brief.remark { p { (remark) } }
                }
                ul .matters {
                    @for matter in &brief.matters {
                        li {
                            @if let Some(label) = &matter.label { strong class=(urgency(matter.action)) { (label) ":" } " " }
                            (matter.sentence) " "
                            span .soft { "(" (matter.sure) ")" }
                        }
                    }
                }
                @if brief.matters.iter().any(|matter| matter.action <= Action::ClinicianFirst) {
                    @if let Some(remark) = &brief.remark { p .soft { (remark) } }
                }
            } @else if let Some(remark) = &brief.remark { p { (remark) } }
            (on_question(assessment))
            @if let Some(incomplete) = brief.incomplete { p { strong { (incomplete) } } }
            @if !assessment.not_assessed.is_empty() {
                ul .plain {
                    @for one in assessment.not_assessed.iter().filter(|one| one.suggestions.is_empty()) {
                        li { "“" (one.given) "”: " (one.why) }
                    }
                }
            }
            @for warning in &assessment.warnings { p { "Please check: " (warning) } }
            p .soft .small { (words::CERTAINTY_KEY) }
        }
    }
}

/// What the catalogue holds on the question itself.
fn on_question(assessment: &Assessment) -> Markup {
    let claims: Vec<_> = words::on_question(assessment).collect();
    html! {
        @if !claims.is_empty() {
            h2 { "What is known on the question" }
            ul .matters {
                @for claim in claims {
                    li { (claim.statement.en) " " span .soft { "(" a href=(format!("#{}", claim.id)) { (words::certainty(claim.certainty)) } ")" } }
                }
            }
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
