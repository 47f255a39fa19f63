//! A model that cannot mean anything is refused; a person whose parameters cannot is a failure with a
//! name and never a number.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::reference;
use ketum_core::event::{CovariateSeries, Event, Subject};
use ketum_core::model::{
    CovariateEffect, CovariateForm, Distribution, Flow, ModelDescription, Modifier, Output,
    RateLaw, Ratio, Residual, Source, Spread, SpreadSize,
};
use ketum_sim::dataset::{DataOptions, run};
use ketum_sim::math::exp;
use ketum_sim::model::Key;
use ketum_sim::population::{Profiles, RunOptions, columns, solve_profiles};
use ketum_sim::solve::{Method, Options, simulate, simulate_parameters};
use ketum_sim::{Model, SimError, SolveFault, Sources};

fn b() -> ModelDescription {
    toml::from_str(&reference("workload-b/model.toml")).unwrap()
}

/// What is wrong after a change: the way to it, and the message. Every message has a hint.
fn after(change: impl Fn(&mut ModelDescription)) -> Vec<String> {
    let mut description = b();
    change(&mut description);
    let problems = Model::compile_checked(&description)
        .err()
        .unwrap_or_default();
    let lines = problems.iter().map(|problem| {
        assert!(!problem.fault.advice().is_empty());
        let path: Vec<String> = problem
            .path
            .iter()
            .map(|key| match key {
                Key::Name(name) => (*name).to_owned(),
                Key::Index(index) => index.to_string(),
            })
            .collect();
        format!("{}: {}", path.join("."), problem.fault)
    });
    lines.collect()
}

fn factor(factor: f64, of: Ratio) -> Ratio {
    Ratio { factor, ..of }
}

fn inhibition(d: &mut ModelDescription) -> (&mut Ratio, &mut Ratio, &mut Option<Ratio>) {
    let Modifier::Inhibited {
        imax, ic50, hill, ..
    } = &mut d.turnover[0].on_production[0]
    else {
        panic!()
    };
    (imax, ic50, hill)
}

#[test]
fn what_nobody_can_have_is_refused_with_its_place() {
    assert!(after(|_| {}).is_empty());
    let ka = || Ratio::parameter("ka");
    let refused = [
        after(|d| d.flow[0].rate = RateLaw::FirstOrder(factor(-1.0, ka()))),
        after(|d| d.turnover[0].kout = factor(-2.0, Ratio::parameter("kout"))),
        after(|d| d.flow[3].yield_ = Some(factor(-0.5, Ratio::parameter("fm")))),
        after(|d| {
            if let RateLaw::MichaelisMenten { volume, .. } = &mut d.flow[3].rate {
                volume.factor = 0.0;
            }
        }),
        after(|d| *inhibition(d).0 = Ratio::number(2.0)),
        after(|d| *inhibition(d).0 = Ratio::number(-0.1)),
        after(|d| inhibition(d).1.factor = -1.0),
        after(|d| *inhibition(d).2 = Some(Ratio::number(-2.0))),
        after(|d| *inhibition(d).2 = Some(Ratio::number(0.0))),
        after(|d| d.compartment[0].lag = Some(Ratio::number(-1.0))),
        // Nobody has another volume than zero: it varies around zero by a factor.
        after(|d| d.parameter[7].value = 0.0),
        after(|d| {
            d.covariate_effect.push(CovariateEffect {
                parameter: "vc".into(),
                covariate: "WT".into(),
                unit: "kg".into(),
                form: CovariateForm::Power {
                    reference: 0.0,
                    exponent: 1.0,
                },
            });
        }),
        after(|d| {
            d.covariate_effect.push(CovariateEffect {
                parameter: "vc".into(),
                covariate: "WT".into(),
                unit: "kg".into(),
                form: CovariateForm::Linear {
                    reference: 70.0,
                    slope: f64::NAN,
                },
            });
        }),
    ];
    let expected = [
        "flow.0.rate.first_order.factor: the rate of flow 1 (-1·ka) is -1, must be not negative",
        "turnover.0.kout.factor: kout of turnover 'response' (-2·kout) is -2, must be not negative",
        "flow.3.yield.factor: the yield of flow 4 (-0.5·fm) is -0.5, must be not negative",
        "flow.3.rate.michaelis_menten.volume.factor: the volume of flow 4 (0·vc) is 0, must be above zero",
        "turnover.0.on_production.0.inhibited.imax.factor: imax of turnover 'response' (2) is 2, must be between 0 and 1",
        "turnover.0.on_production.0.inhibited.imax.factor: imax of turnover 'response' (-0.1) is -0.1, must be between 0 and 1",
        "turnover.0.on_production.0.inhibited.ic50.factor: ic50 of turnover 'response' (-1·ic50) is -1, must be above zero",
        "turnover.0.on_production.0.inhibited.hill.factor: hill of turnover 'response' (-2) is -2, must be above zero",
        "turnover.0.on_production.0.inhibited.hill.factor: hill of turnover 'response' (0) is 0, must be above zero",
        "compartment.0.lag.factor: the lag of compartment 'depot' (-1) is -1, must be not negative",
        "flow.4.rate.first_order: 'vm' in the rate of flow 5 (clm/vm) is 0, must be other than zero: it divides",
        "covariate_effect.0.form.power.reference: the reference of the covariate effect of 'WT' is 0, must be above zero: the covariate is divided by it",
        "covariate_effect.0.form.linear.slope: a number of the covariate effect of 'WT' is NaN, must be a finite number",
    ];
    for (found, expected) in refused.iter().zip(expected) {
        assert!(
            found.iter().any(|line| line == expected),
            "{found:?}\n{expected}"
        );
    }
}

#[test]
fn what_is_said_twice_is_refused_with_a_hint() {
    let residual = |additive| Residual {
        output: "cp".into(),
        proportional: 0.1,
        additive,
        log: false,
    };
    let found = after(|d| d.residual = vec![residual(0.0), residual(1.0)]);
    assert_eq!(
        found,
        ["residual.1.output: the output 'cp' has a residual already"]
    );
    let block = |source, names: &[&str]| Spread {
        source,
        parameters: names.iter().map(|name| (*name).to_owned()).collect(),
        size: SpreadSize::Sd(vec![0.1; names.len()]),
    };
    let found = after(|d| {
        d.spread = vec![
            block(Source::BetweenSubject, &["ka", "vc", "ka"]),
            block(Source::Uncertainty, &["vc"]),
            block(Source::BetweenSubject, &["vp", "vc"]),
        ];
    });
    assert_eq!(
        found,
        [
            "spread.0.parameters.2: 'ka' varies twice by the same source of spread",
            "spread.2.parameters.1: 'vc' varies twice by the same source of spread",
        ]
    );
    // By different sources it may.
    assert!(
        after(|d| {
            d.spread = vec![
                block(Source::BetweenSubject, &["ka"]),
                block(Source::BetweenOccasion, &["ka"]),
            ];
        })
        .is_empty()
    );
}

/// One compartment, `cl` over `v`, with what the test needs changed.
fn one(change: impl Fn(&mut ModelDescription)) -> Model {
    let mut description: ModelDescription = toml::from_str(
        r#"
        id = "one"
        title = "One compartment"
        parameter = [
            { name = "cl", unit = "L/h", value = 2, distribution = "normal" },
            { name = "v", unit = "L", value = 10 },
            { name = "s", unit = "ratio", value = 1, distribution = "normal" },
        ]
        compartment = [{ name = "central", unit = "mg" }]
        flow = [{ from = "central", rate = { first_order = { times = ["cl"], over = ["v"] } } }]
        output = [{ name = "cp", unit = "mg/L", compartment = "central", scale = { times = ["s"], over = ["v"] } }]
        "#,
    )
    .unwrap();
    change(&mut description);
    Model::compile_checked(&description).unwrap()
}

fn person(covariates: Vec<CovariateSeries>) -> Subject {
    Subject {
        id: "7".into(),
        events: vec![Event::bolus(0.0, "central", 10.0), Event::observation(3.0)],
        covariates,
    }
}

fn cause(result: Result<ketum_sim::solve::Prediction, SimError>) -> String {
    let error = result.unwrap_err();
    let SimError::Subject { id, failure } = &error else {
        panic!("{error}")
    };
    assert_eq!(id, "7");
    failure.cause.to_string()
}

#[test]
fn a_person_with_a_value_that_cannot_be_is_named_with_it() {
    let model = one(|_| {});
    for (parameters, expected) in [
        (
            [-0.5, 10.0, 1.0],
            "the rate of flow 1 (cl/v) is -0.05, must be not negative",
        ),
        (
            [2.0, 0.0, 1.0],
            "'v' in the rate of flow 1 (cl/v) is 0, must be other than zero: it divides",
        ),
        ([2.0, -10.0, 1.0], "'v' is -10, must be not negative"),
        ([2.0, 10.0, f64::NAN], "s is not a finite number"),
    ] {
        for method in [Method::ClosedForm, Method::Explicit, Method::Rosenbrock] {
            let options = Options {
                method,
                ..Options::default()
            };
            let got = simulate_parameters(&model, &person(Vec::new()), &parameters, &options);
            assert_eq!(cause(got), expected, "{method:?}");
        }
        // In a population the others keep their numbers to the last bit.
        for method in [Method::ClosedForm, Method::Explicit, Method::Rosenbrock] {
            let people = |second: [f64; 3], failures_allowed| {
                let all = [[2.0, 10.0, 1.0], second, [3.0, 12.0, 1.0]].map(|p| p.to_vec());
                let options = RunOptions {
                    method,
                    failures_allowed,
                    ..RunOptions::default()
                };
                let doses = [Event::bolus(0.0, "central", 10.0)];
                let own = columns(&model, &all);
                solve_profiles(&model, &doses, &[0.0, 3.0], &own, 3, 1, &options)
            };
            let Err(SimError::Population { first, .. }) = people(parameters, 0) else {
                panic!()
            };
            assert_eq!(first.subject, 1);
            assert_eq!(first.cause.to_string(), expected, "{method:?}");
            let (bad, good) = (
                people(parameters, 1).unwrap(),
                people([1.0, 10.0, 1.0], 0).unwrap(),
            );
            assert!(bad.value(1, 1, 0).is_nan());
            for subject in [0, 2] {
                let value = |of: &Profiles| of.value(subject, 1, 0).to_bits();
                assert_eq!(value(&bad), value(&good));
            }
        }
    }
}

/// A clearance that varies on its own scale is negative for some: they fail, the rest are counted.
#[test]
fn a_normal_clearance_below_zero_is_a_failure_and_no_level() {
    let model = one(|d| {
        d.spread = vec![Spread {
            source: Source::BetweenSubject,
            parameters: vec!["cl".into()],
            size: SpreadSize::Sd(vec![2.0]),
        }];
    });
    let options = DataOptions {
        replicates: 400,
        sources: Sources {
            between_subject: true,
            ..Sources::NONE
        },
        failures_allowed: 400,
        ..DataOptions::default()
    };
    let result = run(&model, &[person(Vec::new())], &options).unwrap();
    // One in 6.3 lies more than one standard deviation below the mean: 63 of 400, give or take 3 sd.
    assert!(
        (41..=86).contains(&result.failures.len()),
        "{}",
        result.failures.len()
    );
    for failure in &result.failures {
        assert!(
            matches!(failure.cause, SolveFault::Value { .. }),
            "{failure}"
        );
        assert!(failure.parameters[0].1 < 0.0);
    }
    let highest = result
        .rows
        .iter()
        .map(|row| row.values[0])
        .fold(0.0, f64::max);
    assert!(highest <= 1.0, "{highest}");
}

/// So is a lag below zero: allowed failures are left out, and no dose arrives before its record.
#[test]
fn a_normal_lag_below_zero_is_a_failure_that_can_be_allowed() {
    let model = one(|d| {
        d.parameter[2].unit = "h".into();
        d.parameter[2].value = 0.5;
        d.output[0].scale = Some(Ratio::new(&[], &["v"]));
        d.compartment[0].lag = Some(Ratio::parameter("s"));
        d.spread = vec![Spread {
            source: Source::BetweenSubject,
            parameters: vec!["s".into()],
            size: SpreadSize::Sd(vec![0.5]),
        }];
    });
    let options = DataOptions {
        replicates: 200,
        sources: Sources {
            between_subject: true,
            ..Sources::NONE
        },
        failures_allowed: 200,
        ..DataOptions::default()
    };
    let subjects = [person(Vec::new())];
    let result = run(&model, &subjects, &options).unwrap();
    let failed = result.failures.len();
    assert!((15..=48).contains(&failed), "{failed}");
    assert!(
        result.failures[0]
            .cause
            .to_string()
            .contains("record 1: lag is -")
    );
    assert_eq!(result.rows.len(), 2 * (200 - failed));
    let refused = DataOptions {
        failures_allowed: failed as u64 - 1,
        ..options
    };
    assert!(run(&model, &subjects, &refused).is_err());
}

#[test]
fn a_covariate_that_turns_a_clearance_negative_is_a_failure() {
    let linear = one(|d| {
        d.covariate_effect = vec![CovariateEffect {
            parameter: "cl".into(),
            covariate: "AGE".into(),
            unit: "year".into(),
            form: CovariateForm::Linear {
                reference: 40.0,
                slope: -0.02,
            },
        }];
    });
    let aged = |age| person(vec![CovariateSeries::constant("AGE", age)]);
    let got = simulate(&linear, &aged(60.0), &[], &Options::default()).unwrap();
    // 1 − 0.02·20 = 0.6 of 2 L/h over 10 L, for three hours.
    assert!((got.rows[1][0] / exp(-0.36) - 1.0).abs() < 1e-13);
    let got = simulate(&linear, &aged(95.0), &[], &Options::default());
    assert!(cause(got).starts_with("the rate of flow 1 (cl/v) is -0.0"));
    let got = simulate(&linear, &aged(95.0), &[], &Options::default());
    assert!(cause(got).ends_with("must be not negative"));
}

/// What is legitimate stays so: negative outputs, zero clearance, a zero lag, a negative baseline.
#[test]
fn outputs_may_be_negative() {
    let model = one(|_| {});
    let run = |parameters: &[f64]| {
        let options = Options::default();
        simulate_parameters(&model, &person(Vec::new()), parameters, &options)
            .unwrap()
            .rows[1][0]
    };
    let expected = exp(-0.6);
    assert!((run(&[2.0, 10.0, -1.0]) + expected).abs() < 1e-14);
    assert_eq!(run(&[0.0, 10.0, 1.0]), 1.0);
    let change = one(|d| {
        d.compartment[0].initial = Some(Ratio::number(-20.0));
        d.flow
            .push(Flow::formation("central", "central", Ratio::parameter("k")));
        d.parameter.push(ketum_core::model::Parameter {
            name: "k".into(),
            unit: "1/h".into(),
            value: 0.2,
            distribution: Distribution::LogNormal,
            rse_percent: None,
            basis: None,
        });
        d.output.push(Output {
            name: "amount".into(),
            unit: "mg".into(),
            compartment: "central".into(),
            scale: None,
        });
    });
    let got = simulate(&change, &person(Vec::new()), &[], &Options::default()).unwrap();
    assert!((got.rows[1][1] + 10.0).abs() < 1e-12, "{got:?}");
}
