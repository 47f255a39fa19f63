//! Every key of a case is used, or the answer says that it is not: each key is taken out of a full case,
//! and where the answer stays the same the key must stand in the list of what was given and not used.

use std::collections::BTreeSet;

use ketum::assessment::assess;
use ketum::body::Run;
use ketum::case::{Case, Condition, ReadCase, unused};
use ketum_data::catalogue::Catalogue;
use serde_json::{Map, Value};

const RUN: Run = Run {
    seed: 1,
    people: 4,
    threads: 1,
};

/// Read by the model of levels, which tells elsewhere what measured levels say.
const ELSEWHERE: &str = "levels";

fn cases() -> Vec<(String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clinic/cases");
    let mut cases: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let value: Value = toml::from_str(&text).unwrap();
            (path.display().to_string(), value)
        })
        .collect();
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases
}

/// The answer without the list that is tested.
fn answer(catalogue: &Catalogue, case: &Case) -> Value {
    let read = ReadCase {
        case: case.clone(),
        warnings: Vec::new(),
    };
    let mut answer = serde_json::to_value(assess(&read, catalogue, RUN)).unwrap();
    answer.as_object_mut().unwrap().remove("inputs_unused");
    answer
}

/// Every key of a value with the steps to it; lists of tables are walked, other lists are one value.
fn keys(value: &Value, here: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                here.push(key.clone());
                keys(value, here, found);
                found.push(here.clone());
                here.pop();
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, item) in items.iter().enumerate() {
                here.push(index.to_string());
                keys(item, here, found);
                here.pop();
            }
        }
        _ => {}
    }
}

fn without(case: &Value, steps: &[String]) -> Value {
    let mut case = case.clone();
    let (last, parents) = steps.split_last().unwrap();
    let mut place = &mut case;
    for step in parents {
        place = match place {
            Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
            other => &mut other[step.as_str()],
        };
    }
    place.as_object_mut().unwrap().remove(last);
    case
}

/// `medicines[].dose`, `product.content.{}.lod`: the same key in any entry.
fn general(steps: &[String]) -> String {
    let mut path = String::new();
    for (index, step) in steps.iter().enumerate() {
        let entry = index > 0 && ["content", "contaminants"].contains(&steps[index - 1].as_str());
        if step.parse::<usize>().is_ok() {
            path.push_str("[]");
        } else {
            if index > 0 {
                path.push('.');
            }
            path.push_str(if entry { "{}" } else { step });
        }
    }
    path
}

/// The paths of the list, with numbers of entries left out.
fn told(case: &Case) -> BTreeSet<String> {
    unused(case)
        .iter()
        .map(|line| {
            let path = line.split(':').next().unwrap();
            path.chars().filter(|c| !c.is_ascii_digit()).collect()
        })
        .collect()
}

#[test]
fn every_key_of_a_case_is_used_or_told_to_be_unused() {
    let catalogue = Catalogue::embedded().unwrap();
    let (mut used, mut named, mut all) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (file, value) in cases() {
        let case: Case =
            serde_json::from_value(value.clone()).unwrap_or_else(|e| panic!("{file}: {e}"));
        let whole = answer(&catalogue, &case);
        named.extend(told(&case));
        let mut found = Vec::new();
        keys(&value, &mut Vec::new(), &mut found);
        for steps in found {
            let path = general(&steps);
            all.insert(path.clone());
            let Ok(less) = serde_json::from_value::<Case>(without(&value, &steps)) else {
                // A key its table cannot be without: judged with the table.
                used.insert(path);
                continue;
            };
            if answer(&catalogue, &less) != whole {
                used.insert(path);
            }
        }
    }
    let levels = |path: &&String| !path.starts_with(ELSEWHERE);
    let silent: Vec<&String> = all
        .iter()
        .filter(levels)
        .filter(|path| !used.contains(*path) && !named.contains(path.as_str()))
        .collect();
    assert!(
        silent.is_empty(),
        "read and then passed over in silence: {silent:#?}"
    );
    let wrong: Vec<&String> = named
        .iter()
        .filter(|path| used.contains(*path) && !partly().contains(&path.as_str()))
        .collect();
    assert!(wrong.is_empty(), "used, and told to be unused: {wrong:#?}");
}

/// Keys whose words are used where they are understood and named where they are not.
fn partly() -> [&'static str; 2] {
    ["medicines[].route", "medicines[].schedule"]
}

#[test]
fn the_full_cases_hold_every_key_there_is() {
    let schema = serde_json::to_value(schemars::schema_for!(Case)).unwrap();
    let mut wanted = BTreeSet::new();
    walk(&schema, &schema, String::new(), &mut wanted);
    let mut held = BTreeSet::new();
    for (_, value) in cases() {
        let mut found = Vec::new();
        keys(&value, &mut Vec::new(), &mut found);
        held.extend(found.iter().map(|steps| general(steps)));
    }
    let absent: Vec<&String> = wanted.difference(&held).collect();
    assert!(
        absent.is_empty(),
        "in no case of tests/clinic/cases: {absent:#?}"
    );
}

/// Every key of a schema as a general path.
fn walk(root: &Value, schema: &Value, here: String, found: &mut BTreeSet<String>) {
    if let Some(Value::String(reference)) = schema.get("$ref") {
        let name = reference.rsplit('/').next().unwrap();
        return walk(root, &root["$defs"][name], here, found);
    }
    if let Some(Value::Array(ways)) = schema.get("anyOf") {
        for way in ways {
            walk(root, way, here.clone(), found);
        }
        return;
    }
    let empty = Map::new();
    let properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    for (key, value) in properties {
        let path = if here.is_empty() {
            key.clone()
        } else {
            format!("{here}.{key}")
        };
        found.insert(path.clone());
        walk(root, value, path, found);
    }
    if let Some(items) = schema.get("items") {
        walk(root, items, format!("{here}[]"), found);
    }
    if let Some(entries @ Value::Object(_)) = schema.get("additionalProperties") {
        walk(root, entries, format!("{here}.{{}}"), found);
    }
}

#[test]
fn every_condition_changes_the_answer_or_is_told_to_be_unused() {
    let catalogue = Catalogue::embedded().unwrap();
    let schema = serde_json::to_value(schemars::schema_for!(Condition)).unwrap();
    let words: Vec<String> = schema["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["const"].as_str().unwrap().to_owned())
        .collect();
    assert!(words.len() >= 20);
    let none = answer(&catalogue, &Case::default());
    for word in words {
        let case: Case = toml::from_str(&format!("[person]\nconditions = [\"{word}\"]")).unwrap();
        let changes = answer(&catalogue, &case) != none;
        let named = told(&case).contains(&format!("person.conditions[{word}]"));
        assert!(
            changes != named,
            "{word}: changes the answer {changes}, told unused {named}"
        );
    }
}
