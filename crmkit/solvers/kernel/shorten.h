/* Shorten: a day's road by 2-opt, and by single stops going elsewhere, until neither helps. A month's search would
   else fill its short days with roundabout ways: they make days even, and nobody drives them.

   A road that was short before the round can only be made shorter where the round has made new legs: the others have
   been tried against each other. After a stretch was turned round, all are tried again. */

static i32 *behind;             /* of each stop, while one road is looked at: who came next before the round */
static i32 *fresh, fresh_count; /* new legs: leg k is the way from stop k-1 to stop k */

static void turn_round(int r, int first, int last) {
    i32 *line = stops_of(r), *legs = leg_of(r);
    for (int i = first, j = last; i < j; i++, j--) { i32 one = line[i]; line[i] = line[j]; line[j] = one; }
    for (int i = first + 1, j = last; i < j; i++, j--) { i32 one = legs[i]; legs[i] = legs[j]; legs[j] = one; }
    legs[first] = way(line[first - 1], line[first]);
    legs[last + 1] = way(line[last], line[last + 1]);
}

/* Turns round what lies between two legs, the first before the second, where that is shorter: by how many metres. */
static inline int turned(int r, const i32 *from_before, const i32 *from_first, int first, int second) {
    const i32 *line = stops_of(r), *legs = leg_of(r);
    int gain = legs[first] + legs[second] - from_before[line[second - 1]] - from_first[line[second]];
    if (gain <= 0) return 0;
    turn_round(r, first, second - 1);
    return gain;
}

static inline const i32 *ways_from(int stop) { return metres + (i64)stop * (customers + 1); }

/* Turns one stretch round where that is shorter: by how many metres. */
static int shorter_turned(int r) {
    const i32 *line = stops_of(r);
    int gain;
    for (int i = 1; i < count[r]; i++) {
        const i32 *from_before = ways_from(line[i - 1]), *from_first = ways_from(line[i]);
        for (int j = i + 2; j <= count[r] + 1; j++)
            if ((gain = turned(r, from_before, from_first, i, j))) return gain;
    }
    return 0;
}

/* One that begins or ends with this leg. */
static int shorter_turned_at(int r, int at) {
    const i32 *line = stops_of(r), *legs = leg_of(r), *from_before = ways_from(line[at - 1]), *from_behind = ways_from(line[at]);
    int gain, most = legs[at];
    for (int k = 1; k < at - 1; k++) {
        gain = most + legs[k] - from_before[line[k - 1]] - from_behind[line[k]];
        if (gain <= 0) continue;
        turn_round(r, k, at - 1);
        return gain;
    }
    for (int k = at + 2; k <= count[r] + 1; k++)
        if ((gain = turned(r, from_before, from_behind, at, k))) return gain;
    return 0;
}

static void move_stop(int r, int from, int leg_to) {
    i32 *line = stops_of(r), *legs = leg_of(r), stop = line[from];
    int low = from < leg_to ? from : leg_to, high = from < leg_to ? leg_to : from + 1;
    if (leg_to > from) for (int at = from; at < leg_to - 1; at++) line[at] = line[at + 1];
    else for (int at = from; at > leg_to; at--) line[at] = line[at - 1];
    line[leg_to > from ? leg_to - 1 : leg_to] = stop;
    for (int at = low; at <= high; at++) legs[at] = way(line[at - 1], line[at]);
}

static inline int way_round(int r, int at) { /* that a stop makes */
    const i32 *line = stops_of(r), *legs = leg_of(r);
    return legs[at] + legs[at + 1] - way(line[at - 1], line[at + 1]);
}

/* Moves this stop between two others where that is shorter: by how many metres. */
static int shorter_moved_from(int r, int i) {
    const i32 *line = stops_of(r), *legs = leg_of(r);
    int saved = way_round(r, i);
    if (saved <= 0) return 0;
    const i32 *from_stop = ways_from(line[i]);
    int before = from_stop[line[0]];
    for (int k = 1; k <= count[r] + 1; k++) {
        int next = from_stop[line[k]], gain = saved - before - next + legs[k];
        before = next;
        if (gain <= 0 || k == i || k == i + 1) continue;
        move_stop(r, i, k);
        return gain;
    }
    return 0;
}

static int shorter_moved(int r) {
    int gain;
    for (int i = 1; i <= count[r]; i++)
        if ((gain = shorter_moved_from(r, i))) return gain;
    return 0;
}

/* Moves another stop into this leg where that is shorter. */
static int shorter_moved_to(int r, int k) {
    const i32 *line = stops_of(r), *legs = leg_of(r);
    const i32 *from_before = ways_from(line[k - 1]), *from_behind = ways_from(line[k]);
    for (int i = 1; i <= count[r]; i++) {
        if (i == k || i == k - 1) continue;
        int gain = way_round(r, i) + legs[k] - from_before[line[i]] - from_behind[line[i]];
        if (gain <= 0) continue;
        move_stop(r, i, k);
        return gain;
    }
    return 0;
}

/* The legs a route has and had not before the round. */
static void find_fresh(int r) {
    const i32 *line = stops_of(r), *was = saved_stops + (i64)r * width;
    for (int k = 1; k <= count[r]; k++) behind[line[k]] = -1;
    behind[0] = was[1];
    for (int k = 1; k <= saved_count[r]; k++) behind[was[k]] = was[k + 1];
    fresh_count = 0;
    for (int k = 1; k <= count[r] + 1; k++) if (behind[line[k - 1]] != line[k]) fresh[fresh_count++] = k;
}

static int shorter_at_fresh(int r) {
    int gain;
    for (int n = 0; n < fresh_count; n++) {
        int k = fresh[n];
        if ((gain = shorter_turned_at(r, k))) return gain;
        if ((gain = shorter_moved_to(r, k))) return gain;
        if (k <= count[r] && (gain = shorter_moved_from(r, k))) return gain;
        if (k > 1 && (gain = shorter_moved_from(r, k - 1))) return gain;
    }
    return 0;
}

#define LONG_ROAD 80 /* stops: more than anybody visits in a day; there it would take longer than all else */

/* One road; by how many metres is it shorter? */
static int shorten_road(int r) {
    int gain, sum = 0;
    if (is_short[r]) {
        find_fresh(r);
        if (!(sum = shorter_at_fresh(r))) return 0;
    }
    while ((gain = shorter_turned(r)) || (gain = shorter_moved(r))) sum += gain;
    is_short[r] = 1;
    return sum;
}

/* Every road the round has touched; were any longer than they need be? */
static int shorten(void) {
    int any = 0;
    for (int t = 0; t < touched_count; t++) {
        int r = touched[t], sum;
        if (count[r] > LONG_ROAD) { is_short[r] = 0; continue; }
        if (!(sum = shorten_road(r))) continue;
        reckon(r, -sum, 0, 0);
        any = 1;
    }
    return any;
}

static void make_shorten(void) {
    behind = TAKE(i32, customers + 1);
    fresh = TAKE(i32, width);
}
