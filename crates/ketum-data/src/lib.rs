//! Facts of ketum: reads, checks and embeds `data/`.
//!
//! [`document`] reads TOML and JSON into a tree that remembers positions and checks it against the
//! schema of a Rust type, collecting every error. [`facts`] is the folder `data/` as typed facts.
//! [`lint`] judges those facts. [`catalogue`] is what a release carries: only facts whose sources were
//! read. This crate knows nothing of simulation, rules or reports.

pub mod catalogue;
pub mod document;
pub mod embedded;
pub mod events_csv;
pub mod facts;
pub mod law_lint;
pub mod lint;
pub mod model_file;
