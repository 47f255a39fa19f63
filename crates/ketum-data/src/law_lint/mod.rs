//! Lints of the law data: what a careful reviewer of a changed rule would look for.
//!
//! Functions from typed files to diagnostics that name a path inside the file. Severity: an error is
//! wrong or unsupported; a warning is due for review; a note is a gap somebody may fill.

mod acts;
mod codes;
mod names;
mod periods;
mod places;
mod references;
mod rows;
mod rules;
mod stale;
mod support;
mod vectors;

pub use names::LAW_CODES;

use std::collections::BTreeMap;

use ketum_core::date::Date;
use ketum_core::law::{LawFile, LawWatch};

use crate::document::Path;
use crate::lint::Sink;

/// One file under the linter.
pub(crate) struct Under<'a> {
    /// `law/us-fl.toml`
    pub name: String,
    /// File name without its ending.
    pub stem: &'a str,
    /// The file.
    pub file: &'a LawFile,
}

impl Under<'_> {
    fn error(
        &self,
        sink: &mut Sink,
        code: &'static str,
        path: Path,
        message: impl Into<String>,
        hint: &str,
    ) {
        sink.error(code, &self.name, path, message, hint);
    }

    fn note(
        &self,
        sink: &mut Sink,
        code: &'static str,
        path: Path,
        message: impl Into<String>,
        hint: &str,
    ) {
        sink.note(code, &self.name, path, message, hint);
    }
}

/// Lints every law file. `watch` is the list of documents that are expected; with `today`, what is past
/// its review date is a warning, and after 30 days an error.
pub fn lint(
    files: &BTreeMap<String, LawFile>,
    watch: Option<&LawWatch>,
    today: Option<Date>,
    sink: &mut Sink,
) {
    for (stem, file) in files {
        let under = Under {
            name: format!("law/{stem}.toml"),
            stem,
            file,
        };
        places::lint(&under, files, today, sink);
        references::lint(&under, sink);
        rows::lint(&under, sink);
        acts::lint(&under, sink);
        rules::lint(&under, sink);
        vectors::lint(&under, sink);
        if let Some(today) = today {
            stale::lint(&under, watch, today, sink);
        }
        periods::lint(&under, sink);
        support::lint(&under, sink);
        if let Some(watch) = watch {
            places::watched(&under, watch, sink);
        }
    }
    support::same_source_everywhere(files, sink);
    if let Some(watch) = watch {
        places::watch_list(files, watch, sink);
    }
}
