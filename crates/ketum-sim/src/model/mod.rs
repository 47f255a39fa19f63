//! A model ready to run: names resolved to positions, checked, turned into rates.
//!
//! Made from `ketum_core::model::ModelDescription`. Knows nothing of files, drugs or subjects.

mod compile;
mod guards;
mod individual;
mod rates;
mod units;

pub(crate) use individual::{Side, read, shifted};

pub use compile::{Key, ModelProblem};
pub use individual::Individual;
pub use rates::{Flow, FlowRate, LinearRates, Modifier, Term};

use ketum_core::model::{CovariateForm, Distribution, Source};

/// A model ready to run.
#[derive(Debug, Clone)]
pub struct Model {
    pub(crate) id: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) states: Vec<State>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) covariate_effects: Vec<CovariateEffect>,
    pub(crate) residuals: Vec<Residual>,
    pub(crate) guards: Vec<guards::Guard>,
    /// Which parameters may not be zero.
    pub(crate) not_zero: Vec<bool>,
}

/// A parameter and the scale it varies on.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Symbol.
    pub name: String,
    /// Unit as written.
    pub unit: String,
    /// Typical value.
    pub typical: f64,
    /// Scale it varies on.
    pub distribution: Distribution,
    /// Which random draw is its own; depends on the name only.
    pub(crate) draw: u32,
}

/// A state: a compartment, a turnover response or an effect site.
#[derive(Debug, Clone)]
pub struct State {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    pub(crate) initial: Option<Term>,
    pub(crate) lag: Option<Term>,
    pub(crate) bioavailability: Option<Term>,
    pub(crate) dose_rate: Option<Term>,
    pub(crate) dose_duration: Option<Term>,
}

/// A predicted quantity.
#[derive(Debug, Clone)]
pub struct Output {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    pub(crate) state: usize,
    pub(crate) scale: Term,
    pub(crate) draw: u32,
}

/// A block of parameters that vary together.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub source: Source,
    pub parameters: Vec<usize>,
    /// Lower triangular factor of the covariance, row by row.
    pub cholesky: Vec<Vec<f64>>,
}

#[derive(Debug, Clone)]
pub(crate) struct CovariateEffect {
    pub parameter: usize,
    pub covariate: String,
    pub form: CovariateForm,
}

#[derive(Debug, Clone)]
pub(crate) struct Residual {
    pub output: usize,
    pub proportional: f64,
    pub additive: f64,
    pub log: bool,
}

impl Model {
    /// Identifier of the description.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Parameters in the order in which values are given to the engine.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// States in order: compartments, turnover responses, effect sites.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// Predicted quantities in order.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// Typical values in the order of `parameters`.
    pub fn typical(&self) -> Vec<f64> {
        self.parameters
            .iter()
            .map(|parameter| parameter.typical)
            .collect()
    }

    /// Position of a parameter.
    pub fn parameter(&self, name: &str) -> Option<usize> {
        self.parameters
            .iter()
            .position(|parameter| parameter.name == name)
    }

    /// Position of a state.
    pub fn state(&self, name: &str) -> Option<usize> {
        self.states.iter().position(|state| state.name == name)
    }

    /// Position of an output.
    pub fn output(&self, name: &str) -> Option<usize> {
        self.outputs.iter().position(|output| output.name == name)
    }

    /// Whether anything varies between people, occasions, servings, or with what is not known.
    pub fn has_spread(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// Whether measurements scatter around predictions.
    pub fn has_residual(&self) -> bool {
        !self.residuals.is_empty()
    }

    /// Whether something appears without a dose: production, or amounts at time zero.
    pub(crate) fn has_production(&self) -> bool {
        self.states.iter().any(|state| state.initial.is_some()) || self.has_source()
    }

    /// Whether something is made at a constant rate.
    pub(crate) fn has_source(&self) -> bool {
        let mut flows = self.flows.iter();
        flows.any(|flow| matches!(flow.rate, FlowRate::ZeroOrder(_)))
    }

    /// Whether a rate depends on the time since the subject's zero.
    pub(crate) fn depends_on_time(&self) -> bool {
        let mut modifiers = self.flows.iter().flat_map(|flow| &flow.modifiers);
        modifiers.any(|modifier| matches!(modifier, Modifier::Fading(_)))
    }

    /// Whether every flow is first-order or zero-order and none is modified: then there is a closed
    /// form.
    pub fn is_linear(&self) -> bool {
        self.flows.iter().all(Flow::is_linear)
    }
}
