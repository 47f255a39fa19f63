use super::{Matrix, SIZE, steady_state};
use crate::math::{LANES, Lanes, Real, exp};
use proptest::prelude::*;

/// A chain of equal rates has a closed solution for every element: `(kt)^d/d! · exp(−kt)`.
#[test]
fn equal_rates_keep_every_digit() {
    let n = 6;
    let mut a = Matrix::zero(n);
    for i in 0..n {
        a.at[i][i] = -0.7;
        if i + 1 < n {
            a.at[i + 1][i] = 0.7;
        }
    }
    for t in [1e-3, 0.1, 1.0, 10.0, 100.0] {
        let moved = a.exponential(t);
        let mut expected = exp(-0.7 * t);
        for d in 0..n {
            let got = moved.at[d][0];
            assert!(
                (got / expected - 1.0).abs() < 3e-14,
                "{t} {d}: {got} {expected}"
            );
            expected *= 0.7 * t / (d as f64 + 1.0);
        }
    }
}

#[test]
fn steady_state_of_one_compartment() {
    let mut a = Matrix::zero(1);
    a.at[0][0] = -0.01;
    let period = a.exponential(12.0);
    let mut gain = [0.0; SIZE];
    gain[0] = 5.0 * exp(-0.12);
    let got = steady_state(&period, &gain).unwrap()[0];
    let expected = 5.0 * exp(-0.12) / -crate::math::expm1(-0.12);
    assert!((got / expected - 1.0).abs() < 1e-14);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// exp(A·(s+t)) = exp(A·s)·exp(A·t), any graph of six states; lanes equal scalars bit for bit
    /// whatever stands beside them.
    #[test]
    fn exponentials_compose(rates in proptest::collection::vec(0.0..3.0_f64, 36), s in 0.01..20.0, t in 0.01..20.0) {
        let n = 6;
        let mut a = Matrix::zero(n);
        for i in 0..n {
            for j in 0..n {
                let rate = rates[i * n + j];
                // Sparse graphs, cycles included.
                if i != j && rate > 1.5 {
                    a.at[i][j] = rate - 1.5;
                    a.at[j][j] -= rate - 1.5;
                }
            }
            a.at[i][i] -= 0.05 * rates[i * n + i];
        }
        let whole = a.exponential(s + t);
        let parts = a.exponential(s).times(&a.exponential(t));
        for i in 0..n {
            for j in 0..n {
                let (x, y) = (whole.at[i][j], parts.at[i][j]);
                prop_assert!((x - y).abs() <= 1e-12 * x.abs(), "{x} {y}");
                prop_assert!(x >= 0.0);
            }
        }
        // Times from a hundredth to a hundredfold: each lane is scaled and squared as it needs.
        let times = Lanes::from_fn(|lane| (s + t) * [1.0, 0.01, 30.0, 0.3, 100.0, 1.0, 0.0, 5.0][lane]);
        let side_by_side = a.spread::<Lanes>().exponential(times);
        let alone: Vec<_> = (0..LANES).map(|lane| a.exponential(times.lane(lane))).collect();
        for i in 0..n {
            for j in 0..n {
                for lane in 0..LANES {
                    prop_assert_eq!(side_by_side.at[i][j].lane(lane).to_bits(), alone[lane].at[i][j].to_bits());
                }
            }
        }
    }
}
