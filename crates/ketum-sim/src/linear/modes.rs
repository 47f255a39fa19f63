//! A linear model as a sum of exponentials.
//!
//! `exp(A·t) = Σₖ exp(−λₖ·t)·Rₖ` with `Rₖ = Π_{j≠k} (A + λⱼ·I)/(λⱼ − λₖ)` (Sylvester). Where two
//! rates are near each other the terms grow and cancel; `bound` carries the same products with
//! absolute values, so that the loss of digits is known and not guessed.

use super::{Matrix, SIZE, Vector};
use crate::math::Real;

/// Columns of the residues for one input state, with their bounds.
#[derive(Debug, Clone, Copy)]
pub struct Modes<T> {
    /// Rates, 1/h.
    pub rates: Vector<T>,
    /// `residue[k][state]`: amplitude of mode `k` in a state after a unit bolus.
    pub residue: [Vector<T>; SIZE],
    /// The same from absolute values: rounding errors are a few units of 1e-16 of it.
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
            let mut bound = [zero; SIZE];
            column[input] = T::splat(1.0);
            bound[input] = T::splat(1.0);
            for j in 0..n {
                if j == k {
                    continue;
                }
                let weight = T::splat(1.0) / (rates[j] - rates[k]);
                let mut next = [zero; SIZE];
                let mut next_bound = [zero; SIZE];
                for row in 0..n {
                    let mut sum = rates[j] * column[row];
                    let mut sum_bound = rates[j] * bound[row];
                    for c in 0..n {
                        sum = a.at[row][c].mul_add(column[c], sum);
                        sum_bound = a.at[row][c].abs().mul_add(bound[c], sum_bound);
                    }
                    next[row] = sum * weight;
                    next_bound[row] = sum_bound * weight.abs();
                }
                column = next;
                bound = next_bound;
            }
            modes.residue[k] = column;
            modes.bound[k] = bound;
        }
        modes
    }
}
