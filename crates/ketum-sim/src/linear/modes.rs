//! A linear model as a sum of exponentials.
//!
//! `exp(A·t) = Σₖ exp(−λₖ·t)·Rₖ` with `Rₖ = Π_{j≠k} (A + λⱼ·I)/(λⱼ − λₖ)` (Sylvester). Where two
//! rates are near each other the terms grow and cancel; `bound` holds their absolute values, so that
//! the loss of digits is known and not guessed.

use super::{Matrix, SIZE, Vector};
use crate::math::Real;

/// Columns of the residues for one input state, with their bounds.
#[derive(Debug, Clone, Copy)]
pub struct Modes<T> {
    /// Rates, 1/h.
    pub rates: Vector<T>,
    /// `residue[k][state]`: amplitude of mode `k` in a state after a unit bolus.
    pub residue: [Vector<T>; SIZE],
    /// Absolute values: rounding errors are a few units of 2⁻⁵³ of their sum.
    pub bound: [Vector<T>; SIZE],
}

impl<T: Real> Modes<T> {
    /// Modes after a unit bolus into `input`.
    #[inline(always)]
    pub fn of(a: &Matrix<T>, rates: &Vector<T>, input: usize) -> Self {
        let n = a.n;
        let zero = T::splat(0.0);
        let mut modes = Self {
            rates: *rates,
            residue: [[zero; SIZE]; SIZE],
            bound: [[zero; SIZE]; SIZE],
        };
        for k in 0..n {
            let mut column = [zero; SIZE];
            column[input] = T::splat(1.0);
            for j in 0..n {
                if j == k {
                    continue;
                }
                let weight = T::splat(1.0) / (rates[j] - rates[k]);
                let mut next = [zero; SIZE];
                for row in 0..n {
                    let mut sum = rates[j] * column[row];
                    for c in 0..n {
                        sum = a.at[row][c].mul_add(column[c], sum);
                    }
                    next[row] = sum * weight;
                }
                column = next;
            }
            modes.residue[k] = column;
            for row in 0..n {
                modes.bound[k][row] = column[row].abs();
            }
        }
        modes
    }
}
