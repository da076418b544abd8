// Asks cuDNN, on any machine, what it would do on a card that spec/cuda/*.json describes: every graph
// of csrc/cuda/dnn_graphs.h must get a plan, from an engine that is no fallback, with a bounded workspace.
// It proves that graphs are accepted, not what they compute.
//
//   dnn_check CARD.json          status 0: all as expected; 77: no cuDNN here
//   dnn_check CARD.json verbose  says which engine each graph gets
//   dnn_check describe           prints the first card of this machine as such a file
//
// A stand-in for libcuda.so.1 (fake_libcuda.c) must be on LD_LIBRARY_PATH where there is no driver.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda/dnn_graphs.h"

#if !TC_HAS_CUDNN
int main(void) {
  puts("built without cuDNN's headers");
  return 77;
}
#else

enum { F32 = CUDNN_DATA_FLOAT, F16 = CUDNN_DATA_HALF, BF16 = CUDNN_DATA_BFLOAT16 };
enum { MIB = 1 << 20 };

typedef struct checker {
  const tc_cudnn *lib;
  dnn_card card;
  int asked, failed;
  bool verbose;
} checker;

// ---- one graph -------------------------------------------------------------------------------

typedef void builder(dnn_graph *g, const void *description);

// What a plan is held to.
typedef struct bounds {
  int64_t workspace;
  bool fallback;  // an engine of the last resort will do
} bounds;

// Says what is wrong, or returns true.
static bool judge(const checker *c, const dnn_graph *g, const dnn_plan *plan, const bounds *most,
                  const char *name) {
  char reason[1024];
  const long long bytes = plan->workspace, engine = plan->engine;
  if (!plan->plan) {
    printf("%s: refused, %s\n", name, dnn_reason(g, reason, sizeof reason));
    return false;
  }
  const bool good = bytes <= most->workspace && (!plan->fallback || most->fallback);
  if (!good || c->verbose)
    printf("%s: %sengine %lld%s%s, workspace %lld bytes\n", name, good ? "" : "FAIL, ", engine,
           plan->compiled ? " (compiled)" : "", plan->fallback ? " (fallback)" : "", bytes);
  return good;
}

static void ask(checker *c, builder *build, const void *description, const dnn_rules *rules,
                const bounds *most, const char *name) {
  dnn_graph g;
  dnn_plan plan = {0};
  dnn_begin(&g, c->lib);
  build(&g, description);
  if (!dnn_plan_of(&g, &c->card, rules, &plan)) plan.plan = NULL;
  c->asked++;
  if (!judge(c, &g, &plan, most, name)) c->failed++;
  dnn_plan_free(c->lib, &plan);
  dnn_end(&g);
}

static const char *type_name(int type) {
  return type == F32 ? "float32" : type == F16 ? "float16" : "bfloat16";
}

// ---- convolutions ----------------------------------------------------------------------------

typedef struct shape {
  int spatial;
  int64_t n, c, size[3], outputs, kernel, stride, pad, dilation, groups;
} shape;

static const shape shapes[] = {
    {2, 64, 3, {224, 224}, 64, 7, 2, 3, 1, 1},     // ResNet-50's first
    {2, 64, 64, {56, 56}, 64, 1, 1, 0, 1, 1},      // and one of each kind after it
    {2, 64, 64, {56, 56}, 64, 3, 1, 1, 1, 1},      //
    {2, 64, 256, {56, 56}, 512, 1, 2, 0, 1, 1},    //
    {2, 64, 128, {56, 56}, 128, 3, 2, 1, 1, 1},    //
    {2, 64, 512, {7, 7}, 512, 3, 1, 1, 1, 1},      //
    {2, 32, 1, {28, 28}, 32, 5, 1, 2, 1, 1},       // LeNet
    {2, 32, 128, {28, 28}, 128, 3, 1, 2, 2, 1},    // dilated
    {2, 32, 128, {28, 28}, 128, 3, 1, 1, 1, 32},   // ResNeXt
    {2, 32, 144, {56, 56}, 144, 3, 1, 1, 1, 144},  // depthwise
    {2, 16, 64, {1, 400}, 128, 3, 1, 1, 1, 1},     // one dimension, as the entry gives it
    {3, 8, 32, {16, 28, 28}, 64, 3, 1, 1, 1, 1},   // three
};

static dnn_conv conv_of(const shape *s, dnn_conv_pass pass, int type, bool channels_last) {
  dnn_conv c = {.pass = (int32_t)pass, .type = type, .spatial = s->spatial};
  c.channels_last = channels_last;
  c.x[0] = c.y[0] = s->n;
  c.x[1] = s->c, c.y[1] = c.w[0] = s->outputs, c.w[1] = s->c / s->groups;
  for (int d = 0; d < s->spatial; d++) {
    const bool flat = s->size[d] == 1;
    const int64_t kernel = flat ? 1 : s->kernel, pad = flat ? 0 : s->pad;
    c.stride[d] = flat ? 1 : s->stride, c.dilation[d] = flat ? 1 : s->dilation;
    c.before[d] = c.after[d] = pad;
    c.x[d + 2] = s->size[d], c.w[d + 2] = kernel;
    c.y[d + 2] = (s->size[d] + 2 * pad - c.dilation[d] * (kernel - 1) - 1) / c.stride[d] + 1;
  }
  return c;
}

static const char *const passes[] = {"forward", "input gradient", "weight gradient"};

// float32 in full precision has few engines: for some gradients those of the last resort. Workspaces hold
// what a layout that the engine does not know is turned into.
static void ask_conv(checker *k, const dnn_conv *c, bool tf32, const char *what) {
  char name[200];
  const bool strict = c->type == F32 && !tf32;
  const dnn_rules rules = {.is_float32 = c->type == F32, .tf32 = tf32};
  const bounds most = {.workspace = 320 * MIB, .fallback = strict};
  snprintf(name, sizeof name, "%s %s %s%s", what, type_name(c->type),
           c->channels_last ? "channels last" : "channels first", tf32 ? " tf32" : "");
  ask(k, dnn_conv_graph, c, &rules, &most, name);
}

static void check_conv(checker *k, const shape *s, int type, bool channels_last, bool tf32) {
  for (int pass = DNN_CONV; pass <= DNN_WEIGHT_GRAD; pass++) {
    char what[80];
    const dnn_conv c = conv_of(s, (dnn_conv_pass)pass, type, channels_last);
    snprintf(what, sizeof what, "conv %d %s", (int)(s - shapes) + 1, passes[pass]);
    ask_conv(k, &c, tf32, what);
  }
}

// With what follows: the bits of `with` are bias, residual, ReLU.
static void check_fused(checker *k, const shape *s, int type, int with) {
  char what[80];
  dnn_conv c = conv_of(s, DNN_CONV, type, true);
  c.bias = with & 1, c.residual = with >> 1 & 1, c.relu = with >> 2 & 1;
  snprintf(what, sizeof what, "conv %d%s%s%s", (int)(s - shapes) + 1, c.bias ? " bias" : "",
           c.residual ? " residual" : "", c.relu ? " relu" : "");
  ask_conv(k, &c, false, what);
}

static void check_convs(checker *k) {
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int last = 0; last < 2; last++) {
      check_conv(k, &shapes[i], F32, last, false);
      check_conv(k, &shapes[i], F32, last, true);
      check_conv(k, &shapes[i], F16, last, false);
      check_conv(k, &shapes[i], BF16, last, false);
    }
  for (int with = 1; with < 8; with++) check_fused(k, &shapes[with < 4 ? 2 : 3], BF16, with);
  check_fused(k, &shapes[2], F16, 5);
}

// ---- attention -------------------------------------------------------------------------------

static const dnn_attention attentions[] = {
    {.heads = 192, .groups = 1, .rows = 1024, .keys = 1024, .width = 64},  // GPT-2, 16 texts
    {.heads = 256, .groups = 1, .rows = 2048, .keys = 2048, .width = 128},
    {.heads = 32, .groups = 1, .rows = 1000, .keys = 1000, .width = 64},  // no multiple of a tile
    {.heads = 32, .groups = 1, .rows = 513, .keys = 513, .width = 80},
    {.heads = 32, .groups = 1, .rows = 96, .keys = 400, .width = 64},    // across
    {.heads = 16, .groups = 4, .rows = 512, .keys = 512, .width = 128},  // heads shared
};

static void check_attention(checker *k, int i, int type, bool causal, bool backward,
                            dnn_mask mask) {
  static const dnn_rules rules;
  static const bounds most = {.workspace = 129 * MIB};
  char name[160];
  dnn_attention a = attentions[i];
  a.type = type, a.causal = causal, a.backward = backward, a.mask = (int32_t)mask;
  a.k_head = a.v_head = a.keys * a.width;
  if (backward) a.heads = dnn_attention_heads(&a, 128 * MIB);
  snprintf(name, sizeof name, "attention %d %s %s%s%s", i + 1, type_name(type),
           backward ? "backward" : "forward", causal ? ", causal" : "", mask ? ", masked" : "");
  ask(k, dnn_attention_graph, &a, &rules, &most, name);
}

// Each plan takes a third of a second: its kernel is compiled.
static void check_attentions(checker *k) {
  for (int i = 0; i < (int)(sizeof attentions / sizeof *attentions); i++)
    for (int how = 0; how < 4; how++) check_attention(k, i, BF16, how & 1, how & 2, DNN_NO_MASK);
  for (int backward = 0; backward < 2; backward++) {
    check_attention(k, 0, F16, true, backward, DNN_NO_MASK);
    check_attention(k, 3, BF16, false, backward, DNN_ONE_MASK);
    check_attention(k, 5, BF16, true, backward, DNN_MASK_EACH);
  }
}

// ---- all -------------------------------------------------------------------------------------

static char *contents(const char *path) {
  static char text[8192];
  FILE *f = fopen(path, "r");
  if (!f) return NULL;
  text[fread(text, 1, sizeof text - 1, f)] = 0;
  fclose(f);
  return text;
}

// Where there is a card, its description takes the place of one that was put together by hand.
static int describe(const tc_cudnn *lib) {
  static char text[8192];
  const int32_t first = 0;
  int64_t length = 0;
  dnn_graph g;
  dnn_begin(&g, lib);
  dnn_descriptor card = dnn_new(&g, CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
  dnn_set(&g, card, CUDNN_ATTR_DEVICEPROP_DEVICE_ID, CUDNN_TYPE_INT32, 1, &first);
  dnn_finish(&g, card);
  if (g.status == CUDNN_STATUS_SUCCESS)
    g.status = lib->cudnnBackendGetAttribute(card, CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION,
                                             CUDNN_TYPE_CHAR, sizeof text - 1, &length, text);
  puts(g.status == CUDNN_STATUS_SUCCESS ? text : dnn_reason(&g, text, sizeof text));
  dnn_end(&g);
  return g.status != CUDNN_STATUS_SUCCESS;
}

int main(int argc, char **argv) {
  checker c = {.lib = tc_library_cudnn(), .verbose = argc > 2};
  if (!c.lib) {
    puts(tc_library_problem(TC_CUDNN));
    return 77;
  }
  if (argc > 1 && strcmp(argv[1], "describe") == 0) return describe(c.lib);
  c.card.json = argc > 1 ? contents(argv[1]) : NULL;
  if (!c.card.json) return fprintf(stderr, "usage: dnn_check CARD.json [verbose] | describe\n"), 2;
  check_convs(&c);
  check_attentions(&c);
  printf("%d graphs, %d failed\n", c.asked, c.failed);
  return c.failed > 0;
}
#endif
