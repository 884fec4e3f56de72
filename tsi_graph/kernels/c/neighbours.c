/* Whom a node is not tied to but could be: shared contacts, and a walker's visits. */
#include "top.h"

/* The best by the summed value of shared contacts; contacts and the node itself left out. */
API int shared_contacts(const net *g, const double *value, int64_t asked, const int32_t *node, int64_t k,
                        int32_t *out_id, double *out_score) {
    int64_t n = g->n;
    int threads = team(asked * 512, asked), failed = 0;
#pragma omp parallel num_threads(threads)
    {
        double *sum = take_zeros(n, 8);
        int32_t *met = take(n + 1, 4); /* one more: each id is written before it is known to be new */
        hit *heap = take(k, sizeof *heap);
        int ready = sum && met && heap;
        if (!ready) {
#pragma omp atomic write
            failed = 1;
        }
#pragma omp for schedule(dynamic, 64)
        for (int64_t i = 0; i < asked; i++) {
            if (!ready) continue;
            int64_t u = node[i], count = 0, kept = 0;
            for (int64_t p = g->start[u]; p < g->start[u + 1]; p++) {
                int32_t z = g->id[p];
                double x = value[z];
                if (!(x > 0)) continue;
                for (int64_t q = g->start[z]; q < g->start[z + 1]; q++) {
                    int32_t v = g->id[q];
                    double s = sum[v];
                    met[count] = v;
                    count += s == 0;
                    sum[v] = s + x;
                }
            }
            sum[u] = 0;
            for (int64_t p = g->start[u]; p < g->start[u + 1]; p++) sum[g->id[p]] = 0;
            for (int64_t m = 0; m < count; m++) {
                int32_t v = met[m];
                double s = sum[v];
                sum[v] = 0;
                if (s > 0) offer(heap, &kept, k, (hit){s, v});
            }
            write_out(heap, kept, k, out_id + i * k, out_score + i * k);
        }
        free(sum), free(met), free(heap);
    }
    return failed ? NO_MEMORY : OK;
}

/* Forward push: what waits at a node is kept in part and passed on along its ties, first come first
 * served, until little enough waits everywhere, by what its ties weigh in ties of mean weight. */
API int walk(const net *g, const double *strength, int64_t asked, const int32_t *node, int64_t k,
             double follow, double residual, int32_t *out_id, double *out_score) {
    const int64_t n = g->n, *start = g->start; /* by name: bytes written below could be g for all the compiler knows */
    const int32_t *id = g->id;
    const double *weight = g->weight;
    int threads = team(asked * 4096, asked), failed = 0;
    double all = 0;
    for (int64_t v = 0; v < n; v++) all += strength[v];
    const double little = all > 0 ? residual * ((double)start[n] / all) : 0;
#pragma omp parallel num_threads(threads)
    {
        double *kept = take_zeros(n, 8), *waiting = take_zeros(n, 8);
        int32_t *met = take(n, 4), *queue = take(n, 4);
        uint8_t *queued = take_zeros(n, 1), *seen = take_zeros(n, 1);
        hit *heap = take(k, sizeof *heap);
        int ready = kept && waiting && met && queue && queued && seen && heap;
        if (!ready) {
#pragma omp atomic write
            failed = 1;
        }
#pragma omp for schedule(dynamic, 1)
        for (int64_t i = 0; i < asked; i++) {
            if (!ready) continue;
            int32_t u = node[i];
            int64_t count = 0, head = 0, tail = 0, length = 0, size = 0;
            if (strength[u] > 0) {
                waiting[u] = 1;
                met[count++] = queue[tail++] = u;
                seen[u] = queued[u] = 1;
                length = 1;
                if (tail == n) tail = 0;
            }
            while (length) {
                int32_t v = queue[head++];
                if (head == n) head = 0;
                length--;
                queued[v] = 0;
                double passed = follow * waiting[v] / strength[v];
                kept[v] += (1 - follow) * waiting[v];
                waiting[v] = 0;
                for (int64_t p = start[v]; p < start[v + 1]; p++) {
                    int32_t x = id[p];
                    if (!seen[x]) {
                        seen[x] = 1;
                        met[count++] = x;
                    }
                    waiting[x] += passed * (weight ? weight[p] : 1);
                    if (!queued[x] && waiting[x] > little * strength[x]) {
                        queued[x] = 1;
                        queue[tail++] = x;
                        if (tail == n) tail = 0;
                        length++;
                    }
                }
            }
            kept[u] = waiting[u] = 0;
            for (int64_t p = start[u]; p < start[u + 1]; p++) kept[id[p]] = waiting[id[p]] = 0;
            for (int64_t m = 0; m < count; m++) {
                int32_t v = met[m];
                double score = kept[v] + (1 - follow) * waiting[v];
                kept[v] = waiting[v] = 0;
                seen[v] = 0;
                if (score > 0) offer(heap, &size, k, (hit){score, v});
            }
            write_out(heap, size, k, out_id + i * k, out_score + i * k);
        }
        free(kept), free(waiting), free(met), free(queue), free(queued), free(seen), free(heap);
    }
    return failed ? NO_MEMORY : OK;
}
