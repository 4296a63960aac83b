.PHONY: setup

# The native DuckDB and its extensions, in .native/ (see Scripts/setup). Instant when they are there already.
setup:
	@Scripts/setup
