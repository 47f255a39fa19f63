//! The folder `data/` as typed facts. File name = id.
//!
//! This file is also compiled into the build script, which embeds the release catalogue; so it knows
//! only the fact types and TOML. A new kind of fact is one line in [`folders!`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ketum_core::analyte::Analyte;
use ketum_core::answer::ShortAnswer;
use ketum_core::calculator::CalculatorFacts;
use ketum_core::drug::{ClassVocabulary, Drug};
use ketum_core::emergency::EmergencyCard;
use ketum_core::evidence::{ClaimFile, Source};
use ketum_core::finding::FindingRule;
use ketum_core::form::{Assumption, FormFacts};
use ketum_core::interaction::InteractionRule;
use ketum_core::law::LawFile;
use ketum_core::level_model::LevelModel;
use ketum_core::monitoring::MonitoringRule;
use ketum_core::study::Study;
use ketum_core::synonyms::Synonyms;

/// A file that could not be read as the facts of its folder.
#[derive(Debug)]
pub struct Unreadable {
    /// Path below `data/`.
    pub file: String,
    /// Why.
    pub message: String,
}

/// One kind of fact file: its folder and the schema of its files.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Folder below `data/`.
    pub folder: &'static str,
    /// JSON Schema of a file.
    pub schema: fn() -> schemars::Schema,
}

macro_rules! folders {
    ($($(#[$doc:meta])* $folder:ident: $type:ty),+ $(,)?) => {
        /// Every fact, by folder and file name without its ending.
        #[derive(Debug, Default)]
        pub struct Facts {
            $($(#[$doc])* pub $folder: BTreeMap<String, $type>,)+
            /// `classes.toml`: the closed vocabulary of mechanism classes.
            pub classes: ClassVocabulary,
        }

        /// The kinds of fact files.
        pub const KINDS: &[Kind] = &[
            $(Kind { folder: stringify!($folder), schema: || schemars::schema_for!($type) },)+
        ];

        impl Facts {
            /// Reads one file into its folder.
            ///
            /// # Errors
            /// The first error of the reader. The linter reports all of them.
            pub fn insert(&mut self, folder: &str, stem: &str, text: &str) -> Result<(), String> {
                match folder {
                    $(stringify!($folder) => {
                        let facts = toml::from_str(text).map_err(|error| error.to_string())?;
                        self.$folder.insert(stem.to_owned(), facts);
                    })+
                    other => return Err(format!("no kind of fact lives in `{other}`")),
                }
                Ok(())
            }
        }
    };
}

folders! {
    /// Documents statements can be traced to.
    sources: Source,
    /// Statements by topic.
    claims: ClaimFile,
    /// Substances.
    analytes: Analyte,
    /// Product forms.
    products: FormFacts,
    /// Red flags, first steps, numbers to call: one file, `card`.
    emergency: EmergencyCard,
    /// Studies in people and animals, with their statistics as published.
    studies: Study,
    /// Words that mean the same when people ask: one file, `ask`.
    synonyms: Synonyms,
    /// Models of levels.
    models: LevelModel,
    /// Numbers the computation needs that belong to no product or study.
    assumptions: Assumption,
    /// Which circumstances make which finding.
    findings: FindingRule,
    /// Short answers to questions people ask.
    answers: ShortAnswer,
    /// Cut-offs and points of calculators.
    clinic: CalculatorFacts,
    /// Law of places; the file name is the id in lower case.
    law: LawFile,
    /// Medicines, herbs and other substances that meet kratom in a body.
    drugs: Drug,
    /// What meets kratom, or each other, by which mechanism.
    interactions: InteractionRule,
    /// What a professional may look at, when, why and for whom.
    monitoring: MonitoringRule,
}

/// The fact file at the top of `data/`: the vocabulary of mechanism classes.
pub const CLASSES: &str = "classes.toml";

/// The TOML files below `root`, sorted, as folder, stem and path. Files at the top of `data/` and
/// folders without a kind are left out.
///
/// # Errors
/// Where a folder cannot be listed.
pub fn files(root: &Path) -> std::io::Result<Vec<(String, String, PathBuf)>> {
    let mut found = Vec::new();
    for kind in KINDS {
        let folder = root.join(kind.folder);
        if !folder.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            if let (Some(stem), Some("toml")) = (stem, path.extension().and_then(|e| e.to_str())) {
                found.push((kind.folder.to_owned(), stem.to_owned(), path.clone()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Reads every fact below `root`; what cannot be read is listed, not fatal.
///
/// # Errors
/// Where a folder cannot be listed.
pub fn read(root: &Path) -> std::io::Result<(Facts, Vec<Unreadable>)> {
    let mut facts = Facts::default();
    let mut unreadable = Vec::new();
    let classes = root.join(CLASSES);
    if classes.is_file() {
        let result = std::fs::read_to_string(classes)
            .map_err(|error| error.to_string())
            .and_then(|text| toml::from_str(&text).map_err(|error| error.to_string()));
        match result {
            Ok(classes) => facts.classes = classes,
            Err(message) => unreadable.push(Unreadable {
                file: CLASSES.to_owned(),
                message,
            }),
        }
    }
    for (folder, stem, path) in files(root)? {
        let result = std::fs::read_to_string(&path)
            .map_err(|error| error.to_string())
            .and_then(|text| facts.insert(&folder, &stem, &text));
        if let Err(message) = result {
            unreadable.push(Unreadable {
                file: format!("{folder}/{stem}.toml"),
                message,
            });
        }
    }
    Ok((facts, unreadable))
}
