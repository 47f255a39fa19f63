//! What no text about an interaction may say.

use super::{CATALOGUE, with};

fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (id, rule) in &CATALOGUE.interactions {
        let mut add = |text: &str| texts.push((id.to_string(), text.to_lowercase()));
        add(&rule.mechanism.en);
        add(&rule.would_change.en);
        add(&rule.domain.en);
        for level in &rule.level {
            add(&level.statement.en);
            if let Some(next) = &level.do_next {
                add(&next.en);
            }
        }
    }
    texts
}

#[test]
fn no_text_tells_anybody_to_stop_a_prescribed_medicine() {
    for (id, text) in texts() {
        for sentence in text.split_inclusive(['.', ';', ':']) {
            let sentence = sentence.trim();
            for order in [
                "stop taking",
                "discontinue",
                "stop the medicine",
                "stop your",
                "come off",
                "must be stopped",
            ] {
                let forbidden = sentence.contains(&format!("not {order}"))
                    || sentence.contains(&format!("never {order}"));
                assert!(!sentence.contains(order) || forbidden, "{id}: {sentence}");
            }
            assert!(!sentence.starts_with("stop "), "{id}: {sentence}");
        }
    }
}

#[test]
fn where_a_prescribed_medicine_is_met_the_text_says_not_to_stop_it() {
    for id in [
        "opioid-full",
        "sedatives",
        "serotonergic",
        "antiseizure",
        "maoi",
        "alpha2-agonist",
    ] {
        let rule = &CATALOGUE.interactions[id];
        for level in &rule.level {
            let next = level
                .do_next
                .as_ref()
                .map_or("", |text| text.en.as_str())
                .to_lowercase();
            assert!(
                next.contains("do not stop") || next.contains("never stop"),
                "{id}"
            );
        }
    }
}

#[test]
fn nothing_computes_a_dose_of_buprenorphine() {
    let check = with(&["kratom", "buprenorphine"]);
    for one in &check.findings {
        for text in [Some(&one.statement), one.do_next.as_ref()]
            .into_iter()
            .flatten()
        {
            assert!(!text.contains(" mg"), "{text}");
        }
    }
}

#[test]
fn very_low_certainty_is_said_in_words() {
    for (id, text) in texts() {
        for phrase in [
            "safe dose",
            "recommended dose",
            "toxic level",
            "lethal",
            "potentiat",
        ] {
            assert!(!text.contains(phrase), "{id}: {text}");
        }
    }
}
