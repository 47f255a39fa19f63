//! What a stream of subjects is asked for, and what it gives.

use super::summary::QUANTILES;
use crate::error::SubjectFailure;
use crate::math::{LANES, Lanes, Real};
use crate::nca;

/// A limit to watch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// Position of the output.
    pub output: usize,
    /// Value, in the output's unit.
    pub value: f64,
}

/// What to summarise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summaries<'a> {
    /// Quantiles at each time; the exposure of each subject is summarised in any case.
    pub bands: bool,
    /// Limits to watch; at each time only together with the bands.
    pub thresholds: &'a [Threshold],
    /// Non-compartmental analysis of each subject's predictions.
    pub nca: Option<Analysis<'a>>,
}

/// How each profile is analysed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Analysis<'a> {
    /// The dose at time zero. A prediction below zero, as a solver's error may leave one, counts as zero.
    pub dose: f64,
    /// Rules.
    pub options: &'a nca::Options,
}

/// What the analyses gave: quantiles over the subjects whose profile determines the number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Analysed {
    /// Subjects whose profile has a terminal line.
    pub subjects: u64,
    /// Half-life of it, hours.
    pub t_half: [f64; QUANTILES.len()],
    /// Area from zero to infinity, output unit times hours.
    pub auc_0_inf: [f64; QUANTILES.len()],
    /// Clearance over bioavailability, dose unit per output unit and hour.
    pub cl: [f64; QUANTILES.len()],
    /// Volume of the terminal phase over bioavailability, dose unit per output unit.
    pub vz: [f64; QUANTILES.len()],
    /// Mean residence time, hours.
    pub mrt: [f64; QUANTILES.len()],
}

/// Numbers of an analysis that are summarised.
pub(super) const NUMBERS: usize = 5;

impl Analysis<'_> {
    /// Half-life, area to infinity, clearance, volume and residence time of a group; not a number where a
    /// profile does not determine it. Every so many `outputs` of `values` is a time's.
    pub(super) fn of(
        &self,
        times_h: &[f64],
        values: &[Lanes],
        outputs: usize,
    ) -> [[f64; NUMBERS]; LANES] {
        std::array::from_fn(|lane| {
            let own: Vec<f64> = values
                .iter()
                .step_by(outputs)
                .map(|v| v.lane(lane))
                .map(|v| if v < 0.0 { 0.0 } else { v })
                .collect();
            // The times were looked at before; a subject that failed has no number.
            let found = nca::analyse(times_h, &own, self.dose, self.options).unwrap_or_default();
            let t_half = found.terminal.map(|line| line.t_half);
            [t_half, found.auc_0_inf, found.cl, found.vz, found.mrt]
                .map(|number| number.unwrap_or(f64::NAN))
        })
    }
}

impl Analysed {
    pub(super) fn new(subjects: u64, quantiles: [[f64; QUANTILES.len()]; NUMBERS]) -> Self {
        let [t_half, auc_0_inf, cl, vz, mrt] = quantiles;
        Self {
            subjects,
            t_half,
            auc_0_inf,
            cl,
            vz,
            mrt,
        }
    }
}

impl Default for Summaries<'_> {
    fn default() -> Self {
        Self {
            bands: true,
            thresholds: &[],
            nca: None,
        }
    }
}

/// Summaries of one output.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Quantiles at each time, probabilities [`QUANTILES`]; none where no bands are wanted.
    pub quantiles: Vec<[f64; QUANTILES.len()]>,
    /// Quantiles over subjects of the highest value.
    pub cmax: [f64; QUANTILES.len()],
    /// Quantiles over subjects of its time, hours.
    pub tmax_h: [f64; QUANTILES.len()],
    /// Quantiles over subjects of the area from the first to the last time.
    pub auc: [f64; QUANTILES.len()],
    /// Quantiles over subjects of the value at the last time.
    pub last: [f64; QUANTILES.len()],
    /// What non-compartmental analysis gave, where it is wanted.
    pub nca: Option<Analysed>,
}

/// What a population gave in bounded memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Streamed {
    /// One entry an output of the model.
    pub outputs: Vec<Bands>,
    /// Share of subjects whose highest value exceeds each threshold, and share of subjects above it
    /// at each time, where bands are wanted. The first is of predictions; the others of measurements where their
    /// scatter is switched on.
    pub exceedance: Vec<(f64, Vec<f64>)>,
    /// Subjects in the summaries.
    pub subjects: u64,
    /// Subjects solved alone.
    pub exact_subjects: u64,
    /// Subjects that failed, as far as that was allowed.
    pub failures: Vec<SubjectFailure>,
}
