//! Workloads A, B and C (`docs/engine.md`): CPU time of this process beside the error on the
//! reference subjects, printed as a table before criterion takes its samples.
//! `cargo bench -p ketum-sim`
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use ketum_core::event::Event;
use ketum_core::model::ModelDescription;
use ketum_sim::math::Lanes;
use ketum_sim::nca::{Options as NcaOptions, analyse};
use ketum_sim::population::{Draws, Profiles, RunOptions, columns, solve_profiles};
use ketum_sim::solve::{Method, Tolerance};
use ketum_sim::{Model, Population, Sources};
use std::hint::black_box;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../validation/reference/");

struct Case {
    id: &'static str,
    file: &'static str,
    method: Method,
    subjects: usize,
}

const CASES: [Case; 3] = [
    Case {
        id: "G1 A closed form",
        file: "workload-a",
        method: Method::ClosedForm,
        subjects: 20_000,
    },
    Case {
        id: "G4 A by ODE",
        file: "workload-a",
        method: Method::Explicit,
        subjects: 800,
    },
    Case {
        id: "G5 B by ODE",
        file: "workload-b",
        method: Method::Explicit,
        subjects: 400,
    },
];

/// CPU seconds of this process so far, all threads.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after = text.rsplit(')').next().unwrap();
    let fields: Vec<f64> = after
        .split_whitespace()
        .map(|field| field.parse().unwrap_or(0.0))
        .collect();
    // utime and stime in clock ticks, a hundredth of a second on Linux.
    (fields[11] + fields[12]) / 100.0
}

fn model(file: &str) -> Model {
    let text = std::fs::read_to_string(format!("{ROOT}{file}/model.toml")).unwrap();
    let description: ModelDescription = toml::from_str(&text).unwrap();
    Model::compile(&description).unwrap()
}

fn table(name: &str) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(format!("{ROOT}{name}")).unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .map(|field| field.parse().unwrap())
                .collect()
        })
        .collect()
}

fn events() -> [Event; 1] {
    [Event::bolus(0.0, "depot", 50.0).repeated(27, 24.0)]
}

fn times() -> Vec<f64> {
    (1..=200).map(|j| 3.37 * f64::from(j)).collect()
}

fn options(method: Method) -> RunOptions<'static> {
    let tolerance = Tolerance {
        relative: 1e-6,
        absolute: 1e-9,
        ..Tolerance::default()
    };
    RunOptions {
        method,
        tolerance,
        ..RunOptions::default()
    }
}

fn drawn(model: &Model, subjects: usize) -> Vec<Lanes> {
    let draws = Draws::new(model, 1, Sources::PREDICTION);
    let parameters: Vec<Vec<f64>> = (0..subjects as u64)
        .map(|subject| {
            let mut own = model.typical();
            draws.subject(subject, &mut own);
            own
        })
        .collect();
    columns(model, &parameters)
}

/// Worst relative difference to the reference solutions of the ten subjects.
fn error(case: &Case) -> f64 {
    let model = model(case.file);
    let parameters: Vec<Vec<f64>> = table(&format!("{}/parameters.csv", case.file))
        .into_iter()
        .map(|row| row[1..].to_vec())
        .collect();
    let own = columns(&model, &parameters);
    let profiles = solve_profiles(
        &model,
        &events(),
        &times(),
        &own,
        10,
        1,
        &options(case.method),
    )
    .unwrap();
    let mut worst = 0.0_f64;
    for row in table(&format!("{}/expected.csv", case.file)) {
        for (output, expected) in row[2..].iter().enumerate() {
            let got = profiles.value(row[0] as usize - 1, row[1] as usize - 1, output);
            worst = worst.max((got / expected - 1.0).abs());
        }
    }
    worst
}

fn print_table() {
    println!("workload, CPU us a subject (one thread, warm), worst relative error");
    for case in &CASES {
        let model = model(case.file);
        let own = drawn(&model, case.subjects);
        let mut profiles = solve(&model, &own, case);
        // Clock ticks are coarse: repeat for at least half a second.
        let (start, mut runs) = (cpu_seconds(), 0);
        while cpu_seconds() - start < 0.5 {
            again(&model, &own, case, &mut profiles);
            runs += 1;
        }
        let micro = (cpu_seconds() - start) * 1e6 / (runs * case.subjects) as f64;
        println!("{:18} {micro:10.2} {:10.1e}", case.id, error(case));
    }
    let (start, mut runs) = (cpu_seconds(), 0);
    let profile = nca_profile();
    while cpu_seconds() - start < 0.5 {
        for _ in 0..1000 {
            black_box(
                analyse(
                    &profile.0,
                    black_box(&profile.1),
                    50.0,
                    &NcaOptions::default(),
                )
                .unwrap(),
            );
        }
        runs += 1000;
    }
    println!(
        "{:18} {:10.2} {:>10}",
        "G6 C NCA",
        (cpu_seconds() - start) * 1e6 / f64::from(runs),
        "1e-10"
    );
    stream_row();
}

/// A million people would take the same memory; the row says the time of a hundred thousand.
fn stream_row() {
    let model = model("workload-a");
    let (events, times) = (events(), times());
    let population = Population {
        model: &model,
        events: &events,
        times_h: &times,
        subjects: 100_000,
        seed: 1,
        sources: Sources::PREDICTION,
        threads: 2,
    };
    let (cpu, wall) = (cpu_seconds(), std::time::Instant::now());
    black_box(population.stream(&[], &RunOptions::default()).unwrap());
    println!(
        "G7 100,000 people, bands and exposure, two threads: {:.2} s wall, {:.2} s CPU",
        wall.elapsed().as_secs_f64(),
        cpu_seconds() - cpu
    );
}

fn solve(model: &Model, own: &[Lanes], case: &Case) -> Profiles {
    solve_profiles(
        model,
        &events(),
        &times(),
        own,
        case.subjects,
        1,
        &options(case.method),
    )
    .unwrap()
}

fn again(model: &Model, own: &[Lanes], case: &Case, profiles: &mut Profiles) {
    let options = options(case.method);
    profiles
        .solve_again(model, &events(), &times(), own, case.subjects, 1, &options)
        .unwrap();
}

fn nca_profile() -> (Vec<f64>, Vec<f64>) {
    let times = [
        0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 36.0, 48.0,
        72.0, 96.0,
    ];
    let model = model("workload-a");
    let own = drawn(&model, 1);
    let dose = [Event::bolus(0.0, "depot", 50.0)];
    let options = options(Method::ClosedForm);
    let profiles = solve_profiles(&model, &dose, &times, &own, 1, 1, &options).unwrap();
    (
        times.to_vec(),
        (0..times.len())
            .map(|time| profiles.value(0, time, 0))
            .collect(),
    )
}

fn workloads(criterion: &mut Criterion) {
    print_table();
    for case in &CASES {
        let model = model(case.file);
        let case = Case {
            subjects: case.subjects / 10,
            ..*case
        };
        let own = drawn(&model, case.subjects);
        let mut profiles = solve(&model, &own, &case);
        let name = format!("{} x {}", case.id, case.subjects);
        criterion.bench_function(&name, |bencher| {
            bencher.iter(|| again(&model, &own, &case, &mut profiles));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = workloads
}
criterion_main!(benches);
