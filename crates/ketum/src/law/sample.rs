//! A product as the law sees it: intervals of content, sizes, form and declared facts.
//!
//! Knows no places and no rules. Missing things stay missing: an analyte that was not tested is not zero.

use std::collections::BTreeMap;

use ketum_core::form::{Form, State};
use ketum_core::law::Compound;

use super::exact::{Exact, Span};

/// What a content is related to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// mg per g of product.
    Gram,
    /// mg per mL of product.
    Millilitre,
    /// mg per serving, where the size of a serving was not given.
    Serving,
}

/// A measured content in mg per g or mg per mL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// The interval: result plus and minus the expanded uncertainty, or zero to the limit of detection.
    pub span: Span,
    /// Per gram or per millilitre.
    pub per: Per,
    /// Whether the laboratory stated an uncertainty.
    pub uncertainty_stated: bool,
}

impl Content {
    /// A content between two written numbers.
    #[must_use]
    pub fn between(low: &str, high: &str, per: Per) -> Option<Self> {
        Some(Self {
            span: Span::new(Exact::parse(low)?, Some(Exact::parse(high)?))?,
            per,
            uncertainty_stated: low != high,
        })
    }

    /// A content given as one written number.
    #[must_use]
    pub fn exactly(value: &str, per: Per) -> Option<Self> {
        Self::between(value, value, per)
    }
}

/// A mass in g or a volume in mL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// The interval.
    pub span: Span,
    /// Grams or millilitres.
    pub per: Per,
}

/// A product as the law sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample {
    /// Form, where known.
    pub form: Option<Form>,
    /// Solid or liquid, where known.
    pub state: Option<State>,
    /// Contents by word: `mitragynine`, `7-OH`, `arsenic`. Absent: not tested.
    pub content: BTreeMap<String, Content>,
    /// All alkaloids together.
    pub total_alkaloids: Option<Content>,
    /// Serving as labelled.
    pub serving: Option<Size>,
    /// Container.
    pub container: Option<Size>,
    /// g per mL.
    pub density: Option<Span>,
    /// Share of water, 0 to 1.
    pub moisture: Option<Span>,
    /// The contents are already related to the dry product.
    pub contents_are_dry: bool,
    /// What maker or label declares: `contains_synthetic_alkaloid = "false"`.
    pub declared: BTreeMap<String, String>,
}

impl Sample {
    /// The content of a molecule, element or germ; `None` where it was not tested.
    #[must_use]
    pub fn content_of(&self, word: &str) -> Option<Content> {
        self.content.get(word).copied()
    }

    /// Whether it is plain plant material; `None` where the form is not known.
    #[must_use]
    pub fn is_botanical(&self) -> Option<bool> {
        self.form.map(|form| {
            matches!(
                form,
                Form::LeafPowder | Form::LeafCapsule | Form::LeafCrushed | Form::LeafFresh
            )
        })
    }

    /// The substance a product of this form is asked for where nobody named one.
    #[must_use]
    pub fn substance(&self) -> Compound {
        match self.form {
            Some(Form::Extract | Form::Shot) => Compound::Extract,
            Some(Form::SevenOhTablet | Form::SevenOhLiquid) => Compound::SevenOh,
            Some(Form::Pseudoindoxyl) => Compound::Mp,
            Some(Form::SemiSynthetic) => Compound::Mgm15,
            _ => Compound::Leaf,
        }
    }

    /// A declared fact, or one that follows from the form.
    #[must_use]
    pub fn fact(&self, key: &str) -> Option<String> {
        if let Some(value) = self.declared.get(key) {
            return Some(value.clone());
        }
        let form = self.form?;
        let semi_synthetic = matches!(form, Form::Pseudoindoxyl | Form::SemiSynthetic);
        let answer = match key {
            // A brew is plant and water; whether a statute calls it pure leaf is not for us to say.
            "is_pure_leaf" | "is_raw_plant_material" => match form {
                Form::LeafPowder | Form::LeafCrushed | Form::LeafFresh => true,
                Form::LeafCapsule | Form::LeafTea => return None,
                _ => false,
            },
            "contains_synthetic_alkaloid" | "contains_synthetic_or_semisynthetic_alkaloid"
                if semi_synthetic =>
            {
                true
            }
            "is_wholly_synthetic" if form == Form::LeafPowder => false,
            _ => return None,
        };
        Some(answer.to_string())
    }
}
