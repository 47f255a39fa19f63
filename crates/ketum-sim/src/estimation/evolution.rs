//! CMA-ES: a search for the lowest value of a function that is rough at a small scale (Hansen 2016,
//! arXiv:1604.00772, whose default settings are used). It needs no gradient, which a statistic on a
//! sampling grid does not have, and it learns which directions belong together.

use super::symmetric::{Square, eigen, identity};
use crate::math::{exp, ln};
use crate::random::{Purpose, Streams};

/// A search in progress; plain data, so that it can be stored and taken up again.
#[derive(Debug, Clone, PartialEq)]
pub struct Evolution {
    /// Centre of the next generation.
    pub mean: Vec<f64>,
    /// Step size.
    pub step: f64,
    /// Shape.
    pub covariance: Square,
    /// Best point so far.
    pub best: Vec<f64>,
    /// Its value.
    pub best_value: f64,
    /// Generations done.
    pub generation: u32,
    path_step: Vec<f64>,
    path_shape: Vec<f64>,
}

/// The memory of a search: how its centre moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Paths {
    /// For the step size.
    pub step: Vec<f64>,
    /// For the shape.
    pub shape: Vec<f64>,
}

struct Settings {
    lambda: usize,
    weights: Vec<f64>,
    mu_eff: f64,
    c_sigma: f64,
    d_sigma: f64,
    c_c: f64,
    c_1: f64,
    c_mu: f64,
    chi: f64,
}

impl Settings {
    fn new(n: usize) -> Self {
        let n = n as f64;
        let lambda = 4 + (3.0 * ln(n)).floor() as usize;
        let mu = lambda / 2;
        let raw: Vec<f64> = (1..=mu)
            .map(|i| ln((lambda as f64 + 1.0) / 2.0) - ln(i as f64))
            .collect();
        let sum: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|w| w / sum).collect();
        let mu_eff = 1.0 / weights.iter().map(|w| w * w).sum::<f64>();
        let c_sigma = (mu_eff + 2.0) / (n + mu_eff + 5.0);
        let c_1 = 2.0 / ((n + 1.3) * (n + 1.3) + mu_eff);
        let c_mu =
            (2.0 * (mu_eff - 2.0 + 1.0 / mu_eff) / ((n + 2.0) * (n + 2.0) + mu_eff)).min(1.0 - c_1);
        Self {
            lambda,
            weights,
            mu_eff,
            c_sigma,
            d_sigma: 1.0 + 2.0 * (((mu_eff - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + c_sigma,
            c_c: (4.0 + mu_eff / n) / (n + 4.0 + 2.0 * mu_eff / n),
            c_1,
            c_mu,
            chi: n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n)),
        }
    }
}

impl Evolution {
    /// A search that starts at `mean` with standard deviation `step` in every direction. Scale the
    /// parameters so that one step means as much in each.
    #[must_use]
    pub fn new(mean: Vec<f64>, step: f64) -> Self {
        let n = mean.len();
        Self {
            best: mean.clone(),
            best_value: f64::INFINITY,
            covariance: identity(n),
            path_step: vec![0.0; n],
            path_shape: vec![0.0; n],
            generation: 0,
            mean,
            step,
        }
    }

    /// One generation. `values` gives the function's value for each point it gets, in order; infinity
    /// where there is none. It may work on the points in parallel.
    pub fn advance(&mut self, seed: u64, values: impl FnOnce(&[Vec<f64>]) -> Vec<f64>) {
        let n = self.mean.len();
        let set = Settings::new(n);
        let (spectrum, axes) = eigen(&self.covariance);
        let scale: Vec<f64> = spectrum.iter().map(|v| v.max(1e-20).sqrt()).collect();
        let streams = Streams::new(seed);
        let steps: Vec<Vec<f64>> = (0..set.lambda)
            .map(|k| {
                let subject = u64::from(self.generation) * set.lambda as u64 + k as u64;
                let z: Vec<f64> = (0..n)
                    .map(|i| scale[i] * streams.normal(i as u32, Purpose::Other, subject))
                    .collect();
                rotate(&axes, &z)
            })
            .collect();
        let points: Vec<Vec<f64>> = steps
            .iter()
            .map(|y| {
                self.mean
                    .iter()
                    .zip(y)
                    .map(|(m, y)| m + self.step * y)
                    .collect()
            })
            .collect();
        let values = values(&points);
        let mut order: Vec<usize> = (0..set.lambda).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        if values[order[0]] < self.best_value {
            self.best_value = values[order[0]];
            self.best.clone_from(&points[order[0]]);
        }
        let mut centre = vec![0.0; n];
        for (weight, k) in set.weights.iter().zip(&order) {
            for i in 0..n {
                centre[i] += weight * steps[*k][i];
            }
        }
        for i in 0..n {
            self.mean[i] += self.step * centre[i];
        }
        self.generation += 1;
        self.remember(&set, &centre, &scale, &axes);
        let rank_one = 1.0 - set.c_1 - set.c_mu;
        for i in 0..n {
            for j in 0..n {
                let mut sum = 0.0;
                for (weight, k) in set.weights.iter().zip(&order) {
                    sum += weight * steps[*k][i] * steps[*k][j];
                }
                self.covariance[i][j] = rank_one * self.covariance[i][j]
                    + set.c_1 * self.path_shape[i] * self.path_shape[j]
                    + set.c_mu * sum;
            }
        }
        let length = norm(&self.path_step);
        self.step *= exp((set.c_sigma / set.d_sigma) * (length / set.chi - 1.0)).min(2.0);
    }

    fn remember(&mut self, set: &Settings, centre: &[f64], scale: &[f64], axes: &Square) {
        let n = centre.len();
        // C^(-1/2) · centre.
        let turned: Vec<f64> = (0..n)
            .map(|k| (0..n).map(|i| axes[i][k] * centre[i]).sum::<f64>() / scale[k])
            .collect();
        let white = rotate(axes, &turned);
        let keep = 1.0 - set.c_sigma;
        let gain = (set.c_sigma * (2.0 - set.c_sigma) * set.mu_eff).sqrt();
        for i in 0..n {
            self.path_step[i] = keep * self.path_step[i] + gain * white[i];
        }
        let age = crate::math::pow(keep, 2.0 * f64::from(self.generation));
        let limit = (1.4 + 2.0 / (n as f64 + 1.0)) * set.chi;
        let fresh = norm(&self.path_step) / (1.0 - age).max(1e-12).sqrt() < limit;
        let gain = if fresh {
            (set.c_c * (2.0 - set.c_c) * set.mu_eff).sqrt()
        } else {
            0.0
        };
        for i in 0..n {
            self.path_shape[i] = (1.0 - set.c_c) * self.path_shape[i] + gain * centre[i];
        }
    }

    /// Its memory, to be stored.
    #[must_use]
    pub fn paths(&self) -> Paths {
        Paths {
            step: self.path_step.clone(),
            shape: self.path_shape.clone(),
        }
    }

    /// Takes up a stored memory.
    pub fn set_paths(&mut self, paths: Paths) {
        self.path_step = paths.step;
        self.path_shape = paths.shape;
    }

    /// Largest standard deviation of the next generation: small means the search has settled.
    #[must_use]
    pub fn spread(&self) -> f64 {
        let widest = (0..self.mean.len())
            .map(|i| self.covariance[i][i])
            .fold(0.0, f64::max);
        self.step * widest.sqrt()
    }
}

fn rotate(axes: &Square, z: &[f64]) -> Vec<f64> {
    axes.iter()
        .map(|row| row.iter().zip(z).map(|(a, b)| a * b).sum())
        .collect()
}

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowest(function: impl Fn(&[f64]) -> f64, start: Vec<f64>) -> Evolution {
        let mut search = Evolution::new(start, 0.5);
        for _ in 0..600 {
            search.advance(7, |points| points.iter().map(|p| function(p)).collect());
        }
        search
    }

    #[test]
    fn finds_the_bottom_of_rosenbrocks_valley() {
        let valley = |x: &[f64]| {
            (0..5)
                .map(|i| {
                    let bend = x[i + 1] - x[i] * x[i];
                    100.0 * bend * bend + (1.0 - x[i]) * (1.0 - x[i])
                })
                .sum()
        };
        let found = lowest(valley, vec![-0.5; 6]);
        assert!(
            found.best.iter().all(|x| (x - 1.0).abs() < 1e-4),
            "{found:?}"
        );
    }

    #[test]
    fn copes_with_steps() {
        let steps = |x: &[f64]| x.iter().map(|x| (20.0 * (x - 0.3)).round().abs()).sum();
        let found = lowest(steps, vec![2.0; 4]);
        assert_eq!(found.best_value, 0.0);
    }

    #[test]
    fn the_same_seed_gives_the_same_bits() {
        let bowl = |x: &[f64]| x.iter().map(|x| x * x).sum();
        assert_eq!(lowest(bowl, vec![1.0; 3]), lowest(bowl, vec![1.0; 3]));
    }
}
