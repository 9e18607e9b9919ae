# Everything one can do here. `make` alone prints this list.

CARGO ?= cargo
NPM ?= npm
DATA_DIR ?= data
LISTEN ?= 127.0.0.1:8080
WEB_STAMP := web/node_modules/.package-lock.json
WEB_DIST := web/dist/index.html
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -path web/public/emoji -prune -o -type f -print 2>/dev/null)

.PHONY: help run build test bench dev lint fmt docs tools web

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build and start Thread on embedded storage; prints the address
	target/release/thread serve --listen $(LISTEN) --data-dir $(DATA_DIR)

build: tools $(WEB_DIST) ## Build target/release/thread with the web app inside
	$(CARGO) build --release --locked --package thread

test: tools ## Install what the tests need, start it, run everything, stop it
	scripts/test.sh

bench: tools $(WEB_DIST) ## Measure: figures and method are in bench/README.md
	bench/run.sh

dev: tools $(WEB_STAMP) ## Server and web app, both rebuilt as you save
	scripts/dev.sh

lint: tools $(WEB_STAMP) ## Formatting, clippy with warnings denied, types, linter
	scripts/lint.sh

fmt: tools $(WEB_STAMP) ## Format everything
	$(CARGO) fmt --all
	cd web && $(NPM) run --silent fmt

docs: tools ## Write the OpenAPI document and the web app's types from the code
	scripts/generate.sh

tools:
	@scripts/check-tools.sh

web: $(WEB_DIST)

$(WEB_STAMP): web/package.json web/package-lock.json
	cd web && $(NPM) ci --no-audit --no-fund

$(WEB_DIST): $(WEB_STAMP) $(WEB_SOURCES)
	cd web && $(NPM) run --silent build
