//! Exact fractions and intervals for comparing measured numbers with limits of law.
//!
//! A limit of `0.050 %` and a result of `0.500 mg/g` are equal, and must compare as equal. Numbers here
//! are fractions of 128-bit integers; an operation that would overflow gives `None`, and the rule is
//! then indeterminate, never wrong.

use std::cmp::Ordering;

use ketum_core::law::decimal_digits;

/// A fraction in lowest terms with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self {
        numerator: 0,
        denominator: 1,
    };

    /// One.
    pub const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// `numerator / denominator`, or `None` for a denominator of zero.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).ok()?.max(1);
        let sign = if denominator < 0 { -1 } else { 1 };
        Some(Self {
            numerator: (numerator / divisor).checked_mul(sign)?,
            denominator: (denominator / divisor).checked_mul(sign)?,
        })
    }

    /// A whole number.
    #[must_use]
    pub fn whole(number: i64) -> Self {
        Self {
            numerator: i128::from(number),
            denominator: 1,
        }
    }

    /// Reads written digits: `"0.050"`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, places) = decimal_digits(text)?;
        Self::new(digits, 10_i128.checked_pow(places)?)
    }

    /// The number a person meant who wrote this float: its shortest decimal form, taken exactly.
    #[must_use]
    pub fn from_f64(number: f64) -> Option<Self> {
        number
            .is_finite()
            .then(|| Self::parse(&number.to_string()))
            .flatten()
    }

    /// The nearest float, for printing.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// Sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Self::new(
            self.numerator
                .checked_mul(other.denominator)?
                .checked_add(other.numerator.checked_mul(self.denominator)?)?,
            self.denominator.checked_mul(other.denominator)?,
        )
    }

    /// Difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self {
            numerator: other.numerator.checked_neg()?,
            denominator: other.denominator,
        })
    }

    /// Product.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        // Cancel crosswise first, so that ordinary numbers never come near the limit.
        let a = Self::new(self.numerator, other.denominator)?;
        let b = Self::new(other.numerator, self.denominator)?;
        Self::new(
            a.numerator.checked_mul(b.numerator)?,
            a.denominator.checked_mul(b.denominator)?,
        )
    }

    /// Quotient, or `None` where `other` is zero.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    /// Compares by continued fractions, which cannot overflow.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        loop {
            let (wa, wb) = (
                a.numerator.div_euclid(a.denominator),
                b.numerator.div_euclid(b.denominator),
            );
            if wa != wb {
                return wa.cmp(&wb);
            }
            let (ra, rb) = (
                a.numerator.rem_euclid(a.denominator),
                b.numerator.rem_euclid(b.denominator),
            );
            match (ra == 0, rb == 0) {
                (true, true) => return Ordering::Equal,
                (true, false) => return Ordering::Less,
                (false, true) => return Ordering::Greater,
                (false, false) => {
                    // a < b if and only if 1/frac(a) > 1/frac(b): swap the sides and go on.
                    (a, b) = (
                        Self {
                            numerator: b.denominator,
                            denominator: rb,
                        },
                        Self {
                            numerator: a.denominator,
                            denominator: ra,
                        },
                    );
                }
            }
        }
    }
}

/// A closed interval from `low` upward; `high` absent means no upper end is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Lower end.
    pub low: Exact,
    /// Upper end.
    pub high: Option<Exact>,
}

impl Span {
    /// One number.
    #[must_use]
    pub fn point(value: Exact) -> Self {
        Self {
            low: value,
            high: Some(value),
        }
    }

    /// Two ends, or `None` where they are out of order or below zero.
    #[must_use]
    pub fn new(low: Exact, high: Option<Exact>) -> Option<Self> {
        (!low.is_negative() && high.is_none_or(|high| low <= high)).then_some(Self { low, high })
    }

    /// Zero.
    #[must_use]
    pub fn zero() -> Self {
        Self::point(Exact::ZERO)
    }

    /// Sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            low: self.low.plus(other.low)?,
            high: match (self.high, other.high) {
                (Some(a), Some(b)) => Some(a.plus(b)?),
                _ => None,
            },
        })
    }

    /// Product with an interval that is not negative.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self {
            low: self.low.times(other.low)?,
            high: match (self.high, other.high) {
                (Some(a), Some(b)) => Some(a.times(b)?),
                _ => None,
            },
        })
    }

    /// Product with a factor that is not negative.
    #[must_use]
    pub fn scaled(self, factor: Exact) -> Option<Self> {
        self.times(Self::point(factor))
    }

    /// Quotient of intervals that are not negative. A denominator that reaches zero leaves the upper
    /// end open; a denominator that is zero throughout has no quotient.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        let low = match other.high {
            None => Exact::ZERO,
            Some(high) if high.is_zero() => return None,
            Some(high) => self.low.over(high)?,
        };
        let high = match self.high {
            Some(high) if !other.low.is_zero() => Some(high.over(other.low)?),
            _ => None,
        };
        Some(Self { low, high })
    }

    /// Whether it is zero throughout.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.low.is_zero() && self.high.is_some_and(Exact::is_zero)
    }

    /// Ends as floats, for printing; an open upper end is `None`.
    #[must_use]
    pub fn to_f64(self) -> (f64, Option<f64>) {
        (self.low.to_f64(), self.high.map(Exact::to_f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn tenths_are_tenths() {
        assert_eq!(exact("0.1").plus(exact("0.2")), Some(exact("0.3")));
        assert_eq!(Exact::from_f64(0.3), Some(exact("0.30")));
        assert_eq!(exact("15").over(exact("0.15")), Some(exact("100")));
    }

    #[test]
    fn order_holds_for_fractions_too_big_to_multiply_out() {
        let a = Exact::new(i128::MAX, i128::MAX - 2).unwrap();
        let b = Exact::new(i128::MAX - 2, i128::MAX - 4).unwrap();
        assert!(a < b);
        assert_eq!(a.cmp(&a), Ordering::Equal);
        assert!(exact("-0.5") < exact("-0.4"));
        assert!(exact("2") > exact("1.999999999999"));
        assert_eq!(a.plus(b), None);
    }

    #[test]
    fn a_denominator_that_reaches_zero_leaves_the_top_open() {
        let one = Span::point(Exact::ONE);
        let zero_to_one = Span::new(Exact::ZERO, Some(Exact::ONE)).unwrap();
        assert_eq!(
            one.over(zero_to_one),
            Some(Span {
                low: Exact::ONE,
                high: None
            })
        );
        assert_eq!(one.over(Span::zero()), None);
    }
}
