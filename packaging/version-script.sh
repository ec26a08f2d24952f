#!/bin/sh
# Prints the version script of the shared library: each function of tests/abi/symbols.txt in the node of the version that
# introduced it, each node on top of the one before, and nothing else exported.
set -eu
exec awk '
    { split($2, part, "."); node = part[1] * 1000 + part[2]; list[node] = list[node] "        " $1 ";\n" }
    END {
        while (1) {
            next_node = -1
            for (node in list)
                if (node + 0 > last && (next_node < 0 || node + 0 < next_node)) next_node = node + 0
            if (next_node < 0) exit
            name = "MLAB_" int(next_node / 1000) "." next_node % 1000
            printf "%s {\n    global:\n%s%s}%s;\n", name, list[next_node], before ? "" : "    local:\n        *;\n", before
            before = " " name
            last = next_node
        }
    }' "$(dirname "$0")/../tests/abi/symbols.txt"
