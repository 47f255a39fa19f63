//! Facts of calculators: each rests on a citation that was read, and its points are numbers.

use ketum_core::calculator::CalculatorFacts;
use ketum_core::date::Date;

use super::Sink;
use crate::document::Path;
use crate::facts::Facts;
use crate::path;

pub(super) fn lint(facts: &Facts, today: Option<Date>, sink: &mut Sink) {
    for (stem, file) in &facts.clinic {
        let name = format!("clinic/{stem}.toml");
        citations(&name, file, sink);
        points(&name, file, sink);
        dates(&name, file, today, sink);
    }
}

fn citations(name: &str, file: &CalculatorFacts, sink: &mut Sink) {
    for (key, citation) in &file.cite {
        if !citation.verification.is_shippable() {
            sink.error(
                "unread-citation",
                name,
                path!["cite", key.as_str(), "verification"],
                "nobody read this source",
                "read it, or list the part under `open` and leave the number out",
            );
        }
    }
    for (kind, id, key) in file.cited() {
        if !file.cite.contains_key(key) {
            let near = crate::document::nearest(key, file.cite.keys().map(String::as_str));
            let hint = near.map_or_else(
                || format!("add [cite.{key}]"),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("{kind} `{id}` cites `{key}`, which is not there");
            sink.error("dangling-citation", name, Path::root(), message, &hint);
        }
    }
}

fn points(name: &str, file: &CalculatorFacts, sink: &mut Sink) {
    for (index, item) in file.item.iter().enumerate() {
        if item.allowed.is_empty() == item.answer.is_empty() {
            sink.error(
                "item-points",
                name,
                path!["item", index],
                format!("item `{}` needs either allowed points or answers", item.id),
                "give `allowed` or `[[item.answer]]`, not both",
            );
        }
        for (at, answer) in item.answer.iter().enumerate() {
            if answer.range().is_none() {
                sink.error(
                    "answer-points",
                    name,
                    path!["item", index, "answer", at],
                    format!("answer `{}` has no usable points", answer.id),
                    "give `points`, or `points_min` and `points_max` while the number is open",
                );
            }
        }
    }
    for pair in file.band.windows(2) {
        if let [one, next] = pair
            && next.from != one.to + 1
        {
            sink.error(
                "band-gap",
                name,
                path!["band"],
                format!(
                    "bands `{}` and `{}` leave a gap or overlap",
                    one.id, next.id
                ),
                "each band starts one after the end of the one before",
            );
        }
    }
}

fn dates(name: &str, file: &CalculatorFacts, today: Option<Date>, sink: &mut Sink) {
    if file.review_by < file.as_of {
        let hint = "review_by lies after as_of";
        let path = path!["review_by"];
        sink.error(
            "review-order",
            name,
            path,
            "reviewed before it was known",
            hint,
        );
    }
    if let Some(today) = today
        && file.review_by < today
    {
        let days = file.review_by.days_until(today);
        let message = format!("the facts were due for review {days} days ago");
        let hint = "look again, then move as_of and review_by";
        sink.warning("stale", name, path!["review_by"], message, hint);
    }
}
