//! The terminal: wrapping, headings, and colour that carries nothing words do not.

/// Columns of a text page.
pub const WIDTH: usize = 88;

/// Wraps `text` at [`WIDTH`], each line behind `indent`, the first behind `first`.
#[must_use]
pub fn wrap(text: &str, first: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            line = indent.to_owned();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

/// How text is set off where the terminal shows colour.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    colour: bool,
}

impl Style {
    /// A style with or without colour.
    #[must_use]
    pub fn new(colour: bool) -> Self {
        Self { colour }
    }

    /// Whether colour is shown.
    #[must_use]
    pub fn is_coloured(self) -> bool {
        self.colour
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// Headings.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What matters less.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Emergencies and things not to combine.
    #[must_use]
    pub fn alert(self, text: &str) -> String {
        self.paint("1;31", text)
    }
}
