#!/usr/bin/env python3
"""Writes people of workloads A and B and profiles of C into `people/`, for drivers that cannot draw them.

`people.py [number, 1000]`. Parameters are theta * exp(omega * z), z from NumPy's PCG64, person by person; the
first ten are those of `validation/reference`, which is checked. C: concentrations after one dose, times
exp(0.1 z), ten digits.
"""
import os
import sys

import numpy as np

from common import parameters

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "people")
WORKLOADS = {
    "workload-a": (20261123, [0.8, 90, 400, 60, 2000, 0.2, 50, 150],
                   [0.5, 0.4, 0.4, 0.3, 0.4, 0.3, 0.4, 0.3]),
    "workload-b": (20261124, [0.8, 9, 400, 60, 2000, 0.2, 50, 150, 0.1, 0.02, 20],
                   [0.5, 0.3, 0.4, 0.3, 0.4, 0.3, 0.4, 0.3, 0.3, 0.5, 0.2]),
}
SAMPLES = np.array([0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 36, 48, 72, 96])


def write(name, head, rows):
    path = os.path.join(HERE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(",".join(head) + "\n")
        file.writelines(",".join(row) + "\n" for row in rows)


def draw(workload, count):
    seed, theta, omega = WORKLOADS[workload]
    z = np.random.Generator(np.random.PCG64(seed)).standard_normal((count, len(theta)))
    people = np.array(theta) * np.exp(np.array(omega) * z)
    rows = parameters(workload)
    reference = np.array([list(row.values())[1:] for row in rows])
    worst = np.max(np.abs(people[:len(rows)] / reference[:count] - 1))
    assert worst < 1e-15, f"not the people of {workload}: {worst:.1e}"
    names = list(rows[0])
    write(f"{workload}/parameters.csv", names,
          ([str(i + 1), *map(repr, map(float, own))] for i, own in enumerate(people)))
    return dict(zip(names[1:], people.T))


def profiles(p, count):
    ka, k10, k12, k21 = p["ka"], p["cl"] / p["vc"], p["q"] / p["vc"], p["q"] / p["vp"]
    s = k10 + k12 + k21
    alpha = 0.5 * (s + np.sqrt(s * s - 4 * k10 * k21))
    rates = [ka, alpha, k10 * k21 / alpha]
    cp = np.zeros((count, len(SAMPLES)))
    for k, rate in enumerate(rates):
        product = np.prod([other - rate for j, other in enumerate(rates) if j != k], axis=0)
        share = 1000 / p["vc"] * 50 * ka * (k21 - rate) / product
        cp += share[:, None] * np.exp(-rate[:, None] * SAMPLES)
    z = np.random.Generator(np.random.PCG64(20261125)).standard_normal((count, len(SAMPLES)))
    noisy = cp * np.exp(0.1 * z)
    noisy[:, 0] = 0
    write("workload-c/profiles.csv", ["subject", "time", "conc"],
          ([str(i + 1), f"{t:g}", f"{c:.10g}"] for i, own in enumerate(noisy) for t, c in zip(SAMPLES, own)))


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    a = draw("workload-a", n)
    draw("workload-b", n)
    profiles(a, n)
    print(f"{n} people in {HERE}")
