//! The comparison as one page: no script, no outside file, readable in print.

use std::fmt::Write as _;

use ketum::model::validate::{Compared, Comparison};
use ketum_core::level_model::LevelModel;
use ketum_core::study::Role;

use super::figure::{escape, forest, scatter};
use super::{cells, digits, title};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}\
.wide{overflow-x:auto}svg{max-width:100%;height:auto}table{border-collapse:collapse;margin:1rem 0;font-size:.9rem}th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #ccc}\
th:first-child,td:first-child{text-align:left}caption{text-align:left;font-weight:600}svg{width:100%;height:auto}svg.square{max-width:26rem}\
.grid{stroke:#ddd}.one{stroke:#444}.axis{font-size:11px;text-anchor:middle;fill:#333}.name{font-size:11px;text-anchor:end;fill:#1b1b1b}\
.band{stroke-width:3}.band.in{stroke:#6d93b8}.band.out{stroke:#b3541e;stroke-dasharray:6 3}circle.in,rect.in{fill:#123f6b}circle.out,rect.out{fill:#8a3a0c}\
@media print{body{max-width:none;margin:0}}";

/// The page.
#[must_use]
pub fn html(comparison: &Comparison, file: &LevelModel) -> String {
    let mut out = String::new();
    let name = escape(&comparison.model);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>Model {name} against human studies</title><style>{STYLE}</style></head><body><main>\n\
         <h1>Model {name} against human studies</h1>\n<p>{}</p>\n",
        escape(&file.summary.en)
    );
    let _ = writeln!(
        out,
        "<p>Each study was simulated {} times as it was done: same number of people, doses, sampling times and half-life windows, and the same summary taken (seed {}). \
         The bar holds 9 of 10 simulated trials, with what is not known of the model. The dot is their median. A square and a dashed bar: the published number lies outside.</p>",
        comparison.trials, comparison.seed
    );
    out.push_str(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"How far the numbers are missed\"><table><caption>How far the numbers are missed</caption><thead><tr><th scope=\"col\">numbers</th>\
         <th scope=\"col\">how many</th><th scope=\"col\">geometric mean fold error</th><th scope=\"col\">within 1.25-fold</th>\
         <th scope=\"col\">within 1.5-fold</th><th scope=\"col\">within 2-fold</th><th scope=\"col\">inside 90 % interval</th>\
         <th scope=\"col\">median upper / lower end</th></tr></thead><tbody>",
    );
    for (name, summary) in [
        ("fitted", &comparison.calibration),
        ("held out", &comparison.validation),
    ] {
        let _ = write!(out, "<tr><th scope=\"row\">{name}</th>");
        for cell in cells(summary) {
            let _ = write!(out, "<td>{cell}</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>\n");
    for role in [Role::Validate, Role::Calibrate] {
        let rows: Vec<&Compared> = comparison
            .rows
            .iter()
            .filter(|row| row.role == role)
            .collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "<h2>{}</h2>", title(role));
        let figure = format!("{}: predicted over published, by number", title(role));
        out.push_str(&forest(&figure, &rows));
        out.push_str(&table(title(role), &rows));
    }
    out.push_str("<h2>Levels, areas and times: published against predicted</h2>\n");
    for unit in ["ng/mL", "nM", "nM*h", "h", "1"] {
        let rows: Vec<&Compared> = comparison
            .rows
            .iter()
            .filter(|row| row.unit == unit)
            .collect();
        if rows.len() > 1 {
            let title = format!("Published against predicted, {unit}");
            out.push_str(&scatter(&title, unit, &rows));
        }
    }
    let context: Vec<&Compared> = comparison.context.iter().collect();
    if !context.is_empty() {
        out.push_str("<h2>Shown, never counted</h2>\n<p>Numbers whose reason stands in their study file: computed by the authors from other numbers, or dependent on something nobody knows.</p>\n");
        out.push_str(&table("Shown, never counted", &context));
    }
    if let Some(record) = &file.calibration {
        let _ = writeln!(
            out,
            "<h2>How the model was made</h2><p><code>{}</code>, {}, data {}; {} numbers fitted; {} draws of the posterior, largest split R-hat {:.3}, fewest effective draws {:.0}; spread between studies {:.2} (sd of the logarithm).</p>",
            escape(&record.command),
            escape(&record.program),
            escape(&record.data_version),
            record.rows,
            record.draws,
            record.largest_r_hat,
            record.fewest_effective_draws,
            record.between_study_sd
        );
    }
    out.push_str("<p>Information and research; not medical advice.</p></main></body></html>\n");
    out
}

fn table(caption: &str, rows: &[&Compared]) -> String {
    let mut out = format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table><caption>{0}</caption><thead><tr><th scope=\"col\">study, number</th><th scope=\"col\">unit</th>\
         <th scope=\"col\">published</th><th scope=\"col\">predicted</th><th scope=\"col\">9 of 10 trials</th><th scope=\"col\">fold</th></tr></thead><tbody>",
        escape(caption)
    );
    for row in rows {
        let outside = if (row.low..=row.high).contains(&row.observed) {
            ""
        } else {
            " (outside)"
        };
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{} {}</th><td>{}</td><td>{}</td><td>{}</td><td>{} to {}{outside}</td><td>{:.2}</td></tr>",
            escape(row.study.as_str()),
            escape(row.statistic.as_str()),
            escape(&row.unit),
            digits(row.observed),
            digits(row.predicted),
            digits(row.low),
            digits(row.high),
            row.fold
        );
    }
    out.push_str("</tbody></table></div>\n");
    out
}
