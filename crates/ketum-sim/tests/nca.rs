//! Non-compartmental analysis against 828 values of PKNCA 0.12.1 on two classical tables.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::reference;
use ketum_sim::nca::{AucMethod, Extrapolation, Nca, Options, Route, analyse};

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
