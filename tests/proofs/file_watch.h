#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/unique_fd.h"

namespace genlock::test {

/// Waits for changes of the files in a folder, as another process makes them.
class FileWatch {
 public:
  explicit FileWatch(const std::filesystem::path& folder);

  /// Waits until `condition` holds, tested at every change; false if process `pid` ended before it did.
  bool wait_until(int pid, const std::function<bool()>& condition);

 private:
  UniqueFd changes_;
};

}  // namespace genlock::test
