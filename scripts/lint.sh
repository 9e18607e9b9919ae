#!/usr/bin/env bash
# Formatting, clippy with warnings denied, types and linter. Changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
(cd web && npm run --silent lint && npx tsc --noEmit)
