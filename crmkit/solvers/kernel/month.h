/* A month of visits: each customer is owed duties in time, each with the days it may stand on and what
   they cost; a link prices two neighbouring duties of one customer by their days (-1: gap broken). A
   removed customer returns in the cheapest chain of days, found duty by duty. */

#define APART (-1)
#define NO_CHAIN 1e300

static i32 *duty_load, *duty_road, *duty_link; /* of each duty; link to the duty before, -1 the first */
static u32 *duty_days;
static i32 *duty_wish;  /* [duty][day] */
static i32 *link_price; /* [link][day before][day] */
static i32 *duty_at;    /* [customer][day]: the duty standing there, -1 none */
static i32 *best_duty_day, *duty_day; /* where each duty stands, -1 nowhere */
static double *wishes_of, *was_wishes;       /* of each customer, now and before the round */
static i32 *was_day;                         /* of each duty, before the round */
static int duties, most_duties;

static double *chain_price; /* [duty of the customer][day] */
static i32 *chain_before;   /* [duty of the customer][day]: the day of the duty before */
static i32 *way_more, *way_place;

static void stand(int c, int duty, int day) {
    duty_at[c * days + day] = duty;
    duty_day[duty] = day;
    mask[c] |= 1u << day;
    if (duty_road[duty]) {
        enter(day, way_place[day], c, duty_load[duty], 0);
        return;
    }
    touch(day);
    slot[c * days + day] = -1;
    reckon(day, 0, duty_load[duty], 0);
}

static void stand_off(int c, int day) {
    int duty = duty_at[c * days + day];
    duty_at[c * days + day] = -1;
    if (duty_road[duty]) {
        leave(day, c, duty_load[duty], 0);
        return;
    }
    touch(day);
    reckon(day, 0, -duty_load[duty], 0);
}

/* Takes a customer from these days, and remembers where he stood. */
static void take_month(int c, u32 taken) {
    for (int k = duty_from[c]; k < duty_from[c + 1]; k++) was_day[k] = duty_day[k];
    was_wishes[c] = wishes_of[c];
    for (u32 left = taken; left; left &= left - 1) stand_off(c, __builtin_ctz(left));
    if (day_only >= 0) return;
    total -= wishes_of[c];
    all_wishes -= wishes_of[c];
    wishes_of[c] = 0.0;
}

/* Undoes the return of the g-th customer of the round; the routes go back by themselves. */
static void forget_month(int c, int g) {
    for (u32 left = mask[c]; left; left &= left - 1) {
        int day = __builtin_ctz(left);
        duty_at[c * days + day] = -1;
        if (day_only < 0) slot[c * days + day] = -1;
    }
    mask[c] = gone_mask[g];
    for (int k = duty_from[c]; k < duty_from[c + 1]; k++) {
        duty_day[k] = was_day[k];
        if (duty_day[k] >= 0) duty_at[c * days + duty_day[k]] = k;
    }
    if (day_only >= 0) return;
    all_wishes += was_wishes[c] - wishes_of[c];
    wishes_of[c] = was_wishes[c];
}

static void measure_day(int c, int day) {
    const Places *found = places_of(c, day);
    int which = --until_blink ? 0 : blink();
    if (which == KEPT || found->more[which] == NOWHERE) which = 0;
    way_more[day] = found->more[which];
    way_place[day] = found->at[which];
}

static double price_duty(int duty, int day) {
    i64 road = duty_road[duty] ? way_more[day] : 0;
    return price_of(day, (i64)load[day] + duty_load[duty], length[day] + road, 0) - price[day] + duty_wish[duty * days + day];
}

/* The cheapest way to each day of the n-th duty of a customer. */
static void extend_chain(int n, int duty) {
    double *now = chain_price + n * days, *before = now - days;
    const i32 *table = link_price + (i64)(duty_link[duty] < 0 ? 0 : duty_link[duty]) * days * days;
    for (u32 left = duty_days[duty]; left; left &= left - 1) {
        int day = __builtin_ctz(left), came = -1;
        double own = price_duty(duty, day), least = n ? NO_CHAIN : 0.0;
        for (u32 earlier = n ? duty_days[duty - 1] : 0; earlier; earlier &= earlier - 1) {
            int from = __builtin_ctz(earlier), together = table[from * days + day];
            if (together == APART || before[from] + together >= least) continue;
            least = before[from] + together;
            came = from;
        }
        now[day] = least >= NO_CHAIN ? NO_CHAIN : own + least;
        chain_before[n * days + day] = came;
    }
}

static void stand_chain(int c, int day) {
    for (int n = duty_from[c + 1] - duty_from[c] - 1; n >= 0; n--) {
        int duty = duty_from[c] + n;
        wishes_of[c] += duty_wish[duty * days + day];
        if (n) wishes_of[c] += link_price[((i64)duty_link[duty] * days + chain_before[n * days + day]) * days + day];
        stand(c, duty, day);
        day = chain_before[n * days + day];
    }
    total += wishes_of[c];
    all_wishes += wishes_of[c];
}

static void return_by_chain(int c) {
    int held = duty_from[c + 1] - duty_from[c], chosen = -1;
    if (!held) return;
    for (u32 left = possible[c]; left; left &= left - 1) measure_day(c, __builtin_ctz(left));
    for (int n = 0; n < held; n++) extend_chain(n, duty_from[c] + n);
    double least = NO_CHAIN;
    for (u32 left = duty_days[duty_from[c] + held - 1]; left; left &= left - 1) {
        int day = __builtin_ctz(left);
        if (chain_price[(held - 1) * days + day] >= least) continue;
        least = chain_price[(held - 1) * days + day];
        chosen = day;
    }
    wishes_of[c] = 0.0;
    if (chosen >= 0) stand_chain(c, chosen);
}

/* Back on the day he was taken from, wherever on its road. */
static void return_alone(int c, int day) {
    int duty = duty_from[c];
    while (duty_day[duty] != day) duty++;
    measure_day(c, day);
    stand(c, duty, day);
}

static void keep_best_month(void) { words_copy(best_duty_day, duty_day, duties); }

static double wishes_standing(int c) {
    double sum = 0.0;
    for (int k = duty_from[c]; k < duty_from[c + 1]; k++) {
        if (duty_day[k] < 0) continue;
        sum += duty_wish[k * days + duty_day[k]];
        if (k > duty_from[c] && duty_day[k - 1] >= 0)
            sum += link_price[((i64)duty_link[k] * days + duty_day[k - 1]) * days + duty_day[k]];
    }
    return sum;
}

static void back_to_best_month(void) {
    all_wishes = 0.0;
    for (i64 k = 0; k < (i64)(customers + 1) * days; k++) duty_at[k] = -1;
    words_copy(duty_day, best_duty_day, duties);
    for (int c = 1; c <= customers; c++) {
        for (int k = duty_from[c]; k < duty_from[c + 1]; k++) {
            if (duty_day[k] < 0) continue;
            mask[c] |= 1u << duty_day[k];
            duty_at[c * days + duty_day[k]] = k;
            load[duty_day[k]] += duty_load[k];
        }
        wishes_of[c] = wishes_standing(c);
        all_wishes += wishes_of[c];
    }
}

static void follow_mean(void) {
    i64 sum = 0;
    for (int r = 0; r < routes; r++) sum += units_with_road(load[r], length[r]);
    mean_load = (double)sum / (routes ? routes : 1);
    if (mean_load < 1.0) mean_load = 1.0;
    uneven_price = uneven_weight * uneven_share / (mean_load * mean_load);
}

/* First prices: a whole day over its room costs more than any road. */
static void price_month(void) {
    i64 sum = 0;
    int most = 1;
    for (int k = 0; k < duties; k++) sum += duty_load[k];
    for (int r = 0; r < routes; r++) {
        sum += load[r];
        if (room[r] > most) most = room[r];
    }
    mean_load = (double)sum / (routes ? routes : 1);
    if (mean_load < 1.0) mean_load = 1.0;
    uneven_share = 1.0;
    uneven_price = uneven_weight / (mean_load * mean_load);
    load_price = 3e7 / (double)most;
    reprice();
}

/* Words: per day room, standing load, number of standing stops, the stops; travel price and unevenness
   price; pace; per customer his duties; per duty load, road, link, wishes by day (-1: not that day); the
   links. */
static void read_month(i32 *at) {
    room = TAKE(i32, days);
    standing_load = TAKE(i32, days);
    travel_price = *at++;
    uneven_weight = (double)*at++ * 1000.0; /* per share of the mean, squared */
    pace_units = *at++;
    pace_metres = *at++;
    duties = *at++;
    int links = *at++;
    i32 *day_words = at;
    for (int day = 0; day < days; day++) at += 3 + at[2];
    duty_from = TAKE(i32, customers + 2);
    most_duties = 0;
    for (int c = 1; c <= customers; c++) {
        duty_from[c + 1] = duty_from[c] + *at++;
        if (duty_from[c + 1] - duty_from[c] > most_duties) most_duties = duty_from[c + 1] - duty_from[c];
    }
    duty_load = TAKE(i32, duties);
    duty_road = TAKE(i32, duties);
    duty_link = TAKE(i32, duties);
    duty_days = TAKE(u32, duties);
    duty_day = TAKE(i32, duties);
    best_duty_day = TAKE(i32, duties);
    duty_wish = TAKE(i32, (i64)duties * days);
    for (int k = 0; k < duties; k++) {
        duty_load[k] = *at++;
        duty_road[k] = *at++;
        duty_link[k] = *at++;
        duty_day[k] = best_duty_day[k] = -1;
        for (int day = 0; day < days; day++) {
            duty_wish[k * days + day] = *at++;
            if (duty_wish[k * days + day] >= 0) duty_days[k] |= 1u << day;
        }
    }
    link_price = links ? at : TAKE(i32, (i64)days * days);
    duty_at = TAKE(i32, (i64)(customers + 1) * days);
    for (i64 k = 0; k < (i64)(customers + 1) * days; k++) duty_at[k] = -1;
    wishes_of = TAKE(double, customers + 1);
    was_wishes = TAKE(double, customers + 1);
    was_day = TAKE(i32, duties);
    chain_price = TAKE(double, (i64)(most_duties + 1) * days);
    chain_before = TAKE(i32, (i64)(most_duties + 1) * days);
    way_more = TAKE(i32, days);
    way_place = TAKE(i32, days);
    for (int c = 1; c <= customers; c++)
        for (int k = duty_from[c]; k < duty_from[c + 1]; k++) possible[c] |= duty_days[k];
    mean_load = 1.0;
    load_price = 0.0;
    at = day_words;
    for (int day = 0; day < days; day++) {
        room[day] = at[0];
        load[day] = standing_load[day] = at[1];
        for (int k = 0; k < at[2]; k++) {
            enter(day, places_of(at[3 + k], day)->at[0], at[3 + k], 0, 0);
        }
        at += 3 + at[2];
    }
}
