/* Ties as they come, to sorted rows; turned round; folded from two modes to one. */
#include "kernels.h"

int forked = 0;
API void use_one_thread(void) { forked = 1; }

typedef struct {
    double weight;
    int32_t id;
} arc;

/* Where each of n counted groups starts; count[n] becomes the total. */
static void starts(int64_t n, int64_t *count) {
    int64_t at = 0;
    for (int64_t v = 0; v <= n; v++) {
        int64_t here = v < n ? count[v] : 0;
        count[v] = at;
        at += here;
    }
}

static inline int counts_as_tie(int32_t i, int32_t j, double w, int64_t loops) {
    return w > 0 && (loops || i != j);
}

static int faulty(int64_t m, const int32_t *i, const int32_t *j, const double *w, double lightest, double heaviest,
                  int64_t rows, int64_t columns) {
    int out = 0, bad = 0;
    for (int64_t e = 0; e < m; e++) out |= (i[e] < 0) | (i[e] >= rows) | (j[e] < 0) | (j[e] >= columns);
    if (w)
        for (int64_t e = 0; e < m; e++) bad |= !(w[e] == 0 || (w[e] >= lightest && w[e] <= heaviest));
    return out ? OUT_OF_RANGE : bad ? BAD_WEIGHT : OK;
}

/* Rows in order, in which an id may stand several times: add these up and close the gaps. */
static int64_t merged(int64_t n, int64_t *start, int32_t *id, double *weight) {
    int64_t o = 0, begin = 0;
    for (int64_t v = 0; v < n; v++) {
        int64_t end = start[v + 1], first = o;
        start[v] = o;
        for (int64_t p = begin; p < end; p++) {
            if (o > first && id[o - 1] == id[p]) {
                weight[o - 1] += weight[p];
                continue;
            }
            if (o != p) {
                id[o] = id[p];
                weight[o] = weight[p];
            }
            o++;
        }
        begin = end;
    }
    start[n] = o;
    return o;
}

/* Rows of m ties i -> j, weighing 0 or from `lightest` to `heaviest`, `id` and `weight` having room for m. Two counting sorts: by column, then by
 * row. Returns the number of arcs. */
API int64_t build_rows(int64_t rows, int64_t columns, int64_t m, const int32_t *i, const int32_t *j,
                       const double *w, double lightest, double heaviest, int64_t loops, int64_t *start, int32_t *id,
                       double *weight) {
    int fault = faulty(m, i, j, w, lightest, heaviest, rows, columns);
    if (fault) return fault;
    int64_t *by_column = take_zeros(columns + 1, 8), *end = take(rows + 1, 8);
    arc *sorted = take(m, sizeof *sorted);
    int64_t arcs = NO_MEMORY;
    if (!by_column || !end || !sorted) goto done;
    memset(start, 0, (size_t)(rows + 1) * 8);
    for (int64_t e = 0; e < m; e++)
        if (counts_as_tie(i[e], j[e], w ? w[e] : 1, loops)) by_column[j[e]]++, start[i[e]]++;
    starts(columns, by_column);
    starts(rows, start);
    memcpy(end, start, (size_t)(rows + 1) * 8);
    for (int64_t e = 0; e < m; e++) {
        double x = w ? w[e] : 1;
        if (counts_as_tie(i[e], j[e], x, loops)) sorted[by_column[j[e]]++] = (arc){x, i[e]};
    }
    for (int64_t c = 0, p = 0; c < columns; c++)
        for (; p < by_column[c]; p++) {
            int64_t q = end[sorted[p].id]++;
            id[q] = (int32_t)c;
            weight[q] = sorted[p].weight;
        }
    arcs = merged(rows, start, id, weight);
done:
    free(by_column), free(end), free(sorted);
    return arcs;
}

/* The same with each tie both ways, `id` and `weight` having room for 2m. A row is its smaller ids,
 * then its larger: sort the m ties by their larger end, put that into the rows of the smaller ends,
 * then walk these in order and put the smaller end into the rows of the larger. */
API int64_t build_symmetric(int64_t n, int64_t m, const int32_t *i, const int32_t *j, const double *w,
                            double lightest, double heaviest, int64_t *start, int32_t *id, double *weight) {
    int fault = faulty(m, i, j, w, lightest, heaviest, n, n);
    if (fault) return fault;
    int64_t *by_high = take_zeros(n + 1, 8), *larger = take_zeros(n + 1, 8), *low = take(n, 8), *high = take(n, 8);
    arc *sorted = take(m, sizeof *sorted);
    int64_t arcs = NO_MEMORY;
    if (!by_high || !larger || !low || !high || !sorted) goto done;
    for (int64_t e = 0; e < m; e++) {
        if (!counts_as_tie(i[e], j[e], w ? w[e] : 1, 0)) continue;
        larger[i[e] < j[e] ? i[e] : j[e]]++;
        by_high[i[e] < j[e] ? j[e] : i[e]]++;
    }
    start[0] = 0;
    for (int64_t v = 0; v < n; v++) {
        low[v] = start[v];
        high[v] = low[v] + by_high[v];
        start[v + 1] = high[v] + larger[v];
    }
    starts(n, by_high);
    for (int64_t e = 0; e < m; e++) {
        double x = w ? w[e] : 1;
        if (!counts_as_tie(i[e], j[e], x, 0)) continue;
        int up = i[e] < j[e];
        sorted[by_high[up ? j[e] : i[e]]++] = (arc){x, up ? i[e] : j[e]};
    }
    for (int64_t v = 0, p = 0; v < n; v++)
        for (; p < by_high[v]; p++) {
            int64_t q = high[sorted[p].id]++;
            id[q] = (int32_t)v;
            weight[q] = sorted[p].weight;
        }
    for (int64_t v = 0; v < n; v++)
        for (int64_t p = start[v + 1] - larger[v]; p < start[v + 1]; p++) {
            int64_t q = low[id[p]]++;
            id[q] = (int32_t)v;
            weight[q] = weight[p];
        }
    arcs = merged(n, start, id, weight);
done:
    free(by_high), free(larger), free(low), free(high), free(sorted);
    return arcs;
}

/* The ties that each column receives, as rows; `weight` may be NULL where g has none. */
API int transpose(const net *g, int64_t *start, int32_t *id, double *weight) {
    int64_t *end = take(g->columns + 1, 8);
    if (!end) return NO_MEMORY;
    memset(start, 0, (size_t)(g->columns + 1) * 8);
    for (int64_t p = 0; p < g->start[g->n]; p++) start[g->id[p]]++;
    starts(g->columns, start);
    memcpy(end, start, (size_t)(g->columns + 1) * 8);
    for (int64_t v = 0; v < g->n; v++)
        for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) {
            int64_t q = end[g->id[p]]++;
            id[q] = (int32_t)v;
            if (weight) weight[q] = g->weight[p];
        }
    free(end);
    return OK;
}

/* Whether each tie goes both ways, as strong: 1 or 0, or NO_MEMORY. Rows are sorted, so that the ties back
 * to v = 0, 1, ... stand in each row in that order. Strengths added up in another order may differ a little. */
API int mirrored(const net *g) {
    int64_t n = g->n, *at = take(n, 8);
    int same = 1;
    if (!at) return NO_MEMORY;
    memcpy(at, g->start, (size_t)n * 8);
    for (int64_t v = 0; v < n && same; v++)
        for (int64_t p = g->start[v]; p < g->start[v + 1] && same; p++) {
            int64_t u = g->id[p], q = at[u]++;
            same = q < g->start[u + 1] && g->id[q] == v && fabs(tie(g, p) - tie(g, q)) <= 1e-9 * tie(g, p);
        }
    free(at);
    return same;
}
