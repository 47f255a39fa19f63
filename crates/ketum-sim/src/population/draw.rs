//! The parameters of a subject.
//!
//! A parameter's random number is found by seed, source of spread, subject and the parameter's own
//! name: nothing that is added to a model shifts the draw of anything else.

use crate::math;
use crate::model::{Block, Model, shifted};
use crate::random::{Purpose, Streams};
use ketum_core::model::Source;

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
#[derive(Debug, Clone, Copy)]
pub struct Draws<'m> {
    model: &'m Model,
    streams: Streams,
    sources: Sources,
}

impl<'m> Draws<'m> {
    /// Draws around the typical values of `model`.
    pub fn new(model: &'m Model, seed: u64, sources: Sources) -> Self {
        Self {
            model,
            streams: Streams::new(seed),
            sources,
        }
    }

    /// Parameters of one subject, in the model's order, written into `parameters`.
    pub fn subject(&self, subject: u64, parameters: &mut [f64]) {
        let mut eta = [0.0; 64];
        let eta = &mut eta[..self.model.parameters.len().min(64)];
        for block in &self.model.blocks {
            if self.sources.has(block.source) {
                self.add_block(block, subject, eta);
            }
        }
        for (index, parameter) in self.model.parameters.iter().enumerate() {
            let shift = eta.get(index).copied().unwrap_or(0.0);
            parameters[index] = shifted(parameter.typical, parameter.distribution, shift);
        }
    }

    fn add_block(&self, block: &Block, subject: u64, eta: &mut [f64]) {
        let normal = |position: usize| {
            let draw = self.model.parameters[block.parameters[position]].draw;
            self.streams.normal(draw, purpose(block.source), subject)
        };
        let z: Vec<f64> = (0..block.parameters.len()).map(normal).collect();
        for (row, &parameter) in block.cholesky.iter().zip(&block.parameters) {
            let sum: f64 = row.iter().zip(&z).map(|(l, z)| l * z).sum();
            eta[parameter] += sum;
        }
    }

    /// A measurement scattered around `prediction`.
    pub(crate) fn measured(
        &self,
        output: usize,
        time_h: f64,
        subject: u64,
        prediction: f64,
    ) -> f64 {
        let Some(residual) = self.model.residuals.iter().find(|r| r.output == output) else {
            return prediction;
        };
        let draw = self.model.outputs[output].draw ^ time_draw(time_h);
        let first = self.streams.normal(draw, Purpose::Residual, subject);
        let second = self
            .streams
            .normal(draw.wrapping_add(1), Purpose::Residual, subject);
        let scattered = match residual.log {
            true => prediction * math::exp(residual.proportional * first),
            false => prediction * (1.0 + residual.proportional * first),
        };
        scattered + residual.additive * second
    }
}

/// A draw's number from a time, so that adding an output time shifts no other draw. Odd multiples
/// keep the two draws of a measurement apart from those of its neighbours.
fn time_draw(time_h: f64) -> u32 {
    let bits = time_h.to_bits();
    let mixed = (bits ^ (bits >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 32) as u32) & !1
}
