"""How long a night takes: `python -m benchmarks.night --students 300 --professionals 100 --peer dense-flow --json`."""

from __future__ import annotations

import argparse
import json
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

from benchmarks.generate import VARIANTS, generate
from optimizer import Policy, Problem, Progress, solve, verify
from optimizer.flow.engine import FlowEngine
from optimizer.tables import Tables, Tier

Report = dict[str, Any]


def main(arguments: list[str] | None = None) -> None:
    """Runs the engine, and a peer if asked, each in a process of its own so that memory is told apart."""
    asked = _arguments(arguments)
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        report = pool.submit(_single if asked.single or asked.peer else _tiers, asked).result()
        reports = {"engine": report}
        if asked.peer:
            reports[asked.peer] = pool.submit(_peer, asked).result()
    print(json.dumps(reports, indent=2) if asked.json else _table(reports))


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night", description=__doc__)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--professionals", type=int, default=100)
    parser.add_argument("--cells", type=int, default=120)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--variant", choices=VARIANTS, default="plain")
    parser.add_argument("--alpha", default="1", help="a number or leximin")
    parser.add_argument("--gap", type=float, help="stop at a tier within so many per cent of the best")
    parser.add_argument("--seconds", type=float, help="stop after so long")
    parser.add_argument("--single", action="store_true", help="one weighted objective instead of the tiers")
    parser.add_argument(
        "--peer", choices=("dense-flow", "highs", "cp-sat", "greedy"), help="also this way; implies --single"
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _night(asked: argparse.Namespace) -> tuple[Problem, Policy]:
    alpha = asked.alpha if asked.alpha == "leximin" else float(asked.alpha)
    problem = generate(asked.students, asked.professionals, asked.cells, asked.seed, asked.variant)
    return problem, Policy(alpha=alpha, seed=asked.seed)


def _tiers(asked: argparse.Namespace) -> Report:
    """All tiers, as on a real night: solve and verify."""
    begun = time.perf_counter()
    problem, policy = _night(asked)
    heard: list[Progress] = []
    started = time.perf_counter()

    def enough() -> bool:
        if asked.seconds is not None and time.perf_counter() - started > asked.seconds:
            return True
        return bool(asked.gap is not None and heard and 0 < _gap(heard[-1].value, heard[-1].bound) <= asked.gap)

    stops = asked.gap is not None or asked.seconds is not None
    solution = solve(problem, policy, progress=heard.append, stop=enough if stops else None)
    solved = time.perf_counter()
    verdict = verify(problem, policy, solution.plan, solution.witness)
    checked = time.perf_counter()
    return {
        "build_seconds": round(started - begun, 3),
        "solve_seconds": round(solved - started, 3),
        "verify_seconds": round(checked - solved, 3),
        "accepted": verdict.accepted,
        "matched": len(solution.plan.sessions),
        "rounds": heard[-1].round,
        "columns": heard[-1].columns,
        "peak_megabytes": _peak(),
        "cpu_seconds": round(time.process_time(), 1),
        "witness_bytes": len(solution.witness.to_bytes()),
        "tiers": [
            {
                "name": tier.name,
                "value": tier.value,
                "bound": tier.bound,
                "status": str(tier.status),
                "gap_per_cent": round(_gap(tier.value, tier.bound), 5),
            }
            for tier in solution.plan.tiers
        ],
    }


def _gap(value: int, bound: int) -> float:
    """Per cent of the value."""
    return 100 * (value - bound) / max(1, abs(value))


def _single(asked: argparse.Namespace) -> Report:
    """One weighted objective: seniority first, then fit."""
    problem, policy = _night(asked)
    started = time.perf_counter()
    tables = Tables.of(problem, policy)
    tier = _weighted(tables)
    result = FlowEngine(replace(tables, tiers=(tier,)), None).prove_first()
    seconds = time.perf_counter() - started
    return {
        "seconds": round(seconds, 3),
        "matched": len(result.i),
        "value": tables.value(tier, result),
        "status": "proven",
        "peak_megabytes": _peak(),
    }


def _peer(asked: argparse.Namespace) -> Report:
    from benchmarks.peers import PEERS

    problem, policy = _night(asked)
    started = time.perf_counter()
    tables = Tables.of(problem, policy)
    tier = _weighted(tables)
    matched, value, status = PEERS[asked.peer](tables, tier)
    seconds = time.perf_counter() - started
    return {
        "seconds": round(seconds, 3),
        "matched": matched,
        "value": value,
        "status": status,
        "peak_megabytes": _peak(),
    }


def _weighted(tables: Tables) -> Tier:
    coverage, fit = tables.tiers[0], next(tier for tier in tables.tiers if tier.name == "fit")
    assert coverage.unmatched is not None
    assert fit.by_level is not None
    return Tier("weighted", unmatched=coverage.unmatched * 2_000_000, by_level=fit.by_level)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _table(reports: dict[str, Report]) -> str:
    lines = []
    for name, report in reports.items():
        lines.append(name)
        lines += [f"  {key:16} {value}" for key, value in report.items() if key != "tiers"]
        lines += [
            f"    {t['name']:28} {t['value']:>16} {t['status']:<14} {t['gap_per_cent']} %"
            for t in report.get("tiers", ())
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
