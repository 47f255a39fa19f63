//! QT over dates: correction by four formulas, class by sex, change from before and between dates.

use ketum_core::date::Date;
use ketum_core::finding::{Action, Direction, Harm};
use serde_json::json;

use super::{Maker, Said, method, number};
use crate::case::{Case, Measure, Measurement, Sex};
use crate::clinic::{Output, Scalar, rounded};

const MS_PER_MIN: f64 = 60_000.0;

pub(super) fn judge(maker: &mut Maker<'_, '_>, case: &Case) {
    let sex = case.person.sex.map(|sex| match sex {
        Sex::Female => "F",
        Sex::Male => "M",
    });
    let mut course: Vec<(Option<Date>, f64)> = Vec::new();
    for (index, one) in case.measurements.iter().enumerate() {
        let read = match one.measure {
            Measure::Qt => corrected(maker, case, index, one, sex),
            Measure::Qtcf => given(maker, index, one, sex),
            _ => None,
        };
        if let Some(qtcf) = read {
            course.push((one.date, qtcf));
        }
    }
    change(maker, &course);
}

/// The rate of the same day: heart rate, or the interval between beats.
fn rate(
    case: &Case,
    date: Option<Date>,
    value: impl Fn(&Measurement) -> Option<f64>,
) -> Option<f64> {
    case.measurements
        .iter()
        .filter(|one| one.date == date)
        .find_map(|one| match one.measure {
            Measure::HeartRate => value(one),
            Measure::Rr => value(one).map(|rr| MS_PER_MIN / rr),
            _ => None,
        })
}

fn corrected(
    maker: &mut Maker<'_, '_>,
    case: &Case,
    index: usize,
    one: &Measurement,
    sex: Option<&str>,
) -> Option<f64> {
    let Some(hr) = rate(case, one.date, |one| Some(one.value)) else {
        maker.lacks(format!(
            "measurements[{index}]: QT without heart rate or RR of the same day is not corrected"
        ));
        return None;
    };
    let mut inputs = json!({ "hr_bpm": hr, "qt_ms": one.value });
    if let Some(sex) = sex {
        inputs["sex"] = json!(sex);
    } else {
        maker.lacks("person.sex: the limits of QTc differ by sex, so no class is given");
    }
    match (one.baseline, rate(case, one.date, |one| one.baseline)) {
        (Some(qt), Some(hr)) => {
            inputs["baseline_qtc_ms"] =
                json!(crate::clinic::heart::qtc::correct(hr, qt).fridericia);
        }
        (Some(_), None) => maker.lacks(format!(
            "measurements: the heart rate that belongs to the earlier QT of measurements[{index}].baseline"
        )),
        (None, _) => {}
    }
    let output = maker.run("qtc", &inputs)?;
    let formula = |key: &str| number(&output, key).map_or_else(String::new, |ms| rounded(ms, 0));
    let statement = format!(
        "QT of {} ms at {} beats a minute{} gives QTc of {} ms by Fridericia, {} by Bazett, {} by Framingham and {} by Hodges.",
        rounded(one.value, 0),
        rounded(hr, 0),
        when(one),
        formula("qtc_fridericia_ms"),
        formula("qtc_bazett_ms"),
        formula("qtc_framingham_ms"),
        formula("qtc_hodges_ms"),
    );
    let used = vec![format!("QT{}", when(one)), "heart rate or RR".to_owned()];
    said(
        maker,
        &format!("course-qtc-{index}"),
        statement,
        &output,
        used,
        sex.is_some(),
    );
    number(&output, "qtc_fridericia_ms")
}

fn given(
    maker: &mut Maker<'_, '_>,
    index: usize,
    one: &Measurement,
    sex: Option<&str>,
) -> Option<f64> {
    let Some(sex) = sex else {
        maker.lacks("person.sex: the limits of QTc differ by sex, so no class is given");
        return Some(one.value);
    };
    let mut inputs = json!({ "sex": sex, "qtc_ms": one.value });
    if let Some(baseline) = one.baseline {
        inputs["baseline_qtc_ms"] = json!(baseline);
    }
    let output = maker.run("qtc_class", &inputs)?;
    let statement = format!("QTcF of {} ms{}.", rounded(one.value, 0), when(one));
    let used = vec![format!("QTcF{}", when(one)), "person.sex".to_owned()];
    said(
        maker,
        &format!("course-qtc-{index}"),
        statement,
        &output,
        used,
        true,
    );
    Some(one.value)
}

fn said(
    maker: &mut Maker<'_, '_>,
    id: &str,
    mut statement: String,
    output: &Output,
    used: Vec<String>,
    classed: bool,
) {
    let class = output.category.as_deref().unwrap_or_default();
    let jump = output.value("change") == Some(&Scalar::Text("large".to_owned()));
    if classed && !class.is_empty() {
        statement.push_str(&format!(
            " By the limits of 2009 that is {}.",
            class.replace('_', " ")
        ));
    } else {
        statement.push_str(" Without the person's sex it is not put against a limit.");
    }
    if let Some(change) = number(output, "change_ms") {
        let signed = if change < 0.0 { "" } else { "+" };
        statement.push_str(&format!(
            " Change from before: {signed}{} ms.",
            rounded(change, 0)
        ));
    }
    let (harm, action) = match class {
        "high_risk" => (Harm::LifeThreatening, Action::ClinicianFirst),
        _ if jump => (Harm::LifeThreatening, Action::ClinicianFirst),
        "prolonged" => (Harm::Serious, Action::ClinicianFirst),
        "short" => (Harm::Unknown, Action::Watch),
        _ => (Harm::None, Action::Inform),
    };
    let urgent = action == Action::ClinicianFirst;
    maker.say(Said {
        id,
        topic: "heart",
        harm,
        action,
        direction: Direction::None,
        statement,
        do_next: urgent.then_some(
            "A clinician the same day, with potassium, magnesium and all medicines looked at; fainting or palpitations: an ambulance. Do not stop a prescribed medicine on your own.",
        ),
        would_change: "A second ECG, QRS, rhythm, potassium and magnesium.",
        size: number(output, "qtc_ms").map(|ms| (ms, "ms")),
        used,
        missing: output.inputs_missing.clone(),
        method: method(output),
        domain: output.domain.clone(),
        claims: &[
            "laboratory-qtc-limits",
            "laboratory-qtc-formulas",
            "heart-borderline-qtc",
        ],
    });
}

/// The change between the first and the newest dated value.
fn change(maker: &mut Maker<'_, '_>, course: &[(Option<Date>, f64)]) {
    let mut dated: Vec<(Date, f64)> = course
        .iter()
        .filter_map(|(date, qtcf)| Some(((*date)?, *qtcf)))
        .collect();
    dated.sort_by_key(|(date, _)| *date);
    let (Some((from, before)), Some((to, now))) = (dated.first(), dated.last()) else {
        return;
    };
    if from == to {
        return;
    }
    let delta = now - before;
    let large = maker
        .catalogue
        .clinic
        .get("qtc")
        .and_then(|facts| facts.cutoff("change_large_ms"))
        .is_some_and(|limit| delta > limit);
    maker.say(Said {
        id: "course-qtc-change",
        topic: "heart",
        harm: if large {
            Harm::LifeThreatening
        } else {
            Harm::Unknown
        },
        action: if large {
            Action::ClinicianFirst
        } else {
            Action::Inform
        },
        direction: if delta > 0.0 {
            Direction::Raises
        } else {
            Direction::Lowers
        },
        statement: format!(
            "QTcF went from {} ms on {from} to {} ms on {to}, a change of {} ms.",
            rounded(*before, 0),
            rounded(*now, 0),
            rounded(delta, 0)
        ),
        do_next: None,
        would_change: "An ECG at the same hours after a dose.",
        size: Some((delta, "ms")),
        used: vec![format!("QTcF of {from}"), format!("QTcF of {to}")],
        missing: Vec::new(),
        method: "difference of QTcF between dates".to_owned(),
        domain: "One person; QTc varies by tens of ms within a day.".to_owned(),
        claims: &["laboratory-qtc-limits"],
    });
}

fn when(one: &Measurement) -> String {
    let hours = one
        .hours_after_dose
        .map_or_else(String::new, |hours| format!(", {hours} h after a dose"));
    format!("{}{hours}", super::on(one.date))
}
