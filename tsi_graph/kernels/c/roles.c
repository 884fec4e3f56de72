/* The roles of Gould and Fernandez: all pairs that a node stands between, less those tied themselves. */
#include "skeleton.h"

/* Both sides of each node's row merged: to whom it sends, from whom it receives. */
static int two_way_skeleton(skeleton *s, const net *sent, const net *received) {
    if (named(s, sent, received)) return NO_MEMORY;
    s->head = take(sent->start[sent->n], 4);
    s->way = take(sent->start[sent->n], 1);
    if (!s->head || !s->way) return NO_MEMORY;
    for (int64_t u = 0; u < s->n; u++) {
        s->start[u] = s->ties;
        int64_t v = s->old[u], p = sent->start[v], q = received->start[v];
        int64_t sends = sent->start[v + 1], receives = received->start[v + 1];
        while (p < sends || q < receives) {
            int32_t to = p < sends ? sent->id[p] : INT32_MAX, from = q < receives ? received->id[q] : INT32_MAX;
            int32_t other = to < from ? to : from;
            uint8_t way = (uint8_t)((to == other) | (from == other) << 1);
            p += way & 1, q += way >> 1;
            if (s->name[other] >= u) continue;
            s->head[s->ties] = s->name[other];
            s->way[s->ties++] = way;
        }
    }
    s->start[s->n] = s->ties;
    return OK;
}

/* Which role, by whether a is in the broker's group (4), b is (2), a and b are in one (1). */
enum { ROLES = 5 };
static const uint8_t ROLE[8] = {4, 1, 3, 0, 2, 0, 0, 0};

/* Pairs a -> u -> b of different nodes by role, from how many of each group send to u and receive from it. */
static void two_step(int64_t u, const net *sent, const net *received, const int32_t *group, int64_t *from,
                     int64_t *to, int64_t *count) {
    int64_t in = 0, out = 0, both = 0, both_own = 0, same = 0;
    int32_t own = group[u];
    int64_t p = sent->start[u], q = received->start[u], sends = sent->start[u + 1], receives = received->start[u + 1];
    for (int64_t i = p; i < sends; i++) to[group[sent->id[i]]]++;
    for (int64_t i = q; i < receives; i++) from[group[received->id[i]]]++;
    out = sends - p, in = receives - q;
    int64_t in_own = from[own], out_own = to[own];
    for (int64_t i = p; i < sends; i++) {
        int32_t g = group[sent->id[i]];
        if (g != own) same += from[g] * to[g];
        to[g] = 0;
    }
    for (int64_t i = q; i < receives; i++) from[group[received->id[i]]] = 0;
    while (p < sends && q < receives) {
        int32_t a = sent->id[p], b = received->id[q];
        if (a == b) {
            both++;
            both_own += group[a] == own;
        }
        p += a <= b, q += b <= a;
    }
    count[0] += in_own * out_own - both_own;
    count[1] += same - (both - both_own);
    count[2] += in_own * (out - out_own);
    count[3] += (in - in_own) * out_own;
    count[4] += (in - in_own) * (out - out_own) - same;
}

/* Take away what is closed in the triads whose node of fewest contacts is u. */
static void closed(int64_t u, const skeleton *s, const int32_t *group, int32_t *mark, int64_t *count) {
    int64_t begin = s->start[u], end = s->start[u + 1];
    int32_t group_u = group[s->old[u]];
    int64_t *of_u = count + ROLES * (int64_t)s->old[u];
    for (int64_t e = begin; e < end; e++) mark[s->head[e]] = (int32_t)(e - begin) + 1;
    for (int64_t e = begin; e < end; e++) {
        int32_t v = s->head[e], group_v = group[s->old[v]];
        int64_t *of_v = count + ROLES * (int64_t)s->old[v];
        int uv = s->way[e] & 1, vu = s->way[e] >> 1, same_uv = group_u == group_v;
        for (int64_t f = s->start[v]; f < s->start[v + 1]; f++) {
            int32_t x = s->head[f], at = mark[x];
            if (!at) continue;
            int64_t *of_x = count + ROLES * (int64_t)s->old[x];
            int32_t group_x = group[s->old[x]];
            uint8_t u_x = s->way[begin + at - 1], v_x = s->way[f];
            int ux = u_x & 1, xu = u_x >> 1, vx = v_x & 1, xv = v_x >> 1;
            int same_ux = group_u == group_x, same_vx = group_v == group_x;
            of_u[ROLE[4 * same_uv + 2 * same_ux + same_vx]] -= vu & ux & vx;
            of_u[ROLE[4 * same_ux + 2 * same_uv + same_vx]] -= xu & uv & xv;
            of_v[ROLE[4 * same_uv + 2 * same_vx + same_ux]] -= uv & vx & ux;
            of_v[ROLE[4 * same_vx + 2 * same_uv + same_ux]] -= xv & vu & xu;
            of_x[ROLE[4 * same_ux + 2 * same_vx + same_uv]] -= ux & xv & uv;
            of_x[ROLE[4 * same_vx + 2 * same_ux + same_uv]] -= vx & xu & vu;
        }
    }
    for (int64_t e = begin; e < end; e++) mark[s->head[e]] = 0;
}

/* Five counts a node, `count` holding 5 n: coordinator, itinerant, representative, gatekeeper, liaison. */
API int roles(const net *sent, const net *received, const int32_t *group, int64_t groups, int64_t *count) {
    int64_t n = sent->n;
    int threads = team(sent->start[n] * 8, n), failed = 0;
    skeleton s = {0};
    int64_t *sums = take_zeros(threads * n * ROLES, 8);
    int status = two_way_skeleton(&s, sent, received);
    if (!sums) status = NO_MEMORY;
    if (status) goto done;
#pragma omp parallel num_threads(threads)
    {
        int64_t *own = sums + omp_get_thread_num() * n * ROLES;
        int32_t *mark = take_zeros(n, 4);
        int64_t *from = take_zeros(groups, 8), *to = take_zeros(groups, 8);
        int ready = mark && from && to;
        if (!ready) {
#pragma omp atomic write
            failed = 1;
        }
#pragma omp for schedule(dynamic, 256)
        for (int64_t u = 0; u < n; u++) {
            if (!ready) continue;
            two_step(u, sent, received, group, from, to, own + u * ROLES);
            if (s.start[u + 1] - s.start[u] > 1) closed(u, &s, group, mark, own);
        }
        free(mark), free(from), free(to);
    }
    status = failed ? NO_MEMORY : OK;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int64_t i = 0; i < n * ROLES; i++) {
        count[i] = 0;
        for (int t = 0; t < threads; t++) count[i] += sums[t * n * ROLES + i];
    }
done:
    release(&s);
    free(sums);
    return status;
}
