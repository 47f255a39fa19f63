//! Glasgow Coma Scale. Knows the three components; gives no sum when one cannot be tested.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Given, Input, Inputs, Kind};

const FACTS: FactFile = FactFile("gcs");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "gcs",
    title: "Glasgow Coma Scale",
    about: "Adds eye, verbal and motor response, 3 to 15; no sum when a component cannot be tested.",
    formula: "GCS-1974",
    inputs: &[
        Input::of(
            "eye",
            Kind::Rating(1, 4),
            "eye opening: 4 spontaneous to 1 none",
        ),
        Input::of(
            "verbal",
            Kind::Rating(1, 5),
            "verbal response: 5 oriented to 1 none",
        ),
        Input::of(
            "motor",
            Kind::Rating(1, 6),
            "motor response: 6 obeys to 1 none",
        ),
    ],
    domain: Domain {
        holds_for: "Someone observed by a trained person.",
        not_for: "judging breathing: a person can be poisoned by opioids with a fair score and still stop breathing.",
    },
    example: r#"{"eye":4,"verbal":5,"motor":6}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, _facts: &Facts) -> Result<Answer, Fail> {
    let parts = [
        ("E", inputs.get("eye")),
        ("V", inputs.get("verbal")),
        ("M", inputs.get("motor")),
    ];
    let mut sum = Some(0);
    let mut written = Vec::new();
    for (letter, given) in parts {
        if let Some(Given::Whole(points)) = given {
            sum = sum.map(|sum| sum + points);
            written.push(format!("{letter}{points}"));
        } else {
            sum = None;
            written.push(format!("{letter}(NT)"));
        }
    }
    let components = written.join(" ");
    let answer = Answer::default()
        .maybe_whole(
            "score",
            sum,
            "sum, 3 to 15; absent when a component was not testable",
        )
        .text("components", components.clone(), "the components")
        .step(match sum {
            Some(sum) => format!("{components} = {sum}"),
            None => format!("{components}: no sum, because a component was not testable"),
        });
    Ok(answer
        .say("Write down the components; the sum alone hides which one is low.")
        .warn_if(
            sum.is_some_and(|sum| sum < 15),
            "Someone hard to wake, or breathing slowly, needs the emergency services now.",
        ))
}
