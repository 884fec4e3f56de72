// Who writes an import, whether it is done, and for how many milliseconds nothing came; no row for an unknown number.
MATCH (i:Import {number: $number})
RETURN i.writer AS writer, i.done AS done, timestamp() - i.beat AS idle
