#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace genlock::cli {

struct VerifyRequest {
  std::vector<std::filesystem::path> paths;     ///< one folder of a take, or one recording of each unit
  std::optional<std::filesystem::path> report;  ///< where the page goes; an existing one is replaced
  bool json = false;
};

/// `genlock verify`: prints the judgement of a take. Exit code: verify_exit_code(), and 2 where the page
/// cannot be written.
int verify_take(const VerifyRequest& request);

}  // namespace genlock::cli
