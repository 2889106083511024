#pragma once

#include <fmt/core.h>

#include <functional>
#include <optional>
#include <string_view>

namespace genlock {

/// The levels of libk4a's log (facts k4a-abi.md A1), worst first.
enum class LogLevel { critical, error, warning, info, trace, off };

std::string_view to_string(LogLevel level);
std::optional<LogLevel> log_level_from(std::string_view name);  ///< by name or first letter, any case

/// Messages at `level` or worse go to standard error; the program starts with warning.
void set_log_level(LogLevel level);
LogLevel log_level();

/// Sends messages of any level to `sink` instead of standard error; an empty function restores that. The sink may be
/// called from several threads at once, and still be under way when another has been set.
using LogSink = std::function<void(LogLevel, std::string_view)>;
void set_log_sink(LogSink sink);

void log_message(LogLevel level, std::string_view message);

template <class... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::error, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::info, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace genlock
