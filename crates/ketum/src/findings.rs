//! Findings: the rules of `data/findings/` that a case's circumstances fire.

use std::collections::BTreeSet;

use ketum_core::circumstance::Circumstance;
use ketum_core::finding::{Basis, Finding, FindingRule};
use ketum_core::id::{ClaimId, FindingId};
use ketum_data::catalogue::Catalogue;

/// The findings of all rules that apply, the most urgent first.
#[must_use]
pub fn from_rules(catalogue: &Catalogue, circumstances: &BTreeSet<Circumstance>) -> Vec<Finding> {
    let applies = |rule: &FindingRule| {
        rule.when
            .iter()
            .any(|wanted| circumstances.contains(wanted))
            && rule.and.iter().all(|wanted| circumstances.contains(wanted))
            && !rule
                .unless
                .iter()
                .any(|barred| circumstances.contains(barred))
    };
    let fired: BTreeSet<&FindingId> = catalogue
        .findings
        .iter()
        .filter(|(_, rule)| applies(rule))
        .map(|(id, _)| id)
        .collect();
    let mut findings: Vec<Finding> = fired
        .iter()
        .filter_map(|id| catalogue.findings.get_key_value(*id))
        .filter(|(_, rule)| !rule.yields_to.iter().any(|sharper| fired.contains(sharper)))
        .map(|(id, rule)| finding(catalogue, circumstances, id, rule))
        .collect();
    sort(&mut findings);
    findings
}

/// Sorts by what to do, then how bad, then how likely, then how sure, then id.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (a.action, a.harm, a.likelihood, a.certainty, &a.id).cmp(&(
            b.action,
            b.harm,
            b.likelihood,
            b.certainty,
            &b.id,
        ))
    });
}

fn finding(
    catalogue: &Catalogue,
    circumstances: &BTreeSet<Circumstance>,
    id: &FindingId,
    rule: &FindingRule,
) -> Finding {
    // A claim that was withheld carries nothing; a rule left without any claim still warns.
    let claims: Vec<ClaimId> = rule
        .claims
        .iter()
        .filter(|claim| catalogue.claims.contains_key(*claim))
        .cloned()
        .collect();
    let text =
        |text: &Option<ketum_core::evidence::Text>| text.as_ref().map(|text| text.en.clone());
    let inputs_used = rule
        .when
        .iter()
        .chain(&rule.and)
        .filter(|wanted| circumstances.contains(*wanted))
        .map(|circumstance| name(*circumstance))
        .collect();
    Finding {
        id: id.to_string(),
        topic: rule.topic.clone(),
        harm: rule.harm,
        likelihood: rule.likelihood,
        certainty: rule.certainty,
        action: rule.action,
        direction: rule.direction,
        statement: rule.statement.en.clone(),
        do_next: text(&rule.do_next),
        would_change: text(&rule.would_change),
        quantity: None,
        needs_checking: claims.is_empty(),
        basis: Basis {
            inputs_used,
            inputs_missing: Vec::new(),
            method: format!("rule data/findings/{id}.toml"),
            domain: rule.domain.en.clone(),
        },
        claims,
    }
}

/// The word of a circumstance as written in rules.
pub(crate) fn name(circumstance: Circumstance) -> String {
    serde_json::to_value(circumstance)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
