// The arithmetic of fake_cudnn_rnn.h: cells in doubles, one row of one step after the other.
#ifndef FAKE_CUDNN_CELLS_H
#define FAKE_CUDNN_CELLS_H

// One layer in one direction, and the rows that it walks over.
typedef struct pass {
  const struct cudnnRNNStruct *d;
  const struct cudnnRNNDataStruct *seq;
  int layer, inputs;  // pseudo-layer; columns of x
  bool reverse;
  int64_t rows;
  const void *weights;
  const double *x;  // (rows, inputs)
  double *y;        // this direction's columns of (rows, directions * width)
  int64_t y_step;
  rooms at;
  double *h0, *c0;  // (batch, width), (batch, hidden)
} pass;

static double weight(const pass *p, int id, bool is_bias, int64_t k) {
  if (!elements(p->d, p->layer, id, is_bias)) return 0;
  return fake_get(p->weights, p->d->type, (int64_t)place_of(p->d, p->layer, id, is_bias) + k);
}

static int count_at(const struct cudnnRNNDataStruct *seq, int t) {
  int n = 0;
  while (t >= 0 && t < seq->steps && n < seq->batch && seq->length[n] > t) n++;
  return n;
}

static int64_t first_at(const struct cudnnRNNDataStruct *seq, int t) {
  int64_t n = 0;
  for (int k = 0; k < t; k++) n += count_at(seq, k);
  return n;
}

// The row of sequence b before step t in the walk, or -1.
static int64_t row_before(const pass *p, int t, int b) {
  const int before = p->reverse ? t + 1 : t - 1;
  return b < count_at(p->seq, before) ? first_at(p->seq, before) + b : -1;
}

static const double *state_before(const pass *p, int t, int b) {
  const int64_t row = row_before(p, t, b);
  return row < 0 ? p->h0 + (int64_t)b * p->d->width : p->y + row * p->y_step;
}

static double cell_before(const pass *p, int t, int b, int u) {
  const int64_t row = row_before(p, t, b), H = p->d->hidden;
  return row < 0 ? p->c0[b * H + u] : p->at.cell[row * H + u];
}

// Calls f for each row in the order of the walk, or against it.
static void each_row(const pass *p, bool backwards, void *context,
                     void (*f)(const pass *p, int t, int b, int64_t row, void *context)) {
  for (int s = 0; s < p->seq->steps; s++) {
    const int t = p->reverse != backwards ? p->seq->steps - 1 - s : s;
    const int64_t first = first_at(p->seq, t);
    for (int b = 0; b < count_at(p->seq, t); b++) f(p, t, b, first + b, context);
  }
}

static double logistic(double x) { return 1 / (1 + exp(-x)); }

// ---- forward ---------------------------------------------------------------------------------

static double product(const pass *p, int id, int u, const double *x, int n) {
  double sum = weight(p, id, true, u);
  for (int k = 0; k < n; k++) sum += weight(p, id, false, (int64_t)u * n + k) * x[k];
  return sum;
}

// What the gates of unit u make of the sums of both products; the output before a projection.
static double unit(const pass *p, int t, int b, int64_t row, int u, const double *in,
                   const double *state) {
  const int64_t H = p->d->hidden;
  double *v = p->at.gates + row * H * p->d->gates;
  if (p->d->mode == CUDNN_RNN_TANH) return v[u] = tanh(in[0] + state[0]);
  if (p->d->mode == CUDNN_RNN_RELU) return v[u] = fmax(in[0] + state[0], 0);
  if (p->d->mode == CUDNN_GRU) {
    const double r = v[u] = logistic(in[0] + state[0]);
    const double z = v[H + u] = logistic(in[1] + state[1]);
    const double n = v[2 * H + u] = tanh(in[2] + r * (p->at.inner[row * H + u] = state[2]));
    return (1 - z) * n + z * state_before(p, t, b)[u];
  }
  const double i = v[u] = logistic(in[0] + state[0]), f = v[H + u] = logistic(in[1] + state[1]);
  const double g = v[2 * H + u] = tanh(in[2] + state[2]);
  const double o = v[3 * H + u] = logistic(in[3] + state[3]);
  return o * tanh(p->at.cell[row * H + u] = f * cell_before(p, t, b, u) + i * g);
}

static void forward_row(const pass *p, int t, int b, int64_t row, void *context) {
  const struct cudnnRNNStruct *d = p->d;
  const double *state = state_before(p, t, b);
  (void)context;
  for (int u = 0; u < d->hidden; u++) {
    double in[4], of_state[4];
    for (int g = 0; g < d->gates; g++) {
      in[g] = product(p, g, u, p->x + row * p->inputs, p->inputs);
      of_state[g] = product(p, d->gates + g, u, state, d->width);
    }
    p->at.raw[row * d->hidden + u] = unit(p, t, b, row, u, in, of_state);
  }
  const double *raw = p->at.raw + row * d->hidden;
  for (int u = 0; u < d->width; u++) {
    const double v = d->width == d->hidden ? raw[u] : product(p, 2 * d->gates, u, raw, d->hidden);
    p->y[row * p->y_step + u] = fake_rounded(v, d->type);
  }
}

// ---- backward --------------------------------------------------------------------------------

typedef struct grads {
  double *h, *c;  // of each sequence's state, as the walk back has it
  double *x;      // (rows, inputs): added to
  const double *y;
  int64_t y_step;
} grads;

// From the gradient of the output before a projection to those of both products.
static void unit_back(const pass *p, int t, int b, int64_t row, int u, double g, grads *to) {
  const int64_t H = p->d->hidden;
  const double *v = p->at.gates + row * H * p->d->gates;
  double *gi = p->at.ginput + row * H * p->d->gates, *gs = p->at.gstate + row * H * p->d->gates;
  if (p->d->mode == CUDNN_GRU) {
    const double r = v[u], z = v[H + u], n = v[2 * H + u], q = p->at.inner[row * H + u];
    const double gn = g * (1 - z) * (1 - n * n);
    gi[u] = gn * q * r * (1 - r);
    gi[H + u] = g * (state_before(p, t, b)[u] - n) * z * (1 - z);
    gi[2 * H + u] = gn;
    gs[u] = gi[u], gs[H + u] = gi[H + u], gs[2 * H + u] = gn * r;
    to->h[b * H + u] = g * z;
    return;
  }
  if (p->d->mode != CUDNN_LSTM) {
    gi[u] = gs[u] = p->d->mode == CUDNN_RNN_TANH ? g * (1 - v[u] * v[u]) : v[u] > 0 ? g : 0;
    return;
  }
  const double i = v[u], f = v[H + u], c = v[2 * H + u], o = v[3 * H + u];
  const double now = tanh(p->at.cell[row * H + u]);
  const double gc = to->c[b * H + u] + g * o * (1 - now * now);
  gi[u] = gc * c * i * (1 - i);
  gi[H + u] = gc * cell_before(p, t, b, u) * f * (1 - f);
  gi[2 * H + u] = gc * i * (1 - c * c);
  gi[3 * H + u] = g * now * o * (1 - o);
  for (int k = 0; k < 4; k++) gs[k * H + u] = gi[k * H + u];
  to->c[b * H + u] = gc * f;
}

// to[k] += weight' g for the gates from `id` on.
static void add_back(const pass *p, int id, const double *g, double *to, int n) {
  for (int k = 0; k < p->d->gates; k++)
    for (int u = 0; u < p->d->hidden; u++)
      for (int j = 0; j < n; j++)
        to[j] += weight(p, id + k, false, (int64_t)u * n + j) * g[k * p->d->hidden + u];
}

static void backward_row(const pass *p, int t, int b, int64_t row, void *context) {
  grads *to = context;
  const struct cudnnRNNStruct *d = p->d;
  const int64_t H = d->hidden, P = d->width;
  double *gh = to->h + b * P, *gout = p->at.gout + row * P;
  for (int64_t u = 0; u < P; u++) {
    gout[u] = gh[u] + to->y[row * to->y_step + u];
    gh[u] = 0;
  }
  for (int u = 0; u < H; u++) {
    double g = P == H ? gout[u] : 0;
    for (int64_t k = 0; P != H && k < P; k++)
      g += gout[k] * weight(p, 2 * d->gates, false, k * H + u);
    unit_back(p, t, b, row, u, g, to);
  }
  add_back(p, d->gates, p->at.gstate + row * H * d->gates, gh, d->width);
  add_back(p, 0, p->at.ginput + row * H * d->gates, to->x + row * p->inputs, p->inputs);
}

static void add_to(const pass *p, void *space, int id, bool is_bias, int64_t k, double v) {
  if (!elements(p->d, p->layer, id, is_bias)) return;
  const int64_t at = (int64_t)place_of(p->d, p->layer, id, is_bias) + k;
  fake_put(space, p->d->type, at, fake_get(space, p->d->type, at) + v);
}

static void weight_grad(const pass *p, void *space, int id, const double *g, const double *x,
                        int outs, int n) {
  for (int u = 0; u < outs; u++) {
    for (int k = 0; k < n; k++) add_to(p, space, id, false, (int64_t)u * n + k, g[u] * x[k]);
    add_to(p, space, id, true, u, g[u]);
  }
}

static void weights_row(const pass *p, int t, int b, int64_t row, void *space) {
  const struct cudnnRNNStruct *d = p->d;
  const int64_t H = d->hidden, G = row * H * d->gates;
  for (int g = 0; g < d->gates; g++) {
    weight_grad(p, space, g, p->at.ginput + G + g * H, p->x + row * p->inputs, d->hidden,
                p->inputs);
    weight_grad(p, space, d->gates + g, p->at.gstate + G + g * H, state_before(p, t, b), d->hidden,
                d->width);
  }
  weight_grad(p, space, 2 * d->gates, p->at.gout + row * d->width, p->at.raw + row * H, d->width,
              d->width == d->hidden ? 0 : d->hidden);
}

// ---- a stack ---------------------------------------------------------------------------------

// A tensor's values as doubles, zeros for NULL; the caller's.
static double *doubles(const void *from, fake_type type, int64_t n) {
  double *to = calloc((size_t)n + 1, sizeof *to);
  for (int64_t k = 0; from && k < n; k++) to[k] = fake_get(from, type, k);
  return to;
}

static void give(void *to, fake_type type, const double *from, int64_t n) {
  for (int64_t k = 0; to && k < n; k++) fake_put(to, type, k, from[k]);
}

// What the passes of a call share, as doubles.
typedef struct stack {
  const struct cudnnRNNStruct *d;
  const struct cudnnRNNDataStruct *seq;
  const void *weights;
  double *reserve, *x, *h0, *c0;
  int64_t rows, states, cells;  // elements of h0 and c0
} stack;

static stack stack_of(cudnnRNNDescriptor_t d, cudnnRNNDataDescriptor_t seq, const void *weights,
                      void *reserve, const void *x, const void *h0, const void *c0) {
  stack s = {.d = d, .seq = seq, .weights = weights, .reserve = reserve, .rows = rows_of(seq)};
  s.states = (int64_t)d->layers * d->directions * seq->batch * d->width;
  s.cells = (int64_t)d->layers * d->directions * seq->batch * d->hidden;
  s.x = doubles(x, d->type, s.rows * d->inputs);
  s.h0 = doubles(h0, d->type, s.states);
  s.c0 = doubles(c0, d->type, s.cells);
  return s;
}

static void end_stack(stack *s) {
  free(s->x);
  free(s->h0);
  free(s->c0);
}

static pass pass_of(const stack *s, int layer) {
  const int D = s->d->directions, of = layer / D;
  pass p = {.d = s->d, .seq = s->seq, .layer = layer, .inputs = inputs_of(s->d, layer)};
  p.reverse = layer % D == 1;
  p.rows = s->rows, p.weights = s->weights;
  p.x = of ? s->reserve + outputs_at(s->d, s->rows, of - 1) : s->x;
  p.y_step = (int64_t)D * s->d->width;
  p.y = s->reserve + outputs_at(s->d, s->rows, of) + (layer % D) * s->d->width;
  p.at = rooms_of(s->d, s->reserve, s->rows, layer);
  p.h0 = s->h0 + (int64_t)layer * s->seq->batch * s->d->width;
  p.c0 = s->c0 + (int64_t)layer * s->seq->batch * s->d->hidden;
  return p;
}

static void last_states(const pass *p, void *h, void *c) {
  const struct cudnnRNNStruct *d = p->d;
  for (int b = 0; b < p->seq->batch; b++) {
    const int t = p->reverse ? 0 : p->seq->length[b] - 1;
    const int64_t row = first_at(p->seq, t) + b, at = (int64_t)p->layer * p->seq->batch + b;
    for (int u = 0; u < d->width; u++)
      fake_put(h, d->type, at * d->width + u, p->y[row * p->y_step + u]);
    for (int u = 0; c && d->mode == CUDNN_LSTM && u < d->hidden; u++)
      fake_put(c, d->type, at * d->hidden + u, p->at.cell[row * d->hidden + u]);
  }
}

static void note_rnn(const struct cudnnRNNStruct *d, const char *what) {
  static const char *const modes[] = {"relu", "tanh", "lstm", "gru"};
  const char *path = getenv("TOCHA_FAKE_LOG");
  FILE *f = path ? fopen(path, "a") : NULL;
  if (!f) return;
  fprintf(f, "%s %d x %d, %s\n", modes[d->mode], d->layers, d->directions, what);
  fclose(f);
}

cudnnStatus_t cudnnRNNForward(cudnnHandle_t handle, cudnnRNNDescriptor_t d, cudnnForwardMode_t mode,
                              const int32_t lengths[], cudnnRNNDataDescriptor_t xd, const void *x,
                              cudnnRNNDataDescriptor_t yd, void *y, cudnnTensorDescriptor_t hd,
                              const void *h0, void *h, cudnnTensorDescriptor_t cd, const void *c0,
                              void *c, size_t weight_bytes, const void *weights, size_t work_bytes,
                              void *work, size_t reserve_bytes, void *reserve) {
  MAY_FAIL;
  const bool training = mode == CUDNN_FWD_MODE_TRAINING;
  const size_t room = (size_t)outputs_at(d, rows_of(xd), d->layers) * sizeof(double);
  (void)handle, (void)lengths, (void)hd, (void)cd, (void)weight_bytes;
  if ((training ? reserve_bytes : work_bytes) < room || yd->width != d->directions * d->width ||
      xd->width != d->inputs)
    return CUDNN_STATUS_BAD_PARAM;
  stack s = stack_of(d, xd, weights, training ? reserve : work, x, h0, c0);
  for (int layer = 0; layer < d->layers * d->directions; layer++) {
    const pass p = pass_of(&s, layer);
    each_row(&p, false, NULL, forward_row);
    last_states(&p, h, c);
  }
  give(y, d->type, s.reserve + outputs_at(d, s.rows, d->layers - 1),
       s.rows * d->directions * d->width);
  end_stack(&s);
  note_rnn(d, training ? "training" : "inference");
  return CUDNN_STATUS_SUCCESS;
}

// From the gradient of a layer's output, of all directions, to that of its input.
static double *layer_back(const stack *s, int of, double *gy, double *gh, double *gc) {
  const struct cudnnRNNStruct *d = s->d;
  double *gx = calloc((size_t)(s->rows * inputs_of(d, of * d->directions)) + 1, sizeof *gx);
  for (int layer = of * d->directions; layer < (of + 1) * d->directions; layer++) {
    const pass p = pass_of(s, layer);
    grads g = {.h = gh + (int64_t)layer * s->seq->batch * d->width,
               .c = gc + (int64_t)layer * s->seq->batch * d->hidden,
               .x = gx,
               .y = gy + (layer % d->directions) * d->width,
               .y_step = (int64_t)d->directions * d->width};
    each_row(&p, true, &g, backward_row);
  }
  free(gy);
  return gx;
}

cudnnStatus_t cudnnRNNBackwardData_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t d,
                                      const int32_t lengths[], cudnnRNNDataDescriptor_t yd,
                                      const void *y, const void *dy, cudnnRNNDataDescriptor_t xd,
                                      void *dx, cudnnTensorDescriptor_t hd, const void *h0,
                                      const void *dhy, void *dh, cudnnTensorDescriptor_t cd,
                                      const void *c0, const void *dcy, void *dc,
                                      size_t weight_bytes, const void *weights, size_t work_bytes,
                                      void *work, size_t reserve_bytes, void *reserve) {
  MAY_FAIL;
  (void)handle, (void)lengths, (void)yd, (void)y, (void)hd, (void)cd, (void)weight_bytes;
  (void)work_bytes, (void)work, (void)reserve_bytes;
  stack s = stack_of(d, xd, weights, reserve, NULL, h0, c0);
  double *g = doubles(dy, d->type, s.rows * d->directions * d->width);
  double *gh = doubles(dhy, d->type, s.states), *gc = doubles(dcy, d->type, s.cells);
  for (int of = d->layers - 1; of >= 0; of--) g = layer_back(&s, of, g, gh, gc);
  give(dx, d->type, g, s.rows * d->inputs);
  give(dh, d->type, gh, s.states);
  if (d->mode == CUDNN_LSTM) give(dc, d->type, gc, s.cells);
  free(g);
  free(gh);
  free(gc);
  end_stack(&s);
  note_rnn(d, "data");
  return CUDNN_STATUS_SUCCESS;
}

// The gradients that BackwardData left are used up: NaN take their place.
cudnnStatus_t cudnnRNNBackwardWeights_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t d,
                                         cudnnWgradMode_t mode, const int32_t lengths[],
                                         cudnnRNNDataDescriptor_t xd, const void *x,
                                         cudnnTensorDescriptor_t hd, const void *h0,
                                         cudnnRNNDataDescriptor_t yd, const void *y,
                                         size_t weight_bytes, void *dweights, size_t work_bytes,
                                         void *work, size_t reserve_bytes, void *reserve) {
  MAY_FAIL;
  (void)handle, (void)lengths, (void)hd, (void)yd, (void)y, (void)weight_bytes;
  (void)work_bytes, (void)work;
  if (mode != CUDNN_WGRAD_MODE_ADD) return CUDNN_STATUS_BAD_PARAM;
  stack s = stack_of(d, xd, dweights, reserve, x, h0, NULL);
  for (int layer = 0; layer < d->layers * d->directions; layer++) {
    const pass p = pass_of(&s, layer);
    each_row(&p, false, dweights, weights_row);
  }
  end_stack(&s);
  memset(reserve, 0xff, reserve_bytes);
  note_rnn(d, "weights");
  return CUDNN_STATUS_SUCCESS;
}

#endif
