//! Adaptive Metropolis (Haario, Saksman and Tamminen 2001, doi:10.2307/3318737) with several chains
//! that share what they learned of the posterior's shape. Adaptation ends with the warm-up, so the kept
//! draws come from a fixed proposal.

use super::symmetric::{Square, cholesky, identity, lower_times, moments};
use crate::math::{exp, ln};
use crate::random::{Purpose, Streams};
use rayon::prelude::*;

/// Chains in progress; plain data, so that they can be stored and taken up again.
#[derive(Debug, Clone, PartialEq)]
pub struct Chains {
    /// Current point of each chain.
    pub points: Vec<Vec<f64>>,
    /// Log posterior of each current point.
    pub values: Vec<f64>,
    /// Kept points, `[chain][draw]`, all since the last [`Chains::forget`].
    pub kept: Vec<Vec<Vec<f64>>>,
    /// Log posterior of the kept points.
    pub kept_values: Vec<Vec<f64>>,
    /// Covariance of the proposal before scaling.
    pub shape: Square,
    /// Log of the proposal's scale.
    pub log_scale: f64,
    /// Steps done by each chain.
    pub step: u64,
    /// Accepted proposals since the last [`Chains::forget`], all chains.
    pub accepted: u64,
}

/// Acceptance aimed at (Roberts, Gelman and Gilks 1997).
const TARGET: f64 = 0.234;

impl Chains {
    /// Chains that start at `points`.
    #[must_use]
    pub fn new(points: Vec<Vec<f64>>, shape: Square) -> Self {
        let chains = points.len();
        let n = shape.len().max(1) as f64;
        Self {
            values: vec![f64::NEG_INFINITY; chains],
            kept: vec![Vec::new(); chains],
            kept_values: vec![Vec::new(); chains],
            points,
            shape,
            log_scale: ln(2.38 / n.sqrt()),
            step: 0,
            accepted: 0,
        }
    }

    /// Drops the kept points, keeps the chains.
    pub fn forget(&mut self) {
        self.kept.iter_mut().for_each(Vec::clear);
        self.kept_values.iter_mut().for_each(Vec::clear);
        self.accepted = 0;
    }

    /// Runs every chain for `steps` steps; chains run in parallel. `log_posterior` must give the same
    /// value for the same point. The result does not depend on the number of threads.
    pub fn advance(
        &mut self,
        steps: u64,
        seed: u64,
        log_posterior: &(impl Fn(&[f64]) -> f64 + Sync),
    ) {
        let n = self.shape.len();
        let factor = cholesky(&self.shape).unwrap_or_else(|| identity(n));
        let scale = exp(self.log_scale);
        let streams = Streams::new(seed);
        let first = self.step;
        let accepted: u64 = (
            &mut self.points,
            &mut self.values,
            &mut self.kept,
            &mut self.kept_values,
        )
            .into_par_iter()
            .enumerate()
            .map(|(chain, (point, value, kept, kept_values))| {
                if *value == f64::NEG_INFINITY {
                    *value = log_posterior(point);
                }
                let mut accepted = 0;
                for step in first..first + steps {
                    let subject = step * 64 + chain as u64;
                    let z: Vec<f64> = (0..n)
                        .map(|i| streams.normal(i as u32, Purpose::Other, subject))
                        .collect();
                    let proposal: Vec<f64> = lower_times(&factor, &z)
                        .iter()
                        .zip(point.iter())
                        .map(|(shift, x)| x + scale * shift)
                        .collect();
                    let there = log_posterior(&proposal);
                    let u = streams.uniform(n as u32, Purpose::Other, subject);
                    if ln(u) < there - *value {
                        *point = proposal;
                        *value = there;
                        accepted += 1;
                    }
                    kept.push(point.clone());
                    kept_values.push(*value);
                }
                accepted
            })
            .sum();
        self.step += steps;
        self.accepted += accepted;
    }

    /// Share of proposals accepted since the last [`Chains::forget`].
    #[must_use]
    pub fn acceptance(&self) -> f64 {
        let all: usize = self.kept.iter().map(Vec::len).sum();
        self.accepted as f64 / (all.max(1)) as f64
    }

    /// Learns the shape from the later half of the kept points of all chains, and the scale from the
    /// share accepted. For the warm-up only.
    pub fn adapt(&mut self) {
        let rows: Vec<Vec<f64>> = self
            .kept
            .iter()
            .flat_map(|chain| chain.iter().skip(chain.len() / 2).cloned())
            .collect();
        if rows.len() > 10 * self.shape.len() {
            let (_, mut covariance) = moments(&rows);
            for (i, row) in covariance.iter_mut().enumerate() {
                row[i] += 1e-8;
            }
            if cholesky(&covariance).is_some() {
                self.shape = covariance;
            }
        }
        self.log_scale += 2.0 * (self.acceptance() - TARGET);
    }
}

#[cfg(test)]
mod tests {
    use super::super::diagnostics::{effective_size, split_r_hat};
    use super::*;

    /// A correlated normal posterior is recovered: mean, variances, covariance.
    #[test]
    fn recovers_a_correlated_normal() {
        let log_posterior = |x: &[f64]| {
            let (a, b) = (x[0] - 1.0, (x[1] + 2.0) / 3.0);
            -0.5 * (a * a + b * b - 1.6 * a * b) / (1.0 - 0.64)
        };
        let starts = (0..4).map(|k| vec![f64::from(k), -f64::from(k)]).collect();
        let mut chains = Chains::new(starts, identity(2));
        for _ in 0..10 {
            chains.forget();
            chains.advance(300, 3, &log_posterior);
            chains.adapt();
        }
        chains.forget();
        chains.advance(6000, 3, &log_posterior);
        let rows: Vec<Vec<f64>> = chains.kept.iter().flatten().cloned().collect();
        let (mean, covariance) = moments(&rows);
        assert!(
            (mean[0] - 1.0).abs() < 0.1 && (mean[1] + 2.0).abs() < 0.3,
            "{mean:?}"
        );
        assert!((covariance[0][0] - 1.0).abs() < 0.1, "{covariance:?}");
        assert!((covariance[1][1] - 9.0).abs() < 0.9, "{covariance:?}");
        assert!((covariance[0][1] - 2.4).abs() < 0.3, "{covariance:?}");
        let first: Vec<Vec<f64>> = chains
            .kept
            .iter()
            .map(|chain| chain.iter().map(|x| x[0]).collect())
            .collect();
        assert!(split_r_hat(&first) < 1.01);
        assert!(effective_size(&first) > 1000.0);
    }
}
