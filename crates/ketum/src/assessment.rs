//! Assessment: everything that is known about a case, as plain data.
//!
//! Every statement of fact carries claims; every claim named anywhere stands in `claims`, every source it
//! cites in `sources`. What was looked for and is not known stands in `not_known`; what could not be
//! judged at all stands in `not_assessed`, and then `complete` is false.

use std::collections::BTreeSet;

use ketum_core::circumstance::Circumstance;
use ketum_core::date::Date;
use ketum_core::emergency::{EmergencyPlace, RedFlag};
use ketum_core::evidence::{Claim, ClaimKind, Source};
use ketum_core::finding::{Action, Finding, NotKnown};
use ketum_core::id::{ClaimId, SourceId};
use ketum_data::catalogue::Catalogue;
use serde::Serialize;

use crate::ask::Short;
use crate::body::{self, Exposure, NotSimulated, Run};
use crate::case::{Case, ReadCase};
use crate::circumstances;
use crate::course::{self, Trend};
use crate::emergency;
use crate::findings;
use crate::interaction;
use crate::law::{self, CaseLaw, LawBook};
use crate::medicines;
use crate::monitoring::{self, MonitoringOption};
use crate::product::{self, ProductAnswer};
use crate::schedule::{self, Schedule};

/// Name of the shape of [`Assessment`] in JSON; changes with it.
pub const SCHEMA: &str = "ketum-assessment-1";

/// What is known about a case.
#[derive(Debug, Clone, Serialize)]
pub struct Assessment {
    /// Name of this shape.
    pub schema: &'static str,
    /// Name of the case.
    pub title: Option<String>,
    /// What the person wants to know.
    pub question: Option<String>,
    /// The short answer to the question, where one is written.
    pub short_answer: Vec<Short>,
    /// The claims on the question: those of the short answer; without one those that fit best, as `ketum ask`
    /// finds them, among those that findings of this case rest on.
    pub on_question: Vec<ClaimId>,
    /// Fingerprint of the facts.
    pub catalogue_version: String,
    /// Seed of every random number.
    pub seed: u64,
    /// The day the answer is about.
    pub date: Option<Date>,
    /// Whether everything given could be judged.
    pub complete: bool,
    /// What was given and could not be judged.
    pub not_assessed: Vec<NotAssessed>,
    /// Defaults that were used, and inputs that would matter.
    pub inputs_missing: Vec<String>,
    /// What was given and nothing here reads.
    pub inputs_unused: Vec<String>,
    /// Values that are possible but implausible.
    pub warnings: Vec<String>,
    /// Red flags the case raises, the most urgent first.
    pub emergency: Emergency,
    /// Milligrams of each alkaloid in a dose.
    pub product: ProductAnswer,
    /// When doses fall.
    pub schedule: Schedule,
    /// Levels over time; null where they were not simulated.
    pub exposure: Option<Exposure>,
    /// Why not.
    pub not_simulated: Option<NotSimulated>,
    /// Laboratory values and measurements over time.
    pub course: Vec<Trend>,
    /// Findings, the most urgent first.
    pub findings: Vec<Finding>,
    /// Each named substance with the most urgent action of its effects and of its levels.
    pub interactions: Vec<interaction::Row>,
    /// What could be looked at; options for a professional.
    pub monitoring: Vec<MonitoringOption>,
    /// What was looked for and is not known, beside findings that call for something.
    pub not_known: Vec<NotKnown>,
    /// The same for findings that are for information.
    pub not_known_further: Vec<NotKnown>,
    /// The law at the place and date.
    pub law: CaseLaw,
    /// Every claim named above.
    pub claims: Vec<Claim>,
    /// Every source of those claims.
    pub sources: Vec<NamedSource>,
    /// What the answer is for.
    pub intended_use: &'static str,
}

/// Red flags and whom to call.
#[derive(Debug, Clone, Serialize)]
pub struct Emergency {
    /// The flags.
    pub red_flags: Vec<RedFlag>,
    /// What the person reported, which may have raised them.
    pub reported: Vec<String>,
    /// The signs to know where something taken together can stop the breathing and no flag is raised.
    pub signs_to_know: Option<RedFlag>,
    /// Whom to call at the place of the case, where a number is sourced.
    pub help: Option<EmergencyPlace>,
    /// What to say elsewhere.
    pub elsewhere: String,
}

/// A source with its id.
#[derive(Debug, Clone, Serialize)]
pub struct NamedSource {
    /// The id.
    pub id: SourceId,
    /// The source.
    pub source: Source,
}

/// Something given that could not be judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotAssessed {
    /// As given.
    pub given: String,
    /// Why it was not judged.
    pub why: String,
    /// What may have been meant. Never taken silently.
    pub suggestions: Vec<String>,
    /// Whether what may have been meant must not be combined.
    pub grave: bool,
}

/// What every answer is for.
pub const INTENDED_USE: &str = "Information and research; options for a professional to review, not orders. \
Not for emergencies, not medical or legal advice.";

/// Assesses a case.
#[must_use]
pub fn assess(read: &ReadCase, catalogue: &Catalogue, run: Run) -> Assessment {
    let case = &read.case;
    let schedule = schedule::lay_out(case);
    let product = product::dose(case, catalogue);
    let medicines = medicines::check(case, &product, catalogue);
    let mut circumstances = circumstances::of(case, &schedule);
    circumstances.extend(medicines.circumstances.iter().copied());
    let levels = body::levels(case, &product, &schedule, catalogue, run);
    let (exposure, not_simulated) = match levels {
        Ok(exposure) => (Some(exposure), None),
        Err(reason) => (None, Some(reason)),
    };
    let mut findings = findings::from_rules(catalogue, &circumstances);
    medicines.take_out_general(catalogue, &mut findings);
    findings.extend(medicines.findings_of_case(catalogue));
    let thinned = medicines.classes.contains("anticoagulant");
    let course = course::of(case, catalogue, thinned);
    findings.extend(course.findings);
    let monitoring = monitoring::plan(catalogue, &circumstances, &medicines.classes);
    if let Some(exposure) = &exposure {
        findings.extend(body::findings::of(exposure, catalogue));
    }
    findings::sort(&mut findings);
    let mut not_assessed = not_assessed(case);
    not_assessed.extend(medicines::not_assessed(&medicines));
    not_assessed.extend(unused_levels(case, exposure.as_ref()));
    let gaps = gaps(catalogue, &findings);
    let emergency = emergency(case, catalogue, &circumstances, &findings);
    let mut short_answer = case.question.as_deref().map_or_else(Vec::new, |question| {
        crate::ask::short(catalogue, question, &circumstances)
    });
    short_answer.retain(|short| crate::ask::stands_under(&emergency.red_flags, short));
    let on_question = on_question(case, catalogue, &findings, &short_answer);
    let claims = claims(
        catalogue,
        &findings,
        &monitoring,
        &emergency,
        &gaps,
        &on_question,
    );
    let sources = sources(catalogue, claims.iter());
    let mut inputs_missing = product.inputs_missing.clone();
    inputs_missing.extend(schedule.inputs_missing.iter().cloned());
    inputs_missing.extend(
        exposure
            .iter()
            .flat_map(|exposure| exposure.inputs_missing.iter().cloned()),
    );
    inputs_missing.extend(course.inputs_missing);
    inputs_missing.extend(absent(case));
    let (near, further): (Vec<_>, Vec<_>) = gaps.into_iter().partition(|gap| gap.near);
    Assessment {
        schema: SCHEMA,
        title: case.title.clone(),
        question: case.question.clone(),
        short_answer,
        on_question,
        catalogue_version: catalogue.version.clone(),
        seed: run.seed,
        date: case.date,
        complete: not_assessed.is_empty(),
        not_assessed,
        inputs_missing,
        inputs_unused: crate::case::unused(case),
        warnings: read
            .warnings
            .iter()
            .map(|warning| format!("{}: {}", warning.path, warning.message))
            .collect(),
        emergency,
        product,
        schedule,
        exposure,
        not_simulated,
        course: course.trends,
        findings,
        interactions: medicines.overview(catalogue),
        monitoring,
        not_known: medicines
            .not_known
            .into_iter()
            .chain(near.into_iter().map(|gap| gap.gap))
            .collect(),
        not_known_further: further.into_iter().map(|gap| gap.gap).collect(),
        law: law::of_case(case, LawBook::new(&catalogue.law)),
        claims,
        sources,
        intended_use: INTENDED_USE,
    }
}

/// How many claims stand beside a question without a short answer.
const ON_QUESTION: usize = 3;

/// What is held on the question, the best fit first: what the short answers rest on, or without one what the
/// search finds. A question that cannot be searched is one on which nothing is found: the rest stands.
fn on_question(
    case: &Case,
    catalogue: &Catalogue,
    findings: &[Finding],
    short: &[Short],
) -> Vec<ClaimId> {
    let Some(question) = &case.question else {
        return Vec::new();
    };
    if !short.is_empty() {
        // One claim of each answer in turn, so that none is crowded out where few are shown.
        let most = short.iter().map(|short| short.claims.len()).max();
        return (0..most.unwrap_or_default())
            .flat_map(|place| {
                short
                    .iter()
                    .filter_map(move |short| short.claims.get(place))
            })
            .cloned()
            .collect();
    }
    let found = crate::ask::best(catalogue, question).unwrap_or_default();
    // A claim of no finding may fit the words of the question and not the case.
    let cited: BTreeSet<&ClaimId> = findings
        .iter()
        .flat_map(|finding| &finding.claims)
        .collect();
    found
        .into_iter()
        .filter(|claim| cited.contains(claim))
        .take(ON_QUESTION)
        .collect()
}

/// Inputs that were not given and change what is said.
fn absent(case: &Case) -> Vec<String> {
    let mut missing = Vec::new();
    let mut add = |absent: bool, key: &str| {
        if absent {
            missing.push(key.to_owned());
        }
    };
    add(case.person.age.is_none(), "person.age");
    add(
        case.person.pregnant.is_none() && case.person.sex != Some(crate::case::Sex::Male),
        "person.pregnant",
    );
    add(
        case.medicines.is_empty(),
        "medicines: none given; interactions with medicines or alcohol were not judged",
    );
    add(case.place.is_none() && case.route.is_empty(), "place");
    add(case.date.is_none(), "date");
    add(
        case.activity.is_none() && (case.place.is_some() || !case.route.is_empty()),
        "activity: not given; the law is told for possession",
    );
    missing
}

/// What was given that nothing here can judge.
fn not_assessed(case: &Case) -> Vec<NotAssessed> {
    let own_words = case
        .person
        .other_conditions
        .iter()
        .map(|condition| NotAssessed {
            given: condition.clone(),
            why: "a condition in the person's own words; no rule reads it".to_owned(),
            suggestions: Vec::new(),
            grave: false,
        });
    own_words.collect()
}

/// Measured levels that could not be used.
fn unused_levels(case: &Case, exposure: Option<&Exposure>) -> Vec<NotAssessed> {
    let one = |given: String, why: String| NotAssessed {
        given,
        why,
        suggestions: Vec::new(),
        grave: false,
    };
    match exposure.and_then(|exposure| exposure.measured.as_ref()) {
        Some(present) => present
            .not_used
            .iter()
            .map(|not| one(not.given.clone(), not.why.clone()))
            .collect(),
        None => case
            .levels
            .iter()
            .map(|level| {
                let given = format!("{} {} {}", level.analyte, level.value, level.unit);
                one(given, "levels were not simulated for this case".to_owned())
            })
            .collect(),
    }
}

/// A claim that says what is not known.
struct TopicGap<'a> {
    claim: &'a ClaimId,
    gap: NotKnown,
    /// Its topic has a finding that calls for something.
    near: bool,
}

/// Gaps of the topics that findings touch.
fn gaps<'a>(catalogue: &'a Catalogue, findings: &[Finding]) -> Vec<TopicGap<'a>> {
    let topics = |least: Action| -> BTreeSet<_> {
        findings
            .iter()
            .filter(|finding| finding.action <= least)
            .map(|finding| &finding.topic)
            .collect()
    };
    let (all, calling) = (topics(Action::Inform), topics(Action::Watch));
    catalogue
        .claims
        .iter()
        .filter(|(_, entry)| entry.claim.kind == ClaimKind::Gap && all.contains(&entry.topic))
        .map(|(claim, entry)| TopicGap {
            claim,
            gap: NotKnown {
                what: entry.claim.statement.en.clone(),
                looked_for: entry.claim.population.clone(),
                as_of: entry.claim.as_of.to_string(),
            },
            near: calling.contains(&entry.topic),
        })
        .collect()
}

fn emergency(
    case: &Case,
    catalogue: &Catalogue,
    circumstances: &BTreeSet<Circumstance>,
    findings: &[Finding],
) -> Emergency {
    let reported = case.person.symptoms.clone();
    let Some(card) = &catalogue.emergency else {
        return Emergency {
            red_flags: Vec::new(),
            reported,
            signs_to_know: None,
            help: None,
            elsewhere: String::new(),
        };
    };
    let red_flags: Vec<RedFlag> = emergency::red_flags(card, case, circumstances)
        .into_iter()
        .cloned()
        .collect();
    let dangerous = findings
        .iter()
        .any(|finding| finding.action <= Action::DoNotCombine);
    // The card's first flag is the one that kills in minutes.
    let signs_to_know = (red_flags.is_empty() && dangerous)
        .then(|| card.red_flag.first().cloned())
        .flatten();
    Emergency {
        red_flags,
        reported,
        signs_to_know,
        help: emergency::help_at(card, case.place.as_deref()).cloned(),
        elsewhere: card.elsewhere.en.clone(),
    }
}

fn claims(
    catalogue: &Catalogue,
    findings: &[Finding],
    monitoring: &[MonitoringOption],
    emergency: &Emergency,
    gaps: &[TopicGap<'_>],
    on_question: &[ClaimId],
) -> Vec<Claim> {
    let mut ids: BTreeSet<&ClaimId> = findings
        .iter()
        .flat_map(|finding| &finding.claims)
        .collect();
    ids.extend(monitoring.iter().flat_map(|option| &option.claims));
    let flags = emergency.red_flags.iter().chain(&emergency.signs_to_know);
    ids.extend(flags.flat_map(|flag| &flag.claims));
    ids.extend(on_question);
    ids.extend(gaps.iter().map(|gap| gap.claim));
    // Both sides of every conflict are shown.
    let sides: Vec<&ClaimId> = ids
        .iter()
        .filter_map(|id| catalogue.claims.get(*id))
        .flat_map(|entry| &entry.claim.conflicts_with)
        .collect();
    ids.extend(sides);
    ids.into_iter()
        .filter_map(|id| catalogue.claims.get(id))
        .map(|entry| entry.claim.clone())
        .collect()
}

/// The sources of some claims, in order of their ids.
fn sources<'a>(catalogue: &Catalogue, claims: impl Iterator<Item = &'a Claim>) -> Vec<NamedSource> {
    let ids: BTreeSet<&SourceId> = claims
        .flat_map(|claim| &claim.sources)
        .map(|citation| &citation.source)
        .collect();
    ids.into_iter()
        .filter_map(|id| {
            Some(NamedSource {
                id: id.clone(),
                source: catalogue.sources.get(id)?.clone(),
            })
        })
        .collect()
}
