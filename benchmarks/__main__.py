"""Runs every pair in turn (A B A B ...), each measurement in a process of its own, and prints ratios.

    python -m benchmarks                       all
    python -m benchmarks classifier imports    some
    python -m benchmarks --rounds 1 trees      measured once each

A ratio above 1 says how many times faster ours is. Beside it: the spread (smallest and largest ratio of neighbouring
runs), peak memory of the process, and the floor: the FLOPs of the work at the rate of a large matrix product here. With
a GPU both sides are on it.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys

from benchmarks import (
    attention,
    beam_search,
    classifier,
    floor,
    imports,
    memory_network,
    pointing,
    search,
    trees,
    turing_machine,
    verbs,
)

WORKS = {
    "classifier": classifier,
    "attention": attention,
    "beam_search": beam_search,
    "trees": trees,
    "turing_machine": turing_machine,
    "memory_network": memory_network,
    "imports": imports,
}
# How cost grows with size, and what a search adds: no peer, figures of their own.
SWEEPS = {
    "growth": beam_search.growth,
    "pointing": pointing.growth,
    "nodes": trees.growth,
    "slots": turing_machine.growth,
    "hops": memory_network.growth,
    "search": search.overhead,
    "verbs": verbs.table,
}
ROUNDS = 3


def measure(command: list[str], environment: dict[str, str]) -> dict:
    """Runs one contender in a fresh process and reads the JSON on its last line."""
    clean = {key: value for key, value in os.environ.items() if key != "KERAS_BACKEND"}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, *command], env=clean | quiet | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().split("\n")[-1])


def run(work, rounds: int = ROUNDS) -> None:
    rate, device = floor.measured()
    print(f"\n{work.__doc__.split(chr(10))[0]}  ({device}; a large matrix product: {rate / 1e9:.0f} GFLOP/s)")
    print(f"{'work':<26}{'ours':<22}{'ours ms':>9}{'peer':>20}{'peer ms':>9}", end="")
    print(f"{'ratio':>8}{'spread':>14}{'MB':>12}{'floor':>8}")
    for label, ours, peer, flops in work.pairs():
        backend = ours[2].get("KERAS_BACKEND", "")
        if backend and importlib.util.find_spec(backend) is None:
            print(f"{label:<26}{ours[0]:<22}{backend} is not installed here")
            continue
        seen = [(measure(*ours[1:]), measure(*peer[1:])) for _ in range(rounds)]
        ratios = [b["ms"] / a["ms"] for a, b in seen]
        mine, other = (statistics.median(each[side]["ms"] for each in seen) for side in (0, 1))
        memory = "/".join(str(round(statistics.median(each[side]["mb"] for each in seen))) for side in (0, 1))
        least = f"{flops / rate * 1e3:.1f}" if flops else "-"
        print(
            f"{label:<26}{ours[0]:<22}{mine:>9.1f}{peer[0]:>20}{other:>9.1f}{other / mine:>7.2f}x"
            f"{min(ratios):>7.2f}-{max(ratios):<6.2f}{memory:>12}{least:>8}",
            flush=True,
        )


def main() -> None:
    known = WORKS | SWEEPS
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(known)}; none: all")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="measurements of each side")
    chosen = parser.parse_args()
    for name in chosen.names or known:
        if name not in known:
            sys.exit(f"Unknown benchmark {name!r}. Known: {', '.join(known)}")
        if name in SWEEPS:
            SWEEPS[name]()
        else:
            run(WORKS[name], chosen.rounds)


if __name__ == "__main__":
    main()
