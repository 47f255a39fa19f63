//! The parts of an answer: levels, limits with their arithmetic, proposals, penalties, age, gaps.

use std::collections::BTreeSet;

use ketum_core::finding::NotKnown;
use ketum_core::law::{
    ActivitiesFrom, Compound, Consequence, LawFile, LookUp, Penalty, QuantityKind, Row, Rule,
};

use super::answer::{
    LevelAnswer, LookUpAnswer, PenaltyAnswer, PendingAnswer, PlaceVerdict, RuleAnswer,
    RulesetAnswer, StaleRow,
};
use super::book::{Place, source};
use super::level::{Finding, Judged, Level};
use super::period::{Age, InForce, end_note, review_due};
use super::rule::Outcome;
use super::sample::Sample;
use super::verdict::Question;

pub(super) fn note_sources(used: &mut BTreeSet<String>, file: &LawFile, ids: &[String]) {
    for id in ids {
        if source(file, id).is_some() {
            used.insert(id.clone());
        }
    }
}

pub(super) fn level_answer(
    level: &Level<'_>,
    finding: &Finding,
    preempted: bool,
    used: &mut BTreeSet<String>,
) -> LevelAnswer {
    let row = finding.row.as_ref();
    if let Some(row) = row {
        note_sources(used, level.file, &row.sources);
        note_sources(used, level.file, &row.activities_sources);
    }
    let local_sources: Vec<String> = match (row, level.stage) {
        (None, Some(_)) => level
            .file
            .local
            .iter()
            .find(|local| local.id == level.place)
            .map(|local| local.sources.clone())
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    note_sources(used, level.file, &local_sources);
    let mut reasons = finding.reasons.clone();
    if let Some(row) = row {
        reasons.extend(end_note(row));
        reasons.extend(row.note.clone());
    }
    if preempted {
        reasons.push(match &level.file.jurisdiction.preempts_note {
            Some(note) => format!(
                "removed by the law of {}: {note}",
                level.file.jurisdiction.name
            ),
            None => format!("removed by the law of {}", level.file.jurisdiction.name),
        });
    }
    LevelAnswer {
        place: level.place.clone(),
        name: level.name.clone(),
        status: finding.status,
        verdict: finding.verdict,
        row: row.map(|row| row.id.clone()),
        instrument: row.and_then(|row| row.instrument.clone()),
        summary: row.map(|row| row.summary.clone()),
        activities: row.map_or_else(Vec::new, |row| row.activity.clone()),
        activities_from: row.map(|row| row.activities_from),
        activities_sources: row.map_or_else(Vec::new, |row| row.activities_sources.clone()),
        act_named: row.map(|_| !finding.act_not_named),
        from: row.and_then(|row| row.from).map(|date| date.to_string()),
        from_unverified: row.is_some_and(|row| {
            row.from_verification == Some(ketum_core::evidence::Verification::Unverified)
        }),
        to: row.and_then(|row| row.to).map(|date| date.to_string()),
        as_of: row.map(|row| row.as_of.to_string()),
        confidence: row.map(|row| row.confidence),
        verification: row.map(|row| row.verification),
        preempted,
        reasons,
        sources: row.map_or(local_sources, |row| row.sources.clone()),
    }
}

/// Whether a ruleset is worth showing where no product was given.
pub(super) fn concerns(judged: &Judged<'_>, level: &Level<'_>, substance: Compound) -> bool {
    let members = level.terms().members(&judged.ruleset.substance);
    members.contains(&substance)
        || members.contains(&Compound::AnyKratom)
        || (matches!(
            substance,
            Compound::Leaf | Compound::Extract | Compound::AnyKratom
        ) && members.contains(&Compound::SevenOh))
        || (substance == Compound::AnyKratom && members.contains(&Compound::Leaf))
}

pub(super) fn ruleset_answer(
    level: &Level<'_>,
    judged: &Judged<'_>,
    question: &Question<'_>,
) -> RulesetAnswer {
    let ruleset = judged.ruleset;
    let mut notes: Vec<String> = ruleset.note.iter().cloned().collect();
    if let InForce::Unknown(why) = &judged.in_force {
        notes.push(why.clone());
    }
    if judged.what_if {
        notes.insert(0, "not in force: taken as if it were".to_owned());
    }
    notes.extend(end_note(ruleset));
    for rule in &ruleset.rule {
        for conflict in level.conflicts.iter().filter(|c| c.rows.contains(&rule.id)) {
            notes.push(format!("{}: {}", conflict.about, conflict.effect));
        }
        let open = rule
            .interpretation
            .as_deref()
            .and_then(|id| level.file.interpretation.iter().find(|open| open.id == id));
        if let Some(open) = open {
            let note = format!(
                "\"{}\" can be read in more than one way: {}",
                open.term, open.why
            );
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    RulesetAnswer {
        id: ruleset.id.clone(),
        title: ruleset.title.clone(),
        place: level.place.clone(),
        in_force: match (&judged.in_force, judged.what_if) {
            // It bounds what is not known; it is no limit that could be in force.
            _ if ruleset.consequence == Consequence::BoundsUnknown => None,
            (_, true) => Some(false),
            (InForce::Yes, _) => Some(true),
            (InForce::No, _) => Some(false),
            (InForce::Unknown(_), _) => None,
        },
        verdict: judged.verdict,
        rules: ruleset
            .rule
            .iter()
            .zip(&judged.outcomes)
            .map(|(rule, outcome)| rule_answer(rule, outcome, question.sample))
            .collect(),
        activities: ruleset.activity.clone(),
        activities_from: ruleset.activities_from,
        concerns_activity: ruleset.activity.contains(&question.activity),
        bounds_unknown: ruleset.consequence == Consequence::BoundsUnknown,
        from: ruleset.from.map(|date| date.to_string()),
        to: ruleset.to.map(|date| date.to_string()),
        confidence: ruleset.confidence,
        notes,
        sources: ruleset.sources.clone(),
    }
}

fn rule_answer(rule: &Rule, outcome: &Outcome, sample: Option<&Sample>) -> RuleAnswer {
    let words = |compounds: &[Compound]| {
        let words: Vec<&str> = compounds.iter().map(|compound| compound.as_str()).collect();
        words.join(" + ")
    };
    let analyte = match &rule.analyte {
        Some(analyte) => analyte.clone(),
        None if rule.quantity == QuantityKind::Ratio => {
            format!("{} : {}", words(&rule.numerator), words(&rule.denominator))
        }
        None => String::new(),
    };
    let computed = outcome.computed.map(|span| span.to_f64());
    let mut reasons = outcome.reasons.clone();
    reasons.extend(rule.note.clone());
    RuleAnswer {
        id: rule.id.clone(),
        verdict: outcome.verdict,
        quantity: rule.quantity,
        arithmetic: computed.map(|computed| arithmetic(rule, &analyte, computed, sample)),
        analyte,
        computed,
        operator: rule.op,
        limit: rule.limit.to_string(),
        unit: rule.unit.clone(),
        basis: rule
            .basis_text
            .clone()
            .unwrap_or_else(|| rule.basis.as_str().replace('_', " ")),
        basis_kind: rule.basis,
        reasons,
    }
}

/// The comparison in one line, with the sizes that went into it.
fn arithmetic(
    rule: &Rule,
    analyte: &str,
    computed: (f64, Option<f64>),
    sample: Option<&Sample>,
) -> String {
    let (low, high) = computed;
    let value = match high {
        Some(high) if high == low => number(low),
        Some(high) => format!("{} to {}", number(low), number(high)),
        None => format!("{} or more", number(low)),
    };
    let unit = if rule.unit == "1" {
        ""
    } else {
        rule.unit.as_str()
    };
    let size = match rule.quantity {
        QuantityKind::MassPerContainer => {
            sample.and_then(|s| s.container).map(|s| (s, "container"))
        }
        QuantityKind::MassPerServing => sample.and_then(|s| s.serving).map(|s| (s, "serving")),
        _ => None,
    };
    let of = size.map_or_else(String::new, |(size, what)| {
        let amount = size.span.low.to_f64();
        let unit = match size.per {
            super::sample::Per::Gram => "g",
            super::sample::Per::Millilitre => "mL",
            super::sample::Per::Serving => "servings",
        };
        format!(" in a {what} of {} {unit}", number(amount))
    });
    if rule.quantity == QuantityKind::Presence {
        return format!("{analyte}: {value} mg/g or mg/mL; the rule allows none");
    }
    format!(
        "{analyte}: {value} {unit}{of}; the rule asks for {} {} {unit}",
        rule.op, rule.limit
    )
    .replace("  ", " ")
    .replace(" ;", ";")
    .trim_end()
    .to_owned()
}

/// A number with four significant digits at most, without a tail of zeros.
#[must_use]
pub fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let mut places = 3_i32;
    let mut size = value.abs();
    while size >= 10.0 && places > 0 {
        size /= 10.0;
        places -= 1;
    }
    while size < 1.0 && places < 12 {
        size *= 10.0;
        places += 1;
    }
    let text = format!("{value:.*}", usize::try_from(places).unwrap_or(0));
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

pub(super) fn pending_answers(
    file: &LawFile,
    question: &Question<'_>,
    used: &mut BTreeSet<String>,
) -> Vec<PendingAnswer> {
    file.pending
        .iter()
        .filter(|pending| {
            pending
                .closed
                .is_none_or(|day| day.earliest() > question.date)
                && pending
                    .recorded
                    .is_none_or(|day| day <= question.known_as_of)
                && pending.sources.iter().any(|id| {
                    source(file, id).is_none_or(|source| {
                        source
                            .published
                            .is_none_or(|date| date.earliest() <= question.known_as_of)
                    })
                })
        })
        .map(|pending| {
            note_sources(used, file, &pending.sources);
            PendingAnswer {
                id: pending.id.clone(),
                place: file.jurisdiction.id.clone(),
                reference: pending.reference.clone(),
                summary: pending.summary.clone(),
                stage: pending.stage.clone(),
                stage_date: pending.stage_date.map(|date| date.to_string()),
                expected: pending.expected.map(|date| date.to_string()),
                rulesets: pending.ruleset.iter().map(|row| row.id.clone()).collect(),
                as_of: pending.as_of.to_string(),
                sources: pending.sources.clone(),
            }
        })
        .collect()
}

/// The look-ups of a file, the newest first.
pub(super) fn look_ups(file: &LawFile, used: &mut BTreeSet<String>) -> Vec<LookUpAnswer> {
    let mut rows: Vec<&LookUp> = file.look_up.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.date));
    rows.into_iter()
        .map(|row| {
            note_sources(used, file, &row.sources);
            LookUpAnswer {
                place: file.jurisdiction.id.clone(),
                date: row.date.to_string(),
                looked_for: row.looked_for.clone(),
                searched: row.searched.clone(),
                outcome: row.outcome,
                found: row.found.clone(),
                sources: row.sources.clone(),
            }
        })
        .collect()
}

pub(super) fn penalty_answer(place: &str, penalty: &Penalty) -> PenaltyAnswer {
    let mut parts = Vec::new();
    if let Some(fine) = &penalty.max_fine {
        parts.push(format!(
            "fine up to {fine} {}",
            penalty.currency.as_deref().unwrap_or_default()
        ));
    }
    if let Some(term) = &penalty.max_term {
        let plural = if term == "1" { "" } else { "s" };
        parts.push(format!(
            "up to {term} {}{plural}",
            penalty.unit.as_deref().unwrap_or_default()
        ));
    }
    parts.extend(penalty.text.clone());
    PenaltyAnswer {
        place: place.to_owned(),
        act: penalty.act.clone(),
        text: parts.join("; "),
        sources: penalty.sources.clone(),
    }
}

pub(super) fn stale_rows(levels: &[Level<'_>], findings: &[Finding]) -> Vec<StaleRow> {
    let mut rows: Vec<StaleRow> = Vec::new();
    for (level, finding) in levels.iter().zip(findings) {
        for (id, years) in &finding.stale {
            let row: Option<&dyn Row> = finding
                .row
                .as_ref()
                .filter(|row| row.id == *id)
                .map(|row| row as &dyn Row)
                .or_else(|| {
                    level
                        .rulesets
                        .iter()
                        .find(|(row, _, _)| row.id == *id)
                        .map(|(row, _, _)| *row as &dyn Row)
                });
            let Some(row) = row else { continue };
            if rows.iter().any(|seen| seen.row == *id) {
                continue;
            }
            rows.push(StaleRow {
                row: id.clone(),
                as_of: row.as_of().to_string(),
                review_due: review_due(row, &level.file.jurisdiction)
                    .map_or_else(String::new, |date| date.to_string()),
                old: *years == Age::Old,
            });
        }
    }
    rows
}

pub(super) fn not_known(
    place: &Place<'_>,
    levels: &[Level<'_>],
    findings: &[Finding],
    question: &Question<'_>,
) -> Vec<NotKnown> {
    let mut gaps = Vec::new();
    for (level, finding) in levels.iter().zip(findings) {
        let here = &level.file.jurisdiction;
        if finding.act_not_named
            && let Some(row) = &finding.row
        {
            gaps.push(NotKnown {
                what: format!(
                    "whether the rule of {} reaches {}: the source read does not name {}",
                    level.name,
                    question.activity.plain(),
                    question.activity.plain()
                ),
                looked_for: match row.activities_from {
                    ActivitiesFrom::StatusWord => format!(
                        "a source that names the acts; the one read says \"{}\" and no act",
                        row.status.as_str().replace('_', " ")
                    ),
                    _ => format!(
                        "the acts in {}",
                        row.instrument
                            .as_deref()
                            .unwrap_or("the sources of the row")
                    ),
                },
                as_of: row.as_of.to_string(),
            });
        }
        if finding.verdict == PlaceVerdict::Unknown {
            gaps.push(NotKnown {
                what: finding.reasons.first().cloned().unwrap_or_else(|| {
                    format!("the status of {} in {}", question.substance, level.name)
                }),
                looked_for: here.looked_for.clone().unwrap_or_else(|| {
                    format!(
                        "a rule of {} on {} for the act \"{}\"",
                        level.name, question.substance, question.activity
                    )
                }),
                as_of: finding
                    .row
                    .as_ref()
                    .map_or(here.last_reviewed, |row| row.as_of)
                    .to_string(),
            });
        }
    }
    if let Some(local) = &place.local_not_listed {
        gaps.push(NotKnown {
            what: format!("rules of {local}"),
            looked_for: "an ordinance of the place in the trackers read".to_owned(),
            as_of: place.files.first().map_or_else(String::new, |file| {
                file.jurisdiction.last_reviewed.to_string()
            }),
        });
    } else if place.locals.is_empty()
        && let Some(file) = place.files.first()
        && file.jurisdiction.level == ketum_core::law::Level::State
    {
        let here = file
            .local
            .iter()
            .filter(|local| local.stage == ketum_core::law::LocalStage::Active)
            .count();
        gaps.push(NotKnown {
            what: format!(
                "rules of counties and cities in {}: {here} are recorded, others may exist",
                file.jurisdiction.name
            ),
            looked_for: "local bans named by trackers and press".to_owned(),
            as_of: file.jurisdiction.last_reviewed.to_string(),
        });
    }
    if place
        .files
        .last()
        .is_some_and(|file| file.jurisdiction.id == "US")
    {
        gaps.push(NotKnown {
            what: "rules of tribal land, the military and employers".to_owned(),
            looked_for: "not looked for".to_owned(),
            as_of: "2026-11-23".to_owned(),
        });
    }
    gaps
}
