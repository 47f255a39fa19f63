//! Numbers make sense: known units of the right dimension, parts not larger than wholes.

use ketum_core::form::{FormFacts, Spread, State};
use ketum_core::quantity::{Quantity, Statistic};
use ketum_core::unit::{Dimension, Unit};

use super::Sink;
use crate::document::Path;
use crate::facts::Facts;
use crate::path;

pub(super) fn lint(facts: &Facts, sink: &mut Sink) {
    for (topic, file) in &facts.claims {
        let name = format!("claims/{topic}.toml");
        for (index, claim) in file.claim.iter().enumerate() {
            if let Some(quantity) = &claim.quantity {
                self::quantity(&name, &path!["claim", index, "quantity"], quantity, sink);
            }
        }
    }
    for (id, form) in &facts.products {
        products(&format!("products/{id}.toml"), id, form, sink);
    }
    for (id, analyte) in &facts.analytes {
        let name = format!("analytes/{id}.toml");
        if !(100.0..2000.0).contains(&analyte.molar_mass_g_per_mol) {
            let path = path!["molar_mass_g_per_mol"];
            let hint = "g/mol; alkaloids lie near 400";
            sink.error(
                "molar-mass",
                &name,
                path,
                "this is no molar mass of an alkaloid",
                hint,
            );
        }
        for (index, constant) in analyte.constant.iter().enumerate() {
            let path = path!["constant", index];
            known_unit(&name, &path.then("unit"), &constant.unit, sink);
            ordered(
                &name,
                &path,
                constant.low,
                constant.value,
                constant.high,
                sink,
            );
        }
    }
}

/// The spreads of a form with the path each stands at.
pub(super) fn spreads(form: &FormFacts) -> Vec<(Path, &Spread)> {
    let mut all = Vec::new();
    for (analyte, spread) in &form.content {
        all.push((path!["content", analyte.as_str()], spread));
    }
    for (analyte, spread) in &form.content_per_mitragynine {
        all.push((path!["content_per_mitragynine", analyte.as_str()], spread));
    }
    for (unit, spread) in &form.unit_mass {
        all.push((path!["unit_mass", unit.as_str()], spread));
    }
    for (analyte, spread) in &form.content_of_brew {
        all.push((path!["content_of_brew", analyte.as_str()], spread));
    }
    if let Some(spread) = &form.recovery_into_cup {
        all.push((path!["recovery_into_cup"], spread));
    }
    all
}

fn products(name: &str, stem: &str, form: &FormFacts, sink: &mut Sink) {
    if form.form.id() != stem {
        let message = format!("the file name and `form = {:?}` differ", form.form.id());
        sink.error("file-name", name, path!["form"], message, "file name = id");
    }
    for (path, spread) in spreads(form) {
        ordered(
            name,
            &path,
            spread.low,
            Some(spread.median),
            spread.high,
            sink,
        );
        if spread.median <= 0.0 || spread.sigma_ln < 0.0 {
            let hint = "a log-normal spread has a positive median";
            sink.error(
                "spread",
                name,
                path.clone(),
                "not a log-normal spread",
                hint,
            );
        }
        let wanted: &[Dimension] = match path.steps().first() {
            Some(crate::document::Step::Key(key)) if key == "content" => match form.state {
                State::Solid => &[Dimension::MassFraction],
                State::Liquid => &[Dimension::Concentration, Dimension::MassFraction],
            },
            Some(crate::document::Step::Key(key)) if key == "content_of_brew" => {
                &[Dimension::Concentration]
            }
            Some(crate::document::Step::Key(key)) if key == "unit_mass" => {
                &[Dimension::Mass, Dimension::Volume]
            }
            _ => &[Dimension::Number],
        };
        if let Some(unit) = known_unit(name, &path.then("unit"), &spread.unit, sink)
            && !wanted.contains(&unit.dimension)
        {
            let message = format!("`{}` measures {:?}", spread.unit, unit.dimension);
            let hint = format!("expected {wanted:?}");
            sink.error("dimension", name, path.then("unit"), message, &hint);
        }
    }
    let sum: f64 = form
        .content
        .values()
        .filter(|spread| {
            Unit::parse(&spread.unit).is_some_and(|u| u.dimension == Dimension::MassFraction)
        })
        .filter_map(|spread| Some(Unit::parse(&spread.unit)?.to_canonical(spread.median)))
        .sum();
    if sum > 1000.0 {
        let message = format!("the contents add up to {sum} mg in a gram");
        sink.error(
            "sum-over-whole",
            name,
            path!["content"],
            message,
            "parts cannot exceed the whole",
        );
    }
}

fn quantity(name: &str, path: &Path, quantity: &Quantity, sink: &mut Sink) {
    let unit = known_unit(name, &path.then("unit"), &quantity.unit, sink);
    ordered(
        name,
        path,
        quantity.low,
        quantity.value,
        quantity.high,
        sink,
    );
    let has_end = quantity.low.is_some() || quantity.high.is_some();
    if has_end != quantity.interval.is_some() {
        let hint =
            "low/high need interval = \"range\", \"iqr\", \"ci95\", ... and the other way round";
        sink.error(
            "interval-kind",
            name,
            path.clone(),
            "what are the ends of the interval?",
            hint,
        );
    }
    if quantity.value.is_none() && !has_end {
        let hint = "give value, or low and high";
        sink.error(
            "no-number",
            name,
            path.clone(),
            "a quantity without a number",
            hint,
        );
    }
    if quantity.statistic == Statistic::Share
        && let Some(unit) = unit
    {
        if unit.dimension != Dimension::Number {
            let hint = "use % or 1";
            sink.error(
                "dimension",
                name,
                path.then("unit"),
                "a share has no unit of its own",
                hint,
            );
        }
        let numbers = [quantity.low, quantity.value, quantity.high];
        for share in numbers.into_iter().flatten() {
            let share = unit.to_canonical(share);
            if !(0.0..=1.0).contains(&share) {
                let hint = "the part cannot be larger than the whole";
                sink.error(
                    "part-over-whole",
                    name,
                    path.then("value"),
                    "not a share",
                    hint,
                );
            }
        }
    }
}

fn known_unit(name: &str, path: &Path, unit: &str, sink: &mut Sink) -> Option<&'static Unit> {
    let found = Unit::parse(unit);
    if found.is_none() {
        let symbols = ketum_core::unit::UNITS.iter().map(|unit| unit.symbol);
        let hint = crate::document::nearest(unit, symbols).map_or_else(
            || "units are listed in ketum-core/src/unit.rs".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        sink.error(
            "unknown-unit",
            name,
            path.clone(),
            format!("unknown unit `{unit}`"),
            &hint,
        );
    }
    found
}

fn ordered(
    name: &str,
    path: &Path,
    low: Option<f64>,
    value: Option<f64>,
    high: Option<f64>,
    sink: &mut Sink,
) {
    let numbers: Vec<f64> = [low, value, high].into_iter().flatten().collect();
    if !numbers.is_sorted() {
        let hint = "low <= value <= high";
        sink.error(
            "interval-order",
            name,
            path.clone(),
            "the interval is out of order",
            hint,
        );
    }
}
