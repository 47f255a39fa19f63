//! How parameters vary: blocks and their triangular factors.

use super::Compiler;
use super::names::number;
use super::place::{Place, called};
use crate::error::ModelFault;
use crate::math;
use crate::model::Block;
use ketum_core::model::{self as described, Distribution, SpreadSize};

impl Compiler<'_> {
    pub(super) fn blocks(&self) -> Vec<Block> {
        let blocks = self.description.spread.iter().enumerate();
        blocks
            .map(|(index, s)| {
                let place = Place::new(format!("spread {}", index + 1), "spread", index);
                self.block(&place, index, s)
            })
            .collect()
    }

    /// A parameter varies once by each source.
    fn once(&self, at: &Place, block: usize, spread: &described::Spread) {
        let earlier = self.description.spread[..block].iter();
        let earlier: Vec<&String> = earlier
            .filter(|other| other.source == spread.source)
            .flat_map(|other| &other.parameters)
            .collect();
        for (index, name) in spread.parameters.iter().enumerate() {
            if spread.parameters[..index].contains(name) || earlier.contains(&name) {
                let what = format!("'{name}' varies twice by the same source of spread");
                let advice = "name it once; variances of one source add up: sd = sqrt(sd1² + sd2²)";
                self.report(&at.at(index), ModelFault::Twice { what, advice });
            }
        }
    }

    pub(super) fn block(&self, place: &Place, index: usize, spread: &described::Spread) -> Block {
        let at = place.then("parameters");
        let names = spread.parameters.iter().enumerate();
        let parameters: Vec<usize> = names
            .map(|(index, name)| self.parameter(&at.at(index), name))
            .collect();
        self.once(&at, index, spread);
        let n = parameters.len();
        if n > 64 {
            let place = Place {
                label: format!("the length of {}", place.label),
                path: at.path,
            };
            self.number(&place, n as f64, "at most 64 parameters");
        }
        let size = place.then("size");
        let cholesky = self
            .factor(&size, spread, &parameters)
            .unwrap_or_else(|| (0..n).map(|i| vec![0.0; i + 1]).collect());
        Block {
            source: spread.source,
            parameters,
            cholesky,
        }
    }

    /// The triangular factor of a block; `None` where something is wrong with it.
    pub(super) fn factor(
        &self,
        place: &Place,
        spread: &described::Spread,
        parameters: &[usize],
    ) -> Option<Vec<Vec<f64>>> {
        let n = parameters.len();
        let diagonal = |sds: Vec<f64>| {
            let mut good = sds.len() == n;
            if !good {
                self.shape(place, "the size does not fit the list of parameters");
            }
            for &sd in &sds {
                if !(sd >= 0.0 && sd.is_finite()) {
                    self.number(&called("a size of", place), sd, "finite and not negative");
                    good = false;
                }
            }
            let row = |i| (0..=i).map(|j| if i == j { sds[i] } else { 0.0 }).collect();
            good.then(|| (0..n).map(row).collect())
        };
        match &spread.size {
            SpreadSize::Sd(sds) => diagonal(sds.clone()),
            SpreadSize::Cv(cvs) => {
                let log_normal = |&index: &usize| {
                    let parameter = self.description.parameter.get(index);
                    parameter.is_none_or(|p| p.distribution == Distribution::LogNormal)
                };
                if !parameters.iter().all(log_normal) {
                    self.shape(
                        place,
                        "a cv is for log-normal parameters; give an sd or a covariance",
                    );
                    return None;
                }
                let sd = |&cv: &f64| math::sqrt(math::ln_1p(cv * cv));
                diagonal(cvs.iter().map(sd).collect())
            }
            SpreadSize::Covariance(rows) => {
                let triangular =
                    rows.len() == n && rows.iter().enumerate().all(|(i, r)| r.len() == i + 1);
                if !triangular {
                    self.shape(place, "the size does not fit the list of parameters");
                    return None;
                }
                let label = place.label.clone();
                cholesky(&label, rows)
                    .map_err(|fault| self.report(place, fault))
                    .ok()
            }
        }
    }
}

/// Lower triangular factor of a covariance matrix given as its lower triangle. A variance of zero
/// is allowed: that parameter does not vary.
fn cholesky(place: &str, rows: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, ModelFault> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let mut new = vec![0.0; i + 1];
        for j in 0..=i {
            let earlier = |a: &[f64], b: &[f64]| (0..j).map(|k| a[k] * b[k]).sum::<f64>();
            if j == i {
                let rest = row[i] - earlier(&new, &new);
                let slack = 1e-12 * row[i].abs();
                if !(rest >= -slack && row[i].is_finite()) {
                    return Err(number(
                        format!("the covariance of {place}"),
                        row[i],
                        "positive semi-definite",
                    ));
                }
                new[i] = math::sqrt(rest.max(0.0));
            } else {
                let rest = row[j] - earlier(&new, &factor[j]);
                let pivot = factor[j][j];
                if pivot == 0.0 && rest != 0.0 {
                    return Err(number(
                        format!("the covariance of {place}"),
                        row[j],
                        "zero beside a variance of zero",
                    ));
                }
                new[j] = if pivot == 0.0 { 0.0 } else { rest / pivot };
            }
        }
        factor.push(new);
    }
    Ok(factor)
}
