//! What a record does: the columns of a dose and what they may say together.
//!
//! The rules are NONMEM's. A column that would have no effect on the record is an error, not ignored:
//! who wrote it meant something.

use ketum_core::event::{Event, EventKind, Input, SteadyState};

use super::Reader;
use super::fields::Fields;
use super::header::Header;

/// One column of a dose: where it stands, if it does, and its number, if it can be read.
#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    at: Option<usize>,
    value: Option<f64>,
}

impl Field {
    /// Its number; zero where it is absent or unreadable, which then is an error already.
    fn value(self) -> f64 {
        self.value.unwrap_or(0.0)
    }
}

/// The columns of a dose, and where EVID stands.
struct Dose {
    evid: Option<usize>,
    amount: Field,
    rate: Field,
    duration: Field,
    interval: Field,
    additional: Field,
    steady: Field,
}

const NO_AMOUNT: &str = "give AMT; EVID 2 marks a time without a dose; AMT 0 goes only with RATE above 0 \
                         (or -1), SS 1 or 2 and II 0: the steady state of a constant infusion";

impl Reader<'_> {
    pub(super) fn event(&mut self, fields: &Fields<'_>, header: &Header) -> Option<Event> {
        let before = self.met;
        let time = self.number(fields, header.time, header, None);
        let evid = self.field("EVID", header.evid, fields, header);
        let dose = Dose {
            evid: header.evid,
            amount: self.field("AMT", header.amount, fields, header),
            rate: self.field("RATE", header.rate, fields, header),
            duration: self.field("DUR", header.duration, fields, header),
            interval: self.field("II", header.interval, fields, header),
            additional: self.field("ADDL", header.additional, fields, header),
            steady: self.field("SS", header.steady, fields, header),
        };
        let readable = self.met == before;
        let compartment = self.compartment(fields, header);
        let implied = dose.amount.value() != 0.0 || dose.rate.value() > 0.0;
        let kind = match (header.evid, evid.value()) {
            (None, _) if implied => EventKind::Dose,
            (None, _) | (_, 0.0) => EventKind::Observation,
            (_, 1.0) => EventKind::Dose,
            (_, 2.0) => EventKind::Other,
            (_, 3.0) => EventKind::Reset,
            (_, 4.0) => EventKind::ResetAndDose,
            (_, other) => {
                let message = format!("EVID is {other}");
                self.fault(fields, evid, message, "EVID is 0, 1, 2, 3 or 4");
                return None;
            }
        };
        if !matches!(kind, EventKind::Dose | EventKind::ResetAndDose) {
            // Where EVID itself cannot be read nobody knows whether this was to be a dose.
            if evid.value.is_some() {
                self.no_dose(fields, &dose);
            }
            return Some(Event {
                kind,
                compartment: compartment.map(|at| self.columns.compartments[at].clone()),
                ..Event::observation(time?)
            });
        }
        let input = self.input(fields, &dose, compartment.unwrap_or(0));
        let steady_state = self.repeated(fields, &dose, input, readable);
        Some(Event {
            time_h: time?,
            kind,
            compartment: compartment.map(|at| self.columns.compartments[at].clone()),
            amount: dose.amount.value(),
            input,
            additional: dose.additional.value() as u32,
            interval_h: dose.interval.value(),
            steady_state,
        })
    }

    fn field(
        &mut self,
        name: &'static str,
        at: Option<usize>,
        fields: &Fields<'_>,
        header: &Header,
    ) -> Field {
        let value = match at {
            Some(at) => self.number(fields, at, header, Some(0.0)),
            None => Some(0.0),
        };
        Field { name, at, value }
    }

    /// An error at a column.
    fn fault(&mut self, fields: &Fields<'_>, field: Field, message: String, hint: &str) {
        let column = field.at.map_or(1, |at| fields.column(at));
        self.error(fields.line, column, message, hint);
    }

    /// Nothing of a dose may stand on a record that gives none.
    fn no_dose(&mut self, fields: &Fields<'_>, dose: &Dose) {
        let all = [
            dose.amount,
            dose.rate,
            dose.duration,
            dose.interval,
            dose.additional,
            dose.steady,
        ];
        for field in all.into_iter().filter(|field| field.value() != 0.0) {
            let (name, value) = (field.name, field.value());
            let message = format!("{name} is {value} on a record that gives no dose");
            let hint = "a dose has EVID 1 or 4; elsewhere write 0 or a dot";
            self.fault(fields, field, message, hint);
        }
    }

    /// How the dose enters.
    fn input(&mut self, fields: &Fields<'_>, dose: &Dose, compartment: usize) -> Input {
        let (rate, duration) = (dose.rate, dose.duration);
        let input = match (rate.value(), duration.value()) {
            (0.0, 0.0) => Input::Bolus,
            (r, 0.0) if r > 0.0 => Input::Rate(r),
            (-1.0, 0.0) => Input::ModelledRate,
            (-2.0, 0.0) => Input::ModelledDuration,
            (0.0, d) if d > 0.0 => Input::Duration(d),
            (0.0, d) => {
                let message = format!("DUR is {d}");
                self.fault(fields, duration, message, "a duration is not negative");
                Input::Bolus
            }
            (r, 0.0) => {
                let message = format!("RATE is {r}");
                self.fault(fields, rate, message, "RATE is positive, 0, -1 or -2");
                Input::Bolus
            }
            _ => {
                let message = "both RATE and DUR are given".to_owned();
                self.fault(fields, rate, message, "give one of them");
                Input::Bolus
            }
        };
        let modelled = self.columns.modelled.get(compartment).copied();
        let (missing, key) = match (input, modelled) {
            (Input::ModelledRate, Some(model)) => (!model.rate, "dose_rate"),
            (Input::ModelledDuration, Some(model)) => (!model.duration, "dose_duration"),
            _ => (false, ""),
        };
        if missing {
            let name = &self.columns.compartments[compartment];
            let message = format!(
                "RATE is {}, but the compartment '{name}' has no {key} in the model",
                rate.value()
            );
            let hint = format!("give it {key} in the model file, or write a RATE above 0 or a DUR");
            self.fault(fields, rate, message, &hint);
        }
        input
    }

    /// Amount and repetition: AMT, ADDL, II and SS together.
    fn repeated(
        &mut self,
        fields: &Fields<'_>,
        dose: &Dose,
        input: Input,
        readable: bool,
    ) -> SteadyState {
        let Dose {
            amount,
            interval,
            additional,
            steady,
            ..
        } = dose;
        if amount.value() < 0.0 {
            let message = format!("AMT is {}", amount.value());
            self.fault(fields, *amount, message, "an amount is not negative");
        }
        let steady_state = match steady.value() {
            0.0 => SteadyState::Off,
            1.0 => SteadyState::Replace,
            2.0 => SteadyState::Add,
            other => {
                let message = format!("SS is {other}");
                self.fault(fields, *steady, message, "SS is 0, 1 or 2");
                SteadyState::Off
            }
        };
        if interval.value() < 0.0 {
            let message = format!("II is {}", interval.value());
            self.fault(fields, *interval, message, "an interval is not negative");
        }
        let count = additional.value();
        if count < 0.0 || count.fract() != 0.0 || count > 1e6 {
            let message = format!("ADDL is {count}");
            let hint = "ADDL is a whole number from 0 to a million";
            self.fault(fields, *additional, message, hint);
        }
        // What the columns say together is judged only where each could be read.
        if !readable {
            return steady_state;
        }
        let ongoing = steady_state != SteadyState::Off && interval.value() == 0.0;
        if count > 0.0 && interval.value() == 0.0 {
            let hint = "additional doses need an interval";
            self.fault(fields, *additional, "ADDL without II".into(), hint);
        }
        if amount.value() == 0.0 {
            if !(ongoing && matches!(input, Input::Rate(_) | Input::ModelledRate)) {
                let message = "a dose whose amount (AMT) is 0".to_owned();
                let at = amount.at.or(dose.evid).or(dose.rate.at);
                self.fault(fields, Field { at, ..*amount }, message, NO_AMOUNT);
            }
        } else if ongoing {
            let hint = "a steady state needs an interval between doses";
            self.fault(fields, *steady, "SS without II".into(), hint);
        }
        steady_state
    }

    /// The compartment named, as its position; `None` is the model's first.
    fn compartment(&mut self, fields: &Fields<'_>, header: &Header) -> Option<usize> {
        let at = header.compartment?;
        let text = fields.text(at);
        let names = self.columns.compartments;
        if fields.is_missing(at) || text == "0" || self.columns.model_unknown {
            return None;
        }
        let number = || text.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let known = names
            .iter()
            .position(|name| name == text)
            .or_else(|| number().filter(|at| *at < names.len()));
        if known.is_none() {
            let list: Vec<String> = names
                .iter()
                .enumerate()
                .map(|(i, name)| format!("{} {name}", i + 1))
                .collect();
            let hint = match list.as_slice() {
                [] => "the model has no compartment".to_owned(),
                list => format!("the model has {}", list.join(", ")),
            };
            let message = format!("unknown compartment '{text}'");
            self.error(fields.line, fields.column(at), message, &hint);
        }
        known
    }
}
