# Two commands for a fresh machine: `make demo` and `make test`. Both install what is missing.
#
#   make build   the library, into build/           make bench [W=name,name]   timings against PyTorch's
#   make check   the quick tests, under a minute    make docs    docs/*ops.md from the registries
#   make lint    luacheck, clang-format, warnings   make debug   the tests under sanitizers
#   make annotations   library/, types for editors
#   make setup   what the others install            make install PREFIX=/usr/local
#   make clean   removes what was built            make format  clang-format, in place
#
# BUILD names the build folder, CC the compiler, JOBS how many compile at once.

BUILD ?= build
PREFIX ?= /usr/local
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
OPTIONS ?=

.PHONY: build demo test check bench docs annotations lint debug format setup install clean
.DEFAULT_GOAL := build

build:
	@dev/setup.sh build
	@dev/build.sh $(BUILD) $(JOBS) $(OPTIONS)

demo: build
	@TOCHA_BUILD=$(BUILD) bin/tocha examples/digits.lua

test:
	@dev/setup.sh test
	@dev/build.sh $(BUILD) $(JOBS) -DCHECKS=ON $(OPTIONS)
	@TOCHA_BUILD=$(BUILD) dev/test.sh

check:
	@dev/setup.sh test
	@dev/build.sh $(BUILD) $(JOBS) $(OPTIONS)
	@TOCHA_BUILD=$(BUILD) dev/test.sh quick

bench: build
	@TOCHA_BUILD=$(BUILD) dev/bench.sh $(W)

docs: build
	@TOCHA_BUILD=$(BUILD) bin/tocha dev/docs.lua docs/ops.md
	@TOCHA_BUILD=$(BUILD) bin/tocha dev/onnx-docs.lua docs/onnx-ops.md

annotations: build
	@TOCHA_BUILD=$(BUILD) bin/tocha dev/annotations.lua library

lint:
	@dev/setup.sh lint
	@JOBS=$(JOBS) dev/lint.sh

format:
	@dev/setup.sh lint
	@dev/lint.sh format

debug:
	@dev/setup.sh test
	@dev/build.sh build-debug $(JOBS) -DSANITIZE=ON -DCHECKS=ON $(OPTIONS)
	@dev/debug.sh build-debug

setup:
	@dev/setup.sh lint

install: build
	cmake --install $(BUILD) --prefix $(PREFIX)

clean:
	rm -rf build build-* build.luarocks
