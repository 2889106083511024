// Figures of recordings beside the official library and the limits of the machine, as the table of
// docs/performance.md. See `recording_bench --help`.

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "oracle/stock_library.h"
#include "recording/measure.h"

namespace genlock::bench {
namespace {

struct NamedSubject {
  const char* name;
  Subject measure;
};

constexpr NamedSubject kSubjects[] = {
    // First: a child's peak begins with what its parent has.
    {"write-memory", write_memory}, {"write-speed", write_speed}, {"write-calls", write_calls},
    {"write-many", write_many},     {"read-speed", read_speed},   {"read-hour", read_hour},
};

bool chosen(const std::vector<std::string>& only, const std::string& name) {
  return only.empty() || std::ranges::find(only, name) != only.end();
}

int run(const Settings& settings, const std::vector<std::string>& only) {
  if (const auto missing = test::stock_library_missing())
    fmt::print("The official library is left out: {}\n", *missing);
  Table table;
  for (const NamedSubject& subject : kSubjects) {
    if (!chosen(only, subject.name)) continue;
    fmt::print(stderr, "{} ...\n", subject.name);
    if (const Status done = subject.measure(settings, table); !done) {
      fmt::print(stderr, "{}: {}\n", subject.name, done.error().message());
      return 1;
    }
  }
  table.print();
  return 0;
}

}  // namespace
}  // namespace genlock::bench

int main(int argc, char** argv) {
  genlock::bench::Settings settings;
  std::vector<std::string> only;
  CLI::App app("Measures recording, beside the official library and the limits of this machine.");
  settings.folder = std::filesystem::current_path();
  app.add_option("--folder", settings.folder, "a folder on the disk to measure")
      ->check(CLI::ExistingDirectory);
  app.add_option("--rounds", settings.rounds, "rounds of each rival")->check(CLI::Range(1, 100));
  app.add_option("--gigabytes", settings.gigabytes, "written in one round")->check(CLI::Range(0.01, 1000.0));
  app.add_option("--seconds", settings.seconds, "of what runs in real time")->check(CLI::Range(0.1, 3600.0));
  app.add_option("--only", only,
                 "subjects: write-memory, write-speed, write-calls, write-many, read-speed, read-hour");
  CLI11_PARSE(app, argc, argv);
  ::setenv("K4A_ENABLE_LOG_TO_STDOUT", "0", 0);  // it complains of every frame that the disk is too slow for
  return genlock::bench::run(settings, only);
}
