/* Memory: one heap that only grows and is given back as a whole. */

typedef int i32;
typedef unsigned u32;
typedef long long i64;
typedef unsigned long long u64;

#ifdef __wasm__
extern unsigned char __heap_base;
static u64 heap_at;

static void heap_reset(void) { heap_at = ((u64)(unsigned long)&__heap_base + 15u) & ~15ull; }

static void *heap_take(u64 bytes) {
    u64 from = heap_at, pages = __builtin_wasm_memory_size(0);
    heap_at = (heap_at + bytes + 15u) & ~15ull;
    if (heap_at > pages * 65536u) {
        u64 more = (heap_at - pages * 65536u + 65535u) / 65536u;
        if (__builtin_wasm_memory_grow(0, (unsigned long)more) == (unsigned long)-1) __builtin_trap();
    }
    return (void *)(unsigned long)from;
}
#else
/* For comparing with a native build only: benchmarks/. */
extern void *calloc(unsigned long, unsigned long);
static void heap_reset(void) {}
static void *heap_take(u64 bytes) { return calloc(bytes + 16, 1); }
#endif

static void *heap_zeros(u64 bytes) {
    unsigned char *at = heap_take(bytes);
    __builtin_memset(at, 0, bytes);
    return at;
}

#define TAKE(type, count) ((type *)heap_zeros((u64)(count) * sizeof(type)))

#ifdef __wasm__
void *memset(void *to, int value, unsigned long bytes) {
    unsigned char *at = to;
    for (unsigned long k = 0; k < bytes; k++) at[k] = (unsigned char)value;
    return to;
}
void *memcpy(void *restrict to, const void *restrict from, unsigned long bytes) {
    unsigned char *at = to;
    const unsigned char *source = from;
    for (unsigned long k = 0; k < bytes; k++) at[k] = source[k];
    return to;
}
#endif

/* Copies whole words forward; the ranges do not overlap. */
static inline void words_copy(i32 *restrict to, const i32 *restrict from, int count) {
    for (int k = 0; k < count; k++) to[k] = from[k];
}
