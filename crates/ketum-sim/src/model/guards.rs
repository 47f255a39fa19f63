//! What values must be for the equations to mean something: a rate is not negative, a volume is above
//! zero, nothing is divided by zero. Outputs may be negative.
//!
//! What no draw can mend is refused when a model is compiled; the rest is looked at when parameters
//! have their values, so that a person with a negative clearance is a failure with a name and not a
//! number.

use super::{Model, Parameter, Term};
use crate::error::SolveFault;
use crate::math::{LANES, Lanes, Real};
use ketum_core::model::{Distribution, Ratio};

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Any number.
    Finite,
    NotNegative,
    AboveZero,
    /// From 0 to 1.
    Share,
    /// At least −1: below it a stimulated flow would turn round.
    NotReversing,
}

impl Rule {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::NotNegative => "not negative",
            Self::AboveZero => "above zero",
            Self::Share => "between 0 and 1",
            Self::NotReversing => "at least -1",
        }
    }

    #[inline(always)]
    pub(crate) fn holds(self, value: f64) -> bool {
        value.is_finite()
            && match self {
                Self::Finite => true,
                Self::NotNegative => value >= 0.0,
                Self::AboveZero => value > 0.0,
                Self::Share => (0.0..=1.0).contains(&value),
                Self::NotReversing => value >= -1.0,
            }
    }

    /// Whether a product with this factor may hold at all, its parameters being positive.
    pub(crate) fn allows_factor(self, factor: f64) -> bool {
        match self {
            Self::Finite | Self::NotReversing => true,
            Self::NotNegative | Self::Share => factor >= 0.0,
            Self::AboveZero => factor > 0.0,
        }
    }

    /// Whether it holds for any product of positive parameters with a factor that is allowed.
    fn follows_from_signs(self) -> bool {
        !matches!(self, Self::Share | Self::NotReversing)
    }
}

/// A product and its rule.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    /// How it is called, with the product as written.
    pub what: String,
    pub term: Term,
    pub rule: Rule,
}

impl Guard {
    /// What breaks the rule with these parameters: how it is called, its value, what it must be.
    pub(crate) fn broken(
        &self,
        parameters: &[f64],
        names: &[Parameter],
    ) -> Option<(String, f64, &'static str)> {
        let value = self.term.value(parameters);
        if self.rule.holds(value) {
            return None;
        }
        let zero = self.term.over.iter().find(|&&p| parameters[p] == 0.0);
        Some(match zero {
            Some(&divisor) => {
                let what = format!("'{}' in {}", names[divisor].name, self.what);
                (what, 0.0, "other than zero: it divides")
            }
            None => (self.what.clone(), value, self.rule.words()),
        })
    }
}

/// Which parameters divide, or make something that has to be above zero.
pub(crate) fn not_zero(model: &Model) -> Vec<bool> {
    let mut not_zero = vec![false; model.parameters.len()];
    for Guard { term, rule, .. } in &model.guards {
        let factors = match rule {
            Rule::AboveZero => &term.times[..],
            _ => &[],
        };
        for &parameter in term.over.iter().chain(factors) {
            not_zero[parameter] = true;
        }
    }
    not_zero
}

/// A product as written: `1000·cl/vc`.
pub(crate) fn written(ratio: &Ratio) -> String {
    let mut text = ratio.times.join("·");
    if text.is_empty() {
        text = ratio.factor.to_string();
    } else if ratio.factor != 1.0 {
        text = format!("{}·{text}", ratio.factor);
    }
    for name in &ratio.over {
        text.push('/');
        text.push_str(name);
    }
    text
}

impl Model {
    /// Whether these parameters can be computed with.
    ///
    /// # Errors
    /// The first value that cannot be, named.
    pub(crate) fn check_values(&self, parameters: &[f64]) -> Result<(), SolveFault> {
        for (value, parameter) in parameters.iter().zip(&self.parameters) {
            if !value.is_finite() {
                return Err(SolveFault::NotFinite(parameter.name.clone()));
            }
            let rule = by_distribution(parameter.distribution);
            if !rule.holds(*value) {
                return Err(SolveFault::Value {
                    what: format!("'{}'", parameter.name),
                    value: *value,
                    rule: rule.words(),
                });
            }
        }
        let mut broken = self.guards.iter();
        let broken = broken.find_map(|guard| guard.broken(parameters, &self.parameters));
        if let Some((what, value, rule)) = broken {
            return Err(SolveFault::Value { what, value, rule });
        }
        Ok(())
    }

    /// Lanes whose parameters have to be looked at one by one. Where none is below zero, and none is zero
    /// that may not be, the signs of all products are known.
    pub(crate) fn doubtful(&self, parameters: &[Lanes]) -> [bool; LANES] {
        let mut doubtful = [false; LANES];
        let all = parameters.iter().zip(&self.parameters).zip(&self.not_zero);
        for ((column, parameter), &not_zero) in all {
            let least = if not_zero { f64::MIN_POSITIVE } else { 0.0 };
            let most = match parameter.distribution {
                Distribution::LogitNormal => 1.0,
                Distribution::LogNormal | Distribution::Normal => f64::MAX,
            };
            for lane in 0..LANES {
                let value = column.0[lane];
                doubtful[lane] |= !(value >= least && value <= most);
            }
        }
        for guard in self.guards.iter().filter(|g| !g.rule.follows_from_signs()) {
            let value: Lanes = guard.term.value(parameters);
            for lane in 0..LANES {
                doubtful[lane] |= !guard.rule.holds(value.lane(lane));
            }
        }
        doubtful
    }
}

fn by_distribution(distribution: Distribution) -> Rule {
    match distribution {
        Distribution::LogNormal => Rule::NotNegative,
        Distribution::LogitNormal => Rule::Share,
        Distribution::Normal => Rule::Finite,
    }
}
