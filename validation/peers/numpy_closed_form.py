#!/usr/bin/env python3
"""Workload A by vectorised partial fractions in NumPy."""
import numpy as np

from common import DOSES, TIMES, cpu_seconds, parameters, report

REPEAT = 200  # copies of the ten subjects, so that vectors are long
rows = parameters("workload-a") * REPEAT
p = {name: np.array([row[name] for row in rows]) for name in rows[0]}

start = cpu_seconds()
ka, k10, k12, k21 = p["ka"], p["cl"] / p["vc"], p["q"] / p["vc"], p["q"] / p["vp"]
km = p["clm"] / p["vm"]
s = k10 + k12 + k21
alpha = 0.5 * (s + np.sqrt(s * s - 4 * k10 * k21))
beta = k10 * k21 / alpha
rates = np.stack([ka, alpha, beta, km])
parent, metabolite = [], []
for k in range(4):
    others = [j for j in range(4) if j != k]
    product = np.prod([rates[j] - rates[k] for j in others], axis=0)
    made = ka * p["fm"] * k10 * (k21 - rates[k])
    metabolite.append(50 * made / product)
    if k < 3:
        product = np.prod([rates[j] - rates[k] for j in range(3) if j != k], axis=0)
        parent.append(50 * ka * (k21 - rates[k]) / product)
out = np.empty((len(TIMES), 2, len(rows)))
sums, last, given = np.zeros_like(rates), 0.0, 0
for i, t in enumerate(TIMES):
    while given < len(DOSES) and DOSES[given] <= t:
        sums = sums * np.exp(-rates * (DOSES[given] - last)) + 1.0
        last, given = DOSES[given], given + 1
    decay = sums * np.exp(-rates * (t - last))
    out[i, 0] = 1000 / p["vc"] * sum(c * d for c, d in zip(parent, decay))
    out[i, 1] = 1000 / p["vm"] * sum(c * d for c, d in zip(metabolite, decay))
report("NumPy", "workload-a", cpu_seconds() - start, len(rows), lambda s, j, o: out[j - 1, o, s])
