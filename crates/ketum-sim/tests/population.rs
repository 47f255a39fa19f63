//! Populations: the same bits on every path, any number of threads and in any company; streaming
//! agrees with keeping everything; failures are named.

mod common;

use common::model;
use ketum_core::event::{Event, Subject};
use ketum_core::model::ModelDescription;
use ketum_sim::math::dispatch::Path;
use ketum_sim::math::{exp, ln};
use ketum_sim::population::{
    Draws, Profiles, QUANTILES, RunOptions, Summaries, Threshold, columns, solve_linear,
    solve_profiles,
};
use ketum_sim::solve::{Method, Options, Tolerance, simulate_parameters};
use ketum_sim::{Model, Population, SimError, Sources};

const LOOSE: Tolerance = Tolerance {
    relative: 1e-6,
    absolute: 1e-9,
    max_steps: 100_000,
};

fn drawn(model: &Model, subjects: u64) -> Vec<Vec<f64>> {
    let draws = Draws::new(model, 11, Sources::PREDICTION);
    (0..subjects)
        .map(|subject| {
            let mut parameters = model.typical();
            draws.subject(subject, &mut parameters);
            parameters
        })
        .collect()
}

fn times(count: u32) -> Vec<f64> {
    (1..=count).map(|j| 3.37 * f64::from(j)).collect()
}

fn hash(profiles: &Profiles, subjects: usize, times: usize, outputs: usize) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for subject in 0..subjects {
        for output in 0..outputs {
            let values = (0..times).map(|time| profiles.value(subject, time, output));
            for value in values.chain([profiles.area(subject, output)]) {
                hash = (hash ^ value.to_bits()).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    }
    hash
}

/// Results are hashed and the hashes are committed: another machine, another path, another compiler
/// gives the same bits.
#[test]
fn same_bits_on_every_path_and_any_threads() {
    let closed = Method::ClosedForm;
    let mut hashes = Vec::new();
    for (name, depot, method) in [
        ("kratom-joint", "gut", closed),
        ("kratom-joint", "gut", Method::Explicit),
        ("workload-a", "depot", closed),
        ("workload-a", "depot", Method::Explicit),
        ("workload-b", "depot", Method::Auto),
    ] {
        let model = model(&format!("{name}/model.toml"));
        let own = columns(&model, &drawn(&model, 45));
        let times = times(20);
        let events = [
            Event::bolus(0.0, depot, 50.0).repeated(2, 24.0),
            Event::infusion(5.0, "central", 20.0, 3.0),
        ];
        let mut first = None;
        for path in Path::available() {
            for threads in [1, 2, 7] {
                let options = RunOptions {
                    method,
                    tolerance: LOOSE,
                    path: Some(path),
                    ..RunOptions::default()
                };
                let profiles =
                    solve_profiles(&model, &events, &times, &own, 45, threads, &options).unwrap();
                let got = hash(&profiles, 45, 20, model.outputs().len());
                assert_eq!(
                    got,
                    *first.get_or_insert(got),
                    "{name} {method:?} {path:?} {threads}"
                );
            }
        }
        hashes.extend(first);
    }
    assert_eq!(hashes, HASHES);
}

const HASHES: [u64; 5] = [
    16_453_535_993_204_168_546,
    8_575_948_577_627_396_737,
    12_386_168_919_008_965_925,
    1_779_481_890_459_994_084,
    17_559_474_504_181_804_611,
];

/// Side by side and alone a subject takes the same steps.
#[test]
fn company_changes_no_bit() {
    let model = model("workload-b/model.toml");
    let parameters = drawn(&model, 8);
    let times = times(30);
    let doses = [Event::bolus(0.0, "depot", 50.0).repeated(3, 24.0)];
    let options = RunOptions {
        tolerance: LOOSE,
        ..RunOptions::default()
    };
    let profiles = solve_profiles(
        &model,
        &doses,
        &times,
        &columns(&model, &parameters),
        8,
        1,
        &options,
    )
    .unwrap();
    assert_eq!(profiles.exact_subjects, 0);
    let mut events = doses.to_vec();
    events.extend(times.iter().map(|&t| Event::observation(t)));
    let subject = Subject {
        id: "1".into(),
        events,
        covariates: Vec::new(),
    };
    let alone = Options {
        method: Method::Explicit,
        tolerance: LOOSE,
    };
    for (index, parameters) in parameters.iter().enumerate() {
        let prediction = simulate_parameters(&model, &subject, parameters, &alone).unwrap();
        for (time, row) in prediction.rows[1..].iter().enumerate() {
            for (output, value) in row.iter().enumerate() {
                assert_eq!(
                    profiles.value(index, time, output).to_bits(),
                    value.to_bits()
                );
            }
        }
    }
}

/// Closed form, differential equations and areas agree for drawn people, lags and infusions included.
#[test]
fn every_way_gives_the_same_levels() {
    let model = model("kratom-joint/model.toml");
    let parameters = drawn(&model, 64);
    let own = columns(&model, &parameters);
    let times: Vec<f64> = (0..200).map(|j| 0.25 * f64::from(j)).collect();
    let events = [
        Event::bolus(0.0, "gut", 50.0).repeated(4, 9.0),
        Event::infusion(5.0, "central", 20.0, 3.0),
    ];
    let run = |method, relative| {
        let tolerance = Tolerance {
            relative,
            absolute: 1e-12,
            max_steps: 100_000,
        };
        let options = RunOptions {
            method,
            tolerance,
            ..RunOptions::default()
        };
        solve_profiles(&model, &events, &times, &own, 64, 1, &options).unwrap()
    };
    let (closed, equations) = (run(Method::ClosedForm, 1e-9), run(Method::Explicit, 1e-9));
    for subject in 0..64 {
        for output in 0..2 {
            for time in 0..times.len() {
                let (a, b) = (
                    closed.value(subject, time, output),
                    equations.value(subject, time, output),
                );
                assert!(
                    (a - b).abs() < 1e-6 * a + 1e-9,
                    "{subject} {time} {output}: {a} {b}"
                );
            }
        }
    }
}

/// The area of an output is what a state that gathers it holds.
#[test]
fn areas_are_exact() {
    let text = common::reference("kratom-joint/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    description
        .compartment
        .push(ketum_core::model::Compartment {
            name: "gathered".into(),
            unit: "ng/mL*h".into(),
            ..Default::default()
        });
    let mut rate = ketum_core::model::Ratio::new(&[], &["v1"]);
    rate.factor = 1000.0;
    description.flow.push(ketum_core::model::Flow::formation(
        "central", "gathered", rate,
    ));
    description.output.push(ketum_core::model::Output {
        name: "gathered".into(),
        unit: "ng/mL*h".into(),
        compartment: "gathered".into(),
        scale: None,
    });
    let gathering = Model::compile(&description).unwrap();
    let plain = model("kratom-joint/model.toml");
    let parameters = drawn(&plain, 64);
    let times: Vec<f64> = (1..30).map(f64::from).collect();
    let events = [
        Event::bolus(0.0, "gut", 50.0).repeated(4, 9.0),
        Event::infusion(5.0, "central", 20.0, 3.0),
    ];
    let got = solve_linear(&plain, &events, &times, &parameters).unwrap();
    let expected = solve_linear(&gathering, &events, &times, &parameters).unwrap();
    let last = times.len() - 1;
    for subject in 0..64 {
        let area = expected.value(subject, last, 2) - expected.value(subject, 0, 2);
        let got = got.area(subject, 0);
        assert!((got / area - 1.0).abs() < 1e-11, "{got} {area}");
    }
}

#[test]
fn steady_state_of_a_population_is_the_limit_of_many_doses() {
    let model = model("workload-a/model.toml");
    let parameters = drawn(&model, 40);
    let times: Vec<f64> = (0..12).map(f64::from).collect();
    let steady = [Event::bolus(0.0, "depot", 50.0)
        .repeated(1, 6.0)
        .at_steady_state(6.0)];
    let last = 2000.0 * 6.0;
    let many = [Event::bolus(0.0, "depot", 50.0).repeated(2001, 6.0)];
    let later: Vec<f64> = times.iter().map(|t| last + t).collect();
    let steady = solve_linear(&model, &steady, &times, &parameters).unwrap();
    let many = solve_linear(&model, &many, &later, &parameters).unwrap();
    for subject in 0..40 {
        for time in 0..12 {
            for output in 0..2 {
                let (a, b) = (
                    steady.value(subject, time, output),
                    many.value(subject, time, output),
                );
                assert!((a / b - 1.0).abs() < 1e-10, "{a} {b}");
            }
        }
        let (a, b) = (steady.area(subject, 0), many.area(subject, 0));
        assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    }
}

#[test]
fn a_stream_agrees_with_keeping_everything() {
    let model = model("kratom-joint/model.toml");
    let times: Vec<f64> = (0..40).map(f64::from).collect();
    let events = [Event::bolus(0.0, "gut", 50.0).repeated(4, 9.0)];
    let population = Population {
        model: &model,
        events: &events,
        times_h: &times,
        subjects: 10_003,
        seed: 3,
        sources: Sources::PREDICTION,
        threads: 2,
    };
    let options = RunOptions::default();
    let limit = Threshold {
        output: 0,
        value: 200.0,
    };
    let wanted = Summaries {
        thresholds: &[limit],
        ..Summaries::default()
    };
    let kept = population.run().unwrap();
    let streamed = population.stream(&wanted, &options).unwrap();
    assert_eq!(
        streamed,
        Population {
            threads: 1,
            ..population
        }
        .stream(&wanted, &options)
        .unwrap()
    );
    for (kept, streamed) in kept.outputs.iter().zip(&streamed.outputs) {
        for (a, b) in kept
            .quantiles
            .iter()
            .flatten()
            .zip(streamed.quantiles.iter().flatten())
        {
            assert!((a - b).abs() <= 2.2e-3 * a.abs(), "{a} {b}");
        }
        let mut cmax: Vec<f64> = kept.exposure.iter().map(|e| e.cmax).collect();
        cmax.sort_by(f64::total_cmp);
        for (p, b) in QUANTILES.iter().zip(streamed.cmax) {
            let a = ketum_sim::population::quantile(&cmax, *p);
            assert!((a - b).abs() <= 2.2e-3 * a.abs(), "{a} {b}");
        }
    }
    let above = kept.outputs[0]
        .exposure
        .iter()
        .filter(|e| e.cmax > 200.0)
        .count();
    assert_eq!(streamed.exceedance[0].0, above as f64 / 10_003.0);
    assert_eq!(streamed.exceedance[0].1.len(), 40);
}

#[test]
fn progress_is_told_and_can_stop() {
    let model = model("workload-a/model.toml");
    let events = [Event::bolus(0.0, "depot", 50.0)];
    let population = Population {
        model: &model,
        events: &events,
        times_h: &[1.0],
        subjects: 20_000,
        seed: 3,
        sources: Sources::PREDICTION,
        threads: 1,
    };
    let seen = std::sync::Mutex::new(Vec::new());
    let progress = |p: ketum_sim::population::Progress| {
        seen.lock().unwrap().push(p.done);
        p.done < 8000
    };
    let options = RunOptions {
        progress: Some(&progress),
        ..RunOptions::default()
    };
    let stopped = SimError::Cancelled {
        done: 8192,
        subjects: 20_000,
    };
    assert_eq!(population.run_with(&options).unwrap_err(), stopped);
    assert_eq!(
        population
            .stream(&Summaries::default(), &options)
            .unwrap_err(),
        stopped
    );
    let seen = seen.lock().unwrap();
    assert_eq!(seen[..2], [4096, 8192]);
    let streamed: Vec<u64> = (1..=16).map(|chunk| 512 * chunk).collect();
    assert_eq!(seen[2..], streamed);
}

/// A parameter that is not a number in some subjects: they are named, with cause and parameters.
#[test]
fn failing_subjects_are_named() {
    let text = common::reference("workload-a/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    description
        .covariate_effect
        .push(ketum_core::model::CovariateEffect {
            parameter: "cl".into(),
            covariate: "wt".into(),
            unit: "kg".into(),
            form: ketum_core::model::CovariateForm::Power {
                reference: 70.0,
                exponent: 0.75,
            },
        });
    let model = Model::compile(&description).unwrap();
    let events = [Event::bolus(0.0, "depot", 50.0)];
    let population = Population {
        model: &model,
        events: &events,
        times_h: &[1.0, 2.0],
        subjects: 50,
        seed: 3,
        sources: Sources::PREDICTION,
        threads: 2,
    };
    // No weight at all.
    let error = population.run().unwrap_err();
    assert!(error.to_string().contains("'wt' is not given"), "{error}");
    // A weight below zero has no power.
    let weight = |subject: u64, _: &str| Some(if subject % 20 == 7 { -1.0 } else { 70.0 });
    let options = RunOptions {
        covariates: Some(&weight),
        ..RunOptions::default()
    };
    let error = population.run_with(&options).unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("3 of 50 subjects failed, first: subject 7: cl is not a finite number"),
        "{text}"
    );
    assert!(text.contains("vc="), "{text}");
    let options = RunOptions {
        failures_allowed: 3,
        ..options
    };
    let result = population.run_with(&options).unwrap();
    let failed: Vec<u64> = result.failures.iter().map(|f| f.subject).collect();
    assert_eq!(failed, [7, 27, 47]);
    assert!(
        result.outputs[0]
            .quantiles
            .iter()
            .flatten()
            .all(|q| q.is_finite())
    );
}

/// Quasi-random subjects give a mean with far less error than random ones.
#[test]
fn quasi_random_means_converge_faster() {
    let model = model("workload-a/model.toml");
    let mean = |quasi: bool, seed: u64| {
        let draws = Draws::new(&model, seed, Sources::PREDICTION);
        let draws = if quasi { draws.quasi_random() } else { draws };
        let mut own = model.typical();
        let sum: f64 = (0..2048)
            .map(|subject| {
                draws.subject(subject, &mut own);
                own[1]
            })
            .sum();
        sum / 2048.0
    };
    let expected = 90.0 * exp(0.08);
    let worst = |quasi| {
        (0..8)
            .map(|seed| (mean(quasi, seed) / expected - 1.0).abs())
            .fold(0.0, f64::max)
    };
    assert!(
        worst(true) < 0.2 * worst(false),
        "{} {}",
        worst(true),
        worst(false)
    );
}

/// A block of OMEGA keeps its covariances; sources of spread add up and stay apart.
#[test]
fn draws_have_the_covariance_asked_for() {
    let text = common::reference("workload-a/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    let block = |source, covariance: Vec<Vec<f64>>| ketum_core::model::Spread {
        source,
        parameters: vec!["cl".into(), "vc".into()],
        size: ketum_core::model::SpreadSize::Covariance(covariance),
    };
    use ketum_core::model::Source::{BetweenOccasion, BetweenSubject, Uncertainty};
    description.spread = vec![
        block(BetweenSubject, vec![vec![0.09], vec![0.06, 0.16]]),
        block(BetweenOccasion, vec![vec![0.04], vec![0.0, 0.0]]),
        block(Uncertainty, vec![vec![0.01], vec![0.0, 0.0]]),
    ];
    let model = Model::compile(&description).unwrap();
    let n = 40_000;
    let moments = |sources: Sources| {
        let draws = Draws::new(&model, 5, sources);
        let mut own = model.typical();
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for subject in 0..n {
            draws.subject(subject, &mut own);
            let (x, y) = (ln(own[1] / 90.0), ln(own[2] / 400.0));
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        [xx, xy, yy].map(|sum| sum / n as f64)
    };
    let near = |got: [f64; 3], expected: [f64; 3]| {
        for (got, expected) in got.into_iter().zip(expected) {
            assert!((got - expected).abs() < 0.004, "{got} {expected}");
        }
    };
    let between = Sources {
        between_subject: true,
        ..Sources::NONE
    };
    near(moments(between), [0.09, 0.06, 0.16]);
    near(
        moments(Sources {
            uncertainty: true,
            ..Sources::NONE
        }),
        [0.01, 0.0, 0.0],
    );
    near(moments(Sources::PREDICTION), [0.14, 0.06, 0.16]);
    // Occasions of a subject differ, the subject stays.
    let draws = Draws::new(&model, 5, Sources::PREDICTION);
    let (first, second) = (draws.effects(3, 1), draws.effects(3, 2));
    assert!(first[1] != second[1] && first[2] == second[2]);
}

/// One hundred thousand people drawn around workload B for its first week, and the first ten thousand of
/// them for all its 28 doses: none fails. `cargo bench -p ketum-sim -- --table --all` takes all of them
/// through all doses.
#[test]
fn a_hundred_thousand_of_workload_b_without_a_failure() {
    let model = model("workload-b/model.toml");
    for (subjects, doses, times) in [
        (100_000, 7, [24.0, 100.0, 168.0]),
        (10_000, 28, [24.0, 100.0, 674.0]),
    ] {
        let events = [Event::bolus(0.0, "depot", 50.0).repeated(doses - 1, 24.0)];
        let population = Population {
            model: &model,
            events: &events,
            times_h: &times,
            subjects,
            seed: 20_261_124,
            sources: Sources::PREDICTION,
            threads: 2,
        };
        let options = RunOptions {
            tolerance: LOOSE,
            ..RunOptions::default()
        };
        let result = population.stream(&Summaries::default(), &options).unwrap();
        assert_eq!(result.subjects, subjects);
        assert!(result.failures.is_empty());
    }
}

/// A compartment that no dose reaches and nothing enters or leaves has a rate of zero; it sends nobody the
/// slow way, and its output is exactly zero.
#[test]
fn what_no_dose_reaches_costs_nothing() {
    let text = common::reference("workload-a/model.toml");
    let plain: ModelDescription = toml::from_str(&text).unwrap();
    let mut with_idle = plain.clone();
    with_idle.compartment.push(ketum_core::model::Compartment {
        name: "idle".into(),
        unit: "mg".into(),
        ..Default::default()
    });
    with_idle.output.insert(
        0,
        ketum_core::model::Output {
            name: "idle".into(),
            unit: "mg".into(),
            compartment: "idle".into(),
            scale: None,
        },
    );
    let (plain, with_idle) = (
        Model::compile(&plain).unwrap(),
        Model::compile(&with_idle).unwrap(),
    );
    let parameters = drawn(&plain, 45);
    let times = times(30);
    let doses = [Event::bolus(0.0, "depot", 50.0).repeated(3, 24.0)];
    let expected = solve_linear(&plain, &doses, &times, &parameters).unwrap();
    let got = solve_linear(&with_idle, &doses, &times, &parameters).unwrap();
    assert_eq!(got.exact_subjects, expected.exact_subjects);
    assert_eq!(got.exact_subjects, 0);
    for subject in 0..45 {
        assert_eq!(got.area(subject, 0), 0.0);
        assert_eq!(got.area(subject, 1), expected.area(subject, 0));
        for time in 0..30 {
            assert_eq!(got.value(subject, time, 0), 0.0);
            for output in 0..2 {
                let (got, expected) = (
                    got.value(subject, time, output + 1),
                    expected.value(subject, time, output),
                );
                assert_eq!(got.to_bits(), expected.to_bits());
            }
        }
    }
    // Nobody gets anything: zero, also in memory that held something else.
    let mut profiles = got;
    let own = columns(&with_idle, &parameters);
    let options = RunOptions::default();
    profiles
        .solve_again(&with_idle, &[], &times, &own, 45, 1, &options)
        .unwrap();
    assert!((0..30).all(|time| profiles.column(time, 2).all(|eight| eight.0 == [0.0; 8])));
    assert_eq!(profiles.area(44, 2), 0.0);
    assert_eq!(profiles.exact_subjects, 0);
}

/// A random number is found by name: another parameter that varies, put first, and another output shift
/// nobody's draws, neither of parameters nor of measurements.
#[test]
fn another_effect_or_output_shifts_no_draw() {
    use ketum_core::model::{Output, Residual, Source, Spread, SpreadSize};
    let text = common::reference("workload-a/model.toml");
    let more = "parameter = [\n{ name = \"extra\", unit = \"1/h\", value = 1 },";
    let residual = Residual {
        output: "parent".into(),
        proportional: 0.1,
        additive: 0.0,
        log: false,
    };
    let mut plain: ModelDescription = toml::from_str(&text).unwrap();
    let mut with_more: ModelDescription =
        toml::from_str(&text.replacen("parameter = [", more, 1)).unwrap();
    let name = plain.output[0].name.clone();
    for description in [&mut plain, &mut with_more] {
        description.residual.push(Residual {
            output: name.clone(),
            ..residual.clone()
        });
    }
    with_more.spread.insert(
        0,
        Spread {
            source: Source::BetweenSubject,
            parameters: vec!["extra".into()],
            size: SpreadSize::Sd(vec![0.3]),
        },
    );
    with_more.output.insert(
        0,
        Output {
            name: "another".into(),
            ..plain.output[1].clone()
        },
    );
    let (plain, with_more) = (
        Model::compile(&plain).unwrap(),
        Model::compile(&with_more).unwrap(),
    );
    let few = Draws::new(&plain, 5, Sources::MEASUREMENT);
    let many = Draws::new(&with_more, 5, Sources::MEASUREMENT);
    let (mut own, mut same) = (plain.typical(), with_more.typical());
    let mut extra = Vec::new();
    for subject in 0..100 {
        few.subject(subject, &mut own);
        many.subject(subject, &mut same);
        extra.push(same[0]);
        assert_eq!(own, same[1..]);
        let measured = few.measured(0, 7.5, subject, 3.0);
        assert_eq!(measured, many.measured(1, 7.5, subject, 3.0));
        assert_ne!(measured, 3.0);
    }
    extra.dedup();
    assert_eq!(extra.len(), 100);
}
