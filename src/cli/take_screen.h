#pragma once

#include <string>
#include <vector>

#include "base/mutex.h"
#include "cli/printer.h"

namespace genlock::cli {

/// Lines that stay, and below them, where standard error is a terminal, a table that is redrawn in place:
/// each line is put above the whole table. Any thread.
class TakeScreen {
 public:
  /// `terminal`: whether standard error is one; else there is no table.
  explicit TakeScreen(bool terminal) : terminal_(terminal) {}

  /// A line on standard output or standard error; without its line break.
  void out(const std::string& line) { put(line, false); }
  void err(const std::string& line) { put(line, true); }

  /// As it is, on standard output; an empty text is none.
  void raw(std::string text);

  /// The table from now on, in lines of at most as many bytes as the terminal has columns, less one.
  void draw(const std::vector<std::string>& lines);

  /// Takes the table off the terminal.
  void clear();

 private:
  void put(const std::string& line, bool to_err);
  std::string erase() const GENLOCK_REQUIRES(mutex_);
  std::string table() const GENLOCK_REQUIRES(mutex_);

  const bool terminal_;
  Mutex mutex_;  ///< held while texts are handed over, so that they come in their order
  std::vector<std::string> lines_ GENLOCK_GUARDED_BY(mutex_);  ///< of the table on the terminal
  Printer printer_;
};

}  // namespace genlock::cli
