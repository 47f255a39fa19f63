//! A small plot in characters: the median of a level over time, its 90 % band, and the doses below it.

use ketum::body::Levels;

const HEIGHT: usize = 10;
const WIDTH: usize = 72;

/// Levels as a block of text lines: band `░`, median `█`, doses `▲`.
#[must_use]
pub fn levels(levels: &Levels, doses_h: &[f64]) -> String {
    let (Some(low), Some(median), Some(high)) = (
        levels.quantiles.get("5"),
        levels.quantiles.get("50"),
        levels.quantiles.get("95"),
    ) else {
        return String::new();
    };
    let end = levels.times_h.last().copied().unwrap_or(1.0).max(1.0);
    let top = nice(high.iter().copied().fold(0.0, f64::max));
    let columns: Vec<Column> = (0..WIDTH)
        .map(|column| {
            let from = end * column as f64 / WIDTH as f64;
            let to = end * (column + 1) as f64 / WIDTH as f64;
            Column::over(levels, low, median, high, from, to)
        })
        .collect();
    let row_of = |value: f64| ((value / top * HEIGHT as f64).ceil() as usize).min(HEIGHT);
    let mut out = String::new();
    for row in (1..=HEIGHT).rev() {
        let label = if row == HEIGHT {
            format!("{top:>7}")
        } else if row == HEIGHT / 2 {
            format!("{:>7}", top / 2.0)
        } else {
            " ".repeat(7)
        };
        let cells: String = columns
            .iter()
            .map(|column| {
                if (row_of(column.median_low)..=row_of(column.median_high)).contains(&row) {
                    '█'
                } else if (row_of(column.low)..=row_of(column.high)).contains(&row) {
                    '░'
                } else {
                    ' '
                }
            })
            .collect();
        out.push_str(&format!("{label} │{}\n", cells.trim_end()));
    }
    out.push_str(&format!("{:>7} └{}\n", 0, "─".repeat(WIDTH)));
    let doses: String = (0..WIDTH)
        .map(|column| {
            let from = end * column as f64 / WIDTH as f64;
            let to = end * (column + 1) as f64 / WIDTH as f64;
            let hit = doses_h.iter().any(|dose| (from..to).contains(dose));
            if hit { '▲' } else { ' ' }
        })
        .collect();
    out.push_str(&format!("  doses  {}\n", doses.trim_end()));
    let days = end / 24.0;
    out.push_str(&format!(
        "         0{:>width$}\n",
        format!("{days:.0} days"),
        width = WIDTH - 1
    ));
    out
}

/// What one column of the plot covers.
struct Column {
    low: f64,
    high: f64,
    median_low: f64,
    median_high: f64,
}

impl Column {
    fn over(
        levels: &Levels,
        low: &[f64],
        median: &[f64],
        high: &[f64],
        from: f64,
        to: f64,
    ) -> Self {
        let inside: Vec<usize> = (0..levels.times_h.len())
            .filter(|index| (from..to).contains(&levels.times_h[*index]))
            .collect();
        // Between two times the earlier one stands for the column.
        let inside = if inside.is_empty() {
            let before = levels.times_h.partition_point(|time| *time < from);
            vec![before.saturating_sub(1)]
        } else {
            inside
        };
        let least = |values: &[f64]| {
            inside
                .iter()
                .map(|index| values[*index])
                .fold(f64::INFINITY, f64::min)
        };
        let most = |values: &[f64]| {
            inside
                .iter()
                .map(|index| values[*index])
                .fold(0.0, f64::max)
        };
        Self {
            low: least(low),
            high: most(high),
            median_low: least(median),
            median_high: most(median),
        }
    }
}

/// The next round number above `value`.
pub(crate) fn nice(value: f64) -> f64 {
    let mut step = 1.0;
    if !(value.is_finite() && value > 0.0) {
        return step;
    }
    while step * 10.0 <= value {
        step *= 10.0;
    }
    while step > value {
        step /= 10.0;
    }
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0]
        .into_iter()
        .map(|factor| factor * step)
        .find(|top| *top >= value)
        .unwrap_or(10.0 * step)
}

#[cfg(test)]
mod tests {
    use super::nice;

    #[test]
    fn the_axis_ends_on_a_round_number_above_the_data() {
        for (value, top) in [
            (0.3, 0.3),
            (7.2, 8.0),
            (93.0, 100.0),
            (101.0, 200.0),
            (0.0, 1.0),
        ] {
            assert!((nice(value) - top).abs() < 1e-9, "{value}");
        }
    }
}
