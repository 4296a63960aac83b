"""Cases of `ingot serve`: what arrives while it runs, how soon it can be queried, and what that costs."""

import datetime
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.request


class Service:
    """A running service, with its log, and its memory and queue as they were once a second."""

    def __init__(self, ingot, folder):
        self.ingot, self.folder = ingot, folder
        arguments = [ingot, "serve", "--port", "0", "--log-format", "json"]
        self.process = subprocess.Popen(
            arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.events, self.samples, self.ended = [], [], threading.Event()
        self.start = time.time()
        self.address = self.process.stdout.readline().strip()
        self.threads = [threading.Thread(target=self.follow), threading.Thread(target=self.sample)]
        for thread in self.threads:
            thread.start()

    def follow(self):
        for line in self.process.stderr:
            self.events.append(json.loads(line))

    def sample(self):
        while not self.ended.wait(1):
            try:
                status = open(f"/proc/{self.process.pid}/status").read()
                memory = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024
                files = len(os.listdir(f"/proc/{self.process.pid}/fd"))
                text = urllib.request.urlopen(self.address + "/metrics", timeout=30).read().decode()
                age = float(re.search(r"^ingot_queue_age_seconds\{.*\} (.*)$", text, re.M)[1])
                self.samples.append((time.time() - self.start, memory, files, age))
            except OSError:
                return

    @property
    def loaded(self):
        return sum(event["loaded"] for event in list(self.events) if event["event"] == "committed")

    def wait_for(self, count, timeout):
        """Waits until so many objects are loaded, and says when the last one was."""
        deadline = time.time() + timeout
        while self.loaded < count:
            if time.time() > deadline or self.process.poll() is not None:
                sys.exit(f"the service loaded {self.loaded} of {count} objects:\n{self.events[-5:]}")
            time.sleep(0.05)
        return instant([event for event in self.events if event["event"] == "committed"][-1]["time"])

    def stop(self):
        self.ended.set()
        self.process.terminate()
        self.threads[0].join()
        if self.process.wait() != 0:
            sys.exit("the service did not end well")

    def latencies(self, arrivals):
        """From each arrival to the commit of its rows, in seconds: what is committed can be queried."""
        committed = {e["load_id"]: instant(e["time"]) for e in self.events if e["event"] == "committed"}
        sql = "SELECT DISTINCT _source_file, _load_id FROM silver.events"
        rows = json.loads(
            subprocess.run(
                [self.ingot, "query", sql, "--output", "json"], cwd=self.folder, capture_output=True, check=True
            ).stdout
        )
        return sorted(committed[row["_load_id"]] - arrivals[row["_source_file"]] for row in rows)


def instant(text):
    return datetime.datetime.fromisoformat(text).timestamp()


def text_of(number):
    return "".join(
        json.dumps({"id": number * 10 + line, "device": f"d{line}", "at": "2026-11-01 10:00:00", "value": 1.5}) + "\n"
        for line in range(10)
    )


def arrive(folder, rate, seconds):
    """Lets files arrive at a steady rate, each complete at once; says when each did."""
    arrivals, start = {}, time.time()
    for number in range(int(rate * seconds)):
        due = start + number / rate
        time.sleep(max(0, due - time.time()))
        name = f"{number:07d}.jsonl"
        hidden = folder / "landing" / f".{name}"
        hidden.write_text(text_of(number))
        hidden.rename(folder / "landing" / name)
        arrivals[name] = time.time()
    return arrivals


def quantile(sorted_values, share):
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def steady(service, folder, rate, seconds):
    """One row of figures about a steady load."""
    arrivals = arrive(folder, rate, seconds)
    service.wait_for(len(arrivals), 300)
    latencies = service.latencies(arrivals)
    service.stop()
    if len(latencies) != len(arrivals):
        sys.exit(f"{len(latencies)} of {len(arrivals)} objects are in the table")
    samples = [sample for sample in service.samples if sample[0] < seconds]
    third = max(1, len(samples) // 3)
    memory = [statistics.mean(sample[1] for sample in part) / 1e6 for part in (samples[:third], samples[-third:])]
    return [
        f"{rate}/s for {seconds} s",
        f"{statistics.median(latencies) * 1000:.0f} ms",
        f"{quantile(latencies, 0.99) * 1000:.0f} ms",
        f"{latencies[-1] * 1000:.0f} ms",
        f"{max(sample[3] for sample in samples):.2f} s",
        f"{memory[0]:.0f} to {memory[1]:.0f} MB",
    ]


def burst(service, folder, count):
    """One row of figures about many files that arrive at once."""
    waiting = folder / "waiting"
    waiting.mkdir()
    for number in range(count):
        (waiting / f"{number:07d}.jsonl").write_text(text_of(number))
    begin = time.time()
    for entry in os.scandir(waiting):
        os.rename(entry.path, folder / "landing" / entry.name)
    moved = time.time()
    end = service.wait_for(count, 3600)
    service.stop()
    return [
        f"{count:,} at once",
        f"{moved - begin:.1f} s",
        f"{end - begin:.0f} s",
        f"{count / (end - begin):.0f}/s",
        f"{max(sample[1] for sample in service.samples) / 1e6:.0f} MB",
        max(sample[2] for sample in service.samples),
    ]


def restart(ingot, folder):
    """How long a new service takes in a folder of loaded objects until it loads another one, in seconds."""
    begin = time.time()
    service = Service(ingot, folder)
    ready = time.time() - begin
    time.sleep(5)
    (folder / "landing" / "another.jsonl").write_text(text_of(9_999_999))
    arrived = time.time()
    loaded = service.wait_for(1, 60) - arrived
    service.stop()
    shutil.rmtree(folder)
    return ready, loaded
