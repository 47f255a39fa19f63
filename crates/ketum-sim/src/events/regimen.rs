//! Doses that every subject of a population gets, laid out for superposition.
//!
//! In a linear model the response is the sum over doses, so doses are sorted into slots, one a
//! dosed compartment, each in order of time. A compartment's lag shifts its whole slot.

use super::trains::{ADDITIONAL, MOST_ARRIVALS, MOST_DOSES, bounded};
use crate::error::{EventFault, SimError};
use crate::model::Model;
use ketum_core::event::{Event, EventKind, Input, SteadyState};

/// Something that enters a compartment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlotEvent {
    /// Hours, before the compartment's lag.
    pub time_h: f64,
    /// Amount at once.
    pub bolus: f64,
    /// Change of the infusion rate, amount per hour.
    pub rate_change: f64,
    /// Hours between doses when this stands for infinitely many earlier ones; zero when it stands
    /// for itself.
    pub steady_interval_h: f64,
}

/// The doses of a population.
#[derive(Debug, Clone, PartialEq)]
pub struct Regimen {
    /// Dosed state and what enters it, in order of time.
    pub slots: Vec<(usize, Vec<SlotEvent>)>,
    /// When a record starts from steady state, hours: before it nothing was given.
    pub(crate) steady_from_h: Option<f64>,
    /// Time of the first record, hours: what a model makes itself starts there.
    pub(crate) start_h: Option<f64>,
}

impl Regimen {
    /// Lays out the doses of `events`; observations are skipped.
    ///
    /// # Errors
    /// A record that cannot be carried out, or (`Unsupported`) one that this layout does not hold and that is
    /// simulated subject by subject: resets, modelled rates and durations, a given rate where F is modelled
    /// (it keeps its rate and lasts longer), steady state after the first dose, of an infusion, with a lag or
    /// in a model that makes something itself.
    pub fn new(model: &Model, events: &[Event]) -> Result<Self, SimError> {
        let mut slots: Vec<(usize, Vec<SlotEvent>)> = Vec::new();
        let mut last_h = f64::NEG_INFINITY;
        let mut doses = 0;
        let mut laid_out = 0.0;
        let mut steady_from_h = None;
        let alone = |why| {
            Err(SimError::Unsupported {
                method: "a population with common doses",
                why,
            })
        };
        for (index, event) in events.iter().enumerate() {
            let fault = |what| SimError::Event {
                subject: "of the population".to_owned(),
                record: index + 1,
                what,
            };
            let number = |field, value, rule| Err(fault(EventFault::Number { field, value, rule }));
            if !event.time_h.is_finite() {
                return number("time", event.time_h, "finite");
            }
            if event.time_h < last_h {
                return Err(fault(EventFault::Order {
                    time_h: event.time_h,
                }));
            }
            last_h = event.time_h;
            match event.kind {
                EventKind::Observation | EventKind::Other => continue,
                EventKind::Reset | EventKind::ResetAndDose => {
                    return alone("resets belong to the records of single subjects");
                }
                EventKind::Dose => {}
            }
            let state = match &event.compartment {
                None => 0,
                Some(name) => model
                    .state(name)
                    .ok_or_else(|| fault(EventFault::Compartment(name.clone())))?,
            };
            if !(event.amount >= 0.0 && event.amount.is_finite()) {
                return number("amount", event.amount, "finite and not negative");
            }
            let steady = event.steady_state != SteadyState::Off;
            if steady && (doses > 0 || event.input != Input::Bolus) {
                return alone(
                    "steady state is that of a first dose, at once; others belong to single subjects",
                );
            }
            let target = &model.states[state];
            if steady && (target.lag.is_some() || model.has_production()) {
                return alone(
                    "steady state with a lag or with production belongs to single subjects",
                );
            }
            if !(event.interval_h >= 0.0 && event.interval_h.is_finite()) {
                return number("interval", event.interval_h, "finite and not negative");
            }
            if event.interval_h == 0.0 && (event.additional > 0 || steady) {
                let what = if steady {
                    "a steady state (SS)"
                } else {
                    "additional doses (ADDL)"
                };
                return Err(fault(EventFault::NoInterval(what)));
            }
            bounded(ADDITIONAL, f64::from(event.additional), MOST_DOSES).map_err(fault)?;
            let stands = steady && event.interval_h == 0.0;
            if event.amount == 0.0 && !stands && matches!(event.input, Input::Rate(_)) {
                return Err(fault(EventFault::Nothing));
            }
            let duration_h = match event.input {
                Input::Bolus => 0.0,
                Input::Duration(hours) => hours,
                Input::Rate(_) if target.bioavailability.is_some() => {
                    return alone("a given rate with a modelled F belongs to single subjects");
                }
                Input::Rate(rate) => event.amount / rate,
                Input::ModelledRate | Input::ModelledDuration => {
                    return alone("modelled rates and durations belong to single subjects");
                }
            };
            if !(duration_h >= 0.0 && duration_h.is_finite()) {
                return number("duration", duration_h, "finite and not negative");
            }
            doses += 1;
            laid_out += f64::from(event.additional) + 1.0;
            bounded("doses of all records", laid_out, MOST_ARRIVALS).map_err(fault)?;
            let position = match slots.iter().position(|(dosed, _)| *dosed == state) {
                Some(position) => position,
                None => {
                    slots.push((state, Vec::new()));
                    slots.len() - 1
                }
            };
            let slot = &mut slots[position].1;
            let plain = SlotEvent {
                time_h: 0.0,
                bolus: 0.0,
                rate_change: 0.0,
                steady_interval_h: 0.0,
            };
            if steady {
                steady_from_h = Some(event.time_h);
                slot.push(SlotEvent {
                    time_h: event.time_h - event.interval_h,
                    bolus: event.amount,
                    steady_interval_h: event.interval_h,
                    ..plain
                });
            }
            for k in 0..=event.additional {
                let time_h = event.time_h + f64::from(k) * event.interval_h;
                if duration_h == 0.0 {
                    slot.push(SlotEvent {
                        time_h,
                        bolus: event.amount,
                        ..plain
                    });
                } else {
                    let rate_change = event.amount / duration_h;
                    slot.push(SlotEvent {
                        time_h,
                        rate_change,
                        ..plain
                    });
                    let time_h = time_h + duration_h;
                    slot.push(SlotEvent {
                        time_h,
                        rate_change: -rate_change,
                        ..plain
                    });
                }
            }
        }
        for (_, slot) in &mut slots {
            slot.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
        }
        Ok(Self {
            slots,
            steady_from_h,
            start_h: events.first().map(|event| event.time_h),
        })
    }
}
