//! Empirical Bayes geometric mean with a two-gamma prior. Knows the posterior and its 5 % and 95 %
//! points; does not fit the prior, which you give.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, Range, missing};
use crate::clinic::math::{exp, ln, ln_gamma};
use crate::clinic::special::{digamma, gamma_cdf, quantile};
use crate::clinic::text::plain_number;

const FACTS: FactFile = FactFile("ebgm");

/// The mixture prior: gamma(a1, b1) with weight p, gamma(a2, b2) with weight 1 - p.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Shape of the first part.
    pub a1: f64,
    /// Rate of the first part.
    pub b1: f64,
    /// Shape of the second part.
    pub a2: f64,
    /// Rate of the second part.
    pub b2: f64,
    /// Weight of the first part.
    pub p: f64,
}

/// Posterior summary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posterior {
    /// Posterior weight of the first part.
    pub qn: f64,
    /// Geometric mean.
    pub ebgm: f64,
    /// 5 % point; absent when the search fails.
    pub eb05: Option<f64>,
    /// 95 % point; absent when the search fails.
    pub eb95: Option<f64>,
}

/// Log of the negative binomial probability of `n` reports with `e` expected, prior gamma(a, b).
fn ln_marginal(n: f64, e: f64, a: f64, b: f64) -> f64 {
    ln_gamma(a + n) - ln_gamma(a) - ln_gamma(n + 1.0) + a * ln(b / (b + e)) + n * ln(e / (b + e))
}

/// The posterior of `n` reports with `e` expected.
#[must_use]
pub fn posterior(prior: Prior, n: f64, e: f64) -> Posterior {
    let first = ln(prior.p) + ln_marginal(n, e, prior.a1, prior.b1);
    let second = ln(1.0 - prior.p) + ln_marginal(n, e, prior.a2, prior.b2);
    let qn = 1.0 / (1.0 + exp(second - first));
    let (shape1, rate1) = (prior.a1 + n, prior.b1 + e);
    let (shape2, rate2) = (prior.a2 + n, prior.b2 + e);
    let mean_log = qn * (digamma(shape1) - ln(rate1)) + (1.0 - qn) * (digamma(shape2) - ln(rate2));
    let cdf =
        |x: f64| qn * gamma_cdf(shape1, x * rate1) + (1.0 - qn) * gamma_cdf(shape2, x * rate2);
    let ebgm = exp(mean_log);
    Posterior {
        qn,
        ebgm,
        eb05: quantile(0.05, ebgm, cdf),
        eb95: quantile(0.95, ebgm, cdf),
    }
}

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "ebgm",
    title: "Empirical Bayes geometric mean (EBGM)",
    about: "Shrunken ratio of observed to expected reports, with its 5 % and 95 % points, for a prior you give.",
    formula: "EBGM (DuMouchel 1999)",
    inputs: &[
        Input::of(
            "theta",
            Kind::Numbers(Range::above(0.0, 1e6)),
            "prior: shape and rate of two gammas and the weight of the first [a1, b1, a2, b2, P]",
        ),
        Input::number(
            "N",
            "{count}",
            Range::of(0.0, 1e8),
            "reports with the product and the event",
        ),
        Input::number(
            "E",
            "{count}",
            Range::above(0.0, 1e10),
            "reports expected by chance",
        ),
    ],
    domain: Domain {
        holds_for: "A prior fitted on the same database.",
        not_for: "how often something happens, or whether the product causes it.",
    },
    example: r#"{"theta":[3.25280367,0.39983376,2.024904,1.90726819,0.06536416],"N":16,"E":0.40643623}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let theta = inputs
        .numbers("theta")
        .ok_or_else(|| missing("theta", "the prior is needed"))?;
    let &[a1, b1, a2, b2, p] = theta else {
        return Err(Fail::input(
            "theta",
            "wrong_length",
            "theta must have five numbers: a1, b1, a2, b2, P",
        ));
    };
    if p >= 1.0 {
        return Err(Fail::input(
            "theta",
            "out_of_range",
            "the fifth number of theta is a weight between 0 and 1",
        ));
    }
    let n = inputs.need("N", "the posterior needs it")?;
    let e = inputs.need("E", "the posterior needs it")?;
    let result = posterior(Prior { a1, b1, a2, b2, p }, n, e);
    let cutoff = facts.cutoff("eb05")?;
    let signal = result.eb05.map(|eb05| eb05 >= cutoff);
    let answer = Answer::default()
        .number(
            "EBGM",
            result.ebgm,
            "1",
            2,
            "empirical Bayes geometric mean",
        )
        .maybe("EB05", result.eb05, "1", 2, "5 % point")
        .maybe("EB95", result.eb95, "1", 2, "95 % point")
        .number(
            "qn",
            result.qn,
            "1",
            5,
            "posterior weight of the first part of the prior",
        )
        .maybe_flag(
            "signal",
            signal,
            format!("EB05 at least {}", plain_number(cutoff)),
        )
        .category(if signal == Some(true) {
            "signal"
        } else {
            "no_signal"
        })
        .step(format!(
            "observed {} over expected {} = {}; shrunken to {}",
            plain_number(n),
            plain_number(e),
            plain_number(n / e),
            plain_number(result.ebgm)
        ))
        .say("A signal asks for a look at the reports; it is not a finding.");
    Ok(super::not_incidence(answer))
}
