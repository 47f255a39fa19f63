//! Profiles of a group of subjects side by side, as sums of exponentials.
//!
//! For every dosed compartment and every mode `k` a running sum `Sₖ` of decayed doses is carried
//! from dose to dose, so the work grows with doses plus times, not with their product. A bound on
//! rounding errors is carried along; subjects for which it is too large are named, and the caller
//! solves them by the matrix exponential.

use crate::events::{Regimen, SlotEvent};
use crate::linear::{Modes, SIZE, Spectrum};
use crate::math::{LANES, Lanes, Real, dispatch::Kernel};
use crate::model::Model;

/// Largest allowed ratio of the sum of absolute terms to their sum. Errors are a few units of 2⁻⁵³
/// times this: 5e-14 in the median subject, below 3e-11 in the worst (`docs/engine.md`).
const CONDITION: f64 = 100_000.0;

/// Most outputs of a model that goes this way.
pub(crate) const MAX_OUTPUTS: usize = SIZE;

/// A group's work.
pub(crate) struct Group<'a> {
    pub model: &'a Model,
    pub spectrum: &'a Spectrum,
    pub regimen: &'a Regimen,
    pub times_h: &'a [f64],
    /// Largest allowed ratio of the rounding bound to the value.
    pub condition: f64,
    /// Parameters, one `Lanes` each.
    pub parameters: &'a [Lanes],
    /// `[time][output]`.
    pub profile: &'a mut [Lanes],
}

impl Kernel for Group<'_> {
    /// Which lanes have to be solved another way.
    type Output = [bool; LANES];

    #[inline(always)]
    fn run(self) -> Self::Output {
        let rates = self.model.linear_rates(self.parameters);
        let lambda = self.spectrum.rates(&rates.matrix);
        let n = rates.matrix.n;
        let outputs = self.model.outputs.len();
        let zero = Lanes::splat(0.0);
        self.profile.fill(zero);
        let mut excess = Lanes::splat(-1.0);
        for (state, events) in &self.regimen.slots {
            let target = &self.model.states[*state];
            let value = |term: &Option<crate::model::Term>, absent: f64| match term {
                Some(term) => term.value(self.parameters),
                None => Lanes::splat(absent),
            };
            let lag = value(&target.lag, 0.0);
            let f = value(&target.bioavailability, 1.0);
            let modes = Modes::of(&rates.matrix, &lambda, *state);
            let mut slot = Slot::new(n, &lambda, events, lag, f);
            // Amplitudes per output: [output][mode].
            let mut factor = [[zero; SIZE]; SIZE];
            let mut bound = [[zero; SIZE]; SIZE];
            for (o, output) in self.model.outputs.iter().enumerate() {
                let scale = output.scale.value(self.parameters);
                for k in 0..n {
                    factor[o][k] = scale * modes.residue[k][output.state];
                    bound[o][k] = scale.abs() * modes.bound[k][output.state];
                }
            }
            for (index, &time_h) in self.times_h.iter().enumerate() {
                let since = slot.arrive(time_h);
                let mut decay = [zero; SIZE];
                for k in 0..n {
                    decay[k] = (-(lambda[k] * since)).exp();
                }
                for o in 0..outputs {
                    let mut sum = zero;
                    let mut sum_bound = zero;
                    for k in 0..n {
                        let bolus = slot.sums[k] * decay[k];
                        let infused = slot.rate_sums[k].mul_add(decay[k], slot.rate);
                        let amount = (infused / lambda[k]) + bolus;
                        sum = factor[o][k].mul_add(amount, sum);
                        let size = slot.rate_sizes[k].mul_add(decay[k], slot.rate.abs());
                        let size = size / lambda[k] + bolus;
                        sum_bound = bound[o][k].mul_add(size, sum_bound);
                    }
                    let at = &mut self.profile[index * outputs + o];
                    *at = *at + sum;
                    // Where nothing has arrived both are zero, which is exact.
                    let over = (-Lanes::splat(self.condition)).mul_add(*at, sum_bound);
                    excess = worst(excess, over);
                }
            }
        }
        let mut again = [false; LANES];
        for (lane, again) in again.iter_mut().enumerate() {
            *again = !(excess.lane(lane) <= 0.0);
        }
        again
    }
}

/// The larger, and not-a-number where either is.
#[inline(always)]
fn worst(a: Lanes, b: Lanes) -> Lanes {
    Lanes::from_fn(|lane| {
        let (a, b) = (a.0[lane], b.0[lane]);
        if a >= b || a.is_nan() { a } else { b }
    })
}

/// Running sums of one dosed compartment.
struct Slot<'a> {
    n: usize,
    lambda: &'a [Lanes; SIZE],
    events: &'a [SlotEvent],
    lag: Lanes,
    f: Lanes,
    /// Next event of each lane.
    next: [usize; LANES],
    /// Time of the last arrival of each lane, lag included.
    last: Lanes,
    /// Σ dose · exp(−λ·(last − arrival)).
    sums: [Lanes; SIZE],
    /// −Σ rate change · exp(−λ·(last − arrival)).
    rate_sums: [Lanes; SIZE],
    /// The same of absolute values.
    rate_sizes: [Lanes; SIZE],
    /// Rate running now.
    rate: Lanes,
}

impl<'a> Slot<'a> {
    #[inline(always)]
    fn new(
        n: usize,
        lambda: &'a [Lanes; SIZE],
        events: &'a [SlotEvent],
        lag: Lanes,
        f: Lanes,
    ) -> Self {
        let zero = Lanes::splat(0.0);
        Self {
            n,
            lambda,
            events,
            lag,
            f,
            next: [0; LANES],
            last: zero,
            sums: [zero; SIZE],
            rate_sums: [zero; SIZE],
            rate_sizes: [zero; SIZE],
            rate: zero,
        }
    }

    /// Lets everything arrive that is due at `time_h`; gives the hours since each lane's last
    /// arrival (zero before the first).
    #[inline(always)]
    fn arrive(&mut self, time_h: f64) -> Lanes {
        loop {
            if !self.next_at.any_le(Lanes::splat(time_h)) {
                return;
            }
            let mut arrival = self.last;
            let mut bolus = [0.0; LANES];
            let mut rate_change = [0.0; LANES];
            let mut steady = [0.0; LANES];
            for lane in 0..LANES {
                if self.next_at.0[lane] > time_h {
                    continue;
                };
            }
            self.take(
                arrival,
                Lanes(bolus),
                Lanes(change),
                any_steady.then_some(Lanes(steady)),
            );
        }
    }

    #[inline(always)]
    fn take(&mut self, arrival: Lanes, bolus: Lanes, change: Lanes, steady: Option<Lanes>) {
        let zero = Lanes::splat(0.0);
        // Before the first arrival `last` is infinite, and so is the difference, below zero; a lane
        // that gets nothing now has none.
        let gap = (arrival - self.last).max(zero);
        for k in 0..N {
            let decay = (-(self.lambda[k] * gap)).exp();
            let amount = match steady {
                None => bolus,
                Some(steady) => Lanes::from_fn(|lane| {
                    let (interval, rate) = (steady.0[lane], self.lambda[k].0[lane]);
                    match interval > 0.0 {
                        true => -bolus.0[lane] / crate::math::expm1(-rate * interval),
                        false => bolus.0[lane],
                    }
                    arrival.0[lane] = at;
                    bolus[lane] = event.bolus * self.f.0[lane];
                    rate_change[lane] = event.rate_change * self.f.0[lane];
                    steady[lane] = event.steady_interval_h;
                    self.next[lane] += 1;
                }
            }
            if !any {
                break;
            }
            let gap = arrival - self.last;
            let (bolus, change) = (Lanes(bolus), Lanes(rate_change));
            for k in 0..self.n {
                let decay = (-(self.lambda[k] * gap)).exp();
                let gain = Lanes::from_fn(|lane| match steady[lane] > 0.0 {
                    true => -1.0 / crate::math::expm1(-self.lambda[k].0[lane] * steady[lane]),
                    false => 1.0,
                });
                self.sums[k] = self.sums[k].mul_add(decay, bolus * gain);
                self.rate_sums[k] = self.rate_sums[k].mul_add(decay, -change);
                self.rate_sizes[k] = self.rate_sizes[k].mul_add(decay, change.abs());
            }
            self.rate = self.rate + change;
            self.last = arrival;
        }
        let started = self.next;
        Lanes::from_fn(|lane| {
            if started[lane] == 0 {
                0.0
            } else {
                time_h - self.last.0[lane]
            }
        })
    }
}
