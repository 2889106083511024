#pragma once

#include <filesystem>
#include <memory>

#include "base/bytes.h"

namespace genlock::session {

/// A recording's file on its way into being: written under a hidden name beside its own until keep(), so that
/// a failed start leaves nothing behind and never costs a file that was there before. Without keep() the
/// destructor removes it.
class OutputFile {
 public:
  /// Fails when the file cannot be made, or exists and `overwrite` is not given.
  static Result<OutputFile> create(const std::filesystem::path& path, bool overwrite);

  /// The hidden name under which process `pid` writes.
  static std::filesystem::path temporary_path(const std::filesystem::path& path, int pid);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  /// The sink to write to; can be taken once, and goes on working after keep().
  std::unique_ptr<ByteSink> take_sink() { return std::move(sink_); }

  /// Gives the file its name.
  Status keep();
  bool kept() const { return temporary_.empty(); }

  const std::filesystem::path& path() const { return path_; }

 private:
  OutputFile(std::filesystem::path path, std::filesystem::path temporary, bool overwrite,
             std::unique_ptr<ByteSink> sink);

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  bool overwrite_;
  std::unique_ptr<ByteSink> sink_;
};

}  // namespace genlock::session
