//! A calibration as text: every number as its 64 bits, a checksum at the end. Exact, so that a resumed
//! calibration has the same bits as one that never stopped.

use std::fmt::Write as _;

use ketum_sim::estimation::evolution::{Evolution, Paths};
use ketum_sim::estimation::metropolis::Chains;

use super::Run;
use crate::model::ModelError;
use crate::model::objective::tag;

const TITLE: &str = "ketum calibration 1";

fn numbers(out: &mut String, name: &str, values: &[f64]) {
    let _ = write!(out, "{name}");
    for value in values {
        let _ = write!(out, " {:016x}", value.to_bits());
    }
    out.push('\n');
}

fn rows(out: &mut String, name: &str, values: &[Vec<f64>]) {
    let _ = writeln!(out, "{name} {}", values.len());
    for row in values {
        numbers(out, "-", row);
    }
}

fn identity(run: &Run) -> String {
    format!(
        "{:016x} {} {:?} from {:016x}",
        run.objective.fingerprint(),
        run.seed,
        run.effort,
        tag(&format!("{:?}", run.start))
    )
}

pub(super) fn write(run: &Run) -> String {
    let mut out = format!("{TITLE}\nof {}\n", identity(run));
    let search = &run.search;
    let _ = writeln!(out, "generation {}", search.generation);
    numbers(&mut out, "mean", &search.mean);
    numbers(&mut out, "best", &search.best);
    numbers(&mut out, "scalars", &[search.step, search.best_value]);
    rows(&mut out, "covariance", &search.covariance);
    let paths = search.paths();
    numbers(&mut out, "path-step", &paths.step);
    numbers(&mut out, "path-shape", &paths.shape);
    let _ = writeln!(out, "rounds {}", run.rounds);
    if let Some(chains) = &run.chains {
        let _ = writeln!(out, "chains {}", chains.points.len());
        let _ = writeln!(
            out,
            "step {} {} {} {} {}",
            chains.step, chains.accepted, chains.accepted_jumps, chains.tried, chains.tried_jumps
        );
        numbers(&mut out, "centre", chains.centre.as_deref().unwrap_or(&[]));
        numbers(&mut out, "scale", &[chains.log_scale]);
        rows(&mut out, "shape", &chains.shape);
        rows(&mut out, "points", &chains.points);
        numbers(&mut out, "values", &chains.values);
        for (kept, values) in chains.kept.iter().zip(&chains.kept_values) {
            rows(&mut out, "kept", kept);
            numbers(&mut out, "kept-values", values);
        }
    }
    let sum = tag(&out);
    let _ = writeln!(out, "end {sum:016x}");
    out
}

/// Reads line by line; anything unexpected is an error.
struct Lines<'t> {
    lines: std::str::Lines<'t>,
}

impl<'t> Lines<'t> {
    fn after(&mut self, name: &str) -> Result<&'t str, ModelError> {
        let line = self.lines.next().unwrap_or_default();
        line.strip_prefix(name)
            .map(str::trim_start)
            .ok_or_else(|| damaged(&format!("expected `{name}`")))
    }

    fn numbers(&mut self, name: &str, wanted: Option<usize>) -> Result<Vec<f64>, ModelError> {
        let values: Vec<f64> = self
            .after(name)?
            .split_ascii_whitespace()
            .map(|word| u64::from_str_radix(word, 16).map(f64::from_bits))
            .collect::<Result<_, _>>()
            .map_err(|_| damaged("a number is garbled"))?;
        if wanted.is_some_and(|wanted| wanted != values.len()) {
            return Err(damaged(&format!("`{name}` has another length")));
        }
        Ok(values)
    }

    fn whole(&mut self, name: &str) -> Result<Vec<u64>, ModelError> {
        self.after(name)?
            .split_ascii_whitespace()
            .map(|word| word.parse().map_err(|_| damaged("a count is garbled")))
            .collect()
    }

    fn rows(&mut self, name: &str, width: usize) -> Result<Vec<Vec<f64>>, ModelError> {
        let count = *self
            .whole(name)?
            .first()
            .ok_or_else(|| damaged("a count is missing"))?;
        (0..count).map(|_| self.numbers("-", Some(width))).collect()
    }
}

fn damaged(why: &str) -> ModelError {
    ModelError::State(format!(
        "the file is damaged ({why}); delete it to start afresh"
    ))
}

pub(super) fn read(text: &str, mut run: Run) -> Result<Run, ModelError> {
    let (body, end) = text
        .trim_end()
        .rsplit_once('\n')
        .ok_or_else(|| damaged("too short"))?;
    let body = format!("{body}\n");
    if end != format!("end {:016x}", tag(&body)) {
        return Err(damaged("its checksum does not fit"));
    }
    let mut lines = Lines {
        lines: body.lines(),
    };
    lines.after(TITLE)?;
    if lines.after("of")? != identity(&run) {
        return Err(ModelError::State(
            "it belongs to other numbers, another seed, another start or another effort; delete it to start afresh"
                .to_owned(),
        ));
    }
    let n = run.search.mean.len();
    let one = |values: Vec<u64>| values.first().copied().unwrap_or(0);
    let generation = one(lines.whole("generation")?) as u32;
    let mean = lines.numbers("mean", Some(n))?;
    let best = lines.numbers("best", Some(n))?;
    let scalars = lines.numbers("scalars", Some(2))?;
    let covariance = lines.rows("covariance", n)?;
    let paths = Paths {
        step: lines.numbers("path-step", Some(n))?,
        shape: lines.numbers("path-shape", Some(n))?,
    };
    let mut search = Evolution::new(mean, scalars[0]);
    search.generation = generation;
    search.best = best;
    search.best_value = scalars[1];
    search.covariance = covariance;
    search.set_paths(paths);
    run.search = search;
    run.rounds = one(lines.whole("rounds")?) as u32;
    if run.rounds > 0 {
        let count = one(lines.whole("chains")?) as usize;
        let steps = lines.whole("step")?;
        let centre = lines.numbers("centre", None)?;
        if !centre.is_empty() && centre.len() != n {
            return Err(damaged("`centre` has another length"));
        }
        let log_scale = lines.numbers("scale", Some(1))?[0];
        let shape = lines.rows("shape", n)?;
        let points = lines.rows("points", n)?;
        let mut chains = Chains::new(points, shape);
        chains.log_scale = log_scale;
        chains.centre = (!centre.is_empty()).then_some(centre);
        chains.accepted_jumps = steps.get(2).copied().unwrap_or(0);
        chains.tried = steps.get(3).copied().unwrap_or(0);
        chains.tried_jumps = steps.get(4).copied().unwrap_or(0);
        chains.step = steps.first().copied().unwrap_or(0);
        chains.accepted = steps.get(1).copied().unwrap_or(0);
        chains.values = lines.numbers("values", Some(count))?;
        for chain in 0..count {
            chains.kept[chain] = lines.rows("kept", n)?;
            chains.kept_values[chain] = lines.numbers("kept-values", None)?;
        }
        run.chains = Some(chains);
    }
    Ok(run)
}
