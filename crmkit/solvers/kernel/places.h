/* The three cheapest places of each route for each customer, remembered until the route changes. */

#define KEPT 3
#define NOWHERE 0x3fffffff

typedef struct {
    u32 version;
    i32 more[KEPT];
    i32 at[KEPT];
} Places;

static Places *places;

/* The cheapest place of each route for each customer alone: all that a month's search asks for in most rounds. */
typedef struct {
    u32 version;
    i32 more;
    i32 at;
} Place;

static Place *place;

#define AT_BITS 16 /* a place in a route fits into so many */

__attribute__((noinline)) static void look_for_one(Place *found, int customer, int r) {
    const i32 *line = stops_of(r), *legs = leg_of(r);
    const i32 *from_me = metres + (i64)customer * (customers + 1);
    int last = count[r] + 1, before = from_me[0];
    i64 least = (i64)NOWHERE << AT_BITS;
    for (int k = 1; k <= last; k++) {
        int behind = from_me[line[k]];
        i64 more = ((i64)(before + behind - legs[k]) << AT_BITS) + k;
        before = behind;
        least = more < least ? more : least;
    }
    *found = (Place){version[r], (i32)(least >> AT_BITS), (i32)(least & ((1 << AT_BITS) - 1))};
}

static inline const Place *place_of(int customer, int r) {
    Place *found = place + (i64)customer * routes + r;
    if (found->version != version[r]) look_for_one(found, customer, r);
    return found;
}

/* Ways are as long back as forth, so each stop's way is read once. */
__attribute__((noinline)) static void look(Places *found, int customer, int r) {
    const i32 *line = stops_of(r), *legs = leg_of(r);
    const i32 *from_me = metres + (i64)customer * (customers + 1);
    int least = NOWHERE, second = NOWHERE, third = NOWHERE, at0 = 0, at1 = 0, at2 = 0, last = count[r] + 1;
    int before = from_me[0];
    for (int k = 1; k <= last; k++) {
        int behind = from_me[line[k]], more = before + behind - legs[k];
        before = behind;
        if (more >= third) continue;
        if (more < least) {
            third = second; at2 = at1;
            second = least; at1 = at0;
            least = more; at0 = k;
        } else if (more < second) {
            third = second; at2 = at1;
            second = more; at1 = k;
        } else {
            third = more; at2 = k;
        }
    }
    *found = (Places){version[r], {least, second, third}, {at0, at1, at2}};
}

static inline const Places *places_of(int customer, int r) {
    Places *found = places + (i64)customer * routes + r;
    if (found->version != version[r]) look(found, customer, r);
    return found;
}
