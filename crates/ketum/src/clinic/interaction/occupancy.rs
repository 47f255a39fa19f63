//! Receptor occupancy by several ligands, and the operational effect of what they occupy. Knows
//! competition at equilibrium and the form of Black and Leff; does not know any constants or any effect
//! in a person.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, Range, missing};
use crate::clinic::math::pow;
use crate::clinic::text::plain_number;

const FACTS: FactFile = FactFile("occupancy");

/// Occupancy of each ligand from its unbound concentration over its K.
#[must_use]
pub fn occupancy(over_k: &[f64]) -> Vec<f64> {
    let sum: f64 = 1.0 + over_k.iter().sum::<f64>();
    over_k.iter().map(|ratio| ratio / sum).collect()
}

/// Operational effect as a share of the system's maximum: stimulus S, slope n.
#[must_use]
pub fn operational(stimulus: f64, n: f64) -> f64 {
    // 1/(1 + S^-n) is S^n/(1 + S^n) without the overflow.
    if stimulus <= 0.0 {
        0.0
    } else {
        1.0 / (1.0 + pow(stimulus, -n))
    }
}

const RATIO: Range = Range::of(0.0, 1e9);

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "occupancy",
    title: "Receptor occupancy, and operational effect",
    about: "Share of receptors each of several competing ligands occupies; with efficacies, the effect they add up to.",
    formula: "occ_i = (C_i/K_i)/(1 + sum C_j/K_j); S = sum tau_i occ_i; E/Em = S^n/(1 + S^n)",
    inputs: &[
        Input::of(
            "C/K",
            Kind::Numbers(RATIO),
            "unbound concentration over K, one number a ligand",
        )
        .also(&["C_over_K"])
        .optional("C_u and K must be given"),
        Input::of(
            "C_u",
            Kind::Numbers(RATIO),
            "unbound concentration at the receptor, one number a ligand",
        )
        .also(&["C"])
        .optional("C/K must be given"),
        Input::of(
            "K",
            Kind::Numbers(Range::above(0.0, 1e9)),
            "dissociation constant, same unit as C_u",
        )
        .optional("C/K must be given"),
        Input::of(
            "tau",
            Kind::Numbers(RATIO),
            "operational efficacy of each ligand; 0 for an antagonist",
        )
        .optional("no effect is given"),
        Input::number(
            "n",
            "1",
            Range::above(0.0, 10.0),
            "slope of the operational model",
        )
        .optional("needed with tau"),
        Input::number("Em", "1", Range::above(0.0, 1e6), "maximum of the system")
            .optional("the effect is given as a share of the maximum"),
    ],
    domain: Domain {
        holds_for: "Competition for one site at equilibrium.",
        not_for: "an effect in a person: the concentration at the receptor in the brain is not known for any kratom alkaloid.",
    },
    example: r#"{"C/K":[1,1]}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, _facts: &Facts) -> Result<Answer, Fail> {
    let over_k: Vec<f64> = match (
        inputs.numbers("C/K"),
        inputs.numbers("C_u"),
        inputs.numbers("K"),
    ) {
        (Some(ratios), None, None) => ratios.to_vec(),
        (None, Some(c), Some(k)) if c.len() == k.len() => {
            c.iter().zip(k).map(|(c, k)| c / k).collect()
        }
        (None, Some(_), Some(_)) => {
            return Err(Fail::input(
                "K",
                "wrong_length",
                "C_u and K must have one number for each ligand",
            ));
        }
        (None, None, None) => return Err(Fail::input("C/K", "missing", "give C/K, or C_u and K")),
        (None, Some(_), None) => return Err(missing("K", "C_u was given")),
        (None, None, Some(_)) => return Err(missing("C_u", "K was given")),
        (Some(_), _, _) => {
            return Err(Fail::input(
                "C/K",
                "given_twice",
                "give C/K, or C_u and K, not both",
            ));
        }
    };
    let occupied = occupancy(&over_k);
    let total: f64 = occupied.iter().sum();
    let list = |numbers: &[f64]| {
        numbers
            .iter()
            .map(|number| plain_number(*number))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut answer = Answer::default()
        .numbers(
            "occ",
            occupied.clone(),
            "1",
            4,
            "share of receptors each ligand occupies",
        )
        .number("occ_total", total, "1", 4, "share occupied in all")
        .step(format!(
            "C/K: {}; divided by 1 + their sum: {}",
            list(&over_k),
            list(&occupied)
        ))
        .say(
            "Occupancy is not effect: a partial agonist and an antagonist can hold the same share.",
        );
    match (inputs.numbers("tau"), inputs.number("n")) {
        (Some(tau), Some(n)) => {
            if tau.len() != occupied.len() {
                return Err(Fail::input(
                    "tau",
                    "wrong_length",
                    "tau must have one number for each ligand",
                ));
            }
            let stimulus: f64 = tau.iter().zip(&occupied).map(|(tau, occ)| tau * occ).sum();
            let share = operational(stimulus, n);
            let maximum = inputs.number("Em").unwrap_or(1.0);
            answer = answer
                .number(
                    "S",
                    stimulus,
                    "1",
                    4,
                    "stimulus, sum of efficacy times occupancy",
                )
                .number(
                    "E",
                    share * maximum,
                    "1",
                    4,
                    "effect, as a share of the maximum unless Em was given",
                )
                .step(format!(
                    "S = {}; E = {} of the maximum",
                    plain_number(stimulus),
                    plain_number(share)
                ));
        }
        (Some(_), None) => return Err(missing("n", "tau was given")),
        (None, Some(_)) => return Err(missing("tau", "n was given")),
        (None, None) => answer = answer.lacks("tau and n: no effect is given"),
    }
    Ok(answer.warn("A model number, not an effect in a person. No ceiling of breathing depression is known for people."))
}
