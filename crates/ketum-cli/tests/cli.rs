//! The program as its user meets it: exit codes, what goes to which stream, and what it never does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn ketum(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Assesses a case given as text through standard input.
fn assess(case: &[u8], arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(["assess", "-", "--today", "2026-11-24", "--people", "100"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let case = case.to_vec();
    // A program that refuses early closes the pipe; that is no fault of the writer.
    let writer = std::thread::spawn(move || drop(input.write_all(&case)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr)))
}

#[test]
fn the_first_example_gives_one_whole_answer() {
    let output = ketum(&["assess", "examples/first-week.toml", "--format", "json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let answer = json(&output);
    for key in [
        "schema",
        "catalogue_version",
        "seed",
        "inputs_missing",
        "complete",
        "findings",
        "not_known",
        "law",
        "sources",
        "claims",
    ] {
        assert!(!answer[key].is_null(), "{key}");
    }
    let mitragynine = &answer["product"]["analytes"]["mitragynine"];
    let (low, median, high) = (
        &mitragynine["low_mg"],
        &mitragynine["median_mg"],
        &mitragynine["high_mg"],
    );
    assert!(low.as_f64() < median.as_f64() && median.as_f64() < high.as_f64());
    for analyte in ["mitragynine", "7-hydroxymitragynine"] {
        let levels = &answer["exposure"][analyte];
        let times = levels["times_h"].as_array().unwrap().len();
        assert!(times > 50);
        for percent in ["5", "25", "50", "75", "95"] {
            assert_eq!(
                levels["quantiles"][percent].as_array().unwrap().len(),
                times,
                "{percent}"
            );
        }
        for key in ["cmax", "tmax_h", "auc"] {
            assert!(
                levels[key]["median"].as_f64().unwrap() > 0.0,
                "{analyte} {key}"
            );
        }
    }
}

fn examples() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    names.sort();
    names
}

#[test]
fn every_claim_resolves_and_every_source_of_it_is_given() {
    assert!(examples().len() >= 10);
    for example in examples() {
        let path = format!("examples/{example}");
        let answer = json(&ketum(&[
            "assess",
            &path,
            "--format",
            "json",
            "--people",
            "50",
            "--today",
            "2026-11-24",
        ]));
        let ids = |key: &str| -> std::collections::BTreeSet<String> {
            let all = answer[key].as_array().unwrap();
            all.iter()
                .map(|one| one["id"].as_str().unwrap().to_owned())
                .collect()
        };
        let (claims, sources) = (ids("claims"), ids("sources"));
        // Every example asks something, and is answered.
        assert!(answer["short_answer"][0]["id"].is_string(), "{example}");
        let said = ["findings", "short_answer", "monitoring"]
            .into_iter()
            .flat_map(|key| answer[key].as_array().unwrap());
        for finding in said {
            let cited = finding["claims"].as_array().unwrap();
            assert!(
                !cited.is_empty() || finding["needs_checking"] == true,
                "{}",
                finding["id"]
            );
            for claim in cited {
                assert!(
                    claims.contains(claim.as_str().unwrap()),
                    "{example}: {claim}"
                );
            }
        }
        for claim in answer["claims"].as_array().unwrap() {
            let cited = claim["sources"].as_array().unwrap();
            assert!(!cited.is_empty());
            for citation in cited {
                assert!(
                    sources.contains(citation["source"].as_str().unwrap()),
                    "{citation}"
                );
                assert!(!citation["locator"].as_str().unwrap().is_empty());
                assert_ne!(citation["verification"], "unverified");
            }
        }
    }
}

/// The whole report of every example. A change of a fact, a rule or a number shows here.
#[test]
fn the_reports_of_all_examples_are_as_reviewed() {
    for example in examples() {
        let path = format!("examples/{example}");
        let output = ketum(&[
            "assess",
            &path,
            "--format",
            "md",
            "--people",
            "200",
            "--today",
            "2026-11-24",
        ]);
        assert!(
            output.status.success(),
            "{example}: {}",
            text(&output.stderr)
        );
        insta::assert_snapshot!(example.trim_end_matches(".toml"), text(&output.stdout));
    }
}

#[test]
fn a_page_is_one_file_without_script_or_network() {
    for example in examples() {
        let path = format!("examples/{example}");
        let page = text(
            &ketum(&[
                "assess",
                &path,
                "--format",
                "html",
                "--people",
                "50",
                "--today",
                "2026-11-24",
            ])
            .stdout,
        );
        for word in [
            "<script", "src=", "@import", "url(", "<link", "<iframe", "NaN", "inf ",
        ] {
            assert!(!page.contains(word), "{example}: {word}");
        }
        for word in [
            "lang=\"en\"",
            "name=\"viewport\"",
            "prefers-color-scheme",
            "@media print",
        ] {
            assert!(page.contains(word), "{example}: {word}");
        }
    }
}

/// The part of a Markdown report that is read in one minute.
fn minute(example: &str) -> String {
    let path = format!("examples/{example}.toml");
    let output = ketum(&[
        "assess",
        &path,
        "--format",
        "md",
        "--people",
        "50",
        "--today",
        "2026-11-24",
    ]);
    let report = text(&output.stdout);
    report.split("## In one dose").next().unwrap().to_owned()
}

#[test]
fn a_misspelt_medicine_comes_before_everything_but_an_emergency() {
    let minute = minute("capsules-ssri");
    let slip = minute.find("Did you mean alprazolam?").unwrap();
    let first_finding = minute.find("Talk to a clinician first").unwrap();
    assert!(slip < first_finding, "{minute}");
}

#[test]
fn where_breathing_can_stop_the_first_minute_says_whom_to_call() {
    let minute = minute("seven-oh-tablet");
    assert!(
        minute.contains("Cannot be woken, or breathing is slow"),
        "{minute}"
    );
    assert!(
        minute.contains("911") && minute.contains("naloxone"),
        "{minute}"
    );
}

#[test]
fn a_level_is_never_told_without_its_spread_and_that_it_says_nothing_of_safety() {
    for example in examples() {
        let minute = minute(example.trim_end_matches(".toml"));
        if let Some(at) = minute.find("Estimated highest level") {
            let line = minute[at..].lines().next().unwrap();
            assert!(line.contains("9 of 10 people like this one"), "{line}");
            assert!(
                line.contains("does not tell whether that is safe"),
                "{line}"
            );
        }
    }
}

/// Questions people ask, pinned to the short answer and the claims that must be in the answer.
#[test]
fn questions_are_answered_with_the_pinned_claims() {
    let pinned = std::fs::read_to_string(root().join("validation/questions.toml")).unwrap();
    let pinned: toml::Table = pinned.parse().unwrap();
    let mut wrong = Vec::new();
    for one in pinned["question"].as_array().unwrap() {
        let question = one["ask"].as_str().unwrap();
        let answer = json(&ketum(&["ask", question, "--format", "json"]));
        if answer["short"][0]["id"] != one["answer"].as_str().unwrap() {
            wrong.push(format!("{question}: in short {}", answer["short"]));
        }
        let mut found = std::collections::BTreeSet::new();
        for key in ["statements", "otherwise", "not_known"] {
            for claim in answer[key].as_array().unwrap() {
                found.insert(claim["id"].as_str().unwrap().to_owned());
            }
        }
        for claim in one["claims"].as_array().unwrap() {
            if !found.contains(claim.as_str().unwrap()) {
                wrong.push(format!("{question}: {claim} is not in {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_question_about_something_else_finds_nothing() {
    for question in [
        "how do I repair a bicycle chain",
        "which football club won the cup in spring",
    ] {
        let output = ketum(&["ask", question]);
        assert!(output.status.success());
        let said = text(&output.stdout);
        assert!(said.contains("Nothing in this catalogue fits"), "{said}");
    }
}

#[test]
fn a_word_that_no_statement_speaks_of_is_named() {
    let output = text(&ketum(&["ask", "does kratom help against liver flukes"]).stdout);
    assert!(
        output.contains("No statement here speaks of: flukes"),
        "{output}"
    );
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let run = |threads: &str| {
        let case = "examples/first-week.toml";
        ketum(&["assess", case, "--format", "json", "--threads", threads]).stdout
    };
    let one = run("1");
    assert!(!one.is_empty());
    assert_eq!(one, run("2"));
    assert_eq!(one, run("7"));
}

#[test]
fn another_seed_gives_other_people() {
    let run = |seed: &str| {
        let case = "examples/first-week.toml";
        json(&ketum(&[
            "assess", case, "--format", "json", "--seed", seed,
        ]))["exposure"]["mitragynine"]["cmax"]
            .clone()
    };
    assert_ne!(run("1"), run("2"));
}

/// A bad case: exit code 2, every mistake named with its place, and the way to help before anything else.
fn refused(case: &[u8], paths: &[&str]) {
    let output = assess(case, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("ketum emergency"));
    let answer = json(&output);
    let errors = answer["errors"].as_array().unwrap();
    for path in paths {
        assert!(
            errors.iter().any(|error| error["path"] == *path),
            "{path} in {answer:#}"
        );
    }
    for error in errors {
        assert!(!error["message"].as_str().unwrap().is_empty());
        for key in ["line", "column", "hint"] {
            assert!(error.get(key).is_some(), "{key}");
        }
    }
}

#[test]
fn an_impossible_dose_is_an_error() {
    refused(
        b"[regimen]\namount = 500\nunit = \"g\"\n",
        &["/regimen/amount"],
    );
}

#[test]
fn a_negative_weight_is_an_error() {
    refused(b"[person]\nweight = -70\n", &["/person/weight"]);
}

#[test]
fn a_date_that_does_not_exist_is_an_error() {
    refused(b"date = \"2026-13-40\"\n", &["/date"]);
}

#[test]
fn a_laboratory_date_in_the_future_is_an_error() {
    let case = b"[[labs]]\ntest = \"ALT\"\nvalue = 30\nunit = \"U/L\"\ndate = \"2027-01-01\"\n";
    refused(case, &["/labs/0/date"]);
}

#[test]
fn an_unknown_unit_is_an_error() {
    refused(
        b"[product.content.mitragynine]\nvalue = 3\nunit = \"grains\"\n",
        &["/product/content/mitragynine/unit"],
    );
}

#[test]
fn mistakes_in_different_sections_are_all_told_at_once() {
    let case = b"colour = \"green\"\n[person]\nweight = -70\n[regimen]\namount = 500\nunit = \"g\"\n[product]\nform = \"leaf_powdr\"\n";
    refused(
        case,
        &[
            "/colour",
            "/person/weight",
            "/regimen/amount",
            "/product/form",
        ],
    );
}

#[test]
fn an_error_names_line_and_column() {
    let output = assess(b"[person]\nage = 30\nweight = -70\n", &["--format", "json"]);
    let error = &json(&output)["errors"][0];
    assert_eq!(
        (error["line"].as_u64(), error["column"].as_u64()),
        (Some(3), Some(10))
    );
}

#[test]
fn bytes_that_are_not_text_are_an_error() {
    refused(b"[person]\nage = \xff\xfe\n", &[""]);
}

#[test]
fn a_huge_file_is_refused_without_being_read_to_the_end() {
    let mut case = b"# ".to_vec();
    case.resize(50 << 20, b'x');
    refused(&case, &[""]);
}

#[test]
fn an_empty_file_is_a_case_about_which_little_is_known() {
    let output = assess(b"", &["--format", "json"]);
    assert!(output.status.success());
    let answer = json(&output);
    assert!(answer["exposure"].is_null());
    assert!(
        !answer["not_simulated"]["reason"]
            .as_str()
            .unwrap()
            .is_empty()
    );
    assert!(answer["inputs_missing"].as_array().unwrap().len() > 4);
}

#[test]
fn simulations_that_must_not_run_are_refused_in_the_open() {
    for (case, word) in [
        (
            "[person]\nage = 16\n[product]\nform = \"leaf_powder\"\n[regimen]\namount = 2\nunit = \"g\"",
            "under 18",
        ),
        (
            "[product]\nform = \"extract\"\nlabel_claims = [\"15x\"]\n[regimen]\namount = 2\nunit = \"g\"",
            "milligrams",
        ),
        (
            "[product]\nform = \"leaf_fresh\"\n[regimen]\namount = 10\nunit = \"leaf\"",
            "chewing",
        ),
        (
            "[product]\nform = \"leaf_powder\"\n[regimen]\namount = 10\nunit = \"leaf\"",
            "mass of a leaf",
        ),
        (
            "[product]\nform = \"pseudoindoxyl\"\n[regimen]\namount = 1\nunit = \"tablet\"",
            "ever measured",
        ),
        (
            "[product]\nform = \"semi_synthetic\"\n[regimen]\namount = 1\nunit = \"tablet\"",
            "ever published",
        ),
        (
            "[product]\nform = \"leaf_powder\"\n[regimen]\namount = 1\nunit = \"heaped_teaspoon\"",
            "heaped",
        ),
    ] {
        let answer = json(&assess(case.as_bytes(), &["--format", "json"]));
        assert!(answer["exposure"].is_null(), "{case}");
        let reason = answer["not_simulated"]["reason"].as_str().unwrap();
        assert!(reason.contains(word), "{case}: {reason}");
        assert!(
            !answer["findings"].as_array().unwrap().is_empty(),
            "the rest still runs"
        );
    }
}

#[test]
fn an_implausible_value_is_a_warning_in_the_answer() {
    let case = b"[product]\nform = \"leaf_powder\"\n[regimen]\namount = 30\nunit = \"g\"\n";
    let answer = json(&assess(case, &["--format", "json"]));
    assert!(
        answer["warnings"][0]
            .as_str()
            .unwrap()
            .contains("regimen.amount")
    );
}

#[test]
fn the_emergency_card_stands_alone() {
    let output = ketum(&["emergency", "US-FL"]);
    assert!(output.status.success());
    let card = text(&output.stdout);
    for word in ["911", "naloxone", "ambulance"] {
        assert!(card.contains(word), "{word}");
    }
}

#[test]
fn a_red_flag_comes_before_everything_else() {
    let case = b"title = \"Found asleep\"\nplace = \"US-TX\"\n[person]\nsymptoms = [\"cannot wake him, blue lips\"]\n";
    let answer = text(&assess(case, &[]).stdout);
    let flag = answer.find("CALL AN AMBULANCE NOW").unwrap();
    assert!(flag < 100, "{answer}");
    assert!(answer.contains("911"));
}

#[test]
fn evidence_is_found_by_id_and_a_slip_is_answered_with_a_hint() {
    let output = ketum(&["evidence", "liver-onset", "--format", "json"]);
    assert!(output.status.success());
    assert_eq!(json(&output)["claim"]["claim"]["id"], "liver-onset");
    let output = ketum(&["evidence", "liver-onsett"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("did you mean `liver-onset`?"));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(["evidence", "alkaloids"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

/// Runs the program in a network namespace without any interface: no address, not even loopback.
#[test]
fn it_works_with_networking_denied() {
    let program = env!("CARGO_BIN_EXE_ketum");
    let attempt = |flags: &str| {
        Command::new("unshare")
            .args([
                flags,
                program,
                "assess",
                "examples/first-week.toml",
                "--format",
                "json",
            ])
            .current_dir(root())
            .output()
    };
    let output = ["-n", "-rn"]
        .into_iter()
        .filter_map(|flags| attempt(flags).ok())
        .find(|output| output.status.success())
        .expect("util-linux's `unshare` runs the program without a network");
    assert_eq!(json(&output)["schema"], "ketum-assessment-1");
}

/// With `KETUM_UPDATE=1` the block is written anew.
#[test]
fn the_readme_shows_what_the_program_says() {
    let command = "$ ketum assess examples/seven-oh-tablet.toml\n";
    let case = "examples/seven-oh-tablet.toml";
    let said = text(&ketum(&["assess", case, "--today", "2026-11-24"]).stdout);
    let said = said.split("\nIn one dose").next().unwrap();
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(command).unwrap();
    let (shown, after) = rest.split_once("```").unwrap();
    if std::env::var_os("KETUM_UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{command}{said}```{after}")).unwrap();
    } else {
        assert_eq!(shown, said);
    }
}

/// The short answer on law is that of the case: no place of a route is left out, and the law of one country is
/// never told to somebody in another.
#[test]
fn the_short_answer_on_law_leaves_no_place_out() {
    let short = |place: &str| {
        let case = format!("question = \"May I carry it?\"\ndate = \"2026-11-24\"\n{place}\n");
        let output = assess(case.as_bytes(), &["--format", "md"]);
        let said = text(&output.stdout);
        let line = said.lines().find(|line| line.starts_with("**In short:**"));
        line.unwrap().to_owned()
    };
    let route = short("place = \"US-TX\"\nroute = [\"US-TX\", \"US-AL\", \"Atlantis\"]");
    for part in [
        "Texas on",
        "Alabama: a rule in force forbids it",
        "Nothing is known of Atlantis",
    ] {
        assert!(route.contains(part), "{route}");
    }
    let nowhere = short("place = \"Chad\"");
    assert!(nowhere.contains("Nothing is known of a place"), "{nowhere}");
    assert!(short("place = \"EG\"").contains("no permission"));
    assert!(short("").contains("`ketum law`"));
}
