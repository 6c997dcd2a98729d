/* The three cheapest places of each route for each customer, remembered until the route changes. */

#define KEPT 3
#define NOWHERE 0x3fffffff

typedef struct {
    u32 version;
    i32 more[KEPT];
    i32 at[KEPT];
} Places;

static Places *places;

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
