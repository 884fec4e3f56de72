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

enum { OK = 0, NO_MEMORY = -1, OUT_OF_RANGE = -2, BAD_WEIGHT = -3, NOT_SETTLED = -4 };

static inline double tie(const net *g, int64_t p) { return g->weight ? g->weight[p] : 1.0; }
static inline int64_t degree(const net *g, int64_t v) { return g->start[v + 1] - g->start[v]; }

/* How many threads a piece of work is worth: waking one costs as much as some 50,000 steps. */
#ifndef STEPS_WORTH_A_THREAD
#define STEPS_WORTH_A_THREAD 50000
#endif
/* Set in a forked child, where the threads of the parent are not: the one thing that is remembered. */
extern int forked;

static inline int team(int64_t work, int64_t parts) {
    if (forked) return 1;
    int64_t most = omp_get_max_threads(), worth = work / STEPS_WORTH_A_THREAD;
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

/* To be called in a forked child. */
API void use_one_thread(void);

/* The kernels, as ctypes calls them: numbers are int64_t or double, the rest are addresses. */
API int64_t build_rows(int64_t rows, int64_t columns, int64_t m, const int32_t *i, const int32_t *j,
                       const double *w, double lightest, double heaviest, int64_t loops, int64_t *start, int32_t *id,
                       double *weight);
API int64_t build_symmetric(int64_t n, int64_t m, const int32_t *i, const int32_t *j, const double *w,
                            double lightest, double heaviest, int64_t *start, int32_t *id, double *weight);
API int transpose(const net *g, int64_t *start, int32_t *id, double *weight);
API int64_t project_room(const net *events_of, const net *members_of, int64_t *from, int64_t *after);
API int64_t project_later(const net *events_of, const net *members_of, const double *share, const int64_t *from,
                          const int64_t *after, int64_t *end, int32_t *id, double *weight);
API int project(int64_t n, const int64_t *from, const int64_t *end, const int32_t *later, const double *strong,
                int64_t *start, int32_t *id, double *weight);
API int structural_holes(const net *g, double *constraint, double *effective_size, double *hierarchy,
                         int64_t *triangles);
API int roles(const net *sent, const net *received, const int32_t *group, int64_t groups, int64_t *count);
API int distances(const net *sent, const net *received, int64_t sources, const int32_t *source,
                  double *harmonic, int64_t *steps, int64_t *reached);
API int betweenness(const net *g, int64_t sources, const int32_t *source, double *total, double *squares);
API int pagerank_symmetric(const net *g, const double *strength, const double *restart, double follow,
                           double tolerance, double *rank);
API int pagerank_directed(const net *received, const double *strength, const double *restart, double follow,
                          double tolerance, double *rank);
API int64_t lanczos(const net *g, double unit, int64_t steps, int64_t kept, double *basis, double *diagonal,
                    double *beside, const double *coefficient, double *sum);
API int mirrored(const net *g);
API int combine(int64_t n, int64_t count, const double *basis, const double *coefficient, double *vector);
API int core(const net *g, int32_t *number);
API int components(const net *g, int32_t *part);
API int64_t cuts(const net *g, uint8_t *node, int32_t *tie_a, int32_t *tie_b);
API int shared_contacts(const net *g, const double *value, int64_t asked, const int32_t *node, int64_t k,
                        int32_t *out_id, double *out_score);
API int walk(const net *g, const double *strength, int64_t asked, const int32_t *node, int64_t k, double follow,
             double residual, int32_t *out_id, double *out_score);
API int spread(const net *events_of, const net *members_of, int64_t asked, const int32_t *node, int64_t k,
               int32_t *out_id, double *out_score);

#endif
