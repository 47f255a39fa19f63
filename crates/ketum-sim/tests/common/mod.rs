//! Reads reference cases for the tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking
#![allow(dead_code)]

use ketum_core::event::{Carry, CovariateSeries, Event, EventKind, Input, SteadyState, Subject};
use ketum_core::model::ModelDescription;
use ketum_sim::Model;

/// The text of a file below `validation/reference`.
pub fn reference(name: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../validation/reference/");
    std::fs::read_to_string(format!("{root}{name}")).unwrap()
}

/// A compiled model file.
pub fn model(name: &str) -> Model {
    let description: ModelDescription = toml::from_str(&reference(name)).unwrap();
    Model::compile(&description).unwrap()
}

/// The numbers of a file with a header.
pub fn table(name: &str) -> Vec<Vec<f64>> {
    reference(name)
        .lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .map(|field| field.parse().unwrap())
                .collect()
        })
        .collect()
}

/// A subject from numbers in NONMEM's columns; the rest of the columns are covariates.
pub fn subject_of(text: &str, compartments: &[&str]) -> Subject {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<f64>> = lines
        .map(|line| {
            line.split(',')
                .map(|field| field.parse().unwrap())
                .collect()
        })
        .collect();
    let at = |name: &str| header.iter().position(|column| *column == name);
    let events: Vec<Event> = rows
        .iter()
        .map(|row| {
            let get = |name: &str| at(name).map_or(0.0, |column| row[column]);
            let input = match get("RATE") {
                0.0 => Input::Bolus,
                -1.0 => Input::ModelledRate,
                -2.0 => Input::ModelledDuration,
                rate => Input::Rate(rate),
            };
            Event {
                kind: match get("EVID") as u32 {
                    0 => EventKind::Observation,
                    1 => EventKind::Dose,
                    2 => EventKind::Other,
                    3 => EventKind::Reset,
                    _ => EventKind::ResetAndDose,
                },
                compartment: Some(compartments[get("CMT") as usize - 1].to_owned()),
                amount: get("AMT"),
                input,
                additional: get("ADDL") as u32,
                interval_h: get("II"),
                steady_state: match get("SS") as u32 {
                    0 => SteadyState::Off,
                    1 => SteadyState::Replace,
                    _ => SteadyState::Add,
                },
                ..Event::observation(get("TIME"))
            }
        })
        .collect();
    let known = [
        "ID", "TIME", "EVID", "AMT", "CMT", "RATE", "II", "ADDL", "SS",
    ];
    let covariates = (0..header.len())
        .filter(|&column| !known.contains(&header[column]))
        .map(|column| CovariateSeries {
            name: header[column].to_owned(),
            carry: Carry::Backward,
            times_h: events.iter().map(|event| event.time_h).collect(),
            values: rows.iter().map(|row| row[column]).collect(),
        })
        .collect();
    Subject {
        id: "1".to_owned(),
        events,
        covariates,
    }
}
