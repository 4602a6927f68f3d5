/* The passes over memory that a step is made of, each done once: update, gradient check, activation, measurement.
 *
 * Every pass may measure what it reads anyway: sums, largest magnitude, zeros. Rows of results are float32.
 * Sums run over fixed blocks, then over the blocks in order, so the number of threads never changes a bit of them.
 * A value is NaN or infinite exactly where its bits without the sign reach INFINITE; the largest of those bits is
 * also the largest magnitude, so looking for them costs nothing. Compiled without -ffinite-math-only.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 8192
#define PARALLEL 65536 /* below this many elements a second thread costs more than it brings */
#define INFINITE 0x7f800000u
#define RESTRICT __restrict__

typedef struct {
    float sum, square, zeros;
    uint32_t largest;
} Sums;

static inline uint32_t magnitude(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits & 0x7fffffffu;
}

static inline float as_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static long count_nonfinite(const float *x, long n) {
    long count = 0;
    for (long i = 0; i < n; i++) count += magnitude(x[i]) >= INFINITE;
    return count;
}

static Sums measure_block(const float *RESTRICT x, long n) {
    float sum = 0, square = 0, zeros = 0;
    uint32_t largest = 0;
    for (long i = 0; i < n; i++) {
        uint32_t bits = magnitude(x[i]);
        sum += x[i];
        square += x[i] * x[i];
        zeros += bits == 0 ? 1.0f : 0.0f;
        largest = bits > largest ? bits : largest;
    }
    return (Sums){sum, square, zeros, largest};
}

static Sums measure_short_block(const uint16_t *RESTRICT x, long n) {
    float wide[BLOCK];
    for (long i = 0; i < n; i++) wide[i] = as_float((uint32_t)x[i] << 16); /* a bfloat16 is a float32's upper half */
    return measure_block(wide, n);
}

/* out: sum, square sum, largest magnitude, zeros, non-finite. x: n float32, or bfloat16 where `brief`. */
void measure(const void *x, long n, int brief, float *out) {
    double sum = 0, square = 0, zeros = 0;
    uint32_t largest = 0;
    long blocks = (n + BLOCK - 1) / BLOCK;
    for (long first = 0; first < blocks; first += 64) {
        Sums part[64];
        long here = blocks - first < 64 ? blocks - first : 64;
#pragma omp parallel for if (n > PARALLEL)
        for (long b = 0; b < here; b++) {
            long start = (first + b) * BLOCK, size = n - start < BLOCK ? n - start : BLOCK;
            part[b] = brief ? measure_short_block((const uint16_t *)x + start, size)
                            : measure_block((const float *)x + start, size);
        }
        for (long b = 0; b < here; b++) {
            sum += part[b].sum, square += part[b].square, zeros += part[b].zeros;
            largest = part[b].largest > largest ? part[b].largest : largest;
        }
    }
    out[0] = (float)sum, out[1] = (float)square, out[2] = as_float(largest), out[3] = (float)zeros, out[4] = 0;
    if (largest < INFINITE) return;
    long wrong = 0;
    for (long i = 0; i < n; i++)
        wrong += magnitude(brief ? as_float((uint32_t)((const uint16_t *)x)[i] << 16) : ((const float *)x)[i]) >= INFINITE;
    out[4] = (float)wrong;
}

/* For each of `tensors` tensors: square sum, largest magnitude, non-finite. Returns 1 where all are finite. */
int measure_all(long tensors, const float **x, const long *sizes, float *out) {
    int finite = 1;
    for (long t = 0; t < tensors; t++) {
        double square = 0;
        uint32_t largest = 0;
        for (long start = 0; start < sizes[t]; start += BLOCK) {
            const float *RESTRICT values = x[t] + start;
            long size = sizes[t] - start < BLOCK ? sizes[t] - start : BLOCK;
            float part = 0;
            for (long i = 0; i < size; i++) {
                uint32_t bits = magnitude(values[i]);
                part += values[i] * values[i];
                largest = bits > largest ? bits : largest;
            }
            square += part;
        }
        float *row = out + 3 * t;
        row[0] = (float)square, row[1] = as_float(largest);
        row[2] = largest >= INFINITE ? (float)count_nonfinite(x[t], sizes[t]) : 0;
        finite &= largest < INFINITE;
    }
    return finite;
}

/* Are all numbers of all tensors finite? One pass that does nothing else. */
int finite_all(long tensors, const float **x, const long *sizes) {
    uint32_t largest = 0;
    for (long t = 0; t < tensors; t++) {
        const float *RESTRICT values = x[t];
        for (long i = 0; i < sizes[t]; i++) {
            uint32_t bits = magnitude(values[i]);
            largest = bits > largest ? bits : largest;
        }
    }
    return largest < INFINITE;
}

typedef struct {
    float rate, share1, share2, epsilon, decay, penalty, correction1, correction2; /* share: 1 - beta, of the new */
} Adam;

/* Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1) with L2 `penalty` in the gradient, or AdamW's `decay`
 * (Loshchilov & Hutter 2019, arXiv:1711.05101) beside it. out (2 per tensor, or null): square sums of weight, update. */
void adam(long tensors, float **weights, const float **gradients, float **first, float **second, const long *sizes,
          const Adam *a, float *out) {
    const float step = a->rate / a->correction1, root = 1.0f / sqrtf(a->correction2), keep = 1.0f - a->rate * a->decay;
    const float b1 = a->share1, b2 = a->share2, penalty = a->penalty, eps = a->epsilon;
    for (long t = 0; t < tensors; t++) {
        long n = sizes[t], blocks = (n + BLOCK - 1) / BLOCK;
        double weight_sum = 0, update_sum = 0;
        for (long start_block = 0; start_block < blocks; start_block += 256) {
            float weight_part[256], update_part[256];
            long here = blocks - start_block < 256 ? blocks - start_block : 256;
#pragma omp parallel for if (n > PARALLEL / 2)
            for (long b = 0; b < here; b++) {
                long start = (start_block + b) * BLOCK, size = n - start < BLOCK ? n - start : BLOCK;
                float *RESTRICT p = weights[t] + start, *RESTRICT m = first[t] + start, *RESTRICT v = second[t] + start;
                const float *RESTRICT g = gradients[t] + start;
                float ws = 0, us = 0;
                for (long i = 0; i < size; i++) {
                    float grad = g[i] + penalty * p[i];
                    m[i] += b1 * (grad - m[i]);
                    v[i] += b2 * (grad * grad - v[i]);
                    float moved = p[i] * keep - step * m[i] / (sqrtf(v[i]) * root + eps);
                    float update = moved - p[i];
                    p[i] = moved;
                    ws += moved * moved;
                    us += update * update;
                }
                weight_part[b] = ws, update_part[b] = us;
            }
            for (long b = 0; b < here; b++) weight_sum += weight_part[b], update_sum += update_part[b];
        }
        if (out) out[2 * t] = (float)weight_sum, out[2 * t + 1] = (float)update_sum;
    }
}

typedef struct {
    float rate, momentum, penalty;
    int nesterov;
} Sgd;

/* Gradient descent; momentum (Polyak 1964) as torch writes it, Nesterov's look-ahead (Sutskever et al. 2013). */
void sgd(long tensors, float **weights, const float **gradients, float **velocity, const long *sizes, const Sgd *s,
         float *out) {
    const float rate = s->rate, momentum = s->momentum, penalty = s->penalty;
    for (long t = 0; t < tensors; t++) {
        long n = sizes[t], blocks = (n + BLOCK - 1) / BLOCK;
        double weight_sum = 0, update_sum = 0;
        for (long start_block = 0; start_block < blocks; start_block += 256) {
            float weight_part[256], update_part[256];
            long here = blocks - start_block < 256 ? blocks - start_block : 256;
#pragma omp parallel for if (n > PARALLEL / 2)
            for (long b = 0; b < here; b++) {
                long start = (start_block + b) * BLOCK, size = n - start < BLOCK ? n - start : BLOCK;
                float *RESTRICT p = weights[t] + start, *RESTRICT v = momentum != 0 ? velocity[t] + start : 0;
                const float *RESTRICT g = gradients[t] + start;
                float ws = 0, us = 0;
                for (long i = 0; i < size; i++) {
                    float grad = g[i] + penalty * p[i];
                    if (momentum != 0) {
                        v[i] = momentum * v[i] + grad;
                        grad = s->nesterov ? grad + momentum * v[i] : v[i];
                    }
                    float update = -rate * grad, moved = p[i] + update;
                    p[i] = moved;
                    ws += moved * moved;
                    us += update * update;
                }
                weight_part[b] = ws, update_part[b] = us;
            }
            for (long b = 0; b < here; b++) weight_sum += weight_part[b], update_sum += update_part[b];
        }
        if (out) out[2 * t] = (float)weight_sum, out[2 * t + 1] = (float)update_sum;
    }
}

/* z (rows, n) <- max(z + bias, 0), NaN kept. out (or null): measure() of it, while it is in the nearest memory. */
void bias_relu(float *RESTRICT z, const float *RESTRICT bias, long rows, long n, float *out) {
    for (long i = 0; i < rows; i++) {
        float *RESTRICT row = z + i * n;
        for (long j = 0; j < n; j++) {
            float value = row[j] + bias[j];
            row[j] = value < 0 ? 0 : value;
        }
    }
    if (out) measure(z, rows * n, 0, out);
}

#define WIDE 64 /* outputs that are summed in registers at a time */
typedef float Lane __attribute__((vector_size(64), aligned(4), may_alias));

typedef struct {
    Lane a, b, c, d;
} Wide;

static inline Wide add_product(Wide sum, float value, const float *factors) {
    const Lane *f = (const Lane *)factors;
    return (Wide){sum.a + value * f[0], sum.b + value * f[1], sum.c + value * f[2], sum.d + value * f[3]};
}

/* z (rows, outputs) <- x (rows, inputs) times weight (inputs, outputs), a product for each x that is not 0.
 * present (blocks of 64 rows, inputs) <- which rows have such an x, a bit each, for sparse_gradient; places
 * (rows, inputs + 1) <- how many such x a row has, and which. outputs is a multiple of WIDE. */
void sparse_forward(const float *RESTRICT x, const float *RESTRICT weight, float *RESTRICT z, uint64_t *RESTRICT present,
                    int32_t *RESTRICT places, long rows, long inputs, long outputs) {
#pragma omp parallel for if (rows * inputs > PARALLEL / 2)
    for (long i = 0; i < rows; i++) {
        const float *RESTRICT row = x + i * inputs;
        int32_t *RESTRICT place = places + i * (inputs + 1) + 1, count = 0;
        for (long k = 0; k < inputs; k++) {
            place[count] = (int32_t)k; /* kept where the next line moves on */
            count += row[k] != 0;
        }
        place[-1] = count;
        for (long first = 0; first < outputs; first += WIDE) {
            Wide sum = {0};
            for (long c = 0; c < count; c++) sum = add_product(sum, row[place[c]], weight + place[c] * outputs + first);
            *(Wide *)(z + i * outputs + first) = sum;
        }
    }
    memset(present, 0, sizeof(uint64_t) * inputs * ((rows + 63) / 64));
    for (long i = 0; i < rows; i++) {
        const int32_t *RESTRICT place = places + i * (inputs + 1) + 1;
        uint64_t *RESTRICT bits = present + i / 64 * inputs;
        for (long c = 0; c < place[-1]; c++) bits[place[c]] |= (uint64_t)1 << (i & 63);
    }
}

/* gradient (inputs, outputs) <- x transposed times delta (rows, outputs), by the bits that sparse_forward left. */
void sparse_gradient(const float *RESTRICT x, const float *RESTRICT delta, float *RESTRICT gradient,
                     const uint64_t *RESTRICT present, long rows, long inputs, long outputs) {
#pragma omp parallel for if (rows * inputs > PARALLEL / 2)
    for (long k = 0; k < inputs; k++)
        for (long first = 0; first < outputs; first += WIDE) {
            Wide sum = {0};
            for (long block = 0; block < (rows + 63) / 64; block++)
                for (uint64_t bits = present[block * inputs + k]; bits; bits &= bits - 1) {
                    long i = block * 64 + __builtin_ctzll(bits);
                    sum = add_product(sum, x[i * inputs + k], delta + i * outputs + first);
                }
            *(Wide *)(gradient + k * outputs + first) = sum;
        }
}

/* delta (rows, n) <- delta where the unit was active, else 0; bias_gradient (n) <- its column sums. */
void relu_backward(float *RESTRICT delta, const float *RESTRICT active, float *RESTRICT bias_gradient, long rows, long n) {
    memset(bias_gradient, 0, sizeof(float) * n);
    for (long i = 0; i < rows; i++) {
        float *RESTRICT d = delta + i * n;
        const float *RESTRICT a = active + i * n;
        for (long j = 0; j < n; j++) {
            float value = a[j] > 0 ? d[j] : 0;
            d[j] = value;
            bias_gradient[j] += value;
        }
    }
}

/* z (rows, n) <- d loss / d logits for logits z + bias; returns the mean cross-entropy with label smoothing
 * (Szegedy et al. 2016, arXiv:1512.00567, section 7), NaN for a label that is none. out (or null): measure() of
 * the logits. */
float cross_entropy(float *RESTRICT z, const float *bias, const int64_t *label, float *RESTRICT bias_gradient, long rows,
                    long n, float smoothing, float *out) {
    double loss = 0;
    const float share = 1.0f / rows, low = smoothing / n, high = 1.0f - smoothing;
    memset(bias_gradient, 0, sizeof(float) * n);
    for (long i = 0; i < rows; i++)
        if (label[i] < 0 || label[i] >= n) return NAN;
    for (long i = 0; i < rows; i++)
        for (long j = 0; j < n; j++) z[i * n + j] += bias[j];
    if (out) measure(z, rows * n, 0, out);
    for (long i = 0; i < rows; i++) {
        float *RESTRICT row = z + i * n;
        float top = row[0], mass = 0, total = 0, wanted = row[label[i]];
        for (long j = 1; j < n; j++) top = row[j] > top ? row[j] : top;
        for (long j = 0; j < n; j++) {
            total += row[j];
            row[j] = expf(row[j] - top);
            mass += row[j];
        }
        float log_mass = logf(mass) + top;
        loss += log_mass - high * wanted - low * total;
        float scale = share / mass;
        for (long j = 0; j < n; j++) row[j] = row[j] * scale - share * low;
        row[label[i]] -= share * high;
        for (long j = 0; j < n; j++) bias_gradient[j] += row[j];
    }
    return (float)(loss * share);
}

/* out (rows, width) <- bytes[index] * scale + shift; scale and shift (width). */
void gather_bytes(const uint8_t *RESTRICT bytes, const int64_t *RESTRICT index, float *RESTRICT out, long rows, long width,
                  const float *RESTRICT scale, const float *RESTRICT shift) {
#pragma omp parallel for if (rows * width > PARALLEL)
    for (long i = 0; i < rows; i++) {
        const uint8_t *RESTRICT source = bytes + index[i] * width;
        float *RESTRICT row = out + i * width;
        for (long j = 0; j < width; j++) row[j] = source[j] * scale[j] + shift[j];
    }
}
