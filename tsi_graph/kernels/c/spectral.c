/* Repeated multiplication by the ties: PageRank and the basis for the leading eigenvector. */
#include "kernels.h"

static double in_order(const double *part, int64_t count) {
    double sum = 0;
    for (int64_t b = 0; b < count; b++) sum += part[b];
    return sum;
}

static inline double restarts_at(const double *restart, int64_t n, int64_t v) {
    return restart ? restart[v] : 1.0 / (double)n;
}

/* Isolates, and whoever sends nothing, lose their mass in the sweeps; since it would start anew in
 * the same way, the answer only has to be scaled. */
static void to_one(int64_t n, double *x) {
    double sum = 0;
    for (int64_t v = 0; v < n; v++) sum += x[v];
    if (sum > 0)
        for (int64_t v = 0; v < n; v++) x[v] /= sum;
}

/* Symmetric ties: Chebyshev semi-iteration on (I - f P) x = (1 - f) b, whose spectrum is real. */
API int pagerank_symmetric(const net *g, const double *strength, const double *restart, double follow,
                           double tolerance, double *rank) {
    int64_t n = g->n, parts = blocks(n), arcs = g->start[n];
    double *before = take_zeros(n, 8), *share = take(n, 8), *passed = take(n, 8), *pass_next = take(n, 8);
    double *change = take(parts, 8);
    int status = before && share && passed && pass_next && change ? OK : NO_MEMORY;
    if (status) goto done;
    int threads = team(arcs, parts);
    double rate = follow > 0 ? (1 - sqrt(1 - follow * follow)) / follow : 0, omega = 1;
    double *x = rank, *old = before;
    for (int64_t v = 0; v < n; v++) {
        share[v] = strength[v] > 0 ? follow / strength[v] : 0;
        x[v] = (1 - follow) * restarts_at(restart, n, v);
        passed[v] = x[v] * share[v];
    }
    for (int round = 1; round <= 10000; round++) {
        omega = round == 1 ? 1 : 1 / (1 - (round == 2 ? 2 : omega) * follow * follow / 4);
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
        for (int64_t b = 0; b < parts; b++) {
            int64_t end = (b + 1) * BLOCK < n ? (b + 1) * BLOCK : n;
            double moved = 0;
            for (int64_t v = b * BLOCK; v < end; v++) {
                double sum = (1 - follow) * restarts_at(restart, n, v);
                for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) sum += tie(g, p) * passed[g->id[p]];
                double next = omega * (sum - old[v]) + old[v];
                moved += fabs(next - x[v]);
                old[v] = next;
                pass_next[v] = next * share[v];
            }
            change[b] = moved;
        }
        double *swap = x;
        x = old, old = swap;
        swap = passed, passed = pass_next, pass_next = swap;
        if (in_order(change, parts) * rate <= tolerance * (1 - rate)) break;
    }
    if (x != rank) memcpy(rank, x, (size_t)n * 8);
    to_one(n, rank);
done:
    free(before), free(share), free(passed), free(pass_next), free(change);
    return status;
}

/* Ties with a direction: Gauss-Seidel, about half the sweeps of the power method. A sweep uses what it
 * has just written, so it runs on one thread. */
API int pagerank_directed(const net *received, const double *strength, const double *restart, double follow,
                          double tolerance, double *rank) {
    int64_t n = received->n;
    double *share = take(n, 8), *passed = take(n, 8);
    if (!share || !passed) {
        free(share), free(passed);
        return NO_MEMORY;
    }
    for (int64_t v = 0; v < n; v++) {
        share[v] = strength[v] > 0 ? follow / strength[v] : 0;
        rank[v] = (1 - follow) * restarts_at(restart, n, v);
        passed[v] = rank[v] * share[v];
    }
    for (int round = 1; round <= 10000; round++) {
        double moved = 0;
        for (int64_t v = 0; v < n; v++) {
            double sum = (1 - follow) * restarts_at(restart, n, v);
            for (int64_t p = received->start[v]; p < received->start[v + 1]; p++)
                sum += tie(received, p) * passed[received->id[p]];
            moved += fabs(sum - rank[v]);
            rank[v] = sum;
            passed[v] = sum * share[v];
        }
        if (moved <= tolerance * (1 - follow)) break;
    }
    to_one(n, rank);
    free(share), free(passed);
    return OK;
}

static double inner(int64_t n, const double *a, const double *b, double *part, int threads) {
    int64_t parts = blocks(n);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int64_t k = 0; k < parts; k++) {
        int64_t end = (k + 1) * BLOCK < n ? (k + 1) * BLOCK : n;
        double lane[8] = {0}; /* eight sums side by side, always the same eight */
        int64_t v = k * BLOCK;
        for (; v + 8 <= end; v += 8)
            for (int l = 0; l < 8; l++) lane[l] += a[v + l] * b[v + l];
        for (int l = 0; v < end; v++, l++) lane[l] += a[v] * b[v];
        part[k] = in_order(lane, 8);
    }
    return in_order(part, parts);
}

/* The vector that `count` coefficients make of the basis, with length 1. */
API int combine(int64_t n, int64_t count, const double *basis, const double *coefficient, double *vector) {
    int64_t parts = blocks(n);
    double *part = take(parts, 8);
    if (!part) return NO_MEMORY;
    int threads = team(n * count, parts);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int64_t b = 0; b < parts; b++) {
        int64_t begin = b * BLOCK, end = begin + BLOCK < n ? begin + BLOCK : n;
        for (int64_t v = begin; v < end; v++) vector[v] = 0;
        for (int64_t k = 0; k < count; k++)
            for (int64_t v = begin; v < end; v++) vector[v] += coefficient[k] * basis[k * n + v];
    }
    double length = sqrt(inner(n, vector, vector, part, threads));
    for (int64_t v = 0; v < n; v++) vector[v] /= length;
    free(part);
    return OK;
}

/* `steps` rounds of Lanczos from basis[0], of length 1: the basis, row by row, and the tridiagonal
 * matrix that the ties are in it (diagonal, and the entry beside it, the last one being what is left
 * over). Returns the rounds done: fewer if the basis is complete. */
API int64_t lanczos(const net *g, int64_t steps, double *basis, double *diagonal, double *beside) {
    int64_t n = g->n, parts = blocks(n);
    double *next = take(n, 8), *part = take(parts, 8);
    int64_t done = NO_MEMORY;
    if (!next || !part) goto end;
    int threads = team(g->start[n], parts);
    for (done = 0; done < steps;) {
        const double *here = basis + done * n, *last = done ? here - n : NULL;
        double back = done ? beside[done - 1] : 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
        for (int64_t b = 0; b < parts; b++) {
            int64_t stop = (b + 1) * BLOCK < n ? (b + 1) * BLOCK : n;
            for (int64_t v = b * BLOCK; v < stop; v++) {
                double sum = last ? -back * last[v] : 0;
                for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) sum += tie(g, p) * here[g->id[p]];
                next[v] = sum;
            }
        }
        double along = diagonal[done] = inner(n, next, here, part, threads);
        for (int64_t v = 0; v < n; v++) next[v] -= along * here[v];
        double length = beside[done] = sqrt(inner(n, next, next, part, threads));
        done++;
        if (length <= 1e-14 * fabs(along) || done == steps) break;
        for (int64_t v = 0; v < n; v++) basis[done * n + v] = next[v] / length;
    }
end:
    free(next), free(part);
    return done;
}
