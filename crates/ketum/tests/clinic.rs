//! Calculators against numbers from outside (`validation/reference/`), and against any JSON at all; what
//! a case gives is used or told to be unused; the monitoring plan.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "clinic/any_json.rs"]
mod any_json;
#[path = "clinic/case_fields.rs"]
mod case_fields;
#[path = "clinic/monitoring.rs"]
mod monitoring;
#[path = "clinic/registry.rs"]
mod registry;
#[path = "clinic/vectors.rs"]
mod vectors;
