//! What every rule that speaks to people rests on.

use std::collections::BTreeMap;

use ketum_core::evidence::{Certainty, Claim};
use ketum_core::id::{ClaimId, TopicId};

use super::Sink;
use crate::facts::Facts;
use crate::path;

/// What a rule rests on: a topic that exists and claims that exist, of which one is at least as sure.
pub(super) struct Grounds<'a> {
    pub file: &'a str,
    /// What the rule is called in a message: "a finding".
    pub what: &'a str,
    pub topic: &'a TopicId,
    pub claims: &'a [ClaimId],
    pub certainty: Certainty,
}

impl Grounds<'_> {
    pub fn lint(&self, facts: &Facts, known: &BTreeMap<&str, &Claim>, sink: &mut Sink) {
        if !facts.claims.contains_key(self.topic.as_str()) {
            let message = format!("there is no topic `{}`", self.topic);
            let hint = "a topic is a file in data/claims/";
            sink.error("dangling-topic", self.file, path!["topic"], message, hint);
        }
        if self.claims.is_empty() {
            let hint = "a statement of fact rests on claims";
            let message = format!("{} without a claim", self.what);
            sink.error("no-claim", self.file, path!["claims"], message, hint);
        }
        let mut all = true;
        for (index, claim) in self.claims.iter().enumerate() {
            if !known.contains_key(claim.as_str()) {
                all = false;
                let near = crate::document::nearest(claim.as_str(), known.keys().copied());
                let hint = near.map_or_else(
                    || "name a claim of data/claims/".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("there is no claim `{claim}`");
                let at = path!["claims", index];
                sink.error("dangling-claim", self.file, at, message, &hint);
            }
        }
        let surest = self
            .claims
            .iter()
            .filter_map(|claim| known.get(claim.as_str()))
            .map(|claim| claim.certainty)
            .min();
        // `Certainty` is ordered from high to very low.
        if all && surest.is_some_and(|surest| self.certainty < surest) {
            let message = format!("{} is surer than every claim it rests on", self.what);
            let hint = format!("{} is at most as sure as its surest claim", self.what);
            sink.error("certainty", self.file, path!["certainty"], message, &hint);
        }
    }
}
