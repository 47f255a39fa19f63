//! Relative and proportional reporting ratio from margins. Knows the two formulas; gives no interval.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Input, Inputs, Range};
use crate::clinic::text::plain_number;

const COUNT: Range = Range::of(0.0, 1e10);

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "rr_prr",
    title: "RR and PRR from row, column and total",
    about: "Relative reporting ratio and proportional reporting ratio when only the margins are known.",
    formula: "E = row x col / total; RR = N/E; PRR = (N/row) / ((col-N)/(total-row))",
    inputs: &[
        Input::number(
            "N",
            "{count}",
            COUNT,
            "reports with the product and the event",
        ),
        Input::number(
            "row",
            "{count}",
            Range::above(0.0, 1e10),
            "all reports of the product",
        ),
        Input::number(
            "col",
            "{count}",
            Range::above(0.0, 1e10),
            "all reports of the event",
        ),
        Input::number("total", "{count}", Range::above(0.0, 1e10), "all reports"),
    ],
    domain: Domain {
        holds_for: "Counts of reports in one database, duplicates removed.",
        not_for: "how often something happens, or whether the product causes it.",
    },
    example: r#"{"N":2,"row":5,"col":3,"total":10}"#,
    facts: super::FACTS,
    compute,
};

fn compute(inputs: &Inputs, _facts: &Facts) -> Result<Answer, Fail> {
    let count = |key: &str| inputs.need(key, "the ratios need it");
    let (n, row, col, total) = (count("N")?, count("row")?, count("col")?, count("total")?);
    if n > row.min(col) || row.max(col) > total || row + col - n > total {
        return Err(Fail::input(
            "N",
            "counts_do_not_fit",
            "the counts do not fit one table: N at most row and col, and row + col - N at most total",
        ));
    }
    let expected = row * col / total;
    let (others_event, others) = (col - n, total - row);
    let prr = (others_event > 0.0 && others > 0.0).then(|| (n / row) / (others_event / others));
    let answer = Answer::default()
        .number("E", expected, "{count}", 4, "reports expected by chance")
        .number("RR", n / expected, "1", 4, "relative reporting ratio")
        .maybe(
            "PRR",
            prr,
            "1",
            4,
            "proportional reporting ratio; absent when no other product has the event",
        )
        .step(format!(
            "E = {} x {} / {} = {}",
            plain_number(row),
            plain_number(col),
            plain_number(total),
            plain_number(expected)
        ))
        .say("Ratios of reports, without an interval: small counts jump.");
    Ok(super::not_incidence(answer))
}
