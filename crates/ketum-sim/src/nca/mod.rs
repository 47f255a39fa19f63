//! Non-compartmental analysis of one concentration profile.
//!
//! Choices are types, not flags; the defaults are those of PKNCA 0.12, against whose values the
//! module is tested (`validation/reference/nca`). Equations: Gabrielsson and Weiner,
//! Pharmacokinetic and Pharmacodynamic Data Analysis, chapter 2.8.
//!
//! Units: hours, the unit of the concentrations, the unit of the dose.

mod area;
mod interval;
mod terminal;

pub use area::AucMethod;
pub use interval::{Interval, interval};
pub use terminal::{Selection, Terminal};

use crate::math::dispatch::{self, Kernel, Path};
use area::Areas;

/// Most samples of one profile.
pub const MAX_SAMPLES: usize = 512;
/// Profiles of at most so many samples take less room, and less time.
const FEW_SAMPLES: usize = 64;

/// How the drug was given.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Route {
    /// Absorbed: swallowed, chewed, applied.
    #[default]
    Extravascular,
    /// All at once into a vein.
    Bolus,
    /// Into a vein over this many hours.
    Infusion {
        /// Duration, hours.
        hours: f64,
    },
}

/// What becomes of a value below the limit of quantification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// It counts as zero.
    Zero,
    /// It counts as half the limit.
    HalfLimit,
    /// It is left out.
    Leave,
}

/// Values below the limit, by where they stand: before the first quantified value, between two,
/// after the last. Whatever stands for them, they are never the peak, the last concentration or a point
/// of the terminal line; areas end at the last quantified value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlqRule {
    /// Before the first quantified value.
    pub first: Below,
    /// Between quantified values.
    pub middle: Below,
    /// After the last quantified value.
    pub last: Below,
}

impl Default for BlqRule {
    fn default() -> Self {
        Self {
            first: Below::Zero,
            middle: Below::Leave,
            last: Below::Zero,
        }
    }
}

/// Where the area starts when nothing was measured at time zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Start {
    /// Without a sample at time zero there is no area from zero.
    #[default]
    Measured,
    /// After a bolus the line through the first two falling samples is carried back to time zero.
    BackExtrapolated,
    /// The area starts at the first sample that is not before the dose, whenever that is.
    FirstSample,
}

/// Where the time of the peak is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Peak {
    /// At the first of the highest samples.
    #[default]
    Sampled,
    /// At the top of the parabola through that sample and its neighbours. For fits: the sample's time
    /// jumps when a parameter moves, the parabola's does not.
    Parabola,
}

/// What stands for the last concentration in extrapolation to infinity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extrapolation {
    /// The measured one.
    #[default]
    Observed,
    /// The one on the terminal line.
    Predicted,
}

/// All choices.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Options {
    /// Rule of the area between two samples.
    pub auc: AucMethod,
    /// Choice of terminal points.
    pub selection: Selection,
    /// How the drug was given.
    pub route: Route,
    /// Limit of quantification; values below it are not quantified, and neither is zero.
    pub lloq: f64,
    /// What becomes of them.
    pub blq: BlqRule,
    /// Where the area starts.
    pub start: Start,
    /// What is extrapolated from.
    pub extrapolation: Extrapolation,
    /// Where the time of the peak is read.
    pub peak: Peak,
    /// A time, hours, up to which a further area is wanted: to the last sample not after it.
    pub until_h: Option<f64>,
}

/// What a profile gives. `None` where the profile does not determine it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nca {
    /// Highest concentration.
    pub cmax: f64,
    /// First time of it, hours.
    pub tmax: f64,
    /// Time of the last quantified concentration.
    pub tlast: Option<f64>,
    /// Last quantified concentration.
    pub clast: Option<f64>,
    /// Concentration at time zero: measured, or carried back after a bolus.
    pub c0: Option<f64>,
    /// Terminal line.
    pub terminal: Option<Terminal>,
    /// Concentration on the terminal line at the last quantified time.
    pub clast_predicted: Option<f64>,
    /// Area from zero to the last quantified concentration.
    pub auc_0_t: Option<f64>,
    /// Area of time times concentration, likewise.
    pub aumc_0_t: Option<f64>,
    /// Area up to the last sample not after the time asked for.
    pub auc_until: Option<f64>,
    /// Area from zero to infinity.
    pub auc_0_inf: Option<f64>,
    /// Area of time times concentration from zero to infinity.
    pub aumc_0_inf: Option<f64>,
    /// Part of the area that is extrapolated, percent.
    pub auc_extrapolated_percent: Option<f64>,
    /// Mean residence time, hours; half an infusion is taken off.
    pub mrt: Option<f64>,
    /// Clearance (over bioavailability after extravascular doses), dose unit per concentration unit
    /// and hour.
    pub cl: Option<f64>,
    /// Volume of the terminal phase, likewise.
    pub vz: Option<f64>,
}

/// What is wrong with a profile.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NcaError {
    /// Lists of different lengths.
    #[error("{times} times and {values} concentrations")]
    Lengths {
        /// Number of times.
        times: usize,
        /// Number of concentrations.
        values: usize,
    },
    /// More samples than are held.
    #[error("{0} samples; at most {MAX_SAMPLES} are analysed")]
    TooMany(usize),
    /// A time that does not increase, or a value that is not a number.
    #[error(
        "sample {index} ({time} h, {value}) is not finite, negative, or does not come after the one before"
    )]
    Sample {
        /// Position from zero.
        index: usize,
        /// Its time.
        time: f64,
        /// Its concentration.
        value: f64,
    },
    /// A limit of quantification that is none.
    #[error("the limit of quantification is {0}; it is a number that is not negative")]
    Limit(f64),
    /// An interval that is empty or reaches beyond the samples.
    #[error(
        "the interval from {from} h to {to} h is empty or not within the samples, {first} h to {last} h"
    )]
    Interval {
        /// Start asked for.
        from: f64,
        /// End asked for.
        to: f64,
        /// First sample.
        first: f64,
        /// Last sample.
        last: f64,
    },
    /// No sample, or none from the time of the dose on.
    #[error("no sample")]
    Empty,
}

/// A profile after the rule for values below the limit.
struct Kept<const N: usize> {
    n: usize,
    times: [f64; N],
    values: [f64; N],
    /// The same with zeros where nothing was quantified.
    quantified: [f64; N],
}

/// Whether samples are a profile.
fn check(times: &[f64], values: &[f64]) -> Result<(), NcaError> {
    if times.len() != values.len() {
        return Err(NcaError::Lengths {
            times: times.len(),
            values: values.len(),
        });
    }
    let mut last = f64::NEG_INFINITY;
    for (index, (&time, &value)) in times.iter().zip(values).enumerate() {
        if !(time.is_finite() && time > last && value.is_finite() && value >= 0.0) {
            return Err(NcaError::Sample { index, time, value });
        }
        last = time;
    }
    Ok(())
}

/// The first and one past the last quantified value, and whether a value has to be changed or left out.
#[derive(Debug, Clone, Copy)]
struct Quantified {
    first: usize,
    end: usize,
    below: bool,
}

impl Quantified {
    #[inline(always)]
    fn of(times: &[f64], values: &[f64], lloq: f64) -> Result<Self, NcaError> {
        if times.len() != values.len() {
            return Err(NcaError::Lengths {
                times: times.len(),
                values: values.len(),
            });
        }
        if times.is_empty() {
            return Err(NcaError::Empty);
        }
        if !(lloq >= 0.0 && lloq.is_finite()) {
            return Err(NcaError::Limit(lloq));
        }
        if times.len() > MAX_SAMPLES {
            return Err(NcaError::TooMany(times.len()));
        }
        let mut found = Self {
            first: values.len(),
            end: 0,
            below: false,
        };
        let mut last = f64::NEG_INFINITY;
        for (index, (&time, &value)) in times.iter().zip(values).enumerate() {
            if !(time.is_finite() && time > last && value.is_finite() && value >= 0.0) {
                return Err(NcaError::Sample { index, time, value });
            }
            last = time;
            if value > 0.0 && value >= lloq {
                found.first = found.first.min(index);
                found.end = index + 1;
            } else {
                // A zero before or after the quantified ones stays as it is by the usual rule.
                found.below = true;
            }
        }
        Ok(found)
    }
}

impl<const N: usize> Kept<N> {
    fn new(times: &[f64], values: &[f64], quantified: Quantified, options: &Options) -> Self {
        let mut profile = Self {
            n: 0,
            times: [0.0; N],
            values: [0.0; N],
            quantified: [0.0; N],
        };
        for (index, (&time, &value)) in times.iter().zip(values).enumerate() {
            let is_quantified = value > 0.0 && value >= options.lloq;
            let kept = if is_quantified {
                Some(value)
            } else {
                let rule = match index {
                    i if i < quantified.first => options.blq.first,
                    i if i < quantified.end => options.blq.middle,
                    _ => options.blq.last,
                };
                match rule {
                    Below::Zero => Some(0.0),
                    Below::HalfLimit => Some(0.5 * options.lloq),
                    Below::Leave => None,
                }
            };
            if let Some(value) = kept {
                profile.times[profile.n] = time;
                profile.values[profile.n] = value;
                profile.quantified[profile.n] = if is_quantified { value } else { 0.0 };
                profile.n += 1;
            }
        }
        profile
    }
}

/// Analyses one profile after a dose at time zero. Samples before the dose are checked and left out.
///
/// # Errors
/// Samples that are not a profile: lengths that differ, times that do not increase, values that are
/// negative or not finite, more than [`MAX_SAMPLES`] of them or none from time zero on; a limit of
/// quantification that is not a number or negative.
pub fn analyse(
    times: &[f64],
    values: &[f64],
    dose: f64,
    options: &Options,
) -> Result<Nca, NcaError> {
    let path = Path::widest().at_most(Path::Avx2);
    dispatch::run(
        path,
        Analysis {
            times,
            values,
            dose,
            options,
        },
    )
}

struct Analysis<'a> {
    times: &'a [f64],
    values: &'a [f64],
    dose: f64,
    options: &'a Options,
}

impl Kernel for Analysis<'_> {
    type Output = Result<Nca, NcaError>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        if self.times.len() <= FEW_SAMPLES {
            self.analyse::<FEW_SAMPLES>()
        } else {
            self.analyse::<MAX_SAMPLES>()
        }
    }
}

impl Analysis<'_> {
    #[inline(always)]
    fn analyse<const N: usize>(self) -> Result<Nca, NcaError> {
        let Self {
            times,
            values,
            dose,
            options,
        } = self;
        let mut quantified = Quantified::of(times, values, options.lloq)?;
        let before = times.partition_point(|&time| time < 0.0);
        let (times, values) = (&times[before..], &values[before..]);
        if before > 0 {
            // Once more: what stood before the dose may have been all that was quantified.
            quantified = Quantified::of(times, values, options.lloq)?;
        }
        if !quantified.below {
            return Ok(analysis::<N>(times, values, values, dose, options));
        }
        let kept = Kept::<N>::new(times, values, quantified, options);
        let (times, values) = (&kept.times[..kept.n], &kept.values[..kept.n]);
        let quantified = &kept.quantified[..kept.n];
        Ok(analysis::<N>(times, values, quantified, dose, options))
    }
}

/// `quantified` is `c` with zeros for what stands for a value below the limit.
#[inline(always)]
fn analysis<const N: usize>(
    t: &[f64],
    c: &[f64],
    quantified: &[f64],
    dose: f64,
    options: &Options,
) -> Nca {
    let mut nca = Nca::default();
    let Some(peak) = peak(quantified) else {
        return nca;
    };
    nca.cmax = c[peak];
    nca.tmax = match options.peak {
        Peak::Sampled => t[peak],
        Peak::Parabola => vertex(t, c, peak),
    };
    let Some(last) = quantified.iter().rposition(|&value| value > 0.0) else {
        return nca;
    };
    nca.tlast = Some(t[last]);
    nca.clast = Some(c[last]);
    nca.c0 = concentration_at_zero(t, c, options.route);
    nca.terminal = Terminal::of::<N>(t, quantified, peak, &options.selection);
    nca.clast_predicted = nca.terminal.map(|terminal| terminal.at(t[last]));
    let (t, c) = (&t[..=last], &c[..=last]);
    let Some((areas, until)) = areas::<N>(t, c, peak, &nca, options) else {
        return nca;
    };
    nca.auc_0_t = Some(areas.auc);
    nca.aumc_0_t = Some(areas.aumc);
    nca.auc_until = options.until_h.map(|_| until);
    let Some(terminal) = nca.terminal else {
        return nca;
    };
    let inverse = 1.0 / terminal.lambda_z;
    let from = match (options.extrapolation, nca.clast_predicted) {
        (Extrapolation::Predicted, Some(predicted)) => predicted,
        _ => c[last],
    };
    let tail = from * inverse;
    let auc = areas.auc + tail;
    let aumc = areas.aumc + tail * t[last] + tail * inverse;
    nca.auc_0_inf = Some(auc);
    nca.aumc_0_inf = Some(aumc);
    let per_area = 1.0 / auc;
    nca.auc_extrapolated_percent = Some(100.0 * (1.0 - areas.auc * per_area));
    let infusion = match options.route {
        Route::Infusion { hours } => 0.5 * hours,
        Route::Extravascular | Route::Bolus => 0.0,
    };
    nca.mrt = Some(aumc * per_area - infusion);
    nca.cl = Some(dose * per_area);
    nca.vz = Some(dose * per_area * inverse);
    nca
}

/// Time of the top of the parabola through the sample at `peak` and its neighbours; its own time at an
/// end.
fn vertex(t: &[f64], c: &[f64], peak: usize) -> f64 {
    let at = t[peak];
    if peak == 0 || peak + 1 >= t.len() {
        return at;
    }
    let (before, after) = (at - t[peak - 1], t[peak + 1] - at);
    let (fall, rise) = (c[peak] - c[peak + 1], c[peak] - c[peak - 1]);
    let curvature = rise * after + fall * before;
    if !(curvature > 0.0) {
        return at;
    }
    let shift = 0.5 * (rise * after * after - fall * before * before) / curvature;
    at + shift.clamp(-before, after)
}

/// The first of the highest values; `None` where nothing is above zero.
fn peak(values: &[f64]) -> Option<usize> {
    let mut peak = 0;
    for (index, &value) in values.iter().enumerate() {
        if value > values[peak] {
            peak = index;
        }
    }
    (*values.get(peak)? > 0.0).then_some(peak)
}

/// Concentration at the time of the dose: measured there, or after a bolus carried back along the
/// logarithmic line through the first two samples when they fall, or the first sample.
fn concentration_at_zero(t: &[f64], c: &[f64], route: Route) -> Option<f64> {
    if route != Route::Bolus {
        return (t[0] == 0.0).then_some(c[0]);
    }
    if t[0] == 0.0 && c[0] > 0.0 {
        return Some(c[0]);
    }
    let first = t.iter().position(|&time| time > 0.0)?;
    match (c.get(first), c.get(first + 1)) {
        (Some(&a), Some(&b)) if b < a && b > 0.0 => {
            let slope = crate::math::ln(a / b) / (t[first + 1] - t[first]);
            Some(a * crate::math::exp(slope * t[first]))
        }
        (Some(&a), _) => Some(a),
        (None, _) => None,
    }
}

/// Areas to the last quantified value, and the area up to the time asked for.
#[inline(always)]
fn areas<const N: usize>(
    t: &[f64],
    c: &[f64],
    peak: usize,
    nca: &Nca,
    options: &Options,
) -> Option<(Areas, f64)> {
    let before = match (t[0] > 0.0, options.start, options.route) {
        (false, _, _) | (_, Start::FirstSample, _) => Areas::default(),
        (true, Start::BackExtrapolated, Route::Bolus) => {
            let exponential = options.auc != AucMethod::Linear;
            area::part(0.0, t[0], nca.c0?, c[0], exponential && c[0] < nca.c0?)
        }
        (true, _, _) => return None,
    };
    let (mut areas, mut until) = Areas::of::<N>(t, c, peak, options.auc, options.until_h);
    areas.auc += before.auc;
    areas.aumc += before.aumc;
    until += before.auc;
    Some((areas, until))
}

#[cfg(test)]
mod tests;
