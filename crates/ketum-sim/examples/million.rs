//! A million people, 28 days, quantile bands and exposure, in memory that does not grow with them.
//! `cargo run --release -p ketum-sim --example million -- [PEOPLE] [THREADS]`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use ketum_core::event::Event;
use ketum_core::model::ModelDescription;
use ketum_sim::population::{RunOptions, Summaries, Threshold};
use ketum_sim::{Model, Population, Sources};

const MODEL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../validation/reference/workload-a/model.toml"
);

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |absent| {
        arguments
            .next()
            .map_or(absent, |text| text.parse().unwrap())
    };
    let (subjects, threads) = (number(1_000_000_u64), number(2) as usize);
    let description: ModelDescription =
        toml::from_str(&std::fs::read_to_string(MODEL).unwrap()).unwrap();
    let model = Model::compile(&description).unwrap();
    let events = [Event::bolus(0.0, "depot", 50.0).repeated(27, 24.0)];
    let times: Vec<f64> = (1..=200).map(|j| 3.37 * f64::from(j)).collect();
    let population = Population {
        model: &model,
        events: &events,
        times_h: &times,
        subjects,
        seed: 1,
        sources: Sources::PREDICTION,
        threads,
    };
    let before = status("VmRSS");
    let start = std::time::Instant::now();
    let limit = Threshold {
        output: 0,
        value: 60.0,
    };
    let wanted = Summaries {
        thresholds: &[limit],
        ..Summaries::default()
    };
    let result = population.stream(&wanted, &RunOptions::default()).unwrap();
    println!(
        "{} people, {threads} threads: {:.1} s wall, peak {:.0} MB (before the run {before:.0} MB)",
        result.subjects,
        start.elapsed().as_secs_f64(),
        status("VmHWM")
    );
    for output in &result.outputs {
        println!(
            "{}: median highest level {:.4} {}, 5 % to 95 % at the end {:.4} to {:.4}; area {:.4}",
            output.name, output.cmax[2], output.unit, output.last[0], output.last[4], output.auc[2]
        );
    }
    println!("above 60 at some time: {:.4}", result.exceedance[0].0);
}

/// A line of the process's status, MB.
fn status(key: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap();
    let kilobytes: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes / 1024.0
}
