//! Workloads A and B (ODE) and A's parent in closed form with pharmsol, on the parameters of
//! `validation/reference`, with the error on the reference subjects. GPL-3.0-or-later: links pharmsol.
//! `sh validation/peers/pharmsol.sh`

use pharmsol::{Cache, Parameters, prelude::*};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reference/");
/// A run goes through the ten subjects again and again for so long, seconds of CPU: the clock may move in
/// steps of 4 ms.
const LONG: f64 = 1.0;
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

/// The parent only: there is no closed form with a metabolite.
fn a_closed() -> equation::Analytical {
    analytical! {
        name: "a_closed",
        params: [ka, ke, kcp, kpc, vc],
        states: [depot, central, peripheral],
        outputs: [cp],
        routes: [
            bolus(oral) -> depot,
        ],
        structure: two_compartments_with_absorption,
        out: |x, _p, _t, _cov, y| {
            y[cp] = 1000.0 * x[central] / vc;
        },
    }
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

/// Parameters of a subject by name.
type Own = Vec<(String, f64)>;

fn people(workload: &str) -> Vec<Own> {
    let names = names(workload);
    table(&format!("{workload}/parameters.csv"))
        .iter()
        .map(|row| {
            names
                .iter()
                .cloned()
                .zip(row[1..].iter().copied())
                .collect()
        })
        .collect()
}

/// The rate constants of the closed form.
fn rates(own: &Own) -> Own {
    let value = |name: &str| {
        own.iter()
            .find(|(own, _)| own == name)
            .expect("a parameter")
            .1
    };
    [
        ("ka", value("ka")),
        ("ke", value("cl") / value("vc")),
        ("kcp", value("q") / value("vc")),
        ("kpc", value("q") / value("vp")),
        ("vc", value("vc")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

fn run<E>(
    name: &str,
    workload: &str,
    model: &E,
    parameters: impl Fn(&Own) -> Parameters,
    people: &[Own],
    outputs: &[&str],
) where
    E: Equation<P = SubjectPredictions>,
{
    let people: Vec<Parameters> = people.iter().map(parameters).collect();
    let subject = subject(outputs);
    let solve = || -> Vec<SubjectPredictions> {
        let one = |own| {
            model
                .estimate_predictions(&subject, own)
                .expect("a solution")
        };
        people.iter().map(one).collect()
    };
    let mut worst = 0.0_f64;
    let all = solve();
    for row in table(&format!("{workload}/expected.csv")) {
        let found = &all[row[0] as usize - 1];
        for (output, expected) in row[2..].iter().take(outputs.len()).enumerate() {
            let at = (row[1] as usize - 1) * outputs.len() + output;
            let got = found.predictions()[at].prediction();
            worst = worst.max((got / expected - 1.0).abs());
        }
    }
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let start = cpu_seconds();
        let (mut spent, mut subjects) = (0.0, 0);
        while spent < LONG {
            subjects += std::hint::black_box(solve()).len();
            spent = cpu_seconds() - start;
        }
        best = best.min(spent / subjects as f64);
    }
    println!(
        "{name}, {workload}: {:.1} us a subject, worst error {worst:.1e}",
        1e6 * best
    );
}

/// Parameters of a model by name.
macro_rules! of {
    ($model:expr) => {
        |own: &Own| {
            let pairs = own.iter().map(|(name, value)| (name.as_str(), *value));
            Parameters::with_model(&$model, pairs).expect("parameters of the model")
        }
    };
}

fn main() {
    let (a_people, b_people) = (people("workload-a"), people("workload-b"));
    let closed: Vec<Own> = a_people.iter().map(rates).collect();
    let (parent, a, b) = (a_closed(), a(), b());
    let name = "pharmsol analytical (parent only)";
    run(name, "workload-a", &parent, of!(parent), &closed, &["cp"]);
    let name = "pharmsol Tsit45";
    run(name, "workload-a", &a, of!(a), &a_people, &["cp", "cm"]);
    run(
        name,
        "workload-b",
        &b,
        of!(b),
        &b_people,
        &["cp", "cm", "r"],
    );
}
