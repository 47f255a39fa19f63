//! How much work the solvers do on fixed workloads, as snapshots: speed that does not depend on the
//! machine. Bits are the same everywhere, so the counts are too.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use std::fmt::Write as _;

use common::model;
use ketum_core::event::{Event, Subject};
use ketum_core::model::ModelDescription;
use ketum_sim::population::RunOptions;
use ketum_sim::solve::{Method, Options, Tolerance, Work, simulate};
use ketum_sim::{Model, Population, Sources};

const LOOSE: Tolerance = Tolerance {
    relative: 1e-6,
    absolute: 1e-9,
    max_steps: 100_000,
};

fn line(text: &mut String, what: &str, work: Work) {
    let Work {
        steps,
        rejected,
        evaluations,
        jacobians,
        factorisations,
        exponentials,
    } = work;
    writeln!(
        text,
        "{what:40} {steps:9} {rejected:9} {evaluations:12} {jacobians:10} {factorisations:15} {exponentials:13}"
    )
    .unwrap();
}

fn typical(model: &Model, dose: Event, method: Method) -> Work {
    let mut events = vec![dose];
    events.extend((1..=200).map(|j| Event::observation(3.37 * f64::from(j))));
    let subject = Subject {
        id: "1".into(),
        events,
        covariates: Vec::new(),
    };
    let options = Options {
        method,
        tolerance: LOOSE,
    };
    simulate(model, &subject, &[], &options).unwrap().work
}

#[test]
fn work_on_fixed_workloads_is_as_reviewed() {
    let (a, b) = (
        model("workload-a/model.toml"),
        model("workload-b/model.toml"),
    );
    let text = common::reference("workload-b/model.toml");
    let mut stiff: ModelDescription = toml::from_str(&text).unwrap();
    stiff.parameter[10].value = 2e5;
    let stiff = Model::compile(&stiff).unwrap();
    let daily = Event::bolus(0.0, "depot", 50.0).repeated(27, 24.0);
    let steady = Event::bolus(0.0, "depot", 50.0).at_steady_state(24.0);
    let mut table = format!(
        "{:40} {:>9} {:>9} {:>12} {:>10} {:>15} {:>13}\n",
        "rtol 1e-6",
        "steps",
        "rejected",
        "evaluations",
        "jacobians",
        "factorisations",
        "exponentials"
    );
    for (what, model, dose, method) in [
        ("A, closed form", &a, &daily, Method::ClosedForm),
        ("A, explicit", &a, &daily, Method::Explicit),
        ("A, rosenbrock", &a, &daily, Method::Rosenbrock),
        (
            "A, steady state, closed form",
            &a,
            &steady,
            Method::ClosedForm,
        ),
        ("B, explicit", &b, &daily, Method::Explicit),
        ("B, rosenbrock", &b, &daily, Method::Rosenbrock),
        ("B, auto", &b, &daily, Method::Auto),
        ("B, steady state, explicit", &b, &steady, Method::Explicit),
        (
            "B, steady state, rosenbrock",
            &b,
            &steady,
            Method::Rosenbrock,
        ),
        (
            "B with a stiff response, auto",
            &stiff,
            &daily,
            Method::Auto,
        ),
    ] {
        line(&mut table, what, typical(model, dose.clone(), method));
    }
    let times: Vec<f64> = (1..=200).map(|j| 3.37 * f64::from(j)).collect();
    for (what, model) in [
        ("A, 45 people side by side", &a),
        ("B, 45 people side by side", &b),
    ] {
        let population = Population {
            model,
            events: std::slice::from_ref(&daily),
            times_h: &times,
            subjects: 45,
            seed: 11,
            sources: Sources::PREDICTION,
            threads: 2,
        };
        let options = RunOptions {
            method: Method::Explicit,
            tolerance: LOOSE,
            ..RunOptions::default()
        };
        line(
            &mut table,
            what,
            population.run_with(&options).unwrap().work,
        );
    }
    insta::assert_snapshot!("work", table);
}
