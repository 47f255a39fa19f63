//! Every citation leads to a source, every source is one document and is used.

use std::collections::{BTreeMap, BTreeSet};

use ketum_core::evidence::{Citation, Source};
use ketum_core::id::SourceId;

use super::Sink;
use crate::document::Path;
use crate::facts::Facts;
use crate::path;

pub(super) fn lint(facts: &Facts, sink: &mut Sink) {
    let mut used = BTreeSet::new();
    let shared: BTreeSet<&str> = facts.sources.keys().map(String::as_str).collect();

    for (topic, file) in &facts.claims {
        let name = format!("claims/{topic}.toml");
        for (index, claim) in file.claim.iter().enumerate() {
            let path = path!["claim", index, "sources"];
            let own = |id: &SourceId| file.source.contains_key(id);
            citations(&name, &path, &claim.sources, &shared, own, &mut used, sink);
            if claim.sources.is_empty() {
                let hint = "cite at least one source with its locator";
                sink.error("no-source", &name, path, "a claim without a source", hint);
            }
        }
    }
    for (id, analyte) in &facts.analytes {
        let name = format!("analytes/{id}.toml");
        citations(
            &name,
            &path!["sources"],
            &analyte.sources,
            &shared,
            |_| false,
            &mut used,
            sink,
        );
        for (index, constant) in analyte.constant.iter().enumerate() {
            let path = path!["constant", index, "sources"];
            citations(
                &name,
                &path,
                &constant.sources,
                &shared,
                |_| false,
                &mut used,
                sink,
            );
        }
    }
    for (id, form) in &facts.products {
        let name = format!("products/{id}.toml");
        let spreads = super::numbers::spreads(form);
        for (path, spread) in spreads {
            let path = path.then("sources");
            citations(
                &name,
                &path,
                &spread.sources,
                &shared,
                |_| false,
                &mut used,
                sink,
            );
        }
    }
    for study in facts.studies.values() {
        let readings = study.reading.iter().map(|reading| &reading.source);
        used.extend(study.cites.iter().chain(readings).map(ToString::to_string));
    }
    duplicates(facts, sink);
    identifiers(facts, sink);
    for id in facts.sources.keys() {
        if !used.contains(id.as_str()) {
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

fn citations(
    file: &str,
    path: &Path,
    citations: &[Citation],
    shared: &BTreeSet<&str>,
    own: impl Fn(&SourceId) -> bool,
    used: &mut BTreeSet<String>,
    sink: &mut Sink,
) {
    for (index, citation) in citations.iter().enumerate() {
        used.insert(citation.source.to_string());
        if !shared.contains(citation.source.as_str()) && !own(&citation.source) {
            let near = crate::document::nearest(citation.source.as_str(), shared.iter().copied());
            let hint = near.map_or_else(
                || format!("add data/sources/{}.toml", citation.source),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no source `{}`", citation.source);
            let path = path.then(index).then("source");
            sink.error("dangling-source", file, path, message, &hint);
        }
        if citation.locator.trim().is_empty() {
            let path = path.then(index).then("locator");
            let hint = "table, figure, page or section; or \"abstract\"";
            sink.error("no-locator", file, path, "where in the source?", hint);
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
    shared.chain(own)
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
