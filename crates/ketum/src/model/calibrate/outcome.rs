//! What a finished calibration says: the posterior, how well it was sampled, the model file.

use ketum_core::level_model::{BetweenUncertainty, CalibrationRecord, LevelModel};
use ketum_core::model::{Source, Spread, SpreadSize};
use ketum_sim::estimation::diagnostics::{effective_size, split_r_hat};
use ketum_sim::estimation::symmetric::moments;
use ketum_sim::math::{exp, sqrt};
use ketum_sim::population::quantile;
use serde::Serialize;

use super::Run;

/// A finished calibration.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// What is reported.
    pub outcome: Outcome,
    /// The model file.
    pub file: LevelModel,
}

/// What is reported of a calibration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The model.
    pub model: String,
    /// Numbers fitted.
    pub rows: usize,
    /// Each fitted parameter.
    pub parameters: Vec<ParameterOutcome>,
    /// Correlations of the logarithms in the posterior, in the order of `parameters`.
    pub correlations: Vec<Vec<f64>>,
    /// Draws kept, all chains.
    pub draws: usize,
    /// Chains.
    pub chains: usize,
    /// Share of steps from the current point accepted.
    pub acceptance: f64,
    /// Share of independent proposals accepted.
    pub jump_acceptance: f64,
    /// Highest log posterior density found by the search.
    pub best: f64,
    /// Log likelihood of each study at the posterior's centre.
    pub studies: Vec<(String, f64)>,
    /// Quantities made of the parameters.
    pub derived: Vec<ParameterOutcome>,
}

/// A parameter before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParameterOutcome {
    /// Name; `omega_x` is the spread between people of `x` (sd of the logarithm), `tau` that between studies.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Median before.
    pub prior_median: Option<f64>,
    /// Sd of the logarithm before.
    pub prior_sd: Option<f64>,
    /// Median after.
    pub median: f64,
    /// 5th percentile after.
    pub low: f64,
    /// 95th percentile after.
    pub high: f64,
    /// Sd of the logarithm after.
    pub sd: f64,
    /// Best point of the search.
    pub best: Option<f64>,
    /// Sd after over sd before: near 1 says that the numbers do not tell.
    pub shrinkage: Option<f64>,
    /// Split R-hat.
    pub r_hat: f64,
    /// Effective number of draws.
    pub effective_draws: f64,
}

impl Run {
    /// The posterior and the model file, once done; `None` before.
    #[must_use]
    pub fn outcome(&self, record: CalibrationRecord) -> Option<Calibration> {
        let chains = self.chains.as_ref().filter(|_| self.is_done())?;
        let template = self.objective.template();
        let names = template.names();
        let scales = template.scales();
        let (best, best_value) = self.best();
        let draws: Vec<Vec<Vec<f64>>> = chains
            .kept
            .iter()
            .map(|chain| {
                chain
                    .iter()
                    .map(|point| self.objective.logs(point))
                    .collect()
            })
            .collect();
        let all: Vec<Vec<f64>> = draws.iter().flatten().cloned().collect();
        let (_, covariance) = moments(&all);
        let unit = |name: &str| {
            template
                .file
                .model
                .parameter
                .iter()
                .find(|parameter| parameter.name == name)
                .map_or("1", |parameter| parameter.unit.as_str())
                .to_owned()
        };
        let parameters: Vec<ParameterOutcome> = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let tau = at + 1 == names.len();
                ParameterOutcome {
                    unit: unit(name),
                    prior_median: (!tau).then(|| exp(scales[at].0)),
                    prior_sd: (!tau).then_some(scales[at].1),
                    best: Some(exp(best[at])),
                    shrinkage: (!tau).then(|| sqrt(covariance[at][at]) / scales[at].1),
                    ..summary(name, &draws, |logs| logs[at])
                }
            })
            .collect();
        let correlations = (0..names.len())
            .map(|i| {
                (0..names.len())
                    .map(|j| covariance[i][j] / sqrt(covariance[i][i] * covariance[j][j]))
                    .collect()
            })
            .collect();
        let centre: Vec<f64> = parameters
            .iter()
            .map(|parameter| ketum_sim::math::ln(parameter.median))
            .collect();
        let mut file = template.with(&centre);
        let fitted = template.prior.len();
        for (at, prior) in template.prior.iter().enumerate() {
            if let Some(parameter) = file
                .model
                .parameter
                .iter_mut()
                .find(|parameter| parameter.name == prior.parameter)
            {
                parameter.value = rounded(parameter.value);
                parameter.rse_percent = Some(rounded(100.0 * parameters[at].sd));
                let note = parameter.basis.take();
                parameter.basis = Some(format!(
                    "{}posterior median (5 % to 95 %: {} to {}); before the fit: median {}, sd of the logarithm {} ({})",
                    note.map_or_else(String::new, |note| format!("{note}; ")),
                    short(parameters[at].low),
                    short(parameters[at].high),
                    prior.median,
                    prior.sd,
                    prior.basis
                ));
            }
        }
        for spread in &mut file.model.spread {
            if let SpreadSize::Sd(sizes) = &mut spread.size {
                sizes.iter_mut().for_each(|size| *size = rounded(*size));
            }
        }
        file.model.spread.push(Spread {
            source: Source::Uncertainty,
            parameters: names[..fitted].to_vec(),
            size: SpreadSize::Covariance(
                (0..fitted)
                    .map(|i| (0..=i).map(|j| rounded(covariance[i][j])).collect())
                    .collect(),
            ),
        });
        file.between_uncertainty = template
            .between
            .iter()
            .zip(&parameters[fitted..])
            .map(|(between, omega)| BetweenUncertainty {
                parameters: between.parameters.clone(),
                sd_ln: rounded(omega.sd),
            })
            .collect();
        let worst = parameters.iter().map(|one| one.r_hat).fold(1.0, f64::max);
        let fewest = parameters
            .iter()
            .map(|one| one.effective_draws)
            .fold(f64::INFINITY, f64::min);
        file.calibration = Some(CalibrationRecord {
            between_study_sd: rounded(parameters.last().map_or(0.0, |tau| tau.median)),
            between_study_sd_ln: rounded(parameters.last().map_or(0.0, |tau| tau.sd)),
            largest_r_hat: rounded(worst),
            fewest_effective_draws: fewest.floor(),
            draws: all.len() as u32,
            ..record
        });
        let studies = self
            .objective
            .evaluate(&centre)
            .map(|evaluation| evaluation.studies)
            .unwrap_or_default();
        let outcome = Outcome {
            model: file.model.id.clone(),
            rows: self.objective.rows().values().sum(),
            derived: derived(&names, &draws),
            parameters,
            correlations,
            draws: all.len(),
            chains: draws.len(),
            acceptance: chains.acceptance(),
            jump_acceptance: chains.jump_acceptance(),
            best: best_value,
            studies: studies
                .into_iter()
                .map(|(id, value)| (id.to_string(), value))
                .collect(),
        };
        Some(Calibration { outcome, file })
    }
}

/// Quantiles and diagnostics of a positive quantity given by its logarithm.
fn summary(name: &str, draws: &[Vec<Vec<f64>>], log: impl Fn(&[f64]) -> f64) -> ParameterOutcome {
    let chains: Vec<Vec<f64>> = draws
        .iter()
        .map(|chain| chain.iter().map(|logs| log(logs)).collect())
        .collect();
    let mut all: Vec<f64> = chains.iter().flatten().copied().collect();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let variance = all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / all.len() as f64;
    all.sort_unstable_by(f64::total_cmp);
    ParameterOutcome {
        name: name.to_owned(),
        unit: "1".to_owned(),
        prior_median: None,
        prior_sd: None,
        best: None,
        shrinkage: None,
        median: exp(quantile(&all, 0.5)),
        low: exp(quantile(&all, 0.05)),
        high: exp(quantile(&all, 0.95)),
        sd: sqrt(variance),
        r_hat: split_r_hat(&chains),
        effective_draws: effective_size(&chains),
    }
}

/// Half-lives of the two phases of the typical person, and what tea gives against extract.
fn derived(names: &[String], draws: &[Vec<Vec<f64>>]) -> Vec<ParameterOutcome> {
    let at = |name: &str| names.iter().position(|one| one == name);
    let (Some(cl), Some(v1), Some(q), Some(v2)) = (at("cl"), at("v1"), at("q"), at("v2")) else {
        return Vec::new();
    };
    let half_life = |logs: &[f64], slow: bool| {
        let (cl, v1, q, v2) = (exp(logs[cl]), exp(logs[v1]), exp(logs[q]), exp(logs[v2]));
        let sum = cl / v1 + q / v1 + q / v2;
        let product = cl / v1 * q / v2;
        let root = sqrt(sum * sum - 4.0 * product);
        // The small root as product over the large one keeps its digits.
        let fast = (sum + root) / 2.0;
        let rate = if slow { product / fast } else { fast };
        ketum_sim::math::ln(core::f64::consts::LN_2 / rate)
    };
    let mut all = vec![
        summary("half-life, fast phase", draws, |logs| {
            half_life(logs, false)
        }),
        summary("half-life, slow phase", draws, |logs| half_life(logs, true)),
    ];
    for one in &mut all {
        one.unit = "h".to_owned();
    }
    all
}

/// Six significant digits: more would pretend.
fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

fn short(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}
