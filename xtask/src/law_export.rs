//! Machine exports of the law data: one JSON file, one CSV, an Atom feed of changes. Generated, never
//! edited; the same data give the same bytes.

use std::fmt::Write as _;
use std::path::Path;

use ketum::law::{Change, ChangeKind, DISCLAIMER, LawBook, changes};
use ketum_core::date::{Date, PartialDate};
use ketum_core::law::{LawFile, Row};
use ketum_data::catalogue::Catalogue;

/// Writes `law.json`, `law.csv` and `law-changes.atom` into a folder.
///
/// # Errors
/// Where the catalogue is damaged or the folder cannot be written.
pub fn write(folder: &Path) -> Result<String, String> {
    let catalogue = Catalogue::embedded().map_err(|error| error.to_string())?;
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let mut report = String::new();
    for (name, text) in [
        ("law.json", json(&catalogue)?),
        ("law.csv", csv(&catalogue.law)),
        ("law-changes.atom", atom(&catalogue.law)),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, &text).map_err(|error| format!("{}: {error}", path.display()))?;
        let _ = writeln!(report, "{}: {} bytes", path.display(), text.len());
    }
    Ok(report)
}

fn json(catalogue: &Catalogue) -> Result<String, String> {
    let as_of = LawBook::new(&catalogue.law).data_as_of();
    let value = serde_json::json!({
        "schema": 1,
        "title": "Law of kratom and 7-OH by place",
        "licence": "CC0-1.0",
        "notice": DISCLAIMER,
        "data_as_of": as_of,
        "places": catalogue.law,
    });
    serde_json::to_string_pretty(&value)
        .map(|text| text + "\n")
        .map_err(|error| error.to_string())
}

/// One row per status, local rules included.
fn csv(files: &[LawFile]) -> String {
    let mut out = String::from(
        "place,name,row,substance,activities,status,stage,from,from_verification,to,to_kind,as_of,confidence,verification,sources,summary\r\n",
    );
    for file in files {
        let name = &file.jurisdiction.name;
        for row in &file.status {
            let activities: Vec<&str> = row.activity.iter().map(|a| a.as_str()).collect();
            line(
                &[
                    &file.jurisdiction.id,
                    name,
                    &row.id,
                    &row.substance,
                    &activities.join(";"),
                    row.status.as_str(),
                    "in_data",
                ],
                row,
                word(row.verification),
                &row.summary,
                &mut out,
            );
        }
        for row in &file.local {
            let activities: Vec<&str> = row.activity.iter().map(|a| a.as_str()).collect();
            line(
                &[
                    &row.id,
                    &row.name,
                    &row.id,
                    &row.substance,
                    &activities.join(";"),
                    row.status.as_str(),
                    row.stage.as_str(),
                ],
                row,
                word(row.verification),
                &row.measure,
                &mut out,
            );
        }
    }
    out
}

fn word(verification: ketum_core::evidence::Verification) -> &'static str {
    use ketum_core::evidence::Verification as V;
    match verification {
        V::Primary => "primary",
        V::Abstract => "abstract",
        V::Secondary => "secondary",
        V::Derived => "derived",
        V::Unverified => "unverified",
        V::NotFound => "not-found",
    }
}

fn line(first: &[&str], row: &dyn Row, verification: &str, summary: &str, out: &mut String) {
    let day = |date: Option<PartialDate>| date.map_or_else(String::new, |date| date.to_string());
    let mut fields: Vec<String> = first.iter().map(|field| (*field).to_owned()).collect();
    fields.extend([
        day(row.from()),
        row.from_verification()
            .map_or_else(String::new, |v| word(v).to_owned()),
        day(row.to()),
        row.to_kind().to_string(),
        row.as_of().to_string(),
        row.confidence().to_string(),
        verification.to_owned(),
        row.sources().join(";"),
        summary.to_owned(),
    ]);
    let quoted: Vec<String> = fields.iter().map(|field| quote(field)).collect();
    out.push_str(&quoted.join(","));
    out.push_str("\r\n");
}

/// A field as RFC 4180 wants it.
fn quote(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// Every change since 2025, the newest first.
fn atom(files: &[LawFile]) -> String {
    let book = LawBook::new(files);
    let Some(since) = Date::new(2025, 1, 1) else {
        return String::new();
    };
    let updated = book
        .data_as_of()
        .map_or_else(|| "2026-01-01".to_owned(), |day| day.to_string());
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>tag:ketum,2026:law</id>\n<title>Changes in the law of kratom and 7-OH</title>\n\
         <subtitle>{}</subtitle>\n<updated>{updated}T00:00:00Z</updated>\n\
         <author><name>ketum</name></author>\n<rights>CC0-1.0</rights>\n",
        escape(DISCLAIMER)
    );
    for change in changes(book, since, None) {
        entry(&change, &mut out);
    }
    out.push_str("</feed>\n");
    out
}

fn entry(change: &Change, out: &mut String) {
    let kind = match change.kind {
        ChangeKind::Starts => "starts",
        ChangeKind::Ends => "ends",
        ChangeKind::LocalAction => "local action",
        ChangeKind::Proposal => "proposal, not law",
        ChangeKind::Event => "event",
        ChangeKind::Correction => "correction",
    };
    let day = change
        .date
        .parse::<PartialDate>()
        .map_or_else(|_| change.date.clone(), |date| date.latest().to_string());
    let _ = write!(
        out,
        "<entry>\n<id>tag:ketum,2026:law/{}/{}/{}</id>\n<title>{} ({}): {kind}</title>\n\
         <updated>{day}T00:00:00Z</updated>\n<category term=\"{kind}\"/>\n\
         <content type=\"text\">{} [{}; sources: {}]</content>\n</entry>\n",
        escape(&change.place),
        escape(&change.id),
        kind.replace([' ', ','], "-"),
        escape(&change.name),
        escape(&change.place),
        escape(&change.what),
        escape(&change.date),
        escape(&change.sources.join(", ")),
    );
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_reads_back_as_the_same_places() {
        let catalogue = Catalogue::embedded().unwrap();
        let value: serde_json::Value = serde_json::from_str(&json(&catalogue).unwrap()).unwrap();
        let back: Vec<LawFile> = serde_json::from_value(value["places"].clone()).unwrap();
        assert_eq!(back, catalogue.law);
    }

    #[test]
    fn the_csv_has_a_row_for_every_status_and_local_rule() {
        let catalogue = Catalogue::embedded().unwrap();
        let text = csv(&catalogue.law);
        let rows: usize = catalogue
            .law
            .iter()
            .map(|file| file.status.len() + file.local.len())
            .sum();
        assert_eq!(text.matches("\r\n").count(), rows + 1);
        assert_eq!(quote("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }

    #[test]
    fn the_feed_is_balanced_and_its_ids_are_used_once() {
        let catalogue = Catalogue::embedded().unwrap();
        let text = atom(&catalogue.law);
        for tag in ["feed", "entry", "id", "title", "updated", "content"] {
            let open = text.matches(&format!("<{tag}>")).count()
                + text.matches(&format!("<{tag} ")).count();
            assert_eq!(open, text.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        let mut ids: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("<id>"))
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
        assert!(all > 50, "{all} entries");
        assert!(!text.contains("&&") && !text.contains("& "));
    }
}
