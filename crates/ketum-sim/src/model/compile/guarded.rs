//! Products that have to be positive, a share, or at least a number: what no draw can mend is a fault
//! of the model.

use super::place::{Place, called};
use super::{Compiler, Guard, Model, Rule, Term};
use crate::model::guards::written;
use ketum_core::model::{CovariateForm, Distribution, Ratio};

impl Compiler<'_> {
    /// A product with a rule; `what` is how it is called before its place.
    pub(super) fn guarded(&self, what: &str, place: &Place, ratio: &Ratio, rule: Rule) -> Term {
        let term = self.term(place, ratio);
        let place = called(what, place);
        let what = format!("{} ({})", place.label, written(ratio));
        let guard = Guard {
            what,
            term: term.clone(),
            rule,
        };
        self.guards.borrow_mut().push((place, guard));
        term
    }

    pub(super) fn rate(&self, place: &Place, ratio: &Ratio) -> Term {
        self.guarded("the rate of", place, ratio, Rule::NotNegative)
    }

    pub(super) fn volume(&self, place: &Place, ratio: &Ratio) -> Term {
        self.guarded("the volume of", place, ratio, Rule::AboveZero)
    }

    /// The rules of a model, after those that nobody's parameters keep were reported.
    pub(super) fn guards(&self, model: &Model) -> Vec<Guard> {
        // Where a name is missing a product has a stand-in in it and no value.
        let complete = self.problems.borrow().is_empty();
        let typical = model.typical();
        let guards = self.guards.take();
        for (place, guard) in &guards {
            let (term, rule) = (&guard.term, guard.rule);
            if !term.factor.is_finite() {
                continue;
            }
            let place = Place {
                label: guard.what.clone(),
                path: place.path.clone(),
            };
            let plain = term.times.is_empty() && term.over.is_empty();
            if !rule.allows_factor(term.factor) || (plain && !rule.holds(term.factor)) {
                self.number(&place.then("factor"), term.factor, rule.words());
                continue;
            }
            let settled = |&p: &usize| self.settled(model, p, rule);
            let all = term.times.iter().chain(&term.over).all(settled);
            if !(complete && all) {
                continue;
            }
            if let Some((label, value, rule)) = guard.broken(&typical, &model.parameters) {
                let path = place.path;
                self.number(&Place { label, path }, value, rule);
            }
        }
        guards.into_iter().map(|(_, guard)| guard).collect()
    }

    /// Whether a parameter has for everybody the sign that it has for the typical person; for a rule
    /// with bounds, the same value.
    fn settled(&self, model: &Model, parameter: usize, rule: Rule) -> bool {
        let moved = (model.covariate_effects.iter()).any(|effect| effect.parameter == parameter);
        let varies = (model.blocks.iter()).any(|block| block.parameters.contains(&parameter));
        let keeps_sign = model.parameters[parameter].distribution != Distribution::Normal
            && !matches!(rule, Rule::Share | Rule::NotReversing);
        !moved && (!varies || keeps_sign)
    }

    /// Numbers of a covariate's effect.
    pub(super) fn form(&self, place: &Place, form: &CovariateForm) {
        let numbers: [(&'static str, &'static str, f64); 2] = match *form {
            CovariateForm::Power {
                reference,
                exponent,
            } => {
                let at = place.then("power").then("reference");
                if reference.is_finite() && !(reference > 0.0) {
                    self.number(
                        &called("the reference of the", &at),
                        reference,
                        "above zero: the covariate is divided by it",
                    );
                }
                [
                    ("power", "reference", reference),
                    ("power", "exponent", exponent),
                ]
            }
            CovariateForm::Exponential { reference, slope } => [
                ("exponential", "reference", reference),
                ("exponential", "slope", slope),
            ],
            CovariateForm::Linear { reference, slope } => [
                ("linear", "reference", reference),
                ("linear", "slope", slope),
            ],
            CovariateForm::Category { value, factor } => {
                [("category", "value", value), ("category", "factor", factor)]
            }
            CovariateForm::Replaces => return,
        };
        for (form, key, value) in numbers {
            let at = place.then(form).then(key);
            self.finite(&called("a number of the", &at), value);
        }
    }
}
