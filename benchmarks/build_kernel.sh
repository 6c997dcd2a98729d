#!/usr/bin/env bash
# Builds crmkit/solvers/kernel/kernel.wasm from the C beside it, and records of which sources it is.
# Needs clang and lld (Debian: apt-get install clang lld). Give a file name to build there instead, recording nothing.
set -euo pipefail
cd "$(dirname "$0")/../crmkit/solvers/kernel"
out="${1:-kernel.wasm}"
clang --target=wasm32 -std=c11 -nostdlib -O3 -msimd128 -mbulk-memory -fno-builtin -ffp-contract=off \
  -Wl,--no-entry -Wl,--strip-all -o "$out" kernel.c
if (($# == 0)); then
  { clang --version | head -n 1; cat kernel.c $(printf '%s\n' *.h | LC_ALL=C sort) | sha256sum | cut -d' ' -f1; sha256sum <kernel.wasm | cut -d' ' -f1; } >built.txt
fi
