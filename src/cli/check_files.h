#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "recording/check.h"

namespace genlock::cli {

/// `genlock check`: says of each file what is wrong with it. 0: all are sound; 1: findings that cost data or
/// readers; 2: a file cannot be read as a recording at all.
int check_files(const std::vector<std::filesystem::path>& files, bool json);

std::string check_text(const std::filesystem::path& file, const recording::CheckReport& report);

/// Keys: docs/cli.md.
nlohmann::ordered_json check_json(const std::filesystem::path& file, const recording::CheckReport& report);

/// One line each; behind it the advice, unless `left_out`. Advice that several have stands behind the last.
std::string findings_text(const recording::Findings& findings, std::string_view left_out = "");
/// "  12 images of track 1 COLOR", without the end of the line.
std::string track_text(std::uint64_t number, const std::string& name, bool video, std::uint64_t frames);
nlohmann::ordered_json findings_json(const recording::Findings& findings);

}  // namespace genlock::cli
