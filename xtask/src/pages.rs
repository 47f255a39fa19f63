//! Pages as readers see them: every kind of page the program writes, looked at by a browser.
//!
//! The pages are written by the program itself; `tests-web/` opens them in Chromium, on a screen, in the
//! dark, on a phone and on paper, and asks axe-core for what shuts people out.

use std::path::Path;
use std::process::Command;

use crate::check::{run, run_in, say, succeeds};

/// Debian's packages, and the program each brings.
const PACKAGES: &[(&str, &str)] = &[("chromium", "chromium"), ("node", "nodejs"), ("npm", "npm")];

/// The day the pages are of, so that they do not change by themselves.
const TODAY: &str = "2026-11-24";

/// Writes every page into `folder` and has the browser look at them.
pub fn look(root: &Path) -> Result<(), String> {
    install(root)?;
    let folder = root.join("target/pages");
    write(root, &folder)?;
    let tests = root.join("tests-web");
    run_in(&tests, &["npm", "ci", "--no-audit", "--no-fund"], &[])?;
    let folder = folder.to_string_lossy().into_owned();
    run_in(&tests, &["npm", "test"], &[("KETUM_PAGES", &folder)])
}

fn install(root: &Path) -> Result<(), String> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(program, _)| !succeeds(Command::new(program).arg("--version")))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("installing: {}", missing.join(" ")));
    // On a machine of one's own the package manager asks for the password; continuous integration is root.
    let root_user = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout.starts_with(b"0"));
    let sudo: &[&str] = if root_user { &[] } else { &["sudo"] };
    let apt = |words: &[&str]| run(root, &[sudo, &["apt-get", "-q"], words].concat());
    apt(&["update"])
        .and_then(|()| {
            let install = ["install", "-y", "--no-install-recommends"];
            apt(&[&install[..], &missing[..]].concat())
        })
        .map_err(|why| {
            format!(
                "{why}\nthe pages are looked at in a browser: install {} with this machine's package manager, \
                 or set CHROMIUM to the program",
                missing.join(", ")
            )
        })
}

/// Every kind of page, of every example.
fn write(root: &Path, folder: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(failed)?;
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    run(
        root,
        &["cargo", "build", "--quiet", "--package", "ketum-cli"],
    )?;
    let page = |name: &str, words: &[&str]| -> Result<(), String> {
        let output = Command::new(root.join("target/debug/ketum"))
            .args(words)
            .current_dir(root)
            .output()
            .map_err(|error| format!("cannot run ketum: {error}"))?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            return Err(format!("ketum {}: {why}", words.join(" ")));
        }
        std::fs::write(folder.join(name), output.stdout).map_err(failed)
    };
    let examples = std::fs::read_dir(root.join("examples")).map_err(failed)?;
    let mut names: Vec<String> = examples
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    names.sort();
    for name in &names {
        let case = format!("examples/{name}");
        let words = ["assess", &case, "--format", "html", "--today", TODAY];
        page(
            &format!("assess-{}.html", name.trim_end_matches(".toml")),
            &words,
        )?;
    }
    page(
        "law-world.html",
        &["law", "table", "--html", "--date", TODAY],
    )?;
    page(
        "law-place.html",
        &["law", "US-FL", "--html", "--date", TODAY],
    )?;
    page(
        "validate.html",
        &["validate", "--format", "html", "--trials", "100"],
    )
}
