#include "proofs/proof_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace genlock::test {
namespace {

const char* folder() {
  return std::getenv("GENLOCK_PROOFS");
}

}  // namespace

bool making_proofs() {
  return folder() != nullptr;
}

std::size_t proof_cases(std::size_t few, std::size_t many) {
  return making_proofs() ? many : few;
}

void add_proof_row(const std::string& name, const std::vector<std::string>& cells) {
  if (!making_proofs()) return;
  std::ofstream file(std::filesystem::path(folder()) / (name + ".rows"), std::ios::app);
  for (const std::string& cell : cells) file << "| " << cell << ' ';
  file << "|\n";
}

std::string of(std::size_t part, std::size_t whole) {
  return fmt::format("{} of {}", part, whole);
}

std::string worst_and_median(std::vector<double> values) {
  if (values.empty()) return "-";
  std::ranges::sort(values);
  return fmt::format("{:.0f} / {:.0f}", values.back(), values[values.size() / 2]);
}

}  // namespace genlock::test
