//! What moves between states: flows, turnover, effect sites, and what modifies them.

use super::place::{Place, flow_place, site_place, turnover_place};
use super::{Compiler, Flow, FlowRate, Modifier, Rule, Term};
use ketum_core::model::{self as described, Driver, RateLaw, Ratio};

impl Compiler<'_> {
    pub(super) fn flows(&self) -> Vec<Flow> {
        let mut flows = Vec::new();
        for (index, flow) in self.description.flow.iter().enumerate() {
            flows.extend(self.flow(&flow_place(index), flow));
        }
        for (index, t) in self.description.turnover.iter().enumerate() {
            self.turnover(&turnover_place(index, t), t, &mut flows);
        }
        for (index, e) in self.description.effect_site.iter().enumerate() {
            self.effect_site(&site_place(index, e), e, &mut flows);
        }
        flows
    }

    pub(super) fn flow(&self, place: &Place, flow: &described::Flow) -> Option<Flow> {
        let state = |key, name: &Option<String>| {
            name.as_ref().map(|name| self.state(&place.then(key), name))
        };
        let (from, to) = (state("from", &flow.from), state("to", &flow.to));
        let at = place.then("rate");
        let rate = match &flow.rate {
            RateLaw::FirstOrder(rate) => {
                FlowRate::FirstOrder(self.rate(&at.then("first_order"), rate))
            }
            RateLaw::MichaelisMenten { vmax, km, volume } => {
                let at = at.then("michaelis_menten");
                FlowRate::MichaelisMenten {
                    vmax: self.guarded("vmax of", &at.then("vmax"), vmax, Rule::NotNegative),
                    km: self.guarded("km of", &at.then("km"), km, Rule::AboveZero),
                    volume: self.volume(&at.then("volume"), volume),
                }
            }
            RateLaw::ZeroOrder(rate) => {
                FlowRate::ZeroOrder(self.rate(&at.then("zero_order"), rate))
            }
        };
        let yield_ = match &flow.yield_ {
            Some(ratio) => self.guarded(
                "the yield of",
                &place.then("yield"),
                ratio,
                Rule::NotNegative,
            ),
            None => Term::number(1.0),
        };
        let modifiers = self.modifiers(&place.then("modifier"), &flow.modifier);
        let wrong = match (&rate, from, to) {
            (_, None, None) => Some("it has neither 'from' nor 'to'"),
            (FlowRate::ZeroOrder(_), Some(_), _) => {
                Some("a zero-order flow has no 'from': a constant rate would empty it below zero")
            }
            (FlowRate::ZeroOrder(_), None, _) | (_, Some(_), _) => None,
            (_, None, _) => Some("its rate depends on an amount, so it needs 'from'"),
        };
        if let Some(why) = wrong {
            self.shape(place, why);
            return None;
        }
        Some(Flow {
            from,
            to,
            rate,
            yield_,
            drains: flow.drains,
            modifiers,
        })
    }

    pub(super) fn turnover(&self, place: &Place, t: &described::Turnover, flows: &mut Vec<Flow>) {
        let state = self.state(&place.then("name"), &t.name);
        let kout = self.guarded("kout of", &place.then("kout"), &t.kout, Rule::NotNegative);
        // The baseline was checked where the state was made.
        let mut kin = self.quiet_term(&t.baseline);
        kin.factor *= kout.factor;
        kin.times.extend(&kout.times);
        kin.over.extend(&kout.over);
        flows.push(Flow {
            from: None,
            to: Some(state),
            rate: FlowRate::ZeroOrder(kin),
            yield_: Term::number(1.0),
            drains: true,
            modifiers: self.modifiers(&place.then("on_production"), &t.on_production),
        });
        flows.push(Flow {
            from: Some(state),
            to: None,
            rate: FlowRate::FirstOrder(kout),
            yield_: Term::number(1.0),
            drains: true,
            modifiers: self.modifiers(&place.then("on_loss"), &t.on_loss),
        });
    }

    pub(super) fn effect_site(
        &self,
        place: &Place,
        e: &described::EffectSite,
        flows: &mut Vec<Flow>,
    ) {
        let state = self.state(&place.then("name"), &e.name);
        let ke0 = self.guarded("ke0 of", &place.then("ke0"), &e.ke0, Rule::NotNegative);
        let (from, volume) = self.driver(&place.then("follows"), &e.follows);
        let first_order = |from, to, drains, yield_| Flow {
            from: Some(from),
            to,
            rate: FlowRate::FirstOrder(ke0.clone()),
            yield_,
            drains,
            modifiers: Vec::new(),
        };
        let per_volume = Term {
            factor: 1.0 / volume.factor,
            times: volume.over.clone(),
            over: volume.times.clone(),
        };
        flows.push(first_order(from, Some(state), false, per_volume));
        flows.push(first_order(state, None, true, Term::number(1.0)));
    }

    pub(super) fn modifiers(&self, place: &Place, list: &[described::Modifier]) -> Vec<Modifier> {
        let saturable = |at: &Place,
                         by: &Driver,
                         max: (&str, &'static str, &Ratio, Rule),
                         half: (&str, &'static str, &Ratio),
                         hill: &Option<Ratio>,
                         sign| {
            let (state, volume) = self.driver(&at.then("by"), by);
            Modifier::Saturable {
                state,
                volume,
                max: self.guarded(max.0, &at.then(max.1), max.2, max.3),
                half: self.guarded(half.0, &at.then(half.1), half.2, Rule::AboveZero),
                hill: hill
                    .as_ref()
                    .map(|h| self.guarded("hill of", &at.then("hill"), h, Rule::AboveZero)),
                sign,
            }
        };
        list.iter()
            .enumerate()
            .map(|(index, modifier)| match modifier {
                described::Modifier::Inhibited {
                    by,
                    imax,
                    ic50,
                    hill,
                } => {
                    let at = place.at(index).then("inhibited");
                    let max = ("imax of", "imax", imax, Rule::Share);
                    saturable(&at, by, max, ("ic50 of", "ic50", ic50), hill, -1.0)
                }
                described::Modifier::Stimulated {
                    by,
                    emax,
                    ec50,
                    hill,
                } => {
                    let at = place.at(index).then("stimulated");
                    let max = ("emax of", "emax", emax, Rule::NotReversing);
                    saturable(&at, by, max, ("ec50 of", "ec50", ec50), hill, 1.0)
                }
                described::Modifier::Fading { rate } => {
                    let at = place.at(index).then("fading").then("rate");
                    let what = "the rate of fading of";
                    Modifier::Fading(self.guarded(what, &at, rate, Rule::NotNegative))
                }
            })
            .collect()
    }

    pub(super) fn driver(&self, place: &Place, driver: &Driver) -> (usize, Term) {
        let volume = match &driver.volume {
            Some(ratio) => self.volume(&place.then("volume"), ratio),
            None => Term::number(1.0),
        };
        (
            self.state(&place.then("compartment"), &driver.compartment),
            volume,
        )
    }
}
