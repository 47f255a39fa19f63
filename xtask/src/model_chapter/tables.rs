//! What stands behind each mark of the chapter.

use std::fmt::Write as _;

use serde_json::Value;

use super::Results;

/// Whether a mark holds a number or a table, and what.
///
/// # Errors
/// A key nobody knows, a result without what is asked for.
pub fn of(key: &str, results: &Results) -> Result<String, String> {
    if let Some(table) = key.strip_prefix("table ") {
        let text = match table {
            "posterior" => posterior(&results.read("calibration.json")?, true),
            "third-posterior" => posterior(&results.read("third-compartment.json")?, false),
            "summary" => summary(&results.read("validation.json")?),
            "held-out" => rows(&results.read("validation.json")?, "validate", usize::MAX),
            "missed" => rows(&results.read("validation.json")?, "calibrate", 10),
            "windows" => windows(results),
            "sensitivity" => searches(results, &SENSITIVITY),
            "alternatives" => searches(results, &ALTERNATIVES),
            "enzymes" => searches(results, &ENZYMES),
            "accumulation" => accumulation(results),
            "worlds" => worlds(&results.read("worlds.json")?),
            "world-parameters" => world_parameters(&results.read("worlds.json")?),
            "others" => others(results),
            "commands" => Ok(commands()),
            _ => Err("no such table".to_owned()),
        }?;
        return Ok(format!("\n\n{text}\n"));
    }
    let (file, path) = key.split_once(' ').ok_or("write FILE PATH [FORMAT]")?;
    let (path, format) = path.split_once(' ').unwrap_or((path, "plain"));
    if let Some(model) = file.strip_prefix("model:") {
        let table = results.model(model)?;
        let value = serde_json::to_value(table).map_err(|error| error.to_string())?;
        return shown(at(&value, path)?, format);
    }
    let value = results.read(file)?;
    if path == "strongest-correlations" {
        return correlations(&value);
    }
    shown(at(&value, path)?, format)
}

/// A value inside another by names and numbers with dots between.
fn at<'v>(value: &'v Value, path: &str) -> Result<&'v Value, String> {
    let mut here = value;
    for step in path.split('.') {
        here = match step.parse::<usize>() {
            Ok(index) => &here[index],
            Err(_) => &here[step],
        };
    }
    if here.is_null() {
        return Err(format!("no `{path}`"));
    }
    Ok(here)
}

fn shown(value: &Value, format: &str) -> Result<String, String> {
    let number = || value.as_f64().ok_or("not a number".to_owned());
    Ok(match format {
        "percent" => format!("{:.0} %", 100.0 * number()?),
        "fold" | "2" => format!("{:.2}", number()?),
        "1" => format!("{:.1}", number()?),
        "3" => format!("{:.3}", number()?),
        "whole" => format!("{:.0}", number()?),
        _ => match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
    })
}

fn array<'v>(value: &'v Value, name: &str) -> Result<&'v Vec<Value>, String> {
    value[name]
        .as_array()
        .ok_or_else(|| format!("no list `{name}`"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Three significant digits.
fn digits(value: f64) -> String {
    let size = value.abs();
    if size >= 100.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.1}")
    } else if size >= 1.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.3}")
    }
}

/// `derived`: with the half-lives of two phases, which mean nothing for another structure.
fn posterior(report: &Value, derived: bool) -> Result<String, String> {
    let mut out = String::from(
        "| parameter | unit | prior median (sd of ln) | posterior median | 5 % to 95 % | sd after / before | R-hat | effective draws |\n|---|---|---|---|---|---|---|---|\n",
    );
    for one in array(report, "parameters")?
        .iter()
        .chain(array(report, "derived")?.iter().filter(|_| derived))
    {
        let name = one["name"].as_str().unwrap_or_default();
        let prior = match (one["prior_median"].as_f64(), one["prior_sd"].as_f64()) {
            (Some(median), Some(sd)) => format!("{} (sd {sd})", digits(median)),
            _ if name == "tau" => "half-normal 0.2".to_owned(),
            _ => String::new(),
        };
        let shrinkage = one["shrinkage"]
            .as_f64()
            .map_or_else(String::new, |value| format!("{value:.2}"));
        let _ = writeln!(
            out,
            "| {name} | {} | {prior} | {} | {} to {} | {shrinkage} | {:.3} | {:.0} |",
            one["unit"].as_str().unwrap_or_default(),
            digits(number(&one["median"])),
            digits(number(&one["low"])),
            digits(number(&one["high"])),
            number(&one["r_hat"]),
            number(&one["effective_draws"]).floor()
        );
    }
    Ok(out)
}

fn correlations(report: &Value) -> Result<String, String> {
    let names: Vec<&str> = array(report, "parameters")?
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    let matrix = array(report, "correlations")?;
    let mut all = Vec::new();
    for (i, row) in matrix.iter().enumerate() {
        for j in 0..i {
            all.push((number(&row[j]), names[i], names[j]));
        }
    }
    all.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let words: Vec<String> = all
        .iter()
        .take(6)
        .map(|(value, a, b)| format!("{a} and {b} {value:+.2}"))
        .collect();
    Ok(words.join("; "))
}

fn summary(report: &Value) -> Result<String, String> {
    let mut out = String::from(
        "| numbers | n | mean fold error | within 1.25 | within 1.5 | within 2 | inside 90 % interval | median upper / lower end |\n|---|---|---|---|---|---|---|---|\n",
    );
    for (name, key) in [("fitted", "calibration"), ("held out", "validation")] {
        let one = &report[key];
        let percent = |key: &str| format!("{:.0} %", 100.0 * number(&one[key]));
        let _ = writeln!(
            out,
            "| {name} | {} | {:.2} | {} | {} | {} | {} | {:.2} |",
            one["n"],
            number(&one["gmfe"]),
            percent("within_1_25"),
            percent("within_1_5"),
            percent("within_2"),
            percent("coverage_90"),
            number(&one["median_width"])
        );
    }
    Ok(out)
}

/// Numbers of a role, those missed most first where not all are shown.
fn rows(report: &Value, role: &str, most: usize) -> Result<String, String> {
    let mut all: Vec<&Value> = array(report, "rows")?
        .iter()
        .filter(|row| row["role"] == role)
        .collect();
    if most < all.len() {
        let far = |row: &Value| ketum::model::log(number(&row["fold"])).abs();
        all.sort_by(|a, b| far(b).total_cmp(&far(a)));
        all.truncate(most);
    }
    let mut out = String::from(
        "| number | published | predicted | 9 of 10 trials | fold |\n|---|---|---|---|---|\n",
    );
    for row in all {
        let _ = writeln!(
            out,
            "| {} {} | {} {} | {} | {} to {} | {:.2} |",
            row["study"].as_str().unwrap_or_default(),
            row["statistic"].as_str().unwrap_or_default(),
            digits(number(&row["observed"])),
            row["unit"].as_str().unwrap_or_default(),
            digits(number(&row["predicted"])),
            digits(number(&row["low"])),
            digits(number(&row["high"])),
            number(&row["fold"])
        );
    }
    Ok(out)
}

fn row<'v>(report: &'v Value, statistic: &str) -> Result<&'v Value, String> {
    array(report, "rows")?
        .iter()
        .find(|row| row["statistic"] == statistic)
        .ok_or_else(|| format!("no `{statistic}`"))
}

fn windows(results: &Results) -> Result<String, String> {
    let mut out = String::from(
        "| window | predicted mean half-life | fold | predicted sd | mean fold error of all held-out numbers |\n|---|---|---|---|---|\n",
    );
    for (name, file) in [
        ("4 to 24 h", "window-4.json"),
        ("8 to 24 h", "validation.json"),
        ("12 to 24 h", "window-12.json"),
    ] {
        let report = results.read(file)?;
        let mean = row(&report, "mg-t-half-mean")?;
        let sd = row(&report, "mg-t-half-sd")?;
        let _ = writeln!(
            out,
            "| {name} | {:.1} h ({:.1} to {:.1}) | {:.2} | {:.1} h | {:.2} |",
            number(&mean["predicted"]),
            number(&mean["low"]),
            number(&mean["high"]),
            number(&mean["fold"]),
            number(&sd["predicted"]),
            number(&report["validation"]["gmfe"])
        );
    }
    Ok(out)
}

const SENSITIVITY: [(&str, &str); 9] = [
    ("all three studies", "search-all.json"),
    ("without Tanna 2022", "search-without-tanna.json"),
    ("without Huestis 2024", "search-without-huestis-2024.json"),
    ("without Huestis 2026", "search-without-huestis-2026.json"),
    ("6 people an arm in Huestis 2026", "search-6-people.json"),
    ("24 people an arm in Huestis 2026", "search-24-people.json"),
    (
        "metabolite share from highest levels",
        "search-ratio-of-cmax.json",
    ),
    (
        "numbers of a study taken as independent",
        "search-independent.json",
    ),
    ("other random numbers", "search-seed-2.json"),
];

const ALTERNATIVES: [(&str, &str); 5] = [
    ("the accepted model", "search-all.json"),
    (
        "CYP3A lost with repeated doses",
        "search-repeated-loss.json",
    ),
    (
        "first pass that gives way with dose",
        "search-giving-first-pass.json",
    ),
    ("second, slower absorption", "search-second-absorption.json"),
    ("third compartment", "search-third-compartment.json"),
];

const ENZYMES: [(&str, &str); 2] = [
    ("the accepted model", "enzymes-none.json"),
    (
        "CYP3A made, lost and inactivated, solved as differential equations",
        "enzymes.json",
    ),
];

fn searches(results: &Results, list: &[(&str, &str)]) -> Result<String, String> {
    let mut out = String::from(
        "| what | numbers | log posterior | log likelihood | mean fold error | CL/F L/h | V1/F L | V2/F L | tea over extract | tau |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (name, file) in list {
        let report = results.read(file)?;
        let likelihood: f64 = array(&report, "log_likelihood")?
            .iter()
            .map(|pair| number(&pair[1]))
            .sum();
        let of = |name: &str| number(&report["parameters"][name]);
        let _ = writeln!(
            out,
            "| {name} | {} | {:.1} | {likelihood:.1} | {:.2} | {:.0} | {:.0} | {:.0} | {:.2} | {:.2} |",
            report["rows"],
            number(&report["log_posterior"]),
            number(&report["gmfe"]),
            of("cl"),
            of("v1"),
            of("v2"),
            of("frel_tea"),
            of("tau")
        );
    }
    Ok(out)
}

/// Highest level after 15 doses over that after the first, by dose: published, and as each structure has
/// it. The published numbers are the study file's; the predicted ones follow from the folds.
fn accumulation(results: &Results) -> Result<String, String> {
    let published = results.read("validation.json")?;
    let observed = |dose: &str, which: &str| -> Result<f64, String> {
        let name = format!("mg-cmax-{dose}-dose{which}-mean");
        Ok(number(&row(&published, &name)?["observed"]))
    };
    let doses = [("9", "9.9 mg"), ("29", "29.6 mg"), ("59", "59.2 mg")];
    let mut out = format!(
        "| highest level after 15 doses over the first | {} |\n|---|---|---|---|\n",
        doses.map(|(_, name)| name).join(" | ")
    );
    let mut line = |name: &str, ratios: Vec<f64>| {
        let cells: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        let _ = writeln!(out, "| {name} | {} |", cells.join(" | "));
    };
    let ratios = doses
        .iter()
        .map(|(dose, _)| Ok(observed(dose, "15")? / observed(dose, "1")?))
        .collect::<Result<Vec<_>, String>>()?;
    line("published", ratios);
    for (name, file) in [
        ("the accepted model", "search-all.json"),
        (
            "CYP3A lost with repeated doses (quasi-steady)",
            "search-repeated-loss.json",
        ),
        ("CYP3A turnover, solved", "enzymes.json"),
        ("third compartment", "search-third-compartment.json"),
    ] {
        let report = results.read(file)?;
        let fold = |dose: &str, which: &str| -> Result<f64, String> {
            let wanted = format!("huestis-2026-extract/mg-cmax-{dose}-dose{which}-mean");
            array(&report, "folds")?
                .iter()
                .find(|pair| pair[0] == wanted.as_str())
                .map(|pair| number(&pair[1]))
                .ok_or(wanted)
        };
        let ratios = doses
            .iter()
            .map(|(dose, _)| {
                let last = fold(dose, "15")? * observed(dose, "15")?;
                Ok(last / (fold(dose, "1")? * observed(dose, "1")?))
            })
            .collect::<Result<Vec<_>, String>>()?;
        line(name, ratios);
    }
    Ok(out)
}

fn held(value: &Value) -> String {
    let (held, of) = (number(&value["held"]), number(&value["of"]));
    format!("{:.0} % ({held:.0} of {of:.0})", 100.0 * held / of)
}

fn mean(list: &Value) -> f64 {
    let all: Vec<f64> = list
        .as_array()
        .map(|list| list.iter().map(number).collect())
        .unwrap_or_default();
    all.iter().sum::<f64>() / all.len() as f64
}

fn worlds(report: &Value) -> Result<String, String> {
    let found = &report["found"];
    let parameters = found["parameters"].as_object().ok_or("no parameters")?;
    let (mut inside, mut of) = (0.0, 0.0);
    for one in parameters.values() {
        inside += number(&one["held"]);
        of += number(&one["of"]);
    }
    let mut out = String::from("| in made-up worlds | |\n|---|---|\n");
    let mut line = |name: &str, value: String| {
        let _ = writeln!(out, "| {name} | {value} |");
    };
    line("worlds", found["worlds"].to_string());
    line(
        "90 % intervals that held the very numbers fitted",
        held(&found["fitted"]),
    );
    line(
        "the same intervals, the same studies run once more",
        held(&found["again"]),
    );
    line("intervals of held-out numbers", held(&found["held_out"]));
    line(
        "90 % intervals of parameters that held the world's own",
        format!("{:.0} % ({inside:.0} of {of:.0})", 100.0 * inside / of),
    );
    line(
        "median upper / lower end",
        format!("{:.2}", mean(&found["widths"])),
    );
    line(
        "the same for somebody who knows the world",
        format!("{:.2}", mean(&found["known_widths"])),
    );
    line(
        "mean fold error, numbers fitted",
        format!("{:.2}", mean(&found["gmfe_fitted"])),
    );
    line(
        "mean fold error, run once more",
        format!("{:.2}", mean(&found["gmfe_again"])),
    );
    let largest = found["r_hat"]
        .as_array()
        .map(|list| list.iter().map(number).fold(1.0, f64::max))
        .unwrap_or(f64::NAN);
    line("largest R-hat of these short fits", format!("{largest:.2}"));
    Ok(out)
}

fn world_parameters(report: &Value) -> Result<String, String> {
    let parameters = report["found"]["parameters"]
        .as_object()
        .ok_or("no parameters")?;
    let cells: Vec<String> = parameters
        .iter()
        .map(|(name, one)| format!("{name} {} of {}", one["held"], one["of"]))
        .collect();
    Ok(format!("{}.\n", cells.join(", ")))
}

fn others(results: &Results) -> Result<String, String> {
    let mut out = String::from(
        "| alkaloid | CL/F L/h (5 % to 95 %) | mean fold error | R-hat | effective draws |\n|---|---|---|---|---|\n",
    );
    for name in [
        "speciogynine",
        "paynantheine",
        "speciociliatine",
        "mitraciliatine",
        "isopaynantheine",
    ] {
        let file = results.model(&format!("{name}-2026"))?;
        let file = serde_json::to_value(file).map_err(|error| error.to_string())?;
        let cl = array(&file["model"], "parameter")?
            .iter()
            .find(|one| one["name"] == "cl")
            .ok_or("no clearance")?;
        let basis = cl["basis"].as_str().unwrap_or_default();
        let range = basis
            .split_once("5 % to 95 %: ")
            .and_then(|(_, rest)| rest.split_once(')'))
            .map(|(range, _)| range)
            .ok_or("no range of the clearance")?;
        let report = results.read(&format!("{name}.json"))?;
        let record = &file["calibration"];
        let _ = writeln!(
            out,
            "| {name} | {} ({range}) | {:.2} | {:.3} | {:.0} |",
            digits(number(&cl["value"])),
            number(&report["calibration"]["gmfe"]),
            number(&record["largest_r_hat"]),
            number(&record["fewest_effective_draws"])
        );
    }
    Ok(out)
}

fn commands() -> String {
    let mut out = String::from("| result | command |\n|---|---|\n");
    for (file, command) in super::RUNS {
        let command = command.replace("{}/", "");
        let _ = writeln!(out, "| {file} | `ketum {command}` |");
    }
    out
}
