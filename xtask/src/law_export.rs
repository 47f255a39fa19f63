//! Machine exports of the law data: one JSON file with its schema, one CSV, an Atom feed of changes. Generated, never
//! edited; the same data give the same bytes.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use ketum::law::{Change, ChangeKind, DISCLAIMER, LawBook, changes};
use ketum_core::date::{Date, PartialDate};
use ketum_core::law::{LawFile, Row};
use ketum_data::catalogue::Catalogue;
use schemars::JsonSchema;
use serde::Serialize;

/// The JSON export: every law file in one document.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Export<'a> {
    /// The schema of this document, beside it.
    #[serde(rename = "$schema")]
    json_schema: &'static str,
    /// Version of the shape: 1.
    schema: u8,
    /// Title.
    title: &'static str,
    /// Licence of the data.
    licence: &'static str,
    /// Not legal advice.
    notice: &'static str,
    /// The day the data set was last added to.
    data_as_of: Option<Date>,
    /// The places.
    places: Cow<'a, [LawFile]>,
}

/// Writes `law.json`, `law.schema.json`, `law.csv` and `law-changes.atom` into a folder.
///
/// # Errors
/// Where the catalogue is damaged or the folder cannot be written.
pub fn write(folder: &Path) -> Result<String, String> {
    let catalogue = Catalogue::embedded().map_err(|error| error.to_string())?;
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let mut report = String::new();
    for (name, text) in [
        ("law.json", json(&catalogue)?),
        ("law.schema.json", schema()?),
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
    let export = Export {
        json_schema: "law.schema.json",
        schema: 1,
        title: "Law of kratom and 7-OH by place",
        licence: "CC0-1.0",
        notice: DISCLAIMER,
        data_as_of: LawBook::new(&catalogue.law).data_as_of(),
        places: Cow::Borrowed(&catalogue.law),
    };
    pretty(&export)
}

/// The JSON Schema of the export, from the types.
fn schema() -> Result<String, String> {
    pretty(&schemars::schema_for!(Export<'static>))
}

fn pretty(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| error.to_string())
}

/// One row per status, local rules included.
fn csv(files: &[LawFile]) -> String {
    let mut out = String::from(
        "place,name,row,substance,activities,activities_from,activities_sources,status,stage,from,from_verification,to,to_kind,as_of,confidence,verification,sources,summary\r\n",
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
                    row.activities_from.as_str(),
                    &row.activities_sources.join(";"),
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
                    row.id.as_str(),
                    row.name.as_str(),
                    &row.id,
                    &row.substance,
                    &activities.join(";"),
                    row.activities_from.map_or("", |from| from.as_str()),
                    &row.activities_sources.join(";"),
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
         <author><name>ketum</name></author>\n<rights>CC0-1.0</rights>\n\
         <link rel=\"self\" href=\"law-changes.atom\" type=\"application/atom+xml\"/>\n",
        escape(DISCLAIMER)
    );
    for change in changes(book, since, None) {
        entry(&change, &updated, &mut out);
    }
    out.push_str("</feed>\n");
    out
}

fn entry(change: &Change, edition: &str, out: &mut String) {
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
        .map_or_else(|_| edition.to_owned(), |date| date.latest().to_string());
    // A change that lies ahead is news of today; no entry is newer than its feed.
    let day = day.min(edition.to_owned());
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
    use ketum_core::law::Activity;
    use serde_json::Value;

    #[test]
    fn the_json_reads_back_as_the_same_places() {
        let catalogue = Catalogue::embedded().unwrap();
        let value: serde_json::Value = serde_json::from_str(&json(&catalogue).unwrap()).unwrap();
        let back: Vec<LawFile> = serde_json::from_value(value["places"].clone()).unwrap();
        assert_eq!(back, catalogue.law);
    }

    /// Checks a value against the parts of JSON Schema that the types give.
    fn check(schema: &Value, value: &Value, root: &Value, at: &str, wrong: &mut Vec<String>) {
        if let Some(name) = schema["$ref"].as_str() {
            let target = root.pointer(name.trim_start_matches('#')).unwrap();
            return check(target, value, root, at, wrong);
        }
        for any in ["anyOf", "oneOf"] {
            if let Some(options) = schema[any].as_array() {
                let fits = options.iter().any(|option| {
                    let mut inner = Vec::new();
                    check(option, value, root, at, &mut inner);
                    inner.is_empty()
                });
                if !fits {
                    wrong.push(format!("{at}: none of {any}"));
                }
            }
        }
        if let Some(words) = schema["enum"].as_array()
            && !words.contains(value)
        {
            wrong.push(format!("{at}: {value} is no word of the list"));
        }
        if !schema["const"].is_null() && schema["const"] != *value {
            wrong.push(format!("{at}: not {}", schema["const"]));
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let fits = kinds.is_empty()
            || kinds.contains(&kind)
            || (kind == "number" && kinds.contains(&"integer") && value.is_u64());
        if !fits {
            wrong.push(format!("{at}: {kind} for {kinds:?}"));
        }
        if let (Some(item), Some(items)) = (schema.get("items"), value.as_array()) {
            for (index, value) in items.iter().enumerate() {
                check(item, value, root, &format!("{at}/{index}"), wrong);
            }
        }
        let Some(object) = value.as_object() else {
            return;
        };
        for key in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(key.as_str().unwrap()) {
                wrong.push(format!("{at}: {key} is missing"));
            }
        }
        for (key, value) in object {
            match schema["properties"].get(key) {
                Some(inner) => check(inner, value, root, &format!("{at}/{key}"), wrong),
                None if schema["additionalProperties"] == false => {
                    wrong.push(format!("{at}: {key} is not in the schema"));
                }
                None => {}
            }
        }
    }

    #[test]
    fn the_json_follows_its_own_schema_and_a_broken_one_does_not() {
        let catalogue = Catalogue::embedded().unwrap();
        let schema: Value = serde_json::from_str(&schema().unwrap()).unwrap();
        let mut value: Value = serde_json::from_str(&json(&catalogue).unwrap()).unwrap();
        let wrong = |value: &Value| {
            let mut wrong = Vec::new();
            check(&schema, value, &schema, "", &mut wrong);
            wrong
        };
        assert_eq!(wrong(&value), Vec::<String>::new());
        assert_eq!(value["$schema"], "law.schema.json");
        value["places"][0]["status"][0]["status"] = "perhaps".into();
        value["places"][1]["invented"] = true.into();
        let found = wrong(&value);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    /// Reads a CSV as RFC 4180 has it.
    fn records(text: &str) -> Vec<Vec<String>> {
        let mut records = vec![vec![String::new()]];
        let (mut quoted, mut chars) = (false, text.chars().peekable());
        while let Some(c) = chars.next() {
            let last = records.last_mut().unwrap();
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    last.last_mut().unwrap().push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => last.push(String::new()),
                '\r' if !quoted && chars.peek() == Some(&'\n') => {
                    chars.next();
                    records.push(vec![String::new()]);
                }
                c => last.last_mut().unwrap().push(c),
            }
        }
        assert_eq!(
            records.pop(),
            Some(vec![String::new()]),
            "ends with a line end"
        );
        records
    }

    #[test]
    fn the_csv_reads_back_as_the_rows_it_was_written_from() {
        let catalogue = Catalogue::embedded().unwrap();
        let records = records(&csv(&catalogue.law));
        let column = |name: &str| records[0].iter().position(|head| head == name).unwrap();
        assert!(
            records
                .iter()
                .all(|record| record.len() == records[0].len())
        );
        let mut rows = records[1..].iter();
        for file in &catalogue.law {
            for row in &file.status {
                let record = rows.next().unwrap();
                let acts: Vec<Activity> = record[column("activities")]
                    .split(';')
                    .map(|word| Activity::from_word(word).unwrap())
                    .collect();
                assert_eq!(record[column("row")], row.id);
                assert_eq!(acts, row.activity, "{}", row.id);
                assert_eq!(record[column("summary")], row.summary);
                assert_eq!(record[column("status")], row.status.as_str());
                assert_eq!(
                    record[column("activities_from")],
                    row.activities_from.as_str()
                );
                assert_eq!(record[column("sources")], row.sources.join(";"));
                let from = row.from.map_or_else(String::new, |day| day.to_string());
                assert_eq!(record[column("from")], from);
                assert_eq!(record[column("as_of")], row.as_of.to_string());
            }
            for row in &file.local {
                let record = rows.next().unwrap();
                assert_eq!(record[column("row")], row.id);
                assert_eq!(record[column("stage")], row.stage.as_str());
                assert_eq!(record[column("summary")], row.measure);
            }
        }
        assert_eq!(rows.next(), None);
        assert_eq!(quote("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }

    /// Walks the elements of a document and fails where it is not well formed. Returns path and text.
    fn elements(text: &str) -> Vec<(String, String)> {
        let body = text
            .strip_prefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>")
            .expect("a declaration");
        let (mut open, mut found): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
        let mut rest = body;
        while let Some(start) = rest.find('<') {
            let words = &rest[..start];
            assert!(!words.contains('>'), "{words}");
            for part in words.split('&').skip(1) {
                let entity = part.split(';').next().unwrap();
                assert!(["amp", "lt", "gt", "quot"].contains(&entity), "&{entity};");
            }
            if !words.trim().is_empty() {
                found.push((open.join("/"), words.trim().to_owned()));
            }
            let end = start + rest[start..].find('>').expect("a tag that closes");
            let tag = &rest[start + 1..end];
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(name));
            } else {
                assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
                if !tag.ends_with('/') {
                    open.push(tag.split_whitespace().next().unwrap().to_owned());
                }
            }
            rest = &rest[end + 1..];
        }
        assert!(open.is_empty() && rest.trim().is_empty(), "{open:?}");
        found
    }

    #[test]
    fn the_feed_is_well_formed_and_its_fields_are_those_of_atom() {
        let catalogue = Catalogue::embedded().unwrap();
        let text = atom(&catalogue.law);
        assert!(text.contains("<feed xmlns=\"http://www.w3.org/2005/Atom\">"));
        assert!(text.contains("<link rel=\"self\""));
        let found = elements(&text);
        let of = |path: &str| -> Vec<&str> {
            found
                .iter()
                .filter(|(other, _)| other == path)
                .map(|(_, text)| text.as_str())
                .collect()
        };
        for once in ["feed/id", "feed/title", "feed/updated", "feed/author/name"] {
            assert_eq!(of(once).len(), 1, "{once}");
        }
        let ids = of("feed/entry/id");
        let all = text.matches("<entry>").count();
        assert!(all > 50, "{all} entries");
        for every in ["id", "title", "updated", "content"] {
            assert_eq!(of(&format!("feed/entry/{every}")).len(), all, "{every}");
        }
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), all, "an id is used once");
        for id in ids {
            assert!(
                id.starts_with("tag:ketum,2026:law/")
                    && id
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || ":,/-._".contains(c)),
                "{id}"
            );
        }
        let feed = of("feed/updated")[0];
        for stamp in of("feed/entry/updated") {
            let day = stamp.strip_suffix("T00:00:00Z").unwrap();
            assert!(day.len() == 10 && day.parse::<Date>().is_ok(), "{stamp}");
            assert!(stamp <= feed, "{stamp} is newer than the feed");
        }
    }
}
