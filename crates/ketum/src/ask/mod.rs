//! Ask: a question in plain words, answered with graded statements and their sources.
//!
//! Full-text search over the claims, with the field's synonyms. Where statements contradict each other
//! both sides are given; where we know that something is not known, that is the answer; where nothing
//! fits, that is said.

use std::collections::{BTreeMap, BTreeSet};

use ketum_core::circumstance::Circumstance;
use ketum_core::emergency::RedFlag;
use ketum_core::evidence::{Claim, ClaimKind, Source};
use ketum_core::id::{ClaimId, SourceId};
use ketum_data::catalogue::Catalogue;
use rusqlite::Connection;
use serde::Serialize;

mod short;

pub use short::{Short, short, stands_under};

/// Most statements an answer holds, before the other sides of conflicts are added.
const MOST: usize = 8;

/// An answer.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The question as given.
    pub question: String,
    /// Red flags the question names. They come first.
    pub emergency: Vec<RedFlag>,
    /// The short answer, where one is written. Statements follow.
    pub short: Vec<Short>,
    /// Statements, the best fit first.
    pub statements: Vec<Claim>,
    /// Claims that say otherwise than one of the statements.
    pub otherwise: Vec<Claim>,
    /// What is not known.
    pub not_known: Vec<Claim>,
    /// Sources of all of them.
    pub sources: BTreeMap<SourceId, Source>,
    /// Whether nothing in the catalogue fits the question.
    pub nothing_found: bool,
    /// Words of the question that no statement speaks of.
    pub words_unknown: Vec<String>,
}

/// Why a question could not be searched.
#[derive(Debug, thiserror::Error)]
#[error("the index could not be searched")]
pub struct AskError(#[from] rusqlite::Error);

/// Words that stand in every question and separate nothing.
const COMMON: &[&str] = &[
    "a",
    "about",
    "after",
    "all",
    "am",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "been",
    "but",
    "by",
    "can",
    "could",
    "day",
    "days",
    "do",
    "does",
    "for",
    "from",
    "get",
    "give",
    "go",
    "had",
    "has",
    "have",
    "how",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "just",
    "ketum",
    "kratom",
    "mitragyna",
    "my",
    "me",
    "need",
    "no",
    "not",
    "now",
    "of",
    "on",
    "one",
    "or",
    "our",
    "people",
    "really",
    "say",
    "says",
    "shall",
    "should",
    "so",
    "some",
    "still",
    "take",
    "taken",
    "takes",
    "taking",
    "than",
    "that",
    "the",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "to",
    "up",
    "use",
    "used",
    "using",
    "was",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "would",
    "you",
    "your",
    "worth",
    "speciosa",
];

/// Answers a question.
///
/// # Errors
/// Where the search itself fails; never for what the question says.
pub fn ask(catalogue: &Catalogue, question: &str) -> Result<Answer, AskError> {
    let found = search(catalogue, question)?;
    let emergency: Vec<RedFlag> = catalogue
        .emergency
        .iter()
        .flat_map(|card| card.named_in(question))
        .cloned()
        .collect();
    let mut short = short(catalogue, question, &BTreeSet::from([Circumstance::Always]));
    short.retain(|short| stands_under(&emergency, short));
    // The claims of the short answer stand below it, then what the search found.
    let mut ids: Vec<&ClaimId> = Vec::new();
    for id in short
        .iter()
        .flat_map(|short| &short.claims)
        .chain(&found.claims)
    {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let claims: Vec<&Claim> = ids
        .iter()
        .filter_map(|id| catalogue.claims.get(*id))
        .map(|entry| &entry.claim)
        .collect();
    let of_kind = |kind: ClaimKind| -> Vec<Claim> {
        claims
            .iter()
            .filter(|claim| claim.kind == kind)
            .map(|claim| (*claim).clone())
            .collect()
    };
    let shown: BTreeSet<&ClaimId> = ids.iter().copied().collect();
    let otherwise: BTreeSet<&ClaimId> = claims
        .iter()
        .flat_map(|claim| &claim.conflicts_with)
        .filter(|other| !shown.contains(other))
        .collect();
    let otherwise: Vec<Claim> = otherwise
        .into_iter()
        .filter_map(|id| catalogue.claims.get(id))
        .map(|entry| entry.claim.clone())
        .collect();
    let sources = claims
        .iter()
        .copied()
        .chain(&otherwise)
        .flat_map(|claim| &claim.sources)
        .filter_map(|citation| {
            let source = catalogue.sources.get(&citation.source)?;
            Some((citation.source.clone(), source.clone()))
        })
        .collect();
    Ok(Answer {
        question: question.to_owned(),
        nothing_found: claims.is_empty(),
        emergency,
        statements: of_kind(ClaimKind::Statement),
        not_known: of_kind(ClaimKind::Gap),
        words_unknown: found.unknown,
        short,
        otherwise,
        sources,
    })
}

/// Ids of the claims that fit a question, the best first.
///
/// # Errors
/// Where the search itself fails.
pub fn best(catalogue: &Catalogue, question: &str) -> Result<Vec<ClaimId>, AskError> {
    Ok(search(catalogue, question)?.claims)
}

/// What a search found.
#[derive(Default)]
struct Found {
    /// Ids of the claims that fit, the best first.
    claims: Vec<ClaimId>,
    /// Words of the question that no statement holds, nor a synonym of them.
    unknown: Vec<String>,
}

fn search(catalogue: &Catalogue, question: &str) -> Result<Found, AskError> {
    let words = words(catalogue, question);
    let mut found = Found::default();
    if words.is_empty() {
        return Ok(found);
    }
    let index = index(catalogue)?;
    let mut holding = index.prepare("select 1 from claim where claim match ?1 limit 1")?;
    for word in &words {
        if !holding.exists([any_of(&word.terms)])? {
            found.unknown.push(word.given.clone());
        }
    }
    // A question of which most words are strange is not about what is here; the rest fits by chance.
    if 2 * found.unknown.len() > words.len() {
        return Ok(found);
    }
    let all: BTreeSet<&str> = words
        .iter()
        .flat_map(|word| word.terms.iter().copied())
        .collect();
    let all: Vec<&str> = all.into_iter().collect();
    // Weights: what people ask, the statement, the topic, who was studied.
    let mut best = index.prepare(
        "select id from claim where claim match ?1 order by bm25(claim, 0.0, 6.0, 3.0, 4.0, 0.5), id limit ?2",
    )?;
    let rows = best.query_map(rusqlite::params![any_of(&all), MOST as i64], |row| {
        row.get::<_, String>(0)
    })?;
    for id in rows {
        if let Ok(id) = id?.parse() {
            found.claims.push(id);
        }
    }
    Ok(found)
}

fn index(catalogue: &Catalogue) -> Result<Connection, AskError> {
    let mut index = Connection::open_in_memory()?;
    index.execute_batch(
        "create virtual table claim using fts5(
             id unindexed, asked_as, statement, topic, population,
             tokenize = \"porter unicode61 remove_diacritics 2 tokenchars '-'\")",
    )?;
    let transaction = index.transaction()?;
    {
        let mut insert = transaction.prepare("insert into claim values (?1, ?2, ?3, ?4, ?5)")?;
        for (id, entry) in &catalogue.claims {
            let title = catalogue
                .topics
                .get(&entry.topic)
                .map_or("", |title| title.en.as_str());
            insert.execute((
                id.as_str(),
                entry.claim.asked_as.join(" . "),
                &entry.claim.statement.en,
                title,
                &entry.claim.population,
            ))?;
        }
    }
    transaction.commit()?;
    Ok(index)
}

/// A word of the question with everything that means the same.
struct Word<'a> {
    given: String,
    terms: Vec<&'a str>,
}

/// The words of a question as written; a question of a thousand words is read to the eightieth.
fn split(question: &str) -> impl Iterator<Item = &str> {
    question
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '-' || letter == '/'))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(80)
}

/// The words of the question that separate anything, each with its synonyms. Words of one group of
/// synonyms are one word.
fn words<'a>(catalogue: &'a Catalogue, question: &'a str) -> Vec<Word<'a>> {
    let given: Vec<&str> = split(question).collect();
    let lower = given.join(" ").to_lowercase();
    let padded = format!(" {lower} ");
    let mut words: Vec<Word<'a>> = Vec::new();
    let mut covered = BTreeSet::new();
    for group in &catalogue.synonyms.group {
        let named = group
            .iter()
            .find(|word| padded.contains(&format!(" {word} ")));
        if let Some(named) = named {
            covered.extend(group.iter().map(String::as_str));
            words.push(Word {
                given: named.clone(),
                terms: group.iter().map(String::as_str).collect(),
            });
        }
    }
    for word in given {
        let lower = word.to_lowercase();
        if COMMON.contains(&lower.as_str()) || covered.contains(lower.as_str()) {
            continue;
        }
        // FTS folds case itself.
        words.push(Word {
            given: lower,
            terms: vec![word],
        });
    }
    words
}

/// A full-text query for any of these.
fn any_of(terms: &[&str]) -> String {
    let quoted: Vec<String> = terms
        .iter()
        .map(|term| format!("\"{}\"", term.replace('"', "")))
        .collect();
    quoted.join(" OR ")
}
