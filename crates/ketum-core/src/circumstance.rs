//! Circumstances: the closed list of things about a case that make a finding apply.
//!
//! Code turns a case into circumstances; finding rules in `data/findings/` name them. So a rule is data,
//! and what a word such as "daily use" means stands in one tested place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something about a case.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Circumstance {
    /// Holds for every case.
    Always,
    /// The product is leaf in any form.
    Leaf,
    /// The product is a brew.
    Tea,
    /// The product is an extract or shot.
    Extract,
    /// The product's main alkaloid is 7-hydroxymitragynine.
    SevenOhProduct,
    /// The product is pseudoindoxyl, MGM-15 or another semi-synthetic.
    SemiSyntheticProduct,
    /// The form was not given.
    ProductUnknown,
    /// No content of mitragynine or 7-OH was measured for this product.
    NoCertificate,
    /// The product also contains something else that acts.
    OtherIngredients,
    /// Under 18 years.
    Minor,
    /// 65 years and older.
    OlderPerson,
    /// Pregnant.
    Pregnant,
    /// A woman who could be pregnant, of whom it was not said.
    PregnancyNotKnown,
    /// Breastfeeding, or the mother takes it.
    Breastfeeding,
    /// Known liver disease.
    LiverDisease,
    /// A liver value above its reference limit.
    RaisedLiverValues,
    /// An injury after earlier kratom use.
    PriorKratomInjury,
    /// Known kidney disease or a kidney value above its limit.
    KidneyDisease,
    /// Known heart disease.
    HeartDisease,
    /// Long QT, measured or known.
    LongQt,
    /// Seizures now or in the past.
    SeizureHistory,
    /// Thyroid or other endocrine condition.
    EndocrineDisease,
    /// Depression, psychosis, bipolar or anxiety disorder.
    PsychiatricCondition,
    /// Thoughts of suicide.
    SuicidalThoughts,
    /// Alcohol, opioid or other substance use disorder, now or in the past.
    SubstanceUseHistory,
    /// Breathing disorder, sleep apnoea included.
    BreathingDisorder,
    /// An operation is planned.
    SurgeryPlanned,
    /// Drives.
    Driving,
    /// Works with machines or at heights.
    Machines,
    /// New to kratom.
    NewUser,
    /// Takes it on most days.
    DailyUse,
    /// Takes it three times a day or more.
    ManyDosesADay,
    /// Has taken it daily for four weeks or longer.
    LongTermUse,
    /// Started between one and eight weeks ago.
    FirstWeeks,
    /// Wants to stop, cut down, or has tried.
    Quitting,
    /// The last dose was days ago, or withdrawal is named.
    Withdrawal,
    /// A drug test is in question.
    DrugTest,
    /// Travels, or asks for more than one place.
    Travel,
    /// Takes alcohol.
    Alcohol,
    /// Takes an opioid.
    Opioid,
    /// Takes buprenorphine or methadone as treatment.
    OpioidTreatment,
    /// Takes an opioid antagonist.
    OpioidAntagonist,
    /// Takes a benzodiazepine, Z-drug, barbiturate, gabapentinoid or other sedative.
    Sedative,
    /// Takes any other medicine.
    OtherMedicine,
}
