/* How many ways between others pass through each node. */
#include "kernels.h"

typedef struct {
    uint8_t *byte;  /* level of each node, while it fits */
    int32_t *level; /* where it does not; made when it is needed */
    double *paths, *share;
    int32_t *queue, *further; /* nodes by level; for each, the ties that lead one level on */
    int64_t *first;
    double *total, *squares; /* what the present sources add */
} lanes;

#define LEVEL uint8_t
#define DEEPEST 255
#define SEARCH search_shallow
#include "search.h"
#undef LEVEL
#undef DEEPEST
#undef SEARCH
#define LEVEL int32_t
#define DEEPEST INT32_MAX
#define SEARCH search_deep
#include "search.h"

static int ready(lanes *s, const net *g, int squares) {
    int64_t n = g->n;
    *s = (lanes){take(n, 1), NULL, take_zeros(n, 8), take(n, 8), take(n + 1, 4), take(g->start[n] + 1, 4),
                 take(n + 1, 8), take(n, 8), squares ? take(n, 8) : NULL};
    if (!s->byte || !s->paths || !s->share || !s->queue || !s->further || !s->first || !s->total) return 0;
    memset(s->byte, 255, (size_t)n);
    return !squares || s->squares;
}

static void release(lanes *s) {
    free(s->byte), free(s->level), free(s->paths), free(s->share), free(s->queue), free(s->further);
    free(s->first), free(s->total), free(s->squares);
}

static int search(const net *g, int32_t source, lanes *s) {
    if (search_shallow(g, source, s->byte, s, s->total, s->squares)) return 1;
    if (!s->level) {
        s->level = take(g->n, 4);
        if (!s->level) return 0;
        for (int64_t v = 0; v < g->n; v++) s->level[v] = INT32_MAX;
    }
    return search_deep(g, source, s->level, s, s->total, s->squares);
}

/* Dependencies of the sources on each node, added up, and their squares unless NULL. Every 32 sources
 * add up for themselves, and these sums are added in their order, whoever made them. */
API int betweenness(const net *g, int64_t sources, const int32_t *source, double *total, double *squares) {
    enum { TOGETHER = 32 };
    int64_t n = g->n, chunks = (sources + TOGETHER - 1) / TOGETHER;
    int threads = team(sources * g->start[n], chunks), failed = 0;
    memset(total, 0, (size_t)n * 8);
    if (squares) memset(squares, 0, (size_t)n * 8);
#pragma omp parallel num_threads(threads)
    {
        lanes s;
        int usable = ready(&s, g, squares != NULL);
#pragma omp for schedule(dynamic, 1) ordered
        for (int64_t c = 0; c < chunks; c++) {
            if (usable) {
                memset(s.total, 0, (size_t)n * 8);
                if (squares) memset(s.squares, 0, (size_t)n * 8);
            }
            for (int64_t i = c * TOGETHER; usable && i < sources && i < (c + 1) * TOGETHER; i++)
                if (degree(g, source[i])) usable = search(g, source[i], &s);
#pragma omp ordered
            if (usable)
                for (int64_t v = 0; v < n; v++) {
                    total[v] += s.total[v];
                    if (squares) squares[v] += s.squares[v];
                }
        }
        if (!usable) {
#pragma omp atomic write
            failed = 1;
        }
        release(&s);
    }
    return failed ? NO_MEMORY : OK;
}
