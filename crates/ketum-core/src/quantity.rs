//! Quantities: a number with its unit, its spread, and what the spread is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the two ends of an interval mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IntervalKind {
    /// Smallest and largest value seen.
    Range,
    /// Quartiles.
    Iqr,
    /// 90 % confidence interval.
    Ci90,
    /// 95 % confidence interval.
    Ci95,
    /// Mean minus and plus one standard deviation.
    Sd,
    /// 90 % of people or of plausible values lie within.
    Interval90,
    /// The value lies within, nothing more is known (for example a non-detect).
    Bounds,
}

/// What the central number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// Arithmetic mean.
    Mean,
    /// Median.
    Median,
    /// Geometric mean.
    GeometricMean,
    /// A count.
    Count,
    /// A share of a denominator named in the statement.
    Share,
    /// A ratio of two quantities.
    Ratio,
    /// A single measured or stated value.
    Value,
}

/// A number with unit and spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// What the number is.
    pub statistic: Statistic,
    /// The central value; absent where only an interval is known.
    #[serde(default)]
    pub value: Option<f64>,
    /// Lower end.
    #[serde(default)]
    pub low: Option<f64>,
    /// Upper end.
    #[serde(default)]
    pub high: Option<f64>,
    /// What the ends are; needed where there is an end.
    #[serde(default)]
    pub interval: Option<IntervalKind>,
    /// Unit, one of the table in [`crate::unit`].
    pub unit: String,
}

/// A closed interval, `low <= high`, both finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    low: f64,
    high: f64,
}

impl Interval {
    /// The interval between two numbers, or `None` where one is not finite or they are out of order.
    #[must_use]
    pub fn new(low: f64, high: f64) -> Option<Self> {
        (low.is_finite() && high.is_finite() && low <= high).then_some(Self { low, high })
    }

    /// The interval that holds one number.
    #[must_use]
    pub fn point(value: f64) -> Option<Self> {
        Self::new(value, value)
    }

    /// Lower end.
    #[must_use]
    pub fn low(self) -> f64 {
        self.low
    }

    /// Upper end.
    #[must_use]
    pub fn high(self) -> f64 {
        self.high
    }

    /// Whether `value` lies within, ends included.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Sum of two intervals.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Self::new(self.low + other.low, self.high + other.high)
    }

    /// Product with a number that is not negative.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Option<Self> {
        (factor >= 0.0)
            .then(|| Self::new(self.low * factor, self.high * factor))
            .flatten()
    }
}
