# make demo   installs the packages, builds, and records a master and two subordinates on the simulated bench
# make test   everything: g++, then clang with ASan+UBSan and short fuzz runs, then clang with TSan
# make bench  the benchmarks
# make proofs kills, full disks, power cuts in numbers, about ten minutes, as root; writes the tables of docs/recording-proofs.md
# make takes  takes of the bench, good ones and with every fault, about 20 minutes, as root; writes docs/take-proofs.md (LOAD=0: 6 minutes)
# make soak   nine simulated units for eight bench hours, about ten minutes; writes docs/soak-log.txt

SHELL := /bin/bash
JOBS ?= $(shell nproc)
# Much of the tests' time is waiting for simulated units, which work at the speed of real ones; but with more at a time than
# this, sanitizers make programs too slow for them.
CTEST = ctest --output-on-failure --no-tests=error -j $$(((3 * $(JOBS) + 1) / 2))
BUILD ?= build

.PHONY: all deps release demo test test-dev test-asan test-tsan bench proofs takes soak clean
all: release

deps:
	@tools/install-packages packages.txt

release: deps
	cmake --preset release -B $(BUILD)/release
	cmake --build $(BUILD)/release -j $(JOBS)

demo: release
	tools/demo $(BUILD)/release/bin

test: test-dev test-asan test-tsan
	@echo "make test: all variants passed"

test-dev test-asan test-tsan: test-%: deps
	cmake --preset $* -B $(BUILD)/$* -D CMAKE_UNITY_BUILD=ON
	cmake --build $(BUILD)/$* -j $(JOBS)
	$(CTEST) --test-dir $(BUILD)/$*

bench: deps
	cmake --preset bench -B $(BUILD)/bench
	cmake --build $(BUILD)/bench -j $(JOBS)
	$(BUILD)/bench/bin/genlock_bench
	$(BUILD)/bench/bin/geometry_bench
	$(BUILD)/bench/bin/recording_bench --folder $(BUILD)/bench

proofs: deps
	cmake --preset dev -B $(BUILD)/dev
	cmake --build $(BUILD)/dev -j $(JOBS) --target proofs
	tools/prove-recordings $(BUILD)/dev

takes: deps
	cmake --preset dev -B $(BUILD)/dev
	cmake --build $(BUILD)/dev -j $(JOBS) --target takes
	tools/prove-takes $(BUILD)/dev $(LOAD)

soak: deps
	cmake --preset dev -B $(BUILD)/dev
	cmake --build $(BUILD)/dev -j $(JOBS) --target genlock_soak
	set -o pipefail; $(BUILD)/dev/tests/genlock_soak 480 | tee docs/soak-log.txt

clean:
	rm -rf $(BUILD)
