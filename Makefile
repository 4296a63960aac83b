# The two commands of the README are `make demo` and `make test`; each does all of its own set-up.
# Both build in the same configuration and folder, so that the second one has little left to build.

.PHONY: setup build demo test simulate fuzz lint peers release clean

# The native DuckDB and its extensions, in .native/ (see Scripts/setup). Instant when they are there already.
setup:
	@Scripts/setup

build: setup
	swift build --product ingot

# Runs the five examples; run again, it says that nothing is new.
demo: build
	@INGOT="$$PWD/.build/debug/ingot" Scripts/demo

# All tests. Those with outside clients need `make peers` and say so where it has not run.
test: setup
	swift build --build-tests
	@Scripts/test

# Plays SEEDS histories of a service with faults, from FIRST on.
SEEDS ?= 20000
FIRST ?= 1
simulate: setup
	swift build --build-tests
	INGOT_SIMULATION_SEEDS=$(SEEDS) INGOT_SIMULATION_FIRST=$(FIRST) swift test --skip-build --filter SimulationTests

# Fuzzes the interpreter of workflows for SECONDS_MAX seconds, guided by coverage.
fuzz:
	@Scripts/fuzz

# Outside clients for the tests (pyiceberg, DuckDB and OpenLineage for Python), pinned by hash, in .native/peers.
peers: setup
	@Scripts/python-peers

# The optimised program, at .build/release/ingot.
release: setup
	swift build -c release --product ingot

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks

clean:
	@Scripts/demo clean
	rm -rf .build .native
