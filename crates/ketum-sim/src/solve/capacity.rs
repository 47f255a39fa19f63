//! Whether saturable elimination can keep up with a repeated dose: a bound that needs no simulation.
//!
//! What is dosed spreads by first-order flows over some states. Where these flows lose nothing and
//! all ways out of those states are saturable, no more can leave than the largest rates together.

use crate::error::SolveFault;
use crate::model::{Flow, FlowRate, Model, Modifier};

/// # Errors
/// `Saturated` where the mean input into `state` is not below all that can leave. Where something can
/// leave in proportion to the amount there is no bound and no error.
pub(super) fn below_capacity(
    model: &Model,
    parameters: &[f64],
    state: usize,
    dosed: f64,
) -> Result<(), SolveFault> {
    let mut inside = vec![false; model.states.len()];
    inside[state] = true;
    let drains = |flow: &&Flow| flow.drains && flow.from.is_some();
    let first_order = |flow: &Flow| match &flow.rate {
        FlowRate::FirstOrder(rate) => rate.value(parameters) > 0.0,
        FlowRate::MichaelisMenten { .. } | FlowRate::ZeroOrder(_) => false,
    };
    // As many rounds as there are states reach all there is to reach.
    for _ in 0..model.states.len() {
        for flow in model.flows.iter().filter(drains) {
            if let (Some(from), Some(to)) = (flow.from, flow.to)
                && inside[from]
                && first_order(flow)
            {
                inside[to] = true;
            }
        }
    }
    let within = |state: Option<usize>| state.is_some_and(|state| inside[state]);
    let mut largest = 0.0;
    for flow in model.flows.iter().filter(drains).filter(|f| within(f.from)) {
        if first_order(flow) && (flow.to.is_none() || flow.yield_.value(parameters) < 1.0) {
            return Ok(());
        }
        if let FlowRate::MichaelisMenten { vmax, .. } = &flow.rate {
            largest += vmax.value(parameters) * strongest(flow, parameters);
        }
    }
    let made = model.flows.iter().map(|flow| match &flow.rate {
        FlowRate::ZeroOrder(rate) if flow.modifiers.is_empty() && within(flow.to) => {
            rate.value(parameters) * flow.yield_.value(parameters)
        }
        _ => 0.0,
    });
    let input = dosed + made.sum::<f64>();
    if input > 0.0 && input >= largest {
        return Err(SolveFault::Saturated { input, largest });
    }
    Ok(())
}

/// Largest factor that modifiers can put on a flow.
fn strongest(flow: &Flow, parameters: &[f64]) -> f64 {
    let each = flow.modifiers.iter().map(|modifier| match modifier {
        Modifier::Saturable { max, sign, .. } => 1.0 + (sign * max.value(parameters)).max(0.0),
        Modifier::Fading(_) => 1.0,
    });
    each.product()
}
