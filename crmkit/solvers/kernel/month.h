/* A month of visits: each customer is owed duties in time, each with the days it may stand on and what
   they cost; a link prices two neighbouring duties of one customer by their days (-1: gap broken). A
   removed customer returns in the cheapest chain of days, found duty by duty.

   Several managers are vehicles: all visits of a customer are by one of them, who is chosen with the days.
   Route r is of day r / vehicles and manager r % vehicles. Limits on customers are walls: a plan that has
   more than it may is never the best. */

#define APART (-1)
#define NO_CHAIN 1e300
#define CLOSED_PRICE 100000000 /* a visit on a day its manager is off: where he must, host and rules leave it out */
#define EXCESS_PRICE 30000000.0 /* a customer over a limit */
#define ASKED_NEIGHBOURS 12     /* whose managers a returning customer is offered to */

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
static i32 *way_more, *way_place; /* of each route */

static i32 *manager_of, *was_manager, *best_manager; /* of each customer, -1 none */
static i32 *owner;                                   /* who has the customer now, -1 nobody */
static i32 *start_with;                              /* who gets him in the first plan, -1 whoever is cheapest */
static i32 *hand_over;                               /* [customer][manager]: its price, -1 may not */
static i32 *members, *most_members;                  /* of each manager */
static i32 *closed;                                  /* of each route: the manager is off */
static int moved, most_moved, open_routes;           /* customers who leave their owner */

static inline int route_of(int c, int day) { return day * vehicles + manager_of[c]; }

/* Customers over the limits. */
static int excess(void) {
    if (vehicles == 1) return 0;
    int sum = moved > most_moved ? moved - most_moved : 0;
    for (int m = 0; m < vehicles; m++) sum += members[m] > most_members[m] ? members[m] - most_members[m] : 0;
    return sum;
}

static double count_price(int c, int m) {
    double more = hand_over[c * vehicles + m];
    if (members[m] >= most_members[m]) more += EXCESS_PRICE;
    if (owner[c] >= 0 && owner[c] != m && moved >= most_moved) more += EXCESS_PRICE;
    return more;
}

/* A customer joins (1) or leaves (-1) a manager; what that changes beside the wishes of his days. */
static double count_one(int c, int m, int one) {
    double before = excess() * EXCESS_PRICE;
    members[m] += one;
    if (owner[c] >= 0 && owner[c] != m) moved += one;
    return excess() * EXCESS_PRICE - before + one * (double)hand_over[c * vehicles + m];
}

static void join(int c, int m, int one) {
    if (vehicles == 1) return;
    double more = count_one(c, m, one);
    total += more;
    all_wishes += more;
}

static void stand(int c, int duty, int day) {
    int r = route_of(c, day);
    duty_at[c * days + day] = duty;
    duty_day[duty] = day;
    mask[c] |= 1u << day;
    if (duty_road[duty]) {
        enter(r, way_place[r], c, duty_load[duty], 0);
        return;
    }
    touch(r);
    slot[c * days + day] = -1;
    reckon(r, 0, duty_load[duty], 0);
}

static void stand_off(int c, int day) {
    int duty = duty_at[c * days + day], r = route_of(c, day);
    duty_at[c * days + day] = -1;
    if (duty_road[duty]) {
        leave(r, c, duty_load[duty], 0);
        return;
    }
    touch(r);
    reckon(r, 0, -duty_load[duty], 0);
}

/* Takes a customer from these days, and remembers where he stood. */
static void take_month(int c, u32 taken) {
    for (int k = duty_from[c]; k < duty_from[c + 1]; k++) was_day[k] = duty_day[k];
    was_wishes[c] = wishes_of[c];
    was_manager[c] = manager_of[c];
    for (u32 left = taken; left; left &= left - 1) stand_off(c, __builtin_ctz(left));
    if (day_only >= 0) return;
    total -= wishes_of[c];
    all_wishes -= wishes_of[c];
    wishes_of[c] = 0.0;
    join(c, manager_of[c], -1);
}

/* Undoes the return of the g-th customer of the round; the routes go back by themselves. */
static void forget_month(int c, int g) {
    int stood = mask[c] != 0;
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
    if (vehicles > 1 && stood) all_wishes += count_one(c, manager_of[c], -1);
    if (vehicles > 1) all_wishes += count_one(c, was_manager[c], 1);
    manager_of[c] = was_manager[c];
}

static void measure_route(int c, int r) {
    const Places *found = places_of(c, r);
    int which = --until_blink ? 0 : blink();
    if (which == KEPT || found->more[which] == NOWHERE) which = 0;
    way_more[r] = found->more[which];
    way_place[r] = found->at[which];
}

static inline double wish_of(int duty, int day, int m) {
    return duty_wish[duty * days + day] + (closed[day * vehicles + m] ? CLOSED_PRICE : 0);
}

static double price_duty(int duty, int day, int m) {
    int r = day * vehicles + m;
    i64 road = duty_road[duty] ? way_more[r] : 0;
    return price_of(r, (i64)load[r] + duty_load[duty], length[r] + road, 0) - price[r] + wish_of(duty, day, m);
}

/* The cheapest way to each day of the n-th duty of a customer, all by one manager. */
static void extend_chain(int n, int duty, int m) {
    double *now = chain_price + n * days, *before = now - days;
    const i32 *table = link_price + (i64)(duty_link[duty] < 0 ? 0 : duty_link[duty]) * days * days;
    for (u32 left = duty_days[duty]; left; left &= left - 1) {
        int day = __builtin_ctz(left), came = -1;
        double own = price_duty(duty, day, m), least = n ? NO_CHAIN : 0.0;
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
        wishes_of[c] += wish_of(duty, day, manager_of[c]);
        if (n) wishes_of[c] += link_price[((i64)duty_link[duty] * days + chain_before[n * days + day]) * days + day];
        stand(c, duty, day);
        day = chain_before[n * days + day];
    }
    total += wishes_of[c];
    all_wishes += wishes_of[c];
}

/* The managers a customer may go to: whoever has neighbours of his, and one by chance: a dense town has no
   neighbours outside, and would never give anybody away. */
static u32 offered(int c) {
    if (vehicles == 1) return 1;
    u32 may = 0, near = 0;
    for (int m = 0; m < vehicles; m++) may |= (u32)(hand_over[c * vehicles + m] >= 0) << m;
    if (start_with[c] >= 0 && manager_of[c] < 0) return may & 1u << start_with[c] ? 1u << start_with[c] : may;
    if (manager_of[c] >= 0) near |= 1u << manager_of[c];
    if (owner[c] >= 0) near |= 1u << owner[c];
    for (int k = 0; k < near_count && k < ASKED_NEIGHBOURS; k++) {
        int other = near_list[(i64)c * near_count + k];
        if (manager_of[other] >= 0) near |= 1u << manager_of[other];
    }
    near |= 1u << chance_below(vehicles);
    return near & may ? near & may : may;
}

/* The last day of the cheapest chain by one manager, and its price. */
static int best_chain(int c, int m, double *least) {
    int held = duty_from[c + 1] - duty_from[c], chosen = -1;
    for (int n = 0; n < held; n++) extend_chain(n, duty_from[c] + n, m);
    for (u32 left = duty_days[duty_from[c] + held - 1]; left; left &= left - 1) {
        int day = __builtin_ctz(left);
        double price_there = chain_price[(held - 1) * days + day];
        if (price_there >= *least) continue;
        *least = price_there;
        chosen = day;
    }
    return chosen;
}

static void return_by_chain(int c) {
    if (duty_from[c + 1] == duty_from[c]) return;
    int chosen = -1, by = 0, asked = 0;
    double least = NO_CHAIN;
    for (u32 managers = offered(c); managers; managers &= managers - 1) {
        int m = __builtin_ctz(managers);
        asked++;
        for (u32 left = possible[c]; left; left &= left - 1) measure_route(c, __builtin_ctz(left) * vehicles + m);
        double beside = vehicles > 1 ? count_price(c, m) : 0.0, found = least - beside;
        int day = best_chain(c, m, &found);
        if (day < 0) continue;
        least = found + beside;
        chosen = day;
        by = m;
    }
    wishes_of[c] = 0.0;
    if (chosen < 0) return;
    if (asked > 1) {
        least = NO_CHAIN;
        best_chain(c, by, &least);
    }
    manager_of[c] = by;
    join(c, by, 1);
    stand_chain(c, chosen);
}

/* Back on the day he was taken from, wherever on its road. */
static void return_alone(int c, int day) {
    int duty = duty_from[c];
    while (duty_day[duty] != day) duty++;
    measure_route(c, route_of(c, day));
    stand(c, duty, day);
}

static void keep_best_month(void) {
    words_copy(best_duty_day, duty_day, duties);
    words_copy(best_manager, manager_of, customers + 1);
}

static double wishes_standing(int c) {
    double sum = 0.0;
    for (int k = duty_from[c]; k < duty_from[c + 1]; k++) {
        if (duty_day[k] < 0) continue;
        sum += wish_of(k, duty_day[k], manager_of[c]);
        if (k > duty_from[c] && duty_day[k - 1] >= 0)
            sum += link_price[((i64)duty_link[k] * days + duty_day[k - 1]) * days + duty_day[k]];
    }
    return sum;
}

static void back_to_best_month(void) {
    all_wishes = 0.0;
    for (int m = 0; m < vehicles; m++) members[m] = 0;
    moved = 0;
    words_copy(manager_of, best_manager, customers + 1);
    for (i64 k = 0; k < (i64)(customers + 1) * days; k++) duty_at[k] = -1;
    words_copy(duty_day, best_duty_day, duties);
    for (int c = 1; c <= customers; c++) {
        for (int k = duty_from[c]; k < duty_from[c + 1]; k++) {
            if (duty_day[k] < 0) continue;
            mask[c] |= 1u << duty_day[k];
            duty_at[c * days + duty_day[k]] = k;
            load[route_of(c, duty_day[k])] += duty_load[k];
        }
        if (!mask[c]) continue;
        wishes_of[c] = wishes_standing(c);
        all_wishes += wishes_of[c];
        if (vehicles > 1) all_wishes += count_one(c, manager_of[c], 1);
    }
}

static void follow_mean(void) {
    i64 sum = 0;
    for (int r = 0; r < routes; r++) sum += units_with_road(load[r], length[r]);
    mean_load = (double)sum / (open_routes ? open_routes : 1);
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
    mean_load = (double)sum / (open_routes ? open_routes : 1);
    if (mean_load < 1.0) mean_load = 1.0;
    uneven_share = 1.0;
    uneven_price = uneven_weight / (mean_load * mean_load);
    load_price = 3e7 / (double)most;
    reprice();
}

/* Who may have whom. Words: most who may change hands; per manager most customers; per customer owner, the
   manager of the first plan, and the price of each manager (-1: may not). One manager has none of them. */
static i32 *read_managers(i32 *at) {
    manager_of = TAKE(i32, customers + 1);
    was_manager = TAKE(i32, customers + 1);
    best_manager = TAKE(i32, customers + 1);
    members = TAKE(i32, vehicles);
    moved = 0;
    if (vehicles == 1) return at;
    most_moved = *at++;
    most_members = at;
    at += vehicles;
    owner = TAKE(i32, customers + 1);
    start_with = TAKE(i32, customers + 1);
    hand_over = TAKE(i32, (i64)(customers + 1) * vehicles);
    for (int c = 1; c <= customers; c++) {
        manager_of[c] = best_manager[c] = -1;
        owner[c] = *at++;
        start_with[c] = *at++;
        words_copy(hand_over + c * vehicles, at, vehicles);
        at += vehicles;
    }
    return at;
}

/* Words: travel price and unevenness price; pace; numbers of duties and links; per route room (-1: its manager
   is off), standing load, number of standing stops, the stops; the managers; per customer his duties; per duty
   load, road, link, wishes by day (-1: not that day); the links. */
static void read_month(i32 *at) {
    room = TAKE(i32, routes);
    closed = TAKE(i32, routes);
    standing_load = TAKE(i32, routes);
    travel_price = *at++;
    uneven_weight = (double)*at++ * 1000.0; /* per share of the mean, squared */
    pace_units = *at++;
    pace_metres = *at++;
    duties = *at++;
    int links = *at++;
    i32 *route_words = at;
    for (int r = 0; r < routes; r++) at += 3 + at[2];
    at = read_managers(at);
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
    way_more = TAKE(i32, routes);
    way_place = TAKE(i32, routes);
    for (int c = 1; c <= customers; c++)
        for (int k = duty_from[c]; k < duty_from[c + 1]; k++) possible[c] |= duty_days[k];
    mean_load = 1.0;
    load_price = 0.0;
    at = route_words;
    open_routes = 0;
    for (int r = 0; r < routes; r++) {
        closed[r] = at[0] < 0;
        open_routes += !closed[r];
        room[r] = closed[r] ? 0 : at[0];
        load[r] = standing_load[r] = at[1];
        for (int k = 0; k < at[2]; k++) {
            enter(r, places_of(at[3 + k], r)->at[0], at[3 + k], 0, 0);
        }
        at += 3 + at[2];
    }
}
