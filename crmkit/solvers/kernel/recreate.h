/* Recreate: each customer returns in the cheapest pattern of days, at the cheapest place of each day;
   now and then a place is overlooked (a blink). */

static i32 *duty_from, *duty_load; /* [customer], in a month of visits: see month.h */
static u32 *possible; /* days of any pattern */
static double *day_price;
static i32 *day_route, *day_place;
#define BLINK_SHARE 0.01
static int until_blink;
static double *order_key;

/* How many of the cheapest places are overlooked, and when the next blink comes. */
static int blink(void) {
    int which = 1;
    while (which < KEPT && chance_share() < BLINK_SHARE) which++;
    until_blink = 1 + (int)(curve_ln(chance_share()) / curve_ln(1.0 - BLINK_SHARE));
    return which;
}

/* The cheapest place for a customer on a day. More way never makes a route cheaper, so what its limits cost
   alone can rule a route out. */
static void price_day(int c, int day) {
    double least = NOWHERE;
    int seen_empty = 0;
    day_route[day] = -1;
    for (int r = day * vehicles; r < (day + 1) * vehicles; r++) {
        if (!count[r]) {
            if (seen_empty) continue;
            seen_empty = 1;
        }
        double load_cost = price_beyond(demand[c], spare_load[r], load_price);
        if (load_cost + price_beyond(stay[c], spare_time[r], time_price) >= least) continue;
        const Places *found = places_of(c, r);
        int which = --until_blink ? 0 : blink();
        if (which == KEPT) continue;
        int way_more = found->more[which];
        double more = load_cost + way_more + price_beyond(stay[c] + way_more, spare_time[r], time_price);
        if (more >= least) continue;
        least = more;
        day_route[day] = r;
        day_place[day] = found->at[which];
    }
    day_price[day] = least;
}

static void return_on(int c, u32 chosen) {
    for (u32 left = chosen; left; left &= left - 1) {
        int day = __builtin_ctz(left), r = day_route[day];
        if (r >= 0) enter(r, day_place[day], c, demand[c], stay[c]);
        else enter(day * vehicles, 1, c, demand[c], stay[c]);
    }
    mask[c] |= chosen;
}

static void return_by_pattern(int c) {
    for (u32 left = possible[c]; left; left &= left - 1) price_day(c, __builtin_ctz(left));
    double least = 1e301;
    u32 chosen = 0;
    for (int p = pattern_from[c]; p < pattern_from[c + 1]; p++) {
        double sum = 0.0;
        for (u32 left = patterns[p]; left; left &= left - 1) sum += day_price[__builtin_ctz(left)];
        if (sum < least) { least = sum; chosen = patterns[p]; }
    }
    return_on(c, chosen);
}

static int visits_of(int c) {
    return calendar ? duty_from[c + 1] - duty_from[c] : __builtin_popcount(patterns[pattern_from[c]]);
}

/* What one visit of a customer takes of a day. */
static int units_of(int c) {
    if (!calendar) return demand[c];
    return visits_of(c) ? duty_load[duty_from[c]] : 0;
}

/* The order in which customers return: by chance, demand, far or near from the depot, often visited first. */
static void order_gone(void) {
    int by = chance_below(12);
    for (int g = 0; g < gone_count; g++) {
        int c = gone[g];
        double often = visits_of(c);
        if (by < 4) order_key[c] = chance_share();
        else if (by < 7) order_key[c] = -units_of(c) * often;
        else if (by < 9) order_key[c] = -way(0, c);
        else if (by < 10) order_key[c] = way(0, c);
        else order_key[c] = -often + chance_share() * 0.5;
    }
    for (int g = 1; g < gone_count; g++) {
        int c = gone[g], at = g;
        u32 was = gone_mask[g];
        while (at > 0 && order_key[gone[at - 1]] > order_key[c]) {
            gone[at] = gone[at - 1];
            gone_mask[at] = gone_mask[at - 1];
            at--;
        }
        gone[at] = c;
        gone_mask[at] = was;
    }
}

static void return_by_chain(int c);
static void return_alone(int c, int day);

static void recreate(void) {
    order_gone();
    for (int g = 0; g < gone_count; g++) {
        if (calendar && day_only < 0) return_by_chain(gone[g]);
        else if (calendar) return_alone(gone[g], day_only);
        else if (day_only < 0) return_by_pattern(gone[g]);
        else {
            price_day(gone[g], day_only);
            return_on(gone[g], 1u << day_only);
        }
    }
}

static void make_recreate(void) {
    until_blink = 100;
    day_price = TAKE(double, days);
    day_route = TAKE(i32, days);
    day_place = TAKE(i32, days);
    order_key = TAKE(double, customers + 1);
    if (calendar) place = TAKE(Place, (i64)(customers + 1) * routes);
    else places = TAKE(Places, (i64)(customers + 1) * routes);
}
