//! The times at which levels are read: dense after doses, where levels move, sparse where they do not.

use crate::schedule::Schedule;

/// Hours after each dose at which levels are read, few doses.
const DENSE: [f64; 13] = [
    0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 18.0,
];
/// Hours after each dose at which levels are read, many doses.
const SPARSE: [f64; 6] = [0.0, 0.75, 1.25, 2.0, 4.0, 8.0];
/// More doses than this are read sparsely.
const MANY: usize = 24;

/// The output times, h after the first dose, rising.
pub(super) fn times(schedule: &Schedule) -> Vec<f64> {
    let doses = &schedule.doses_h;
    let offsets: &[f64] = if doses.len() > MANY { &SPARSE } else { &DENSE };
    let mut times = Vec::new();
    for (index, dose) in doses.iter().enumerate() {
        let next = doses.get(index + 1).copied().unwrap_or(f64::INFINITY);
        // After the last dose the dense grid is used again: its fall is what people ask about.
        let offsets = if next.is_infinite() {
            &DENSE[..]
        } else {
            offsets
        };
        times.extend(
            offsets
                .iter()
                .map(|offset| dose + offset)
                .filter(|time| *time < next),
        );
    }
    let last = doses.last().copied().unwrap_or_default();
    let mut time = last + 24.0;
    while time < schedule.horizon_h {
        times.push(time);
        time += 6.0;
    }
    times.push(schedule.horizon_h);
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_rise_and_hold_every_dose() {
        for every in [0.5, 4.0, 8.0, 24.0, 100.0] {
            let doses_h: Vec<f64> = (0..50).map(|dose| f64::from(dose) * every).collect();
            let horizon_h = doses_h[49] + 168.0;
            let schedule = Schedule {
                doses_h,
                horizon_h,
                ..Schedule::default()
            };
            let times = times(&schedule);
            assert!(
                times.windows(2).all(|pair| pair[0] < pair[1]),
                "every {every} h"
            );
            assert!(schedule.doses_h.iter().all(|dose| times.contains(dose)));
            assert_eq!(times.last(), Some(&horizon_h));
        }
    }
}
