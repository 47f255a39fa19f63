//! Small square matrices and their exponential.
//!
//! A compartment matrix has non-negative off-diagonal elements. With `q` its largest rate of loss,
//! `exp(A·t) = exp(−q·t) · exp((A + q·I)·t)` and every term of the series on the right is positive:
//! nothing cancels, so each element keeps its relative accuracy (Xue and Ye 2013,
//! doi:10.1016/j.laa.2012.10.034, study this class). Scaling and squaring keeps the series short.

use crate::math::{LANES, Real};

/// Rows and columns kept: seven states and one for a constant input.
pub const SIZE: usize = 8;

/// A column of numbers, one a state.
pub type Vector<T> = [T; SIZE];

/// Weights 1/k! of the series, four terms a row, and of the last term. With a norm of at most 1/4 the first
/// term left out, the seventeenth, is below 1e-18 of each element, also for an element six flows away.
const WEIGHTS: [[f64; 4]; 4] = [
    [1.0, 1.0, 1.0 / 2.0, 1.0 / 6.0],
    [1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0],
    [
        1.0 / 40_320.0,
        1.0 / 362_880.0,
        1.0 / 3_628_800.0,
        1.0 / 39_916_800.0,
    ],
    [
        1.0 / 479_001_600.0,
        1.0 / 6_227_020_800.0,
        1.0 / 87_178_291_200.0,
        1.0 / 1_307_674_368_000.0,
    ],
];
const LAST_WEIGHT: f64 = 1.0 / 20_922_789_888_000.0;
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

    /// The same elements in every lane.
    #[inline(always)]
    pub fn spread<U: Real>(&self) -> Matrix<U>
    where
        T: Into<f64>,
    {
        let mut m = Matrix::zero(self.n);
        for i in 0..self.n {
            for j in 0..self.n {
                m.at[i][j] = U::splat(self.at[i][j].into());
            }
        }
        m
    }

    /// Product.
    #[inline(always)]
    pub fn times(&self, other: &Self) -> Self {
        let mut m = Self::zero(self.n);
        self.times_into(other, &mut m);
        m
    }

    /// Product, written over the elements in use of another matrix.
    #[inline(always)]
    fn times_into(&self, other: &Self, product: &mut Self) {
        for i in 0..self.n {
            for j in 0..self.n {
                let mut sum = T::splat(0.0);
                for k in 0..self.n {
                    sum = self.at[i][k].mul_add(other.at[k][j], sum);
                }
                product.at[i][j] = sum;
            }
        }
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

    /// The series of `exp(self)` for a small norm, and a matrix to write over. Every four terms are a matrix that
    /// is multiplied by the fourth power (Paterson and Stockmeyer 1973, doi:10.1137/0202007): seven products
    /// instead of sixteen, and still positive terms only.
    #[inline(always)]
    fn series(&self) -> (Self, Self) {
        let n = self.n;
        let second = self.times(self);
        let third = second.times(self);
        let fourth = second.times(&second);
        let mut pair = [Self::zero(n); 2];
        for i in 0..n {
            pair[0].at[i][i] = T::splat(LAST_WEIGHT);
        }
        let [sum, next] = &mut pair;
        let (mut sum, mut next) = (sum, next);
        for weights in WEIGHTS.iter().rev() {
            let [none, one, two, three] = weights.map(T::splat);
            for i in 0..n {
                for j in 0..n {
                    let mut terms = T::splat(0.0);
                    for k in 0..n {
                        terms = fourth.at[i][k].mul_add(sum.at[k][j], terms);
                    }
                    terms = third.at[i][j].mul_add(three, terms);
                    terms = second.at[i][j].mul_add(two, terms);
                    next.at[i][j] = self.at[i][j].mul_add(one, terms);
                }
                next.at[i][i] = next.at[i][i] + none;
            }
            std::mem::swap(&mut sum, &mut next);
        }
        // An even number of times: the first holds the sum again.
        pair.into()
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
        // Each lane is scaled and squared as it needs alone: its bits do not depend on its company.
        let size = norm * dt;
        let mut squarings = [0_u32; LANES];
        let scale = T::from_fn(|lane| {
            let mut scale = 1.0;
            while size.lane(lane) * scale > NORM && squarings[lane] < 64 {
                scale *= 0.5;
                squarings[lane] += 1;
            }
            scale
        });
        let step = dt * scale;
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
        let (mut sum, mut product) = b.series();
        let decay = (-(q * step)).exp();
        for i in 0..n {
            for j in 0..n {
                sum.at[i][j] = sum.at[i][j] * decay;
            }
        }
        let most = squarings[..T::WIDTH].iter().max().copied().unwrap_or(0);
        let needed = T::from_fn(|lane| f64::from(squarings[lane]));
        for done in 1..=most {
            sum.times_into(&sum, &mut product);
            let done = T::splat(f64::from(done));
            for i in 0..n {
                for j in 0..n {
                    sum.at[i][j] = done.select_le(needed, product.at[i][j], sum.at[i][j]);
                }
            }
        }
        sum
    }
}
