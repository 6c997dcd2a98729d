/* Simulated annealing over rounds of ruin and recreate; what overload costs follows how often the
   current plan holds the limits. */

#define EXCHANGES 2 /* tried beside each round of a month */
#define ADJUST 200 /* rounds between two adjustments of the prices of overload */

static double hot, cold; /* temperatures, in mean legs of the first plan */
#define WANTED_KEPT 0.5 /* of the plans: the prices of overload rise or fall until so many hold the limits */
static double mean_leg;
/* The way begins with some short searches from hot to cold, each of which may end in another valley, and goes
   on from the best of them, less hot. */
static double first_searches, first_share, again_hot;
static int pace_known;
static int gone_on; /* from the best of the first searches */
static void consider_best(void);
static int round_number, kept_load, kept_time;

static void construct(void) {
    gone_count = 0;
    day_only = -1;
    for (int c = 1; c <= customers; c++) { is_gone[c] = 0; gone[gone_count] = c; gone_mask[gone_count++] = 0; }
    recreate();
    gone_count = 0;
}

static void price_overload(void) {
    i64 most_demand = 1, sum = 0;
    for (int c = 1; c <= customers; c++) {
        if (demand[c] > most_demand) most_demand = demand[c];
        sum += way(0, c);
    }
    load_price = (double)sum / (customers ? customers : 1) / (double)most_demand;
    time_price = 1.0;
    reprice();
}

/* A month's rounds are known from the start. A few shops settle in one of many valleys, whatever the rounds: most of
   them go into beginning anew. The last search, from the best, is half as long again. */
static int all_rounds;
#define FEW_SEARCHES 4.0
#define MONTH_SEARCH 12.0 /* rounds for each visit */

static void share_out(void) {
    double per_visit = (double)all_rounds / (duties ? duties : 1);
    while ((first_searches + 1.0) * (first_searches + 1.0) * MONTH_SEARCH <= per_visit) first_searches += 1.0;
    first_share = 1.0 / (first_searches + 1.5);
}

/* How the search is set: found by trial on the classic instances and on invented territories, the same for all
   of a kind. */
static void set_search(void) {
    hot = calendar ? 8.0 : 1.0;
    cold = calendar ? 0.01 : 0.05;
    again_hot = calendar ? 1.0 : 0.3;
    first_searches = FEW_SEARCHES;
    first_share = 0.1;
    if (calendar) share_out();
    mean_gone = calendar ? 14.0 : 8.0;
    day_only_share = calendar ? 0.1 : 0.4;
    long_string = calendar ? 10 : 13;
    short_string = calendar ? 10 : 6;
    one_day_share = 0.5;
    whole_share = calendar ? 0.1 : 0.0;
    pace_known = calendar;
}

/* How many first searches pay follows the effort, once the pace of the rounds is known: few rounds for each visit
   are best spent on one search, many on several. Searches grow with the root of the effort, in number and in length. */
#define KNOWN_PACE 0.02 /* of the way */
#define LEAST_SEARCH 250.0 /* rounds for each visit */
#define FIRSTS_SHARE 0.6

static void choose_searches(double share) {
    int visits = 0, searches = 1;
    for (int c = 1; c <= customers; c++) visits += __builtin_popcount(mask[c]);
    double per_visit = (double)round_number / share / (visits ? visits : 1);
    while ((double)(searches + 1) * (searches + 1) * LEAST_SEARCH <= per_visit) searches++;
    first_searches = searches > 2 ? searches : 1.0;
    first_share = searches > 2 ? FIRSTS_SHARE / searches : 1.0;
    pace_known = 1;
}

static void make_anneal(void) {
    set_search();
    if (calendar) price_month();
    else price_overload();
    construct();
    i64 legs = 0;
    for (int r = 0; r < routes; r++) legs += count[r] ? count[r] + 1 : 0;
    mean_leg = (double)all_length / (double)(legs ? legs : 1) * (calendar ? travel_price : 1.0);
    round_number = kept_load = kept_time = 0;
    best_over = gone_on = 0;
    consider_best();
}

static double uneven_first = 0.006, uneven_until = 0.6, uneven_wanted = 1.0;

static double local_share(double share);

static double uneven_at(double whole) {
    if (gone_on && first_searches > 0.0) return 1.0;
    double share = local_share(whole);
    if (share >= uneven_until || uneven_first >= 1.0) return 1.0;
    return uneven_first * curve_exp(-curve_ln(uneven_first) * share / uneven_until);
}

static double adjusted(double now, int kept, double least) {
    double share = (double)kept / ADJUST;
    if (share < WANTED_KEPT - 0.05) now *= 1.1;
    else if (share > WANTED_KEPT + 0.05) now *= 0.92;
    return now < least ? least : now;
}

static void adjust(void) {
    load_price = adjusted(load_price, kept_load, 1e-3);
    time_price = adjusted(time_price, kept_time, 1e-2);
    kept_load = kept_time = 0;
    if (calendar) {
        uneven_share = 1.0;
        follow_mean();
        reprice();
        consider_best();
        if (uneven_wanted >= 1.0) follow_need();
        uneven_share = uneven_wanted;
        follow_mean();
    }
    reprice();
}

/* The search goes on from the best plan. */
static void back_to_best(void) {
    all_length = over_load = over_time = 0;
    for (i64 k = 0; k < (i64)(customers + 1) * days; k++) slot[k] = -1;
    for (int c = 1; c <= customers; c++) mask[c] = 0;
    for (int r = 0; r < routes; r++) {
        i32 *line = stops_of(r), *legs = leg_of(r), day = r / vehicles;
        count[r] = best_count[r];
        words_copy(line, best_stops + (i64)r * width, count[r] + 2);
        load[r] = calendar ? standing_load[r] : 0;
        service[r] = calendar ? standing_time[r] : 0;
        length[r] = 0;
        for (int k = 1; k <= count[r] + 1; k++) {
            legs[k] = way(line[k - 1], line[k]);
            length[r] += legs[k];
            if (k > count[r]) break;
            slot[line[k] * days + day] = r;
            if (calendar) continue;
            mask[line[k]] |= 1u << day;
            load[r] += demand[line[k]];
            service[r] += stay[line[k]];
        }
        version[r] = best_version[r];
        is_short[r] = 0;
    }
    if (calendar) back_to_best_month();
    for (int r = 0; r < routes; r++) {
        all_length += length[r];
        over_load += load_over(r);
        over_time += time_over(r);
    }
    reprice();
}

/* The best plan holds the limits; a month's plan is kept even if no plan does: the host leaves visits out. */
static void consider_best(void) {
    if (calendar && (uneven_share < 1.0 || excess())) return;
    double cost = calendar ? worth() : (double)all_length;
    if (!calendar && (over_load || over_time)) return;
    if (best_known && (over_load > best_over || (over_load == best_over && cost >= best_cost))) return;
    best_over = over_load;
    keep_best(cost);
    if (calendar) keep_best_month();
}

/* Is what the round has changed kept? */
static int accepted(double temperature) {
    double most = saved_total - temperature * curve_ln(chance_share());
    if (total > most) return 0;
    return !calendar || !shorten() || total <= most;
}

static void exchange_round(double temperature) {
    begin_round();
    if (!exchange()) return;
    if (accepted(temperature)) {
        consider_best();
        return;
    }
    forget_exchange();
    go_back();
}

static void round_of(double temperature) {
    begin_round();
    ruin();
    recreate();
    if (!accepted(temperature)) {
        for (int g = 0; g < gone_count; g++) {
            int c = gone[g];
            if (calendar) { forget_month(c, g); continue; }
            u32 days_back = day_only < 0 ? mask[c] : 1u << day_only;
            for (u32 left = days_back; left; left &= left - 1) slot[c * days + __builtin_ctz(left)] = -1;
            mask[c] = gone_mask[g];
        }
        go_back();
    } else {
        consider_best();
    }
    for (int g = 0; g < gone_count; g++) is_gone[gone[g]] = 0;
    kept_load += !over_load;
    kept_time += !over_time;
    if (++round_number % ADJUST == 0) adjust();
}


/* How far the search at hand is, from hot to cold; the first searches begin anew, the last goes on. */
static double local_share(double share) {
    double firsts = first_searches * first_share;
    if (share >= firsts) return firsts < 1.0 ? (share - firsts) / (1.0 - firsts) : 1.0;
    double local = share / first_share;
    return local - (int)local;
}

static double temperature_at(double share) {
    double begin = share < first_searches * first_share ? hot : again_hot;
    return mean_leg * begin * curve_exp(curve_ln(cold / begin) * local_share(share));
}

/* Every other search may press twice as hard for even days: on some grounds only that finds them, on others it
   drives about. */
static double most_need_at(double share) { return (int)(share / first_share) % 2 ? 2.0 * MOST_NEED : MOST_NEED; }

/* So many rounds, while the search goes from one share of its way (0 the start) to another (1 the end). */
static void anneal(int rounds, double from, double to) {
    if (!movable) return;
    double temperature = 0.0;
    for (int k = 0; k < rounds; k++) {
        double share = from + (to - from) * k / rounds;
        if (!pace_known && share >= KNOWN_PACE) choose_searches(share);
        if (calendar) most_need = most_need_at(share);
        uneven_wanted = (round_number + 1) % ADJUST ? uneven_wanted : uneven_at(share);
        if (k % 16 == 0) temperature = temperature_at(share);
        if (!gone_on && share >= first_searches * first_share) {
            gone_on = 1;
            if (best_known) back_to_best();
        }
        for (int n = 0; calendar && n < EXCHANGES; n++) exchange_round(temperature);
        round_of(temperature);
    }
}
