//! The answer of a check: the shape people and programs read, filled from the rules that hold.

use std::collections::{BTreeMap, BTreeSet};

use ketum_core::circumstance::Circumstance;
use ketum_core::drug::Route;
use ketum_core::evidence::{Certainty, ClaimKind};
use ketum_core::finding::{Action, Basis, Direction, Finding, Harm, Likelihood, NotKnown, Size};
use ketum_core::id::{ClaimId, DrugId};
use ketum_core::interaction::{InteractionKind, InteractionRule, Level, SizeFrom};
use ketum_data::catalogue::Catalogue;
use serde::Serialize;

use super::gut::{Anchor, Predicted};
use super::profile::{Profile, Standing};
use super::rules::{self, Hit};
use super::screen::{Screen, screens, static_ratio};
use super::turnover::Turnover;
use super::{Checker, Named, Product, Sides, constants};
use crate::drugs::Suggestion;
use crate::monitoring::{self, MonitoringOption};

/// The size of an interaction: exposure with kratom over exposure without.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ratio {
    /// Central value; absent where only bounds can be given.
    pub value: Option<f64>,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Whether people were measured, as opposed to worked out.
    pub measured: bool,
}

/// One interaction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InteractionFinding {
    /// The rule; with `:drug` behind it where a rule speaks of each drug alone.
    pub id: String,
    /// Who takes part beside kratom.
    pub with: Vec<String>,
    /// Whether effects meet, or levels.
    pub kind: InteractionKind,
    /// How it comes about.
    pub mechanism: String,
    /// Which way.
    pub direction: Direction,
    /// How large, where that was measured or can be worked out.
    pub ratio: Option<Ratio>,
    /// How bad.
    pub harm: Harm,
    /// How likely.
    pub likelihood: Likelihood,
    /// How sure.
    pub certainty: Certainty,
    /// What to do.
    pub action: Action,
    /// What is said.
    pub statement: String,
    /// The claims it rests on.
    pub claims: Vec<ClaimId>,
    /// What to do next.
    pub do_next: Option<String>,
    /// What would change it.
    pub would_change: String,
    /// Case reports among its claims.
    pub cases: Vec<ClaimId>,
    /// Those who take part by a membership no source was read for.
    pub needs_checking: Vec<String>,
    /// Mechanistic static ratio, a conservative screen and no expectation.
    pub screen: Option<f64>,
    /// How it was worked out.
    pub basis: Basis,
}

/// A name nobody here knows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unknown {
    /// As given.
    pub given: String,
    /// What may have been meant. Never taken silently.
    pub suggestions: Vec<String>,
    /// What would be said of a suggestion that must not be combined with kratom.
    pub provisional: Vec<InteractionFinding>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// The kratom product, by its id in `data/drugs/`.
    pub perpetrator: String,
    /// What was found, the most urgent first.
    pub findings: Vec<InteractionFinding>,
    /// Drugs of which nothing is known with kratom, neither from people nor by mechanism.
    pub no_data: Vec<String>,
    /// Drugs that could not be judged in full: no source was read for something said of them.
    pub not_assessed: Vec<String>,
    /// Names nobody here knows.
    pub unknown_names: Vec<Unknown>,
    /// Whether every name was known and every drug judged in full.
    pub complete: bool,
    /// What was looked for and is not known.
    pub not_known: Vec<NotKnown>,
    /// Conservative screens of kratom as perpetrator; empty where the product is outside.
    pub screens: Vec<Screen>,
    /// Why no ratio is given for this product, where it is outside.
    pub outside: Option<String>,
    /// What could be looked at because of what was named; options for a professional.
    pub monitoring: Vec<MonitoringOption>,
    /// What the names amount to for the rules of a whole case.
    #[serde(skip)]
    pub circumstances: BTreeSet<Circumstance>,
    /// The classes the named substances belong to.
    #[serde(skip)]
    pub classes: BTreeSet<String>,
}

/// The gap that says for most medicines nothing was found; its date is that of the search.
const NONE_GAP: &str = "interactions-none-gap";

pub(super) fn answer(
    catalogue: &Catalogue,
    sides: &Sides<'_>,
    given: &BTreeMap<&DrugId, &Named>,
    product: &Product,
    unknown_names: Vec<Unknown>,
) -> Check {
    let anchor = Anchor::of(catalogue);
    let multiple = anchor
        .as_ref()
        .map(|anchor| anchor.multiple(&sides.product_of(product)));
    let maker = Maker {
        catalogue,
        sides,
        given,
        product: sides.product_of(product),
        anchor: anchor.as_ref(),
        turnover: anchor
            .as_ref()
            .and_then(|anchor| anchor.turnover(catalogue, &sides.product_of(product))),
    };
    let mut findings: Vec<InteractionFinding> = catalogue
        .interactions
        .iter()
        .flat_map(|(id, rule)| maker.of_rule(id.as_str(), rule))
        .collect();
    findings.sort_by(|a, b| {
        (a.action, a.harm, a.likelihood, a.certainty, &a.id).cmp(&(
            b.action,
            b.harm,
            b.likelihood,
            b.certainty,
            &b.id,
        ))
    });
    let mut not_assessed: BTreeSet<String> = findings
        .iter()
        .flat_map(|finding| finding.needs_checking.iter().cloned())
        .collect();
    for drug in &sides.drugs {
        if !drug.drug.is_sourced() {
            not_assessed.insert(drug.id.to_string());
        }
    }
    let met: BTreeSet<&str> = findings
        .iter()
        .flat_map(|finding| finding.with.iter().map(String::as_str))
        .collect();
    let no_data: Vec<String> = sides
        .drugs
        .iter()
        .map(|drug| drug.id.to_string())
        .filter(|id| !met.contains(id.as_str()))
        .collect();
    let not_known = not_known(catalogue, &findings, &no_data);
    let complete = unknown_names.is_empty() && not_assessed.is_empty();
    let mut circumstances: BTreeSet<Circumstance> =
        sides.drugs.iter().flat_map(super::of_profile).collect();
    if !unknown_names.is_empty() {
        circumstances.insert(Circumstance::OtherMedicine);
    }
    let classes: BTreeSet<String> = sides
        .drugs
        .iter()
        .flat_map(|drug| drug.all_classes().map(str::to_owned))
        .collect();
    Check {
        perpetrator: sides.perpetrator.clone(),
        no_data,
        not_assessed: not_assessed.into_iter().collect(),
        unknown_names,
        complete,
        not_known,
        screens: match multiple {
            Some(Ok(multiple)) => screens(catalogue, multiple),
            _ => Vec::new(),
        },
        outside: match multiple {
            Some(Err(outside)) => Some(outside.words().to_owned()),
            _ => None,
        },
        monitoring: monitoring::plan(catalogue, &circumstances, &classes),
        circumstances,
        classes,
        findings,
    }
}

/// What is said of a name nobody knows: suggestions, and the warning of any that must not be combined.
pub(super) fn unknown(
    checker: &Checker<'_>,
    given: &str,
    suggestions: &[Suggestion],
    product: &Product,
) -> Unknown {
    let drugs: BTreeSet<&DrugId> = suggestions.iter().flat_map(|one| &one.drugs).collect();
    let provisional = drugs
        .into_iter()
        .flat_map(|id| {
            checker
                .check(&[Named::plain(id.as_str())], product)
                .findings
        })
        .filter(|finding| finding.action <= Action::DoNotCombine)
        .collect();
    Unknown {
        given: given.chars().take(80).collect(),
        suggestions: suggestions.iter().map(|one| one.name.clone()).collect(),
        provisional,
    }
}

impl Sides<'_> {
    /// The product with its form, where only the name of a concentrate gives it away.
    fn product_of(&self, product: &Product) -> Product {
        use ketum_core::evidence::AppliesTo;
        use ketum_core::form::Form;
        let mut product = product.clone();
        let strong = [AppliesTo::SevenOh, AppliesTo::SemiSynthetic];
        if product.form.is_none()
            && !self.products.contains(&AppliesTo::Leaf)
            && self.products.iter().any(|kind| strong.contains(kind))
        {
            product.form = Some(Form::SevenOhTablet);
        }
        product
    }
}

struct Maker<'m, 'a> {
    catalogue: &'a Catalogue,
    sides: &'m Sides<'a>,
    given: &'m BTreeMap<&'a DrugId, &'m Named>,
    product: Product,
    anchor: Option<&'m Anchor>,
    turnover: Option<Turnover>,
}

impl Maker<'_, '_> {
    fn of_rule(&self, id: &str, rule: &InteractionRule) -> Vec<InteractionFinding> {
        rules::hits(rule, &self.sides.products, &self.sides.drugs)
            .iter()
            .filter_map(|hit| self.finding(id, rule, hit))
            .collect()
    }

    fn finding(
        &self,
        id: &str,
        rule: &InteractionRule,
        hit: &Hit<'_, '_>,
    ) -> Option<InteractionFinding> {
        let predicted = self.size(rule, hit);
        let ratio = predicted.as_ref().map(|one| one.ratio);
        let level = rules::level(rule, &self.sides.products, hit, ratio.as_ref())?;
        let names: Vec<&str> = hit
            .with
            .iter()
            .map(|(drug, _)| drug.drug.name.as_str())
            .collect();
        let unsourced: Vec<&Profile<'_>> = hit
            .with
            .iter()
            .filter(|(_, standing)| *standing == Standing::Unsourced)
            .map(|(drug, _)| *drug)
            .collect();
        let mut statement = capital(&level.statement.en.replace("{with}", &list(&names)));
        if !unsourced.is_empty() {
            let names: Vec<&str> = unsourced
                .iter()
                .map(|drug| drug.drug.name.as_str())
                .collect();
            statement.push_str(&format!(
                " Needs checking: no source was read yet for what is said here of {}.",
                list(&names)
            ));
        }
        let id = match (rule.each, hit.with.first()) {
            (true, Some((drug, _))) => format!("{id}:{}", drug.id),
            _ => id.to_owned(),
        };
        let screen = match (&rule.size, hit.with.first()) {
            (Some(SizeFrom::GutCyp3a | SizeFrom::ClaimElseGutCyp3a(_)), Some((drug, _)))
                if ratio.is_some() =>
            {
                static_ratio(self.catalogue, drug.drug, 1.0).map(round)
            }
            _ => None,
        };
        Some(InteractionFinding {
            with: hit
                .with
                .iter()
                .map(|(drug, _)| drug.id.to_string())
                .collect(),
            kind: rule.kind,
            mechanism: rule.mechanism.en.clone(),
            direction: level.direction,
            ratio: ratio.map(Ratio::rounded),
            harm: level.harm,
            likelihood: level.likelihood,
            certainty: level.certainty,
            action: level.action,
            statement,
            claims: self.claims(rule, level, hit),
            do_next: level
                .do_next
                .as_ref()
                .map(|text| text.en.replace("{with}", &list(&names))),
            would_change: rule.would_change.en.clone(),
            cases: self.carried(&rule.cases),
            needs_checking: unsourced.iter().map(|drug| drug.id.to_string()).collect(),
            screen,
            basis: Basis {
                inputs_used: hit
                    .with
                    .iter()
                    .map(|(drug, _)| drug.drug.name.clone())
                    .collect(),
                inputs_missing: predicted
                    .as_ref()
                    .map_or_else(Vec::new, |one| one.missing.clone()),
                method: predicted.map_or_else(
                    || {
                        format!(
                            "rule data/interactions/{}.toml",
                            id.split(':').next().unwrap_or(&id)
                        )
                    },
                    |one| one.method,
                ),
                domain: rule.domain.en.clone(),
            },
            id,
        })
    }

    fn size(&self, rule: &InteractionRule, hit: &Hit<'_, '_>) -> Option<Predicted> {
        let (drug, _) = hit.with.first()?;
        let named = self.given.get(drug.id)?;
        let swallowed = named.route.is_none_or(|route| route == Route::Oral);
        let as_studied = swallowed && self.anchor?.as_studied(&self.product);
        match rule.size.as_ref()? {
            SizeFrom::Claim(claim) if as_studied => self.measured(claim),
            SizeFrom::ClaimElseGutCyp3a(claim) if as_studied => self.measured(claim),
            SizeFrom::Claim(_) => None,
            SizeFrom::ClaimElseGutCyp3a(_) | SizeFrom::GutCyp3a => {
                let when = (named.route, named.at_h);
                self.anchor?
                    .predict(
                        self.catalogue,
                        &self.product,
                        self.turnover.as_ref(),
                        drug.drug,
                        when,
                    )
                    .ok()?
            }
        }
    }

    fn measured(&self, claim: &ClaimId) -> Option<Predicted> {
        let number = constants::of_claim(self.catalogue, claim.as_str())?;
        Some(Predicted {
            ratio: Ratio {
                value: number.value,
                low: number.low,
                high: number.high,
                measured: true,
            },
            method: format!("measured in people: claim {claim}"),
            missing: Vec::new(),
        })
    }

    fn claims(&self, rule: &InteractionRule, level: &Level, hit: &Hit<'_, '_>) -> Vec<ClaimId> {
        let mut claims = self.carried(&level.claims);
        let of_class = rule.evidence.iter().filter(|one| {
            hit.with
                .iter()
                .any(|(drug, _)| one.class.iter().any(|class| drug.is(class.as_str())))
        });
        for claim in of_class.flat_map(|one| &one.claims).chain(&rule.cases) {
            if self.catalogue.claims.contains_key(claim) && !claims.contains(claim) {
                claims.push(claim.clone());
            }
        }
        claims
    }

    /// The claims the catalogue carries; a withheld one supports nothing.
    fn carried(&self, claims: &[ClaimId]) -> Vec<ClaimId> {
        claims
            .iter()
            .filter(|claim| self.catalogue.claims.contains_key(*claim))
            .cloned()
            .collect()
    }
}

impl Ratio {
    fn rounded(self) -> Self {
        Self {
            value: self.value.map(round),
            low: self.low.map(round),
            high: self.high.map(round),
            measured: self.measured,
        }
    }
}

/// Two decimals: more than the intervals support, enough to compare with the papers.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// `a`, `a and b`, `a, b and c`.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn not_known(
    catalogue: &Catalogue,
    findings: &[InteractionFinding],
    no_data: &[String],
) -> Vec<NotKnown> {
    let gaps: BTreeSet<&ClaimId> = findings
        .iter()
        .flat_map(|finding| &finding.claims)
        .filter(|claim| {
            catalogue
                .claims
                .get(*claim)
                .is_some_and(|entry| entry.claim.kind == ClaimKind::Gap)
        })
        .collect();
    let of_gap = gaps.into_iter().filter_map(|id| {
        let claim = &catalogue.claims.get(id)?.claim;
        Some(NotKnown {
            what: claim.statement.en.clone(),
            looked_for: claim
                .sources
                .first()
                .map_or_else(String::new, |citation| citation.locator.clone()),
            as_of: claim.as_of.to_string(),
        })
    });
    let searched = catalogue
        .claims
        .get(NONE_GAP)
        .map_or_else(String::new, |entry| entry.claim.as_of.to_string());
    let of_drug = no_data.iter().map(|drug| NotKnown {
        what: format!("What {drug} and kratom do together."),
        looked_for: "a study in people, a case, or a mechanism that meets kratom's".to_owned(),
        as_of: searched.clone(),
    });
    of_gap.chain(of_drug).collect()
}

impl Check {
    /// Takes out the general findings that an interaction finding of this check says more sharply and at
    /// least as urgently, so that one hazard is told once.
    pub fn take_out_general(&self, catalogue: &Catalogue, general: &mut Vec<Finding>) {
        general.retain(|finding| {
            !self.findings.iter().any(|one| {
                let rule = one.id.split(':').next().unwrap_or(&one.id);
                one.action <= finding.action
                    && catalogue.interactions.get(rule).is_some_and(|rule| {
                        rule.replaces.iter().any(|id| id.as_str() == finding.id)
                    })
            })
        });
    }

    /// The findings in the coin of an assessment.
    #[must_use]
    pub fn findings_of_case(&self, catalogue: &Catalogue) -> Vec<Finding> {
        self.findings
            .iter()
            .filter_map(|one| {
                let rule = one.id.split(':').next().unwrap_or(&one.id);
                let topic = catalogue.interactions.get(rule)?.topic.clone();
                Some(Finding {
                    id: format!("interaction-{}", one.id.replace(':', "-")),
                    topic,
                    harm: one.harm,
                    likelihood: one.likelihood,
                    certainty: one.certainty,
                    action: one.action,
                    direction: one.direction,
                    statement: one.statement.clone(),
                    do_next: one.do_next.clone(),
                    would_change: Some(one.would_change.clone()),
                    quantity: one.ratio.map(|ratio| Size {
                        value: ratio.value,
                        low: ratio.low,
                        high: ratio.high,
                        unit: "1".to_owned(),
                        measured: ratio.measured,
                    }),
                    needs_checking: !one.needs_checking.is_empty(),
                    basis: one.basis.clone(),
                    claims: one.claims.clone(),
                })
            })
            .collect()
    }
}
