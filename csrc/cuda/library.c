// Finds and opens NVIDIA's libraries (library.h has the promises).
//
// Order: TOCHA_CUDA_LIBDIR (folders parted by ':'), what the loader knows, the toolkit's lib64, and the
// wheels that pip put under site-packages/nvidia. cuDNN opens cublasLt and NVRTC by their names itself, so
// these are opened before it, from wherever they lie.
#include <dlfcn.h>
#include <glob.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

#ifndef TC_CUDA_LIBRARIES  // the toolkit that the build found
#define TC_CUDA_LIBRARIES "/usr/local/cuda/lib64"
#endif

typedef struct symbol {
  const char *name;
  void **place;
} symbol;

typedef struct library {
  const char *name, *file, *purpose;
  const symbol *symbols;  // ends with a NULL name
  int (*version)(void *handle);
  int oldest, newest;  // versions from `oldest` on and below `newest`
  tc_library_id needs[2];
  int needed;
  pthread_once_t once;
  int found;  // version, 0: missing
  char path[512], problem[1024];
} library;

// ---- the tables ------------------------------------------------------------------------------

static tc_cublaslt cublaslt;
static tc_nvrtc nvrtc;

#define SYMBOL(f) {#f, (void **)&TABLE.f},
#define TABLE cublaslt
static const symbol cublaslt_symbols[] = {TC_CUBLASLT_FUNCTIONS(SYMBOL){NULL, NULL}};
#undef TABLE
#define TABLE nvrtc
static const symbol nvrtc_symbols[] = {TC_NVRTC_FUNCTIONS(SYMBOL){NULL, NULL}};
#undef TABLE
#if TC_HAS_CUDNN
static tc_cudnn cudnn;
#define TABLE cudnn
static const symbol cudnn_symbols[] = {TC_CUDNN_FUNCTIONS(SYMBOL){NULL, NULL}};
#undef TABLE
#endif
#if TC_HAS_NCCL
static tc_nccl nccl;
#define TABLE nccl
static const symbol nccl_symbols[] = {TC_NCCL_FUNCTIONS(SYMBOL){NULL, NULL}};
#undef TABLE
#endif

// A function's address as a pointer of its type: ISO C has no cast for it, POSIX asks for this.
#define FUNCTION(type, var, handle, name)                                                          \
  type var;                                                                                        \
  *(void **)&var = dlsym(handle, name)

static int cublaslt_version(void *handle) {
  FUNCTION(__typeof__(&cublasLtGetVersion), get, handle, "cublasLtGetVersion");
  return get ? (int)get() : 0;
}

static int nvrtc_version(void *handle) {
  int major = 0, minor = 0;
  FUNCTION(__typeof__(&nvrtcVersion), get, handle, "nvrtcVersion");
  return get && get(&major, &minor) == NVRTC_SUCCESS ? major * 1000 + minor * 10 : 0;
}

#if TC_HAS_CUDNN
static int cudnn_version(void *handle) {
  FUNCTION(__typeof__(&cudnnGetVersion), get, handle, "cudnnGetVersion");
  return get ? (int)get() : 0;
}
#endif

#if TC_HAS_NCCL
static int nccl_version(void *handle) {
  int version = 0;
  FUNCTION(__typeof__(&ncclGetVersion), get, handle, "ncclGetVersion");
  return get && get(&version) == ncclSuccess ? version : 0;
}
#endif

// cuBLAS's major version is the toolkit's, and so NVRTC's.
static library libraries[TC_LIBRARIES] = {
    [TC_CUBLASLT] = {.name = "cublasLt",
                     .file = "libcublasLt.so." TEXT(CUBLAS_VER_MAJOR),
                     .purpose = "products of matrices run on Tocha's own kernels",
                     .symbols = cublaslt_symbols,
                     .version = cublaslt_version,
                     .oldest = CUBLAS_VER_MAJOR * 10000,
                     .newest = (CUBLAS_VER_MAJOR + 1) * 10000,
                     .once = PTHREAD_ONCE_INIT},
    [TC_NVRTC] = {.name = "NVRTC",
                  .file = "libnvrtc.so." TEXT(CUBLAS_VER_MAJOR),
                  .purpose = "nothing is compiled at run time",
                  .symbols = nvrtc_symbols,
                  .version = nvrtc_version,
                  .oldest = CUBLAS_VER_MAJOR * 1000,
                  .newest = (CUBLAS_VER_MAJOR + 1) * 1000,
                  .once = PTHREAD_ONCE_INIT},
#if TC_HAS_CUDNN
    [TC_CUDNN] = {.name = "cuDNN",
                  .file = "libcudnn.so." TEXT(CUDNN_MAJOR),
                  .purpose =
                      "convolutions, attention and recurrent layers run on Tocha's own kernels",
                  .symbols = cudnn_symbols,
                  .version = cudnn_version,
                  .oldest = CUDNN_MAJOR * 10000 + 800,  // graphs as dnn.h writes them
                  .newest = (CUDNN_MAJOR + 1) * 10000,
                  .needs = {TC_CUBLASLT, TC_NVRTC},
                  .needed = 2,
                  .once = PTHREAD_ONCE_INIT},
#else
    [TC_CUDNN] = {.name = "cuDNN", .problem = "built without cuDNN's headers"},
#endif
#if TC_HAS_NCCL
    [TC_NCCL] = {.name = "NCCL",
                 .file = "libnccl.so." TEXT(NCCL_MAJOR),
                 .purpose = "several GPUs cannot train together",
                 .symbols = nccl_symbols,
                 .version = nccl_version,
                 .oldest = NCCL_MAJOR * 10000,
                 .newest = (NCCL_MAJOR + 1) * 10000,
                 .once = PTHREAD_ONCE_INIT},
#else
    [TC_NCCL] = {.name = "NCCL", .problem = "built without NCCL's headers"},
#endif
};

// ---- one candidate ---------------------------------------------------------------------------

static bool has_symbols(const library *l, void *handle, const char **missing) {
  for (const symbol *s = l->symbols; s->name; s++)
    if (!dlsym(handle, *missing = s->name)) return false;
  return true;
}

// A file that is there and unfit leaves its reason; the search goes on.
static bool fits(library *l, void *handle, const char *path) {
  const char *missing = "";
  const int version = l->version(handle);
  if (version < l->oldest || version >= l->newest) {
    snprintf(l->problem, sizeof l->problem, "%s is version %d, needed is %d to %d", path, version,
             l->oldest, l->newest - 1);
    return false;
  }
  if (!has_symbols(l, handle, &missing)) {
    snprintf(l->problem, sizeof l->problem, "%s (version %d) lacks %s", path, version, missing);
    return false;
  }
  for (const symbol *s = l->symbols; s->name; s++) *s->place = dlsym(handle, s->name);
  l->found = version;
  l->problem[0] = 0;
  snprintf(l->path, sizeof l->path, "%s", path);
  return true;
}

// RTLD_LOCAL: these libraries find each other by name, and nobody else shall see their symbols.
static bool try_file(library *l, const char *path) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return false;
  if (fits(l, handle, path)) return true;
  dlclose(handle);
  return false;
}

// ---- where it may lie ------------------------------------------------------------------------

static bool try_pattern(library *l, const char *folder) {
  char path[1024];
  glob_t found;
  bool good = false;
  if (snprintf(path, sizeof path, "%s/%s", folder, l->file) >= (int)sizeof path) return false;
  if (glob(path, GLOB_TILDE, NULL, &found) == 0)
    for (size_t i = 0; i < found.gl_pathc && !good; i++) good = try_file(l, found.gl_pathv[i]);
  globfree(&found);
  return good;
}

// Folders parted by ':', each a pattern below which `inside` is looked up.
static bool try_list(library *l, const char *list, const char *inside) {
  for (const char *end; list && *list; list = *end ? end + 1 : end) {
    char folder[1024];
    end = strchr(list, ':');
    if (!end) end = list + strlen(list);
    if (end > list &&
        snprintf(folder, sizeof folder, "%.*s%s", (int)(end - list), list, inside) <
            (int)sizeof folder &&
        try_pattern(l, folder))
      return true;
  }
  return false;
}

#ifdef TC_EMULATE
// The real ones would take the host's memory for the card's.
#define FOLDERS "TOCHA_CUDA_STAND_INS"
#define ELSEWHERE ""
static bool try_installed(library *l) {
  (void)l;
  return false;
}
#else
#define FOLDERS "TOCHA_CUDA_LIBDIR"
#define ELSEWHERE ", the loader's path, " TC_CUDA_LIBRARIES " and site-packages/nvidia/*/lib"
#define WHEELS "lib/python3*/*-packages/nvidia/*/lib"

// An active environment, then that of each `python3` on the path, then those of user and system.
static bool try_wheels(library *l) {
  return try_list(l, getenv("VIRTUAL_ENV"), "/" WHEELS) ||
         try_list(l, getenv("CONDA_PREFIX"), "/" WHEELS) ||
         try_list(l, getenv("PATH"), "/../" WHEELS) ||
         try_list(l, "~/.local:/usr/local:/usr", "/" WHEELS);
}

static bool try_installed(library *l) {
  return try_file(l, l->file) || try_pattern(l, TC_CUDA_LIBRARIES) ||
         try_list(l, getenv("CUDA_HOME"), "/lib64") || try_pattern(l, "/usr/local/cuda/lib64") ||
         try_wheels(l);
}
#endif

static void explain(library *l) {
  char why[256] = "was not found";
  const char *given = getenv(FOLDERS);
  if (l->problem[0]) snprintf(why, sizeof why, "cannot be used: %.200s", l->problem);
  snprintf(l->problem, sizeof l->problem,
           "%s (%s) %s; %s. Looked in " FOLDERS " (%.300s)" ELSEWHERE, l->name, l->file, why,
           l->purpose, given ? given : "not set");
}

static void open_library(library *l) {
  for (int i = 0; i < l->needed; i++) tc_library_version(l->needs[i]);
  if (!try_list(l, getenv(FOLDERS), "") && !try_installed(l)) explain(l);
}

// ---- the public face -------------------------------------------------------------------------

static void open_cublaslt(void) { open_library(&libraries[TC_CUBLASLT]); }
static void open_nvrtc(void) { open_library(&libraries[TC_NVRTC]); }
static void open_cudnn(void) { open_library(&libraries[TC_CUDNN]); }
static void open_nccl(void) { open_library(&libraries[TC_NCCL]); }

// pthread_once passes no argument, hence a function a library.
static const library *opened(tc_library_id id) {
  static void (*const open[TC_LIBRARIES])(void) = {[TC_CUBLASLT] = open_cublaslt,
                                                   [TC_NVRTC] = open_nvrtc,
                                                   [TC_CUDNN] = open_cudnn,
                                                   [TC_NCCL] = open_nccl};
  library *l = &libraries[id];
  if (l->file) pthread_once(&l->once, open[id]);
  return l;
}

const tc_cublaslt *tc_library_cublaslt(void) {
  return opened(TC_CUBLASLT)->found ? &cublaslt : NULL;
}

const tc_nvrtc *tc_library_nvrtc(void) { return opened(TC_NVRTC)->found ? &nvrtc : NULL; }

#if TC_HAS_CUDNN
const tc_cudnn *tc_library_cudnn(void) { return opened(TC_CUDNN)->found ? &cudnn : NULL; }
#endif

#if TC_HAS_NCCL
const tc_nccl *tc_library_nccl(void) { return opened(TC_NCCL)->found ? &nccl : NULL; }
#endif

const char *tc_library_name(tc_library_id id) { return libraries[id].name; }
int tc_library_version(tc_library_id id) { return opened(id)->found; }
const char *tc_library_path(tc_library_id id) { return opened(id)->path; }
const char *tc_library_problem(tc_library_id id) { return opened(id)->problem; }

bool tc_library_facts_of(int k, tc_library_facts *out) {
  if (k < 0 || k >= TC_LIBRARIES) return false;
  const library *l = opened((tc_library_id)k);
  *out = (tc_library_facts){l->name, l->path, l->problem, l->found};
  return true;
}
