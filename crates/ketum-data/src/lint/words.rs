//! Sentences a person will read: finished, and free of the words ketum never uses.

use std::collections::BTreeMap;

use super::Sink;
use crate::document::{Document, Node, Path, Value};

/// Phrases that never stand in a text for people, with what to say instead.
pub const NEVER: &[(&str, &str)] = &[
    ("safe dose", "say what was observed at which amount"),
    ("safer dose", "say what was observed at which amount"),
    ("recommended dose", "say what people report or a law sets"),
    ("detox", "say withdrawal or stopping"),
    ("morphine equivalent", "there is no valid conversion"),
    ("toxic level", "say what was measured in whom"),
    ("toxic dose", "say what was measured in whom"),
    ("lethal level", "say what was measured in whom"),
    ("lethal dose", "say what was measured in whom"),
    ("fatal level", "say what was measured in whom"),
    (
        "potentiate",
        "say which effect is stronger and that it is a hazard",
    ),
    ("abuser", "say person who uses"),
    ("addict ", "say person with a use disorder"),
    ("junkie", "say person who uses"),
    ("clean time", "say time since the last use"),
];

/// Keys that hold text for people: all of a sentence's rules apply to `en`.
const SENTENCES: &[&str] = &[
    "statement",
    "do_next",
    "would_change",
    "domain",
    "summary",
    "why",
    "timing",
    "look_for",
    "option",
];

pub(super) fn lint(documents: &BTreeMap<String, Document>, sink: &mut Sink) {
    for (name, document) in documents {
        if name.starts_with("sources/") {
            continue; // titles are quoted as printed
        }
        walk(name, &document.root, &Path::root(), None, sink);
    }
}

fn walk(name: &str, node: &Node, path: &Path, key: Option<&str>, sink: &mut Sink) {
    match &node.value {
        Value::Table(entries) => {
            for (entry, value) in entries {
                let here = path.then(entry.text.as_str());
                // `statement.en`: the sentence is named by the key above the language.
                let key = if entry.text == "en" {
                    key
                } else {
                    Some(entry.text.as_str())
                };
                walk(name, value, &here, key, sink);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(name, item, &path.then(index), key, sink);
            }
        }
        Value::Text(text) => {
            let english = path
                .steps()
                .last()
                .is_some_and(|step| *step == crate::document::Step::from("en"));
            if english {
                never(name, path, text, sink);
                if key.is_some_and(|key| SENTENCES.contains(&key)) {
                    finished(name, path, text, sink);
                }
            }
        }
        _ => {}
    }
}

fn never(name: &str, path: &Path, text: &str, sink: &mut Sink) {
    let lower = text.to_lowercase();
    for (phrase, instead) in NEVER {
        if lower.contains(phrase) {
            let message = format!("ketum never says \"{}\"", phrase.trim());
            sink.error("forbidden-word", name, path.clone(), message, instead);
        }
    }
}

fn finished(name: &str, path: &Path, text: &str, sink: &mut Sink) {
    let text = text.trim();
    let starts = text
        .chars()
        .next()
        // `{with}` stands for names; the sentence is capitalised when they are filled in.
        .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit() || c == '{');
    let ends = text.ends_with(['.', '?', '!']);
    if !starts || !ends {
        let hint = "whole sentences: a capital or number first, a full stop last";
        sink.error(
            "unfinished-sentence",
            name,
            path.clone(),
            "an unfinished sentence",
            hint,
        );
    }
    let placeholder = ["todo", "tbd", "xxx", "lorem", "..."];
    let lower = text.to_lowercase();
    if let Some(word) = placeholder.iter().find(|word| lower.contains(**word)) {
        let message = format!("\"{word}\" stands where a sentence should");
        sink.error(
            "unfinished-sentence",
            name,
            path.clone(),
            message,
            "finish it",
        );
    }
}
