//! Liver values over dates: multiples of the limit, pattern, Hy's law, severity, time since the start.

use std::collections::BTreeMap;

use ketum_core::date::Date;
use ketum_core::finding::{Action, Direction, Harm};
use serde_json::json;

use super::reading::{Sample, Test, Value, known};
use super::{Maker, Said, flag, method, number, short};
use crate::case::Case;
use crate::clinic::{Output, Scalar, plain_number, rounded};

const TESTS: [Test; 6] = [
    Test::Alt,
    Test::Ast,
    Test::Alp,
    Test::Ggt,
    Test::Bilirubin,
    Test::Inr,
];

pub(super) fn judge(
    maker: &mut Maker<'_, '_>,
    case: &Case,
    samples: &BTreeMap<Date, Sample>,
    thinned: bool,
) {
    missing(maker, case);
    let raised = |sample: &Sample| {
        TESTS
            .iter()
            .any(|test| sample.get(test).is_some_and(|value| value.is_above()))
    };
    if !samples.values().any(raised) {
        return;
    }
    trend(maker, samples);
    let ill: Vec<(Date, &Sample)> = samples
        .iter()
        .filter(|(_, sample)| raised(sample))
        .map(|(date, sample)| (*date, sample))
        .collect();
    pattern(maker, &ill);
    for (date, sample) in &ill {
        hys_law(maker, *date, sample);
        grade(maker, *date, sample, thinned);
    }
    onset(maker, case, samples, &raised);
}

/// Limits and dates that were not given.
fn missing(maker: &mut Maker<'_, '_>, case: &Case) {
    for (index, lab) in case.labs.iter().enumerate() {
        let Some((test, value)) = known(lab) else {
            continue;
        };
        if !TESTS.contains(&test) {
            continue;
        }
        if value.limit.is_none() && test != Test::Inr {
            maker.lacks(format!(
                "labs[{index}].upper_limit: {} is not put against a limit that the laboratory did not give",
                test.name()
            ));
        }
        if lab.date.is_none() {
            maker.lacks(format!(
                "labs[{index}].date: without its day {} is not put together with other values",
                test.name()
            ));
        }
    }
}

/// What the calculators need of a test: value and limit.
fn pair(sample: &Sample, test: Test) -> Option<(f64, f64)> {
    let value = sample.get(&test)?;
    Some((value.value, value.limit?))
}

fn used(date: Date, tests: &[Test]) -> Vec<String> {
    tests
        .iter()
        .map(|test| format!("{} of {date}", test.name()))
        .collect()
}

/// A name at the start of a sentence.
fn title(test: Test) -> &'static str {
    match test {
        Test::Bilirubin => "Bilirubin",
        other => other.name(),
    }
}

fn trend(maker: &mut Maker<'_, '_>, samples: &BTreeMap<Date, Sample>) {
    let mut parts = Vec::new();
    let mut seen = Vec::new();
    let mut highest: Option<f64> = None;
    let mut rising = false;
    for test in TESTS {
        let values: Vec<(Date, Value)> = samples
            .iter()
            .filter_map(|(date, sample)| Some((*date, *sample.get(&test)?)))
            .collect();
        let Some((peak_day, peak)) = values
            .iter()
            .filter(|(_, value)| value.is_above())
            .max_by(|a, b| a.1.value.total_cmp(&b.1.value))
            .copied()
        else {
            continue;
        };
        seen.extend(
            values
                .iter()
                .map(|(day, _)| format!("{} of {day}", test.name())),
        );
        let unit = match test.unit() {
            "1" => String::new(),
            unit => format!(" {unit}"),
        };
        let list: Vec<String> = values
            .iter()
            .map(|(day, value)| format!("{} ({day})", plain_number(value.value)))
            .collect();
        let times = peak.times().unwrap_or_default();
        if test != Test::Inr {
            highest = Some(highest.map_or(times, |held: f64| held.max(times)));
        }
        let limit = peak.limit.map_or_else(String::new, |limit| {
            format!(" (limit {}{unit})", plain_number(limit))
        });
        let mut part = format!(
            "{}{limit}: {}; at the highest {} times its limit",
            title(test),
            list.join(", "),
            short(times)
        );
        let last = values.last().copied();
        if let (Some((day, last)), Some(limit)) = (last, peak.limit) {
            if day > peak_day {
                // What lay above the limit, and how much of it is gone; never more than all of it.
                let gone = (peak.value - last.value) / (peak.value - limit);
                part.push_str(&format!(
                    ", {} % of the way back to it {} days later",
                    rounded((gone * 100.0).clamp(0.0, 100.0), 0),
                    peak_day.days_until(day)
                ));
            } else if values.len() > 1 {
                rising = true;
                part.push_str(", and the newest value is the highest");
            }
        }
        parts.push(part);
    }
    let text = parts.join(". ");
    let mut claims = vec!["laboratory-dili-entry", "liver-values"];
    if samples.len() > 1 {
        claims.push("laboratory-rucam-course");
    }
    maker.say(Said {
        id: "course-liver-values",
        topic: "liver",
        harm: Harm::Serious,
        action: Action::ClinicianFirst,
        direction: if rising { Direction::Raises } else { Direction::None },
        statement: format!("Liver values over time: {text}."),
        do_next: Some(if rising {
            "The values are going up: show them to a clinician today."
        } else {
            "Show the values with their dates to a clinician; a further sample shows which way they go."
        }),
        would_change: "A value from before the first use, and the next sample.",
        size: highest.map(|times| (times, "1")),
        used: seen,
        missing: Vec::new(),
        method: "value over the laboratory's own upper limit; fall as a share of peak minus limit".to_owned(),
        domain: "The limits are those of the laboratory that measured.".to_owned(),
        claims: &claims,
    });
}

/// R of one sample, its calculator's answer and the tests it used; absent where a limit is missing.
fn r_of(
    maker: &mut Maker<'_, '_>,
    date: Date,
    sample: &Sample,
) -> Option<(f64, Output, Vec<Test>)> {
    let (Some((alt, alt_limit)), Some((alp, alp_limit))) =
        (pair(sample, Test::Alt), pair(sample, Test::Alp))
    else {
        maker.lacks(format!(
            "labs: ALT and ALP of one day, {date}, each with its upper limit, for the pattern of injury (R)"
        ));
        return None;
    };
    let day = date.to_string();
    let mut inputs = json!({
        "alt_U_L": alt, "alt_uln": alt_limit, "alp_U_L": alp, "alp_uln": alp_limit,
        "alt_sampled": day, "alp_sampled": day,
    });
    let mut tests = vec![Test::Alt, Test::Alp];
    if let Some((value, limit)) = pair(sample, Test::Ast) {
        inputs["ast_U_L"] = json!(value);
        inputs["ast_uln"] = json!(limit);
        tests.push(Test::Ast);
    }
    if let Some((value, limit)) = pair(sample, Test::Bilirubin) {
        inputs["tbil_mg_dL"] = json!(value);
        inputs["tbil_uln_mg_dL"] = json!(limit);
        tests.push(Test::Bilirubin);
    }
    let output = maker.run("r_ratio", &inputs)?;
    Some((number(&output, "r")?, output, tests))
}

/// The pattern by the first sample that reaches the entry criteria, else by the first raised one; the
/// others beside it, since R moves.
fn pattern(maker: &mut Maker<'_, '_>, ill: &[(Date, &Sample)]) {
    let read: Vec<(Date, f64, Output, Vec<Test>)> = ill
        .iter()
        .filter_map(|(date, sample)| {
            let (r, output, tests) = r_of(maker, *date, sample)?;
            Some((*date, r, output, tests))
        })
        .collect();
    let entered = |output: &Output| flag(output, "entry_criteria_met");
    let Some((date, r, output, tests)) = read
        .iter()
        .find(|(_, _, output, _)| entered(output))
        .or(read.first())
    else {
        return;
    };
    let word = |output: &Output| output.category.clone().unwrap_or_default();
    let others: Vec<String> = read
        .iter()
        .filter(|(day, ..)| day != date)
        .map(|(day, r, output, _)| format!("{} ({}) on {day}", short(*r), word(output)))
        .collect();
    let also = if others.is_empty() {
        String::new()
    } else {
        format!(" On other days it is {}.", others.join(", "))
    };
    let reached = if entered(output) {
        "That sample is the first that reaches what experts ask for before an injury by a product is suspected."
    } else {
        "No sample reaches what experts ask for before an injury by a product is suspected, so the pattern says little."
    };
    maker.say(Said {
        id: "course-liver-pattern",
        topic: "liver",
        harm: if entered(output) {
            Harm::Serious
        } else {
            Harm::Unknown
        },
        action: Action::Inform,
        direction: Direction::None,
        statement: format!(
            "R of {date} is {}: the pattern is {}. {reached}{also} Published kratom injuries are mixed or cholestatic on average.",
            short(*r),
            word(output)
        ),
        do_next: None,
        would_change: "R of another day; a search for other causes.",
        size: Some((*r, "1")),
        used: used(*date, tests),
        missing: output.inputs_missing.clone(),
        method: method(output),
        domain: output.domain.clone(),
        claims: &[
            "laboratory-r-ratio",
            "laboratory-dili-entry",
            "liver-pattern-mixed",
            "liver-pattern-cholestatic",
        ],
    });
}

fn hys_law(maker: &mut Maker<'_, '_>, date: Date, sample: &Sample) {
    let tests = [Test::Alt, Test::Ast, Test::Alp, Test::Bilirubin];
    let pairs: Vec<Option<(f64, f64)>> = tests.iter().map(|test| pair(sample, *test)).collect();
    let [
        Some((alt, alt_limit)),
        Some((ast, ast_limit)),
        Some((alp, alp_limit)),
        Some((bilirubin, bilirubin_limit)),
    ] = pairs[..]
    else {
        let lacking: Vec<&str> = tests
            .iter()
            .zip(&pairs)
            .filter(|(_, pair)| pair.is_none())
            .map(|(test, _)| test.name())
            .collect();
        maker.lacks(format!(
            "labs: {} of {date} with its upper limit, for Hy's law",
            lacking.join(", ")
        ));
        return;
    };
    let inputs = json!({
        "alt": alt, "alt_uln": alt_limit, "ast": ast, "ast_uln": ast_limit,
        "alp": alp, "alp_uln": alp_limit, "tbil": bilirubin, "tbil_uln": bilirubin_limit,
    });
    let Some(output) = maker.run("hys_law", &inputs) else {
        return;
    };
    let met = flag(&output, "hys_classic") || flag(&output, "hys_nr");
    maker.say(Said {
        id: &format!("course-hys-law-{date}"),
        topic: "liver",
        harm: if met {
            Harm::LifeThreatening
        } else {
            Harm::Unknown
        },
        action: if met {
            Action::ClinicianFirst
        } else {
            Action::Inform
        },
        direction: if met {
            Direction::Raises
        } else {
            Direction::None
        },
        statement: format!(
            "Hy's law by the values of {date}: {}",
            output.interpretation.join(" ")
        ),
        do_next: met.then_some(
            "Medical assessment the same day; confusion, sleepiness or bleeding is an emergency.",
        ),
        would_change: "A later sample, INR, and whether other causes were excluded.",
        size: None,
        used: used(date, &tests),
        missing: output.inputs_missing.clone(),
        method: method(&output),
        domain: output.domain.clone(),
        claims: &["laboratory-hys-law", "laboratory-hys-nr"],
    });
}

/// The DILIN grade outside hospital and in hospital: where the person is was not said.
fn grade(maker: &mut Maker<'_, '_>, date: Date, sample: &Sample, thinned: bool) {
    let inr = sample.get(&Test::Inr).map(|value| value.value);
    let bilirubin = sample.get(&Test::Bilirubin).map(|value| value.value);
    let raised = [Test::Alt, Test::Alp]
        .iter()
        .any(|test| sample.get(test).is_some_and(|value| value.is_above()));
    let (Some(inr), Some(bilirubin)) = (inr, bilirubin) else {
        maker.lacks(format!(
            "labs: bilirubin and INR of {date}, for the severity of a liver injury"
        ));
        return;
    };
    let ask = |hospitalised: bool| json!({ "alt_or_alp_raised": raised, "tbil_mg_dL": bilirubin, "inr": inr, "hospitalised": hospitalised });
    let (Some(out), Some(within)) = (
        maker.run("dilin_severity", &ask(false)),
        maker.run("dilin_severity", &ask(true)),
    ) else {
        return;
    };
    let word = |output: &Output| match output.value("grade") {
        Some(Scalar::Whole(grade)) => format!(
            "{grade} ({})",
            output
                .category
                .as_deref()
                .unwrap_or_default()
                .replace('_', " ")
        ),
        _ => "none".to_owned(),
    };
    let severe = number(&out, "grade").is_some_and(|grade| grade >= 4.0);
    let explained = severe && thinned;
    let mut statement = if word(&out) == word(&within) {
        format!("The DILIN grade by the values of {date} is {}.", word(&out))
    } else {
        format!(
            "The DILIN grade by the values of {date} is {} outside hospital and {} in hospital.",
            word(&out),
            word(&within)
        )
    };
    statement.push_str(" It grades an injury already judged to come from a product.");
    if explained {
        statement
            .push_str(" A medicine against clotting is on the list, and may be why INR is high.");
    }
    maker.say(Said {
        id: &format!("course-dilin-grade-{date}"),
        topic: "liver",
        harm: if severe { Harm::LifeThreatening } else { Harm::Serious },
        action: match (severe, explained) {
            (true, false) => Action::Emergency,
            (true, true) => Action::ClinicianFirst,
            (false, _) => Action::Inform,
        },
        direction: Direction::None,
        statement,
        do_next: (severe && !explained).then_some(
            "Slow clotting with jaundice can mean a failing liver: hospital now.",
        ),
        would_change: "Whether the person is in hospital; confusion, fluid in the belly or another organ.",
        size: number(&out, "grade").map(|grade| (grade, "{score}")),
        used: used(date, &[Test::Alt, Test::Alp, Test::Bilirubin, Test::Inr]),
        missing: vec!["whether the person is in hospital because of it".to_owned()],
        method: method(&out),
        domain: out.domain.clone(),
        claims: &["laboratory-dilin-grades", "liver-signs"],
    });
}

/// Days from the start of use to the first raised value, beside what published cases show.
fn onset(
    maker: &mut Maker<'_, '_>,
    case: &Case,
    samples: &BTreeMap<Date, Sample>,
    raised: &dyn Fn(&Sample) -> bool,
) {
    let Some(start) = case.person.use_history.first_use.or(case.regimen.start) else {
        maker.lacks("person.use_history.first_use: the time from the start to the first raised value is not known");
        return;
    };
    let Some(first) = samples
        .iter()
        .find(|(_, sample)| raised(sample))
        .map(|(date, _)| *date)
    else {
        return;
    };
    let range = maker
        .catalogue
        .claims
        .get("liver-onset")
        .and_then(|entry| entry.claim.quantity.as_ref())
        .and_then(|quantity| Some((quantity.low?, quantity.high?)));
    let Some((low, high)) = range else { return };
    let days = start.days_until(first);
    let before: Vec<Date> = samples
        .keys()
        .copied()
        .filter(|date| *date < first)
        .collect();
    let between = before
        .last()
        .filter(|date| **date >= start)
        .map_or_else(String::new, |date| {
            format!(
                " The sample of {date} was still within its limits, so it began between the two."
            )
        });
    let span = f64::from(days);
    let statement = if days < 0 {
        format!(
            "A value was raised on {first}, {} days before the first use of kratom, so kratom did not cause that rise.",
            -days
        )
    } else {
        let place = if span < low {
            "earlier than"
        } else if span > high {
            "later than"
        } else {
            "within"
        };
        format!(
            "The first raised value is of day {days} after the start of kratom. That lies {place} the {low} to {high} days of published cases; it makes a link neither sure nor impossible.{between}"
        )
    };
    maker.say(Said {
        id: "course-liver-onset",
        topic: "liver",
        harm: Harm::Unknown,
        action: Action::Inform,
        direction: Direction::None,
        statement,
        do_next: None,
        would_change: "A value from before the first use; other medicines begun at the time.",
        size: Some((span, "d")),
        used: vec![
            format!("first use or start of {start}"),
            format!("first raised sample of {first}"),
        ],
        missing: if before.is_empty() {
            vec!["labs: a sample from before the first raised one".to_owned()]
        } else {
            Vec::new()
        },
        method: "days between two dates, beside claim liver-onset".to_owned(),
        domain: "Published cases; an injury may begin days before its first sample.".to_owned(),
        claims: &["liver-onset", "liver-onset-dilin"],
    });
}
