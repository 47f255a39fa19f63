//! Non-compartmental analysis written down once more, straight from the definition and as slowly as it
//! reads, to compare the fast one with: least squares by the two-pass formula for every candidate line.

/// λz, its number of points, area to the last sample and to infinity, area of time times concentration to
/// infinity; `None` where no line falls near the best.
pub struct Defined {
    pub auc_0_t: f64,
    pub terminal: Option<Terminal>,
}

pub struct Terminal {
    pub lambda_z: f64,
    pub points: usize,
    pub auc_0_inf: f64,
    pub aumc_0_inf: f64,
}

pub fn analyse(t: &[f64], c: &[f64]) -> Defined {
    let peak = (0..c.len()).fold(0, |peak, i| if c[i] > c[peak] { i } else { peak });
    let (mut auc, mut aumc) = (0.0, 0.0);
    for i in 1..t.len() {
        let dt = t[i] - t[i - 1];
        if c[i] < c[i - 1] && c[i] > 0.0 {
            let k = ln(c[i - 1] / c[i]) / dt;
            auc += (c[i - 1] - c[i]) / k;
            aumc += integral(t[i - 1], t[i], &|time| {
                time * c[i - 1] * ketum_sim::math::exp(-k * (time - t[i - 1]))
            });
        } else {
            auc += 0.5 * dt * (c[i] + c[i - 1]);
            aumc += 0.5 * dt * (c[i] * t[i] + c[i - 1] * t[i - 1]);
        }
    }
    let lines: Vec<(usize, f64, f64)> = (peak + 1..t.len())
        .filter(|first| t.len() - first >= 3)
        .map(|first| {
            let (slope, adjusted) = line(&t[first..], &c[first..]);
            (t.len() - first, slope, adjusted)
        })
        .collect();
    let best = lines
        .iter()
        .fold(f64::NEG_INFINITY, |best, line| best.max(line.2));
    let chosen = lines
        .iter()
        .filter(|line| line.2 > best - 1e-4 && line.1 < 0.0)
        .max_by_key(|line| line.0);
    let (last_t, last_c) = (t[t.len() - 1], c[c.len() - 1]);
    Defined {
        auc_0_t: auc,
        terminal: chosen.map(|&(points, slope, _)| Terminal {
            lambda_z: -slope,
            points,
            auc_0_inf: auc - last_c / slope,
            aumc_0_inf: aumc - last_c * last_t / slope + last_c / (slope * slope),
        }),
    }
}

/// Gauss's rule of five points on four panels.
fn integral(from: f64, to: f64, f: &dyn Fn(f64) -> f64) -> f64 {
    let half = (to - from) / 8.0;
    let nodes = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (0.906_179_845_938_664, 0.236_926_885_056_189_1),
    ];
    (0..4)
        .map(|panel| {
            let middle = from + half * f64::from(2 * panel + 1);
            let pair = |(x, w): (f64, f64)| w * (f(middle + half * x) + f(middle - half * x));
            half * (0.5 * pair(nodes[0]) + pair(nodes[1]) + pair(nodes[2]))
        })
        .sum()
}

/// Slope and adjusted R² of a line through logarithms.
fn line(t: &[f64], c: &[f64]) -> (f64, f64) {
    let n = t.len() as f64;
    let y: Vec<f64> = c.iter().map(|c| ln(*c)).collect();
    let (mt, my) = (t.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| {
        t.iter()
            .zip(&y)
            .map(|(t, y)| f(t - mt, y - my))
            .sum::<f64>()
    };
    let slope = sum(&|t, y| t * y) / sum(&|t, _| t * t);
    let residual = sum(&|t, y| (y - slope * t) * (y - slope * t));
    let r_squared = 1.0 - residual / sum(&|_, y| y * y);
    (slope, 1.0 - (1.0 - r_squared) * (n - 1.0) / (n - 2.0))
}

fn ln(x: f64) -> f64 {
    ketum_sim::math::ln(x)
}
