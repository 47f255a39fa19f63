//! From the contents of a product to the quantity a limit is on: per gram, per serving, share, ratio,
//! dry weight. What is missing is named; nothing is converted without what the conversion needs.

use ketum_core::form::State;
use ketum_core::law::{Basis, Compound, QuantityKind, Rule};

use super::exact::{Exact, Span};
use super::sample::{Content, Per, Sample, Size};

/// Factor from the canonical unit of a quantity to the unit of a limit.
fn unit_factor(quantity: QuantityKind, unit: &str) -> Option<Exact> {
    let ten_thousandth = |n: i128, d: i128| Exact::new(n, d);
    match (quantity, unit) {
        (QuantityKind::MassFraction | QuantityKind::ElementPpm, "mg/g")
        | (QuantityKind::Concentration, "mg/mL")
        | (
            QuantityKind::MassPerServing
            | QuantityKind::MassPerContainer
            | QuantityKind::MassPerArticle,
            "mg",
        )
        | (QuantityKind::Ratio, "1")
        | (QuantityKind::CfuPerG, "cfu/g")
        | (QuantityKind::ParticleSize, "um") => Some(Exact::ONE),
        // 1 % is 10 mg/g, 1 ppm is 0.001 mg/g; for liquids 1 % weight in volume is 10 mg/mL.
        (
            QuantityKind::MassFraction | QuantityKind::ElementPpm | QuantityKind::Concentration,
            "%",
        ) => ten_thousandth(1, 10),
        (QuantityKind::MassFraction | QuantityKind::ElementPpm, "ppm") => ten_thousandth(1000, 1),
        (QuantityKind::ShareOfAlkaloids, "%") => ten_thousandth(100, 1),
        _ => None,
    }
}

/// A ratio, or none because nothing stands below the line.
pub(super) enum RatioValue {
    Span(Span),
    NoDenominator,
}

pub(super) fn ratio(rule: &Rule, sample: &Sample) -> Result<RatioValue, String> {
    let side = |compounds: &[Compound]| -> Result<(Span, Per), String> {
        let mut total: Option<(Span, Per)> = None;
        for compound in compounds {
            let content = sample
                .content_of(compound.as_str())
                .ok_or_else(|| format!("{compound} was not tested"))?;
            total = Some(match total {
                None => (content.span, content.per),
                Some((span, per)) if per == content.per => (
                    span.plus(content.span).ok_or("a number is out of range")?,
                    per,
                ),
                Some(_) => return Err("contents are related to different things".into()),
            });
        }
        total.ok_or_else(|| "the ratio names no compound".into())
    };
    let (above, per_above) = side(&rule.numerator)?;
    let (below, per_below) = side(&rule.denominator)?;
    if per_above != per_below {
        return Err("contents are related to different things".into());
    }
    if below.is_zero() {
        return if above.low.is_zero() {
            Err("nothing above and nothing below the line of the ratio".into())
        } else {
            Ok(RatioValue::NoDenominator)
        };
    }
    above
        .over(below)
        .map(RatioValue::Span)
        .ok_or_else(|| "a number is out of range".into())
}

/// The amount of one analyte in the unit of the limit.
pub(super) fn amount(
    quantity: QuantityKind,
    rule: &Rule,
    sample: &Sample,
    word: &str,
) -> Result<Span, String> {
    let content = sample
        .content_of(word)
        .ok_or_else(|| format!("{word} was not tested"))?;
    let too_big = || "a number is out of range".to_owned();
    let canonical = match quantity {
        QuantityKind::MassFraction | QuantityKind::ElementPpm | QuantityKind::Concentration => {
            let wants = match (quantity, rule.basis) {
                (_, Basis::WeightOrVolume) => content.per,
                (QuantityKind::Concentration, _) => Per::Millilitre,
                _ => Per::Gram,
            };
            let value = per(content, wants, sample)?;
            match (rule.basis, sample.moisture) {
                (Basis::DryWeight, Some(water)) if !sample.contents_are_dry => {
                    dry(value, water).ok_or_else(too_big)?
                }
                (Basis::DryWeight, None)
                    if !sample.contents_are_dry && sample.state != Some(State::Solid) =>
                {
                    return Err(
                        "the limit is on dry weight, and the water content is not known".into(),
                    );
                }
                _ => value,
            }
        }
        QuantityKind::CfuPerG | QuantityKind::ParticleSize => content.span,
        QuantityKind::ShareOfAlkaloids => {
            let total = sample
                .total_alkaloids
                .ok_or_else(|| "total alkaloids were not tested".to_owned())?;
            if total.per != content.per {
                return Err("contents are related to different things".into());
            }
            content
                .span
                .over(total.span)
                .ok_or_else(|| "total alkaloids are zero or out of range".to_owned())?
        }
        QuantityKind::MassPerServing if content.per == Per::Serving => content.span,
        QuantityKind::MassPerServing => mass_in(content, sample.serving, "serving size", sample)?,
        QuantityKind::MassPerContainer => {
            mass_in(content, sample.container, "container size", sample)?
        }
        _ => return Err("the product file cannot state what this rule measures".into()),
    };
    let factor = unit_factor(quantity, &rule.unit)
        .ok_or_else(|| format!("the unit {} does not fit {quantity}", rule.unit))?;
    canonical.scaled(factor).ok_or_else(too_big)
}

/// A content related to g or mL as wanted; a change needs the density.
fn per(content: Content, wants: Per, sample: &Sample) -> Result<Span, String> {
    let too_big = || "a number is out of range".to_owned();
    if content.per == wants {
        return Ok(content.span);
    }
    if content.per == Per::Serving || wants == Per::Serving {
        return Err("the content is given per serving, and the serving size is not known".into());
    }
    let density = sample.density.ok_or_else(|| {
        "mg per mL and mg per g differ by the density, which is not known".to_owned()
    })?;
    match wants {
        Per::Gram => content.span.over(density).ok_or_else(too_big),
        Per::Millilitre | Per::Serving => content.span.times(density).ok_or_else(too_big),
    }
}

fn mass_in(
    content: Content,
    size: Option<Size>,
    what: &str,
    sample: &Sample,
) -> Result<Span, String> {
    let size = size.ok_or_else(|| format!("the {what} is not known"))?;
    per(content, size.per, sample)?
        .times(size.span)
        .ok_or_else(|| "a number is out of range".to_owned())
}

/// A content of the product as it is, related to what is left without its water.
pub(super) fn dry(content: Span, water: Span) -> Option<Span> {
    let most = Exact::ONE.minus(water.low)?;
    let least = match water.high {
        Some(high) => Exact::ONE.minus(high)?,
        None => Exact::ZERO,
    };
    if least.is_zero() || least.is_negative() {
        return Some(Span {
            low: content.low.over(most)?,
            high: None,
        });
    }
    Some(Span {
        low: content.low.over(most)?,
        high: match content.high {
            Some(high) => Some(high.over(least)?),
            None => None,
        },
    })
}
