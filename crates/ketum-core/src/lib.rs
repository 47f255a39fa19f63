//! Vocabulary of ketum: the words every other crate speaks.
//!
//! This crate knows units, dates, ids, evidence and the shapes of facts. It knows no files, no TOML,
//! no network, no clock, no randomness and no model equation.
//!
//! Every fact type here is plain data: it derives `Serialize`, `Deserialize` and `JsonSchema`, denies
//! unknown fields, and avoids untagged, flattened and skipped shapes, so that one type serves the TOML
//! files, the JSON Schema, the embedded binary snapshot and the JSON output.

pub mod analyte;
pub mod answer;
pub mod calculator;
pub mod circumstance;
pub mod date;
pub mod drug;
pub mod emergency;
pub mod event;
pub mod evidence;
pub mod finding;
pub mod form;
pub mod id;
pub mod interaction;
pub mod law;
pub mod level_model;
pub mod model;
pub mod monitoring;
pub mod name;
pub mod quantity;
pub mod study;
pub mod synonyms;
pub mod unit;
