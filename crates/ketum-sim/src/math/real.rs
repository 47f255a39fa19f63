//! Arithmetic that kernels are written in, once for one subject and for a group of subjects.
//!
//! Every operation rounds as IEEE 754 says, so a kernel gives the same bits for `f64` and for each
//! lane of `Lanes`.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number, or several numbers side by side.
pub trait Real:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// How many numbers stand side by side.
    const WIDTH: usize;

    /// The same number in every lane.
    fn splat(x: f64) -> Self;
    /// The numbers that `f` gives for each lane.
    fn from_fn(f: impl FnMut(usize) -> f64) -> Self;
    /// The number in one lane.
    fn lane(self, lane: usize) -> f64;
    /// `self · factor + term`, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// Exponential.
    fn exp(self) -> Self;
    /// Exponential of numbers that are not above zero, the same bits with less work.
    fn exp_decay(self) -> Self;
    /// Natural logarithm.
    fn ln(self) -> Self;
    /// Binary logarithm within 0.01, for numbers not below zero; above 1000 for what is no finite number.
    /// For the length of steps, which need not be exact.
    fn rough_log2(self) -> Self;
    /// Two to the power `self` within two thousandths, for exponents between −1000 and 1000.
    fn rough_exp2(self) -> Self;
    /// Square root.
    fn sqrt(self) -> Self;
    /// Absolute value.
    fn abs(self) -> Self;
    /// The larger; `other` where `self` is not a number.
    fn max(self, other: Self) -> Self;
    /// The smaller; `other` where `self` is not a number.
    fn min(self, other: Self) -> Self;
    /// Lane by lane: `yes` where `self <= bound`, else `no`.
    fn select_le(self, bound: Self, yes: Self, no: Self) -> Self;
    /// Whether `self <= bound` in any lane.
    fn any_le(self, bound: Self) -> bool;
    /// `self` to the power `exponent`, for positive `self`.
    fn pow(self, exponent: Self) -> Self;
}

impl Real for f64 {
    const WIDTH: usize = 1;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f64) -> Self {
        f(0)
    }
    #[inline(always)]
    fn lane(self, _lane: usize) -> f64 {
        self
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        f64::mul_add(self, factor, term)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        super::exp::exp_inline(self)
    }
    #[inline(always)]
    fn exp_decay(self) -> Self {
        super::exp::exp_decay_inline(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        super::ln::ln_inline(self)
    }
    #[inline(always)]
    fn rough_log2(self) -> Self {
        super::rough::rough_log2(self)
    }
    #[inline(always)]
    fn rough_exp2(self) -> Self {
        super::rough::rough_exp2(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    #[inline(always)]
    fn select_le(self, bound: Self, yes: Self, no: Self) -> Self {
        if self <= bound { yes } else { no }
    }
    #[inline(always)]
    fn any_le(self, bound: Self) -> bool {
        self <= bound
    }
    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        super::pow(self, exponent)
    }
}
