//! A data set simulated as a whole: rows in order, occasions, replicates, failures with names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::{model, reference, subject_of};
use ketum_core::event::{Carry, CovariateSeries, Event, Subject};
use ketum_core::model::{ModelDescription, Source, Spread, SpreadSize};
use ketum_sim::dataset::{DataOptions, run};
use ketum_sim::{Model, SimError, Sources};

fn scenario(name: &str) -> Subject {
    subject_of(
        &reference(&format!("nonmem/{name}.csv")),
        &["depot", "central"],
    )
}

#[test]
fn rows_come_in_the_order_of_the_data_for_any_threads() {
    let model = model("nonmem/model.toml");
    let subjects = [
        scenario("01_bolus_additional"),
        scenario("12_infusion_steady_longer_than_interval"),
    ];
    let one = run(&model, &subjects, &DataOptions::default()).unwrap();
    let seven = run(
        &model,
        &subjects,
        &DataOptions {
            threads: 7,
            ..DataOptions::default()
        },
    )
    .unwrap();
    assert_eq!(one, seven);
    assert_eq!(
        one.rows.len(),
        subjects[0].events.len() + subjects[1].events.len()
    );
    let row = &one.rows[3];
    assert_eq!((row.subject, row.record, row.time_h), (0, 3, 5.0));
    assert_eq!(row.dose, Some((1, 5.0)));
    // LAGT, BIOAV, DUR2, RAT2 as used.
    assert_eq!(row.covariates, [0.0, 1.0, 2.0, 10.0]);
}

fn with_occasions() -> (Model, Subject) {
    let text = reference("workload-a/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    description.spread = vec![Spread {
        source: Source::BetweenOccasion,
        parameters: vec!["cl".into()],
        size: SpreadSize::Sd(vec![0.5]),
    }];
    let times = [1.0, 2.0, 3.0, 4.0];
    let subject = Subject {
        id: "7".into(),
        events: [Event::bolus(0.0, "central", 10.0)]
            .into_iter()
            .chain(times.map(Event::observation))
            .collect(),
        covariates: vec![CovariateSeries {
            name: "OCC".into(),
            carry: Carry::Forward,
            times_h: vec![0.0, 1.0, 2.0, 3.0, 4.0],
            values: vec![1.0, 1.0, 2.0, 2.0, 1.0],
        }],
    };
    (Model::compile(&description).unwrap(), subject)
}

/// Clearance differs between occasions: the rate of decline changes when the occasion does.
#[test]
fn occasions_change_parameters_at_their_records() {
    let (model, subject) = with_occasions();
    let sources = Sources {
        between_occasion: true,
        ..Sources::NONE
    };
    let options = DataOptions {
        sources,
        replicates: 2,
        ..DataOptions::default()
    };
    let result = run(&model, &[subject], &options).unwrap();
    assert_eq!(result.rows.len(), 10);
    let typical = run(&model, &[with_occasions().1], &DataOptions::default()).unwrap();
    let decline =
        |rows: &[ketum_sim::dataset::DataRow], i: usize| rows[i].values[0] / rows[i + 1].values[0];
    let shift = |i| decline(&result.rows[..5], i) / decline(&typical.rows, i);
    // First hour after 0 and after 1 are the first occasion, 2 to 3 and 3 to 4 the second.
    assert!(
        (shift(0) - shift(1)).abs() < 0.02,
        "{} {}",
        shift(0),
        shift(1)
    );
    assert!(
        (shift(2) - shift(1)).abs() > 0.005,
        "{} {}",
        shift(1),
        shift(2)
    );
    assert_ne!(result.rows[1].values, result.rows[6].values);
}

#[test]
fn a_subject_that_fails_is_named() {
    let model = model("nonmem/model.toml");
    let mut bad = scenario("01_bolus_additional");
    // The dose lasts for ever: the modelled rate is not a number.
    for series in &mut bad.covariates {
        if series.name == "BIOAV" {
            series.values.fill(f64::MAX);
        }
    }
    bad.events[0].compartment = Some("central".into());
    bad.events[0].amount = 1e300;
    let subjects = [scenario("03_infusion_additional"), bad];
    let error = run(&model, &subjects, &DataOptions::default()).unwrap_err();
    let SimError::Population {
        failed: 1,
        subjects: 2,
        first,
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(first.subject, 1);
    assert!(error.to_string().contains("ka=1.5"), "{error}");
    let allowed = DataOptions {
        failures_allowed: 1,
        ..DataOptions::default()
    };
    let result = run(&model, &subjects, &allowed).unwrap();
    assert_eq!(result.rows.len(), subjects[0].events.len());
    assert_eq!(result.failures.len(), 1);
}
