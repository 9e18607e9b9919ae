#!/usr/bin/env bash
# The server on :8080, built anew when its sources change, and Vite on :5173 in front of it.
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'kill 0' EXIT
(cd web && npm run dev) &
while true; do
  stamp=$(mktemp)
  if cargo build --package thread; then
    target/debug/thread serve --data-dir data --public-url http://localhost:5173 &
    server=$!
  else
    server=
  fi
  until find crates -name '*.rs' -newer "$stamp" | grep -q .; do sleep 1; done
  rm -f "$stamp"
  [ -z "$server" ] || { kill "$server" && wait "$server" || true; }
done
