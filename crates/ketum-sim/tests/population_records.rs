//! A population gives everybody what the same records give one subject, whatever the records: the layout of
//! common doses and the timeline of one subject are two pieces of code and must say the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::reference;
use ketum_core::event::{Event, EventKind, Input, SteadyState, Subject};
use ketum_sim::population::{RunOptions, columns, solve_profiles};
use ketum_sim::solve::{Method, Options, Tolerance, simulate_parameters};
use ketum_sim::{Model, SimError, SolveFault};
use proptest::prelude::*;

const TIGHT: Tolerance = Tolerance {
    relative: 1e-9,
    absolute: 1e-12,
    max_steps: 100_000,
};

/// The model of the dosing scenarios: lag, F and duration of the body's doses are parameters. It may make
/// something itself, or start with something.
fn model(produces: bool, starts: bool) -> Model {
    let mut text = reference("nonmem/model.toml");
    if produces {
        let flows = "flow = [{ to = \"central\", rate = { zero_order = { times = [\"r2\"] } } },";
        text = text.replace("flow = [", flows);
    }
    if starts {
        let depot = "name = \"depot\", unit = \"mg\"";
        text = text.replace(depot, &format!("{depot}, initial = {{ factor = 7 }}"));
    }
    Model::compile(&toml::from_str(&text).unwrap()).unwrap()
}

/// What one subject has at the times, or that something refuses.
fn alone(
    model: &Model,
    records: &[Event],
    times: &[f64],
    own: &[f64],
    method: Method,
) -> Option<Vec<f64>> {
    let mut events = records.to_vec();
    events.extend(times.iter().map(|&time| Event::observation(time)));
    events.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
    let subject = Subject {
        id: "1".into(),
        events: events.clone(),
        covariates: Vec::new(),
    };
    let options = Options {
        method,
        tolerance: TIGHT,
    };
    let prediction = simulate_parameters(model, &subject, own, &options).ok()?;
    let rows = prediction.rows.iter().zip(&events);
    let seen = rows.filter(|(_, event)| event.kind == EventKind::Observation);
    Some(seen.map(|(row, _)| row[0]).collect())
}

/// The same in a population of one.
fn in_a_population(
    model: &Model,
    records: &[Event],
    times: &[f64],
    own: &[f64],
    method: Method,
) -> Option<Vec<f64>> {
    let options = RunOptions {
        method,
        tolerance: TIGHT,
        ..RunOptions::default()
    };
    let own = columns(model, &[own.to_vec()]);
    let profiles = solve_profiles(model, records, times, &own, 1, 1, &options).ok()?;
    Some(
        (0..times.len())
            .map(|time| profiles.value(0, time, 0))
            .collect(),
    )
}

fn record() -> impl Strategy<Value = Event> {
    let input = prop_oneof![
        3 => Just(Input::Bolus),
        1 => (0.5..20.0).prop_map(Input::Rate),
        1 => (0.0..9.0).prop_map(Input::Duration),
        1 => Just(Input::ModelledRate),
        1 => Just(Input::ModelledDuration),
    ];
    let steady = prop_oneof![
        3 => Just(SteadyState::Off),
        1 => Just(SteadyState::Replace),
        1 => Just(SteadyState::Add),
    ];
    let kind = prop_oneof![
        8 => Just(EventKind::Dose),
        1 => Just(EventKind::Reset),
        1 => Just(EventKind::ResetAndDose),
        1 => Just(EventKind::Other),
    ];
    let place = prop_oneof![Just(None), Just(Some("central".to_owned()))];
    let numbers = (0_u8..30, 1_u8..12, 0_u32..4, 0_u8..5);
    (kind, place, input, steady, numbers).prop_map(|(kind, compartment, input, steady_state, n)| {
        let (time, interval, additional, amount) = n;
        Event {
            kind,
            compartment,
            input,
            steady_state,
            additional,
            // Nothing at a constant rate is a steady infusion.
            amount: f64::from(amount) * 5.0,
            interval_h: if amount == 0 {
                0.0
            } else {
                f64::from(interval)
            },
            ..Event::bolus(f64::from(time), "depot", 0.0)
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_population_and_one_subject_say_the_same(
        mut records in proptest::collection::vec(record(), 1..4),
        lag in prop_oneof![Just(0.0), Just(0.75), Just(13.5), Just(-0.5)],
        f in prop_oneof![Just(1.0), Just(0.6), Just(-0.1)],
        (produces, starts) in (any::<bool>(), any::<bool>()),
        first in 0_u8..20,
    ) {
        records.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
        let model = model(produces, starts);
        let times: Vec<f64> = (0..12).map(|i| f64::from(first) + 3.1 * f64::from(i)).collect();
        let own = [1.1, 20.0, 1.5, lag, f, 2.5, 3.0];
        for method in [Method::ClosedForm, Method::Explicit] {
            let one = alone(&model, &records, &times, &own, method);
            let many = in_a_population(&model, &records, &times, &own, method);
            let (Some(one), Some(many)) = (&one, &many) else {
                prop_assert_eq!(one, many);
                continue;
            };
            let largest = one.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
            for (one, many) in one.iter().zip(many) {
                prop_assert!((one - many).abs() <= 1e-6 * largest, "{:?}: {} alone, {} in a population", method, one, many);
            }
        }
    }
}

/// A lag below zero means nothing, and a dose does not arrive before it is given.
#[test]
fn a_lag_below_zero_is_a_failing_subject() {
    let model = model(false, false);
    let dose = [Event::bolus(4.0, "central", 10.0)];
    let own = columns(&model, &[[1.1, 20.0, 1.5, -2.0, 1.0, 1.0, 1.0].to_vec()]);
    let failed = solve_profiles(&model, &dose, &[3.0], &own, 1, 1, &RunOptions::default());
    let Err(SimError::Population { first, .. }) = failed else {
        panic!("{failed:?}");
    };
    let cause = first.cause.to_string();
    assert!(
        cause.contains("lag) is -2, must be not negative"),
        "{cause}"
    );
}

/// Too few parameters are told, not read past their end.
#[test]
fn too_few_parameters_are_an_error() {
    let model = model(false, false);
    let dose = [Event::bolus(0.0, "depot", 10.0)];
    let options = RunOptions::default();
    let failed = solve_profiles(&model, &dose, &[3.0], &[], 1, 1, &options);
    assert!(matches!(failed, Err(SimError::Lengths { .. })));
    let own = columns(&model, &[vec![1.1]]);
    let failed = solve_profiles(&model, &dose, &[3.0], &own, 1, 1, &options);
    let Err(SimError::Population { first, .. }) = failed else {
        panic!("{failed:?}");
    };
    assert_eq!(first.cause, SolveFault::NotFinite("v".to_owned()));
}
