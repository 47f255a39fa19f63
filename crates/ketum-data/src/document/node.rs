//! The tree of a document, with the position of every value where the notation keeps it.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::path::{Path, Step};

/// A value and where it stands in the text (bytes).
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where the value stands; `None` in JSON.
    pub span: Option<Range<usize>>,
    /// The value.
    pub value: Value,
}

/// A key and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The key.
    pub text: String,
    /// Where it stands; `None` in JSON.
    pub span: Option<Range<usize>>,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Keys with values.
    Table(Vec<(Key, Node)>),
    /// A list.
    Array(Vec<Node>),
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// A native TOML date or time; the data use text instead.
    Datetime(String),
    /// JSON's null.
    Null,
}

impl Value {
    /// What it is, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::Array(_) => "a list",
            Self::Text(_) => "text",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Datetime(_) => "a bare date",
            Self::Null => "null",
        }
    }
}

impl Node {
    /// The value under `key`, where this is a table that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Table(entries) => entries
                .iter()
                .find(|(entry, _)| entry.text == key)
                .map(|(_, node)| node),
            _ => None,
        }
    }

    /// Where the value at `path` stands, or the deepest value on the way to it that exists.
    #[must_use]
    pub fn span_of(&self, path: &Path, at_key: bool) -> Option<Range<usize>> {
        let mut node = self;
        let mut span = None;
        for step in path.steps() {
            match (&node.value, step) {
                (Value::Table(entries), Step::Key(wanted)) => {
                    let Some((key, next)) = entries.iter().find(|(key, _)| key.text == *wanted)
                    else {
                        return span;
                    };
                    span = if at_key || matches!(next.value, Value::Table(_)) {
                        key.span.clone()
                    } else {
                        next.span.clone()
                    };
                    node = next;
                }
                (Value::Array(items), Step::Index(index)) => {
                    let Some(next) = items.get(*index) else {
                        return span;
                    };
                    span = next.span.clone();
                    node = next;
                }
                _ => return span,
            }
        }
        span
    }
}

/// Why a text could not be read.
pub(super) struct SyntaxError {
    pub message: String,
    pub hint: &'static str,
    pub span: Option<Range<usize>>,
    pub line_column: Option<(usize, usize)>,
}

pub(super) fn from_toml(text: &str) -> Result<Node, Vec<SyntaxError>> {
    let (table, errors) = toml::de::DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let span = table.span();
        let value = table_value(table.into_inner());
        return Ok(Node {
            span: Some(span),
            value,
        });
    }
    let mut errors: Vec<SyntaxError> = errors
        .into_iter()
        .map(|error| SyntaxError {
            message: error.message().to_owned(),
            hint: toml_hint(error.message()),
            span: error.span(),
            line_column: None,
        })
        .collect();
    errors.sort_by_key(|error| error.span.as_ref().map_or(0, |span| span.start));
    Err(errors)
}

/// What to do about a syntax error of the TOML reader, whose messages are short.
fn toml_hint(message: &str) -> &'static str {
    let has = |word: &str| message.contains(word);
    if has("duplicate key") {
        "a key stands once in its table; of several things of one kind each begins with [[name]]"
    } else if has("recursion") || has("depth") || has("nest") {
        "tables and lists within one another go too deep; take levels away"
    } else if has("string") || has("quote") {
        "text stands between two quotation marks on one line; a quotation mark inside is written \\\""
    } else if has("array") {
        "a list stands in [ ], its items divided by commas"
    } else if has("table") {
        "a table is [name], one of several [[name]], a short one { key = value, key = value }"
    } else if has("number") || has("integer") || has("float") || has("digit") || has("decimal") {
        "numbers are written as 5, 0.5 or 5e-1"
    } else {
        "a line is `key = value`; text stands in quotation marks, a list in [ ]"
    }
}

fn table_value(table: toml::de::DeTable<'_>) -> Value {
    let mut entries: Vec<(Key, Node)> = table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            let key = Key {
                text: key.into_inner().into_owned(),
                span: Some(span),
            };
            (key, toml_node(value))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span.as_ref().map_or(0, |span| span.start));
    Value::Table(entries)
}

fn toml_node(value: toml::Spanned<toml::de::DeValue<'_>>) -> Node {
    use toml::de::DeValue;
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::Text(number.as_str().to_owned()), Value::Integer),
        DeValue::Float(number) => number
            .as_str()
            .parse()
            .map_or_else(|_| Value::Text(number.as_str().to_owned()), Value::Float),
        DeValue::Boolean(flag) => Value::Bool(flag),
        DeValue::Datetime(datetime) => Value::Datetime(datetime.to_string()),
        DeValue::Array(items) => Value::Array(items.into_iter().map(toml_node).collect()),
        DeValue::Table(table) => table_value(table),
    };
    Node {
        span: Some(span),
        value,
    }
}

pub(super) fn from_json(text: &str) -> Result<Node, Vec<SyntaxError>> {
    let start = text.trim_start();
    if start.is_empty() {
        return Ok(Node {
            span: None,
            value: Value::Table(Vec::new()),
        });
    }
    serde_json::from_str(text).map_err(|error| {
        vec![SyntaxError {
            message: error.to_string(),
            hint: "look at the comma, quotation mark or bracket just before this place",
            span: None,
            line_column: Some((error.line(), error.column())),
        }]
    })
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tree;

        impl<'de> Visitor<'de> for Tree {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
                Ok(Value::Bool(flag))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Integer(number))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(i64::try_from(number).map_or(Value::Float(number as f64), Value::Integer))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
                Ok(Value::Float(number))
            }

            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.to_owned()))
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
                let mut array = Vec::new();
                while let Some(item) = items.next_element()? {
                    array.push(item);
                }
                Ok(Value::Array(array))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut seen = std::collections::BTreeSet::new();
                let mut entries = Vec::new();
                while let Some((text, node)) = map.next_entry::<String, Node>()? {
                    if !seen.insert(text.clone()) {
                        return Err(A::Error::custom(format!("the key {text:?} stands twice")));
                    }
                    entries.push((Key { text, span: None }, node));
                }
                Ok(Value::Table(entries))
            }
        }

        deserializer
            .deserialize_any(Tree)
            .map(|value| Self { span: None, value })
    }
}
