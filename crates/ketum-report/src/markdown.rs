//! The assessment as Markdown: the same order and words as the other reports.

use std::fmt::Write as _;

use ketum::assessment::Assessment;
use ketum::body::Spread;
use ketum_core::finding::Action;

use crate::assessment::{doses, origin};
use crate::brief::brief;
use crate::words::{self, two_digits};

/// The assessment as Markdown.
#[must_use]
pub fn text(assessment: &Assessment) -> String {
    let mut out = String::new();
    let title = assessment.title.as_deref().unwrap_or("Kratom case");
    let _ = writeln!(out, "# {title}\n");
    for flag in &assessment.emergency.red_flags {
        let _ = writeln!(
            out,
            "> **{}: {}**",
            words::urgency(flag.urgency),
            flag.title.en
        );
        for act in &flag.act {
            let _ = writeln!(out, "> - {}", act.en);
        }
        out.push('\n');
    }
    answer(&mut out, assessment);
    for one in assessment
        .not_assessed
        .iter()
        .filter(|one| one.suggestions.is_empty())
    {
        let _ = writeln!(out, "- “{}”: {}", one.given, one.why);
    }
    dose(&mut out, assessment);
    levels(&mut out, assessment);
    more_levels(&mut out, assessment);
    out.push_str(&crate::course::markdown(&assessment.course));
    findings(&mut out, assessment);
    out.push_str(&crate::monitoring::markdown(&assessment.monitoring));
    let _ = writeln!(
        out,
        "## Law\n\n{} Status: {}.\n",
        assessment.law.statement, assessment.law.status
    );
    let _ = writeln!(out, "## Looked for and not known\n");
    for gap in assessment
        .not_known
        .iter()
        .chain(&assessment.not_known_further)
    {
        let _ = writeln!(out, "- {} (as of {})", gap.what, gap.as_of);
    }
    let _ = writeln!(
        out,
        "\n## How it was worked out\n\n- Doses: {}.",
        assessment.schedule.pattern
    );
    for input in &assessment.inputs_missing {
        let _ = writeln!(out, "- not given: {input}");
    }
    for input in &assessment.inputs_unused {
        let _ = writeln!(out, "- {input}");
    }
    let _ = writeln!(out, "\n## Evidence\n");
    for claim in &assessment.claims {
        let cited: Vec<String> = claim
            .sources
            .iter()
            .map(|citation| format!("{} ({})", citation.source, words::locator(citation)))
            .collect();
        let _ = writeln!(
            out,
            "- `{}` {} *{}*. {}",
            claim.id,
            claim.statement.en,
            words::certainty(claim.certainty),
            cited.join("; ")
        );
    }
    let _ = writeln!(out, "\n## Sources\n");
    for named in &assessment.sources {
        let _ = writeln!(out, "- [{}] {}", named.id, words::reference(&named.source));
    }
    let _ = writeln!(out, "\n{}", assessment.intended_use);
    out
}

/// What matters most, what to do next, levels and law.
fn answer(out: &mut String, assessment: &Assessment) {
    let brief = brief(assessment);
    for short in &brief.short {
        let sure = short
            .sure
            .as_ref()
            .map_or_else(String::new, |sure| format!(" *({sure})*"));
        let _ = writeln!(out, "**In short:** {}{sure}\n", short.sentence);
    }
    for name in &brief.names {
        let _ = writeln!(out, "- **{name}**");
    }
    if !brief.next.is_empty() {
        let _ = writeln!(out, "\n**What to do next**\n");
        for step in &brief.next {
            let _ = writeln!(out, "- {step}");
        }
    }
    if let Some(flag) = &assessment.emergency.signs_to_know {
        let signs = words::signs_to_know(flag, &assessment.emergency);
        let _ = writeln!(out, "\n**{signs}**");
    }
    if !brief.matters.is_empty() {
        let _ = writeln!(out, "\n**{}**\n", brief.heading);
    }
    for matter in &brief.matters {
        let label = matter
            .label
            .as_ref()
            .map_or_else(String::new, |label| format!("**{label}:** "));
        let _ = writeln!(out, "- {label}{} *({})*", matter.sentence, matter.sure);
    }
    if let Some(sentence) = &brief.remark {
        let _ = writeln!(out, "\n{sentence}");
    }
    let on_question: Vec<_> = words::on_question(assessment).collect();
    if !on_question.is_empty() {
        let _ = writeln!(out, "\n**What is known on the question**\n");
        for claim in on_question {
            let _ = writeln!(
                out,
                "- {} *({})* [{}]",
                claim.statement.en,
                words::certainty(claim.certainty),
                claim.id
            );
        }
    }
    for sentence in brief.level.iter().chain(&brief.law) {
        let _ = writeln!(out, "\n{sentence}");
    }
    if let Some(incomplete) = brief.incomplete {
        let _ = writeln!(out, "\n{incomplete}");
    }
    out.push('\n');
}

fn dose(out: &mut String, assessment: &Assessment) {
    let _ = writeln!(
        out,
        "\n## In one dose\n\n| alkaloid | mg | from |\n|---|---|---|"
    );
    for (id, dose) in doses(&assessment.product) {
        let median = dose
            .median_mg
            .map_or_else(String::new, |median| format!("{}, ", two_digits(median)));
        let _ = writeln!(
            out,
            "| {id} | {median}{} to {} | {} |",
            two_digits(dose.low_mg),
            two_digits(dose.high_mg),
            origin(dose.origin)
        );
    }
    out.push('\n');
}

fn levels(out: &mut String, assessment: &Assessment) {
    let Some(exposure) = &assessment.exposure else {
        return;
    };
    let _ = writeln!(
        out,
        "## Levels\n\n| | mitragynine | 7-hydroxymitragynine |\n|---|---|---|"
    );
    let (parent, metabolite) = (&exposure.mitragynine, &exposure.seven_hydroxymitragynine);
    let time = |spread: Spread| words::durations(spread.median, spread.low, spread.high);
    let rows = [
        (
            "highest level",
            words::spread(parent.cmax),
            words::spread(metabolite.cmax),
        ),
        (
            "when, after the first dose",
            time(parent.tmax_h),
            time(metabolite.tmax_h),
        ),
        (
            "area, unit times h",
            words::spread(parent.auc),
            words::spread(metabolite.auc),
        ),
    ];
    for (name, a, b) in rows {
        let _ = writeln!(out, "| {name} | {a} | {b} |");
    }
    let _ = writeln!(
        out,
        "\nLevels in {}; median and 90 % interval of {} simulated people.\n",
        parent.unit, exposure.people
    );
    for warning in exposure.warnings.iter().chain(&exposure.extrapolation) {
        let _ = writeln!(out, "- {warning}");
    }
    out.push('\n');
}

/// The other alkaloids, and what measured levels change.
fn more_levels(out: &mut String, assessment: &Assessment) {
    let Some(exposure) = &assessment.exposure else {
        return;
    };
    out.push_str(&crate::levels::others_markdown(&exposure.other_alkaloids));
    if let Some(present) = &exposure.measured {
        out.push_str(&crate::levels::present_markdown(present));
    }
}

fn findings(out: &mut String, assessment: &Assessment) {
    let _ = writeln!(out, "## Findings\n");
    let mut last: Option<Action> = None;
    for finding in &assessment.findings {
        if last != Some(finding.action) {
            let _ = writeln!(out, "### {}\n", words::action(finding.action));
            last = Some(finding.action);
        }
        let next = finding.do_next.as_deref().unwrap_or_default();
        let claims: Vec<&str> = finding
            .claims
            .iter()
            .map(ketum_core::id::ClaimId::as_str)
            .collect();
        let _ = writeln!(
            out,
            "- {} {next} *{}; {}; {}* [{}]",
            finding.statement,
            words::harm(finding.harm),
            words::likelihood(finding.likelihood),
            words::certainty(finding.certainty),
            claims.join(", ")
        );
    }
    out.push('\n');
}
