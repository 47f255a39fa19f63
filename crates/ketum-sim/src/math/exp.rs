//! The exponential function, our own.
//!
//! `x = n·ln 2 + r`, `|r| ≤ ln 2 / 2`; `exp(r) = 1 + r + r²·q(r)` with `q` of degree nine
//! interpolated at Chebyshev nodes (relative error 1.6e-17); the power of two is put into the
//! exponent bits. No branch and no table, so the compiler can run several at once.
//! Results below 2⁻¹⁰²¹ are flushed to zero.

use super::dispatch::{Kernel, Path, run};

/// Below this the result is zero.
const SMALLEST: f64 = -707.7;
/// Above this the result is infinite.
const LARGEST: f64 = 709.782712893384;
/// Adding and subtracting 1.5·2⁵² rounds to an integer, whose bits then stand in the mantissa.
const ROUND: f64 = 6_755_399_441_055_744.0;
const LN2_HIGH: f64 = std::f64::consts::LN_2;
/// ln 2 minus its nearest double.
const LN2_LOW: f64 = 2.319_046_813_846_299_6e-17;

const Q: [f64; 10] = [
    0.5,
    0.166_666_666_666_666_69,
    0.041_666_666_666_623_99,
    0.008_333_333_333_330_051,
    0.001_388_888_891_728_179_4,
    0.000_198_412_698_631_059_68,
    2.480_152_119_021_773e-5,
    2.755_726_837_868_419_2e-6,
    2.762_013_871_973_399_4e-7,
    2.510_042_415_700_506_7e-8,
];

/// Exponential of `x`: about one unit in the last place.
pub fn exp(x: f64) -> f64 {
    run(Path::Avx2, Exp(x))
}

/// On machines that have it, with a fused multiply-add in one instruction instead of a call each.
struct Exp(f64);

impl Kernel for Exp {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        exp_inline(self.0)
    }
}

#[inline(always)]
pub(super) fn exp_inline(x: f64) -> f64 {
    let shifted = x.mul_add(std::f64::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = (-n).mul_add(LN2_HIGH, x);
    let r = (-n).mul_add(LN2_LOW, r);
    let p = 1.0 + polynomial(r);
    // Half the power of two, so that n = 1024 still has an exponent; p is doubled in exchange.
    let exponent = shifted.to_bits().wrapping_add(1022);
    let scale = f64::from_bits(exponent << 52);
    let y = (p + p) * scale;
    let y = if x < SMALLEST { 0.0 } else { y };
    if x > LARGEST { f64::INFINITY } else { y }
}

/// The same bits for `x ≤ 0`, with fewer instructions: nothing can overflow.
#[inline(always)]
pub(super) fn exp_decay_inline(x: f64) -> f64 {
    let shifted = x.mul_add(std::f64::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = (-n).mul_add(LN2_HIGH, x);
    let r = (-n).mul_add(LN2_LOW, r);
    let p = 1.0 + polynomial(r);
    let scale = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    let y = p * scale;
    if x < SMALLEST { 0.0 } else { y }
}

/// `exp(r) − 1` for small `r`.
#[inline(always)]
fn polynomial(r: f64) -> f64 {
    let r2 = r * r;
    let r4 = r2 * r2;
    let q01 = r.mul_add(Q[1], Q[0]);
    let q23 = r.mul_add(Q[3], Q[2]);
    let q45 = r.mul_add(Q[5], Q[4]);
    let q67 = r.mul_add(Q[7], Q[6]);
    let q89 = r.mul_add(Q[9], Q[8]);
    let q03 = r2.mul_add(q23, q01);
    let q47 = r2.mul_add(q67, q45);
    let q49 = r4.mul_add(q89, q47);
    let q = r4.mul_add(q49, q03);
    r2.mul_add(q, r)
}
