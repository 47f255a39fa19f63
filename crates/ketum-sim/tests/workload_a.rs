//! Workload A: closed form of a parent with a metabolite, 28 doses, against solutions computed with
//! a 113-bit extrapolation integrator (`validation/reference/workload-a`).

mod common;

use common::{model, table};
use ketum_core::event::Event;
use ketum_sim::population::solve_linear;

#[test]
fn closed_form_agrees_to_twelve_digits() {
    let model = model("workload-a/model.toml");
    let parameters: Vec<Vec<f64>> = table("workload-a/parameters.csv")
        .into_iter()
        .map(|row| row[1..].to_vec())
        .collect();
    let times_h: Vec<f64> = (1..=200).map(|j| 3.37 * f64::from(j)).collect();
    let events = [Event::bolus(0.0, "depot", 50.0).repeated(27, 24.0)];
    let profiles = solve_linear(&model, &events, &times_h, &parameters).unwrap();
    let mut worst = 0.0_f64;
    for row in table("workload-a/expected.csv") {
        let (subject, time) = (row[0] as usize - 1, row[1] as usize - 1);
        for (output, expected) in row[2..].iter().enumerate() {
            let got = profiles.value(subject, time, output);
            worst = worst.max((got / expected - 1.0).abs());
        }
    }
    assert!(worst <= 1e-12, "worst relative difference {worst:e}");
}

#[test]
fn near_equal_rates_lose_no_digits() {
    let model = model("workload-a/model.toml");
    let events = [Event::bolus(0.0, "depot", 50.0)];
    let mut worst = 0.0_f64;
    let mut exact = 0;
    for row in table("near-equal/cases.csv") {
        let profiles = solve_linear(&model, &events, &[row[8]], &[row[..8].to_vec()]).unwrap();
        exact += profiles.exact_subjects;
        for output in 0..2 {
            let got = profiles.value(0, 0, output);
            worst = worst.max((got / row[9 + output] - 1.0).abs());
        }
    }
    assert!(worst <= 1e-10, "worst relative difference {worst:e}");
    // Both ways were taken.
    assert!(exact > 100, "{exact}");
}
