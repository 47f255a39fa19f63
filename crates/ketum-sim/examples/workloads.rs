//! Times the benchmark workloads once, CPU seconds of this process beside the result.
//! `cargo run --release -p ketum-sim --example workloads -- A 20000`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use ketum_core::event::Event;
use ketum_core::model::ModelDescription;
use ketum_sim::math::dispatch::Path;
use ketum_sim::population::{Draws, Profiles, RunOptions, columns, solve_profiles};
use ketum_sim::solve::{Method, Tolerance};
use ketum_sim::{Model, Sources};

/// CPU seconds of the main thread so far.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() * 1e-9
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let workload = arguments.get(1).map_or("A", String::as_str);
    let n: usize = arguments.get(2).map_or(20_000, |n| n.parse().unwrap());
    let threads: usize = arguments.get(3).map_or(1, |n| n.parse().unwrap());
    let (file, method) = match workload {
        "A" => ("workload-a", Method::ClosedForm),
        "A-ode" => ("workload-a", Method::Explicit),
        _ => ("workload-b", Method::Explicit),
    };
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../validation/reference/");
    let text = std::fs::read_to_string(format!("{root}{file}/model.toml")).unwrap();
    let description: ModelDescription = toml::from_str(&text).unwrap();
    let model = Model::compile(&description).unwrap();
    let draws = Draws::new(&model, 1, Sources::PREDICTION);
    let parameters: Vec<Vec<f64>> = (0..n as u64)
        .map(|subject| {
            let mut own = model.typical();
            draws.subject(subject, &mut own);
            own
        })
        .collect();
    let own = columns(&model, &parameters);
    let events = [Event::bolus(0.0, "depot", 50.0).repeated(27, 24.0)];
    let times: Vec<f64> = (1..=200).map(|j| 3.37 * f64::from(j)).collect();
    for path in Path::available() {
        let tolerance = Tolerance {
            relative: 1e-6,
            absolute: 1e-9,
            max_steps: 100_000,
        };
        let options = RunOptions {
            method,
            tolerance,
            path: Some(path),
            ..RunOptions::default()
        };
        let mut profiles: Option<Profiles> = None;
        for _ in 0..3 {
            let start = cpu_seconds();
            match &mut profiles {
                None => {
                    let new = solve_profiles(&model, &events, &times, &own, n, threads, &options)
                        .unwrap();
                    profiles = Some(new);
                }
                Some(profiles) => profiles
                    .solve_again(&model, &events, &times, &own, n, threads, &options)
                    .unwrap(),
            }
            let micro = (cpu_seconds() - start) * 1e6 / n as f64;
            let alone = profiles.as_ref().unwrap().exact_subjects;
            println!("{workload} {path:?} {threads}: {micro:.2} us/subject, {alone} of {n} alone");
        }
    }
}
