//! The linter: judges the facts of a `data/` folder as a reviewer would.
//!
//! Each lint is one function from facts to diagnostics that name a file and a path inside it; positions
//! are found afterwards. Nothing stops at the first error.

mod answers;
mod citations;
mod claims;
mod clinic;
mod codes;
mod drugs;
mod findings;
mod grounds;
mod interactions;
mod monitoring;
mod numbers;
mod staleness;
mod studies;
mod words;

pub use codes::CODES;

use std::collections::BTreeMap;
use std::path::Path as FsPath;

use ketum_core::date::Date;
use ketum_core::evidence::Claim;
use ketum_core::law::LawWatch;

use crate::document::{Diagnostic, Document, Notation, Path, Severity};
use crate::facts::{CLASSES, Facts, KINDS, Kind};

pub use words::NEVER;

/// The list of legal documents that are expected.
const LAW_WATCH: &str = "law-watch.toml";

/// What the linter found.
#[derive(Debug)]
pub struct Report {
    /// Everything found, in order of file and line.
    pub diagnostics: Vec<Diagnostic>,
    /// The documents, by path below the folder, for printing.
    pub documents: BTreeMap<String, Document>,
    /// The facts that could be read.
    pub facts: Facts,
}

impl Report {
    /// Whether nothing was found that is worse than a note.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.diagnostics
            .iter()
            .all(|diagnostic| diagnostic.severity == Severity::Note)
    }

    /// Prints every diagnostic in the manner of rustc.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let mut out = String::new();
        for diagnostic in &self.diagnostics {
            let text = self
                .documents
                .get(&diagnostic.file)
                .map(|document| document.text.as_str());
            out.push_str(&crate::document::render(diagnostic, text, colour));
            out.push_str("\n\n");
        }
        out
    }
}

/// Where lints put what they find.
#[derive(Debug, Default)]
pub struct Sink {
    found: Vec<Diagnostic>,
}

impl Sink {
    /// An error at a path of a file.
    pub fn error(
        &mut self,
        code: &'static str,
        file: &str,
        path: Path,
        message: impl Into<String>,
        hint: &str,
    ) {
        self.found
            .push(Diagnostic::error(code, file, path, message).hint(hint));
    }

    /// A warning at a path of a file.
    pub fn warning(
        &mut self,
        code: &'static str,
        file: &str,
        path: Path,
        message: impl Into<String>,
        hint: &str,
    ) {
        self.found.push(
            Diagnostic::error(code, file, path, message)
                .hint(hint)
                .warning(),
        );
    }

    /// A note at a path of a file.
    pub fn note(
        &mut self,
        code: &'static str,
        file: &str,
        path: Path,
        message: impl Into<String>,
        hint: &str,
    ) {
        self.found.push(
            Diagnostic::error(code, file, path, message)
                .hint(hint)
                .note(),
        );
    }
}

/// Lints the folder `root`. With `today`, what is past its review date is a warning.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn lint(root: &FsPath, today: Option<Date>) -> std::io::Result<Report> {
    let schemas: BTreeMap<&str, schemars::Schema> = KINDS
        .iter()
        .map(|Kind { folder, schema }| (*folder, schema()))
        .collect();
    let mut sink = Sink::default();
    let mut facts = Facts::default();
    let mut documents = BTreeMap::new();
    strangers(root, &mut sink)?;
    if let Some(classes) = single(root, CLASSES, &mut documents, &mut sink)? {
        facts.classes = classes;
    }
    for (folder, stem, path) in crate::facts::files(root)? {
        let name = format!("{folder}/{stem}.toml");
        if ketum_core::id::check(&stem.replace('_', "-")).is_err() {
            let hint = "use lower-case letters, digits and hyphens";
            sink.error(
                "file-name",
                &name,
                Path::root(),
                "the file name is not an id",
                hint,
            );
        }
        let document = match Document::read(&name, &std::fs::read(&path)?, Notation::Toml) {
            Ok(document) => document,
            Err(problems) => {
                sink.found.extend(problems);
                continue;
            }
        };
        let problems = schemas
            .get(folder.as_str())
            .map_or_else(Vec::new, |schema| {
                crate::document::check(&name, &document.root, schema.as_value())
            });
        if problems.is_empty() {
            if let Err(message) = facts.insert(&folder, &stem, &document.text) {
                sink.error(
                    "shape",
                    &name,
                    Path::root(),
                    message,
                    "see the schema of this folder",
                );
            }
        } else {
            sink.found.extend(problems);
        }
        documents.insert(name, document);
    }
    answers::lint(&facts, &mut sink);
    citations::lint(&facts, &documents, &mut sink);
    drugs::lint(&facts, &mut sink);
    claims::lint(&facts, &mut sink);
    clinic::lint(&facts, today, &mut sink);
    findings::lint(&facts, &mut sink);
    interactions::lint(&facts, &mut sink);
    monitoring::lint(&facts, &mut sink);
    numbers::lint(&facts, &mut sink);
    words::lint(&documents, &mut sink);
    staleness::lint(&facts, today, &mut sink);
    studies::lint(&facts, today, &mut sink);
    let watch: Option<LawWatch> = single(root, LAW_WATCH, &mut documents, &mut sink)?;
    crate::law_lint::lint(&facts.law, watch.as_ref(), today, &mut sink);

    let mut diagnostics = sink.found;
    for diagnostic in &mut diagnostics {
        if let Some(document) = documents.get(&diagnostic.file) {
            document.locate(diagnostic);
        }
    }
    diagnostics.sort_by(|a, b| {
        (&a.file, a.line, a.column, a.code, &a.message)
            .cmp(&(&b.file, b.line, b.column, b.code, &b.message))
    });
    Ok(Report {
        diagnostics,
        documents,
        facts,
    })
}

/// Reads one of the files beside the folders of facts.
fn single<T: serde::de::DeserializeOwned + schemars::JsonSchema>(
    root: &FsPath,
    name: &str,
    documents: &mut BTreeMap<String, Document>,
    sink: &mut Sink,
) -> std::io::Result<Option<T>> {
    let path = root.join(name);
    if !path.is_file() {
        return Ok(None);
    }
    let read = Document::read(name, &std::fs::read(&path)?, Notation::Toml).and_then(|document| {
        let value = document.parse()?;
        Ok((document, value))
    });
    match read {
        Ok((document, value)) => {
            documents.insert(name.to_owned(), document);
            Ok(Some(value))
        }
        Err(problems) => {
            sink.found.extend(problems);
            Ok(None)
        }
    }
}

/// Folders and files that no kind of fact explains.
fn strangers(root: &FsPath, sink: &mut Sink) -> std::io::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(root)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.path().is_dir();
        let known = KINDS.iter().any(|kind| kind.folder == name) || name == "schema";
        if is_folder && !known {
            let hint = "fact kinds are listed in ketum-data/src/facts.rs";
            sink.error(
                "unknown-folder",
                &name,
                Path::root(),
                "no kind of fact lives here",
                hint,
            );
        }
    }
    Ok(())
}

/// How many facts there are, and how far the sources of the claims were read.
#[must_use]
pub fn stats(facts: &Facts) -> Vec<(String, usize)> {
    use ketum_core::evidence::{ClaimKind, Verification};
    let claims = || facts.claims.values().flat_map(|file| &file.claim);
    let read = |word: Verification| {
        claims()
            .filter(|claim| claim.kind == ClaimKind::Statement && claim.verification() == word)
            .count()
    };
    let mut rows = vec![
        ("sources".to_owned(), facts.sources.len()),
        ("topics".to_owned(), facts.claims.len()),
        ("claims".to_owned(), claims().count()),
    ];
    for (name, word) in [
        ("primary", Verification::Primary),
        ("abstract", Verification::Abstract),
        ("secondary", Verification::Secondary),
        ("derived", Verification::Derived),
        ("unverified, not shipped", Verification::Unverified),
    ] {
        rows.push((format!("  statements, best source {name}"), read(word)));
    }
    let gaps = claims()
        .filter(|claim| claim.kind == ClaimKind::Gap)
        .count();
    rows.push(("  gaps (\"not known\")".to_owned(), gaps));
    rows.push(("finding rules".to_owned(), facts.findings.len()));
    rows.push(("short answers".to_owned(), facts.answers.len()));
    rows.push(("interaction rules".to_owned(), facts.interactions.len()));
    rows.push(("monitoring options".to_owned(), facts.monitoring.len()));
    rows.push(("places with law".to_owned(), facts.law.len()));
    rows.push(("analytes".to_owned(), facts.analytes.len()));
    rows.push(("product forms".to_owned(), facts.products.len()));
    rows.push(("calculator fact files".to_owned(), facts.clinic.len()));
    rows.push(("studies".to_owned(), facts.studies.len()));
    rows.extend(drugs::stats(facts));
    rows
}

/// Every claim of every topic by its id.
fn claims_by_id(facts: &Facts) -> BTreeMap<&str, &Claim> {
    facts
        .claims
        .values()
        .flat_map(|file| &file.claim)
        .map(|claim| (claim.id.as_str(), claim))
        .collect()
}
