//! Numbers of ketum: a pharmacometric simulator that knows nothing of kratom.
//!
//! A [`Model`] is compiled from a description, a [`Population`] of subjects is drawn around it, the
//! same events are given to each, and summaries come back: the same bits for any number of threads
//! and on every kind of machine. The chapter `docs/engine.md` has the equations, their sources and
//! the measured accuracy.
//!
//! This crate does not know drugs, files, or where a parameter came from.

#![allow(
    clippy::needless_range_loop,
    reason = "kernels walk several arrays by one index; fixed bounds let them be vectorised"
)]
#![allow(
    clippy::neg_cmp_op_on_partial_ord,
    reason = "`!(x <= limit)` is also true where x is not a number, and that is what is meant"
)]
#![allow(
    clippy::excessive_precision,
    reason = "published coefficients keep their digits"
)]

pub mod dataset;
pub mod error;
pub mod estimation;
pub mod events;
pub mod linear;
pub mod math;
pub mod model;
pub mod nca;
pub mod ode;
pub mod population;
pub mod random;
pub mod solve;

pub use error::{EventFault, ModelFault, SimError, SolveFault, SubjectFailure};
pub use model::Model;
pub use population::{Population, PopulationResult, Sources};
