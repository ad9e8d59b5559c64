# Every target is one script in scripts/, so that each can be read, run and checked on its own.
.PHONY: help run build test check bench assets clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1	/'

run: ## install what is missing, build, and serve the demonstration on http://localhost:8080
	@scripts/run

build: ## build bin/cultured, one binary
	@scripts/build

test: ## install what the tests need and run all of them: both databases, a real browser
	@scripts/test

check: ## formatting, vet, staticcheck, then everything test runs
	@scripts/check

bench: ## measure start-up, memory and latency; writes bench/results/
	@scripts/bench

assets: ## rebuild the styles and islands that are committed
	@go run ./cmd/assets

clean: ## remove what was built here
	@rm -rf bin
