//! A claim, a source or a topic, for reading.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ketum_core::evidence::{Claim, ClaimKind, Source};
use ketum_core::id::SourceId;
use ketum_data::catalogue::Evidence;

use crate::terminal::{Style, wrap};
use crate::words;

/// What was found, as text.
#[must_use]
pub fn text(evidence: &Evidence<'_>, colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    match evidence {
        Evidence::Topics(topics) => {
            for (id, title, count) in topics {
                let _ = writeln!(out, "{:<24} {title} ({count})", id.as_str());
            }
        }
        Evidence::Topic {
            title,
            claims,
            sources,
        } => {
            let _ = writeln!(out, "{}\n", style.bold(title));
            for claim in claims {
                out.push_str(&one_claim(claim, style));
                out.push('\n');
            }
            out.push_str(&references(sources, style));
        }
        Evidence::Claim {
            topic,
            claim,
            conflicts,
            sources,
        } => {
            out.push_str(&one_claim(claim, style));
            let _ = writeln!(out, "  topic      {topic}");
            for conflict in conflicts {
                let _ = writeln!(out, "\n{}", style.bold("Says otherwise"));
                out.push_str(&one_claim(conflict, style));
            }
            out.push('\n');
            out.push_str(&references(sources, style));
        }
        Evidence::Source {
            id,
            source,
            cited_by,
        } => {
            out.push_str(&wrap(
                &words::reference(source),
                &format!("[{id}] "),
                "    ",
            ));
            let _ = writeln!(out, "    read {}", source.accessed);
            if let Some(note) = &source.note {
                out.push_str(&wrap(note, "    ", "    "));
            }
            let _ = writeln!(out, "\n{}", style.bold("Cited by"));
            for claim in cited_by {
                out.push_str(&wrap(
                    &claim.statement.en,
                    &format!("  {}: ", claim.id),
                    "      ",
                ));
            }
        }
    }
    out
}

fn one_claim(claim: &Claim, style: Style) -> String {
    let mut out = String::new();
    let label = match claim.kind {
        ClaimKind::Statement => "",
        ClaimKind::Gap => "Not known: ",
    };
    out.push_str(&wrap(&format!("{label}{}", claim.statement.en), "", ""));
    let mut row = |name: &str, value: &str| {
        out.push_str(&wrap(value, &format!("  {name:<10} "), "             "));
    };
    row("id", claim.id.as_str());
    row(
        "certainty",
        &format!(
            "{}: {}",
            words::certainty(claim.certainty),
            claim.certainty_why
        ),
    );
    let n = claim.n.map_or_else(String::new, |n| format!(", n = {n}"));
    row(
        "rests on",
        &format!("{}{n}; {}", words::design(claim.design), claim.population),
    );
    if let Some(quantity) = &claim.quantity {
        row("number", &words::quantity(quantity));
    }
    let kinds: Vec<&str> = claim
        .applies_to
        .iter()
        .map(|kind| words::applies_to(*kind))
        .collect();
    row("about", &kinds.join(", "));
    for citation in &claim.sources {
        row(
            "source",
            &format!("[{}] {}", citation.source, words::locator(citation)),
        );
    }
    row(
        "as of",
        &format!("{}; look again by {}", claim.as_of, claim.review_by),
    );
    let _ = style;
    out
}

fn references(sources: &BTreeMap<&SourceId, &Source>, style: Style) -> String {
    let mut out = format!("{}\n", style.bold("Sources"));
    for (id, source) in sources {
        out.push_str(&wrap(
            &words::reference(source),
            &format!("  [{id}] "),
            "      ",
        ));
    }
    out
}
