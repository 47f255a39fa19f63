//! Simulated people: parameters drawn around typical values, solved on a study's own times, analysed as
//! the study analysed its participants.

use ketum_core::event::Event;
use ketum_core::model::Distribution;
use ketum_sim::Model;
use ketum_sim::estimation::nca::{Options, analyse};
use ketum_sim::math::{exp, ln};
use ketum_sim::ode::Tolerance;
use ketum_sim::population::{
    Draws, Profiles, RunOptions, Sources, columns, solve_linear, solve_profiles,
};
use ketum_sim::random::{Purpose, Streams};

use super::ModelError;
use super::design::{DOSE, FormModel, OpenSpread, PLATEAU_DAYS, Scenario};
use super::statistic::People;

/// Moves a value by `eta` on its own scale.
#[must_use]
pub fn shift(value: f64, distribution: Distribution, eta: f64) -> f64 {
    match distribution {
        Distribution::LogNormal => value * exp(eta),
        Distribution::Normal => value + eta,
        Distribution::LogitNormal => {
            let odds = value / (1.0 - value) * exp(eta);
            odds / (1.0 + odds)
        }
    }
}

/// The shift between two values on a parameter's own scale.
fn shift_between(from: f64, to: f64, distribution: Distribution) -> f64 {
    let logit = |p: f64| ln(p / (1.0 - p));
    match distribution {
        Distribution::LogNormal => ln(to / from),
        Distribution::Normal => to - from,
        Distribution::LogitNormal => logit(to) - logit(from),
    }
}

/// The shifts of one draw of a model's spread, by parameter.
#[must_use]
pub fn etas(model: &Model, seed: u64, sources: Sources, subject: u64) -> Vec<f64> {
    let mut drawn = vec![0.0; model.parameters().len()];
    Draws::new(model, seed, sources).subject(subject, &mut drawn);
    model
        .parameters()
        .iter()
        .zip(&drawn)
        .map(|(parameter, drawn)| {
            if parameter.typical == *drawn {
                0.0
            } else {
                shift_between(parameter.typical, *drawn, parameter.distribution)
            }
        })
        .collect()
}

/// First number of the draws that say what is not known of the spread between people.
const OPEN_SPREAD: u32 = 500;

/// Scales a person's shifts by what is not known of the spread between people: one factor a draw.
pub fn widen(open: &[OpenSpread], seed: u64, draw: u64, shifts: &mut [f64]) {
    let streams = Streams::new(seed);
    for (number, spread) in open.iter().enumerate() {
        let z = streams.normal(OPEN_SPREAD + number as u32, Purpose::Uncertainty, !draw);
        let factor = exp(spread.sd_ln * z);
        for at in &spread.positions {
            shifts[*at] *= factor;
        }
    }
}

/// Parameters of a person: typical values, the form's factors, shifts.
pub fn person(form: &FormModel, typical: &[f64], shifts: &[&[f64]]) -> Vec<f64> {
    form.model
        .parameters()
        .iter()
        .enumerate()
        .map(|(at, parameter)| {
            let eta: f64 = shifts.iter().map(|shift| shift[at]).sum();
            let value = typical[at] * form.factors[at];
            if eta == 0.0 {
                value
            } else {
                shift(value, parameter.distribution, eta)
            }
        })
        .collect()
}

/// Solves and analyses people on one occasion; what comes back is for 1 mg. A linear model is solved for
/// 1 mg, any other at each person's own dose and divided by it.
///
/// # Errors
/// Where the engine refuses.
pub fn study_people(
    form: &FormModel,
    scenario: &Scenario,
    people: &[Vec<f64>],
    dose_mg: &impl Fn(usize) -> f64,
) -> Result<People, ModelError> {
    let engine = |error: ketum_sim::SimError| ModelError::Engine {
        model: form.model.id().to_owned(),
        why: error.to_string(),
    };
    let outputs = form.model.outputs().len();
    let dosed: Vec<Vec<f64>>;
    let mut people = people;
    let linear = form.model.is_linear();
    if let Some(at) = form.model.parameter(DOSE).filter(|_| !linear) {
        dosed = people
            .iter()
            .enumerate()
            .map(|(who, parameters)| {
                let mut parameters = parameters.clone();
                parameters[at] *= dose_mg(who);
                parameters
            })
            .collect();
        people = &dosed;
    }
    let over = |who: usize| if linear { 1.0 } else { 1.0 / dose_mg(who) };
    let profiles = solve(form, &scenario.events, &scenario.times_h, people).map_err(engine)?;
    let mut values = vec![0.0; scenario.times_h.len()];
    let mut nca = Vec::with_capacity(people.len() * outputs);
    for who in 0..people.len() {
        for output in 0..outputs {
            for (time, value) in values.iter_mut().enumerate() {
                *value = profiles.value(who, time, output) * over(who);
            }
            let window_h = scenario.windows[output];
            nca.push(analyse(
                &scenario.after_h,
                &values,
                Options {
                    window_h,
                    smooth_peak: scenario.smooth_peak,
                },
            ));
        }
    }
    let steady_days = if scenario.plateau {
        plateau(form, people).map_err(engine)?
    } else {
        Vec::new()
    };
    Ok(People {
        nca,
        outputs,
        steady_days,
    })
}

/// Accuracy of differential equations: far finer than any printed number.
const TOLERANCE: Tolerance = Tolerance {
    relative: 1e-6,
    absolute: 1e-8,
    max_steps: 100_000,
};

/// Relative errors of linear models stay below about 1e-9, of others below about 1e-5.
fn solve(
    form: &FormModel,
    events: &[Event],
    times_h: &[f64],
    people: &[Vec<f64>],
) -> Result<Profiles, ketum_sim::SimError> {
    if form.model.is_linear() {
        return solve_linear(&form.model, events, times_h, people);
    }
    let options = RunOptions {
        tolerance: TOLERANCE,
        ..RunOptions::default()
    };
    let columns = columns(&form.model, people);
    solve_profiles(
        &form.model,
        events,
        times_h,
        &columns,
        people.len(),
        1,
        &options,
    )
}

/// First day whose trough (24 h after that day's dose) reaches 95 % of the plateau: of a linear model by
/// superposition of one dose's curve, else by following every dose.
fn plateau(form: &FormModel, people: &[Vec<f64>]) -> Result<Vec<f64>, ketum_sim::SimError> {
    let times: Vec<f64> = (1..=PLATEAU_DAYS).map(|day| 24.0 * day as f64).collect();
    let linear = form.model.is_linear();
    let more = if linear { 0 } else { PLATEAU_DAYS as u32 - 1 };
    let dose = [Event::bolus(0.0, form.compartment.clone(), 1.0).repeated(more, 24.0)];
    let profiles = solve(form, &dose, &times, people)?;
    let outputs = form.model.outputs().len();
    let mut days = Vec::with_capacity(people.len() * outputs);
    for who in 0..people.len() {
        for output in 0..outputs {
            let troughs: Vec<f64> = (0..PLATEAU_DAYS)
                .scan(0.0, |sum, day| {
                    let value = profiles.value(who, day, output);
                    *sum = if linear { *sum + value } else { value };
                    Some(*sum)
                })
                .collect();
            let goal = 0.95 * troughs.last().copied().unwrap_or(f64::NAN);
            let day = troughs.iter().position(|trough| *trough >= goal);
            days.push(day.map_or(f64::NAN, |day| day as f64 + 1.0));
        }
    }
    Ok(days)
}
