//! The overview of a check: one row a substance, the most urgent action of its effects and of its levels.

use std::collections::BTreeMap;

use ketum_core::finding::Action;
use ketum_core::interaction::InteractionKind;
use ketum_data::catalogue::Catalogue;
use serde::Serialize;

use super::Check;

/// What stands behind a row that is not judged in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Judged in full.
    None,
    /// No source was read for something said of it.
    NeedsChecking,
    /// Neither people nor a known mechanism says anything.
    NoData,
}

/// A substance of the overview.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its id in `data/drugs/`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The most urgent action where effects meet; none where nothing was found.
    pub effects: Option<Action>,
    /// The most urgent action where levels meet.
    pub levels: Option<Action>,
    /// What is open.
    pub mark: Mark,
}

impl Row {
    /// The more urgent of the two.
    #[must_use]
    pub fn most_urgent(&self) -> Option<Action> {
        [self.effects, self.levels].into_iter().flatten().min()
    }
}

impl Check {
    /// The rows, the most urgent first, then by name; what has no finding last.
    #[must_use]
    pub fn overview(&self, catalogue: &Catalogue) -> Vec<Row> {
        let mut cells: BTreeMap<&str, [Option<Action>; 2]> = BTreeMap::new();
        for finding in &self.findings {
            let column = usize::from(finding.kind == InteractionKind::Pk);
            for drug in &finding.with {
                let cell = &mut cells.entry(drug).or_default()[column];
                *cell = Some(cell.map_or(finding.action, |held| held.min(finding.action)));
            }
        }
        for drug in self.no_data.iter().chain(&self.not_assessed) {
            cells.entry(drug).or_default();
        }
        let mut rows: Vec<Row> = cells
            .into_iter()
            .map(|(id, [effects, levels])| Row {
                id: id.to_owned(),
                name: catalogue
                    .drugs
                    .get(id)
                    .map_or_else(|| id.to_owned(), |drug| drug.name.clone()),
                effects,
                levels,
                mark: if self.not_assessed.iter().any(|one| one == id) {
                    Mark::NeedsChecking
                } else if self.no_data.iter().any(|one| one == id) {
                    Mark::NoData
                } else {
                    Mark::None
                },
            })
            .collect();
        rows.sort_by(|a, b| {
            let urgency = |row: &Row| {
                row.most_urgent()
                    .map_or((1, Action::Inform), |action| (0, action))
            };
            (urgency(a), &a.name).cmp(&(urgency(b), &b.name))
        });
        rows
    }
}
