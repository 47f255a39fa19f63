//! The first line: which column stands where.

use std::collections::HashMap;

use ketum_core::event::Carry;

use super::fields::Fields;
use super::{COLUMNS, Reader};
use crate::document::nearest;

/// Where each column stands.
pub(super) struct Header {
    /// Names as the reader calls them.
    pub names: Vec<String>,
    pub id: usize,
    pub time: usize,
    pub evid: Option<usize>,
    pub amount: Option<usize>,
    pub compartment: Option<usize>,
    pub rate: Option<usize>,
    pub duration: Option<usize>,
    pub interval: Option<usize>,
    pub additional: Option<usize>,
    pub steady: Option<usize>,
    /// Covariates of the model, and how each is read between records.
    pub covariates: Vec<(usize, Carry)>,
    pub occasion: Option<(usize, Carry)>,
    pub unused: Vec<String>,
    /// Columns handed on, with their names as written.
    pub kept: Vec<(usize, String)>,
}

fn among(list: &[&str], name: &str) -> bool {
    list.iter().any(|listed| listed.eq_ignore_ascii_case(name))
}

impl Reader<'_> {
    pub(super) fn header(&mut self, line: usize, text: &str) -> Option<Header> {
        let fields = Fields::new(line, text);
        let mut names: Vec<String> = Vec::with_capacity(fields.count());
        let mut places: HashMap<String, usize> = HashMap::new();
        for at in 0..fields.count() {
            let written = fields.text(at);
            let name = self.name_of(&fields, at);
            if places.contains_key(&name) {
                let message = format!("the column {written} stands twice");
                let column = fields.column(at);
                self.error(line, column, message, "each column stands once");
            } else {
                places.insert(name.clone(), at);
            }
            names.push(name);
        }
        let place = |name: &str| places.get(name).copied();
        for needed in ["ID", "TIME"] {
            if place(needed).is_none() {
                let message = format!("the column {needed} is missing");
                self.error(line, 1, message, "name it in the header");
            }
        }
        let mut covariates = Vec::new();
        for covariate in self.columns.covariates {
            match place(covariate) {
                Some(at) => covariates.push((at, self.carry(covariate))),
                None => {
                    let message = format!("the model needs the covariate '{covariate}'");
                    self.error(line, 1, message, "add a column of that name");
                }
            }
        }
        self.carry_rules(line);
        let mut kept = Vec::new();
        for &wanted in self.columns.kept {
            let found =
                (0..fields.count()).find(|&at| fields.text(at).eq_ignore_ascii_case(wanted));
            match found {
                Some(at) => kept.push((at, fields.text(at).to_owned())),
                None => {
                    let message = format!("there is no column '{wanted}' to keep");
                    let hint = format!("the columns are {}", shortened(&names));
                    self.error(line, 1, message, &hint);
                }
            }
        }
        let unused = names
            .iter()
            .filter(|name| {
                let read = matches!(name.as_str(), "DV" | "MDV");
                (read || among(self.columns.ignored, name)) && !among(self.columns.kept, name)
            })
            .cloned()
            .collect();
        if !self.errors.is_empty() {
            return None;
        }
        Some(Header {
            id: place("ID")?,
            time: place("TIME")?,
            evid: place("EVID"),
            amount: place("AMT"),
            compartment: place("CMT"),
            rate: place("RATE"),
            duration: place("DUR"),
            interval: place("II"),
            additional: place("ADDL"),
            steady: place("SS"),
            covariates,
            occasion: place("OCC").map(|at| (at, self.carry("OCC"))),
            unused,
            kept,
            names,
        })
    }

    /// What the reader calls a column; one that nobody knows is an error.
    fn name_of(&mut self, fields: &Fields<'_>, at: usize) -> String {
        let written = fields.text(at);
        let columns = self.columns;
        let mut covariates = columns.covariates.iter();
        if let Some(covariate) = covariates.find(|c| c.eq_ignore_ascii_case(written)) {
            return covariate.clone();
        }
        let upper = written.to_ascii_uppercase();
        let known = COLUMNS.contains(&upper.as_str())
            || among(columns.ignored, written)
            || among(columns.kept, written)
            || columns.model_unknown;
        if !known && !self.full() {
            let all = COLUMNS
                .iter()
                .copied()
                .chain(columns.covariates.iter().map(String::as_str));
            let hint = match nearest(&upper, all) {
                Some(near) => format!("did you mean {near}?"),
                None => format!(
                    "known columns: {}; --ignore {written} leaves it out, --keep {written} hands it on",
                    COLUMNS.join(", ")
                ),
            };
            let message = format!("unknown column '{written}'");
            self.error(fields.line, fields.column(at), message, &hint);
        }
        upper
    }

    /// How a column is read between records. An occasion has no value between two whole numbers: where
    /// covariates move in a straight line it is carried backward.
    fn carry(&self, name: &str) -> Carry {
        let mut own = self.columns.carried.iter();
        match own.find(|(column, _)| column.eq_ignore_ascii_case(name)) {
            Some((_, carry)) => *carry,
            None if name == "OCC" && self.columns.carry == Carry::Linear => Carry::Backward,
            None => self.columns.carry,
        }
    }

    /// Rules for single columns must belong to one.
    fn carry_rules(&mut self, line: usize) {
        let columns = self.columns;
        for (column, carry) in columns.carried {
            let covariate = columns.covariates.iter();
            let mut known = covariate.map(String::as_str).chain(["OCC"]);
            if !known.any(|name| name.eq_ignore_ascii_case(column)) && !columns.model_unknown {
                let message =
                    format!("'{column}' is to be carried, but is no covariate of the model");
                let hint = match columns.covariates {
                    [] => "the model has no covariates; OCC can be carried".to_owned(),
                    names => format!(
                        "covariates are {}; OCC can be carried too",
                        names.join(", ")
                    ),
                };
                self.error(line, 1, message, &hint);
            } else if column.eq_ignore_ascii_case("OCC") && *carry == Carry::Linear {
                let message = "OCC is to move in a straight line".to_owned();
                self.error(line, 1, message, "carry it backward or forward");
            }
        }
    }
}

/// Names in a row, the first of them where there are many.
fn shortened(names: &[String]) -> String {
    let shown = names.iter().take(30).map(String::as_str);
    let mut list = shown.collect::<Vec<_>>().join(", ");
    if names.len() > 30 {
        list.push_str(", …");
    }
    list
}
