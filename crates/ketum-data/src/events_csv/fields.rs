//! The fields of one line.

/// Fields divided by commas, with the place each starts at.
pub(super) struct Fields<'t> {
    pub line: usize,
    text: &'t str,
    /// Byte at which a field starts, and its text without blanks and quotation marks.
    fields: Vec<(usize, &'t str)>,
}

impl<'t> Fields<'t> {
    pub fn new(line: usize, text: &'t str) -> Self {
        let mut fields = Vec::new();
        let mut start = 0;
        for part in text.split(',') {
            fields.push((start, part.trim().trim_matches('"').trim()));
            start += part.len() + 1;
        }
        Self { line, text, fields }
    }

    pub fn count(&self) -> usize {
        self.fields.len()
    }

    pub fn text(&self, at: usize) -> &'t str {
        self.fields[at].1
    }

    /// Column in characters, from one. Counted only where something is wrong, so that reading a line
    /// takes a time in proportion to its length.
    pub fn column(&self, at: usize) -> usize {
        self.text[..self.fields[at].0].chars().count() + 1
    }

    pub fn is_missing(&self, at: usize) -> bool {
        matches!(self.text(at), "" | ".")
    }
}
