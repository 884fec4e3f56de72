/* Every kernel on many random networks, for AddressSanitizer and UndefinedBehaviorSanitizer to watch,
 * with 1, 2 and 4 threads, whose answers must be the same bits. Usage: fuzz [COUNT [SEED]]; without a seed
 * the clock gives one, and in any case it is printed first, so that what is found can be found again. */
#include <stdio.h>
#include <time.h>

#include "kernels.h"

static uint64_t state;
static uint64_t next(void) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state;
}
static int64_t below(int64_t n) { return n > 0 ? (int64_t)(next() % (uint64_t)n) : 0; }

/* FNV-1a over all that the kernels answer. */
static uint64_t digest;
static void note(const void *data, size_t bytes) {
    const uint8_t *b = data;
    for (size_t i = 0; i < bytes; i++) digest = (digest ^ b[i]) * 1099511628211ull;
}
#define LIGHTEST 1e-180 /* as csr.py says */
#define HEAVIEST 1e100
static void must(int64_t answer, const char *what) {
    if (answer >= 0) return;
    fprintf(stderr, "%s answered %lld\n", what, (long long)answer);
    exit(1);
}

typedef struct {
    net net;
    int64_t *start;
    int32_t *id;
    double *weight;
} owned;

static owned empty(int64_t n, int64_t columns, int64_t arcs) {
    owned g = {.start = take(n + 1, 8), .id = take(arcs, 4), .weight = take(arcs, 8)};
    g.net = (net){n, columns, g.start, g.id, g.weight};
    return g;
}
static void drop(owned *g) { free(g->start), free(g->id), free(g->weight); }
static void note_rows(const owned *g) {
    note(g->start, (size_t)(g->net.n + 1) * 8);
    note(g->id, (size_t)g->start[g->net.n] * 4);
    note(g->weight, (size_t)g->start[g->net.n] * 8);
}

/* One network in each of its forms: symmetric, directed with what is received, two-mode with both sides. */
typedef struct {
    int64_t n, events;
    owned both_ways, sent, received, events_of, members_of;
} family;

static family made(int64_t n, int64_t m, int64_t events, int crowded, int heavy, int line) {
    int32_t *i = take(m, 4), *j = take(m, 4), *x = take(m, 4);
    double *w = take(m, 8);
    for (int64_t e = 0; e < m; e++) {
        i[e] = (int32_t)below(crowded ? below(n) + 1 : n);
        j[e] = (int32_t)below(n);
        x[e] = (int32_t)below(events);
        if (line) i[e] = (int32_t)(e % n), j[e] = (int32_t)((e + 1) % n);
        w[e] = below(8) == 0 ? 0 : heavy ? ldexp(1, (int)below(900) - 580) : (double)(1 + below(4));
    }
    family f = {n, events, empty(n, n, 2 * m), empty(n, n, m), empty(n, n, m), empty(n, events, m), empty(events, n, m)};
    must(build_symmetric(n, m, i, j, w, LIGHTEST, HEAVIEST, f.both_ways.start, f.both_ways.id, f.both_ways.weight), "build_symmetric");
    must(build_rows(n, n, m, i, j, w, LIGHTEST, HEAVIEST, 0, f.sent.start, f.sent.id, f.sent.weight), "build_rows");
    must(transpose(&f.sent.net, f.received.start, f.received.id, f.received.weight), "transpose");
    must(build_rows(n, events, m, i, x, w, LIGHTEST, HEAVIEST, 1, f.events_of.start, f.events_of.id, f.events_of.weight), "build_rows");
    must(transpose(&f.events_of.net, f.members_of.start, f.members_of.id, f.members_of.weight), "transpose");
    if (m) { /* what is wrong is refused before anything is written */
        i[m - 1] = below(2) ? (int32_t)n : -1;
        if (build_rows(n, n, m, i, j, w, LIGHTEST, HEAVIEST, 0, f.sent.start, f.sent.id, f.sent.weight) != OUT_OF_RANGE) must(-9, "an end out of range");
        const double bad[] = {NAN, -1, LIGHTEST / 2, HEAVIEST * 2};
        i[m - 1] = 0, w[m - 1] = bad[below(4)];
        if (build_symmetric(n, m, i, j, w, LIGHTEST, HEAVIEST, f.both_ways.start, f.both_ways.id, f.both_ways.weight) != BAD_WEIGHT) must(-9, "a bad weight");
    }
    free(i), free(j), free(x), free(w);
    return f;
}

static void strengths(const net *g, double *s) {
    for (int64_t v = 0; v < g->n; v++) {
        s[v] = 0;
        for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) s[v] += tie(g, p);
    }
}

static void fold(const family *f, const double *share) {
    int64_t n = f->n, *from = take(n + 1, 8), *end = take(n, 8), *after = take(f->events_of.start[n], 8);
    int64_t room = project_room(&f->events_of.net, &f->members_of.net, from, after);
    must(room, "project_room");
    int32_t *later = take(room, 4);
    double *strong = take(room, 8);
    int64_t ties = project_later(&f->events_of.net, &f->members_of.net, share, from, after, end, later, strong);
    must(ties, "project_later");
    owned g = empty(n, n, 2 * ties);
    must(project(n, from, end, later, strong, g.start, g.id, g.weight), "project");
    note_rows(&g);
    drop(&g);
    free(from), free(end), free(after), free(later), free(strong);
}

static void everything(const family *f, int weighted) {
    int64_t n = f->n, k = 3, more = n > f->events ? n : f->events;
    net both = f->both_ways.net, sent = f->sent.net, received = f->received.net;
    if (!weighted) both.weight = sent.weight = received.weight = NULL;
    double *a = take(n, 8), *b = take(n, 8), *c = take(n, 8), *s = take(more, 8), *score = take(n * k, 8), *basis = take(n * 5, 8);
    int64_t *x = take(n, 8), *y = take(n * 5, 8);
    int32_t *p = take(n, 4), *q = take(n, 4), *all = take(n, 4), *ids = take(n * k, 4);
    uint8_t *mark = take(n, 1);
    for (int64_t v = 0; v < n; v++) all[v] = (int32_t)v;
    must(structural_holes(&both, a, b, c, x), "structural_holes");
    note(a, (size_t)n * 8), note(b, (size_t)n * 8), note(c, (size_t)n * 8), note(x, (size_t)n * 8);
    for (int64_t v = 0; v < n; v++) p[v] = (int32_t)(v % 3);
    must(roles(&sent, &received, p, 3, y), "roles");
    note(y, (size_t)n * 40);
    must(distances(&sent, &received, n, all, a, x, y), "distances");
    note(a, (size_t)n * 8), note(x, (size_t)n * 8), note(y, (size_t)n * 8);
    must(betweenness(&both, n, all, a, b), "betweenness");
    note(a, (size_t)n * 8), note(b, (size_t)n * 8);
    must(betweenness(&sent, n, all, a, NULL), "betweenness");
    note(a, (size_t)n * 8);
    strengths(&both, s);
    must(pagerank_symmetric(&both, s, NULL, 0.85, 1e-9, a), "pagerank_symmetric");
    note(a, (size_t)n * 8);
    must(walk(&both, s, n, all, k, 0.85, 1e-2, ids, score), "walk");
    note(ids, (size_t)(n * k) * 4), note(score, (size_t)(n * k) * 8);
    must(shared_contacts(&both, s, n, all, k, ids, score), "shared_contacts");
    note(ids, (size_t)(n * k) * 4), note(score, (size_t)(n * k) * 8);
    strengths(&sent, s);
    for (int64_t v = 0; v < n; v++) b[v] = v == n / 2;
    must(pagerank_directed(&received, s, b, 0.85, 1e-9, a), "pagerank_directed");
    note(a, (size_t)n * 8);
    if (n > 1) {
        int64_t steps = n < 5 ? n : 5;
        for (int64_t v = 0; v < n; v++) basis[v] = 1 / sqrt((double)n), c[v] = 0;
        int64_t done = lanczos(&both, HEAVIEST, steps, steps, basis, a, b, NULL, NULL);
        must(done, "lanczos");
        note(a, (size_t)done * 8), note(b, (size_t)done * 8);
        must(combine(n, done, basis, b, s), "combine");
        note(s, (size_t)n * 8);
        must(lanczos(&both, HEAVIEST, n, 2, basis, a, b, s, c), "lanczos"); /* more steps than it keeps */
        note(c, (size_t)n * 8);
    }
    must(mirrored(&both), "mirrored");
    if (mirrored(&both) != 1) must(-9, "ties both ways");
    int one_way = mirrored(&sent);
    note(&one_way, sizeof one_way);
    must(core(&both, p), "core");
    note(p, (size_t)n * 4);
    must(components(&both, p), "components");
    note(p, (size_t)n * 4);
    int64_t ties = cuts(&both, mark, p, q);
    must(ties, "cuts");
    note(mark, (size_t)n), note(p, (size_t)ties * 4), note(q, (size_t)ties * 4);
    must(spread(&f->events_of.net, &f->members_of.net, n, all, k, ids, score), "spread");
    note(ids, (size_t)(n * k) * 4), note(score, (size_t)(n * k) * 8);
    for (int64_t e = 0; e < f->events; e++) s[e] = 1 / (1.0 + (double)degree(&f->members_of.net, e));
    fold(f, s);
    free(a), free(b), free(c), free(s), free(score), free(basis), free(x), free(y);
    free(p), free(q), free(all), free(ids), free(mark);
}

int main(int count, char **word) {
    long rounds = count > 1 ? atol(word[1]) : 100;
    uint64_t seed = count > 2 ? strtoull(word[2], NULL, 10) : (uint64_t)time(NULL);
    printf("seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
    state = (seed + 1) * 0x9e3779b97f4a7c15ull; /* neighbouring seeds far apart */
    if (!state) state = 1;                      /* from 0 nothing follows */
    for (long r = 0; r < rounds; r++) {
        /* Now and then none, one, a long line of nodes, or enough for several blocks of work. */
        int line = r % 500 == 7;
        int64_t n = r % 50 == 0 ? below(3) : line ? 1500 : below(60), m = line ? n - 2 : n * below(6) / (1 + below(2));
        uint64_t before = state, said[3];
        for (int t = 0; t < 3; t++) {
#ifdef _OPENMP
            omp_set_num_threads(1 << t);
#endif
            state = before;
            digest = 14695981039346656037ull;
            family f = made(n, m, 1 + n / 2, (int)(r & 1), (int)(r >> 1 & 1), line);
            everything(&f, (int)(r >> 2 & 1));
            drop(&f.both_ways), drop(&f.sent), drop(&f.received), drop(&f.events_of), drop(&f.members_of);
            said[t] = digest;
        }
        if (said[0] != said[1] || said[0] != said[2]) {
            fprintf(stderr, "network %ld: 1, 2 and 4 threads differ\n", r);
            return 1;
        }
    }
    printf("%ld random networks, every kernel, 1, 2 and 4 threads: the same bits, nothing reported\n", rounds);
    return 0;
}
