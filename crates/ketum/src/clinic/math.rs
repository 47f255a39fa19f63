//! Comparisons and rounding of the calculators. Transcendentals come from `ketum_sim::math`, so that
//! every machine gives the same bits; this module adds only what cut-offs need.

pub(crate) use ketum_sim::math::{cbrt, exp, ln, ln_gamma, log2, pow};

/// Whether `value` reaches `cutoff`, forgiving the last bits of a quotient: 1.2/0.8 counts as 1.5.
pub(crate) fn at_least(value: f64, cutoff: f64) -> bool {
    value >= cutoff - cutoff.abs() * 1e-12
}

/// Whether `value` lies above `cutoff` by more than the last bits of a quotient.
pub(crate) fn more_than(value: f64, cutoff: f64) -> bool {
    value > cutoff + cutoff.abs() * 1e-12
}

/// Whole number nearest to `x`, halves up (as the sources that round a score do).
pub(crate) fn round_half_up(x: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation)] // scores are far inside i64
    let rounded = (x + 0.5).floor() as i64;
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_forgive_the_last_bits() {
        assert!(1.2_f64 / 0.8 < 1.5 && at_least(1.2 / 0.8, 1.5));
        assert!(!more_than(0.3 / 0.1, 3.0) && !at_least(1.499_999, 1.5));
        assert_eq!(
            (round_half_up(7.33), round_half_up(2.5), round_half_up(-2.5)),
            (7, 3, -2)
        );
    }
}
