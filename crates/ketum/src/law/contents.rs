//! What the numbers of a product mean at one level: compounds it holds that are forbidden there, and
//! groups of limits that it keeps or breaks.

use ketum_core::date::Date;
use ketum_core::law::{Compound, Consequence, Status, StatusRow};

use super::answer::PlaceVerdict;
use super::level::{Judged, Level};
use super::period::{Age, InForce, age};
use super::rule::Verdict;
use super::sample::Sample;
use super::verdict::Question;

impl Level<'_> {
    /// A row on a molecule that the product holds, where the question is about something else.
    pub(super) fn content_verdict(
        &self,
        row: &StatusRow,
        force: &InForce,
        sample: &Sample,
        judged: &[Judged<'_>],
        day: Date,
    ) -> Option<(PlaceVerdict, String)> {
        let members = self.terms().members(&row.substance);
        if members.is_empty() || !members.iter().all(|member| member.is_molecule()) {
            return None;
        }
        let soften = |verdict: PlaceVerdict| match force {
            InForce::Yes => verdict,
            _ => verdict.min(PlaceVerdict::Indeterminate),
        };
        let named = |member: &Compound| sample.content_of(member.as_str());
        let holds = members
            .iter()
            .any(|member| named(member).is_some_and(|content| !content.span.low.is_zero()));
        let free = members
            .iter()
            .all(|member| named(member).is_some_and(|content| content.span.is_zero()));
        match row.status {
            status if status.is_ban() && status != Status::ExcludedByRule => {
                if !row.unless_ruleset.is_empty() {
                    let mut reasons = vec![row.summary.clone()];
                    let verdict = self.lifted(row, judged, &mut reasons);
                    return (verdict > PlaceVerdict::Compliant)
                        .then(|| (soften(verdict), reasons.join("; ")));
                }
                let by_ruleset = judged.iter().any(|judged| {
                    judged.ruleset.rule.iter().any(|rule| {
                        rule.analyte.as_deref().is_some_and(|analyte| {
                            self.terms()
                                .members(analyte)
                                .iter()
                                .any(|m| members.contains(m))
                        })
                    })
                });
                if by_ruleset || free {
                    return None;
                }
                if !holds {
                    return Some((
                        PlaceVerdict::Indeterminate,
                        format!(
                            "{} is forbidden here, and was not tested or not detected",
                            row.substance
                        ),
                    ));
                }
                if sample.is_botanical() == Some(true) {
                    return Some((
                        PlaceVerdict::Indeterminate,
                        format!(
                            "{} is forbidden here; whether natural traces in plain leaf count is not recorded",
                            row.substance
                        ),
                    ));
                }
                Some((
                    soften(PlaceVerdict::NonCompliant),
                    format!(
                        "the product holds {}, which is forbidden here",
                        row.substance
                    ),
                ))
            }
            Status::Unknown if !free && members.contains(&Compound::SevenOh) => {
                if self.within_bound(row, judged, day) {
                    return Some((
                        PlaceVerdict::NoRuleFound,
                        format!(
                            "the product is outside everything that was announced on 7-OH ({}), so what is not known does not reach it",
                            row.unless_ruleset.join(", ")
                        ),
                    ));
                }
                Some((
                    PlaceVerdict::Unknown,
                    format!(
                        "the product holds 7-OH, or was not tested for it. {}",
                        row.summary
                    ),
                ))
            }
            Status::Disputed | Status::Grey if holds => Some((
                PlaceVerdict::Indeterminate,
                format!("the product holds {}: {}", row.substance, row.summary),
            )),
            _ => None,
        }
    }

    /// Whether the product is within the bound that a row on something unknown names: every announcement
    /// leaves it outside. A proposal is not read here; the bound is a ruleset of its own with its sources.
    fn within_bound(&self, row: &StatusRow, judged: &[Judged<'_>], day: Date) -> bool {
        judged.iter().any(|judged| {
            row.unless_ruleset.contains(&judged.ruleset.id)
                && judged.ruleset.consequence == Consequence::BoundsUnknown
                && judged.in_force == InForce::Yes
                && age(judged.ruleset, &self.file.jurisdiction, day) < Age::Old
                && judged.verdict == Verdict::Compliant
        })
    }

    /// What the limits of this level say of the product for the activity.
    pub(super) fn numbers(
        &self,
        question: &Question<'_>,
        judged: &[Judged<'_>],
        stale: &mut Vec<(String, Age)>,
        sample: &Sample,
    ) -> (Option<PlaceVerdict>, Vec<String>) {
        let mut found: Option<PlaceVerdict> = None;
        let mut reasons = Vec::new();
        let mut uncertain = false;
        for one in judged {
            let lifts = self
                .statuses
                .iter()
                .any(|(row, _)| row.unless_ruleset.contains(&one.ruleset.id));
            let years = age(one.ruleset, &self.file.jurisdiction, question.date);
            if years > Age::Current && !one.what_if {
                stale.push((one.ruleset.id.clone(), years));
            }
            let bounds = one.ruleset.consequence == Consequence::BoundsUnknown;
            if lifts || bounds || !one.ruleset.activity.contains(&question.activity) {
                continue;
            }
            let disputed = one
                .ruleset
                .rule
                .iter()
                .zip(&one.outcomes)
                .all(|(rule, outcome)| {
                    outcome.verdict != Verdict::NonCompliant
                        || self
                            .conflicts
                            .iter()
                            .any(|conflict| conflict.rows.contains(&rule.id))
                });
            let verdict = match one.verdict {
                Verdict::NotApplicable => continue,
                Verdict::NonCompliant if one.in_force != InForce::Yes => {
                    PlaceVerdict::Indeterminate
                }
                Verdict::NonCompliant if disputed => {
                    reasons.push(format!(
                        "the product is outside {}, but sources leave open how the limit is read",
                        one.ruleset.id
                    ));
                    PlaceVerdict::Indeterminate
                }
                Verdict::NonCompliant => {
                    reasons.push(format!("the product is outside {}", one.ruleset.id));
                    PlaceVerdict::NonCompliant
                }
                Verdict::Indeterminate => {
                    reasons.push(format!("{} cannot be told", one.ruleset.id));
                    PlaceVerdict::Indeterminate
                }
                Verdict::Compliant if years == Age::Old && !one.what_if => {
                    reasons.push(format!(
                        "{} is past twice its review interval: that the product is within it no longer counts",
                        one.ruleset.id
                    ));
                    PlaceVerdict::Indeterminate
                }
                Verdict::Compliant => {
                    reasons.push(format!("the product is within {}", one.ruleset.id));
                    if !sample
                        .content
                        .values()
                        .all(|content| content.uncertainty_stated)
                    {
                        uncertain = true;
                    }
                    PlaceVerdict::Compliant
                }
            };
            found = Some(found.map_or(verdict, |other| other.max(verdict)));
        }
        if uncertain {
            reasons.push("the laboratory states no uncertainty for at least one result; it was taken as exact".into());
        }
        (found, reasons)
    }
}
