//! Each lint has a folder of bad files in `tests/lints/<code>/` with the diagnostics it must give in
//! `expected.txt`. Run with `KETUM_UPDATE=1` to write them anew, and read the difference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ketum_data::law_lint::LAW_CODES;
use ketum_data::lint::{CODES, lint};

/// Lints that a file cannot trigger by itself: they belong to shapes no fact file has today, or catch
/// what the other checks let through.
const WITHOUT_FOLDER: [&str; 4] = ["shape", "variant", "length", "clock"];

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lints");
    let mut all: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    all.sort();
    all
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn bad_files_give_the_expected_diagnostics() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let report = lint(&folder, Some("2026-11-24".parse().unwrap())).unwrap();
        let code = name(&folder);
        for diagnostic in &report.diagnostics {
            let listed = CODES
                .iter()
                .chain(LAW_CODES)
                .any(|(listed, _)| *listed == diagnostic.code);
            assert!(listed, "`{}` is missing in lint/codes.rs", diagnostic.code);
        }
        assert!(
            report
                .diagnostics
                .iter()
                .any(|diagnostic| diagnostic.code == code),
            "the files in {code} do not trigger it"
        );
        let found = report.render(false);
        let expected = folder.join("expected.txt");
        if std::env::var_os("KETUM_UPDATE").is_some() {
            fs::write(&expected, &found).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", expected.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_lint_has_bad_files_and_every_folder_a_lint() {
    let listed: BTreeSet<String> = CODES
        .iter()
        .chain(LAW_CODES)
        .map(|(code, _)| (*code).to_owned())
        .filter(|code| !WITHOUT_FOLDER.contains(&code.as_str()))
        .collect();
    let present: BTreeSet<String> = folders().iter().map(|folder| name(folder)).collect();
    assert_eq!(listed, present);
}

#[test]
fn the_shipped_facts_are_clean() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let report = lint(&data, None).unwrap();
    let serious = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity != ketum_data::document::Severity::Note)
        .map(ketum_data::document::Diagnostic::position);
    assert!(
        report.is_clean(),
        "run `ketum lint`: {:?}",
        serious.collect::<Vec<_>>()
    );
}
