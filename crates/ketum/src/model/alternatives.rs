//! Other structures than the accepted one, each the accepted template with one thing changed, so that a
//! comparison on the same numbers says what that thing is worth.
//!
//! Two of them stand for a mechanism in its quasi-steady form; `enzyme-turnover` solves the mechanism:
//! CYP3A in gut wall and liver is made at a constant rate, lost at its natural rate and faster while
//! mitragynine is there, `dE/dt = kdeg (1 − E) − kinact C / (KI + C) E` (Mayhew, Jones and Hall 2000,
//! the equation of regulators' guidance on time-dependent inhibition).

use ketum_core::model::{
    Compartment, Distribution, Driver, Flow, ModelDescription, Modifier, Parameter, RateLaw, Ratio,
    Turnover,
};

use super::ModelError;
use super::template::{DoseEffect, DoseShape, Prior, Template};

/// The names.
pub const ALTERNATIVES: [&str; 5] = [
    "repeated-loss",
    "giving-first-pass",
    "second-absorption",
    "third-compartment",
    "enzyme-turnover",
];

/// The accepted template with one thing changed.
///
/// # Errors
/// Where there is no alternative of this name.
pub fn alternative(name: &str) -> Result<Template, ModelError> {
    let mut template = Template::kratom()?;
    match name {
        "repeated-loss" => repeated_loss(&mut template),
        "giving-first-pass" => giving_first_pass(&mut template),
        "second-absorption" => second_absorption(&mut template),
        "third-compartment" => third_compartment(&mut template),
        "enzyme-turnover" => enzyme_turnover(&mut template),
        _ => {
            return Err(ModelError::Engine {
                model: name.to_owned(),
                why: format!("alternatives are {}", ALTERNATIVES.join(", ")),
            });
        }
    }
    template.file.model.id = format!("kratom-{name}");
    template.file.summary.en = format!(
        "An alternative to the model in use, to be compared with it and not to be used: {name}."
    );
    Ok(template)
}

/// A fitted parameter more.
fn fitted(template: &mut Template, name: &str, unit: &str, median: f64, sd: f64, basis: &str) {
    constant(template, name, unit, median, basis);
    template.prior.push(Prior {
        parameter: name.to_owned(),
        median,
        sd,
        basis: basis.to_owned(),
    });
}

/// A parameter that is not fitted.
fn constant(template: &mut Template, name: &str, unit: &str, value: f64, basis: &str) {
    template.file.model.parameter.push(Parameter {
        name: name.to_owned(),
        unit: unit.to_owned(),
        value,
        distribution: Distribution::LogNormal,
        rse_percent: None,
        basis: Some(basis.to_owned()),
    });
}

fn compartment(name: &str) -> Compartment {
    Compartment {
        name: name.to_owned(),
        unit: "mg".to_owned(),
        initial: None,
        lag: None,
        bioavailability: None,
        dose_rate: None,
        dose_duration: None,
    }
}

/// The share of the first pass that becomes the metabolite, as in the accepted model.
fn first_pass() -> Ratio {
    Ratio::new(&["r", "ffp", "fm", "vm"], &["vmref"])
}

fn repeated_loss(template: &mut Template) {
    let basis = "clearance after repeated doses falls by exp(-loss * dose / 59.2 mg)";
    fitted(template, "loss", "ratio", 0.2, 1.0, basis);
    template.dose_effect.push(DoseEffect {
        parameter: "cl".to_owned(),
        strength: "loss".to_owned(),
        repeated_only: true,
        reference_mg: 59.2,
        shape: DoseShape::Fall,
    });
}

fn giving_first_pass(template: &mut Template) {
    let basis = "bioavailability rises as a power of the dose over 29.6 mg";
    fitted(template, "rise", "ratio", 0.1, 1.0, basis);
    template.dose_effect.push(DoseEffect {
        parameter: "frel".to_owned(),
        strength: "rise".to_owned(),
        repeated_only: false,
        reference_mg: 29.6,
        shape: DoseShape::Power,
    });
}

fn third_compartment(template: &mut Template) {
    let slow = "a slower exchange than that of the second compartment";
    fitted(template, "q3", "L/h", 10.0, 1.2, slow);
    let large = "of the order of the second compartment and larger";
    fitted(template, "v3", "L", 2000.0, 1.2, large);
    let model = &mut template.file.model;
    model.compartment.push(compartment("deep"));
    let there = Ratio::new(&["q3"], &["v1"]);
    let back = Ratio::new(&["q3"], &["v3"]);
    model
        .flow
        .push(Flow::first_order("central", Some("deep"), there));
    model
        .flow
        .push(Flow::first_order("deep", Some("central"), back));
}

fn second_absorption(template: &mut Template) {
    let part = "a part of the dose leaves the first place of absorption for a slower one";
    fitted(template, "kmove", "1/h", 0.4, 1.0, part);
    let late = "absorption from the lower gut takes hours";
    fitted(template, "klate", "1/h", 0.15, 0.8, late);
    let model = &mut template.file.model;
    model.compartment.push(compartment("late"));
    for gut in ["gut", "gut_tea"] {
        let moves = Ratio::parameter("kmove");
        model.flow.push(Flow::first_order(gut, Some("late"), moves));
    }
    let late = || Ratio::parameter("klate");
    model
        .flow
        .push(Flow::first_order("late", Some("central"), late()));
    model.flow.push(Flow {
        yield_: Some(first_pass()),
        ..Flow::formation("late", "metabolite", late())
    });
}

/// Share of the clearance that is CYP3A's while the enzyme is whole. It is the main enzyme in every
/// laboratory; the number is an assumption.
pub const CYP3A_SHARE: f64 = 0.8;
/// Share that passes the gut wall while the enzyme is whole, as midazolam's: an assumption.
const GUT_PASSES: f64 = 0.5;
/// So large that a saturable factor is a straight line.
const STRAIGHT: f64 = 1e6;

fn enzyme_turnover(template: &mut Template) {
    constant(
        template,
        "kdeg_liver",
        "1/h",
        0.0193,
        "natural loss of CYP3A4 in the liver; data/assumptions/interaction-kdeg-liver",
    );
    constant(
        template,
        "kdeg_gut",
        "1/h",
        0.03,
        "natural loss in the gut wall; claim interactions-gut-enzyme-recovery",
    );
    // 60 times the rates per minute of data/assumptions/interaction-kinact-liver and -gut.
    let fastest = "over the natural loss: fastest inactivation in microsomes, per hour";
    constant(template, "most_liver", "ratio", 4.08 / 0.0193, fastest);
    constant(template, "most_gut", "ratio", 4.74 / 0.03, fastest);
    // 4.1 uM in microsomes is 1.6 mg/L unbound; at least 85 % is bound in plasma, so 11 mg/L and more.
    let plasma = "level in plasma of half the fastest inactivation in the liver: from microsomes and binding, open over a hundredfold";
    fitted(template, "ki_liver", "mg/L", 11.0, 2.0, plasma);
    // 4.2 uM in 250 mL is 0.4 mg, which foresees far more than midazolam showed in people.
    let amount = "amount in the gut of half the fastest inactivation in its wall: ten times what microsomes give, open over a hundredfold";
    fitted(template, "ki_gut", "mg", 4.0, 2.0, amount);
    let model = &mut template.file.model;
    model.turnover.push(enzyme("cyp3a_liver", "kdeg_liver"));
    model.turnover.push(enzyme("cyp3a_gut", "kdeg_gut"));
    let lost = |by: Driver, most: &str, half: &str| Modifier::Stimulated {
        by,
        emax: Ratio::parameter(most),
        ec50: Ratio::parameter(half),
        hill: None,
    };
    let in_plasma = Driver {
        compartment: "central".to_owned(),
        volume: Some(Ratio::parameter("v1")),
    };
    model.turnover[0]
        .on_loss
        .push(lost(in_plasma, "most_liver", "ki_liver"));
    for gut in ["gut", "gut_tea"] {
        let in_gut = Driver {
            compartment: gut.to_owned(),
            volume: None,
        };
        model.turnover[1]
            .on_loss
            .push(lost(in_gut, "most_gut", "ki_gut"));
    }
    flows_by_enzyme(model);
}

fn enzyme(name: &str, kout: &str) -> Turnover {
    Turnover {
        name: name.to_owned(),
        unit: "ratio".to_owned(),
        baseline: Ratio::number(1.0),
        kout: Ratio::parameter(kout),
        on_production: Vec::new(),
        on_loss: Vec::new(),
    }
}

/// The accepted flows with the enzymes in them; all factors are one while the enzymes are whole.
fn flows_by_enzyme(model: &mut ModelDescription) {
    let read = |enzyme: &str| Driver {
        compartment: enzyme.to_owned(),
        volume: None,
    };
    // 1 + slope * E, from a saturable factor far below its saturation.
    let rises = |enzyme: &str, slope: f64| Modifier::Stimulated {
        by: read(enzyme),
        emax: Ratio::number(slope * STRAIGHT),
        ec50: Ratio::number(STRAIGHT),
        hill: None,
    };
    let kappa = GUT_PASSES / (1.0 - GUT_PASSES);
    // kappa / (kappa + E): what passes the gut wall.
    let passes = Modifier::Inhibited {
        by: read("cyp3a_gut"),
        imax: Ratio::number(1.0),
        ic50: Ratio::number(kappa),
        hill: None,
    };
    let mut flows = Vec::new();
    for mut flow in std::mem::take(&mut model.flow) {
        let from_gut = flow
            .from
            .as_deref()
            .is_some_and(|from| from.starts_with("gut"))
            && flow.from.as_deref() != Some("gut7");
        let by_central =
            flow.from.as_deref() == Some("central") && flow.to.as_deref() != Some("peripheral");
        if from_gut && flow.to.as_deref() == Some("central") {
            // The dose leaves the gut as before; what passes its wall arrives.
            let mut leaves = flow.clone();
            leaves.to = None;
            flows.push(leaves);
            flow.drains = false;
            flow.yield_ = Some(Ratio::number(1.0 / GUT_PASSES));
            flow.modifier.push(passes.clone());
        } else if by_central && flow.to.is_none() {
            // cl (1 - share + share E)
            scale(&mut flow.rate, 1.0 - CYP3A_SHARE);
            flow.modifier
                .push(rises("cyp3a_liver", CYP3A_SHARE / (1.0 - CYP3A_SHARE)));
        } else if by_central {
            // The metabolite is made by CYP3A alone: proportional to E.
            scale(&mut flow.rate, 1.0 / STRAIGHT);
            flow.modifier.push(rises("cyp3a_liver", STRAIGHT));
        } else if from_gut && flow.to.as_deref() == Some("metabolite") {
            // Made of what the gut wall takes: (1 + kappa) E / (kappa + E), one while E is one.
            scale(&mut flow.rate, 1.0 / STRAIGHT);
            flow.modifier.push(Modifier::Stimulated {
                by: read("cyp3a_gut"),
                emax: Ratio::number(STRAIGHT * (1.0 + kappa)),
                ec50: Ratio::number(kappa),
                hill: None,
            });
        }
        flows.push(flow);
    }
    model.flow = flows;
}

fn scale(rate: &mut RateLaw, factor: f64) {
    if let RateLaw::FirstOrder(ratio) = rate {
        ratio.factor *= factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ketum_core::event::Event;
    use ketum_sim::Model;
    use ketum_sim::population::{RunOptions, columns, solve_profiles};

    #[test]
    fn every_alternative_is_sound_and_there_are_no_others() {
        let accepted = Template::kratom().unwrap();
        for name in ALTERNATIVES {
            let template = alternative(name).unwrap();
            assert!(template.dimension() > accepted.dimension(), "{name}");
            Model::compile(&template.file.model).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert!(alternative("fourth-compartment").is_err());
    }

    fn level_after(template: &Template, change: &[(&str, f64)], dose: f64, doses: u32) -> f64 {
        let mut description = template.file.model.clone();
        for (name, value) in change {
            let parameter = description
                .parameter
                .iter_mut()
                .find(|one| one.name == *name)
                .unwrap();
            parameter.value = *value;
        }
        let model = Model::compile(&description).unwrap();
        let events = [Event::bolus(0.0, "gut", dose).repeated(doses - 1, 24.0)];
        let times = [24.0 * f64::from(doses - 1) + 2.0];
        let people = columns(&model, &[model.typical()]);
        let options = RunOptions::default();
        let solved = solve_profiles(&model, &events, &times, &people, 1, 1, &options).unwrap();
        solved.value(0, 0, 0) / dose
    }

    /// Where nothing is inactivated the model with enzymes is the accepted one; where something is,
    /// levels accumulate more at the higher dose, which a linear model cannot do.
    #[test]
    fn without_inactivation_the_enzyme_model_is_the_accepted_one() {
        let accepted = Template::kratom().unwrap();
        let enzymes = alternative("enzyme-turnover").unwrap();
        let off = [("most_liver", 1e-12), ("most_gut", 1e-12)];
        for doses in [1, 5] {
            let linear = level_after(&accepted, &[], 30.0, doses);
            let same = level_after(&enzymes, &off, 30.0, doses);
            assert!(
                (same / linear - 1.0).abs() < 1e-4,
                "{doses}: {same} {linear}"
            );
        }
        let rise =
            |dose| level_after(&enzymes, &[], dose, 10) / level_after(&enzymes, &[], dose, 1);
        let (low, high) = (rise(10.0), rise(60.0));
        assert!(high > 1.02 * low, "{low} {high}");
    }

    #[test]
    fn the_enzyme_alternative_uses_the_numbers_of_the_catalogue() {
        let catalogue = ketum_data::catalogue::Catalogue::embedded().unwrap();
        let held = |id: &str| catalogue.assumptions.get(id).unwrap().value;
        let template = alternative("enzyme-turnover").unwrap();
        let of = |name: &str| {
            let mut all = template.file.model.parameter.iter();
            all.find(|one| one.name == name).unwrap().value
        };
        let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
        near(of("kdeg_liver"), held("interaction-kdeg-liver"));
        near(
            of("most_liver") * of("kdeg_liver"),
            60.0 * held("interaction-kinact-liver"),
        );
        near(
            of("most_gut") * of("kdeg_gut"),
            60.0 * held("interaction-kinact-gut"),
        );
    }
}
