//! Whether an unintentional re-exposure counts as positive. Knows the two criteria; never suggests a
//! re-exposure.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Choice, Input, Inputs, Kind, Range};
use crate::clinic::math::at_least;
use crate::clinic::text::plain_number;

const TYPES: &[Choice] = &[
    Choice {
        id: "hepatocellular",
        meaning: "judged by ALT",
    },
    Choice {
        id: "cholestatic_mixed",
        meaning: "judged by ALP",
    },
];
const MULTIPLE: Range = Range::of(0.0, 1_000.0);

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "rucam_rechallenge",
    title: "RUCAM: was a re-exposure positive?",
    about: "Applies the criteria for an unintentional re-exposure that has already happened.",
    formula: "RUCAM-2016-rechallenge",
    inputs: &[
        Input::of("type", Kind::Word(TYPES), "pattern of the injury"),
        Input::number(
            "alt_before_xuln",
            "1",
            MULTIPLE,
            "ALT before re-exposure, as a multiple of its limit",
        )
        .optional("needed for hepatocellular injury"),
        Input::number(
            "alt_during_over_before",
            "1",
            MULTIPLE,
            "ALT during re-exposure over ALT before",
        )
        .optional("needed for hepatocellular injury"),
        Input::number(
            "alp_before_xuln",
            "1",
            MULTIPLE,
            "ALP before re-exposure, as a multiple of its limit",
        )
        .optional("needed for cholestatic or mixed injury"),
        Input::number(
            "alp_during_over_before",
            "1",
            MULTIPLE,
            "ALP during re-exposure over ALP before",
        )
        .optional("needed for cholestatic or mixed injury"),
    ],
    domain: Domain {
        holds_for: "A re-exposure that has already happened unintentionally.",
        not_for: "deciding on a re-exposure: taking a suspected product again can be fatal.",
    },
    example: r#"{"type":"hepatocellular","alt_before_xuln":4.9,"alt_during_over_before":2.0}"#,
    facts: super::RUCAM,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let (enzyme, before_key, ratio_key, limit_id) = match inputs.word("type") {
        Some("cholestatic_mixed") => (
            "ALP",
            "alp_before_xuln",
            "alp_during_over_before",
            "rechallenge_alp_before_xuln",
        ),
        _ => (
            "ALT",
            "alt_before_xuln",
            "alt_during_over_before",
            "rechallenge_alt_before_xuln",
        ),
    };
    let before = inputs.need(before_key, "the criterion starts from it")?;
    let ratio = inputs.need(ratio_key, "the criterion compares the two")?;
    let (limit, doubling) = (
        facts.cutoff(limit_id)?,
        facts.cutoff("rechallenge_during_over_before")?,
    );
    let low_before = !at_least(before, limit);
    let doubled = at_least(ratio, doubling);
    let result = match (low_before, doubled) {
        (true, true) => "positive",
        (true, false) => "negative",
        (false, _) => "uninterpretable",
    };
    let said = match result {
        "positive" => "The re-exposure counts as positive.",
        "negative" => "The rise did not reach the criterion.",
        _ => "The enzyme was too high before re-exposure to judge it.",
    };
    Ok(Answer::default()
        .band("result", Some(result), "result of the re-exposure")
        .step(format!(
            "{enzyme} before: {} times its limit; the criterion asks for below {}",
            plain_number(before),
            plain_number(limit)
        ))
        .step(format!(
            "{enzyme} during over before: {}; the criterion asks for at least {}",
            plain_number(ratio),
            plain_number(doubling)
        ))
        .say(said)
        .warn("Do not take a suspected product again to test this: a second injury can be fatal."))
}
