//! The parameters of one subject at one time: typical values, covariates, random effects.

use super::Model;
use crate::error::EventFault;
use crate::math;
use ketum_core::event::{Carry, CovariateSeries, Subject};
use ketum_core::model::{CovariateForm, Distribution};

/// Parameters around one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Individual {
    /// They hold from the record before until this one.
    pub before: Vec<f64>,
    /// They are used for the record's own dose.
    pub at_record: Vec<f64>,
    /// They hold from this record until the next changes them.
    pub after: Vec<f64>,
}

impl Model {
    /// Parameters from random effects on each parameter's own scale and covariates by name.
    ///
    /// # Errors
    /// A covariate that the model needs and `covariate` does not give.
    pub fn individual(
        &self,
        eta: &[f64],
        covariate: &dyn Fn(&str) -> Option<f64>,
    ) -> Result<Vec<f64>, EventFault> {
        let mut typical = self.typical();
        for effect in &self.covariate_effects {
            let x = covariate(&effect.covariate)
                .ok_or_else(|| EventFault::Covariate(effect.covariate.clone()))?;
            let value = &mut typical[effect.parameter];
            match effect.form {
                CovariateForm::Power {
                    reference,
                    exponent,
                } => {
                    *value *= math::pow(x / reference, exponent);
                }
                CovariateForm::Exponential { reference, slope } => {
                    *value *= math::exp(slope * (x - reference));
                }
                CovariateForm::Linear { reference, slope } => {
                    *value *= 1.0 + slope * (x - reference)
                }
                CovariateForm::Category {
                    value: code,
                    factor,
                } => {
                    if x == code {
                        *value *= factor;
                    }
                }
                CovariateForm::Replaces => *value = x,
            }
        }
        for ((value, parameter), &eta) in typical.iter_mut().zip(&self.parameters).zip(eta) {
            *value = shifted(*value, parameter.distribution, eta);
        }
        Ok(typical)
    }

    /// Parameters around every record of a subject; `eta` gives its random effects by occasion, and
    /// the occasion is the covariate OCC, or zero.
    ///
    /// # Errors
    /// A covariate that the model needs and the subject does not have.
    pub fn individuals(
        &self,
        subject: &Subject,
        eta: &dyn Fn(u32) -> Vec<f64>,
    ) -> Result<Vec<Individual>, EventFault> {
        let occasions = subject.covariates.iter().find(|c| c.name == "OCC");
        let at = |time_h: f64, rank: usize, side: Side| {
            let occasion = occasions
                .and_then(|c| read(c, time_h, rank, side))
                .unwrap_or(0.0);
            let eta = eta(occasion as u32);
            let read = |name: &str| {
                let series = subject.covariates.iter().find(|c| c.name == name)?;
                read(series, time_h, rank, side)
            };
            self.individual(&eta, &read)
        };
        let constant = (self.covariate_effects.is_empty() && occasions.is_none())
            || subject
                .covariates
                .iter()
                .all(|c| c.values.windows(2).all(|v| v[0] == v[1]));
        let mut list = Vec::with_capacity(subject.events.len());
        let mut rank = 0;
        for (record, event) in subject.events.iter().enumerate() {
            let same = record > 0 && subject.events[record - 1].time_h == event.time_h;
            rank = if same { rank + 1 } else { 0 };
            if constant && let Some(first) = list.first() {
                list.push(Individual::clone(first));
                continue;
            }
            list.push(Individual {
                before: at(event.time_h, rank, Side::Before)?,
                at_record: at(event.time_h, rank, Side::At)?,
                after: at(event.time_h, rank, Side::After)?,
            });
        }
        Ok(list)
    }

    /// Whether a covariate that this model uses runs in a straight line between records.
    pub fn moves_between_records(&self, subject: &Subject) -> bool {
        self.covariate_effects.iter().any(|effect| {
            subject.covariates.iter().any(|c| {
                c.name == effect.covariate
                    && c.carry == Carry::Linear
                    && c.values.windows(2).any(|v| v[0] != v[1])
            })
        })
    }
}

/// From which side of a record a covariate is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    At,
    After,
}

/// A covariate's value at a time. Of several entries at the same time the one at position `rank`
/// counts, so that a record reads its own.
pub(crate) fn read(series: &CovariateSeries, time_h: f64, rank: usize, side: Side) -> Option<f64> {
    let n = series.values.len().min(series.times_h.len());
    let (times, values) = (&series.times_h[..n], &series.values[..n]);
    let (first, last) = (*values.first()?, *values.last()?);
    let until = times.partition_point(|&t| t <= time_h);
    let before = times.partition_point(|&t| t < time_h);
    // One past the entry that is the record's own, where there is one.
    let until = until.min(before + rank + 1);
    Some(match (series.carry, side) {
        // A record's value holds from the record before it up to itself.
        (Carry::Backward, _) => match times.get(before) {
            Some(&t) if t == time_h => values[until - 1],
            Some(_) => values[before],
            None => last,
        },
        (Carry::Forward, Side::Before) => before.checked_sub(1).map_or(first, |i| values[i]),
        (Carry::Forward, _) => until.checked_sub(1).map_or(first, |i| values[i]),
        (Carry::Linear, _) => {
            if until == 0 {
                first
            } else if until == n || times[until - 1] == time_h {
                values[until - 1]
            } else {
                let (t0, t1) = (times[until - 1], times[until]);
                let part = (time_h - t0) / (t1 - t0);
                values[until - 1] + part * (values[until] - values[until - 1])
            }
        }
    })
}

/// A value moved by `eta` on its own scale.
pub(crate) fn shifted(typical: f64, distribution: Distribution, eta: f64) -> f64 {
    if eta == 0.0 {
        return typical;
    }
    match distribution {
        Distribution::LogNormal => typical * math::exp(eta),
        Distribution::Normal => typical + eta,
        Distribution::LogitNormal => {
            let odds = typical / (1.0 - typical) * math::exp(eta);
            if odds.is_finite() {
                odds / (1.0 + odds)
            } else {
                1.0
            }
        }
    }
}
