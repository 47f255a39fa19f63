//! Documents: foreign TOML or JSON bytes, read into a tree with positions and checked against a schema.
//!
//! Everything wrong with a document is reported at once, each error with its line, column and a hint.

mod check;
mod diagnostic;
mod node;
mod path;
mod spelling;

pub use check::check;
pub use diagnostic::{Diagnostic, Severity, render};
pub use node::{Node, Value};
pub use path::{Path, Step};
pub use spelling::nearest;

use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// Largest document that is read, in bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// The two notations of one shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// TOML; errors have line and column.
    Toml,
    /// JSON; errors have a JSON pointer, syntax errors line and column too.
    Json,
}

/// A document that was read: its text and its tree.
#[derive(Debug)]
pub struct Document {
    /// Name shown in messages.
    pub name: String,
    /// The text.
    pub text: String,
    /// The tree.
    pub root: Node,
    notation: Notation,
}

impl Document {
    /// Reads bytes that may be anything.
    ///
    /// # Errors
    /// All syntax errors that could be told apart; too large, not UTF-8, too deep.
    pub fn read(name: &str, bytes: &[u8], notation: Notation) -> Result<Self, Vec<Diagnostic>> {
        let fail = |message: String, hint: &str| {
            Diagnostic::error("file", name, Path::root(), message).hint(hint)
        };
        if bytes.len() > MAX_BYTES {
            let message = format!(
                "the file has {} bytes; at most {MAX_BYTES} are read",
                bytes.len()
            );
            return Err(vec![fail(message, "is this the right file?").at(1, 1)]);
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let message = format!("byte {} is not UTF-8", error.valid_up_to());
            let line = good.matches('\n').count() + 1;
            let column = good.rsplit('\n').next().unwrap_or("").chars().count() + 1;
            vec![fail(message, "save the file as UTF-8 text").at(line, column)]
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let root = match notation {
            Notation::Toml => node::from_toml(&text),
            Notation::Json => node::from_json(&text),
        }
        .map_err(|errors| {
            errors
                .into_iter()
                .map(|error| {
                    let mut diagnostic =
                        Diagnostic::error("syntax", name, Path::root(), error.message)
                            .hint(error.hint)
                            .at(1, 1);
                    diagnostic.locate(&text, error.span);
                    if let Some((line, column)) = error.line_column {
                        diagnostic.line = Some(line);
                        diagnostic.column = Some(column);
                    }
                    diagnostic
                })
                .collect::<Vec<_>>()
        })?;
        Ok(Self {
            name: name.to_owned(),
            text,
            root,
            notation,
        })
    }

    /// Checks the tree against the schema of `T`, then builds a `T`.
    ///
    /// # Errors
    /// Every unknown key, wrong type, unknown word, impossible value and missing key.
    pub fn parse<T: DeserializeOwned + JsonSchema>(&self) -> Result<T, Vec<Diagnostic>> {
        self.parse_with(schemars::schema_for!(T).as_value())
    }

    /// As [`parse`](Self::parse), with a schema made before.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with<T: DeserializeOwned>(
        &self,
        schema: &serde_json::Value,
    ) -> Result<T, Vec<Diagnostic>> {
        let mut problems = check(&self.name, &self.root, schema);
        for problem in &mut problems {
            self.locate(problem);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let (message, span) = match self.notation {
            Notation::Toml => match toml::from_str(&self.text) {
                Ok(value) => return Ok(value),
                Err(error) => (error.message().to_owned(), error.span()),
            },
            Notation::Json => match serde_json::from_str(&self.text) {
                Ok(value) => return Ok(value),
                Err(error) => (error.to_string(), None),
            },
        };
        let mut problem = Diagnostic::error("shape", &self.name, Path::root(), message)
            .hint("the message says which value does not fit; compare it with a file that works");
        problem.locate(&self.text, span);
        self.locate(&mut problem);
        Err(vec![problem])
    }

    /// Gives a diagnostic whose path lies in this document its line and column. What concerns the
    /// document as a whole stands at its beginning.
    pub fn locate(&self, diagnostic: &mut Diagnostic) {
        if diagnostic.line.is_none() {
            let span: Option<Range<usize>> = self.root.span_of(&diagnostic.path, diagnostic.at_key);
            diagnostic.locate(&self.text, span);
            if diagnostic.line.is_none() && self.notation == Notation::Toml {
                (diagnostic.line, diagnostic.column) = (Some(1), Some(1));
            }
        }
    }
}
