#!/usr/bin/env python3
"""Writes the event files of the 29 dosing scenarios and their expected concentrations.

Independent of the engine: superposition of the two exponentials of the model in 50-digit arithmetic
(mpmath), over a list of arrivals built from the rules in docs/engine.md. Run: python3 derive.py
"""
import os
from mpmath import mp, mpf, exp

mp.dps = 50
CL, V, KA = mpf("1.1"), mpf(20), mpf("1.5")
KE = CL / V
HERE = os.path.dirname(os.path.abspath(__file__))


def dose(time, amt, cmt, ii=0, addl=0, ss=0, rate=0, evid=1):
    return dict(time=mpf(str(time)), amt=mpf(str(amt)), cmt=cmt, ii=mpf(str(ii)), addl=addl, ss=ss,
                rate=mpf(str(rate)), evid=evid)


RESET = lambda time: dict(dose(time, 0, 2), evid=3)
# name, lag, F, D2, R2, records
SCENARIOS = [
    ("bolus_additional", 0, 1, 2, 10, [dose(0, 100, 1, 24, 3)]),
    ("bolus_lag_bioavailability", "12.13", "2.23", 2, 10, [dose(0, 100, 2, 24, 3)]),
    ("infusion_additional", 0, 1, 2, 10, [dose(0, 100, 2, 24, 3, rate=10)]),
    ("infusion_bioavailability", 0, "0.5", 2, 10, [dose(0, 480, 2, rate=10)]),
    ("infusion_modelled_duration_bioavailability", 0, "0.5", 48, 10, [dose(0, 480, 2, rate=-2)]),
    ("infusion_depot_additional", 0, 1, 2, 10, [dose(0, 100, 1, 24, 3, rate="8.33333333333333")]),
    ("infusion_additional_lag", "4.15", 1, 2, 10, [dose(0, 100, 2, 24, 3, rate=10)]),
    ("infusion_lag_bioavailability", "3.25", "0.412", 2, 10, [dose(0, 100, 2, 24, 3, rate=10)]),
    ("infusion_steady_lag_bioavailability", "3.16", "0.412", 2, 10, [dose(0, 100, 2, 24, 3, 1, 10)]),
    ("infusion_steady_bioavailability", 0, "0.812", 2, 10, [dose(0, 100, 2, 12, 4, 1, 2)]),
    ("infusion_steady_lag", "3.3", 1, 2, 10, [dose(0, 100, 2, 12, 3, 1, 2)]),
    ("infusion_steady_longer_than_interval", 0, 1, 2, 10, [dose(0, 100, 2, 6, 12, 1, "8.3333")]),
    ("infusion_steady_duration_equals_interval_bioavailability", 0, "0.412", 2, 10,
     [dose(0, 100, 2, 10, 8, 1, "4.12")]),
    ("infusion_steady_duration_equals_interval", 0, 1, 2, 10, [dose(0, 100, 2, 10, 8, 1, 10)]),
    ("bolus_steady_lag_bioavailability", 4, "0.412", 2, 10, [dose(0, 100, 2, 24, 3, 1)]),
    ("bolus_additional_lag_bioavailability", 5, "0.412", 2, 10, [dose(0, 100, 2, 24, 3)]),
    ("bolus_then_infusion", 1, 1, 2, 10, [dose(0, 100, 2), dose(13, 50, 1, 24, 2, 0, 24)]),
    ("infusion_modelled_duration_lag_bioavailability", 5, "0.61", 9, 10, [dose(0, 100, 2, 24, 3, rate=-2)]),
    ("infusion_modelled_duration_steady", 0, "0.61", 9, 10, [dose(0, 100, 2, 24, 3, 1, -2)]),
    ("reset_and_dose_additional", 0, 1, 2, 10,
     [dose(0, 100, 1, 12, 2, rate=50), dose(50, 120, 1, 12, 3, evid=4)]),
    ("reset_and_dose_steady", 0, 1, 2, 10, [dose(0, 100, 1, 12, 0, 1, evid=4)]),
    ("reset_and_dose_steady_additional", 0, 1, 2, 10, [dose(0, 100, 1, 12, 2, 1, evid=4)]),
    ("reset_and_dose_steady_lag", 10, 1, 2, 10, [dose(0, 100, 2, 12, 0, 1, evid=4)]),
    ("reset_and_dose_steady_additional_lag", 10, 1, 2, 10, [dose(0, 100, 2, 12, 2, 1, evid=4)]),
    ("reset_and_dose_steady_lag_multiple", 5, 1, 2, 10,
     [dose(0, 100, 2, 12, 0, 1, evid=4), dose(12, 200, 2, 12, 0, 1, evid=4),
      dose(24, 300, 2, 12, 0, 1, evid=4)]),
    ("reset_additional", 0, 1, 2, 10,
     [dose(0, 100, 1, 12, 3, rate=50), RESET(50), dose(54, 120, 1, 16, 2)]),
    ("reset_additional_lag", 10, 1, 2, 10,
     [dose(0, 100, 2, 12, 3, rate=50), RESET(50), dose(54, 120, 2, 16, 2)]),
    ("steady_one_then_two", 0, 1, 2, 10, [dose(0, 100, 1, 24, 3, 1), dose(12, 50, 1, 24, 3, 2)]),
    ("steady_constant_infusion", 0, 1, 2, 10, [dose(0, 0, 1, ss=1, rate=100)]),
]


def response(cmt, amount, rate, duration, s):
    """Amount in the central compartment, s hours after an arrival."""
    if s < 0:
        return mpf(0)
    if rate == 0:
        if cmt == 2:
            return amount * exp(-KE * s)
        return amount * KA / (KA - KE) * (exp(-KE * s) - exp(-KA * s))
    u = min(s, duration)
    r = s - u
    central = rate / KE * (1 - exp(-KE * u))
    if cmt == 2:
        return central * exp(-KE * r)
    depot = rate / KA * (1 - exp(-KA * u))
    filled = rate * ((1 - exp(-KE * u)) / KE - (exp(-KE * u) - exp(-KA * u)) / (KA - KE))
    return filled * exp(-KE * r) + depot * KA / (KA - KE) * (exp(-KE * r) - exp(-KA * r))


def arrivals_of(d, lag, f, d2):
    lag, f = (lag, f) if d["cmt"] == 2 else (mpf(0), mpf(1))
    dose_in = f * d["amt"]
    rate, duration = mpf(0), mpf(0)
    if d["rate"] > 0:
        rate, duration = d["rate"], dose_in / d["rate"]
    elif d["rate"] == -2:
        rate, duration = dose_in / d2, d2
    start = d["time"] + lag
    one = lambda t: (t, d["cmt"], dose_in, rate, duration)
    return [one(start + k * d["ii"]) for k in range(d["addl"] + 1)], one, start


def simulate(records, lag, f, d2, times):
    """records and observation times in the order of the file; concentrations row by row."""
    arrivals, constant = [], None
    rows = []
    for record in records:
        t = record["time"]
        if record["evid"] in (3, 4):
            arrivals, constant = [], None
        if record["evid"] in (1, 4):
            own, one, start = arrivals_of(record, lag, f, d2)
            if record["ss"] == 1:
                arrivals, constant = [], None
            if record["ss"] and record["amt"] == 0:
                constant = (t, record["rate"])
            else:
                if record["ss"]:
                    arrivals += [one(start - k * record["ii"]) for k in range(1, 400)]
                arrivals += own
        amount = sum(response(c, a, r, d, t - at) for at, c, a, r, d in arrivals if at <= t)
        if constant is not None:
            s = t - constant[0]
            # Depot and central at their constant levels, then the infusion stops.
            depot = constant[1] / KA
            amount += constant[1] / KE * exp(-KE * s) + response(1, depot, mpf(0), mpf(0), s)
        rows.append(1000 * amount / V)
    return rows


with open(os.path.join(HERE, "expected.csv"), "w") as expected:
    expected.write("scenario,record,cp\n")
    for number, (name, lag, f, d2, r2, doses) in enumerate(SCENARIOS, 1):
        lag, f, d2 = mpf(str(lag)), mpf(str(f)), mpf(str(d2))
        observed = [dict(dose(mpf(k) * 5 / 2, 0, 2), evid=0) for k in range(0, 53)]
        # At the same time a dose record stands before the observation, except at 50 h, where the
        # observation comes first: it must not see what happens at 50 h.
        key = lambda r: (r["time"], (r["evid"] == 0) != (r["time"] == 50))
        records = sorted(doses + observed, key=key)
        file = f"{number:02}_{name}.csv"
        with open(os.path.join(HERE, file), "w") as out:
            out.write("ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,SS,LAGT,BIOAV,DUR2,RAT2\n")
            for r in records:
                fields = [number, r["time"], r["evid"], r["amt"], r["cmt"], r["rate"], r["ii"], r["addl"],
                          r["ss"], lag, f, d2, r2]
                out.write(",".join(mp.nstr(x, 15).removesuffix(".0") if isinstance(x, type(mpf(1))) else str(x)
                                   for x in fields) + "\n")
        for record, cp in enumerate(simulate(records, lag, f, d2, None), 1):
            expected.write(f"{number},{record},{mp.nstr(cp, 17)}\n")
