//! Test vectors beside each ruleset: every limit has a value on both sides and one at its edge, and each
//! value says what the comparison gives. The evaluator runs the same vectors as tests.

use std::cmp::Ordering;

use ketum_core::law::{Limit, Operator, Rule, Ruleset, Vector, VectorVerdict};

use super::Under;
use super::references::every_ruleset;
use crate::document::Path;
use crate::lint::Sink;

pub(super) fn lint(under: &Under<'_>, sink: &mut Sink) {
    for (path, set) in every_ruleset(under) {
        for (index, vector) in set.vector.iter().enumerate() {
            one(under, set, vector, &path.then("vector").then(index), sink);
        }
        for (index, rule) in set.rule.iter().enumerate() {
            sides(under, set, rule, &path.then("rule").then(index), sink);
        }
    }
}

fn one(under: &Under<'_>, set: &Ruleset, vector: &Vector, path: &Path, sink: &mut Sink) {
    let Some(rule) = set.rule.iter().find(|rule| rule.id == vector.rule) else {
        let message = format!("`{}` has no rule `{}`", set.id, vector.rule);
        let hint = "name the id of a rule of this ruleset";
        under.error(sink, "law-vectors", path.then("rule"), message, hint);
        return;
    };
    let Some(right) = expected(rule, &vector.value) else {
        let message = format!("`{}` cannot be compared with {}", vector.value, rule.limit);
        let hint = "a number for a number, true or false for a rule on presence";
        under.error(sink, "law-vectors", path.then("value"), message, hint);
        return;
    };
    if right != vector.expect {
        let message = format!(
            "{} is {right} where the rule asks for {} {}",
            vector.value, rule.op, rule.limit
        );
        let hint = "one of the two is wrong: read the source again";
        under.error(sink, "law-vectors", path.then("expect"), message, hint);
    }
}

fn sides(under: &Under<'_>, set: &Ruleset, rule: &Rule, path: &Path, sink: &mut Sink) {
    let of_rule = || set.vector.iter().filter(|vector| vector.rule == rule.id);
    let has = |verdict| of_rule().any(|vector| vector.expect == verdict);
    let edge = rule.limit.as_bool().is_some()
        || of_rule().any(|vector| order(&vector.value, &rule.limit) == Some(Ordering::Equal));
    let missing = if !has(VectorVerdict::Compliant) {
        "a value within the limit"
    } else if !has(VectorVerdict::NonCompliant) {
        "a value outside the limit"
    } else if !edge {
        "the limit itself"
    } else {
        return;
    };
    let message = format!("`{}` has no test vector with {missing}", rule.id);
    let hint = "add it to `vector` of the ruleset: { rule, value, expect }";
    under.error(sink, "law-vectors", path.then("limit"), message, hint);
}

/// The verdict of a value by the words of the rule; `None` where they cannot be compared.
fn expected(rule: &Rule, value: &Limit) -> Option<VectorVerdict> {
    let holds = match (value.as_bool(), rule.limit.as_bool()) {
        (Some(value), Some(limit)) => rule.op == Operator::Equal && value == limit,
        (None, None) => {
            let order = order(value, &rule.limit)?;
            match rule.op {
                Operator::Less => order.is_lt(),
                Operator::AtMost => order.is_le(),
                Operator::Equal => order.is_eq(),
                Operator::AtLeast => order.is_ge(),
                Operator::More => order.is_gt(),
                Operator::In | Operator::NotIn => return None,
            }
        }
        _ => return None,
    };
    Some(if holds {
        VectorVerdict::Compliant
    } else {
        VectorVerdict::NonCompliant
    })
}

/// Order of two written decimal numbers, without rounding.
fn order(a: &Limit, b: &Limit) -> Option<Ordering> {
    let ((a, a_places), (b, b_places)) = (a.digits()?, b.digits()?);
    let places = a_places.max(b_places);
    let scaled = |digits: i128, own: u32| digits.checked_mul(10_i128.checked_pow(places - own)?);
    Some(scaled(a, a_places)?.cmp(&scaled(b, b_places)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_numbers_are_ordered_without_rounding() {
        let order = |a: &str, b: &str| order(&a.parse().unwrap(), &b.parse().unwrap()).unwrap();
        assert_eq!(order("0.00500", "0.005"), Ordering::Equal);
        assert_eq!(order("0.004999", "0.00500"), Ordering::Less);
        assert_eq!(order("600", "599.9"), Ordering::Greater);
    }
}
