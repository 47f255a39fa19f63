//! Requirements beyond chemistry: age of the buyer, forms, labels, packages. Checked against what the
//! case and the maker declare; what nobody declared stays open and never reads as met.

use ketum_core::law::{Activity, Operator, Requirement};

use super::exact::Exact;
use super::level::is_trade;
use super::period::InForce;
use super::rule::Verdict;
use super::verdict::Question;

/// Whether the case meets a requirement.
#[must_use]
pub fn check(requirement: &Requirement, question: &Question<'_>) -> Verdict {
    let buyer = question.buyer;
    let fact: Option<String> = match requirement.key.as_str() {
        "buyer_age" | "holder_age" => buyer.age.map(|age| age.to_string()),
        "sale_to_pregnant" => buyer.pregnant.map(|yes| yes.to_string()),
        "sale_to_breastfeeding" => buyer.breastfeeding.map(|yes| yes.to_string()),
        key => question.sample.and_then(|sample| sample.fact(key)),
    };
    let Some(fact) = fact else {
        return Verdict::Indeterminate;
    };
    let met = match requirement.op {
        Operator::In => Some(requirement.values.contains(&fact)),
        Operator::NotIn => Some(!requirement.values.contains(&fact)),
        op => requirement.value.as_deref().and_then(|value| {
            if op == Operator::Equal && requirement.unit != "text" {
                return Some(fact == value);
            }
            let (fact, value) = (Exact::parse(&fact)?, Exact::parse(value)?);
            Some(match op {
                Operator::Less => fact < value,
                Operator::AtMost => fact <= value,
                Operator::AtLeast => fact >= value,
                Operator::More => fact > value,
                _ => return None,
            })
        }),
    };
    match met {
        Some(true) => Verdict::Compliant,
        Some(false) => Verdict::NonCompliant,
        None => Verdict::Indeterminate,
    }
}

/// Why a requirement in force forbids the act, where it does.
pub(super) fn failure(
    requirement: &Requirement,
    force: &InForce,
    question: &Question<'_>,
) -> Option<String> {
    let concerns = if requirement.key == "holder_age" {
        matches!(
            question.activity,
            Activity::Possess | Activity::Use | Activity::Buy
        )
    } else if requirement.key == "buyer_age" || requirement.key.starts_with("sale_to_") {
        matches!(
            question.activity,
            Activity::Buy | Activity::Sell | Activity::Give | Activity::OnlineSale
        )
    } else {
        is_trade(question.activity)
    };
    (concerns && *force == InForce::Yes && check(requirement, question) == Verdict::NonCompliant)
        .then(|| format!("a requirement is not met: {}", text(requirement)))
}

/// A requirement in words.
#[must_use]
pub fn text(requirement: &Requirement) -> String {
    let key = requirement.key.replace('_', " ");
    let value = requirement.value.as_deref().unwrap_or_default();
    let set = requirement.values.join(", ").replace('_', " ");
    match (requirement.op, requirement.unit.as_str()) {
        (Operator::AtLeast, "year") if requirement.key == "buyer_age" => {
            format!("buyers are at least {value} years old")
        }
        (Operator::AtLeast, "year") if requirement.key == "holder_age" => {
            format!("who has it is at least {value} years old")
        }
        (Operator::Equal, "bool") if value == "true" => key,
        (Operator::Equal, "bool") => format!("not: {key}"),
        (Operator::Equal, "text") => {
            format!("{}: {value}", key.strip_suffix(" text").unwrap_or(&key))
        }
        (Operator::In, _) => format!("{key} is one of: {set}"),
        (Operator::NotIn, _) => format!("{key} is none of: {set}"),
        (Operator::Equal, unit) => format!("{key}: {value} {unit}"),
        (op, unit) => format!("{key} {op} {value} {unit}"),
    }
}
