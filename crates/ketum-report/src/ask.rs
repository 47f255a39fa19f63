//! An answer to a question, for reading in a terminal.

use std::fmt::Write as _;

use ketum::ask::Answer;
use ketum_core::evidence::Claim;

use crate::terminal::{Style, wrap};
use crate::{emergency, words};

/// The answer as text.
#[must_use]
pub fn text(answer: &Answer, colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    for flag in &answer.emergency {
        out.push_str(&emergency::flag(flag, style));
    }
    if answer.nothing_found {
        out.push_str(&wrap(
            "Nothing in this catalogue fits the question. That does not say there is nothing to know: try \
             other words, or `ketum evidence` for the topics.",
            "",
            "",
        ));
        return out;
    }
    for (index, short) in answer.short.iter().enumerate() {
        let lead = ["In short: ", "          "][index.min(1)];
        let line = format!(
            "{} ({})",
            short.statement,
            words::certainty(short.certainty)
        );
        out.push_str(&style.bold(&wrap(&line, lead, "          ")));
    }
    if !answer.words_unknown.is_empty() {
        let words = answer.words_unknown.join(", ");
        out.push_str(&wrap(
            &format!(
                "No statement here speaks of: {words}. What follows fits the rest of the question."
            ),
            "",
            "",
        ));
    }
    for claim in &answer.statements {
        one(&mut out, claim, style);
    }
    if !answer.otherwise.is_empty() {
        let _ = writeln!(out, "{}", style.bold("Other sources say otherwise"));
        for claim in &answer.otherwise {
            one(&mut out, claim, style);
        }
    }
    if !answer.not_known.is_empty() {
        let _ = writeln!(out, "{}", style.bold("Looked for and not known"));
        for claim in &answer.not_known {
            one(&mut out, claim, style);
        }
    }
    let _ = writeln!(out, "{}", style.bold("Sources"));
    for (id, source) in &answer.sources {
        out.push_str(&wrap(
            &words::reference(source),
            &format!("  [{id}] "),
            "      ",
        ));
    }
    out
}

fn one(out: &mut String, claim: &Claim, style: Style) {
    out.push_str(&wrap(&claim.statement.en, "- ", "  "));
    let n = claim.n.map_or_else(String::new, |n| format!(", n = {n}"));
    let cited: Vec<String> = claim
        .sources
        .iter()
        .map(|citation| format!("{}, {}", citation.source, words::locator(citation)))
        .collect();
    let line = format!(
        "{}; {}{n}; {} [{}]",
        words::certainty(claim.certainty),
        words::design(claim.design),
        cited.join("; "),
        claim.id
    );
    out.push_str(&style.dim(&wrap(&line, "  ", "  ")));
}
