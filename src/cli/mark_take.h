#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace genlock::cli {

struct MarkRequest {
  std::string text;
  /// The take's; absent: this folder, or the one in it into which a take is being recorded.
  std::optional<std::filesystem::path> folder;
};

/// `genlock mark`: kDone when the take that runs has the marker.
int mark_take(const MarkRequest& request);

}  // namespace genlock::cli
