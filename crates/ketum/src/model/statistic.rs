//! From simulated people to the number a paper prints.

use ketum_core::study::{OverArms, PkParameter, StatisticKind};
use ketum_sim::estimation::nca::Nca;
use ketum_sim::math::{exp, ln};

use super::design::{Arm, Plan, Row};

/// What one simulated person shows on one occasion, for a dose of 1 mg.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    /// `[person · outputs + output]`.
    pub nca: Vec<Nca>,
    /// Outputs of the model.
    pub outputs: usize,
    /// First day whose trough reaches 95 % of the plateau, by person and output; empty where no row asks.
    pub steady_days: Vec<f64>,
}

impl People {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nca.len() / self.outputs.max(1)
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nca.is_empty()
    }
}

/// The value of a row's parameter in one person who took `dose_mg`.
fn value(row: &Row, people: &People, person: usize, dose_mg: f64) -> f64 {
    let at = |output: usize| &people.nca[person * people.outputs + output];
    let nca = at(row.output);
    // Bateman-type models are linear, so a curve for 1 mg times the dose is the curve.
    let exposure = |nca: &Nca| {
        if row.repeated {
            nca.auc_24
        } else {
            nca.auc_inf
        }
    };
    let lambda_z = core::f64::consts::LN_2 / nca.t_half_h;
    match row.parameter {
        PkParameter::Cmax => nca.cmax * dose_mg,
        PkParameter::Tmax => nca.tmax_h,
        PkParameter::THalf => nca.t_half_h,
        PkParameter::Auc0Inf => nca.auc_inf * dose_mg,
        PkParameter::AucTau => nca.auc_24 * dose_mg,
        PkParameter::MetaboliteRatio => match row.ratio {
            Ratio::Auc24 => nca.auc_24 / at(row.parent).auc_24,
            Ratio::Cmax => nca.cmax / at(row.parent).cmax,
        },
        PkParameter::TimeToSteadyState => {
            24.0 * people
                .steady_days
                .get(person * people.outputs + row.output)
                .copied()
                .unwrap_or(f64::NAN)
        }
        // mg over ng·h/mL is 1000 L/h.
        PkParameter::ClF => 1e3 / exposure(nca),
        PkParameter::VzF => 1e3 / (exposure(nca) * lambda_z),
        _ => f64::NAN,
    }
}

/// How a metabolite's share is read; the paper does not say, so it can be varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ratio {
    /// Areas to 24 h.
    Auc24,
    /// Highest levels.
    Cmax,
}

/// Takes the summary of some people's values. Values that do not exist (a half-life of a window that
/// does not fall) are left out, as a paper would. `scratch` is emptied.
pub fn reduce(kind: StatisticKind, scratch: &mut Vec<f64>) -> f64 {
    scratch.retain(|value| value.is_finite());
    let n = scratch.len() as f64;
    if scratch.is_empty() {
        return f64::NAN;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let sd = |values: &[f64]| {
        let m = mean(values);
        (values.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / (n - 1.0)).sqrt()
    };
    let result = match kind {
        StatisticKind::Mean => mean(scratch),
        StatisticKind::Sd => sd(scratch),
        StatisticKind::Cv => sd(scratch) / mean(scratch),
        StatisticKind::GeometricMean => exp(scratch.iter().map(|x| ln(*x)).sum::<f64>() / n),
        StatisticKind::Min => scratch.iter().copied().fold(f64::INFINITY, f64::min),
        StatisticKind::Max => scratch.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        StatisticKind::Median | StatisticKind::Value => {
            scratch.sort_unstable_by(f64::total_cmp);
            let middle = scratch.len() / 2;
            if scratch.len() % 2 == 1 {
                scratch[middle]
            } else {
                0.5 * (scratch[middle - 1] + scratch[middle])
            }
        }
        StatisticKind::CiLow | StatisticKind::CiHigh => f64::NAN,
    };
    scratch.clear();
    result
}

/// Whether [`reduce`] can print this kind.
#[must_use]
pub fn can_reduce(kind: StatisticKind) -> bool {
    !matches!(kind, StatisticKind::CiLow | StatisticKind::CiHigh)
}

/// Which simulated people make up an arm's trials: `picks[trial · n + person]`.
pub type Picks = Vec<usize>;

/// The number a row would have printed in one simulated trial. `people(scenario, arm)` gives the people
/// an arm's picks point into.
pub fn printed<'p>(
    plan: &Plan,
    row: &Row,
    trial: usize,
    people: &impl Fn(usize, usize) -> &'p People,
    picks: &[Picks],
    scratch: &mut Vec<f64>,
) -> f64 {
    scratch.clear();
    let mut extreme: Option<f64> = None;
    for &arm_index in &row.arms {
        let arm: &Arm = &plan.arms[arm_index];
        let n = row.n.map_or(arm.people, |n| n.min(arm.people));
        let people = people(row.scenario, arm_index);
        let picks = &picks[arm_index][trial * arm.people..trial * arm.people + n];
        for (person, pick) in picks.iter().enumerate() {
            scratch.push(value(row, people, *pick, arm.doses_mg[person]));
        }
        if let Some(over) = row.over_arms {
            let one = reduce(row.kind, scratch);
            extreme = Some(match (over, extreme) {
                (_, None) => one,
                (OverArms::Lowest, Some(so_far)) => so_far.min(one),
                (OverArms::Highest, Some(so_far)) => so_far.max(one),
            });
        }
    }
    extreme.unwrap_or_else(|| reduce(row.kind, scratch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_the_textbooks() {
        let values = [4.0, 1.0, 3.0, 2.0, f64::NAN];
        let of = |kind| reduce(kind, &mut values.to_vec());
        assert_eq!(of(StatisticKind::Mean), 2.5);
        assert_eq!(of(StatisticKind::Median), 2.5);
        assert_eq!(of(StatisticKind::Min), 1.0);
        assert_eq!(of(StatisticKind::Max), 4.0);
        assert!((of(StatisticKind::Sd) - (5.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert!((of(StatisticKind::GeometricMean) - exp(ln(24.0) / 4.0)).abs() < 1e-14);
        assert!(reduce(StatisticKind::Mean, &mut vec![f64::NAN]).is_nan());
    }
}
