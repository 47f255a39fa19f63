//! Calculators against numbers from outside (`validation/reference/`), and against any JSON at all.

#[path = "clinic/any_json.rs"]
mod any_json;
#[path = "clinic/registry.rs"]
mod registry;
#[path = "clinic/vectors.rs"]
mod vectors;
