//! Finding rules rest on claims that exist, and are not surer than those claims.

use ketum_core::finding::{Action, Harm};

use super::Sink;
use super::grounds::Grounds;
use crate::facts::Facts;
use crate::path;

pub(super) fn lint(facts: &Facts, sink: &mut Sink) {
    let claims = super::claims_by_id(facts);
    for (id, rule) in &facts.findings {
        let name = format!("findings/{id}.toml");
        if rule.when.is_empty() {
            let hint = "`always` is a circumstance too";
            sink.error(
                "no-circumstance",
                &name,
                path!["when"],
                "when does it apply?",
                hint,
            );
        }
        Grounds {
            file: &name,
            what: "a finding",
            topic: &rule.topic,
            claims: &rule.claims,
            certainty: rule.certainty,
        }
        .lint(facts, &claims, sink);
        for (index, other) in rule.yields_to.iter().enumerate() {
            if !facts.findings.contains_key(other.as_str()) {
                let message = format!("there is no finding `{other}`");
                let hint = "name a file in data/findings/";
                sink.error(
                    "dangling-finding",
                    &name,
                    path!["yields_to", index],
                    message,
                    hint,
                );
            }
        }
        if rule.action <= Action::ClinicianFirst && rule.harm == Harm::None {
            let hint = "say how bad it is";
            sink.error(
                "harm-action",
                &name,
                path!["harm"],
                "urgent action without harm",
                hint,
            );
        }
    }
}
