//! Rating scales: withdrawal, dependence, causality, coma, poisoning, drinking, mood. Knows item
//! numbers, points and bands; never holds an instrument's text, and names no diagnosis.

pub mod audit_c;
pub mod cows;
pub mod dsm5_sud_count;
pub mod gcs;
pub mod naranjo;
pub mod phq2;
pub mod pss;
pub mod sds;
pub mod sows_handelsman;

use super::build::Answer;
use super::error::Fail;
use super::facts::Facts;
use super::input::{Inputs, missing};

/// The ratings under `items` and their sum.
fn rated(inputs: &Inputs) -> Result<(&[i64], i64), Fail> {
    let items = inputs
        .ratings("items")
        .ok_or_else(|| missing("items", "the score is their sum"))?;
    Ok((items, items.iter().sum()))
}

/// One step a rated item, zeros left out.
fn rating_steps(answer: Answer, items: &[i64], facts: &Facts) -> Answer {
    let counted: Vec<String> = facts
        .file
        .item
        .iter()
        .zip(items)
        .filter(|(_, points)| **points != 0)
        .map(|(item, points)| format!("{} {points}", item.id))
        .collect();
    let list = if counted.is_empty() {
        "all items 0".to_owned()
    } else {
        counted.join(" + ")
    };
    answer.step(format!("{list} = {}", items.iter().sum::<i64>()))
}
