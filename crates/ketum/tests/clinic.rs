//! Calculators against numbers from outside (`validation/reference/`), and against any JSON at all.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "clinic/any_json.rs"]
mod any_json;
#[path = "clinic/registry.rs"]
mod registry;
#[path = "clinic/vectors.rs"]
mod vectors;
