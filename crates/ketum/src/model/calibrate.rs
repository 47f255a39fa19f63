//! A calibration: search for the best parameters from the priors' centre, then draws from the posterior.
//!
//! The work is cut into short pieces. Between two pieces it can be stored as text and taken up again
//! later with the same bits as if it had never stopped. This file reads no clock and writes no file.

mod outcome;
mod store;

pub use outcome::{Calibration, Outcome, ParameterOutcome};

use std::collections::BTreeMap;

use ketum_sim::estimation::evolution::Evolution;
use ketum_sim::estimation::metropolis::Chains;
use ketum_sim::random::{Purpose, Streams};
use rayon::prelude::*;

use super::ModelError;
use super::objective::Objective;

/// How much work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Generations of the search.
    pub generations: u32,
    /// Rounds of warm-up; the proposal is adapted after each.
    pub warm_up_rounds: u32,
    /// Steps of each chain in a round.
    pub round_steps: u64,
    /// Rounds whose draws are kept.
    pub kept_rounds: u32,
    /// Chains.
    pub chains: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            generations: 300,
            warm_up_rounds: 30,
            round_steps: 100,
            kept_rounds: 40,
            chains: 4,
        }
    }
}

/// A calibration in progress.
#[derive(Debug, Clone)]
pub struct Run {
    objective: Objective,
    effort: Effort,
    seed: u64,
    start: Vec<f64>,
    search: Evolution,
    chains: Option<Chains>,
    rounds: u32,
}

/// How far a calibration is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What is going on.
    pub stage: &'static str,
    /// Pieces done.
    pub done: u32,
    /// Pieces in all.
    pub total: u32,
    /// Best log posterior density so far.
    pub best: f64,
    /// Share of proposals accepted, once draws are made.
    pub acceptance: Option<f64>,
}

impl Run {
    /// A fresh calibration. It starts at the priors' centre.
    #[must_use]
    pub fn new(objective: Objective, effort: Effort, seed: u64) -> Self {
        let start = vec![0.0; objective.template().dimension()];
        Self::from(objective, effort, seed, start, 0.3)
    }

    /// A calibration whose search starts at known values of some parameters, by name; the others start at
    /// their prior's centre. For comparing structures: each search starts where the accepted one ended.
    /// A posterior for use starts at the priors.
    #[must_use]
    pub fn near(
        objective: Objective,
        effort: Effort,
        seed: u64,
        values: &BTreeMap<String, f64>,
    ) -> Self {
        let template = objective.template();
        let start = template
            .names()
            .iter()
            .zip(template.scales())
            .map(|(name, (centre, sd))| {
                values
                    .get(name)
                    .filter(|value| **value > 0.0)
                    .map_or(0.0, |value| (ketum_sim::math::ln(*value) - centre) / sd)
            })
            .collect();
        Self::from(objective, effort, seed, start, 0.1)
    }

    fn from(objective: Objective, effort: Effort, seed: u64, start: Vec<f64>, step: f64) -> Self {
        Self {
            search: Evolution::new(start.clone(), step),
            start,
            chains: None,
            rounds: 0,
            objective,
            effort,
            seed,
        }
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let effort = &self.effort;
        let total = effort.generations + effort.warm_up_rounds + effort.kept_rounds;
        let (stage, done) = if self.chains.is_none() {
            ("search", self.search.generation)
        } else if self.rounds < effort.warm_up_rounds {
            ("warm-up", effort.generations + self.rounds)
        } else {
            ("draws", effort.generations + self.rounds)
        };
        Progress {
            stage,
            done,
            total,
            best: -self.search.best_value,
            acceptance: self.chains.as_ref().map(Chains::acceptance),
        }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.rounds >= self.effort.warm_up_rounds + self.effort.kept_rounds
    }

    /// Does the next piece of work on the threads of the current pool.
    pub fn advance(&mut self) {
        let objective = &self.objective;
        let log_posterior = |point: &[f64]| objective.log_posterior(point);
        if self.search.generation < self.effort.generations {
            self.search.advance(self.seed, |points| {
                points
                    .par_iter()
                    .map(|point| -log_posterior(point))
                    .collect()
            });
            return;
        }
        let warm_up = self.effort.warm_up_rounds;
        let chains = match &mut self.chains {
            Some(chains) => chains,
            empty => empty.insert(start(&self.search, self.effort.chains, self.seed)),
        };
        if self.rounds >= warm_up + self.effort.kept_rounds {
            return;
        }
        // The warm-up learns from all its points; the kept rounds start with an empty list.
        if self.rounds == warm_up {
            chains.forget();
        }
        chains.advance(self.effort.round_steps, self.seed ^ 0x5eed, &log_posterior);
        if self.rounds < warm_up {
            chains.adapt();
        }
        self.rounds += 1;
    }

    /// Only the search: the best logarithms and their value.
    #[must_use]
    pub fn best(&self) -> (Vec<f64>, f64) {
        (
            self.objective.logs(&self.search.best),
            -self.search.best_value,
        )
    }

    /// Whether the search has had its generations.
    #[must_use]
    pub fn searched(&self) -> bool {
        self.search.generation >= self.effort.generations
    }

    /// The objective.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// Everything needed to go on later.
    #[must_use]
    pub fn store(&self) -> String {
        store::write(self)
    }

    /// Goes on where [`Run::store`] left off; `fresh` is the calibration as it was begun.
    ///
    /// # Errors
    /// Where the text is damaged, or belongs to other numbers, another seed, start or effort.
    pub fn resume(text: &str, fresh: Self) -> Result<Self, ModelError> {
        store::read(text, fresh)
    }
}

fn start(search: &Evolution, chains: usize, seed: u64) -> Chains {
    let n = search.best.len();
    let trace: f64 = (0..n).map(|i| search.covariance[i][i]).sum();
    // The search's shape with a mean variance of 0.1 (in units of the priors' variances).
    let factor = 0.1 * n as f64 / trace;
    let shape = search
        .covariance
        .iter()
        .map(|row| row.iter().map(|x| factor * x).collect())
        .collect();
    let streams = Streams::new(seed);
    let points = (0..chains)
        .map(|chain| {
            (0..n)
                .map(|i| {
                    let z = streams.normal(i as u32, Purpose::Uncertainty, chain as u64);
                    search.best[i] + 0.2 * z
                })
                .collect()
        })
        .collect();
    Chains::new(points, shape)
}
