/* Shorten: a day's road by 2-opt, and by single stops going elsewhere, until neither helps. A month's search would
   else fill its short days with roundabout ways: they make days even, and nobody drives them. */

static void turn_round(int r, int first, int last) {
    i32 *line = stops_of(r), *legs = leg_of(r);
    for (int i = first, j = last; i < j; i++, j--) { i32 one = line[i]; line[i] = line[j]; line[j] = one; }
    for (int i = first + 1, j = last; i < j; i++, j--) { i32 one = legs[i]; legs[i] = legs[j]; legs[j] = one; }
    legs[first] = way(line[first - 1], line[first]);
    legs[last + 1] = way(line[last], line[last + 1]);
}

/* Turns one stretch round where that is shorter: by how many metres. */
static int shorter_turned(int r) {
    const i32 *line = stops_of(r), *legs = leg_of(r);
    for (int i = 1; i < count[r]; i++) {
        const i32 *from_before = metres + (i64)line[i - 1] * (customers + 1), *from_first = metres + (i64)line[i] * (customers + 1);
        for (int j = i + 1; j <= count[r]; j++) {
            int gain = legs[i] + legs[j + 1] - from_before[line[j]] - from_first[line[j + 1]];
            if (gain <= 0) continue;
            turn_round(r, i, j);
            return gain;
        }
    }
    return 0;
}

/* Moves one stop between two others where that is shorter: by how many metres. */
static int shorter_moved(int r) {
    i32 *line = stops_of(r), *legs = leg_of(r);
    for (int i = 1; i <= count[r]; i++) {
        int stop = line[i], saved = legs[i] + legs[i + 1] - way(line[i - 1], line[i + 1]);
        const i32 *from_stop = metres + (i64)stop * (customers + 1);
        int before = from_stop[line[0]];
        for (int k = 1; saved > 0 && k <= count[r] + 1; k++) {
            int behind = from_stop[line[k]], gain = saved - before - behind + legs[k];
            before = behind;
            if (gain <= 0 || k == i || k == i + 1) continue;
            if (k > i) for (int at = i; at < k - 1; at++) line[at] = line[at + 1];
            else for (int at = i; at > k; at--) line[at] = line[at - 1];
            line[k > i ? k - 1 : k] = stop;
            for (int at = 1; at <= count[r] + 1; at++) legs[at] = way(line[at - 1], line[at]);
            return gain;
        }
    }
    return 0;
}

#define LONG_ROAD 80 /* stops: more than anybody visits in a day; there it would take longer than all else */

/* Every road the round has touched; were any longer than they need be? */
static int shorten(void) {
    int any = 0;
    for (int t = 0; t < touched_count; t++) {
        int r = touched[t], gain, sum = 0;
        if (count[r] > LONG_ROAD) continue;
        while ((gain = shorter_turned(r)) || (gain = shorter_moved(r))) sum += gain;
        if (!sum) continue;
        reckon(r, -sum, 0, 0);
        any = 1;
    }
    return any;
}
