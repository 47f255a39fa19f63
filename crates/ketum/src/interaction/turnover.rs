//! The dynamic model: gut CYP3A made and lost all the time, and lost faster while mitragynine passes.
//! For schedules and for amounts other than the studied one.
//!
//! `dE/dt = kdeg (1 - E) - kinact C / (KI + C) E`, with `C` the concentration in the gut wall of a dose
//! absorbed at the rate `ka`. Shape from the laboratory; the one free number, the share of `C` that
//! reaches the enzyme, is set so that one studied dose leaves what the trial showed. Solved by
//! `ketum-sim`. A hypothesis: no schedule was ever tested in people. Knows no victims and no words.

use ketum_core::event::{Event, Subject};
use ketum_core::model::{
    Compartment, Driver, Flow, ModelDescription, Modifier, Output, Parameter, Ratio,
    Turnover as Made,
};
use ketum_data::catalogue::Catalogue;
use ketum_sim::Model;
use ketum_sim::math::{exp, ln};
use ketum_sim::solve::{Options, simulate};

use super::Product;
use super::constants::{assumption, value};

const MINUTES: f64 = 60.0;
/// Blood flow through the gut wall, L/h (ICH M12: 0.3 L/min).
const QEN_L_PER_H: f64 = 18.0;
/// A swallowed medicine passes the gut wall within about this time, h.
const PASSAGE_H: f64 = 1.0;
/// Days until a daily schedule is at its steady pattern.
const SETTLED_DAYS: u32 = 10;
/// Steps of the last day that is kept.
const GRID: u32 = 96;
/// Corrections of the free number, each against a simulation.
const CORRECTIONS: usize = 3;

/// Gut enzyme over a day, for the central reading of the trial and its two ends.
#[derive(Debug, Clone)]
pub struct Turnover {
    /// Enzyme over one period in steps of equal length, once for each reading.
    day: Vec<Vec<f64>>,
    /// The period, h.
    period_h: f64,
    /// The first step after which the period starts again; false after a single dose.
    repeats: bool,
}

/// Constants of the model.
#[derive(Debug, Clone, Copy)]
struct Constants {
    ka: f64,
    kdeg: f64,
    kinact: f64,
    ki: f64,
    reference_umol: f64,
}

impl Turnover {
    /// Simulates a product; absent where the catalogue lacks a number or a simulation fails. `left` is
    /// the enzyme that one studied dose leaves, `multiple` the amount over the studied one.
    #[must_use]
    pub fn of(
        catalogue: &Catalogue,
        left: &[f64],
        multiple: f64,
        product: &Product,
    ) -> Option<Self> {
        let constants = Constants::of(catalogue)?;
        let doses = sorted(&product.times);
        let (times, period_h, repeats): (Vec<f64>, f64, bool) = match product.every_h {
            Some(every_h) => (vec![0.0], every_h, true),
            None if doses.is_empty() => (vec![0.0], 24.0, false),
            None => (doses, 24.0, true),
        };
        let day = left
            .iter()
            .map(|left| {
                let share = constants.calibrated(*left)?;
                let umol = constants.reference_umol * multiple;
                constants.enzyme(share, umol, &times, period_h, repeats)
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Self {
            day,
            period_h,
            repeats,
        })
    }

    /// Least enzyme while a medicine taken at `at_h` passes the gut wall, for reading `index`; over the
    /// whole period where the time is not given.
    #[must_use]
    pub fn left(&self, index: usize, at_h: Option<f64>) -> Option<f64> {
        let day = self.day.get(index)?;
        let steps = day.len();
        let from = match at_h {
            Some(at_h) if self.repeats => {
                let position = at_h.rem_euclid(self.period_h) / self.period_h;
                step(position, steps)
            }
            None if self.repeats => return day.iter().copied().min_by(f64::total_cmp),
            _ => 0,
        };
        let length = step(PASSAGE_H / self.period_h, steps).max(1);
        (from..=from + length)
            .filter_map(|index| day.get(if self.repeats { index % steps } else { index }))
            .copied()
            .min_by(f64::total_cmp)
    }
}

/// The step at a position from 0 to 1.
fn step(position: f64, steps: usize) -> usize {
    // Few steps, a position below one: exact in f64 and usize.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let index = (position * steps as f64).floor() as usize;
    index.min(steps)
}

/// Times of day in order, each once, wrapped into a day.
pub(super) fn sorted(times: &[f64]) -> Vec<f64> {
    let mut times: Vec<f64> = times.iter().map(|time| time.rem_euclid(24.0)).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

impl Constants {
    fn of(catalogue: &Catalogue) -> Option<Self> {
        let mass = catalogue.analytes.get("mitragynine")?.molar_mass_g_per_mol;
        let ka = catalogue.models.values().find_map(|model| {
            let parameter = model.model.parameter.iter().find(|one| one.name == "ka")?;
            Some(parameter.value)
        })?;
        Some(Self {
            ka,
            kdeg: value(catalogue, "interactions-gut-enzyme-recovery")?,
            kinact: assumption(catalogue, "interaction-kinact-gut")? * MINUTES,
            ki: value(catalogue, "interactions-cyp3a-tdi-gut-lab")?,
            reference_umol: assumption(catalogue, "interaction-reference-mitragynine")? * 1_000.0
                / mass,
        })
    }

    /// The share of the gut-wall concentration that makes one studied dose leave `left`.
    fn calibrated(&self, left: f64) -> Option<f64> {
        let mut target = left;
        let mut share = self.share_for(target)?;
        for _ in 0..CORRECTIONS {
            let day = self.enzyme(share, self.reference_umol, &[0.0], 24.0, false)?;
            let steps = step(PASSAGE_H / 24.0, day.len());
            let reached = day.iter().take(steps + 1).copied().min_by(f64::total_cmp)?;
            // Renewal during the passage, which the closed form leaves out, is a small factor.
            target *= left / reached;
            share = self.share_for(target)?;
        }
        Some(share)
    }

    /// In closed form, renewal during the passage left out: the integral of the loss is
    /// `kinact/ka ln((KI + C0)/(KI + C0 exp(-ka t)))`.
    fn share_for(&self, left: f64) -> Option<f64> {
        if !(left > 0.0 && left < 1.0) {
            return None;
        }
        let ratio = exp(-ln(left) * self.ka / self.kinact);
        let rest = exp(-self.ka * PASSAGE_H);
        let start = self.ki * (ratio - 1.0) / (1.0 - ratio * rest);
        (start > 0.0).then(|| start * QEN_L_PER_H / (self.ka * self.reference_umol))
    }

    /// Enzyme over the last period, in [`GRID`] steps.
    fn enzyme(
        &self,
        share: f64,
        umol: f64,
        times: &[f64],
        period_h: f64,
        repeats: bool,
    ) -> Option<Vec<f64>> {
        let model = Model::compile(&self.description(share)).ok()?;
        let periods = if repeats {
            (f64::from(SETTLED_DAYS) * 24.0 / period_h).ceil()
        } else {
            0.0
        };
        // At most a few hundred doses.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let further = periods as u32;
        let start = periods * period_h;
        let mut events: Vec<Event> = times
            .iter()
            .map(|time| Event::bolus(*time, "gut", umol).repeated(further, period_h))
            .collect();
        events.extend((0..GRID).map(|index| {
            Event::observation(start + period_h * f64::from(index) / f64::from(GRID))
        }));
        let doses = times.len();
        let subject = Subject {
            id: "gut".to_owned(),
            events,
            covariates: Vec::new(),
        };
        let prediction = simulate(&model, &subject, &[], &Options::default()).ok()?;
        prediction
            .rows
            .iter()
            .skip(doses)
            .map(|row| row.first().copied())
            .collect()
    }

    fn description(&self, share: f64) -> ModelDescription {
        let parameter = |name: &str, unit: &str, value: f64| Parameter {
            name: name.to_owned(),
            unit: unit.to_owned(),
            value,
            distribution: ketum_core::model::Distribution::default(),
            rse_percent: None,
            basis: None,
        };
        ModelDescription {
            id: "gut-cyp3a-turnover".to_owned(),
            title: "Gut CYP3A under mitragynine".to_owned(),
            parameter: vec![
                parameter("ka", "1/h", self.ka),
                parameter("kdeg", "1/h", self.kdeg),
                parameter("kinact", "1/h", self.kinact),
                parameter("ki", "uM", self.ki),
                parameter("qen", "L/h", QEN_L_PER_H),
                parameter("share", "ratio", share),
            ],
            compartment: vec![Compartment {
                name: "gut".to_owned(),
                unit: "umol".to_owned(),
                ..Compartment::default()
            }],
            flow: vec![Flow::first_order("gut", None, Ratio::parameter("ka"))],
            turnover: vec![Made {
                name: "enzyme".to_owned(),
                unit: "ratio".to_owned(),
                baseline: Ratio::number(1.0),
                kout: Ratio::parameter("kdeg"),
                on_production: Vec::new(),
                on_loss: vec![Modifier::Stimulated {
                    by: Driver {
                        compartment: "gut".to_owned(),
                        volume: Some(Ratio::new(&["qen"], &["ka", "share"])),
                    },
                    emax: Ratio::new(&["kinact"], &["kdeg"]),
                    ec50: Ratio::parameter("ki"),
                    hill: None,
                }],
            }],
            output: vec![Output {
                name: "enzyme".to_owned(),
                unit: "ratio".to_owned(),
                compartment: "enzyme".to_owned(),
                scale: None,
            }],
            ..ModelDescription::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constants() -> Constants {
        Constants {
            ka: 2.4,
            kdeg: 0.03,
            kinact: 4.74,
            ki: 4.2,
            reference_umol: 97.8,
        }
    }

    #[test]
    fn one_studied_dose_leaves_what_the_trial_showed() {
        for left in [0.156, 0.347, 0.565] {
            let share = constants().calibrated(left).unwrap();
            let day = constants()
                .enzyme(share, 97.8, &[0.0], 24.0, false)
                .unwrap();
            let least = day[..=4].iter().copied().fold(1.0, f64::min);
            assert!((least - left).abs() < 1e-3, "{left}: {least}");
            assert!((day[0] - 1.0).abs() < 1e-9, "full before the dose");
            // After the passage only renewal is left: 1 - (1 - E) exp(-kdeg t), nearly.
            let (from, to) = (day[12], day[95]);
            let renewed = 1.0 - (1.0 - from) * exp(-0.03 * 24.0 * 83.0 / 96.0);
            assert!((to - renewed).abs() < 0.01, "{to} {renewed}");
        }
    }

    #[test]
    fn a_schedule_leaves_less_than_one_dose_and_more_doses_leave_less() {
        let share = constants().calibrated(0.347).unwrap();
        let least = |times: &[f64]| {
            let day = constants().enzyme(share, 97.8, times, 24.0, true).unwrap();
            day.into_iter().fold(1.0, f64::min)
        };
        assert!(least(&[8.0]) < 0.347);
        assert!(least(&[8.0, 20.0]) < least(&[8.0]));
        assert!(least(&[8.0, 14.0, 20.0]) < least(&[8.0, 20.0]));
    }
}
