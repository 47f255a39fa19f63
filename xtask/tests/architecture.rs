//! The architecture as a test: which crate may know which, what may never be linked, and whether the
//! requirements name tests that exist. Reads `cargo metadata` and the sources; asks no network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn packages(metadata: &Value) -> &[Value] {
    metadata["packages"].as_array().unwrap()
}

/// The edges that are allowed, downwards only. Development dependencies count too.
const EDGES: &[(&str, &[&str])] = &[
    ("ketum-core", &[]),
    ("ketum-data", &["ketum-core"]),
    ("ketum-sim", &["ketum-core"]),
    ("ketum", &["ketum-core", "ketum-data", "ketum-sim"]),
    ("ketum-report", &["ketum", "ketum-core", "ketum-data"]),
    (
        "ketum-cli",
        &[
            "ketum",
            "ketum-core",
            "ketum-data",
            "ketum-report",
            "ketum-sim",
        ],
    ),
    (
        "xtask",
        &[
            "ketum",
            "ketum-core",
            "ketum-data",
            "ketum-report",
            "ketum-sim",
        ],
    ),
];

#[test]
fn crates_depend_downwards_only() {
    let metadata = metadata();
    let allowed: BTreeMap<&str, BTreeSet<&str>> = EDGES
        .iter()
        .map(|(from, to)| (*from, to.iter().copied().collect()))
        .collect();
    let members: BTreeSet<&str> = packages(&metadata)
        .iter()
        .filter(|package| package["source"].is_null())
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        members,
        allowed.keys().copied().collect(),
        "a crate without a place in the picture"
    );
    for package in packages(&metadata) {
        let Some(allowed) = package["name"].as_str().and_then(|name| allowed.get(name)) else {
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["name"].as_str().unwrap();
            if members.contains(name) {
                assert!(
                    allowed.contains(name),
                    "{} -> {name} is not in the picture",
                    package["name"]
                );
            }
        }
    }
}

/// Crates that open connections. None may be in the tree of any member.
const HTTP_CLIENTS: &[&str] = &[
    "reqwest",
    "ureq",
    "isahc",
    "curl",
    "curl-sys",
    "attohttpc",
    "surf",
    "minreq",
    "hyper-tls",
    "hyper-rustls",
    "native-tls",
    "rustls",
    "tonic",
    "awc",
    "ehttp",
];

#[test]
fn nothing_in_the_tree_opens_connections() {
    let metadata = metadata();
    for package in packages(&metadata) {
        let name = package["name"].as_str().unwrap();
        assert!(
            !HTTP_CLIENTS.contains(&name),
            "{name} is an HTTP client or its transport"
        );
    }
}

#[test]
fn nothing_in_the_tree_is_copyleft() {
    let metadata = metadata();
    for package in packages(&metadata) {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or_default();
        let free = |expression: &str| {
            let words = ["GPL", "MPL", "EPL", "CDDL", "EUPL", "OSL", "SSPL"];
            !expression.is_empty() && !words.iter().any(|word| expression.contains(word))
        };
        // `A OR B` leaves the choice; one free side is enough. `AND` binds both.
        let fine = licence.replace('/', " OR ").split(" OR ").any(free);
        assert!(fine, "{name}: licence `{licence}`");
    }
}

#[test]
fn no_source_file_opens_a_socket() {
    for file in rust_files(&root().join("crates")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for word in ["std::net", "TcpStream", "UdpSocket"] {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirements {
    requirement: Vec<Requirement>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirement {
    id: String,
    text: String,
    risk: String,
    tests: Vec<String>,
}

/// Names of all test functions, with the file each stands in.
fn tests() -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for folder in ["crates", "xtask"] {
        for file in rust_files(&root().join(folder)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let mut marked = false;
            for line in text.lines() {
                let line = line.trim();
                if line.starts_with("#[test]") || line.starts_with("fn ") && line.contains(" in ") {
                    marked = true;
                }
                if let Some(rest) = line.strip_prefix("fn ") {
                    if marked {
                        let name = rest.split(['(', '<']).next().unwrap_or_default();
                        found.insert(name.to_owned(), file.clone());
                    }
                    marked = false;
                }
            }
        }
    }
    found
}

#[test]
fn every_requirement_names_tests_that_exist() {
    let text = std::fs::read_to_string(root().join("validation/requirements.toml")).unwrap();
    let requirements: Requirements = toml::from_str(&text).unwrap();
    let tests = tests();
    let mut seen = BTreeSet::new();
    for requirement in &requirements.requirement {
        assert!(
            seen.insert(&requirement.id),
            "{} stands twice",
            requirement.id
        );
        assert!(
            !requirement.text.is_empty() && !requirement.tests.is_empty(),
            "{}",
            requirement.id
        );
        assert!(
            ["safety", "honesty", "privacy", "correctness", "use"]
                .contains(&requirement.risk.as_str())
        );
        for test in &requirement.tests {
            assert!(
                tests.contains_key(test),
                "{}: there is no test `{test}`",
                requirement.id
            );
        }
    }
    // Safety first, literally.
    let first_other = requirements
        .requirement
        .iter()
        .position(|one| one.risk != "safety");
    let last_safety = requirements
        .requirement
        .iter()
        .rposition(|one| one.risk == "safety");
    assert!(first_other > last_safety, "safety requirements stand first");
}
