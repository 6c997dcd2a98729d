/* The state of a search: who stands on which route of which day.

   Customers are 1..customers, 0 is the depot (of distance 0 to all where ways are open). Route r is of
   day r / vehicles. A route's stops are stops[r][1..count]; stops[r][0] and stops[r][count+1] are the
   depot; leg[r][i] is the way from stop i-1 to stop i. A route's version names its contents: equal
   versions, equal contents. */

static int customers, days, vehicles, routes, width, calendar;
static i32 *metres;  /* [from][to], customers + 1 wide */

static i32 *stops, *leg, *count, *load, *service;
static i64 *length;
static double *price;
static u32 *version, versions;
static i32 *slot; /* [customer][day]: the route, or -1 */
static u32 *mask; /* days of a customer that may be taken from him */

static double all_wishes; /* of a month's visits: what their days cost beside the road */
static int movable;       /* customers who may be taken from their days */
static double total;            /* of all prices, and of the wishes */
static i64 all_length, over_load, over_time; /* of all routes */

/* What the classic problem asks. */
static i32 *most_load, *most_time; /* of each day, 0 none */
static i32 *pattern_from; /* [customer]: first pattern; patterns of c are pattern_from[c]..pattern_from[c+1] */
static u32 *patterns;
static i32 *demand, *stay;         /* of each customer */
static double load_price, time_price;
static i32 *spare_load, *spare_time; /* of each route: room left under its limits, negative over them */
#define UNLIMITED 0x3fffffff

/* What the ruin of one round has touched, to go back to. */
static i32 *saved_stops, *saved_leg, *saved_count, *saved_load, *saved_service, *touched, touched_count;
static i64 *saved_length;
static double *saved_price, saved_total;
static u32 *saved_version;
static unsigned char *is_touched;
static unsigned char *is_short, *was_short; /* of each route, now and before the round: see shorten.h */

static inline i32 *stops_of(int r) { return stops + (i64)r * width; }
static inline i32 *leg_of(int r) { return leg + (i64)r * width; }
static inline int way(int from, int to) { return metres[(i64)from * (customers + 1) + to]; }
static inline i64 above(i64 value) { return value > 0 ? value : 0; }

/* What a month of visits asks: whole units of load, road included (see month.h). */
static i32 *room, *standing_load, *standing_time; /* of each day; times are seconds */
static int pace_units, pace_metres;  /* road takes units of room per metres */
static double metres_share;          /* 1 / pace_metres */
static double road_time;             /* seconds of a metre of road */
static double aimed_time, mean_time, uneven_price, mean_units, uneven_units_price, travel_price;
static double even_need;   /* days less even than wanted make evenness dearer: see follow_need */
static double uneven_weight, uneven_units_weight, uneven_share; /* evenness begins cheap, so that whole zones can change their days */

/* Units of a day with so much load and road, rounded up as the rules do. */
static inline i64 units_with_road(i64 units, i64 way_length) {
    if (!pace_units) return units;
    i64 all = way_length * pace_units + pace_metres - 1, times = (i64)((double)all * metres_share), left = all - times * pace_metres;
    return units + times + (left >= pace_metres) - (left < 0);
}

static double month_price(int r, i64 units, i64 way_length, i64 time) {
    i64 all = units_with_road(units, way_length);
    double apart = (double)time + road_time * (double)way_length - aimed_time;
    double cost = travel_price * (double)way_length + uneven_price * apart * apart;
    if (uneven_units_price > 0.0) cost += uneven_units_price * ((double)all - mean_units) * ((double)all - mean_units);
    return all > room[r] ? cost + load_price * (double)(all - room[r]) : cost;
}

/* What a route costs with so much load, way and service. */
static inline double price_of(int r, i64 units, i64 way_length, i64 served) {
    if (calendar) return month_price(r, units, way_length, served);
    int day = r / vehicles;
    double cost = (double)way_length;
    if (most_load[day] && units > most_load[day]) cost += load_price * (double)(units - most_load[day]);
    if (most_time[day] && way_length + served > most_time[day])
        cost += time_price * (double)(way_length + served - most_time[day]);
    return cost;
}

static inline i64 load_over(int r) {
    if (calendar) return above(units_with_road(load[r], length[r]) - room[r]);
    int most = most_load[r / vehicles];
    return most ? above((i64)load[r] - most) : 0;
}
static inline i64 time_over(int r) {
    int most = calendar ? 0 : most_time[r / vehicles];
    return most ? above(length[r] + service[r] - most) : 0;
}

static void measure_spare(int r) {
    if (calendar) return;
    int day = r / vehicles;
    spare_load[r] = most_load[day] ? most_load[day] - load[r] : UNLIMITED;
    spare_time[r] = most_time[day] ? most_time[day] - (i32)length[r] - service[r] : UNLIMITED;
}

/* What so much more costs where only so much is spare. */
static inline double price_beyond(int more, int spare, double price_each) {
    return more <= spare ? 0.0 : price_each * (spare > 0 ? more - spare : more);
}

static void touch(int r) {
    if (is_touched[r]) return;
    is_touched[r] = 1;
    touched[touched_count++] = r;
    int words = count[r] + 2;
    words_copy(saved_stops + (i64)r * width, stops_of(r), words);
    words_copy(saved_leg + (i64)r * width, leg_of(r), words);
    saved_count[r] = count[r];
    saved_load[r] = load[r];
    saved_service[r] = service[r];
    saved_length[r] = length[r];
    saved_price[r] = price[r];
    saved_version[r] = version[r];
    was_short[r] = is_short[r];
}

/* A route's way and load change by so much; the sums follow. */
static void reckon(int r, int more_way, int more_load, int more_service) {
    i64 was_load = load_over(r), was_time = time_over(r);
    length[r] += more_way;
    load[r] += more_load;
    service[r] += more_service;
    all_length += more_way;
    over_load += load_over(r) - was_load;
    over_time += time_over(r) - was_time;
    double now = price_of(r, load[r], length[r], service[r]);
    total += now - price[r];
    price[r] = now;
    version[r] = ++versions;
    measure_spare(r);
}

/* A customer enters a route before position at (1 the first). */
static void enter(int r, int at, int customer, int units, int served) {
    touch(r);
    i32 *line = stops_of(r), *legs = leg_of(r);
    for (int k = count[r] + 1; k >= at; k--) { line[k + 1] = line[k]; legs[k + 1] = legs[k]; }
    int was = legs[at + 1];
    line[at] = customer;
    legs[at] = way(line[at - 1], customer);
    legs[at + 1] = way(customer, line[at + 1]);
    count[r]++;
    slot[customer * days + r / vehicles] = r;
    reckon(r, legs[at] + legs[at + 1] - was, units, served);
}

static void leave(int r, int customer, int units, int served) {
    touch(r);
    i32 *line = stops_of(r), *legs = leg_of(r);
    int at = 1;
    while (line[at] != customer) at++;
    int was = legs[at] + legs[at + 1];
    for (int k = at; k <= count[r]; k++) { line[k] = line[k + 1]; legs[k] = legs[k + 1]; }
    legs[at] = way(line[at - 1], line[at]);
    count[r]--;
    slot[customer * days + r / vehicles] = -1;
    reckon(r, legs[at] - was, -units, -served);
}

static void go_back(void) {
    for (int t = 0; t < touched_count; t++) {
        int r = touched[t], day = r / vehicles;
        i64 was_load = load_over(r), was_time = time_over(r);
        all_length += saved_length[r] - length[r];
        count[r] = saved_count[r];
        words_copy(stops_of(r), saved_stops + (i64)r * width, count[r] + 2);
        words_copy(leg_of(r), saved_leg + (i64)r * width, count[r] + 2);
        load[r] = saved_load[r];
        service[r] = saved_service[r];
        length[r] = saved_length[r];
        price[r] = saved_price[r];
        version[r] = saved_version[r];
        is_short[r] = was_short[r];
        measure_spare(r);
        over_load += load_over(r) - was_load;
        over_time += time_over(r) - was_time;
        i32 *line = stops_of(r);
        for (int k = 1; k <= count[r]; k++) slot[line[k] * days + day] = r;
    }
    total = saved_total;
}

static void begin_round(void) {
    for (int t = 0; t < touched_count; t++) is_touched[touched[t]] = 0;
    touched_count = 0;
    saved_total = total;
}

/* All prices anew, after what overload costs has changed. */
static void reprice(void) {
    total = 0.0;
    for (int r = 0; r < routes; r++) {
        price[r] = price_of(r, load[r], length[r], service[r]);
        measure_spare(r);
        total += price[r];
    }
    total += all_wishes;
}

/* Where the best plan so far is kept. */
static i32 *best_stops, *best_count;
static u32 *best_version;
static double best_cost;
static i64 best_over;
static int best_known;

static void keep_best(double cost) {
    best_cost = cost;
    best_known = 1;
    for (int r = 0; r < routes; r++) {
        if (best_version[r] == version[r]) continue;
        best_version[r] = version[r];
        best_count[r] = count[r];
        words_copy(best_stops + (i64)r * width, stops_of(r), count[r] + 2);
    }
}

static void make_state(void) {
    routes = days * vehicles;
    width = customers + 3;
    i64 cells = (i64)routes * width;
    stops = TAKE(i32, cells);
    leg = TAKE(i32, cells);
    saved_stops = TAKE(i32, cells);
    saved_leg = TAKE(i32, cells);
    best_stops = TAKE(i32, cells);
    count = TAKE(i32, routes);
    load = TAKE(i32, routes);
    service = TAKE(i32, routes);
    length = TAKE(i64, routes);
    price = TAKE(double, routes);
    version = TAKE(u32, routes);
    spare_load = TAKE(i32, routes);
    spare_time = TAKE(i32, routes);
    saved_count = TAKE(i32, routes);
    saved_load = TAKE(i32, routes);
    saved_service = TAKE(i32, routes);
    saved_length = TAKE(i64, routes);
    saved_price = TAKE(double, routes);
    saved_version = TAKE(u32, routes);
    touched = TAKE(i32, routes);
    is_touched = TAKE(unsigned char, routes);
    is_short = TAKE(unsigned char, routes);
    was_short = TAKE(unsigned char, routes);
    best_count = TAKE(i32, routes);
    best_version = TAKE(u32, routes);
    slot = TAKE(i32, (i64)(customers + 1) * days);
    mask = TAKE(u32, customers + 1);
    for (i64 k = 0; k < (i64)(customers + 1) * days; k++) slot[k] = -1;
    for (int r = 0; r < routes; r++) version[r] = ++versions;
    total = all_wishes = 0.0;
    all_length = over_load = over_time = 0;
    touched_count = 0;
    best_known = 0;
    best_cost = 0.0;
}
