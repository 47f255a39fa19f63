//! What can go wrong when a calculator runs. Knows the three kinds of DESIGN §6 (user, data,
//! numeric); does not know exit codes or how a message is shown.

use serde::Serialize;

use super::facts::FactError;

/// One thing wrong with one input. A run collects all of them; it never stops at the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Key of the input, as the calculator names it (or as it was given, when unknown). Empty when
    /// the whole input is at fault.
    pub key: String,
    /// Stable word for programs, such as `missing`, `unknown_key` or `uln_must_be_positive`.
    pub code: String,
    /// What is wrong and what would be right, in one sentence.
    pub message: String,
    /// Known keys or values close to what was given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
}

impl Problem {
    pub(crate) fn new(key: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            code: code.to_owned(),
            message: message.into(),
            suggestions: Vec::new(),
        }
    }

    pub(crate) fn suggesting<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggestions = names.into_iter().map(str::to_owned).collect();
        self
    }
}

/// Why a calculator gave no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fail {
    /// No calculator has this name.
    #[error("no calculator is named \"{given}\"")]
    UnknownCalculator {
        /// The name as given.
        given: String,
        /// Names close to it.
        suggestions: Vec<&'static str>,
    },
    /// The inputs cannot be used; every problem is listed.
    #[error("{}", .0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))]
    Inputs(Vec<Problem>),
    /// A fact file in `data/clinic/` cannot be read or lacks a fact.
    #[error(transparent)]
    Facts(#[from] FactError),
    /// A result was not a finite number.
    #[error("{what} is not a finite number")]
    Numeric {
        /// Key of the value.
        what: String,
    },
}

impl Fail {
    /// One refused input.
    pub(crate) fn input(key: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Inputs(vec![Problem::new(key, code, message)])
    }

    /// The stable word of the first problem: what a program compares.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::UnknownCalculator { .. } => "unknown_calculator",
            Self::Inputs(problems) => problems.first().map_or("invalid", |problem| &problem.code),
            Self::Facts(_) => "fact_file",
            Self::Numeric { .. } => "not_finite",
        }
    }

    /// The problems with the inputs, if that is what failed.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Inputs(problems) => problems,
            _ => &[],
        }
    }
}
