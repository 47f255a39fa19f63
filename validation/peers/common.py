"""Reads the shared parameters and expectations and reports time and error."""
import csv
import os
import resource

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference")
TIMES = [3.37 * j for j in range(1, 201)]
DOSES = [24.0 * k for k in range(28)]


def parameters(workload):
    with open(os.path.join(ROOT, workload, "parameters.csv")) as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def report(name, workload, seconds, subjects, value):
    """`value(subject, j, output)`: subject and output from zero, j from one."""
    worst = 0.0
    with open(os.path.join(ROOT, workload, "expected.csv")) as file:
        for row in csv.reader(file):
            if row[0] == "subject":
                continue
            for output, expected in enumerate(map(float, row[2:])):
                got = value(int(row[0]) - 1, int(row[1]), output)
                worst = max(worst, abs(got / expected - 1.0))
    print(f"{name}, {workload}: {1e6 * seconds / subjects:.1f} us a subject, worst error {worst:.1e}")
