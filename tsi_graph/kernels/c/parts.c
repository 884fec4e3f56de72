/* What hangs together, how densely, and by what. */
#include "kernels.h"

/* Peel off whoever has fewest contacts left (Batagelj & Zaversnik 2003). */
API int core(const net *g, int32_t *number) {
    int64_t n = g->n;
    int32_t most = 0;
    for (int64_t v = 0; v < n; v++) {
        number[v] = (int32_t)degree(g, v);
        if (number[v] > most) most = number[v];
    }
    int32_t *bin = take_zeros((int64_t)most + 2, 4), *place = take(n, 4), *order = take(n, 4);
    int status = bin && place && order ? OK : NO_MEMORY;
    if (status) goto done;
    for (int64_t v = 0; v < n; v++) bin[number[v] + 1]++;
    for (int32_t d = 1; d <= most; d++) bin[d] += bin[d - 1];
    for (int64_t v = 0; v < n; v++) {
        place[v] = bin[number[v]]++;
        order[place[v]] = (int32_t)v;
    }
    for (int32_t d = most; d > 0; d--) bin[d] = bin[d - 1];
    bin[0] = 0;
    for (int64_t i = 0; i < n; i++) {
        int32_t v = order[i], k = number[v];
        for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) {
            int32_t u = g->id[p], d = number[u];
            if (d <= k) continue;
            /* u has one contact fewer: change places with the first of its bin, which then starts behind it. */
            int32_t first = order[bin[d]];
            if (u != first) {
                order[bin[d]] = u;
                order[place[u]] = first;
                place[first] = place[u];
                place[u] = bin[d];
            }
            bin[d]++;
            number[u] = d - 1;
        }
    }
done:
    free(bin), free(place), free(order);
    return status;
}

static inline int32_t root(int32_t *part, int32_t v) {
    while (part[v] != v) {
        part[v] = part[part[v]];
        v = part[v];
    }
    return v;
}

static inline void join(int32_t *part, int32_t u, int32_t v) {
    int32_t a = root(part, u), b = root(part, v);
    if (a < b) part[b] = a;
    else part[a] = b;
}

/* The smallest node of each node's part. The first two ties of each node join almost all of the
 * largest part, whose other ties need not be read then (Afforest, Sutton et al. 2018). */
API int components(const net *g, int32_t *part) {
    enum { FIRST = 2, SAMPLE = 1024 };
    int64_t n = g->n;
    int32_t *seen = take_zeros(n, 4), largest = 0;
    if (!seen) return NO_MEMORY;
    for (int64_t v = 0; v < n; v++) part[v] = (int32_t)v;
    for (int64_t r = 0; r < FIRST; r++)
        for (int64_t v = 0; v < n; v++)
            if (r < degree(g, v)) join(part, (int32_t)v, g->id[g->start[v] + r]);
    for (int64_t v = 0; v < n; v++) part[v] = root(part, (int32_t)v);
    for (int64_t v = 0; v < n; v += 1 + n / SAMPLE)
        if (++seen[part[v]] > seen[largest]) largest = part[v];
    for (int64_t v = 0; v < n; v++)
        if (part[v] != largest)
            for (int64_t p = g->start[v] + FIRST; p < g->start[v + 1]; p++) join(part, (int32_t)v, g->id[p]);
    for (int64_t v = 0; v < n; v++) part[v] = root(part, (int32_t)v);
    free(seen);
    return OK;
}

/* Depth first (Tarjan 1972): a part that leads no higher than a node hangs on it. Marks such nodes and
 * writes such ties, smaller end first (room for n - 1 of them). Returns the number of ties. */
API int64_t cuts(const net *g, uint8_t *node, int32_t *tie_a, int32_t *tie_b) {
    int64_t n = g->n, ties = NO_MEMORY;
    int32_t *seen = take_zeros(n, 4), *low = take(n, 4), *stack = take(n, 4), clock = 0;
    int64_t *at = take(n, 8);
    if (!seen || !low || !stack || !at) goto done;
    ties = 0;
    memset(node, 0, (size_t)n);
    for (int64_t r = 0; r < n; r++) {
        if (seen[r]) continue;
        int64_t top = 0;
        int below = 0;
        stack[0] = (int32_t)r;
        seen[r] = low[r] = ++clock;
        at[r] = g->start[r];
        while (top >= 0) {
            int32_t v = stack[top], parent = top ? stack[top - 1] : -1;
            if (at[v] < g->start[v + 1]) {
                int32_t u = g->id[at[v]++];
                if (!seen[u]) {
                    seen[u] = low[u] = ++clock;
                    at[u] = g->start[u];
                    stack[++top] = u;
                    below += top == 1;
                } else if (u != parent && seen[u] < low[v]) {
                    low[v] = seen[u];
                }
                continue;
            }
            top--;
            if (parent < 0) continue;
            if (low[v] < low[parent]) low[parent] = low[v];
            if (low[v] >= seen[parent] && top > 0) node[parent] = 1;
            if (low[v] > seen[parent]) {
                tie_a[ties] = v < parent ? v : parent;
                tie_b[ties++] = v < parent ? parent : v;
            }
        }
        node[r] = below > 1;
    }
done:
    free(seen), free(low), free(stack), free(at);
    return ties;
}
