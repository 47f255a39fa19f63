//! Small square matrices and their exponential.
//!
//! A compartment matrix has non-negative off-diagonal elements. With `q` its largest rate of loss,
//! `exp(A·t) = exp(−q·t) · exp((A + q·I)·t)` and every term of the series on the right is positive:
//! nothing cancels, so each element keeps its relative accuracy (Xue and Ye 2013,
//! doi:10.1016/j.laa.2012.10.034, study this class). Scaling and squaring keeps the series short.

use crate::math::Real;

/// Rows and columns kept: six states, one for a constant input, one spare.
pub const SIZE: usize = 8;

/// A column of numbers, one a state.
pub type Vector<T> = [T; SIZE];

/// Terms of the series beyond the identity. With a norm of at most 1/4 the truncation is below
/// 2e-16 of each element, also for an element six flows away.
const ORDER: usize = 17;
const NORM: f64 = 0.25;

/// The upper left `n × n` of a fixed square.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<T> {
    /// Rows and columns in use.
    pub n: usize,
    /// Elements, row by row.
    pub at: [[T; SIZE]; SIZE],
}

impl<T: Real> Matrix<T> {
    /// All zeros.
    #[inline(always)]
    pub fn zero(n: usize) -> Self {
        assert!(n <= SIZE, "a matrix of {n} rows does not fit");
        Self {
            n,
            at: [[T::splat(0.0); SIZE]; SIZE],
        }
    }

    /// Ones on the diagonal.
    #[inline(always)]
    pub fn identity(n: usize) -> Self {
        let mut m = Self::zero(n);
        for i in 0..n {
            m.at[i][i] = T::splat(1.0);
        }
        m
    }

    /// `A` with a constant input as one more column, `[A u; 0 0]`: its exponential moves the state
    /// `(x, 1)`.
    #[inline(always)]
    pub fn with_input(&self, input: &Vector<T>) -> Self {
        let mut m = *self;
        assert!(self.n < SIZE, "no room for an input");
        m.n = self.n + 1;
        for i in 0..self.n {
            m.at[i][self.n] = input[i];
            m.at[self.n][i] = T::splat(0.0);
        }
        m.at[self.n][self.n] = T::splat(0.0);
        m
    }

    /// Product.
    #[inline(always)]
    pub fn times(&self, other: &Self) -> Self {
        let mut m = Self::zero(self.n);
        for i in 0..self.n {
            for j in 0..self.n {
                let mut sum = T::splat(0.0);
                for k in 0..self.n {
                    sum = self.at[i][k].mul_add(other.at[k][j], sum);
                }
                m.at[i][j] = sum;
            }
        }
        m
    }

    /// Product with a column.
    #[inline(always)]
    pub fn apply(&self, x: &Vector<T>) -> Vector<T> {
        let mut y = [T::splat(0.0); SIZE];
        for i in 0..self.n {
            let mut sum = T::splat(0.0);
            for k in 0..self.n {
                sum = self.at[i][k].mul_add(x[k], sum);
            }
            y[i] = sum;
        }
        y
    }

    /// `exp(self · dt)` for non-negative off-diagonal elements and `dt ≥ 0`.
    #[inline(always)]
    pub fn exponential(&self, dt: T) -> Self {
        let n = self.n;
        let zero = T::splat(0.0);
        let mut q = zero;
        for i in 0..n {
            q = q.max(-self.at[i][i]);
        }
        // Largest column sum of A + q·I: the norm that decides the scaling.
        let mut norm = zero;
        for j in 0..n {
            let mut sum = q;
            for i in 0..n {
                sum = sum + self.at[i][j];
            }
            norm = norm.max(sum);
        }
        let mut largest = 0.0_f64;
        for lane in 0..T::WIDTH {
            largest = largest.max((norm * dt).lane(lane));
        }
        let mut squarings = 0u32;
        let mut scale = 1.0;
        while largest * scale > NORM && squarings < 64 {
            scale *= 0.5;
            squarings += 1;
        }
        let step = dt * T::splat(scale);
        let mut b = Self::zero(n);
        for i in 0..n {
            for j in 0..n {
                let element = if i == j {
                    self.at[i][j] + q
                } else {
                    self.at[i][j]
                };
                b.at[i][j] = element * step;
            }
        }
        // Horner: I + B(I + B/2(I + B/3(…))).
        let mut sum = Self::identity(n);
        for k in (1..=ORDER).rev() {
            let weight = T::splat(1.0 / k as f64);
            sum = b.times(&sum);
            for i in 0..n {
                for j in 0..n {
                    sum.at[i][j] = sum.at[i][j] * weight;
                }
                sum.at[i][i] = sum.at[i][i] + T::splat(1.0);
            }
        }
        let decay = (-(q * step)).exp();
        for i in 0..n {
            for j in 0..n {
                sum.at[i][j] = sum.at[i][j] * decay;
            }
        }
        for _ in 0..squarings {
            sum = sum.times(&sum);
        }
        sum
    }
}
