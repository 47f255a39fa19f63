#!/usr/bin/env python3
"""Workload B by SciPy's LSODA, rtol 1e-6, atol 1e-9, from dose to dose."""
import numpy as np
from scipy.integrate import solve_ivp

from common import DOSES, TIMES, cpu_seconds, parameters, report

rows = parameters("workload-b")
times = np.array(TIMES)


def solve(p):
    def rhs(_, x):
        d, c, q, m, r = x
        conc = c / p["vc"]
        gone = p["vmax"] * conc / (p["km"] + conc)
        there, back = p["q"] / p["vc"] * c, p["q"] / p["vp"] * q
        made = p["kout"] * 100 * (1 - 0.9 * conc / (p["ic50"] + conc))
        return [-p["ka"] * d, p["ka"] * d - gone - there + back, there - back,
                p["fm"] * gone - p["clm"] / p["vm"] * m, made - p["kout"] * r]

    x = np.array([0.0, 0.0, 0.0, 0.0, 100.0])
    values = np.empty((len(times), 3))
    for k, start in enumerate(DOSES):
        end = DOSES[k + 1] if k + 1 < len(DOSES) else times[-1]
        x[0] += 50
        inside = (times > start) & (times <= end)
        found = solve_ivp(rhs, (start, end), x, method="LSODA", rtol=1e-6, atol=1e-9,
                          t_eval=np.append(times[inside], end) if times[inside][-1:] != end else times[inside])
        y = found.y[:, :inside.sum()]
        values[inside] = np.stack([1000 * y[1] / p["vc"], 1000 * y[3] / p["vm"], y[4]], axis=1)
        x = found.y[:, -1]
    return values


start = cpu_seconds()
out = [solve(p) for p in rows]
report("SciPy LSODA", "workload-b", cpu_seconds() - start, len(rows), lambda s, j, o: out[s][j - 1, o])
