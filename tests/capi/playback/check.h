/* What the C tests of the ABI need: checks that go on after a failure, and a list of tests to run. */
#ifndef CHECK_H
#define CHECK_H

#include <stddef.h>

struct test {
  const char *name;
  void (*run)(void);
};

/* Counts and prints a failure. */
void check_failed(const char *file, int line, const char *what);
void check_failed_numbers(const char *file, int line, const char *what, long long a, long long b);

#define CHECK(condition)                                               \
  do {                                                                 \
    if (!(condition)) check_failed(__FILE__, __LINE__, #condition);    \
  } while (0)

/* Two whole numbers must be equal. */
#define CHECK_EQ(a, b)                                                                                            \
  do {                                                                                                            \
    const long long check_a = (long long)(a);                                                                     \
    const long long check_b = (long long)(b);                                                                     \
    if (check_a != check_b) check_failed_numbers(__FILE__, __LINE__, #a " == " #b, check_a, check_b);             \
  } while (0)

/* The file `name` of the folder given to the program; valid until the next call but three. */
const char *path_of(const char *name);

/* Runs the tests, or those named after the folder. The program's exit code. */
int run_tests(int argc, char **argv, const struct test *tests, size_t count);

#define RUN_TESTS(tests) run_tests(argc, argv, tests, sizeof(tests) / sizeof((tests)[0]))

#endif
