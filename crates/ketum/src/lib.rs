//! Judgement of ketum: from a case to an assessment.
//!
//! ```text
//! case -> product -> schedule -> body -> ... -> assessment
//! ```
//!
//! Each stage is a function from plain data to plain data and can be called alone. This crate knows no
//! HTTP, no HTML, no terminal, no Python and no wall clock: the date is an argument.

pub mod ask;
pub mod assessment;
pub mod body;
pub mod case;
pub mod circumstances;
pub mod clinic;
pub mod course;
pub mod drugs;
pub mod emergency;
pub mod findings;
pub mod interaction;
pub mod law;
pub mod medicines;
pub mod model;
pub mod monitoring;
pub mod product;
pub mod schedule;
