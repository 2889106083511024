#include "base/log.h"

#include <atomic>
#include <cctype>
#include <cstdio>
#include <memory>

#include "base/mutex.h"

namespace genlock {
namespace {

struct Logger {
  std::atomic<LogLevel> level{LogLevel::warning};
  Mutex mutex;
  std::shared_ptr<const LogSink> sink GENLOCK_GUARDED_BY(mutex);
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
  auto shared = sink ? std::make_shared<const LogSink>(std::move(sink)) : nullptr;
  MutexLock lock(logger().mutex);
  logger().sink.swap(shared);
}

void log_message(LogLevel level, std::string_view message) {
  Logger& log = logger();
  std::shared_ptr<const LogSink> sink;
  {
    MutexLock lock(log.mutex);
    sink = log.sink;
  }
  // No lock while it runs: it may wait for what a thread that wants to log holds.
  if (sink) return (*sink)(level, message);
  if (level <= log.level) fmt::print(stderr, "{}: {}\n", to_string(level), message);
}

}  // namespace genlock
