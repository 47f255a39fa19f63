//! `ketum run-model` as its user meets it: models and records of their own in, predictions out; every
//! mistake named with file, line, column and a hint before anything is simulated.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ketum_sim::math::{exp, ln, pow};
use serde_json::Value;

const MODELS: &str = "examples/models";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run_model(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ketum"))
        .arg("run-model")
        .args(arguments)
        .env("NO_COLOR", "1")
        .current_dir(root())
        .output()
        .unwrap()
}

fn example(name: &str, more: &[&str]) -> Output {
    let (model, data) = (
        format!("{MODELS}/{name}.toml"),
        format!("{MODELS}/{name}.csv"),
    );
    run_model(&[&["--model", &model, "--data", &data], more].concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn good(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Rows of a CSV as numbers; `.` is what is not there.
fn rows(csv: &str) -> (Vec<String>, Vec<Vec<f64>>) {
    let mut lines = csv.lines();
    let head = lines.next().unwrap().split(',').map(str::to_owned);
    let number = |field: &str| match field {
        "." => f64::NAN,
        field => field.parse().unwrap(),
    };
    let rows = lines.map(|line| line.split(',').map(number).collect());
    (head.collect(), rows.collect())
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("run-model-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_linear_example_is_the_textbook_solution() {
    let (head, rows) = rows(&good(&example("one-compartment", &[])));
    assert_eq!(head, ["ID", "TIME", "EVID", "DOSE", "TAD", "cp", "WT"]);
    assert_eq!(rows.len(), 10);
    let (ka, k, lag) = (1.2, 5.0 / 40.0, 0.25);
    // 100 mg every 12 h, three times; the printed row of a record is after what happens there.
    let level = |t: f64| -> f64 {
        (0..3)
            .map(|dose| t - lag - 12.0 * f64::from(dose))
            .filter(|since| *since > 0.0)
            .map(|since| {
                100.0 * 1000.0 / 40.0 * ka / (ka - k) * (exp(-k * since) - exp(-ka * since))
            })
            .sum()
    };
    for row in &rows[..6] {
        let expected = level(row[1]);
        assert!(
            (row[5] - expected).abs() <= 1e-10 * expected,
            "{row:?} {expected}"
        );
    }
    // At 26 h the third dose, given at 24 h, is two hours old; the additional ones count.
    assert_eq!((rows[4][3], rows[4][4]), (3.0, 2.0));
    // A two-hour infusion of 50 mg every 8 h at steady state, clearance by body weight: what comes in
    // over an interval is the area times clearance.
    let k = 5.0 * pow(95.0 / 70.0, 0.75) / 40.0;
    let peak = 1000.0 * 25.0 / (k * 40.0) * (1.0 - exp(-2.0 * k)) / (1.0 - exp(-8.0 * k));
    assert!(
        (rows[8][5] / peak - 1.0).abs() < 1e-10,
        "{} {peak}",
        rows[8][5]
    );
    let trough = peak * exp(-6.0 * k);
    for at_trough in [rows[6][5], rows[9][5]] {
        assert!(
            (at_trough / trough - 1.0).abs() < 1e-10,
            "{at_trough} {trough}"
        );
    }
}

#[test]
fn the_saturable_example_agrees_between_methods_and_with_its_equation() {
    let auto = good(&example(
        "michaelis-menten",
        &["--rtol", "1e-10", "--atol", "1e-12"],
    ));
    let stiff = good(&example(
        "michaelis-menten",
        &[
            "--method",
            "rosenbrock",
            "--rtol",
            "1e-10",
            "--atol",
            "1e-12",
        ],
    ));
    let ((head, a), (_, b)) = (rows(&auto), rows(&stiff));
    assert_eq!(head[5..], ["cp", "cm", "pressure"]);
    for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
        assert!((a - b).abs() <= 1e-7 * a.abs() + 1e-9, "{a} {b}");
    }
    // km·ln(c0/c) + c0 − c = vmax/v·t, the integrated equation.
    let c0 = 300.0 / 30.0;
    for row in &a {
        let left = 2.0 * ln(c0 / row[5]) + c0 - row[5];
        assert!((left - 8.0 / 30.0 * row[1]).abs() < 1e-7, "{row:?}");
    }
    assert_eq!(a[0][7], 120.0);
    assert!(a[2][7] < 60.0);
    // The closed form does not fit, and is refused rather than replaced.
    let refused = example("michaelis-menten", &["--method", "closed-form"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("the model is not linear"));
}

#[test]
fn json_has_units_methods_and_the_same_numbers() {
    let value: Value =
        serde_json::from_str(&good(&example("one-compartment", &["--format", "json"]))).unwrap();
    assert_eq!(value["outputs"][0]["unit"], "ng/mL");
    assert_eq!(value["subjects"]["2"]["method"], "ClosedForm");
    let (_, csv) = rows(&good(&example("one-compartment", &[])));
    assert_eq!(value["columns"][5], "cp");
    for (json, csv) in value["rows"].as_array().unwrap().iter().zip(&csv) {
        assert_eq!(json[5].as_f64().unwrap(), csv[5]);
    }
}

#[test]
fn a_population_gives_quantiles_or_everybody_and_repeats_for_a_seed() {
    let bands = |more: &[&str]| {
        good(&example(
            "one-compartment",
            &[&["--population", "300", "--seed", "5"], more].concat(),
        ))
    };
    let (head, band) = rows(&bands(&[]));
    assert_eq!(
        head[5..10],
        ["cp_p5", "cp_p25", "cp_p50", "cp_p75", "cp_p95"]
    );
    assert_eq!(band.len(), 10);
    assert!(band[2][5..10].windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(bands(&["--threads", "1"]), bands(&["--threads", "2"]));
    assert_ne!(bands(&["--residual"]), bands(&[]));
    // The quantiles are those of everybody.
    let (head, each) = rows(&bands(&["--each"]));
    assert_eq!(head[1], "PERSON");
    assert_eq!(each.len(), 3000);
    let mut own: Vec<f64> = each
        .iter()
        .filter(|row| row[0] == 1.0 && row[2] == 4.0)
        .map(|row| row[6])
        .collect();
    own.sort_by(f64::total_cmp);
    assert_eq!(own.len(), 300);
    assert_eq!(0.5 * (own[149] + own[150]), band[2][7]);
    // Without spread there is nobody to tell apart.
    let same = example("michaelis-menten", &["--population", "10"]);
    assert_eq!(same.status.code(), Some(2));
    assert!(text(&same.stderr).contains("[[spread]]"));
}

#[test]
fn a_level_model_of_the_catalogue_runs_too() {
    let folder = folder("level");
    let data = folder.join("doses.csv");
    // The covariate of the model is body weight, kg.
    std::fs::write(&data, "ID,TIME,AMT,CMT,weight\n1,0,40,gut,77\n1,2,0,.,77\n").unwrap();
    let output = run_model(&[
        "--model",
        "data/models/kratom-2026.toml",
        "--data",
        data.to_str().unwrap(),
    ]);
    let (head, rows) = rows(&good(&output));
    assert_eq!(head[5..], ["mitragynine", "7-hydroxymitragynine", "weight"]);
    assert!(rows[1][5] > rows[1][6] && rows[1][6] > 0.0);
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = folder("output");
    let target = folder.join("levels.csv");
    let path = target.to_str().unwrap();
    let output = example("one-compartment", &["--output", path]);
    assert!(good(&output).is_empty());
    let written = std::fs::read_to_string(&target).unwrap();
    assert_eq!(written, good(&example("one-compartment", &[])));
    // A run that fails leaves what was there.
    let bad = folder.join("bad.csv");
    std::fs::write(&bad, "ID,TIME,EVID\n1,zero,0\n").unwrap();
    let model = format!("{MODELS}/michaelis-menten.toml");
    let failed = run_model(&[
        "--model",
        &model,
        "--data",
        bad.to_str().unwrap(),
        "--output",
        path,
    ]);
    assert_eq!(failed.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), written);
    let nowhere = folder.join("no/such/folder/x.csv");
    let failed = example("one-compartment", &["--output", nowhere.to_str().unwrap()]);
    assert_eq!(failed.status.code(), Some(2));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
}

#[test]
fn records_come_from_standard_input_too() {
    let model = format!("{MODELS}/michaelis-menten.toml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(["run-model", "--model", &model, "--data", "-"])
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let records = b"ID,TIME,EVID,AMT,DV\n7,0,1,300,.\n7,1,0,0,3\n";
    child.stdin.take().unwrap().write_all(records).unwrap();
    let output = child.wait_with_output().unwrap();
    let (_, rows) = rows(&good(&output));
    assert_eq!(rows[1][0], 7.0);
    assert!(text(&output.stderr).contains("the column DV is not used"));
}

/// What is written on standard error for a model and records; both may be wrong at once.
fn refused(folder: &Path, model: &str, data: &[u8]) -> String {
    let (model_path, data_path) = (folder.join("model.toml"), folder.join("events.csv"));
    std::fs::write(&model_path, model).unwrap();
    std::fs::write(&data_path, data).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(["run-model", "--model", "model.toml", "--data", "events.csv"])
        .env("NO_COLOR", "1")
        .current_dir(folder)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    let message = text(&output.stderr);
    assert!(message.contains("nothing was simulated"), "{message}");
    // Each error has a hint of its own.
    let count = |word: &str| message.matches(word).count();
    assert_eq!(
        count("error[") + count("note["),
        count("help: "),
        "{message}"
    );
    message
}

const MODEL: &str = r#"id = "m"
title = "one compartment"
parameter = [
    { name = "cl", unit = "L/h", value = 5 },
    { name = "v", unit = "L", value = 40 },
]
compartment = [{ name = "central", unit = "mg" }]
flow = [{ from = "central", rate = { first_order = { times = ["cl"], over = ["v"] } } }]
output = [{ name = "cp", unit = "mg/L", compartment = "central", scale = { over = ["v"] } }]
"#;

const DATA: &str =
    "ID,TIME,EVID,AMT,CMT,RATE,DUR,II,ADDL,SS\n1,0,1,100,central,0,0,0,0,0\n1,4,0,0,.,0,0,0,0,0\n";

/// Each: what is changed, into what, where it is reported, and a word of the message and of the hint.
#[test]
fn every_mistake_in_a_model_is_named_with_place_and_hint() {
    let folder = folder("bad-model");
    for (from, to, place, message, hint) in [
        (
            "unit = \"L/h\", ",
            "",
            "model.toml:4:5",
            "the key `unit` is missing",
            "add `unit = \"…\"`: Unit as written, for example `1/h`",
        ),
        (
            "\"L/h\"",
            "\" \"",
            "model.toml:4:27",
            "the parameter 'cl' has no unit",
            "unit = \"1/h\"",
        ),
        (
            "\"L/h\"",
            "\"L\"",
            "model.toml:8:",
            "the rate of flow 1 has the unit 1; 1/h is needed",
            "time is in hours",
        ),
        (
            "\"L/h\"",
            "\"L/min\"",
            "model.toml:8:",
            "in 60 1/h where 1/h is needed",
            "nothing is converted",
        ),
        (
            "\"L/h\"",
            "\"litres an hour\"",
            "model.toml:4:27",
            "cannot be read at 'litres an hour'",
            "write units as",
        ),
        (
            "from = \"central\"",
            "from = \"centre\"",
            "model.toml:8:18",
            "names the compartment 'centre'",
            "the model has central",
        ),
        (
            "compartment = \"central\", scale",
            "compartment = \"effect\", scale",
            "model.toml:9:",
            "names the compartment 'effect'",
            "the model has central",
        ),
        (
            "times = [\"cl\"]",
            "times = [\"clr\"]",
            "model.toml:8:",
            "names the parameter 'clr'",
            "the model has cl, v",
        ),
        (
            "value = 5",
            "value = nan",
            "model.toml:4:",
            "NaN is not a number one can use",
            "write a finite number",
        ),
        (
            "value = 5",
            "value = -5",
            "model.toml:4:",
            "is -5, must be not negative",
            "it must be",
        ),
        (
            "unit = \"mg/L\"",
            "unit = \"ng/mL\"",
            "model.toml:9:",
            "one of the first is 1000 of the second",
            "factor = 1000",
        ),
        (
            "{ first_order =",
            "{ second_order =",
            "model.toml:8:",
            "one way of saying this is needed",
            "first_order, michaelis_menten, zero_order",
        ),
        (
            "title =",
            "titel =",
            "model.toml:2:1",
            "unknown key `titel`",
            "did you mean `title`?",
        ),
        (
            "name = \"v\"",
            "name = \"cl\"",
            "model.toml:5:",
            "the parameter 'cl' is defined twice",
            "a name of its own",
        ),
        (
            "id = \"m\"",
            "id = \"m",
            "model.toml:1:",
            "invalid basic string",
            "text stands between two quotation marks",
        ),
        (
            "id = \"m\"",
            "id = \"m\"\nid = \"n\"",
            "model.toml:2:1",
            "duplicate key",
            "a key stands once in its table",
        ),
        (
            "compartment = [{ name = \"central\", unit = \"mg\" }]",
            "",
            "model.toml:1:1",
            "it has no compartment",
            "docs/engine.md",
        ),
        (
            "output = ",
            "# output = ",
            "model.toml:1:1",
            "the model predicts nothing",
            "add an [[output]]",
        ),
    ] {
        assert!(MODEL.contains(from), "{from}");
        let message_text = refused(&folder, &MODEL.replacen(from, to, 1), DATA.as_bytes());
        for part in [place, message, hint] {
            assert!(
                message_text.contains(part),
                "{to}: {part} is not in\n{message_text}"
            );
        }
    }
}

#[test]
fn every_mistake_in_the_records_is_named_with_place_and_hint() {
    let folder = folder("bad-data");
    let row = |fields: &str| format!("{DATA}{fields}\n");
    for (data, place, message, hint) in [
        (
            "ID,TIME,AMOUNT\n1,0,5\n".to_owned(),
            "events.csv:1:9",
            "unknown column 'AMOUNT'",
            "known columns",
        ),
        (
            "ID,TIME,ADL\n1,0,5\n".to_owned(),
            "events.csv:1:9",
            "unknown column 'ADL'",
            "did you mean ADDL?",
        ),
        (
            "ID,AMT\n1,5\n".to_owned(),
            "events.csv:1:1",
            "the column TIME is missing",
            "header",
        ),
        (
            row("1,2,0,0,.,0,0,0,0,0"),
            "events.csv:4:3",
            "time 2 comes after time 4",
            "sort the records",
        ),
        (
            row("1,.,0,0,.,0,0,0,0,0"),
            "events.csv:4:3",
            "TIME is '.'",
            "may not be missing",
        ),
        (
            row("1,NaN,0,0,.,0,0,0,0,0"),
            "events.csv:4:3",
            "TIME is 'NaN'",
            "write a number",
        ),
        (
            row("1,inf,0,0,.,0,0,0,0,0"),
            "events.csv:4:3",
            "TIME is 'inf'",
            "write a number",
        ),
        (
            row("1,5,1,9,central,0,0,0,3,0"),
            "events.csv:4:23",
            "ADDL without II",
            "need an interval",
        ),
        (
            row("1,5,1,9,central,0,0,0,0,1"),
            "events.csv:4:25",
            "SS without II",
            "needs an interval",
        ),
        (
            row("1,5,1,9,central,0,-2,0,0,0"),
            "events.csv:4:19",
            "DUR is -2",
            "not negative",
        ),
        (
            row("1,5,1,9,gut,0,0,0,0,0"),
            "events.csv:4:9",
            "unknown compartment 'gut'",
            "1 central",
        ),
        (
            row("1,5,1,9,2,0,0,0,0,0"),
            "events.csv:4:9",
            "unknown compartment '2'",
            "1 central",
        ),
        (
            row("1,5,1,-9,1,0,0,0,0,0"),
            "events.csv:4:7",
            "AMT is -9",
            "not negative",
        ),
        (
            row("1,5,7,9,1,0,0,0,0,0"),
            "events.csv:4:5",
            "EVID is 7",
            "0, 1, 2, 3 or 4",
        ),
        (
            row("1,5,1,9,1,-1,0,0,0,0"),
            "events.csv:4:11",
            "RATE is -1, but the compartment 'central' has no dose_rate in the model",
            "give it dose_rate in the model file",
        ),
        (
            row("1,5,1,0,1,10,0,12,0,1"),
            "events.csv:4:7",
            "a dose whose amount (AMT) is 0",
            "the steady state of a constant infusion",
        ),
        (
            row("1,5,0,0,1,10,0,0,0,0"),
            "events.csv:4:11",
            "RATE is 10 on a record that gives no dose",
            "write 0 or a dot",
        ),
        (
            row("#1,5,0,0,1,0,0,0,0,0"),
            "events.csv:4:1",
            "a line after the header starts with #",
            "take it out of the file",
        ),
        (
            row("1,5,1,9,1"),
            "events.csv:4:1",
            "5 fields where the header has 10",
            "a dot",
        ),
        (
            row("2,5,1,9,1,0,0,0,0,0\n1,6,0,0,.,0,0,0,0,0"),
            "events.csv:5:1",
            "subject 1 starts again",
            "together",
        ),
        (
            String::new(),
            "events.csv:1:1",
            "no header",
            "names the columns",
        ),
    ] {
        let message_text = refused(&folder, MODEL, data.as_bytes());
        for part in [place, message, hint] {
            assert!(
                message_text.contains(part),
                "{part} is not in\n{message_text}"
            );
        }
    }
}

#[test]
fn mistakes_of_both_files_come_together() {
    let folder = folder("bad-both");
    let model = MODEL
        .replacen("\"L/h\"", "\"L\"", 1)
        .replacen("value = 40", "value = -40", 1);
    let data = "ID,TIME,EVID,AMT,CMT\n1,0,1,x,gut\n1,0,9,1,1\n";
    let message = refused(&folder, &model, data.as_bytes());
    for part in [
        "-40, must be",
        "has the unit 1;",
        "AMT is 'x'",
        "unknown compartment 'gut'",
        "EVID is 9",
        "5 errors",
    ] {
        assert!(message.contains(part), "{part} is not in\n{message}");
    }
    // A model that is no model still lets the records be read.
    let model = MODEL.replacen("unit = \"L/h\", ", "", 1);
    let message = refused(&folder, &model, data.as_bytes());
    assert!(message.contains("`unit` is missing") && message.contains("unknown compartment 'gut'"));
    // Not even TOML that cannot be read at all keeps the records from being checked.
    let message = refused(&folder, &MODEL.replacen("= [", "= ", 1), data.as_bytes());
    for part in ["model.toml:3:13", "AMT is 'x'", "EVID is 9"] {
        assert!(message.contains(part), "{part} is not in\n{message}");
    }
    assert!(!message.contains("unknown compartment"), "{message}");
    let deep = "a.".repeat(3000) + "a = 1\n";
    let message = refused(&folder, &deep, data.as_bytes());
    assert!(message.contains("model.toml:1:") && message.contains("EVID is 9"));
    let message = refused(&folder, "", data.as_bytes());
    assert!(message.contains("model.toml:1:1"), "{message}");
    // More errors than are shown are not passed over in silence.
    let many = format!("ID,TIME\n{}", "1,x\n".repeat(300));
    let message = refused(&folder, MODEL, many.as_bytes());
    for part in [
        "only the first 100 errors are shown; reading stopped at line 101",
        "100 errors or more; nothing was simulated",
    ] {
        assert!(message.contains(part), "{part} is not in\n{message}");
    }
    let model = MODEL
        .replacen("\"L/h\", ", "\"L\", ", 1)
        .replacen("value = 40", "value = -40", 1);
    refused(&folder, &model, data.as_bytes());
    // Programs get them on standard output.
    let output = Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args([
            "run-model",
            "--model",
            "model.toml",
            "--data",
            "events.csv",
            "--format",
            "json",
        ])
        .current_dir(&folder)
        .output()
        .unwrap();
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let errors = value["errors"].as_array().unwrap();
    assert!(
        errors
            .iter()
            .all(|error| error["line"].is_number() && error["column"].is_number())
    );
    assert!(
        errors
            .iter()
            .all(|error| !error["hint"].as_str().unwrap().is_empty())
    );
    assert_eq!(errors.len(), 5);
}

/// A line of a gigabyte is refused after the first 64 KiB of it; nothing of it is held.
#[test]
fn a_line_of_a_gigabyte_is_refused_at_once() {
    let folder = folder("long-line");
    let data = folder.join("events.csv");
    let mut file = std::fs::File::create(&data).unwrap();
    file.write_all(b"ID,TIME\n1,").unwrap();
    // A hole of a gigabyte reads as zero bytes and takes no room on the disk.
    file.set_len(1 << 30).unwrap();
    drop(file);
    let model = folder.join("model.toml");
    std::fs::write(&model, MODEL).unwrap();
    let (model, data) = (model.to_str().unwrap(), data.to_str().unwrap());
    let output = run_model(&["--model", model, "--data", data]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(
        message.contains("events.csv:2:1") && message.contains("longer than 65536 bytes"),
        "{message}"
    );
    // A model file of that size is no model file.
    let output = run_model(&["--model", data, "--data", data]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("at most 4194304 are read"));
}

#[test]
fn subjects_that_fail_are_named_with_cause_and_parameters() {
    let folder = folder("failing");
    let data = folder.join("events.csv");
    // 40 mg every hour is more than the largest rate of elimination, 8 mg/h: no steady state exists.
    std::fs::write(
        &data,
        "ID,TIME,EVID,AMT,II,SS\nA,0,1,4,1,1\nA,1,0,0,0,0\nB,0,1,40,1,1\nB,1,0,0,0,0\n",
    )
    .unwrap();
    let (model, data) = (
        format!("{MODELS}/michaelis-menten.toml"),
        data.to_str().unwrap(),
    );
    let output = run_model(&["--model", &model, "--data", data]);
    assert_eq!(output.status.code(), Some(4));
    let message = text(&output.stderr);
    for part in [
        "1 of 2",
        "could not be simulated: subject B: no steady state",
        "vmax=8",
        "--failures-allowed 1",
    ] {
        assert!(message.contains(part), "{part} is not in\n{message}");
    }
    assert!(output.stdout.is_empty());
    let output = run_model(&["--model", &model, "--data", data, "--failures-allowed", "1"]);
    let table = good(&output);
    assert_eq!(
        table.lines().filter(|line| line.starts_with('B')).count(),
        0
    );
    assert_eq!(
        table.lines().filter(|line| line.starts_with('A')).count(),
        2
    );
    assert!(text(&output.stderr).contains("left out, could not be simulated: subject B"));
}

/// A lag around half an hour, normally distributed: below zero, and so impossible, in some.
const LAG: &str = r#"id = "lag"
title = "a lag that varies"
parameter = [
    { name = "ka", unit = "1/h", value = 1 },
    { name = "cl", unit = "L/h", value = 5 },
    { name = "v", unit = "L", value = 40 },
    { name = "lag", unit = "h", value = 0.5, distribution = "normal" },
]
compartment = [{ name = "depot", unit = "mg", lag = { times = ["lag"] } }, { name = "central", unit = "mg" }]
flow = [
    { from = "depot", to = "central", rate = { first_order = { times = ["ka"] } } },
    { from = "central", rate = { first_order = { times = ["cl"], over = ["v"] } } },
]
output = [{ name = "cp", unit = "mg/L", compartment = "central", scale = { over = ["v"] } }]
covariate_effect = [{ parameter = "cl", covariate = "WT", unit = "kg", form = { power = { reference = 70, exponent = 0.75 } } }]
spread = [{ source = "between-subject", parameters = ["lag"], size = { sd = [0.3] } }]
"#;

const WEIGHED: &str = "ID,TIME,EVID,AMT,WT,OCC,DV,ARM,MDV\n\
    A,0,1,100,70,1,.,low,1\nA,4,0,.,80,2,1.50,low,0\n\
    B,0,1,50,60,1,.,\"high\",1\nB,4,0,.,60,1,0.7,\"high\",0\n";

/// Runs in a folder with a model and records of its own.
fn run_in(folder: &Path, more: &[&str]) -> Output {
    std::fs::write(folder.join("lag.toml"), LAG).unwrap();
    std::fs::write(folder.join("weighed.csv"), WEIGHED).unwrap();
    Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args(["run-model", "--model", "lag.toml", "--data", "weighed.csv"])
        .args(["--ignore", "ARM"])
        .args(more)
        .env("NO_COLOR", "1")
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn everybody_who_fails_is_named_and_the_number_named_is_enough() {
    let folder = folder("lag");
    for each in [&[][..], &["--each"]] {
        let people = [&["--population", "200", "--seed", "4"], each].concat();
        let output = run_in(&folder, &people);
        assert_eq!(output.status.code(), Some(4));
        assert!(output.stdout.is_empty());
        let message = text(&output.stderr);
        let named: Vec<&str> = message
            .lines()
            .filter(|line| line.starts_with("could not be simulated: subject "))
            .collect();
        assert!(named.len() > 5, "{message}");
        for line in &named {
            assert!(
                line.contains(", person ") && line.contains("lag=-"),
                "{line}"
            );
            assert!(line.contains("lag is -"), "{line}");
        }
        let count = named.len().to_string();
        let advice = format!("{count} of 400 could not be simulated; --failures-allowed {count} ");
        assert!(message.contains(&advice), "{message}");
        let enough = run_in(
            &folder,
            &[&people[..], &["--failures-allowed", &count]].concat(),
        );
        good(&enough);
        let told = text(&enough.stderr);
        assert_eq!(
            told.matches("note: left out, could not be simulated")
                .count(),
            named.len()
        );
        let few = (named.len() - 1).to_string();
        let few = run_in(
            &folder,
            &[&people[..], &["--failures-allowed", &few]].concat(),
        );
        assert_eq!(few.status.code(), Some(4));
        // The same for programs.
        let json = [&people[..], &["--format", "json"]].concat();
        let output = run_in(&folder, &json);
        assert_eq!(output.status.code(), Some(4));
        let value: Value = serde_json::from_slice(&output.stdout).unwrap();
        let failures = value["failures"].as_array().unwrap();
        assert_eq!(failures.len(), named.len());
        let output = run_in(
            &folder,
            &[&json[..], &["--failures-allowed", "400"]].concat(),
        );
        let value: Value = serde_json::from_str(&good(&output)).unwrap();
        assert_eq!(value["failures"].as_array().unwrap(), failures);
        for failure in failures {
            assert!(failure["person"].as_u64().unwrap() >= 1);
            assert!(failure["parameters"]["lag"].as_f64().unwrap() < 0.0);
        }
    }
}

#[test]
fn columns_are_carried_as_asked_and_the_result_says_how() {
    let folder = folder("carry");
    let carried = |rules: &[&str]| {
        let rules: Vec<&str> = rules.iter().flat_map(|rule| ["--carry", rule]).collect();
        let output = run_in(&folder, &[&rules[..], &["--format", "json"]].concat());
        let value: Value = serde_json::from_str(&good(&output)).unwrap();
        let words = ["WT", "OCC"].map(|name| value["carry"][name].as_str().unwrap().to_owned());
        (
            words.join(" "),
            value["rows"][1][5].as_f64().unwrap(),
            text(&output.stderr),
        )
    };
    let (words, backward, told) = carried(&[]);
    assert_eq!(words, "backward backward");
    assert!(
        told.contains("note: carried between records: WT backward; OCC backward"),
        "{told}"
    );
    let (words, forward, _) = carried(&["forward"]);
    assert_eq!(words, "forward forward");
    // Heavier from the start is faster elimination.
    assert!(backward < forward);
    let (words, linear, _) = carried(&["linear"]);
    assert_eq!(words, "linear backward");
    assert!(backward < linear && linear < forward);
    assert_eq!(carried(&["WT=forward"]).0, "forward backward");
    assert_eq!(carried(&["forward", "WT=backward"]).1, backward);
    for wrong in [
        &["--carry", "sideways"][..],
        &["--carry", "HT=forward"],
        &["--carry", "OCC=linear"],
        &["--carry", "forward", "--carry", "linear"],
    ] {
        assert_eq!(run_in(&folder, wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn columns_of_the_data_are_handed_on() {
    let folder = folder("keep");
    let output = run_in(&folder, &["--keep", "DV", "--keep", "arm"]);
    let table = good(&output);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].ends_with(",WT,OCC,DV,ARM"), "{table}");
    assert!(lines[1].ends_with(",70,1,.,low") && lines[2].ends_with(",80,2,1.50,low"));
    assert!(lines[4].ends_with(",0.7,high"));
    let told = text(&output.stderr);
    assert!(told.contains("column MDV is not used") && !told.contains("column DV is not used"));
    // In quantiles and for programs too.
    let bands = [
        "--population",
        "20",
        "--failures-allowed",
        "40",
        "--keep",
        "DV",
    ];
    let output = run_in(&folder, &[&bands[..], &["--format", "json"]].concat());
    let value: Value = serde_json::from_str(&good(&output)).unwrap();
    let row = value["rows"][1].as_array().unwrap();
    assert_eq!(row.last().unwrap(), "1.50");
    assert_eq!(row.len(), value["columns"].as_array().unwrap().len());
    for (kept, why) in [
        ("AGE", "there is no column 'AGE' to keep"),
        ("TIME", "has a column TIME already"),
    ] {
        let output = run_in(&folder, &["--keep", kept]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(why),
            "{}",
            text(&output.stderr)
        );
    }
}

/// Subjects that change places in the file keep their draws.
#[test]
fn the_order_of_subjects_changes_nobodys_draws() {
    let folder = folder("order");
    let options = ["--population", "50", "--failures-allowed", "100"];
    let first = good(&run_in(&folder, &options));
    let lines: Vec<&str> = WEIGHED.lines().collect();
    let swapped = [lines[0], lines[3], lines[4], lines[1], lines[2]].join("\n");
    std::fs::write(folder.join("swapped.csv"), swapped).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ketum"))
        .args([
            "run-model",
            "--model",
            "lag.toml",
            "--data",
            "swapped.csv",
            "--ignore",
            "ARM",
        ])
        .args(options)
        .current_dir(&folder)
        .output()
        .unwrap();
    let second = good(&output);
    let sorted = |table: &str| {
        let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_ne!(first, second);
    assert_eq!(sorted(&first), sorted(&second));
}

#[test]
fn the_result_is_never_written_over_what_was_read() {
    let folder = folder("over");
    run_in(&folder, &[]);
    std::fs::write(folder.join("levels.csv.new"), "mine").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("weighed.csv", folder.join("link.csv")).unwrap();
    for output in [
        "weighed.csv",
        "./lag.toml",
        "link.csv",
        ".",
        "no/such/folder.csv",
    ] {
        if output == "link.csv" && !cfg!(unix) {
            continue;
        }
        let refused = run_in(&folder, &["--output", output]);
        assert_eq!(refused.status.code(), Some(2), "{output}");
        assert!(text(&refused.stderr).contains("cannot write"), "{output}");
    }
    assert_eq!(
        std::fs::read_to_string(folder.join("weighed.csv")).unwrap(),
        WEIGHED
    );
    assert_eq!(
        std::fs::read_to_string(folder.join("lag.toml")).unwrap(),
        LAG
    );
    // A stranger's file beside the result stays, and nothing else is left there.
    good(&run_in(&folder, &["--output", "levels.csv"]));
    assert_eq!(
        std::fs::read_to_string(folder.join("levels.csv.new")).unwrap(),
        "mine"
    );
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "link.csv")
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["lag.toml", "levels.csv", "levels.csv.new", "weighed.csv"]
    );
}

#[test]
fn what_would_not_fit_into_memory_is_refused_before_it_is_simulated() {
    let folder = folder("memory");
    run_in(&folder, &[]);
    let mut data = "ID,TIME,EVID,AMT,WT\nA,0,1,100,70\n".to_owned();
    for time in 1..3000 {
        data.push_str(&format!("A,{time},0,0,70\n"));
    }
    std::fs::write(folder.join("long.csv"), data).unwrap();
    for (more, advice) in [(&["--each"][..], "without --each"), (&[], "fewer people")] {
        let output = Command::new(env!("CARGO_BIN_EXE_ketum"))
            .args(["run-model", "--model", "lag.toml", "--data", "long.csv"])
            .args(["--population", "1000000"])
            .args(more)
            .current_dir(&folder)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let message = text(&output.stderr);
        assert!(
            message.contains("GB of predictions would be held") && message.contains(advice),
            "{message}"
        );
    }
}

#[test]
fn help_has_examples_and_options_are_checked() {
    let help = text(&run_model(&["--help"]).stdout);
    assert!(help.contains("Examples:") && help.contains("one-compartment.csv"));
    for wrong in [
        ["--rtol", "0"],
        ["--rtol", "x"],
        ["--population", "0"],
        ["--threads", "0"],
        ["--seed", "-1"],
    ] {
        assert_eq!(
            example("one-compartment", &wrong).status.code(),
            Some(2),
            "{wrong:?}"
        );
    }
    assert_eq!(
        example("one-compartment", &["--each"]).status.code(),
        Some(2)
    );
}

/// The files that ship with ketum are models with fitting units.
#[test]
fn the_shipped_models_compile_with_their_units() {
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("data/models")).unwrap() {
        let path = entry.unwrap().path();
        let file =
            ketum_data::model_file::read("model.toml", &std::fs::read(&path).unwrap()).unwrap();
        let description = file.description.unwrap();
        if let Err(problems) = ketum_sim::Model::compile_checked(&description) {
            panic!("{}: {problems:#?}", path.display());
        }
        seen += 1;
    }
    assert!(seen >= 7, "{seen}");
}
