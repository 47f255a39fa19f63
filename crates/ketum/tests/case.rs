//! Cases from bytes that may be anything, and the invariants of doses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use ketum::case::{Notation, read};
use ketum_data::catalogue::Catalogue;
use proptest::prelude::*;

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: std::sync::OnceLock<Catalogue> = std::sync::OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::embedded().unwrap())
}

/// Text that looks like a case more often than chance would have it.
fn nearly_a_case() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "person",
        "product",
        "regimen",
        "labs",
        "age",
        "weight",
        "amount",
        "unit",
        "content",
        "form",
        "times",
        "date",
        "medicines",
        "name",
        "value",
        "op",
        "every_h",
        "\u{1F33F}",
        "",
        "\"",
    ]);
    let value = prop::sample::select(vec![
        "1",
        "-1",
        "1e999",
        "nan",
        "\"g\"",
        "\"leaf_powder\"",
        "[]",
        "{}",
        "{ value = 1 }",
        "true",
        "\"25:61\"",
        "[\"08:00\", \"08:00\"]",
        "2026-11-24",
        "\"2026-02-30\"",
        "99999999999999999999",
        "'",
    ]);
    let line = (key, value, any::<bool>()).prop_map(|(key, value, table)| {
        if table {
            format!("[{key}]")
        } else {
            format!("{key} = {value}")
        }
    });
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read("x.toml", &bytes, Notation::Toml, catalogue(), None);
        let _ = read("x.json", &bytes, Notation::Json, catalogue(), None);
    }

    #[test]
    fn nearly_a_case_never_panics_and_errors_have_places(text in nearly_a_case()) {
        if let Err(errors) = read("x.toml", text.as_bytes(), Notation::Toml, catalogue(), None) {
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.iter().all(|error| !error.message.is_empty()));
        }
    }

    #[test]
    fn twice_the_grams_are_twice_the_milligrams(grams in 0.5_f64..10.0) {
        let dose = |grams: f64| {
            let text = format!("[product]\nform = \"leaf_powder\"\n[regimen]\namount = {grams}\nunit = \"g\"");
            let read = read("x.toml", text.as_bytes(), Notation::Toml, catalogue(), None).unwrap();
            ketum::product::dose(&read.case, catalogue()).analytes["mitragynine"].median_mg.unwrap()
        };
        prop_assert!((dose(2.0 * grams) / dose(grams) - 2.0).abs() < 1e-12);
    }
}

#[test]
fn toml_and_json_are_one_shape() {
    let toml = "place = \"US-FL\"\n[person]\nage = 30\n[regimen]\namount = 2\nunit = \"g\"\ntimes = [\"08:00\"]\n";
    let json = r#"{"place":"US-FL","person":{"age":30},"regimen":{"amount":2,"unit":"g","times":["08:00"]}}"#;
    let from_toml = read("x", toml.as_bytes(), Notation::Toml, catalogue(), None).unwrap();
    let from_json = read("x", json.as_bytes(), Notation::Json, catalogue(), None).unwrap();
    assert_eq!(from_toml.case, from_json.case);
}

#[test]
fn a_key_that_stands_twice_is_an_error_in_json_too() {
    let json = br#"{"person":{"age":30,"age":40}}"#;
    assert!(read("x", json, Notation::Json, catalogue(), None).is_err());
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let toml = format!("a = {}{}", "[".repeat(50_000), "]".repeat(50_000));
    assert!(read("x", toml.as_bytes(), Notation::Toml, catalogue(), None).is_err());
    let json = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    assert!(read("x", json.as_bytes(), Notation::Json, catalogue(), None).is_err());
}

#[test]
fn tea_in_the_cup_is_shown_and_not_counted_again() {
    let dose = |text: &str| {
        let read = read("x", text.as_bytes(), Notation::Toml, catalogue(), None).unwrap();
        ketum::product::dose(&read.case, catalogue())
    };
    let tea = dose("[product]\nform = \"leaf_tea\"\n[regimen]\namount = 2\nunit = \"g\"");
    let powder = dose("[product]\nform = \"leaf_powder\"\n[regimen]\namount = 2\nunit = \"g\"");
    // The dose of tea counts what is in the leaf; the model's bioavailability of tea is per that amount.
    assert_eq!(
        tea.analytes["mitragynine"].median_mg,
        powder.analytes["mitragynine"].median_mg
    );
    let cup = tea.mitragynine_in_cup.unwrap().median_mg.unwrap();
    let leaf = tea.analytes["mitragynine"].median_mg.unwrap();
    assert!((cup / leaf - 0.175).abs() < 1e-9);
    assert!(powder.mitragynine_in_cup.is_none());
}

#[test]
fn a_glass_is_counted_back_to_the_leaf() {
    let text = "[product]\nform = \"leaf_tea\"\n[regimen]\namount = 1\nunit = \"glass\"";
    let read = read("x", text.as_bytes(), Notation::Toml, catalogue(), None).unwrap();
    let dose = ketum::product::dose(&read.case, catalogue());
    let cup = dose.mitragynine_in_cup.unwrap().median_mg.unwrap();
    assert!(
        (22.5..=25.0).contains(&cup),
        "{cup} mg in a Malaysian glass"
    );
    let leaf = dose.analytes["mitragynine"].median_mg.unwrap();
    assert!((cup / leaf - 0.175).abs() < 1e-9);
}

#[test]
fn not_detected_is_an_interval_and_without_a_limit_it_is_missing() {
    let dose = |content: &str| {
        let text = format!(
            "[product]\nform = \"leaf_powder\"\n[product.content]\n7-hydroxymitragynine = {content}\n[regimen]\namount = 2\nunit = \"g\""
        );
        let read = read("x", text.as_bytes(), Notation::Toml, catalogue(), None).unwrap();
        ketum::product::dose(&read.case, catalogue())
    };
    let with = dose("{ op = \"nd\", lod = 0.05, unit = \"mg/g\" }");
    let seven = &with.analytes["7-hydroxymitragynine"];
    assert_eq!((seven.median_mg, seven.low_mg), (None, 0.0));
    assert!(seven.high_mg > 0.1 && seven.high_mg < 0.11);
    let without = dose("{ op = \"nd\" }");
    assert!(
        without
            .inputs_missing
            .iter()
            .any(|input| input.contains("lod"))
    );
}

#[test]
fn every_assumption_the_code_uses_is_a_fact() {
    let of_levels = ketum::model::level::Scatter::ASSUMPTIONS;
    for id in ketum::product::ASSUMPTIONS.into_iter().chain(of_levels) {
        assert!(catalogue().assumptions.contains_key(id), "{id}");
    }
}

#[test]
fn every_form_has_its_facts_and_a_bioavailability_or_a_reason() {
    let (_, model) = ketum::body::current_model(catalogue()).unwrap();
    for form in ketum_core::form::Form::ALL {
        let facts = &catalogue().forms[&form];
        let simulated = model.relative_bioavailability.contains_key(&form);
        assert!(simulated || facts.not_simulated.is_some(), "{}", form.id());
    }
}
