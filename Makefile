# Every target is one command that also works without make.
.PHONY: check generate test bench

check: ## what CI does: gofmt, vet, generated files, tests
	.ci/run

generate: ## rewrites every checked-in generated file
	go generate ./...

test:
	go test ./...

bench:
	go test -run '^$$' -bench . -benchmem ./...
