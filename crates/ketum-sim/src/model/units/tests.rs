use crate::Model;
use ketum_core::model::{ModelDescription, Modifier, RateLaw, Ratio};

fn b() -> ModelDescription {
    let text = include_str!("../../../../../validation/reference/workload-b/model.toml");
    toml::from_str(text).unwrap()
}

/// What is wrong after a change, as `path: message`.
fn after(change: impl Fn(&mut ModelDescription)) -> Vec<String> {
    let mut description = b();
    change(&mut description);
    let problems = Model::compile_checked(&description)
        .err()
        .unwrap_or_default();
    problems
        .iter()
        .map(|problem| {
            assert!(!problem.fault.advice().is_empty());
            let path: Vec<String> = problem
                .path
                .iter()
                .map(|key| match key {
                    crate::model::Key::Name(name) => (*name).to_owned(),
                    crate::model::Key::Index(index) => index.to_string(),
                })
                .collect();
            format!("{}: {}", path.join("."), problem.fault)
        })
        .collect()
}

#[test]
fn the_reference_models_have_fitting_units() {
    for text in [
        include_str!("../../../../../validation/reference/workload-a/model.toml"),
        include_str!("../../../../../validation/reference/workload-b/model.toml"),
        include_str!("../../../../../validation/reference/nonmem/model.toml"),
        include_str!("../../../../../validation/reference/claret/model.toml"),
        include_str!("../../../../../validation/reference/kratom-joint/model.toml"),
    ] {
        let description: ModelDescription = toml::from_str(text).unwrap();
        Model::compile_checked(&description).unwrap();
    }
}

#[test]
fn a_rate_in_litres_is_found_where_it_is_used() {
    assert_eq!(
        after(|d| d.parameter[0].unit = "L".into()),
        ["flow.0.rate.first_order: the rate of flow 1 has the unit L; 1/h is needed"]
    );
    assert_eq!(
        after(|d| d.parameter[0].unit = "1/min".into()),
        [
            "flow.0.rate.first_order: the rate of flow 1 is in 60 1/h where 1/h is needed; one of the first is 60 of the second"
        ]
    );
    assert_eq!(
        after(|d| d.parameter[0].unit = "per hour".into()),
        [
            "parameter.0.unit: the unit of parameter 'ka' is 'per hour', which cannot be read at 'per hour'"
        ]
    );
}

#[test]
fn saturable_flows_and_modifiers_are_compared() {
    let found = after(|d| {
        d.parameter[1].unit = "mg".into();
        d.parameter[8].unit = "nM".into();
        d.parameter[9].unit = "ng/mL".into();
        d.parameter[10].unit = "h".into();
    });
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(
        found[0]
            .starts_with("flow.3.rate.michaelis_menten.vmax: vmax of flow 4 has the unit mg; mg/h")
    );
    assert!(found[1].starts_with("flow.3.rate.michaelis_menten.km: km of flow 4 has the unit"));
    assert!(found[2].starts_with("turnover.0.kout: kout of turnover 'response' has the unit h"));
    assert!(
        found[3].starts_with("turnover.0.on_production.0.inhibited.ic50: ic50"),
        "{found:#?}"
    );
    assert!(found[3].contains("0.001 mg/L where mg/L"));
    // A steepness is a pure number, a fading rate is per hour.
    let found = after(|d| {
        let Modifier::Inhibited { hill, .. } = &mut d.turnover[0].on_production[0] else {
            panic!()
        };
        *hill = Some(Ratio::parameter("vc"));
        d.flow[4].modifier.push(Modifier::Fading {
            rate: Ratio::parameter("vm"),
        });
    });
    assert_eq!(found.len(), 2, "{found:#?}");
}

#[test]
fn outputs_name_the_forgotten_factor() {
    let found = after(|d| d.output[0].scale.as_mut().unwrap().factor = 1.0);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].contains(
            "is in mg/L where 0.001 mg/L is needed; one of the first is 1000 of the second"
        ),
        "{found:?}"
    );
    // A share beside the conversion is the author's; a power of a thousand is a slip.
    assert!(after(|d| d.output[0].scale.as_mut().unwrap().factor = 930.0).is_empty());
    assert_eq!(
        after(|d| d.output[0].scale.as_mut().unwrap().factor = 1e6).len(),
        1
    );
    assert_eq!(after(|d| d.output[0].unit = "mmHg".into()).len(), 1);
    assert_eq!(after(|d| d.output[0].scale = None).len(), 1);
}

#[test]
fn what_flows_arrives_in_the_unit_of_its_compartment() {
    let found = after(|d| d.compartment[3].unit = "nmol".into());
    // Formation arrives in mg, and the output takes nmol for mg.
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(
        found[0].starts_with("flow.3: what arrives at the end of flow 4 has the unit mg; 1e-9 mol")
            || found[0].contains("mol is needed"),
        "{found:#?}"
    );
    let found = after(|d| {
        d.flow.push(ketum_core::model::Flow {
            from: None,
            to: Some("central".into()),
            rate: RateLaw::ZeroOrder(Ratio::parameter("ka")),
            yield_: None,
            drains: true,
            modifier: Vec::new(),
        });
    });
    assert_eq!(
        found,
        ["flow.5.rate.zero_order: the rate of flow 6 has the unit 1/h; mg/h is needed"]
    );
}

#[test]
fn every_fault_of_a_description_is_reported() {
    let found = after(|d| {
        d.parameter[2].unit = String::new();
        d.flow[0].to = Some("centre".into());
        d.flow[2].rate = RateLaw::FirstOrder(Ratio::new(&["q"], &["vpp"]));
        d.output[1].compartment = "urine".into();
        d.spread[0].parameters.pop();
    });
    let starts = [
        "parameter.2.unit: the parameter 'vc' has no unit",
        "flow.0.to: flow 1 names the compartment 'centre'",
        "flow.2.rate.first_order.over.0: flow 3 names the parameter 'vpp'",
        "output.1.compartment: output 'cm' names the compartment 'urine'",
        "spread.0.size: spread 1: the size does not fit",
    ];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (found, start) in found.iter().zip(starts) {
        assert!(found.starts_with(start), "{found}");
    }
}
