//! Non-compartmental analysis against 828 values of PKNCA 0.12.1 on two classical tables.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;
#[path = "common/nca_definition.rs"]
mod definition;

use common::{model, reference};
use ketum_core::event::Event;
use ketum_sim::Sources;
use ketum_sim::math::exp;
use ketum_sim::nca::{AucMethod, Extrapolation, Nca, Options, Route, analyse};
use ketum_sim::population::{Draws, solve_linear};
use ketum_sim::random::{Purpose, Streams};

/// Rows of a table: comment lines left out, first line is the header.
fn rows(name: &str) -> Vec<Vec<String>> {
    reference(name)
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

fn profile(table: &[Vec<String>], subject: &str) -> (Vec<f64>, Vec<f64>) {
    let number = |field: &String| field.parse::<f64>().unwrap();
    let own = table.iter().filter(|row| row[0] == subject);
    own.map(|row| (number(&row[1]), number(&row[2]))).unzip()
}

fn parameter(nca: &Nca, predicted: &Nca, name: &str) -> Option<f64> {
    let terminal = nca.terminal;
    match name {
        "cmax" => Some(nca.cmax),
        "tmax" => Some(nca.tmax),
        "tlast" => nca.tlast,
        "clast.obs" => nca.clast,
        "clast.pred" => nca.clast_predicted,
        "c0" => nca.c0,
        "auclast" | "aucivlast" => nca.auc_0_t,
        "aumclast" => nca.aumc_0_t,
        "aucinf.obs" | "aucivinf.obs" => nca.auc_0_inf,
        "aucinf.pred" => predicted.auc_0_inf,
        "aumcinf.obs" => nca.aumc_0_inf,
        "aucpext.obs" => nca.auc_extrapolated_percent,
        "mrt.obs" => nca.mrt,
        "cl.obs" => nca.cl,
        "vz.obs" => nca.vz,
        "lambda.z" => terminal.map(|t| t.lambda_z),
        "half.life" => terminal.map(|t| t.t_half),
        "r.squared" => terminal.map(|t| t.r_squared),
        "adj.r.squared" => terminal.map(|t| t.adjusted_r_squared),
        "lambda.z.n.points" => terminal.map(|t| t.points as f64),
        "lambda.z.time.first" => terminal.map(|t| t.from),
        "lambda.z.time.last" => terminal.map(|t| t.to),
        "span.ratio" => terminal.map(|t| t.span),
        other => panic!("unknown parameter {other}"),
    }
}

#[test]
fn equals_pknca_on_all_828_values() {
    let theophylline = rows("nca/theophylline.csv");
    let indomethacin = rows("nca/indomethacin.csv");
    assert_eq!(theophylline.len() + indomethacin.len(), 198);
    let mut compared = 0;
    for row in rows("nca/expected.csv") {
        let [table, method, subject, name, value] = row.as_slice() else {
            panic!("{row:?}")
        };
        let auc = match method.as_str() {
            "linear" => AucMethod::Linear,
            _ => AucMethod::LinearUpLogDown,
        };
        let (data, route, dose) = match table.as_str() {
            "theophylline" => {
                let own = theophylline.iter().find(|row| row[0] == *subject).unwrap();
                (&theophylline, Route::Extravascular, own[3].parse().unwrap())
            }
            _ => (&indomethacin, Route::Bolus, 25.0),
        };
        let (times, values) = profile(data, subject);
        let options = Options {
            auc,
            route,
            ..Options::default()
        };
        let nca = analyse(&times, &values, dose, &options).unwrap();
        let options = Options {
            extrapolation: Extrapolation::Predicted,
            ..options
        };
        let predicted = analyse(&times, &values, dose, &options).unwrap();
        let got = parameter(&nca, &predicted, name);
        match value.as_str() {
            "NA" => assert_eq!(got, None, "{row:?}"),
            value => {
                let (got, expected) = (got.unwrap(), value.parse::<f64>().unwrap());
                assert!((got / expected - 1.0).abs() < 1e-10, "{row:?}: {got}");
            }
        }
        compared += 1;
    }
    assert_eq!(compared, 828);
}

/// Ten thousand people of workload A after one dose, with 10 % noise: near-ties of adjusted R² and rising
/// tails occur, and each chooses the same points as the definition.
#[test]
fn ten_thousand_noisy_profiles_agree_with_the_definition() {
    let times = [
        0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 36.0, 48.0,
        72.0, 96.0,
    ];
    let model = model("workload-a/model.toml");
    let draws = Draws::new(&model, 20_261_125, Sources::PREDICTION);
    let people: Vec<Vec<f64>> = (0..10_000)
        .map(|person| {
            let mut own = model.typical();
            draws.subject(person, &mut own);
            own
        })
        .collect();
    let dose = [Event::bolus(0.0, "depot", 50.0)];
    let profiles = solve_linear(&model, &dose, &times, &people).unwrap();
    let noise = Streams::new(20_261_125);
    let (mut worst, mut none, mut moment) = (0.0_f64, 0, 0.0_f64);
    let mut counts = [0; 18];
    for person in 0..10_000 {
        let values: Vec<f64> = (0..times.len())
            .map(|time| {
                let z = noise.normal(time as u32, Purpose::Residual, person as u64);
                profiles.value(person, time, 0) * exp(0.1 * z)
            })
            .collect();
        let got = analyse(&times, &values, 50.0, &Options::default()).unwrap();
        let expected = definition::analyse(&times, &values);
        let same = |a: f64, b: f64| (a / b - 1.0).abs();
        worst = worst.max(same(got.auc_0_t.unwrap(), expected.auc_0_t));
        match (got.terminal, expected.terminal) {
            (None, None) => none += 1,
            (Some(line), Some(defined)) => {
                assert_eq!(line.points, defined.points, "person {person}");
                counts[line.points] += 1;
                worst = worst.max(same(line.lambda_z, defined.lambda_z));
                worst = worst.max(same(got.auc_0_inf.unwrap(), defined.auc_0_inf));
                moment = moment.max(same(got.aumc_0_inf.unwrap(), defined.aumc_0_inf));
            }
            (got, _) => panic!("person {person}: {got:?}"),
        }
    }
    assert!(worst < 1e-11 && moment < 1e-10, "{worst:e} {moment:e}");
    // The hard cases are among them: short and long lines, and nobody or hardly anybody without one.
    assert!(
        none < 50 && counts[3] > 100 && counts[9..].iter().sum::<i32>() > 50,
        "{none} {counts:?}"
    );
}
