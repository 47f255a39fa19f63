//! An assessment for reading in a terminal, in the fixed order: emergency, answer, picture, table, how it
//! was worked out, what is not known, sources, limits.

use std::fmt::Write as _;

use ketum::assessment::Assessment;
use ketum::body::{Exposure, Levels, Spread};
use ketum::product::{AnalyteDose, Origin, ProductAnswer};
use ketum_core::finding::{Action, Finding};
use ketum_core::id::AnalyteId;

use crate::brief::{Matter, brief};
use crate::emergency;
use crate::plot;
use crate::terminal::{Style, wrap};
use crate::words;

/// The assessment as text.
#[must_use]
pub fn text(assessment: &Assessment, colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = String::new();
    if let Some(title) = &assessment.title {
        let _ = writeln!(out, "{}\n", style.bold(title));
    }
    emergencies(&mut out, assessment, style);
    answer(&mut out, assessment, style);
    product(&mut out, assessment, style);
    levels(&mut out, assessment, style);
    more_levels(&mut out, assessment, colour);
    out.push_str(&crate::course::text(&assessment.course, style));
    findings(&mut out, assessment, style);
    out.push_str(&crate::monitoring::text(&assessment.monitoring, style));
    law(&mut out, assessment, style);
    gaps(&mut out, assessment, style);
    basis(&mut out, assessment, style);
    sources(&mut out, assessment, style);
    out.push_str(&wrap(assessment.intended_use, "", ""));
    out
}

fn heading(out: &mut String, style: Style, text: &str) {
    let _ = writeln!(out, "{}", style.bold(text));
}

fn emergencies(out: &mut String, assessment: &Assessment, style: Style) {
    for flag in &assessment.emergency.red_flags {
        out.push_str(&emergency::flag(flag, style));
    }
    if !assessment.emergency.red_flags.is_empty() {
        out.push_str(&emergency::help(
            assessment.emergency.help.as_ref(),
            &assessment.emergency.elsewhere,
            style,
        ));
        out.push('\n');
    }
}

/// The answer in one minute: what matters most, what to do next, levels and law.
fn answer(out: &mut String, assessment: &Assessment, style: Style) {
    if let Some(question) = &assessment.question {
        out.push_str(&wrap(question, "Question: ", "          "));
    }
    let brief = brief(assessment);
    for (index, short) in brief.short.iter().enumerate() {
        let lead = ["In short: ", "          "][index.min(1)];
        let sure = short
            .sure
            .as_ref()
            .map_or_else(String::new, |sure| format!(" ({sure})"));
        let line = format!("{}{sure}", short.sentence);
        out.push_str(&style.bold(&wrap(&line, lead, "          ")));
    }
    for name in &brief.names {
        out.push_str(&wrap(name, "  ? ", "    "));
    }
    if !brief.next.is_empty() {
        heading(out, style, "What to do next");
        for step in &brief.next {
            out.push_str(&wrap(step, "  > ", "    "));
        }
    }
    if let Some(flag) = &assessment.emergency.signs_to_know {
        let signs = words::signs_to_know(flag, &assessment.emergency);
        out.push_str(&style.alert(&wrap(&signs, "  ! ", "    ")));
    }
    let calls = |matter: &Matter| matter.action <= Action::ClinicianFirst;
    if !brief.matters.iter().any(calls)
        && let Some(remark) = &brief.remark
    {
        out.push_str(&wrap(remark, "", ""));
    }
    if !brief.matters.is_empty() {
        heading(out, style, brief.heading);
    }
    for matter in &brief.matters {
        let label = matter.label.as_deref().unwrap_or_default();
        let lead = if label.is_empty() { "" } else { ": " };
        let line = format!("{label}{lead}{} ({})", matter.sentence, matter.sure);
        let line = wrap(&line, "  * ", "    ");
        let styled = if matter.action <= Action::DoNotCombine {
            style.alert(label)
        } else {
            style.bold(label)
        };
        out.push_str(&line.replacen(label, &styled, 1));
    }
    if brief.matters.iter().any(calls)
        && let Some(remark) = &brief.remark
    {
        out.push_str(&wrap(remark, "    ", "    "));
    }
    on_question(out, assessment, style);
    let told = brief.level.iter().chain(&brief.law);
    for sentence in told {
        out.push_str(&wrap(sentence, "", ""));
    }
    if let Some(incomplete) = brief.incomplete {
        out.push_str(&wrap(incomplete, "", ""));
    }
    for one in assessment
        .not_assessed
        .iter()
        .filter(|one| one.suggestions.is_empty())
    {
        let line = format!("“{}”: {}", one.given, one.why);
        out.push_str(&wrap(&line, "  - ", "    "));
    }
    for warning in &assessment.warnings {
        out.push_str(&wrap(warning, "  check  ", "         "));
    }
    out.push('\n');
}

/// What the catalogue holds on the question itself.
fn on_question(out: &mut String, assessment: &Assessment, style: Style) {
    let mut claims = words::on_question(assessment).peekable();
    if claims.peek().is_none() {
        return;
    }
    heading(out, style, "What is known on the question");
    for claim in claims {
        let line = format!(
            "{} ({}) [{}]",
            claim.statement.en,
            words::certainty(claim.certainty),
            claim.id
        );
        out.push_str(&wrap(&line, "  - ", "    "));
    }
}

/// Where a content comes from, in words.
#[must_use]
pub fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Certificate => "certificate",
        Origin::Label => "label",
        Origin::Prior => "other products of this form",
        Origin::Stated => "as stated",
    }
}

/// The alkaloids of a dose, the two that are simulated first.
pub(crate) fn doses(product: &ProductAnswer) -> Vec<(&AnalyteId, &AnalyteDose)> {
    let rank = |id: &AnalyteId| match id.as_str() {
        "mitragynine" => 0,
        "7-hydroxymitragynine" => 1,
        _ => 2,
    };
    let mut doses: Vec<_> = product.analytes.iter().collect();
    doses.sort_by_key(|(id, _)| rank(id));
    doses
}

fn product(out: &mut String, assessment: &Assessment, style: Style) {
    let product = &assessment.product;
    let form = product
        .form
        .map_or("product not given", |form| words::form(form.id()));
    heading(out, style, &format!("In one dose ({form})"));
    if let Some(mass) = product.mass_g {
        let _ = writeln!(out, "  {:<28} {} g of product", "mass", number(mass.median));
    }
    if let Some(volume) = product.volume_ml {
        let _ = writeln!(
            out,
            "  {:<28} {} mL of product",
            "volume",
            number(volume.median)
        );
    }
    for (id, dose) in doses(product) {
        dose_row(out, id.as_str(), dose);
    }
    if let Some(cup) = &product.mitragynine_in_cup {
        dose_row(out, "mitragynine that reaches the cup", cup);
    }
    if let Some(reason) = &product.not_converted {
        out.push_str(&wrap(reason, "  ", "  "));
    }
    out.push('\n');
}

fn dose_row(out: &mut String, name: &str, dose: &AnalyteDose) {
    let origin = origin(dose.origin);
    let value = match dose.median_mg {
        Some(median) => format!(
            "{} mg (90 %: {} to {} mg)",
            number(median),
            number(dose.low_mg),
            number(dose.high_mg)
        ),
        None => format!("{} to {} mg", number(dose.low_mg), number(dose.high_mg)),
    };
    let _ = writeln!(out, "  {name:<28} {value}, {origin}");
}

fn levels(out: &mut String, assessment: &Assessment, style: Style) {
    let Some(exposure) = &assessment.exposure else {
        return;
    };
    let unit = &exposure.mitragynine.unit;
    let key = format!("{unit}: █ half of people lie below, ░ 9 of 10 lie within");
    if exposure.mitragynine.cmax.high > 0.0 {
        heading(out, style, &format!("Mitragynine, {key}"));
        out.push_str(&plot::levels(&exposure.mitragynine, &exposure.doses_h));
    }
    heading(out, style, &format!("7-hydroxymitragynine, {key}"));
    out.push_str(&plot::levels(
        &exposure.seven_hydroxymitragynine,
        &exposure.doses_h,
    ));
    table(out, exposure);
    for warning in &exposure.warnings {
        out.push_str(&wrap(warning, "  ! ", "    "));
    }
    for way in &exposure.extrapolation {
        out.push_str(&wrap(way, "  outside what was studied: ", "    "));
    }
    out.push('\n');
}

/// The other alkaloids, and what measured levels change.
fn more_levels(out: &mut String, assessment: &Assessment, colour: bool) {
    if let Some(exposure) = &assessment.exposure {
        out.push_str(&crate::levels::others(&exposure.other_alkaloids, colour));
        if let Some(present) = &exposure.measured {
            out.push_str(&crate::levels::present(present, colour));
            out.push('\n');
        }
    }
}

fn table(out: &mut String, exposure: &Exposure) {
    let _ = writeln!(
        out,
        "  {:<35} {:>25}  {:>24}",
        "", "mitragynine", "7-hydroxymitragynine"
    );
    let (parent, metabolite) = (&exposure.mitragynine, &exposure.seven_hydroxymitragynine);
    let time = |spread: Spread| words::durations(spread.median, spread.low, spread.high);
    let mut row =
        |label: &str, value: &dyn Fn(&Levels) -> Option<Spread>, say: &dyn Fn(Spread) -> String| {
            let cell = |levels: &Levels| {
                if levels.cmax.high == 0.0 {
                    return "none taken".to_owned();
                }
                value(levels).map_or_else(|| "not reached".to_owned(), say)
            };
            let _ = writeln!(
                out,
                "  {label:<35} {:>25}  {:>24}",
                cell(parent),
                cell(metabolite)
            );
        };
    row(
        &format!("highest level, {}", parent.unit),
        &|levels| Some(levels.cmax),
        &words::spread,
    );
    row(
        "when, after the first dose",
        &|levels| Some(levels.tmax_h),
        &time,
    );
    row(
        &format!("area under the level, {}*h", parent.unit),
        &|levels| Some(levels.auc),
        &words::spread,
    );
    row(
        "after last dose, to 5 % of highest",
        &|levels| levels.to_five_percent_h,
        &time,
    );
    let share = exposure.dominance;
    let percent = |part: f64| format!("{:.0} %", part * 100.0);
    let line = format!(
        "Median and 90 % interval. Of the spread of the highest level, {} comes from differences between people, \
         {} from what is not known of the model and the form, {} from what a dose holds.",
        percent(share.people),
        percent(share.parameters),
        percent(share.product)
    );
    out.push_str(&wrap(&line, "  ", "  "));
}

fn findings(out: &mut String, assessment: &Assessment, style: Style) {
    heading(out, style, "Findings");
    out.push_str(&crate::interaction::matrix(&assessment.interactions, style));
    let mut last: Option<Action> = None;
    for finding in &assessment.findings {
        if last != Some(finding.action) {
            let word = words::action(finding.action);
            let word = if finding.action <= Action::DoNotCombine {
                style.alert(word)
            } else {
                style.bold(word)
            };
            let _ = writeln!(out, "\n  {word}");
            last = Some(finding.action);
        }
        one_finding(out, finding, style);
    }
    out.push('\n');
}

fn one_finding(out: &mut String, finding: &Finding, style: Style) {
    let checking = if finding.needs_checking {
        " (needs checking)"
    } else {
        ""
    };
    out.push_str(&wrap(
        &format!("{}{checking}", finding.statement),
        "  - ",
        "    ",
    ));
    if let Some(next) = &finding.do_next {
        out.push_str(&wrap(next, "    > ", "      "));
    }
    let claims: Vec<&str> = finding
        .claims
        .iter()
        .map(ketum_core::id::ClaimId::as_str)
        .collect();
    let line = format!(
        "{}; {}; {} [{}]",
        words::harm(finding.harm),
        words::likelihood(finding.likelihood),
        words::certainty(finding.certainty),
        claims.join(", ")
    );
    out.push_str(&style.dim(&wrap(&line, "    ", "    ")));
}

fn law(out: &mut String, assessment: &Assessment, style: Style) {
    heading(out, style, "Law");
    out.push_str(&wrap(
        &format!(
            "{} (status: {})",
            assessment.law.statement, assessment.law.status
        ),
        "  ",
        "  ",
    ));
    let answers = assessment.law.answer.iter().chain(&assessment.law.route);
    for answer in answers {
        out.push_str(&crate::law::answer::brief(answer));
    }
    out.push('\n');
}

fn gaps(out: &mut String, assessment: &Assessment, style: Style) {
    if assessment.not_known.is_empty() && assessment.not_known_further.is_empty() {
        return;
    }
    heading(out, style, "Looked for and not known");
    for gap in &assessment.not_known {
        out.push_str(&wrap(
            &format!("{} (as of {})", gap.what, gap.as_of),
            "  - ",
            "    ",
        ));
    }
    match assessment.not_known_further.len() {
        0 => {}
        more => {
            let line = format!(
                "{more} more stand with what is here for information; --format html shows them."
            );
            out.push_str(&wrap(&line, "  ", "  "));
        }
    }
    out.push('\n');
}

fn basis(out: &mut String, assessment: &Assessment, style: Style) {
    heading(out, style, "How it was worked out");
    let _ = writeln!(out, "  schedule   {}", assessment.schedule.pattern);
    if let Some(exposure) = &assessment.exposure {
        let _ = writeln!(
            out,
            "  model      {}, {} simulated people, seed {}",
            exposure.model, exposure.people, assessment.seed
        );
    }
    let _ = writeln!(out, "  data       version {}", assessment.catalogue_version);
    if !assessment.inputs_missing.is_empty() {
        let _ = writeln!(out, "  not given, or a default was used:");
        for input in &assessment.inputs_missing {
            out.push_str(&wrap(input, "  - ", "    "));
        }
    }
    for input in &assessment.inputs_unused {
        out.push_str(&wrap(input, "  - ", "    "));
    }
    out.push('\n');
}

fn sources(out: &mut String, assessment: &Assessment, style: Style) {
    heading(out, style, "Sources");
    for claim in &assessment.claims {
        let cited: Vec<String> = claim
            .sources
            .iter()
            .map(|citation| format!("{} ({})", citation.source, words::locator(citation)))
            .collect();
        out.push_str(&wrap(
            &cited.join("; "),
            &format!("  {}: ", claim.id),
            "      ",
        ));
    }
    out.push('\n');
    for named in &assessment.sources {
        out.push_str(&wrap(
            &words::reference(&named.source),
            &format!("  [{}] ", named.id),
            "      ",
        ));
    }
    out.push('\n');
}

/// An amount with two digits, or all of a whole number.
fn number(value: f64) -> String {
    words::two_digits(value)
}
