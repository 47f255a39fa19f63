//! Eigenvalues of a compartment graph, found from its structure once and computed for many subjects
//! side by side.
//!
//! Compartments that exchange in both directions form a group; the matrix is block triangular over
//! groups, so its eigenvalues are those of the groups. Groups of one (a depot, a metabolite) and of
//! two (central and peripheral) have formulas without loss of digits. A larger group has none here:
//! such a model is solved by the matrix exponential.

use super::SIZE;
use crate::math::Real;

/// Groups of compartments whose eigenvalues have a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spectrum {
    groups: Vec<Group>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Single(usize),
    Pair(usize, usize),
}

impl Spectrum {
    /// Reads the structure of a graph: `edges[to][from]` says whether something flows.
    /// `None` when a group has more than two compartments.
    pub fn of(n: usize, edges: &[[bool; SIZE]; SIZE]) -> Option<Self> {
        let mut reach = *edges;
        for k in 0..n {
            for i in 0..n {
                for j in 0..n {
                    reach[i][j] |= reach[i][k] && reach[k][j];
                }
            }
        }
        let mut groups = Vec::new();
        for i in 0..n {
            let others: Vec<usize> = (0..n)
                .filter(|&j| j != i && reach[i][j] && reach[j][i])
                .collect();
            match others.as_slice() {
                [] => groups.push(Group::Single(i)),
                [j] if *j > i => groups.push(Group::Pair(i, *j)),
                [_] => {}
                _ => return None,
            }
        }
        Some(Self { groups })
    }

    /// Rates of decay `λ` (minus the eigenvalues), one a state, 1/h.
    #[inline(always)]
    pub fn rates<T: Real, const N: usize>(&self, a: &[[T; N]; N]) -> [T; N] {
        let mut rates = [T::splat(0.0); N];
        let mut next = 0;
        for group in &self.groups {
            match *group {
                Group::Single(i) => {
                    rates[next] = -a[i][i];
                    next += 1;
                }
                Group::Pair(i, j) => {
                    // λ² − (k₁ + k₂)·λ + (k₁·k₂ − k₁₂·k₂₁) = 0. The discriminant is written as a sum
                    // of positive terms, the smaller root as a quotient; the product is formed with
                    // one rounding of each difference.
                    let (k1, k2) = (-a[i][i], -a[j][j]);
                    let exchange = a[i][j] * a[j][i];
                    let sum = k1 + k2;
                    let difference = k1 - k2;
                    let root = difference
                        .mul_add(difference, T::splat(4.0) * exchange)
                        .sqrt();
                    let fast = T::splat(0.5) * (sum + root);
                    // k₁·k₂ − k₁₂·k₂₁ = loss₁·k₂ + k₂₁·loss₂ with loss = what leaves the pair.
                    let loss1 = k1 - a[j][i];
                    let loss2 = k2 - a[i][j];
                    let product = loss1.mul_add(k2, a[j][i] * loss2);
                    rates[next] = fast;
                    rates[next + 1] = product / fast;
                    next += 2;
                }
            }
        }
        rates
    }
}
