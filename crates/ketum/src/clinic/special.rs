//! Gamma distribution and digamma for the report statistics. Knows series and continued fractions
//! (Abramowitz & Stegun 6.3.18, 6.5.29, 6.5.31); does not know reports.

use super::math::{exp, ln, ln_gamma};

/// Derivative of ln Γ for `x` above 0: recurrence up to 10, then the asymptotic series.
pub(crate) fn digamma(x: f64) -> f64 {
    let mut x = x;
    let mut shift = 0.0;
    while x < 10.0 {
        shift -= 1.0 / x;
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = inverse
        * (1.0 / 12.0
            - inverse
                * (1.0 / 120.0
                    - inverse * (1.0 / 252.0 - inverse * (1.0 / 240.0 - inverse / 132.0))));
    shift + ln(x) - 0.5 / x - series
}

/// Probability that a gamma variate of shape `a` (above 0) and rate 1 is at most `x`.
pub(crate) fn gamma_cdf(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let scale = exp(a * ln(x) - x - ln_gamma(a));
    if x < a + 1.0 {
        let mut term = 1.0 / a;
        let mut sum = term;
        let mut n = a;
        for _ in 0..10_000 {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * 1e-16 {
                break;
            }
        }
        (sum * scale).clamp(0.0, 1.0)
    } else {
        // Lentz's method for the continued fraction of the upper tail.
        let tiny = 1e-300;
        let mut b = x + 1.0 - a;
        let mut c = 1.0 / tiny;
        let mut d = 1.0 / b;
        let mut h = d;
        let mut i = 1.0;
        for _ in 0..10_000 {
            let an = -i * (i - a);
            b += 2.0;
            d = an * d + b;
            if d.abs() < tiny {
                d = tiny;
            }
            c = b + an / c;
            if c.abs() < tiny {
                c = tiny;
            }
            d = 1.0 / d;
            let delta = d * c;
            h *= delta;
            if (delta - 1.0).abs() < 1e-16 {
                break;
            }
            i += 1.0;
        }
        (1.0 - scale * h).clamp(0.0, 1.0)
    }
}

/// Point at which the increasing function `cdf` reaches `p`, by bisection from 0; `None` when `cdf`
/// does not reach `p` below 1e18.
pub(crate) fn quantile(p: f64, start: f64, cdf: impl Fn(f64) -> f64) -> Option<f64> {
    let mut high = if start.is_finite() && start > 0.0 {
        start
    } else {
        1.0
    };
    while cdf(high) < p {
        high *= 2.0;
        if high > 1e18 {
            return None;
        }
    }
    let mut low = 0.0;
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digamma_at_known_points() {
        // psi(1) = -Euler's constant; psi(1/2) = -Euler - 2 ln 2.
        let euler = 0.577_215_664_901_532_9;
        assert!((digamma(1.0) + euler).abs() < 1e-13);
        assert!((digamma(0.5) + euler + 2.0 * std::f64::consts::LN_2).abs() < 1e-13);
    }

    #[test]
    fn gamma_cdf_against_closed_forms() {
        // Shape 1 is the exponential; shape 2 is 1 - (1 + x) e^-x.
        for x in [0.01, 0.5, 1.0, 3.0, 20.0] {
            assert!((gamma_cdf(1.0, x) - (1.0 - exp(-x))).abs() < 1e-14);
            assert!((gamma_cdf(2.0, x) - (1.0 - (1.0 + x) * exp(-x))).abs() < 1e-14);
        }
        let median = quantile(0.5, 1.0, |x| gamma_cdf(1.0, x)).expect("reached");
        assert!((median - std::f64::consts::LN_2).abs() < 1e-14);
    }
}
