//! Studies keep their own rules, lead to sources, and contradict each other mutually.

use std::collections::BTreeSet;

use ketum_core::date::Date;
use ketum_core::id::LocalId;
use ketum_core::study::{Study, StudyProblem};

use super::Sink;
use crate::document::Path;
use crate::facts::Facts;
use crate::path;

pub(super) fn lint(facts: &Facts, today: Option<Date>, sink: &mut Sink) {
    for (id, study) in &facts.studies {
        let name = format!("studies/{id}.toml");
        for problem in study.problems() {
            let (list, row) = problem.place();
            let path = row_path(study, list, row);
            sink.error("study", &name, path, problem.to_string(), hint(&problem));
        }
        sources(facts, study, &name, sink);
        conflicts(facts, id, study, &name, sink);
        if study.review_by < study.as_of.earliest() {
            let message = "reviewed before it was known";
            let hint = "review_by lies after as_of";
            sink.error("review-order", &name, path!["review_by"], message, hint);
        }
        if let Some(today) = today
            && study.review_by < today
        {
            let days = study.review_by.days_until(today);
            let message = format!("the study was due for review {days} days ago");
            let hint = "look for a better source, then move as_of and review_by";
            sink.warning("stale", &name, path!["review_by"], message, hint);
        }
    }
}

fn sources(facts: &Facts, study: &Study, name: &str, sink: &mut Sink) {
    let cites = study.cites.iter().enumerate();
    let cites = cites.map(|(index, id)| (path!["cites", index], id));
    let readings = study.reading.iter().enumerate();
    let readings =
        readings.map(|(index, reading)| (path!["reading", index, "source"], &reading.source));
    for (path, id) in cites.chain(readings) {
        if facts.sources.contains_key(id.as_str()) || study.source.contains_key(id) {
            continue;
        }
        let near = crate::document::nearest(id.as_str(), facts.sources.keys().map(String::as_str));
        let hint = near.map_or_else(
            || format!("add data/sources/{id}.toml"),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("there is no source `{id}`");
        sink.error("dangling-source", name, path, message, &hint);
    }
    if study.cites.is_empty() {
        let hint = "cite the paper or register entry it is known from";
        let message = "a study without a source";
        sink.error("no-source", name, path!["cites"], message, hint);
    }
    for (index, reading) in study.reading.iter().enumerate() {
        if reading.locator.trim().is_empty() {
            let path = path!["reading", index, "locator"];
            let hint = "table, figure, page or section; or \"abstract\"";
            sink.error("no-locator", name, path, "where in the source?", hint);
        }
    }
}

fn conflicts(facts: &Facts, id: &str, study: &Study, name: &str, sink: &mut Sink) {
    for (index, row) in study.statistic.iter().enumerate() {
        let mut seen = BTreeSet::new();
        for (at, other) in row.conflicts_with.iter().enumerate() {
            let path = path!["statistic", index, "conflicts_with", at];
            let there = facts
                .studies
                .get(other.study.as_str())
                .and_then(|study| study.statistic.iter().find(|row| row.id == other.statistic));
            let Some(there) = there else {
                let message = format!("there is no number `{}/{}`", other.study, other.statistic);
                let hint = "name a file of data/studies/ and a statistic in it";
                sink.error("dangling-claim", name, path, message, hint);
                continue;
            };
            let mutual = there
                .conflicts_with
                .iter()
                .any(|back| back.study.as_str() == id && back.statistic == row.id);
            if !mutual || !seen.insert(other) {
                let message = format!(
                    "`{}/{}` does not name it back",
                    other.study, other.statistic
                );
                let hint = "a conflict stands once on both sides";
                sink.error("one-sided-conflict", name, path, message, hint);
            }
        }
    }
}

/// The path of the row of a list that carries a name; the last one, where two do.
fn row_path(study: &Study, list: &'static str, id: &LocalId) -> Path {
    let ids: Vec<&LocalId> = match list {
        "arm" => study.arm.iter().map(|row| &row.id).collect(),
        "occasion" => study.occasion.iter().map(|row| &row.id).collect(),
        "reading" => study.reading.iter().map(|row| &row.id).collect(),
        "window" => study.window.iter().map(|row| &row.occasion).collect(),
        _ => study.statistic.iter().map(|row| &row.id).collect(),
    };
    match ids.iter().rposition(|other| *other == id) {
        Some(index) => path![list, index],
        None => path![list],
    }
}

fn hint(problem: &StudyProblem) -> &'static str {
    match problem {
        StudyProblem::NameTwice { .. } => "names are unique inside a list of a file",
        StudyProblem::NoSuchName { .. } => "name a row of this file",
        StudyProblem::Unit { .. } => "units are listed in ketum-core/src/unit.rs",
        StudyProblem::Value { .. } => "write the number as published",
        StudyProblem::Role { .. } => "use `context` and say why",
        StudyProblem::Dose { .. } => "see docs/studies.md",
        StudyProblem::Times { .. } | StudyProblem::Window { .. } => {
            "hours after the last dose, within the sampling"
        }
        _ => "a reader must see what is assumed, and why",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path as FsPath;

    use super::*;
    use crate::document::Diagnostic;

    fn facts() -> Facts {
        let root = FsPath::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
        crate::facts::read(&root).unwrap().0
    }

    fn found(facts: &Facts, today: Option<&str>) -> Vec<Diagnostic> {
        let mut sink = Sink::default();
        let today = today.map(|day| day.parse().unwrap());
        lint(facts, today, &mut sink);
        sink.found
    }

    /// What the lint finds after one change to a study.
    fn after(id: &str, change: impl FnOnce(&mut Study)) -> Vec<(&'static str, String)> {
        let mut facts = facts();
        change(facts.studies.get_mut(id).unwrap());
        found(&facts, None)
            .into_iter()
            .map(|diagnostic| (diagnostic.code, diagnostic.path.pointer()))
            .collect()
    }

    #[test]
    fn the_studies_are_clean_until_their_review_is_due() {
        let facts = facts();
        assert!(!facts.studies.is_empty());
        assert!(found(&facts, Some("2026-11-24")).is_empty());
        assert!(found(&facts, Some("2030-01-01")).len() >= facts.studies.len());
    }

    #[test]
    fn mistakes_are_shown_where_they_are() {
        let twice = after("tanna-2022", |study| {
            study.statistic[1].id = study.statistic[0].id.clone();
        });
        assert_eq!(twice, [("study", "/statistic/1".to_owned())]);
        let window = after("trakulsrichai-2015", |study| study.window[0].to_h = 48.0);
        assert_eq!(window, [("study", "/window/0".to_owned())]);
        let source = after("mata-2023", |study| {
            study.cites[0] = "mata2024".parse().unwrap();
        });
        assert_eq!(source, [("dangling-source", "/cites/0".to_owned())]);
        let silent = after("mata-2023", |study| study.cites.clear());
        assert_eq!(silent, [("no-source", "/cites".to_owned())]);
    }

    #[test]
    fn a_conflict_stands_on_both_sides() {
        let one_sided = after("mata-2023", |study| {
            study.statistic[0].conflicts_with.clear();
        });
        assert_eq!(
            one_sided,
            [(
                "one-sided-conflict",
                "/statistic/0/conflicts_with/0".to_owned()
            )]
        );
    }
}
