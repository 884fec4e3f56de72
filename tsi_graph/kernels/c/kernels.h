/* What all kernels share. A network is sorted rows of ties, as csr.py says: row v sends ties to
 * id[start[v]] ... id[start[v + 1] - 1], no loops, no id twice, weights above 0, or none: each is 1.
 * Every kernel returns 0 (or a count), NO_MEMORY, or a fault of its own below that, and keeps no state.
 * Answers do not depend on the number of threads: sums run in a fixed order or in integers. */
#ifndef KERNELS_H
#define KERNELS_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#else
static inline int omp_get_max_threads(void) { return 1; }
static inline int omp_get_thread_num(void) { return 0; }
#endif

#if defined(_WIN32)
#define API __declspec(dllexport)
#else
#define API __attribute__((visibility("default")))
#endif

/* One library for every processor of its kind: hot loops are compiled for newer ones too. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && !defined(PLAIN)
#define CLONED __attribute__((target_clones("default", "arch=haswell", "arch=skylake-avx512")))
#else
#define CLONED
#endif

typedef struct {
    int64_t n;       /* rows */
    int64_t columns; /* ids are below it */
    const int64_t *start;
    const int32_t *id;
    const double *weight; /* or NULL */
} net;

enum { OK = 0, NO_MEMORY = -1, OUT_OF_RANGE = -2, BAD_WEIGHT = -3 };

static inline double tie(const net *g, int64_t p) { return g->weight ? g->weight[p] : 1.0; }
static inline int64_t degree(const net *g, int64_t v) { return g->start[v + 1] - g->start[v]; }

/* How many threads a piece of work is worth: waking one costs as much as some 50,000 steps. */
static inline int team(int64_t work, int64_t parts) {
    int64_t most = omp_get_max_threads(), worth = work / 50000;
    if (most > worth) most = worth;
    if (most > parts) most = parts;
    return most < 1 ? 1 : (int)most;
}

/* Memory for `count` things of `size` bytes, never of 0 bytes, so that NULL means that there is none. */
static inline void *take(int64_t count, size_t size) {
    return malloc((size_t)(count > 0 ? count : 1) * size);
}
static inline void *take_zeros(int64_t count, size_t size) {
    return calloc((size_t)(count > 0 ? count : 1), size);
}

/* Sums over nodes run block by block, each block in order, so that they are the same for any team. */
enum { BLOCK = 1024 };
static inline int64_t blocks(int64_t n) { return (n + BLOCK - 1) / BLOCK; }

#endif
