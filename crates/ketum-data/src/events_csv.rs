//! NONMEM-style event files: comma-separated records with ID, TIME, EVID, AMT, CMT, RATE, DUR, II,
//! ADDL, SS, OCC, DV, MDV and the covariates that a model names.
//!
//! Everything wrong is reported at once, with line, column and a hint; nothing is dropped silently:
//! columns that are read but not used are named in the result. This file knows the notation; what a
//! record means stands in `ketum_core::event`, how it is carried out in the simulator.

use std::io::BufRead;

use ketum_core::event::{Carry, CovariateSeries, Event, EventKind, Input, SteadyState, Subject};

use crate::document::{Diagnostic, Path, nearest};

/// Longest line that is read, in bytes.
pub const MAX_LINE: usize = 64 << 10;
/// Most records that are read.
pub const MAX_RECORDS: usize = 50_000_000;
/// After so many errors reading stops.
const MAX_ERRORS: usize = 100;

const COLUMNS: [&str; 13] = [
    "ID", "TIME", "EVID", "AMT", "CMT", "RATE", "DUR", "II", "ADDL", "SS", "OCC", "DV", "MDV",
];

/// What the records are read for.
#[derive(Debug, Clone, Copy)]
pub struct EventColumns<'a> {
    /// Compartments of the model in order: CMT is a name or a number from one.
    pub compartments: &'a [String],
    /// Covariates of the model; each needs a column of that name.
    pub covariates: &'a [String],
    /// How covariates are read between records.
    pub carry: Carry,
    /// Further columns that may stand in the file and are not used.
    pub ignored: &'a [&'a str],
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
}

/// Reads records.
///
/// # Errors
/// Everything wrong with the file, up to a hundred errors.
pub fn read(
    name: &str,
    mut input: impl BufRead,
    columns: &EventColumns<'_>,
) -> Result<EventData, Vec<Diagnostic>> {
    let mut reader = Reader {
        name,
        columns,
        errors: Vec::new(),
        subjects: Vec::new(),
        lines: Vec::new(),
    };
    let mut line = Vec::new();
    let mut header: Option<Header> = None;
    let mut number = 0;
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
        let text = match std::str::from_utf8(&line) {
            Ok(text) => text
                .trim_end_matches(['\r', '\n'])
                .trim_start_matches('\u{feff}'),
            Err(_) => {
                reader.error(
                    number,
                    1,
                    "the line is not UTF-8".into(),
                    "save the file as UTF-8",
                );
                break;
            }
        };
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        match &header {
            None => match reader.header(number, text) {
                Some(new) => header = Some(new),
                None => return Err(reader.errors),
            },
            Some(header) => reader.record(number, text, header),
        }
        if reader.errors.len() >= MAX_ERRORS || number > MAX_RECORDS {
            break;
        }
    }
    let Some(header) = header else {
        if reader.errors.is_empty() {
            let hint = "the first line names the columns: ID,TIME,EVID,AMT,CMT";
            reader.error(1, 1, "the file has no header".into(), hint);
        }
        return Err(reader.errors);
    };
    if reader.subjects.is_empty() && reader.errors.is_empty() {
        reader.error(
            number,
            1,
            "the file has no record".into(),
            "each line after the header is one",
        );
    }
    match reader.errors.is_empty() {
        true => Ok(EventData {
            subjects: reader.subjects,
            lines: reader.lines,
            unused: header.unused,
        }),
        false => Err(reader.errors),
    }
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

/// Where each column stands.
struct Header {
    names: Vec<String>,
    covariates: Vec<usize>,
    unused: Vec<String>,
}

impl Header {
    fn position(&self, column: &str) -> Option<usize> {
        self.names.iter().position(|name| name == column)
    }
}

struct Reader<'a> {
    name: &'a str,
    columns: &'a EventColumns<'a>,
    errors: Vec<Diagnostic>,
    subjects: Vec<Subject>,
    lines: Vec<Vec<usize>>,
}

/// One record's fields with the column each starts at.
struct Fields<'t> {
    line: usize,
    fields: Vec<(usize, &'t str)>,
}

impl<'t> Fields<'t> {
    fn new(line: usize, text: &'t str) -> Self {
        let mut fields = Vec::new();
        let mut start = 0;
        for part in text.split(',') {
            let inner = part.trim().trim_matches('"').trim();
            fields.push((text[..start].chars().count() + 1, inner));
            start += part.len() + 1;
        }
        Self { line, fields }
    }
}

impl Reader<'_> {
    fn error(&mut self, line: usize, column: usize, message: String, hint: &str) {
        let mut error = Diagnostic::error("events", self.name, Path::root(), message).hint(hint);
        error.line = Some(line);
        error.column = Some(column);
        self.errors.push(error);
    }

    fn header(&mut self, line: usize, text: &str) -> Option<Header> {
        let fields = Fields::new(line, text);
        let mut names: Vec<String> = Vec::new();
        for &(column, written) in &fields.fields {
            let upper = written.to_ascii_uppercase();
            let covariate = self
                .columns
                .covariates
                .iter()
                .find(|c| c.eq_ignore_ascii_case(written));
            let ignored = self
                .columns
                .ignored
                .iter()
                .any(|i| i.eq_ignore_ascii_case(written));
            let name = match covariate {
                Some(covariate) => covariate.clone(),
                None => upper.clone(),
            };
            if names.contains(&name) {
                let hint = "each column stands once";
                self.error(
                    line,
                    column,
                    format!("the column {written} stands twice"),
                    hint,
                );
            } else if covariate.is_none() && !ignored && !COLUMNS.contains(&upper.as_str()) {
                let known = COLUMNS
                    .iter()
                    .copied()
                    .chain(self.columns.covariates.iter().map(String::as_str));
                let hint = match nearest(&upper, known) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("known columns: {}", COLUMNS.join(", ")),
                };
                self.error(line, column, format!("unknown column '{written}'"), &hint);
            }
            names.push(name);
        }
        for needed in ["ID", "TIME"] {
            if !names.iter().any(|name| name == needed) {
                self.error(
                    line,
                    1,
                    format!("the column {needed} is missing"),
                    "name it in the header",
                );
            }
        }
        let mut covariates = Vec::new();
        for covariate in self.columns.covariates {
            match names.iter().position(|name| name == covariate) {
                Some(position) => covariates.push(position),
                None => {
                    let message = format!("the model needs the covariate '{covariate}'");
                    self.error(line, 1, message, "add a column of that name");
                }
            }
        }
        let unused = names
            .iter()
            .filter(|name| {
                matches!(name.as_str(), "DV" | "MDV")
                    || self
                        .columns
                        .ignored
                        .iter()
                        .any(|i| i.eq_ignore_ascii_case(name))
            })
            .cloned()
            .collect();
        self.errors.is_empty().then_some(Header {
            names,
            covariates,
            unused,
        })
    }

    fn record(&mut self, line: usize, text: &str, header: &Header) {
        let fields = Fields::new(line, text);
        if fields.fields.len() != header.names.len() {
            let message = format!(
                "{} fields where the header has {}",
                fields.fields.len(),
                header.names.len()
            );
            self.error(line, 1, message, "a missing value is written as a dot");
            return;
        }
        let before = self.errors.len();
        let id = header.position("ID").map_or("", |at| fields.fields[at].1);
        if id.is_empty() || id == "." {
            self.error(
                line,
                1,
                "the record has no ID".into(),
                "every record names its subject",
            );
        }
        let event = self.event(&fields, header);
        let covariates: Vec<f64> = header
            .covariates
            .iter()
            .map(|&at| self.number(&fields, at, header, None))
            .collect();
        let occasion = header
            .position("OCC")
            .map(|at| self.number(&fields, at, header, Some(0.0)));
        if self.errors.len() > before {
            return;
        }
        let Some(event) = event else { return };
        self.add(line, id, event, &covariates, occasion);
    }

    fn add(
        &mut self,
        line: usize,
        id: &str,
        event: Event,
        covariates: &[f64],
        occasion: Option<f64>,
    ) {
        let new = self.subjects.last().is_none_or(|subject| subject.id != id);
        if new {
            if self.subjects.iter().any(|subject| subject.id == id) {
                let message = format!("subject {id} starts again after another subject");
                self.error(line, 1, message, "put all records of a subject together");
                return;
            }
            self.subjects.push(Subject {
                id: id.to_owned(),
                ..Subject::default()
            });
            self.lines.push(Vec::new());
        }
        if let Some(lines) = self.lines.last_mut() {
            lines.push(line);
        }
        let carry = self.columns.carry;
        let names = self.columns.covariates;
        let mut backwards = None;
        if let Some(subject) = self.subjects.last_mut() {
            if let Some(last) = subject
                .events
                .last()
                .filter(|last| event.time_h < last.time_h)
            {
                backwards = Some((last.time_h, event.time_h));
            }
            let occasion = occasion.map(|value| ("OCC", value, Carry::Forward));
            let named = names
                .iter()
                .zip(covariates)
                .map(|(name, &value)| (name.as_str(), value, carry));
            for (index, (name, value, carry)) in named.chain(occasion).enumerate() {
                if subject.covariates.len() <= index {
                    subject.covariates.push(CovariateSeries {
                        name: name.to_owned(),
                        carry,
                        times_h: Vec::new(),
                        values: Vec::new(),
                    });
                }
                subject.covariates[index].times_h.push(event.time_h);
                subject.covariates[index].values.push(value);
            }
            subject.events.push(event);
        }
        if let Some((last, now)) = backwards {
            let message = format!("time {now} comes after time {last}");
            self.error(line, 1, message, "sort the records of a subject by time");
        }
    }

    fn event(&mut self, fields: &Fields<'_>, header: &Header) -> Option<Event> {
        let mut get = |column: &str| {
            let at = header.position(column)?;
            Some((
                fields.fields[at].0,
                self.number(fields, at, header, Some(0.0)),
            ))
        };
        let time = header.position("TIME");
        let amount = get("AMT").map_or(0.0, |(_, value)| value);
        let evid = get("EVID");
        let (rate, duration) = (get("RATE"), get("DUR"));
        let (interval, additional, steady) = (get("II"), get("ADDL"), get("SS"));
        let time_h = time.map_or(f64::NAN, |at| self.number(fields, at, header, None));
        let compartment = self.compartment(fields, header);
        let value = |field: Option<(usize, f64)>| field.map_or(0.0, |(_, value)| value);
        let line = fields.line;
        let mut fail = |field: Option<(usize, f64)>, message: String, hint: &str| {
            self.error(line, field.map_or(1, |(column, _)| column), message, hint);
        };
        let kind = match evid {
            None if amount > 0.0 || value(rate) > 0.0 => EventKind::Dose,
            None => EventKind::Observation,
            Some((_, 0.0)) => EventKind::Observation,
            Some((_, 1.0)) => EventKind::Dose,
            Some((_, 2.0)) => EventKind::Other,
            Some((_, 3.0)) => EventKind::Reset,
            Some((_, 4.0)) => EventKind::ResetAndDose,
            Some((_, other)) => {
                fail(evid, format!("EVID is {other}"), "EVID is 0, 1, 2, 3 or 4");
                return None;
            }
        };
        let gives_dose = matches!(kind, EventKind::Dose | EventKind::ResetAndDose);
        if !gives_dose && (amount != 0.0 || value(additional) != 0.0 || value(steady) != 0.0) {
            let hint = "a dose has EVID 1 or 4; leave AMT, ADDL and SS at 0 elsewhere";
            fail(
                evid,
                "a record that gives no dose has AMT, ADDL or SS".into(),
                hint,
            );
        }
        if amount < 0.0 {
            fail(
                None,
                format!("AMT is {amount}"),
                "an amount is not negative",
            );
        }
        let input = match (value(rate), value(duration)) {
            (0.0, 0.0) => Input::Bolus,
            (r, 0.0) if r > 0.0 => Input::Rate(r),
            (-1.0, 0.0) => Input::ModelledRate,
            (-2.0, 0.0) => Input::ModelledDuration,
            (0.0, d) if d > 0.0 => Input::Duration(d),
            (0.0, d) => {
                fail(
                    duration,
                    format!("DUR is {d}"),
                    "a duration is not negative",
                );
                Input::Bolus
            }
            (r, 0.0) => {
                fail(
                    rate,
                    format!("RATE is {r}"),
                    "RATE is positive, 0, -1 or -2",
                );
                Input::Bolus
            }
            _ => {
                fail(
                    rate,
                    "both RATE and DUR are given".into(),
                    "give one of them",
                );
                Input::Bolus
            }
        };
        let steady_state = match value(steady) {
            0.0 => SteadyState::Off,
            1.0 => SteadyState::Replace,
            2.0 => SteadyState::Add,
            other => {
                fail(steady, format!("SS is {other}"), "SS is 0, 1 or 2");
                SteadyState::Off
            }
        };
        let interval_h = value(interval);
        if interval_h < 0.0 {
            fail(
                interval,
                format!("II is {interval_h}"),
                "an interval is not negative",
            );
        }
        let count = value(additional);
        if count < 0.0 || count.fract() != 0.0 || count > 1e6 {
            fail(
                additional,
                format!("ADDL is {count}"),
                "ADDL is a whole number from 0 to a million",
            );
        }
        if gives_dose && count > 0.0 && interval_h == 0.0 {
            fail(
                additional,
                "ADDL without II".into(),
                "additional doses need an interval",
            );
        }
        let constant = amount == 0.0 && matches!(input, Input::Rate(_) | Input::ModelledRate);
        if gives_dose && steady_state != SteadyState::Off && interval_h == 0.0 && !constant {
            fail(
                steady,
                "SS without II".into(),
                "a steady state needs an interval between doses",
            );
        }
        Some(Event {
            time_h,
            kind,
            compartment,
            amount,
            input,
            additional: count as u32,
            interval_h,
            steady_state,
        })
    }

    fn compartment(&mut self, fields: &Fields<'_>, header: &Header) -> Option<String> {
        let (column, text) = fields.fields[header.position("CMT")?];
        let names = self.columns.compartments;
        if text == "." || text == "0" {
            return None;
        }
        if let Some(name) = names.iter().find(|name| *name == text) {
            return Some(name.clone());
        }
        let known = text
            .parse::<usize>()
            .ok()
            .and_then(|n| names.get(n.wrapping_sub(1)));
        if known.is_none() {
            let list: Vec<String> = names
                .iter()
                .enumerate()
                .map(|(i, name)| format!("{} {name}", i + 1))
                .collect();
            let hint = format!("the model has {}", list.join(", "));
            self.error(
                fields.line,
                column,
                format!("unknown compartment '{text}'"),
                &hint,
            );
        }
        known.cloned()
    }

    /// A finite number; a dot stands for `missing` where that is given.
    fn number(
        &mut self,
        fields: &Fields<'_>,
        at: usize,
        header: &Header,
        missing: Option<f64>,
    ) -> f64 {
        let (column, text) = fields.fields[at];
        if (text == "." || text.is_empty())
            && let Some(missing) = missing
        {
            return missing;
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => value,
            _ => {
                let message = format!("{} is '{text}', not a number", header.names[at]);
                let hint = match missing {
                    Some(_) => "write a number, or a dot where there is none",
                    None => "write a number; it may not be missing here",
                };
                self.error(fields.line, column, message, hint);
                0.0
            }
        }
    }
}

#[cfg(test)]
mod tests;
