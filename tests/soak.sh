#!/usr/bin/env bash
# One client for as long as you like against a service that fails in every way it knows: drops, resets, slow replies, 429,
# 5xx, cut and garbled bodies, bad certificates, an address that changes. 200 jobs are open, downloads among them.
# It fails unless memory, threads and descriptors are flat, the troubles came and nothing is left at the end; ten seconds
# with a leak in the program, which it must see, come first.
#
#     tests/soak.sh [SECONDS]        60 unless said, at least 30, or some troubles do not come; a line every 10 s, and
#                                    every minute of a run of more than two
#
# The picture is target/soak.svg.
set -euo pipefail
cd "$(dirname "$0")/.."
MLAB_SOAK_SECONDS=${1:-60} exec cargo test --quiet --test soak -- --ignored --nocapture --test-threads=1
