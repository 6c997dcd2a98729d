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

static i32 *duty_time, *duty_road, *duty_link; /* of each duty; link to the duty before, -1 the first */
static u32 *duty_days;
static i32 *duty_wish;  /* [duty][day] */
static i32 *link_price; /* [link][day before][day] */
static i32 *duty_at;    /* [customer][day]: the duty standing there, -1 none */
static i32 *best_duty_day, *duty_day; /* where each duty stands, -1 nowhere */
static double *wishes_of, *was_wishes;       /* of each customer, now and before the round */
static i32 *was_day;                         /* of each duty, before the round */
static int duties, most_duties;

static double *day_more; /* of each day: see price_duty */
static u32 priced;
static double *chain_price; /* [duty of the customer][day] */
static i32 *chain_before;   /* [duty of the customer][day]: the day of the duty before */
static i32 *way_more, *way_place; /* of each route */

static i32 *manager_of, *was_manager, *best_manager; /* of each customer, -1 none */
static i32 *owner;                                   /* who has the customer now, -1 nobody */
static i32 *start_with;                              /* who gets him in the first plan, -1 whoever is cheapest */
static i32 *hand_over;                               /* [customer][manager]: its price, -1 may not */
static i32 *members, *most_members;                  /* of each manager */
static i32 *closed;                                  /* of each route: the manager is off */
static double even_limit; /* wanted: the mean of the squares of unevenness */
#define MOST_NEED 16.0
#define BEYOND 60.0 /* unevenness beyond what is wanted counts so many times more in what a plan is worth */
static double most_need = MOST_NEED;
#define AIMED_SHARE 0.98 /* of the mean time of a day: see set_means */
#define AIM 0.97 /* of what is wanted: the host may still shorten a road */
#define LUMP 0.2 /* of a visit: days cannot be made more even than whole visits let them */
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
        enter(r, way_place[r], c, duty_load[duty], duty_time[duty]);
        return;
    }
    touch(r);
    slot[c * days + day] = -1;
    reckon(r, 0, duty_load[duty], duty_time[duty]);
}

static void stand_off(int c, int day) {
    int duty = duty_at[c * days + day], r = route_of(c, day);
    duty_at[c * days + day] = -1;
    if (duty_road[duty]) {
        leave(r, c, duty_load[duty], duty_time[duty]);
        return;
    }
    touch(r);
    reckon(r, 0, -duty_load[duty], -duty_time[duty]);
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
    int which = --until_blink ? 0 : blink();
    if (which && which < KEPT) {
        Places found;
        look(&found, c, r);
        if (found.more[which] == NOWHERE) which = 0;
        way_more[r] = found.more[which];
        way_place[r] = found.at[which];
        return;
    }
    const Place *found = place_of(c, r);
    way_more[r] = found->more;
    way_place[r] = found->at;
}

static inline double wish_of(int duty, int day, int m) {
    return duty_wish[duty * days + day] + (closed[day * vehicles + m] ? CLOSED_PRICE : 0);
}

/* What a day costs more with one duty; the duties of a customer are mostly alike, and share it. */
static double price_duty(int duty, int day, int m) {
    if (priced >> day & 1) return day_more[day];
    int r = day * vehicles + m;
    i64 road = duty_road[duty] ? way_more[r] : 0;
    priced |= 1u << day;
    day_more[day] = month_price(r, (i64)load[r] + duty_load[duty], length[r] + road, (i64)service[r] + duty_time[duty]) - price[r];
    return day_more[day];
}

static int is_alike(int duty, int other) {
    return duty_load[duty] == duty_load[other] && duty_time[duty] == duty_time[other] && duty_road[duty] == duty_road[other];
}

/* The cheapest way to each day of the n-th duty of a customer, all by one manager. */
static void extend_chain(int n, int duty, int m) {
    double *now = chain_price + n * days, *before = now - days;
    if (!n || !is_alike(duty, duty - 1)) priced = 0;
    const i32 *table = link_price + (i64)(duty_link[duty] < 0 ? 0 : duty_link[duty]) * days * days;
    for (u32 left = duty_days[duty]; left; left &= left - 1) {
        int day = __builtin_ctz(left), came = -1;
        double own = price_duty(duty, day, m) + wish_of(duty, day, m), least = n ? NO_CHAIN : 0.0;
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

/* Exchange: one visit goes to another day, and mostly another comes back from there. A customer alone can seldom
   change what two days hold without making one of them too full or too empty. */

#define MOST_ASKED 40 /* stops of a day: who might come back; more than anybody visits in one */
static i32 *exchanged; /* duties and the days they left: at most two */
static int exchanged_count;

/* May a duty stand on another day, its customer's other visits staying? */
static int may_go(int c, int duty, int day) {
    if (!(duty_days[duty] >> day & 1) || mask[c] >> day & 1) return 0;
    if (duty > duty_from[c] && duty_day[duty - 1] >= 0 &&
        link_price[((i64)duty_link[duty] * days + duty_day[duty - 1]) * days + day] == APART) return 0;
    if (duty + 1 < duty_from[c + 1] && duty_day[duty + 1] >= 0 &&
        link_price[((i64)duty_link[duty + 1] * days + day) * days + duty_day[duty + 1]] == APART) return 0;
    return 1;
}

/* The metres a day saves without a stop. */
static int saving(int c, int r) {
    int at = position_in(r, c);
    return leg_of(r)[at] + leg_of(r)[at + 1] - way(stops_of(r)[at - 1], stops_of(r)[at + 1]);
}

/* About what two routes cost more when one duty leaves the first for the second, and another the other way (-1 none). */
static double exchange_price(int c, int duty, int from, int to, int other, int back) {
    int out_way = duty_road[duty] ? place_of(c, to)->more - (other ? saving(other, to) : 0) : 0;
    int in_way = (other ? place_of(other, from)->more : 0) - (duty_road[duty] ? saving(c, from) : 0);
    if (!duty_road[duty] && other) out_way = -saving(other, to);
    int more = (back >= 0 ? duty_load[back] : 0) - duty_load[duty], time = (back >= 0 ? duty_time[back] : 0) - duty_time[duty];
    return price_of(from, (i64)load[from] + more, length[from] + in_way, (i64)service[from] + time) - price[from] +
           price_of(to, (i64)load[to] - more, length[to] + out_way, (i64)service[to] - time) - price[to];
}

static void go_to(int c, int duty, int day) {
    int from = duty_day[duty];
    exchanged[exchanged_count * 3] = c;
    exchanged[exchanged_count * 3 + 1] = duty;
    exchanged[exchanged_count++ * 3 + 2] = from;
    stand_off(c, from);
    mask[c] &= ~(1u << from);
}

static void settle_exchange(int c, int duty, int day) {
    int r = route_of(c, day);
    if (duty_road[duty]) {
        way_place[r] = place_of(c, r)->at;
    }
    stand(c, duty, day);
    double wishes = wishes_standing(c), more = wishes - wishes_of[c];
    wishes_of[c] = wishes;
    total += more;
    all_wishes += more;
}

/* One exchange by chance; was there any? */
static int exchange(void) {
    exchanged_count = 0;
    int c = 1 + chance_below(customers);
    if (duty_from[c + 1] == duty_from[c] || !mask[c]) return 0;
    int duty = duty_from[c] + chance_below(duty_from[c + 1] - duty_from[c]), day = duty_day[duty];
    if (day < 0) return 0;
    int to_day = random_day(duty_days[duty]);
    if (to_day == day || !may_go(c, duty, to_day)) return 0;
    int from = route_of(c, day), to = route_of(c, to_day), other = 0, back = -1;
    if (closed[to]) return 0;
    double least = chance_below(8) ? NO_CHAIN : exchange_price(c, duty, from, to, 0, -1);
    int first = 1, last = count[to];
    if (last > MOST_ASKED) {
        first += chance_below(last - MOST_ASKED + 1);
        last = first + MOST_ASKED - 1;
    }
    for (int k = first; k <= last; k++) {
        int d = stops_of(to)[k], their = duty_at[d * days + to_day];
        if (their < 0 || d == c || !may_go(d, their, day)) continue;
        double cost = exchange_price(c, duty, from, to, d, their);
        if (cost >= least) continue;
        least = cost;
        other = d;
        back = their;
    }
    if (least >= NO_CHAIN) return 0;
    go_to(c, duty, to_day);
    if (other) go_to(other, back, day);
    settle_exchange(c, duty, to_day);
    if (other) settle_exchange(other, back, day);
    return 1;
}

/* Everybody back on the day he left; the routes go back by themselves. */
static void forget_exchange(void) {
    for (int k = 0; k < exchanged_count; k++) {
        int c = exchanged[k * 3], duty = exchanged[k * 3 + 1], day = duty_day[duty];
        duty_at[c * days + day] = -1;
        slot[c * days + day] = -1;
        mask[c] &= ~(1u << day);
    }
    for (int k = 0; k < exchanged_count; k++) {
        int c = exchanged[k * 3], duty = exchanged[k * 3 + 1], day = exchanged[k * 3 + 2];
        duty_at[c * days + day] = duty;
        duty_day[duty] = day;
        mask[c] |= 1u << day;
        all_wishes -= wishes_of[c];
        wishes_of[c] = wishes_standing(c);
        all_wishes += wishes_of[c];
    }
}

static void keep_best_month(void) {
    words_copy(best_duty_day, duty_day, duties);
    words_copy(best_manager, manager_of, customers + 1);
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
            service[route_of(c, duty_day[k])] += duty_time[k];
        }
        if (!mask[c]) continue;
        wishes_of[c] = wishes_standing(c);
        all_wishes += wishes_of[c];
        if (vehicles > 1) all_wishes += count_one(c, manager_of[c], 1);
    }
}

/* Days are even in time, the road included; where room is counted in visits, in these too. */
static double mean_of(double sum) {
    double mean = sum / (open_routes ? open_routes : 1);
    return mean < 1.0 ? 1.0 : mean;
}

/* Days are evened a little below their mean: else it would pay to drive about until the light ones are as long as the
   heavy ones, and the mean would follow. */
static void set_means(double time, double units) {
    mean_time = mean_of(time);
    mean_units = mean_of(units);
    aimed_time = mean_time * AIMED_SHARE;
    uneven_price = uneven_weight * uneven_share * even_need / (mean_time * mean_time);
    uneven_units_price = uneven_units_weight * uneven_share / (mean_units * mean_units);
}

/* The squares of how far the times of the days are from their mean, in means. */
static double unevenness(void) {
    double sum = 0.0;
    for (int r = 0; r < routes; r++) {
        if (closed[r]) continue;
        double apart = (double)service[r] + road_time * (double)length[r] - mean_time;
        sum += apart * apart;
    }
    return sum / (mean_time * mean_time);
}

/* What a plan costs: the same at any time of the search. */
static double worth(void) {
    double uneven = unevenness(), beyond = uneven - even_limit * open_routes;
    double cost = travel_price * (double)all_length + all_wishes + uneven_weight * uneven;
    if (beyond > 0.0) cost += BEYOND * uneven_weight * beyond;
    if (uneven_units_weight <= 0.0) return cost;
    for (int r = 0; r < routes; r++) {
        double apart = ((double)units_with_road(load[r], length[r]) - mean_units) / mean_units;
        if (!closed[r]) cost += uneven_units_weight * apart * apart;
    }
    return cost;
}

static void follow_need(void) {
    even_need *= unevenness() > even_limit * open_routes ? 1.1 : 0.92;
    if (even_need > most_need) even_need = most_need;
    if (even_need < 1.0) even_need = 1.0;
}

static void follow_mean(void) {
    i64 time = 0, units = 0;
    for (int r = 0; r < routes; r++) {
        time += service[r];
        units += units_with_road(load[r], length[r]);
    }
    set_means((double)time + road_time * (double)all_length, (double)units);
}

/* Where a day is a few visits, it is wanted as even as so large a part of one of them. */
static void set_limit(double visit) {
    double lump = LUMP * visit / mean_time;
    if (lump > even_limit) even_limit = lump;
    even_limit *= AIM * AIM * even_limit;
}

/* First prices: a whole day over its room costs more than any road. */
static void price_month(void) {
    i64 time = 0, units = 0;
    int most = 1;
    for (int k = 0; k < duties; k++) {
        time += duty_time[k];
        units += duty_load[k];
    }
    double visit = duties ? (double)time / duties : 0.0;
    for (int r = 0; r < routes; r++) {
        time += service[r];
        units += load[r];
        if (room[r] > most) most = room[r];
    }
    uneven_share = even_need = 1.0;
    set_means((double)time, (double)units);
    set_limit(visit);
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

/* Words: travel price, unevenness prices, percent wanted; pace; speed; numbers of duties and links; per route room (-1: its
   manager is off), standing load and seconds, number of standing stops, the stops; the managers; per customer his
   duties; per duty load, seconds, road, link, wishes by day (-1: not that day); the links. */
static void read_month(i32 *at) {
    room = TAKE(i32, routes);
    closed = TAKE(i32, routes);
    standing_load = TAKE(i32, routes);
    standing_time = TAKE(i32, routes);
    travel_price = *at++;
    uneven_weight = (double)*at++ * 1000.0; /* per share of the mean, squared: of time */
    uneven_units_weight = (double)*at++ * 1000.0; /* of units of room */
    even_limit = (double)*at++ / 100.0;
    pace_units = *at++;
    pace_metres = *at++;
    metres_share = 1.0 / (double)(pace_metres ? pace_metres : 1);
    road_time = (double)at[0] / (double)at[1];
    at += 2;
    duties = *at++;
    int links = *at++;
    i32 *route_words = at;
    for (int r = 0; r < routes; r++) at += 4 + at[3];
    at = read_managers(at);
    duty_from = TAKE(i32, customers + 2);
    most_duties = 0;
    for (int c = 1; c <= customers; c++) {
        duty_from[c + 1] = duty_from[c] + *at++;
        if (duty_from[c + 1] - duty_from[c] > most_duties) most_duties = duty_from[c + 1] - duty_from[c];
    }
    duty_load = TAKE(i32, duties);
    duty_time = TAKE(i32, duties);
    duty_road = TAKE(i32, duties);
    duty_link = TAKE(i32, duties);
    duty_days = TAKE(u32, duties);
    duty_day = TAKE(i32, duties);
    best_duty_day = TAKE(i32, duties);
    duty_wish = TAKE(i32, (i64)duties * days);
    for (int k = 0; k < duties; k++) {
        duty_load[k] = *at++;
        duty_time[k] = *at++;
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
    exchanged = TAKE(i32, 6);
    chain_price = TAKE(double, (i64)(most_duties + 1) * days);
    chain_before = TAKE(i32, (i64)(most_duties + 1) * days);
    day_more = TAKE(double, days);
    way_more = TAKE(i32, routes);
    way_place = TAKE(i32, routes);
    for (int c = 1; c <= customers; c++)
        for (int k = duty_from[c]; k < duty_from[c + 1]; k++) possible[c] |= duty_days[k];
    mean_time = mean_units = 1.0;
    load_price = 0.0;
    at = route_words;
    open_routes = 0;
    for (int r = 0; r < routes; r++) {
        closed[r] = at[0] < 0;
        open_routes += !closed[r];
        room[r] = closed[r] ? 0 : at[0];
        load[r] = standing_load[r] = at[1];
        service[r] = standing_time[r] = at[2];
        for (int k = 0; k < at[3]; k++) {
            enter(r, place_of(at[4 + k], r)->at, at[4 + k], 0, 0);
        }
        at += 4 + at[3];
    }
}
