#!/usr/bin/env bash
# Says in a clear sentence which toolchain is missing.
set -u
missing=0
need() { # command, minimum major.minor, how to get it
  local found
  if ! command -v "$1" >/dev/null 2>&1; then
    echo "Thread needs $1 $2 or newer, and there is none: $3" >&2
    missing=1
    return
  fi
  found=$("$1" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+' | head -n 1)
  if [ "$(printf '%s\n%s\n' "$2" "$found" | sort -V | head -n 1)" != "$2" ]; then
    echo "Thread needs $1 $2 or newer, and this is $found: $3" >&2
    missing=1
  fi
}
need cargo 1.95 "install Rust with rustup (https://rustup.rs)"
need node 20.19 "install Node.js 20 or newer"
need npm 10.0 "it comes with Node.js"
need cc 0.0 "install a C compiler, such as Debian's build-essential (SQLite is compiled in)"
exit "$missing"
