//! Many subjects at once: parameters drawn around a model, the same doses, summaries.

mod draw;
mod engine;
mod equations;
mod exact;
mod histogram;
mod kernel;
mod profiles;
mod quantiles;
mod reach;
mod run;
mod stream;
mod streamed;
mod summary;
mod threads;

pub use draw::{Draws, Sources};
pub use engine::Covariates;
pub use profiles::{Profiles, columns, solve_linear, solve_profiles};
pub use quantiles::Quantiles;
pub use run::{OutputResult, Population, PopulationResult, Progress, RunOptions};
pub use streamed::{Analysed, Analysis, Bands, Streamed, Summaries, Threshold};
pub use summary::{Exposure, QUANTILES, quantile};
pub use threads::on_threads;
