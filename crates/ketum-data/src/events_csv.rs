//! NONMEM-style event files: comma-separated records with ID, TIME, EVID, AMT, CMT, RATE, DUR, II,
//! ADDL, SS, OCC, DV, MDV and the covariates that a model names.
//!
//! Everything wrong is reported at once, with line, column and a hint; nothing is dropped silently:
//! columns that are read but not used are named in the result, and a line that is no record is an
//! error. Lines before the header that start with `#` are remarks. This file knows the notation; what a
//! record means stands in `ketum_core::event`, how it is carried out in the simulator.

mod dose;
mod fields;
mod header;
mod record;

use std::collections::HashSet;
use std::io::BufRead;

use ketum_core::event::{Carry, Subject};

use crate::document::{Diagnostic, Path};
use header::Header;

/// Longest line that is read, in bytes.
pub const MAX_LINE: usize = 64 << 10;
/// Most records that are read.
pub const MAX_RECORDS: usize = 50_000_000;
/// After so many errors reading stops.
pub const MAX_ERRORS: usize = 100;
/// Largest number of an occasion; the simulator's random numbers tell so many apart.
pub const MAX_OCCASION: f64 = 16_777_215.0;

const COLUMNS: [&str; 13] = [
    "ID", "TIME", "EVID", "AMT", "CMT", "RATE", "DUR", "II", "ADDL", "SS", "OCC", "DV", "MDV",
];

/// What the records are read for.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventColumns<'a> {
    /// Compartments of the model in order: CMT is a name or a number from one.
    pub compartments: &'a [String],
    /// What the model says of doses into each compartment; with an empty list RATE −1 and −2 are not
    /// compared with it.
    pub modelled: &'a [Modelled],
    /// Covariates of the model; each needs a column of that name.
    pub covariates: &'a [String],
    /// How covariates and OCC are read between records.
    pub carry: Carry,
    /// Columns that are read in another way.
    pub carried: &'a [(String, Carry)],
    /// Further columns that may stand in the file and are not used.
    pub ignored: &'a [&'a str],
    /// Columns whose text is handed on as it stands, record by record.
    pub kept: &'a [&'a str],
    /// The model could not be read: compartments and further columns are taken as they come, so that
    /// everything else about the records can be checked all the same.
    pub model_unknown: bool,
}

/// What a model says of doses into a compartment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Modelled {
    /// It has a rate for them (RATE −1).
    pub rate: bool,
    /// It has a duration for them (RATE −2).
    pub duration: bool,
}

/// Records that were read.
#[derive(Debug, Clone, PartialEq)]
pub struct EventData {
    /// Subjects in the order of the file.
    pub subjects: Vec<Subject>,
    /// The line of each record, subject by subject.
    pub lines: Vec<Vec<usize>>,
    /// Columns that were read but not used.
    pub unused: Vec<String>,
    /// Columns that were handed on.
    pub kept: Kept,
}

/// Columns handed on as they stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// Their names as the header writes them.
    pub names: Vec<String>,
    /// Subject by subject: the fields of the first record, then those of the next.
    fields: Vec<Vec<Box<str>>>,
}

impl Kept {
    /// The fields of a record, one a name.
    #[must_use]
    pub fn of(&self, subject: usize, record: usize) -> &[Box<str>] {
        let width = self.names.len();
        self.fields
            .get(subject)
            .and_then(|all| all.get(record * width..(record + 1) * width))
            .unwrap_or_default()
    }
}

/// Reads records.
///
/// # Errors
/// Everything wrong with the file, up to a hundred errors; where there may be more, a note at the end
/// says so.
pub fn read(
    name: &str,
    input: impl BufRead,
    columns: &EventColumns<'_>,
) -> Result<EventData, Vec<Diagnostic>> {
    read_at_most(MAX_RECORDS, name, input, columns)
}

fn read_at_most(
    most: usize,
    name: &str,
    mut input: impl BufRead,
    columns: &EventColumns<'_>,
) -> Result<EventData, Vec<Diagnostic>> {
    let mut reader = Reader::new(name, columns);
    let mut line = Vec::new();
    let mut header: Option<Header> = None;
    let mut number = 0;
    let mut records = 0;
    loop {
        number += 1;
        match next_line(&mut input, &mut line) {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => {
                let hint = "an event file has one record a line, fields divided by commas";
                reader.error(number, 1, why, hint);
                break;
            }
        }
        let Ok(text) = std::str::from_utf8(&line) else {
            let message = "the line is not UTF-8".to_owned();
            reader.error(number, 1, message, "save the file as UTF-8");
            break;
        };
        let text = text.trim_end_matches(['\r', '\n']);
        let text = match number {
            1 => text.trim_start_matches('\u{feff}'),
            _ => text,
        };
        if text.trim().is_empty() || (header.is_none() && text.starts_with('#')) {
            continue;
        }
        let Some(header) = &header else {
            match reader.header(number, text) {
                Some(new) => header = Some(new),
                None => return Err(reader.refused(number)),
            }
            continue;
        };
        if text.starts_with('#') {
            let message = "a line after the header starts with #".to_owned();
            let hint = "every line here is a record; take it out of the file, or write the remark above the header";
            reader.error(number, 1, message, hint);
        } else if records == most {
            let message = format!("there are more than {most} records");
            let hint = "divide the file by subjects and run the parts one after another";
            reader.error(number, 1, message, hint);
            break;
        } else {
            records += 1;
            reader.record(number, text, header);
        }
        if reader.full() {
            break;
        }
    }
    let Some(header) = header else {
        if reader.errors.is_empty() {
            let hint = "the first line names the columns: ID,TIME,EVID,AMT,CMT";
            reader.error(1, 1, "the file has no header".into(), hint);
        }
        return Err(reader.refused(number));
    };
    if reader.subjects.is_empty() && reader.errors.is_empty() {
        let message = "the file has no record".to_owned();
        reader.error(number, 1, message, "each line after the header is one");
    }
    if !reader.errors.is_empty() {
        return Err(reader.refused(number));
    }
    Ok(EventData {
        subjects: reader.subjects,
        lines: reader.lines,
        unused: header.unused,
        kept: Kept {
            names: header.kept.into_iter().map(|(_, name)| name).collect(),
            fields: reader.kept,
        },
    })
}

/// Reads a line of bounded length; `false` at the end.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, String> {
    line.clear();
    loop {
        let available = input
            .fill_buf()
            .map_err(|error| format!("cannot be read: {error}"))?;
        if available.is_empty() {
            return Ok(!line.is_empty());
        }
        let end = available.iter().position(|&byte| byte == b'\n');
        let take = end.map_or(available.len(), |end| end + 1);
        if line.len() + take > MAX_LINE {
            return Err(format!("the line is longer than {MAX_LINE} bytes"));
        }
        line.extend_from_slice(&available[..take]);
        input.consume(take);
        if end.is_some() {
            return Ok(true);
        }
    }
}

/// What has been read so far.
struct Reader<'a> {
    name: &'a str,
    columns: &'a EventColumns<'a>,
    /// At most [`MAX_ERRORS`].
    errors: Vec<Diagnostic>,
    /// Errors met, also those beyond the limit.
    met: usize,
    subjects: Vec<Subject>,
    lines: Vec<Vec<usize>>,
    kept: Vec<Vec<Box<str>>>,
    /// Identifiers of all subjects so far.
    seen: HashSet<String>,
}

impl<'a> Reader<'a> {
    fn new(name: &'a str, columns: &'a EventColumns<'a>) -> Self {
        Self {
            name,
            columns,
            errors: Vec::new(),
            met: 0,
            subjects: Vec::new(),
            lines: Vec::new(),
            kept: Vec::new(),
            seen: HashSet::new(),
        }
    }

    fn error(&mut self, line: usize, column: usize, message: String, hint: &str) {
        self.met += 1;
        if self.full() {
            return;
        }
        let error = Diagnostic::error("events", self.name, Path::root(), message).hint(hint);
        self.errors.push(error.at(line, column));
    }

    fn full(&self) -> bool {
        self.errors.len() >= MAX_ERRORS
    }

    /// The errors, with a word at the end where they are not all.
    fn refused(mut self, line: usize) -> Vec<Diagnostic> {
        if self.full() {
            let message = format!(
                "only the first {MAX_ERRORS} errors are shown; reading stopped at line {line}"
            );
            let note = Diagnostic::error("events", self.name, Path::root(), message).note();
            let hint = "mend these and run again to see what is left";
            self.errors.push(note.hint(hint).at(line, 1));
        }
        self.errors
    }
}

#[cfg(test)]
mod tests;
