"""Runs the cases, each of Ingot and its peers in turn, and prints medians and ratios. Called by Benchmarks/run."""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import serving

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = HERE / ".work"
INGOT = str(ROOT / ".build/release/ingot")
ARRIVALS = str(ROOT / ".build/release/ArrivalsBenchmark")
WORKFLOWS = str(ROOT / ".build/release/WorkflowsBenchmark")
DAYS = sorted((ROOT / "../shared/data/retail_by_day").resolve().glob("*.csv"))
REPEATS = int(os.environ.get("REPEATS", "3"))


class Outcome:
    """What one finished command took: seconds of wall clock, and the peak of its own memory in bytes."""

    def __init__(self, seconds, memory, output):
        self.seconds, self.memory, self.output = seconds, memory, output


def command(arguments, folder=None):
    """Runs a command to its end, and stops the benchmark if it fails."""
    # What others left to be written would be paid for by whoever syncs next.
    os.sync()
    start = time.perf_counter()
    process = subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    errors = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))
    reader.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join()
    if process.returncode:
        sys.exit(f"{' '.join(map(str, arguments[:4]))} failed:\n{errors[0]}{output}")
    return Outcome(seconds, usage.ru_maxrss * 1024, output)


def peer(script, *arguments):
    return command([sys.executable, str(HERE / "peers" / script), *map(str, arguments)])


def project(name):
    """A fresh copy of a project of this folder."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "projects" / name, folder)
    (folder / "landing").mkdir()
    return folder


def forget(folder):
    """Makes a project one that has taken nothing in."""
    for part in ["lake", "bronze", ".ingot"]:
        shutil.rmtree(folder / part, ignore_errors=True)


def empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def table(title, rows, columns):
    print(f"\n## {title}\n")
    cells = [columns] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    for number, row in enumerate(cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |", flush=True)
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def compare(title, contestants, repeats=REPEATS):
    """Runs contestants in turn, round after round; ratios are medians of the rounds' own, so drift cancels."""
    rounds = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, run in contestants.items():
            rounds[name].append(run())
    own = rounds["Ingot"]
    rows = []
    for name, outcomes in rounds.items():
        ratio = statistics.median(mine.seconds / theirs.seconds for mine, theirs in zip(own, outcomes))
        rows.append(
            [
                name,
                f"{statistics.median(outcome.seconds for outcome in outcomes):.1f} s",
                f"{max(outcome.memory for outcome in outcomes) / 1e9:.2f} GB",
                f"{ratio:.2f}",
            ]
        )
    table(title, rows, ["", "median", "peak memory", "Ingot's time / this"])
    return rounds


def big_file():
    path = WORK / "big.csv"
    if not path.exists():
        WORK.mkdir(exist_ok=True)
        header = DAYS[0].read_bytes().split(b"\n", 1)[0] + b"\n"
        bodies = b"".join(day.read_bytes().split(b"\n", 1)[1].rstrip(b"\n") + b"\n" for day in DAYS)
        with open(path.with_suffix(".part"), "wb") as file:
            file.write(header)
            for _ in range(44):
                file.write(bodies)
        path.with_suffix(".part").rename(path)
    return path


def big():
    source = big_file()
    folder = project("big")
    os.link(source, folder / "landing" / "big.csv")
    out = WORK / "big-peer"

    def ingot():
        forget(folder)
        return command([INGOT, "run"], folder)

    contestants = {
        "Ingot": ingot,
        "Polars": lambda: peer("big_polars.py", source, empty(out)),
        "DuckDB by hand": lambda: peer("big_duckdb.py", source, empty(out)),
        "pandas": lambda: peer("big_pandas.py", source, empty(out)),
    }
    if os.environ.get("SPARK") == "1":
        contestants["Spark local[2]"] = lambda: peer("big_spark.py", source, empty(out))
    compare(f"Big file: {source.stat().st_size / 1e6:.0f} MB CSV, validated, by day, rejected rows kept", contestants)
    files = len(list((folder / "lake/silver").rglob("*.parquet")))
    days = len(DAYS)
    print(f"\nIngot's data files of silver: {files} for {days} days.")
    shutil.rmtree(out, ignore_errors=True)


def small_project():
    folder = project("small")
    random.seed(1)
    for number in range(10_000):
        lines = (
            json.dumps(
                {
                    "id": number * 10 + line,
                    "device": f"d{random.randrange(200)}",
                    "at": f"2026-11-{1 + number % 20:02d} 10:{line:02d}:00",
                    "value": round(random.uniform(-2, 98), 3),
                }
            )
            for line in range(10)
        )
        (folder / "landing" / f"{number:05d}.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def small():
    folder = small_project()
    source = folder / "landing"
    out = WORK / "small-peer"

    def ingot():
        forget(folder)
        return command([INGOT, "run"], folder)

    rounds = compare(
        "10,000 objects of 10 JSON lines",
        {
            "Ingot": ingot,
            "Polars, one scan": lambda: peer("small_polars.py", source, empty(out)),
            "DuckDB, one statement": lambda: peer("small_duckdb.py", source, empty(out)),
            "dlt": lambda: peer("small_dlt.py", source, empty(out)),
        },
    )
    seconds = statistics.median(outcome.seconds for outcome in rounds["Ingot"])
    print(f"\nIngot: {10_000 / seconds:.0f} objects/s, the whole process measured, with bronze, ledger and commit.")


def latency():
    folder = small_project()
    command([INGOT, "run"], folder)
    rows = []
    for words, limit in [
        (["query", "select 1"], 150),
        (["query", "select count(*) from gold.devices"], 600),
        (["run"], 300),
    ]:
        times = [command([INGOT, *words], folder).seconds * 1000 for _ in range(11)]
        rows.append([f"ingot {' '.join(words)}", f"{statistics.median(times):.0f} ms", f"{max(times):.0f} ms", limit])
    table("Latency in a project with 10,000 loaded objects", rows, ["", "median", "most", "limit, ms"])


def days():
    rows = []
    for name, run in [
        ("Ingot", lambda: command([ARRIVALS, str(project("days")), *map(str, DAYS)])),
        ("pandas, plain files", lambda: peer("days_pandas.py", empty(WORK / "days-peer"), *DAYS)),
        ("pyiceberg append", lambda: peer("days_pyiceberg.py", empty(WORK / "days-peer"), *DAYS)),
        ("dlt", lambda: peer("days_dlt.py", empty(WORK / "days-peer"), *DAYS)),
    ]:
        times = [float(line) for line in run().output.split()]
        first, last = statistics.mean(times[:50]), statistics.mean(times[-50:])
        rows.append(
            [name, f"{statistics.mean(times):.0f} ms", f"{first:.0f} ms", f"{last:.0f} ms", f"{last / first:.2f}"]
        )
    table(f"{len(DAYS)} days arriving one by one in one process", rows, ["", "mean", "first 50", "last 50", "ratio"])


def late():
    """A late day into a table of all days, and the same into a table of that day alone."""

    def project_of(files):
        folder = project("late")
        for day in files:
            shutil.copy(day, folder / "landing")
        command([INGOT, "run"], folder)
        lines = DAYS[60].read_text().splitlines(keepends=True)
        (folder / "landing" / "late.csv").write_text("".join(lines[:400]))
        outcome = command([INGOT, "run", "--output", "json"], folder)
        models = json.loads(outcome.output)["models"]
        return outcome.seconds * 1000, models[0]["seconds"] * 1000, models[0]["intervals"]

    rows = []
    results = {"all days": [], "that day alone": []}
    for _ in range(max(5, REPEATS)):
        results["all days"].append(project_of(DAYS))
        results["that day alone"].append(project_of([DAYS[60]]))
    for name, found in results.items():
        rows.append(
            [
                name,
                f"{statistics.median(run for run, _, _ in found):.0f} ms",
                f"{statistics.median(model for _, model, _ in found):.0f} ms",
                found[0][2],
            ]
        )
    table("A late file: its rows, and the daily totals of its day", rows, ["table of", "ingot run", "model", "intervals"])
    ratio = statistics.median(a[0] / b[0] for a, b in zip(*results.values()))
    print(f"\nRatio of the whole runs: {ratio:.2f}.")


def workflows():
    """A Map of 2,000 items of three Pass states, in moto's interpreter and here; and what larger ones need."""
    folder = WORK / "workflows"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "projects/workflows", folder)
    (folder / "items").mkdir()
    document = WORK / "items.json"
    document.write_text(json.dumps({"items": list(range(2_000))}))
    definition = folder / "workflows/each.asl.json"

    def ingot(mode, workflow="each", items=document):
        forget(folder)
        outcome = command([WORKFLOWS, mode, str(folder), workflow, str(items)])
        return json.loads(outcome.output)["seconds"], outcome.memory

    def moto():
        outcome = peer("map_moto.py", definition, document)
        return float(outcome.output), outcome.memory

    contestants = {
        "moto": moto,
        "Ingot in memory": lambda: ingot("memory"),
        "Ingot, durable": lambda: ingot("durable"),
    }
    rounds = {name: [] for name in contestants}
    for _ in range(REPEATS):
        for name, run in contestants.items():
            rounds[name].append(run())
    rows = []
    for name, outcomes in rounds.items():
        ratio = statistics.median(theirs[0] / mine[0] for mine, theirs in zip(outcomes, rounds["moto"]))
        seconds = statistics.median(seconds for seconds, _ in outcomes)
        rows.append([name, f"{seconds * 1000:.1f} ms", f"{6_001 / seconds:.0f}", f"{ratio:.0f}"])
    table(
        "A Map of 2,000 items of three Pass states, from its start to its end",
        rows,
        ["", "median", "transitions/s", "times as fast as moto"],
    )
    rows = []
    for count in [10_000, 100_000]:
        (folder / "items/items.jsonl").write_text("".join(f'{{"number": {number}}}\n' for number in range(count)))
        empty_input = WORK / "empty.json"
        empty_input.write_text("{}")
        seconds, memory = ingot("durable", "many", empty_input)
        rows.append([f"{count:,}", f"{seconds:.1f} s", f"{memory / 1e6:.0f} MB"])
    table("A distributed Map, durable, with a file of items and files of results", rows, ["items", "time", "peak memory"])
    seconds, _ = ingot("start")
    print(f"\nParsing, validating and starting that machine durably: {seconds * 1000:.1f} ms, limit 5 ms.")
    suite = HERE.parent.parent / "shared/conformance"
    outcome = command([WORKFLOWS, "expressions", str(suite / "jsonata.jsonl"), str(suite / "jsonata_datasets.json")])
    slowest = [json.loads(line) for line in outcome.output.splitlines()]
    rows = [[case["id"], f"{case['seconds'] * 1000:.1f} ms"] for case in slowest]
    table("The slowest expressions of the JSONata suite (case006 is the endless recursion)", rows, ["case", "time"])


def serve():
    rows = []
    for rate, seconds in [(50, 60), (200, 300)]:
        folder = project("small")
        rows.append(serving.steady(serving.Service(INGOT, folder), folder, rate, seconds))
    columns = ["arrivals", "median", "99 %", "most", "oldest in the queue", "memory, first and last third"]
    table("A running service: from a file's arrival to rows that can be queried", rows, columns)
    folder = project("small")
    count = int(os.environ.get("BURST", "100000"))
    row = serving.burst(serving.Service(INGOT, folder), folder, count)
    table("Many files at once", [row], ["files", "arriving", "loaded after", "rate", "peak memory", "most open files"])
    ready, loaded = serving.restart(INGOT, folder)
    print(f"\nA service started anew there is ready after {ready * 1000:.0f} ms; one more file takes {loaded * 1000:.0f} ms.")


CASES = {"big": big, "small": small, "days": days, "latency": latency, "late": late, "serve": serve, "workflows": workflows}

if __name__ == "__main__":
    if not DAYS:
        sys.exit("measure: ../shared/data/retail_by_day is not there: the cases are made of it")
    chosen = sys.argv[1:] or list(CASES)
    unknown = [name for name in chosen if name not in CASES]
    if unknown:
        sys.exit(f"measure: unknown case {', '.join(unknown)}; there are {', '.join(CASES)}")
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    print(f"{os.cpu_count()} cores ({model}), {pages / 2**30:.0f} GiB, load {os.getloadavg()[0]:.1f}")
    for name in chosen:
        CASES[name]()
