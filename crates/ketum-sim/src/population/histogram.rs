//! Counts of values in cells equal in the logarithm: quantiles of any number of values in bounded memory.
//!
//! The cell of a double is read off its bits: exponent and first bits of the mantissa, 512 cells an octave, so
//! a cell is at most 0.2 % wide, about the Monte Carlo error of an outer quantile of a million subjects. Cells
//! are laid out an octave at a time where values fall. What is kept depends only on the values, not on their
//! order: a value more than 64 octaves (nineteen powers of ten) below the largest of its sign counts as zero.

use super::summary::{QUANTILES, between};
use crate::math::dispatch::Kernel;
use crate::math::{LANES, Lanes, Real};

/// Cells an octave: 2⁹.
const FINENESS: u32 = 9;
const OCTAVE: usize = 1 << FINENESS;
/// Most octaves of a sign.
const OCTAVES: i64 = 64;
/// Bits of a mantissa that a cell does not tell.
const DROPPED: u32 = 52 - FINENESS;

/// Counts of some values.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    above_zero: Side,
    below_zero: Side,
    zeros: u64,
    total: u64,
    smallest: Lanes,
    largest: Lanes,
}

/// Values of one sign, by size.
#[derive(Debug, Clone, Default)]
struct Side {
    /// Octave (exponent as stored) of the first cell.
    lowest: i64,
    /// Whole octaves of cells.
    counts: Vec<u32>,
    /// What is too small for the cells.
    tiny: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            above_zero: Side::default(),
            below_zero: Side::default(),
            zeros: 0,
            total: 0,
            smallest: Lanes::splat(f64::INFINITY),
            largest: Lanes::splat(f64::NEG_INFINITY),
        }
    }
}

impl Histogram {
    /// Counts a value; one that is no number is left out.
    #[inline]
    pub(super) fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        self.total += 1;
        self.smallest.0[0] = self.smallest.0[0].min(value);
        self.largest.0[0] = self.largest.0[0].max(value);
        if value > 0.0 {
            self.above_zero.add(value);
        } else if value < 0.0 {
            self.below_zero.add(-value);
        } else {
            self.zeros += 1;
        }
    }

    /// How many values were counted.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Quantiles as of type 7, between values that are spread evenly inside their cells.
    pub(super) fn quantiles(&self) -> [f64; QUANTILES.len()] {
        let Some(last) = self.total.checked_sub(1) else {
            return [f64::NAN; QUANTILES.len()];
        };
        let last = last as usize;
        let pairs = QUANTILES.map(|p| between(last, p));
        let mut ranks: Vec<usize> = pairs
            .iter()
            .flat_map(|(below, _)| [*below, (below + 1).min(last)])
            .collect();
        ranks.sort_unstable();
        ranks.dedup();
        let values = self.at(&ranks);
        let value = |rank: usize| values[ranks.partition_point(|&other| other < rank)];
        pairs.map(|(below, share)| {
            let (low, high) = (value(below), value((below + 1).min(last)));
            low + share * (high - low)
        })
    }

    /// The values with these ranks, which rise.
    fn at(&self, ranks: &[usize]) -> Vec<f64> {
        let fold = |lanes: Lanes, f: fn(f64, f64) -> f64| lanes.0.into_iter().fold(lanes.0[0], f);
        let (smallest, largest) = (fold(self.smallest, f64::min), fold(self.largest, f64::max));
        let around_zero = self.zeros + self.above_zero.tiny + self.below_zero.tiny;
        // Cells in order of value, with their bounds.
        let below = self.below_zero.cells().rev();
        let below = below.map(|(count, low, high)| (count, -high, -low));
        let zero = std::iter::once((around_zero, 0.0, 0.0));
        let cells = below.chain(zero).chain(self.above_zero.cells());
        let mut values = Vec::with_capacity(ranks.len());
        let mut before = 0;
        for (count, low, high) in cells {
            let end = before + count as usize;
            while let Some(&rank) = ranks.get(values.len()).filter(|&&rank| rank < end) {
                let share = ((rank - before) as f64 + 0.5) / count as f64;
                values.push((low + share * (high - low)).clamp(smallest, largest));
            }
            before = end;
        }
        values
    }
}

impl Side {
    /// Counts a value above zero.
    fn add(&mut self, value: f64) {
        let cell = (value.to_bits() >> DROPPED) as i64;
        let octave = cell >> FINENESS;
        if !self.reaches(octave) && !self.grow(octave) {
            self.tiny += 1;
            return;
        }
        self.counts[(cell - (self.lowest << FINENESS)) as usize] += 1;
    }

    fn octaves(&self) -> i64 {
        (self.counts.len() / OCTAVE) as i64
    }

    fn reaches(&self, octave: i64) -> bool {
        (self.lowest..self.lowest + self.octaves()).contains(&octave)
    }

    /// Lays out cells for an octave, unless it is too far below the largest.
    fn grow(&mut self, octave: i64) -> bool {
        if self.counts.is_empty() {
            self.lowest = octave;
        }
        let end = self.lowest + self.octaves();
        if octave < end - OCTAVES {
            return false;
        }
        let new_end = end.max(octave + 1);
        let new_lowest = self.lowest.min(octave).max(new_end - OCTAVES);
        let mut counts = vec![0; (new_end - new_lowest) as usize * OCTAVE];
        for (octave, cells) in (self.lowest..).zip(self.counts.chunks_exact(OCTAVE)) {
            match octave - new_lowest {
                at @ 0.. => counts[at as usize * OCTAVE..][..OCTAVE].copy_from_slice(cells),
                _ => self.tiny += cells.iter().map(|&count| u64::from(count)).sum::<u64>(),
            }
        }
        self.lowest = new_lowest;
        self.counts = counts;
        true
    }

    /// Cells by rising size: count, bounds.
    fn cells(&self) -> impl DoubleEndedIterator<Item = (u64, f64, f64)> {
        let first = (self.lowest << FINENESS) as u64;
        let bound = |cell: u64| f64::from_bits(cell << DROPPED);
        self.counts.iter().enumerate().map(move |(index, &count)| {
            let cell = first + index as u64;
            (u64::from(count), bound(cell), bound(cell + 1))
        })
    }
}

/// Counts eight values at a time: those that stand at some positions of each profile.
pub(super) struct Count<'a> {
    /// One a position.
    pub histograms: &'a mut [Histogram],
    /// Profiles of full groups.
    pub profiles: &'a [&'a [Lanes]],
    /// The first position.
    pub first: usize,
}

impl Kernel for Count<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (position, histogram) in (self.first..).zip(&mut *self.histograms) {
            let (mut smallest, mut largest) = (histogram.smallest, histogram.largest);
            for profile in self.profiles {
                let values = &profile[position];
                let side = &mut histogram.above_zero;
                let first = (side.lowest << FINENESS) as u64;
                let cells = values.0.map(
                    #[inline(always)]
                    |value| (value.to_bits() >> DROPPED).wrapping_sub(first),
                );
                // Below zero and what is no number have the largest bits.
                let most = cells.iter().fold(0, |most, &cell| most.max(cell));
                if most >= side.counts.len() as u64 {
                    values.0.iter().for_each(|&value| histogram.add(value));
                    continue;
                }
                smallest = values.min(smallest);
                largest = values.max(largest);
                for cell in cells {
                    side.counts[cell as usize] += 1;
                }
                histogram.total += LANES as u64;
            }
            histogram.smallest = smallest.min(histogram.smallest);
            histogram.largest = largest.max(histogram.largest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::quantile;
    use super::*;
    use crate::math::dispatch::{Path, run};
    use crate::random::{Purpose, Streams};

    fn counted(values: &[f64]) -> [f64; QUANTILES.len()] {
        let mut one_by_one = Histogram::default();
        values.iter().for_each(|&value| one_by_one.add(value));
        let mut eights = [Histogram::default()];
        let profiles: Vec<[Lanes; 1]> = values
            .chunks_exact(LANES)
            .map(|eight| [Lanes(std::array::from_fn(|lane| eight[lane]))])
            .collect();
        let profiles: Vec<&[Lanes]> = profiles.iter().map(|profile| &profile[..]).collect();
        run(
            Path::widest(),
            Count {
                histograms: &mut eights,
                profiles: &profiles,
                first: 0,
            },
        );
        let whole = values.len() / LANES * LANES;
        values[whole..]
            .iter()
            .for_each(|&value| eights[0].add(value));
        let wanted = one_by_one.quantiles();
        assert_eq!(
            eights[0].quantiles().map(f64::to_bits),
            wanted.map(f64::to_bits)
        );
        wanted
    }

    /// Values of either sign, zeros, small ones first, large ones first: as sorting says, within a cell.
    #[test]
    fn quantiles_are_those_of_sorting_whatever_the_order() {
        let streams = Streams::new(5);
        let normal = |i: usize| streams.normal(0, Purpose::Other, i as u64);
        let lists: [&dyn Fn(usize) -> f64; 5] = [
            &|i| crate::math::exp(normal(i)),
            &|i| normal(i) + 0.3,
            &|i| {
                if i < 700 {
                    0.0
                } else {
                    crate::math::exp(normal(i))
                }
            },
            &|i| crate::math::exp(normal(i)) * if i < 700 { 1e-3 } else { 1.0 },
            &|i| crate::math::exp(normal(i)) * if i < 700 { 1e3 } else { 1.0 },
        ];
        for (list, n) in lists
            .iter()
            .flat_map(|list| [1, 2, 10, 100, 3000, 3001].map(|n| (list, n)))
        {
            let mut values: Vec<f64> = (0..n).map(list).collect();
            let got = counted(&values);
            let mut turned = values.clone();
            turned.reverse();
            assert_eq!(counted(&turned), got);
            values.sort_by(f64::total_cmp);
            for (p, got) in QUANTILES.iter().zip(got) {
                let (below, _) = between(n - 1, *p);
                let size = values[below]
                    .abs()
                    .max(values[(below + 1).min(n - 1)].abs());
                let wanted = quantile(&values, *p);
                assert!(
                    (got - wanted).abs() <= 2.2e-3 * size,
                    "{n}, {p}: {got} {wanted}"
                );
            }
        }
    }

    /// Far below the largest value is zero, whichever came first; memory stays bounded.
    #[test]
    fn what_is_far_smaller_counts_as_zero_in_any_order() {
        let powers: Vec<f64> = (-50..50)
            .map(|power| crate::math::pow(10.0, power.into()))
            .collect();
        let turned: Vec<f64> = powers.iter().rev().copied().collect();
        let got = counted(&powers);
        assert_eq!(got, counted(&turned));
        assert_eq!(got[0].to_bits(), powers[0].to_bits());
        let wanted = quantile(&powers, 0.95);
        assert!((got[4] / wanted - 1.0).abs() < 2.2e-3, "{}", got[4]);
        let mut histogram = Histogram::default();
        powers.iter().for_each(|&value| histogram.add(value));
        assert_eq!(histogram.above_zero.octaves(), OCTAVES);
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        assert!(counted(&[f64::NAN; 9])[0].is_nan());
        assert_eq!(
            counted(&[f64::NAN, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0])[2],
            2.0
        );
    }
}
