/* Burt's structural holes, in one pass over the closed triads. */
#include "skeleton.h"

static int weighed_skeleton(skeleton *s, const net *g) {
    if (named(s, g, NULL)) return NO_MEMORY;
    int64_t ties = 0;
    s->head = take(g->start[g->n] + 1, 4); /* one more: ties are written before they are known to count */
    s->weight = take(g->start[g->n] + 1, 8);
    if (!s->head || !s->weight) return NO_MEMORY;
    for (int64_t u = 0; u < s->n; u++) {
        s->start[u] = ties;
        int64_t v = s->old[u];
        for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) {
            int32_t head = s->name[g->id[p]];
            s->head[ties] = head;
            s->weight[ties] = tie(g, p);
            ties += head < u;
        }
    }
    s->start[s->n] = s->ties = ties;
    return OK;
}

/* Shares of at most 1 that add up to at most 1 (or to the number of contacts, which `one` allows for)
 * are summed as integers: exact to 2^-62, and the same in any order. */
#define ONE 0x1p62
static inline int64_t fixed(double share) { return (int64_t)llrint(share); }
static inline double larger(double a, double b) { return a > b ? a : b; }

typedef struct {
    double by_sum, by_largest; /* one by the summed and by the largest strength of its ties */
    double one;                /* what turns its redundancy into a share of ONE */
} scale;

typedef struct {
    int64_t redundancy, triangles;
} gain;

typedef struct {
    int32_t *mark; /* of each contact of u, one more than its place among them; 0 for all others */
    int32_t *hit;  /* ties that close a triad */
    double *mine;  /* what is invested in each tie of u */
} desk;

/* The closed triads whose node of fewest contacts is u. With w = strengths and s = their sums:
 * tie (a, b) gains w_aq w_bq / s_q, kept as a share of the smaller of s_a and s_b;
 * node a gains redundancy w_ab w_bq / M_q + ..., kept as a share of s_a k_a.
 * Each product takes a weight and 1 / s or 1 / M together, which is a number for all weights that csr.py
 * allows, where that of two weights may be none. */
static inline void triads_of(int64_t u, const skeleton *s, const scale *of, int64_t *invested, gain *gains, desk d) {
    const int64_t *start = s->start, begin = start[u], end = start[u + 1];
    const int32_t *head = s->head;
    const double *weight = s->weight, by_s = of[u].by_sum, by_m = of[u].by_largest;
    double redundancy_u = 0;
    for (int64_t e = begin; e < end; e++) {
        d.mark[head[e]] = (int32_t)(e - begin) + 1;
        d.mine[e - begin] = 0;
    }
    for (int64_t e = begin; e < end; e++) {
        const int32_t v = head[e];
        const int64_t row = start[v];
        const double w_uv = weight[e], v_by_s = of[v].by_sum, v_by_m = of[v].by_largest;
        double all = 0, redundancy_v = 0;
        int64_t hits = 0;
        /* Most ties close nothing: note those that do without a branch, then work on these. */
        for (int64_t f = row; f < start[v + 1]; f++) {
            d.hit[hits] = (int32_t)(f - row);
            hits += d.mark[head[f]] != 0;
        }
        for (int64_t h = 0; h < hits; h++) {
            const int64_t f = row + d.hit[h];
            const int32_t x = head[f], at = d.mark[x] - 1;
            const double w_vx = weight[f], w_ux = weight[begin + at], x_by_s = of[x].by_sum, x_by_m = of[x].by_largest;
            all += w_ux * (w_vx * x_by_s);
            d.mine[at] += w_uv * (w_vx * v_by_s);
            invested[f] += fixed(w_uv * by_s * (w_ux * larger(v_by_s, x_by_s)) * ONE);
            redundancy_u += w_vx * (w_ux * v_by_m + w_uv * x_by_m);
            redundancy_v += w_ux * (w_vx * by_m + w_uv * x_by_m);
            gains[x].redundancy += fixed(w_uv * (w_vx * by_m + w_ux * v_by_m) * of[x].one);
            gains[x].triangles++;
        }
        d.mine[e - begin] += all;
        gains[v].redundancy += fixed(redundancy_v * of[v].one);
        gains[v].triangles += hits;
        gains[u].triangles += hits;
    }
    gains[u].redundancy += fixed(redundancy_u * of[u].one);
    for (int64_t e = begin; e < end; e++) {
        const int32_t v = head[e];
        d.mark[v] = 0;
        invested[e] += fixed(d.mine[e - begin] * larger(by_s, of[v].by_sum) * ONE);
    }
}

/* Add the sums of every thread to the first's. */
static void gather(int threads, int64_t count, int64_t *sum) {
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int64_t i = 0; i < count; i++)
        for (int t = 1; t < threads; t++) sum[i] += sum[t * count + i];
}

/* From the sums to the measures; the dyadic constraints of a node are added up in the order of its ties. */
static void measured(const net *g, const skeleton *s, const scale *of, const int64_t *invested, const gain *gains,
                     double *constraint, double *effective_size, double *hierarchy, int64_t *triangles) {
    for (int64_t v = 0; v < g->n; v++) constraint[v] = hierarchy[v] = 0;
    for (int64_t u = 0; u < s->n; u++)
        for (int64_t e = s->start[u]; e < s->start[u + 1]; e++) {
            int32_t v = s->head[e];
            double by_u = of[u].by_sum, by_v = of[v].by_sum;
            double all = s->weight[e] + (double)invested[e] / (ONE * larger(by_u, by_v));
            double of_u = all * by_u * (all * by_u), of_v = all * by_v * (all * by_v), common = log(all);
            constraint[s->old[u]] += of_u;
            constraint[s->old[v]] += of_v;
            /* c ln c: the logarithms of the strengths are added node by node below. */
            hierarchy[s->old[u]] += of_u * common;
            hierarchy[s->old[v]] += of_v * common;
        }
    for (int64_t v = 0; v < g->n; v++) {
        int64_t k = degree(g, v), a = s->name[v];
        triangles[v] = gains[a].triangles;
        effective_size[v] = k ? (double)k - (double)gains[a].redundancy / of[a].one * of[a].by_sum : NAN;
        if (!k) constraint[v] = hierarchy[v] = NAN;
        else if (k == 1) hierarchy[v] = 1;
        else {
            double c = constraint[v], log_k = log((double)k);
            double mean_log = 2 * (hierarchy[v] / c + log(of[a].by_sum));
            hierarchy[v] = (mean_log + log_k - log(c)) / log_k;
        }
    }
}

/* Burt's measures of each node of a symmetric network; nan for isolates. */
API int structural_holes(const net *g, double *constraint, double *effective_size, double *hierarchy,
                         int64_t *triangles) {
    enum { MOST_THREADS = 8 }; /* each has sums of its own: 8 bytes a tie */
    int64_t n = g->n;
    int threads = team(g->start[n] * 8, n < MOST_THREADS ? n : MOST_THREADS), failed = 0;
    skeleton s = {0};
    scale *of = take(n, sizeof *of);
    int64_t *invested = NULL;
    gain *gains = take_zeros(threads * n, sizeof *gains);
    int status = weighed_skeleton(&s, g);
    if (!status) invested = take_zeros(threads * s.ties, 8);
    if (!of || !invested || !gains) {
        status = NO_MEMORY;
        goto done;
    }
    for (int64_t u = 0; u < n; u++) {
        int64_t v = s.old[u];
        double sum = 0, most = 0;
        for (int64_t p = g->start[v]; p < g->start[v + 1]; p++) {
            sum += tie(g, p);
            most = larger(most, tie(g, p));
        }
        of[u] = sum > 0 ? (scale){1 / sum, 1 / most, ONE / (sum * (double)degree(g, v))} : (scale){0, 0, 0};
    }
#pragma omp parallel num_threads(threads)
    {
        int64_t t = omp_get_thread_num();
        desk d = {take_zeros(n, 4), take(n, 4), take(n, 8)};
        int ready = d.mark && d.hit && d.mine;
        if (!ready) {
#pragma omp atomic write
            failed = 1;
        }
#pragma omp for schedule(dynamic, 256)
        for (int64_t u = 0; u < n; u++)
            if (ready && s.start[u + 1] - s.start[u] > 1)
                triads_of(u, &s, of, invested + t * s.ties, gains + t * n, d);
        free(d.mark), free(d.hit), free(d.mine);
    }
    status = failed ? NO_MEMORY : OK;
    if (status) goto done;
    gather(threads, s.ties, invested);
    gather(threads, 2 * n, (int64_t *)gains);
    measured(g, &s, of, invested, gains, constraint, effective_size, hierarchy, triangles);
done:
    release(&s);
    free(of), free(invested), free(gains);
    return status;
}
