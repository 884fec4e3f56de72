/* The roles of Gould and Fernandez: all pairs that a node stands between, less those tied themselves. */
#include "skeleton.h"

/* Which role, by whether a is in the broker's group (4), b is (2), a and b are in one (1). */
enum { ROLES = 5 };
static const uint8_t ROLE[8] = {4, 1, 3, 0, 2, 0, 0, 0};

/* How many of each group send to a broker and receive from it. */
typedef struct {
    int64_t from, to;
} sides;

/* Pairs a -> u -> b of different nodes by role; clears the sides of the groups that u meets. */
static void two_step(int64_t own, sides in_all, sides mutual, int64_t met, const int32_t *group, sides *of,
                     int64_t *count) {
    int64_t in_own = of[own].from, out_own = of[own].to, same = 0;
    for (int64_t i = 0; i < met; i++) {
        if (group[i] != own) same += of[group[i]].from * of[group[i]].to;
        of[group[i]] = (sides){0, 0};
    }
    count[0] = in_own * out_own - mutual.from;
    count[1] = same - mutual.to;
    count[2] = in_own * (in_all.to - out_own);
    count[3] = (in_all.from - in_own) * out_own;
    count[4] = (in_all.from - in_own) * (in_all.to - out_own) - same;
}

/* The skeleton with the directions of its ties, and each broker's pairs, closed ones too: both sides of
 * each node's row merged, to whom it sends and from whom it receives. */
static int both_sides(skeleton *s, const net *sent, const net *received, const int32_t *group, int64_t groups,
                      int64_t *count) {
    int status = named(s, sent, received);
    sides *of = take_zeros(groups, sizeof *of);
    int32_t *met = take(groups, 4);
    int64_t room = sent->start[sent->n] + received->start[received->n] + 1;
    s->head = take(room, 4); /* one more: ties are written before they are known to count */
    s->way = take(room, 1);
    if (status || !of || !met || !s->head || !s->way) {
        status = NO_MEMORY;
        goto done;
    }
    const int32_t *name = s->name;
    int64_t ties = 0;
    for (int64_t u = 0; u < s->n; u++) {
        s->start[u] = ties;
        int64_t v = s->old[u], p = sent->start[v], q = received->start[v], groups_met = 0;
        int64_t sends = sent->start[v + 1], receives = received->start[v + 1];
        sides in_all = {receives - q, sends - p}, mutual = {0, 0}; /* mutual: in its group, and outside */
        while (p < sends || q < receives) {
            int32_t to = p < sends ? sent->id[p] : INT32_MAX, from = q < receives ? received->id[q] : INT32_MAX;
            int32_t other = to < from ? to : from, g = group[other];
            int out = to == other, in = from == other, own = g == group[v];
            p += out, q += in;
            if (!(of[g].from | of[g].to)) met[groups_met++] = g;
            of[g].from += in, of[g].to += out;
            mutual.from += in & out & own;
            mutual.to += in & out & !own;
            s->head[ties] = name[other];
            s->way[ties] = (uint8_t)(out | in << 1);
            ties += name[other] < u;
        }
        two_step(group[v], in_all, mutual, groups_met, met, of, count + ROLES * u);
    }
    s->start[s->n] = s->ties = ties;
done:
    free(of), free(met);
    return status;
}

/* Take away what is closed in the triads whose node of fewest contacts is u; groups and counts by new name. */
static void closed(int64_t u, const skeleton *s, const int32_t *group, int32_t *mark, int32_t *hit, int64_t *count) {
    const int64_t *start = s->start, begin = start[u], end = start[u + 1];
    const int32_t *head = s->head, group_u = group[u];
    int64_t *of_u = count + ROLES * u;
    for (int64_t e = begin; e < end; e++) mark[head[e]] = (int32_t)(e - begin) + 1;
    for (int64_t e = begin; e < end; e++) {
        const int32_t v = head[e], group_v = group[v];
        const int64_t row = start[v];
        const int uv = s->way[e] & 1, vu = s->way[e] >> 1, same_uv = group_u == group_v;
        int64_t *of_v = count + ROLES * (int64_t)v, hits = 0;
        /* Most ties close nothing: note those that do without a branch, then work on these. */
        for (int64_t f = row; f < start[v + 1]; f++) {
            hit[hits] = (int32_t)(f - row);
            hits += mark[head[f]] != 0;
        }
        for (int64_t h = 0; h < hits; h++) {
            const int64_t f = row + hit[h];
            const int32_t x = head[f];
            const uint8_t u_x = s->way[begin + mark[x] - 1], v_x = s->way[f];
            const int ux = u_x & 1, xu = u_x >> 1, vx = v_x & 1, xv = v_x >> 1;
            const int same_ux = group_u == group[x], same_vx = group_v == group[x];
            int64_t *of_x = count + ROLES * (int64_t)x;
            of_u[ROLE[4 * same_uv + 2 * same_ux + same_vx]] -= vu & ux & vx;
            of_u[ROLE[4 * same_ux + 2 * same_uv + same_vx]] -= xu & uv & xv;
            of_v[ROLE[4 * same_uv + 2 * same_vx + same_ux]] -= uv & vx & ux;
            of_v[ROLE[4 * same_vx + 2 * same_uv + same_ux]] -= xv & vu & xu;
            of_x[ROLE[4 * same_ux + 2 * same_vx + same_uv]] -= ux & xv & uv;
            of_x[ROLE[4 * same_vx + 2 * same_ux + same_uv]] -= vx & xu & vu;
        }
    }
    for (int64_t e = begin; e < end; e++) mark[head[e]] = 0;
}

/* Five counts a node, `count` holding 5 n: coordinator, itinerant, representative, gatekeeper, liaison.
 * A node has fewer than 2^31 senders and receivers, so pairs of them, what is closed among these and all
 * sums and differences on the way are below 2^62 and fit 64 bits; no thread takes a pair away twice. */
API int roles(const net *sent, const net *received, const int32_t *group, int64_t groups, int64_t *count) {
    int64_t n = sent->n;
    int threads = team(sent->start[n] * 8, n), failed = 0;
    skeleton s = {0};
    int64_t *sums = take_zeros(threads * n * ROLES, 8);
    int32_t *renamed = take(n, 4);
    int status = sums && renamed ? both_sides(&s, sent, received, group, groups, sums) : NO_MEMORY;
    if (status) goto done;
    for (int64_t u = 0; u < n; u++) renamed[u] = group[s.old[u]];
#pragma omp parallel num_threads(threads)
    {
        int64_t *own = sums + omp_get_thread_num() * n * ROLES;
        int32_t *mark = take_zeros(n, 4), *hit = take(n, 4);
        int ready = mark && hit;
        if (!ready) {
#pragma omp atomic write
            failed = 1;
        }
#pragma omp for schedule(dynamic, 256)
        for (int64_t u = 0; u < n; u++)
            if (ready && s.start[u + 1] - s.start[u] > 1) closed(u, &s, renamed, mark, hit, own);
        free(mark), free(hit);
    }
    status = failed ? NO_MEMORY : OK;
    for (int64_t u = 0; u < n; u++)
        for (int r = 0; r < ROLES; r++) {
            int64_t sum = 0;
            for (int t = 0; t < threads; t++) sum += sums[(t * n + u) * ROLES + r];
            count[s.old[u] * ROLES + r] = sum;
        }
done:
    release(&s);
    free(sums), free(renamed);
    return status;
}
