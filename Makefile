# What contributors type. The gate is .ci/run; CONTRIBUTING.md says more.

FUZZTIME ?= 10m
SOAKTIME ?= 10m

.PHONY: build test race lint fuzz bench soak dependencies versions release gate

build: ## all modules; "go build ./..." fails at the root, which is not a module
	go build work

test:
	go test work

race:
	go test -race work

lint: ## needs staticcheck
	gofmt -l .
	go vet work
	staticcheck work

fuzz: ## every fuzz target of the repository, for FUZZTIME each
	.ci/fuzz $(FUZZTIME)

bench: ## conformance/bench/RESULTS.md and docs/bench.svg
	go run ./conformance/bench/report

soak: ## every framework under load, for SOAKTIME
	go run ./conformance/soak -d $(SOAKTIME)

dependencies: ## docs/dependencies.md
	go run ./tools/dependencies >docs/dependencies.md

versions: ## the oldest and the newest version of each framework
	go run ./tools/versions

release: ## the rehearsal; CONTRIBUTING.md says how to release
	.ci/release

gate:
	.ci/run
