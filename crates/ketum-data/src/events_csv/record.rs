//! A line as a record of its subject.

use ketum_core::event::{Carry, CovariateSeries, Event, Subject};

use super::fields::Fields;
use super::header::Header;
use super::{MAX_OCCASION, Reader};

impl Reader<'_> {
    pub(super) fn record(&mut self, line: usize, text: &str, header: &Header) {
        let fields = Fields::new(line, text);
        if fields.count() != header.names.len() {
            let (found, needed) = (fields.count(), header.names.len());
            let word = if found == 1 { "field" } else { "fields" };
            let message = format!("{found} {word} where the header has {needed}");
            self.error(line, 1, message, "a missing value is written as a dot");
            return;
        }
        let before = self.met;
        if fields.is_missing(header.id) {
            let message = "the record has no ID".to_owned();
            let hint = "every record names its subject";
            self.error(line, fields.column(header.id), message, hint);
        }
        let event = self.event(&fields, header);
        let mut values = Vec::with_capacity(header.covariates.len() + 1);
        for &(at, carry) in &header.covariates {
            let value = self.number(&fields, at, header, None);
            values.push((at, carry, value.unwrap_or(0.0)));
        }
        if let Some((at, carry)) = header.occasion {
            let value = self.occasion(&fields, at, header);
            values.push((at, carry, value));
        }
        let Some(event) = event.filter(|_| self.met == before) else {
            return;
        };
        self.add(&fields, header, event, &values);
    }

    fn occasion(&mut self, fields: &Fields<'_>, at: usize, header: &Header) -> f64 {
        let value = self.number(fields, at, header, Some(0.0)).unwrap_or(0.0);
        if value.fract() != 0.0 || !(0.0..=MAX_OCCASION).contains(&value) {
            let message = format!("OCC is {value}");
            let hint = format!("an occasion is a whole number from 0 to {MAX_OCCASION}");
            self.error(fields.line, fields.column(at), message, &hint);
        }
        value
    }

    fn add(
        &mut self,
        fields: &Fields<'_>,
        header: &Header,
        event: Event,
        values: &[(usize, Carry, f64)],
    ) {
        let id = fields.text(header.id);
        if self.subjects.last().is_none_or(|subject| subject.id != id) {
            if !self.seen.insert(id.to_owned()) {
                let message = format!("subject {id} starts again after another subject");
                let hint = "put all records of a subject together";
                self.error(fields.line, fields.column(header.id), message, hint);
                return;
            }
            let series = values.iter().map(|&(at, carry, _)| CovariateSeries {
                name: header.names[at].clone(),
                carry,
                times_h: Vec::new(),
                values: Vec::new(),
            });
            self.subjects.push(Subject {
                id: id.to_owned(),
                events: Vec::new(),
                covariates: series.collect(),
            });
            self.lines.push(Vec::new());
            self.kept.push(Vec::new());
        }
        if let Some(lines) = self.lines.last_mut() {
            lines.push(fields.line);
        }
        if let Some(kept) = self.kept.last_mut() {
            kept.extend(header.kept.iter().map(|(at, _)| fields.text(*at).into()));
        }
        let Some(subject) = self.subjects.last_mut() else {
            return;
        };
        let now = event.time_h;
        let last = subject.events.last().map(|last| last.time_h);
        for (series, &(_, _, value)) in subject.covariates.iter_mut().zip(values) {
            series.times_h.push(now);
            series.values.push(value);
        }
        subject.events.push(event);
        if let Some(last) = last.filter(|last| now < *last) {
            let message = format!("time {now} comes after time {last}");
            let hint = "sort the records of a subject by time";
            self.error(fields.line, fields.column(header.time), message, hint);
        }
    }

    /// A finite number; a dot stands for `missing` where that is given.
    pub(super) fn number(
        &mut self,
        fields: &Fields<'_>,
        at: usize,
        header: &Header,
        missing: Option<f64>,
    ) -> Option<f64> {
        if fields.is_missing(at) && missing.is_some() {
            return missing;
        }
        let text = fields.text(at);
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Some(value),
            _ => {
                let message = format!("{} is '{text}', not a number", header.names[at]);
                let hint = match missing {
                    Some(_) => "write a number, or a dot where there is none",
                    None => "write a number; it may not be missing here",
                };
                self.error(fields.line, fields.column(at), message, hint);
                None
            }
        }
    }
}
