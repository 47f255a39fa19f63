//! Claims hang together: ids are unique and of their topic, conflicts are mutual, nothing unread ships.

use std::collections::BTreeMap;

use ketum_core::evidence::{ClaimKind, Verification};

use super::Sink;
use crate::facts::Facts;
use crate::path;

pub(super) fn lint(facts: &Facts, sink: &mut Sink) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (topic, file) in &facts.claims {
        let name = format!("claims/{topic}.toml");
        for (index, claim) in file.claim.iter().enumerate() {
            let id = claim.id.as_str();
            let at = |key: &str| path!["claim", index, key];
            if let Some(first) = seen.insert(id, topic) {
                let message = format!("`{id}` stands in claims/{first}.toml too");
                sink.error(
                    "duplicate-id",
                    &name,
                    at("id"),
                    message,
                    "every claim has its own id",
                );
            }
            if !id.starts_with(&format!("{topic}-")) {
                let hint = format!("write `{topic}-...`");
                sink.error(
                    "id-topic",
                    &name,
                    at("id"),
                    "the id does not start with its topic",
                    &hint,
                );
            }
            if claim.applies_to.is_empty() {
                let hint = "leaf, extract, seven-oh, semi-synthetic or any-kratom";
                sink.error(
                    "applies-to",
                    &name,
                    at("applies_to"),
                    "which products is it about?",
                    hint,
                );
            }
            if claim.certainty_why.split_whitespace().count() < 2 {
                let hint = "say what limits or supports the certainty";
                sink.error(
                    "certainty-why",
                    &name,
                    at("certainty_why"),
                    "the reason is missing",
                    hint,
                );
            }
            let unread = claim
                .sources
                .iter()
                .any(|citation| citation.verification == Verification::Unverified);
            if claim.kind == ClaimKind::Statement && unread {
                let message = format!("to verify: `{id}`");
                let hint =
                    "read the source and change the word; until then it is left out of a release";
                sink.note("to-verify", &name, at("sources"), message, hint);
            }
            let gap_source = claim
                .sources
                .iter()
                .any(|citation| citation.verification == Verification::NotFound);
            if claim.kind == ClaimKind::Statement && gap_source {
                let hint = "a gap has kind = \"gap\"";
                let message = "a statement cannot rest on something not found";
                sink.error("gap-kind", &name, at("kind"), message, hint);
            }
        }
    }
    mutual_conflicts(facts, sink);
}

fn mutual_conflicts(facts: &Facts, sink: &mut Sink) {
    let by_id: BTreeMap<&str, &[ketum_core::id::ClaimId]> = facts
        .claims
        .values()
        .flat_map(|file| &file.claim)
        .map(|claim| (claim.id.as_str(), claim.conflicts_with.as_slice()))
        .collect();
    for (topic, file) in &facts.claims {
        let name = format!("claims/{topic}.toml");
        for (index, claim) in file.claim.iter().enumerate() {
            for (other_index, other) in claim.conflicts_with.iter().enumerate() {
                let path = path!["claim", index, "conflicts_with", other_index];
                match by_id.get(other.as_str()) {
                    None => {
                        let near = crate::document::nearest(other.as_str(), by_id.keys().copied());
                        let hint = near.map_or_else(
                            || "name a claim that exists".to_owned(),
                            |near| format!("did you mean `{near}`?"),
                        );
                        let message = format!("there is no claim `{other}`");
                        sink.error("dangling-claim", &name, path, message, &hint);
                    }
                    Some(back) if !back.contains(&claim.id) => {
                        let message = format!("`{other}` does not name `{}` back", claim.id);
                        let hint = "a conflict stands on both claims";
                        sink.error("one-sided-conflict", &name, path, message, hint);
                    }
                    Some(_) => {}
                }
            }
        }
    }
}
