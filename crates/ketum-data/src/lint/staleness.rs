//! What ages says so: review dates that have passed.

use ketum_core::date::Date;

use super::Sink;
use crate::facts::Facts;
use crate::path;

pub(super) fn lint(facts: &Facts, today: Option<Date>, sink: &mut Sink) {
    for (topic, file) in &facts.claims {
        let name = format!("claims/{topic}.toml");
        for (index, claim) in file.claim.iter().enumerate() {
            let path = path!["claim", index, "review_by"];
            if claim.review_by < claim.as_of.earliest() {
                let hint = "review_by lies after as_of";
                sink.error(
                    "review-order",
                    &name,
                    path.clone(),
                    "reviewed before it was known",
                    hint,
                );
            }
            if let Some(today) = today
                && claim.review_by < today
            {
                let days = claim.review_by.days_until(today);
                let message = format!("`{}` was due for review {days} days ago", claim.id);
                let hint = "look again, then move as_of and review_by";
                sink.warning("stale", &name, path, message, hint);
            }
            if let Some(today) = today
                && claim.as_of.earliest() > today
            {
                let path = path!["claim", index, "as_of"];
                sink.error(
                    "future",
                    &name,
                    path,
                    "evidence from the future",
                    "check the date",
                );
            }
        }
    }
}
