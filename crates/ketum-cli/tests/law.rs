//! `ketum law` as its user meets it: the shape of the JSON, every place in time, products from files.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn ketum(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ketum"))
        .arg("law")
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    let output = ketum(&all);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A product file in a folder of its own.
fn product(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("law");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_answer_has_every_promised_key() {
    let answer = json(&["US-TX", "--date", "2026-11-24", "--activity", "possess"]);
    for key in [
        "place",
        "date",
        "known_as_of",
        "activity",
        "substance",
        "status",
        "verdict",
        "rulesets",
        "requirements",
        "pending",
        "stale",
        "not_known",
        "sources",
    ] {
        assert!(!answer[key].is_null(), "{key}");
    }
    assert_eq!(answer["place"], "US-TX");
    assert_eq!(answer["substance"], "leaf");
    assert_eq!(answer["verdict"], "indeterminate");
    let set = &answer["rulesets"][0];
    for key in ["id", "in_force", "verdict", "rules", "sources"] {
        assert!(!set[key].is_null(), "{key}");
    }
    for set in answer["rulesets"].as_array().unwrap() {
        for rule in set["rules"].as_array().unwrap() {
            for key in [
                "id", "verdict", "quantity", "operator", "limit", "unit", "basis",
            ] {
                assert!(rule[key].is_string(), "{key}");
            }
            assert!(rule.get("computed").is_some());
        }
    }
}

#[test]
fn every_place_answers_with_sources_or_says_what_was_looked_for() {
    let table = json(&["table", "--date", "2026-11-24"]);
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 129);
    for row in rows {
        let place = row["place"].as_str().unwrap();
        let answer = json(&[place, "--date", "2026-11-24"]);
        if answer["verdict"] == "unknown" {
            let gaps = answer["not_known"].as_array().unwrap();
            assert!(!gaps.is_empty(), "{place}");
            assert!(
                gaps.iter().all(|gap| gap["looked_for"].is_string()),
                "{place}"
            );
        } else {
            assert!(!answer["sources"].as_array().unwrap().is_empty(), "{place}");
        }
    }
}

/// Processor time of one start, in milliseconds, as the shell accounts for its child. A busy machine makes
/// the clock on the wall run on, not this one.
#[cfg(unix)]
fn processor_milliseconds(place: &str) -> f64 {
    let output = Command::new("sh")
        .args([
            "-c",
            "\"$1\" law \"$2\" --date 2026-11-24 >/dev/null || exit 1; times",
            "sh",
            env!("CARGO_BIN_EXE_ketum"),
            place,
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{place}");
    let text = String::from_utf8(output.stdout).unwrap();
    let children = text.lines().nth(1).unwrap();
    children
        .split_whitespace()
        .map(|part| {
            let (minutes, seconds) = part.trim_end_matches('s').split_once('m').unwrap();
            minutes.parse::<f64>().unwrap() * 60_000.0 + seconds.parse::<f64>().unwrap() * 1000.0
        })
        .sum()
}

#[cfg(unix)]
#[test]
fn every_place_answers_within_fifty_milliseconds_of_a_cold_start() {
    let table = json(&["table", "--date", "2026-11-24"]);
    for row in table["rows"].as_array().unwrap() {
        let place = row["place"].as_str().unwrap();
        let quick = (0..5).any(|_| processor_milliseconds(place) < 50.0);
        assert!(quick, "{place} needed more than 50 ms five times");
    }
}

#[test]
fn the_verdict_of_a_place_follows_its_status() {
    for (place, day, verdict) in [
        ("US-AL", "2026-11-24", "non_compliant"),
        ("US-TX", "2026-11-24", "indeterminate"),
        ("US-KS", "2026-11-24", "indeterminate"),
        ("US-HI", "2026-11-24", "no_rule_found"),
        ("FR", "2026-11-24", "non_compliant"),
        ("DE", "2026-11-24", "no_rule_found"),
        ("NL", "2026-11-24", "indeterminate"),
        ("IL", "2026-11-24", "unknown"),
        ("MT", "2026-11-24", "unknown"),
    ] {
        let answer = json(&[place, "--date", day]);
        assert_eq!(answer["verdict"], verdict, "{place}");
    }
}

#[test]
fn a_product_file_is_judged_in_either_notation() {
    let toml = product(
        "tablet.toml",
        "form = \"seven_oh_tablet\"\nserving = { value = 0.4, unit = \"g\" }\n\
         container = { value = 4, unit = \"g\" }\n\
         total_alkaloids = { value = 40, unit = \"mg/g\" }\n\
         [content]\nmitragynine = { value = 1, unit = \"mg/g\" }\n\
         7-hydroxymitragynine = { value = 37.5, unit = \"mg/g\" }\n",
    );
    let json_file = product(
        "tablet.json",
        r#"{"product": {"form": "seven_oh_tablet", "serving": {"value": 0.4, "unit": "g"},
            "content": {"7-OH": {"value": 37.5, "unit": "mg/g"}},
            "total_alkaloids": {"value": 40, "unit": "mg/g"}}}"#,
    );
    for file in [&toml, &json_file] {
        let answer = json(&[
            "US-TX",
            "--product",
            file.to_str().unwrap(),
            "--activity",
            "sell",
            "--date",
            "2026-11-24",
        ]);
        assert_eq!(answer["substance"], "7-OH");
        assert_eq!(answer["verdict"], "non_compliant");
        let set = answer["rulesets"]
            .as_array()
            .unwrap()
            .iter()
            .find(|set| set["id"] == "tx-share")
            .unwrap();
        assert_eq!(
            set["rules"][0]["computed"],
            serde_json::json!([93.75, 93.75])
        );
    }
    let bad = product(
        "bad.toml",
        "form = \"leaf_powdr\"\n[content]\nmitragynine = { valu = 1 }\n",
    );
    let output = ketum(&["US-TX", "--product", bad.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.contains("leaf_powder") && message.contains("valu"),
        "{message}"
    );
}

#[test]
fn what_if_is_banner_and_never_law() {
    let plain = json(&["US", "--date", "2026-11-24", "--substance", "7-OH"]);
    assert_eq!(plain["status"], "unknown");
    let asked = json(&[
        "US",
        "--date",
        "2026-11-24",
        "--substance",
        "7-OH",
        "--what-if",
        "us-dea-1570-oct",
    ]);
    assert_eq!(asked["status"], "scheduled_I");
    assert_eq!(asked["what_if"][0], "us-dea-1570-oct");
    let output = ketum(&["US", "--date", "2026-11-24", "--what-if", "us-noi-jul-A"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("NOT IN FORCE"), "{text}");
    let output = ketum(&["US", "--what-if", "no-such-bill"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn travel_changes_and_comparison_answer() {
    let route = json(&["route", "US-GA", "US-FL", "US-AL", "--date", "2026-11-24"]);
    let answers = route["route"]["answers"].as_array().unwrap();
    let places: Vec<&str> = answers
        .iter()
        .map(|a| a["place"].as_str().unwrap())
        .collect();
    assert_eq!(places, ["US-GA", "US-FL", "US-AL"]);
    assert_eq!(answers[2]["verdict"], "non_compliant");
    let changes = json(&["changes", "--since", "2026-08-01", "--until", "2026-08-31"]);
    let list = changes["changes"].as_array().unwrap();
    assert!(
        list.iter()
            .any(|c| c["place"] == "US" && c["kind"] == "starts")
    );
    assert!(
        list.iter()
            .any(|c| c["place"] == "US-MA" && c["date"] == "2026-08-28")
    );
    assert!(
        list.iter()
            .all(|c| c["date"].as_str().unwrap() <= "2026-12"),
        "{list:?}"
    );
    let text = String::from_utf8(ketum(&["compare", "US-TX", "US-UT"]).stdout).unwrap();
    assert!(
        text.contains("US-TX") && text.contains("US-UT") && text.contains("leaf"),
        "{text}"
    );
    let all = json(&["US", "--substance", "all", "--date", "2026-11-24"]);
    assert_eq!(all.as_array().unwrap().len(), 11);
}

#[test]
fn an_unknown_place_or_substance_is_refused_with_a_hint() {
    let output = ketum(&["US-XX"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let output = ketum(&["US-TX", "--substance", "mitragynin3"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("mitragynine"));
}

#[test]
fn map_and_pages_carry_letters_dates_and_the_disclaimer() {
    let map = String::from_utf8(ketum(&["table", "--svg", "--date", "2026-11-24"]).stdout).unwrap();
    assert!(map.starts_with("<svg") && map.trim_end().ends_with("</svg>"));
    assert_eq!(map.matches("<g role=\"img\"").count(), 51);
    for words in [
        "Not legal advice",
        "2026-11-24",
        "no rule found",
        "past its review date",
    ] {
        assert!(map.contains(words), "{words}");
    }
    let page =
        String::from_utf8(ketum(&["US-FL", "--html", "--date", "2026-11-24"]).stdout).unwrap();
    for words in [
        "<html lang=\"en\">",
        "Not legal advice",
        "Level by level",
        "Sources",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let world =
        String::from_utf8(ketum(&["table", "--html", "--date", "2026-11-24"]).stdout).unwrap();
    assert!(world.contains("Thailand") && world.contains("<svg"));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The guide of `docs/law.md`, followed word for word: its block goes to the end of the state's file, the
/// linter has nothing to say, and the county answers.
#[test]
fn the_guide_for_a_county_ban_works_as_written() {
    let guide = std::fs::read_to_string(root().join("docs/law.md")).unwrap();
    let block = guide
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
    let _ = std::fs::remove_dir_all(&folder);
    copy(&root().join("data"), &folder);
    let state = folder.join("law/us-id.toml");
    let mut text = std::fs::read_to_string(&state).unwrap();
    text.push('\n');
    text.push_str(block);
    std::fs::write(&state, text).unwrap();
    let data = folder.to_str().unwrap();
    let lint = Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(["lint", data])
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&lint.stdout).into_owned() + &String::from_utf8_lossy(&lint.stderr);
    assert!(lint.status.success(), "{said}");
    assert!(!said.contains("us-id.toml"), "{said}");
    let ask = |day: &str, act: &str| {
        json(&[
            "US-ID/bonneville-county",
            "--activity",
            act,
            "--date",
            day,
            "--data",
            data,
        ])
    };
    let answer = ask("2027-02-01", "sell");
    assert_eq!(answer["verdict"], "non_compliant");
    assert_eq!(answer["decided_by"], "US-ID/bonneville-county");
    assert_eq!(answer["levels"][0]["activities_from"], "text");
    assert!(
        answer["sources"]
            .as_array()
            .unwrap()
            .iter()
            .any(|source| source["id"] == "bonneville-ord-2027-3")
    );
    assert_eq!(ask("2027-02-01", "possess")["verdict"], "indeterminate");
    assert_ne!(ask("2027-01-31", "sell")["verdict"], "non_compliant");
    // By its division id as well, and not in the data that are built in.
    let by_id = json(&[
        "ocd-division/country:us/state:id/county:bonneville",
        "--activity",
        "sell",
        "--date",
        "2027-02-01",
        "--data",
        data,
    ]);
    assert_eq!(by_id["place"], "US-ID/bonneville-county");
    let built_in = json(&["US-ID/bonneville-county", "--date", "2027-02-01"]);
    assert_eq!(built_in["levels"][0]["place"], "US-ID");
}

#[test]
fn an_act_without_a_source_shows_in_json_text_page_table_and_map() {
    let answer = json(&["US-TX", "--date", "2026-11-24"]);
    assert_eq!(answer["status"], "regulated");
    assert_eq!(answer["levels"][0]["act_named"], false);
    assert_eq!(answer["levels"][0]["activities_from"], "text");
    assert!(
        answer["not_known"]
            .as_array()
            .unwrap()
            .iter()
            .any(|gap| gap["what"].as_str().unwrap().contains("possession"))
    );
    assert!(!answer["looked_up"].as_array().unwrap().is_empty());
    let print = |arguments: &[&str]| String::from_utf8(ketum(arguments).stdout).unwrap();
    let text = print(&["US-TX", "--date", "2026-11-24"]);
    assert!(text.contains("acts: sale, giving, making"), "{text}");
    let page = print(&["US-TX", "--date", "2026-11-24", "--html"]);
    assert!(page.contains("the source read does not name this act"));
    let of = |format: &str, act: &str| {
        print(&["table", format, "--date", "2026-11-24", "--activity", act])
    };
    assert!(of("--svg", "possess").contains(">~</text>"));
    assert!(!of("--svg", "sell").contains(">~</text>"));
    assert!(of("--html", "possess").contains("regulated ~"));
}
