//! One thing wrong with a document, and how it is printed.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::path::Path;

/// Whether it stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document cannot be used.
    Error,
    /// It can, and the reader should know.
    Warning,
    /// For information.
    Note,
}

/// One thing wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Name of the check that found it.
    pub code: &'static str,
    /// Whether it stops the work.
    pub severity: Severity,
    /// The file.
    pub file: String,
    /// Where in the file.
    pub path: Path,
    /// Whether the key, not the value, is meant.
    pub at_key: bool,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// Bytes in the text.
    pub span: Option<Range<usize>>,
}

impl Diagnostic {
    /// An error.
    #[must_use]
    pub fn error(
        code: &'static str,
        file: impl Into<String>,
        path: Path,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: Severity::Error,
            file: file.into(),
            path,
            at_key: false,
            message: message.into(),
            hint: None,
            line: None,
            column: None,
            span: None,
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same as a note.
    #[must_use]
    pub fn note(mut self) -> Self {
        self.severity = Severity::Note;
        self
    }

    /// The same, pointing at the key.
    #[must_use]
    pub fn at_key(mut self) -> Self {
        self.at_key = true;
        self
    }

    /// The same at a line and column, both from 1.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        (self.line, self.column) = (Some(line), Some(column));
        self
    }

    pub(super) fn locate(&mut self, text: &str, span: Option<Range<usize>>) {
        let Some(span) =
            span.filter(|span| span.end <= text.len() && text.is_char_boundary(span.start))
        else {
            return;
        };
        let before = &text[..span.start];
        self.line = Some(before.matches('\n').count() + 1);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        self.column = Some(before[line_start..].chars().count() + 1);
        self.span = Some(span);
    }

    /// `file:line:column` as far as known.
    #[must_use]
    pub fn position(&self) -> String {
        match (self.line, self.column) {
            (Some(line), Some(column)) => format!("{}:{line}:{column}", self.file),
            _ if self.path.steps().is_empty() => self.file.clone(),
            _ => format!("{} at {}", self.file, self.path.pointer()),
        }
    }
}

/// Prints a diagnostic in the manner of rustc, with the lines of `text` around it.
#[must_use]
pub fn render(diagnostic: &Diagnostic, text: Option<&str>, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code);
    let mut group: Group<'_>;
    let place;
    match (text, &diagnostic.span) {
        (Some(text), Some(span)) => {
            group = title.element(
                Snippet::source(text)
                    .path(&diagnostic.file)
                    .annotation(AnnotationKind::Primary.span(span.clone())),
            );
        }
        _ => {
            place = format!("in {}", diagnostic.position());
            group = title.element(Level::NOTE.message(&place));
        }
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint));
    }
    renderer.render(&[group])
}
