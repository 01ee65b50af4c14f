# The commands of the project. `make run` and `make test` do all the set-up themselves.
IMAGE =
ARGS =
SECONDS = 60
SEED = 1

.PHONY: help run test test-plain test-threads check-speed bless fuzz fuzz-robust fuzz-devices fuzz-devices-coverage oracles bench lint roms check-roms setup setup-run clean

help:
	@echo "make run [IMAGE=disk.img] [ARGS=...]  build, then start a machine with the demo disk or with IMAGE"
	@echo "make test                             build everything and run all tests"
	@echo "make test-plain                       the core's tests in a build without tail calls"
	@echo "make test-threads                     ten machines at once under Thread Sanitizer"
	@echo "make check-speed                      the release's hot machine code, and what an instruction costs"
	@echo "make fuzz [SECONDS=60] [SEED=1]       compare random code with this computer's CPU and with Unicorn"
	@echo "make fuzz-robust [SECONDS=60] [SEED=1]  random code in random states: nothing may trap"
	@echo "make fuzz-devices [SECONDS=60] [SEED=1]  drive the devices of whole machines: nothing may trap"
	@echo "make fuzz-devices-coverage [SECONDS=60]  the same by libFuzzer, with Address Sanitizer"
	@echo "make bench [ARGS=--quick]             measure the speed on the benchmark floppies, beside QEMU where it is"
	@echo "make lint                             format and rules of the tree"
	@echo "make roms                             assemble BIOS, VGA BIOS, test ROMs and the demo disk, and embed them"
	@echo "make check-roms                       assemble them again and compare with what is committed"
	@echo "make setup                            install what is missing"

run: setup-run
	swift build -c release --product swift86
	.build/release/swift86 boot $(ARGS) $(if $(IMAGE),"$(IMAGE)")

test: setup
	swift build
	swift test

fuzz: oracles
	swift build -c release --product fuzz
	.build/release/fuzz --seconds $(SECONDS) --seed $(SEED)

fuzz-robust:
	swift build -c release --product fuzz
	.build/release/fuzz --robust --seconds $(SECONDS) --seed $(SEED)

fuzz-devices:
	swift build -c release --product fuzz
	.build/release/fuzz --devices --seconds $(SECONDS) --seed $(SEED)

# A package of its own: libFuzzer brings its own main. Its inputs are kept in .build/fuzz/corpus, and grow.
fuzz-devices-coverage:
	swift build -c release --product fuzz
	cd Tests/DeviceFuzz && swift build -c release --sanitize=fuzzer --sanitize=address \
	    --scratch-path "$(CURDIR)/.build/device-fuzz"
	.build/release/fuzz --devices --seed $(SEED) --corpus .build/fuzz/seeds
	mkdir -p .build/fuzz/corpus .build/fuzz/devices
	ASAN_OPTIONS=detect_leaks=0 .build/device-fuzz/release/DeviceFuzz -max_total_time=$(SECONDS) -timeout=60 \
	    -rss_limit_mb=3000 -max_len=6000 -seed=$(SEED) -artifact_prefix=.build/fuzz/devices/ \
	    .build/fuzz/corpus .build/fuzz/seeds

# What cannot be built is missing, and the fuzzer says so.
oracles:
	-@.ci/setup fuzz
	-@$(MAKE) -C Tests/Oracles OUT="$(CURDIR)/.build/fuzz"

# Handlers return to a loop; nothing but the speed may differ. The trait leaves out the window as well.
test-plain: setup
	swift test --traits PlainLoop --scratch-path .build/plain --filter 'PCCoreTests|VectorTests|FuzzingTests'

# Handlers that jump to each other have no place for the sanitizer's calls.
test-threads: setup
	swift test --traits PlainLoop --sanitize thread --scratch-path .build/threads --filter tenRunAtOnce

check-speed: setup
	swift build -c release --product swift86
	.ci/check-handlers
	.ci/check-host-instructions

# Takes what an instruction costs now for the limits of check-speed.
bless: setup
	swift build -c release --product swift86
	.ci/check-host-instructions --bless

bench: setup
	swift build -c release --product swift86
	python3 Benchmarks/run.py .build/release/swift86 $(ARGS)

lint:
	.ci/lint

roms: setup
	for folder in BIOS/vga BIOS BIOS/dos TestROMs/demo TestROMs; do \
	    if [ -f $$folder/Makefile ]; then $(MAKE) -B -C $$folder || exit 1; fi; \
	done
	BIOS/embed.sh

check-roms: setup
	.ci/check-roms

setup:
	@.ci/setup test

setup-run:
	@.ci/setup run

clean:
	rm -rf .build
