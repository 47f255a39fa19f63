//! A linear model as a sum of exponentials.
//!
//! `exp(A·t) = Σₖ exp(−λₖ·t)·Rₖ` with `Rₖ = Π_{j≠k} (A + λⱼ·I)/(λⱼ − λₖ)` (Sylvester). Where two
//! rates are near each other the terms grow and cancel; their absolute values bound what is lost, so that
//! the loss of digits is known and not guessed: rounding errors are a few units of 2⁻⁵³ of their sum.

use crate::math::Real;

/// Amplitudes of `N` modes in `N` states after a unit bolus into the state `input`: `[mode][state]`. `a` is the
/// matrix, `rates` are those of decay, 1/h.
#[inline(always)]
pub fn residues<T: Real, const N: usize>(
    a: &[[T; N]; N],
    rates: &[T; N],
    input: usize,
) -> [[T; N]; N] {
    let zero = T::splat(0.0);
    let mut residues = [[zero; N]; N];
    for k in 0..N {
        let mut column = [zero; N];
        column[input] = T::splat(1.0);
        for j in 0..N {
            if j == k {
                continue;
            }
            let weight = T::splat(1.0) / (rates[j] - rates[k]);
            let mut next = [zero; N];
            for row in 0..N {
                let mut sum = rates[j] * column[row];
                for c in 0..N {
                    sum = a[row][c].mul_add(column[c], sum);
                }
                next[row] = sum * weight;
            }
            column = next;
        }
        residues[k] = column;
    }
    residues
}
