//! Workloads A, B and C (`docs/engine.md`): CPU time of this process beside the error, printed as a
//! table before criterion takes its samples. `cargo bench -p ketum-sim`; `-- --table` prints the table
//! only, `--all` adds the hundred thousand people of workload B, `--people FOLDER` takes the people that
//! `validation/peers/people.py` drew, those that the peers solve.
//!
//! The time is that of the processor, not of the wall: the smallest of several runs, each long enough
//! to be told from the noise. The machine may be busy; a run that shared its caches counts less.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs
)]

#[path = "../tests/common/nca_definition.rs"]
mod definition;

use criterion::{Criterion, criterion_group};
use ketum_core::event::Event;
use ketum_core::model::ModelDescription;
use ketum_sim::math::{Lanes, Real, exp};
use ketum_sim::nca::{Options as NcaOptions, analyse};
use ketum_sim::population::{
    Draws, Profiles, RunOptions, Summaries, columns, on_threads, solve_profiles,
};
use ketum_sim::random::{Purpose, Streams};
use ketum_sim::solve::{Method, Tolerance};
use ketum_sim::{Model, Population, Sources};
use std::hint::black_box;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../validation/reference/");
/// Runs of each workload.
const RUNS: usize = 5;
/// The clock of CPU time may move in steps of 4 ms: a run is repeated until it takes so long, seconds, that
/// a step is below half a percent.
const LONG: f64 = 1.0;

struct Case {
    id: &'static str,
    file: &'static str,
    method: Method,
    subjects: usize,
    target: f64,
}

const CASES: [Case; 3] = [
    Case {
        id: "G1 A closed form, 28 doses x 200 times",
        file: "workload-a",
        method: Method::ClosedForm,
        subjects: 8_000,
        target: 1.6,
    },
    Case {
        id: "G4 A by explicit ODE",
        file: "workload-a",
        method: Method::Explicit,
        subjects: 400,
        target: 60.0,
    },
    Case {
        id: "G5 B by explicit ODE",
        file: "workload-b",
        method: Method::Explicit,
        subjects: 160,
        target: 300.0,
    },
];

/// CPU seconds of this thread so far, to the nanosecond.
fn thread_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace()
        .next()
        .unwrap()
        .parse::<f64>()
        .unwrap()
        * 1e-9
}

/// CPU seconds of this process so far, all threads, to a hundredth.
fn process_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    let ticks = |at: usize| fields[at].parse::<f64>().unwrap();
    (ticks(11) + ticks(12)) / 100.0
}

/// Most memory the process has held, MB.
fn peak_mb() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<f64>()
        .unwrap()
        / 1024.0
}

/// CPU seconds of one call of `work` by this thread, the mean of a run of many.
fn run_of(work: &mut impl FnMut()) -> f64 {
    let start = thread_seconds();
    let mut calls = 0.0;
    loop {
        work();
        calls += 1.0;
        let spent = thread_seconds() - start;
        if spent >= LONG {
            return spent / calls;
        }
    }
}

/// Smallest and middle CPU time of a call, seconds, over the runs.
fn timed(mut work: impl FnMut()) -> (f64, f64) {
    work();
    let mut times: Vec<f64> = (0..RUNS).map(|_| run_of(&mut work)).collect();
    times.sort_by(f64::total_cmp);
    (times[0], times[RUNS / 2])
}

fn row(id: &str, times: (f64, f64), each: usize, target: f64, error: f64) {
    let micro = |seconds: f64| seconds * 1e6 / each as f64;
    println!(
        "{id:44} {:9.3} {:9.3} {target:9.2} {error:10.1e}",
        micro(times.0),
        micro(times.1)
    );
}

fn model(file: &str) -> Model {
    let text = std::fs::read_to_string(format!("{ROOT}{file}/model.toml")).unwrap();
    let description: ModelDescription = toml::from_str(&text).unwrap();
    Model::compile(&description).unwrap()
}

fn table(name: &str) -> Vec<Vec<f64>> {
    numbers(&format!("{ROOT}{name}"))
}

fn numbers(path: &str) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(path).unwrap();
    let number = |field: &str| field.parse().unwrap();
    let lines = text.lines().skip(1);
    lines
        .map(|line| line.split(',').map(number).collect())
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

/// The folder named by `--people`.
fn folder() -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--people");
    arguments.nth(1)
}

/// The first people of a workload: those of a folder that was named, or drawn here.
fn drawn(model: &Model, file: &str, subjects: usize) -> Vec<Lanes> {
    if let Some(folder) = folder() {
        let rows = numbers(&format!("{folder}/{file}/parameters.csv"));
        let people: Vec<Vec<f64>> = rows.iter().map(|row| row[1..].to_vec()).collect();
        // Again and again where there are too few.
        let all: Vec<Vec<f64>> = people.iter().cycle().take(subjects).cloned().collect();
        return columns(model, &all);
    }
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
    let options = options(case.method);
    let profiles = solve_profiles(&model, &events(), &times(), &own, 10, 1, &options).unwrap();
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
    println!(
        "{:44} {:>9} {:>9} {:>9} {:>10}",
        "one thread, CPU us each, reused memory", "min", "median", "target", "error"
    );
    for case in &CASES {
        let model = model(case.file);
        let own = drawn(&model, case.file, case.subjects);
        let mut profiles = solve(&model, &own, case);
        let time = timed(|| again(&model, &own, case, &mut profiles));
        row(case.id, time, case.subjects, case.target, error(case));
        let (alone, all) = (profiles.exact_subjects, case.subjects);
        if alone > 0 {
            println!("   of {all} people {alone} were solved by themselves");
        }
    }
    nca_row();
    two_threads();
    fresh_memory();
    stream_row(
        "G2 100,000 people, not drawn, exposure only",
        false,
        Sources::NONE,
    );
    stream_row(
        "G2 100,000 people drawn, exposure only",
        false,
        Sources::PREDICTION,
    );
    stream_row(
        "G2 100,000 people drawn, bands and exposure",
        true,
        Sources::PREDICTION,
    );
}

fn solve(model: &Model, own: &[Lanes], case: &Case) -> Profiles {
    let options = options(case.method);
    solve_profiles(model, &events(), &times(), own, case.subjects, 1, &options).unwrap()
}

fn again(model: &Model, own: &[Lanes], case: &Case, profiles: &mut Profiles) {
    let options = options(case.method);
    profiles
        .solve_again(model, &events(), &times(), own, case.subjects, 1, &options)
        .unwrap();
}

const SAMPLES: [f64; 18] = [
    0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 36.0, 48.0, 72.0,
    96.0,
];

/// Workload C: ten thousand people of A after one dose, with noise of 10 %.
fn noisy_profiles() -> Vec<[f64; 18]> {
    let people = 10_000;
    if let Some(folder) = folder() {
        let rows = numbers(&format!("{folder}/workload-c/profiles.csv"));
        let profiles = rows.chunks_exact(18);
        let profile = |rows: &[Vec<f64>]| std::array::from_fn(|time| rows[time][2]);
        return profiles.map(profile).cycle().take(people).collect();
    }
    let model = model("workload-a");
    let own = drawn(&model, "workload-a", people);
    let dose = [Event::bolus(0.0, "depot", 50.0)];
    let closed = options(Method::ClosedForm);
    let profiles = solve_profiles(&model, &dose, &SAMPLES, &own, people, 1, &closed).unwrap();
    let noise = Streams::new(20_261_125);
    (0..people)
        .map(|person| {
            std::array::from_fn(|time| {
                let z = noise.normal(time as u32, Purpose::Residual, person as u64);
                profiles.value(person, time, 0) * exp(0.1 * z)
            })
        })
        .collect()
}

/// The error is the worst difference to the analysis written down from its definition.
fn nca_row() {
    let profiles = noisy_profiles();
    let mut worst = 0.0_f64;
    for values in &profiles {
        let got = analyse(&SAMPLES, values, 50.0, &NcaOptions::default()).unwrap();
        let expected = definition::analyse(&SAMPLES, values);
        if let (Some(line), Some(defined)) = (got.terminal, &expected.terminal) {
            assert_eq!(line.points, defined.points);
            worst = worst.max((line.lambda_z / defined.lambda_z - 1.0).abs());
            worst = worst.max((got.auc_0_inf.unwrap() / defined.auc_0_inf - 1.0).abs());
            worst = worst.max((got.aumc_0_inf.unwrap() / defined.aumc_0_inf - 1.0).abs());
        }
        worst = worst.max((got.auc_0_t.unwrap() / expected.auc_0_t - 1.0).abs());
    }
    let time = timed(|| {
        for values in &profiles {
            black_box(analyse(&SAMPLES, black_box(values), 50.0, &NcaOptions::default()).unwrap());
        }
    });
    row(
        "G6 C, NCA of 18 noisy points",
        time,
        profiles.len(),
        1.0,
        worst,
    );
}

/// Wall time of one and two threads on the same work, and whether the bits are the same.
fn two_threads() {
    let case = &CASES[0];
    let model = model(case.file);
    let own = drawn(&model, case.file, 40_000);
    let options = options(case.method);
    let mut results = Vec::new();
    let mut walls = Vec::new();
    for threads in [1, 2] {
        let mut best = f64::INFINITY;
        let mut profiles =
            solve_profiles(&model, &events(), &times(), &own, 40_000, threads, &options).unwrap();
        for _ in 0..RUNS {
            let start = std::time::Instant::now();
            profiles
                .solve_again(&model, &events(), &times(), &own, 40_000, threads, &options)
                .unwrap();
            best = best.min(start.elapsed().as_secs_f64());
        }
        walls.push(best);
        results.push(profiles);
    }
    println!(
        "G3 two threads: {:.2} times as fast as one (target 1.85), same bits: {}",
        walls[0] / walls[1],
        results[0] == results[1]
    );
}

/// A hundred thousand people into memory that was never touched.
fn fresh_memory() {
    let case = &CASES[0];
    let model = model(case.file);
    let people = 100_000;
    let own = drawn(&model, case.file, people);
    let before = peak_mb();
    let options = options(case.method);
    let mut fresh = || {
        let profiles = solve_profiles(&model, &events(), &times(), &own, people, 1, &options);
        black_box(&profiles.unwrap());
    };
    let best = (0..3)
        .map(|_| run_of(&mut fresh))
        .fold(f64::INFINITY, f64::min);
    let output = (people * 400 * 8) as f64 / 1_048_576.0;
    println!(
        "G2 100,000 x 200 x 2 into fresh memory: {best:.3} s CPU (target 0.30), {:.0} MB for {output:.0} MB of output",
        peak_mb() - before.min(peak_mb() - output)
    );
}

/// A hundred thousand people summarised by one thread; not drawn they are all typical. A million take the same
/// memory (`examples/million.rs`). The target of 0.12 s was measured on given people and exposure only.
fn stream_row(id: &str, bands: bool, sources: Sources) {
    let model = model("workload-a");
    let (events, times) = (events(), times());
    let population = Population {
        model: &model,
        events: &events,
        times_h: &times,
        subjects: 100_000,
        seed: 1,
        sources,
        threads: 1,
    };
    let wanted = Summaries {
        bands,
        ..Summaries::default()
    };
    let stream = || {
        black_box(population.stream(&wanted, &RunOptions::default()).unwrap());
    };
    // By the thread whose time is read.
    let best = on_threads(1, || timed(stream).0).unwrap();
    println!("{id}: {best:.3} s CPU");
}

/// A hundred thousand people of B through all 28 doses: none may fail.
fn everybody_of_b() {
    let model = model("workload-b");
    let (events, times) = (events(), times());
    let population = Population {
        model: &model,
        events: &events,
        times_h: &times,
        subjects: 100_000,
        seed: 20_261_124,
        sources: Sources::PREDICTION,
        threads: 2,
    };
    let cpu = process_seconds();
    let result = population
        .stream(&Summaries::default(), &options(Method::Auto))
        .expect("nobody fails");
    println!(
        "B, 28 doses: {} people, {} failed, {} solved alone, {:.0} s CPU",
        result.subjects,
        result.failures.len(),
        result.exact_subjects,
        process_seconds() - cpu
    );
}

fn workloads(criterion: &mut Criterion) {
    for case in &CASES {
        let model = model(case.file);
        let case = Case {
            subjects: case.subjects / 10,
            ..*case
        };
        let own = drawn(&model, case.file, case.subjects);
        let mut profiles = solve(&model, &own, &case);
        let name = format!("{} x {}", case.id, case.subjects);
        criterion.bench_function(&name, |bencher| {
            bencher.iter(|| again(&model, &own, &case, &mut profiles));
        });
    }
    criterion.bench_function("exp of 8 numbers x 1000", |bencher| {
        let x: Vec<Lanes> = (0..1000)
            .map(|i| Lanes::splat(-0.01 * f64::from(i)))
            .collect();
        bencher.iter(|| x.iter().map(|x| x.exp().lane(0)).sum::<f64>());
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = workloads
}

fn main() {
    print_table();
    let asked = |word: &str| std::env::args().any(|argument| argument == word);
    if asked("--all") {
        everybody_of_b();
    }
    if !asked("--table") {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
}
