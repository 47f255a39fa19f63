//! Finding rules rest on claims that exist, and are not surer than those claims.

use ketum_core::finding::{Action, Harm};

use super::Sink;
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
        if rule.claims.is_empty() {
            let hint = "a statement of fact rests on claims";
            sink.error(
                "no-claim",
                &name,
                path!["claims"],
                "a finding without a claim",
                hint,
            );
        }
        if !facts.claims.contains_key(rule.topic.as_str()) {
            let hint = "a topic is a file in data/claims/";
            let message = format!("there is no topic `{}`", rule.topic);
            sink.error("dangling-topic", &name, path!["topic"], message, hint);
        }
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
        let mut surest = None;
        let mut complete = true;
        for (index, claim) in rule.claims.iter().enumerate() {
            match claims.get(claim.as_str()) {
                None => {
                    complete = false;
                    let near = crate::document::nearest(claim.as_str(), claims.keys().copied());
                    let hint = near.map_or_else(
                        || "name a claim of data/claims/".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    let message = format!("there is no claim `{claim}`");
                    sink.error(
                        "dangling-claim",
                        &name,
                        path!["claims", index],
                        message,
                        &hint,
                    );
                }
                Some(claim) => {
                    surest = Some(surest.map_or(claim.certainty, |best| claim.certainty.min(best)));
                }
            }
        }
        // `Certainty` is ordered from high to very low.
        if let Some(surest) = surest
            && complete
            && rule.certainty < surest
        {
            let hint = "a finding is at most as sure as its surest claim";
            let message = "the finding is surer than every claim it rests on";
            sink.error("certainty", &name, path!["certainty"], message, hint);
        }
    }
}
