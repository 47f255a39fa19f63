//! Structure of a model: compartments, flows, turnover, effect sites, outputs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place that holds an amount.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compartment {
    /// Name used by flows, doses and outputs.
    pub name: String,
    /// Unit of the amount, for example `mg`.
    pub unit: String,
    /// Amount at time zero; zero when absent.
    #[serde(default)]
    pub initial: Option<Ratio>,
    /// Hours between a dose record and the arrival of the dose (ALAG).
    #[serde(default)]
    pub lag: Option<Ratio>,
    /// Part of a dose that arrives (F); one when absent.
    #[serde(default)]
    pub bioavailability: Option<Ratio>,
    /// Rate of doses whose rate is modelled (RATE −1), amount per hour.
    #[serde(default)]
    pub dose_rate: Option<Ratio>,
    /// Duration of doses whose duration is modelled (RATE −2), hours.
    #[serde(default)]
    pub dose_duration: Option<Ratio>,
}

/// A product of parameters over a product of parameters, times a plain number:
/// `factor · times[0] · times[1] … / (over[0] · over[1] …)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// A plain number in front.
    #[serde(default = "one")]
    pub factor: f64,
    /// Parameters multiplied.
    #[serde(default)]
    pub times: Vec<String>,
    /// Parameters divided by.
    #[serde(default)]
    pub over: Vec<String>,
}

fn one() -> f64 {
    1.0
}

impl Ratio {
    /// `times… / over…` by name.
    pub fn new(times: &[&str], over: &[&str]) -> Self {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        Self {
            factor: 1.0,
            times: names(times),
            over: names(over),
        }
    }

    /// A single parameter.
    pub fn parameter(name: &str) -> Self {
        Self::new(&[name], &[])
    }

    /// A plain number.
    pub fn number(factor: f64) -> Self {
        Self {
            factor,
            times: Vec::new(),
            over: Vec::new(),
        }
    }
}

/// Something that moves. Without `from` it appears, without `to` it leaves the body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Compartment the rate is worked out from.
    #[serde(default)]
    pub from: Option<String>,
    /// Compartment it arrives in.
    #[serde(default)]
    pub to: Option<String>,
    /// How fast.
    pub rate: RateLaw,
    /// Amount arriving per amount leaving (a fraction, or a ratio of molar masses); one when absent.
    #[serde(default, rename = "yield")]
    pub yield_: Option<Ratio>,
    /// Whether the flow empties `from`. `false` for formation that is counted elsewhere: a
    /// metabolite formed from what a clearance already removes, a link to an effect site.
    #[serde(default = "yes")]
    pub drains: bool,
    /// What speeds the flow up or slows it down.
    #[serde(default)]
    pub modifier: Vec<Modifier>,
}

fn yes() -> bool {
    true
}

impl Flow {
    /// First-order flow with rate constant `times/over`, 1/h.
    pub fn first_order(from: &str, to: Option<&str>, rate: Ratio) -> Self {
        Self {
            from: Some(from.to_owned()),
            to: to.map(str::to_owned),
            rate: RateLaw::FirstOrder(rate),
            yield_: None,
            drains: true,
            modifier: Vec::new(),
        }
    }

    /// Formation at a first-order rate of `from` that does not empty it.
    pub fn formation(from: &str, to: &str, rate: Ratio) -> Self {
        Self {
            drains: false,
            ..Self::first_order(from, Some(to), rate)
        }
    }
}

/// How fast a flow is, in amount per hour. `A` is the amount in `from`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum RateLaw {
    /// `k · A` with `k` in 1/h, for example `{ times = ["cl"], over = ["vc"] }`.
    FirstOrder(Ratio),
    /// `vmax · c / (km + c)` with `c = A / volume`.
    MichaelisMenten {
        /// Largest rate, amount per hour.
        vmax: Ratio,
        /// Concentration of half the largest rate.
        km: Ratio,
        /// Volume that turns the amount into a concentration.
        volume: Ratio,
    },
    /// A constant rate, amount per hour.
    ZeroOrder(Ratio),
}

/// What a flow's modifier reads: `factor · amount / volume`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Driver {
    /// Compartment read.
    pub compartment: String,
    /// Volume that turns its amount into a concentration; the amount itself when absent.
    #[serde(default)]
    pub volume: Option<Ratio>,
}

/// A factor on a flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Modifier {
    /// `1 − imax · c^hill / (ic50^hill + c^hill)`.
    Inhibited {
        /// What inhibits.
        by: Driver,
        /// Largest inhibition, 0 to 1.
        imax: Ratio,
        /// Concentration of half the largest inhibition.
        ic50: Ratio,
        /// Steepness; one when absent.
        #[serde(default)]
        hill: Option<Ratio>,
    },
    /// `1 + emax · c^hill / (ec50^hill + c^hill)`.
    Stimulated {
        /// What stimulates.
        by: Driver,
        /// Largest stimulation.
        emax: Ratio,
        /// Concentration of half the largest stimulation.
        ec50: Ratio,
        /// Steepness; one when absent.
        #[serde(default)]
        hill: Option<Ratio>,
    },
    /// `exp(−rate · t)` with `t` in hours since the subject's zero: resistance, decay of a source.
    Fading {
        /// Rate of fading, 1/h.
        rate: Ratio,
    },
}

/// An indirect-response state: made at a constant rate, lost first-order, `dR/dt = kin − kout·R`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Turnover {
    /// Name of the state.
    pub name: String,
    /// Unit of the response.
    pub unit: String,
    /// Value without drug; the state starts here and `kin = kout · baseline`.
    pub baseline: Ratio,
    /// Loss, 1/h.
    pub kout: Ratio,
    /// What changes production.
    #[serde(default)]
    pub on_production: Vec<Modifier>,
    /// What changes loss.
    #[serde(default)]
    pub on_loss: Vec<Modifier>,
}

/// A hypothetical effect compartment: `dCe/dt = ke0 · (C − Ce)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectSite {
    /// Name of the state.
    pub name: String,
    /// Unit of its concentration.
    pub unit: String,
    /// The concentration it follows.
    pub follows: Driver,
    /// Equilibration, 1/h.
    pub ke0: Ratio,
}

/// A predicted quantity: `scale · amount / over`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Name of the column.
    pub name: String,
    /// Unit of the predicted quantity.
    pub unit: String,
    /// State it is read from.
    pub compartment: String,
    /// What turns the amount into the quantity, for example `{ factor = 1000, over = ["vc"] }`.
    #[serde(default)]
    pub scale: Option<Ratio>,
}
