#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "base/result.h"
#include "device/k4a/functions.h"
#include "device/k4a/message_log.h"

namespace genlock::device::k4a {

/// Who made a library. They share the interface and differ in what it does.
enum class Vendor : std::uint8_t { microsoft, orbbec, genlock };
std::string_view to_string(Vendor vendor);

/// An installed libk4a.so.1.4 in this process. Once loaded it stays until the program ends, because its
/// threads, its images and calls that hang outlive everybody who knows of them; so references to it are
/// always good. Any thread.
class Library {
 public:
  /// The library of that path, or in that folder; with an empty path the one that the system's search finds
  /// (LD_LIBRARY_PATH, ld.so.conf). The same file is loaded once. Errc::not_found: there is none.
  /// Errc::unsupported: it cannot be loaded, or is no libk4a 1.4.
  static Result<Library*> load(const std::filesystem::path& path);

  const Functions& api() const { return api_; }
  Vendor vendor() const { return vendor_; }

  /// Where it was found.
  const std::filesystem::path& file() const { return file_; }

  const MessageLog& log() const { return log_; }

  /// Whether what it says arrives in log().
  bool log_is_read() const { return log_is_read_; }

  /// What it has said, ever, about a depth engine that cannot run here: it says that once, mostly long before
  /// a start fails for it.
  std::optional<Message> depth_engine_trouble() const;

  /// Notes that this process has a unit open; false if it has already.
  bool take_unit(const std::string& serial);
  void return_unit(const std::string& serial);

  /// Units of this process that are open.
  std::size_t open_units() const;

 private:
  Library(std::filesystem::path file, void* handle);
  Status find_functions(void* handle);
  void catch_messages();
  void hear(LogLevel level, std::string_view text);
  static void on_message(void* library, k4a_log_level_t level, const char* file, int line, const char* text);
  static Result<Library*> adopt(void* handle);

  const std::filesystem::path file_;
  Functions api_;
  Vendor vendor_ = Vendor::microsoft;
  MessageLog log_;
  bool log_is_read_ = false;
  mutable Mutex mutex_;
  std::optional<Message> depth_engine_trouble_ GENLOCK_GUARDED_BY(mutex_);
  std::set<std::string> open_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace genlock::device::k4a
