//! Limits make sense: the operator fits the quantity, the unit fits the dimension, the basis fits both.

use ketum_core::law::{Basis, Operator, QuantityKind, Rule};

use super::Under;
use super::references::every_ruleset;
use crate::document::Path;
use crate::lint::Sink;
use crate::path;

pub(super) fn lint(under: &Under<'_>, sink: &mut Sink) {
    for (path, set) in every_ruleset(under) {
        if set.rule.is_empty() {
            under.error(
                sink,
                "law-no-rule",
                path.then("id"),
                "a ruleset without a limit",
                "add a [[ruleset.rule]]",
            );
        }
        for (index, rule) in set.rule.iter().enumerate() {
            one(under, rule, &path.then("rule").then(index), sink);
        }
    }
    for (index, row) in under.file.requirement.iter().enumerate() {
        let sets = matches!(row.op, Operator::In | Operator::NotIn);
        if sets == row.values.is_empty() || sets == row.value.is_some() {
            let hint = "`in` and `not_in` take `values`, all others `value`";
            under.error(
                sink,
                "law-operator",
                path!["requirement", index, "op"],
                "the operator does not fit the value",
                hint,
            );
        }
    }
}

fn one(under: &Under<'_>, rule: &Rule, path: &Path, sink: &mut Sink) {
    use QuantityKind as Q;
    let boolean = rule.limit.as_bool().is_some();
    let fits = match rule.quantity {
        Q::Presence => rule.op == Operator::Equal && boolean,
        Q::Ratio => {
            matches!(
                rule.op,
                Operator::AtLeast | Operator::More | Operator::AtMost | Operator::Less
            ) && !boolean
        }
        _ => {
            matches!(
                rule.op,
                Operator::AtLeast
                    | Operator::More
                    | Operator::AtMost
                    | Operator::Less
                    | Operator::Equal
            ) && !boolean
        }
    };
    if !fits {
        let message = format!("`{}` with `{} {}`", rule.quantity, rule.op, rule.limit);
        let hint = "numbers take < <= >= >, presence takes == with true or false";
        under.error(sink, "law-operator", path.then("op"), message, hint);
    }
    let units: &[&str] = match rule.quantity {
        Q::MassFraction => &["mg/g", "%", "ppm"],
        Q::Concentration => &["mg/mL", "%"],
        Q::ShareOfAlkaloids => &["%"],
        Q::MassPerServing | Q::MassPerContainer | Q::MassPerArticle => &["mg"],
        Q::Ratio => &["1"],
        Q::ElementPpm => &["ppm", "mg/g"],
        Q::CfuPerG => &["cfu/g"],
        Q::Presence => &["bool"],
        Q::ParticleSize => &["um"],
        Q::BuyerAge => &["year"],
        Q::BasisNotRead => &["%", "mg", "mg/g", "ppm"],
    };
    if !units.contains(&rule.unit.as_str()) {
        let message = format!("`{}` is no unit of {}", rule.unit, rule.quantity);
        under.error(
            sink,
            "law-unit",
            path.then("unit"),
            message,
            &format!("one of {}", units.join(", ")),
        );
    }
    let bases: &[Basis] = match rule.quantity {
        Q::MassFraction => &[Basis::Product, Basis::DryWeight, Basis::WeightOrVolume],
        Q::Concentration => &[Basis::Product, Basis::WeightOrVolume],
        Q::ShareOfAlkaloids => &[Basis::TotalAlkaloids],
        Q::MassPerServing => &[Basis::Serving],
        Q::MassPerContainer => &[Basis::Container],
        Q::MassPerArticle => &[Basis::Article],
        Q::Ratio => &[Basis::Mass],
        Q::Presence => &[Basis::AnyAmount],
        Q::BasisNotRead => &[Basis::Unclear],
        Q::ElementPpm | Q::CfuPerG | Q::ParticleSize | Q::BuyerAge => &[Basis::Product],
    };
    if !bases.contains(&rule.basis) {
        let words: Vec<&str> = bases.iter().map(|basis| basis.as_str()).collect();
        let message = format!("`{}` is no basis of {}", rule.basis, rule.quantity);
        under.error(
            sink,
            "law-basis",
            path.then("basis"),
            message,
            &format!("one of {}", words.join(", ")),
        );
    }
    let ratio = rule.quantity == Q::Ratio;
    if ratio != (!rule.numerator.is_empty() && !rule.denominator.is_empty()) {
        under.error(
            sink,
            "law-ratio",
            path.then("quantity"),
            "a ratio, and only a ratio, has numerator and denominator",
            "list compounds for both",
        );
    }
    let needs_analyte = !matches!(rule.quantity, Q::Ratio | Q::ParticleSize | Q::BuyerAge);
    if needs_analyte && rule.analyte.is_none() {
        under.error(
            sink,
            "law-analyte",
            path.then("quantity"),
            "of what?",
            "name the analyte",
        );
    }
    if rule.quantity == Q::MassPerArticle && rule.interpretation.is_none() {
        under.error(
            sink,
            "law-readings",
            path.then("quantity"),
            "\"article\" can be read in more than one way",
            "name an [[interpretation]] with its readings",
        );
    }
}
