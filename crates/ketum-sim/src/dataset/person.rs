//! One subject of a data set simulated as one person.

use super::{DataOptions, DataRow, doses};
use crate::error::{SimError, SolveFault};
use crate::model::{Model, Side, read};
use crate::population::Draws;
use crate::solve::{Effects, Method, Note, Work, simulate_with};
use ketum_core::event::Subject;

/// A person who could not be simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonFailure {
    /// Position of the subject in the data.
    pub subject: usize,
    /// The subject's ID as written in the data.
    pub id: String,
    /// Number of the person from one, where the subject stands for several.
    pub person: Option<u32>,
    /// Why.
    pub cause: SolveFault,
    /// The parameters that failed, by name.
    pub parameters: Vec<(String, f64)>,
}

impl std::fmt::Display for PersonFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "subject {}", self.id)?;
        if let Some(person) = self.person {
            write!(f, ", person {person}")?;
        }
        write!(f, ": {} (parameters ", self.cause)?;
        for (index, (name, value)) in self.parameters.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name}={value}")?;
        }
        f.write_str(")")
    }
}

/// A subject with what is the same for all its replicates.
pub(super) struct Given<'a> {
    subject: &'a Subject,
    doses: Vec<Option<(u32, f64)>>,
    /// Position of each record among those at its time.
    ranks: Vec<u32>,
}

/// What a person's simulation gave.
pub(super) struct Solved {
    /// Record after record, output after output.
    pub values: Vec<f64>,
    pub method: Method,
    pub notes: Vec<Note>,
    pub work: Work,
}

impl<'a> Given<'a> {
    pub fn new(subject: &'a Subject) -> Self {
        let mut ranks: Vec<u32> = Vec::with_capacity(subject.events.len());
        for (record, event) in subject.events.iter().enumerate() {
            let same = record > 0 && subject.events[record - 1].time_h == event.time_h;
            ranks.push(if same { ranks[record - 1] + 1 } else { 0 });
        }
        Self {
            subject,
            doses: doses::given(&subject.events),
            ranks,
        }
    }

    pub fn solve(
        &self,
        model: &Model,
        replicate: u32,
        draws: &Draws<'_>,
        options: &DataOptions<'_>,
    ) -> Result<Solved, SimError> {
        let person = number(&self.subject.id, replicate);
        let effects = Effects::Drawn {
            draws,
            subject: person,
        };
        let prediction = simulate_with(model, self.subject, &effects, &options.solver)
            .map_err(|error| self.failure(error, model, replicate, draws, options))?;
        let mut values = Vec::with_capacity(self.ranks.len() * model.outputs().len());
        for ((event, rank), row) in self
            .subject
            .events
            .iter()
            .zip(&self.ranks)
            .zip(prediction.rows)
        {
            for (output, value) in row.into_iter().enumerate() {
                values.push(match options.sources.residual {
                    true => draws.measured_again(output, event.time_h, *rank, person, value),
                    false => value,
                });
            }
        }
        Ok(Solved {
            values,
            method: prediction.method,
            notes: prediction.notes,
            work: prediction.work,
        })
    }

    /// Rows of a person; without values, what stands beside them.
    pub fn rows(
        &self,
        subject: usize,
        replicate: u32,
        values: &[f64],
    ) -> impl Iterator<Item = DataRow> {
        let events = &self.subject.events;
        let outputs = values.len() / events.len().max(1);
        events.iter().enumerate().map(move |(record, event)| {
            let rank = self.ranks[record] as usize;
            let covariates = self.subject.covariates.iter();
            DataRow {
                subject,
                replicate,
                record,
                time_h: event.time_h,
                dose: self.doses[record],
                values: values[record * outputs..(record + 1) * outputs].to_vec(),
                covariates: covariates
                    .map(|series| read(series, event.time_h, rank, Side::At).unwrap_or(f64::NAN))
                    .collect(),
            }
        })
    }

    /// A record that this person's parameters make impossible is the person's failure: others may well
    /// have a lag above zero.
    fn failure(
        &self,
        error: SimError,
        model: &Model,
        replicate: u32,
        draws: &Draws<'_>,
        options: &DataOptions<'_>,
    ) -> SimError {
        let (cause, parameters) = match error {
            SimError::Subject { failure, .. } => (failure.cause, failure.parameters),
            SimError::Event { record, what, .. } => {
                let person = number(&self.subject.id, replicate);
                let eta = |occasion| draws.effects(person, occasion);
                let Ok(all) = model.individuals(self.subject, &eta) else {
                    let subject = self.subject.id.clone();
                    return SimError::Event {
                        subject,
                        record,
                        what,
                    };
                };
                let own = all.get(record - 1).map_or(&[][..], |at| &at.at_record);
                let names = model.parameters().iter().map(|p| p.name.clone());
                let named = names.zip(own.iter().copied()).collect();
                (SolveFault::Record { record, what }, named)
            }
            other => return other,
        };
        SimError::People {
            failures: vec![PersonFailure {
                subject: 0,
                id: self.subject.id.clone(),
                person: (options.replicates > 1).then_some(replicate + 1),
                cause,
                parameters,
            }],
            simulated: 1,
        }
    }
}

/// The failure of a person, or an error that is nobody's in particular.
pub(super) fn failed(error: SimError, subject: usize) -> Result<PersonFailure, SimError> {
    match error {
        SimError::People { mut failures, .. } if failures.len() == 1 => {
            let failure = failures.remove(0);
            Ok(PersonFailure { subject, ..failure })
        }
        other => Err(other),
    }
}

/// The number a person's random draws belong to: made of the ID and the replicate, not of a position in
/// the data (FNV-1a, then the last step of SplitMix64). For one ID all replicates differ; that two IDs
/// meet is a matter of 64 bits.
fn number(id: &str, replicate: u32) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let step = u64::from(replicate).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut z = hash.wrapping_add(step);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::number;

    /// The numbers are part of the format of results.
    #[test]
    fn a_persons_number_depends_on_id_and_replicate_only() {
        let mut all: Vec<u64> = (0..200)
            .flat_map(|id| (0..50).map(move |replicate| number(&id.to_string(), replicate)))
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 10_000);
        assert_ne!(number("1", 0), number("01", 0));
    }
}
