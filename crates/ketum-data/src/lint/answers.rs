//! Short answers: to a question, about words, resting on claims.

use super::Sink;
use super::grounds::Grounds;
use crate::facts::Facts;
use crate::path;

pub(super) fn lint(facts: &Facts, sink: &mut Sink) {
    let claims = super::claims_by_id(facts);
    for (id, answer) in &facts.answers {
        let file = format!("answers/{id}.toml");
        if answer.asks.is_empty() {
            let hint = "write it as people ask it; a test asks it";
            let message = "an answer to no question";
            sink.error("no-question", &file, path!["asks"], message, hint);
        }
        if answer.about.is_empty() || answer.about.iter().any(Vec::is_empty) {
            let hint = "name the words a question must hold for this answer";
            let message = "an answer to every question";
            sink.error("no-words", &file, path!["about"], message, hint);
        }
        for (index, words) in answer.about.iter().enumerate() {
            if let Some(word) = words.iter().find(|word| word.to_lowercase() != **word) {
                let message = format!("`{word}` is not in lower case");
                let at = path!["about", index];
                sink.error(
                    "no-words",
                    &file,
                    at,
                    message,
                    "questions are compared in lower case",
                );
            }
        }
        Grounds {
            file: &file,
            what: "an answer",
            topic: &answer.topic,
            claims: &answer.claims,
            certainty: answer.certainty,
        }
        .lint(facts, &claims, sink);
    }
}
