//! Which states doses reach. The others stay empty: they are left out of the sums, so that they cost
//! nothing, and so that a state which nothing enters or leaves (its rate is zero) sends nobody another way.

use crate::events::Regimen;
use crate::linear::{Matrix, SIZE, Spectrum};
use crate::math::Real;
use crate::model::Model;

/// The part of a linear model that doses reach.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    /// States reached, in the model's order.
    states: Vec<usize>,
    /// The structure of their rates.
    pub spectrum: Spectrum,
}

impl Reach {
    /// `None` where the rates of these states have no formula.
    pub(crate) fn of(model: &Model, regimen: &Regimen) -> Option<Self> {
        let all = model.states.len();
        let edges = || {
            let flows = model.flows.iter();
            flows.filter_map(|flow| flow.from.zip(flow.to))
        };
        let mut reached: Vec<bool> = (0..all)
            .map(|state| regimen.slots.iter().any(|(dosed, _)| *dosed == state))
            .collect();
        // A path has fewer steps than there are states.
        for _ in 0..all {
            for (from, to) in edges() {
                reached[to] |= reached[from];
            }
        }
        let states: Vec<usize> = (0..all).filter(|&state| reached[state]).collect();
        let place = |state| states.iter().position(|&one| one == state);
        let mut among = [[false; SIZE]; SIZE];
        for (from, to) in edges() {
            if let (Some(from), Some(to)) = (place(from), place(to)) {
                among[to][from] = true;
            }
        }
        let spectrum = Spectrum::of(states.len(), &among)?;
        Some(Self { states, spectrum })
    }

    /// How many states are reached.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.states.len()
    }

    /// Position of a state among those reached.
    #[inline(always)]
    pub(crate) fn place(&self, state: usize) -> Option<usize> {
        self.states.iter().position(|&one| one == state)
    }

    /// The rows and columns of the states reached.
    #[inline(always)]
    pub(crate) fn part<T: Real, const N: usize>(&self, whole: &Matrix<T>) -> [[T; N]; N] {
        let mut part = [[T::splat(0.0); N]; N];
        for (row, &from_row) in self.states.iter().enumerate() {
            for (column, &from_column) in self.states.iter().enumerate() {
                part[row][column] = whole.at[from_row][from_column];
            }
        }
        part
    }
}
