/* Two-mode networks: members tied by the events they share, and events that members have no part in. */
#include "top.h"

/* For each seat of a member at an event, where later members of that event start; and where each member's
 * row of later partners would start if no two shared two events (`from` gets n + 1). Members come in
 * order, and so do the members of an event. */
API int64_t project_room(const net *events_of, const net *members_of, int64_t *from, int64_t *after) {
    int64_t *next = take(members_of->n, 8), room = 0;
    if (!next) return NO_MEMORY;
    memcpy(next, members_of->start, (size_t)members_of->n * 8);
    for (int64_t u = 0; u < events_of->n; u++) {
        from[u] = room;
        for (int64_t p = events_of->start[u]; p < events_of->start[u + 1]; p++) {
            int32_t x = events_of->id[p];
            after[p] = ++next[x];
            room += members_of->start[x + 1] - after[p];
        }
    }
    from[events_of->n] = room;
    free(next);
    return room;
}

/* Each member's later partners, in no order: row u at from[u], its end in end[u]. Returns how many. */
API int64_t project_later(const net *events_of, const net *members_of, const double *share, const int64_t *from,
                          const int64_t *after, int64_t *end, int32_t *id, double *weight) {
    int64_t n = events_of->n, ties = 0;
    int threads = team(from[n], n), failed = 0;
#pragma omp parallel num_threads(threads)
    {
        double *sum = take_zeros(n, 8);
        if (!sum) {
#pragma omp atomic write
            failed = 1;
        }
#pragma omp for schedule(dynamic, 256) reduction(+ : ties)
        for (int64_t u = 0; u < n; u++) {
            int64_t e = from[u];
            if (!sum) continue;
            for (int64_t p = events_of->start[u]; p < events_of->start[u + 1]; p++) {
                int32_t x = events_of->id[p];
                for (int64_t q = after[p]; q < members_of->start[x + 1]; q++) {
                    int32_t v = members_of->id[q];
                    if (sum[v] == 0) id[e++] = v;
                    sum[v] += share[x];
                }
            }
            for (int64_t p = from[u]; p < e; p++) {
                weight[p] = sum[id[p]];
                sum[id[p]] = 0;
            }
            end[u] = e;
            ties += e - from[u];
        }
        free(sum);
    }
    return failed ? NO_MEMORY : ties;
}

/* The one-mode network of them, both ways and sorted: turned round once they are the earlier partners,
 * turned round again the later ones. */
API int project(int64_t n, const int64_t *from, const int64_t *end, const int32_t *later, const double *strong,
                int64_t *start, int32_t *id, double *weight) {
    int64_t *earlier = take_zeros(n + 1, 8), *at = take(n + 1, 8);
    if (!earlier || !at) {
        free(earlier), free(at);
        return NO_MEMORY;
    }
    for (int64_t u = 0; u < n; u++)
        for (int64_t p = from[u]; p < end[u]; p++) earlier[later[p]]++;
    start[0] = 0;
    for (int64_t v = 0; v < n; v++) {
        at[v] = start[v];
        start[v + 1] = start[v] + earlier[v] + end[v] - from[v];
    }
    for (int64_t u = 0; u < n; u++)
        for (int64_t p = from[u]; p < end[u]; p++) {
            int64_t q = at[later[p]]++;
            id[q] = (int32_t)u;
            weight[q] = strong[p];
        }
    for (int64_t v = 0; v < n; v++)
        for (int64_t p = start[v]; p < start[v] + earlier[v]; p++) {
            int64_t q = at[id[p]]++;
            id[q] = (int32_t)v;
            weight[q] = weight[p];
        }
    free(earlier), free(at);
    return OK;
}

/* Resources spread member, event, member, event: each shared out equally at each step. */
API int spread(const net *events_of, const net *members_of, int64_t asked, const int32_t *node, int64_t k,
               int32_t *out_id, double *out_score) {
    int64_t n = events_of->n, events = members_of->n;
    int threads = team(asked * 64, asked), failed = 0;
#pragma omp parallel num_threads(threads)
    {
        double *at_member = take_zeros(n, 8), *at_event = take_zeros(events, 8);
        int32_t *member = take(n, 4), *event = take(events, 4);
        hit *heap = take(k, sizeof *heap);
        int ready = at_member && at_event && member && event && heap;
        if (!ready) {
#pragma omp atomic write
            failed = 1;
        }
#pragma omp for schedule(dynamic, 64)
        for (int64_t i = 0; i < asked; i++) {
            if (!ready) continue;
            int64_t u = node[i], members = 0, found = 0, kept = 0;
            for (int64_t p = events_of->start[u]; p < events_of->start[u + 1]; p++) {
                int32_t x = events_of->id[p];
                double share = 1.0 / (double)degree(members_of, x);
                for (int64_t q = members_of->start[x]; q < members_of->start[x + 1]; q++) {
                    int32_t v = members_of->id[q];
                    if (at_member[v] == 0) member[members++] = v;
                    at_member[v] += share;
                }
            }
            for (int64_t m = 0; m < members; m++) {
                int32_t v = member[m];
                double share = at_member[v] / (double)degree(events_of, v);
                at_member[v] = 0;
                for (int64_t p = events_of->start[v]; p < events_of->start[v + 1]; p++) {
                    int32_t x = events_of->id[p];
                    if (at_event[x] == 0) event[found++] = x;
                    at_event[x] += share;
                }
            }
            for (int64_t p = events_of->start[u]; p < events_of->start[u + 1]; p++) at_event[events_of->id[p]] = 0;
            for (int64_t m = 0; m < found; m++) {
                double score = at_event[event[m]];
                at_event[event[m]] = 0;
                if (score > 0) offer(heap, &kept, k, (hit){score, event[m]});
            }
            write_out(heap, kept, k, out_id + i * k, out_score + i * k);
        }
        free(at_member), free(at_event), free(member), free(event), free(heap);
    }
    return failed ? NO_MEMORY : OK;
}
