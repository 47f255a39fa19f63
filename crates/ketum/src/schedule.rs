//! Schedule: when the doses of a regimen fall, in hours after the first one.

use serde::Serialize;

use crate::case::Case;

/// Longest pattern that is laid out, in days. Levels no longer change from week to week long before.
const LONGEST_DAYS: f64 = 60.0;
/// How long levels are followed after the last dose, in days.
const FOLLOWED_DAYS: f64 = 7.0;

/// The doses of a regimen.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Schedule {
    /// Times of the doses, h after the first.
    pub doses_h: Vec<f64>,
    /// Until when levels are followed, h after the first dose.
    pub horizon_h: f64,
    /// Doses on a full day.
    pub doses_per_day: f64,
    /// The pattern in words.
    pub pattern: String,
    /// What was used although it was not given.
    pub inputs_missing: Vec<String>,
}

/// Lays out the doses of the case's regimen.
#[must_use]
pub fn lay_out(case: &Case) -> Schedule {
    let regimen = &case.regimen;
    let mut schedule = Schedule::default();
    let (offsets, pattern) = day(case, &mut schedule);
    let history = case.person.use_history.days_of_daily_use;
    let days = match regimen.days.or(history) {
        Some(days) => days,
        None => {
            schedule
                .inputs_missing
                .push("regimen.days: not given; one day was used".to_owned());
            1.0
        }
    };
    let laid_out = days.clamp(0.0, LONGEST_DAYS);
    if days > LONGEST_DAYS {
        schedule.inputs_missing.push(format!(
            "regimen.days: {days} days; the last {LONGEST_DAYS} were laid out, since levels repeat by then"
        ));
    }
    match offsets {
        Offsets::OnceOnly => schedule.doses_h.push(0.0),
        Offsets::Every(hours) => {
            // Counted, not accumulated, so that the last dose falls where it should to the last digit.
            let count = (laid_out * 24.0 / hours).ceil().max(1.0) as usize;
            schedule
                .doses_h
                .extend((0..count).map(|index| index as f64 * hours));
        }
        Offsets::Daily(times) => {
            let first = times.first().copied().unwrap_or_default();
            let count = laid_out.ceil().max(1.0) as usize;
            for day in 0..count {
                schedule
                    .doses_h
                    .extend(times.iter().map(|time| day as f64 * 24.0 + time - first));
            }
        }
    }
    schedule.pattern = match days {
        days if schedule.doses_h.len() == 1 && days <= 1.0 => "one dose".to_owned(),
        days => format!("{pattern}, {days} days"),
    };
    let last = schedule.doses_h.last().copied().unwrap_or_default();
    schedule.horizon_h = last + FOLLOWED_DAYS * 24.0;
    schedule
}

enum Offsets {
    OnceOnly,
    Every(f64),
    Daily(Vec<f64>),
}

fn day(case: &Case, schedule: &mut Schedule) -> (Offsets, String) {
    let regimen = &case.regimen;
    if !regimen.times.is_empty() {
        let mut times = regimen.times.clone();
        times.sort_unstable();
        schedule.doses_per_day = times.len() as f64;
        let words: Vec<String> = times.iter().map(ToString::to_string).collect();
        let hours = times.iter().map(|time| time.hours()).collect();
        return (
            Offsets::Daily(hours),
            format!("daily at {}", words.join(", ")),
        );
    }
    if let Some(hours) = regimen.every_h {
        schedule.doses_per_day = 24.0 / hours;
        return (Offsets::Every(hours), format!("every {hours} h"));
    }
    if let Some(doses) = regimen.doses_per_day {
        schedule.doses_per_day = doses;
        schedule
            .inputs_missing
            .push("regimen.times: not given; doses were spread evenly over the day".to_owned());
        return (Offsets::Every(24.0 / doses), format!("{doses} a day"));
    }
    schedule
        .inputs_missing
        .push("regimen.times: not given; one dose was used".to_owned());
    (Offsets::OnceOnly, "one dose".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(toml: &str) -> Case {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn times_of_day_repeat_from_the_first_dose_on() {
        let schedule = lay_out(&case("[regimen]\ntimes = [\"20:00\", \"08:00\"]\ndays = 2"));
        assert_eq!(schedule.doses_h, [0.0, 12.0, 24.0, 36.0]);
        assert_eq!(schedule.doses_per_day, 2.0);
        assert_eq!(schedule.horizon_h, 36.0 + 7.0 * 24.0);
    }

    #[test]
    fn intervals_fill_the_days() {
        let schedule = lay_out(&case("[regimen]\nevery_h = 8\ndays = 1"));
        assert_eq!(schedule.doses_h, [0.0, 8.0, 16.0]);
        let schedule = lay_out(&case("[regimen]\ndoses_per_day = 4\ndays = 1"));
        assert_eq!(schedule.doses_h, [0.0, 6.0, 12.0, 18.0]);
    }

    #[test]
    fn every_default_is_named() {
        let schedule = lay_out(&Case::default());
        assert_eq!(schedule.doses_h, [0.0]);
        assert_eq!(schedule.inputs_missing.len(), 2);
    }

    #[test]
    fn years_of_use_are_cut_in_the_open() {
        let schedule = lay_out(&case("[regimen]\nevery_h = 24\ndays = 3000"));
        assert_eq!(schedule.doses_h.len(), 60);
        assert!(schedule.inputs_missing[0].contains("3000 days"));
    }
}
