"""`solve` and `verify` of problem files, time limits, and Ctrl-C, as a user meets them."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from backend.commands import main, problems
from backend.nightly.exits import Exit
from benchmarks.generate import generate
from optimizer import Policy, Progress, load_problem, load_solution, save_problem, save_solution, verify
from optimizer.domain import TierStatus

ROOT = Path(__file__).resolve().parents[3]
SHEETS = [f"--{kind}={ROOT / 'sample_data' / kind}.csv" for kind in ("students", "professionals")]
AS_OF = "--as-of=2026-11-22T22:00"


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matching.toml").write_text((ROOT / "matching.toml").read_text())
    return tmp_path


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    path = tmp_path / "night.problem"
    save_problem(generate(60, 20), path, Policy(seed=4))
    return path


@pytest.fixture
def large_file(tmp_path: Path) -> Path:
    """Takes seconds to solve."""
    path = tmp_path / "large.problem"
    save_problem(generate(3_000, 1_000), path)
    return path


def test_a_problem_file_is_solved_and_its_solution_verified(problem_file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["solve", str(problem_file), "-o", "plan.solution"]) == Exit.DONE
    said = capsys.readouterr().out
    assert "proven best" in said
    assert "the checker accepts it" in said
    assert max(map(len, said.splitlines())) <= 80
    assert main(["verify", str(problem_file), "plan.solution", "--json"]) == Exit.DONE
    document = json.loads(capsys.readouterr().out)
    assert document["accepted"] is document["proven"] is True
    solution = load_solution(Path("plan.solution"))
    assert solution.plan.seed == 4
    assert len(document["sessions"]) == len(solution.plan.sessions)


def test_a_solution_of_another_problem_is_refused_with_code_6(problem_file: Path, tmp_path: Path):
    other = tmp_path / "other.problem"
    save_problem(generate(60, 20, seed=1), other, Policy(seed=4))
    main(["solve", str(problem_file), "-o", "plan.solution"])
    assert main(["verify", str(other), "plan.solution"]) == Exit.CHECKER_REJECTED


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello"])
def test_a_file_that_is_none_is_refused_in_one_line(problem_file: Path, tmp_path: Path, content: bytes, capsys):
    bad = tmp_path / "bad"
    bad.write_bytes(content)
    for arguments in (["solve", str(bad)], ["verify", str(problem_file), str(bad)], ["solve", "missing"]):
        assert main(arguments) == Exit.ERROR
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_question_that_plan_writes_holds_no_names_and_solves_as_well(capsys: pytest.CaptureFixture[str]):
    main(["plan", "-o", "night.json", "--problem", "night.problem", *SHEETS, AS_OF, "--json"])
    night = json.loads(capsys.readouterr().out)
    problem = load_problem(Path("night.problem"))
    assert set(problem.students) == {f"s{number}" for number in range(1, len(problem.students) + 1)}
    assert problem.student_windows is None
    assert main(["solve", "night.problem", "--json"]) == Exit.DONE
    alike = json.loads(capsys.readouterr().out)["tiers"][:-1]
    tiers = night["certificate"]["tiers"][: len(alike)]
    assert [one["value"] for one in alike] == [one["value"] for one in tiers]


def test_a_time_limit_gives_a_plan_that_says_how_far_from_the_best_it_may_be(large_file: Path, capsys):
    assert main(["solve", str(large_file), "--time-limit", "0.5", "-o", "plan.solution", "--json"]) == Exit.DONE
    document = json.loads(capsys.readouterr().out)
    assert document["accepted"] is True
    assert document["proven"] is False
    assert any(tier["status"] == "open" and tier["value"] > tier["bound"] for tier in document["tiers"])


def test_a_run_that_the_time_limit_cut_short_is_held_and_books_nothing(tmp_path: Path, capsys):
    arguments = ["run", *SHEETS, AS_OF, "--time-limit", "0"]
    assert main(arguments) == Exit.GATE_REFUSED
    assert "the time limit was over" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert main([*arguments, "--approve"]) == Exit.DONE


def test_ctrl_c_gives_the_best_plan_so_far_with_code_130(
    large_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def pressed(step: Progress) -> str:
        if step.round == 1:
            signal.raise_signal(signal.SIGINT)
        return step.tier

    monkeypatch.setattr(problems, "told", pressed)
    before = signal.getsignal(signal.SIGINT)
    assert main(["solve", str(large_file), "-o", "cut.solution"]) == Exit.INTERRUPTED
    printed = capsys.readouterr()
    assert "stopping with the best plan so far" in printed.err
    assert "the checker accepts it" in printed.out
    solution, problem = load_solution(tmp_path / "cut.solution"), load_problem(large_file)
    assert verify(problem, Policy(), solution.plan, solution.witness)
    assert TierStatus.OPEN in {tier.status for tier in solution.plan.tiers}
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_leaves_at_once(large_file: Path, monkeypatch: pytest.MonkeyPatch):
    def pressed_twice(step: Progress) -> str:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return step.tier

    monkeypatch.setattr(problems, "told", pressed_twice)
    assert main(["solve", str(large_file), "-o", "cut.solution"]) == Exit.INTERRUPTED
    assert not Path("cut.solution").exists()


def test_a_solution_that_was_changed_by_hand_is_rejected(problem_file: Path):
    main(["solve", str(problem_file), "-o", "plan.solution"])
    solution = load_solution(Path("plan.solution"))
    fewer = type(solution)(
        type(solution.plan)(
            solution.plan.sessions[1:], solution.plan.unmatched, solution.plan.tiers, solution.plan.engine, 4
        ),
        solution.witness,
    )
    save_solution(fewer, Path("plan.solution"))
    assert main(["verify", str(problem_file), "plan.solution"]) == Exit.CHECKER_REJECTED
