//! Which doses a subject has been given by the time of each record.

use ketum_core::event::{Event, EventKind, SteadyState};

/// A dose record whose additional doses are not all given yet.
struct Course {
    start_h: f64,
    interval_h: f64,
    additional: u32,
    /// How many of the additional doses were given so far.
    given: u32,
}

impl Course {
    fn at(&self, number: u32) -> f64 {
        self.start_h + f64::from(number) * self.interval_h
    }

    /// How many additional doses are given by `time_h`; as the timeline does, by comparing times and
    /// not by dividing.
    fn given_by(&self, time_h: f64) -> u32 {
        let guess = ((time_h - self.start_h) / self.interval_h).floor();
        let mut number = guess.clamp(0.0, f64::from(self.additional)) as u32;
        while number > 0 && self.at(number) > time_h {
            number -= 1;
        }
        while number < self.additional && self.at(number + 1) <= time_h {
            number += 1;
        }
        number
    }
}

/// For each record: how many doses were given until then, additional ones included, and hours since the
/// last. A dose counts from its own record on, an additional one also at a record of the same time. A
/// reset or a steady state that replaces everything takes back what had not been given yet.
pub(super) fn given(events: &[Event]) -> Vec<Option<(u32, f64)>> {
    let mut running: Vec<Course> = Vec::new();
    let (mut number, mut last) = (0_u32, None::<f64>);
    let mut list = Vec::with_capacity(events.len());
    for event in events {
        let now = event.time_h;
        for course in &mut running {
            let given = course.given_by(now);
            if given > course.given {
                number = number.saturating_add(given - course.given);
                course.given = given;
                let at = course.at(given);
                last = Some(last.map_or(at, |last| last.max(at)));
            }
        }
        let resets = matches!(event.kind, EventKind::Reset | EventKind::ResetAndDose);
        let replaces = event.gives_dose() && event.steady_state == SteadyState::Replace;
        if resets || replaces {
            running.clear();
        }
        running.retain(|course| course.given < course.additional);
        if event.gives_dose() {
            number = number.saturating_add(1);
            last = Some(now);
            if event.additional > 0 && event.interval_h > 0.0 {
                running.push(Course {
                    start_h: now,
                    interval_h: event.interval_h,
                    additional: event.additional,
                    given: 0,
                });
            }
        }
        list.push(last.map(|at| (number, now - at)));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::given;
    use ketum_core::event::Event;

    #[test]
    fn additional_doses_count_and_a_reset_takes_them_back() {
        let dose = |time_h| Event::bolus(time_h, "c", 1.0);
        let at = |time_h| Event::observation(time_h);
        let events = [
            at(0.0),
            dose(0.0).repeated(3, 12.0),
            at(11.0),
            at(12.0),
            dose(14.0).repeated(1, 4.0),
            at(17.0),
            at(25.0),
            Event::reset(30.0),
            at(40.0),
            dose(41.0).repeated(2, 0.1),
            at(41.3),
            dose(50.0).repeated(9, 1.0),
            dose(51.5).at_steady_state(8.0),
            at(60.0),
        ];
        let expected = [
            None,
            Some((1, 0.0)),
            Some((1, 11.0)),
            Some((2, 0.0)),
            Some((3, 0.0)),
            Some((3, 3.0)),
            Some((5, 1.0)), // at 18 and 24 h
            Some((5, 6.0)),
            Some((5, 16.0)),
            Some((6, 0.0)),
            Some((8, 41.3 - (41.0 + 2.0 * 0.1))),
            Some((9, 0.0)),
            Some((11, 0.0)), // one more at 51 h; what was to come is replaced
            Some((11, 8.5)),
        ];
        assert_eq!(given(&events), expected);
    }
}
