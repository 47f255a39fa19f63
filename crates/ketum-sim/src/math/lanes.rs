//! Eight numbers side by side: one AVX-512 register, two AVX2 registers, or eight scalars.
//!
//! Written as plain loops over an array; the dispatch module compiles them for each kind of
//! machine.

use super::Real;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Subjects computed side by side.
pub const LANES: usize = 8;

/// Eight numbers, one a subject.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [f64; LANES]);

macro_rules! lanewise {
    ($($trait:ident $method:ident $op:tt),*) => {$(
        impl $trait for Lanes {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self::zip(self, other, #[inline(always)] |a, b| a $op b)
            }
        }
    )*};
}
lanewise!(Add add +, Sub sub -, Mul mul *, Div div /);

impl Neg for Lanes {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(
            #[inline(always)]
            |a| -a,
        )
    }
}

impl Lanes {
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        let mut out = self.0;
        for lane in 0..LANES {
            out[lane] = f(out[lane]);
        }
        Self(out)
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        // By position: an iterator over an array by value keeps a copy of it in memory.
        let mut out = self.0;
        for lane in 0..LANES {
            out[lane] = f(out[lane], other.0[lane]);
        }
        Self(out)
    }
}

impl Real for Lanes {
    const WIDTH: usize = LANES;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self([x; LANES])
    }
    #[inline(always)]
    fn from_fn(f: impl FnMut(usize) -> f64) -> Self {
        Self(std::array::from_fn(f))
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> f64 {
        self.0[lane]
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        let mut out = self.0;
        for lane in 0..LANES {
            out[lane] = out[lane].mul_add(factor.0[lane], term.0[lane]);
        }
        Self(out)
    }
    #[inline(always)]
    #[expect(clippy::redundant_closure, reason = "the closure carries the inlining")]
    fn exp(self) -> Self {
        self.map(
            #[inline(always)]
            |x| super::exp::exp_inline(x),
        )
    }
    #[inline(always)]
    #[expect(clippy::redundant_closure, reason = "the closure carries the inlining")]
    fn exp_decay(self) -> Self {
        self.map(
            #[inline(always)]
            |x| super::exp::exp_decay_inline(x),
        )
    }
    #[inline(always)]
    #[expect(clippy::redundant_closure, reason = "the closure carries the inlining")]
    fn ln(self) -> Self {
        self.map(
            #[inline(always)]
            |x| super::ln::ln_inline(x),
        )
    }
    #[inline(always)]
    #[expect(clippy::redundant_closure, reason = "the closure carries the inlining")]
    fn rough_log2(self) -> Self {
        self.map(
            #[inline(always)]
            |x| super::rough::rough_log2(x),
        )
    }
    #[inline(always)]
    #[expect(clippy::redundant_closure, reason = "the closure carries the inlining")]
    fn rough_exp2(self) -> Self {
        self.map(
            #[inline(always)]
            |x| super::rough::rough_exp2(x),
        )
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(
            #[inline(always)]
            |x| x.sqrt(),
        )
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.map(
            #[inline(always)]
            |x| x.abs(),
        )
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(
            other,
            #[inline(always)]
            |a, b| if a > b { a } else { b },
        )
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.zip(
            other,
            #[inline(always)]
            |a, b| if a < b { a } else { b },
        )
    }
    #[inline(always)]
    fn select_le(self, bound: Self, yes: Self, no: Self) -> Self {
        let mut out = no.0;
        for lane in 0..LANES {
            out[lane] = if self.0[lane] <= bound.0[lane] {
                yes.0[lane]
            } else {
                no.0[lane]
            };
        }
        Self(out)
    }
    #[inline(always)]
    fn any_le(self, bound: Self) -> bool {
        let mut any = false;
        for lane in 0..LANES {
            any |= self.0[lane] <= bound.0[lane];
        }
        any
    }
    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        self.zip(exponent, super::pow)
    }
}
