//! The chain: city, county, state, country. Restrictions add up; the strictest level decides; a higher
//! level removes a lower one only where a preemption clause is recorded as data.

use std::collections::BTreeSet;

use ketum_core::date::Date;
use ketum_core::law::{Activity, Compound, Known, LawFile, Status};

use super::answer::{LawAnswer, LevelAnswer, PlaceVerdict, RequirementAnswer, SourceAnswer};
use super::book::{LawBook, Place};
use super::level::{Finding, Judged, Level, covers};
use super::parts::{
    concerns, level_answer, look_ups, not_known, note_sources, penalty_answer, pending_answers,
    ruleset_answer, stale_rows,
};
use super::period::InForce;
use super::requirement;
use super::sample::Sample;

/// How an uncertain result is compared with a limit.
pub const DECISION_RULE: &str = "A result with its expanded uncertainty U (k = 2) is an interval; a non-detect reaches from 0 to the limit of detection. A limit holds where the whole interval is within it, fails where the whole interval is outside, and is indeterminate otherwise. No part of the uncertainty is given away to either side.";

/// What every report on law carries.
pub const DISCLAIMER: &str =
    "Not legal advice. Rules change weekly; read the text or ask a lawyer before you rely on it.";

/// The person who buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Buyer {
    /// Age in years.
    pub age: Option<u16>,
    /// Pregnant.
    pub pregnant: Option<bool>,
    /// Breastfeeding.
    pub breastfeeding: Option<bool>,
}

/// A question of law, apart from the place.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The day of the act.
    pub date: Date,
    /// Nothing published, recorded or withdrawn after this day is used.
    pub known_as_of: Date,
    /// The act.
    pub activity: Activity,
    /// The substance.
    pub substance: Compound,
    /// The product, where there is one.
    pub sample: Option<&'a Sample>,
    /// The buyer.
    pub buyer: Buyer,
    /// Proposals and past rules taken as if they were in force.
    pub what_if: &'a [String],
}

/// Answers a question for a place.
#[must_use]
pub fn verdict(book: LawBook<'_>, place: &Place<'_>, question: &Question<'_>) -> LawAnswer {
    let mut levels: Vec<Level<'_>> = place
        .locals
        .iter()
        .map(|(file, local)| Level::of_local(file, local, question))
        .collect();
    levels.extend(
        place
            .files
            .iter()
            .map(|file| Level::of_file(file, question)),
    );

    let judged: Vec<Vec<Judged<'_>>> = levels
        .iter()
        .map(|level| level.judge(question.sample))
        .collect();
    let findings: Vec<Finding> = levels
        .iter()
        .zip(&judged)
        .map(|(level, judged)| level.find(question, judged))
        .collect();
    let preempted: Vec<bool> = levels
        .iter()
        .map(|level| level.stage.is_some() && removes_local(level.file, question.date))
        .collect();

    let unlisted = place.local_not_listed.as_deref();
    let mut decided: Option<usize> = None;
    for (index, finding) in findings.iter().enumerate() {
        if preempted[index] {
            continue;
        }
        let better = decided.is_none_or(|best| finding.verdict > findings[best].verdict);
        if better {
            decided = Some(index);
        }
    }
    let mut overall = decided.map_or(PlaceVerdict::Unknown, |index| findings[index].verdict);
    let mut reasons: Vec<String> = Vec::new();
    if let Some(index) = decided {
        reasons.extend(sentences(&levels[index].name, &findings[index].reasons));
    }
    if let Some(local) = unlisted {
        overall = overall.max(PlaceVerdict::Unknown);
        reasons.push(format!(
            "no rule of {local} itself is in the data: nobody looked, or nothing was found"
        ));
    }
    if question.sample.is_none()
        && let Some(gap) = natural_seven_oh_gap(&levels, question)
    {
        reasons.push(gap);
    }
    let what_if: Vec<String> = question
        .what_if
        .iter()
        .filter(|id| {
            levels.iter().any(|level| {
                level
                    .rulesets
                    .iter()
                    .any(|(row, _, taken)| *taken && row.id == **id)
                    || level
                        .file
                        .pending
                        .iter()
                        .any(|pending| super::level::names(pending, id))
            })
        })
        .cloned()
        .collect();

    let mut used = BTreeSet::new();
    let level_answers: Vec<LevelAnswer> = levels
        .iter()
        .zip(&findings)
        .zip(&preempted)
        .map(|((level, finding), preempted)| level_answer(level, finding, *preempted, &mut used))
        .collect();
    let mut rulesets = Vec::new();
    let mut requirements = Vec::new();
    for ((level, judged), preempted) in levels.iter().zip(&judged).zip(&preempted) {
        if *preempted {
            continue;
        }
        for one in judged {
            if question.sample.is_none()
                && !one.what_if
                && !concerns(one, level, question.substance)
            {
                continue;
            }
            note_sources(&mut used, level.file, &one.ruleset.sources);
            rulesets.push(ruleset_answer(level, one, question));
        }
        for (asked, force) in &level.requirements {
            note_sources(&mut used, level.file, &asked.sources);
            requirements.push(RequirementAnswer {
                id: asked.id.clone(),
                place: level.place.clone(),
                kind: asked.kind,
                key: asked.key.clone(),
                operator: asked.op,
                value: asked
                    .value
                    .clone()
                    .unwrap_or_else(|| asked.values.join(", ")),
                unit: asked.unit.clone(),
                verdict: requirement::check(asked, question),
                text: match force {
                    InForce::Unknown(why) => format!("{} ({why})", requirement::text(asked)),
                    _ => requirement::text(asked),
                },
                from: asked.from.map(|date| date.to_string()),
                sources: asked.sources.clone(),
            });
        }
    }
    let mut pending = Vec::new();
    let mut penalties = Vec::new();
    let mut looked_up = Vec::new();
    for file in &place.files {
        looked_up.extend(look_ups(file, &mut used));
        pending.extend(pending_answers(file, question, &mut used));
        for penalty in &file.penalty {
            note_sources(&mut used, file, &penalty.sources);
            penalties.push(penalty_answer(&file.jurisdiction.id, penalty));
        }
    }
    let stale_rows = stale_rows(&levels, &findings);
    let not_known = not_known(place, &levels, &findings, question);
    let mut sources: Vec<SourceAnswer> = Vec::new();
    for file in place
        .locals
        .iter()
        .map(|(file, _)| *file)
        .chain(place.files.iter().copied())
    {
        for source in &file.source {
            if used.contains(&source.id) && !sources.iter().any(|seen| seen.id == source.id) {
                sources.push(SourceAnswer::of(source));
            }
        }
    }
    LawAnswer {
        place: place.id.clone(),
        name: place.name.clone(),
        date: question.date.to_string(),
        known_as_of: question.known_as_of.to_string(),
        activity: question.activity,
        substance: question.substance.as_str().to_owned(),
        status: decided.map_or(Status::Unknown, |index| findings[index].status),
        verdict: overall,
        decided_by: decided.map_or_else(String::new, |index| levels[index].place.clone()),
        reasons,
        levels: level_answers,
        rulesets,
        requirements,
        pending,
        what_if,
        stale: !stale_rows.is_empty(),
        stale_rows,
        not_known,
        looked_up,
        penalties,
        decision_rule: DECISION_RULE.to_owned(),
        disclaimer: DISCLAIMER.to_owned(),
        data_as_of: book
            .data_as_of()
            .map_or_else(String::new, |date| date.to_string()),
        sources,
    }
}

/// Leaf holds 7-OH by nature: where the status of 7-OH is not known, an answer on leaf says so.
fn natural_seven_oh_gap(levels: &[Level<'_>], question: &Question<'_>) -> Option<String> {
    let plant = matches!(
        question.substance,
        Compound::Leaf | Compound::Extract | Compound::AnyKratom
    );
    let open = levels.iter().find(|level| {
        level.statuses.iter().any(|(row, _)| {
            row.status == Status::Unknown
                && level.terms().members(&row.substance) == [Compound::SevenOh]
        })
    })?;
    plant.then(|| {
        format!(
            "{}: leaf and extracts hold some 7-OH, and the status of 7-OH here is not known for {}; give a product to have its numbers compared with what was announced",
            open.name, question.date
        )
    })
}

/// Whether the file's place removes local rules on that day. Only a recorded clause does.
fn removes_local(file: &LawFile, day: Date) -> bool {
    file.jurisdiction.preempts_local == Known::Yes
        && file
            .jurisdiction
            .preempts_from
            .is_none_or(|from| day >= from.latest())
}

fn sentences(name: &str, reasons: &[String]) -> Vec<String> {
    reasons
        .iter()
        .map(|reason| format!("{name}: {reason}"))
        .collect()
}

/// Whether any row of the file speaks of a substance, for tables.
#[must_use]
pub fn speaks_of(file: &LawFile, substance: Compound) -> bool {
    let terms = super::rule::Terms {
        sets: &file.substance_set,
        interpretations: &file.interpretation,
    };
    file.status
        .iter()
        .any(|row| covers(row, substance, terms).is_some())
}
