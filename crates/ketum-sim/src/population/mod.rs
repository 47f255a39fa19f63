//! Many subjects at once: parameters drawn around a model, the same doses, summaries.

mod draw;
mod exact;
mod kernel;
mod run;
mod summary;

pub use draw::{Draws, Sources};
pub use run::{
    OutputResult, Population, PopulationResult, Profiles, solve_linear, solve_linear_within,
};
pub use summary::{Exposure, QUANTILES, quantile};

#[cfg(test)]
mod tests;
