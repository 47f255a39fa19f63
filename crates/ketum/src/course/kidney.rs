//! Creatinine over dates: filtration of an adult, and the KDIGO stage of an acute injury by change.

use std::collections::BTreeMap;

use ketum_core::date::Date;
use ketum_core::finding::{Action, Direction, Harm};
use serde_json::json;

use super::reading::{Sample, Test, known};
use super::{Maker, Said, method, number, short};
use crate::case::{Case, Sex};
use crate::clinic::plain_number;

/// Days within which a rise over a baseline counts as acute.
const ACUTE_DAYS: i32 = 7;
/// Days within which a rise of the fixed size counts: 48 hours.
const RISE_DAYS: i32 = 2;

pub(super) fn judge(maker: &mut Maker<'_, '_>, case: &Case, samples: &BTreeMap<Date, Sample>) {
    let dated: Vec<(Date, f64)> = samples
        .iter()
        .filter_map(|(date, sample)| Some((*date, sample.get(&Test::Creatinine)?.value)))
        .collect();
    let undated = case
        .labs
        .iter()
        .filter(|lab| lab.date.is_none())
        .filter_map(known)
        .find(|(test, _)| *test == Test::Creatinine)
        .map(|(_, value)| value.value);
    let acute = injury(maker, &dated, undated.is_some());
    let newest = dated
        .last()
        .map(|(date, value)| (Some(*date), *value))
        .or(undated.map(|value| (None, value)));
    if let Some((date, creatinine)) = newest {
        filtration(maker, case, date, creatinine, acute);
    }
}

fn filtration(
    maker: &mut Maker<'_, '_>,
    case: &Case,
    date: Option<Date>,
    creatinine: f64,
    acute: bool,
) {
    let (Some(age), Some(sex)) = (case.person.age, case.person.sex) else {
        maker.lacks("person.age and person.sex: the filtration of the kidneys (eGFR) is not worked out without them");
        return;
    };
    let sex = match sex {
        Sex::Female => "F",
        Sex::Male => "M",
    };
    let inputs = json!({ "sex": sex, "age_y": age, "cr_mg_dL": creatinine });
    let Some(output) = maker.run("ckd_epi_2021_cr", &inputs) else {
        return;
    };
    let Some(egfr) = number(&output, "egfr") else {
        return;
    };
    let category = output.category.clone().unwrap_or_default();
    let low = !["G1", "G2"].contains(&category.as_str());
    let mut statement = format!(
        "Creatinine of {} mg/dL{} gives an estimated filtration (eGFR) of {} mL/min per 1.73 m2: category {category}.",
        plain_number(creatinine),
        super::on(date),
        crate::clinic::rounded(egfr, 0)
    );
    statement.push_str(if acute {
        " Creatinine is changing fast, so the estimate misleads."
    } else {
        " One value; a disease is chronic from three months on."
    });
    maker.say(Said {
        id: "course-egfr",
        topic: "kidney",
        harm: if low { Harm::Serious } else { Harm::None },
        action: if low {
            Action::ClinicianFirst
        } else {
            Action::Inform
        },
        direction: Direction::None,
        statement,
        do_next: low.then_some(
            "Show it to the clinician who looks after the kidneys, with the list of medicines.",
        ),
        would_change: "A second value after weeks, and protein in the urine.",
        size: Some((egfr, "mL/min/{1.73_m2}")),
        used: vec![
            "person.age".to_owned(),
            "person.sex".to_owned(),
            format!("creatinine{}", super::on(date)),
        ],
        missing: output.inputs_missing.clone(),
        method: method(&output),
        domain: output.domain.clone(),
        claims: &[
            "laboratory-ckd-epi",
            "laboratory-gfr-categories",
            "kidney-disease-gap",
        ],
    });
}

/// Stages the newest change that can be staged; whether it is acute.
fn injury(maker: &mut Maker<'_, '_>, dated: &[(Date, f64)], undated: bool) -> bool {
    let Some(((day, now), earlier)) = dated.split_last() else {
        if undated {
            maker.lacks("labs: the day of creatinine and an earlier value, for a change (acute kidney injury)");
        }
        return false;
    };
    let lowest = |days: i32| {
        earlier
            .iter()
            .filter(|(date, _)| date.days_until(*day) <= days)
            .copied()
            .min_by(|a, b| a.1.total_cmp(&b.1))
    };
    let Some((base_day, baseline)) = lowest(ACUTE_DAYS) else {
        match earlier.last() {
            None => maker.lacks("labs: an earlier creatinine, for a change (acute kidney injury)"),
            Some((date, value)) => maker.lacks(format!(
                "labs: a creatinine from the {ACUTE_DAYS} days before {day}; the one of {date} ({} mg/dL) is older, so the change is not staged",
                plain_number(*value)
            )),
        }
        return false;
    };
    let mut inputs = json!({ "cr": now, "baseline": baseline });
    if let Some((_, value)) = lowest(RISE_DAYS) {
        inputs["rise_48h"] = json!(now - value);
    }
    let Some(output) = maker.run("kdigo_aki", &inputs) else {
        return false;
    };
    let stage = number(&output, "stage").unwrap_or_default();
    let acute = stage >= 1.0;
    let statement = format!(
        "Creatinine went from {} to {} mg/dL between {base_day} and {day}, {} times: {}",
        plain_number(baseline),
        plain_number(*now),
        short(now / baseline),
        if acute {
            format!(
                "KDIGO stage {} of acute kidney injury by creatinine.",
                plain_number(stage)
            )
        } else {
            "no KDIGO stage of acute kidney injury by creatinine.".to_owned()
        }
    );
    maker.say(Said {
        id: "course-kidney-injury",
        topic: "kidney",
        harm: if acute { Harm::Serious } else { Harm::None },
        action: match stage {
            stage if stage >= 3.0 => Action::Emergency,
            stage if stage >= 1.0 => Action::ClinicianFirst,
            _ => Action::Inform,
        },
        direction: if acute { Direction::Raises } else { Direction::None },
        statement,
        do_next: acute.then_some("Medical assessment the same day, with all medicines named; hardly any urine is an emergency."),
        would_change: "Urine output, CK, a further creatinine.",
        size: Some((now / baseline, "1")),
        used: vec![format!("creatinine of {base_day}"), format!("creatinine of {day}")],
        missing: output.inputs_missing.clone(),
        method: method(&output),
        domain: output.domain.clone(),
        claims: &["laboratory-kdigo-aki", "kidney-aki-with-liver", "kidney-rhabdo"],
    });
    acute
}
