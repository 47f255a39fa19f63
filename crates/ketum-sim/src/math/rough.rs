//! Powers that need not be exact, in a fraction of the work of a logarithm and an exponential.

/// Adding and subtracting 1.5·2⁵² rounds to an integer, whose bits then stand in the mantissa.
const ROUND: f64 = 6_755_399_441_055_744.0;
const ROUND_BITS: u64 = 0x4338_0000_0000_0000;
const MANTISSA: u64 = (1 << 52) - 1;
const ONE_BITS: u64 = 1023 << 52;

/// `log₂ x` within 0.01 for numbers not below zero: the exponent and a parabola through the mantissa. Zero
/// counts as 2⁻¹⁰²³; what is no finite number as 2¹⁰²⁴.
#[inline(always)]
pub(super) fn rough_log2(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = f64::from_bits(ROUND_BITS + (bits >> 52)) - (ROUND + 1023.0);
    let m = f64::from_bits(bits & MANTISSA | ONE_BITS);
    m.mul_add(m.mul_add(-1.0 / 3.0, 2.0), exponent - 5.0 / 3.0)
}

/// `2^y` within two thousandths for `|y| < 1000`: an exponent and a cubic.
#[inline(always)]
pub(super) fn rough_exp2(y: f64) -> f64 {
    let shifted = y + ROUND;
    let f = y - (shifted - ROUND);
    let p = f.mul_add(0.055_5, 0.240_227);
    let p = f.mul_add(p, std::f64::consts::LN_2);
    let p = f.mul_add(p, 1.0);
    p * f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52)
}

#[cfg(test)]
mod tests {
    use super::{rough_exp2, rough_log2};

    #[test]
    fn as_near_as_said_over_the_whole_range() {
        for i in 0..60_000 {
            let y = -990.0 + 1980.0 * f64::from(i) / 60_000.0;
            let x = libm::exp2(y);
            assert!((rough_log2(x) - y).abs() < 0.01, "{y}: {}", rough_log2(x));
            assert!((rough_exp2(y) / x - 1.0).abs() < 2e-3, "{y}");
        }
        assert_eq!(rough_log2(1.0), 0.0);
        assert!(rough_log2(0.0) < -1000.0);
        assert!(rough_log2(f64::INFINITY) > 1000.0);
        assert!(rough_log2(f64::NAN) > 1000.0);
    }
}
