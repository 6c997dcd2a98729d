/* crmkit's search kernel: periodic routes by ruin and recreate under simulated annealing.

   Freestanding C11, no libc. Built by benchmarks/build_kernel.sh into kernel.wasm, which crmkit runs
   through wasmtime: the same plan, bit for bit, on every machine. The host writes the problem as 32-bit
   words into input(), calls start(), then run() in slices, then reads output(). */

#include "memory.h"
#include "chance.h"
#include "state.h"
#include "places.h"
#include "ruin.h"
#include "recreate.h"
#include "month.h"
#include "shorten.h"
#include "anneal.h"

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#define EXPORT(name) __attribute__((visibility("default")))
#endif

static i32 *input_words, *output_words;

EXPORT(input) i32 *input(i32 words) {
    heap_reset();
    versions = 0;
    input_words = heap_take((u64)words * sizeof(i32));
    return input_words;
}

static void read_classic(i32 *at) {
    most_load = at;
    most_time = at + days;
    at += 2 * days;
    demand = at - 1;
    stay = at + customers - 1;
    at += 2 * customers;
    pattern_from = at - 1;
    at += customers + 1;
    patterns = (u32 *)at;
    for (int c = 1; c <= customers; c++)
        for (int p = pattern_from[c]; p < pattern_from[c + 1]; p++) possible[c] |= patterns[p];
}

/* Header: calendar, customers, days, vehicles, seed, a month's rounds, two words free; then the matrix, the days, the
   customers. */
EXPORT(start) void start(void) {
    i32 *at = input_words;
    calendar = at[0];
    customers = at[1];
    days = at[2];
    vehicles = at[3];
    chance_seed((u64)(u32)at[4]);
    all_rounds = at[5];
    at += 8;
    metres = at;
    at += (i64)(customers + 1) * (customers + 1);
    output_words = 0;
    make_state();
    possible = TAKE(u32, customers + 1);
    make_ruin();
    make_recreate();
    make_shorten();
    if (calendar) read_month(at);
    else read_classic(at);
    movable = 0;
    for (int c = 1; c <= customers; c++) movable += possible[c] != 0;
    make_anneal();
}

EXPORT(run) void run(i32 rounds, double from, double to) { anneal(rounds, from, to); }

EXPORT(cost) double cost(void) { return best_known ? best_cost : -1.0; }

/* For each duty of a month its day, or -1. */
EXPORT(duty_output) i32 *duty_output(void) { return best_duty_day; }

/* For each customer of a month, from 0 (nobody) on, his manager, or -1. */
EXPORT(manager_output) i32 *manager_output(void) { return best_manager; }

EXPORT(over) double over(void) { return (double)best_over; }

/* For each route its number of stops, then the stops. */
EXPORT(output) i32 *output(void) {
    if (!output_words) output_words = TAKE(i32, (i64)routes * width);
    i32 *at = output_words;
    for (int r = 0; r < routes; r++) {
        *at++ = best_count[r];
        words_copy(at, best_stops + (i64)r * width + 1, best_count[r]);
        at += best_count[r];
    }
    return output_words;
}
