#include "check.h"

#include <stdio.h>
#include <string.h>

static const char *folder = ".";
static int failures = 0;

void check_failed(const char *file, int line, const char *what) {
  ++failures;
  printf("%s:%d: not so: %s\n", file, line, what);
}

void check_failed_numbers(const char *file, int line, const char *what, long long a, long long b) {
  ++failures;
  printf("%s:%d: not so: %s (%lld, %lld)\n", file, line, what, a, b);
}

const char *path_of(const char *name) {
  static char paths[4][1024];
  static unsigned next = 0;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static int is_wanted(int argc, char **argv, const char *name) {
  for (int i = 2; i < argc; ++i)
    if (strcmp(argv[i], name) == 0) return 1;
  return argc <= 2;
}

int run_tests(int argc, char **argv, const struct test *tests, size_t count) {
  if (argc < 2) {
    printf("usage: %s FOLDER [TEST...]\n", argv[0]);
    return 2;
  }
  folder = argv[1];
  int ran = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!is_wanted(argc, argv, tests[i].name)) continue;
    const int before = failures;
    tests[i].run();
    printf("%s %s\n", failures == before ? "ok    " : "FAILED", tests[i].name);
    ++ran;
  }
  return failures != 0 || ran == 0;
}
