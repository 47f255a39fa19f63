//! The chapter on the kratom model: every number and table in it is written by this chore from the
//! results in `docs/kratom-model/`, and every result is written by a command named here.
//!
//! In the chapter a number stands between `<!--=KEY-->` and `<!--/-->`, a table between the same on lines
//! of their own. `cargo xtask model-chapter` writes them anew; a test compares.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

mod tables;

/// The chapter.
pub const CHAPTER: &str = "docs/kratom-model.md";
/// Where results stand.
const RESULTS: &str = "docs/kratom-model";

/// A result and the command that makes it. `{}` stands for the folder of results.
pub const RUNS: [(&str, &str); 25] = [
    ("validation.json", "validate --format json"),
    (
        "window-4.json",
        "validate --format json --window trakulsrichai-2015=4:24",
    ),
    (
        "window-12.json",
        "validate --format json --window trakulsrichai-2015=12:24",
    ),
    (
        "search-all.json",
        "calibrate --search-only --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-without-tanna.json",
        "calibrate --search-only --leave-out tanna-2022 --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-without-huestis-2024.json",
        "calibrate --search-only --leave-out huestis-2024-leaf --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-without-huestis-2026.json",
        "calibrate --search-only --leave-out huestis-2026-extract --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-6-people.json",
        "calibrate --search-only --n-assumed 6 --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-24-people.json",
        "calibrate --search-only --n-assumed 24 --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-ratio-of-cmax.json",
        "calibrate --search-only --ratio-of-cmax --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-independent.json",
        "calibrate --search-only --correlations 0 --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-seed-2.json",
        "calibrate --search-only --seed 2 --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-repeated-loss.json",
        "calibrate --search-only --alternative repeated-loss --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-giving-first-pass.json",
        "calibrate --search-only --alternative giving-first-pass --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-second-absorption.json",
        "calibrate --search-only --alternative second-absorption --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "search-third-compartment.json",
        "calibrate --search-only --alternative third-compartment --start {}/calibration.json --generations 100 --pool 120 --trials 120",
    ),
    (
        "enzymes-none.json",
        "calibrate --search-only --start {}/calibration.json --generations 140 --pool 64 --trials 100",
    ),
    (
        "enzymes.json",
        "calibrate --search-only --alternative enzyme-turnover --start {}/calibration.json --generations 140 --pool 64 --trials 100",
    ),
    (
        "third-compartment.json",
        "calibrate --alternative third-compartment --pool 120 --trials 120 --generations 200 --rounds 30 --report {}/third-compartment.json",
    ),
    ("worlds.json", "calibrate --worlds 6"),
    (
        "speciogynine.json",
        "validate --format json --model speciogynine-2026",
    ),
    (
        "paynantheine.json",
        "validate --format json --model paynantheine-2026",
    ),
    (
        "speciociliatine.json",
        "validate --format json --model speciociliatine-2026",
    ),
    (
        "mitraciliatine.json",
        "validate --format json --model mitraciliatine-2026",
    ),
    (
        "isopaynantheine.json",
        "validate --format json --model isopaynantheine-2026",
    ),
];

/// Makes the results that are missing with the release build of `ketum`, in order.
///
/// # Errors
/// A command that fails.
pub fn make(root: &Path) -> Result<String, String> {
    let folder = root.join(RESULTS);
    let mut said = String::new();
    for (file, command) in RUNS {
        let path = folder.join(file);
        if path.exists() {
            continue;
        }
        let command = command.replace("{}", &folder.display().to_string());
        let output = Command::new("cargo")
            .args([
                "run",
                "--release",
                "--quiet",
                "-p",
                "ketum-cli",
                "--bin",
                "ketum",
                "--",
            ])
            .args(command.split(' '))
            .current_dir(root)
            .stderr(std::process::Stdio::inherit())
            .output()
            .map_err(|error| error.to_string())?;
        // A calibration whose chains do not meet fails and still leaves its report, which is what is wanted.
        if !output.status.success() && !path.exists() {
            return Err(format!("`ketum {command}` failed"));
        }
        if !command.contains("--report") {
            std::fs::write(&path, output.stdout).map_err(|error| error.to_string())?;
        }
        said.push_str(&format!("{file}: ketum {command}\n"));
    }
    Ok(said)
}

/// The results, read once.
pub struct Results {
    folder: PathBuf,
    root: PathBuf,
}

impl Results {
    /// A result by its file's name.
    ///
    /// # Errors
    /// A file that is not there or no JSON.
    pub fn read(&self, file: &str) -> Result<Value, String> {
        let path = self.folder.join(file);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// A model file as a TOML table.
    ///
    /// # Errors
    /// As for [`Results::read`].
    pub fn model(&self, id: &str) -> Result<toml::Table, String> {
        let path = self.root.join(format!("data/models/{id}.toml"));
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// The chapter with everything in it written anew.
///
/// # Errors
/// A result that is missing, a key nobody knows.
pub fn render(root: &Path) -> Result<String, String> {
    let results = Results {
        folder: root.join(RESULTS),
        root: root.to_path_buf(),
    };
    let path = root.join(CHAPTER);
    let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("<!--=") {
        let (key, after) = after.split_once("-->").ok_or("a mark without an end")?;
        let (_, after) = after
            .split_once("<!--/-->")
            .ok_or_else(|| format!("`{key}` has no end"))?;
        let value = tables::of(key, &results).map_err(|error| format!("`{key}`: {error}"))?;
        out.push_str(before);
        out.push_str(&format!("<!--={key}-->{value}<!--/-->"));
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Writes the chapter.
///
/// # Errors
/// As for [`render`].
pub fn write(root: &Path) -> Result<String, String> {
    let text = render(root)?;
    std::fs::write(root.join(CHAPTER), text).map_err(|error| error.to_string())?;
    Ok(format!("wrote {CHAPTER}\n"))
}

#[cfg(test)]
mod tests {
    // A test fails by panicking.
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// The committed chapter is what its committed results give.
    #[test]
    fn the_chapter_is_in_step_with_its_results() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let committed = std::fs::read_to_string(root.join(CHAPTER)).unwrap();
        let fresh = render(&root).unwrap();
        assert!(
            committed == fresh,
            "run `cargo xtask model-chapter` and read the difference"
        );
        // Marks are there at all, so that the comparison can fail.
        assert!(committed.matches("<!--=").count() > 20);
    }
}
