//! The gut-only CYP3A model, anchored to the human midazolam trial: the expected ratio of a swallowed
//! victim, with its interval, for leaf tea taken once or on a schedule.
//!
//! Equations: `clinic::interaction::gut_anchor` and `gut_recursion`. Hypothesis throughout: the trial
//! located the effect in the gut, but no other victim, amount, time or repeated dose was ever tested.
//! Knows no words and no rules.

use ketum_core::drug::{Drug, Enzyme, EnzymeRole, NumberKind, Route, Strength};
use ketum_core::evidence::AppliesTo;
use ketum_core::form::Form;
use ketum_data::catalogue::Catalogue;
use ketum_sim::math::pow;

use super::constants::{assumption, of_claim, value};
use super::turnover::{self, Turnover};
use super::{Product, Ratio};
use crate::clinic::interaction::gut_anchor::{activity_left, aucr};
use crate::clinic::interaction::gut_recursion::{recovered, steady_state};

/// Multiple of the studied amount above which no number is given.
const LARGEST_MULTIPLE: f64 = 2.0;
/// The victim the trial measured.
const INDEX: &str = "midazolam";
/// An amount within this share of the studied one counts as studied.
const STUDIED_WITHIN: f64 = 0.25;
/// A medicine taken this long before a kratom dose still meets that dose in the gut, h.
const ABSORPTION_H: f64 = 1.0;
/// Days after which a daily schedule has long reached its steady pattern: the gut enzyme renews in about one.
const SETTLED_DAYS: usize = 30;
const MINUTES: f64 = 60.0;

/// Why no number is given for a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// 7-OH and semi-synthetic products were never tested.
    OtherAlkaloid,
    /// Extracts and shots were never tested.
    Extract,
    /// More than twice the amount that was tested.
    LargeAmount,
}

impl Outside {
    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::OtherAlkaloid => {
                "7-OH and semi-synthetic products are outside: only leaf tea low in 7-OH was tested"
            }
            Self::Extract => "extracts and shots are outside: only leaf tea was tested",
            Self::LargeAmount => {
                "the amount is outside: more than twice that of the one dose that was tested"
            }
        }
    }
}

/// The trial, read as gut enzyme left after one dose of the studied tea.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// Enzyme left: central, and the two ends of its interval.
    pub left: [f64; 3],
    /// Share of the index victim that escapes the gut wall, as the trial was read.
    pub index_fg: f64,
    /// Mitragynine of the studied dose, mg.
    pub reference_mg: f64,
    /// Renewal of the gut enzyme, 1/min.
    pub kdeg_per_min: f64,
}

/// What the model gives for one victim.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// The ratio.
    pub ratio: Ratio,
    /// How it was worked out.
    pub method: String,
    /// What was assumed because it was not given.
    pub missing: Vec<String>,
}

impl Anchor {
    /// Reads the trial; absent where the catalogue lacks one of its numbers.
    #[must_use]
    pub fn of(catalogue: &Catalogue) -> Option<Self> {
        let trial = of_claim(catalogue, "combinations-midazolam-auc")?;
        let fg = assumption(catalogue, "interaction-midazolam-fg")?;
        let midazolam = catalogue.drugs.get(INDEX);
        let mut listed = midazolam.map(fg_values).unwrap_or_default();
        listed.push(fg);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for observed in [trial.low?, trial.high?] {
            for fg in &listed {
                let left = activity_left(observed, *fg).clamp(0.0, 1.0);
                low = low.min(left);
                high = high.max(left);
            }
        }
        let left = [activity_left(trial.value?, fg).clamp(0.0, 1.0), low, high];
        Some(Self {
            left,
            index_fg: fg,
            reference_mg: assumption(catalogue, "interaction-reference-mitragynine")?,
            kdeg_per_min: value(catalogue, "interactions-gut-enzyme-recovery")? / MINUTES,
        })
    }

    /// Whether the product is what the trial gave, as far as is known: one dose of tea of about 2 g of leaf.
    #[must_use]
    pub fn as_studied(&self, product: &Product) -> bool {
        let once = product.times.is_empty() && product.every_h.is_none();
        let tea = product.form.is_none_or(|form| form == Form::LeafTea);
        let near = self
            .multiple(product)
            .is_ok_and(|multiple| (multiple - 1.0).abs() <= STUDIED_WITHIN);
        once && tea && near
    }

    /// The dynamic model, where it can say more than the trial: a schedule, or another amount.
    #[must_use]
    pub fn turnover(&self, catalogue: &Catalogue, product: &Product) -> Option<Turnover> {
        let multiple = self.multiple(product).ok()?;
        let repeated = !product.times.is_empty() || product.every_h.is_some();
        let other = product
            .mitragynine_mg
            .is_some_and(|mg| mg != self.reference_mg);
        if !repeated && !other {
            return None;
        }
        Turnover::of(catalogue, &self.left, multiple, product)
    }

    /// Amount of the product over the studied amount; one where the amount is not given.
    ///
    /// # Errors
    /// Where the product is outside the domain of the model.
    pub fn multiple(&self, product: &Product) -> Result<f64, Outside> {
        match product.form.map(Form::drug_kind) {
            Some(AppliesTo::SevenOh | AppliesTo::SemiSynthetic) => {
                return Err(Outside::OtherAlkaloid);
            }
            Some(AppliesTo::Extract) => return Err(Outside::Extract),
            _ => {}
        }
        let multiple = product
            .mitragynine_mg
            .map_or(1.0, |mg| mg / self.reference_mg);
        if multiple > LARGEST_MULTIPLE {
            return Err(Outside::LargeAmount);
        }
        Ok(multiple)
    }

    /// Ratio of a victim. `at_h` is when it is taken, hours after midnight; absent: when it matters most.
    ///
    /// # Errors
    /// Where the product is outside the domain.
    pub fn predict(
        &self,
        catalogue: &Catalogue,
        product: &Product,
        turnover: Option<&Turnover>,
        victim: &Drug,
        (route, at_h): (Option<Route>, Option<f64>),
    ) -> Result<Option<Predicted>, Outside> {
        let multiple = self.multiple(product)?;
        let mut missing = Vec::new();
        if route.is_none() && victim.routes.len() > 1 {
            missing.push(format!("route of {}", victim.name));
        }
        let oral = route.map_or_else(
            || victim.routes.is_empty() || victim.routes.contains(&Route::Oral),
            |route| route == Route::Oral,
        );
        if !oral {
            let one = Some(1.0);
            return Ok(Some(Predicted {
                ratio: Ratio {
                    value: one,
                    low: one,
                    high: one,
                    measured: false,
                },
                method:
                    "gut-only model: a medicine that is not swallowed does not pass the gut wall"
                        .to_owned(),
                missing,
            }));
        }
        if product.mitragynine_mg.is_none() {
            missing.push("amount of kratom; worked out for tea of 2 g of leaf".to_owned());
        }
        if product.form != Some(Form::LeafTea) {
            missing.push("the form; only tea was tested".to_owned());
        }
        let mut fg = fg_values(victim);
        fg.sort_by(f64::total_cmp);
        // Without a share that escapes the gut wall, a strong inhibitor's ratio bounds it from below.
        let bound = || strong_inhibitor_ratio(catalogue, victim).map(|ratio| 1.0 / ratio);
        let (central, ends) = match (fg.first(), fg.last()) {
            // The index victim is read as the trial was; any other by the middle of what is listed.
            (Some(low), Some(high)) if victim.id.as_str() == INDEX => (
                Some(self.index_fg),
                [low.min(self.index_fg), high.max(self.index_fg)],
            ),
            (Some(low), Some(high)) => (Some(fg[fg.len() / 2]), [*low, *high]),
            _ => match bound() {
                Some(least) => (None, [least, 1.0]),
                None => return Ok(None),
            },
        };
        let timing = Timing { product, at_h };
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut note = |left: f64| {
            for fg in ends {
                let ratio = aucr(left, fg);
                low = low.min(ratio);
                high = high.max(ratio);
            }
        };
        for (index, x) in self.left.iter().enumerate() {
            // How the effect grows with the amount is not known: in proportion to contact, or not at all.
            for x in [*x, pow(*x, multiple)] {
                note(timing.left(x, self.kdeg_per_min));
            }
            if let Some(left) = turnover.and_then(|turnover| turnover.left(index, at_h)) {
                note(left);
            }
        }
        let x = pow(self.left[0], multiple);
        let left = timing.left(x, self.kdeg_per_min);
        let value = central.map(|fg| aucr(left, fg));
        Ok(Some(Predicted {
            ratio: Ratio {
                value,
                low: Some(low),
                high: Some(high),
                measured: false,
            },
            method: method(central, ends, left, turnover.is_some()),
            missing,
        }))
    }
}

fn method(central: Option<f64>, ends: [f64; 2], left: f64, turnover: bool) -> String {
    let fg = match central {
        Some(fg) => format!("share escaping the gut wall {fg}"),
        None => format!(
            "share escaping the gut wall not known, at least {:.2} by the ratio with a strong inhibitor",
            ends[0]
        ),
    };
    let more = if turnover {
        "; the interval also spans a model with enzyme turnover"
    } else {
        ""
    };
    format!(
        "gut-only model anchored to the midazolam trial: {fg}, gut enzyme left {left:.3}; the interval spans the trial's, other readings of it and of the amount{more}"
    )
}

/// When kratom and the medicine are taken.
struct Timing<'a> {
    product: &'a Product,
    at_h: Option<f64>,
}

impl Timing<'_> {
    /// Gut enzyme when the medicine passes, one dose leaving the share `x`.
    fn left(&self, x: f64, kdeg: f64) -> f64 {
        if let Some(every_h) = self.product.every_h {
            let around = steady_state(x, kdeg, every_h * MINUTES);
            return around.after;
        }
        let doses = turnover::sorted(&self.product.times);
        let Some((first, last)) = doses.first().zip(doses.last()) else {
            return x;
        };
        let mut after = vec![1.0; doses.len()];
        let mut held = 1.0;
        for _ in 0..SETTLED_DAYS {
            for (index, time) in doses.iter().enumerate() {
                let gap = if index == 0 {
                    24.0 - last + first
                } else {
                    time - doses[index - 1]
                };
                let before = recovered(held, kdeg, gap * MINUTES);
                held = x * before;
                after[index] = held;
            }
        }
        let least = after.iter().copied().fold(f64::INFINITY, f64::min);
        let Some(at) = self.at_h else {
            return least;
        };
        let hours_to = |dose: f64| (dose - at).rem_euclid(24.0);
        let next =
            (0..doses.len()).min_by(|a, b| hours_to(doses[*a]).total_cmp(&hours_to(doses[*b])));
        let Some(next) = next else {
            return least;
        };
        if hours_to(doses[next]) <= ABSORPTION_H {
            return after[next];
        }
        let previous = (next + doses.len() - 1) % doses.len();
        let since = (at - doses[previous]).rem_euclid(24.0);
        recovered(after[previous], kdeg, since * MINUTES)
    }
}

/// Shares of a drug that escape CYP3A of the gut wall, as listed with a source.
fn fg_values(drug: &Drug) -> Vec<f64> {
    drug.number
        .iter()
        .filter(|row| row.kind == NumberKind::Fg && row.enzyme == Some(Enzyme::Cyp3a))
        .filter_map(|row| row.amount.value)
        .filter(|fg| *fg > 0.0 && *fg <= 1.0)
        .collect()
}

/// Largest ratio of a swallowed victim with a strong CYP3A inhibitor, which blocks gut and liver: the
/// gut alone cannot do more.
fn strong_inhibitor_ratio(catalogue: &Catalogue, victim: &Drug) -> Option<f64> {
    let strong = |id: &ketum_core::id::DrugId| {
        catalogue.drugs.get(id).is_some_and(|drug| {
            drug.on(Enzyme::Cyp3a, EnzymeRole::Inhibitor)
                .any(|row| row.strength == Strength::Strong)
        })
    };
    victim
        .number
        .iter()
        .filter(|row| row.kind == NumberKind::AucRatio)
        .filter(|row| row.route.is_none_or(|route| route == Route::Oral))
        .filter(|row| row.with.as_ref().is_some_and(strong))
        .filter_map(|row| row.amount.value)
        .filter(|ratio| *ratio >= 1.0)
        .max_by(f64::total_cmp)
}
