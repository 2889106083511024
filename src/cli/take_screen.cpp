#include "cli/take_screen.h"

#include <fmt/core.h>

namespace genlock::cli {

void TakeScreen::raw(std::string text) {
  if (!text.empty()) printer_.out(std::move(text));
}

void TakeScreen::draw(const std::vector<std::string>& lines) {
  if (!terminal_) return;
  MutexLock lock(mutex_);
  std::string text = lines_.empty() ? "" : fmt::format("\x1b[{}F", lines_.size());
  lines_ = lines;
  printer_.err(text + table());
}

void TakeScreen::clear() {
  MutexLock lock(mutex_);
  if (!lines_.empty()) printer_.err(erase());
  lines_.clear();
}

void TakeScreen::put(const std::string& line, bool to_err) {
  MutexLock lock(mutex_);
  if (lines_.empty()) return to_err ? printer_.err(line + "\n") : printer_.out(line + "\n");
  if (to_err) return printer_.err(erase() + line + "\n" + table());
  printer_.err(erase());
  printer_.out(line + "\n");
  printer_.err(table());
}

std::string TakeScreen::erase() const {
  return fmt::format("\x1b[{}F\x1b[J", lines_.size());
}

std::string TakeScreen::table() const {
  std::string text;
  for (const std::string& line : lines_) text += line + "\x1b[K\n";
  return text + "\x1b[J";
}

}  // namespace genlock::cli
