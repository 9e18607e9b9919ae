#!/usr/bin/env bash
# Everything that must hold, from nothing: installs what it needs from the package registries,
# builds once, runs each suite, stops what it started, and ends with a count of all of them.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
passed=0
failed=0

step() { # name, command...
  local name=$1 began=$SECONDS
  shift
  printf '\n==> %s\n' "$name"
  if "$@" 2>&1 | tee "$log/step"; then
    printf '    %s: %s s\n' "$name" "$((SECONDS - began))"
    count "$log/step"
  else
    printf '    %s FAILED after %s s\n' "$name" "$((SECONDS - began))"
    count "$log/step"
    failed_steps+=("$name")
  fi
}
failed_steps=()

# Adds up what the runners say at their end: cargo test and vitest.
count() {
  local p f
  p=$(sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '/^test result:/ {n += $4} /^ *Tests +/ {for (i = 1; i < NF; i++) if ($(i+1) == "passed") n += $i} END {print n + 0}')
  f=$(sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '/^test result:/ {n += $6} /^ *Tests +/ {for (i = 1; i < NF; i++) if ($(i+1) == "failed") n += $i} END {print n + 0}')
  passed=$((passed + p))
  failed=$((failed + f))
}

# A browser and Python's venv come from Debian's packages where they are missing.
system_packages() {
  local wanted=()
  command -v chromium >/dev/null 2>&1 || wanted+=(chromium)
  python3 -c 'import ensurepip' >/dev/null 2>&1 || wanted+=(python3-venv)
  [ ${#wanted[@]} -eq 0 ] && return 0
  echo "installing ${wanted[*]}"
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "These are needed by the tests and can't be installed from here: ${wanted[*]}" >&2
    return 1
  fi
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
}

export TEST_BINARY=$root/target/debug/thread
step "system packages" system_packages
step "web: install" bash -c 'cd web && npm ci --no-audit --no-fund'
step "web: lint" bash -c 'cd web && npm run --silent lint'
step "web: build" bash -c 'cd web && npm run --silent build && npm run --silent size'
step "web: unit tests" bash -c 'cd web && npm test'
step "rust: formatting" cargo fmt --all --check
step "rust: clippy" cargo clippy --workspace --all-targets --locked -- -D warnings
step "rust: build" cargo build --workspace --all-targets --locked
step "generated files" scripts/generate.sh --check
step "rust: tests" cargo test --workspace --locked --no-fail-fast
step "web: end to end" bash -c 'cd web && npm run --silent e2e'

printf '\n%s passed, %s failed\n' "$passed" "$failed"
if [ ${#failed_steps[@]} -ne 0 ]; then
  printf 'These failed: %s\n' "${failed_steps[*]}" >&2
  exit 1
fi
