//! The law part of an assessment: the verdict for the case's place and day, with the numbers of its
//! certificate where there are any, and every place of a route.

use ketum_core::date::Date;
use ketum_core::law::Activity;
use schemars::JsonSchema;
use serde::Serialize;

use super::answer::{LawAnswer, PlaceVerdict};
use super::book::LawBook;
use super::sample::Sample;
use super::verdict::{Buyer, DISCLAIMER, Question, verdict};
use crate::case::{Case, Product};

/// The law at the places of a case.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CaseLaw {
    /// The place asked for.
    pub place: Option<String>,
    /// The word for where the substance stands there.
    pub status: String,
    /// The strictest verdict of the place.
    pub verdict: PlaceVerdict,
    /// What was found, or why nothing is said, with what the answer is not.
    pub statement: String,
    /// The same without that; null where no place was asked for.
    pub short: Option<String>,
    /// The answer for the place, with limits, requirements as a checklist, proposals and sources.
    pub answer: Option<LawAnswer>,
    /// The answers for the places of the route, in order.
    pub route: Vec<LawAnswer>,
}

/// The activity a case names; words of everyday language are understood.
#[must_use]
pub fn activity_of(word: &str) -> Option<Activity> {
    let word = word.trim().to_ascii_lowercase().replace([' ', '-'], "_");
    Some(match word.as_str() {
        "ship" | "mail" | "send" => Activity::OnlineSale,
        "have" | "carry" | "travel" => Activity::Possess,
        "take" => Activity::Use,
        "grow" => Activity::Cultivate,
        other => return Activity::from_word(other),
    })
}

/// The law of a case. Without a date the day of the data set is taken, and the statement says so.
#[must_use]
pub fn of_case(case: &Case, book: LawBook<'_>) -> CaseLaw {
    let asked = case.place.is_some() || !case.route.is_empty();
    let unknown = |statement: String| CaseLaw {
        place: case.place.clone(),
        status: "unknown".to_owned(),
        verdict: PlaceVerdict::Unknown,
        short: asked.then(|| statement.clone()),
        statement,
        answer: None,
        route: Vec::new(),
    };
    let Some(edition) = book.data_as_of() else {
        return unknown("No law is in this catalogue.".to_owned());
    };
    let activity = match case.activity.as_deref() {
        None => Activity::Possess,
        Some(word) => match activity_of(word) {
            Some(activity) => activity,
            None => {
                return unknown(format!(
                    "No law was looked up: `{word}` is not an act the data know."
                ));
            }
        },
    };
    let sample = (case.product != Product::default()).then(|| Sample::from(&case.product));
    let ask = |name: &str| answer(case, book, name, activity, sample.as_ref(), edition);
    let route: Vec<LawAnswer> = case.route.iter().filter_map(|name| ask(name)).collect();
    let missing: Vec<&str> = case
        .route
        .iter()
        .filter(|name| book.place(name).is_none())
        .map(String::as_str)
        .collect();
    let mut law = match &case.place {
        None if route.is_empty() => unknown("No place was given.".to_owned()),
        None => {
            let strictest = route.iter().map(|answer| answer.verdict).max();
            CaseLaw {
                verdict: strictest.unwrap_or(PlaceVerdict::Unknown),
                statement: along(&route),
                ..unknown(String::new())
            }
        }
        Some(place) => match ask(place) {
            None => unknown(format!(
                "Nothing is known of a place called `{place}`, so nothing is said of its law."
            )),
            Some(answer) => {
                let mut statement = format!(
                    "{} on {}, {} of {}: {}",
                    answer.name,
                    answer.date,
                    answer.activity.plain(),
                    answer.substance,
                    said(Some(answer.verdict))
                );
                if case.date.is_none() {
                    statement.push_str(" No date was given; the day of the data was taken.");
                }
                CaseLaw {
                    place: Some(answer.place.clone()),
                    status: answer.status.as_str().to_owned(),
                    verdict: answer.verdict,
                    statement,
                    short: None,
                    answer: Some(answer),
                    route: Vec::new(),
                }
            }
        },
    };
    if case.place.is_some() && !route.is_empty() {
        law.statement.push(' ');
        law.statement.push_str(&along(&route));
        let strictest = route.iter().map(|answer| answer.verdict).max();
        law.verdict = law.verdict.max(strictest.unwrap_or(law.verdict));
    }
    if !missing.is_empty() {
        law.statement
            .push_str(&format!(" Nothing is known of {}.", missing.join(", ")));
        law.verdict = law.verdict.max(PlaceVerdict::Unknown);
    }
    law.short = asked.then(|| law.statement.clone());
    law.statement.push(' ');
    law.statement.push_str(DISCLAIMER);
    law.route = route;
    law
}

/// What a route meets, the strictest first, each with its places: `Alabama: a rule in force forbids it;`.
fn along(route: &[LawAnswer]) -> String {
    let mut verdicts: Vec<PlaceVerdict> = route.iter().map(|answer| answer.verdict).collect();
    verdicts.sort_unstable_by(|a, b| b.cmp(a));
    verdicts.dedup();
    let parts: Vec<String> = verdicts
        .into_iter()
        .map(|verdict| {
            let mut places: Vec<&str> = Vec::new();
            for answer in route.iter().filter(|answer| answer.verdict == verdict) {
                if !places.contains(&answer.name.as_str()) {
                    places.push(&answer.name);
                }
            }
            let said = said(Some(verdict)).trim_end_matches('.');
            format!("{}: {said}", places.join(" and "))
        })
        .collect();
    let told = route.first().map_or_else(String::new, |first| {
        format!(
            " on {}, {} of {}",
            first.date,
            first.activity.plain(),
            first.substance
        )
    });
    format!("Along the route{told}: {}.", parts.join("; "))
}

fn answer(
    case: &Case,
    book: LawBook<'_>,
    name: &str,
    activity: Activity,
    sample: Option<&Sample>,
    edition: Date,
) -> Option<LawAnswer> {
    let place = book.place(name)?;
    // Who sells or gives is not the buyer.
    let is_buyer = !matches!(
        activity,
        Activity::Sell | Activity::Give | Activity::OnlineSale
    );
    let person = &case.person;
    let buyer = if is_buyer {
        Buyer {
            age: person
                .age
                .filter(|age| (0.0..200.0).contains(age))
                .map(|age| age as u16),
            pregnant: person.pregnant,
            breastfeeding: person.breastfeeding,
        }
    } else {
        Buyer::default()
    };
    Some(verdict(
        book,
        &place,
        &Question {
            date: case.date.unwrap_or(edition),
            known_as_of: edition,
            activity,
            substance: sample.map_or(ketum_core::law::Compound::Leaf, Sample::substance),
            sample,
            buyer,
            what_if: &[],
        },
    ))
}

fn said(verdict: Option<PlaceVerdict>) -> &'static str {
    match verdict {
        Some(PlaceVerdict::NonCompliant) => "a rule in force forbids it.",
        Some(PlaceVerdict::Indeterminate) => {
            "whether it is allowed cannot be settled from what is known; that is no permission."
        }
        Some(PlaceVerdict::NoRuleFound) => {
            "no rule was found; that is not a promise that there is none."
        }
        Some(PlaceVerdict::Compliant) => {
            "the numbers of this product are within every limit that could be computed."
        }
        Some(PlaceVerdict::Unknown) | None => "it is not known; that is no permission.",
    }
}
