//! What a calculator's wrapper fills in. Knows the parts of an answer a formula can give; the rest
//! (sources, domain, inputs) the runner adds.

use super::output::{OutputValue, Scalar};

/// An answer under construction.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) values: Vec<OutputValue>,
    pub(crate) category: Option<String>,
    pub(crate) interpretation: Vec<String>,
    pub(crate) steps: Vec<String>,
    pub(crate) missing: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

impl Answer {
    fn push(
        mut self,
        key: &'static str,
        value: Scalar,
        unit: &'static str,
        decimals: usize,
        meaning: impl Into<String>,
    ) -> Self {
        self.values.push(OutputValue {
            key,
            value,
            unit,
            decimals,
            meaning: meaning.into(),
        });
        self
    }

    pub(crate) fn number(
        self,
        key: &'static str,
        value: f64,
        unit: &'static str,
        decimals: usize,
        meaning: impl Into<String>,
    ) -> Self {
        self.push(key, Scalar::Number(value), unit, decimals, meaning)
    }

    /// A number that may not be computable.
    pub(crate) fn maybe(
        self,
        key: &'static str,
        value: Option<f64>,
        unit: &'static str,
        decimals: usize,
        meaning: impl Into<String>,
    ) -> Self {
        self.push(
            key,
            value.map_or(Scalar::Absent, Scalar::Number),
            unit,
            decimals,
            meaning,
        )
    }

    pub(crate) fn numbers(
        self,
        key: &'static str,
        values: Vec<f64>,
        unit: &'static str,
        decimals: usize,
        meaning: impl Into<String>,
    ) -> Self {
        self.push(key, Scalar::Numbers(values), unit, decimals, meaning)
    }

    pub(crate) fn whole(self, key: &'static str, value: i64, meaning: impl Into<String>) -> Self {
        self.push(key, Scalar::Whole(value), "{score}", 0, meaning)
    }

    pub(crate) fn maybe_whole(
        self,
        key: &'static str,
        value: Option<i64>,
        meaning: impl Into<String>,
    ) -> Self {
        self.push(
            key,
            value.map_or(Scalar::Absent, Scalar::Whole),
            "{score}",
            0,
            meaning,
        )
    }

    pub(crate) fn flag(self, key: &'static str, value: bool, meaning: impl Into<String>) -> Self {
        self.push(key, Scalar::Flag(value), "", 0, meaning)
    }

    pub(crate) fn maybe_flag(
        self,
        key: &'static str,
        value: Option<bool>,
        meaning: impl Into<String>,
    ) -> Self {
        self.push(
            key,
            value.map_or(Scalar::Absent, Scalar::Flag),
            "",
            0,
            meaning,
        )
    }

    pub(crate) fn text(
        self,
        key: &'static str,
        value: impl Into<String>,
        meaning: impl Into<String>,
    ) -> Self {
        self.push(key, Scalar::Text(value.into()), "", 0, meaning)
    }

    /// The band, both as the value `key` and as the category.
    pub(crate) fn band(
        mut self,
        key: &'static str,
        band: Option<&str>,
        meaning: impl Into<String>,
    ) -> Self {
        self.category = band.map(str::to_owned);
        let value = band.map_or(Scalar::Absent, |band| Scalar::Text(band.to_owned()));
        self.push(key, value, "", 0, meaning)
    }

    pub(crate) fn category(mut self, category: impl Into<String>) -> Self {
        self.category = Some(category.into());
        self
    }

    pub(crate) fn say(mut self, sentence: impl Into<String>) -> Self {
        self.interpretation.push(sentence.into());
        self
    }

    pub(crate) fn step(mut self, step: impl Into<String>) -> Self {
        self.steps.push(step.into());
        self
    }

    pub(crate) fn lacks(mut self, what: impl Into<String>) -> Self {
        self.missing.push(what.into());
        self
    }

    pub(crate) fn warn(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }

    pub(crate) fn warn_if(self, condition: bool, warning: impl Into<String>) -> Self {
        if condition { self.warn(warning) } else { self }
    }
}
