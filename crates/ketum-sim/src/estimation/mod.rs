//! Estimation from summaries: what a trial's non-compartmental analysis prints, how likely a printed
//! table is under a model, where the best parameters lie and how far they are known.
//!
//! Everything is deterministic for a seed: random numbers come from counters, so an objective built on
//! common random numbers has the same bits at every call. This module knows no drug and no study file.
//!
//! - [`nca`]: non-compartmental analysis of one profile on its own sampling times.
//! - [`synthetic`]: Gaussian synthetic likelihood of a vector of statistics over simulated trials.
//! - [`evolution`]: search for the best parameters (CMA-ES).
//! - [`metropolis`]: sampling of the posterior (adaptive Metropolis, several chains).
//! - [`diagnostics`]: split R-hat, effective sample size.
//! - [`symmetric`]: small symmetric matrices (Cholesky, Jacobi).

// Matrices are read by index; comparisons are written so that what is no number fails them.
#![allow(clippy::needless_range_loop, clippy::neg_cmp_op_on_partial_ord)]

pub mod diagnostics;
pub mod evolution;
pub mod metropolis;
pub mod nca;
pub mod symmetric;
pub mod synthetic;
