// cuDNN's backend graph API behind a few functions (dnn_graph.h has the promises).
#include "dnn_graph.h"

#if TC_HAS_CUDNN
#include <stdio.h>
#include <string.h>

void dnn_begin(dnn_graph *g, const tc_cudnn *lib) {
  memset(g, 0, sizeof *g);
  g->lib = lib;
  g->next_id = 1000;
}

void dnn_end(dnn_graph *g) {
  while (g->made_count > 0) g->lib->cudnnBackendDestroyDescriptor(g->made[--g->made_count]);
}

// ---- descriptors -----------------------------------------------------------------------------

dnn_descriptor dnn_new(dnn_graph *g, cudnnBackendDescriptorType_t type) {
  dnn_descriptor d = NULL;
  if (g->status != CUDNN_STATUS_SUCCESS) return NULL;
  if (g->made_count == DNN_DESCRIPTORS) {
    g->status = CUDNN_STATUS_BAD_PARAM;
    return NULL;
  }
  g->status = g->lib->cudnnBackendCreateDescriptor(type, &d);
  if (d) g->made[g->made_count++] = d;
  return d;
}

void dnn_set(dnn_graph *g, dnn_descriptor d, cudnnBackendAttributeName_t name,
             cudnnBackendAttributeType_t type, int64_t count, const void *values) {
  if (g->status == CUDNN_STATUS_SUCCESS)
    g->status = g->lib->cudnnBackendSetAttribute(d, name, type, count, values);
}

void dnn_set_descriptor(dnn_graph *g, dnn_descriptor d, cudnnBackendAttributeName_t name,
                        dnn_descriptor value) {
  if (value) dnn_set(g, d, name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &value);
}

dnn_descriptor dnn_finish(dnn_graph *g, dnn_descriptor d) {
  if (g->status == CUDNN_STATUS_SUCCESS) g->status = g->lib->cudnnBackendFinalize(d);
  return d;
}

void dnn_operation(dnn_graph *g, dnn_descriptor d) {
  dnn_finish(g, d);
  if (g->operation_count == DNN_OPERATIONS) g->status = CUDNN_STATUS_BAD_PARAM;
  else g->operations[g->operation_count++] = d;
}

void dnn_pointwise(dnn_graph *g, const dnn_point *p) {
  dnn_descriptor how = dnn_new(g, CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
  dnn_set(g, how, CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE, 1, &p->mode);
  dnn_set(g, how, CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_TYPE_DATA_TYPE, 1, &p->precision);
  if (p->axis > 0) dnn_set(g, how, CUDNN_ATTR_POINTWISE_AXIS, CUDNN_TYPE_INT64, 1, &p->axis);
  dnn_finish(g, how);
  dnn_descriptor op = dnn_new(g, CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, how);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_POINTWISE_XDESC, p->x);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_POINTWISE_BDESC, p->b);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_POINTWISE_TDESC, p->t);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_POINTWISE_YDESC, p->y);
  dnn_operation(g, op);
}

// ---- tensors ---------------------------------------------------------------------------------

dnn_shape dnn_shape_of(cudnnDataType_t type, int dims, const int64_t *size, bool channels_last) {
  dnn_shape s = {.type = type, .dims = dims};
  int64_t step = channels_last ? size[1] : 1;
  for (int d = dims - 1; d >= 0; d--) {
    s.size[d] = size[d];
    if (channels_last && d == 1) {
      s.stride[d] = 1;
      continue;
    }
    s.stride[d] = step;
    step *= size[d];
  }
  return s;
}

static dnn_descriptor tensor(dnn_graph *g, int64_t id, const dnn_shape *s, bool inner,
                             bool number) {
  const int64_t alignment = 16;
  dnn_descriptor d = dnn_new(g, CUDNN_BACKEND_TENSOR_DESCRIPTOR);
  dnn_set(g, d, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &s->type);
  dnn_set(g, d, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, s->dims, s->size);
  dnn_set(g, d, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, s->dims, s->stride);
  dnn_set(g, d, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, &id);
  dnn_set(g, d, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, 1, &alignment);
  dnn_set(g, d, CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, 1, &inner);
  if (number) dnn_set(g, d, CUDNN_ATTR_TENSOR_IS_BY_VALUE, CUDNN_TYPE_BOOLEAN, 1, &number);
  return dnn_finish(g, d);
}

dnn_descriptor dnn_tensor(dnn_graph *g, int64_t id, const dnn_shape *s) {
  return tensor(g, id, s, false, false);
}

dnn_descriptor dnn_inner(dnn_graph *g, const dnn_shape *s) {
  return tensor(g, g->next_id++, s, true, false);
}

dnn_descriptor dnn_number(dnn_graph *g, int64_t id, int dims) {
  const int64_t ones[DNN_DIMS] = {1, 1, 1, 1, 1};
  const dnn_shape s = dnn_shape_of(CUDNN_DATA_FLOAT, dims, ones, false);
  return tensor(g, id, &s, false, true);
}

// ---- engines ---------------------------------------------------------------------------------

enum { NOTES = 16, CONFIGURATIONS = 64 };

typedef struct engine {
  dnn_descriptor configuration;
  int64_t index;
  unsigned numerical, behavior;  // a bit a note
} engine;

// Bits of the notes of an engine, which are enumerators of int's size.
static unsigned notes_of(dnn_graph *g, dnn_descriptor d, cudnnBackendAttributeName_t name,
                         cudnnBackendAttributeType_t type) {
  int notes[NOTES];
  int64_t count = 0;
  unsigned bits = 0;
  g->lib->cudnnBackendGetAttribute(d, name, type, NOTES, &count, notes);
  for (int64_t i = 0; i < count && i < NOTES; i++) bits |= 1U << notes[i];
  return bits;
}

static engine engine_of(dnn_graph *g, dnn_descriptor configuration) {
  engine e = {.configuration = configuration, .index = -1};
  int64_t count;
  dnn_descriptor d = dnn_new(g, CUDNN_BACKEND_ENGINE_DESCRIPTOR);
  g->lib->cudnnBackendGetAttribute(configuration, CUDNN_ATTR_ENGINECFG_ENGINE,
                                   CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &count, &d);
  g->lib->cudnnBackendGetAttribute(d, CUDNN_ATTR_ENGINE_GLOBAL_INDEX, CUDNN_TYPE_INT64, 1, &count,
                                   &e.index);
  e.numerical = notes_of(g, d, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, CUDNN_TYPE_NUMERICAL_NOTE);
  e.behavior = notes_of(g, d, CUDNN_ATTR_ENGINE_BEHAVIOR_NOTE, CUDNN_TYPE_BEHAVIOR_NOTE);
  return e;
}

// The same result every run, summed in float32; float32 in full unless the user allows less. Tensor cores
// have no float32: what uses them for it rounds to TensorFloat-32.
static bool allowed(const engine *e, const dnn_rules *rules) {
  unsigned numerical = 1U << CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC |
                       1U << CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION;
  const unsigned behavior = 1U << CUDNN_BEHAVIOR_NOTE_REQUIRES_FILTER_INT8x32_REORDER |
                            1U << CUDNN_BEHAVIOR_NOTE_REQUIRES_BIAS_INT8x32_REORDER;
  if (rules->is_float32 && !rules->tf32)
    numerical |=
        1U << CUDNN_NUMERICAL_NOTE_TENSOR_CORE | 1U << CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS;
  return !(e->numerical & numerical) && !(e->behavior & behavior);
}

// ---- plans -----------------------------------------------------------------------------------

// A described card; a real one is known by its handle.
static dnn_descriptor described(dnn_graph *g, const dnn_card *card) {
  if (card->handle) return NULL;
  dnn_descriptor d = dnn_new(g, CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
  dnn_set(g, d, CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, CUDNN_TYPE_CHAR,
          (int64_t)strlen(card->json), card->json);
  return dnn_finish(g, d);
}

static dnn_descriptor operation_graph(dnn_graph *g, const dnn_card *card) {
  dnn_descriptor d = dnn_new(g, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
  if (card->handle)
    dnn_set(g, d, CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, 1, &card->handle);
  dnn_set(g, d, CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, g->operation_count,
          g->operations);
  return dnn_finish(g, d);
}

// Where a plan is for: the handle, or the descriptor of a card.
typedef struct target {
  const dnn_card *card;
  dnn_descriptor properties;
} target;

static cudnnStatus_t aim(const tc_cudnn *lib, dnn_descriptor plan, const target *t) {
  if (t->card->handle)
    return lib->cudnnBackendSetAttribute(plan, CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE,
                                         1, &t->card->handle);
  return lib->cudnnBackendSetAttribute(plan, CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP,
                                       CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &t->properties);
}

// A plan is its owner's: it is made outside the graph's list. A compiler that fails is no reason to give
// up, the next engine may need none.
static bool make_plan(dnn_graph *g, const engine *e, const target *t, dnn_plan *out) {
  const tc_cudnn *lib = g->lib;
  dnn_descriptor d = NULL;
  int64_t count;
  if (lib->cudnnBackendCreateDescriptor(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR, &d)) return false;
  *out = (dnn_plan){.plan = d, .engine = e->index};
  out->compiled = e->behavior & 1U << CUDNN_BEHAVIOR_NOTE_RUNTIME_COMPILATION;
  if (lib->cudnnBackendSetAttribute(d, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG,
                                    CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &e->configuration) ||
      aim(lib, d, t) || lib->cudnnBackendFinalize(d) ||
      lib->cudnnBackendGetAttribute(d, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64,
                                    1, &count, &out->workspace)) {
    dnn_plan_free(lib, out);
    return false;
  }
  return true;
}

// Engines for the graph, the best first. A graph without any in this mode is no failure.
static int64_t configurations(dnn_graph *g, dnn_descriptor graph, dnn_descriptor properties,
                              cudnnBackendHeurMode_t mode, dnn_descriptor *to) {
  int64_t count = 0, got = 0;
  dnn_descriptor d = dnn_new(g, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
  dnn_set_descriptor(g, d, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph);
  dnn_set(g, d, CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, 1, &mode);
  dnn_set_descriptor(g, d, CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, properties);
  if (g->status || g->lib->cudnnBackendFinalize(d)) return 0;
  g->lib->cudnnBackendGetAttribute(d, CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_TYPE_BACKEND_DESCRIPTOR,
                                   0, &count, NULL);
  if (count > CONFIGURATIONS) count = CONFIGURATIONS;
  for (int64_t i = 0; i < count; i++)
    if (g->lib->cudnnBackendCreateDescriptor(CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, &to[i])) count = i;
  g->lib->cudnnBackendGetAttribute(d, CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_TYPE_BACKEND_DESCRIPTOR,
                                   count, &got, to);
  return count;
}

static bool plan_by(dnn_graph *g, dnn_descriptor graph, const target *t,
                    cudnnBackendHeurMode_t mode, const dnn_rules *rules, dnn_plan *out) {
  dnn_descriptor all[CONFIGURATIONS];
  const int64_t count = configurations(g, graph, t->properties, mode, all);
  const int kept = g->made_count;
  bool good = false;
  for (int64_t i = 0; i < count; i++) {
    if (!good) {
      const engine e = engine_of(g, all[i]);
      good = allowed(&e, rules) && make_plan(g, &e, t, out);
      while (g->made_count > kept) g->lib->cudnnBackendDestroyDescriptor(g->made[--g->made_count]);
    }
    g->lib->cudnnBackendDestroyDescriptor(all[i]);
  }
  out->fallback = mode == CUDNN_HEUR_MODE_FALLBACK;
  return good;
}

bool dnn_plan_of(dnn_graph *g, const dnn_card *card, const dnn_rules *rules, dnn_plan *out) {
  dnn_descriptor graph = operation_graph(g, card);
  const target t = {card, described(g, card)};
  if (g->status != CUDNN_STATUS_SUCCESS) return false;
  return plan_by(g, graph, &t, CUDNN_HEUR_MODE_A, rules, out) ||
         plan_by(g, graph, &t, CUDNN_HEUR_MODE_FALLBACK, rules, out);
}

void dnn_plan_free(const tc_cudnn *lib, dnn_plan *plan) {
  if (plan->plan) lib->cudnnBackendDestroyDescriptor(plan->plan);
  plan->plan = NULL;
}

const char *dnn_reason(const dnn_graph *g, char *buffer, size_t bytes) {
  const size_t head =
      (size_t)snprintf(buffer, bytes, "%s: ", g->lib->cudnnGetErrorString(g->status));
  if (head < bytes) g->lib->cudnnGetLastErrorString(buffer + head, bytes - head);
  return buffer;
}
#endif
