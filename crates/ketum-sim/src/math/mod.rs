//! The only place that says how a transcendental function is computed.
//!
//! Same bits on every machine and on every path: `exp` and `ln` are our own, written with explicit fused
//! multiply-adds so that the scalar, AVX2 and AVX-512 paths round the same way; the others come from
//! `libm`, which is Rust source and does not depend on the platform. Accuracy is about one unit in
//! the last place.

mod exp;
mod lanes;
mod ln;
mod real;
mod rough;

pub mod dispatch;

pub use exp::exp;
pub use lanes::{LANES, Lanes};
pub use ln::ln;
pub use real::Real;

/// `exp(x) − 1` without loss of digits near zero.
pub fn expm1(x: f64) -> f64 {
    libm::expm1(x)
}

/// `ln(1 + x)` without loss of digits near zero.
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// `x` to the power `y`.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Decimal logarithm.
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// Binary logarithm.
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// Square root; IEEE 754 defines its bits.
pub fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

/// Cube root.
pub fn cbrt(x: f64) -> f64 {
    libm::cbrt(x)
}

/// Sine of an angle in radians.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Hyperbolic tangent.
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// Error function.
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// Logarithm of the absolute value of the gamma function.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Distribution function of the standard normal distribution.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests;
