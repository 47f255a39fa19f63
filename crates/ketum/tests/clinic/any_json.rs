//! Any JSON gives an answer or a list of problems; never a panic, never a number that is not finite.

use ketum::clinic::{self, Calculator, Fail};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<f64>().prop_map(|x| json!(x)),
        any::<i64>().prop_map(|x| json!(x)),
        any::<u64>().prop_map(|x| json!(x)),
        (0.0..200.0).prop_map(|x: f64| json!(x)),
        (0i64..12).prop_map(|x| json!(x)),
        prop_oneof![Just(0.0), Just(-0.0), Just(1e-308), Just(1e308), Just(1.0)]
            .prop_map(|x| json!(x)),
    ]
}

fn word() -> impl Strategy<Value = Value> {
    let known = prop_oneof![
        Just("M"),
        Just("F"),
        Just("other"),
        Just("NT"),
        Just("yes"),
        Just("no"),
        Just("unknown"),
        Just("mg/dL"),
        Just("umol/L"),
        Just("M/"),
        Just("/"),
        Just("1.2 umol/L"),
        Just("1e999 mg/dL"),
        Just("-1 mg/dL"),
        Just("NaN 1/h"),
        Just("actual"),
        Just("ideal"),
        Just("adjusted"),
        Just("adjusted_if_bmi_ge_25"),
        Just("cholestatic_mixed"),
        Just("hepatocellular"),
        Just("strict"),
        Just("gut"),
        Just("from_start_5_90d"),
        Just("none"),
        Just("probable"),
        Just("group_I_lt5_excluded"),
        Just("labelled"),
        Just("positive"),
        Just("bilirubin"),
        Just("hodges"),
    ]
    .prop_map(|text| json!(text));
    prop_oneof![3 => known, 1 => any::<String>().prop_map(|text| json!(text))]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![4 => number(), 2 => word(), 1 => any::<bool>().prop_map(|flag| json!(flag)), 1 => Just(Value::Null)]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 16, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..17).prop_map(Value::Array),
            (number(), inner.clone())
                .prop_map(|(value, unit)| json!({"value": value, "unit": unit})),
            proptest::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn calculator() -> impl Strategy<Value = &'static Calculator> {
    (0..clinic::all().len()).prop_map(|index| &clinic::all()[index])
}

/// A calculator's example with some of its keys replaced, removed or added.
fn mutated() -> impl Strategy<Value = (&'static Calculator, Value)> {
    (
        calculator(),
        proptest::collection::vec((any::<proptest::sample::Index>(), value()), 0..8),
        any::<bool>(),
    )
        .prop_map(|(calculator, changes, from_example)| {
            let mut object = Map::new();
            if from_example
                && let Ok(Value::Object(example)) = serde_json::from_str(calculator.example)
            {
                object = example;
            }
            for (index, value) in changes {
                let input = index.get(calculator.inputs);
                object.insert(input.key.to_owned(), value);
            }
            (calculator, Value::Object(object))
        })
}

/// Every number of an answer is finite (JSON writes others as null, so look at the values).
fn check(calculator: &Calculator, given: &Value) -> Result<(), TestCaseError> {
    match calculator.run(given) {
        Ok(output) => {
            for value in &output.values {
                if let clinic::Scalar::Number(number) = value.value {
                    prop_assert!(
                        number.is_finite(),
                        "{}: {} is {number}",
                        calculator.name,
                        value.key
                    );
                }
            }
            prop_assert!(output.to_json().is_object());
        }
        Err(Fail::Inputs(problems)) => {
            prop_assert!(!problems.is_empty());
            for problem in &problems {
                prop_assert!(!problem.code.is_empty() && !problem.message.is_empty());
                prop_assert!(!problem.message.contains('\n'), "{}", problem.message);
            }
        }
        Err(Fail::Numeric { .. }) => {}
        Err(other) => return Err(TestCaseError::fail(format!("{}: {other}", calculator.name))),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn any_value_is_survived(calculator in calculator(), given in value()) {
        check(calculator, &given)?;
    }

    #[test]
    fn any_mutation_of_an_example_is_survived((calculator, given) in mutated()) {
        check(calculator, &given)?;
    }

    #[test]
    fn any_name_is_survived(name in any::<String>()) {
        let _ = clinic::calculate(&name, &json!({}));
    }
}
