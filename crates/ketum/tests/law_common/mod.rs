//! Shared by the law tests: the shipped files, products in one line, questions in one line.
#![allow(dead_code)]

use std::path::PathBuf;

use ketum::law::{Buyer, Content, LawAnswer, LawBook, Per, Question, Sample, Size, Span, verdict};
use ketum_core::date::Date;
use ketum_core::form::{Form, State};
use ketum_core::law::{Activity, Compound, LawFile};

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn files() -> Vec<LawFile> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join("data/law"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect()
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn span(text: &str) -> Span {
    match text.split_once(" to ") {
        Some((low, high)) => Content::between(low, high, Per::Gram).unwrap().span,
        None => Content::exactly(text, Per::Gram).unwrap().span,
    }
}

pub fn content(text: &str, per: Per) -> Content {
    Content {
        span: span(text),
        per,
        uncertainty_stated: text.contains(" to "),
    }
}

/// Leaf powder with mitragynine and 7-OH in mg/g, all else Florida lists absent, 3 g servings, 100 g bag.
pub fn leaf(mitragynine: &str, seven_oh: &str, total: &str) -> Sample {
    let mut sample = Sample {
        form: Some(Form::LeafPowder),
        state: Some(State::Solid),
        contents_are_dry: true,
        ..Sample::default()
    };
    for (word, value) in [("mitragynine", mitragynine), ("7-OH", seven_oh)] {
        sample
            .content
            .insert(word.into(), content(value, Per::Gram));
    }
    for word in OTHERS {
        sample.content.insert(word.into(), content("0", Per::Gram));
    }
    sample.total_alkaloids = Some(content(total, Per::Gram));
    sample.serving = Some(Size {
        span: span("3"),
        per: Per::Gram,
    });
    sample.container = Some(Size {
        span: span("100"),
        per: Per::Gram,
    });
    sample
}

pub const OTHERS: [&str; 6] = [
    "MP",
    "MGM-15",
    "MGM-16",
    "7-acetoxymitragynine",
    "9-hydroxycorynantheidine",
    "10-hydroxycorynantheidine",
];

pub fn question(day: &str) -> Question<'static> {
    Question {
        date: date(day),
        known_as_of: date("2026-11-24").max(date(day)),
        activity: Activity::Possess,
        substance: Compound::Leaf,
        sample: None,
        buyer: Buyer::default(),
        what_if: &[],
    }
}

pub fn ask(files: &[LawFile], place: &str, question: &Question<'_>) -> LawAnswer {
    let book = LawBook::new(files);
    let place = book
        .place(place)
        .unwrap_or_else(|| panic!("no place {place}"));
    verdict(book, &place, question)
}
