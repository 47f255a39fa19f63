//! Quantiles without sorting: only what they need is put in its place.

use super::summary::between;
use crate::math::{LANES, Lanes};

/// Values of which quantiles are read off. To the bits those of sorting everything
/// ([`quantile`](super::quantile)), in a fraction of the time.
///
/// Values are kept as whole numbers that stand in the same order, since those are compared faster.
#[derive(Debug, Clone, Default)]
pub struct Quantiles {
    keys: Vec<i64>,
    ranks: Vec<usize>,
}

/// A whole number that stands among others as the value does by [`f64::total_cmp`]; its own inverse but for
/// the type.
#[inline(always)]
fn key(value: f64) -> i64 {
    flipped(value.to_bits() as i64)
}

#[inline(always)]
fn value(key: i64) -> f64 {
    f64::from_bits(flipped(key) as u64)
}

/// Below zero the order of the bits is turned round.
#[inline(always)]
fn flipped(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

impl Quantiles {
    /// Forgets all values and keeps the memory.
    pub fn clear(&mut self) {
        self.keys.clear();
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds the first `count` of values that stand eight side by side.
    pub fn extend_lanes<'a>(&mut self, lanes: impl Iterator<Item = &'a Lanes>, count: usize) {
        let end = self.keys.len() + count;
        self.keys.reserve(count.next_multiple_of(LANES));
        for eight in lanes.take(count.div_ceil(LANES)) {
            self.keys.extend_from_slice(&eight.0.map(key));
        }
        self.keys.truncate(end);
    }

    /// Quantiles at these probabilities, which do not fall: type 7 of Hyndman and Fan. The values stand in
    /// another order afterwards.
    pub fn read<const N: usize>(&mut self, probabilities: [f64; N]) -> [f64; N] {
        let Some(last) = self.keys.len().checked_sub(1) else {
            return [f64::NAN; N];
        };
        self.ranks.clear();
        for p in probabilities {
            let (below, _) = between(last, p);
            self.ranks.extend([below, (below + 1).min(last)]);
        }
        self.ranks.sort_unstable();
        self.ranks.dedup();
        place(&mut self.keys, 0, &self.ranks);
        probabilities.map(|p| {
            let (below, share) = between(last, p);
            let low = value(self.keys[below]);
            let high = value(self.keys[(below + 1).min(last)]);
            low + share * (high - low)
        })
    }
}

impl Extend<f64> for Quantiles {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        self.keys.extend(values.into_iter().map(key));
    }
}

/// Puts what belongs at each of the rising `ranks` there; `keys` starts with rank `first`. The middle rank
/// first: what is left of it and right of it need not be looked at together again.
fn place(keys: &mut [i64], first: usize, ranks: &[usize]) {
    let Some(&middle) = ranks.get(ranks.len() / 2) else {
        return;
    };
    let (left, _, right) = keys.select_nth_unstable(middle - first);
    place(left, first, &ranks[..ranks.len() / 2]);
    place(right, middle + 1, &ranks[ranks.len() / 2 + 1..]);
}

#[cfg(test)]
mod tests {
    use super::super::{QUANTILES, quantile};
    use super::*;
    use crate::random::{Purpose, Streams};

    /// Ties, values below zero, both zeros and infinities among them.
    #[test]
    fn without_sorting_they_are_those_of_sorting() {
        let streams = Streams::new(3);
        let mut gathered = Quantiles::default();
        for n in [0_usize, 1, 2, 3, 7, 8, 20, 100, 1000] {
            let mut values: Vec<f64> = (0..n)
                .map(|i| {
                    let z = streams.normal(0, Purpose::Other, i as u64);
                    match i % 5 {
                        0 => z.round() * 0.0,
                        1 => z.round(),
                        2 if i % 7 == 0 => f64::INFINITY,
                        _ => z,
                    }
                })
                .collect();
            let lanes: Vec<Lanes> = values
                .chunks(LANES)
                .map(|eight| Lanes(std::array::from_fn(|i| eight[i.min(eight.len() - 1)])))
                .collect();
            gathered.clear();
            gathered.extend_lanes(lanes.iter(), n);
            let mut one_by_one = Quantiles::default();
            one_by_one.extend(values.iter().copied());
            values.sort_unstable_by(f64::total_cmp);
            let wanted = QUANTILES.map(|p| quantile(&values, p).to_bits());
            assert_eq!(gathered.read(QUANTILES).map(f64::to_bits), wanted, "{n}");
            assert_eq!(one_by_one.read(QUANTILES).map(f64::to_bits), wanted, "{n}");
        }
    }
}
