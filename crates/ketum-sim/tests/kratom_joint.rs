//! A parent with a metabolite formed on first pass, written as a model file, against the profile
//! the project computed when the model was fitted (`validation/reference/kratom-joint`).

mod common;

use common::reference;
use ketum_core::event::Event;
use ketum_sim::{Model, Population, Sources};

fn population<'a>(model: &'a Model, events: &'a [Event], times_h: &'a [f64]) -> Population<'a> {
    Population {
        model,
        events,
        times_h,
        subjects: 0,
        seed: 1,
        sources: Sources::NONE,
        threads: 1,
    }
}

#[test]
fn typical_subject_agrees_with_the_fitted_profile() {
    let model = common::model("kratom-joint/model.toml");
    let mut rows = 0;
    for doses in [1, 15] {
        let last_h = 24.0 * f64::from(doses - 1);
        let events = [Event::bolus(0.0, "gut", 59.2).repeated(doses - 1, 24.0)];
        let expected: Vec<Vec<f64>> = reference("kratom-joint/expected.csv")
            .lines()
            .skip(1)
            .map(|line| {
                line.split(',')
                    .map(|field| field.parse().unwrap())
                    .collect()
            })
            .filter(|row: &Vec<f64>| row[0] == f64::from(doses))
            .collect();
        let times_h: Vec<f64> = expected.iter().map(|row| last_h + row[1]).collect();
        let result = population(&model, &events, &times_h).run().unwrap();
        for (time, row) in expected.iter().enumerate() {
            for (output, expected) in result.outputs.iter().zip(&row[2..]) {
                let got = output.typical[time];
                assert!(
                    (got / expected - 1.0).abs() < 1e-3,
                    "{doses} doses, {} h, {}: {got} against {expected}",
                    row[1],
                    output.name
                );
                rows += 1;
            }
        }
    }
    assert_eq!(rows, 2 * 38);
}

#[test]
fn same_bits_for_any_number_of_threads() {
    let model = common::model("kratom-joint/model.toml");
    let events = [Event::bolus(0.0, "gut", 25.0).repeated(6, 8.0)];
    let times_h: Vec<f64> = (0..100).map(f64::from).collect();
    let run = |threads| {
        Population {
            subjects: 333,
            sources: Sources::PREDICTION,
            threads,
            ..population(&model, &events, &times_h)
        }
        .run()
        .unwrap()
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
    let band = one.outputs[0].quantiles[30];
    assert!(band.windows(2).all(|pair| pair[0] < pair[1]), "{band:?}");
}
