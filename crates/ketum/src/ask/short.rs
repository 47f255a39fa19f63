//! Short answers: which of `data/answers/` a question gets.
//!
//! An answer fits where the question names a word of each of its lists, and the person is in its
//! circumstances, those the question names included. Of two that fit the one that reads more of the question
//! stands; at most two are given, for questions that ask two things, and every one that warns.

use std::collections::BTreeSet;

use ketum_core::answer::{Part, ShortAnswer};
use ketum_core::circumstance::Circumstance;
use ketum_core::emergency::{RedFlag, Urgency};
use ketum_core::evidence::Certainty;
use ketum_core::id::{AnswerId, ClaimId};
use ketum_data::catalogue::Catalogue;
use serde::Serialize;

/// Most short answers to one question, warnings aside.
const MOST: usize = 2;

/// Circumstances that a question itself names, by a word or its synonyms.
const NAMED: [(&str, Circumstance); 3] = [
    ("7-oh", Circumstance::SevenOhProduct),
    ("pseudoindoxyl", Circumstance::SemiSyntheticProduct),
    ("pregnant", Circumstance::Pregnant),
];

/// A short answer as given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Short {
    /// Which.
    pub id: AnswerId,
    /// The answer where nothing of the case takes its place.
    pub statement: String,
    /// The part of an assessment that takes the place of the statement.
    pub part: Option<Part>,
    /// It warns of a danger.
    pub warns: bool,
    /// How sure.
    pub certainty: Certainty,
    /// What it rests on.
    pub claims: Vec<ClaimId>,
}

/// The short answers to a question for somebody in these circumstances, the one that reads most of the
/// question first. Empty where none fits.
#[must_use]
pub fn short(
    catalogue: &Catalogue,
    question: &str,
    circumstances: &BTreeSet<Circumstance>,
) -> Vec<Short> {
    let question = padded(question);
    let mut circumstances = circumstances.clone();
    circumstances.extend(NAMED.iter().filter_map(|(word, circumstance)| {
        named(catalogue, word, &question).map(|_| *circumstance)
    }));
    let mut fitting: Vec<Fit<'_>> = catalogue
        .answers
        .iter()
        .filter(|(_, answer)| carried(catalogue, answer))
        .filter(|(_, answer)| concerns(answer, &circumstances))
        .filter_map(|(id, answer)| {
            let read = read(catalogue, answer, &question)?;
            Some(Fit { id, answer, read })
        })
        .collect();
    fitting.sort_by(|a, b| b.rank().cmp(&a.rank()).then_with(|| a.id.cmp(b.id)));
    let mut chosen: Vec<Fit<'_>> = Vec::new();
    for fit in fitting {
        // What a chosen answer has read is answered.
        if !chosen.iter().any(|better| fit.read.is_subset(&better.read)) {
            chosen.push(fit);
        }
    }
    let mut plain = 0;
    chosen.retain(|fit| {
        plain += usize::from(!fit.answer.warns);
        fit.answer.warns || plain <= MOST
    });
    chosen.iter().map(|fit| said(catalogue, fit)).collect()
}

/// Whether a short answer may stand under these red flags: under thoughts of suicide none, where minutes
/// count only one that warns.
#[must_use]
pub fn stands_under(flags: &[RedFlag], short: &Short) -> bool {
    flags.iter().all(|flag| match flag.urgency {
        Urgency::SameDay => true,
        Urgency::Ambulance => short.warns,
        Urgency::CrisisLine => false,
    })
}

/// An answer that fits, with the words of the question it read.
struct Fit<'a> {
    id: &'a AnswerId,
    answer: &'a ShortAnswer,
    read: BTreeSet<&'a str>,
}

impl Fit<'_> {
    /// Warnings first; then more lists read; then an answer for these circumstances; then more words.
    fn rank(&self) -> (bool, usize, bool, usize) {
        let lists = self.answer.about.len();
        (
            self.answer.warns,
            lists,
            !self.answer.when.is_empty(),
            self.read.len(),
        )
    }
}

/// An answer whose claims were all withheld says nothing.
fn carried(catalogue: &Catalogue, answer: &ShortAnswer) -> bool {
    let shipped = |claim: &ClaimId| catalogue.claims.contains_key(claim);
    answer.claims.iter().any(shipped)
}

fn concerns(answer: &ShortAnswer, circumstances: &BTreeSet<Circumstance>) -> bool {
    let in_one = |of: &[Circumstance]| of.iter().any(|one| circumstances.contains(one));
    (answer.when.is_empty() || in_one(&answer.when)) && !in_one(&answer.unless)
}

/// What the answer's lists read in the question, each word by the first of its synonyms; nothing where a
/// list goes unread, or where two lists read the same word only.
fn read<'a>(
    catalogue: &'a Catalogue,
    answer: &'a ShortAnswer,
    question: &str,
) -> Option<BTreeSet<&'a str>> {
    let lists: Vec<BTreeSet<&str>> = answer
        .about
        .iter()
        .map(|list| {
            list.iter()
                .filter_map(|word| named(catalogue, word, question))
                .collect()
        })
        .collect();
    one_each(&lists, &mut Vec::new()).then(|| lists.into_iter().flatten().collect())
}

/// Whether every list can be given a word of its own.
fn one_each<'a>(lists: &[BTreeSet<&'a str>], taken: &mut Vec<&'a str>) -> bool {
    let Some((list, others)) = lists.split_first() else {
        return true;
    };
    list.iter().any(|word| {
        if taken.contains(word) {
            return false;
        }
        taken.push(word);
        let fits = one_each(others, taken);
        taken.pop();
        fits
    })
}

/// The first of a word's synonyms, where the question names one of them.
fn named<'a>(catalogue: &'a Catalogue, word: &'a str, question: &str) -> Option<&'a str> {
    let asked = |word: &str| question.contains(&format!(" {word} "));
    let mut groups = catalogue.synonyms.group.iter();
    match groups.find(|group| group.iter().any(|one| one == word)) {
        Some(group) if group.iter().any(|one| asked(one)) => group.first().map(String::as_str),
        None if asked(word) => Some(word),
        _ => None,
    }
}

/// The words of a question in lower case, with a space on either side of each.
fn padded(question: &str) -> String {
    let mut padded = String::from(" ");
    for word in super::split(question) {
        let word = word.to_lowercase();
        // A stroke joins two things, except in a unit.
        let parts = if word == "ng/ml" {
            word
        } else {
            word.replace('/', " ")
        };
        padded.push_str(&parts);
        padded.push(' ');
    }
    padded
}

fn said(catalogue: &Catalogue, fit: &Fit<'_>) -> Short {
    let answer = fit.answer;
    // A claim that was withheld carries nothing.
    let shipped = |claim: &&ClaimId| catalogue.claims.contains_key(*claim);
    Short {
        id: fit.id.clone(),
        statement: answer.statement.en.clone(),
        part: answer.part,
        warns: answer.warns,
        certainty: answer.certainty,
        claims: answer.claims.iter().filter(shipped).cloned().collect(),
    }
}
