//! Gaussian synthetic likelihood (Price, Drovandi, Lee and Nott 2018, doi:10.1080/10618600.2017.1302882):
//! simulate the trial many times, take the printed statistics of each, and ask how likely the printed
//! vector is under a normal distribution with the simulated mean and covariance.

use super::symmetric::{cholesky, forward, moments};
use crate::math::ln;

/// Log density of `observed` given simulated statistics, one row a trial.
///
/// `extra` is added to the variances: rounding of a statistic to a grid, and what the model cannot
/// explain. `keep` is the weight of the simulated correlations (Warton's shrinkage): 1 keeps them, 0
/// drops them. `None` where the simulation gave something that is no number.
pub fn log_likelihood(
    observed: &[f64],
    simulated: &[Vec<f64>],
    extra: &[f64],
    keep: f64,
) -> Option<f64> {
    let (mean, mut covariance) = moments(simulated);
    for i in 0..observed.len() {
        for j in 0..observed.len() {
            if i != j {
                covariance[i][j] *= keep;
            }
        }
        covariance[i][i] += extra[i];
    }
    normal_log_density(observed, &mean, &covariance)
}

/// Log density of a multivariate normal distribution; `None` where the covariance is not positive definite.
pub fn normal_log_density(x: &[f64], mean: &[f64], covariance: &[Vec<f64>]) -> Option<f64> {
    let l = cholesky(&covariance.to_vec())?;
    let residual: Vec<f64> = x.iter().zip(mean).map(|(a, b)| a - b).collect();
    let z = forward(&l, &residual);
    let squares: f64 = z.iter().map(|z| z * z).sum();
    let log_det: f64 = l.iter().enumerate().map(|(i, row)| ln(row[i])).sum();
    let constant = x.len() as f64 * ln(2.0 * core::f64::consts::PI) / 2.0;
    let density = -0.5 * squares - log_det - constant;
    density.is_finite().then_some(density)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_dimension_is_the_normal_density() {
        let got = normal_log_density(&[1.5], &[1.0], &[vec![4.0]]).unwrap();
        let wanted = -0.5 * 0.0625 - ln(2.0) - 0.5 * ln(2.0 * core::f64::consts::PI);
        assert!((got - wanted).abs() < 1e-14);
    }

    /// Two correlated components: density = marginal · conditional.
    #[test]
    fn two_dimensions_factor() {
        let covariance = [vec![2.0, 0.6], vec![0.6, 1.0]];
        let both = normal_log_density(&[0.4, -0.3], &[0.0, 0.0], &covariance).unwrap();
        let first = normal_log_density(&[0.4], &[0.0], &[vec![2.0]]).unwrap();
        let second = normal_log_density(&[-0.3], &[0.3 * 0.4], &[vec![1.0 - 0.36 / 2.0]]).unwrap();
        assert!((both - first - second).abs() < 1e-14);
    }

    #[test]
    fn nonsense_has_no_density() {
        assert_eq!(normal_log_density(&[0.0], &[f64::NAN], &[vec![1.0]]), None);
        assert_eq!(normal_log_density(&[0.0], &[0.0], &[vec![-1.0]]), None);
    }
}
