//! What the product holds per gram, millilitre or piece: certificate, label, or what is known of the form.

use ketum_core::form::{Form, FormFacts, Spread};
use ketum_core::id::AnalyteId;
use ketum_core::unit::{Dimension, Unit};
use ketum_data::catalogue::Catalogue;

use super::mass::{Taken, spread_of_amount};
use super::{AnalyteDose, Estimate, Origin, ProductAnswer, resolve_analyte};
use crate::case::{Case, Content, ContentBasis, ContentOp, DoseUnit};

/// The number of an assumption. A test holds the catalogue to the ids used here.
pub(super) fn assumption(catalogue: &Catalogue, id: &str) -> f64 {
    catalogue
        .assumptions
        .get(id)
        .map_or(f64::NAN, |assumption| assumption.value)
}

/// The assumptions this stage uses.
pub const ASSUMPTIONS: [&str; 5] = [
    "scale-sigma-ln",
    "label-claim-sigma-ln",
    "certificate-sigma-ln",
    "certificate-trace-sigma-ln",
    "leaf-sampling-sigma-ln",
];

/// A dose that the person gives in mg of an analyte.
pub(super) fn stated(case: &Case, catalogue: &Catalogue, answer: &mut ProductAnswer) {
    let Some(amount) = case.regimen.amount else {
        return;
    };
    let Some(analyte) = &case.regimen.analyte else {
        answer.inputs_missing.push("regimen.analyte".to_owned());
        answer.not_converted =
            Some("Milligrams of which alkaloid? The analyte was not given.".to_owned());
        return;
    };
    let Some(id) = resolve_analyte(catalogue, analyte) else {
        answer.not_converted = Some("The analyte is not known.".to_owned());
        return;
    };
    let own = spread_of_amount(case, DoseUnit::Milligram, catalogue);
    let certified = case.product.content.iter().any(|(name, content)| {
        resolve_analyte(catalogue, name) == Some(id) && content.basis == ContentBasis::Certificate
    });
    let (sigma, basis) = if own > 0.0 {
        (own, "milligrams as stated, with the bounds as stated")
    } else if certified {
        (
            assumption(catalogue, "certificate-sigma-ln"),
            "milligrams as stated, product has a certificate",
        )
    } else {
        answer.inputs_missing.push(
            "product.content: no certificate; stated milligrams were given the spread of a label claim".to_owned(),
        );
        (
            assumption(catalogue, "label-claim-sigma-ln"),
            "milligrams as stated; how well labels hold is poorly known",
        )
    };
    let dose = AnalyteDose::from_estimate(
        Estimate::new(amount, sigma),
        Origin::Stated,
        basis.to_owned(),
    );
    answer.analytes.insert(id.clone(), dose);
}

/// Fills in the milligrams of every analyte that can be known.
pub(super) fn fill(case: &Case, catalogue: &Catalogue, taken: &Taken, answer: &mut ProductAnswer) {
    let form = case
        .product
        .form
        .and_then(|form| catalogue.forms.get(&form));
    for (name, content) in &case.product.content {
        if let Some(id) = resolve_analyte(catalogue, name)
            && let Some(dose) = printed(case, catalogue, name, content, taken, answer)
        {
            answer.analytes.insert(id.clone(), dose);
        }
    }
    if let Some(form) = form {
        priors(case, form, taken, answer);
    }
    if let Some(form) = form
        && let Some(recovery) = &form.recovery_into_cup
    {
        brew(form, recovery, taken, answer);
    }
    if answer.analytes.is_empty() && answer.not_converted.is_none() {
        answer.not_converted = Some(
            "No content was given and none can be assumed for this kind of product: grams or bottles alone \
             do not say how many milligrams of alkaloid they hold."
                .to_owned(),
        );
    }
}

/// A printed result times what was taken.
fn printed(
    case: &Case,
    catalogue: &Catalogue,
    name: &str,
    content: &Content,
    taken: &Taken,
    answer: &mut ProductAnswer,
) -> Option<AnalyteDose> {
    let key = format!("product.content.{name}");
    let limit_missing = match content.op {
        ContentOp::Nd | ContentOp::LtLod => content.lod.is_none().then_some("lod"),
        ContentOp::LtLoq => content.loq.is_none().then_some("loq"),
        _ => None,
    };
    if let Some(limit) = limit_missing {
        answer.inputs_missing.push(format!(
            "{key}.{limit}: a result below a limit says nothing without the limit"
        ));
        return None;
    }
    let unit = Unit::parse(content.unit.as_deref()?)?;
    // What one unit of the result is counted per.
    let (per, factor) = match unit.dimension {
        Dimension::MassFraction => (taken.mass_g, unit.factor),
        Dimension::Concentration => (taken.volume_ml, unit.factor / 1e3),
        Dimension::Mass | Dimension::MassPerUse => (taken.pieces, unit.factor),
        _ => (None, 1.0),
    };
    let Some(per) = per else {
        answer.inputs_missing.push(format!(
            "{key}: its unit {} cannot be joined to the unit of the dose; {}",
            unit.symbol,
            match unit.dimension {
                Dimension::MassFraction =>
                    "the mass of a dose is missing (product.unit_mass or density_g_per_ml)",
                Dimension::Concentration => "the volume of a dose is missing",
                _ => "give the dose in servings, capsules, tablets or bottles",
            }
        ));
        return None;
    };
    let origin = match content.basis {
        ContentBasis::Certificate => Origin::Certificate,
        ContentBasis::Label => Origin::Label,
    };
    let bounds = |low: f64, high: f64, why: &str| {
        Some(AnalyteDose {
            median_mg: None,
            low_mg: low * factor * per.median,
            high_mg: high * factor * per.high,
            sigma_ln: None,
            origin,
            basis: why.to_owned(),
        })
    };
    match (content.op, content.value) {
        (ContentOp::Eq, Some(value)) if value > 0.0 => {
            let sigma = match content.basis {
                ContentBasis::Label => assumption(catalogue, "label-claim-sigma-ln"),
                ContentBasis::Certificate => {
                    certificate_spread(case, catalogue, content, value, unit, &key, answer)
                }
            };
            let estimate = Estimate::new(value * factor, sigma).times(per);
            let who = match content.basis {
                ContentBasis::Certificate => "certificate",
                ContentBasis::Label => "label; how well labels hold is poorly known",
            };
            Some(AnalyteDose::from_estimate(
                estimate,
                origin,
                format!("{value} {} by the {who}", unit.symbol),
            ))
        }
        (ContentOp::Lt | ContentOp::Le, Some(value)) => {
            bounds(0.0, value, "below the printed limit")
        }
        (ContentOp::Nd | ContentOp::LtLod, _) => {
            let lod = content.lod?;
            bounds(
                0.0,
                lod,
                "not detected: between nothing and the limit of detection",
            )
        }
        (ContentOp::LtLoq, _) => {
            let (low, high) = (content.lod.unwrap_or(0.0), content.loq?);
            bounds(low, high, "detected, too little to measure")
        }
        _ => None,
    }
}

/// Spread of a certificate's number on the log scale: as printed, else what laboratories reach; leaf
/// also differs from scoop to scoop.
fn certificate_spread(
    case: &Case,
    catalogue: &Catalogue,
    content: &Content,
    value: f64,
    unit: &Unit,
    key: &str,
    answer: &mut ProductAnswer,
) -> f64 {
    let laboratory = match (content.uncertainty, content.k) {
        (Some(uncertainty), Some(k)) => uncertainty / k / value,
        (Some(uncertainty), None) => {
            answer
                .inputs_missing
                .push(format!("{key}.k: not given; 2 was used"));
            uncertainty / 2.0 / value
        }
        (None, _) => {
            // 0.1 % of mass parts main from trace alkaloids.
            let trace = unit.dimension == Dimension::MassFraction && unit.to_canonical(value) < 1.0;
            let id = if trace {
                "certificate-trace-sigma-ln"
            } else {
                "certificate-sigma-ln"
            };
            let sigma = assumption(catalogue, id);
            answer.inputs_missing.push(format!(
                "{key}.uncertainty: not given; a relative spread of {sigma} was used"
            ));
            sigma
        }
    };
    let sampling = match case.product.form {
        Some(
            Form::LeafPowder
            | Form::LeafCapsule
            | Form::LeafCrushed
            | Form::LeafFresh
            | Form::LeafTea,
        ) => assumption(catalogue, "leaf-sampling-sigma-ln"),
        _ => 0.0,
    };
    (laboratory * laboratory + sampling * sampling).sqrt()
}

/// What is known of the form, for analytes that nothing was printed about.
fn priors(case: &Case, form: &FormFacts, taken: &Taken, answer: &mut ProductAnswer) {
    let mitragynine: Option<AnalyteId> = "mitragynine".parse().ok();
    let mut used = false;
    for (id, spread) in &form.content {
        let Some(unit) = Unit::parse(&spread.unit) else {
            continue;
        };
        if answer.analytes.contains_key(id) || said_nothing_else(case, id) {
            continue;
        }
        let per = match unit.dimension {
            Dimension::Concentration => taken.volume_ml.map(|volume| volume.scaled(1e-3)),
            _ => taken.mass_g,
        };
        if let Some(per) = per {
            let estimate =
                Estimate::new(unit.to_canonical(spread.median), spread.sigma_ln).times(per);
            let dose = AnalyteDose::from_estimate(estimate, Origin::Prior, spread.basis.clone());
            answer.analytes.insert(id.clone(), dose);
            used = true;
        }
    }
    if used {
        answer.inputs_missing.push(
            "product.content: not given for every alkaloid; contents measured in other products of this form were used"
                .to_owned(),
        );
    }
    let Some(parent) = mitragynine.and_then(|id| answer.analytes.get(&id)?.estimate()) else {
        return;
    };
    for (id, ratio) in &form.content_per_mitragynine {
        if !answer.analytes.contains_key(id) {
            let estimate = parent.times(Estimate::new(ratio.median, ratio.sigma_ln));
            let dose = AnalyteDose::from_estimate(estimate, Origin::Prior, ratio.basis.clone());
            answer.analytes.insert(id.clone(), dose);
        }
    }
}

/// Whether the case names this analyte although no milligrams came of it ("not detected" without limits).
fn said_nothing_else(case: &Case, id: &AnalyteId) -> bool {
    case.product
        .content
        .iter()
        .any(|(name, content)| name == id.as_str() && content.op == ContentOp::Detected)
}

/// Tea: what reaches the cup, beside what is in the leaf. A dose in glasses is counted from the cup back
/// to the leaf, since the model's bioavailability of tea is per milligram in the leaf.
fn brew(form: &FormFacts, recovery: &Spread, taken: &Taken, answer: &mut ProductAnswer) {
    let Ok(id) = "mitragynine".parse::<AnalyteId>() else {
        return;
    };
    let share = Estimate::new(recovery.median, recovery.sigma_ln);
    if let Some(leaf) = answer.analytes.get(&id).and_then(AnalyteDose::estimate) {
        let reached = leaf.times(share);
        answer.mitragynine_in_cup = Some(AnalyteDose::from_estimate(
            reached,
            Origin::Prior,
            recovery.basis.clone(),
        ));
    } else if let Some(volume) = taken.volume_ml
        && let Some(content) = form.content_of_brew.get(&id)
        && let Some(unit) = Unit::parse(&content.unit)
    {
        let per_ml = Estimate::new(unit.to_canonical(content.median) / 1e3, content.sigma_ln);
        let cup = volume.times(per_ml);
        let leaf = cup.times(Estimate::new(1.0 / recovery.median, recovery.sigma_ln));
        answer.mitragynine_in_cup = Some(AnalyteDose::from_estimate(
            cup,
            Origin::Prior,
            content.basis.clone(),
        ));
        let basis =
            "milligrams in the cup, counted back to the leaf by the share that hot water takes up";
        answer.analytes.insert(
            id,
            AnalyteDose::from_estimate(leaf, Origin::Prior, basis.to_owned()),
        );
        answer.inputs_missing.push(
            "product.content: not given; the content of brews measured elsewhere was used"
                .to_owned(),
        );
    }
}
