//! Monitoring options: for somebody, of something, resting on claims, and options indeed: no order, no
//! dose, no prescribed medicine to be stopped.

use ketum_core::monitoring::MonitoringRule;

use super::Sink;
use super::grounds::Grounds;
use crate::facts::Facts;
use crate::path;

/// Openings and phrases of orders. An option is worded as one: "can be", "may", "an option is".
const ORDERS: [&str; 9] = [
    "stop taking",
    "discontinue",
    "stop the medicine",
    "stop all",
    "stop other",
    "must ",
    "prescribe ",
    "give ",
    "increase the dose",
];

pub(super) fn lint(facts: &Facts, sink: &mut Sink) {
    let claims = super::claims_by_id(facts);
    for (id, rule) in &facts.monitoring {
        let file = format!("monitoring/{id}.toml");
        subject(&file, rule, facts, sink);
        Grounds {
            file: &file,
            what: "an option",
            topic: &rule.topic,
            claims: &rule.claims,
            certainty: rule.certainty,
        }
        .lint(facts, &claims, sink);
        for (key, text) in [
            ("timing", &rule.timing),
            ("look_for", &rule.look_for),
            ("option", &rule.option),
        ] {
            if let Some(order) = order(&text.en) {
                let message = format!("an order or a dose: `{order}`");
                let hint = "say what a professional may consider; never a dose, never to stop a prescribed medicine";
                sink.error("monitoring-order", &file, path![key, "en"], message, hint);
            }
        }
    }
}

/// For whom, of what, in which topic.
fn subject(file: &str, rule: &MonitoringRule, facts: &Facts, sink: &mut Sink) {
    if rule.when.is_empty() && rule.with_class.is_empty() {
        let hint = "`always` is a circumstance too";
        let message = "for whom is it?";
        sink.error("no-circumstance", file, path!["when"], message, hint);
    }
    if rule.what.iter().all(|what| what.trim().is_empty()) {
        let hint = "name a test, a measurement or a question";
        sink.error("no-test", file, path!["what"], "what is looked at?", hint);
    }
    for (index, class) in rule.with_class.iter().enumerate() {
        if facts.classes.get(class.as_str()).is_none() {
            let message = format!("there is no class `{class}`");
            let at = path!["with_class", index];
            sink.error("unknown-class", file, at, message, "see data/classes.toml");
        }
    }
}

/// The order or dose a text holds. `not` or `never` before an order forbids it.
fn order(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let forbids = |order: &str| {
        lower.contains(&format!("not {order}")) || lower.contains(&format!("never {order}"))
    };
    if let Some(order) = ORDERS
        .iter()
        .find(|order| lower.contains(**order) && !forbids(order))
    {
        return Some(order.trim().to_owned());
    }
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.windows(2).find_map(|pair| {
        let [number, unit] = pair else { return None };
        let unit = unit.trim_matches(|c: char| !c.is_alphanumeric());
        let amount = number.chars().next().is_some_and(|c| c.is_ascii_digit());
        (amount && ["mg", "g", "ug", "mcg", "ml", "tablets", "grams"].contains(&unit))
            .then(|| format!("{number} {unit}"))
    })
}
