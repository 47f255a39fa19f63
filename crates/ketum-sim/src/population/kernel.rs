//! Profiles of a group of subjects side by side, as sums of exponentials.
//!
//! For every dosed compartment and every mode `k` a running sum `Sₖ` of decayed doses is carried
//! from dose to dose, so the work grows with doses plus times, not with their product. A bound on
//! rounding errors is carried along; subjects for which it is too large are named, and the caller
//! solves them by the matrix exponential.
//!
//! Mode `k` obeys `q' = −λ·q + input`, so the area under it is what came in, less what is still
//! there, over `λ`: areas are exact and cost nothing.

use crate::events::{Regimen, SlotEvent};
use crate::linear::{SIZE, residues};
use crate::math::{LANES, Lanes, Real, dispatch::Kernel};
use crate::model::{Model, Term};

use super::reach::Reach;

/// Largest allowed ratio of the sum of absolute terms to their sum. Errors are a few units of 2⁻⁵³
/// times this: 5e-14 in the median subject, below 3e-11 in the worst (`docs/engine.md`).
const CONDITION: f64 = 100_000.0;

/// Times worked out together. Their exponentials are one long loop over plain numbers: compilers turn that
/// into full vectors with all constants in registers, which they do not for eight numbers at a time.
const BLOCK: usize = 16;
/// Decays over a block: `[time][mode][lane]`.
type Decays<const N: usize> = [[[f64; LANES]; N]; BLOCK];
/// Numbers of a block are a multiple of this, so that no vector is cut.
const WHOLE: usize = 4 * LANES;

/// Most outputs of a model that goes this way.
pub(crate) const MAX_OUTPUTS: usize = SIZE;

/// A group's work.
pub(crate) struct Group<'a> {
    pub model: &'a Model,
    pub reach: &'a Reach,
    pub regimen: &'a Regimen,
    pub times_h: &'a [f64],
    /// Parameters, one `Lanes` each.
    pub parameters: &'a [Lanes],
    /// `[time][output]`.
    pub profile: &'a mut [Lanes],
    /// `[output]`: area from the first to the last time.
    pub areas: &'a mut [Lanes],
}

impl Kernel for Group<'_> {
    /// Which lanes have to be solved another way.
    type Output = [bool; LANES];

    #[inline(always)]
    fn run(mut self) -> Self::Output {
        match self.reach.len() {
            0 => self.nothing(),
            1 => self.solve::<1>(),
            2 => self.solve::<2>(),
            3 => self.solve::<3>(),
            4 => self.solve::<4>(),
            5 => self.solve::<5>(),
            6 => self.solve::<6>(),
            _ => [true; LANES],
        }
    }
}

impl Group<'_> {
    /// Nobody gets anything.
    fn nothing(&mut self) -> [bool; LANES] {
        self.profile.fill(Lanes::splat(0.0));
        self.areas.fill(Lanes::splat(0.0));
        [false; LANES]
    }

    #[inline(always)]
    fn solve<const N: usize>(&mut self) -> [bool; LANES] {
        let zero = Lanes::splat(0.0);
        let rates = self.model.linear_rates(self.parameters);
        let matrix: [[Lanes; N]; N] = self.reach.part(&rates.matrix);
        let lambda = self.reach.spectrum.rates(&matrix);
        self.areas.fill(zero);
        let mut excess = Lanes::splat(-1.0);
        for (index, (state, events)) in self.regimen.slots.iter().enumerate() {
            let Some(place) = self.reach.place(*state) else {
                continue;
            };
            let amplitudes = residues(&matrix, &lambda, place);
            let mut slot = Slot::<N>::new(self, *state, events, &lambda, &amplitudes);
            let over = slot.follow(self, index == 0);
            excess = worst(excess, worst(over, slot.size));
        }
        let mut again = [false; LANES];
        for (lane, again) in again.iter_mut().enumerate() {
            // What grows instead of decaying goes the other way too.
            let decays = (0..N).all(|k| lambda[k].lane(lane) >= 0.0);
            *again = !(excess.lane(lane) <= 0.0 && decays);
        }
        again
    }
}

/// Eight numbers of a block.
#[inline(always)]
fn lanes(numbers: &[f64], k: usize) -> Lanes {
    let mut lanes = Lanes::splat(0.0);
    lanes
        .0
        .copy_from_slice(&numbers[k * LANES..(k + 1) * LANES]);
    lanes
}

/// The smallest; a lane that is not a number counts as infinite.
#[inline(always)]
fn earliest(times: Lanes) -> f64 {
    let mut earliest = f64::INFINITY;
    for time_h in times.0 {
        earliest = if time_h < earliest { time_h } else { earliest };
    }
    earliest
}

/// The larger, and not-a-number where either is.
#[inline(always)]
#[expect(clippy::eq_op, reason = "zero for a number, not-a-number for the rest")]
fn worst(a: Lanes, b: Lanes) -> Lanes {
    // A comparison with not-a-number is false: `max` keeps its second argument then.
    let larger = a.max(b);
    let same = a - a;
    // `same` is zero, or not-a-number where `a` is: it passes on into the sum.
    larger + same
}

/// Running sums of one dosed compartment.
struct Slot<'a, const N: usize> {
    events: &'a [SlotEvent],
    lambda: [Lanes; N],
    inverse: [Lanes; N],
    /// Amplitude of a unit of mode `k` in an output, and its rounding bound: `[output][mode]`.
    factor: [[Lanes; N]; MAX_OUTPUTS],
    bound: [[Lanes; N]; MAX_OUTPUTS],
    outputs: usize,
    lag: Lanes,
    f: Lanes,
    /// Every lane has the same lag: all get the same event at the same time.
    together: bool,
    /// Something is infused.
    infuses: bool,
    /// Next event of each lane (of all by the first one, where they go together), and when it arrives.
    next: [usize; LANES],
    next_at: Lanes,
    /// The earliest of these.
    due: f64,
    /// Time of the last arrival, lag included; infinite before the first.
    last: Lanes,
    /// Hours between the last two arrivals, and what decayed over them: a regular interval is worked out
    /// once.
    gap: Lanes,
    decay: [Lanes; N],
    /// Σ dose · exp(−λ·(last − arrival)).
    sums: [Lanes; N],
    /// −Σ rate change · exp(−λ·(last − arrival)), and the same of absolute values.
    rate_sums: [Lanes; N],
    rate_sizes: [Lanes; N],
    /// Rate running now.
    rate: Lanes,
    /// Amount that came into each mode until `last`.
    inflow: [Lanes; N],
    /// Amplitudes of the outputs since `last`: `[output][mode]`, with their bounds.
    now: [[Lanes; N]; MAX_OUTPUTS],
    now_bound: [[Lanes; N]; MAX_OUTPUTS],
    /// Level that the running rate leads to, with its bound.
    level: [Lanes; MAX_OUTPUTS],
    level_bound: [Lanes; MAX_OUTPUTS],
    /// Below zero while no amplitude comes near the largest number, else not a number or infinite: no output
    /// needs to be looked at for that.
    size: Lanes,
}

impl<'a, const N: usize> Slot<'a, N> {
    #[inline(always)]
    fn new(
        group: &Group<'_>,
        state: usize,
        events: &'a [SlotEvent],
        lambda: &[Lanes; N],
        amplitudes: &[[Lanes; N]; N],
    ) -> Self {
        let zero = Lanes::splat(0.0);
        let target = &group.model.states[state];
        let value = |term: &Option<Term>, absent: f64| match term {
            Some(term) => term.value(group.parameters),
            None => Lanes::splat(absent),
        };
        let mut factor = [[zero; N]; MAX_OUTPUTS];
        let mut bound = [[zero; N]; MAX_OUTPUTS];
        for (o, output) in group.model.outputs.iter().enumerate().take(MAX_OUTPUTS) {
            // Exactly zero where no dose gets to the output's state: value and bound are then, too.
            let Some(place) = group.reach.place(output.state) else {
                continue;
            };
            let scale = output.scale.value(group.parameters);
            for k in 0..N {
                factor[o][k] = scale * amplitudes[k][place];
                bound[o][k] = scale.abs() * amplitudes[k][place].abs();
            }
        }
        let lag = value(&target.lag, 0.0);
        let first = events.first().map_or(f64::INFINITY, |event| event.time_h);
        let same = |lane: &f64| lane.to_bits() == lag.0[0].to_bits();
        Self {
            events,
            lambda: *lambda,
            inverse: lambda.map(|rate| Lanes::splat(1.0) / rate),
            factor,
            bound,
            outputs: group.model.outputs.len().min(MAX_OUTPUTS),
            lag,
            f: value(&target.bioavailability, 1.0),
            together: lag.0.iter().all(same),
            infuses: events.iter().any(|event| event.rate_change != 0.0),
            next: [0; LANES],
            next_at: Lanes::splat(first) + lag,
            due: earliest(Lanes::splat(first) + lag),
            last: Lanes::splat(f64::INFINITY),
            gap: zero,
            decay: [Lanes::splat(1.0); N],
            sums: [zero; N],
            rate_sums: [zero; N],
            rate_sizes: [zero; N],
            rate: zero,
            inflow: [zero; N],
            now: [[zero; N]; MAX_OUTPUTS],
            now_bound: [[zero; N]; MAX_OUTPUTS],
            level: [zero; MAX_OUTPUTS],
            level_bound: [zero; MAX_OUTPUTS],
            size: Lanes::splat(-1.0),
        }
    }

    /// Writes the responses to this slot's doses; gives by how much the rounding bound is exceeded.
    #[inline(always)]
    fn follow(&mut self, group: &mut Group<'_>, first: bool) -> Lanes {
        let zero = Lanes::splat(0.0);
        let limit = Lanes::splat(-CONDITION);
        let outputs = self.outputs;
        let mut excess = Lanes::splat(-1.0);
        let mut start = ([zero; N], [zero; N]);
        let mut end = start;
        let mut decays: Decays<N> = [[[0.0; LANES]; N]; BLOCK];
        let mut since = [zero; BLOCK];
        let times_h = group.times_h;
        let mut from = 0;
        while from < times_h.len() {
            self.arrive(times_h[from]);
            let more = times_h[from + 1..].iter().take(BLOCK - 1);
            let to = from + 1 + more.take_while(|time_h| **time_h < self.due).count();
            self.decays(&times_h[from..to], &mut since, &mut decays);
            let profile = &mut group.profile[from * outputs..to * outputs];
            for o in 0..outputs {
                excess = self.output(o, profile, &decays, first, excess);
            }
            if from == 0 {
                start = self.balance(&decays[0], since[0]);
            }
            if to == times_h.len() {
                let last = to - 1 - from;
                end = self.balance(&decays[last], since[last]);
            }
            from = to;
        }
        for o in 0..outputs {
            let mut area = zero;
            let mut bound = zero;
            for k in 0..N {
                let inflow = end.0[k] - start.0[k];
                let amount = inflow - (end.1[k] - start.1[k]);
                let weight = self.factor[o][k] * self.inverse[k];
                area = weight.mul_add(amount, area);
                let size = inflow + end.1[k].abs() + start.1[k].abs();
                bound = (self.bound[o][k] * self.inverse[k]).mul_add(size, bound);
            }
            group.areas[o] = group.areas[o] + area;
            excess = worst(excess, limit.mul_add(group.areas[o], bound));
        }
        excess
    }

    /// Hours since the last arrival and what decayed over them. No arrival lies between the times.
    #[inline(always)]
    fn decays(&self, times_h: &[f64], since: &mut [Lanes; BLOCK], decays: &mut Decays<N>) {
        for ((time_h, since), decay) in times_h.iter().zip(since).zip(&mut *decays) {
            *since = (Lanes::splat(*time_h) - self.last).max(Lanes::splat(0.0));
            for (decay, lambda) in decay.iter_mut().zip(self.lambda) {
                *decay = (-(lambda * *since)).0;
            }
        }
        let numbers = decays.as_flattened_mut().as_flattened_mut();
        let filled = times_h.len() * N * LANES;
        let used = filled.next_multiple_of(WHOLE);
        numbers[filled..used].fill(0.0);
        for piece in numbers[..used].chunks_exact_mut(WHOLE) {
            for number in piece {
                *number = Real::exp_decay(*number);
            }
        }
    }

    /// Adds the response of one output at the times of a block; gives the larger excess.
    ///
    /// Between arrivals bounds only fall: the one at the first time against the least value tells for almost
    /// everybody, in half the work, that no time needs to be looked at.
    #[inline(always)]
    fn output(
        &self,
        o: usize,
        profile: &mut [Lanes],
        decays: &Decays<N>,
        first: bool,
        excess: Lanes,
    ) -> Lanes {
        let limit = Lanes::splat(-CONDITION);
        let (now, level) = (self.now[o], self.level[o]);
        let decays = decays.as_flattened().as_flattened();
        let mut least = Lanes::splat(f64::INFINITY);
        for (row, decay) in profile
            .chunks_exact_mut(self.outputs)
            .zip(decays.chunks_exact(N * LANES))
        {
            let mut sum = level;
            for k in 0..N {
                sum = now[k].mul_add(lanes(decay, k), sum);
            }
            let at = &mut row[o];
            let value = if first { sum } else { *at + sum };
            *at = value;
            least = value.min(least);
        }
        // Where nothing has arrived both are zero, which is exact.
        let over = limit.mul_add(least, self.bound_at(o, decays));
        if over.0.iter().all(|over| *over <= 0.0) {
            return excess;
        }
        let mut excess = excess;
        for (row, decay) in profile
            .chunks_exact(self.outputs)
            .zip(decays.chunks_exact(N * LANES))
        {
            let over = limit.mul_add(row[o], self.bound_at(o, decay));
            excess = over.max(excess);
        }
        excess
    }

    /// Rounding bound of an output where the modes have decayed so far.
    #[inline(always)]
    fn bound_at(&self, o: usize, decay: &[f64]) -> Lanes {
        let mut bound = self.level_bound[o];
        for k in 0..N {
            bound = self.now_bound[o][k].mul_add(lanes(decay, k), bound);
        }
        bound
    }

    /// What came into each mode so far and what is there now.
    #[inline(always)]
    fn balance(&self, decay: &[[f64; LANES]; N], since: Lanes) -> ([Lanes; N], [Lanes; N]) {
        let mut inflow = self.inflow;
        let mut amount = self.inflow;
        for k in 0..N {
            inflow[k] = self.rate.mul_add(since, self.inflow[k]);
            let infused = self.rate_sums[k].mul_add(Lanes(decay[k]), self.rate) * self.inverse[k];
            amount[k] = self.sums[k].mul_add(Lanes(decay[k]), infused);
        }
        (inflow, amount)
    }

    /// Lets everything arrive that is due at `time_h`.
    #[inline(always)]
    fn arrive(&mut self, time_h: f64) {
        while self.due <= time_h {
            if self.together {
                self.arrive_together();
            } else {
                self.arrive_apart(time_h);
            }
        }
    }

    /// One event in every lane.
    #[inline(always)]
    fn arrive_together(&mut self) {
        let event = &self.events[self.next[0]];
        let arrival = self.next_at;
        self.next[0] += 1;
        let next = self.events.get(self.next[0]);
        self.next_at = Lanes::splat(next.map_or(f64::INFINITY, |next| next.time_h)) + self.lag;
        self.due = self.next_at.0[0];
        let steady = event.steady_interval_h;
        self.take(
            arrival,
            Lanes::splat(event.bolus) * self.f,
            Lanes::splat(event.rate_change) * self.f,
            (steady > 0.0).then_some(Lanes::splat(steady)),
        );
    }

    /// In each lane the next event, where it is due.
    #[inline(always)]
    fn arrive_apart(&mut self, time_h: f64) {
        let mut arrival = self.last;
        let mut bolus = [0.0; LANES];
        let mut change = [0.0; LANES];
        let mut steady = [0.0; LANES];
        let mut any_steady = false;
        for lane in 0..LANES {
            if self.next_at.0[lane] > time_h {
                continue;
            }
            let event = &self.events[self.next[lane]];
            arrival.0[lane] = self.next_at.0[lane];
            bolus[lane] = event.bolus * self.f.0[lane];
            change[lane] = event.rate_change * self.f.0[lane];
            steady[lane] = event.steady_interval_h;
            any_steady |= event.steady_interval_h > 0.0;
            self.next[lane] += 1;
            self.next_at.0[lane] = match self.events.get(self.next[lane]) {
                Some(next) => next.time_h + self.lag.0[lane],
                None => f64::INFINITY,
            };
        }
        self.due = earliest(self.next_at);
        self.take(
            arrival,
            Lanes(bolus),
            Lanes(change),
            any_steady.then_some(Lanes(steady)),
        );
    }

    #[inline(always)]
    fn take(&mut self, arrival: Lanes, bolus: Lanes, change: Lanes, steady: Option<Lanes>) {
        let zero = Lanes::splat(0.0);
        // Before the first arrival `last` is infinite, and so is the difference, below zero; a lane
        // that gets nothing now has none.
        let gap = (arrival - self.last).max(zero);
        if gap.0 != self.gap.0 {
            self.gap = gap;
            for k in 0..N {
                self.decay[k] = (-(self.lambda[k] * gap)).exp_decay();
            }
        }
        for k in 0..N {
            let decay = self.decay[k];
            let amount = match steady {
                None => bolus,
                Some(steady) => Lanes::from_fn(|lane| {
                    let (interval, rate) = (steady.0[lane], self.lambda[k].0[lane]);
                    match interval > 0.0 {
                        true => -bolus.0[lane] / crate::math::expm1(-rate * interval),
                        false => bolus.0[lane],
                    }
                }),
            };
            self.sums[k] = self.sums[k].mul_add(decay, amount);
            self.inflow[k] = self.rate.mul_add(gap, self.inflow[k]) + amount;
            if self.infuses {
                self.rate_sums[k] = self.rate_sums[k].mul_add(decay, -change);
                self.rate_sizes[k] = self.rate_sizes[k].mul_add(decay, change.abs());
            }
        }
        self.rate = self.rate + change;
        self.last = arrival;
        for o in 0..self.outputs {
            let mut level = zero;
            let mut level_bound = zero;
            let mut size = zero;
            for k in 0..N {
                let (mut amount, mut most) = (self.sums[k], self.sums[k]);
                if self.infuses {
                    amount = self.rate_sums[k].mul_add(self.inverse[k], amount);
                    most = self.rate_sizes[k].mul_add(self.inverse[k], most);
                    let rate = self.rate * self.inverse[k];
                    level = self.factor[o][k].mul_add(rate, level);
                    level_bound = self.bound[o][k].mul_add(rate.abs(), level_bound);
                }
                self.now[o][k] = self.factor[o][k] * amount;
                self.now_bound[o][k] = self.bound[o][k] * most;
                size = size + self.now[o][k].abs();
            }
            self.level[o] = level;
            self.level_bound[o] = level_bound;
            let far = Lanes::splat(1e9) * (size + level.abs());
            // Zero, or not a number where that is none or infinite.
            self.size = self.size + far * zero;
        }
    }
}
