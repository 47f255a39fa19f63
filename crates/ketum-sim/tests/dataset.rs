//! A data set simulated as a whole: rows in order, occasions, replicates, failures with names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::{model, reference, subject_of};
use ketum_core::event::{Carry, CovariateSeries, Event, Subject};
use ketum_core::model::{ModelDescription, Source, Spread, SpreadSize};
use ketum_sim::dataset::{DataOptions, DataResult, bands, check, run};
use ketum_sim::solve::{Method, Note};
use ketum_sim::{EventFault, Model, SimError, SolveFault, Sources};

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
    let SimError::People {
        failures,
        simulated: 2,
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(failures.len(), 1);
    assert_eq!((failures[0].subject, failures[0].person), (1, None));
    assert!(error.to_string().contains("ka=1.5"), "{error}");
    let allowed = DataOptions {
        failures_allowed: 1,
        ..DataOptions::default()
    };
    let result = run(&model, &subjects, &allowed).unwrap();
    assert_eq!(result.rows.len(), subjects[0].events.len());
    assert_eq!(result.failures.len(), 1);
}

fn compiled(text: &str) -> Model {
    let description: ModelDescription = toml::from_str(text).unwrap();
    Model::compile(&description).unwrap()
}

/// A lag that is drawn from a normal distribution around half an hour: below zero in some.
fn with_lag() -> Model {
    compiled(
        r#"
id = "lag"
title = "a lag that varies"
parameter = [
    { name = "ka", unit = "1/h", value = 1 },
    { name = "cl", unit = "L/h", value = 5 },
    { name = "v", unit = "L", value = 40 },
    { name = "lag", unit = "h", value = 0.5, distribution = "normal" },
]
compartment = [{ name = "depot", unit = "mg", lag = { times = ["lag"] } }, { name = "central", unit = "mg" }]
flow = [
    { from = "depot", to = "central", rate = { first_order = { times = ["ka"] } } },
    { from = "central", rate = { first_order = { times = ["cl"], over = ["v"] } } },
]
output = [{ name = "cp", unit = "mg/L", compartment = "central", scale = { over = ["v"] } }]
spread = [{ source = "between-subject", parameters = ["lag"], size = { sd = [0.3] } }]
residual = [{ output = "cp", proportional = 0.2, additive = 0.1 }]
"#,
    )
}

fn dosed(id: &str) -> Subject {
    Subject {
        id: id.into(),
        events: vec![
            Event::bolus(0.0, "depot", 100.0),
            Event::observation(2.0),
            Event::observation(2.0),
            Event::observation(4.0),
        ],
        covariates: Vec::new(),
    }
}

fn people(replicates: u32, failures_allowed: u64) -> DataOptions<'static> {
    DataOptions {
        replicates,
        failures_allowed,
        sources: Sources::PREDICTION,
        seed: 3,
        ..DataOptions::default()
    }
}

/// A lag below zero is the failure of the person who drew it, not the end of the run; all of them are
/// named, and their number is the one to allow.
#[test]
fn everybody_who_fails_is_named_and_their_number_is_enough() {
    let model = with_lag();
    let subjects = [dosed("A"), dosed("B")];
    let error = run(&model, &subjects, &people(300, 2)).unwrap_err();
    let SimError::People {
        failures,
        simulated: 600,
    } = error
    else {
        panic!("{error}")
    };
    // One in twenty or so lies 1.67 standard deviations below.
    assert!((10..60).contains(&failures.len()), "{}", failures.len());
    for failure in &failures {
        let lag = failure.parameters.iter().find(|(name, _)| name == "lag");
        assert!(lag.unwrap().1 < 0.0);
        assert!(failure.cause.to_string().contains("lag is -"), "{failure}");
        assert!((1..=300).contains(&failure.person.unwrap()));
    }
    let shown = failures[0].to_string();
    assert!(shown.starts_with(&format!("subject {}, person ", failures[0].id)));
    assert!(failures.iter().any(|f| f.id == "A") && failures.iter().any(|f| f.id == "B"));
    let enough = failures.len() as u64;
    let result = run(&model, &subjects, &people(300, enough)).unwrap();
    assert_eq!(result.failures, failures);
    assert_eq!(result.rows.len(), 4 * (600 - failures.len()));
    // The same people for quantiles, subject after subject.
    let by_subject = |mut list: Vec<_>| {
        list.sort_by_key(|f: &ketum_sim::dataset::PersonFailure| (f.subject, f.person));
        list
    };
    let quantiles = bands(&model, &subjects, &people(300, enough)).unwrap();
    assert_eq!(quantiles.failures, by_subject(failures.clone()));
    let SimError::People { failures: all, .. } =
        bands(&model, &subjects, &people(300, enough - 1)).unwrap_err()
    else {
        panic!("one too many")
    };
    assert_eq!(all, by_subject(failures));
}

/// A person's draws belong to the ID: company, order and place in the data change nobody's.
#[test]
fn subjects_that_change_places_keep_their_draws() {
    let model = with_lag();
    let options = DataOptions {
        sources: Sources::MEASUREMENT,
        ..people(5, 100)
    };
    let of = |result: &DataResult, subjects: &[Subject], id: &str| -> Vec<u64> {
        let own = result
            .rows
            .iter()
            .filter(|row| subjects[row.subject].id == id);
        own.flat_map(|row| row.values.iter().map(|value| value.to_bits()))
            .collect()
    };
    let two = [dosed("A"), dosed("B")];
    let swapped = [dosed("B"), dosed("A")];
    let more = [dosed("0"), dosed("A"), dosed("C"), dosed("B")];
    let first = run(&model, &two, &options).unwrap();
    for others in [&swapped[..], &more[..]] {
        let result = run(&model, others, &options).unwrap();
        for id in ["A", "B"] {
            assert_eq!(of(&first, &two, id), of(&result, others, id));
        }
    }
    assert_ne!(of(&first, &two, "A"), of(&first, &two, "B"));
    // Two measurements at the same time scatter each by itself; a prediction does not scatter.
    let row = |result: &DataResult, at: usize| result.rows[at].values.clone();
    assert_ne!(row(&first, 1), row(&first, 2));
    let predicted = run(&model, &two, &people(5, 100)).unwrap();
    assert_eq!(row(&predicted, 1), row(&predicted, 2));
}

/// Whether the explicit pair gives way to Rosenbrock differs between people: every one counts.
#[test]
fn notes_are_those_of_all_replicates() {
    let model = compiled(
        r#"
id = "stiff"
title = "stiff in some people"
parameter = [
    { name = "vmax", unit = "mg/h", value = 8 },
    { name = "km", unit = "mg/L", value = 2 },
    { name = "v", unit = "L", value = 30 },
    { name = "kout", unit = "1/h", value = 200 },
    { name = "base", unit = "mmHg", value = 120 },
    { name = "ic50", unit = "mg/L", value = 1 },
]
compartment = [{ name = "central", unit = "mg" }]
flow = [{ from = "central", rate = { michaelis_menten = { vmax = { times = ["vmax"] }, km = { times = ["km"] }, volume = { times = ["v"] } } } }]
turnover = [{ name = "pressure", unit = "mmHg", baseline = { times = ["base"] }, kout = { times = ["kout"] }, on_production = [{ inhibited = { by = { compartment = "central", volume = { times = ["v"] } }, imax = { factor = 0.9 }, ic50 = { times = ["ic50"] } } }] }]
output = [{ name = "pressure", unit = "mmHg", compartment = "pressure" }]
spread = [{ source = "between-subject", parameters = ["kout"], size = { sd = [4.0] } }]
"#,
    );
    let subject = |id: &str| Subject {
        id: id.into(),
        events: vec![
            Event::bolus(0.0, "central", 300.0),
            Event::observation(1.0),
            Event::observation(48.0),
        ],
        covariates: Vec::new(),
    };
    let subjects = [subject("1"), subject("2")];
    let result = run(&model, &subjects, &people(40, 0)).unwrap();
    // Each person alone, for comparison.
    for (index, solution) in result.methods.iter().enumerate() {
        assert_eq!((solution.subject, solution.method), (index, Method::Auto));
        let [noted] = solution.notes.as_slice() else {
            panic!("{solution:?}")
        };
        assert!((5..40).contains(&noted.people), "{noted:?}");
        assert!(matches!(noted.note, Note::TurnedStiff { time_h } if time_h < 1.0));
    }
    assert_eq!(
        bands(&model, &subjects, &people(40, 0)).unwrap().methods,
        result.methods
    );
}

/// Each record that does not fit is found, not only the first of its subject.
#[test]
fn every_record_that_does_not_fit_is_found() {
    let model = with_lag();
    let mut subject = dosed("A");
    subject.events[0].compartment = Some("gut".into());
    subject.events.push(Event {
        amount: -1.0,
        ..Event::bolus(5.0, "depot", 1.0)
    });
    let subjects = [dosed("0"), subject.clone(), subject];
    let found: Vec<(usize, usize)> = check(&model, &subjects)
        .into_iter()
        .map(|(subject, record, _)| (subject, record))
        .collect();
    assert_eq!(found, [(1, 0), (1, 4), (2, 0), (2, 4)]);
    let many: Vec<Subject> = (0..500).map(|_| subjects[1].clone()).collect();
    let many = check(&model, &many);
    assert_eq!(many.len(), 200);
    assert_eq!(many[0].2, EventFault::Compartment("gut".into()));
    // Unchecked, they are failures with a name.
    let SimError::People { failures, .. } =
        run(&model, &subjects, &DataOptions::default()).unwrap_err()
    else {
        panic!()
    };
    assert_eq!(failures.len(), 2);
    assert!(matches!(
        failures[0].cause,
        SolveFault::Record { record: 1, .. }
    ));
}
