# Every target a person needs, one line each. `make` alone prints this list; the text comes from the `##` comments.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# The parts of one build share a scratch folder, which SwiftPM locks: running targets side by side gains nothing.
.NOTPARALLEL:

SWIFT ?= swift
SECONDS_PER_TARGET ?= 60
SOURCES := Sources Tests bench/state bench/templates Package.swift
# One after the other: tests that kill and stall servers measure how soon all is well again.
TEST := $(SWIFT) test --disable-xctest --no-parallel

.PHONY: help start stop restart status logs certs setup build test test-stack test-browser test-containers test-sanitized test-outside attack check format lint bench screenshots allocations fuzz docs configuration run-api run-web clean

help: ## list the targets
	@echo 'Gatehouse. make TARGET, where TARGET is one of:'
	@awk -F ':[^#]*## ' '/^[a-z][a-z-]*:.*## / { printf "  %-16s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

start: ## install, build and start everything, natively or in containers (STACK=native|compose), and say how to sign in
	@init/stack start

stop: ## end what start has started, and wait until it is gone; data stays
	@init/stack stop

restart: ## stop, then start
	@init/stack restart

status: ## show each part, its address and its health; fails when one is not well
	@init/stack status

logs: ## follow the logs of all parts, or of PART=api
	@init/stack logs

certs: ## make a certificate for development, where there is none
	@init/native/certs

setup: ## install what build, test and bench need (Debian packages; quick when all is there)
	@.ci/setup build test check stack browser bench

build: ## build both programs for release, into .build/release
	@.ci/setup build
	$(SWIFT) build -c release --static-swift-stdlib --product gatehouse-api
	$(SWIFT) build -c release --static-swift-stdlib --product gatehouse-web

test: ## install what is missing, then run every test
	@.ci/setup build test check stack browser
	@# A test build makes the programs that the parts after it start.
	@.ci/test $(TEST)

test-stack: ## run the tests of nginx' configuration and of the native stack, with programs built for development
	@.ci/setup build check stack
	$(SWIFT) build --product gatehouse-api
	$(SWIFT) build --product gatehouse-web
	python3 -m unittest discover --start-directory Tests/Stack

test-browser: ## run the tests of the pages in a real browser, through nginx, with programs built for development
	@.ci/setup build check stack browser
	$(SWIFT) build --product gatehouse-api
	$(SWIFT) build --product gatehouse-web
	.ci/browser -m unittest discover --start-directory Tests/Browser

screenshots: build ## take pictures of every page into docs/screenshots
	@.ci/setup stack browser screenshots
	@PROGRAMS=$(CURDIR)/.build/release .ci/browser Tests/Browser/screenshots.py

test-containers: ## run the tests of the stack in containers; needs docker and minutes to build the images
	@.ci/setup check
	python3 Tests/Stack/containers/test_containers.py

test-sanitized: ## run every test under the thread sanitizer, then under the address sanitizer
	@.ci/setup build test
	@# A crash is to end the run: the backtracer would hold it open, and the sanitizers print their own.
	SWIFT_BACKTRACE=enable=no TSAN_OPTIONS="halt_on_error=1 suppressions=$(CURDIR)/.ci/thread-sanitizer.suppressions" \
		$(TEST) --sanitize=thread --scratch-path .build/thread-sanitizer
	SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS="suppressions=$(CURDIR)/.ci/leak-sanitizer.suppressions" \
		$(TEST) --sanitize=address --scratch-path .build/address-sanitizer

test-outside: build ## ask the running programs from outside: tokens, parallel refreshes, hostile input, schemathesis (ONLY="tokens …")
	@.ci/setup build outside
	@.ci/outside $(ONLY)

attack: build ## attack a private stack behind nginx in every way there is; takes hours, mostly the fuzzers' (ONLY="smuggling …")
	@.ci/setup build stack outside attack
	@PROGRAMS=$(CURDIR)/.build/release .ci/attack $(ONLY)

check: lint build test allocations ## lint, build, test and the pinned figures: what must pass before a commit
	@.ci/configuration check

configuration: build ## write docs/configuration.md from what the programs say
	@.ci/configuration

format: ## rewrite the Swift sources in the project's format
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

lint: ## fail when a Swift source is not in the project's format
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

bench: ## measure against nginx, pgbench, Flask, FastAPI and Go, and the budgets; results in bench/results (ROUNDS=n, ONLY="engine …")
	@.ci/setup build bench
	@bench/run

allocations: build ## count allocations, and reads and writes of sockets, per request and fail when they grew
	@.ci/setup check
	@bench/allocations.py
	@bench/hello.py

fuzz: ## fuzz every parser, each for SECONDS_PER_TARGET (60); ONLY="request …" for some
	@.ci/setup build
	@SECONDS_PER_TARGET=$(SECONDS_PER_TARGET) .ci/fuzz

docs: ## build the documentation of the Core modules into .build/docs
	@.ci/setup build
	@.ci/docs

run-api: ## build for development and run gatehouse-api here
	$(SWIFT) run gatehouse-api

run-web: ## build for development and run gatehouse-web here
	$(SWIFT) run gatehouse-web

clean: ## remove build products and .run (asks first; FORCE=1 does not)
	@.ci/clean
