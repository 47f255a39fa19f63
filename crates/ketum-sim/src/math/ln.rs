//! The natural logarithm, our own.
//!
//! `x = 2ᵏ·m` with `m` between √½ and √2; `ln m = 2·artanh(s)`, `s = (m − 1)/(m + 1)`, by the
//! polynomial of Sun's fdlibm (error below one unit in the last place). No branch and no table, so
//! the compiler can run several at once. Numbers below the smallest normal one count as zero.

use super::dispatch::{Kernel, Path, run};

/// Bits of √½, rounded down to a multiple of 2³².
const LOW: u64 = 0x3fe6_a09e_0000_0000;
const MANTISSA: u64 = (1 << 52) - 1;
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
const L: [f64; 7] = [
    6.666_666_666_666_735_13e-1,
    3.999_999_999_940_941_908e-1,
    2.857_142_874_366_239_149e-1,
    2.222_219_843_214_978_396e-1,
    1.818_357_216_161_805_012e-1,
    1.531_383_769_920_937_332e-1,
    1.479_819_860_511_658_591e-1,
];

/// Natural logarithm of `x`: about one unit in the last place.
pub fn ln(x: f64) -> f64 {
    run(Path::Avx2, Ln(x))
}

/// On machines that have it, with a fused multiply-add in one instruction instead of a call each.
struct Ln(f64);

impl Kernel for Ln {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        ln_inline(self.0)
    }
}

#[inline(always)]
pub(super) fn ln_inline(x: f64) -> f64 {
    let shifted = x.to_bits().wrapping_sub(LOW);
    // The exponent as a double: its bits are added to those of 1.5·2⁵², then that is taken off.
    let k_bits = (shifted as i64 >> 52) as u64;
    let k =
        f64::from_bits(0x4338_0000_0000_0000_u64.wrapping_add(k_bits)) - 6_755_399_441_055_744.0;
    let m = f64::from_bits((shifted & MANTISSA).wrapping_add(LOW));
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let odd = w.mul_add(w.mul_add(w.mul_add(L[6], L[4]), L[2]), L[0]);
    let even = w.mul_add(w.mul_add(L[5], L[3]), L[1]);
    let r = z * z.mul_add(even, odd);
    let half = 0.5 * f * f;
    let low = s.mul_add(half + r, k * LN2_LOW);
    let y = k.mul_add(LN2_HIGH, f - (half - low));
    let y = if x < f64::MIN_POSITIVE {
        f64::NEG_INFINITY
    } else {
        y
    };
    let y = if x < 0.0 { f64::NAN } else { y };
    let y = if x > f64::MAX { f64::INFINITY } else { y };
    if x.is_nan() { f64::NAN } else { y }
}
