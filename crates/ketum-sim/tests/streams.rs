//! Summaries of a stream: who failed is in none of them, values below zero are counted, and what is not asked
//! for changes nothing that is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::{model, reference};
use ketum_core::event::Event;
use ketum_sim::nca;
use ketum_sim::population::{
    Analysis, QUANTILES, RunOptions, Summaries, Threshold, columns, quantile, solve_profiles,
};
use ketum_sim::{Model, Population, SimError, Sources};

const TIMES: [f64; 4] = [1.0, 2.0, 4.0, 100.0];

fn with_residual(additive: f64) -> Model {
    let text = reference("workload-a/model.toml");
    let text = format!("{text}\n[[residual]]\noutput = \"cp\"\nadditive = {additive}\n");
    Model::compile(&toml::from_str(&text).unwrap()).unwrap()
}

fn population<'a>(model: &'a Model, events: &'a [Event], sources: Sources) -> Population<'a> {
    Population {
        model,
        events,
        times_h: &TIMES,
        subjects: 3_003,
        seed: 7,
        sources,
        threads: 2,
    }
}

/// The quantile of the values themselves, within the width of a cell.
fn near(got: [f64; QUANTILES.len()], mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    for (p, got) in QUANTILES.iter().zip(got) {
        let wanted = quantile(&values, *p);
        assert!(
            (got - wanted).abs() <= 2.2e-3 * wanted.abs(),
            "{p}: {got}, {wanted}"
        );
    }
}

/// Every other subject gets a negative lag and fails.
#[test]
fn who_failed_is_in_no_summary() {
    let model = model("nonmem/model.toml");
    let events = [Event::bolus(0.0, "central", 50.0)];
    let covariates = |subject: u64, name: &str| {
        Some(match name {
            "LAGT" if subject % 2 == 1 => -1.0,
            "LAGT" => 0.0,
            "BIOAV" => 0.5 + 0.5 * (subject as f64 / 3_003.0),
            _ => 1.0,
        })
    };
    let options = RunOptions {
        covariates: Some(&covariates),
        failures_allowed: 2_000,
        ..RunOptions::default()
    };
    let population = population(&model, &events, Sources::PREDICTION);
    let kept = population.run_with(&options).unwrap();
    let streamed = population.stream(&Summaries::default(), &options).unwrap();
    assert_eq!(kept.failures.len(), 1_501);
    assert_eq!(streamed.subjects, 1_502);
    let exposure = &kept.outputs[0].exposure;
    assert!(exposure[1].cmax.is_nan() && exposure[1].tmax_h.is_nan() && exposure[1].auc.is_nan());
    let whole: Vec<_> = exposure.iter().step_by(2).collect();
    near(
        streamed.outputs[0].cmax,
        whole.iter().map(|e| e.cmax).collect(),
    );
    near(
        streamed.outputs[0].auc,
        whole.iter().map(|e| e.auc).collect(),
    );
    assert_eq!(streamed.outputs[0].tmax_h, [1.0; QUANTILES.len()]);
    for (kept, streamed) in kept.outputs[0]
        .quantiles
        .iter()
        .zip(&streamed.outputs[0].quantiles)
    {
        assert!(
            kept.iter()
                .zip(streamed)
                .all(|(a, b)| (a - b).abs() <= 5e-3 * a.abs())
        );
    }
}

/// Scatter puts half of what is nearly zero below it.
#[test]
fn values_below_zero_have_quantiles_too() {
    let model = with_residual(0.3);
    let events = [Event::bolus(0.0, "depot", 1e-3)];
    let population = population(&model, &events, Sources::MEASUREMENT);
    let kept = population.run().unwrap();
    let streamed = population
        .stream(&Summaries::default(), &RunOptions::default())
        .unwrap();
    for (kept, streamed) in kept.outputs[0]
        .quantiles
        .iter()
        .zip(&streamed.outputs[0].quantiles)
    {
        assert!(kept[0] < -0.4, "{kept:?}");
        for (a, b) in kept.iter().zip(streamed) {
            assert!((a - b).abs() <= 5e-3 * a.abs() + 1e-3, "{a} {b}");
        }
    }
}

#[test]
fn without_bands_the_exposure_is_the_same() {
    let model = model("workload-a/model.toml");
    let events = [Event::bolus(0.0, "depot", 50.0)];
    let population = population(&model, &events, Sources::PREDICTION);
    let limit = [Threshold {
        output: 1,
        value: 20.0,
    }];
    let [with, without] = [true, false].map(|bands| {
        let wanted = Summaries {
            bands,
            thresholds: &limit,
            nca: None,
        };
        population.stream(&wanted, &RunOptions::default()).unwrap()
    });
    for (with, without) in with.outputs.iter().zip(&without.outputs) {
        assert_eq!(with.cmax, without.cmax);
        assert_eq!(with.tmax_h, without.tmax_h);
        assert_eq!(with.auc, without.auc);
        assert_eq!(with.last, without.last);
        assert!(without.quantiles.is_empty() && with.quantiles.len() == TIMES.len());
    }
    assert_eq!(with.exceedance[0].0, without.exceedance[0].0);
    assert!(with.exceedance[0].0 > 0.0 && with.exceedance[0].0 < 1.0);
    assert!(without.exceedance[0].1.is_empty());
}

#[test]
fn a_limit_of_no_output_is_an_error() {
    let model = model("workload-a/model.toml");
    let population = population(&model, &[], Sources::NONE);
    let wanted = Summaries {
        thresholds: &[Threshold {
            output: 2,
            value: 1.0,
        }],
        ..Summaries::default()
    };
    let failed = population.stream(&wanted, &RunOptions::default());
    assert!(matches!(failed, Err(SimError::Unsupported { .. })));
}

/// Twenty samples after one dose, analysed in the stream and one by one.
#[test]
fn each_profile_is_analysed_in_the_stream() {
    let model = model("workload-a/model.toml");
    let events = [Event::bolus(0.0, "depot", 50.0)];
    let mut times: Vec<f64> = (0..20)
        .map(|i| 0.25 * ketum_sim::math::pow(1.45, f64::from(i)))
        .collect();
    times.insert(0, 0.0);
    let population = Population {
        times_h: &times,
        ..population(&model, &events, Sources::PREDICTION)
    };
    let rules = nca::Options::default();
    let wanted = Summaries {
        nca: Some(Analysis {
            dose: 50.0,
            options: &rules,
        }),
        ..Summaries::default()
    };
    let streamed = population.stream(&wanted, &RunOptions::default()).unwrap();
    let kept = population.run().unwrap();
    let own = columns(&model, &kept.parameters);
    let count = kept.parameters.len();
    let options = RunOptions::default();
    let profiles = solve_profiles(&model, &events, &times, &own, count, 1, &options).unwrap();
    for (output, bands) in streamed.outputs.iter().enumerate() {
        let analysed: Vec<_> = (0..count)
            .map(|subject| {
                let values: Vec<f64> = (0..times.len())
                    .map(|time| profiles.value(subject, time, output))
                    .collect();
                nca::analyse(&times, &values, 50.0, &rules).unwrap()
            })
            .collect();
        let got = bands.nca.unwrap();
        let lines = analysed.iter().filter_map(|one| one.terminal);
        assert_eq!(got.subjects, lines.clone().count() as u64);
        near(got.t_half, lines.map(|line| line.t_half).collect());
        near(
            got.auc_0_inf,
            analysed.iter().filter_map(|one| one.auc_0_inf).collect(),
        );
        near(got.cl, analysed.iter().filter_map(|one| one.cl).collect());
        near(got.vz, analysed.iter().filter_map(|one| one.vz).collect());
        near(got.mrt, analysed.iter().filter_map(|one| one.mrt).collect());
    }
    let twice = [1.0, 1.0];
    let population = Population {
        times_h: &twice,
        ..population
    };
    let failed = population.stream(&wanted, &RunOptions::default());
    assert!(matches!(failed, Err(SimError::Nca(_))));
}
