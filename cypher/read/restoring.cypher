// Who is replacing what the store holds, and for how many milliseconds nothing came; no row if nobody is.
MATCH (m:Manifest {id: 'restore'})
RETURN m.writer AS writer, timestamp() - m.beat AS idle
ORDER BY writer
