//! Monitoring: what a professional may look at in somebody who takes kratom, when, why and for whom.
//!
//! Options for a professional to review, never orders. A rule of `data/monitoring/` holds no dose and
//! never asks for a prescribed medicine to be stopped; a lint holds it to that. This module knows the
//! shape; who it applies to is decided in the crate `ketum`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::circumstance::Circumstance;
use crate::drug::ClassId;
use crate::evidence::{Certainty, Text};
use crate::id::{ClaimId, TopicId};

/// `data/monitoring/<id>.toml`: one option of a monitoring plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonitoringRule {
    /// Topic, for grouping; the name of a file in `data/claims/`.
    pub topic: TopicId,
    /// What it is called, in a few words.
    pub title: Text,
    /// It concerns somebody in one of these circumstances,
    #[serde(default)]
    pub when: Vec<Circumstance>,
    /// or somebody who takes a substance of one of these classes,
    #[serde(default)]
    pub with_class: Vec<ClassId>,
    /// unless one of these holds.
    #[serde(default)]
    pub unless: Vec<Circumstance>,
    /// What is looked at: tests, measurements, questions.
    pub what: Vec<String>,
    /// When it is looked at.
    pub timing: Text,
    /// Why.
    pub why: Text,
    /// Which result asks for more.
    pub look_for: Text,
    /// What a professional may consider then.
    pub option: Text,
    /// For whom and what it holds.
    pub domain: Text,
    /// How sure; not more than the surest claim it rests on.
    pub certainty: Certainty,
    /// The claims it rests on, the most important first. At least one.
    pub claims: Vec<ClaimId>,
}
