//! A monitoring plan for reading: what, when, why, as options for a professional.

use std::fmt::Write as _;

use ketum::monitoring::MonitoringOption;
use maud::{Markup, html};

use crate::terminal::{Style, wrap};
use crate::words;

/// What stands above every plan.
pub const PREFACE: &str = "Options for a professional to review, not orders. \
No prescribed medicine is to be stopped because of them.";

/// The plan as text; empty where there is none.
#[must_use]
pub fn text(options: &[MonitoringOption], style: Style) -> String {
    if options.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", style.bold("What could be looked at"));
    out.push_str(&wrap(PREFACE, "  ", "  "));
    for option in options {
        let checking = if option.needs_checking {
            " (needs checking)"
        } else {
            ""
        };
        let _ = writeln!(out, "\n  {}{checking}", style.bold(&option.title));
        let mut line = |title: &str, text: &str| {
            out.push_str(&wrap(text, &format!("    {title:<9} "), "              "));
        };
        line("what", &option.what.join(", "));
        line("when", &option.timing);
        line("why", &option.why);
        line("look for", &option.look_for);
        line("then", &option.option);
        line("basis", &basis(option));
    }
    out.push('\n');
    out
}

/// The plan as a section of a page.
#[must_use]
pub fn section(options: &[MonitoringOption]) -> Markup {
    html! {
        @if !options.is_empty() {
            section {
                h2 { "What could be looked at" }
                p { (PREFACE) }
                div .table tabindex="0" role="region" aria-label="Monitoring options" {
                    table {
                        thead { tr {
                            th scope="col" { "what" } th scope="col" { "when" } th scope="col" { "why" }
                            th scope="col" { "look for" } th scope="col" { "a professional may consider" }
                        } }
                        tbody { @for option in options { (row(option)) } }
                    }
                }
            }
        }
    }
}

/// The plan as Markdown; empty where there is none.
#[must_use]
pub fn markdown(options: &[MonitoringOption]) -> String {
    if options.is_empty() {
        return String::new();
    }
    let mut out = format!("## What could be looked at\n\n{PREFACE}\n\n");
    for option in options {
        let _ = writeln!(
            out,
            "- **{}** ({}). When: {} Why: {} Look for: {} Then: {} *{}*",
            option.title,
            option.what.join(", "),
            option.timing,
            option.why,
            option.look_for,
            option.option,
            basis(option)
        );
    }
    out.push('\n');
    out
}

fn row(option: &MonitoringOption) -> Markup {
    html! {
        tr {
            th scope="row" { (option.title) @if option.needs_checking { " (needs checking)" } ": " span .soft { (option.what.join(", ")) } }
            td { (option.timing) }
            td { (option.why) }
            td { (option.look_for) }
            td { (option.option) span .small .soft { " " (basis(option)) } }
        }
    }
}

fn basis(option: &MonitoringOption) -> String {
    let claims: Vec<&str> = option
        .claims
        .iter()
        .map(ketum_core::id::ClaimId::as_str)
        .collect();
    format!(
        "{} Because of: {}; {} [{}]",
        option.domain,
        because(option),
        words::certainty(option.certainty),
        claims.join(", ")
    )
}

/// Why it concerns this case, in words.
fn because(option: &MonitoringOption) -> String {
    let words: Vec<String> = option
        .because
        .iter()
        .map(|word| match word.as_str() {
            "always" => "every case".to_owned(),
            word => word.replace('-', " "),
        })
        .collect();
    words.join(", ")
}
