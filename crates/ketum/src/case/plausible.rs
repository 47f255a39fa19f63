//! Judges values one by one: impossible ones are errors, implausible ones are warnings.

use ketum_core::date::Date;
use ketum_core::unit::{Dimension, Unit};
use ketum_data::catalogue::Catalogue;
use ketum_data::document::{Diagnostic, Path, nearest};
use ketum_data::path;

use super::{Case, Content, ContentOp, DoseUnit, Measure, Measurement};
use crate::product::resolve_analyte;

/// More than this many grams of product at one time is an error of writing, not a dose.
const IMPOSSIBLE_DOSE_G: f64 = 100.0;
/// More than this is reported by few people: shown as a warning.
const IMPLAUSIBLE_DOSE_G: f64 = 20.0;
/// More than this many milligrams of one alkaloid at one time is an error of writing.
const IMPOSSIBLE_DOSE_MG: f64 = 5_000.0;
/// More than the largest intake per use measured in 357 people (205.9 mg of mitragynine).
const IMPLAUSIBLE_DOSE_MG: f64 = 206.0;

struct Judge<'a> {
    file: &'a str,
    found: Vec<Diagnostic>,
}

impl Judge<'_> {
    fn error(&mut self, code: &'static str, path: Path, message: String, hint: &str) {
        self.found
            .push(Diagnostic::error(code, self.file, path, message).hint(hint));
    }

    fn warning(&mut self, code: &'static str, path: Path, message: String, hint: &str) {
        self.found.push(
            Diagnostic::error(code, self.file, path, message)
                .hint(hint)
                .warning(),
        );
    }

    fn unit(&mut self, path: Path, name: &str, wanted: &[Dimension]) {
        match Unit::parse(name) {
            None => {
                let symbols = ketum_core::unit::UNITS.iter().map(|unit| unit.symbol);
                let hint = nearest(name, symbols).map_or_else(
                    || "for example mg/g, % w/w, mg/mL, ng/mL".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let shown: String = name.chars().take(40).collect();
                self.error(
                    "unknown-unit",
                    path,
                    format!("unknown unit `{shown}`"),
                    &hint,
                );
            }
            Some(unit) if !wanted.contains(&unit.dimension) => {
                let message = format!("`{name}` does not measure this");
                self.error(
                    "dimension",
                    path,
                    message,
                    &format!("expected {}", dimensions(wanted)),
                );
            }
            Some(_) => {}
        }
    }
}

fn dimensions(wanted: &[Dimension]) -> String {
    let words: Vec<&str> = wanted
        .iter()
        .map(|dimension| match dimension {
            Dimension::Mass => "a mass (g, mg)",
            Dimension::Volume => "a volume (mL, fl_oz)",
            Dimension::MassFraction => "a mass fraction (mg/g, % w/w, ug/g)",
            Dimension::Concentration => "a concentration (mg/mL, ng/mL)",
            Dimension::CountPerMass => "a count (CFU/g)",
            Dimension::MassPerUse => "a mass per serving (mg/serving)",
            _ => "another unit",
        })
        .collect();
    words.join(" or ")
}

/// Everything impossible or implausible in a case.
pub(super) fn judge(
    file: &str,
    case: &Case,
    catalogue: &Catalogue,
    today: Option<Date>,
) -> Vec<Diagnostic> {
    let mut judge = Judge {
        file,
        found: Vec::new(),
    };
    person(&mut judge, case);
    product(&mut judge, case, catalogue);
    regimen(&mut judge, case, catalogue);
    measured(&mut judge, case, catalogue, today);
    judge.found
}

fn person(judge: &mut Judge<'_>, case: &Case) {
    let person = &case.person;
    if let (Some(age), Some(weight)) = (person.age, person.weight)
        && age >= 18.0
        && weight < 30.0
    {
        let hint = "weight is in kg";
        judge.warning(
            "implausible",
            path!["person", "weight"],
            format!("{weight} kg is very light for an adult"),
            hint,
        );
    }
    if person.pregnant == Some(true) && person.age.is_some_and(|age| !(10.0..=60.0).contains(&age))
    {
        let hint = "check age and pregnancy";
        judge.warning(
            "implausible",
            path!["person", "pregnant"],
            "pregnant at this age is implausible".to_owned(),
            hint,
        );
    }
}

fn product(judge: &mut Judge<'_>, case: &Case, catalogue: &Catalogue) {
    let product = &case.product;
    let contents = [
        Dimension::MassFraction,
        Dimension::Concentration,
        Dimension::Mass,
        Dimension::MassPerUse,
    ];
    for (name, content) in &product.content {
        let here = path!["product", "content", name.as_str()];
        if resolve_analyte(catalogue, name).is_none() {
            let known = catalogue
                .analytes
                .keys()
                .map(ketum_core::id::AnalyteId::as_str);
            let hint = nearest(name, known).map_or_else(
                || "use an id of data/analytes/".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let shown: String = name.chars().take(60).collect();
            judge.error(
                "unknown-analyte",
                here.clone(),
                format!("unknown analyte `{shown}`"),
                &hint,
            );
        }
        self::content(judge, &here, content, &contents);
    }
    if let Some(total) = &product.total_alkaloids {
        content(
            judge,
            &path!["product", "total_alkaloids"],
            total,
            &contents,
        );
    }
    for (name, contaminant) in &product.contaminants {
        let here = path!["product", "contaminants", name.as_str()];
        let wanted = [
            Dimension::MassFraction,
            Dimension::CountPerMass,
            Dimension::Concentration,
        ];
        content(judge, &here, contaminant, &wanted);
    }
    let amounts = [
        ("serving", &product.serving),
        ("container", &product.container),
        ("unit_mass", &product.unit_mass),
    ];
    for (key, amount) in amounts {
        if let Some(amount) = amount {
            let wanted = [Dimension::Mass, Dimension::Volume];
            judge.unit(path!["product", key, "unit"], &amount.unit, &wanted);
        }
    }
}

fn content(judge: &mut Judge<'_>, here: &Path, content: &Content, wanted: &[Dimension]) {
    let needs_value = matches!(
        content.op,
        ContentOp::Eq | ContentOp::Lt | ContentOp::Le | ContentOp::Gt | ContentOp::Ge
    );
    if needs_value && content.value.is_none() {
        let hint = "give value, or op = \"nd\", \"not_tested\", ...";
        judge.error(
            "no-value",
            here.clone(),
            "a result without a number".to_owned(),
            hint,
        );
    }
    let has_number = content.value.is_some() || content.lod.is_some() || content.loq.is_some();
    match &content.unit {
        Some(unit) => judge.unit(here.then("unit"), unit, wanted),
        None if has_number => {
            let hint = "for example unit = \"mg/g\"";
            judge.error(
                "no-unit",
                here.clone(),
                "a number without a unit".to_owned(),
                hint,
            );
        }
        None => {}
    }
    if let (Some(value), Some(unit)) =
        (content.value, content.unit.as_deref().and_then(Unit::parse))
        && unit.dimension == Dimension::MassFraction
        && unit.to_canonical(value) > 1000.0
    {
        let hint = "1000 mg/g is the whole";
        judge.error(
            "part-over-whole",
            here.then("value"),
            format!("{value} {} is more than all of it", unit.symbol),
            hint,
        );
    }
    if let (Some(lod), Some(loq)) = (content.lod, content.loq)
        && lod > loq
    {
        let hint = "the limit of detection lies below the limit of quantification";
        judge.error(
            "lod-loq",
            here.then("lod"),
            "lod is larger than loq".to_owned(),
            hint,
        );
    }
    if content.k.is_some() && content.uncertainty.is_none() {
        let hint = "k belongs to an uncertainty";
        judge.warning(
            "k-alone",
            here.then("k"),
            "a coverage factor without an uncertainty".to_owned(),
            hint,
        );
    }
}

fn regimen(judge: &mut Judge<'_>, case: &Case, catalogue: &Catalogue) {
    let regimen = &case.regimen;
    let here = |key: &str| path!["regimen", key];
    if let (Some(low), Some(high)) = (regimen.amount_low, regimen.amount_high)
        && low > high
    {
        judge.error(
            "interval-order",
            here("amount_low"),
            "amount_low is larger than amount_high".to_owned(),
            "low <= amount <= high",
        );
    }
    if let Some(amount) = regimen.amount {
        if regimen.amount_low.is_some_and(|low| low > amount)
            || regimen.amount_high.is_some_and(|high| high < amount)
        {
            judge.error(
                "interval-order",
                here("amount"),
                "the amount lies outside its own bounds".to_owned(),
                "low <= amount <= high",
            );
        }
        if regimen.unit.is_none() {
            judge.error(
                "no-unit",
                here("amount"),
                "an amount without a unit".to_owned(),
                "for example unit = \"g\"",
            );
        }
        let (impossible, implausible, what) = match regimen.unit {
            Some(DoseUnit::Gram) => (IMPOSSIBLE_DOSE_G, IMPLAUSIBLE_DOSE_G, "g of product"),
            Some(DoseUnit::Ounce) => (
                IMPOSSIBLE_DOSE_G / 28.35,
                IMPLAUSIBLE_DOSE_G / 28.35,
                "oz of product",
            ),
            Some(DoseUnit::Milligram) => (
                IMPOSSIBLE_DOSE_MG,
                IMPLAUSIBLE_DOSE_MG,
                "mg of one alkaloid",
            ),
            Some(DoseUnit::Capsule | DoseUnit::Tablet) => (150.0, 30.0, "pieces"),
            Some(DoseUnit::LevelTeaspoon | DoseUnit::HeapedTeaspoon) => (40.0, 8.0, "teaspoons"),
            Some(DoseUnit::LevelTablespoon) => (14.0, 3.0, "tablespoons"),
            Some(DoseUnit::Millilitre) => (5_000.0, 1_000.0, "mL"),
            Some(DoseUnit::FluidOunce) => (170.0, 34.0, "fl oz"),
            Some(DoseUnit::Bottle | DoseUnit::Glass | DoseUnit::Serving) => (50.0, 8.0, "of them"),
            Some(DoseUnit::Leaf) => (1_000.0, 200.0, "leaves"),
            None => (f64::INFINITY, f64::INFINITY, ""),
        };
        if amount > impossible {
            let message = format!("{amount} {what} at one time is impossible");
            judge.error(
                "impossible-dose",
                here("amount"),
                message,
                "check the number and its unit",
            );
        } else if amount > implausible {
            let message =
                format!("{amount} {what} at one time is more than nearly everyone reports");
            judge.warning(
                "implausible",
                here("amount"),
                message,
                "check the number and its unit",
            );
        }
    }
    if let Some(analyte) = &regimen.analyte
        && resolve_analyte(catalogue, analyte).is_none()
    {
        let known = catalogue
            .analytes
            .keys()
            .map(ketum_core::id::AnalyteId::as_str);
        let hint = nearest(analyte, known).map_or_else(
            || "use an id of data/analytes/".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        judge.error(
            "unknown-analyte",
            here("analyte"),
            "unknown analyte".to_owned(),
            &hint,
        );
    }
    let ways = [
        !regimen.times.is_empty(),
        regimen.every_h.is_some(),
        regimen.doses_per_day.is_some(),
    ];
    if ways.iter().filter(|given| **given).count() > 1 {
        let hint = "give one of times, every_h and doses_per_day";
        judge.error(
            "two-schedules",
            path!["regimen"],
            "the times of the doses are said twice".to_owned(),
            hint,
        );
    }
    let mut times = regimen.times.clone();
    times.sort_unstable();
    if times.windows(2).any(|pair| pair[0] == pair[1]) {
        judge.error(
            "same-time",
            here("times"),
            "the same time stands twice".to_owned(),
            "merge the doses",
        );
    }
}

fn measured(judge: &mut Judge<'_>, case: &Case, catalogue: &Catalogue, today: Option<Date>) {
    let day = case.date.max(today);
    let future = |judge: &mut Judge<'_>, path: Path, date: Option<Date>, what: &str| {
        if let (Some(date), Some(day)) = (date, day)
            && date > day
        {
            judge.error(
                "future",
                path,
                format!("{what} of {date} lies in the future"),
                "check the date",
            );
        }
    };
    for (index, lab) in case.labs.iter().enumerate() {
        future(
            judge,
            path!["labs", index, "date"],
            lab.date,
            "a laboratory value",
        );
        if let (Some(low), Some(high)) = (lab.lower_limit, lab.upper_limit)
            && low > high
        {
            judge.error(
                "interval-order",
                path!["labs", index, "lower_limit"],
                "the reference range is out of order".to_owned(),
                "lower <= upper",
            );
        }
        if Unit::parse(&lab.unit).is_none() {
            judge.unit(path!["labs", index, "unit"], &lab.unit, &[]);
        }
    }
    for (index, measurement) in case.measurements.iter().enumerate() {
        future(
            judge,
            path!["measurements", index, "date"],
            measurement.date,
            "a measurement",
        );
        possible(judge, index, measurement);
    }
    for (index, level) in case.levels.iter().enumerate() {
        future(judge, path!["levels", index, "date"], level.date, "a level");
        let wanted = [Dimension::Concentration, Dimension::MolarConcentration];
        judge.unit(path!["levels", index, "unit"], &level.unit, &wanted);
        if resolve_analyte(catalogue, &level.analyte).is_none() {
            judge.error(
                "unknown-analyte",
                path!["levels", index, "analyte"],
                "unknown analyte".to_owned(),
                "use an id of data/analytes/",
            );
        }
    }
    let history = &case.person.use_history;
    future(
        judge,
        path!["person", "use_history", "first_use"],
        history.first_use,
        "a first use",
    );
    future(
        judge,
        path!["person", "use_history", "last_use"],
        history.last_use,
        "a last use",
    );
    if let (Some(first), Some(last)) = (history.first_use, history.last_use)
        && first > last
    {
        judge.error(
            "date-order",
            path!["person", "use_history", "first_use"],
            "the first use lies after the last".to_owned(),
            "check both dates",
        );
    }
}

/// What no living person's heart or vessels show.
fn possible(judge: &mut Judge<'_>, index: usize, one: &Measurement) {
    let (range, what) = match one.measure {
        Measure::Qt | Measure::Qtcf => (200.0..=800.0, "a QT of 200 to 800 ms"),
        Measure::Rr => (300.0..=2000.0, "an RR interval of 300 to 2000 ms"),
        Measure::Systolic => (40.0..=320.0, "a systolic pressure of 40 to 320 mmHg"),
        Measure::Diastolic => (20.0..=220.0, "a diastolic pressure of 20 to 220 mmHg"),
        Measure::HeartRate => (20.0..=300.0, "20 to 300 beats a minute"),
    };
    let values = [("value", Some(one.value)), ("baseline", one.baseline)];
    for (key, value) in values {
        if let Some(value) = value.filter(|value| !range.contains(value)) {
            judge.error(
                "range",
                path!["measurements", index, key],
                format!("{value} is not {what}"),
                "check the number and its unit",
            );
        }
    }
}
