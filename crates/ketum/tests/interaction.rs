//! Interactions: peers' errors, properties over all drugs, numbers against what people measured, the
//! shape of the answer.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod interaction {
    pub mod contract;
    pub mod families;
    pub mod numbers;
    pub mod pairs;
    pub mod peers;
    pub mod properties;
    pub mod words;

    use std::sync::LazyLock;

    use ketum::interaction::{Check, InteractionFinding, Named, Product, check};
    use ketum_data::catalogue::Catalogue;

    pub static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::embedded().expect("the embedded catalogue can be read"));

    /// Checks names against kratom of no given form.
    pub fn with(names: &[&str]) -> Check {
        of(names, &Product::default())
    }

    /// Checks names against a product.
    pub fn of(names: &[&str], product: &Product) -> Check {
        let named: Vec<Named> = names.iter().map(|name| Named::plain(*name)).collect();
        check(&CATALOGUE, &named, product)
    }

    /// The finding of a rule that names `drug`.
    pub fn finding<'c>(check: &'c Check, rule: &str, drug: &str) -> &'c InteractionFinding {
        check
            .findings
            .iter()
            .find(|one| rule_of(one) == rule && one.with.iter().any(|with| with == drug))
            .unwrap_or_else(|| panic!("no finding {rule} with {drug}: {:#?}", ids(check)))
    }

    pub fn rule_of(finding: &InteractionFinding) -> &str {
        finding.id.split(':').next().unwrap_or(&finding.id)
    }

    pub fn ids(check: &Check) -> Vec<&str> {
        check.findings.iter().map(|one| one.id.as_str()).collect()
    }
}
