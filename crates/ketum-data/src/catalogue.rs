//! The catalogue: what a release carries of `data/`.
//!
//! Statements whose source was not read stay behind and are only named, so that a rule resting on them
//! can say "needs checking". This file is also compiled into the build script.

use std::collections::BTreeMap;

use ketum_core::analyte::Analyte;
use ketum_core::answer::ShortAnswer;
use ketum_core::calculator::CalculatorFacts;
use ketum_core::drug::{ClassVocabulary, Drug};
use ketum_core::emergency::EmergencyCard;
use ketum_core::evidence::{Claim, Source, Text};
use ketum_core::finding::FindingRule;
use ketum_core::form::{Assumption, Form, FormFacts};
use ketum_core::id::{
    AnalyteId, AnswerId, AssumptionId, ClaimId, DrugId, FindingId, InteractionId, ModelId,
    MonitoringId, SourceId, StudyId, TopicId,
};
use ketum_core::interaction::InteractionRule;
use ketum_core::law::LawFile;
use ketum_core::level_model::LevelModel;
use ketum_core::monitoring::MonitoringRule;
use ketum_core::study::Study;
use ketum_core::synonyms::Synonyms;
use serde::{Deserialize, Serialize};

use crate::facts::Facts;

/// The facts of a release.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// Fingerprint of the facts.
    pub version: String,
    /// Documents.
    pub sources: BTreeMap<SourceId, Source>,
    /// Titles of topics.
    pub topics: BTreeMap<TopicId, Text>,
    /// Statements and gaps.
    pub claims: BTreeMap<ClaimId, TopicClaim>,
    /// Substances.
    pub analytes: BTreeMap<AnalyteId, Analyte>,
    /// Product forms.
    pub forms: BTreeMap<Form, FormFacts>,
    /// Studies in people and animals, number by number.
    pub studies: BTreeMap<StudyId, Study>,
    /// Models of levels.
    pub models: BTreeMap<ModelId, LevelModel>,
    /// Numbers the computation needs.
    pub assumptions: BTreeMap<AssumptionId, Assumption>,
    /// Finding rules.
    pub findings: BTreeMap<FindingId, FindingRule>,
    /// Short answers to questions.
    pub answers: BTreeMap<AnswerId, ShortAnswer>,
    /// Cut-offs and points of calculators, by file name.
    pub clinic: BTreeMap<String, CalculatorFacts>,
    /// The emergency card.
    pub emergency: Option<EmergencyCard>,
    /// Law of places, in the order of their ids.
    pub law: Vec<LawFile>,
    /// Words that mean the same when people ask.
    pub synonyms: Synonyms,
    /// Mechanism classes.
    pub classes: ClassVocabulary,
    /// Medicines, herbs and other substances. A class without a source stays: it warns and needs checking.
    pub drugs: BTreeMap<DrugId, Drug>,
    /// What meets kratom, or each other.
    pub interactions: BTreeMap<InteractionId, InteractionRule>,
    /// Options of a monitoring plan.
    pub monitoring: BTreeMap<MonitoringId, MonitoringRule>,
    /// Claims that exist and were left out because no source was read.
    pub withheld: Vec<ClaimId>,
    /// Files that could not be read. Empty in anything that passed the linter.
    pub unreadable: Vec<String>,
}

/// A claim and the topic it belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TopicClaim {
    /// The topic.
    pub topic: TopicId,
    /// The claim.
    pub claim: Claim,
}

impl Catalogue {
    /// The release catalogue of some facts.
    #[must_use]
    pub fn release(facts: Facts, version: String) -> Self {
        let mut catalogue = Self {
            version,
            sources: by_id(facts.sources),
            analytes: by_id(facts.analytes),
            studies: by_id(facts.studies),
            models: by_id(facts.models),
            assumptions: by_id(facts.assumptions),
            findings: by_id(facts.findings),
            answers: by_id(facts.answers),
            clinic: facts.clinic,
            law: facts.law.into_values().collect(),
            classes: facts.classes,
            drugs: by_id(facts.drugs),
            interactions: by_id(facts.interactions),
            monitoring: by_id(facts.monitoring),
            ..Self::default()
        };
        for file in catalogue.clinic.values() {
            catalogue.sources.extend(file.source.clone());
        }
        catalogue.synonyms = facts.synonyms.into_values().next().unwrap_or_default();
        for drug in catalogue.drugs.values() {
            catalogue.sources.extend(drug.source.clone());
        }
        catalogue.emergency = facts.emergency.into_values().next();
        catalogue.forms = facts
            .products
            .into_values()
            .map(|form| (form.form, form))
            .collect();
        for drug in catalogue.drugs.values() {
            catalogue.sources.extend(drug.source.clone());
        }
        for (stem, file) in facts.claims {
            let Ok(topic) = stem.parse::<TopicId>() else {
                continue;
            };
            catalogue.topics.insert(topic.clone(), file.title);
            catalogue.sources.extend(file.source);
            for mut claim in file.claim {
                if !claim.is_shippable() {
                    catalogue.withheld.push(claim.id);
                    continue;
                }
                // A citation that nobody has read supports nothing.
                claim.sources.retain(|citation| {
                    citation.verification != ketum_core::evidence::Verification::Unverified
                });
                let topic = topic.clone();
                catalogue
                    .claims
                    .insert(claim.id.clone(), TopicClaim { topic, claim });
            }
        }
        catalogue
    }

    /// The claims of a topic, in order of their ids.
    pub fn topic<'a>(&'a self, topic: &'a str) -> impl Iterator<Item = &'a Claim> {
        self.claims
            .values()
            .filter(move |entry| entry.topic.as_str() == topic)
            .map(|entry| &entry.claim)
    }
}

fn by_id<Id: std::str::FromStr + Ord, T>(facts: BTreeMap<String, T>) -> BTreeMap<Id, T> {
    facts
        .into_iter()
        .filter_map(|(stem, fact)| Some((stem.parse().ok()?, fact)))
        .collect()
}

/// What an id names, with everything a reader needs beside it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence<'a> {
    /// All topics with the number of their claims.
    Topics(Vec<(&'a TopicId, &'a str, usize)>),
    /// A topic and its claims.
    Topic {
        /// Its title.
        title: &'a str,
        /// Its claims.
        claims: Vec<&'a Claim>,
        /// Their sources.
        sources: BTreeMap<&'a SourceId, &'a Source>,
    },
    /// A claim.
    Claim {
        /// The topic it belongs to.
        topic: &'a TopicId,
        /// The claim.
        claim: &'a Claim,
        /// Claims that say otherwise.
        conflicts: Vec<&'a Claim>,
        /// Sources of all of them.
        sources: BTreeMap<&'a SourceId, &'a Source>,
    },
    /// A source and the claims that cite it.
    Source {
        /// Its id.
        id: &'a SourceId,
        /// The source.
        source: &'a Source,
        /// Claims that cite it.
        cited_by: Vec<&'a Claim>,
    },
}

/// What `id` names; without an id, the topics.
#[must_use]
pub fn look_up<'a>(catalogue: &'a Catalogue, id: Option<&str>) -> Option<Evidence<'a>> {
    let sources = |claims: &[&'a Claim]| {
        claims
            .iter()
            .flat_map(|claim| &claim.sources)
            .filter_map(|citation| catalogue.sources.get_key_value(&citation.source))
            .collect()
    };
    let Some(id) = id else {
        let topics = catalogue.topics.iter().map(|(topic, title)| {
            (
                topic,
                title.en.as_str(),
                catalogue.topic(topic.as_str()).count(),
            )
        });
        return Some(Evidence::Topics(topics.collect()));
    };
    if let Some(entry) = catalogue.claims.get(id) {
        let conflicts: Vec<&Claim> = entry
            .claim
            .conflicts_with
            .iter()
            .filter_map(|other| catalogue.claims.get(other))
            .map(|other| &other.claim)
            .collect();
        let all: Vec<&Claim> = std::iter::once(&entry.claim)
            .chain(conflicts.iter().copied())
            .collect();
        return Some(Evidence::Claim {
            topic: &entry.topic,
            claim: &entry.claim,
            conflicts,
            sources: sources(&all),
        });
    }
    if let Some((topic, title)) = catalogue.topics.get_key_value(id) {
        let claims: Vec<&Claim> = catalogue.topic(topic.as_str()).collect();
        let sources = sources(&claims);
        return Some(Evidence::Topic {
            title: &title.en,
            claims,
            sources,
        });
    }
    let (id, source) = catalogue.sources.get_key_value(id)?;
    let cites = |claim: &Claim| claim.sources.iter().any(|citation| citation.source == *id);
    let cited_by = catalogue
        .claims
        .values()
        .map(|entry| &entry.claim)
        .filter(|claim| cites(claim));
    Some(Evidence::Source {
        id,
        source,
        cited_by: cited_by.collect(),
    })
}

/// All ids a person can ask for: claims, topics, sources.
pub fn ids(catalogue: &Catalogue) -> impl Iterator<Item = &str> {
    let claims = catalogue.claims.keys().map(ClaimId::as_str);
    let topics = catalogue.topics.keys().map(TopicId::as_str);
    let sources = catalogue.sources.keys().map(SourceId::as_str);
    claims.chain(topics).chain(sources)
}
