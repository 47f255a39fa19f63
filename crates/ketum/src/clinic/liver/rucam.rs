//! RUCAM, updated 2016, for hepatocellular and for cholestatic or mixed injury. Knows the items, the
//! range when an item is unknown or its points are open, and when the scale must not be used; does not
//! know the instrument's wording (names are ours) and gives no verdict without a clinician.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactError, Facts};
use crate::clinic::input::{Input, Inputs, Kind, Range, missing};

/// The scale that fits the pattern of injury.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    Hepatocellular,
    CholestaticMixed,
}

const ABOUT: &str = "Adds the points of the updated RUCAM: how likely a product is the cause of a liver injury. Leave out what is not known and the answer is a range.";
const DOMAIN: Domain = Domain {
    holds_for: "One suspected product in one episode of liver injury that meets the entry criteria, scored by a clinician.",
    not_for: "chronic liver injury, onset before the first dose, or onset long after the last.",
};

macro_rules! item {
    ($key:literal, $meaning:literal) => {
        Input::of($key, Kind::Answer($key), $meaning)
            .optional("the total is a range over all answers")
    };
}

const DAYS_AFTER_STOP: Input = Input::number(
    "onset_days_after_stop",
    "d",
    Range::of(0.0, 36_500.0),
    "days from the last dose to the first rise of enzymes, when it came after stopping",
)
.optional("that the scale may be used is not checked");
const BEFORE_FIRST: Input = Input::of(
    "onset_before_first_dose",
    Kind::Flag,
    "whether the rise came before the first dose",
)
.optional("taken as not before");
const SLOW: Input = Input::of(
    "slowly_eliminated",
    Kind::Flag,
    "whether the substance stays long in the body (mitragynine does; the statement is kept in the answer)",
)
.optional("the limit of days after stopping applies");

pub(crate) const HEPATOCELLULAR: Calculator = Calculator {
    name: "rucam_hepatocellular",
    title: "RUCAM 2016, hepatocellular injury",
    about: ABOUT,
    formula: "RUCAM-2016-hepatocellular",
    inputs: &[
        item!("onset", "item 1: time to onset"),
        item!("alt_course", "item 2: course of ALT after stopping"),
        Input::of(
            "alcohol_above_limit",
            Kind::Flag,
            "item 3: more than 2 drinks a day (women) or 3 (men)",
        )
        .optional("the total is a range"),
        Input::of("age_ge_55", Kind::Flag, "item 3: 55 years or older")
            .optional("the total is a range"),
        item!("concomitant", "item 4: other medicines and herbs"),
        item!("alternatives", "item 5: other causes searched for"),
        item!("known", "item 6: what was known of the product"),
        item!("rechallenge", "item 7: unintentional re-exposure"),
        DAYS_AFTER_STOP,
        BEFORE_FIRST,
        SLOW,
    ],
    domain: DOMAIN,
    example: r#"{"onset":"from_start_5_90d","alt_course":"fall>=50pct_within_30d","alcohol_above_limit":false,"age_ge_55":false,"concomitant":"none","alternatives":"group_I_7_excluded","known":"published_not_labelled","rechallenge":"not_done"}"#,
    facts: super::RUCAM,
    compute: |inputs, facts| compute(Scale::Hepatocellular, inputs, facts),
};

pub(crate) const CHOLESTATIC_MIXED: Calculator = Calculator {
    name: "rucam_cholestatic_mixed",
    title: "RUCAM 2016, cholestatic or mixed injury",
    about: ABOUT,
    formula: "RUCAM-2016-cholestatic-mixed",
    inputs: &[
        item!("onset", "item 1: time to onset"),
        item!("alp_course", "item 2: course of ALP after stopping"),
        Input::of(
            "alcohol_or_pregnancy",
            Kind::Flag,
            "item 3: more than 2 drinks a day (women) or 3 (men), or pregnancy",
        )
        .optional("the total is a range"),
        Input::of("age_ge_55", Kind::Flag, "item 3: 55 years or older")
            .optional("the total is a range"),
        item!("concomitant", "item 4: other medicines and herbs"),
        item!("alternatives", "item 5: other causes searched for"),
        item!("known", "item 6: what was known of the product"),
        item!("rechallenge", "item 7: unintentional re-exposure"),
        DAYS_AFTER_STOP,
        BEFORE_FIRST,
        SLOW,
    ],
    domain: DOMAIN,
    example: r#"{"onset":"from_start_5_90d","alp_course":"fall>=50pct_within_180d","alcohol_or_pregnancy":true,"age_ge_55":false,"concomitant":"none","alternatives":"group_I_7_excluded","known":"published_not_labelled","rechallenge":"not_done"}"#,
    facts: super::RUCAM,
    compute: |inputs, facts| compute(Scale::CholestaticMixed, inputs, facts),
};

/// The grade of a whole RUCAM score.
///
/// # Errors
/// [`FactError`] when the facts lack the band.
pub fn grade(score: i64, facts: &Facts) -> Result<&str, FactError> {
    facts
        .band_of(score)
        .map(|band| band.id.as_str())
        .ok_or_else(|| facts.absent("band", &score.to_string()))
}

fn compute(scale: Scale, inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let refused = usable(scale, inputs, facts)?;
    let (course, risk) = match scale {
        Scale::Hepatocellular => ("alt_course", "alcohol_above_limit"),
        Scale::CholestaticMixed => ("alp_course", "alcohol_or_pregnancy"),
    };
    let mut answer = Answer::default();
    let (mut low, mut high) = (0, 0);
    for key in [
        "onset",
        course,
        "concomitant",
        "alternatives",
        "known",
        "rechallenge",
    ] {
        let item = facts.item(key)?;
        let (item_low, item_high) = match inputs.word(key) {
            Some(given) => item
                .answer
                .iter()
                .find(|answer| answer.id == given)
                .and_then(|answer| answer.range())
                .ok_or_else(|| missing(key, "its answer has no points"))?,
            None => {
                answer = answer.lacks(format!(
                    "{key}: counted from the lowest to the highest of its points"
                ));
                let ranges = || item.answer.iter().filter_map(|answer| answer.range());
                (
                    ranges().map(|(low, _)| low).min().unwrap_or_default(),
                    ranges().map(|(_, high)| high).max().unwrap_or_default(),
                )
            }
        };
        answer = answer.step(format!("{key}: {}", points(item_low, item_high)));
        low += item_low;
        high += item_high;
    }
    for key in [risk, "age_ge_55"] {
        let (item_low, item_high) = match inputs.flag(key) {
            Some(given) => (i64::from(given), i64::from(given)),
            None => {
                answer = answer.lacks(format!("{key}: counted from 0 to +1"));
                (0, 1)
            }
        };
        answer = answer.step(format!("{key}: {}", points(item_low, item_high)));
        low += item_low;
        high += item_high;
    }
    let score = (low == high).then_some(low);
    let (grade_low, grade_high) = (grade(low, facts)?, grade(high, facts)?);
    let one_grade = (grade_low == grade_high).then_some(grade_low);
    answer = answer
        .maybe_whole("score", score, "RUCAM total; absent when it is a range")
        .band(
            "grade",
            one_grade,
            "grade of the total; absent when the range spans several",
        )
        .whole("score_min", low, "lowest total the given answers allow")
        .whole("score_max", high, "highest total the given answers allow")
        .text("grade_min", grade_low, "grade of the lowest total")
        .text("grade_max", grade_high, "grade of the highest total");
    answer = match score {
        Some(score) => answer.say(format!("Total {score}: {}.", spoken(grade_low))),
        None => answer.say(format!(
            "Total between {low} and {high}: {} to {}. Each missing test widens the range.",
            spoken(grade_low),
            spoken(grade_high)
        )),
    };
    if let Some(reason) = refused {
        answer = answer.warn(reason);
    }
    Ok(answer
        .say("The grade speaks of how well the case fits, not of how often the product harms.")
        .warn_if(
            inputs.word("known") == Some("labelled"),
            "Kratom has no approved labelling; for kratom the item is 'published_not_labelled'.",
        ))
}

/// Refuses a case the scale is not made for; gives the words kept when "slowly eliminated" lifts it.
fn usable(scale: Scale, inputs: &Inputs, facts: &Facts) -> Result<Option<String>, Fail> {
    if inputs.flag("onset_before_first_dose") == Some(true) {
        return Err(Fail::input(
            "onset_before_first_dose",
            "onset_before_exposure",
            "the rise came before the first dose, so the scale cannot be used for this product",
        ));
    }
    let Some(days) = inputs.number("onset_days_after_stop") else {
        return Ok(None);
    };
    let limit = facts.cutoff(match scale {
        Scale::Hepatocellular => "onset_after_stop_hepatocellular_d",
        Scale::CholestaticMixed => "onset_after_stop_cholestatic_d",
    })?;
    if days <= limit {
        return Ok(None);
    }
    if inputs.flag("slowly_eliminated") == Some(true) {
        return Ok(Some(format!(
            "Onset came more than {limit} days after the last dose; scored because the substance was stated to be slowly eliminated."
        )));
    }
    Err(Fail::input(
        "onset_days_after_stop",
        "onset_too_long_after_stop",
        format!(
            "the rise came more than {limit} days after the last dose; the scale cannot be used unless the substance is slowly eliminated"
        ),
    ))
}

fn points(low: i64, high: i64) -> String {
    if low == high {
        format!("{low:+}")
    } else {
        format!("{low:+} to {high:+}")
    }
}

fn spoken(grade: &str) -> String {
    grade.replace('_', " ")
}
