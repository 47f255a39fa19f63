//! Which rules hold for a set of drugs, who takes part, and which level is said.
//!
//! Knows the logic of `data/interactions/`; knows no pharmacology. Conditions speak of one drug each, so
//! a rule that holds keeps holding when a drug is added, and its level never becomes less urgent.

use std::collections::BTreeSet;

use ketum_core::evidence::AppliesTo;
use ketum_core::interaction::{InteractionRule, Level, Member};

use super::Ratio;
use super::profile::{Profile, Standing};

/// Who takes part in a rule that holds.
#[derive(Debug, Clone)]
pub(super) struct Hit<'p, 'a> {
    /// Those who make it hold, and those named beside them, in the order of ids.
    pub(super) with: Vec<(&'p Profile<'a>, Standing)>,
}

/// The hits of a rule: none, one, or one for each drug.
pub(super) fn hits<'p, 'a>(
    rule: &InteractionRule,
    products: &BTreeSet<AppliesTo>,
    drugs: &'p [Profile<'a>],
) -> Vec<Hit<'p, 'a>> {
    if !rule.products.is_empty() && !rule.products.iter().any(|kind| products.contains(kind)) {
        return Vec::new();
    }
    if !sides_hold(&rule.member, drugs.iter()) {
        return Vec::new();
    }
    let part = |drug: &Profile<'_>| {
        rule.member
            .iter()
            .filter_map(|side| drug.takes_part(side))
            .min()
    };
    let mut with: Vec<_> = drugs
        .iter()
        .filter_map(|drug| part(drug).map(|standing| (drug, standing)))
        .collect();
    if rule.each {
        return with
            .into_iter()
            .map(|one| Hit { with: vec![one] })
            .collect();
    }
    let beside = drugs.iter().filter_map(|drug| {
        let standing = rule
            .also
            .iter()
            .filter_map(|class| drug.class(class.as_str()))
            .min()?;
        part(drug).is_none().then_some((drug, standing))
    });
    with.extend(beside);
    with.sort_by_key(|(drug, _)| drug.id);
    vec![Hit { with }]
}

/// The first level of the rule that holds for those who take part.
pub(super) fn level<'r>(
    rule: &'r InteractionRule,
    products: &BTreeSet<AppliesTo>,
    hit: &Hit<'_, '_>,
    size: Option<&Ratio>,
) -> Option<&'r Level> {
    let reaches = |from: f64| {
        size.and_then(|size| size.high)
            .is_some_and(|high| high >= from)
    };
    rule.level.iter().find(|level| {
        (level.products.is_empty() || level.products.iter().any(|kind| products.contains(kind)))
            && level.ratio_from.is_none_or(reaches)
            && (!level.ratio_unknown || size.is_none())
            && (level.when.is_empty()
                || sides_hold(&level.when, hit.with.iter().map(|(drug, _)| *drug)))
    })
}

/// Whether every side finds as many drugs as it needs, no drug counted for two sides.
fn sides_hold<'p, 'a: 'p>(sides: &[Member], drugs: impl Iterator<Item = &'p Profile<'a>>) -> bool {
    let drugs: Vec<&Profile<'_>> = drugs.collect();
    let seats: Vec<Vec<usize>> = sides
        .iter()
        .flat_map(|side| {
            let fits: Vec<usize> = (0..drugs.len())
                .filter(|index| drugs[*index].takes_part(side).is_some())
                .collect();
            std::iter::repeat_n(fits, side.needs.unwrap_or(1) as usize)
        })
        .collect();
    let mut taken = vec![None; drugs.len()];
    (0..seats.len()).all(|seat| seated(seat, &seats, &mut taken, &mut vec![false; drugs.len()]))
}

/// Finds a drug for a seat, moving others where that helps: Kuhn's augmenting path.
fn seated(
    seat: usize,
    seats: &[Vec<usize>],
    taken: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for &drug in &seats[seat] {
        if seen[drug] {
            continue;
        }
        seen[drug] = true;
        let free = match taken[drug] {
            None => true,
            Some(other) => seated(other, seats, taken, seen),
        };
        if free {
            taken[drug] = Some(seat);
            return true;
        }
    }
    false
}
