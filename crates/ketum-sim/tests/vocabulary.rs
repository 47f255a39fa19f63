//! Absorption, effects and dosing built from the vocabulary, by every method, against closed solutions.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use ketum_core::event::{CovariateSeries, Event, EventKind, Input, SteadyState, Subject};
use ketum_core::model::ModelDescription;
use ketum_sim::Model;
use ketum_sim::math::{exp, expm1, pow};
use ketum_sim::population::{RunOptions, columns, solve_profiles};
use ketum_sim::solve::{Method, Options, Tolerance, simulate};

const METHODS: [Method; 3] = [Method::ClosedForm, Method::Explicit, Method::Rosenbrock];
const TIMES: [f64; 8] = [0.0, 0.3, 1.0, 2.5, 4.0, 7.0, 12.0, 30.0];

fn options(method: Method) -> Options {
    let tolerance = Tolerance {
        relative: 1e-10,
        absolute: 1e-12,
        ..Tolerance::default()
    };
    Options { method, tolerance }
}

/// A model of parameters, compartments and what else it says.
fn compiled(parameters: &[(&str, &str, f64)], rest: &str) -> Model {
    let mut text = String::from("id = \"m\"\ntitle = \"m\"\n");
    text.push_str(rest);
    for (name, unit, value) in parameters {
        text.push_str(&format!(
            "[[parameter]]\nname = \"{name}\"\nunit = \"{unit}\"\nvalue = {value}\n"
        ));
    }
    let description: ModelDescription = toml::from_str(&text).unwrap();
    Model::compile_checked(&description).unwrap()
}

/// One row an event, in their order.
fn rows(model: &Model, events: &[Event], method: Method) -> Vec<Vec<f64>> {
    let subject = Subject {
        id: "1".into(),
        events: events.to_vec(),
        covariates: Vec::new(),
    };
    let got = simulate(model, &subject, &[], &options(method)).unwrap();
    assert_eq!(got.method, method);
    got.rows
}

/// The first output at `TIMES` after these doses, which stand before samples at the same time.
fn profile(model: &Model, doses: Vec<Event>, method: Method) -> Vec<f64> {
    let mut events = doses;
    events.extend(TIMES.map(Event::observation));
    events.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
    let rows = rows(model, &events, method).into_iter().zip(&events);
    rows.filter(|(_, event)| event.kind == EventKind::Observation)
        .map(|(row, _)| row[0])
        .collect()
}

fn near(got: f64, expected: f64, what: &str) {
    assert!(
        (got - expected).abs() <= 2e-8 * expected.abs() + 1e-9,
        "{what}: {got} against {expected}"
    );
}

fn agrees(model: &Model, doses: Vec<Event>, expected: impl Fn(f64) -> f64) {
    for method in METHODS {
        let got = profile(model, doses.clone(), method);
        for (got, t) in got.iter().zip(TIMES) {
            near(*got, expected(t), &format!("{method:?} at {t} h"));
        }
    }
}

const ONE: [(&str, &str, f64); 3] = [("k", "1/h", 0.2), ("v", "L", 10.0), ("ka", "1/h", 1.1)];
const OUT: &str = r#"
output = [{ name = "cp", unit = "mg/L", compartment = "central", scale = { over = ["v"] } }]
"#;

/// Amount in a compartment eliminated at `k` into which a unit flows at `ka`.
fn bateman(ka: f64, k: f64, t: f64) -> f64 {
    if t <= 0.0 {
        return 0.0;
    }
    ka / (ka - k) * (exp(-k * t) - exp(-ka * t))
}

/// Three transit compartments before absorption: an Erlang input, equal rates and all.
#[test]
fn transit_absorption_is_an_erlang_input() {
    let rest = format!(
        r#"{OUT}
        compartment = [
            {{ name = "a", unit = "mg" }}, {{ name = "b", unit = "mg" }},
            {{ name = "c", unit = "mg" }}, {{ name = "central", unit = "mg" }},
        ]
        flow = [
            {{ from = "a", to = "b", rate = {{ first_order = {{ times = ["ka"] }} }} }},
            {{ from = "b", to = "c", rate = {{ first_order = {{ times = ["ka"] }} }} }},
            {{ from = "c", to = "central", rate = {{ first_order = {{ times = ["ka"] }} }} }},
            {{ from = "central", rate = {{ first_order = {{ times = ["k"] }} }} }},
        ]
        "#
    );
    let model = compiled(&ONE, &rest);
    let (k, ka, d): (f64, f64, f64) = (0.2, 1.1, 1.1 - 0.2);
    // The convolution of ka³·t²·exp(−ka·t)/2 with exp(−k·t).
    let amount = |t: f64| {
        let tail = 1.0 + d * t + 0.5 * d * d * t * t;
        (ka / d) * (ka / d) * (ka / d) * (exp(-k * t) - exp(-ka * t) * tail)
    };
    agrees(&model, vec![Event::bolus(0.0, "a", 50.0)], |t| {
        5.0 * amount(t)
    });
    // In a population too.
    for method in [Method::ClosedForm, Method::Explicit] {
        let own = columns(&model, &[model.typical()]);
        let run = RunOptions {
            method,
            tolerance: options(method).tolerance,
            ..RunOptions::default()
        };
        let doses = [Event::bolus(0.0, "a", 50.0)];
        let got = solve_profiles(&model, &doses, &TIMES, &own, 1, 1, &run).unwrap();
        for (time, t) in TIMES.into_iter().enumerate() {
            near(
                got.value(0, time, 0),
                5.0 * amount(t),
                &format!("{method:?} {t}"),
            );
        }
    }
}

fn two_ways_in() -> Model {
    let parameters = [
        ONE[0],
        ONE[1],
        ONE[2],
        ("ka2", "1/h", 0.35),
        ("f1", "ratio", 0.6),
        ("f2", "ratio", 0.4),
        ("lag2", "h", 2.0),
        ("dur", "h", 5.0),
    ];
    let rest = format!(
        r#"{OUT}
        compartment = [
            {{ name = "fast", unit = "mg", bioavailability = {{ times = ["f1"] }} }},
            {{ name = "slow", unit = "mg", bioavailability = {{ times = ["f2"] }}, lag = {{ times = ["lag2"] }} }},
            {{ name = "central", unit = "mg", bioavailability = {{ times = ["f2"] }}, dose_duration = {{ times = ["dur"] }} }},
        ]
        flow = [
            {{ from = "fast", to = "central", rate = {{ first_order = {{ times = ["ka"] }} }} }},
            {{ from = "slow", to = "central", rate = {{ first_order = {{ times = ["ka2"] }} }} }},
            {{ from = "central", rate = {{ first_order = {{ times = ["k"] }} }} }},
        ]
        "#
    );
    compiled(&parameters, &rest)
}

/// A unit that enters evenly over `hours`.
fn evenly(k: f64, hours: f64, t: f64) -> f64 {
    let inside = t.clamp(0.0, hours);
    -expm1(-k * inside) / (k * hours) * exp(-k * (t - inside).max(0.0))
}

/// A dose that is absorbed by two ways, one of them later.
#[test]
fn parallel_absorption_is_the_sum_of_its_ways() {
    let doses = vec![
        Event::bolus(0.0, "fast", 50.0),
        Event::bolus(0.0, "slow", 50.0),
    ];
    agrees(&two_ways_in(), doses, |t| {
        5.0 * (0.6 * bateman(1.1, 0.2, t) + 0.4 * bateman(0.35, 0.2, t - 2.0))
    });
}

fn over_modelled_duration() -> Event {
    Event {
        input: Input::ModelledDuration,
        ..Event::bolus(0.0, "central", 50.0)
    }
}

#[test]
fn zero_order_absorption_is_an_infusion_of_modelled_duration() {
    agrees(&two_ways_in(), vec![over_modelled_duration()], |t| {
        5.0 * 0.4 * evenly(0.2, 5.0, t)
    });
}

#[test]
fn mixed_absorption_is_zero_order_beside_first_order() {
    let doses = vec![Event::bolus(0.0, "fast", 50.0), over_modelled_duration()];
    agrees(&two_ways_in(), doses, |t| {
        5.0 * (0.6 * bateman(1.1, 0.2, t) + 0.4 * evenly(0.2, 5.0, t))
    });
}

/// A metabolite given as such: it is eliminated at its own rate and makes no parent.
#[test]
fn a_dose_of_the_metabolite_goes_into_its_compartment() {
    let rest = r#"
        compartment = [{ name = "parent", unit = "mg" }, { name = "central", unit = "mg" }]
        flow = [
            { from = "parent", to = "central", rate = { first_order = { times = ["ka"] } } },
            { from = "central", rate = { first_order = { times = ["k"] } } },
        ]
        output = [
            { name = "cm", unit = "mg/L", compartment = "central", scale = { over = ["v"] } },
            { name = "cp", unit = "mg/L", compartment = "parent", scale = { over = ["v"] } },
        ]
    "#;
    let model = compiled(&ONE, rest);
    let doses = vec![
        Event::bolus(0.0, "central", 20.0).repeated(1, 3.0),
        Event::bolus(1.0, "parent", 50.0),
    ];
    let gone = |t: f64, at: f64| if t < at { 0.0 } else { exp(-0.2 * (t - at)) };
    agrees(&model, doses, |t| {
        2.0 * (gone(t, 0.0) + gone(t, 3.0)) + 5.0 * bateman(1.1, 0.2, t - 1.0)
    });
    for method in METHODS {
        let events = [Event::bolus(0.0, "central", 20.0), Event::observation(1.0)];
        assert_eq!(rows(&model, &events, method)[1][1], 0.0);
    }
}

/// What is there at the start is neither lagged nor reduced by F; a steady state forgets it, a reset
/// brings it back.
#[test]
fn initial_amounts_stand_beside_lag_bioavailability_and_steady_state() {
    let parameters = [
        ONE[0],
        ONE[1],
        ("a0", "mg", 30.0),
        ("lag", "h", 2.0),
        ("f", "ratio", 0.5),
    ];
    let rest = format!(
        r#"{OUT}
        compartment = [{{ name = "central", unit = "mg", initial = {{ times = ["a0"] }}, lag = {{ times = ["lag"] }}, bioavailability = {{ times = ["f"] }} }}]
        flow = [{{ from = "central", rate = {{ first_order = {{ times = ["k"] }} }} }}]
        "#
    );
    let model = compiled(&parameters, &rest);
    let k = 0.2;
    agrees(&model, vec![Event::bolus(0.0, "central", 100.0)], |t| {
        3.0 * exp(-k * t)
            + if t < 2.0 {
                0.0
            } else {
                5.0 * exp(-k * (t - 2.0))
            }
    });
    // At steady state 50 mg arrive every 8 h, two hours after their records.
    let after_arrival = 5.0 / -expm1(-8.0 * k);
    let steady = |t: f64| match t {
        t if t < 1.0 => 3.0 * exp(-k * t),
        t if t < 3.0 => after_arrival * exp(-k * (t - 1.0 + 6.0)),
        t => after_arrival * exp(-k * (t - 3.0)),
    };
    let dose = Event::bolus(1.0, "central", 100.0).at_steady_state(8.0);
    agrees(&model, vec![dose.clone()], steady);
    // SS 2 adds the doses since ever to what is there.
    let added = Event {
        steady_state: SteadyState::Add,
        ..dose.clone()
    };
    agrees(&model, vec![added], |t| match t {
        t if t < 1.0 => steady(t),
        t => steady(t) + 3.0 * exp(-k * t),
    });
    // EVID 4 starts again from the initial amount.
    let again = Event {
        kind: EventKind::ResetAndDose,
        ..Event::bolus(3.0, "central", 100.0)
    };
    agrees(&model, vec![dose, again], |t| match t {
        t if t < 3.0 => steady(t),
        t if t < 5.0 => 3.0 * exp(-k * (t - 3.0)),
        t => 3.0 * exp(-k * (t - 3.0)) + 5.0 * exp(-k * (t - 5.0)),
    });
}

fn plain() -> Model {
    let rest = format!(
        r#"{OUT}
        compartment = [{{ name = "central", unit = "mg" }}]
        flow = [{{ from = "central", rate = {{ first_order = {{ times = ["k"] }} }} }}]
        "#
    );
    compiled(&ONE[..2], &rest)
}

/// An infusion of no duration is a bolus, bit for bit, at steady state and repeated.
#[test]
fn an_infusion_over_no_time_is_a_bolus() {
    for method in METHODS {
        for change in [
            |event: Event| event,
            |event: Event| event.repeated(2, 3.0),
            |event: Event| event.at_steady_state(6.0),
        ] {
            let bolus = change(Event::bolus(0.0, "central", 50.0));
            let infusion = change(Event::infusion(0.0, "central", 50.0, 0.0));
            let run = |dose| profile(&plain(), vec![dose], method);
            assert_eq!(run(bolus), run(infusion));
        }
    }
}

/// A dose at the last time, or at the only one, is in the prediction of its own record and of samples
/// after it at that time.
#[test]
fn a_dose_at_the_last_or_only_time_is_seen() {
    let model = plain();
    let bolus = |t| Event::bolus(t, "central", 50.0);
    for method in METHODS {
        assert_eq!(rows(&model, &[bolus(5.0)], method), [[5.0]]);
        assert_eq!(
            rows(&model, &[bolus(5.0), bolus(5.0)], method),
            [[5.0], [10.0]]
        );
        let infusion = Event::infusion(5.0, "central", 50.0, 2.0);
        assert_eq!(rows(&model, &[infusion], method), [[0.0]]);
        let last = [
            bolus(0.0),
            Event::observation(4.0),
            Event::observation(10.0),
            bolus(10.0),
            Event::observation(10.0),
        ];
        let got = rows(&model, &last, method);
        let before = 5.0 * exp(-2.0);
        near(got[2][0], before, "before");
        near(got[3][0], before + 5.0, "own record");
        near(got[4][0], before + 5.0, "after");
        let steady = rows(&model, &[bolus(5.0).at_steady_state(6.0)], method);
        near(steady[0][0], 5.0 / -expm1(-1.2), "steady");
    }
    for method in [Method::ClosedForm, Method::Explicit, Method::Rosenbrock] {
        let own = columns(&model, &[model.typical()]);
        let run = RunOptions {
            method,
            tolerance: options(method).tolerance,
            ..RunOptions::default()
        };
        let at = |doses: &[Event], times: &[f64]| {
            let got = solve_profiles(&model, doses, times, &own, 1, 1, &run).unwrap();
            got.value(0, times.len() - 1, 0)
        };
        near(at(&[bolus(5.0)], &[5.0]), 5.0, "only time");
        let expected = 5.0 * exp(-2.0) + 5.0;
        near(
            at(&[bolus(0.0), bolus(10.0)], &[1.0, 10.0]),
            expected,
            "last time",
        );
    }
}

/// A compartment that nothing leaves holds its level, and the response has a closed solution.
fn under_constant_level(turnover: &str) -> Model {
    let parameters = [
        ("v", "L", 10.0),
        ("base", "%", 80.0),
        ("kout", "1/h", 0.3),
        ("half", "mg/L", 2.0),
        ("hill", "ratio", 1.7),
    ];
    let rest = format!(
        r#"
        compartment = [{{ name = "held", unit = "mg" }}]
        turnover = [{{ name = "r", unit = "%", baseline = {{ times = ["base"] }}, kout = {{ times = ["kout"] }}, {turnover} }}]
        output = [{{ name = "r", unit = "%", compartment = "r" }}]
        "#
    );
    compiled(&parameters, &rest)
}

/// Inhibition and stimulation with a steepness, of production and of loss.
#[test]
fn responses_to_a_constant_level_follow_their_exponentials() {
    let level: f64 = 3.0;
    let power = pow(level / 2.0, 1.7);
    let share = power / (1.0 + power);
    let by = r#"by = { compartment = "held", volume = { times = ["v"] } }"#;
    let hill = r#"hill = { times = ["hill"] }"#;
    let half = r#"{ times = ["half"] }"#;
    for (modifier, production, loss) in [
        (
            format!(
                "on_production = [{{ inhibited = {{ {by}, imax = {{ factor = 0.9 }}, ic50 = {half}, {hill} }} }}]"
            ),
            1.0 - 0.9 * share,
            1.0,
        ),
        (
            format!(
                "on_production = [{{ stimulated = {{ {by}, emax = {{ factor = 2.5 }}, ec50 = {half}, {hill} }} }}]"
            ),
            1.0 + 2.5 * share,
            1.0,
        ),
        (
            format!(
                "on_loss = [{{ inhibited = {{ {by}, imax = {{ factor = 0.9 }}, ic50 = {half} }} }}]"
            ),
            1.0,
            1.0 - 0.9 * 3.0 / 5.0,
        ),
        (
            format!(
                "on_loss = [{{ stimulated = {{ {by}, emax = {{ factor = 2.5 }}, ec50 = {half}, {hill} }} }}]"
            ),
            1.0,
            1.0 + 2.5 * share,
        ),
    ] {
        let model = under_constant_level(&modifier);
        let end = 80.0 * production / loss;
        for method in [Method::Auto, Method::Explicit, Method::Rosenbrock] {
            let doses = vec![Event::bolus(0.0, "held", level * 10.0)];
            let mut events = doses;
            events.extend(TIMES.map(Event::observation));
            let subject = Subject {
                id: "1".into(),
                events,
                covariates: Vec::new(),
            };
            let got = simulate(&model, &subject, &[], &options(method)).unwrap();
            for (row, t) in got.rows[1..].iter().zip(TIMES) {
                let expected = end + (80.0 - end) * exp(-0.3 * loss * t);
                near(row[0], expected, &format!("{modifier} {method:?} {t}"));
            }
        }
    }
}

/// An effect site lags behind the level it follows.
#[test]
fn an_effect_site_follows_its_equation() {
    let parameters = [ONE[0], ONE[1], ("ke0", "1/h", 0.7)];
    let rest = r#"
        compartment = [{ name = "central", unit = "mg" }]
        flow = [{ from = "central", rate = { first_order = { times = ["k"] } } }]
        effect_site = [{ name = "site", unit = "mg/L", follows = { compartment = "central", volume = { times = ["v"] } }, ke0 = { times = ["ke0"] } }]
        output = [{ name = "ce", unit = "mg/L", compartment = "site" }, { name = "cp", unit = "mg/L", compartment = "central", scale = { over = ["v"] } }]
    "#;
    let model = compiled(&parameters, rest);
    let bolus = vec![Event::bolus(0.0, "central", 50.0)];
    agrees(&model, bolus.clone(), |t| 5.0 * bateman(0.7, 0.2, t));
    // The site takes nothing from the level.
    for method in METHODS {
        let events = [bolus[0].clone(), Event::observation(4.0)];
        near(
            rows(&model, &events, method)[1][1],
            5.0 * exp(-0.8),
            "level",
        );
    }
}

/// A response driven through an effect site with a steepness, on a level that moves: no closed solution,
/// so two methods that share nothing but the equations, and the area balance of the response:
/// what was made less what was lost is the change.
#[test]
fn a_stimulated_loss_through_an_effect_site_is_the_same_by_two_methods() {
    let parameters = [
        ONE[0],
        ONE[1],
        ("ke0", "1/h", 0.7),
        ("base", "%", 80.0),
        ("kout", "1/h", 0.3),
        ("half", "mg/L", 2.0),
    ];
    let rest = r#"
        compartment = [{ name = "central", unit = "mg" }]
        flow = [{ from = "central", rate = { first_order = { times = ["k"] } } }]
        effect_site = [{ name = "site", unit = "mg/L", follows = { compartment = "central", volume = { times = ["v"] } }, ke0 = { times = ["ke0"] } }]
        turnover = [{ name = "r", unit = "%", baseline = { times = ["base"] }, kout = { times = ["kout"] }, on_loss = [{ stimulated = { by = { compartment = "site" }, emax = { factor = 2.5 }, ec50 = { times = ["half"] }, hill = { factor = 1.7 } } }] }]
        output = [{ name = "r", unit = "%", compartment = "r" }, { name = "ce", unit = "mg/L", compartment = "site" }]
    "#;
    let model = compiled(&parameters, rest);
    let mut events = vec![Event::bolus(0.0, "central", 50.0).repeated(2, 6.0)];
    events.extend((0..=3000).map(|i| Event::observation(0.01 * f64::from(i))));
    let explicit = rows(&model, &events, Method::Explicit);
    let stiff = rows(&model, &events, Method::Rosenbrock);
    for (a, b) in explicit.iter().zip(&stiff) {
        near(a[0], b[0], "response");
        near(a[1], b[1], "site");
    }
    // Simpson's rule over what is made and lost.
    let net = |row: &[f64]| {
        let power = pow(row[1] / 2.0, 1.7);
        0.3 * 80.0 - 0.3 * (1.0 + 2.5 * power / (1.0 + power)) * row[0]
    };
    let samples = &explicit[1..];
    let mut change = 0.0;
    for three in samples.windows(3).step_by(2) {
        change += 0.01 / 3.0 * (net(&three[0]) + 4.0 * net(&three[1]) + net(&three[2]));
    }
    let found = samples[3000][0] - samples[0][0];
    assert!(
        (change - found).abs() < 1e-5 && found < -5.0,
        "{change} {found}"
    );
}

/// Every form of covariate effect on a clearance, by the level three hours after a dose.
#[test]
fn covariates_change_a_clearance_by_their_equation() {
    for (form, x, factor) in [
        (
            "{ power = { reference = 70, exponent = 0.75 } }",
            84.0,
            pow(1.2, 0.75),
        ),
        (
            "{ power = { reference = 70, exponent = -0.5 } }",
            35.0,
            pow(2.0, 0.5),
        ),
        (
            "{ exponential = { reference = 70, slope = -0.02 } }",
            90.0,
            exp(-0.4),
        ),
        (
            "{ exponential = { reference = 0, slope = 0.01 } }",
            50.0,
            exp(0.5),
        ),
        ("{ linear = { reference = 70, slope = 0.01 } }", 95.0, 1.25),
        ("{ category = { value = 2, factor = 0.4 } }", 2.0, 0.4),
        ("{ category = { value = 2, factor = 0.4 } }", 1.0, 1.0),
        ("\"replaces\"", 0.5, 2.5),
    ] {
        let rest = format!(
            r#"{OUT}
            compartment = [{{ name = "central", unit = "mg" }}]
            flow = [{{ from = "central", rate = {{ first_order = {{ times = ["k"] }} }} }}]
            covariate_effect = [{{ parameter = "k", covariate = "X", unit = "1/h", form = {form} }}]
            "#
        );
        let model = compiled(&ONE[..2], &rest);
        for method in METHODS {
            let subject = Subject {
                id: "1".into(),
                events: vec![Event::bolus(0.0, "central", 50.0), Event::observation(3.0)],
                covariates: vec![CovariateSeries::constant("X", x)],
            };
            let got = simulate(&model, &subject, &[], &options(method)).unwrap();
            near(got.rows[1][0], 5.0 * exp(-0.6 * factor), form);
        }
    }
    // Two effects on one parameter multiply.
    let rest = format!(
        r#"{OUT}
        compartment = [{{ name = "central", unit = "mg" }}]
        flow = [{{ from = "central", rate = {{ first_order = {{ times = ["k"] }} }} }}]
        covariate_effect = [
            {{ parameter = "k", covariate = "X", unit = "kg", form = {{ power = {{ reference = 70, exponent = 1 }} }} }},
            {{ parameter = "k", covariate = "Y", unit = "ratio", form = {{ category = {{ value = 1, factor = 3 }} }} }},
        ]
        "#
    );
    let model = compiled(&ONE[..2], &rest);
    let value = |name: &str| Some(if name == "X" { 140.0 } else { 1.0 });
    let got = model.individual(&[], &value).unwrap();
    assert!((got[0] / 1.2 - 1.0).abs() < 1e-14, "{got:?}");
}
