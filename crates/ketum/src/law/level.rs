//! One level of the chain: what a state, country or town says of a substance and a product.

use ketum_core::date::Date;
use ketum_core::law::{
    ActivitiesFrom, Activity, Compound, Conflict, LawFile, LawSourceKind, Local, LocalStage,
    Pending, Requirement, Row, Ruleset, Status, StatusRow, plain_acts,
};

use super::answer::PlaceVerdict;
use super::book::source;
use super::period::{Age, InForce, age, in_force, known};
use super::requirement;
use super::rule::{Outcome, Terms, Verdict, evaluate_set};
use super::sample::Sample;
use super::verdict::Question;

/// The rows of one level that count on the day.
pub(super) struct Level<'a> {
    /// The file the rows stand in.
    pub file: &'a LawFile,
    /// Id of the place.
    pub place: String,
    /// Name of the place.
    pub name: String,
    /// Local rows are judged by their stage as well.
    pub stage: Option<LocalStage>,
    /// Statuses with how they stand on the day.
    pub statuses: Vec<(StatusRow, InForce)>,
    /// Rulesets with how they stand on the day; `true`: taken by what-if.
    pub rulesets: Vec<(&'a Ruleset, InForce, bool)>,
    /// Requirements in force.
    pub requirements: Vec<(&'a Requirement, InForce)>,
    /// Conflicts that matter on the day.
    pub conflicts: Vec<&'a Conflict>,
}

/// What a level says.
pub(super) struct Finding {
    pub status: Status,
    pub verdict: PlaceVerdict,
    pub row: Option<StatusRow>,
    pub reasons: Vec<String>,
    /// The row speaks of other acts than the one asked for; its sources do not name this one.
    pub act_not_named: bool,
    /// Ids of rows the verdict rests on that are past their review date.
    pub stale: Vec<(String, Age)>,
}

/// The strictest status row so far.
struct Best {
    verdict: PlaceVerdict,
    precision: u8,
    row: StatusRow,
    surely: bool,
    reasons: Vec<String>,
}

/// A ruleset with its outcome.
pub(super) struct Judged<'a> {
    pub ruleset: &'a Ruleset,
    pub in_force: InForce,
    pub what_if: bool,
    pub outcomes: Vec<Outcome>,
    pub verdict: Verdict,
}

fn published(file: &LawFile) -> impl Fn(&str) -> Option<Date> + '_ {
    |id| source(file, id).and_then(|source| source.published.map(|date| date.earliest()))
}

impl<'a> Level<'a> {
    /// The level of a state, country or other file.
    pub fn of_file(file: &'a LawFile, question: &Question<'_>) -> Self {
        let day = question.date;
        let seen = |row: &dyn Row| known(row, question.known_as_of, &published(file));
        let mut statuses: Vec<(StatusRow, InForce)> = file
            .status
            .iter()
            .filter(|row| seen(*row))
            .map(|row| (row.clone(), in_force(row, day)))
            .filter(|(_, force)| *force != InForce::No)
            .collect();
        let mut rulesets: Vec<(&Ruleset, InForce, bool)> = file
            .ruleset
            .iter()
            .filter(|row| seen(*row))
            .map(|row| (row, in_force(row, day), false))
            .filter(|(_, force, _)| *force != InForce::No)
            .collect();
        let mut requirements: Vec<(&Requirement, InForce)> = file
            .requirement
            .iter()
            .filter(|row| seen(*row))
            .map(|row| (row, in_force(row, day)))
            .filter(|(_, force)| *force != InForce::No)
            .collect();
        for id in question.what_if {
            // A past or future ruleset of the file itself, with the status it lifts.
            if let Some(row) = file.ruleset.iter().find(|row| row.id == *id) {
                rulesets.retain(|(other, _, _)| other.id != row.id);
                rulesets.push((row, InForce::Yes, true));
                let lifted = file
                    .status
                    .iter()
                    .filter(|status| status.unless_ruleset.contains(id))
                    .map(|status| (status.clone(), InForce::Yes));
                statuses.extend(lifted);
            }
            let Some(pending) = file.pending.iter().find(|pending| names(pending, id)) else {
                continue;
            };
            for row in &pending.status {
                // The proposal answers what is unknown or not scheduled today.
                statuses.retain(|(other, _)| {
                    other.substance != row.substance
                        || !(other.status == Status::Unknown || other.status.is_permissive())
                });
                statuses.push((row.clone(), InForce::Yes));
            }
            rulesets.extend(pending.ruleset.iter().map(|row| (row, InForce::Yes, true)));
            requirements.extend(pending.requirement.iter().map(|row| (row, InForce::Yes)));
        }
        Self {
            file,
            place: file.jurisdiction.id.clone(),
            name: file.jurisdiction.name.clone(),
            stage: None,
            statuses,
            rulesets,
            requirements,
            conflicts: conflicts(file, day),
        }
    }

    /// The level of a local row.
    pub fn of_local(file: &'a LawFile, local: &'a Local, question: &Question<'_>) -> Self {
        let day = question.date;
        let force = in_force(local, day);
        let seen = known(local, question.known_as_of, &published(file));
        let status = StatusRow {
            id: local.id.clone(),
            substance: local.substance.clone(),
            activity: local.activity.clone(),
            activities_from: local.activities_from.unwrap_or(ActivitiesFrom::StatusWord),
            activities_sources: local.activities_sources.clone(),
            status: local.status,
            unless_ruleset: local.unless_ruleset.clone(),
            instrument: local.instrument.clone(),
            summary: match &local.exceptions {
                Some(exceptions) => format!("{}; except: {exceptions}", local.measure),
                None => local.measure.clone(),
            },
            from: local.from,
            from_verification: local.from_verification,
            to: local.to,
            to_kind: local.to_kind,
            to_reason: local.to_reason.clone(),
            as_of: local.as_of,
            sources: local.sources.clone(),
            confidence: local.confidence,
            verification: local.verification,
            recorded: local.recorded,
            withdrawn: local.withdrawn,
            note: local.note.clone(),
        };
        let active = seen && local.stage == LocalStage::Active && force != InForce::No;
        Self {
            file,
            place: local.id.clone(),
            name: local.name.clone(),
            stage: Some(local.stage),
            statuses: if active {
                vec![(status, force)]
            } else {
                Vec::new()
            },
            rulesets: if active {
                local
                    .ruleset
                    .iter()
                    .map(|row| (row, in_force(row, day), false))
                    .filter(|(_, force, _)| *force != InForce::No)
                    .collect()
            } else {
                Vec::new()
            },
            requirements: if active {
                local
                    .requirement
                    .iter()
                    .map(|row| (row, in_force(row, day)))
                    .filter(|(_, force)| *force != InForce::No)
                    .collect()
            } else {
                Vec::new()
            },
            conflicts: conflicts(file, day),
        }
    }

    pub fn terms(&self) -> Terms<'a> {
        Terms {
            sets: &self.file.substance_set,
            interpretations: &self.file.interpretation,
        }
    }

    /// Evaluates the rulesets of this level; without a product every rule is indeterminate.
    pub fn judge(&self, sample: Option<&Sample>) -> Vec<Judged<'a>> {
        self.rulesets
            .iter()
            .map(|(ruleset, force, what_if)| {
                let (outcomes, verdict) = match sample {
                    Some(sample) => evaluate_set(ruleset, self.terms(), sample),
                    None => (
                        ruleset
                            .rule
                            .iter()
                            .map(|_| Outcome {
                                verdict: Verdict::Indeterminate,
                                computed: None,
                                reasons: vec!["no product was given".into()],
                            })
                            .collect(),
                        Verdict::Indeterminate,
                    ),
                };
                Judged {
                    ruleset,
                    in_force: force.clone(),
                    what_if: *what_if,
                    outcomes,
                    verdict,
                }
            })
            .collect()
    }

    /// What this level says.
    pub fn find(&self, question: &Question<'_>, judged: &[Judged<'_>]) -> Finding {
        if let Some(finding) = self.stage_finding() {
            return finding;
        }
        let mut best: Option<Best> = None;
        let mut beside: Option<Best> = None;
        let mut other: Vec<(PlaceVerdict, String)> = Vec::new();
        let mut stale = Vec::new();
        for (row, force) in &self.statuses {
            let named = row.names(question.activity);
            match covers(row, question.substance, self.terms()) {
                Some(precision) => {
                    let (verdict, mut reasons) = self.row_verdict(row, force, question, judged);
                    if !named && !reaches_other_acts(row) {
                        continue;
                    }
                    let kept = if named { &mut best } else { &mut beside };
                    let better = kept
                        .as_ref()
                        .is_none_or(|kept| (verdict, precision) > (kept.verdict, kept.precision));
                    if better {
                        if !named {
                            reasons.push(not_named(row, question.activity));
                        }
                        *kept = Some(Best {
                            verdict,
                            precision,
                            row: row.clone(),
                            surely: *force == InForce::Yes,
                            reasons,
                        });
                    }
                }
                None => {
                    if let Some(sample) = question.sample
                        && let Some((found, reason)) =
                            self.content_verdict(row, force, sample, judged, question.date)
                    {
                        if named {
                            other.push((found, reason));
                        } else if reaches_other_acts(row) && !self.settled_elsewhere(row, question)
                        {
                            // A ban of what is in the product, for other acts: it leaves this one open.
                            let reason = format!("{reason}; {}", not_named(row, question.activity));
                            other.push((found.min(PlaceVerdict::Indeterminate), reason));
                        }
                    }
                }
            }
        }
        let act_not_named = match (&best, &beside) {
            (None, Some(_)) => true,
            // A search through the whole law names no act either.
            (Some(best), Some(_)) => {
                best.row.activities_from == ActivitiesFrom::Search
                    && best.verdict < PlaceVerdict::Indeterminate
            }
            _ => false,
        };
        if act_not_named && let Some(mut row) = beside {
            row.verdict = PlaceVerdict::Indeterminate;
            best = Some(row);
        }
        let surely = best.as_ref().is_some_and(|best| best.surely);
        let (mut verdict, row, mut reasons) = match best {
            Some(best) => (best.verdict, Some(best.row), best.reasons),
            None => (
                PlaceVerdict::Unknown,
                None,
                vec![self.nothing_known(question)],
            ),
        };
        if let Some(conflict) = self.conflict_on_status(question, row.as_ref()) {
            verdict = PlaceVerdict::Indeterminate;
            reasons.insert(
                0,
                format!("sources disagree: {}. {}", conflict.about, conflict.effect),
            );
        }
        if let Some(row) = &row {
            let years = age(row, &self.file.jurisdiction, question.date);
            if years > Age::Current {
                stale.push((row.id.clone(), years));
            }
            if years == Age::Old && row.status.is_permissive() {
                verdict = verdict.max(PlaceVerdict::Indeterminate);
                reasons.push(format!(
                    "the row is of {} and past twice its review interval: what it permits no longer counts",
                    row.as_of
                ));
            }
        }
        for (found, reason) in other {
            verdict = verdict.max(found);
            reasons.push(reason);
        }
        if let Some(sample) = question.sample {
            let (found, why) = self.numbers(question, judged, &mut stale, sample);
            // Rules decide where the status says that there are rules; elsewhere they only add.
            let by_rules = !act_not_named
                && row.as_ref().is_some_and(|row| {
                    matches!(
                        row.status,
                        Status::Regulated
                            | Status::ExcludedByRule
                            | Status::Restricted
                            | Status::ExportRegulated
                    )
                });
            match found {
                Some(PlaceVerdict::Compliant)
                    if by_rules
                        && verdict == PlaceVerdict::Indeterminate
                        && self.conflict_on_status(question, row.as_ref()).is_none() =>
                {
                    verdict = PlaceVerdict::Compliant;
                    reasons = Vec::new();
                }
                Some(found) => verdict = verdict.max(found),
                None => {}
            }
            reasons.extend(why);
        }
        for (asked, force) in &self.requirements {
            if let Some(reason) = requirement::failure(asked, force, question) {
                verdict = PlaceVerdict::NonCompliant;
                reasons.insert(0, reason);
            }
        }
        Finding {
            status: row.as_ref().map_or(Status::Unknown, |row| {
                let taken_back = verdict == PlaceVerdict::Unknown && row.status.is_ban();
                if taken_back || !surely {
                    Status::Unknown // By the claim guard, or because it may not be in force.
                } else {
                    row.status
                }
            }),
            verdict,
            row,
            reasons,
            act_not_named,
            stale,
        }
    }

    /// Whether another row on the same substance names the act asked for.
    fn settled_elsewhere(&self, row: &StatusRow, question: &Question<'_>) -> bool {
        self.statuses.iter().any(|(other, _)| {
            other.substance == row.substance
                && other.activities_from != ActivitiesFrom::Search
                && other.names(question.activity)
        })
    }

    /// A local measure that is not law says so and decides nothing.
    fn stage_finding(&self) -> Option<Finding> {
        let (verdict, words) = match self.stage? {
            LocalStage::Active => return None,
            LocalStage::Repealed => (PlaceVerdict::NoRuleFound, "was repealed"),
            LocalStage::Proposed => (PlaceVerdict::NoRuleFound, "was only proposed"),
            LocalStage::Debated => (PlaceVerdict::NoRuleFound, "was only talked about"),
            LocalStage::Paused => (PlaceVerdict::NoRuleFound, "was put off"),
            LocalStage::Advisory => (PlaceVerdict::NoRuleFound, "is a letter without force"),
            LocalStage::NotLocal => (PlaceVerdict::NoRuleFound, "is not a local rule"),
            LocalStage::Adopted => (
                PlaceVerdict::Unknown,
                "passed a first reading; whether it is in force was not found",
            ),
            LocalStage::Announced => (
                PlaceVerdict::Unknown,
                "was announced; whether it is in force was not found",
            ),
            LocalStage::Unknown => (PlaceVerdict::Unknown, "had an outcome that was not found"),
            LocalStage::Disputed => (PlaceVerdict::Indeterminate, "is disputed between sources"),
        };
        Some(Finding {
            status: match verdict {
                PlaceVerdict::Indeterminate => Status::Disputed,
                _ => Status::Unknown,
            },
            verdict,
            row: None,
            reasons: vec![format!("the measure of {} {words}", self.name)],
            act_not_named: false,
            stale: Vec::new(),
        })
    }

    fn nothing_known(&self, question: &Question<'_>) -> String {
        let named: Vec<&str> = self
            .statuses
            .iter()
            .filter(|(row, _)| covers(row, question.substance, self.terms()).is_some())
            .flat_map(|(row, _)| row.activity.iter().map(|activity| activity.as_str()))
            .collect();
        if named.is_empty() {
            format!(
                "no rule of {} on {} is known for {}",
                self.name, question.substance, question.date
            )
        } else {
            format!(
                "the sources on {} in {} name other acts than {}",
                question.substance, self.name, question.activity
            )
        }
    }

    fn conflict_on_status(
        &self,
        question: &Question<'_>,
        chosen: Option<&StatusRow>,
    ) -> Option<&'a Conflict> {
        self.conflicts.iter().copied().find(|conflict| {
            conflict.rows.iter().any(|id| match chosen {
                Some(row) => row.id == *id,
                None => self.file.status.iter().any(|row| {
                    row.id == *id
                        && row.names(question.activity)
                        && covers(row, question.substance, self.terms()).is_some()
                }),
            })
        })
    }

    /// The verdict of a status row that covers the substance.
    fn row_verdict(
        &self,
        row: &StatusRow,
        force: &InForce,
        question: &Question<'_>,
        judged: &[Judged<'_>],
    ) -> (PlaceVerdict, Vec<String>) {
        let mut reasons = vec![row.summary.clone()];
        let mut verdict = match row.status {
            status if status.is_ban() => match question.sample {
                Some(_) if !row.unless_ruleset.is_empty() => self.lifted(row, judged, &mut reasons),
                _ => {
                    if !row.unless_ruleset.is_empty() {
                        reasons.push(format!(
                            "lifted for a product within {}; no product was given",
                            row.unless_ruleset.join(" or ")
                        ));
                    }
                    PlaceVerdict::NonCompliant
                }
            },
            Status::Unregulated | Status::NotScheduled => PlaceVerdict::NoRuleFound,
            Status::Unknown => PlaceVerdict::Unknown,
            _ => PlaceVerdict::Indeterminate,
        };
        if let InForce::Unknown(why) = force {
            reasons.push(why.clone());
            verdict = match verdict {
                PlaceVerdict::NoRuleFound | PlaceVerdict::Unknown => PlaceVerdict::Unknown,
                _ => PlaceVerdict::Indeterminate,
            };
        }
        if row.status.is_ban() && !self.federal_claim_stands(row, question) {
            reasons = vec![
                "a federal schedule is only stated where an order printed in the Federal Register, in force by that day, says so; none is on record".into(),
            ];
            verdict = PlaceVerdict::Unknown;
        }
        (verdict, reasons)
    }

    /// The claim guard: notices, press releases and news cannot make a federal schedule.
    fn federal_claim_stands(&self, row: &StatusRow, question: &Question<'_>) -> bool {
        if self.place != "US" || row.status != Status::ScheduledI {
            return true;
        }
        if self
            .file
            .pending
            .iter()
            .any(|pending| pending.status.iter().any(|other| other.id == row.id))
        {
            return true; // Taken by what-if, under its banner.
        }
        federal_schedule_is_traceable(self.file, row, question.date)
    }

    /// The verdict of a ban that rulesets lift.
    pub(super) fn lifted(
        &self,
        row: &StatusRow,
        judged: &[Judged<'_>],
        reasons: &mut Vec<String>,
    ) -> PlaceVerdict {
        let of_row: Vec<&Judged<'_>> = judged
            .iter()
            .filter(|judged| row.unless_ruleset.contains(&judged.ruleset.id))
            .collect();
        let has = |verdict| of_row.iter().any(|judged| judged.verdict == verdict);
        if has(Verdict::Compliant) {
            reasons.push(format!(
                "the product is within {}",
                ids(&of_row, Verdict::Compliant)
            ));
            PlaceVerdict::Compliant
        } else if has(Verdict::Indeterminate) {
            reasons.push(format!(
                "whether the product is within {} cannot be told",
                ids(&of_row, Verdict::Indeterminate)
            ));
            PlaceVerdict::Indeterminate
        } else {
            if has(Verdict::NonCompliant) {
                reasons.push(format!(
                    "the product is outside {}",
                    ids(&of_row, Verdict::NonCompliant)
                ));
            }
            PlaceVerdict::NonCompliant
        }
    }
}

/// Whether a rule on other acts leaves this one open: a ban or a limit does, a permission does not.
fn reaches_other_acts(row: &StatusRow) -> bool {
    !row.status.is_permissive() && row.status != Status::Unknown
}

/// Why a row does not settle the act asked for.
fn not_named(row: &StatusRow, activity: Activity) -> String {
    let read = match row.activities_from {
        ActivitiesFrom::Text => "the text read",
        ActivitiesFrom::Schedule => "the law on listed substances",
        _ => "the source read",
    };
    format!(
        "{read} does not name {}; it names {}",
        activity.plain(),
        plain_acts(&row.activity)
    )
}

fn ids(judged: &[&Judged<'_>], verdict: Verdict) -> String {
    let ids: Vec<&str> = judged
        .iter()
        .filter(|judged| judged.verdict == verdict)
        .map(|judged| judged.ruleset.id.as_str())
        .collect();
    ids.join(" and ")
}

fn conflicts(file: &LawFile, day: Date) -> Vec<&Conflict> {
    file.conflict
        .iter()
        .filter(|conflict| {
            conflict.resolution.is_none()
                && conflict.from.is_none_or(|from| from <= day)
                && conflict.to.is_none_or(|to| day < to)
        })
        .collect()
}

/// Whether a what-if id names this proposal or a ruleset in it.
pub(super) fn names(pending: &Pending, id: &str) -> bool {
    pending.id == id || pending.ruleset.iter().any(|ruleset| ruleset.id == id)
}

/// Whether the ban of a federal row can be traced to an order in the Federal Register that is in force.
#[must_use]
pub fn federal_schedule_is_traceable(file: &LawFile, row: &StatusRow, day: Date) -> bool {
    let begun = row.from.is_some_and(|from| from.latest() <= day);
    begun
        && row.sources.iter().any(|id| {
            source(file, id).is_some_and(|source| {
                source.kind == LawSourceKind::RegisterRule
                    && source.published.is_some_and(|date| date.latest() <= day)
            })
        })
}

/// Whether a row covers a substance, and how precisely: larger is closer.
///
/// `leaf` never implies `7-OH` and the reverse. A ban on leaf is read as reaching an extract of it,
/// because the restrictive reading is the careful one; a permission is not.
pub(super) fn covers(row: &StatusRow, substance: Compound, terms: Terms<'_>) -> Option<u8> {
    let members = terms.members(&row.substance);
    if members.contains(&substance) {
        return Some(3);
    }
    let plant = matches!(
        substance,
        Compound::Leaf | Compound::Extract | Compound::Mitragynine | Compound::SevenOh
    );
    if members.contains(&Compound::AnyKratom) && plant {
        return Some(2);
    }
    if substance == Compound::AnyKratom && members.contains(&Compound::Leaf) {
        return Some(2);
    }
    let leaf_ban = members.contains(&Compound::Leaf)
        && matches!(row.status, Status::Banned | Status::BannedSale);
    (substance == Compound::Extract && leaf_ban).then_some(1)
}

/// Acts that put a product into other hands.
pub(super) fn is_trade(activity: Activity) -> bool {
    matches!(
        activity,
        Activity::Sell
            | Activity::Buy
            | Activity::Give
            | Activity::Manufacture
            | Activity::OnlineSale
    )
}
