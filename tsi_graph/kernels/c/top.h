/* The k best of many, by score and then by smaller id: a heap whose root is the worst kept. */
#ifndef TOP_H
#define TOP_H
#include "kernels.h"

typedef struct {
    double score;
    int32_t id;
} hit;

static inline int worse(hit a, hit b) { return a.score < b.score || (a.score == b.score && a.id > b.id); }

static void sink(hit *heap, int64_t size, int64_t i) {
    for (;;) {
        int64_t left = 2 * i + 1, right = left + 1, least = i;
        if (left < size && worse(heap[left], heap[least])) least = left;
        if (right < size && worse(heap[right], heap[least])) least = right;
        if (least == i) return;
        hit t = heap[i];
        heap[i] = heap[least];
        heap[least] = t;
        i = least;
    }
}

/* Offer a hit to a heap that holds *size of at most k. */
static inline void offer(hit *heap, int64_t *size, int64_t k, hit h) {
    if (*size < k) {
        heap[(*size)++] = h;
        if (*size == k)
            for (int64_t i = k / 2 - 1; i >= 0; i--) sink(heap, k, i);
    } else if (worse(heap[0], h)) {
        heap[0] = h;
        sink(heap, k, 0);
    }
}

static int best_first(const void *a, const void *b) {
    const hit *x = a, *y = b;
    return worse(*x, *y) ? 1 : worse(*y, *x) ? -1 : 0;
}

/* Write the kept hits, best first; places left over are -1 and 0. */
static inline void write_out(hit *heap, int64_t size, int64_t k, int32_t *id, double *score) {
    qsort(heap, (size_t)size, sizeof *heap, best_first);
    for (int64_t i = 0; i < k; i++) {
        id[i] = i < size ? heap[i].id : -1;
        score[i] = i < size ? heap[i].score : 0;
    }
}
#endif
