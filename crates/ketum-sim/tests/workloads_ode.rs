//! Workloads A and B by differential equations against 113-bit solutions, at two tolerances, with
//! the work that it took.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::{model, table};
use ketum_core::event::{Event, Subject};
use ketum_sim::Model;
use ketum_sim::math::ln;
use ketum_sim::solve::{Method, Options, Tolerance, Work, simulate};

/// Worst relative difference over all reference rows, and the work of subject 1.
fn compare(case: &str, method: Method, relative: f64) -> (f64, Work) {
    let model = model(&format!("{case}/model.toml"));
    let tolerance = Tolerance {
        relative,
        absolute: 1e-3 * relative,
        ..Tolerance::default()
    };
    let options = Options { method, tolerance };
    let expected = table(&format!("{case}/expected.csv"));
    let mut worst = 0.0_f64;
    let mut work = Work::default();
    for parameters in table(&format!("{case}/parameters.csv")) {
        let rows: Vec<&Vec<f64>> = expected
            .iter()
            .filter(|row| row[0] == parameters[0])
            .collect();
        let mut subject = Subject {
            id: parameters[0].to_string(),
            events: vec![Event::bolus(0.0, "depot", 50.0).repeated(27, 24.0)],
            covariates: Vec::new(),
        };
        subject
            .events
            .extend(rows.iter().map(|row| Event::observation(3.37 * row[1])));
        let eta = eta(&model, &parameters[1..]);
        let prediction = simulate(&model, &subject, &eta, &options).unwrap();
        for (row, got) in rows.iter().zip(&prediction.rows[1..]) {
            for (got, expected) in got.iter().zip(&row[2..]) {
                worst = worst.max((got / expected - 1.0).abs());
            }
        }
        if parameters[0] == 1.0 {
            work = prediction.work;
        }
    }
    (worst, work)
}

fn eta(model: &Model, parameters: &[f64]) -> Vec<f64> {
    model
        .typical()
        .iter()
        .zip(parameters)
        .map(|(typical, own)| ln(own / typical))
        .collect()
}

#[test]
fn ode_agrees_at_both_tolerances() {
    for case in ["workload-a", "workload-b"] {
        for method in [Method::Explicit, Method::Rosenbrock, Method::Auto] {
            for (relative, limit) in [(1e-6, 5e-5), (1e-10, 1e-8)] {
                let (worst, work) = compare(case, method, relative);
                println!("{case} {method:?} {relative:e}: {worst:.2e} {work:?}");
                assert!(worst <= limit, "{case} {method:?} {relative:e}: {worst:e}");
            }
        }
    }
}
