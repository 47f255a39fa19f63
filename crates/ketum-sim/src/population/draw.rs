//! The parameters of a subject.
//!
//! A parameter's random number is found by seed, source of spread, subject and the parameter's own
//! name: nothing that is added to a model shifts the draw of anything else.

use crate::math::dispatch::{self, Kernel, Path};
use crate::math::{self, Lanes, Real};
use crate::model::{Block, Model, shifted};
use crate::random::{Purpose, Quasi, Streams, normal_quantile, normal_quantiles};
use ketum_core::model::{Distribution, Source};

/// Most parameters that vary together.
const BLOCK: usize = 64;

/// Which sources of spread are switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sources {
    /// People differ.
    pub between_subject: bool,
    /// A person differs between occasions.
    pub between_occasion: bool,
    /// Typical values are not known exactly; each subject gets a draw of its own.
    pub uncertainty: bool,
    /// What is swallowed varies.
    pub content: bool,
    /// Measurements scatter.
    pub residual: bool,
}

impl Sources {
    /// No spread: everybody is the typical subject.
    pub const NONE: Self = Self {
        between_subject: false,
        between_occasion: false,
        uncertainty: false,
        content: false,
        residual: false,
    };

    /// What differs between people and servings and what is not known, without measurement noise.
    pub const PREDICTION: Self = Self {
        between_subject: true,
        between_occasion: true,
        uncertainty: true,
        content: true,
        residual: false,
    };

    /// Everything a measurement would show.
    pub const MEASUREMENT: Self = Self {
        residual: true,
        ..Self::PREDICTION
    };

    fn has(self, source: Source) -> bool {
        match source {
            Source::BetweenSubject => self.between_subject,
            Source::BetweenOccasion => self.between_occasion,
            Source::Uncertainty => self.uncertainty,
            Source::Content => self.content,
        }
    }
}

fn purpose(source: Source) -> Purpose {
    match source {
        Source::BetweenSubject => Purpose::BetweenSubject,
        Source::BetweenOccasion => Purpose::BetweenOccasion,
        Source::Uncertainty => Purpose::Uncertainty,
        Source::Content => Purpose::Content,
    }
}

/// Draws parameters of subjects.
#[derive(Debug, Clone)]
pub struct Draws<'m> {
    model: &'m Model,
    streams: Streams,
    sources: Sources,
    /// Points more even than random, one dimension a number drawn; with the first dimension of each
    /// block.
    quasi: Option<(Quasi, Vec<usize>)>,
}

impl<'m> Draws<'m> {
    /// Draws around the typical values of `model`.
    pub fn new(model: &'m Model, seed: u64, sources: Sources) -> Self {
        Self {
            model,
            streams: Streams::new(seed),
            sources,
            quasi: None,
        }
    }

    /// The same with quasi-random numbers for the first occasion: a mean over subjects needs fewer
    /// of them. Adding a random effect then changes the other draws.
    #[must_use]
    pub fn quasi_random(mut self) -> Self {
        let mut dimensions = 0;
        let first = self
            .model
            .blocks
            .iter()
            .map(|block| {
                let first = dimensions;
                if self.sources.has(block.source) {
                    dimensions += block.parameters.len();
                }
                first
            })
            .collect();
        self.quasi = Some((Quasi::new(dimensions, &self.streams), first));
        self
    }

    /// Random effects of a subject at an occasion, on each parameter's own scale.
    pub fn effects(&self, subject: u64, occasion: u32) -> Vec<f64> {
        let mut eta = vec![0.0; self.model.parameters.len()];
        self.add_effects(subject, occasion, &mut eta);
        eta
    }

    fn add_effects(&self, subject: u64, occasion: u32, eta: &mut [f64]) {
        for (index, block) in self.model.blocks.iter().enumerate() {
            if self.sources.has(block.source) {
                self.add_block(index, block, subject, occasion, eta);
            }
        }
    }

    /// Parameters of one subject, in the model's order, written into `parameters`. Covariate effects
    /// are left out: they are the matter of [`Model::individual`].
    pub fn subject(&self, subject: u64, parameters: &mut [f64]) {
        parameters.fill(0.0);
        self.add_effects(subject, 0, parameters);
        for (value, parameter) in parameters.iter_mut().zip(&self.model.parameters) {
            *value = shifted(parameter.typical, parameter.distribution, *value);
        }
    }

    /// Parameters of the subjects from `first` on, side by side: those of [`Draws::subject`] to the bit.
    pub(super) fn group(&self, path: Path, first: u64, columns: &mut [Lanes]) {
        let draws = self;
        dispatch::run(
            path,
            Group {
                draws,
                first,
                columns,
            },
        );
    }

    fn add_block(&self, index: usize, block: &Block, subject: u64, occasion: u32, eta: &mut [f64]) {
        let occasion = if block.source == Source::BetweenOccasion {
            occasion
        } else {
            0
        };
        let n = block.parameters.len();
        let mut z = [0.0; BLOCK];
        for (position, z) in z[..n].iter_mut().enumerate() {
            let uniform = match &self.quasi {
                Some((quasi, first)) if occasion == 0 => {
                    quasi.coordinate(subject, first[index] + position)
                }
                _ => {
                    let draw = self.model.parameters[block.parameters[position]].draw;
                    self.streams
                        .uniform_at(draw, purpose(block.source), occasion, subject)
                }
            };
            *z = normal_quantile(uniform);
        }
        for (row, &parameter) in block.cholesky.iter().zip(&block.parameters) {
            let sum: f64 = row.iter().zip(&z).map(|(l, z)| l * z).sum();
            eta[parameter] += sum;
        }
    }

    /// A measurement scattered around `prediction`.
    pub fn measured(&self, output: usize, time_h: f64, subject: u64, prediction: f64) -> f64 {
        self.measured_again(output, time_h, 0, subject, prediction)
    }

    /// The same for the measurement at position `rank` among several of one output at one time: each
    /// scatters by itself.
    pub fn measured_again(
        &self,
        output: usize,
        time_h: f64,
        rank: u32,
        subject: u64,
        prediction: f64,
    ) -> f64 {
        let Some(residual) = self.model.residuals.iter().find(|r| r.output == output) else {
            return prediction;
        };
        let draw = self.model.outputs[output].draw ^ time_draw(time_h);
        let normal = |draw| {
            let uniform = self
                .streams
                .uniform_at(draw, Purpose::Residual, rank, subject);
            normal_quantile(uniform)
        };
        let (first, second) = (normal(draw), normal(draw.wrapping_add(1)));
        let scattered = match residual.log {
            true => prediction * math::exp(residual.proportional * first),
            false => prediction * (1.0 + residual.proportional * first),
        };
        scattered + residual.additive * second
    }
}

/// Eight subjects.
struct Group<'a> {
    draws: &'a Draws<'a>,
    first: u64,
    columns: &'a mut [Lanes],
}

impl Kernel for Group<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self {
            draws,
            first,
            columns,
        } = self;
        columns.fill(Lanes::splat(0.0));
        for (index, block) in draws.model.blocks.iter().enumerate() {
            if !draws.sources.has(block.source) {
                continue;
            }
            let mut z = [Lanes::splat(0.0); BLOCK];
            for (position, z) in z[..block.parameters.len()].iter_mut().enumerate() {
                let uniform = match &draws.quasi {
                    Some((quasi, dimensions)) => Lanes::from_fn(|lane| {
                        quasi.coordinate(first + lane as u64, dimensions[index] + position)
                    }),
                    None => {
                        let draw = draws.model.parameters[block.parameters[position]].draw;
                        let purpose = purpose(block.source);
                        draws.streams.uniforms(draw, purpose, 0, first)
                    }
                };
                *z = normal_quantiles(uniform);
            }
            for (row, &parameter) in block.cholesky.iter().zip(&block.parameters) {
                let mut sum = Lanes::splat(0.0);
                for (&factor, z) in row.iter().zip(&z) {
                    sum = sum + Lanes::splat(factor) * *z;
                }
                columns[parameter] = columns[parameter] + sum;
            }
        }
        for (column, parameter) in columns.iter_mut().zip(&draws.model.parameters) {
            let typical = parameter.typical;
            *column = match parameter.distribution {
                Distribution::LogNormal => Lanes::splat(typical) * column.exp(),
                distribution => {
                    Lanes::from_fn(|lane| shifted(typical, distribution, column.lane(lane)))
                }
            };
        }
    }
}

/// A draw's number from a time, so that adding an output time shifts no other draw. Even numbers
/// keep the two draws of a measurement apart from those of its neighbours.
fn time_draw(time_h: f64) -> u32 {
    let bits = time_h.to_bits();
    let mixed = (bits ^ (bits >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 32) as u32) & !1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::LANES;

    const MODEL: &str = r#"
id = "drawn"
title = "Every distribution, blocks that overlap, two sources"
parameter = [
    { name = "cl", unit = "L/h", value = 3 },
    { name = "v", unit = "L", value = 20 },
    { name = "lag", unit = "h", value = 1, distribution = "normal" },
    { name = "f", unit = "ratio", value = 0.4, distribution = "logit-normal" },
]
compartment = [{ name = "central", unit = "mg", lag = { times = ["lag"] }, bioavailability = { times = ["f"] } }]
flow = [{ from = "central", rate = { first_order = { times = ["cl"], over = ["v"] } } }]
output = [{ name = "cp", unit = "mg/L", compartment = "central", scale = { over = ["v"] } }]
spread = [
    { source = "between-subject", parameters = ["cl", "v"], size = { covariance = [[0.2], [0.05, 0.1]] } },
    { source = "uncertainty", parameters = ["cl", "lag", "f"], size = { sd = [0.3, 0.1, 0.5] } },
]
"#;

    /// On each path eight subjects side by side have the parameters that each has alone, to the bit.
    #[test]
    fn a_group_is_its_subjects() {
        let model = Model::compile(&toml::from_str(MODEL).unwrap()).unwrap();
        for draws in [
            Draws::new(&model, 5, Sources::PREDICTION),
            Draws::new(&model, 5, Sources::PREDICTION).quasi_random(),
            Draws::new(&model, 5, Sources::NONE),
        ] {
            for path in Path::available() {
                for first in (0..2_000).step_by(LANES).chain([u64::from(u32::MAX) - 3]) {
                    let mut columns = [Lanes::splat(9.0); 4];
                    draws.group(path, first, &mut columns);
                    for lane in 0..LANES {
                        let mut own = [0.0; 4];
                        draws.subject(first + lane as u64, &mut own);
                        let got = columns.map(|column| column.lane(lane).to_bits());
                        assert_eq!(got, own.map(f64::to_bits), "{path:?} {first} {lane}");
                    }
                }
            }
        }
    }
}
