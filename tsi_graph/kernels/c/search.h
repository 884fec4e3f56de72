/* The ways from one source, and what depends on each node along them (Brandes 2001). Read twice by
 * betweenness.c, with LEVEL a byte for speed and an int32_t for networks deeper than a byte can say.
 * Needs: LEVEL, DEEPEST (unseen; all levels are below it), SEARCH (its name). */

/* Returns 0, leaving no trace, if some node is too deep. */
static int SEARCH(const net *g, int32_t source, LEVEL *level, lanes *s, double *total, double *squares) {
    int64_t head = 0, found = 1, arcs = 0;
    double *paths = s->paths, *share = s->share;
    int32_t *queue = s->queue, *further = s->further;
    int64_t *first = s->first;
    int deep = 0;
    queue[0] = source;
    level[source] = 0;
    paths[source] = 1;
    while (head < found) {
        int32_t v = queue[head];
        int64_t next = (int64_t)level[v] + 1;
        if (next >= DEEPEST) {
            deep = 1;
            break;
        }
        first[head++] = arcs;
        double ways = paths[v];
        int64_t mine = arcs;
        /* No branch: each id is written behind the queue and the list, and counted if it belongs there. */
        for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) {
            int32_t u = g->id[p];
            LEVEL at = level[u];
            int fresh = at == (LEVEL)DEEPEST;
            at = fresh ? (LEVEL)next : at;
            level[u] = at;
            queue[found] = u;
            found += fresh;
            further[arcs] = u;
            arcs += at == (LEVEL)next;
        }
        for (int64_t a = mine; a < arcs; a++) paths[further[a]] += ways;
    }
    if (!deep) {
        first[found] = arcs;
        for (int64_t i = found - 1; i > 0; i--) {
            int32_t v = queue[i];
            double depends = 0;
            for (int64_t a = first[i]; a < first[i + 1]; a++) depends += share[further[a]];
            depends *= paths[v];
            share[v] = (1 + depends) / paths[v];
            total[v] += depends;
            if (squares) squares[v] += depends * depends;
        }
    }
    for (int64_t i = 0; i < found; i++) {
        level[queue[i]] = (LEVEL)DEEPEST;
        paths[queue[i]] = 0;
    }
    return !deep;
}
