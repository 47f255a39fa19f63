//! Adaptive Metropolis (Haario, Saksman and Tamminen 2001, doi:10.2307/3318737) with several chains
//! that share what they learned of the posterior's shape. Once a centre is known, every other step
//! proposes from a multivariate t distribution around it instead of from the current point
//! (Metropolis–Hastings with an independent proposal, Tierney 1994, doi:10.1214/aos/1176325750): where the
//! posterior is near normal this crosses it in one step. Adaptation ends with the warm-up, so the kept
//! draws come from fixed proposals.

use super::symmetric::{Square, cholesky, forward, identity, lower_times, moments};
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
    /// Centre of the independent proposal, once learned.
    pub centre: Option<Vec<f64>>,
    /// Log of the proposal's scale.
    pub log_scale: f64,
    /// Steps done by each chain.
    pub step: u64,
    /// Accepted steps from the current point since the last [`Chains::forget`], all chains.
    pub accepted: u64,
    /// Accepted independent proposals since then.
    pub accepted_jumps: u64,
    /// Steps from the current point tried since then.
    pub tried: u64,
    /// Independent proposals tried since then.
    pub tried_jumps: u64,
}

/// Degrees of freedom of the independent proposal: tails heavier than the posterior's.
const FREEDOM: usize = 6;
/// Its spread over that of the posterior.
const WIDER: f64 = 1.1;

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
            accepted_jumps: 0,
            tried: 0,
            tried_jumps: 0,
            centre: None,
        }
    }

    /// Drops the kept points, keeps the chains.
    pub fn forget(&mut self) {
        self.kept.iter_mut().for_each(Vec::clear);
        self.kept_values.iter_mut().for_each(Vec::clear);
        self.count_afresh();
    }

    fn count_afresh(&mut self) {
        (self.accepted, self.accepted_jumps) = (0, 0);
        (self.tried, self.tried_jumps) = (0, 0);
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
        let jump = self.centre.as_ref().map(|centre| Jump {
            centre,
            factor: &factor,
        });
        let accepted: Vec<(u64, u64)> = (
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
                let mut accepted = (0, 0);
                for step in first..first + steps {
                    let subject = step * 64 + chain as u64;
                    let z: Vec<f64> = (0..n)
                        .map(|i| streams.normal(i as u32, Purpose::Other, subject))
                        .collect();
                    let jump = jump.as_ref().filter(|_| step % 2 == 1);
                    let proposal: Vec<f64> = match jump {
                        Some(jump) => {
                            let first = n as u32 + 1;
                            let squares: f64 = (0..FREEDOM as u32)
                                .map(|k| streams.normal(first + k, Purpose::Other, subject))
                                .map(|x| x * x)
                                .sum();
                            jump.point(&z, squares)
                        }
                        None => lower_times(&factor, &z)
                            .iter()
                            .zip(point.iter())
                            .map(|(shift, x)| x + scale * shift)
                            .collect(),
                    };
                    let there = log_posterior(&proposal);
                    let density = |x: &[f64]| jump.map_or(0.0, |jump| jump.log_density(x));
                    let ratio = there - *value + density(point) - density(&proposal);
                    let u = streams.uniform(n as u32, Purpose::Other, subject);
                    if ln(u) < ratio {
                        *point = proposal;
                        *value = there;
                        match jump {
                            Some(_) => accepted.1 += 1,
                            None => accepted.0 += 1,
                        }
                    }
                    kept.push(point.clone());
                    kept_values.push(*value);
                }
                accepted
            })
            .collect();
        let chains = self.points.len() as u64;
        let odd = (first..first + steps).filter(|step| step % 2 == 1).count() as u64;
        let jumps = if self.centre.is_some() { odd } else { 0 };
        self.tried_jumps += chains * jumps;
        self.tried += chains * (steps - jumps);
        self.step += steps;
        self.accepted += accepted.iter().map(|one| one.0).sum::<u64>();
        self.accepted_jumps += accepted.iter().map(|one| one.1).sum::<u64>();
    }

    /// Share of steps from the current point accepted since the last [`Chains::forget`] or adaptation.
    #[must_use]
    pub fn acceptance(&self) -> f64 {
        self.accepted as f64 / self.tried.max(1) as f64
    }

    /// Share of independent proposals accepted since then.
    #[must_use]
    pub fn jump_acceptance(&self) -> f64 {
        self.accepted_jumps as f64 / self.tried_jumps.max(1) as f64
    }

    /// Learns the shape from the later half of the kept points of all chains, and the scale from the
    /// share accepted. For the warm-up only.
    pub fn adapt(&mut self) {
        let acceptance = self.acceptance();
        let rows: Vec<Vec<f64>> = self
            .kept
            .iter()
            .flat_map(|chain| chain.iter().skip(chain.len() / 2).cloned())
            .collect();
        if rows.len() > 40 * self.shape.len() {
            let (mean, mut covariance) = moments(&rows);
            for (i, row) in covariance.iter_mut().enumerate() {
                row[i] += 1e-8;
            }
            if cholesky(&covariance).is_some() {
                self.shape = covariance;
                self.centre = Some(mean);
            }
        }
        self.log_scale += 2.0 * (acceptance - TARGET);
        self.count_afresh();
    }
}

/// The independent proposal.
struct Jump<'a> {
    centre: &'a [f64],
    factor: &'a Square,
}

impl Jump<'_> {
    /// A point from normal numbers and a sum of [`FREEDOM`] squared ones.
    fn point(&self, z: &[f64], squares: f64) -> Vec<f64> {
        let stretch = WIDER * (FREEDOM as f64 / squares).sqrt();
        lower_times(self.factor, z)
            .iter()
            .zip(self.centre)
            .map(|(shift, centre)| centre + stretch * shift)
            .collect()
    }

    /// Log density up to a constant.
    fn log_density(&self, x: &[f64]) -> f64 {
        let away: Vec<f64> = x.iter().zip(self.centre).map(|(x, c)| x - c).collect();
        let squares: f64 = forward(self.factor, &away).iter().map(|z| z * z).sum();
        let n = x.len() as f64;
        let freedom = FREEDOM as f64;
        -0.5 * (freedom + n) * ln(1.0 + squares / (freedom * WIDER * WIDER))
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
