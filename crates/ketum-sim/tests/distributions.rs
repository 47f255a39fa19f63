//! How parameters vary: every distribution by its equation, and what is drawn by its mean and spread.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use ketum_core::event::{Event, Subject};
use ketum_core::model::ModelDescription;
use ketum_sim::math::{exp, ln, sqrt};
use ketum_sim::population::Draws;
use ketum_sim::solve::{Method, Options, simulate};
use ketum_sim::{Model, Sources};

/// A level D·f/v, so that each parameter is read off the first output; clearance is zero.
fn model() -> Model {
    let text = r#"
        id = "spread"
        title = "Every distribution"
        parameter = [
            { name = "f", unit = "ratio", value = 0.7, distribution = "logit-normal" },
            { name = "v", unit = "L", value = 10 },
            { name = "shift", unit = "ratio", value = -2, distribution = "normal" },
            { name = "content", unit = "ratio", value = 1 },
        ]
        compartment = [{ name = "central", unit = "mg", bioavailability = { times = ["f", "content"] } }]
        output = [
            { name = "amount", unit = "mg", compartment = "central" },
            { name = "cp", unit = "mg/L", compartment = "central", scale = { over = ["v"] } },
            { name = "shifted", unit = "mg", compartment = "central", scale = { times = ["shift"] } },
        ]
        [[spread]]
        source = "between-subject"
        parameters = ["f", "v", "shift"]
        size = { sd = [0.8, 0.3, 1.5] }
        [[spread]]
        source = "content"
        parameters = ["content"]
        size = { cv = [0.25] }
        [[spread]]
        source = "uncertainty"
        parameters = ["v"]
        size = { sd = [0.3] }
    "#;
    let description: ModelDescription = toml::from_str(text).unwrap();
    Model::compile_checked(&description).unwrap()
}

fn logit(p: f64) -> f64 {
    ln(p / (1.0 - p))
}

#[test]
fn random_effects_act_on_each_parameters_own_scale() {
    let model = model();
    let subject = Subject {
        id: "1".into(),
        events: vec![Event::bolus(0.0, "central", 10.0)],
        covariates: Vec::new(),
    };
    for eta in [
        [0.0, 0.0, 0.0, 0.0],
        [0.9, 0.4, 1.5, -0.3],
        [-2.2, -0.4, -1.5, 0.3],
        [40.0, 0.0, 2.0, 0.0],
        [-800.0, 0.0, 2.0, 0.0],
    ] {
        let share = 1.0 / (1.0 + 3.0 / 7.0 * exp(-eta[0]));
        let amount = 10.0 * share * exp(eta[3]);
        let expected = [
            amount,
            amount / (10.0 * exp(eta[1])),
            amount * (eta[2] - 2.0),
        ];
        for method in [Method::ClosedForm, Method::Explicit, Method::Rosenbrock] {
            let options = Options {
                method,
                ..Options::default()
            };
            let got = simulate(&model, &subject, &eta, &options).unwrap();
            for (got, expected) in got.rows[0].iter().zip(expected) {
                assert!(
                    (got - expected).abs() <= 1e-13 * expected.abs(),
                    "{got} {expected}"
                );
            }
        }
    }
}

/// Values of a parameter for many people.
fn drawn(parameter: usize, sources: Sources) -> Vec<f64> {
    let model = model();
    let draws = Draws::new(&model, 11, sources);
    let mut own = vec![0.0; 4];
    let values = (0..20_000).map(|subject| {
        draws.subject(subject, &mut own);
        own[parameter]
    });
    values.collect()
}

/// Mean and standard deviation within four standard errors.
fn normal(values: impl Iterator<Item = f64>, mean: f64, sd: f64) {
    let values: Vec<f64> = values.collect();
    let n = values.len() as f64;
    let found = values.iter().sum::<f64>() / n;
    let spread = sqrt(
        values
            .iter()
            .map(|x| (x - found) * (x - found))
            .sum::<f64>()
            / (n - 1.0),
    );
    assert!((found - mean).abs() < 4.0 * sd / sqrt(n), "{found} {mean}");
    assert!(
        (spread / sd - 1.0).abs() < 4.0 / sqrt(2.0 * n),
        "{spread} {sd}"
    );
    // Of a normal distribution 68.27 % lie within one standard deviation.
    let inside = values.iter().filter(|x| (**x - mean).abs() < sd).count() as f64 / n;
    assert!(
        (inside - 0.6827).abs() < 4.0 * sqrt(0.6827 * 0.3173 / n),
        "{inside}"
    );
}

const SUBJECT: Sources = Sources {
    between_subject: true,
    ..Sources::NONE
};

#[test]
fn what_is_drawn_has_the_mean_and_spread_asked_for() {
    normal(drawn(0, SUBJECT).into_iter().map(logit), logit(0.7), 0.8);
    normal(drawn(1, SUBJECT).into_iter().map(ln), ln(10.0), 0.3);
    normal(drawn(2, SUBJECT).into_iter(), -2.0, 1.5);
    assert!(drawn(0, SUBJECT).iter().all(|f| (0.0..=1.0).contains(f)));
}

/// Content is a source of its own: what is swallowed varies where it is switched on and nowhere else,
/// and shifts nobody's other draws.
#[test]
fn content_varies_by_itself() {
    let content = Sources {
        content: true,
        ..Sources::NONE
    };
    // A coefficient of variation of 25 %: ω² = ln(1 + 0.25²).
    let sd = sqrt(ln(1.0625));
    normal(drawn(3, content).into_iter().map(ln), 0.0, sd);
    assert!(drawn(3, SUBJECT).iter().all(|x| *x == 1.0));
    assert!(drawn(1, content).iter().all(|x| *x == 10.0));
    let both = Sources {
        content: true,
        ..SUBJECT
    };
    assert_eq!(drawn(1, both), drawn(1, SUBJECT));
    assert_eq!(drawn(3, both), drawn(3, content));
    assert_ne!(
        drawn(3, content)[0].to_bits(),
        drawn(3, content)[1].to_bits()
    );
}

/// The same parameter by two sources: independent draws, variances add up.
#[test]
fn sources_of_one_parameter_are_independent() {
    let uncertainty = Sources {
        uncertainty: true,
        ..Sources::NONE
    };
    let both = Sources {
        uncertainty: true,
        ..SUBJECT
    };
    let deviations = |sources| drawn(1, sources).into_iter().map(|v| ln(v / 10.0));
    normal(deviations(both), 0.0, 0.3 * sqrt(2.0));
    let (a, b): (Vec<f64>, Vec<f64>) = (
        deviations(SUBJECT).collect(),
        deviations(uncertainty).collect(),
    );
    let n = a.len() as f64;
    let correlation: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum::<f64>() / (n * 0.09);
    assert!(correlation.abs() < 4.0 / sqrt(n), "{correlation}");
}
