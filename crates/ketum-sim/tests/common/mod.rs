//! Reads reference cases for the tests.
#![allow(dead_code)]

use ketum_core::model::ModelDescription;
use ketum_sim::Model;

/// The text of a file below `validation/reference`.
pub fn reference(name: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../validation/reference/");
    std::fs::read_to_string(format!("{root}{name}")).unwrap()
}

/// A compiled model file.
pub fn model(name: &str) -> Model {
    let description: ModelDescription = toml::from_str(&reference(name)).unwrap();
    Model::compile(&description).unwrap()
}

/// The numbers of a file with a header.
pub fn table(name: &str) -> Vec<Vec<f64>> {
    reference(name)
        .lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .map(|field| field.parse().unwrap())
                .collect()
        })
        .collect()
}
