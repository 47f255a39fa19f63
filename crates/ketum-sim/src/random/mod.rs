//! Random numbers without a state: each is a function of (seed; draw, purpose, subject).
//!
//! So nothing that is added (an effect, an output time, a subject, a thread) shifts any other draw.

mod normal;
mod philox;
mod quasi;

pub use normal::normal_quantile;
pub(crate) use normal::normal_quantiles;
pub use philox::philox4x32;
pub use quasi::Quasi;

use crate::math::{LANES, Lanes};
use philox::philox_lanes;

/// What a number is drawn for. The number behind each name is part of the format of results: never
/// change one, add new ones at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// People differ.
    BetweenSubject = 0,
    /// A person differs from occasion to occasion.
    BetweenOccasion = 1,
    /// Typical values are not known exactly.
    Uncertainty = 2,
    /// A measurement scatters.
    Residual = 3,
    /// What is swallowed varies.
    Content = 4,
    /// Covariates of a made-up person.
    Covariate = 5,
    /// Free for a caller.
    Other = 6,
}

/// A number from 52 of 64 random bits.
#[inline(always)]
fn between_0_and_1([low, high]: [u32; 2]) -> f64 {
    let bits = (u64::from(high) << 32 | u64::from(low)) >> 12;
    (bits as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// All random numbers of one seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streams {
    key: [u32; 2],
}

impl Streams {
    /// The numbers of this seed.
    pub fn new(seed: u64) -> Self {
        Self {
            key: [seed as u32, (seed >> 32) as u32],
        }
    }

    /// A uniform number strictly between 0 and 1, the middle of one of 2⁵² equal cells.
    pub fn uniform(&self, draw: u32, purpose: Purpose, subject: u64) -> f64 {
        self.uniform_at(draw, purpose, 0, subject)
    }

    /// The same at one of many occasions (at most 2²⁴) of a subject.
    pub fn uniform_at(&self, draw: u32, purpose: Purpose, occasion: u32, subject: u64) -> f64 {
        let purpose = purpose as u32 | occasion << 8;
        let counter = [draw, purpose, subject as u32, (subject >> 32) as u32];
        let words = philox4x32(counter, self.key);
        between_0_and_1([words[0], words[1]])
    }

    /// Those of the subjects from `first` on, side by side.
    #[inline(always)]
    pub(crate) fn uniforms(&self, draw: u32, purpose: Purpose, occasion: u32, first: u64) -> Lanes {
        let purpose = purpose as u32 | occasion << 8;
        let subjects: [u64; LANES] = std::array::from_fn(|lane| first.wrapping_add(lane as u64));
        let counter = [
            [draw; LANES],
            [purpose; LANES],
            subjects.map(|subject| subject as u32),
            subjects.map(|subject| (subject >> 32) as u32),
        ];
        let [low, high] = philox_lanes(counter, self.key);
        Lanes(std::array::from_fn(|lane| {
            between_0_and_1([low[lane], high[lane]])
        }))
    }

    /// A standard normal number, by the inverse distribution function.
    pub fn normal(&self, draw: u32, purpose: Purpose, subject: u64) -> f64 {
        normal_quantile(self.uniform(draw, purpose, subject))
    }
}
