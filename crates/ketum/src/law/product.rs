//! From the product of a case to the product as the law sees it.
//!
//! A result becomes an interval: value and expanded uncertainty (k = 2); a non-detect reaches from zero to
//! the limit of detection, else of quantification, else it has no upper end. What was not tested is left out.

use ketum_core::form::{Form, State};
use ketum_core::law::Compound;

use super::exact::{Exact, Span};
use super::sample::{Content, Per, Sample, Size};
use crate::case::{Amount, Content as Printed, ContentBasis, ContentOp, Product};

impl From<&Product> for Sample {
    fn from(product: &Product) -> Self {
        let state = product.state.or_else(|| product.form.map(usual_state));
        let serving = product.serving.as_ref().and_then(size);
        let mut sample = Self {
            form: product.form,
            state,
            serving,
            container: product.container.as_ref().and_then(size),
            density: product
                .density_g_per_ml
                .and_then(Exact::from_f64)
                .map(Span::point),
            moisture: product
                .moisture_pct
                .and_then(Exact::from_f64)
                .and_then(|percent| percent.over(Exact::whole(100)))
                .map(Span::point),
            ..Self::default()
        };
        for (name, printed) in &product.content {
            let word = Compound::parse(name).map_or_else(
                || name.trim().to_lowercase().replace([' ', '-'], "_"),
                |compound| compound.as_str().to_owned(),
            );
            if let Some(content) = content(printed, state, serving) {
                sample.content.insert(word, content);
            }
        }
        for (name, printed) in &product.contaminants {
            let word = match name.trim().to_lowercase().as_str() {
                "as" => "arsenic".to_owned(),
                "cd" => "cadmium".to_owned(),
                "pb" => "lead".to_owned(),
                "hg" => "mercury".to_owned(),
                other => other.replace([' ', '-'], "_"),
            };
            if let Some(content) = content(printed, state, serving) {
                sample.content.insert(word, content);
            }
        }
        sample.total_alkaloids = product
            .total_alkaloids
            .as_ref()
            .and_then(|printed| content(printed, state, serving));
        sample
    }
}

fn usual_state(form: Form) -> State {
    match form {
        Form::LeafTea | Form::Shot | Form::SevenOhLiquid => State::Liquid,
        _ => State::Solid,
    }
}

/// Grams or millilitres of an amount.
fn size(amount: &Amount) -> Option<Size> {
    let (per, factor) = match amount.unit.trim() {
        "g" => (Per::Gram, Exact::ONE),
        "mg" => (Per::Gram, Exact::new(1, 1000)?),
        "kg" => (Per::Gram, Exact::whole(1000)),
        "oz" => (Per::Gram, Exact::parse("28.349523125")?),
        "lb" => (Per::Gram, Exact::parse("453.59237")?),
        "mL" | "ml" => (Per::Millilitre, Exact::ONE),
        "L" | "l" => (Per::Millilitre, Exact::whole(1000)),
        "fl_oz" | "fl oz" => (Per::Millilitre, Exact::parse("29.5735295625")?),
        _ => return None,
    };
    let value = Exact::from_f64(amount.value)?.times(factor)?;
    (!value.is_zero() && !value.is_negative()).then(|| Size {
        span: Span::point(value),
        per,
    })
}

/// What a printed unit is related to, and its factor to mg.
fn unit(name: &str, state: Option<State>) -> Option<(Per, Exact)> {
    Some(match name.trim() {
        "mg/g" => (Per::Gram, Exact::ONE),
        "ug/g" | "µg/g" | "μg/g" | "ppm" | "mg/kg" | "mg/kg product" => {
            (Per::Gram, Exact::new(1, 1000)?)
        }
        "ug/kg" | "µg/kg" | "ppb" | "ng/g" => (Per::Gram, Exact::new(1, 1_000_000)?),
        "% w/w" => (Per::Gram, Exact::whole(10)),
        "% w/v" => (Per::Millilitre, Exact::whole(10)),
        // A bare percentage of a liquid may be by weight or by volume: not usable.
        "%" | "percent" if state == Some(State::Solid) => (Per::Gram, Exact::whole(10)),
        "mg/mL" | "mg/ml" | "g/L" => (Per::Millilitre, Exact::ONE),
        "ug/mL" | "µg/mL" | "μg/mL" | "mcg/mL" | "mg/L" | "mg/l" => {
            (Per::Millilitre, Exact::new(1, 1000)?)
        }
        "mg" | "mg/serving" | "mg/use" => (Per::Serving, Exact::ONE),
        // The size of the particles: nothing is related to anything.
        "um" | "µm" | "μm" => (Per::Gram, Exact::ONE),
        "CFU/g" | "cfu/g" | "MPN/g" | "mpn/g" => (Per::Gram, Exact::ONE),
        _ => return None,
    })
}

fn content(printed: &Printed, state: Option<State>, serving: Option<Size>) -> Option<Content> {
    let zero = Exact::ZERO;
    let number = |value: Option<f64>| value.and_then(Exact::from_f64);
    let value = number(printed.value);
    let lod = number(printed.lod);
    let loq = number(printed.loq);
    let uncertainty = number(printed.uncertainty);
    let span = match printed.op {
        ContentOp::Eq => {
            let value = value?;
            match uncertainty {
                None => Span::point(value),
                Some(printed_u) => {
                    // Expanded to k = 2; a printed uncertainty without k is taken as expanded already.
                    let expanded = match number(printed.k) {
                        Some(k) => printed_u.times(Exact::whole(2))?.over(k)?,
                        None => printed_u,
                    };
                    let low = value.minus(expanded)?;
                    Span {
                        low: if low.is_negative() { zero } else { low },
                        high: Some(value.plus(expanded)?),
                    }
                }
            }
        }
        ContentOp::Lt | ContentOp::Le => Span {
            low: zero,
            high: Some(value?),
        },
        ContentOp::Gt | ContentOp::Ge => Span {
            low: value?,
            high: None,
        },
        ContentOp::Nd | ContentOp::LtLod => Span {
            low: zero,
            high: lod.or(loq),
        },
        ContentOp::LtLoq => Span {
            low: lod.unwrap_or(zero),
            high: loq,
        },
        // There is some: more than nothing, by how much nobody says.
        ContentOp::Detected | ContentOp::Tntc => Span {
            low: lod.unwrap_or(Exact::new(1, 1_000_000_000_000)?),
            high: None,
        },
        ContentOp::Absent => Span::zero(),
        ContentOp::NotTested | ContentOp::NotReported => return None,
    };
    let name = printed.unit.as_deref();
    let (per, factor) = match name {
        Some(name) => unit(name, state)?,
        // Nothing has no unit.
        None if span.is_zero() || span.high.is_none() => (
            match state {
                Some(State::Liquid) => Per::Millilitre,
                _ => Per::Gram,
            },
            Exact::ONE,
        ),
        None => return None,
    };
    let mut content = Content {
        span: span.scaled(factor)?,
        per,
        uncertainty_stated: uncertainty.is_some() && printed.basis == ContentBasis::Certificate,
    };
    if per == Per::Serving
        && let Some(serving) = serving
    {
        content.span = content.span.over(serving.span)?;
        content.per = serving.per;
    }
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Sample {
        Sample::from(&toml::from_str::<Product>(text).unwrap())
    }

    fn span(low: &str, high: &str) -> Span {
        Span {
            low: Exact::parse(low).unwrap(),
            high: Some(Exact::parse(high).unwrap()),
        }
    }

    #[test]
    fn a_result_becomes_its_interval() {
        let sample = of("form = \"leaf_powder\"\n\
             content.\"7-OH\" = { value = 0.015, unit = \"% w/w\", uncertainty = 0.0015, k = 1 }\n\
             content.MP = { op = \"nd\", lod = 0.01, unit = \"mg/g\" }\n\
             content.\"MGM-15\" = { op = \"not_tested\" }\n\
             content.mitragynine = { value = 15, unit = \"mg/g\" }");
        assert_eq!(sample.content["7-OH"].span, span("0.12", "0.18"));
        assert_eq!(sample.content["MP"].span, span("0", "0.01"));
        assert!(!sample.content.contains_key("MGM-15"));
        assert!(sample.content["7-OH"].uncertainty_stated);
        assert!(!sample.content["mitragynine"].uncertainty_stated);
        assert_eq!(sample.state, Some(State::Solid));
    }

    #[test]
    fn a_non_detect_without_a_limit_has_no_upper_end() {
        let sample = of("form = \"extract\"\ncontent.MP = { op = \"nd\" }");
        assert_eq!(sample.content["MP"].span.high, None);
        let sample =
            of("form = \"extract\"\ncontent.MP = { op = \"nd\", loq = 0.1, unit = \"mg/g\" }");
        assert_eq!(sample.content["MP"].span, span("0", "0.1"));
    }

    #[test]
    fn milligrams_per_serving_are_related_to_its_size() {
        let tablet = "form = \"seven_oh_tablet\"\ncontent.\"7-hydroxymitragynine\" = { value = 15, unit = \"mg\" }\n";
        let sample = of(tablet);
        assert_eq!(sample.content["7-OH"].per, Per::Serving);
        let sample = of(&format!(
            "{tablet}serving = {{ value = 400, unit = \"mg\" }}"
        ));
        assert_eq!(sample.content["7-OH"].span, span("37.5", "37.5"));
        assert_eq!(sample.content["7-OH"].per, Per::Gram);
    }

    #[test]
    fn a_bare_percentage_of_a_liquid_is_not_guessed() {
        let sample = of("form = \"shot\"\ncontent.mitragynine = { value = 0.5, unit = \"%\" }");
        assert!(sample.content.is_empty());
    }

    #[test]
    fn metals_are_found_under_their_signs() {
        let sample =
            of("form = \"leaf_powder\"\ncontaminants.Pb = { value = 1.1, unit = \"ppm\" }");
        assert_eq!(sample.content["lead"].span, span("0.0011", "0.0011"));
    }
}
