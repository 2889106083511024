#pragma once

#include <filesystem>

#include "base/result.h"

namespace genlock::take {

/// A folder on its way into being: filled under a hidden name beside its own until keep(). Without keep() the
/// destructor removes it with everything in it.
class NewFolder {
 public:
  /// Errc::exists where there is something of that name.
  static Result<NewFolder> create(const std::filesystem::path& folder);

  NewFolder(NewFolder&& other) noexcept;
  NewFolder& operator=(NewFolder&&) = delete;
  ~NewFolder();

  /// Where to put what it is to hold.
  const std::filesystem::path& path() const { return temporary_; }

  /// Gives the folder its name. Errc::exists where something has come by that name since.
  Status keep();

 private:
  NewFolder(std::filesystem::path folder, std::filesystem::path temporary)
      : folder_(std::move(folder)), temporary_(std::move(temporary)) {}

  std::filesystem::path folder_;
  std::filesystem::path temporary_;
};

}  // namespace genlock::take
