//! One limit against one product. The predicate states what is lawful; the answer is never a guess.

use ketum_core::form::State;
use ketum_core::law::{
    Basis, Compound, FormScope, Interpretation, Logic, Operator, QuantityKind, Reading, Rule,
    Ruleset, SubstanceSet,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::exact::{Exact, Span};
use super::measure::{RatioValue, amount, dry, ratio};
use super::sample::Sample;

/// Largest share of water a dry solid is taken to hold where nobody measured it: an assumption of ours,
/// used only to see whether water could change a verdict on a dry-weight limit.
const MOST_WATER_PERCENT: i64 = 20;

/// Word under which a sample carries the size of its particles, in micrometres.
pub const PARTICLE_SIZE: &str = "particle_size";

/// Outcome of a rule or ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Holds for every value the measurement allows.
    Compliant,
    /// Fails for every value the measurement allows.
    NonCompliant,
    /// Cannot be told; the reasons say why.
    Indeterminate,
    /// Not a rule for this product.
    NotApplicable,
}

impl Verdict {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compliant => "compliant",
            Self::NonCompliant => "non_compliant",
            Self::Indeterminate => "indeterminate",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// What came out of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The interval compared, in the unit of the limit.
    pub computed: Option<Span>,
    /// Why it is indeterminate, or what was assumed.
    pub reasons: Vec<String>,
}

impl Outcome {
    fn open(reason: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Indeterminate,
            computed: None,
            reasons: vec![reason.into()],
        }
    }

    fn not_applicable() -> Self {
        Self {
            verdict: Verdict::NotApplicable,
            computed: None,
            reasons: Vec::new(),
        }
    }
}

/// What a rule needs from its file.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// Lists of compounds.
    pub sets: &'a [SubstanceSet],
    /// Open terms.
    pub interpretations: &'a [Interpretation],
}

impl Terms<'_> {
    /// The molecules a word stands for.
    #[must_use]
    pub fn members(&self, word: &str) -> Vec<Compound> {
        self.sets
            .iter()
            .find(|set| set.id == word)
            .map(|set| set.members.clone())
            .or_else(|| Compound::from_word(word).map(|compound| vec![compound]))
            .unwrap_or_default()
    }
}

/// Compares an interval with a limit.
#[must_use]
pub fn compare(value: Span, op: Operator, limit: Exact) -> Verdict {
    let holds = |exact: Exact| match op {
        Operator::Less => exact < limit,
        Operator::AtMost => exact <= limit,
        Operator::Equal => exact == limit,
        Operator::AtLeast => exact >= limit,
        Operator::More => exact > limit,
        Operator::In | Operator::NotIn => false,
    };
    let low = holds(value.low);
    match op {
        // The predicate fails upward: it holds throughout if it holds at the top.
        Operator::Less | Operator::AtMost => match value.high {
            Some(high) if holds(high) => Verdict::Compliant,
            _ if !low => Verdict::NonCompliant,
            _ => Verdict::Indeterminate,
        },
        Operator::AtLeast | Operator::More => match value.high {
            _ if low => Verdict::Compliant,
            Some(high) if !holds(high) => Verdict::NonCompliant,
            _ => Verdict::Indeterminate,
        },
        Operator::Equal => match value.high {
            Some(high) if high == value.low && low => Verdict::Compliant,
            Some(high) if high < limit => Verdict::NonCompliant,
            _ if value.low > limit => Verdict::NonCompliant,
            _ => Verdict::Indeterminate,
        },
        Operator::In | Operator::NotIn => Verdict::Indeterminate,
    }
}

/// Evaluates a rule, under every reading of its open terms.
#[must_use]
pub fn evaluate(rule: &Rule, terms: Terms<'_>, sample: &Sample) -> Outcome {
    match scope(rule.form, sample) {
        Some(true) => {}
        Some(false) => return Outcome::not_applicable(),
        None => {
            return Outcome::open(format!(
                "the rule is for {} products, and the form of this one is not known",
                rule.form
            ));
        }
    }
    let readings: Vec<Option<Reading>> = match rule
        .interpretation
        .as_deref()
        .and_then(|id| terms.interpretations.iter().find(|i| i.id == id))
    {
        None => default_readings(rule),
        Some(open) => match open.chosen {
            Some(chosen) => vec![Some(chosen)],
            None => open.readings.iter().copied().map(Some).collect(),
        },
    };
    let outcomes: Vec<Outcome> = readings
        .iter()
        .map(|reading| under_reading(rule, terms, sample, *reading))
        .collect();
    combine_readings(&readings, outcomes)
}

/// Readings where the text leaves the basis open and no interpretation row names them.
fn default_readings(rule: &Rule) -> Vec<Option<Reading>> {
    match (rule.quantity, rule.unit.as_str()) {
        (QuantityKind::BasisNotRead, "mg") => {
            vec![Some(Reading::PerServing), Some(Reading::PerContainer)]
        }
        // A share of the product's mass, or of its alkaloids.
        (QuantityKind::BasisNotRead, _) => vec![Some(Reading::Literal), Some(Reading::Each)],
        _ => vec![None],
    }
}

fn combine_readings(readings: &[Option<Reading>], outcomes: Vec<Outcome>) -> Outcome {
    let mut outcomes = outcomes.into_iter();
    let Some(first) = outcomes.next() else {
        return Outcome::open("no reading of the rule is recorded");
    };
    let rest: Vec<Outcome> = outcomes.collect();
    if rest.iter().all(|other| other.verdict == first.verdict) {
        return first;
    }
    let words: Vec<String> = readings
        .iter()
        .zip(std::iter::once(&first).chain(&rest))
        .filter_map(|(reading, outcome)| {
            reading.map(|reading| format!("{reading}: {}", outcome.verdict.as_str()))
        })
        .collect();
    let mut reasons = vec![format!(
        "the text can be read in more than one way, and the readings differ ({})",
        words.join(", ")
    )];
    for reason in first
        .reasons
        .iter()
        .chain(rest.iter().flat_map(|outcome| &outcome.reasons))
    {
        if !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    Outcome {
        verdict: Verdict::Indeterminate,
        computed: first
            .computed
            .or_else(|| rest.iter().find_map(|outcome| outcome.computed)),
        reasons,
    }
}

/// Whether a rule is for this product; `None` where that cannot be told.
fn scope(form: FormScope, sample: &Sample) -> Option<bool> {
    match form {
        FormScope::Any => Some(true),
        FormScope::Solid => sample.state.map(|state| state == State::Solid),
        FormScope::Liquid => sample.state.map(|state| state == State::Liquid),
        FormScope::Botanical => sample.is_botanical(),
        FormScope::Processed => sample.is_botanical().map(|botanical| !botanical),
    }
}

fn under_reading(
    rule: &Rule,
    terms: Terms<'_>,
    sample: &Sample,
    reading: Option<Reading>,
) -> Outcome {
    if rule.quantity == QuantityKind::Presence {
        return presence(rule, terms, sample, reading);
    }
    let Some((digits, places)) = rule.limit.digits() else {
        return Outcome::open("the limit is not a number");
    };
    let Some(limit) = 10_i128
        .checked_pow(places)
        .and_then(|scale| Exact::new(digits, scale))
    else {
        return Outcome::open("the limit is out of range");
    };
    let quantity = match (rule.quantity, reading) {
        (QuantityKind::BasisNotRead, Some(Reading::PerServing)) => QuantityKind::MassPerServing,
        (QuantityKind::BasisNotRead, Some(Reading::PerContainer)) => QuantityKind::MassPerContainer,
        (QuantityKind::BasisNotRead, Some(Reading::Literal)) => QuantityKind::MassFraction,
        (QuantityKind::BasisNotRead, Some(Reading::Each)) => QuantityKind::ShareOfAlkaloids,
        (QuantityKind::MassPerArticle, Some(Reading::PerServing)) => QuantityKind::MassPerServing,
        (QuantityKind::MassPerArticle, _) => QuantityKind::MassPerContainer,
        (quantity, _) => quantity,
    };
    if quantity == QuantityKind::Ratio {
        return match ratio(rule, sample) {
            Ok(RatioValue::Span(span)) => Outcome {
                verdict: compare(span, rule.op, limit),
                computed: Some(span),
                reasons: Vec::new(),
            },
            Ok(RatioValue::NoDenominator) => Outcome {
                verdict: match rule.op {
                    Operator::AtLeast | Operator::More => Verdict::Compliant,
                    _ => Verdict::Indeterminate,
                },
                computed: None,
                reasons: vec!["nothing below the line of the ratio: it has no upper end".into()],
            },
            Err(reason) => Outcome::open(reason),
        };
    }
    let members = rule
        .analyte
        .as_deref()
        .map(|word| terms.members(word))
        .unwrap_or_default();
    let words: Vec<&str> = if quantity == QuantityKind::ParticleSize {
        vec![PARTICLE_SIZE]
    } else if members.is_empty() {
        rule.analyte.as_deref().into_iter().collect()
    } else {
        members.iter().map(|member| member.as_str()).collect()
    };
    if words.is_empty() {
        return Outcome::open("the product file cannot state what this rule measures");
    }
    let measured: Vec<Result<Span, String>> = words
        .iter()
        .map(|word| amount(quantity, rule, sample, word))
        .collect();
    let mut outcome =
        if reading == Some(Reading::Each) && rule.quantity != QuantityKind::BasisNotRead {
            each(rule, limit, &measured)
        } else {
            sum(rule, limit, &measured)
        };
    if rule.basis == Basis::DryWeight && !sample.contents_are_dry && sample.moisture.is_none() {
        guard_water(&mut outcome, rule, limit, sample);
    }
    outcome
}

/// All members added; untested members leave the upper end open.
fn sum(rule: &Rule, limit: Exact, measured: &[Result<Span, String>]) -> Outcome {
    let mut total = Span::zero();
    let mut reasons = Vec::new();
    for part in measured {
        match part {
            Ok(span) => match total.plus(*span) {
                Some(next) => total = next,
                None => return Outcome::open("a number is out of range"),
            },
            Err(reason) => {
                total.high = None;
                reasons.push(reason.clone());
            }
        }
    }
    let any = measured.iter().any(Result::is_ok);
    Outcome {
        verdict: if any {
            compare(total, rule.op, limit)
        } else {
            Verdict::Indeterminate
        },
        computed: any.then_some(total),
        reasons,
    }
}

/// Every member by itself.
fn each(rule: &Rule, limit: Exact, measured: &[Result<Span, String>]) -> Outcome {
    let mut reasons = Vec::new();
    let mut verdict = Verdict::Compliant;
    let mut largest: Option<Span> = None;
    for part in measured {
        let one = match part {
            Ok(span) => {
                if largest.is_none_or(|best| span.low > best.low) {
                    largest = Some(*span);
                }
                compare(*span, rule.op, limit)
            }
            Err(reason) => {
                reasons.push(reason.clone());
                Verdict::Indeterminate
            }
        };
        verdict = match (verdict, one) {
            (Verdict::NonCompliant, _) | (_, Verdict::NonCompliant) => Verdict::NonCompliant,
            (Verdict::Indeterminate, _) | (_, Verdict::Indeterminate) => Verdict::Indeterminate,
            _ => Verdict::Compliant,
        };
    }
    Outcome {
        verdict,
        computed: largest,
        reasons,
    }
}

/// "Any amount" rules. A non-detect is not an absence.
fn presence(rule: &Rule, terms: Terms<'_>, sample: &Sample, reading: Option<Reading>) -> Outcome {
    if reading == Some(Reading::PlantExempt) && sample.is_botanical() == Some(true) {
        return Outcome {
            verdict: Verdict::Compliant,
            computed: None,
            reasons: vec![
                "traces that the plant holds by nature are outside in this reading".into(),
            ],
        };
    }
    let members = rule
        .analyte
        .as_deref()
        .map(|word| terms.members(word))
        .unwrap_or_default();
    if members.is_empty() || rule.limit.as_bool() != Some(false) {
        return Outcome::open("the rule cannot be computed from measured contents");
    }
    let mut verdict = Verdict::Compliant;
    let mut reasons = Vec::new();
    let mut computed = Span::zero();
    for member in members {
        let one = match sample.content_of(member.as_str()) {
            None => {
                reasons.push(format!("{member} was not tested"));
                computed.high = None;
                Verdict::Indeterminate
            }
            Some(content) => {
                computed = computed.plus(content.span).unwrap_or(content.span);
                if content.span.is_zero() {
                    Verdict::Compliant
                } else if content.span.low.is_zero() {
                    reasons.push(format!(
                        "{member} was not detected, and the rule has no threshold: a non-detect is not an absence"
                    ));
                    Verdict::Indeterminate
                } else {
                    Verdict::NonCompliant
                }
            }
        };
        verdict = match (verdict, one) {
            (Verdict::NonCompliant, _) | (_, Verdict::NonCompliant) => Verdict::NonCompliant,
            (Verdict::Indeterminate, _) | (_, Verdict::Indeterminate) => Verdict::Indeterminate,
            _ => Verdict::Compliant,
        };
    }
    Outcome {
        verdict,
        computed: Some(computed),
        reasons,
    }
}

/// A dry-weight limit, a result on the product as it is, and no water content: the result is taken as
/// it is, unless water up to [`MOST_WATER_PERCENT`] could turn a pass into a failure.
fn guard_water(outcome: &mut Outcome, rule: &Rule, limit: Exact, sample: &Sample) {
    if sample.state != Some(State::Solid) || outcome.verdict != Verdict::Compliant {
        return;
    }
    let water = Exact::new(i128::from(MOST_WATER_PERCENT), 100).unwrap_or(Exact::ZERO);
    let wettest = outcome.computed.and_then(|span| {
        dry(
            span,
            Span {
                low: Exact::ZERO,
                high: Some(water),
            },
        )
    });
    if wettest.is_some_and(|span| compare(span, rule.op, limit) == Verdict::Compliant) {
        outcome.reasons.push(format!(
            "the water content was not given; up to {MOST_WATER_PERCENT} % of water would not change this verdict"
        ));
    } else {
        outcome.verdict = Verdict::Indeterminate;
        outcome.reasons.push(
            "the limit is on dry weight, the water content was not given, and it could decide"
                .into(),
        );
    }
}

/// Combines the rules of a group.
#[must_use]
pub fn combine(logic: Logic, verdicts: &[Verdict]) -> Verdict {
    let has = |verdict| verdicts.contains(&verdict);
    let applies = verdicts.iter().any(|v| *v != Verdict::NotApplicable);
    if !applies {
        return Verdict::NotApplicable;
    }
    match logic {
        Logic::AllOf => {
            if has(Verdict::NonCompliant) {
                Verdict::NonCompliant
            } else if has(Verdict::Indeterminate) {
                Verdict::Indeterminate
            } else {
                Verdict::Compliant
            }
        }
        Logic::AnyOf => {
            if has(Verdict::Compliant) {
                Verdict::Compliant
            } else if has(Verdict::Indeterminate) {
                Verdict::Indeterminate
            } else {
                Verdict::NonCompliant
            }
        }
    }
}

/// Evaluates a group: the outcome of each rule, in order, and the verdict of the group.
#[must_use]
pub fn evaluate_set(
    ruleset: &Ruleset,
    terms: Terms<'_>,
    sample: &Sample,
) -> (Vec<Outcome>, Verdict) {
    let outcomes: Vec<Outcome> = ruleset
        .rule
        .iter()
        .map(|rule| evaluate(rule, terms, sample))
        .collect();
    let verdicts: Vec<Verdict> = outcomes.iter().map(|outcome| outcome.verdict).collect();
    let verdict = combine(ruleset.logic, &verdicts);
    (outcomes, verdict)
}
