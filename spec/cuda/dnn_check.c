// Asks cuDNN, on any machine, what it would do on a card that spec/cuda/*.json describes: every graph
// of csrc/cuda/dnn_graphs.h must get a plan, from an engine that is no fallback, with a bounded workspace.
// It proves that graphs are accepted, not what they compute.
//
//   dnn_check CARD.json     status 0: all as expected; 77: no cuDNN here
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

// Writes what is wrong, or returns true.
static bool judge(checker *c, dnn_graph *g, const dnn_plan *plan, bool good, int64_t most,
                  const char *name) {
  char reason[1024];
  if (!good) printf("%s: refused, %s\n", name, dnn_reason(g, reason, sizeof reason));
  else if (plan->fallback)
    printf("%s: only a fallback engine (%lld)\n", name, (long long)plan->engine);
  else if (plan->workspace > most)
    printf("%s: a workspace of %lld bytes\n", name, (long long)plan->workspace);
  else if (c->verbose)
    printf("%s: engine %lld, %lld bytes%s\n", name, (long long)plan->engine,
           (long long)plan->workspace, plan->compiled ? ", compiled" : "");
  return good && !plan->fallback && plan->workspace <= most;
}

static void ask(checker *c, builder *build, const void *description, bool is_float32, bool tf32,
                int64_t most, const char *name) {
  dnn_graph g;
  dnn_plan plan = {0};
  const dnn_rules rules = {.tf32 = tf32, .is_float32 = is_float32};
  dnn_begin(&g, c->lib);
  build(&g, description);
  const bool good = dnn_plan_of(&g, &c->card, &rules, &plan);
  c->asked++;
  if (!judge(c, &g, &plan, good, most, name)) c->failed++;
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

static void check_conv(checker *k, const shape *s, int type, bool channels_last) {
  static const char *const passes[] = {"forward", "input gradient", "weight gradient"};
  for (int pass = DNN_CONV; pass <= DNN_WEIGHT_GRAD; pass++) {
    char name[160];
    const dnn_conv c = conv_of(s, (dnn_conv_pass)pass, type, channels_last);
    snprintf(name, sizeof name, "conv %d %s %s %s", (int)(s - shapes) + 1, passes[pass],
             type_name(type), channels_last ? "channels last" : "channels first");
    ask(k, dnn_conv_graph, &c, type == F32, false, 512 * MIB, name);
  }
}

static void check_convs(checker *k) {
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int last = 0; last < 2; last++) {
      check_conv(k, &shapes[i], F32, last);
      check_conv(k, &shapes[i], F16, last);
      check_conv(k, &shapes[i], BF16, last);
    }
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

static void check_attention(checker *k, int i, int type, bool causal, bool backward) {
  char name[160];
  dnn_attention a = attentions[i];
  if (backward && a.groups > 1) return;
  a.type = type, a.causal = causal, a.backward = backward;
  a.k_head = a.v_head = a.keys * a.width;
  if (backward) a.heads = dnn_attention_heads(&a);
  snprintf(name, sizeof name, "attention %d %s %s%s", i + 1, type_name(type),
           backward ? "backward" : "forward", causal ? ", causal" : "");
  ask(k, dnn_attention_graph, &a, false, false, 129 * MIB, name);
}

static void check_attentions(checker *k) {
  for (int i = 0; i < (int)(sizeof attentions / sizeof *attentions); i++)
    for (int how = 0; how < 4; how++) {
      check_attention(k, i, BF16, how & 1, how & 2);
      check_attention(k, i, F16, how & 1, how & 2);
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

int main(int argc, char **argv) {
  checker c = {.lib = tc_library_cudnn(), .verbose = argc > 2};
  if (!c.lib) {
    puts(tc_library_problem(TC_CUDNN));
    return 77;
  }
  c.card.json = argc > 1 ? contents(argv[1]) : NULL;
  if (!c.card.json) return fprintf(stderr, "usage: dnn_check CARD.json\n"), 2;
  if (!getenv("NOCONV")) check_convs(&c);
  check_attentions(&c);
  printf("%d graphs, %d failed\n", c.asked, c.failed);
  return c.failed > 0;
}
#endif
