/* How far everybody is from many sources at once: breadth-first search, one bit a source. */
#include "kernels.h"

enum { WORDS = 8, SOURCES = 64 * WORDS };
typedef struct {
    uint64_t bit[WORDS];
} __attribute__((aligned(64))) word_block;

typedef struct {
    void *room;                      /* of the blocks */
    word_block *seen, *front, *next; /* a block a node */
    uint8_t *full, *active, *fresh;  /* seen by all; in the front; in the next front */
    double *harmonic;
    int64_t *steps, *reached;
} search;

/* Blocks begin at multiples of their size; aligned_alloc is not there on Windows. */
static int ready(search *s, int64_t n) {
    char *room = take(3 * n + 1, sizeof(word_block));
    word_block *first = (word_block *)(room + (-(uintptr_t)room & (sizeof(word_block) - 1)));
    *s = (search){room,       first,      first + n,  first + 2 * n, take(n, 1),
                  take(n, 1), take(n, 1), take(n, 8), take(n, 8),    take(n, 8)};
    return room && s->full && s->active && s->fresh && s->harmonic && s->steps && s->reached;
}

static void release(search *s) {
    free(s->room), free(s->full), free(s->active), free(s->fresh);
    free(s->harmonic), free(s->steps), free(s->reached);
}

/* Keep what is new at v among the arriving bits; returns how many sources that are. */
static inline int settle(search *s, const word_block *arriving, const word_block *all, int64_t v) {
    uint64_t missing = 0, new_here = 0;
    int count = 0;
    word_block *seen = &s->seen[v], fresh;
    for (int k = 0; k < WORDS; k++) {
        fresh.bit[k] = arriving->bit[k] & ~seen->bit[k];
        seen->bit[k] |= fresh.bit[k];
        new_here |= fresh.bit[k];
        missing |= all->bit[k] & ~seen->bit[k];
        count += __builtin_popcountll(fresh.bit[k]);
    }
    s->full[v] = missing == 0;
    s->fresh[v] = new_here != 0;
    if (count) s->next[v] = fresh;
    return count;
}

/* One batch of at most 512 sources. Few active ties: their ends are pushed to; many: everybody pulls. */
CLONED
static void search_batch(const net *sent, const net *received, int64_t count, const int32_t *source, search *s) {
    int64_t n = sent->n, arcs = sent->start[n], front_arcs = 0;
    size_t bytes = (size_t)n * sizeof(word_block);
    memset(s->seen, 0, bytes), memset(s->front, 0, bytes);
    memset(s->full, 0, (size_t)n), memset(s->active, 0, (size_t)n);
    memset(s->harmonic, 0, (size_t)n * 8), memset(s->steps, 0, (size_t)n * 8), memset(s->reached, 0, (size_t)n * 8);
    word_block all;
    memset(&all, 0, sizeof all);
    for (int64_t i = 0; i < count; i++) {
        int64_t v = source[i];
        uint64_t bit = 1ull << (i & 63);
        all.bit[i >> 6] |= bit;
        s->seen[v].bit[i >> 6] |= bit;
        s->front[v].bit[i >> 6] |= bit;
        if (!s->active[v]) front_arcs += degree(sent, v);
        s->active[v] = 1;
    }
    for (int64_t step = 1; front_arcs; step++) {
        int64_t next_arcs = 0;
        double inverse = 1.0 / (double)step;
        int push = front_arcs * 4 < arcs;
        memset(s->fresh, 0, (size_t)n);
        if (push) {
            memset(s->next, 0, bytes);
            for (int64_t v = 0; v < n; v++) {
                if (!s->active[v]) continue;
                word_block here = s->front[v];
                for (int64_t p = sent->start[v]; p < sent->start[v + 1]; p++) {
                    word_block *there = &s->next[sent->id[p]];
                    s->fresh[sent->id[p]] = 1;
                    for (int k = 0; k < WORDS; k++) there->bit[k] |= here.bit[k];
                }
            }
        }
        for (int64_t v = 0; v < n; v++) {
            word_block arriving;
            if (push) {
                if (!s->fresh[v]) continue;
                arriving = s->next[v];
            } else {
                if (s->full[v]) continue;
                memset(&arriving, 0, sizeof arriving);
                for (int64_t p = received->start[v]; p < received->start[v + 1]; p++) {
                    int32_t u = received->id[p];
                    if (!s->active[u]) continue;
                    for (int k = 0; k < WORDS; k++) arriving.bit[k] |= s->front[u].bit[k];
                }
            }
            int found = settle(s, &arriving, &all, v);
            if (!found) continue;
            next_arcs += degree(sent, v);
            s->harmonic[v] += found * inverse;
            s->steps[v] += found * step;
            s->reached[v] += found;
        }
        word_block *front = s->front;
        s->front = s->next, s->next = front;
        uint8_t *active = s->active;
        s->active = s->fresh, s->fresh = active;
        front_arcs = next_arcs;
    }
}

/* For each node, over the sources that reach it: sum of 1/steps, sum of steps, how many. Each batch
 * counts for itself and batches are added up in their order, whoever searched them. */
API int distances(const net *sent, const net *received, int64_t sources, const int32_t *source,
                  double *harmonic, int64_t *steps, int64_t *reached) {
    int64_t n = sent->n, live = 0;
    memset(harmonic, 0, (size_t)n * 8), memset(steps, 0, (size_t)n * 8), memset(reached, 0, (size_t)n * 8);
    int32_t *from = take(sources, 4);
    if (!from) return NO_MEMORY;
    for (int64_t i = 0; i < sources; i++)
        if (degree(sent, source[i])) from[live++] = source[i];
    int64_t batches = (live + SOURCES - 1) / SOURCES;
    int threads = team(batches * sent->start[n], batches), failed = 0;
#pragma omp parallel num_threads(threads)
    {
        search s;
        int usable = ready(&s, n);
        if (!usable) {
#pragma omp atomic write
            failed = 1;
        }
#pragma omp for schedule(dynamic, 1) ordered
        for (int64_t b = 0; b < batches; b++) {
            int64_t first = b * SOURCES, count = live - first < SOURCES ? live - first : SOURCES;
            if (usable) search_batch(sent, received, count, from + first, &s);
#pragma omp ordered
            if (usable)
                for (int64_t v = 0; v < n; v++) {
                    harmonic[v] += s.harmonic[v];
                    steps[v] += s.steps[v];
                    reached[v] += s.reached[v];
                }
        }
        release(&s);
    }
    free(from);
    return failed ? NO_MEMORY : OK;
}
