//! Whether chains have met and how many independent draws they are worth (Vehtari and others 2021,
//! doi:10.1214/20-BA1221, without the normalising ranks; Geyer's initial monotone sequence).

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

fn variance(x: &[f64]) -> f64 {
    let m = mean(x);
    x.iter().map(|v| (v - m) * (v - m)).sum::<f64>() / (x.len() as f64 - 1.0).max(1.0)
}

fn halves(chains: &[Vec<f64>]) -> Vec<&[f64]> {
    let length = chains.iter().map(Vec::len).min().unwrap_or(0) / 2;
    chains
        .iter()
        .flat_map(|chain| [&chain[..length], &chain[chain.len() - length..]])
        .collect()
}

/// Variance within and pooled, of split chains.
fn pooled(halves: &[&[f64]]) -> (f64, f64) {
    let n = halves.first().map_or(0, |half| half.len()) as f64;
    let within = mean(&halves.iter().map(|half| variance(half)).collect::<Vec<_>>());
    let between = variance(&halves.iter().map(|half| mean(half)).collect::<Vec<_>>());
    (within, (n - 1.0) / n * within + between)
}

/// Split R-hat of one quantity: near 1 where all halves of all chains tell the same.
#[must_use]
pub fn split_r_hat(chains: &[Vec<f64>]) -> f64 {
    let (within, pooled) = pooled(&halves(chains));
    (pooled / within).sqrt()
}

/// Effective number of independent draws of one quantity over all chains.
#[must_use]
pub fn effective_size(chains: &[Vec<f64>]) -> f64 {
    let halves = halves(chains);
    let n = halves.first().map_or(0, |half| half.len());
    let total = (n * halves.len()) as f64;
    let (within, pooled) = pooled(&halves);
    if !(pooled > 0.0) {
        return 0.0;
    }
    let centred: Vec<(Vec<f64>, f64)> = halves
        .iter()
        .map(|half| {
            let m = mean(half);
            (half.iter().map(|x| x - m).collect(), variance(half))
        })
        .collect();
    let rho = |lag: usize| -> f64 {
        let covariance: f64 = centred
            .iter()
            .map(|(x, _)| {
                x.iter().zip(&x[lag..]).map(|(a, b)| a * b).sum::<f64>() / (n as f64 - 1.0)
            })
            .sum::<f64>()
            / centred.len() as f64;
        1.0 - (within - covariance) / pooled
    };
    let mut sum = 0.0;
    let mut last = f64::INFINITY;
    let mut lag = 0;
    while lag + 1 < n {
        let pair = (rho(lag) + rho(lag + 1)).min(last);
        if pair < 0.0 {
            break;
        }
        sum += pair;
        last = pair;
        lag += 2;
    }
    (total / (2.0 * sum - 1.0).max(1.0 / ln10(total))).min(total * ln10(total))
}

fn ln10(x: f64) -> f64 {
    crate::math::log10(x.max(10.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    fn chain(phi: f64, id: u64, shift: f64) -> Vec<f64> {
        let streams = Streams::new(11);
        let mut x = 0.0;
        (0..4000)
            .map(|t| {
                x = phi * x + streams.normal(t, Purpose::Other, id) * (1.0 - phi * phi).sqrt();
                x + shift
            })
            .collect()
    }

    /// An autoregressive chain has `n·(1 − φ)/(1 + φ)` independent draws.
    #[test]
    fn autocorrelation_costs_draws() {
        let chains: Vec<Vec<f64>> = (0..4).map(|id| chain(0.8, id, 0.0)).collect();
        let wanted = 16_000.0 * 0.2 / 1.8;
        let got = effective_size(&chains);
        assert!((got / wanted - 1.0).abs() < 0.25, "{got} against {wanted}");
        assert!(split_r_hat(&chains) < 1.02);
    }

    #[test]
    fn chains_in_different_places_are_seen() {
        let chains: Vec<Vec<f64>> = (0..4).map(|id| chain(0.0, id, id as f64)).collect();
        assert!(split_r_hat(&chains) > 1.5);
    }
}
