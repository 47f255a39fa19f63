//! The records of one subject as a list of things that happen, one after another.
//!
//! Every solver carries out the same list. A dose stands in it once and is applied when its turn
//! comes, by position; no time is ever compared within a tolerance. The order at equal times:
//!
//! 1. arrivals that earlier records caused (lagged and additional doses, ends of infusions), in the
//!    order in which they were caused;
//! 2. the record itself, in the order of the data; so a record sees the doses of records before it
//!    and not of those after it;
//! 3. the prediction of the record: on a dose record it is made after the dose.
//!
//! A reset forgets what is pending and running. Covariates carried backward change right after the
//! record before; carried forward they change at the record, after arrivals and before its dose.
//!
//! The rules are NONMEM's; they reproduce 29 published scenarios (`docs/engine.md`).

use crate::error::{EventFault, SolveFault};
use crate::model::{Individual, Model};
use ketum_core::event::{Event, EventKind, Input, SteadyState, Subject};

use super::trains::{ADDITIONAL, MOST_DOSES, MOST_RUNNING, Train, Trains, bounded};

const ON_THEIR_WAY: &str = "doses on their way at once (lag over II)";
const RUNNING: &str = "infusions running at once (duration over II)";

/// Something that happens to a subject.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// An amount enters a state at once.
    Bolus {
        /// State entered.
        state: usize,
        /// Amount.
        amount: f64,
    },
    /// The rate of input into a state changes.
    Rate {
        /// State entered.
        state: usize,
        /// Change, amount per hour.
        change: f64,
    },
    /// States return to their initial values, inputs stop.
    Reset,
    /// The steady state of a repeated dose.
    Steady(Box<SteadyPlan>),
    /// Parameters change to those around this record.
    Parameters {
        /// Position of the record.
        record: usize,
        /// Those that hold from the record on, not those that hold until it.
        after: bool,
    },
    /// A prediction is made for this record.
    Observe {
        /// Position of the record.
        record: usize,
    },
}

/// An action and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Hours.
    pub time_h: f64,
    /// What happens.
    pub action: Action,
}

/// A dose repeated since ever.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SteadyPlan {
    /// State dosed.
    pub state: usize,
    /// Whether it replaces what is in the body.
    pub replace: bool,
    /// Amount entering at once at the start of each interval.
    pub bolus: f64,
    /// Rate of an infusion, amount per hour.
    pub rate: f64,
    /// Its duration; infinite for a constant infusion.
    pub duration_h: f64,
    /// Interval between doses.
    pub interval_h: f64,
    /// Hours between the newest of them and now.
    pub elapsed_h: f64,
}

/// One stretch of constant input within an interval at steady state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Length, hours.
    pub hours: f64,
    /// Rate, amount per hour.
    pub rate: f64,
}

impl SteadyPlan {
    /// Infusions still running from earlier intervals when one starts.
    pub fn overlapping(&self) -> u64 {
        if self.rate == 0.0 {
            return 0;
        }
        ((self.duration_h / self.interval_h).ceil() - 1.0).max(0.0) as u64
    }

    /// Input from the start of an interval until `hours` later, at most one interval.
    pub fn stretches(&self, hours: f64) -> [Stretch; 2] {
        let earlier = self.overlapping() as f64;
        let own = if self.rate == 0.0 {
            0.0
        } else {
            (self.duration_h - earlier * self.interval_h).min(hours)
        };
        [
            Stretch {
                hours: own,
                rate: (earlier + 1.0) * self.rate,
            },
            Stretch {
                hours: hours - own,
                rate: earlier * self.rate,
            },
        ]
    }
}

/// A dose with the model's lag, F, rate and duration worked in.
#[derive(Debug, Clone, Copy)]
struct Given {
    state: usize,
    lag_h: f64,
    bolus: f64,
    rate: f64,
    duration_h: f64,
}

impl Given {
    fn starts(&self) -> Action {
        let state = self.state;
        if self.rate > 0.0 {
            let change = self.rate;
            Action::Rate { state, change }
        } else {
            let amount = self.bolus;
            Action::Bolus { state, amount }
        }
    }

    fn ends(&self) -> Action {
        Action::Rate {
            state: self.state,
            change: -self.rate,
        }
    }

    fn runs_for(&self) -> Option<f64> {
        (self.rate > 0.0).then_some(self.duration_h)
    }
}

/// Lays out a subject's records.
///
/// `individuals[i]` gives the parameters at record `i`.
///
/// # Errors
/// The first record that cannot be carried out.
pub fn timeline(
    model: &Model,
    subject: &Subject,
    individuals: &[Individual],
) -> Result<Vec<Step>, SolveFault> {
    let mut layout = Layout {
        model,
        steps: Vec::new(),
        pending: Trains::default(),
        now: 0.0,
    };
    layout.now = subject.events.first().map_or(0.0, |event| event.time_h);
    let mut last_h = f64::NEG_INFINITY;
    for (record, event) in subject.events.iter().enumerate() {
        let fault = |what| SolveFault::Record {
            record: record + 1,
            what,
        };
        if !event.time_h.is_finite() {
            return Err(fault(number("time", event.time_h, "finite")));
        }
        if event.time_h < last_h {
            return Err(fault(EventFault::Order {
                time_h: event.time_h,
            }));
        }
        last_h = event.time_h;
        layout.change_parameters(record, individuals);
        layout.arrive_until(event.time_h).map_err(fault)?;
        layout.now = event.time_h;
        layout.change_forward_parameters(record, individuals);
        if matches!(event.kind, EventKind::Reset | EventKind::ResetAndDose) {
            layout.reset();
        }
        if event.gives_dose() {
            layout
                .dose(event, &individuals[record].at_record)
                .and_then(|()| layout.arrive_until(event.time_h))
                .map_err(fault)?;
        }
        layout.push(event.time_h, Action::Observe { record });
    }
    Ok(layout.steps)
}

struct Layout<'m> {
    model: &'m Model,
    steps: Vec<Step>,
    /// What is still to come, in the order in which it was caused.
    pending: Trains,
    now: f64,
}

impl Layout<'_> {
    fn push(&mut self, time_h: f64, action: Action) {
        self.steps.push(Step { time_h, action });
    }

    /// Parameters for the stretch that ends at this record.
    fn change_parameters(&mut self, record: usize, individuals: &[Individual]) {
        let changed = record == 0 || individuals[record].before != individuals[record - 1].after;
        if changed {
            self.push(
                self.now,
                Action::Parameters {
                    record,
                    after: false,
                },
            );
        }
    }

    /// Parameters that change at this record and hold from here on.
    fn change_forward_parameters(&mut self, record: usize, individuals: &[Individual]) {
        if individuals[record].after != individuals[record].before {
            self.push(
                self.now,
                Action::Parameters {
                    record,
                    after: true,
                },
            );
        }
    }

    fn arrive_until(&mut self, time_h: f64) -> Result<(), EventFault> {
        while let Some((time_h, action)) = self.pending.next_until(time_h)? {
            self.push(time_h, action);
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.pending.clear();
        self.push(self.now, Action::Reset);
    }

    fn dose(&mut self, event: &Event, parameters: &[f64]) -> Result<(), EventFault> {
        let constant = event.steady_state != SteadyState::Off && event.interval_h == 0.0;
        let given = self.given(event, parameters, constant)?;
        if event.steady_state != SteadyState::Off && self.model.depends_on_time() {
            return Err(EventFault::NoRepetition);
        }
        let additional = bounded(ADDITIONAL, f64::from(event.additional), MOST_DOSES)?;
        let earlier = match (event.steady_state, constant) {
            (SteadyState::Off, _) => 0,
            (_, true) => {
                self.steady(event, &given, f64::INFINITY, 0.0);
                return Ok(());
            }
            (_, false) => self.steady_arrivals(event, &given)?,
        };
        self.pending.add(Train {
            anchor_h: event.time_h + given.lag_h,
            first: -(earlier as i64),
            last: additional as i64,
            interval_h: event.interval_h,
            action: given.starts(),
            end: given.runs_for().map(|hours| (hours, given.ends())),
        });
        Ok(())
    }

    fn steady(&mut self, event: &Event, given: &Given, interval_h: f64, elapsed_h: f64) {
        let replace = event.steady_state == SteadyState::Replace;
        if replace {
            self.reset();
        }
        let plan = SteadyPlan {
            state: given.state,
            replace,
            bolus: given.bolus,
            rate: given.rate,
            duration_h: given.duration_h,
            interval_h,
            elapsed_h,
        };
        self.push(self.now, Action::Steady(Box::new(plan)));
    }

    /// Doses given every interval since ever, the newest one lag after this record. Gives how many
    /// earlier ones are still on their way because the lag is longer than the interval.
    fn steady_arrivals(&mut self, event: &Event, given: &Given) -> Result<u64, EventFault> {
        let (lag_h, ii_h) = (given.lag_h, event.interval_h);
        // The newest dose that has arrived by now was given `newest` intervals before this one.
        let newest = (lag_h / ii_h).ceil().max(1.0);
        let newest = bounded(ON_THEIR_WAY, newest, MOST_DOSES)?;
        let elapsed_h = newest as f64 * ii_h - lag_h;
        let intervals = given.runs_for().map_or(0.0, |hours| (hours / ii_h).ceil());
        let intervals = bounded(RUNNING, intervals, MOST_RUNNING)?;
        self.pending.count(intervals)?;
        self.steady(event, given, ii_h, elapsed_h);
        for k in 0..=intervals {
            let since_h = elapsed_h + k as f64 * ii_h;
            if since_h < given.runs_for().unwrap_or(0.0) {
                self.push(self.now, given.starts());
                self.pending.add(Train {
                    anchor_h: self.now + (given.duration_h - since_h),
                    first: 0,
                    last: 0,
                    interval_h: 0.0,
                    action: given.ends(),
                    end: None,
                });
            }
        }
        Ok(newest - 1)
    }

    fn given(&self, event: &Event, p: &[f64], constant: bool) -> Result<Given, EventFault> {
        let state = match &event.compartment {
            None => 0,
            Some(name) => self
                .model
                .state(name)
                .ok_or_else(|| EventFault::Compartment(name.clone()))?,
        };
        let not_negative = |field, value: f64| match value >= 0.0 && value.is_finite() {
            true => Ok(value),
            false => Err(number(field, value, "finite and not negative")),
        };
        let positive = |field, value: f64| match value > 0.0 && value.is_finite() {
            true => Ok(value),
            false => Err(number(field, value, "finite and above zero")),
        };
        let target = &self.model.states[state];
        let of = |term: &Option<crate::model::Term>, absent| {
            term.as_ref().map_or(absent, |term| term.value(p))
        };
        let lag_h = not_negative("lag", of(&target.lag, 0.0))?;
        let f = not_negative("bioavailability", of(&target.bioavailability, 1.0))?;
        let amount = not_negative("amount", event.amount)?;
        not_negative("interval", event.interval_h)?;
        if event.interval_h == 0.0 && event.additional > 0 {
            return Err(EventFault::NoInterval("additional doses (ADDL)"));
        }
        let by_rate = matches!(
            event.input,
            Input::Rate(_) | Input::ModelledRate | Input::ModelledDuration
        );
        let stands = event.steady_state != SteadyState::Off && event.interval_h == 0.0;
        if amount == 0.0 && by_rate && !stands {
            return Err(EventFault::Nothing);
        }
        let modelled = |term: &Option<crate::model::Term>, what| match term {
            Some(term) => positive(what, term.value(p)),
            None => Err(EventFault::NotModelled(what)),
        };
        let dose = f * amount;
        let (bolus, rate, duration_h) = match event.input {
            Input::Bolus => (dose, 0.0, 0.0),
            Input::Rate(rate) => {
                let rate = positive("rate", rate)?;
                (0.0, rate, dose / rate)
            }
            Input::Duration(hours) => {
                let hours = not_negative("duration", hours)?;
                if hours == 0.0 {
                    (dose, 0.0, 0.0)
                } else {
                    (0.0, dose / hours, hours)
                }
            }
            Input::ModelledRate => {
                let rate = modelled(&target.dose_rate, "modelled rate")?;
                (0.0, rate, dose / rate)
            }
            Input::ModelledDuration => {
                let hours = modelled(&target.dose_duration, "modelled duration")?;
                (0.0, dose / hours, hours)
            }
        };
        if constant {
            if amount != 0.0 || rate == 0.0 {
                return Err(EventFault::NoInterval(
                    "a steady state (SS) of repeated doses",
                ));
            }
            return Ok(Given {
                state,
                lag_h,
                bolus: 0.0,
                rate,
                duration_h: f64::INFINITY,
            });
        }
        Ok(Given {
            state,
            lag_h,
            bolus,
            rate: if dose == 0.0 { 0.0 } else { rate },
            duration_h,
        })
    }
}

fn number(field: &'static str, value: f64, rule: &'static str) -> EventFault {
    EventFault::Number { field, value, rule }
}
