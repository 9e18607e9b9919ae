#!/usr/bin/env bash
# Writes what is generated from the code: the OpenAPI and AsyncAPI documents, and from the first
# the web app's types. With --check it only says whether they are up to date.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${TEST_BINARY:-target/debug/thread}
[ -x "$binary" ] || cargo build --locked --package thread
"$binary" openapi >web/openapi.json
"$binary" asyncapi >docs/asyncapi.yaml
(cd web && npm run --silent gen)
if [ "${1:-}" = --check ] && ! git diff --exit-code --stat -- web/openapi.json docs/asyncapi.yaml web/src/api/schema.d.ts; then
  echo "These are generated from the code and out of date: run 'make docs' and commit them." >&2
  exit 1
fi
