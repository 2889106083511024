#include "capi/common/log.h"

#include <fmt/core.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/mutex.h"

namespace genlock::capi {
namespace {

constexpr std::size_t kLongestMessage = 1023;
constexpr std::size_t kFileBytes = 50 * 1024 * 1024;
constexpr std::size_t kFiles = 3;
constexpr const char* kDefaultFile = "k4a.log";

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

spdlog::level::level_enum spdlog_level(k4a_log_level_t level) {
  switch (level) {
    case K4A_LOG_LEVEL_CRITICAL:
      return spdlog::level::critical;
    case K4A_LOG_LEVEL_ERROR:
      return spdlog::level::err;
    case K4A_LOG_LEVEL_WARNING:
      return spdlog::level::warn;
    case K4A_LOG_LEVEL_INFO:
      return spdlog::level::info;
    case K4A_LOG_LEVEL_TRACE:
      return spdlog::level::trace;
    case K4A_LOG_LEVEL_OFF:
      break;
  }
  return spdlog::level::off;
}

/// K4A_LOG_LEVEL by its first letter; error, if it says nothing.
k4a_log_level_t environment_level() {
  const std::optional<LogLevel> level = log_level_from(environment("K4A_LOG_LEVEL"));
  return level && *level != LogLevel::off ? static_cast<k4a_log_level_t>(*level) : K4A_LOG_LEVEL_ERROR;
}

spdlog::sink_ptr file_sink() {
  const std::string_view wanted = environment(log_file_variable());
  if (wanted.empty()) return nullptr;
  const std::string path(wanted.ends_with(".log") ? wanted : kDefaultFile);
  try {
    return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path, kFileBytes, kFiles);
  } catch (const spdlog::spdlog_ex& error) {
    fmt::print("{}: the log cannot be written to {}: {}\n", log_file_variable(), path, error.what());
    return nullptr;
  }
}

/// A file, if wanted; else standard output, unless unwanted.
std::unique_ptr<spdlog::logger> environment_output() {
  spdlog::sink_ptr sink = file_sink();
  if (!sink && !environment("K4A_ENABLE_LOG_TO_STDOUT").starts_with('0'))
    sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
  if (!sink) return nullptr;
  auto output = std::make_unique<spdlog::logger>("k4a", std::move(sink));
  output->set_level(spdlog::level::trace);
  output->flush_on(spdlog::level::trace);
  output->set_pattern("[%Y-%m-%d %H:%M:%S.%e] [%l] [t=%t] %v");
  return output;
}

std::string one_line(std::string_view message) {
  std::string text(message.substr(0, kLongestMessage));
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string_view file_name(const Where& where) {
  const std::string_view path = where.file;
  return path.substr(path.rfind('/') + 1);
}

class Log {
 public:
  Log() : level_(environment_level()), output_(environment_output()) {}

  /// Whether a line of that level is seen without a handler.
  bool shows(k4a_log_level_t level) const { return output_ && level <= level_; }

  void write(k4a_log_level_t level, const std::string& file, int line, const std::string& message) {
    if (shows(level)) output_->log(spdlog_level(level), "{} ({}): {}", file, line, message);
    Handler handler;
    {
      MutexLock lock(mutex_);
      if (handler_.function == nullptr || handler_.level == K4A_LOG_LEVEL_OFF || level > handler_.level)
        return;
      handler = handler_;
      ++calls_;
    }
    handler.function(handler.context, level, file.c_str(), line, message.c_str());
    MutexLock lock(mutex_);
    --calls_;
    call_ended_.notify_all();
  }

  Status set_handler(k4a_logging_message_cb_t* function, void* context, k4a_log_level_t level) {
    MutexLock lock(mutex_);
    if (function != nullptr && handler_.function != nullptr && handler_.function != function)
      return Error(Errc::state, "another message handler is set; take it away with null first");
    handler_ = {function, context, level};
    while (calls_ > 0) call_ended_.wait(mutex_);
    return {};
  }

 private:
  struct Handler {
    k4a_logging_message_cb_t* function = nullptr;
    void* context = nullptr;
    k4a_log_level_t level = K4A_LOG_LEVEL_OFF;
  };

  const k4a_log_level_t level_;  ///< of the output
  const std::unique_ptr<spdlog::logger> output_;
  Mutex mutex_;
  CondVar call_ended_;
  Handler handler_ GENLOCK_GUARDED_BY(mutex_);
  int calls_ GENLOCK_GUARDED_BY(mutex_) = 0;  ///< of the handler, under way
};

/// Lives as long as the process: other threads may log while it ends.
Log& the_log() {
  static Log& log = [&]() -> Log& {
    auto* made = new Log;
    set_log_sink([made](LogLevel level, std::string_view message) {
      made->write(static_cast<k4a_log_level_t>(level), "genlock", 0, one_line(message));
    });
    return *made;
  }();
  return log;
}

}  // namespace

void log_line(k4a_log_level_t level, std::string_view file, int line, std::string_view message) noexcept {
  try {
    the_log().write(level, std::string(file), line, one_line(message));
  } catch (...) {  // Nothing is left that could be told of it.
  }
}

void log_notice(k4a_log_level_t level, std::string_view message, const Where& where) noexcept {
  log_line(level, file_name(where), where.line, message);
  try {
    if (!the_log().shows(level)) fmt::print(stderr, "{}\n", message);
  } catch (...) {
  }
}

void log_own_parts() noexcept {
  try {
    the_log();
  } catch (...) {
  }
}

void log_failure(const char* function, std::string_view message, const Where& where) noexcept {
  try {
    log_line(K4A_LOG_LEVEL_ERROR, file_name(where), where.line, fmt::format("{}: {}", function, message));
  } catch (...) {
  }
}

Status set_message_handler(k4a_logging_message_cb_t* handler, void* context, k4a_log_level_t level) {
  return the_log().set_handler(handler, context, level);
}

}  // namespace genlock::capi
