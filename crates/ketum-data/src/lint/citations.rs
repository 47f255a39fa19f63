//! Every citation leads to a source, every source is one document and is used.

use std::collections::{BTreeMap, BTreeSet};

use ketum_core::evidence::Source;

use super::Sink;
use crate::document::{Document, Node, Path, Value};
use crate::facts::Facts;
use crate::path;

pub(super) fn lint(facts: &Facts, documents: &BTreeMap<String, Document>, sink: &mut Sink) {
    for (topic, file) in &facts.claims {
        for (index, claim) in file.claim.iter().enumerate() {
            if claim.sources.is_empty() {
                let name = format!("claims/{topic}.toml");
                let path = path!["claim", index, "sources"];
                let hint = "cite at least one source with its locator";
                sink.error("no-source", &name, path, "a claim without a source", hint);
            }
        }
    }
    let mut walk = Walk {
        shared: facts.sources.keys().map(String::as_str).collect(),
        used: BTreeSet::new(),
    };
    for (name, document) in documents {
        walk.file(name, document, sink);
    }
    for study in facts.studies.values() {
        let readings = study.reading.iter().map(|reading| &reading.source);
        walk.used
            .extend(study.cites.iter().chain(readings).map(ToString::to_string));
    }
    duplicates(facts, sink);
    identifiers(facts, sink);
    for id in facts.sources.keys() {
        if !walk.used.contains(id.as_str()) {
            let name = format!("sources/{id}.toml");
            let hint = "cite it or remove the file";
            sink.note(
                "unused-source",
                &name,
                Path::root(),
                "no fact cites this source",
                hint,
            );
        }
    }
}

/// Finds every citation of every file: a table with `source` and `locator`, whatever fact it stands in.
struct Walk<'a> {
    shared: BTreeSet<&'a str>,
    used: BTreeSet<String>,
}

impl Walk<'_> {
    fn file(&mut self, name: &str, document: &Document, sink: &mut Sink) {
        let own: BTreeSet<&str> = match document.root.get("source").map(|node| &node.value) {
            Some(Value::Table(entries)) => {
                entries.iter().map(|(key, _)| key.text.as_str()).collect()
            }
            _ => BTreeSet::new(),
        };
        self.node(name, &document.root, &Path::root(), &own, sink);
    }

    fn node(
        &mut self,
        name: &str,
        node: &Node,
        path: &Path,
        own: &BTreeSet<&str>,
        sink: &mut Sink,
    ) {
        match &node.value {
            Value::Table(entries) => {
                let text = |key: &str| match node.get(key).map(|node| &node.value) {
                    Some(Value::Text(text)) => Some(text.as_str()),
                    _ => None,
                };
                if let (Some(source), Some(locator)) = (text("source"), text("locator")) {
                    self.citation(name, path, source, locator, own, sink);
                }
                for (key, value) in entries {
                    self.node(name, value, &path.then(key.text.as_str()), own, sink);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.node(name, item, &path.then(index), own, sink);
                }
            }
            _ => {}
        }
    }

    fn citation(
        &mut self,
        name: &str,
        path: &Path,
        source: &str,
        locator: &str,
        own: &BTreeSet<&str>,
        sink: &mut Sink,
    ) {
        self.used.insert(source.to_owned());
        if !self.shared.contains(source) && !own.contains(source) {
            let near = crate::document::nearest(source, self.shared.iter().copied());
            let hint = near.map_or_else(
                || format!("add data/sources/{source}.toml"),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no source `{source}`");
            sink.error("dangling-source", name, path.then("source"), message, &hint);
        }
        if locator.trim().is_empty() {
            let hint = "table, figure, page or section; or \"abstract\"";
            sink.error(
                "no-locator",
                name,
                path.then("locator"),
                "where in the source?",
                hint,
            );
        }
    }
}

/// All sources of the folder, with the file and path each stands at.
fn every_source(facts: &Facts) -> impl Iterator<Item = (String, Path, &Source)> {
    let shared = facts
        .sources
        .iter()
        .map(|(id, source)| (format!("sources/{id}.toml"), Path::root(), source));
    let own = facts.claims.iter().flat_map(|(topic, file)| {
        let name = format!("claims/{topic}.toml");
        file.source
            .iter()
            .map(move |(id, source)| (name.clone(), path!["source", id.as_str()], source))
    });
    let calculators = facts.clinic.iter().flat_map(|(stem, file)| {
        let name = format!("clinic/{stem}.toml");
        file.source
            .iter()
            .map(move |(id, source)| (name.clone(), path!["source", id.as_str()], source))
    });
    let drugs = facts.drugs.iter().flat_map(|(id, drug)| {
        let name = format!("drugs/{id}.toml");
        drug.source
            .iter()
            .map(move |(id, source)| (name.clone(), path!["source", id.as_str()], source))
    });
    shared.chain(own).chain(calculators).chain(drugs)
}

fn duplicates(facts: &Facts, sink: &mut Sink) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (file, path, source) in every_source(facts) {
        let identifiers = [
            ("doi", &source.doi),
            ("pmid", &source.pmid),
            ("pmcid", &source.pmcid),
        ];
        for (kind, identifier) in identifiers {
            let Some(identifier) = identifier else {
                continue;
            };
            let key = format!("{kind} {}", identifier.to_ascii_lowercase());
            if let Some(first) = seen.insert(key, file.clone()) {
                let message = format!("the same document stands in {first}");
                let hint = "keep one and cite it from both places";
                sink.error("duplicate-source", &file, path.then(kind), message, hint);
            }
        }
    }
}

fn identifiers(facts: &Facts, sink: &mut Sink) {
    for (file, path, source) in every_source(facts) {
        let found = source.doi.is_some()
            || source.pmid.is_some()
            || source.pmcid.is_some()
            || source.number.is_some()
            || source.url.is_some()
            || source.container.is_some()
            || source.note.is_some();
        if !found {
            let hint = "give doi, pmid, pmcid, number, url or container";
            sink.error(
                "no-identifier",
                &file,
                path.clone(),
                "nobody could find this source",
                hint,
            );
        }
        if let Some(doi) = source.doi.as_deref()
            && !doi.starts_with("10.")
        {
            let hint = "write it without https://doi.org/";
            sink.error(
                "doi-form",
                &file,
                path.then("doi"),
                "a DOI starts with `10.`",
                hint,
            );
        }
        if let Some(pmid) = source.pmid.as_deref()
            && !pmid.bytes().all(|b| b.is_ascii_digit())
        {
            let hint = "digits only, as text";
            sink.error(
                "pmid-form",
                &file,
                path.then("pmid"),
                "a PMID is a number",
                hint,
            );
        }
    }
}
