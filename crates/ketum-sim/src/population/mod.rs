//! Many subjects at once: parameters drawn around a model, the same doses, summaries.

mod draw;
mod engine;
mod equations;
mod exact;
mod kernel;
mod quantiles;
mod reach;
mod run;
mod stream;
mod summary;

pub use draw::{Draws, Sources};
pub use engine::Covariates;
pub use quantiles::Quantiles;
pub use run::{
    OutputResult, Population, PopulationResult, Profiles, Progress, RunOptions, columns,
    on_threads, solve_linear, solve_profiles,
};
pub use stream::{Bands, Streamed, Threshold};
pub use summary::{Exposure, QUANTILES, quantile};

#[cfg(test)]
mod tests;
