/* Repeated multiplication by the ties: PageRank and the basis for the leading eigenvector. */
#include "kernels.h"

/* Then the tolerance is below what 64-bit numbers can tell apart, or `follow` too near to 1. */
enum { MOST_ROUNDS = 10000 };

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
    for (int64_t v = 0; v < n; v++) x[v] /= sum;
}

/* y = (I - f P) x, from `passed`, the f x / strength that each node passes on; returns the two multiplied. */
static double unpassed(const net *g, const double *x, const double *passed, double *y, double *part, int threads) {
    int64_t n = g->n, parts = blocks(n);
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (int64_t b = 0; b < parts; b++) {
        int64_t end = (b + 1) * BLOCK < n ? (b + 1) * BLOCK : n;
        double product = 0;
        for (int64_t v = b * BLOCK; v < end; v++) {
            double sum = 0;
            for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) sum += tie(g, p) * passed[g->id[p]];
            y[v] = x[v] - sum;
            product += passed[v] * y[v];
        }
        part[b] = product;
    }
    return in_order(part, parts);
}

/* Symmetric ties: conjugate gradients on (I - f P) x = (1 - f) b, symmetric where nodes weigh 1 / strength.
 * It begins with the sum of the answer, which no step changes; so with r what x leaves of the right side, x
 * is off by at most |r| / (1 - f) of that sum, all added up over the nodes. */
API int pagerank_symmetric(const net *g, const double *strength, const double *restart, double follow,
                           double tolerance, double *rank) {
    int64_t n = g->n, parts = blocks(n);
    double *share = take(n, 8), *passed = take(n, 8), *left = take(n, 8), *way = take(n, 8), *turned = take(n, 8);
    double *part = take(parts, 8), *size = take(parts, 8), sum = 0;
    int status = share && passed && left && way && turned && part && size ? NOT_SETTLED : NO_MEMORY;
    if (status == NO_MEMORY) goto done;
    int threads = team(g->start[n], parts);
    for (int64_t v = 0; v < n; v++) {
        share[v] = strength[v] > 0 ? follow / strength[v] : 0;
        rank[v] = (strength[v] > 0 ? 1 : 1 - follow) * restarts_at(restart, n, v);
        sum += rank[v];
    }
    const double enough = tolerance * (1 - follow) * sum;
    for (int round = 0; round < MOST_ROUNDS;) {
        /* What is left is followed up by the steps, and so gathers their rounding: begin from what it is. */
        for (int64_t v = 0; v < n; v++) passed[v] = rank[v] * share[v];
        unpassed(g, rank, passed, turned, part, threads);
        double all = 0, weight = 0;
        for (int64_t v = 0; v < n; v++) {
            way[v] = left[v] = (1 - follow) * restarts_at(restart, n, v) - turned[v];
            passed[v] = way[v] * share[v];
            all += fabs(left[v]);
            weight += left[v] * passed[v];
        }
        if (all <= enough) {
            status = OK;
            break;
        }
        while (!(all <= enough) && round++ < MOST_ROUNDS) {
            double step = weight / unpassed(g, way, passed, turned, part, threads), before = weight;
#pragma omp parallel for schedule(static) num_threads(threads)
            for (int64_t b = 0; b < parts; b++) {
                int64_t end = (b + 1) * BLOCK < n ? (b + 1) * BLOCK : n;
                double here = 0, weighed = 0;
                for (int64_t v = b * BLOCK; v < end; v++) {
                    rank[v] += step * way[v];
                    left[v] -= step * turned[v];
                    here += fabs(left[v]);
                    weighed += left[v] * left[v] * share[v];
                }
                part[b] = weighed, size[b] = here;
            }
            weight = in_order(part, parts), all = in_order(size, parts);
#pragma omp parallel for schedule(static) num_threads(threads)
            for (int64_t v = 0; v < n; v++) {
                way[v] = left[v] + weight / before * way[v];
                passed[v] = way[v] * share[v];
            }
        }
    }
    to_one(n, rank);
done:
    free(share), free(passed), free(left), free(way), free(turned), free(part), free(size);
    return status;
}

/* Ties with a direction: Gauss-Seidel, about half the sweeps of the power method. A sweep uses what it
 * has just written, so it runs on one thread. What it leaves of the right side is at most f times what it
 * moved, and scaling to 1 may double the error. */
API int pagerank_directed(const net *received, const double *strength, const double *restart, double follow,
                          double tolerance, double *rank) {
    int64_t n = received->n;
    double *share = take(n, 8), *passed = take(n, 8);
    int status = share && passed ? NOT_SETTLED : NO_MEMORY;
    if (status == NO_MEMORY) goto done;
    for (int64_t v = 0; v < n; v++) {
        share[v] = strength[v] > 0 ? follow / strength[v] : 0;
        rank[v] = (strength[v] > 0 ? 1 : 1 - follow) * restarts_at(restart, n, v);
        passed[v] = rank[v] * share[v];
    }
    for (int round = 1; round <= MOST_ROUNDS && status; round++) {
        double moved = 0, all = 0;
        for (int64_t v = 0; v < n; v++) {
            double sum = (1 - follow) * restarts_at(restart, n, v);
            for (int64_t p = received->start[v]; p < received->start[v + 1]; p++)
                sum += tie(received, p) * passed[received->id[p]];
            moved += fabs(sum - rank[v]);
            all += sum;
            rank[v] = sum;
            passed[v] = sum * share[v];
        }
        if (2 * follow * moved <= tolerance * (1 - follow) * all) status = OK;
    }
    to_one(n, rank);
done:
    free(share), free(passed);
    return status;
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

/* `steps` rounds of Lanczos from basis[0], of length 1, ties counted in this unit: the tridiagonal matrix
 * that they are in the basis (diagonal, and the entry beside it, the last one being what is left over).
 * Of the basis the last `kept` rows stay, row k at k % kept; what the coefficients make of all of it, unless
 * NULL, is added to `sum`. Returns the rounds done: fewer if the basis is complete. */
API int64_t lanczos(const net *g, double unit, int64_t steps, int64_t kept, double *basis, double *diagonal,
                    double *beside, const double *coefficient, double *sum) {
    int64_t n = g->n, parts = blocks(n);
    double *next = take(n, 8), *part = take(parts, 8);
    int64_t done = NO_MEMORY;
    if (!next || !part) goto end;
    int threads = team(g->start[n], parts);
    for (done = 0; done < steps;) {
        const double *here = basis + done % kept * n, *last = done ? basis + (done - 1) % kept * n : NULL;
        double back = done ? beside[done - 1] : 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
        for (int64_t b = 0; b < parts; b++) {
            int64_t stop = (b + 1) * BLOCK < n ? (b + 1) * BLOCK : n;
            for (int64_t v = b * BLOCK; v < stop; v++) {
                double met = 0;
                for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) met += tie(g, p) * here[g->id[p]];
                next[v] = met / unit - (last ? back * last[v] : 0);
            }
        }
        if (coefficient)
            for (int64_t v = 0; v < n; v++) sum[v] += coefficient[done] * here[v];
        double along = diagonal[done] = inner(n, next, here, part, threads);
        for (int64_t v = 0; v < n; v++) next[v] -= along * here[v];
        double length = beside[done] = sqrt(inner(n, next, next, part, threads));
        done++;
        if (length <= 1e-14 * fabs(along) || done == steps) break;
        double *row = basis + done % kept * n;
        for (int64_t v = 0; v < n; v++) row[v] = next[v] / length;
    }
end:
    free(next), free(part);
    return done;
}
