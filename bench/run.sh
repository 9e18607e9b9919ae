#!/usr/bin/env bash
# Measures everything on this machine: servers on core 0, generators on core 1. Takes about
# 20 minutes. Nothing else should run meanwhile: ratios of one run are to be trusted, single
# figures are not.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v taskset >/dev/null || { echo "the benchmarks need taskset (Debian: util-linux)" >&2; exit 1; }
cargo build --release --locked --package thread --package job-bench --package fan-out-bench --package storage-bench
printf '## Machine\n\n%s, %s cores, %s\n' "$(date -u +%F)" "$(nproc)" \
  "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
printf '\n## Fan-out\n\n'
target/release/fan-out
printf '\n## Storage\n\n'
target/release/storage-bench
printf '\n## The whole job\n\n'
taskset -c 1 target/release/job-bench
