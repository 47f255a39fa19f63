//! PRR, ROR, information component and chi-squared of a 2 x 2 table of reports. Knows the formulas and
//! the usual signal rules; gives no interval where a cell is zero and adds no correction silently.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Input, Inputs, Range};
use crate::clinic::math::{exp, ln, log2, pow};
use crate::clinic::special::{gamma_cdf, quantile};
use crate::clinic::text::plain_number;

/// Counts of reports.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Table {
    /// Product and event.
    pub a: f64,
    /// Product, other events.
    pub b: f64,
    /// Other products, event.
    pub c: f64,
    /// Other products, other events.
    pub d: f64,
}

/// A ratio with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The ratio.
    pub value: f64,
    /// Lower and upper limit; absent when a cell is zero.
    pub interval: Option<(f64, f64)>,
}

/// 97.5 % point of the normal distribution, to the digits the published intervals use.
const Z: f64 = 1.96;

impl Table {
    /// All reports.
    #[must_use]
    pub fn total(self) -> f64 {
        self.a + self.b + self.c + self.d
    }

    /// Reports of product and event expected by chance.
    #[must_use]
    pub fn expected(self) -> Option<f64> {
        positive(self.total()).map(|total| (self.a + self.b) * (self.a + self.c) / total)
    }

    fn no_zero(self) -> bool {
        [self.a, self.b, self.c, self.d]
            .iter()
            .all(|count| *count > 0.0)
    }

    /// Proportional reporting ratio.
    #[must_use]
    pub fn prr(self) -> Option<Ratio> {
        let with = self.a / positive(self.a + self.b)?;
        let without = positive(self.c)? / positive(self.c + self.d)?;
        let value = with / without;
        let variance =
            1.0 / self.a - 1.0 / (self.a + self.b) + 1.0 / self.c - 1.0 / (self.c + self.d);
        Some(Ratio {
            value,
            interval: self.no_zero().then(|| around(value, variance)),
        })
    }

    /// Reporting odds ratio.
    #[must_use]
    pub fn ror(self) -> Option<Ratio> {
        let value = self.a * self.d / positive(self.b * self.c)?;
        let variance = 1.0 / self.a + 1.0 / self.b + 1.0 / self.c + 1.0 / self.d;
        Some(Ratio {
            value,
            interval: self.no_zero().then(|| around(value, variance)),
        })
    }

    /// Chi-squared, without and with the correction of Yates.
    #[must_use]
    pub fn chi_squared(self) -> Option<(f64, f64)> {
        let total = positive(self.total())?;
        let margins = positive(
            (self.a + self.b) * (self.c + self.d) * (self.a + self.c) * (self.b + self.d),
        )?;
        let cross = (self.a * self.d - self.b * self.c).abs();
        let corrected = (cross - total / 2.0).max(0.0);
        Some((
            total * cross * cross / margins,
            total * corrected * corrected / margins,
        ))
    }
}

/// Shrinkage information component with the approximate and the exact 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InformationComponent {
    /// log2 of (a + 1/2) over (E + 1/2).
    pub value: f64,
    /// Approximate limits (Noren).
    pub approximate: (f64, f64),
    /// Limits from the gamma distribution; absent when the search fails.
    pub exact: Option<(f64, f64)>,
}

/// The information component of `a` reports with `e` expected.
#[must_use]
pub fn information_component(a: f64, e: f64) -> InformationComponent {
    let (shape, rate) = (a + 0.5, e + 0.5);
    let value = log2(shape / rate);
    let (half, three_halves) = (pow(shape, -0.5), pow(shape, -1.5));
    let limit = |p: f64| quantile(p, shape, |x| gamma_cdf(shape, x)).map(|x| log2(x / rate));
    InformationComponent {
        value,
        approximate: (
            value - 3.3 * half - 2.0 * three_halves,
            value + 2.4 * half - 0.5 * three_halves,
        ),
        exact: limit(0.025).zip(limit(0.975)),
    }
}

fn positive(value: f64) -> Option<f64> {
    (value > 0.0).then_some(value)
}

fn around(value: f64, variance: f64) -> (f64, f64) {
    let width = Z * variance.max(0.0).sqrt();
    (exp(ln(value) - width), exp(ln(value) + width))
}

const COUNT: Range = Range::of(0.0, 1e10);

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "disproportionality",
    title: "Report statistics of a 2 x 2 table",
    about: "PRR, ROR, information component and chi-squared of a product and an event in a database of reports.",
    formula: "PRR (Evans 2001), ROR, shrinkage IC (Noren 2013), chi-squared",
    inputs: &[
        Input::number(
            "a",
            "{count}",
            COUNT,
            "reports with the product and the event",
        ),
        Input::number(
            "b",
            "{count}",
            COUNT,
            "reports with the product, other events",
        ),
        Input::number(
            "c",
            "{count}",
            COUNT,
            "reports of other products with the event",
        ),
        Input::number(
            "d",
            "{count}",
            COUNT,
            "reports of other products, other events",
        ),
    ],
    domain: Domain {
        holds_for: "Counts of reports in one database, duplicates removed.",
        not_for: "how often something happens, or whether the product causes it.",
    },
    example: r#"{"a":3,"b":97,"c":20,"d":9880}"#,
    facts: super::FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let cell = |key: &str| inputs.need(key, "the table needs it");
    let table = Table {
        a: cell("a")?,
        b: cell("b")?,
        c: cell("c")?,
        d: cell("d")?,
    };
    let Some(expected) = table.expected() else {
        return Err(Fail::input(
            "a",
            "empty_table",
            "all four counts are 0; there is nothing to compare",
        ));
    };
    let (prr, ror, chi) = (table.prr(), table.ror(), table.chi_squared());
    let ic = information_component(table.a, expected);
    let low = |ratio: Option<Ratio>| ratio.and_then(|ratio| ratio.interval).map(|(low, _)| low);
    let high = |ratio: Option<Ratio>| ratio.and_then(|ratio| ratio.interval).map(|(_, high)| high);
    let enough = table.a >= facts.cutoff("min_reports")?;
    let (prr_cut, chi_cut, ror_cut) = (
        facts.cutoff("prr")?,
        facts.cutoff("chi2")?,
        facts.cutoff("ror_low")?,
    );
    let by_prr = enough
        && prr.is_some_and(|prr| prr.value >= prr_cut)
        && chi.is_some_and(|(plain, _)| plain >= chi_cut);
    let by_ror = enough && low(ror).is_some_and(|low| low > ror_cut);
    let by_ic = ic.approximate.0 > facts.cutoff("ic_low")?;
    let met = usize::from(by_prr) + usize::from(by_ror) + usize::from(by_ic);
    let mut answer = Answer::default()
        .number("E", expected, "{count}", 4, "reports expected by chance")
        .maybe("PRR", prr.map(|prr| prr.value), "1", 2, "proportional reporting ratio")
        .maybe("PRRlo", low(prr), "1", 2, "lower 95 % limit of PRR")
        .maybe("PRRhi", high(prr), "1", 2, "upper 95 % limit of PRR")
        .maybe("ROR", ror.map(|ror| ror.value), "1", 2, "reporting odds ratio")
        .maybe("RORlo", low(ror), "1", 2, "lower 95 % limit of ROR")
        .maybe("RORhi", high(ror), "1", 2, "upper 95 % limit of ROR")
        .maybe("chi2", chi.map(|(plain, _)| plain), "1", 2, "chi-squared, uncorrected")
        .maybe("chi2y", chi.map(|(_, yates)| yates), "1", 2, "chi-squared, corrected by Yates")
        .number("IC", ic.value, "1", 2, "information component, shrinkage form")
        .number("IC025", ic.approximate.0, "1", 2, "lower 95 % limit of IC, approximate")
        .number("IC975", ic.approximate.1, "1", 2, "upper 95 % limit of IC, approximate")
        .maybe("IC025x", ic.exact.map(|(low, _)| low), "1", 2, "lower 95 % limit of IC, exact")
        .maybe("IC975x", ic.exact.map(|(_, high)| high), "1", 2, "upper 95 % limit of IC, exact")
        .flag("signal_prr", by_prr, "3 or more reports, PRR at least 2, chi-squared at least 4")
        .flag("signal_ror", by_ror, "3 or more reports, lower limit of ROR above 1")
        .flag("signal_ic", by_ic, "lower limit of IC above 0")
        .category(match met {
            0 => "no_signal",
            3 => "signal_by_all",
            _ => "signal_by_some",
        })
        .step(format!(
            "expected = ({} + {}) x ({} + {}) / {} = {}",
            plain_number(table.a),
            plain_number(table.b),
            plain_number(table.a),
            plain_number(table.c),
            plain_number(table.total()),
            plain_number(expected)
        ))
        .say(format!("{met} of 3 signal rules are met. A signal asks for a look at the reports; it is not a finding."));
    if !table.no_zero() {
        answer = answer
            .text(
                "note",
                "CI undefined; IC finite",
                "a cell is zero, so no interval of PRR or ROR is given; IC stays defined",
            )
            .say("A cell is zero: the ratios have no interval, and no correction was added.");
    }
    Ok(super::not_incidence(answer))
}
