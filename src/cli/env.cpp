#include "cli/env.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/result.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "device/sim/bench_config.h"

namespace genlock::cli {
namespace {

namespace fs = std::filesystem;
namespace sim = device::sim;
using Variables = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kLibrary = "libk4a.so.1.4";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// Where our libk4a is, seen from this program: installed, or where both were built.
Result<fs::path> library_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const char* const place : {GENLOCK_LIBRARIES_FROM_PROGRAM, "../lib"}) {
    const fs::path folder = (program / place).lexically_normal();
    if (fs::exists(folder / kLibrary, error)) return folder;
  }
  return Error(Errc::not_found,
               fmt::format("{} is not in {}; install it with cmake --install BUILD --component c-libraries",
                           kLibrary, (program / GENLOCK_LIBRARIES_FROM_PROGRAM).lexically_normal().string()));
}

/// As other programs, which run elsewhere, can use it.
Result<std::string> bench_for_all(const std::string& given) {
  const std::string named = !given.empty() ? given : variable("GENLOCK_BENCH");
  const std::string bench = !named.empty() ? named : "default";
  const auto presets = sim::preset_names();
  return std::ranges::find(presets, bench) != presets.end() ? bench : fs::absolute(bench).string();
}

Status check_host(const sim::BenchConfig& bench, const std::string& host) {
  if (host.empty()) return {};
  std::vector<std::string> names;
  for (const sim::HostConfig& known : bench.hosts) names.push_back(known.name);
  if (std::ranges::find(names, host) != names.end()) return {};
  return Error(Errc::not_found,
               fmt::format("bench {} has no host {}; it has: {}", bench.name, host, fmt::join(names, ", ")));
}

/// In front of what is there; once.
std::string with_folder(const std::string& folder, const std::string& path) {
  if (path.empty() || path == folder) return folder;
  return path.starts_with(folder + ":") ? path : folder + ":" + path;
}

Result<Variables> variables_for(const EnvRequest& request) {
  GENLOCK_ASSIGN(const fs::path libraries, library_folder());
  GENLOCK_ASSIGN(const std::string bench, bench_for_all(request.bench));
  GENLOCK_ASSIGN(const sim::BenchConfig config, sim::load_bench(bench));
  GENLOCK_TRY(check_host(config, request.host));
  Variables variables{{"LD_LIBRARY_PATH", with_folder(libraries.string(), variable("LD_LIBRARY_PATH"))},
                      {"GENLOCK_BENCH", bench}};
  if (!request.host.empty()) variables.emplace_back("GENLOCK_BENCH_HOST", request.host);
  return variables;
}

/// A word that a shell takes as it is.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

/// Returns only if that fails.
Error become(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  return error_from_errno(errno, "running " + command[0]);
}

int fail_env(const Error& error) {
  return fail("genlock env", error.message());
}

}  // namespace

int give_environment(const EnvRequest& request) {
  const Result<Variables> variables = variables_for(request);
  if (!variables) return fail_env(variables.error());
  if (request.command.empty()) {
    for (const auto& [name, value] : *variables) fmt::print("export {}={}\n", name, quoted(value));
    return kDone;
  }
  for (const auto& [name, value] : *variables) ::setenv(name.c_str(), value.c_str(), 1);
  return fail_env(become(request.command));
}

}  // namespace genlock::cli
