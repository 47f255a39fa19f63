//! Interaction rules name classes, drugs and claims that exist, say the most urgent thing first, and are
//! not surer than their claims.

use std::collections::BTreeMap;

use ketum_core::evidence::Claim;
use ketum_core::finding::{Action, Harm};
use ketum_core::id::ClaimId;
use ketum_core::interaction::{InteractionRule, Level, Member, SizeFrom};

use super::Sink;
use crate::document::{Path, nearest};
use crate::facts::Facts;
use crate::path;

/// The one slot of a statement.
const SLOT: &str = "{with}";

pub(super) fn lint(facts: &Facts, sink: &mut Sink) {
    let claims = super::claims_by_id(facts);
    for (id, rule) in &facts.interactions {
        let one = Rule {
            file: format!("interactions/{id}.toml"),
            rule,
            facts,
            claims: &claims,
        };
        one.lint(sink);
    }
}

struct Rule<'a> {
    file: String,
    rule: &'a InteractionRule,
    facts: &'a Facts,
    claims: &'a BTreeMap<&'a str, &'a Claim>,
}

impl Rule<'_> {
    fn lint(&self, sink: &mut Sink) {
        let file = &self.file;
        if !self.facts.claims.contains_key(self.rule.topic.as_str()) {
            let message = format!("there is no topic `{}`", self.rule.topic);
            let hint = "a topic is a file in data/claims/";
            sink.error("dangling-topic", file, path!["topic"], message, hint);
        }
        if self.rule.member.is_empty() || self.rule.level.is_empty() {
            let message = "who takes part, and what is said?";
            let hint = "a rule has at least one [[member]] and one [[level]]";
            sink.error("empty-rule", file, Path::root(), message, hint);
        }
        for (index, side) in self.rule.member.iter().enumerate() {
            self.side(side, &path!["member", index], sink);
        }
        let mut most = None;
        for (index, level) in self.rule.level.iter().enumerate() {
            let path = path!["level", index];
            for (position, side) in level.when.iter().enumerate() {
                self.side(side, &path.then("when").then(position), sink);
            }
            // Where a size decides, a level for the unknown size may stand between the others.
            if most.is_some_and(|most| level.action < most) {
                let message = "a more urgent level stands further down";
                let hint = "the first level that holds is said: put the most urgent first";
                sink.error("level-order", file, path.then("action"), message, hint);
            }
            most = Some(level.action);
            self.level(level, &path, sink);
        }
        for (index, one) in self.rule.evidence.iter().enumerate() {
            let path = path!["evidence", index];
            self.known_classes(&one.class, &path.then("class"), sink);
            self.known_claims(&one.claims, &path.then("claims"), sink);
        }
        self.known_classes(&self.rule.also, &path!["also"], sink);
        self.known_claims(&self.rule.cases, &path!["cases"], sink);
        if let Some(SizeFrom::Claim(claim) | SizeFrom::ClaimElseGutCyp3a(claim)) = &self.rule.size {
            let size = std::slice::from_ref(claim);
            self.known_claims(size, &path!["size"], sink);
        }
    }

    fn side(&self, side: &Member, path: &Path, sink: &mut Sink) {
        let file = &self.file;
        if side.class.is_empty() && side.drug.is_empty() && side.enzyme.is_empty() {
            let hint = "name a class, a drug or an enzyme";
            sink.error(
                "empty-rule",
                file,
                path.clone(),
                "nobody can take part",
                hint,
            );
        }
        for (key, classes) in [
            ("class", &side.class),
            ("and_class", &side.and_class),
            ("unless_class", &side.unless_class),
        ] {
            self.known_classes(classes, &path.then(key), sink);
        }
        for (key, drugs) in [("drug", &side.drug), ("unless_drug", &side.unless_drug)] {
            for (index, drug) in drugs.iter().enumerate() {
                if !self.facts.drugs.contains_key(drug.as_str()) {
                    let message = format!("there is no drug `{drug}`");
                    let at = path.then(key).then(index);
                    sink.error(
                        "unknown-drug",
                        file,
                        at,
                        message,
                        "name a file in data/drugs/",
                    );
                }
            }
        }
    }

    fn level(&self, level: &Level, path: &Path, sink: &mut Sink) {
        let file = &self.file;
        if level.claims.is_empty() {
            let hint = "a statement of fact rests on claims";
            let at = path.then("claims");
            sink.error("no-claim", file, at, "a level without a claim", hint);
        }
        if level.action <= Action::ClinicianFirst && level.harm == Harm::None {
            let at = path.then("harm");
            sink.error(
                "harm-action",
                file,
                at,
                "urgent action without harm",
                "say how bad it is",
            );
        }
        let texts = [
            ("statement", Some(&level.statement)),
            ("do_next", level.do_next.as_ref()),
        ];
        for (key, text) in texts {
            let left = text.map_or_else(String::new, |text| text.en.replace(SLOT, ""));
            if left.contains(['{', '}']) {
                let at = path.then(key).then("en");
                sink.error(
                    "slot",
                    file,
                    at,
                    "an unknown slot",
                    "the only slot is {with}",
                );
            }
        }
        self.known_claims(&level.claims, &path.then("claims"), sink);
        let surest = level
            .claims
            .iter()
            .filter_map(|claim| self.claims.get(claim.as_str()))
            .map(|claim| claim.certainty)
            .min();
        // `Certainty` is ordered from high to very low.
        if surest.is_some_and(|surest| level.certainty < surest) {
            let message = "the level is surer than every claim it rests on";
            let hint = "a finding is at most as sure as its surest claim";
            sink.error("certainty", file, path.then("certainty"), message, hint);
        }
    }

    fn known_classes(&self, classes: &[ketum_core::drug::ClassId], path: &Path, sink: &mut Sink) {
        for (index, class) in classes.iter().enumerate() {
            if self.facts.classes.get(class.as_str()).is_none() {
                let message = format!("there is no class `{class}`");
                let at = path.then(index);
                sink.error(
                    "unknown-class",
                    &self.file,
                    at,
                    message,
                    "see data/classes.toml",
                );
            }
        }
    }

    fn known_claims(&self, claims: &[ClaimId], path: &Path, sink: &mut Sink) {
        for (index, claim) in claims.iter().enumerate() {
            if self.claims.contains_key(claim.as_str()) {
                continue;
            }
            let near = nearest(claim.as_str(), self.claims.keys().copied());
            let hint = near.map_or_else(
                || "name a claim of data/claims/".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no claim `{claim}`");
            sink.error(
                "dangling-claim",
                &self.file,
                path.then(index),
                message,
                &hint,
            );
        }
    }
}
