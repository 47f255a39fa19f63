//! Doses that are still to come, in the order in which they happen.
//!
//! A record may stand for a million doses. They are kept as one train each and asked for one after
//! another, so what lies beyond the last record costs nothing, and how many there may be is bounded
//! before anything is simulated.

use super::Action;
use crate::error::EventFault;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

pub(super) const ADDITIONAL: &str = "additional doses (ADDL)";
/// Most additional doses of a record, and most that are on their way at once.
pub(super) const MOST_DOSES: u64 = 1_000_000;
/// Most infusions of one record that run at once; each has an end of its own.
pub(super) const MOST_RUNNING: u64 = 100_000;
/// Most arrivals of one subject.
pub(super) const MOST_ARRIVALS: u64 = 4_000_000;

/// `count` as a whole number, where it is not beyond what one record may cause.
pub(super) fn bounded(what: &'static str, count: f64, most: u64) -> Result<u64, EventFault> {
    // Also where it is not a number: an interval of next to nothing can divide nothing.
    if count <= most as f64 {
        Ok(count as u64)
    } else {
        Err(EventFault::TooMany { what, count, most })
    }
}

/// A dose repeated at equal intervals.
pub(super) struct Train {
    /// When dose number zero arrives.
    pub anchor_h: f64,
    /// Number of the first dose; negative where doses were given before the record.
    pub first: i64,
    /// Number of the last dose.
    pub last: i64,
    pub interval_h: f64,
    pub action: Action,
    /// How long each lasts, and what happens at its end.
    pub end: Option<(f64, Action)>,
}

impl Train {
    fn arrives_h(&self, number: i64) -> f64 {
        self.anchor_h + number as f64 * self.interval_h
    }
}

/// The next dose of a train, or the end of one that runs.
#[derive(PartialEq)]
struct Due {
    time_h: f64,
    train: usize,
    number: i64,
    is_end: bool,
}

impl Eq for Due {}

impl Ord for Due {
    /// The earliest is the greatest; at equal times what was caused first.
    fn cmp(&self, other: &Self) -> Ordering {
        let time = other.time_h.total_cmp(&self.time_h);
        let cause = |due: &Self| (due.train, due.number, due.is_end);
        time.then(cause(other).cmp(&cause(self)))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What is still to come.
#[derive(Default)]
pub(super) struct Trains {
    trains: Vec<Train>,
    due: BinaryHeap<Due>,
    arrived: u64,
}

impl Trains {
    pub(super) fn add(&mut self, train: Train) {
        self.due.push(Due {
            time_h: train.arrives_h(train.first),
            train: self.trains.len(),
            number: train.first,
            is_end: false,
        });
        self.trains.push(train);
    }

    /// Counts arrivals, also those that nothing waits for.
    pub(super) fn count(&mut self, arrivals: u64) -> Result<(), EventFault> {
        self.arrived += arrivals;
        let arrived = self.arrived as f64;
        bounded("arrivals until this record", arrived, MOST_ARRIVALS).map(|_| ())
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.trains.clear();
        self.due.clear();
    }

    /// The next arrival not after `time_h`.
    pub(super) fn next_until(&mut self, time_h: f64) -> Result<Option<(f64, Action)>, EventFault> {
        if self.due.peek().is_none_or(|due| due.time_h > time_h) {
            return Ok(None);
        }
        let Some(due) = self.due.pop() else {
            return Ok(None);
        };
        self.count(1)?;
        let train = &self.trains[due.train];
        let action = match &train.end {
            Some((_, end)) if due.is_end => end.clone(),
            _ => train.action.clone(),
        };
        if due.is_end {
            return Ok(Some((due.time_h, action)));
        }
        if let Some((hours, _)) = train.end {
            self.due.push(Due {
                time_h: due.time_h + hours,
                is_end: true,
                ..due
            });
        }
        if due.number < train.last {
            let number = due.number + 1;
            self.due.push(Due {
                time_h: train.arrives_h(number),
                number,
                ..due
            });
        }
        Ok(Some((due.time_h, action)))
    }
}
