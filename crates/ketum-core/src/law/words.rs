//! Closed vocabularies of the law data. Knows the words, not what follows from them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word, in the order of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word as written in files.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The entry with this word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|entry| entry.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What a rule is about. `leaf` never implies `7-OH` and the reverse.
    Compound {
        /// Leaf of Mitragyna speciosa and plain leaf products.
        Leaf = "leaf",
        /// Concentrated leaf alkaloids.
        Extract = "extract",
        /// Any product of the plant; not the semi-synthetics, which a rule has to name.
        AnyKratom = "any_kratom",
        /// Mitragynine.
        Mitragynine = "mitragynine",
        /// 7-hydroxymitragynine, above all concentrated.
        SevenOh = "7-OH",
        /// Mitragynine pseudoindoxyl.
        Mp = "MP",
        /// Dihydro-7-hydroxymitragynine.
        Mgm15 = "MGM-15",
        /// 9-fluoro-dihydro-7-hydroxymitragynine.
        Mgm16 = "MGM-16",
        /// 7-acetoxymitragynine.
        SevenAcetoxy = "7-acetoxymitragynine",
        /// 9-hydroxycorynantheidine.
        NineHydroxy = "9-hydroxycorynantheidine",
        /// 10-hydroxycorynantheidine.
        TenHydroxy = "10-hydroxycorynantheidine",
    }
}

impl Compound {
    /// The compound a user names: the word itself or the id or short name of the analyte.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase().replace('_', "-");
        Some(match name.as_str() {
            "leaf" | "kratom-leaf" => Self::Leaf,
            "extract" => Self::Extract,
            "any-kratom" | "kratom" => Self::AnyKratom,
            "mitragynine" | "mitragynin" | "mit" | "mg" => Self::Mitragynine,
            "7-oh"
            | "7oh"
            | "7-hydroxymitragynine"
            | "7-hydroxymitragynin"
            | "7-oh-mg"
            | "7-hmg"
            | "7-hydroxy"
            | "7-ohmit"
            | "conc-7oh" => Self::SevenOh,
            "mp" | "mitragynine-pseudoindoxyl" | "pseudoindoxyl" | "pseudo" => Self::Mp,
            "mgm-15" | "mgm15" | "dihydro-7-hydroxymitragynine" | "dihydro-7-oh" => Self::Mgm15,
            "mgm-16" | "mgm16" | "9-fluoro-dihydro-7-hydroxymitragynine" => Self::Mgm16,
            "7-acetoxymitragynine" => Self::SevenAcetoxy,
            "9-hydroxycorynantheidine" => Self::NineHydroxy,
            "10-hydroxycorynantheidine" => Self::TenHydroxy,
            _ => return None,
        })
    }

    /// Whether it is a single molecule that a laboratory can measure.
    #[must_use]
    pub fn is_molecule(self) -> bool {
        !matches!(self, Self::Leaf | Self::Extract | Self::AnyKratom)
    }
}

words! {
    /// Where a substance stands in a place. The list of DESIGN and schema; `unknown` is a value.
    Status {
        /// Forbidden.
        Banned = "banned",
        /// Selling is forbidden; having it is not named.
        BannedSale = "banned_sale",
        /// Some forms are forbidden.
        PartlyBanned = "partly_banned",
        /// Named in the strictest schedule of a controlled-substances act.
        ScheduledI = "scheduled_I",
        /// Sold under rules.
        Regulated = "regulated",
        /// An age limit or label rule only.
        Restricted = "restricted",
        /// Product limits of the act leave no room for it.
        ExcludedByRule = "excluded_by_rule",
        /// Export needs a licence or a form of goods.
        ExportRegulated = "export_regulated",
        /// Listed as a prescription medicine.
        PrescriptionOnly = "prescription_only",
        /// No drug-law entry, but sale is contested under food or medicines law.
        Grey = "grey",
        /// A source looked and found no rule.
        Unregulated = "unregulated",
        /// A source looked at the schedules and did not find it there.
        NotScheduled = "not_scheduled",
        /// Sources say different things.
        Disputed = "disputed",
        /// Not known.
        Unknown = "unknown",
    }
}

impl Status {
    /// A ban that needs no product numbers.
    #[must_use]
    pub fn is_ban(self) -> bool {
        matches!(
            self,
            Self::Banned | Self::BannedSale | Self::ScheduledI | Self::ExcludedByRule
        )
    }

    /// A statement that no rule was found.
    #[must_use]
    pub fn is_permissive(self) -> bool {
        matches!(self, Self::Unregulated | Self::NotScheduled)
    }

    /// How lenient it is, for the repeal check: larger is more lenient; `None` for words that state
    /// nothing definite.
    #[must_use]
    pub fn leniency(self) -> Option<u8> {
        Some(match self {
            Self::Banned | Self::ScheduledI => 0,
            Self::BannedSale | Self::PartlyBanned | Self::PrescriptionOnly => 1,
            Self::ExcludedByRule => 1,
            Self::Regulated | Self::ExportRegulated | Self::Restricted => 2,
            Self::Unregulated | Self::NotScheduled => 3,
            Self::Grey | Self::Disputed | Self::Unknown => return None,
        })
    }
}

words! {
    /// What somebody does.
    Activity {
        /// Have it with you or at home.
        Possess = "possess",
        /// Take it.
        Use = "use",
        /// Buy it.
        Buy = "buy",
        /// Sell it.
        Sell = "sell",
        /// Give it away.
        Give = "give",
        /// Make or process it.
        Manufacture = "manufacture",
        /// Bring it into the place.
        Import = "import",
        /// Bring it out of the place.
        Export = "export",
        /// Grow the tree.
        Cultivate = "cultivate",
        /// Advertise it.
        Advertise = "advertise",
        /// Sell it by post or online.
        OnlineSale = "online_sale",
    }
}

impl Activity {
    /// The act as a noun in a sentence.
    #[must_use]
    pub fn plain(self) -> &'static str {
        match self {
            Self::Possess => "possession",
            Self::Use => "use",
            Self::Buy => "buying",
            Self::Sell => "sale",
            Self::Give => "giving",
            Self::Manufacture => "making",
            Self::Import => "bringing in",
            Self::Export => "taking out",
            Self::Cultivate => "growing",
            Self::Advertise => "advertising",
            Self::OnlineSale => "sale online",
        }
    }
}

/// Acts as a list for people: a sale online is a sale and not said twice.
#[must_use]
pub fn plain_acts(acts: &[Activity]) -> String {
    let words: Vec<&str> = acts
        .iter()
        .filter(|act| **act != Activity::OnlineSale || !acts.contains(&Activity::Sell))
        .map(|act| act.plain())
        .collect();
    words.join(", ")
}

words! {
    /// Where the acts of a row come from. Only what a source carries counts for the acts it names.
    ActivitiesFrom {
        /// The text of the law was read, and it names the acts.
        Text = "text",
        /// A report of the law names the acts.
        Report = "report",
        /// The substance stands in a list of controlled substances; the law on such substances covers the
        /// acts by its nature.
        Schedule = "schedule",
        /// Nobody named an act: a source looked through the law as a whole and found no rule, sources
        /// disagree on the whole, or nothing is known.
        Search = "search",
        /// The source says "banned" or "regulated" and no act. Only the sale is taken from the word.
        StatusWord = "status_word",
    }
}

words! {
    /// What came of a look-up.
    LookUpOutcome {
        /// A better source, or a text read further: rows were raised.
        Raised = "raised",
        /// The rows stand as they were.
        Confirmed = "confirmed",
        /// The rows were wrong or the law has changed.
        Changed = "changed",
        /// Nothing that could be cited was found.
        Nothing = "nothing",
    }
}

words! {
    /// What is measured.
    QuantityKind {
        /// Mass of analyte per mass of product.
        MassFraction = "mass_fraction",
        /// Mass of analyte per volume of product.
        Concentration = "concentration",
        /// Mass of analyte per mass of all alkaloids.
        ShareOfAlkaloids = "share_of_alkaloids",
        /// Mass of analyte in a serving as labelled.
        MassPerServing = "mass_per_serving",
        /// Mass of analyte in a container.
        MassPerContainer = "mass_per_container",
        /// Mass of analyte in an "article", a word the notice does not define.
        MassPerArticle = "mass_per_article",
        /// Mass of one analyte over the mass of others.
        Ratio = "ratio",
        /// Mass of an element per mass of product.
        ElementPpm = "element_ppm",
        /// Colony-forming units per gram.
        CfuPerG = "cfu_per_g",
        /// Whether there is any.
        Presence = "presence",
        /// Size of particles.
        ParticleSize = "particle_size",
        /// Age of the buyer.
        BuyerAge = "buyer_age",
        /// The source gives a number without saying of what it is a share.
        BasisNotRead = "basis_not_read",
    }
}

words! {
    /// Comparison. The predicate states what is lawful.
    Operator {
        /// Less than.
        Less = "<",
        /// At most.
        AtMost = "<=",
        /// Equal.
        Equal = "==",
        /// At least.
        AtLeast = ">=",
        /// More than.
        More = ">",
        /// One of a set.
        In = "in",
        /// None of a set.
        NotIn = "not_in",
    }
}

words! {
    /// What the number of a limit is taken of.
    Basis {
        /// The product as it is.
        Product = "product",
        /// The product without its water.
        DryWeight = "dry_weight",
        /// By weight for solids, by weight or volume for liquids.
        WeightOrVolume = "weight_or_volume",
        /// All alkaloids together.
        TotalAlkaloids = "total_alkaloids",
        /// A serving as labelled.
        Serving = "serving",
        /// A container.
        Container = "container",
        /// An article, not defined.
        Article = "article",
        /// Mass against mass.
        Mass = "mass",
        /// Any amount.
        AnyAmount = "any_amount",
        /// Not read, or the source leaves it open.
        Unclear = "unclear",
    }
}

words! {
    /// Which products a rule is for.
    FormScope {
        /// Every product.
        Any = "any",
        /// Solids.
        Solid = "solid",
        /// Liquids.
        Liquid = "liquid",
        /// Plant material that is not extracted.
        Botanical = "botanical",
        /// Everything that is processed.
        Processed = "processed",
    }
}

words! {
    /// How a limit on several compounds is read.
    Reading {
        /// The sum of all.
        Sum = "sum",
        /// Each by itself.
        Each = "each",
        /// Taken per serving or unit.
        PerServing = "per_serving",
        /// Taken per container.
        PerContainer = "per_container",
        /// Traces that the plant holds by nature count too.
        PlantCaught = "plant_caught",
        /// Traces that the plant holds by nature are outside.
        PlantExempt = "plant_exempt",
        /// Taken word for word.
        Literal = "literal",
        /// As the authorities act.
        Practice = "practice",
    }
}

words! {
    /// How the rules of a group combine.
    Logic {
        /// Every rule must hold.
        AllOf = "all_of",
        /// One rule is enough.
        AnyOf = "any_of",
    }
}

words! {
    /// What follows where a ruleset does not hold.
    Consequence {
        /// The product may not be sold.
        NotSaleable = "not_saleable",
        /// The product is in the strictest schedule.
        ScheduledI = "scheduled_I",
        /// The ban of the place applies; the ruleset is an exception to it.
        BanApplies = "ban_applies",
        /// The goods may not leave.
        NotExportable = "not_exportable",
        /// Nothing by itself: it says how far something that is not known can reach at most. A product
        /// within it is outside everything that was announced.
        BoundsUnknown = "bounds_unknown",
    }
}

words! {
    /// What a test vector must give.
    VectorVerdict {
        /// The value is within the limit.
        Compliant = "compliant",
        /// The value is outside.
        NonCompliant = "non_compliant",
    }
}

words! {
    /// What a requirement is about.
    RequirementKind {
        /// Age of the buyer.
        Age = "age",
        /// What the label says.
        Label = "label",
        /// Laboratory tests.
        Test = "test",
        /// The package.
        Packaging = "packaging",
        /// Where and how it is sold.
        Retail = "retail",
        /// Registers, licences, fees.
        Registration = "registration",
        /// Forms of product.
        FormBan = "form_ban",
        /// What is claimed of it.
        Marketing = "marketing",
        /// Papers that are kept.
        Records = "records",
        /// Taxes.
        Tax = "tax",
        /// Made by synthesis.
        Synthetic = "synthetic",
        /// Other ingredients, solvents, germs, metals without a number of its own.
        Ingredient = "ingredient",
    }
}

words! {
    /// Level of a place.
    Level {
        /// The United Nations.
        International = "international",
        /// A country.
        Country = "country",
        /// A territory of a country.
        Territory = "territory",
        /// A state.
        State = "state",
        /// A federal district.
        District = "district",
    }
}

words! {
    /// Kind of a local place.
    LocalKind {
        /// County.
        County = "county",
        /// City.
        City = "city",
        /// Town.
        Town = "town",
        /// Village.
        Village = "village",
    }
}

words! {
    /// How far a local measure got. Only `active` is ever evaluated as law.
    LocalStage {
        /// In force.
        Active = "active",
        /// Decided, not yet known to be in force.
        Adopted = "adopted_first_reading",
        /// Made public, start not known.
        Announced = "announced",
        /// A draft is before the body.
        Proposed = "proposed",
        /// It was talked about.
        Debated = "debated",
        /// Put off.
        Paused = "paused",
        /// A letter without force.
        Advisory = "advisory",
        /// No longer in force.
        Repealed = "repealed",
        /// Sources say different things.
        Disputed = "disputed",
        /// The outcome was not found.
        Unknown = "unknown",
        /// Reported as local, but it is not.
        NotLocal = "not_local",
    }
}

words! {
    /// Yes, no or not known.
    Known {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// How much of a place's law the file holds.
    Coverage {
        /// All that was found.
        Full = "full",
        /// Status and some rules.
        Partial = "partial",
        /// Only the status.
        StatusOnly = "status_only",
    }
}

words! {
    /// How a period ends. The end is the first day on which the row no longer holds.
    ToKind {
        /// No end is written.
        Open = "open",
        /// The end is known.
        Known = "known",
        /// It ends at the latest then, or on an event.
        Conditional = "conditional",
        /// There is an end; it is not known when.
        Unknown = "unknown",
    }
}

words! {
    /// How far a row may be relied on; capped by the tiers of its sources.
    Confidence {
        /// Text or agency, or two independent reports.
        High = "high",
        /// One report.
        Medium = "medium",
        /// Weak.
        Low = "low",
    }
}

words! {
    /// Tier of a source.
    Tier {
        /// Text of the law, agency, court.
        A = "A",
        /// Press, law firm, careful tracker.
        B = "B",
        /// Industry, advocacy, seller, aggregator.
        C = "C",
        /// Nothing was read.
        D = "D",
    }
}

words! {
    /// Kind of a legal source.
    LawSourceKind {
        /// Statute.
        Statute = "statute",
        /// Bill or its history.
        Bill = "bill",
        /// Rule of an agency.
        Regulation = "regulation",
        /// Rule or order printed in an official register.
        RegisterRule = "register_rule",
        /// Notice or proposal printed in an official register.
        RegisterNotice = "register_notice",
        /// Page of an agency.
        AgencyPage = "agency_page",
        /// Judgment.
        Judgment = "judgment",
        /// Document of the United Nations.
        Un = "un",
        /// Press.
        News = "news",
        /// Anything that reports of the law.
        Secondary = "secondary",
    }
}

words! {
    /// Kind of a change that is not law.
    PendingKind {
        /// Bill.
        Bill = "bill",
        /// Notice of intent.
        Notice = "notice",
        /// Proposed rule.
        ProposedRule = "proposed_rule",
        /// An order is expected.
        OrderExpected = "order_expected",
        /// A court case.
        Litigation = "litigation",
        /// An ordinance before a local body.
        Ordinance = "ordinance",
    }
}

words! {
    /// Whether an event changed the law.
    ChangesLaw {
        /// It did.
        Yes = "yes",
        /// It did not.
        No = "no",
        /// It was an act of enforcement.
        Enforcement = "enforcement",
        /// Not known.
        Unknown = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn analyte_ids_are_aliases() {
        assert_eq!(
            Compound::parse("7-hydroxymitragynine"),
            Some(Compound::SevenOh)
        );
        assert_eq!(Compound::parse("7-OH"), Some(Compound::SevenOh));
        assert_eq!(
            Compound::parse("mitragynine-pseudoindoxyl"),
            Some(Compound::Mp)
        );
        assert_eq!(Compound::parse("MGM-15"), Some(Compound::Mgm15));
        assert_eq!(Compound::parse("caffeine"), None);
    }

    #[test]
    fn words_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::from_word(status.as_str()), Some(*status));
        }
    }
}
