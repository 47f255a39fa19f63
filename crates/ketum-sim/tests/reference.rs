//! Every kind of model against diffsol's BDF method, which shares no code with ours, on the same timeline.
//! Compiled with the feature `diffsol`.

#![cfg(feature = "diffsol")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::{model, reference, subject_of};
use ketum_core::event::{Carry, CovariateSeries, Event, Subject};
use ketum_core::model::{
    CovariateEffect, CovariateForm, Driver, EffectSite, ModelDescription, Modifier, Output, Ratio,
};
use ketum_sim::Model;
use ketum_sim::solve::{Method, Options, Tolerance, simulate};

const TIGHT: Tolerance = Tolerance {
    relative: 1e-9,
    absolute: 1e-12,
    max_steps: 1_000_000,
};

/// Our methods against the reference, at most `limit` of each output's largest value apart.
fn agree(model: &Model, subject: &Subject, limit: f64) {
    let run = |method| {
        let options = Options {
            method,
            tolerance: TIGHT,
        };
        simulate(model, subject, &[], &options).unwrap()
    };
    let expected = run(Method::Reference);
    assert_eq!(expected.method, Method::Reference);
    assert!(expected.work.steps > 0);
    let mut methods = vec![Method::Explicit, Method::Rosenbrock, Method::Auto];
    if model.is_linear() && !model.moves_between_records(subject) {
        methods.push(Method::ClosedForm);
    }
    for output in 0..model.outputs().len() {
        let largest = expected
            .rows
            .iter()
            .map(|row| row[output].abs())
            .fold(0.0, f64::max);
        for &method in &methods {
            for (record, (a, b)) in run(method).rows.iter().zip(&expected.rows).enumerate() {
                let difference = (a[output] - b[output]).abs();
                assert!(
                    difference <= limit * largest,
                    "{method:?} {} record {record}: {} against {}",
                    model.outputs()[output].name,
                    a[output],
                    b[output]
                );
            }
        }
    }
}

fn dosed(events: Vec<Event>) -> Subject {
    let mut events = events;
    events.extend((1..40).map(|i| Event::observation(1.7 * f64::from(i))));
    events.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
    Subject {
        id: "1".into(),
        events,
        covariates: Vec::new(),
    }
}

fn doses(depot: &str) -> Subject {
    dosed(vec![
        Event::bolus(0.0, depot, 50.0).repeated(2, 12.0),
        Event::infusion(5.0, "central", 20.0, 3.0),
    ])
}

#[test]
fn linear_models_agree_with_the_reference() {
    agree(&model("workload-a/model.toml"), &doses("depot"), 1e-6);
    agree(&model("kratom-joint/model.toml"), &doses("gut"), 1e-6);
}

#[test]
fn saturable_and_turnover_models_agree_with_the_reference() {
    agree(&model("workload-b/model.toml"), &doses("depot"), 1e-6);
}

#[test]
fn a_stiff_model_agrees_with_the_reference() {
    let mut description: ModelDescription =
        toml::from_str(&reference("workload-b/model.toml")).unwrap();
    description.parameter[10].value = 2000.0;
    agree(
        &Model::compile(&description).unwrap(),
        &doses("depot"),
        1e-6,
    );
}

#[test]
fn explicit_time_agrees_with_the_reference() {
    let subject = Subject {
        id: "1".into(),
        events: (0..40)
            .map(|i| Event::observation(0.1 * f64::from(i)))
            .collect(),
        covariates: Vec::new(),
    };
    agree(&model("claret/model.toml"), &subject, 1e-6);
}

/// An effect site, a stimulated loss with a steepness, and a fading formation.
#[test]
fn effect_sites_steepness_and_fading_agree_with_the_reference() {
    let mut d: ModelDescription = toml::from_str(&reference("workload-b/model.toml")).unwrap();
    let central = || Driver {
        compartment: "central".into(),
        volume: Some(Ratio::parameter("vc")),
    };
    d.effect_site.push(EffectSite {
        name: "site".into(),
        unit: "mg/L".into(),
        follows: central(),
        ke0: Ratio::parameter("ka"),
    });
    d.turnover[0].on_loss.push(Modifier::Stimulated {
        by: Driver {
            compartment: "site".into(),
            volume: None,
        },
        emax: Ratio::number(2.0),
        ec50: Ratio::parameter("ic50"),
        hill: Some(Ratio::number(1.7)),
    });
    d.flow[4].modifier.push(Modifier::Fading {
        rate: Ratio {
            factor: 0.02,
            ..Ratio::parameter("ka")
        },
    });
    d.output.push(Output {
        name: "ce".into(),
        unit: "mg/L".into(),
        compartment: "site".into(),
        scale: None,
    });
    agree(&Model::compile(&d).unwrap(), &doses("depot"), 1e-6);
}

#[test]
fn covariates_in_a_line_agree_with_the_reference() {
    let mut d: ModelDescription = toml::from_str(&reference("workload-b/model.toml")).unwrap();
    d.covariate_effect.push(CovariateEffect {
        parameter: "vmax".into(),
        covariate: "WT".into(),
        unit: "kg".into(),
        form: CovariateForm::Power {
            reference: 70.0,
            exponent: 0.75,
        },
    });
    let mut subject = doses("depot");
    subject.covariates.push(CovariateSeries {
        name: "WT".into(),
        carry: Carry::Linear,
        times_h: vec![0.0, 30.0, 70.0],
        values: vec![60.0, 90.0, 75.0],
    });
    agree(&Model::compile(&d).unwrap(), &subject, 1e-6);
}

#[test]
fn steady_states_agree_with_the_reference() {
    for case in ["workload-a", "workload-b"] {
        let steady = Event::infusion(0.0, "central", 20.0, 5.0).at_steady_state(12.0);
        agree(
            &model(&format!("{case}/model.toml")),
            &dosed(vec![steady]),
            2e-5,
        );
    }
}

#[test]
fn all_dosing_scenarios_agree_with_the_reference() {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../validation/reference/nonmem"
    );
    let mut seen = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let subject = subject_of(&reference(&format!("nonmem/{name}")), &["depot", "central"]);
        agree(&model("nonmem/model.toml"), &subject, 2e-5);
        seen += 1;
    }
    assert_eq!(seen, 29);
}
