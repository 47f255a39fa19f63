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
