//! Interactions for reading: the answer, a matrix of letters, the rows sorted by what to do, what is not
//! known, sources.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ketum::interaction::{Check, InteractionFinding, Mark, Ratio, Row};
use ketum_core::finding::Action;
use ketum_data::catalogue::Catalogue;
use maud::{Markup, html};

use crate::terminal::{Style, wrap};
use crate::words;

/// The answer as text.
#[must_use]
pub fn text(check: &Check, catalogue: &Catalogue, colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    out.push_str(&headline(check, style));
    out.push('\n');
    out.push_str(&matrix(&check.overview(catalogue), style));
    let mut last = None;
    for finding in &check.findings {
        if last != Some(finding.action) {
            let title = words::action(finding.action);
            let painted = if finding.action <= Action::DoNotCombine {
                style.alert(title)
            } else {
                style.bold(title)
            };
            let _ = writeln!(out, "\n{painted}");
            last = Some(finding.action);
        }
        out.push_str(&row(finding, catalogue, style));
    }
    out.push_str(&unknown(check, style));
    out.push_str(&rest(check, catalogue, style));
    out.push_str(&crate::monitoring::text(&check.monitoring, style));
    out.push_str(&screens(check, style));
    out.push_str(&sources(check, catalogue, style));
    out.push_str(&wrap(
        "Only what meets kratom and a few of the worst pairs among the others is checked here. \
         Never stop a prescribed medicine because of this list. Information and research; options for a \
         professional to review, not orders.",
        "\n",
        "",
    ));
    out
}

fn headline(check: &Check, style: Style) -> String {
    let Some(first) = check.findings.first() else {
        let text = if check.unknown_names.is_empty() {
            format!(
                "Nothing is known here of {} with what you named; that is not the same as no risk.",
                check.perpetrator
            )
        } else {
            "Not answered: a name is not known here, see below.".to_owned()
        };
        return wrap(&text, "", "");
    };
    let title = format!(
        "{}: {}",
        first.with.join(", "),
        words::action(first.action).to_lowercase()
    );
    let line = if first.action <= Action::DoNotCombine {
        style.alert(&title)
    } else {
        style.bold(&title)
    };
    let more = if check.complete {
        String::new()
    } else {
        "\nThis check is not complete: see what could not be judged below.\n".to_owned()
    };
    format!(
        "{line}\n{}{more}",
        wrap(
            &format!(
                "{} ({})",
                first.statement,
                words::certainty(first.certainty)
            ),
            "",
            ""
        )
    )
}

/// The letter of an action, from A (most urgent) on.
#[must_use]
pub fn letter(action: Action) -> char {
    match action {
        Action::Emergency => 'A',
        Action::DoNotCombine => 'B',
        Action::ClinicianFirst => 'C',
        Action::AdjustOrSpace => 'D',
        Action::Watch => 'E',
        Action::NoneKnown => 'F',
        Action::Inform => 'i',
    }
}

/// What to do in the fewest words, for a key.
fn short(action: Action) -> &'static str {
    match action {
        Action::Emergency => "emergency",
        Action::DoNotCombine => "do not combine",
        Action::ClinicianFirst => "clinician first",
        Action::AdjustOrSpace => "adjust or space",
        Action::Watch => "watch",
        Action::NoneKnown => "none known",
        Action::Inform => "information",
    }
}

/// Substances against effects and levels: the letter of the most urgent action of each, with the key of
/// the letters that occur. Empty where nothing was named.
#[must_use]
pub fn matrix(rows: &[Row], style: Style) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let width = rows
        .iter()
        .map(|row| row.name.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = format!("  {:width$}  effects  levels\n", "");
    let cell = |action: Option<Action>, columns: usize| {
        let text = action.map_or('-', letter);
        // Padding stands outside the colour, so that columns stay in line.
        format!(
            "{}{:columns$}",
            painted(action, &text.to_string(), style),
            ""
        )
    };
    for row in rows {
        let line = format!(
            "  {:width$}  {}{}{}",
            row.name,
            cell(row.effects, 8),
            cell(row.levels, 2),
            mark(row.mark)
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let used: BTreeSet<Action> = rows
        .iter()
        .flat_map(|row| [row.effects, row.levels])
        .flatten()
        .collect();
    let key: Vec<String> = used
        .into_iter()
        .map(|action| format!("{} {}", letter(action), short(action)))
        .chain(["- nothing found".to_owned()])
        .collect();
    let _ = writeln!(out, "  {}", style.dim(&key.join(" · ")));
    out
}

/// The same as a table of a page: a letter and a word in each cell, so that colour is never needed.
#[must_use]
pub fn table(rows: &[Row]) -> Markup {
    // The colour repeats what letter and words say.
    let class = |action: Action| match action {
        Action::Emergency | Action::DoNotCombine => Some("urgent"),
        Action::ClinicianFirst => Some("first"),
        _ => None,
    };
    let cell = |action: Option<Action>| {
        html! {
            td {
                @match action {
                    Some(action) => { strong class=[class(action)] { (letter(action)) } " " (words::action(action)) }
                    None => { "– nothing found" }
                }
            }
        }
    };
    html! {
        @if !rows.is_empty() {
            section {
                h2 { "With other substances, at a glance" }
                div .table tabindex="0" role="region" aria-label="Each substance with what to do" {
                    table {
                        thead { tr { th scope="col" { "with" } th scope="col" { "effects" } th scope="col" { "levels" } th scope="col" { "open" } } }
                        tbody {
                            @for row in rows {
                                tr { th scope="row" { (row.name) } (cell(row.effects)) (cell(row.levels)) td { (mark(row.mark).trim()) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn painted(action: Option<Action>, text: &str, style: Style) -> String {
    match action {
        Some(action) if action <= Action::DoNotCombine => style.alert(text),
        Some(Action::ClinicianFirst) => style.bold(text),
        None => style.dim(text),
        Some(_) => text.to_owned(),
    }
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::None => "",
        Mark::NeedsChecking => "needs checking",
        Mark::NoData => "no data",
    }
}

fn name<'a>(catalogue: &'a Catalogue, id: &'a str) -> &'a str {
    catalogue
        .drugs
        .get(id)
        .map_or(id, |drug| drug.name.as_str())
}

fn row(finding: &InteractionFinding, catalogue: &Catalogue, style: Style) -> String {
    let names: Vec<&str> = finding.with.iter().map(|id| name(catalogue, id)).collect();
    let mut out = format!("\n  {}\n", style.bold(&names.join(", ")));
    out.push_str(&wrap(&finding.statement, "  ", "  "));
    let mut line = |title: &str, text: &str| {
        out.push_str(&wrap(
            text,
            &format!("    {title:<12} "),
            "                 ",
        ));
    };
    line("mechanism", &finding.mechanism);
    if let Some(size) = &finding.ratio {
        line("size", &ratio(size));
    }
    if let Some(screen) = finding.screen {
        line(
            "screen",
            &format!("{screen} by the static equations: a conservative screen, not an expectation"),
        );
    }
    line(
        "harm",
        &format!(
            "{}; {}",
            words::harm(finding.harm),
            words::likelihood(finding.likelihood)
        ),
    );
    line("certainty", words::certainty(finding.certainty));
    if let Some(next) = &finding.do_next {
        line("what to do", next);
    }
    line("would change", &finding.would_change);
    if finding.ratio.is_some() {
        line("worked out", &finding.basis.method);
        if !finding.basis.inputs_missing.is_empty() {
            line("not given", &finding.basis.inputs_missing.join("; "));
        }
    }
    line("holds for", &finding.basis.domain);
    let claims: Vec<&str> = finding
        .claims
        .iter()
        .map(ketum_core::id::ClaimId::as_str)
        .collect();
    line("claims", &claims.join(", "));
    out
}

/// A size in words: `1.39 times (1.23 to 1.57), measured in people`.
#[must_use]
pub fn ratio(ratio: &Ratio) -> String {
    let how = if ratio.measured {
        "measured in people"
    } else {
        "worked out, not measured"
    };
    let ends = match (ratio.low, ratio.high) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}")),
        _ => None,
    };
    match (ratio.value, ends) {
        (Some(value), Some(ends)) => format!("exposure {value} times ({ends}), {how}"),
        (Some(value), None) => format!("exposure {value} times, {how}"),
        (None, Some(ends)) => format!("exposure {ends} times, no best value, {how}"),
        (None, None) => "not known".to_owned(),
    }
}

fn unknown(check: &Check, style: Style) -> String {
    let mut out = String::new();
    for one in &check.unknown_names {
        let question = if one.suggestions.is_empty() {
            "Nothing close was found; ask a pharmacist.".to_owned()
        } else {
            format!("Did you mean {}?", one.suggestions.join(", "))
        };
        let _ = write!(
            out,
            "\n{}",
            wrap(&format!("Not known: `{}`. {question}", one.given), "", "  ")
        );
        for finding in &one.provisional {
            out.push_str(&style.alert("  If so: "));
            out.push_str(&wrap(
                &format!("{}. {}", words::action(finding.action), finding.statement),
                "",
                "  ",
            ));
        }
    }
    out
}

fn rest(check: &Check, catalogue: &Catalogue, style: Style) -> String {
    let mut out = String::new();
    let names = |ids: &[String]| {
        ids.iter()
            .map(|id| name(catalogue, id))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !check.no_data.is_empty() {
        let text = format!(
            "No data: {}. Neither people nor a known mechanism says anything; that is not the same as no risk.",
            names(&check.no_data)
        );
        let _ = write!(out, "\n{}", wrap(&text, "", "  "));
    }
    if !check.not_assessed.is_empty() {
        let text = format!(
            "Not judged in full, because no source was read yet: {}. Ask a pharmacist.",
            names(&check.not_assessed)
        );
        let _ = write!(out, "\n{}", wrap(&text, "", "  "));
    }
    if let Some(outside) = &check.outside {
        let _ = write!(
            out,
            "\n{}",
            wrap(&format!("No ratios: {outside}."), "", "  ")
        );
    }
    if !check.not_known.is_empty() {
        let _ = writeln!(out, "\n{}", style.bold("Looked for, not found"));
        for gap in &check.not_known {
            out.push_str(&wrap(
                &format!("{} (to {})", gap.what, gap.as_of),
                "  ",
                "  ",
            ));
        }
    }
    out
}

fn screens(check: &Check, style: Style) -> String {
    if check.screens.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "\n{}\n",
        style.bold("Conservative screen of leaf tea on enzymes (cannot rule out, not predict)")
    );
    for screen in &check.screens {
        let word = if screen.flagged {
            "cannot be ruled out"
        } else {
            "ruled out"
        };
        let observed = screen
            .observed
            .as_ref()
            .map_or_else(String::new, |text| format!("; {text}"));
        let _ = writeln!(
            out,
            "  {:<40} {:>8.4} against {:<5} {word}{observed}",
            screen.what, screen.value, screen.cutoff
        );
    }
    out
}

fn sources(check: &Check, catalogue: &Catalogue, style: Style) -> String {
    let used: BTreeSet<_> = check
        .findings
        .iter()
        .flat_map(|finding| &finding.claims)
        .filter_map(|claim| catalogue.claims.get(claim))
        .flat_map(|entry| &entry.claim.sources)
        .filter_map(|citation| catalogue.sources.get_key_value(&citation.source))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    if used.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "\n{} (`ketum evidence CLAIM` shows which says what)\n",
        style.bold("Sources")
    );
    for id in used {
        if let Some(source) = catalogue.sources.get(id) {
            out.push_str(&wrap(
                &words::reference(source),
                &format!("  [{id}] "),
                "      ",
            ));
        }
    }
    out
}
