//! Checks a tree against a JSON Schema that was generated from a Rust type.
//!
//! Only what `schemars` generates for our fact types is understood: objects, arrays, scalars, enums,
//! ranges, references, `oneOf` and `anyOf`, and the formats `date`, `partial-date` and `id`. Unlike
//! deserialisation it does not stop at the first error.

use serde_json::Value as Schema;

use super::diagnostic::Diagnostic;
use super::node::{Node, Value};
use super::path::Path;
use super::spelling::nearest;

/// Everything in which `root` differs from `schema`.
#[must_use]
pub fn check(file: &str, root: &Node, schema: &Schema) -> Vec<Diagnostic> {
    let mut checker = Checker {
        file,
        definitions: schema.get("$defs"),
        found: Vec::new(),
    };
    checker.node(root, schema, &Path::root());
    checker.found
}

struct Checker<'a> {
    file: &'a str,
    definitions: Option<&'a Schema>,
    found: Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn report(&mut self, code: &'static str, path: &Path, message: String) -> &mut Diagnostic {
        self.found
            .push(Diagnostic::error(code, self.file, path.clone(), message));
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    fn resolve(&self, schema: &'a Schema) -> &'a Schema {
        let mut schema = schema;
        while let Some(reference) = schema.get("$ref").and_then(Schema::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            match self.definitions.and_then(|all| all.get(name)) {
                Some(found) => schema = found,
                None => return schema,
            }
        }
        schema
    }

    fn node(&mut self, node: &Node, schema: &'a Schema, path: &Path) {
        let schema = self.resolve(schema);
        if let Some(options) = schema.get("anyOf").and_then(Schema::as_array) {
            // `Option<T>`: the other branch is null.
            let null = options.iter().any(|option| is_type(option, "null"));
            if null && node.value == Value::Null {
                return;
            }
            if let Some(option) = options.iter().find(|option| !is_type(option, "null")) {
                self.node(node, option, path);
            }
            return;
        }
        if let Some(options) = schema.get("oneOf").and_then(Schema::as_array) {
            self.one_of(node, options, path);
            return;
        }
        if schema.get("const").is_some() || schema.get("enum").is_some() {
            let words = words_of(schema);
            self.word(node, &words, path);
            return;
        }
        let types: Vec<&str> = match schema.get("type") {
            Some(Schema::String(one)) => vec![one.as_str()],
            Some(Schema::Array(many)) => many.iter().filter_map(Schema::as_str).collect(),
            _ => return,
        };
        if node.value == Value::Null && types.contains(&"null") {
            return;
        }
        let wanted = types
            .iter()
            .copied()
            .find(|name| *name != "null")
            .unwrap_or("null");
        match (wanted, &node.value) {
            ("object", Value::Table(_)) => self.table(node, schema, path),
            ("array", Value::Array(items)) => {
                if let Some(inner) = schema.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        self.node(item, inner, &path.then(index));
                    }
                }
                self.length(items.len(), schema, path);
            }
            ("string", Value::Text(text)) => self.text(text, schema, path),
            ("integer", Value::Integer(number)) => self.range(*number as f64, schema, path),
            ("number", Value::Integer(number)) => self.range(*number as f64, schema, path),
            ("number", Value::Float(number)) => self.range(*number, schema, path),
            ("boolean", Value::Bool(_)) => {}
            (_, value) => {
                let expected = match wanted {
                    "object" => "a table",
                    "array" => "a list",
                    "string" => "text",
                    "integer" => "a whole number",
                    "number" => "a number",
                    "boolean" => "true or false",
                    other => other,
                };
                let found = value.kind();
                let hint = match (wanted, value) {
                    ("string", Value::Datetime(date)) => {
                        Some(format!("write it as text: {date:?}"))
                    }
                    ("number" | "integer", Value::Text(_)) => {
                        Some("write the number without quotation marks".to_owned())
                    }
                    ("array", _) => Some("put it in square brackets".to_owned()),
                    ("object", _) => Some("write it as key = value pairs in braces".to_owned()),
                    ("string", _) => Some("write it in quotation marks".to_owned()),
                    ("boolean", _) => {
                        Some("write true or false without quotation marks".to_owned())
                    }
                    ("integer", Value::Float(_)) => {
                        Some("write it without a decimal point".to_owned())
                    }
                    _ => Some(format!("{expected} stands here")),
                };
                self.report("type", path, format!("expected {expected}, found {found}"))
                    .hint = hint;
            }
        }
    }

    fn table(&mut self, node: &Node, schema: &'a Schema, path: &Path) {
        let Value::Table(entries) = &node.value else {
            return;
        };
        let known = schema.get("properties").and_then(Schema::as_object);
        let pattern = schema
            .get("patternProperties")
            .and_then(Schema::as_object)
            .and_then(|all| all.values().next());
        let other =
            pattern.or_else(|| schema.get("additionalProperties").filter(|s| s.is_object()));
        for (key, value) in entries {
            let here = path.then(key.text.as_str());
            if let Some(inner) = known.and_then(|known| known.get(&key.text)) {
                self.node(value, inner, &here);
            } else if let Some(inner) = other {
                self.node(value, inner, &here);
            } else if pattern.is_some()
                || schema.get("additionalProperties") == Some(&Schema::Bool(false))
            {
                let names = || known.into_iter().flat_map(|known| known.keys());
                let hint = nearest(&key.text, names().map(String::as_str)).map_or_else(
                    || {
                        let all: Vec<&str> = names().map(String::as_str).collect();
                        format!("known here: {}", all.join(", "))
                    },
                    |near| format!("did you mean `{near}`?"),
                );
                let diagnostic =
                    self.report("unknown-key", &here, format!("unknown key `{}`", key.text));
                diagnostic.hint = Some(hint);
                diagnostic.at_key = true;
            }
        }
        let required = schema.get("required").and_then(Schema::as_array);
        for key in required.into_iter().flatten().filter_map(Schema::as_str) {
            if node.get(key).is_none() {
                let inner = known.and_then(|known| known.get(key));
                let hint = self.example(key, inner);
                self.report("missing-key", path, format!("the key `{key}` is missing"))
                    .hint = Some(hint);
            }
        }
    }

    /// How a missing key is written, and what the schema says of it.
    fn example(&self, key: &str, schema: Option<&'a Schema>) -> String {
        let Some(schema) = schema else {
            return format!("add `{key}`");
        };
        let resolved = self.resolve(schema);
        let types: Vec<&str> = match resolved.get("type") {
            Some(Schema::String(one)) => vec![one.as_str()],
            Some(Schema::Array(many)) => many.iter().filter_map(Schema::as_str).collect(),
            _ => Vec::new(),
        };
        let value = match types.iter().find(|name| **name != "null") {
            Some(&"string") => "\"…\"",
            Some(&"integer") => "1",
            Some(&"number") => "1.0",
            Some(&"boolean") => "true",
            Some(&"array") => "[…]",
            Some(&"object") => "{…}",
            _ => "…",
        };
        let said = schema.get("description").and_then(Schema::as_str);
        match said {
            Some(text) => format!("add `{key} = {value}`: {}", one_line(text)),
            None => format!("add `{key} = {value}`"),
        }
    }

    /// An enum: words, or single-key tables where a variant carries data.
    fn one_of(&mut self, node: &Node, options: &'a [Schema], path: &Path) {
        let words: Vec<&str> = options.iter().flat_map(words_of).collect();
        match &node.value {
            Value::Table(entries) => {
                let variants: Vec<(&str, &Schema)> = options
                    .iter()
                    .filter_map(|option| option.get("properties").and_then(Schema::as_object))
                    .flat_map(|properties| properties.iter())
                    .map(|(name, schema)| (name.as_str(), schema))
                    .collect();
                let names = || variants.iter().map(|(name, _)| *name);
                if let [(key, inner)] = entries.as_slice()
                    && let Some((name, schema)) =
                        variants.iter().find(|(name, _)| *name == key.text)
                {
                    self.node(inner, schema, &path.then(*name));
                    return;
                }
                let all: Vec<&str> = names().collect();
                let hint = format!("give exactly one of: {}", all.join(", "));
                self.report(
                    "variant",
                    path,
                    "one way of saying this is needed".to_owned(),
                )
                .hint = Some(hint);
            }
            _ => self.word(node, &words, path),
        }
    }

    fn word(&mut self, node: &Node, words: &[&str], path: &Path) {
        let all = words.join(", ");
        match &node.value {
            Value::Text(text) if words.contains(&text.as_str()) => {}
            Value::Text(text) => {
                let hint = nearest(text, words.iter().copied()).map_or_else(
                    || format!("known words: {all}"),
                    |near| format!("did you mean `{near}`?"),
                );
                let shown: String = text.chars().take(60).collect();
                self.report(
                    "unknown-word",
                    path,
                    format!("`{shown}` is not one of the known words"),
                )
                .hint = Some(hint);
            }
            other => {
                let message = format!("expected a word, found {}", other.kind());
                self.report("type", path, message).hint = Some(format!("known words: {all}"));
            }
        }
    }

    fn text(&mut self, text: &str, schema: &Schema, path: &Path) {
        let format = schema.get("format").and_then(Schema::as_str);
        let error = match format {
            Some("date") => text
                .parse::<ketum_core::date::Date>()
                .err()
                .map(|error| ("date", error.to_string())),
            Some("partial-date") => text
                .parse::<ketum_core::date::PartialDate>()
                .err()
                .map(|error| ("date", error.to_string())),
            Some("clock") => (!is_clock(text)).then(|| {
                (
                    "clock",
                    "write a time of day as HH:MM, 00:00 to 23:59".to_owned(),
                )
            }),
            Some("id") => ketum_core::id::check(text)
                .err()
                .map(|error| ("id", error.to_string())),
            _ => None,
        };
        if let Some((code, message)) = error {
            let hint = match format {
                Some("date") => "a date is written as year, month and day: \"2026-01-31\"",
                Some("partial-date") => "write \"2026\", \"2026-01\" or \"2026-01-31\"",
                Some("clock") => "for example \"08:30\"",
                _ => "an id has lower-case letters, digits and single hyphens, at most 80 of them",
            };
            self.report(code, path, message).hint = Some(hint.to_owned());
        }
    }

    fn length(&mut self, length: usize, schema: &Schema, path: &Path) {
        let least = schema.get("minItems").and_then(Schema::as_u64).unwrap_or(0);
        let most = schema.get("maxItems").and_then(Schema::as_u64);
        if (length as u64) < least {
            self.report(
                "length",
                path,
                format!("at least {least} needed, found {length}"),
            )
            .hint = Some("add what is missing".to_owned());
        }
        if let Some(most) = most.filter(|most| length as u64 > *most) {
            self.report(
                "length",
                path,
                format!("at most {most} possible, found {length}"),
            )
            .hint = Some(format!("leave {} out", length as u64 - most));
        }
    }

    fn range(&mut self, number: f64, schema: &Schema, path: &Path) {
        if !number.is_finite() {
            self.report(
                "range",
                path,
                format!("{number} is not a number one can use"),
            )
            .hint = Some("write a finite number, for example 0.5 or 1e-3".to_owned());
            return;
        }
        let bound = |key| schema.get(key).and_then(Schema::as_f64);
        let (least, most) = (bound("minimum"), bound("maximum"));
        if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
            let allowed = match (least, most) {
                (Some(least), Some(most)) => format!("between {least} and {most}"),
                (Some(least), None) => format!("at least {least}"),
                (_, most) => format!("at most {}", most.unwrap_or(f64::INFINITY)),
            };
            self.report("range", path, format!("{number} is impossible here"))
                .hint = Some(format!("possible: {allowed}"));
        }
    }
}

/// The first sentence of a description, on one line.
fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.split_once(". ") {
        Some((first, _)) => first.to_owned(),
        None => words.trim_end_matches('.').to_owned(),
    }
}

fn is_clock(text: &str) -> bool {
    let part = |part: &str, end: u8| {
        part.len() == 2
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse().is_ok_and(|n: u8| n < end)
    };
    text.split_once(':')
        .is_some_and(|(hour, minute)| part(hour, 24) && part(minute, 60))
}

fn is_type(schema: &Schema, name: &str) -> bool {
    schema.get("type").and_then(Schema::as_str) == Some(name)
}

fn words_of(schema: &Schema) -> Vec<&str> {
    if let Some(word) = schema.get("const").and_then(Schema::as_str) {
        return vec![word];
    }
    schema
        .get("enum")
        .and_then(Schema::as_array)
        .into_iter()
        .flatten()
        .filter_map(Schema::as_str)
        .collect()
}
