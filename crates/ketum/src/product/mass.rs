//! How much product one dose is: grams, millilitres, or a number of pieces.

use ketum_core::form::Spread;
use ketum_core::unit::{Dimension, Unit};
use ketum_data::catalogue::Catalogue;

use super::{Estimate, ProductAnswer, Z90};
use crate::case::{Amount, Case, DoseUnit};

/// The product in one dose, in every measure that is known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Taken {
    /// Grams.
    pub mass_g: Option<Estimate>,
    /// Millilitres.
    pub volume_ml: Option<Estimate>,
    /// Pieces, servings or bottles: what a content in plain mg counts per.
    pub pieces: Option<Estimate>,
}

/// How much product one dose is.
///
/// # Errors
/// In words, where the unit cannot be converted.
pub(super) fn of_dose(
    case: &Case,
    catalogue: &Catalogue,
    answer: &mut ProductAnswer,
) -> Result<Taken, String> {
    let product = &case.product;
    let Some((amount, unit)) = case.regimen.amount.zip(case.regimen.unit) else {
        return Err("The unit of the amount was not given.".to_owned());
    };
    let count = Estimate::new(amount, spread_of_amount(case, unit, catalogue));
    let mut taken = Taken::default();
    match unit {
        DoseUnit::Gram => taken.mass_g = Some(count),
        DoseUnit::Ounce => taken.mass_g = Some(count.scaled(28.349_523_125)),
        DoseUnit::Millilitre => taken.volume_ml = Some(count),
        DoseUnit::FluidOunce => taken.volume_ml = Some(count.scaled(29.573_529_562_5)),
        DoseUnit::HeapedTeaspoon => {
            return Err(
                "A heaped teaspoon has no known mass: weigh it, or give level teaspoons."
                    .to_owned(),
            );
        }
        DoseUnit::Leaf if product.unit_mass.is_none() => {
            return Err("A count of leaves says nothing without the mass of a leaf.".to_owned());
        }
        DoseUnit::Bottle
        | DoseUnit::Serving
        | DoseUnit::Capsule
        | DoseUnit::Tablet
        | DoseUnit::Leaf
        | DoseUnit::LevelTeaspoon
        | DoseUnit::LevelTablespoon
        | DoseUnit::Glass => {
            taken.pieces = Some(count);
            let given = match unit {
                DoseUnit::Bottle => product
                    .container
                    .as_ref()
                    .map(|amount| ("product.container", amount)),
                DoseUnit::Serving => product
                    .serving
                    .as_ref()
                    .map(|amount| ("product.serving", amount)),
                _ => product
                    .unit_mass
                    .as_ref()
                    .map(|amount| ("product.unit_mass", amount)),
            };
            match given {
                Some((_, one)) => add_given(&mut taken, count, one),
                None => add_prior(&mut taken, count, case, unit, catalogue, answer),
            }
        }
        DoseUnit::Milligram => {}
    }
    if let (None, Some(volume), Some(density)) =
        (taken.mass_g, taken.volume_ml, product.density_g_per_ml)
    {
        taken.mass_g = Some(volume.scaled(density));
    }
    answer.mass_g = taken.mass_g;
    answer.volume_ml = taken.volume_ml;
    Ok(taken)
}

/// Spread of a counted or weighed amount on the log scale: the person's own bounds, read as a 90 %
/// interval, else what a scale or a count leaves open.
pub(super) fn spread_of_amount(case: &Case, unit: DoseUnit, catalogue: &Catalogue) -> f64 {
    if let (Some(low), Some(high)) = (case.regimen.amount_low, case.regimen.amount_high)
        && low > 0.0
    {
        return ketum_sim::math::ln(high / low) / (2.0 * Z90);
    }
    match unit {
        DoseUnit::Gram | DoseUnit::Ounce | DoseUnit::Millilitre | DoseUnit::FluidOunce => {
            super::content::assumption(catalogue, "scale-sigma-ln")
        }
        _ => 0.0,
    }
}

fn add_given(taken: &mut Taken, count: Estimate, one: &Amount) {
    let Some(unit) = Unit::parse(&one.unit) else {
        return;
    };
    match unit.dimension {
        Dimension::Mass => taken.mass_g = Some(count.scaled(unit.to_canonical(one.value) / 1e3)),
        Dimension::Volume => {
            taken.volume_ml = Some(count.scaled(unit.to_canonical(one.value) * 1e3))
        }
        _ => {}
    }
}

fn add_prior(
    taken: &mut Taken,
    count: Estimate,
    case: &Case,
    unit: DoseUnit,
    catalogue: &Catalogue,
    answer: &mut ProductAnswer,
) {
    let key = match unit {
        DoseUnit::Bottle => "product.container",
        DoseUnit::Serving => "product.serving",
        _ => "product.unit_mass",
    };
    let prior: Option<&Spread> = case
        .product
        .form
        .and_then(|form| catalogue.forms.get(&form))
        .and_then(|form| form.unit_mass.get(unit.id()));
    match prior.and_then(|spread| Some((spread, Unit::parse(&spread.unit)?))) {
        Some((spread, measure)) => {
            let one = Estimate::new(measure.to_canonical(spread.median), spread.sigma_ln);
            match measure.dimension {
                Dimension::Volume => taken.volume_ml = Some(count.times(one.scaled(1e3))),
                _ => taken.mass_g = Some(count.times(one.scaled(1e-3))),
            }
            answer.inputs_missing.push(format!(
                "{key}: not given; {} {} a {} was used ({})",
                spread.median,
                spread.unit,
                unit.id().replace('_', " "),
                spread.basis
            ));
        }
        None => answer.inputs_missing.push(key.to_owned()),
    }
}
