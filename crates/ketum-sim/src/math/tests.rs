use super::dispatch::{Kernel, Path, run};
use super::{LANES, Lanes, Real, exp, ln};
use proptest::prelude::*;

/// Distance in units of the last place of `expected`.
fn ulps(got: f64, expected: f64) -> f64 {
    let next = f64::from_bits(expected.abs().to_bits() + 1) - expected.abs();
    (got - expected).abs() / next
}

#[test]
fn exp_and_ln_are_within_about_one_ulp() {
    let mut worst = [0.0_f64; 2];
    for i in 0..400_000 {
        let x = -700.0 + 1400.0 * f64::from(i) / 400_000.0 + 1e-3;
        worst[0] = worst[0].max(ulps(exp(x), libm::exp(x)));
        let y = libm::exp(x / 2.0);
        worst[1] = worst[1].max(ulps(ln(y), libm::log(y)));
        let near = 1.0 + (x / 7e3);
        worst[1] = worst[1].max(ulps(ln(near), libm::log(near)));
    }
    // The other side is itself within one unit.
    assert!(worst[0] <= 1.0 && worst[1] <= 1.0, "{worst:?}");
}

#[test]
fn ends_of_the_range() {
    assert_eq!(exp(0.0), 1.0);
    assert_eq!(exp(-800.0), 0.0);
    assert_eq!(exp(f64::NEG_INFINITY), 0.0);
    assert_eq!(exp(710.0), f64::INFINITY);
    assert!(exp(709.7).is_finite() && exp(-707.0) > 0.0);
    assert!(exp(f64::NAN).is_nan());
    assert_eq!(ln(1.0), 0.0);
    assert_eq!(ln(0.0), f64::NEG_INFINITY);
    assert_eq!(ln(f64::INFINITY), f64::INFINITY);
    assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan());
}

#[test]
fn decay_has_the_bits_of_the_exponential() {
    for i in 0..400_000 {
        let x = -720.0 * (f64::from(i) / 400_000.0);
        assert_eq!(Real::exp_decay(x).to_bits(), exp(x).to_bits(), "{x}");
    }
    assert_eq!(Real::exp_decay(f64::NEG_INFINITY), 0.0);
    assert!(Real::exp_decay(f64::NAN).is_nan());
}

struct Both<'a> {
    input: &'a [Lanes],
    output: &'a mut Vec<u64>,
}

impl Kernel for Both<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for x in self.input {
            for y in [
                x.exp(),
                x.abs().ln(),
                x.abs().sqrt(),
                x.mul_add(*x, *x) / (*x - Lanes::splat(3.0)),
            ] {
                self.output.extend(y.0.map(f64::to_bits));
            }
        }
    }
}

/// FNV-1a over words; the hash of the results is committed, so that another machine or compiler
/// that gives other bits is noticed.
pub(crate) fn hash(words: impl IntoIterator<Item = u64>) -> u64 {
    words.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, word| {
        (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[test]
fn same_bits_on_every_path() {
    let input: Vec<Lanes> = (0..4000)
        .map(|i| Lanes::from_fn(|lane| (f64::from(i) - 2000.0) * 0.37 + lane as f64 * 0.041))
        .collect();
    for path in Path::available() {
        let mut output = Vec::new();
        run(
            path,
            Both {
                input: &input,
                output: &mut output,
            },
        );
        assert_eq!(hash(output), HASH, "{path:?}");
    }
}

const HASH: u64 = 5_855_185_301_771_831_467;

proptest! {
    #[test]
    fn lanes_are_scalars_side_by_side(x in proptest::array::uniform8(-750.0..750.0_f64)) {
        let lanes = Lanes(x);
        for lane in 0..LANES {
            prop_assert_eq!(lanes.exp().lane(lane).to_bits(), exp(x[lane]).to_bits());
            prop_assert_eq!(lanes.abs().ln().lane(lane).to_bits(), ln(x[lane].abs()).to_bits());
        }
    }
}
