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
/// after the last.
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
    /// No sample.
    #[error("no sample")]
    Empty,
}

/// A profile after the rule for values below the limit.
pub(crate) struct Profile {
    n: usize,
    times: [f64; MAX_SAMPLES],
    values: [f64; MAX_SAMPLES],
}

impl Profile {
    fn times(&self) -> &[f64] {
        &self.times[..self.n]
    }

    fn values(&self) -> &[f64] {
        &self.values[..self.n]
    }

    #[inline(always)]
    fn new(times: &[f64], values: &[f64], options: &Options) -> Result<Self, NcaError> {
        if times.len() != values.len() {
            return Err(NcaError::Lengths {
                times: times.len(),
                values: values.len(),
            });
        }
        if times.is_empty() {
            return Err(NcaError::Empty);
        }
        if times.len() > MAX_SAMPLES {
            return Err(NcaError::TooMany(times.len()));
        }
        let mut last = f64::NEG_INFINITY;
        for (index, (&time, &value)) in times.iter().zip(values).enumerate() {
            if !(time.is_finite() && time > last && value.is_finite() && value >= 0.0) {
                return Err(NcaError::Sample { index, time, value });
            }
            last = time;
        }
        let quantified = |value: f64| value > 0.0 && value >= options.lloq;
        let first = values
            .iter()
            .position(|&v| quantified(v))
            .unwrap_or(values.len());
        let last = values.iter().rposition(|&v| quantified(v)).unwrap_or(0);
        let mut profile = Self {
            n: 0,
            times: [0.0; MAX_SAMPLES],
            values: [0.0; MAX_SAMPLES],
        };
        for (index, (&time, &value)) in times.iter().zip(values).enumerate() {
            let kept = if quantified(value) {
                Some(value)
            } else {
                let rule = match index {
                    i if i < first => options.blq.first,
                    i if i < last => options.blq.middle,
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
                profile.n += 1;
            }
        }
        Ok(profile)
    }
}

/// Analyses one profile after a dose at time zero.
///
/// # Errors
/// Samples that are not a profile: lengths that differ, times that do not increase, values that are
/// negative or not finite.
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
        analysis(self.times, self.values, self.dose, self.options)
    }
}

#[inline(always)]
fn analysis(times: &[f64], values: &[f64], dose: f64, options: &Options) -> Result<Nca, NcaError> {
    let profile = Profile::new(times, values, options)?;
    let (t, c) = (profile.times(), profile.values());
    let mut nca = Nca::default();
    let Some(peak) = peak(c) else { return Ok(nca) };
    nca.cmax = c[peak];
    nca.tmax = t[peak];
    let Some(last) = c.iter().rposition(|&value| value > 0.0) else {
        return Ok(nca);
    };
    nca.tlast = Some(t[last]);
    nca.clast = Some(c[last]);
    nca.c0 = concentration_at_zero(t, c, options.route);
    nca.terminal = Terminal::of(t, c, peak, &options.selection);
    nca.clast_predicted = nca.terminal.map(|terminal| terminal.at(t[last]));
    let Some(areas) = areas(&profile, last, peak, &nca, options) else {
        return Ok(nca);
    };
    nca.auc_0_t = Some(areas.auc);
    nca.aumc_0_t = Some(areas.aumc);
    let Some(terminal) = nca.terminal else {
        return Ok(nca);
    };
    let lambda_z = terminal.lambda_z;
    let from = match options.extrapolation {
        Extrapolation::Observed => c[last],
        Extrapolation::Predicted => terminal.at(t[last]),
    };
    let auc = areas.auc + from / lambda_z;
    let aumc = areas.aumc + from * t[last] / lambda_z + from / (lambda_z * lambda_z);
    nca.auc_0_inf = Some(auc);
    nca.aumc_0_inf = Some(aumc);
    nca.auc_extrapolated_percent = Some(100.0 * (1.0 - areas.auc / auc));
    let infusion = match options.route {
        Route::Infusion { hours } => 0.5 * hours,
        Route::Extravascular | Route::Bolus => 0.0,
    };
    nca.mrt = Some(aumc / auc - infusion);
    nca.cl = Some(dose / auc);
    nca.vz = Some(dose / auc / lambda_z);
    Ok(nca)
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

#[inline(always)]
fn areas(
    profile: &Profile,
    last: usize,
    peak: usize,
    nca: &Nca,
    options: &Options,
) -> Option<Areas> {
    let (t, c) = (&profile.times()[..=last], &profile.values()[..=last]);
    let mut areas = Areas::of(t, c, peak, options.auc);
    if t[0] > 0.0 {
        if options.start == Start::Measured || options.route != Route::Bolus {
            return None;
        }
        let back = [nca.c0?, c[0]];
        let before = Areas::of(&[0.0, t[0]], &back, 0, options.auc);
        areas.auc += before.auc;
        areas.aumc += before.aumc;
    }
    Some(areas)
}

#[cfg(test)]
mod tests;
