/* Ruin: strings of neighbouring stops on neighbouring routes (Christiaens & Vanden Berghe 2020), over
   all days. A customer who is taken from one day leaves all of them. */

#define NEIGHBOURS 100

static i32 *near_list, near_count; /* [customer][near_count], nearest first */
static i32 *gone, gone_count;
static u32 *gone_mask;
static unsigned char *is_gone, *is_ruined;
static i32 *ruined, ruined_count;
static double day_only_share, one_day_share;
static int day_only; /* the day from which alone customers are taken, or -1: from all their days */
static double mean_gone;
static int long_string, short_string; /* a round takes strings of at most one of these lengths */

static void find_neighbours(void) {
    near_count = customers - 1 < NEIGHBOURS ? customers - 1 : NEIGHBOURS;
    if (near_count < 0) near_count = 0;
    near_list = TAKE(i32, (i64)(customers + 1) * (near_count + 1));
    for (int c = 1; c <= customers; c++) {
        i32 *list = near_list + (i64)c * near_count;
        int held = 0;
        for (int other = 1; other <= customers; other++) {
            if (other == c) continue;
            int apart = way(c, other), k = held;
            if (held == near_count && apart >= way(c, list[held - 1])) continue;
            if (held < near_count) held++;
            else k--;
            while (k > 0 && way(c, list[k - 1]) > apart) { list[k] = list[k - 1]; k--; }
            list[k] = other;
        }
    }
}

static int position_in(int r, int customer) {
    const i32 *line = stops_of(r);
    int at = 1;
    while (line[at] != customer) at++;
    return at;
}

static void send_away(int customer) {
    if (is_gone[customer] || !mask[customer] || (day_only >= 0 && !(mask[customer] >> day_only & 1))) return;
    is_gone[customer] = 1;
    gone[gone_count++] = customer;
}

/* A string of the route with the customer in it, sometimes with some stops inside it left standing. */
static void take_string(int r, int customer, double most) {
    int size = count[r], at = position_in(r, customer);
    int longest = size < (int)most ? size : (int)most;
    int take = 1 + chance_below(longest), keep = 0;
    if (take > 1 && take < size && chance_below(2)) {
        keep = 1;
        while (take + keep < size && chance_below(100) == 0) keep++;
    }
    int span = take + keep, first = at - chance_below(span);
    if (first < 1) first = 1;
    if (first + span > size + 1) first = size + 1 - span;
    int hole = keep ? first + 1 + chance_below(take - 1 > 0 ? take - 1 : 1) : 0;
    const i32 *line = stops_of(r);
    for (int k = first; k < first + span; k++)
        if (!keep || k < hole || k >= hole + keep) send_away(line[k]);
}

static int random_day(u32 from) {
    int pick = chance_below(__builtin_popcount(from));
    while (pick--) from &= from - 1;
    return __builtin_ctz(from);
}

static void ruin_route(int customer, int day, double most) {
    int r = slot[customer * days + day];
    if (r < 0) { send_away(customer); return; } /* a visit without a road */
    if (is_ruined[r]) return;
    is_ruined[r] = 1;
    ruined[ruined_count++] = r;
    take_string(r, customer, most);
}

static void take_month(int c, u32 taken);

static void take_away(void) {
    for (int g = 0; g < gone_count; g++) {
        int c = gone[g];
        gone_mask[g] = mask[c];
        u32 taken = day_only < 0 ? mask[c] : 1u << day_only;
        mask[c] &= ~taken;
        if (calendar) { take_month(c, taken); continue; }
        for (u32 left = taken; left; left &= left - 1) leave(slot[c * days + __builtin_ctz(left)], c, demand[c], stay[c]);
    }
}

static double whole_share; /* rounds that take a whole neighbourhood */
#define WHOLE_MOST 40

/* A customer and his nearest leave all their days together: they may settle on other days as one. */
static void ruin_neighbourhood(void) {
    int seed = 1 + chance_below(customers), wanted = 2 + chance_below(WHOLE_MOST - 1);
    day_only = -1;
    send_away(seed);
    for (int k = 0; k < near_count && gone_count < wanted; k++) send_away(near_list[(i64)seed * near_count + k]);
    take_away();
}

static void ruin(void) {
    gone_count = ruined_count = 0;
    if (whole_share > 0.0 && chance_share() < whole_share) {
        ruin_neighbourhood();
        return;
    }
    int used = 0, standing = 0;
    for (int r = 0; r < routes; r++) {
        used += count[r] > 0;
        standing += count[r];
    }
    double mean = (double)standing / (used ? used : 1);
    double longest = long_string == short_string || chance_below(2) ? long_string : short_string;
    double most = mean < longest ? mean : longest;
    if (most < 1.0) most = 1.0;
    double strings = 4.0 * mean_gone / (1.0 + most) - 1.0;
    int wanted = 1 + (int)(chance_share() * (strings < 1.0 ? 1.0 : strings));
    int seed = 1 + chance_below(customers);
    if (!mask[seed]) return;
    int one_day = chance_share() < one_day_share ? random_day(mask[seed]) : -1;
    day_only = one_day >= 0 && chance_share() < day_only_share ? one_day : -1;
    for (int k = -1; k < near_count && ruined_count < wanted; k++) {
        int c = k < 0 ? seed : near_list[(i64)seed * near_count + k];
        if (is_gone[c] || !mask[c]) continue;
        if (one_day < 0) ruin_route(c, random_day(mask[c]), most);
        else if (mask[c] >> one_day & 1) ruin_route(c, one_day, most);
    }
    for (int k = 0; k < ruined_count; k++) is_ruined[ruined[k]] = 0;
    take_away();
}

static void make_ruin(void) {
    find_neighbours();
    gone = TAKE(i32, customers + 1);
    gone_mask = TAKE(u32, customers + 1);
    is_gone = TAKE(unsigned char, customers + 1);
    is_ruined = TAKE(unsigned char, routes);
    ruined = TAKE(i32, routes);
    gone_count = ruined_count = 0;
}
