//! Workloads A and B (ODE) and A's parent in closed form with pharmsol, on the parameters of
//! `validation/reference`, with the error on the reference subjects. GPL-3.0-or-later: links pharmsol.
//! `sh validation/peers/pharmsol.sh`

use pharmsol::{Cache, Parameters, prelude::*};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reference/");
/// Copies of the ten subjects in one run.
const REPEAT: usize = 4;
const RUNS: usize = 3;

fn table(name: &str) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(format!("{ROOT}{name}")).expect("a reference file");
    let number = |field: &str| field.parse().expect("a number");
    text.lines()
        .skip(1)
        .map(|line| line.split(',').map(number).collect())
        .collect()
}

fn names(workload: &str) -> Vec<String> {
    let text = std::fs::read_to_string(format!("{ROOT}{workload}/parameters.csv")).expect("a file");
    let head = text.lines().next().expect("a header");
    head.split(',').skip(1).map(str::to_owned).collect()
}

fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds: f64 = text
        .split_whitespace()
        .next()
        .and_then(|word| word.parse().ok())
        .expect("a number");
    nanoseconds * 1e-9
}

fn subject(outputs: &[&str]) -> Subject {
    let mut builder = Subject::builder("1");
    for dose in 0..28 {
        builder = builder.bolus(24.0 * f64::from(dose), 50.0, "oral");
    }
    for j in 1..=200 {
        for output in outputs {
            builder = builder.missing_observation(3.37 * f64::from(j), *output);
        }
    }
    builder.build()
}

fn a() -> equation::ODE {
    ode! {
        name: "a",
        params: [ka, cl, vc, q, vp, fm, clm, vm],
        states: [depot, central, peripheral, metabolite],
        outputs: [cp, cm],
        diffeq: |x, _p, _t, dx, _cov| {
            dx[depot] = bolus[oral] - ka * x[depot];
            dx[central] = ka * x[depot] - (cl / vc + q / vc) * x[central] + q / vp * x[peripheral];
            dx[peripheral] = q / vc * x[central] - q / vp * x[peripheral];
            dx[metabolite] = fm * cl / vc * x[central] - clm / vm * x[metabolite];
        },
        out: |x, _p, _t, _cov, y| {
            y[cp] = 1000.0 * x[central] / vc;
            y[cm] = 1000.0 * x[metabolite] / vm;
        },
    }
    .with_solver(OdeSolver::ExplicitRk(ExplicitRkTableau::Tsit45))
    .with_tolerances(1e-6, 1e-9)
    .disable_cache()
}

fn b() -> equation::ODE {
    ode! {
        name: "b",
        params: [ka, vmax, vc, q, vp, fm, clm, vm, km, ic50, kout],
        states: [depot, central, peripheral, metabolite, response],
        outputs: [cp, cm, r],
        diffeq: |x, _p, _t, dx, _cov| {
            let c = x[central] / vc;
            let gone = vmax * c / (km + c);
            dx[depot] = bolus[oral] - ka * x[depot];
            dx[central] = ka * x[depot] - gone - q / vc * x[central] + q / vp * x[peripheral];
            dx[peripheral] = q / vc * x[central] - q / vp * x[peripheral];
            dx[metabolite] = fm * gone - clm / vm * x[metabolite];
            dx[response] = kout * 100.0 * (1.0 - 0.9 * c / (ic50 + c)) - kout * x[response];
        },
        init: |_p, _t, _cov, x| {
            x[response] = 100.0;
        },
        out: |x, _p, _t, _cov, y| {
            y[cp] = 1000.0 * x[central] / vc;
            y[cm] = 1000.0 * x[metabolite] / vm;
            y[r] = x[response];
        },
    }
    .with_solver(OdeSolver::ExplicitRk(ExplicitRkTableau::Tsit45))
    .with_tolerances(1e-6, 1e-9)
    .disable_cache()
}

fn run(name: &str, workload: &str, model: &equation::ODE, outputs: &[&str]) {
    let names = names(workload);
    let people: Vec<Parameters> = table(&format!("{workload}/parameters.csv"))
        .iter()
        .map(|row| {
            let pairs = names
                .iter()
                .map(String::as_str)
                .zip(row[1..].iter().copied());
            Parameters::with_model(model, pairs).expect("parameters of the model")
        })
        .collect();
    let subject = subject(outputs);
    let mut best = f64::INFINITY;
    let mut worst = 0.0_f64;
    for _ in 0..RUNS {
        let start = cpu_seconds();
        let mut all = Vec::new();
        for _ in 0..REPEAT {
            all = people
                .iter()
                .map(|own| {
                    model
                        .estimate_predictions(&subject, own)
                        .expect("a solution")
                })
                .collect();
        }
        best = best.min(cpu_seconds() - start);
        for row in table(&format!("{workload}/expected.csv")) {
            let found = &all[row[0] as usize - 1];
            for (output, expected) in row[2..].iter().enumerate() {
                let at = (row[1] as usize - 1) * outputs.len() + output;
                let got = found.predictions()[at].prediction();
                worst = worst.max((got / expected - 1.0).abs());
            }
        }
    }
    let each = 1e6 * best / (REPEAT * people.len()) as f64;
    println!("{name}, {workload}: {each:.1} us a subject, worst error {worst:.1e}");
}

fn main() {
    run("pharmsol Tsit45", "workload-a", &a(), &["cp", "cm"]);
    run("pharmsol Tsit45", "workload-b", &b(), &["cp", "cm", "r"]);
}
