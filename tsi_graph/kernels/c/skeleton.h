/* A symmetric network so ordered that each closed triad is listed once, and cheaply. */
#ifndef SKELETON_H
#define SKELETON_H
#include "kernels.h"

/* Each tie once, from the node with fewer contacts to the one with more, and nodes renamed so that
 * the one with most is 0, and what is looked up most lies together. No node sends many: if u sends k, each
 * of these k heads has no lower degree than u, so k * k is at most the sum of all degrees. That is twice
 * the ties, and with direction, where a degree is what is sent plus what is received, twice the arrows:
 * no node sends more than sqrt(2 ties), or sqrt(2 arrows), and a triad is found in so many looks at a tie.
 * A place among the k, as the numbers of nodes themselves, is below n and so fits 32 bits.
 * Tie e of u leads to head[e], with a weight or with its directions. */
typedef struct {
    int64_t n, ties;
    int32_t *name, *old; /* new name of each node, and back */
    int64_t *start;
    int32_t *head;
    double *weight;
    uint8_t *way; /* 1: u sends, 2: the head sends, 3: both */
} skeleton;

static void release(skeleton *s) {
    free(s->name), free(s->old), free(s->start), free(s->head), free(s->weight), free(s->way);
}

/* Names by falling degree, equal ones in node order; `also` may add the degrees of a second network. */
static int named(skeleton *s, const net *g, const net *also) {
    int64_t n = g->n, most = 0;
    for (int64_t v = 0; v < n; v++) {
        int64_t d = degree(g, v) + (also ? degree(also, v) : 0);
        if (d > most) most = d;
    }
    int64_t *place = take_zeros(most + 2, 8);
    *s = (skeleton){.n = n, .name = take(n, 4), .old = take(n, 4), .start = take(n + 1, 8)};
    if (!place || !s->name || !s->old || !s->start) {
        free(place);
        return NO_MEMORY;
    }
    for (int64_t v = 0; v < n; v++) place[most - degree(g, v) - (also ? degree(also, v) : 0) + 1]++;
    for (int64_t d = 1; d <= most; d++) place[d] += place[d - 1];
    for (int64_t v = 0; v < n; v++) {
        int64_t p = place[most - degree(g, v) - (also ? degree(also, v) : 0)]++;
        s->name[v] = (int32_t)p;
        s->old[p] = (int32_t)v;
    }
    free(place);
    return OK;
}
#endif
