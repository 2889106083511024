#include "base/log.h"

#include <atomic>
#include <cctype>
#include <cstdio>

#include "base/mutex.h"

namespace genlock {
namespace {

struct Logger {
  std::atomic<LogLevel> level{LogLevel::warning};
  Mutex mutex;
  LogSink sink GENLOCK_GUARDED_BY(mutex);
};

Logger& logger() {
  static Logger instance;
  return instance;
}

}  // namespace

std::string_view to_string(LogLevel level) {
  constexpr std::string_view kNames[] = {"critical", "error", "warning", "info", "trace", "off"};
  return kNames[static_cast<std::size_t>(level)];
}

std::optional<LogLevel> log_level_from(std::string_view name) {
  if (name.empty()) return std::nullopt;
  const int first = std::tolower(static_cast<unsigned char>(name.front()));
  for (LogLevel level : {LogLevel::critical, LogLevel::error, LogLevel::warning, LogLevel::info, LogLevel::trace, LogLevel::off})
    if (to_string(level).front() == first) return level;
  return std::nullopt;
}

void set_log_level(LogLevel level) { logger().level = level; }
LogLevel log_level() { return logger().level; }

void set_log_sink(LogSink sink) {
  MutexLock lock(logger().mutex);
  logger().sink = std::move(sink);
}

void log_message(LogLevel level, std::string_view message) {
  Logger& log = logger();
  MutexLock lock(log.mutex);
  if (log.sink) return log.sink(level, message);
  if (level <= log.level) fmt::print(stderr, "{}: {}\n", to_string(level), message);
}

}  // namespace genlock
