//! Inverse of the normal distribution function: Wichura 1988, algorithm AS 241 (PPND16),
//! doi:10.2307/2347330. Relative accuracy about 1e-16.

use crate::math::dispatch::{Kernel, Path, run};
use crate::math::{LANES, Lanes, Real};

const A: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const B: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_8,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const F: [f64; 8] = [
    1.0,
    0.599_832_206_555_887_9,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[inline(always)]
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients
        .iter()
        .rev()
        .fold(0.0, |sum, &c| f64::mul_add(sum, x, c))
}

/// The `z` below which a standard normal variable falls with probability `p`.
/// `0` and `1` give the infinities, anything outside is not a number.
pub fn normal_quantile(p: f64) -> f64 {
    run(Path::Avx2, NormalQuantile(p))
}

/// On machines that have it, with a fused multiply-add in one instruction instead of a call each.
struct NormalQuantile(f64);

impl Kernel for NormalQuantile {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        normal_quantile_inline(self.0)
    }
}

#[inline(always)]
fn normal_quantile_inline(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= CENTRE {
        return central(q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if !(tail > 0.0) {
        return if tail == 0.0 {
            f64::INFINITY.copysign(q)
        } else {
            f64::NAN
        };
    }
    let r = (-Real::ln(tail)).sqrt();
    let z = if r <= 5.0 {
        let r = r - 1.6;
        polynomial(&C, r) / polynomial(&D, r)
    } else {
        let r = r - 5.0;
        polynomial(&E, r) / polynomial(&F, r)
    };
    z.copysign(q)
}

/// Where the first of three approximations holds, from the middle.
const CENTRE: f64 = 0.425;

#[inline(always)]
fn central(q: f64) -> f64 {
    let r = 0.180_625 - q * q;
    q * polynomial(&A, r) / polynomial(&B, r)
}

/// The same of eight numbers, in a kernel: most lie in the middle, where all are computed side by side.
#[inline(always)]
pub(crate) fn normal_quantiles(p: Lanes) -> Lanes {
    let mut z = [0.0; LANES];
    for lane in 0..LANES {
        z[lane] = central(p.0[lane] - 0.5);
    }
    for lane in 0..LANES {
        if (p.0[lane] - 0.5).abs() > CENTRE {
            z[lane] = normal_quantile_inline(p.0[lane]);
        }
    }
    Lanes(z)
}

#[cfg(test)]
mod tests {
    use super::normal_quantile;
    use crate::math::normal_cdf;

    /// Values of the inverse computed with 50 digits.
    #[test]
    fn agrees_with_fifty_digit_values() {
        for (p, z) in [
            (0.1, -1.2815515655446004),
            (0.025, -1.9599639845400543),
            (0.07, -1.4757910281791706),
            (0.2, -0.8416212335729142),
            (0.4, -0.2533471031357997),
            (0.6, 0.2533471031357997),
            (0.95, 1.6448536269514722),
            (0.999, 3.090232306167813),
            (1e-05, -4.264890793922825),
            (1e-10, -6.361340902404057),
            (1e-12, -7.034483825301132),
            (1e-20, -9.262340089798407),
            (1e-100, -21.273453560965326),
            (1e-300, -37.0470962993612),
            (0.0750001, -1.4395307645017297),
            (0.92, 1.4050715603096329),
        ] {
            let got = normal_quantile(p);
            assert!(((got - z) / z).abs() < 1e-15, "{p}: {got} against {z}");
        }
    }

    #[test]
    fn inverts_the_distribution_function() {
        for i in 1..2000 {
            let p = f64::from(i) / 2000.0;
            assert!((normal_cdf(normal_quantile(p)) - p).abs() < 3e-16, "{p}");
        }
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(-0.1).is_nan());
    }
}
