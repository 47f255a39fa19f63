//! Pages for a browser: one place, and the world with the map. Print works; nothing is loaded.

use std::fmt::Write as _;

use ketum::law::{DISCLAIMER, LawAnswer, LevelAnswer, SourceAnswer, TableRow, Verdict};
use ketum_core::date::Date;
use ketum_core::law::{ActivitiesFrom, Activity, plain_acts};

use super::html::{escape, page};
use super::{map, words};

/// The page of a place: one section per answer, then the sources of all of them.
#[must_use]
pub fn place(answers: &[LawAnswer]) -> String {
    let Some(first) = answers.first() else {
        return page("Law", "");
    };
    let title = format!("Kratom law: {} ({})", first.name, first.place);
    let mut body = String::new();
    let _ = writeln!(
        body,
        "<p>Act: {}. Day: {}. Data as of {}. <strong>{}</strong></p>",
        words::activity(first.activity),
        first.date,
        first.data_as_of,
        escape(&first.disclaimer)
    );
    if !first.what_if.is_empty() {
        let _ = writeln!(
            body,
            "<p class=\"banner\" role=\"note\">What if: {} taken as if in force. It is not in force.</p>",
            escape(&first.what_if.join(", "))
        );
    }
    for answer in answers {
        section(answer, &mut body);
    }
    asked(first, &mut body);
    pending(first, &mut body);
    not_known(answers, &mut body);
    looked_up(first, &mut body);
    let mut all: Vec<&SourceAnswer> = Vec::new();
    for source in answers.iter().flat_map(|answer| &answer.sources) {
        if !all.iter().any(|seen| seen.id == source.id) {
            all.push(source);
        }
    }
    sources(&all, &mut body);
    page(&title, &body)
}

/// The acts of a level and where they come from; the act asked for is marked where it is not among them.
fn acts_cell(level: &LevelAnswer) -> String {
    let Some(from) = level.activities_from else {
        return "none".to_owned();
    };
    let mut cell = if from == ActivitiesFrom::Search {
        String::new()
    } else {
        format!("{}; ", escape(&plain_acts(&level.activities)))
    };
    let _ = write!(cell, "<small>{}</small>", words::acts_from(from));
    if level.act_named == Some(false) {
        let _ = write!(cell, "<br><strong>{}</strong>", words::NOT_NAMED);
    }
    cell
}

fn list(items: &[String], body: &mut String) {
    if items.is_empty() {
        return;
    }
    body.push_str("<ul>\n");
    for item in items {
        let _ = writeln!(body, "<li>{}</li>", escape(item));
    }
    body.push_str("</ul>\n");
}

fn section(answer: &LawAnswer, body: &mut String) {
    let _ = write!(
        body,
        "<h2>{}</h2>\n<p class=\"answer\">{}</p>\n",
        escape(&answer.substance),
        escape(words::place_verdict(answer.verdict))
    );
    list(&answer.reasons, body);
    if answer.stale {
        let rows: Vec<String> = answer
            .stale_rows
            .iter()
            .map(|row| {
                format!(
                    "{}: source of {}, review was due {}",
                    row.row, row.as_of, row.review_due
                )
            })
            .collect();
        body.push_str("<p>Stale. The law may have changed since:</p>\n");
        list(&rows, body);
    }
    body.push_str("<div class=\"scroll\"><table>\n<caption>Level by level</caption>\n<tr><th scope=\"col\">Place</th><th scope=\"col\">Status</th><th scope=\"col\">Rule</th><th scope=\"col\">Acts</th><th scope=\"col\">From</th><th scope=\"col\">As of</th><th scope=\"col\">Confidence</th></tr>\n");
    for level in &answer.levels {
        let unchecked = if level.from_unverified {
            " (not checked)"
        } else {
            ""
        };
        let _ = writeln!(
            body,
            "<tr><th scope=\"row\">{}</th><td data-label=\"Status\">{}</td><td data-label=\"Rule\">{}{}</td><td data-label=\"Acts\">{}</td><td data-label=\"From\">{}{unchecked}</td><td data-label=\"As of\">{}</td><td data-label=\"Confidence\">{}</td></tr>",
            escape(&level.name),
            words::status(level.status),
            level
                .instrument
                .as_deref()
                .map_or_else(String::new, |text| format!("{}. ", escape(text))),
            level.summary.as_deref().map_or_else(String::new, escape),
            acts_cell(level),
            level.from.as_deref().unwrap_or("not known"),
            level.as_of.as_deref().unwrap_or("none"),
            level
                .confidence
                .map_or("none", |confidence| confidence.as_str()),
        );
    }
    body.push_str("</table></div>\n");
    if answer.rulesets.is_empty() {
        return;
    }
    body.push_str("<div class=\"scroll\"><table>\n<caption>Limits</caption>\n<tr><th scope=\"col\">Group</th><th scope=\"col\">Limit</th><th scope=\"col\">This product</th><th scope=\"col\">Verdict</th></tr>\n");
    for set in &answer.rulesets {
        for rule in &set.rules {
            let _ = writeln!(
                body,
                "<tr><th scope=\"row\">{} ({}){}</th><td data-label=\"Limit\">{} {} {} {}<br><small>{}</small></td><td data-label=\"This product\">{}</td><td data-label=\"Verdict\">{}</td></tr>",
                escape(&set.title),
                escape(&set.id),
                if set.bounds_unknown {
                    "<br><small>bounds what is not known; no limit in force</small>".to_owned()
                } else {
                    let acts = words::acts_of(&set.activities, set.activities_from);
                    format!("<br><small>{}</small>", escape(&acts))
                },
                escape(&rule.analyte),
                escape(rule.operator.as_str()),
                escape(&rule.limit),
                escape(if rule.unit == "1" { "" } else { &rule.unit }),
                escape(&rule.basis),
                rule.arithmetic
                    .as_deref()
                    .map_or_else(|| escape(&rule.reasons.join("; ")), escape),
                words::rule_verdict(rule.verdict),
            );
        }
    }
    body.push_str("</table></div>\n");
    let mut notes: Vec<String> = Vec::new();
    for set in &answer.rulesets {
        notes.extend(set.notes.iter().map(|note| format!("{}: {note}", set.id)));
    }
    list(&notes, body);
    let _ = writeln!(
        body,
        "<p><small>{}</small></p>",
        escape(&answer.decision_rule)
    );
}

fn asked(answer: &LawAnswer, body: &mut String) {
    if !answer.requirements.is_empty() {
        body.push_str("<h2>Also asked</h2>\n<ul>\n");
        for row in &answer.requirements {
            let mark = match row.verdict {
                Verdict::Compliant => "met: ",
                Verdict::NonCompliant => "not met: ",
                _ => "",
            };
            let _ = writeln!(
                body,
                "<li>{mark}{} <small>({})</small></li>",
                escape(&row.text),
                escape(&row.place)
            );
        }
        body.push_str("</ul>\n");
    }
    if !answer.penalties.is_empty() {
        body.push_str("<h2>Penalties, as the sources give them</h2>\n");
        let rows: Vec<String> = answer
            .penalties
            .iter()
            .map(|row| format!("{}: {}: {}", row.place, row.act, row.text))
            .collect();
        list(&rows, body);
    }
}

fn pending(answer: &LawAnswer, body: &mut String) {
    if answer.pending.is_empty() {
        return;
    }
    body.push_str("<h2>Proposed, not law</h2>\n");
    let rows: Vec<String> = answer
        .pending
        .iter()
        .map(|row| {
            let expected = row
                .expected
                .as_ref()
                .map_or_else(String::new, |day| format!(" Earliest or expected: {day}."));
            format!(
                "{} ({}): {} Stage: {}.{expected}",
                row.reference, row.place, row.summary, row.stage
            )
        })
        .collect();
    list(&rows, body);
}

fn not_known(answers: &[LawAnswer], body: &mut String) {
    let mut rows: Vec<String> = Vec::new();
    for gap in answers.iter().flat_map(|answer| &answer.not_known) {
        let text = format!(
            "{} (looked for: {}; as of {})",
            gap.what, gap.looked_for, gap.as_of
        );
        if !rows.contains(&text) {
            rows.push(text);
        }
    }
    if !rows.is_empty() {
        body.push_str("<h2>Not known</h2>\n");
        list(&rows, body);
    }
}

fn looked_up(answer: &LawAnswer, body: &mut String) {
    let rows: Vec<String> = words::own_look_ups(answer)
        .into_iter()
        .map(words::look_up)
        .collect();
    if !rows.is_empty() {
        body.push_str("<h2>Looked up</h2>\n");
        list(&rows, body);
    }
}

fn sources(sources: &[&SourceAnswer], body: &mut String) {
    body.push_str("<h2>Sources</h2>\n");
    if sources.is_empty() {
        body.push_str("<p>None.</p>\n");
        return;
    }
    body.push_str("<ol>\n");
    for source in sources {
        let title = match &source.url {
            Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
                format!("<a href=\"{}\">{}</a>", escape(url), escape(&source.title))
            }
            _ => escape(&source.title),
        };
        let _ = writeln!(
            body,
            "<li id=\"{}\">{title}{}{} <small>(tier {}, read {})</small></li>",
            escape(&source.id),
            source
                .locator
                .as_deref()
                .map_or_else(String::new, |text| format!("; {}", escape(text))),
            source
                .published
                .as_deref()
                .map_or_else(String::new, |day| format!("; {day}")),
            source.tier,
            source.accessed,
        );
    }
    body.push_str("</ol>\n");
}

/// The world: the map of the states, then every place as a table.
#[must_use]
pub fn world(rows: &[TableRow], date: Date, activity: Activity) -> String {
    let mut body = format!(
        "<p>Act: {}. Day: {date}. The place's own rule. <strong>{}</strong></p>\n",
        words::activity(activity),
        escape(DISCLAIMER)
    );
    body.push_str("<div class=\"scroll map\" tabindex=\"0\" role=\"region\" aria-label=\"Map of the states\">\n");
    body.push_str(&map::svg(rows, date, activity));
    body.push_str("</div>\n");
    let mut regions: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| !row.place.starts_with("US-")) {
        if !regions.contains(&row.region.as_str()) {
            regions.push(&row.region);
        }
    }
    regions.sort_unstable();
    body.push_str("<h2>States of the United States</h2>\n");
    rows_table(
        rows.iter().filter(|row| row.place.starts_with("US-")),
        &mut body,
    );
    for region in regions {
        let _ = writeln!(body, "<h2>{}</h2>", escape(region));
        rows_table(
            rows.iter()
                .filter(|row| row.region == region && !row.place.starts_with("US-")),
            &mut body,
        );
    }
    page("Kratom law of the world", &body)
}

fn rows_table<'a>(rows: impl Iterator<Item = &'a TableRow>, body: &mut String) {
    body.push_str("<div class=\"scroll\"><table>\n<tr><th scope=\"col\">Place</th><th scope=\"col\">Leaf</th><th scope=\"col\">7-OH</th><th scope=\"col\">Confidence (leaf, 7-OH)</th><th scope=\"col\">Sources of</th><th scope=\"col\">Review due</th></tr>\n");
    for row in rows {
        let cell = |cell: &ketum::law::Cell| {
            let star = if cell.stale { " *" } else { "" };
            let unnamed = if cell.act_named == Some(false) {
                " ~"
            } else {
                ""
            };
            format!(
                "{}: {}{unnamed}{star}",
                words::letter(cell.status),
                words::status(cell.status)
            )
        };
        let confidence = |cell: &ketum::law::Cell| {
            cell.confidence
                .map_or("none", |confidence| confidence.as_str())
        };
        let _ = writeln!(
            body,
            "<tr><th scope=\"row\">{} <small>{}</small></th><td data-label=\"Leaf\">{}</td><td data-label=\"7-OH\">{}</td><td data-label=\"Confidence (leaf, 7-OH)\">{}, {}</td><td data-label=\"Sources of\">{}</td><td data-label=\"Review due\">{}</td></tr>",
            escape(&row.name),
            escape(&row.place),
            cell(&row.leaf),
            cell(&row.seven_oh),
            confidence(&row.leaf),
            confidence(&row.seven_oh),
            row.last_reviewed,
            row.review_due,
        );
    }
    body.push_str("</table></div>\n<p><small>* past its review date. ~ the source read does not name this act, so the rule may or may not reach it. \"No rule found\" is not a permission.</small></p>\n");
}
