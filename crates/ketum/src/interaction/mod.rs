//! Interactions: what meets a kratom product in the body, by which mechanism, how large and how sure.
//!
//! [`check`] takes names as people write them and a product, and gives findings, the most urgent first.
//! The rules stand in `data/interactions/`; this module holds their logic and the models of levels. It
//! knows no terminal and no wording of its own beyond how a finding was worked out.

mod answer;
mod constants;
mod gut;
mod overview;
mod profile;
mod rules;
mod screen;
mod turnover;

pub use answer::{Check, InteractionFinding, Ratio, Unknown};
pub use gut::{Anchor, Outside, Predicted};
pub use overview::{Mark, Row};
pub use profile::{Profile, Standing};
pub use screen::{Screen, screens, static_ratio};
pub use turnover::Turnover;

use std::collections::{BTreeMap, BTreeSet};

use ketum_core::circumstance::Circumstance;
use ketum_core::drug::{Drug, Route};
use ketum_core::evidence::AppliesTo;
use ketum_core::finding::Action;
use ketum_core::form::Form;
use ketum_core::id::DrugId;
use ketum_data::catalogue::Catalogue;

use crate::drugs::{Index, Resolution};

/// The kratom product and how it is taken, as far as it matters here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Product {
    /// The form; absent where not given.
    pub form: Option<Form>,
    /// Mitragynine of one dose, mg, in the product as weighed.
    pub mitragynine_mg: Option<f64>,
    /// Times of the daily doses, hours after midnight. Empty: one dose together with the medicine.
    pub times: Vec<f64>,
    /// Hours between doses, instead of times.
    pub every_h: Option<f64>,
}

/// A medicine or substance as a person writes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// How it is taken, where given.
    pub route: Option<Route>,
    /// When it is taken, hours after midnight, where given.
    pub at_h: Option<f64>,
}

impl Named {
    /// What is said beside the name, comparable so that the order of names cannot matter.
    fn said(&self) -> (bool, bool, Option<Route>, Option<u64>) {
        (
            self.route.is_some(),
            self.at_h.is_some(),
            self.route,
            self.at_h.map(f64::to_bits),
        )
    }

    /// A name and nothing more.
    #[must_use]
    pub fn plain(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }
}

/// Checks what is named against a kratom product, and the worst pairs among them.
///
/// The order of names does not matter. An unknown name is part of the answer, never an error.
#[must_use]
pub fn check(catalogue: &Catalogue, named: &[Named], product: &Product) -> Check {
    Checker::new(catalogue).check(named, product)
}

/// A check that can be asked many times: the index of names is built once.
#[derive(Debug)]
pub struct Checker<'a> {
    catalogue: &'a Catalogue,
    index: Index<'a>,
}

impl<'a> Checker<'a> {
    /// A checker over a catalogue.
    #[must_use]
    pub fn new(catalogue: &'a Catalogue) -> Self {
        Self {
            catalogue,
            index: Index::new(catalogue),
        }
    }

    /// As [`check`].
    #[must_use]
    pub fn check(&self, named: &[Named], product: &Product) -> Check {
        let mut found: BTreeMap<&DrugId, (&Drug, &Named)> = BTreeMap::new();
        let mut unknown: BTreeMap<&str, Unknown> = BTreeMap::new();
        for one in named {
            match self.index.resolve(&one.name) {
                Resolution::Known { drugs, .. } => {
                    for drug in drugs {
                        let entry = found.entry(&drug.id).or_insert((drug, one));
                        // Named twice: the entry that says more is kept, whichever came first.
                        if one.said() > entry.1.said() {
                            *entry = (drug, one);
                        }
                    }
                }
                Resolution::Unknown { suggestions } => {
                    let given = one.name.trim();
                    unknown
                        .entry(given)
                        .or_insert_with(|| answer::unknown(self, given, &suggestions, product));
                }
            }
        }
        let profiles: Vec<Profile<'_>> = found
            .values()
            .map(|(drug, one)| Profile::of(self.catalogue, drug).taken(one.route))
            .collect();
        let given: BTreeMap<&DrugId, &Named> =
            found.iter().map(|(id, (_, one))| (*id, *one)).collect();
        let sides = Sides::of(profiles, product);
        answer::answer(
            self.catalogue,
            &sides,
            &given,
            product,
            unknown.into_values().collect(),
        )
    }
}

/// The perpetrator, its kinds, and everything else.
pub(crate) struct Sides<'a> {
    perpetrator: String,
    products: BTreeSet<AppliesTo>,
    drugs: Vec<Profile<'a>>,
}

/// Id of leaf kratom in `data/drugs/`.
const LEAF: &str = "kratom";
/// Id of 7-hydroxymitragynine in `data/drugs/`.
const SEVEN_OH: &str = "7-hydroxymitragynine";

impl<'a> Sides<'a> {
    fn of(profiles: Vec<Profile<'a>>, product: &Product) -> Self {
        let mut products: BTreeSet<AppliesTo> =
            product.form.map(Form::drug_kind).into_iter().collect();
        let leaf = profiles.iter().find(|drug| drug.is("kratom_product"));
        let concentrate = profiles.iter().find(|drug| drug.is("kratom_concentrate"));
        // Without a name for kratom, the product's form names it; without either it is leaf.
        let by_form = match product.form.map(Form::drug_kind) {
            Some(AppliesTo::SevenOh | AppliesTo::SemiSynthetic) => SEVEN_OH,
            _ => LEAF,
        };
        let perpetrator = leaf
            .or(concentrate)
            .map_or_else(|| by_form.to_owned(), |drug| drug.id.to_string());
        if product.form.is_none() && (leaf.is_some() || concentrate.is_none()) {
            products.insert(AppliesTo::Leaf);
        }
        for drug in profiles.iter().filter(|drug| drug.is("kratom_concentrate")) {
            products.insert(if drug.id.as_str() == SEVEN_OH {
                AppliesTo::SevenOh
            } else {
                AppliesTo::SemiSynthetic
            });
        }
        let drugs = profiles
            .into_iter()
            .filter(|drug| drug.id.as_str() != perpetrator && !drug.is("kratom_product"))
            .collect();
        Self {
            perpetrator,
            products,
            drugs,
        }
    }
}

/// Which circumstances of a case these names amount to.
#[must_use]
pub fn circumstances(catalogue: &Catalogue, named: &[Named]) -> BTreeSet<Circumstance> {
    use Circumstance as C;
    let index = Index::new(catalogue);
    let mut held = BTreeSet::new();
    for one in named {
        match index.resolve(&one.name) {
            Resolution::Known { drugs, .. } => {
                for drug in drugs {
                    held.extend(of_profile(&Profile::of(catalogue, drug)));
                }
            }
            Resolution::Unknown { .. } => {
                held.insert(C::OtherMedicine);
            }
        }
    }
    held
}

fn of_profile(drug: &Profile<'_>) -> Vec<Circumstance> {
    use Circumstance as C;
    if drug.is("kratom_product") {
        return Vec::new();
    }
    let mut held = Vec::new();
    let opioid = drug.is("opioid_agonist");
    if opioid {
        held.push(C::Opioid);
    }
    if opioid && drug.is("opioid_dependence_treatment") {
        held.push(C::OpioidTreatment);
    }
    if drug.is("mu_antagonist") {
        held.push(C::OpioidAntagonist);
    }
    if drug.is("alcohol") {
        held.push(C::Alcohol);
    } else if drug.is("strong_sedative") && !opioid {
        held.push(C::Sedative);
    }
    if held.is_empty() {
        held.push(C::OtherMedicine);
    }
    held
}

/// Milligrams of mitragynine in some grams of leaf, by what a product of that form holds on average;
/// leaf powder where the form is not given. Absent for a form without such a number.
#[must_use]
pub fn mitragynine_of_leaf(catalogue: &Catalogue, form: Option<Form>, grams: f64) -> Option<f64> {
    let form = form.unwrap_or(Form::LeafPowder);
    let content = catalogue.forms.get(&form)?.content.get("mitragynine")?;
    (content.unit == "mg/g").then_some(content.median * grams)
}

/// Whether anything of this check must not be combined.
#[must_use]
pub fn must_not_combine(check: &Check) -> bool {
    check
        .findings
        .iter()
        .any(|finding| finding.action == Action::DoNotCombine)
}
