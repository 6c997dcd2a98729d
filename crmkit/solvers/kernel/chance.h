/* Chance and the two curves annealing needs: no libc, the same bits on every machine. */

static u64 chance_state;

static void chance_seed(u64 seed) {
    chance_state = seed * 0x9E3779B97F4A7C15u + 0xD1B54A32D192ED03u;
    if (!chance_state) chance_state = 1;
}

/* xorshift64*, the high half. */
static inline u32 chance_bits(void) {
    chance_state ^= chance_state >> 12;
    chance_state ^= chance_state << 25;
    chance_state ^= chance_state >> 27;
    return (u32)((chance_state * 0x2545F4914F6CDD1Du) >> 32);
}

/* A whole number from 0 to count - 1. */
static inline int chance_below(int count) { return (int)(((u64)chance_bits() * (u64)(u32)count) >> 32); }

/* A number above 0 and below 1. */
static inline double chance_share(void) { return ((double)chance_bits() + 0.5) * (1.0 / 4294967296.0); }

/* The natural logarithm of a positive normal number, to about 1e-14. */
static double curve_ln(double x) {
    union { double number; u64 bits; } split = {x};
    int power = (int)(split.bits >> 52) - 1023;
    split.bits = (split.bits & 0x000FFFFFFFFFFFFFu) | 0x3FF0000000000000u;
    double m = split.number;
    if (m > 1.4142135623730951) { m *= 0.5; power++; }
    double z = (m - 1.0) / (m + 1.0), square = z * z, term = z, sum = 0.0;
    for (int k = 1; k < 20; k += 2) { sum += term / k; term *= square; }
    return 2.0 * sum + power * 0.6931471805599453;
}

/* e to the power of x, for |x| < 700. */
static double curve_exp(double x) {
    int halvings = 0;
    while (x > 0.125 || x < -0.125) { x *= 0.5; halvings++; }
    double term = 1.0, sum = 1.0;
    for (int k = 1; k < 12; k++) { term *= x / k; sum += term; }
    while (halvings--) sum *= sum;
    return sum;
}
