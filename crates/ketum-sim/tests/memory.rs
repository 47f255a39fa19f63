//! Memory of a streamed population. A file of its own, so that nothing else fills the process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::model;
use ketum_core::event::Event;
use ketum_sim::population::{RunOptions, Summaries};
use ketum_sim::{Population, Sources};

/// Most memory this process has held, MB.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kilobytes = line.unwrap().split_whitespace().nth(1).unwrap();
    kilobytes.parse::<f64>().unwrap() / 1024.0
}

/// Kept whole, the profiles of these people would take 640 MB.
#[test]
fn a_streamed_population_takes_the_same_memory_whatever_its_size() {
    let model = model("workload-a/model.toml");
    let times: Vec<f64> = (1..=200).map(|j| 3.37 * f64::from(j)).collect();
    let events = [Event::bolus(0.0, "depot", 50.0).repeated(27, 24.0)];
    let stream = |subjects| {
        let population = Population {
            model: &model,
            events: &events,
            times_h: &times,
            subjects,
            seed: 1,
            sources: Sources::PREDICTION,
            threads: 2,
        };
        let streamed = population
            .stream(&Summaries::default(), &RunOptions::default())
            .unwrap();
        assert_eq!(streamed.subjects, subjects);
        peak_mb()
    };
    let few = stream(20_000);
    let many = stream(200_000);
    assert!(many < 64.0, "{many} MB");
    // Each thread has blocks and an arena of its own, and how many of them the first run needed is chance.
    assert!(many - few < 24.0, "{few} MB, then {many} MB");
}
