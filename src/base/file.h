#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace genlock {

/// How a file's bytes reach the disk, best first (facts performance.md has what each reaches).
enum class WriteMethod {
  uring,     ///< O_DIRECT through io_uring: several large writes under way while the caller goes on
  direct,    ///< O_DIRECT on the caller's thread, where the kernel refuses io_uring
  buffered,  ///< through the page cache, emptied behind the writing, where the file system refuses O_DIRECT
};

std::string_view to_string(WriteMethod method);

struct FileOptions {
  /// Errc::unsupported where kernel or file system do not offer it; absent: the best that they do.
  std::optional<WriteMethod> method;
};

/// A file that is being written.
class FileSink : public ByteSink {
 public:
  /// What is in use now: a file system may turn out to refuse O_DIRECT with the first write.
  virtual WriteMethod method() const = 0;
};

/// Makes a file as create_file(path, if_exists) does.
Result<std::unique_ptr<FileSink>> create_file(const std::filesystem::path& path, IfExists if_exists,
                                              const FileOptions& options);

/// Makes or replaces a small file in one step, synced: a reader, or a power cut, finds the old one or the
/// new.
Status replace_file(const std::filesystem::path& path, std::string_view text);

}  // namespace genlock
