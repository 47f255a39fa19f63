//! Solves subjects of a population in groups, each group the fastest way that fits it.

use super::draw::Draws;
use super::equations::EquationGroup;
use super::exact::Single;
use super::kernel::{Group, MAX_OUTPUTS};
use super::reach::Reach;
use super::run::{Population, RunOptions};
use crate::error::{SimError, SolveFault, SubjectFailure};
use crate::events::Regimen;
use crate::linear::{MAX_STATES, SIZE};
use crate::math::dispatch::{self, Path};
use crate::math::{LANES, Lanes, Real};
use crate::model::Model;
use crate::ode::{Tolerance, Work};
use crate::solve::{Method, Options, simulate_parameters};
use ketum_core::event::{Event, EventKind, Subject};

/// The way a whole population goes; single subjects may leave it.
enum Way {
    /// Sums of exponentials, the matrix exponential where rates are too near each other.
    Modes(Regimen, Reach),
    /// The matrix exponential.
    Exact(Regimen),
    /// Differential equations side by side.
    Equations(Regimen),
    /// Every subject alone, record by record.
    Alone,
}

/// Ready to solve any subject of a population.
pub(crate) struct Engine<'a> {
    pub model: &'a Model,
    pub times_h: &'a [f64],
    way: Way,
    method: Method,
    tolerance: Tolerance,
    path: Path,
    /// Records of one subject: doses, resets and, in their places, observations.
    records: Vec<Event>,
}

/// What became of a group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    /// Subjects that were solved alone.
    pub alone: u64,
    /// Subjects that failed.
    pub failures: Vec<SubjectFailure>,
    /// What the solvers of differential equations did.
    pub work: Work,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(
        population: &Population<'a>,
        options: &RunOptions<'_>,
    ) -> Result<Self, SimError> {
        let Population {
            model,
            events,
            times_h,
            ..
        } = *population;
        let mut last = f64::NEG_INFINITY;
        for (index, &time_h) in times_h.iter().enumerate() {
            if !time_h.is_finite() || time_h < last {
                return Err(SimError::Times { index, time_h });
            }
            last = time_h;
        }
        // What stands from steady state was not there before its record.
        let early = |from_h: f64| times_h.first().is_some_and(|first| *first < from_h);
        let regimen = match Regimen::new(model, events) {
            Ok(regimen) if regimen.steady_from_h.is_some_and(early) => None,
            Ok(regimen) => Some(regimen),
            Err(SimError::Unsupported { .. }) => None,
            Err(error) => return Err(error),
        };
        let closed = model.is_linear() && model.states().len() <= MAX_STATES;
        let way = match (options.method, regimen) {
            (Method::ClosedForm, _) if !closed => {
                return Err(SimError::Unsupported {
                    method: "the closed form",
                    why: "the model is not linear or has more than seven states",
                });
            }
            (Method::Auto | Method::ClosedForm, Some(regimen)) if closed => {
                match reach(model, &regimen) {
                    Some(reach) => Way::Modes(regimen, reach),
                    None => Way::Exact(regimen),
                }
            }
            (Method::Auto | Method::Explicit, Some(regimen)) if regimen.steady_from_h.is_none() => {
                Way::Equations(regimen)
            }
            _ => Way::Alone,
        };
        let path = options.path.unwrap_or_else(Path::widest);
        let mut records = events.to_vec();
        // Times alone are predicted at.
        let seen = records
            .iter_mut()
            .filter(|e| e.kind == EventKind::Observation);
        seen.for_each(|event| event.kind = EventKind::Other);
        records.extend(times_h.iter().map(|&time_h| Event::observation(time_h)));
        // A stable sort: at equal times doses stand before observations.
        records.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
        Ok(Self {
            model,
            times_h,
            way,
            method: options.method,
            tolerance: options.tolerance,
            path,
            records,
        })
    }

    /// Parameters of a group, one `Lanes` each; lanes beyond the last subject repeat it.
    pub(crate) fn draw(
        &self,
        draws: &Draws<'_>,
        covariates: Option<&Covariates<'_>>,
        first: u64,
        count: usize,
        columns: &mut [Lanes],
    ) -> Result<(), SimError> {
        if covariates.is_none() && self.model.covariate_effects.is_empty() {
            draws.group(self.path, first, columns);
            for lane in count..LANES {
                columns
                    .iter_mut()
                    .for_each(|column| column.0[lane] = column.0[count - 1]);
            }
            return Ok(());
        }
        let mut own = Vec::new();
        for lane in 0..LANES {
            if lane < count {
                let subject = first + lane as u64;
                let value = |name: &str| covariates.and_then(|c| c(subject, name));
                let eta = draws.effects(subject, 0);
                let fault = |what| SimError::Event {
                    subject: subject.to_string(),
                    record: 1,
                    what,
                };
                own = self.model.individual(&eta, &value).map_err(fault)?;
            }
            for (column, value) in columns.iter_mut().zip(&own) {
                column.0[lane] = *value;
            }
        }
        Ok(())
    }

    /// Solves a group of `count` subjects starting with `first`. `profile` is `[time][output]`,
    /// `areas` one an output; lanes of subjects that fail hold what is not a number.
    pub(crate) fn solve(
        &self,
        first: u64,
        count: usize,
        columns: &[Lanes],
        profile: &mut [Lanes],
        areas: &mut [Lanes],
    ) -> Report {
        let mut report = Report::default();
        let path = self.path;
        let (model, times_h, parameters) = (self.model, self.times_h, columns);
        let again = match &self.way {
            Way::Modes(regimen, reach) => {
                let (profile, areas) = (&mut *profile, &mut *areas);
                dispatch::run(
                    path,
                    Group {
                        model,
                        reach,
                        regimen,
                        times_h,
                        parameters,
                        profile,
                        areas,
                    },
                )
            }
            Way::Equations(regimen) => {
                let (tolerance, profile) = (self.tolerance, &mut *profile);
                areas.fill(Lanes::splat(f64::NAN));
                let (again, work) = dispatch::run(
                    path,
                    EquationGroup {
                        model,
                        regimen,
                        times_h,
                        tolerance,
                        parameters,
                        profile,
                    },
                );
                report.work += work;
                again
            }
            Way::Exact(_) | Way::Alone => [true; LANES],
        };
        // All at once whether every number is one; which one is not is asked only where one is not.
        let given = model.doubtful(columns);
        // A sum of exponentials that is no number was found out by its amplitudes; it may still be one by the
        // matrix exponential.
        let found = match &self.way {
            Way::Modes(..) => [false; LANES],
            _ => not_finite(profile),
        };
        for lane in 0..count {
            if !again[lane] && !found[lane] && !given[lane] {
                continue;
            }
            let own: Vec<f64> = columns.iter().map(|column| column.0[lane]).collect();
            let result = match model.check_values(&own) {
                Err(cause) => Err(cause),
                Ok(()) if again[lane] => {
                    report.alone += 1;
                    self.alone(lane, &own, profile, areas, &mut report.work)
                }
                Ok(()) => check(model, times_h, lane, profile),
            };
            if let Err(cause) = result {
                let names = model.parameters.iter().map(|p| p.name.clone());
                let parameters = names.zip(own).collect();
                let subject = first + lane as u64;
                report.failures.push(SubjectFailure {
                    subject,
                    cause,
                    parameters,
                });
                for value in profile.iter_mut().chain(areas.iter_mut()) {
                    value.0[lane] = f64::NAN;
                }
            }
        }
        report
    }

    fn alone(
        &self,
        lane: usize,
        parameters: &[f64],
        profile: &mut [Lanes],
        areas: &mut [Lanes],
        work: &mut Work,
    ) -> Result<(), SolveFault> {
        let outputs = self.model.outputs.len();
        if let Way::Modes(regimen, _) | Way::Exact(regimen) = &self.way
            && outputs <= SIZE
        {
            let single = Single {
                model: self.model,
                regimen,
                times_h: self.times_h,
                parameters,
                put: &mut |time, output, value| profile[time * outputs + output].0[lane] = value,
            };
            let own = dispatch::run(self.path, single)?;
            for (area, own) in areas.iter_mut().zip(own) {
                area.0[lane] = own;
            }
            return Ok(());
        }
        let subject = Subject {
            id: String::new(),
            events: self.records.clone(),
            covariates: Vec::new(),
        };
        let options = Options {
            method: self.method,
            tolerance: self.tolerance,
        };
        let prediction = match simulate_parameters(self.model, &subject, parameters, &options) {
            Ok(prediction) => prediction,
            Err(SimError::Subject { failure, .. }) => return Err(failure.cause),
            Err(SimError::Event { record, what, .. }) => {
                return Err(SolveFault::Record { record, what });
            }
            Err(_) => return Err(SolveFault::NotFinite("the subject".to_owned())),
        };
        *work += prediction.work;
        let observed = prediction
            .rows
            .iter()
            .zip(&self.records)
            .filter(|(_, record)| record.kind == EventKind::Observation);
        for (time, (row, _)) in observed.enumerate() {
            for (output, value) in row.iter().enumerate() {
                profile[time * outputs + output].0[lane] = *value;
            }
        }
        for area in areas {
            area.0[lane] = f64::NAN;
        }
        Ok(())
    }
}

/// Gives a covariate of a subject by name.
pub type Covariates<'a> = dyn Fn(u64, &str) -> Option<f64> + Sync + 'a;

/// Lanes that hold what is no finite number anywhere in `all`.
#[expect(clippy::eq_op, reason = "zero for a number, not-a-number for the rest")]
fn not_finite(all: &[Lanes]) -> [bool; LANES] {
    // A number less itself is zero, an infinity less itself is not a number, which stays in the sum. Four
    // at a time: each addition waits for the one before it.
    let mut sum = [0.0; LANES];
    let fours = all.chunks_exact(4);
    for lanes in fours.remainder() {
        for lane in 0..LANES {
            sum[lane] += lanes.0[lane] - lanes.0[lane];
        }
    }
    for four in fours {
        for lane in 0..LANES {
            let own = |of: usize| four[of].0[lane] - four[of].0[lane];
            sum[lane] += (own(0) + own(1)) + (own(2) + own(3));
        }
    }
    sum.map(|sum| sum != 0.0 || sum.is_nan())
}

fn check(model: &Model, times_h: &[f64], lane: usize, profile: &[Lanes]) -> Result<(), SolveFault> {
    let outputs = model.outputs.len();
    match profile.iter().position(|value| !value.0[lane].is_finite()) {
        None => Ok(()),
        Some(index) => {
            let name = &model.outputs[index % outputs].name;
            Err(SolveFault::NotFinite(format!(
                "{name} at {} h",
                times_h[index / outputs]
            )))
        }
    }
}

/// What doses reach of a linear model, where its rates have a formula. Constant inputs and initial
/// amounts are not sums of dose responses; such models go by the matrix exponential.
fn reach(model: &Model, regimen: &Regimen) -> Option<Reach> {
    if model.has_production() || model.outputs.len() > MAX_OUTPUTS {
        return None;
    }
    Reach::of(model, regimen)
}
