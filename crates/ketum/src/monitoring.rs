//! Monitoring: which options of `data/monitoring/` concern a case, as plain data.
//!
//! Options for a professional to review. This module decides whom they concern; what they say is data.

use std::collections::BTreeSet;

use ketum_core::circumstance::Circumstance;
use ketum_core::evidence::Certainty;
use ketum_core::id::{ClaimId, TopicId};
use ketum_core::monitoring::MonitoringRule;
use ketum_data::catalogue::Catalogue;
use serde::Serialize;

/// One option of a monitoring plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonitoringOption {
    /// Name of the file in `data/monitoring/`.
    pub id: String,
    /// Topic, for grouping.
    pub topic: TopicId,
    /// What it is called.
    pub title: String,
    /// What is looked at.
    pub what: Vec<String>,
    /// When.
    pub timing: String,
    /// Why.
    pub why: String,
    /// Which result asks for more.
    pub look_for: String,
    /// What a professional may consider then.
    pub option: String,
    /// Because of which circumstances and classes of substances it concerns this case.
    pub because: Vec<String>,
    /// For whom and what it holds.
    pub domain: String,
    /// How sure.
    pub certainty: Certainty,
    /// No claim it rests on is carried by this release.
    pub needs_checking: bool,
    /// The claims it rests on.
    pub claims: Vec<ClaimId>,
}

/// The word of the circumstance that holds for every case.
const EVERYBODY: &str = "always";

/// The options that concern somebody in these circumstances who takes substances of these classes: what
/// concerns everybody last, the surest first, then by id.
#[must_use]
pub fn plan(
    catalogue: &Catalogue,
    circumstances: &BTreeSet<Circumstance>,
    classes: &BTreeSet<String>,
) -> Vec<MonitoringOption> {
    let mut options: Vec<MonitoringOption> = catalogue
        .monitoring
        .iter()
        .filter_map(|(id, rule)| {
            let because = because(rule, circumstances, classes);
            let barred = rule.unless.iter().any(|one| circumstances.contains(one));
            (!because.is_empty() && !barred).then(|| option(catalogue, id.as_str(), rule, because))
        })
        .collect();
    options.sort_by(|a, b| {
        let key = |one: &MonitoringOption| (one.because == [EVERYBODY], one.certainty);
        (key(a), &a.id).cmp(&(key(b), &b.id))
    });
    options
}

fn because(
    rule: &MonitoringRule,
    circumstances: &BTreeSet<Circumstance>,
    classes: &BTreeSet<String>,
) -> Vec<String> {
    let held = rule
        .when
        .iter()
        .filter(|wanted| circumstances.contains(*wanted))
        .map(|wanted| crate::findings::name(*wanted));
    let taken = rule
        .with_class
        .iter()
        .filter(|class| classes.contains(class.as_str()))
        .map(|class| format!("takes: {}", class.as_str().replace('_', " ")));
    held.chain(taken).collect()
}

fn option(
    catalogue: &Catalogue,
    id: &str,
    rule: &MonitoringRule,
    because: Vec<String>,
) -> MonitoringOption {
    // A claim that was withheld carries nothing.
    let claims: Vec<ClaimId> = rule
        .claims
        .iter()
        .filter(|claim| catalogue.claims.contains_key(*claim))
        .cloned()
        .collect();
    MonitoringOption {
        id: id.to_owned(),
        topic: rule.topic.clone(),
        title: rule.title.en.clone(),
        what: rule.what.clone(),
        timing: rule.timing.en.clone(),
        why: rule.why.en.clone(),
        look_for: rule.look_for.en.clone(),
        option: rule.option.en.clone(),
        because,
        domain: rule.domain.en.clone(),
        certainty: rule.certainty,
        needs_checking: claims.is_empty(),
        claims,
    }
}
