//! Who the case is about: the person, their medicines and what was measured in them.

use ketum_core::date::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Person {
    /// Age in years.
    #[schemars(range(min = 0.0, max = 125.0))]
    pub age: Option<f64>,
    /// Sex, as far as it matters for reference values.
    pub sex: Option<Sex>,
    /// Body weight in kg.
    #[schemars(range(min = 1.0, max = 400.0))]
    pub weight: Option<f64>,
    /// Body height in cm.
    #[schemars(range(min = 30.0, max = 260.0))]
    pub height: Option<f64>,
    /// Pregnant.
    pub pregnant: Option<bool>,
    /// Breastfeeding.
    pub breastfeeding: Option<bool>,
    /// Conditions, now or in the past. What is not in the list goes to `other_conditions`.
    pub conditions: Vec<Condition>,
    /// Conditions in the person's own words.
    pub other_conditions: Vec<String>,
    /// Symptoms now, in the person's own words.
    pub symptoms: Vec<String>,
    /// What the person does that needs a clear head.
    pub occupation: Vec<Occupation>,
    /// An injury after kratom before: of the liver, a seizure, a hospital stay.
    pub prior_kratom_injury: Option<bool>,
    /// How often the person tried to stop.
    #[schemars(range(min = 0, max = 1000))]
    pub quit_attempts: Option<u32>,
    /// Earlier use.
    pub use_history: UseHistory,
}

/// Sex for reference values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// A condition that changes what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Any liver disease.
    LiverDisease,
    /// Any kidney disease.
    KidneyDisease,
    /// Heart disease, heart failure or a rhythm disorder.
    HeartDisease,
    /// Known long QT interval.
    LongQt,
    /// High blood pressure.
    Hypertension,
    /// Seizures or epilepsy.
    Seizures,
    /// Thyroid or other hormonal disease.
    EndocrineDisease,
    /// Diabetes.
    Diabetes,
    /// Depression.
    Depression,
    /// Anxiety disorder.
    Anxiety,
    /// Bipolar disorder.
    Bipolar,
    /// Psychosis.
    Psychosis,
    /// Thoughts of suicide.
    SuicidalThoughts,
    /// Opioid use disorder, now or in the past.
    OpioidUseDisorder,
    /// Alcohol use disorder, now or in the past.
    AlcoholUseDisorder,
    /// Another substance use disorder.
    SubstanceUseDisorder,
    /// Sleep apnoea.
    SleepApnoea,
    /// Asthma, COPD or another breathing disorder.
    LungDisease,
    /// Pain that lasts.
    ChronicPain,
    /// An operation is planned.
    SurgeryPlanned,
}

/// Work or activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Occupation {
    /// Drives.
    Driving,
    /// Machines, heights, tools.
    Machines,
    /// Is tested for drugs at work.
    DrugTested,
}

/// Earlier use.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UseHistory {
    /// Days of (nearly) daily use so far.
    #[schemars(range(min = 0.0, max = 40_000.0))]
    pub days_of_daily_use: Option<f64>,
    /// First use.
    pub first_use: Option<Date>,
    /// Last use.
    pub last_use: Option<Date>,
    /// Wants to stop or cut down.
    pub wants_to_stop: Option<bool>,
    /// Had withdrawal when stopping before.
    pub had_withdrawal: Option<bool>,
}

/// A medicine or other substance taken, alcohol included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Medicine {
    /// Name as the person writes it: ingredient or brand.
    pub name: String,
    /// Dose as written.
    #[serde(default)]
    pub dose: Option<String>,
    /// Route as written.
    #[serde(default)]
    pub route: Option<String>,
    /// When it is taken, as written.
    #[serde(default)]
    pub schedule: Option<String>,
    /// Whether it is taken now.
    #[serde(default)]
    pub status: MedicineStatus,
    /// Since when, or when it was stopped.
    #[serde(default)]
    pub since: Option<Date>,
}

/// Whether a medicine is taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MedicineStatus {
    /// Taken now.
    #[default]
    Current,
    /// To be taken.
    Planned,
    /// No longer taken; its effect may last.
    Stopped,
}

/// A laboratory value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lab {
    /// Which test: `ALT`, `AST`, `ALP`, `bilirubin`, `creatinine`, `INR`, `TSH`, ...
    pub test: String,
    /// The value.
    #[schemars(range(min = 0.0))]
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Upper limit of the laboratory's reference range, in the same unit.
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub upper_limit: Option<f64>,
    /// Lower limit of the laboratory's reference range, in the same unit.
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub lower_limit: Option<f64>,
    /// Day of the sample.
    #[serde(default)]
    pub date: Option<Date>,
}

/// A measurement at the body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// What was measured.
    pub measure: Measure,
    /// The value: ms, mmHg or beats per minute.
    #[schemars(range(min = 1.0, max = 2000.0))]
    pub value: f64,
    /// The value before kratom, same unit.
    #[serde(default)]
    #[schemars(range(min = 1.0, max = 2000.0))]
    pub baseline: Option<f64>,
    /// Day.
    #[serde(default)]
    pub date: Option<Date>,
    /// Hours after the last dose.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10_000.0))]
    pub hours_after_dose: Option<f64>,
}

/// What is measured at the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// QT corrected by Fridericia, ms.
    Qtcf,
    /// Uncorrected QT, ms.
    Qt,
    /// Interval between beats on the ECG, ms.
    Rr,
    /// Systolic blood pressure, mmHg.
    Systolic,
    /// Diastolic blood pressure, mmHg.
    Diastolic,
    /// Beats per minute.
    HeartRate,
}

/// Scores that somebody has filled in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Scores {
    /// Clinical Opiate Withdrawal Scale, 0 to 48.
    #[schemars(range(min = 0, max = 48))]
    pub cows: Option<u32>,
    /// AUDIT-C, 0 to 12.
    #[schemars(range(min = 0, max = 12))]
    pub audit_c: Option<u32>,
    /// PHQ-2, 0 to 6.
    #[schemars(range(min = 0, max = 6))]
    pub phq2: Option<u32>,
}

/// A measured level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Which analyte: its id or a name of it.
    pub analyte: String,
    /// The value.
    #[schemars(range(min = 0.0))]
    pub value: f64,
    /// Its unit, for example `ng/mL`.
    pub unit: String,
    /// In what it was measured.
    pub matrix: Matrix,
    /// Hours after the last dose.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10_000.0))]
    pub hours_after_dose: Option<f64>,
    /// Day of the sample.
    #[serde(default)]
    pub date: Option<Date>,
}

/// What a level was measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matrix {
    /// Plasma.
    Plasma,
    /// Serum.
    Serum,
    /// Whole blood of a living person.
    WholeBlood,
    /// Blood after death.
    PostMortemBlood,
    /// Urine.
    Urine,
    /// Saliva.
    Saliva,
    /// Hair.
    Hair,
}
